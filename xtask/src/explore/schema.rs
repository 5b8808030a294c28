//! A schema as rows to read: one for each property that a JSON value may have, however deep.

use serde_json::{Map, Value, json};

use crate::document::{Document, child};
use crate::generate::model::Text;

/// The deepest property that is shown: a schema that holds itself would never end.
const DEEPEST: usize = 8;

/// The rows of the schema at a pointer; none if it is a plain value.
pub(super) fn rows(spec: &Document, pointer: &str) -> Vec<Value> {
    let mut rows = Vec::new();
    below(spec, pointer, "", 0, &mut rows);
    rows
}

/// What a schema allows, in a row's words.
pub(super) fn described(spec: &Document, pointer: &str) -> Map<String, Value> {
    let nothing = Value::Object(Map::new());
    let schema = spec.resolve(pointer).map_or(&nothing, |(_, schema)| schema);
    let text = Text::of(schema.get("description").and_then(Value::as_str).unwrap_or_default());
    Map::from_iter([
        ("type".to_owned(), kind(spec, pointer).into()),
        ("limits".to_owned(), limits(schema).into()),
        ("values".to_owned(), schema.get("enum").cloned().unwrap_or_else(|| json!([]))),
        ("open".to_owned(), (schema.get("x-ims-open") == Some(&Value::Bool(true))).into()),
        ("text".to_owned(), bilingual(&text)),
    ])
}

pub(super) fn bilingual(text: &Text) -> Value {
    let chinese = if text.chinese.is_empty() { &text.english } else { &text.chinese };
    json!({"en": text.english, "zh": chinese})
}

fn below(spec: &Document, pointer: &str, name: &str, depth: usize, rows: &mut Vec<Value>) {
    let Some((at, schema)) = spec.resolve(pointer).filter(|_| depth <= DEEPEST) else { return };
    let required: Vec<&str> =
        schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    for property in schema.get("properties").and_then(Value::as_object).into_iter().flat_map(Map::keys) {
        let pointer = child(&child(&at, "properties"), property);
        let mut row = described(spec, &pointer);
        let path = if name.is_empty() { property.clone() } else { format!("{name}.{property}") };
        row.insert("name".to_owned(), path.clone().into());
        row.insert("depth".to_owned(), depth.into());
        row.insert("required".to_owned(), required.contains(&property.as_str()).into());
        rows.push(Value::Object(row));
        below(spec, &pointer, &path, depth + 1, rows);
    }
    if schema.get("items").is_some() {
        below(spec, &child(&at, "items"), &format!("{name}[]"), depth, rows);
    }
    for key in ["allOf", "oneOf", "anyOf"] {
        let branches = schema.get(key).and_then(Value::as_array).map_or(0, Vec::len);
        for index in 0..branches {
            let pointer = child(&child(&at, key), &index.to_string());
            if key != "allOf" {
                let mut row = described(spec, &pointer);
                row.insert("branch".to_owned(), (index + 1).into());
                row.insert("depth".to_owned(), depth.into());
                rows.push(Value::Object(row));
            }
            below(spec, &pointer, name, depth, rows);
        }
    }
}

fn kind(spec: &Document, pointer: &str) -> String {
    let Some((at, schema)) = spec.resolve(pointer) else { return String::new() };
    let text = |key: &str| schema.get(key).and_then(Value::as_str);
    match (text("type"), text("format")) {
        (Some("array"), _) => format!("array of {}", kind(spec, &child(&at, "items"))),
        (Some(kind), Some(format)) => format!("{kind} ({format})"),
        (Some(kind), None) => kind.to_owned(),
        (None, _) if schema.get("properties").is_some() => "object".to_owned(),
        (None, _) if schema.get("oneOf").is_some() => "one of".to_owned(),
        (None, _) if schema.get("anyOf").is_some() => "any of".to_owned(),
        (None, _) => "any".to_owned(),
    }
}

/// Every other keyword that restricts the value, as the document writes it.
fn limits(schema: &Value) -> Vec<String> {
    const KEYWORDS: [&str; 13] = [
        "pattern",
        "minLength",
        "maxLength",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "multipleOf",
        "minItems",
        "maxItems",
        "uniqueItems",
        "x-ims-unique",
        "x-ims-integer",
    ];
    let shown = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let written = |key: &&str| Some(format!("{key}: {}", shown(schema.get(*key)?)));
    KEYWORDS.iter().filter_map(written).collect()
}
