//! Drift: whether the service's own description moved since it was last read, and where our document says otherwise.

mod compare;
mod definitions;
mod facts;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::DOCUMENT;
use crate::diagnostic::Failure;
use crate::document::Document;
use compare::LIST;
use facts::{Facts, Node};

/// What upstream said when it was last accepted, from the workspace's root.
pub const LOCK: &str = "openapi/upstream.lock";

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
            Ok(found) => Some((definitions::read(&found.folder)?, found.version)),
            Err(reason) if args.accept => return Err(reason.into()),
            Err(reason) => {
                let _ = writeln!(report, "Upstream wasn't asked: {reason}\n(--definitions DIR reads a folder)\n");
                None
            }
        },
    };
    let lock = root.join(LOCK);
    let text = std::fs::read_to_string(&lock).unwrap_or_default();
    let mut locked = facts::parse(&text).map_err(|line| format!("{LOCK}:{line}: not a line of a lock"))?;
    let mut moved = 0;
    if let Some((facts, source)) = upstream {
        let _ = writeln!(report, "Upstream now: {source}, {} operations", facts.len());
        let changes = changes(&locked, &facts);
        moved = changes.len();
        report.extend(changes);
        if args.accept {
            write(&lock, &facts::print(&facts, &header(&source))).map_err(|error| format!("{LOCK}: {error}"))?;
            let _ = writeln!(report, "wrote {LOCK}\n");
            (locked, moved) = (facts, 0);
        } else if moved > 0 {
            let _ =
                writeln!(report, "{moved} changes since {LOCK}: follow them, then run `cargo xtask drift --accept`\n");
        } else {
            let _ = writeln!(report, "nothing changed since {LOCK}\n");
        }
    }
    let list = std::fs::read_to_string(root.join(LIST)).map_err(|error| format!("{LIST}: {error}"))?;
    let outcome = compare::compare(&locked, &document, &list)?;
    for finding in &outcome.unexplained {
        let _ = writeln!(report, "{finding}");
    }
    let _ = writeln!(report, "{DOCUMENT} against {LOCK}: {} facts are the same", outcome.equal);
    for (policy, count) in &outcome.by_policy {
        let _ = writeln!(report, "  {count:5}  {policy}");
    }
    let _ = writeln!(report, "  {:5}  differ as {LIST} says", outcome.by_list);
    let _ = writeln!(report, "  {:5}  unexplained", outcome.unexplained.len());
    Ok((report, moved == 0 && outcome.unexplained.is_empty()))
}

/// The folder of the definitions that the lock was made from, one file of Swagger 2.0 an operation.
///
/// # Errors
/// The lock names no version, or this version can't be brought.
pub fn locked_definitions(root: &Path) -> Result<PathBuf, String> {
    let text = std::fs::read_to_string(root.join(LOCK)).map_err(|error| format!("{LOCK}: {error}"))?;
    let version = text.split_once(definitions::CRATE).and_then(|(_, rest)| rest.split_once(". Written"));
    let version = version.ok_or_else(|| format!("{LOCK} names no version"))?.0.trim();
    Ok(definitions::bring(root, &format!("={version}"))?.folder)
}

/// Writes the whole file or nothing.
fn write(path: &Path, text: &str) -> std::io::Result<()> {
    let mut file = tempfile::NamedTempFile::new_in(path.parent().unwrap_or(path))?;
    file.write_all(text.as_bytes())?;
    file.persist(path)?;
    Ok(())
}

fn header(source: &str) -> String {
    format!(
        "# What the service's own description says of each operation, as facts; texts and samples are digests.\n\
         # From {source}. Written by `cargo xtask drift --accept`; openapi/README.md explains it.\n"
    )
}

/// What upstream changed, each with what it means for us.
fn changes(before: &Facts, after: &Facts) -> Vec<String> {
    let mut changes = Vec::new();
    let operations: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    for operation in operations {
        let (Some(before), Some(after)) = (before.get(operation), after.get(operation)) else {
            changes.push(match after.get(operation) {
                Some(nodes) => format!(
                    "+ {operation}: {}\n    we lack it: write it into {DOCUMENT}\n",
                    nodes.get(facts::OPERATION).map(Node::line).unwrap_or_default()
                ),
                None => format!("- {operation}\n    calls may fail soon: deprecate it, and ask the service\n"),
            });
            continue;
        };
        let places: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        for place in places {
            let (old, new) = (before.get(place), after.get(place));
            let what = match (old, new) {
                (Some(old), Some(new)) => difference(old, new),
                (None, Some(node)) => format!("new: {}", node.line()),
                (Some(node), None) => format!("gone: {}", node.line()),
                (None, None) => String::new(),
            };
            if !what.is_empty() {
                changes.push(format!("~ {operation} · {place}: {what}\n    {}\n", meaning(place, old, new)));
            }
        }
    }
    changes
}

/// The facts of a node that differ; empty if none does.
fn difference(old: &Node, new: &Node) -> String {
    let keys: BTreeSet<&String> = old.facts.keys().chain(new.facts.keys()).collect();
    let differing = keys.into_iter().filter(|key| old.facts.get(*key) != new.facts.get(*key)).map(|key| {
        let said = |node: &Node| node.facts.get(key).map_or("unsaid", String::as_str).to_owned();
        match key.as_str() {
            "prose" | "samples" => format!("{key} changed"),
            key => format!("{key} {} → {}", said(old), said(new)),
        }
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
    let differs = |key: &str| old.facts.get(key) != new.facts.get(key);
    let mut differing = old.facts.keys().chain(new.facts.keys()).filter(|key| differs(key));
    if differing.all(|key| matches!(key.as_str(), "prose" | "samples")) {
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
