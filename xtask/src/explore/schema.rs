//! A schema for the page: what a value may be, and what lies in it. Components go by name, so that each is told once.

use serde_json::{Map, Value, json};

use crate::document::{Document, Kind, Schema, Text};

/// What a schema allows, and what lies in a value of it: told here, or the name of the component that tells it.
pub(super) fn node(spec: &Document, schema: Option<&Schema>) -> Map<String, Value> {
    let nothing = Schema::default();
    let meant = schema.and_then(|schema| spec.schema(schema)).unwrap_or(&nothing);
    let mut node = Map::from_iter([
        ("type".to_owned(), kind(spec, meant).into()),
        ("limits".to_owned(), limits(meant).into()),
        ("values".to_owned(), meant.values.clone().unwrap_or_default().into()),
        ("open".to_owned(), meant.open.into()),
        ("text".to_owned(), bilingual(&meant.text)),
        ("deprecated".to_owned(), meant.deprecated.into()),
    ]);
    match meant.pointer.strip_prefix("/components/schemas/").filter(|name| !name.contains('/')) {
        Some(component) => drop(node.insert("of".to_owned(), component.into())),
        None => node.extend(inside(spec, meant)),
    }
    node
}

/// What lies in a value of a schema: the fields of an object, the items of a list, the forms of which it has one.
pub(super) fn inside(spec: &Document, schema: &Schema) -> Map<String, Value> {
    let (mut parts, mut fields, mut items, mut forms) = (vec![schema], Vec::new(), None, Vec::new());
    let mut at = 0;
    while let Some(part) = parts.get(at).copied() {
        fields.extend(part.properties.iter().map(|property| {
            let mut field = node(spec, Some(&property.schema));
            field.insert("name".to_owned(), property.name.as_str().into());
            field.insert("required".to_owned(), property.required.into());
            Value::Object(field)
        }));
        items = items.or(part.items.as_deref());
        forms.extend(part.one_of.iter().chain(&part.any_of).map(|form| Value::Object(node(spec, Some(form)))));
        let more = part.all_of.iter().filter_map(|part| spec.schema(part));
        parts.extend(more.filter(|more| !parts.contains(more)).collect::<Vec<_>>());
        at += 1;
    }
    let items = items.map(|items| Value::Object(node(spec, Some(items))));
    let lists = [("fields", fields), ("forms", forms)].into_iter().filter(|(_, list)| !list.is_empty());
    let lists = lists.map(|(name, list)| (name.to_owned(), Value::Array(list)));
    lists.chain(items.map(|items| ("items".to_owned(), items))).collect()
}

pub(super) fn bilingual(text: &Text) -> Value {
    let chinese = if text.chinese.is_empty() { &text.english } else { &text.chinese };
    json!({"en": text.english, "zh": chinese})
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
