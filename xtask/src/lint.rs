//! The rules: what the generator cannot do is said before it panics, and what we ask of our document is
//! checked. One table holds every rule; openapi/README.md shows it.

mod conventions;
mod operation;
mod paging;
mod path;
mod rules;
mod sample;
mod schema;

use crate::diagnostic::Diagnostic;
use crate::document::Document;

pub use operation::CLIENT_METHODS;
use rules::Run;
pub use rules::{Category, Rule, rules};

/// Every finding in a document that could be read, sorted by place. In somebody else's, our conventions and what the
/// generator merely loses are warnings.
#[must_use]
pub fn check(spec: &Document) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = findings(spec).into_iter().map(|(finding, _)| finding).collect();
    found.extend_from_slice(&spec.tolerated);
    found.sort();
    found.dedup();
    found
}

/// What the rules find, each with the pointer of the node.
pub(crate) fn findings(spec: &Document) -> Vec<(Diagnostic, String)> {
    let mut run = Run { spec, findings: Vec::new() };
    for check in [operation::check, schema::check, conventions::check, path::check, sample::check, paging::check] {
        check(&mut run);
    }
    run.findings.sort();
    run.findings
}
