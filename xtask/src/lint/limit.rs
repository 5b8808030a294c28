//! Limits and openness that the generator keeps only where it can: anywhere else they would be said and not hold.

use serde_json::{Map, Value};

use super::Run;
use crate::document::child;

pub(super) fn check(run: &mut Run<'_>, schemas: &[(String, &Map<String, Value>)]) {
    for (at, schema) in schemas {
        for key in KEYWORDS.iter().filter(|key| schema.contains_key(**key) && !is_kept(at, schema, key)) {
            run.report("limit-lost", &child(at, key), format!("`{key}` would be lost here"));
        }
    }
}

const KEYWORDS: &[&str] = &[
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
    "x-ims-integer",
    "x-ims-open",
    "x-ims-unique",
];

/// The runtime's integers are components from 0; lists are checked where they are properties of a component.
fn is_kept(at: &str, schema: &Map<String, Value>, key: &str) -> bool {
    let Some(place) = at.strip_prefix("/components/schemas/") else { return false };
    let is_component = !place.contains('/');
    let is_property = matches!(place.split('/').collect::<Vec<_>>().as_slice(), [_, "properties", _]);
    let kind = schema.get("type").and_then(Value::as_str);
    match key {
        "minimum" | "maximum" => {
            is_component && kind == Some("integer") && schema.get("minimum").is_some_and(Value::is_u64)
        }
        "x-ims-integer" => is_component && kind == Some("string"),
        "x-ims-open" => is_component && kind == Some("string") && schema.contains_key("enum"),
        "minItems" | "maxItems" | "uniqueItems" | "x-ims-unique" => is_property && kind == Some("array"),
        _ => false,
    }
}
