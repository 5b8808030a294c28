//! The command line of the pipeline: each command is one stage of the library.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xtask::diagnostic::{Diagnostic, Failure, Format, Report};
use xtask::document::Document;
use xtask::generate::{self, Files};
use xtask::lock::account::Account;
use xtask::lock::rust::Surface;
use xtask::lock::wire::Contract;
use xtask::{DOCUMENT, GENERATED, diff, drift, lint, mutate};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// From openapi/ims.yaml to a typed client, its locks and its review.
///
/// Edit openapi/ims.yaml, run `cargo xtask generate`, then `cargo test --workspace --all-features` and look at what the
/// snapshots show.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", after_help = EXIT_CODES)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

/// The exit code of generated files that don't match the document.
const OUT_OF_STEP: u8 = 4;

const EXIT_CODES: &str = "\
Exit codes:
  0  fine
  1  could not run, or the document has errors
  2  wrong arguments
  4  out of step: run `cargo xtask generate`
  100  breaking without the version it requires";

#[derive(Subcommand)]
enum Command {
    /// Write ims-api/src/generated from the document; files that are right already are not touched
    #[command(after_help = EXIT_CODES)]
    Generate {
        /// Write nothing; say what is out of step, and exit with 4 if anything is
        #[arg(long)]
        check: bool,
        /// Another document; our conventions are warnings then. Needs --out
        #[arg(long, value_name = "FILE", requires = "out")]
        spec: Option<PathBuf>,
        /// The folder to write to. Needs --spec
        #[arg(long, value_name = "DIR", requires = "spec")]
        out: Option<PathBuf>,
        /// Leave out what can't be generated, operations and what a request may lack, and say which and why. Needs --spec
        #[arg(long, requires = "spec")]
        partial: bool,
    },
    /// Say what is wrong with a document, all of it, each with its place and what to write instead
    Lint {
        /// Another document; our conventions are warnings then
        #[arg(value_name = "FILE")]
        spec: Option<PathBuf>,
        /// How to write the findings
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
    /// Show every fact of the document, as the locks do
    Contract {
        /// Only the documents whose name contains this
        name: Option<String>,
        /// Another document
        #[arg(long, value_name = "FILE")]
        spec: Option<PathBuf>,
    },
    /// Show what Rust users can call, as the locks do
    Surface {
        /// Only the documents whose name contains this
        name: Option<String>,
    },
    /// Show what becomes of every fact in Rust: represented, enforced, documented or dropped
    Account,
    /// Edit every node of the document in every way, and show that no edit goes unseen
    Mutate,
    /// Say what a change of the document does on the wire and in Rust, and which version it requires
    #[command(after_help = EXIT_CODES)]
    Diff(diff::Args),
    /// Say what changed in the service's own description, and where the document differs from it
    #[command(after_help = drift::EXIT_CODES)]
    Drift(drift::Args),
    /// Draft the changelog's entry from the difference
    Changelog(diff::Sides),
    /// Run the real client against a server on this machine that behaves as the document says
    Demo,
    /// Show every operation on a page of this machine, ready to try without an account
    Explore {
        /// The port; the next free one if it is taken
        #[arg(long, default_value_t = xtask::EXPLORER_PORT)]
        port: u16,
        /// Show the page in the browser
        #[arg(long)]
        open: bool,
    },
}

fn main() -> ExitCode {
    let Arguments { command } = Arguments::parse();
    match run(command) {
        Ok((text, code)) => {
            anstream::print!("{text}");
            return code;
        }
        Err(Failure::Findings(findings)) => report(&Report::new(findings), Format::Text),
        Err(Failure::Other(error)) => anstream::eprintln!("error: {error}"),
    }
    ExitCode::FAILURE
}

/// What to print, and the exit code.
type Outcome = Result<(String, ExitCode), Failure>;

fn run(command: Command) -> Outcome {
    let fine = |text: String| Ok((text, ExitCode::SUCCESS));
    match command {
        Command::Generate { check, spec, out, partial } => generate(check, spec, out, partial),
        Command::Lint { spec, format } => {
            let findings = match theirs_or_ours(spec) {
                Ok(spec) => lint::check(&spec),
                Err(Failure::Findings(findings)) => findings,
                Err(other) => return Err(other),
            };
            let findings = Report::new(findings);
            report(&findings, format);
            Ok((String::new(), status(!findings.has_errors(), 1)))
        }
        Command::Contract { name, spec } => chosen(Contract::of(&theirs_or_ours(spec)?).documents(), name),
        Command::Surface { name } => chosen(Surface::of(&generate::render(&document()?)?)?.documents(), name),
        Command::Account => {
            let spec = document()?;
            let files = generate::render(&spec)?;
            let account = Account::of(&spec, &Contract::of(&spec), &Surface::of(&files)?, &files);
            fine(account.map_err(|missing| missing.join("\n"))?.table())
        }
        Command::Mutate => {
            let tally = mutate::run(&document()?, 1);
            Ok((tally.to_string(), status(tally.survivors.is_empty(), 1)))
        }
        Command::Diff(arguments) => diff::run(&arguments, &xtask::root()),
        Command::Drift(arguments) => {
            let (report, in_step) = drift::run(&arguments, &xtask::root())?;
            Ok((report, status(in_step, OUT_OF_STEP)))
        }
        Command::Changelog(arguments) => fine(diff::draft_changelog(&arguments, &xtask::root())?),
        Command::Explore { port, open } => {
            xtask::explore::run(&document()?, Path::new(DOCUMENT), port, open)?;
            fine(String::new())
        }
        Command::Demo => {
            let spec = document()?;
            let (text, in_step) = check_files(&generate::render(&spec)?, Path::new(GENERATED))?;
            if in_step != ExitCode::SUCCESS {
                return Ok((text, in_step));
            }
            anstream::print!("{text}");
            let code = xtask::demo::run(&spec).map_err(|error| error.to_string())?;
            Ok((String::new(), code))
        }
    }
}

fn generate(check: bool, spec: Option<PathBuf>, out: Option<PathBuf>, partial: bool) -> Outcome {
    let theirs = spec.is_some();
    let mut spec = theirs_or_ours(spec)?;
    let mut files = None;
    if partial {
        let all = spec.operations.len();
        let made = generate::Partial::of(&spec, &BTreeSet::new(), generate::render)?;
        let generate::Partial { document, made, left, parts } = made;
        for (what, Diagnostic { place, rule, message, .. }) in left.iter().chain(&parts) {
            anstream::eprintln!("{place}: left out {what}: [{rule}] {message}");
        }
        let (left, parts) = (left.len(), parts.len());
        anstream::eprintln!("{left} of {all} operations left out, and {parts} optional parts of others");
        (spec, files) = (document, Some(made));
    }
    let findings = Report::new(lint::check(&spec));
    if findings.has_errors() || !theirs {
        report(&findings, Format::Text);
    } else {
        // Our conventions are none of theirs: how often each finds something is enough.
        let mut rules: BTreeMap<&str, usize> = BTreeMap::new();
        findings.diagnostics().iter().for_each(|finding| *rules.entry(finding.rule).or_default() += 1);
        for (rule, count) in rules {
            anstream::eprintln!("warning[{rule}]: {count}, shown by `cargo xtask lint FILE`");
        }
    }
    if findings.has_errors() {
        return Ok((String::new(), ExitCode::FAILURE));
    }
    let files = files.map_or_else(|| generate::render(&spec), Ok)?;
    let out = out.unwrap_or_else(|| PathBuf::from(GENERATED));
    if check {
        return check_files(&files, &out);
    }
    let told = generate::write(&files, &out)?;
    Ok((told.into_iter().map(|line| line + "\n").collect(), ExitCode::SUCCESS))
}

fn check_files(files: &Files, out: &Path) -> Outcome {
    let differences = generate::differences(files, out)?;
    if differences.is_empty() {
        return Ok((format!("{}: in step ({} files)\n", out.display(), files.len()), ExitCode::SUCCESS));
    }
    differences.iter().for_each(|difference| anstream::eprintln!("{difference}"));
    anstream::eprintln!("out of step: run `cargo xtask generate`");
    Ok((String::new(), ExitCode::from(OUT_OF_STEP)))
}

fn status(fine: bool, otherwise: u8) -> ExitCode {
    if fine { ExitCode::SUCCESS } else { ExitCode::from(otherwise) }
}

fn chosen(documents: BTreeMap<String, String>, name: Option<String>) -> Outcome {
    let name = name.unwrap_or_default();
    let chosen = documents.into_iter().filter(|(of, _)| of.contains(&name)).map(|(_, text)| text);
    let chosen: Vec<String> = chosen.collect();
    if chosen.is_empty() {
        return Err(format!("no document's name contains {name}").into());
    }
    Ok((chosen.join("\n"), ExitCode::SUCCESS))
}

/// Our own document, from wherever in the workspace the command was started.
fn document() -> Result<Document, Failure> {
    std::env::set_current_dir(xtask::root())?;
    Ok(Document::read(DOCUMENT)?)
}

/// Somebody else's document, or ours.
fn theirs_or_ours(spec: Option<PathBuf>) -> Result<Document, Failure> {
    spec.map_or_else(document, |spec| Ok(Document::read_foreign(spec)?))
}

fn report(findings: &Report, format: Format) {
    let text = findings.styled(format);
    // Annotations are read from stdout; nobody is left to tell if either stream is gone.
    let _ = match format {
        Format::Github => anstream::stdout().write_all(text.as_bytes()),
        Format::Text => anstream::stderr().write_all(text.as_bytes()),
    };
}
