//! The rules: what the generator cannot do is said before it panics, and what we ask of our document is
//! checked. One table holds every rule; openapi/README.md shows it.

mod conventions;
mod names;
mod operation;
mod paging;
mod path;
mod rules;
mod run;
mod sample;
mod schema;

use crate::diagnostic::Diagnostic;
use crate::document::Document;

pub use operation::CLIENT_METHODS;
pub use rules::{Category, Rule, rules};
use run::Run;

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
