//! The rules: what the generator cannot do is said before it panics, and what we ask of our document is
//! checked. One table holds every rule; openapi/README.md shows it.

mod conventions;
mod names;
mod operation;
mod paging;
mod path;
mod rules;
mod sample;
mod schema;

use serde_json::Value;

use crate::diagnostic::{Diagnostic, Level};
use crate::document::Document;

pub use operation::CLIENT_METHODS;
pub use rules::{Category, Rule, rules};

/// Every finding in a document that could be read, sorted by place. In somebody else's, our conventions and what the
/// generator merely loses are warnings.
#[must_use]
pub fn check(spec: &Document) -> Vec<Diagnostic> {
    let mut run = Run { spec, findings: spec.tolerated.clone() };
    for check in
        [operation::check, schema::check, names::check, conventions::check, path::check, sample::check, paging::check]
    {
        check(&mut run);
    }
    run.findings.sort();
    run.findings.dedup();
    run.findings
}

/// One run over one document.
struct Run<'a> {
    spec: &'a Document,
    findings: Vec<Diagnostic>,
}

impl<'a> Run<'a> {
    /// What is written under a key of the node at a pointer.
    fn written(&self, pointer: &str, key: &str) -> Option<&'a Value> {
        self.spec.raw.pointer(pointer)?.get(key)
    }

    /// Reports a finding at the key of a node, with the rule's own help.
    fn report(&mut self, rule: &'static str, pointer: &str, message: impl Into<String>) {
        let help = rules().iter().find(|known| known.id == rule).map_or("", |known| known.help);
        self.report_with(rule, pointer, message, help);
    }

    /// Reports a finding at the key of a node, with a help of its own.
    fn report_with(&mut self, rule: &'static str, pointer: &str, message: impl Into<String>, help: impl Into<String>) {
        let category = rules().iter().find(|known| known.id == rule).map(|known| known.category);
        debug_assert!(category.is_some(), "{rule} is not in the table");
        let level = match category {
            Some(Category::Convention | Category::Loss) if !self.spec.ours => Level::Warning,
            _ => Level::Error,
        };
        let place = self.spec.place(pointer);
        self.findings.push(Diagnostic { place, level, rule, message: message.into(), help: help.into() });
    }
}
