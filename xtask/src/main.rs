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
        Ok(code) => code,
        Err(Failure::Findings(findings)) => {
            report(&Report::new(findings), Format::Text);
            ExitCode::FAILURE
        }
        Err(Failure::Other(error)) => {
            anstream::eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<ExitCode, Failure> {
    match command {
        Command::Generate { check, spec, out, partial } => {
            let theirs = spec.is_some();
            let mut spec = theirs_or_ours(spec)?;
            if partial {
                let all = spec.operations.len();
                let generate::Partial { document, left, parts } = generate::Partial::of(&spec, &BTreeSet::new())?;
                for (what, Diagnostic { place, rule, message, .. }) in left.iter().chain(&parts) {
                    anstream::eprintln!("{place}: left out {what}: [{rule}] {message}");
                }
                let (left, parts) = (left.len(), parts.len());
                anstream::eprintln!("{left} of {all} operations left out, and {parts} optional parts of others");
                spec = document;
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
                return Ok(ExitCode::FAILURE);
            }
            let files = generate::render(&spec)?;
            let out = out.unwrap_or_else(|| PathBuf::from(GENERATED));
            if check { check_files(&files, &out) } else { write_files(&files, &out) }
        }
        Command::Lint { spec, format } => {
            let findings = match theirs_or_ours(spec) {
                Ok(spec) => lint::check(&spec),
                Err(Failure::Findings(findings)) => findings,
                Err(other) => return Err(other),
            };
            let findings = Report::new(findings);
            report(&findings, format);
            Ok(status(!findings.has_errors(), 1))
        }
        Command::Contract { name, spec } => show(Contract::of(&theirs_or_ours(spec)?).documents(), name),
        Command::Surface { name } => {
            let files = generate::render(&document()?)?;
            show(Surface::of(&files)?.documents(), name)
        }
        Command::Account => {
            let spec = document()?;
            let files = generate::render(&spec)?;
            let account = Account::of(&spec, &Contract::of(&spec), &Surface::of(&files)?, &files);
            anstream::print!("{}", account.map_err(|missing| missing.join("\n"))?.table());
            Ok(ExitCode::SUCCESS)
        }
        Command::Mutate => {
            let tally = mutate::run(&document()?, 1);
            anstream::print!("{tally}");
            Ok(status(tally.survivors.is_empty(), 1))
        }
        Command::Diff(arguments) => {
            let (report, code) = diff::run(&arguments, &xtask::root())?;
            anstream::print!("{report}");
            Ok(code)
        }
        Command::Drift(arguments) => {
            let (report, in_step) = drift::run(&arguments, &xtask::root())?;
            anstream::print!("{report}");
            Ok(status(in_step, OUT_OF_STEP))
        }
        Command::Changelog(arguments) => {
            anstream::print!("{}", diff::draft_changelog(&arguments, &xtask::root())?);
            Ok(ExitCode::SUCCESS)
        }
        Command::Explore { port, open } => {
            xtask::explore::run(&document()?, Path::new(DOCUMENT), port, open)?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Demo => {
            let spec = document()?;
            let in_step = check_files(&generate::render(&spec)?, Path::new(GENERATED))?;
            if in_step != ExitCode::SUCCESS {
                return Ok(in_step);
            }
            xtask::demo::run(&spec).map_err(|error| Failure::Other(error.to_string()))
        }
    }
}

fn status(fine: bool, otherwise: u8) -> ExitCode {
    if fine { ExitCode::SUCCESS } else { ExitCode::from(otherwise) }
}

fn show(documents: BTreeMap<String, String>, name: Option<String>) -> Result<ExitCode, Failure> {
    let name = name.unwrap_or_default();
    let chosen = documents.into_iter().filter(|(of, _)| of.contains(&name)).map(|(_, text)| text);
    let chosen: Vec<String> = chosen.collect();
    if chosen.is_empty() {
        return Err(format!("no document's name contains {name}").into());
    }
    anstream::print!("{}", chosen.join("\n"));
    Ok(ExitCode::SUCCESS)
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

fn check_files(files: &Files, out: &Path) -> Result<ExitCode, Failure> {
    let differences = generate::differences(files, out).map_err(|error| error.to_string())?;
    if differences.is_empty() {
        anstream::println!("{}: in step ({} files)", out.display(), files.len());
        return Ok(ExitCode::SUCCESS);
    }
    for difference in &differences {
        anstream::eprintln!("{difference}");
    }
    anstream::eprintln!("out of step: run `cargo xtask generate`");
    Ok(ExitCode::from(OUT_OF_STEP))
}

fn write_files(files: &Files, out: &Path) -> Result<ExitCode, Failure> {
    let outcome = generate::write(files, out).map_err(|error| error.to_string())?;
    for (what, paths) in [("wrote", &outcome.written), ("removed", &outcome.removed)] {
        paths.iter().for_each(|path| anstream::println!("{what} {}", path.display()));
    }
    anstream::println!("{} unchanged", outcome.unchanged);
    Ok(ExitCode::SUCCESS)
}

fn report(findings: &Report, format: Format) {
    let text = findings.styled(format);
    // Annotations are read from stdout; nobody is left to tell if either stream is gone.
    let _ = match format {
        Format::Github => anstream::stdout().write_all(text.as_bytes()),
        Format::Text => anstream::stderr().write_all(text.as_bytes()),
    };
}
