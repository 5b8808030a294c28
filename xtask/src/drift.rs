//! Drift: whether the service's own description moved since it was last read, and where our document says otherwise.

mod compare;
mod definitions;
mod facts;

use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::DOCUMENT;
use crate::diagnostic::Failure;
use crate::document::Document;
use compare::LIST;
pub use facts::LOCK;
use facts::{Facts, Node, OPERATION, Pair};

/// What the command's exit codes mean.
pub const EXIT_CODES: &str = "\
Exit codes:
  0  nothing drifted, as far as could be seen
  1  could not run
  4  upstream changed, or differs from the document in what nothing explains";

/// The arguments of `cargo xtask drift`.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Args {
    /// A folder of definitions, in place of the newest that are published
    #[arg(long, value_name = "DIR")]
    pub definitions: Option<PathBuf>,
    /// Keep what upstream says now as openapi/upstream.lock
    #[arg(long)]
    pub accept: bool,
}

/// The report, and whether nothing drifted.
///
/// # Errors
/// Definitions, lock, list or document can't be read. Nothing was written then.
pub fn run(args: &Args, root: &Path) -> Result<(String, bool), Failure> {
    let document = std::fs::read_to_string(root.join(DOCUMENT)).map_err(|error| format!("{DOCUMENT}: {error}"))?;
    let document = Document::parse(DOCUMENT, &document)?;
    let mut report = String::new();
    let upstream = match &args.definitions {
        Some(folder) => Some((definitions::read(folder)?, folder.display().to_string())),
        None => match definitions::bring(root, "*") {
            Ok((folder, version)) => Some((definitions::read(&folder)?, version)),
            Err(reason) if args.accept => return Err(reason.into()),
            Err(reason) => {
                report += &format!("Upstream wasn't asked: {reason}\n(--definitions DIR reads a folder)\n\n");
                None
            }
        },
    };
    let lock = root.join(LOCK);
    let text = std::fs::read_to_string(&lock).unwrap_or_default();
    let mut locked = facts::parse(&text).map_err(|line| format!("{LOCK}:{line}: not a line of a lock"))?;
    let mut moved = 0;
    if let Some((facts, source)) = upstream {
        report += &format!("Upstream now: {source}, {} operations\n", facts.len());
        let changes = changes(&locked, &facts);
        moved = changes.len();
        report.extend(changes);
        report += &match moved {
            _ if args.accept => format!("wrote {LOCK}\n\n"),
            0 => format!("nothing changed since {LOCK}\n\n"),
            _ => format!("{moved} changes since {LOCK}: follow them, then run `cargo xtask drift --accept`\n\n"),
        };
        if args.accept {
            write(&lock, &facts::print(&facts, &source)).map_err(|error| format!("{LOCK}: {error}"))?;
            (locked, moved) = (facts, 0);
        }
    }
    let list = std::fs::read_to_string(root.join(LIST)).map_err(|error| format!("{LIST}: {error}"))?;
    let (said, explained) = compare::compare(&locked, &document, &list)?;
    Ok((report + &said, moved == 0 && explained))
}

/// The folder of the definitions that the lock was made from, one file of Swagger 2.0 an operation.
///
/// # Errors
/// The lock names no version, or this version can't be brought.
pub fn locked_definitions(root: &Path) -> Result<PathBuf, String> {
    let text = std::fs::read_to_string(root.join(LOCK)).map_err(|error| format!("{LOCK}: {error}"))?;
    let version = text.split_once(definitions::CRATE).and_then(|(_, rest)| rest.split_once(". Written"));
    let version = version.ok_or_else(|| format!("{LOCK} names no version"))?.0.trim();
    Ok(definitions::bring(root, &format!("={version}"))?.0)
}

/// Writes the whole file or nothing.
fn write(path: &Path, text: &str) -> std::io::Result<()> {
    let mut file = tempfile::NamedTempFile::new_in(path.parent().unwrap_or(path))?;
    file.write_all(text.as_bytes())?;
    file.persist(path)?;
    Ok(())
}

/// What upstream changed, each with what it means for us.
fn changes(before: &Facts, after: &Facts) -> Vec<String> {
    let told = |Pair { operation, place, old, new }: Pair<'_>| {
        let what = match (old, new) {
            (None, Some(node)) if place == OPERATION => {
                let help = format!("we lack it: write it into {DOCUMENT}");
                return Some(format!("+ {operation}: {}\n    {help}\n", node.line()));
            }
            (Some(_), None) if place == OPERATION => {
                return Some(format!("- {operation}\n    calls may fail soon: deprecate it, and ask the service\n"));
            }
            (Some(old), Some(new)) => difference(old, new),
            (None, Some(node)) => format!("new: {}", node.line()),
            (Some(node), None) => format!("gone: {}", node.line()),
            (None, None) => String::new(),
        };
        let meaning = meaning(place, old, new);
        (!what.is_empty()).then(|| format!("~ {operation} · {place}: {what}\n    {meaning}\n"))
    };
    facts::pairs(before, after).into_iter().filter_map(told).collect()
}

/// The facts of a node that differ; empty if none does.
fn difference(old: &Node, new: &Node) -> String {
    let said = |node: &Node, key: &str| node.facts.get(key).map_or("unsaid", String::as_str).to_owned();
    let differing = old.differing(new).into_iter().map(|key| match key {
        "prose" | "samples" => format!("{key} changed"),
        key => format!("{key} {} → {}", said(old, key), said(new, key)),
    });
    differing.collect::<Vec<_>>().join("; ")
}

fn meaning(place: &str, old: Option<&Node>, new: Option<&Node>) -> &'static str {
    let in_answer = place.starts_with("response");
    let (Some(old), Some(new)) = (old, new) else {
        return match (new.is_some(), in_answer) {
            (true, false) => "callers can't send it yet: add it, required only if the service insists",
            (true, true) => "callers don't see it yet: add it",
            (false, false) => "the service may refuse or ignore it: ask before it is removed",
            (false, true) => "it may no longer come: it must be optional",
        };
    };
    let differing = old.differing(new);
    let differs = |key: &str| differing.contains(key);
    if differing.iter().all(|key| matches!(*key, "prose" | "samples")) {
        "read the page again: limits and cases are often told in words alone"
    } else if differs("deprecated") {
        "say `deprecated` as upstream does"
    } else if differs("required") && !in_answer {
        "requests may be refused that were not, or the other way round: try it before following"
    } else if differs("request") {
        "calls go elsewhere: follow it"
    } else {
        "values may come or be refused that were not: follow it, or say why not"
    }
}
