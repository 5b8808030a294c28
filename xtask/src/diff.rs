//! The review: what a change of the document does on the wire and in Rust, whether it breaks, and which version it needs.

mod command;
mod compare;
mod git;
mod path;
mod report;
mod rules;
mod rust;
mod schema;
mod version;

use std::collections::BTreeSet;

use serde::Serialize;

pub use command::{Args, Failure, Sides, draft_changelog, run};
pub use report::{Format, Report};
pub use rules::{RULES, Rule, rule};
pub use rust::RustChange;
pub use version::{Bump, Verdict};

use crate::document::Document;

/// How bad a change is for those who use what was there before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Nobody has to do anything.
    Info,
    /// Some may have to.
    Warning,
    /// A correct client or server stops working.
    Breaking,
}

impl std::fmt::Display for Severity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Breaking => "breaking",
        })
    }
}

/// One change of the document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The rule's id; [`rule`] explains it.
    pub rule: &'static str,
    /// How bad it is on the wire.
    pub severity: Severity,
    /// The operation that it is about or, if several share it, the first of them.
    pub operation: Option<String>,
    /// All operations whose messages it touches.
    pub operations: BTreeSet<String>,
    /// The node: `ListImageTags · response 200` or `schema ResourceTag · .value`.
    pub address: String,
    /// What was said; `None` if nothing.
    pub before: Option<String>,
    /// What is said now.
    pub after: Option<String>,
    /// The effect on the wire, a sentence.
    pub wire: String,
    /// The effects in Rust.
    pub rust: Vec<RustChange>,
    /// Names the change whatever the layout and order of the document: the first 12 digits of a SHA-256.
    pub fingerprint: String,
    /// The line in the head, from 1; what was removed has that of the nearest node around it.
    pub line: usize,
    /// The column in the head, from 1.
    pub column: usize,
    /// Where in the head, as an RFC 6901 pointer.
    pub pointer: String,
}

/// Compares two documents on the wire; Rust effects are joined by [`Report::of`].
#[must_use]
pub fn compare(base: &Document, head: &Document) -> Vec<Change> {
    compare::compare(base, head)
}

#[cfg(test)]
mod tests;
