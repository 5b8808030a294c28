//! Unknown keys, wrong types and missing keys, each at its place, where serde would only say that no variant of an enum
//! fits.

use serde_json::Value;

use super::grammar::shown;
use super::pointer::{child, last};
use super::positions::Positions;
use super::walk::{Step, walk};
use crate::diagnostic::Diagnostic;

/// Every place where the document is not what OpenAPI 3.0 allows.
pub(super) fn grammar(raw: &Value, positions: &Positions) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    walk(raw, |node| {
        let mut report = |at: &str, rule, message, help| {
            findings.push(Diagnostic::error(positions.key(at), rule, message, help));
        };
        if let Step::Key(shape, key) = node.step
            && let Some((message, help)) = shape.unknown(key)
        {
            report(node.pointer, "spec-unknown-key", message, help);
        }
        let Some(kind) = node.kind else { return false };
        if let Some(wanted) = kind.wanted(node.value) {
            let key = last(node.pointer);
            let subject = if key.is_empty() { "the document".to_owned() } else { format!("`{key}`") };
            let message = format!("{subject} is {}, not {wanted}", shown(node.value));
            report(node.pointer, "spec-type", message, format!("write {wanted}"));
        }
        if let Some((shape, members)) = node.object() {
            for key in shape.required.iter().filter(|key| !members.contains_key(**key)) {
                let message = format!("this {} has no `{key}`", shape.name);
                report(node.pointer, "spec-missing-key", message, format!("add `{key}:`; OpenAPI 3.0 requires it"));
            }
        } else if let (true, Some(members)) = (node.reference().is_some(), node.value.as_object()) {
            for key in members.keys().filter(|key| *key != "$ref") {
                let message = "OpenAPI 3.0 ignores everything beside `$ref`".to_owned();
                let help = "remove it, or write it at the target".to_owned();
                report(&child(node.pointer, key), "spec-unknown-key", message, help);
            }
        }
        true
    });
    findings
}
