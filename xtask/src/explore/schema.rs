//! A schema for the page: what a value may be, and what lies in it. Components go by name, so that each is told once.

use serde_json::{Value, json};

use crate::document::{Document, Kind, Property, Schema, Text};

/// What a schema allows, and what lies in a value of it: told here, or the name of the component that tells it.
pub(super) fn node(spec: &Document, schema: Option<&Schema>) -> Value {
    let nothing = Schema::default();
    let meant = schema.and_then(|schema| spec.schema(schema)).unwrap_or(&nothing);
    let of = meant.name();
    let mut node = if of.is_some() { json!({"of": of}) } else { inside(spec, meant) };
    node["type"] = kind(spec, meant).into();
    node["limits"] = limits(meant).into();
    node["values"] = meant.values.clone().unwrap_or_default().into();
    node["open"] = meant.open.into();
    node["text"] = bilingual(&meant.text);
    node["deprecated"] = meant.deprecated.into();
    node
}

/// What lies in a value of a schema: the fields of an object, the items of a list, the forms of which it has one.
pub(super) fn inside(spec: &Document, schema: &Schema) -> Value {
    let (mut parts, mut at) = (vec![spec.schema(schema).unwrap_or(schema)], 0);
    while let Some(part) = parts.get(at).copied() {
        let more = part.all_of.iter().filter_map(|part| spec.schema(part)).filter(|more| !parts.contains(more));
        parts.extend(more.collect::<Vec<_>>());
        at += 1;
    }
    let field = |property: &Property| {
        let mut field = node(spec, Some(&property.schema));
        field["name"] = property.name.as_str().into();
        field["required"] = property.required.into();
        field
    };
    let fields: Vec<Value> = parts.iter().flat_map(|part| &part.properties).map(field).collect();
    let forms = parts.iter().flat_map(|part| part.one_of.iter().chain(&part.any_of));
    let forms: Vec<Value> = forms.map(|form| node(spec, Some(form))).collect();
    let items = parts.iter().find_map(|part| part.items.as_deref()).map(|items| node(spec, Some(items)));
    json!({"fields": fields, "forms": forms, "items": items})
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
        Some(kind) => kind.as_str(),
        None if !schema.properties.is_empty() => "object",
        None if !schema.one_of.is_empty() => "one of",
        None if !schema.any_of.is_empty() => "any of",
        None => "any",
    };
    schema.format.as_ref().map_or_else(|| name.to_owned(), |format| format!("{name} ({format})"))
}

/// What restricts the value: a name for the page's words, and the limits.
fn limits(schema: &Schema) -> Vec<Value> {
    let integer = schema.integer.unwrap_or_default();
    let text = |limit: Option<i128>| limit.map(|limit| limit.to_string());
    let of = |limit: Option<u64>| limit.map(i128::from);
    let ranges = [
        ("characters", of(schema.length.least), of(schema.length.most)),
        ("items", of(schema.count.least), of(schema.count.most)),
        ("range", schema.bounds.least, schema.bounds.most),
        ("integer", integer.least, integer.most),
    ];
    let ranges = ranges.into_iter().filter(|(_, least, most)| least.or(*most).is_some());
    let ranges = ranges.map(|(name, least, most)| json!({"name": name, "least": text(least), "most": text(most)}));
    let others = [
        schema.unique_items.then(|| json!({"name": "unique"})),
        schema.unique.as_ref().map(|field| json!({"name": "unique_by", "least": field})),
        schema.pattern.as_ref().map(|pattern| json!({"name": "pattern", "least": pattern})),
    ];
    ranges.chain(others.into_iter().flatten()).collect()
}
