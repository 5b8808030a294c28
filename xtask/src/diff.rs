//! The review: what a change of the document does on the wire and in Rust, whether it breaks, and which version it needs.

mod command;
mod compare;
mod git;
mod report;
mod rules;
mod rust;
mod version;
mod view;

use std::collections::BTreeSet;

use serde::Serialize;

pub use self::compare::compare;
pub use command::{Args, Sides, draft_changelog, run};
pub use report::{Format, Report};
pub use rules::{RULES, Rule, named, rule};
pub use rust::RustChange;
pub use version::{Bump, Verdict};

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
        f.write_str(&format!("{self:?}").to_lowercase())
    }
}

/// One change of the document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The rule's id; [`rule`] explains it.
    pub rule: &'static str,
    /// How bad it is on the wire.
    pub severity: Severity,
    /// The operation, component (`schema ResourceTag`) or `document` that says it.
    pub area: String,
    /// `GET /path` of the operation.
    pub request: Option<String>,
    /// The operations whose messages it touches.
    pub operations: BTreeSet<String>,
    /// The node inside the area: `response 200 · .value`; empty for the area itself.
    pub place: String,
    /// What was said, in words; `None` if nothing.
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

impl Change {
    /// Area and place: `ListImageTags · response 200 · .value`.
    #[must_use]
    pub fn address(&self) -> String {
        if self.place.is_empty() { self.area.clone() } else { format!("{} · {}", self.area, self.place) }
    }

    /// Whether it is about words for people: descriptions, samples, groups.
    #[must_use]
    pub fn is_words(&self) -> bool {
        matches!(self.rule, "description-changed" | "example-changed" | "tag-changed")
    }

    /// Whether it breaks anybody, on the wire or in Rust.
    #[must_use]
    pub fn breaks(&self) -> bool {
        self.severity == Severity::Breaking || self.rust.iter().any(|effect| effect.breaking)
    }
}
