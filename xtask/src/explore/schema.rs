//! A schema as rows to read: one for each property that a JSON value may have, however deep.

use serde_json::{Map, Value, json};

use crate::document::{Document, Kind, Schema, Text};

/// The deepest property that is shown: a schema that holds itself would never end.
const DEEPEST: usize = 8;

/// The rows of a schema; none if it is a plain value.
pub(super) fn rows(spec: &Document, schema: &Schema) -> Vec<Value> {
    let mut rows = Vec::new();
    below(spec, schema, "", 0, &mut rows);
    rows
}

/// What a schema allows, in a row's words.
pub(super) fn described(spec: &Document, schema: Option<&Schema>) -> Map<String, Value> {
    let nothing = Schema::default();
    let meant = schema.and_then(|schema| spec.schema(schema)).unwrap_or(&nothing);
    let row = json!({
        "type": kind(spec, meant),
        "limits": limits(meant),
        "values": meant.values.clone().unwrap_or_default(),
        "open": meant.open,
        "text": bilingual(&meant.text),
        "deprecated": meant.deprecated,
    });
    if let Value::Object(row) = row { row } else { Map::new() }
}

pub(super) fn bilingual(text: &Text) -> Value {
    let chinese = if text.chinese.is_empty() { &text.english } else { &text.chinese };
    json!({"en": text.english, "zh": chinese})
}

fn below(spec: &Document, schema: &Schema, name: &str, depth: usize, rows: &mut Vec<Value>) {
    let Some(schema) = spec.schema(schema).filter(|_| depth <= DEEPEST) else { return };
    for property in &schema.properties {
        let path = if name.is_empty() { property.name.clone() } else { format!("{name}.{}", property.name) };
        let mut row = described(spec, Some(&property.schema));
        row.insert("name".to_owned(), path.as_str().into());
        row.insert("depth".to_owned(), depth.into());
        row.insert("required".to_owned(), property.required.into());
        rows.push(Value::Object(row));
        below(spec, &property.schema, &path, depth + 1, rows);
    }
    if let Some(items) = &schema.items {
        below(spec, items, &format!("{name}[]"), depth, rows);
    }
    for part in &schema.all_of {
        below(spec, part, name, depth, rows);
    }
    for (at, branch) in schema.one_of.iter().chain(&schema.any_of).enumerate() {
        let mut row = described(spec, Some(branch));
        row.insert("branch".to_owned(), (at + 1).into());
        row.insert("depth".to_owned(), depth.into());
        rows.push(Value::Object(row));
        below(spec, branch, name, depth, rows);
    }
}

fn kind(spec: &Document, schema: &Schema) -> String {
    let name = match schema.kind {
        Some(Kind::List) => {
            let items = schema.items.as_deref().and_then(|items| spec.schema(items));
            return format!("array of {}", items.map_or_else(|| "any".to_owned(), |items| kind(spec, items)));
        }
        Some(Kind::Text) => "string",
        Some(Kind::Integer) => "integer",
        Some(Kind::Number) => "number",
        Some(Kind::Boolean) => "boolean",
        Some(Kind::Object) => "object",
        None if !schema.properties.is_empty() => "object",
        None if !schema.one_of.is_empty() => "one of",
        None if !schema.any_of.is_empty() => "any of",
        None => "any",
    };
    schema.format.as_ref().map_or_else(|| name.to_owned(), |format| format!("{name} ({format})"))
}

/// What restricts the value: a name for the page's words, and the limits.
fn limits(schema: &Schema) -> Vec<Value> {
    let range = |name: &str, least: Option<String>, most: Option<String>| {
        (least.is_some() || most.is_some()).then(|| json!({"name": name, "least": least, "most": most}))
    };
    let of = |limit: Option<u64>| limit.map(|limit| limit.to_string());
    let whole = |limit: Option<i128>| limit.map(|limit| limit.to_string());
    let integer = schema.integer.unwrap_or_default();
    [
        range("characters", of(schema.length.least), of(schema.length.most)),
        range("items", of(schema.count.least), of(schema.count.most)),
        range("range", whole(schema.bounds.least), whole(schema.bounds.most)),
        range("integer", whole(integer.least), whole(integer.most)),
        schema.unique_items.then(|| json!({"name": "unique"})),
        schema.unique.as_ref().map(|field| json!({"name": "unique_by", "least": field})),
        schema.pattern.as_ref().map(|pattern| json!({"name": "pattern", "least": pattern})),
    ]
    .into_iter()
    .flatten()
    .collect()
}
