//! What openapiv3 lost: the typed document written back must hold every key of the one that was read.

use serde_json::Value;

use super::positions::Positions;
use super::{finding, push};
use crate::diagnostic::Diagnostic;

pub(super) fn check(raw: &Value, openapi: &openapiv3::OpenAPI, name: &str, positions: &Positions) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    if let Ok(back) = serde_json::to_value(openapi) {
        compare(raw, &back, &mut String::new(), &mut |pointer| {
            let key = pointer.rsplit('/').next().unwrap_or("");
            findings.push(finding(
                positions.at(pointer).key(name),
                "spec-ignored-key",
                format!("the generator's model of OpenAPI has no room for `{key}` here"),
                "remove it, or write it where OpenAPI 3.0 has it",
            ));
        });
    }
    findings
}

fn compare(raw: &Value, back: &Value, pointer: &mut String, lost: &mut impl FnMut(&str)) {
    match (raw, back) {
        (Value::Object(raw), Value::Object(back)) => {
            // The siblings of a reference are dropped by OpenAPI itself.
            for (key, value) in raw {
                let length = pointer.len();
                push(pointer, key);
                match back.get(key) {
                    Some(back) => compare(value, back, pointer, lost),
                    None if is_default(value) => {}
                    None => lost(pointer),
                }
                pointer.truncate(length);
            }
        }
        (Value::Array(raw), Value::Array(back)) => {
            for (index, (raw, back)) in raw.iter().zip(back).enumerate() {
                let length = pointer.len();
                push(pointer, &index.to_string());
                compare(raw, back, pointer, lost);
                pointer.truncate(length);
            }
        }
        _ => {}
    }
}

/// What openapiv3 leaves out when it writes because its absence means the same.
fn is_default(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}
