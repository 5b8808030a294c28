//! `cargo xtask diff` and `cargo xtask changelog`: arguments, sides, approvals, exit codes.

use std::path::Path;
use std::process::ExitCode;

use serde::Deserialize;

use super::git::{self, Source};
use super::version::{self, Versions};
use super::{Change, Format, RULES, Report, Rule, Severity, rule};
use crate::diagnostic::Failure;
use crate::document::Document;
use crate::generate;
use crate::{DOCUMENT, GENERATED};

/// Where breaking changes are approved, from the workspace's root.
const APPROVALS: &str = "openapi/approvals.yaml";

/// The exit code of breaking changes without what they require.
const BREAKING: u8 = 100;

/// The exit code of generated files that don't match the document.
const OUT_OF_STEP: u8 = 4;

/// The two documents.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Sides {
    /// A file or a git revision; else where the branch left the main line
    pub base: Option<String>,
    /// A file or a git revision; else the file in the working tree
    pub head: Option<String>,
}

/// The arguments of `cargo xtask diff`.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Args {
    /// What is compared.
    #[command(flatten)]
    pub sides: Sides,
    /// How the report is written
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// Exit with 100 from this severity on; `breaking` is satisfied by the bump or by approvals
    #[arg(long, value_enum, default_value = "breaking", value_name = "LEVEL")]
    pub fail_on: Option<Severity>,
    /// Show every place of every change, words included; of a large document work out every effect in Rust
    #[arg(long)]
    pub all: bool,
    /// List all rules
    #[arg(long)]
    pub rules: bool,
    /// Explain a rule
    #[arg(long, value_name = "RULE")]
    pub explain: Option<String>,
}

/// Runs `cargo xtask diff`: what to print, and the exit code.
///
/// # Errors
/// A side that cannot be read, an unknown rule, or approvals that are refused.
pub fn run(args: &Args, root: &Path) -> Result<(String, ExitCode), Failure> {
    if let Some(id) = &args.explain {
        let known = rule(id).ok_or_else(|| format!("no rule `{id}`; `cargo xtask diff --rules` lists them"))?;
        return Ok((explain(known), ExitCode::SUCCESS));
    }
    if args.rules {
        let line = |Rule { id, request, response, sentence, .. }: &Rule| {
            let (request, response) = (request.to_string(), response.to_string());
            format!("{id:32} request {request:8} response {response:8} {sentence}\n")
        };
        return Ok((RULES.iter().map(line).collect(), ExitCode::SUCCESS));
    }
    let sides = sides(&args.sides, root)?;
    let (report, head) = review(&sides, root, args.all)?;
    let mut text = report.render(args.format, args.all);
    let ours = args.sides.head.is_none() && sides.1.text.is_some();
    let out_of_step = ours
        && generate::render(&head)
            .is_ok_and(|files| generate::differences(&files, &root.join(GENERATED)).is_ok_and(|d| !d.is_empty()));
    if out_of_step && matches!(args.format, Format::Text | Format::Markdown) {
        text += "\nout of step: run `cargo xtask generate`\n";
    }
    // What breaks users weighs more than what one command fixes.
    let code = if report.fails(args.fail_on.unwrap_or(Severity::Breaking)) {
        ExitCode::from(BREAKING)
    } else if out_of_step {
        ExitCode::from(OUT_OF_STEP)
    } else {
        ExitCode::SUCCESS
    };
    Ok((text, code))
}

/// Drafts the changelog's entry: what a user must know or do.
///
/// # Errors
/// As [`run`].
pub fn draft_changelog(args: &Sides, root: &Path) -> Result<String, Failure> {
    let (report, _) = review(&sides(args, root)?, root, false)?;
    let version = report.verdict.head_version.as_deref().unwrap_or("0.0.0");
    let mut text = format!("## {version}\n\n");
    for (title, breaking) in [("Breaking", true), ("Changed", false)] {
        let matters = |change: &&Change| change.severity > Severity::Info || !change.rust.is_empty();
        let mut lines = Vec::new();
        for change in report.changes.iter().filter(matters).filter(|change| change.breaks() == breaking) {
            lines.push(format!("- {}: {}.", change.address(), change.wire));
            lines.extend(change.rust.iter().map(|effect| format!("  - `{}`", effect.sentence)));
        }
        let rest = report.rust.iter().filter(|effect| effect.breaking == breaking);
        lines.extend(rest.map(|effect| format!("- `{}`", effect.sentence)));
        if !lines.is_empty() {
            text += &format!("### {title}\n\n{}\n\n", lines.join("\n"));
        }
    }
    Ok(text)
}

fn explain(rule: &Rule) -> String {
    let Rule { id, request, response, sentence, why, example } = rule;
    format!(
        "{id}: {sentence}\n  sent by clients: {request}\n  received by clients: {response}\n  why: {why}\n  example: {example}\n"
    )
}

fn sides(args: &Sides, root: &Path) -> Result<(Source, Source), Failure> {
    let base = match &args.base {
        Some(name) => git::side(root, name)?,
        None => git::merge_base(root)?,
    };
    let head = match &args.head {
        Some(name) => git::side(root, name)?,
        None => Source { name: DOCUMENT.to_owned(), text: std::fs::read(root.join(DOCUMENT)).ok(), revision: None },
    };
    if base.text.is_none() && head.text.is_none() {
        return Err(format!("neither `{}` nor `{}` exists", base.name, head.name).into());
    }
    Ok((base, head))
}

fn review((base, head): &(Source, Source), root: &Path, all: bool) -> Result<(Report, Document), Failure> {
    let (old, new) = match (&base.text, &head.text) {
        (None, _) => {
            let new = parse(head)?;
            (nothing(base, &new)?, new)
        }
        (_, None) => {
            let old = parse(base)?;
            let new = nothing(head, &old)?;
            (old, new)
        }
        // Large documents take a while to read: both at once.
        _ => std::thread::scope(|scope| {
            let old = scope.spawn(|| parse(base));
            let new = parse(head);
            let stopped = || Failure::Other(format!("`{}` could not be read: its reader stopped", base.name));
            Ok::<_, Failure>((old.join().map_err(|_| stopped())??, new?))
        })?,
    };
    let (before, after) = (versions(base, &old, root), versions(head, &new, root));
    let named = head.name == DOCUMENT;
    let approvals = match std::fs::read_to_string(root.join(APPROVALS)) {
        Ok(text) if named => approvals(&text)?,
        _ => Vec::new(),
    };
    let report = Report::with(&old, &new, (&before, &after), approvals.iter().map(|(_, f)| f.clone()).collect(), all);
    let stale = |(_, print): &&(usize, String)| {
        !report.changes.iter().any(|change| change.fingerprint == *print && change.breaks())
    };
    if let (Some((line, print)), false) = (approvals.iter().find(stale), report.changes.is_empty()) {
        let help = "approves no breaking change of this comparison; remove it";
        return Err(format!("{APPROVALS}:{line}: `{print}` {help}").into());
    }
    Ok((report, new))
}

fn parse(source: &Source) -> Result<Document, Failure> {
    let bytes = source.text.as_deref().unwrap_or_default();
    let text = std::str::from_utf8(bytes).map_err(|error| format!("{}: not UTF-8: {error}", source.name))?;
    Document::parse_foreign(&source.name, text).map_err(Failure::Findings)
}

/// What a document that doesn't exist says: the same as the other without its operations and components.
fn nothing(source: &Source, other: &Document) -> Result<Document, Failure> {
    let mut raw = other.raw.clone();
    if let Some(members) = raw.as_object_mut() {
        members.remove("components");
        members.insert("paths".to_owned(), serde_json::json!({}));
    }
    Document::parse_foreign(&format!("{} (doesn't exist)", source.name), &raw.to_string()).map_err(Failure::Findings)
}

fn versions(source: &Source, spec: &Document, root: &Path) -> Versions {
    let read = |path: &str| -> Option<String> {
        let bytes = match &source.revision {
            Some(revision) => git::at(root, revision, path),
            None if source.name == DOCUMENT => std::fs::read(root.join(path)).ok(),
            None => None,
        };
        bytes.and_then(|bytes| String::from_utf8(bytes).ok())
    };
    let package = read("Cargo.toml").as_deref().and_then(version::of_manifest);
    Versions { package, changelog: read("CHANGELOG.md"), ..Versions::of(spec) }
}

/// One approval of [`APPROVALS`].
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Approval {
    fingerprint: String,
    reason: String,
}

/// The approved fingerprints with their lines.
fn approvals(text: &str) -> Result<Vec<(usize, String)>, String> {
    let list: Option<Vec<Approval>> = serde_yaml::from_str(text).map_err(|error| {
        let (line, column) = error.location().map_or((1, 1), |at| (at.line(), at.column()));
        format!("{APPROVALS}:{line}:{column}: {error}")
    })?;
    let mut out: Vec<(usize, String)> = Vec::new();
    for Approval { fingerprint, reason } in list.unwrap_or_default() {
        let line = text.lines().position(|line| line.contains(&fingerprint)).map_or(1, |line| line + 1);
        let exact = fingerprint.len() == 12 && fingerprint.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        let problem = if !exact {
            "is no fingerprint of one change: 12 hex digits"
        } else if reason.trim().chars().count() < 10 {
            "has no reason that tells anybody why"
        } else if out.iter().any(|(_, known)| *known == fingerprint) {
            "is approved twice"
        } else {
            out.push((line, fingerprint));
            continue;
        };
        return Err(format!("{APPROVALS}:{line}: `{fingerprint}` {problem}"));
    }
    Ok(out)
}
