//! What the document says about schemas and the generator drops: bounded integers, open enums, limits of request lists.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToPascalCase;
use openapiv3::{ReferenceOr, RequestBody};
use serde_json::Value;

use super::model::Text;
use crate::document::Document;

/// An integer with bounds: a component that is a `type: integer`, or a `type: string` with `x-ims-integer`.
#[derive(Debug)]
pub(crate) struct Integer {
    pub name: String,
    /// Whether it is a string on the wire.
    pub text: bool,
    pub minimum: u64,
    pub maximum: u64,
    pub docs: Text,
}

/// A string whose known values are not all there may be: `x-ims-open: true`.
#[derive(Debug)]
pub(crate) struct Open {
    pub name: String,
    pub docs: Text,
}

/// A request type with limits that its Rust type can't express.
#[derive(Debug)]
pub(crate) struct Limited {
    pub name: String,
    pub lists: Vec<List>,
    /// Fields whose own type is limited, and whether they are mandatory.
    pub fields: Vec<(String, bool)>,
}

/// A list of a request.
#[derive(Debug)]
pub(crate) struct List {
    /// The name on the wire.
    pub name: String,
    /// The least number of items; 0 where an empty list isn't sent.
    pub least: u64,
    pub most: Option<u64>,
    pub unique: Unique,
    /// Whether the items' type is limited, too.
    pub nested: bool,
}

/// What in a list must not be there twice.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Unique {
    No,
    Items,
    /// The values of this field: `x-ims-unique`.
    Field(String),
}

impl List {
    fn is_limited(&self) -> bool {
        self.least > 0 || self.most.is_some() || self.unique != Unique::No || self.nested
    }
}

pub(crate) fn integers(spec: &Document) -> Vec<Integer> {
    components(spec)
        .filter_map(|(name, schema)| {
            let kind = schema.get("type").and_then(Value::as_str)?;
            let text = kind == "string";
            let bounds = if text { schema.get("x-ims-integer")? } else { schema };
            let bound = |key: &str| bounds.get(key).and_then(Value::as_u64);
            if !text && (kind != "integer" || bound("minimum").is_none()) {
                return None;
            }
            let (minimum, maximum) = (bound("minimum").unwrap_or(0), bound("maximum").unwrap_or(u64::MAX));
            Some(Integer { name: name.to_pascal_case(), text, minimum, maximum, docs: described(schema) })
        })
        .collect()
}

pub(crate) fn opens(spec: &Document) -> Vec<Open> {
    components(spec)
        .filter(|(_, schema)| schema.get("x-ims-open").and_then(Value::as_bool) == Some(true))
        .filter(|(_, schema)| schema.get("enum").is_some_and(Value::is_array))
        .map(|(name, schema)| Open { name: name.to_pascal_case(), docs: described(schema) })
        .collect()
}

/// The limited types that request bodies consist of.
pub(crate) fn limited(spec: &Document) -> Vec<Limited> {
    let mut names = BTreeSet::new();
    let operations = spec.raw.get("paths").and_then(Value::as_object).into_iter().flatten();
    for operation in operations.flat_map(|(_, item)| item.as_object().into_iter().flatten()) {
        if let Some(body) = operation.1.get("requestBody") {
            reachable(spec, body, &mut names);
        }
    }
    let mut limited: Vec<Limited> = Vec::new();
    // A type is limited if what it holds is: until nothing is added.
    loop {
        let known: BTreeSet<String> = limited.iter().map(|limited| limited.name.clone()).collect();
        let next: Vec<Limited> =
            names.iter().filter_map(|name| Limited::of(name, component(spec, name)?, &known)).collect();
        let done = next.len() == limited.len();
        limited = next;
        if done {
            return limited;
        }
    }
}

impl Limited {
    fn of(name: &str, schema: &Value, known: &BTreeSet<String>) -> Option<Self> {
        let required: Vec<&str> =
            schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
        let is_known = |schema: &Value| reference(schema).is_some_and(|name| known.contains(&name.to_pascal_case()));
        let (mut lists, mut fields) = (Vec::new(), Vec::new());
        for (property, schema) in sorted(schema.get("properties")) {
            let mandatory = required.contains(&property.as_str());
            if is_known(schema) {
                fields.push((property.clone(), mandatory));
            }
            if schema.get("type").and_then(Value::as_str) != Some("array") {
                continue;
            }
            let count = |key: &str| schema.get(key).and_then(Value::as_u64);
            let list = List {
                name: property.clone(),
                least: if mandatory { count("minItems").unwrap_or(0) } else { 0 },
                most: count("maxItems"),
                unique: match schema.get("x-ims-unique").and_then(Value::as_str) {
                    Some(field) => Unique::Field(field.to_owned()),
                    None if schema.get("uniqueItems").and_then(Value::as_bool) == Some(true) => Unique::Items,
                    None => Unique::No,
                },
                nested: schema.get("items").is_some_and(is_known),
            };
            if list.is_limited() {
                lists.push(list);
            }
        }
        let limited = !lists.is_empty() || !fields.is_empty();
        limited.then(|| Self { name: name.to_pascal_case(), lists, fields })
    }
}

/// The patterns of all strings that operations and components lead to, except where another type stands for the string.
pub(crate) fn patterns(spec: &Document) -> BTreeSet<String> {
    let mut nodes: Vec<&Value> = components(spec).map(|(_, schema)| schema).collect();
    let items = spec.raw.get("paths").and_then(Value::as_object).into_iter().flatten();
    nodes.extend(items.map(|(_, item)| item));
    let (mut patterns, mut followed) = (BTreeSet::new(), BTreeSet::new());
    while let Some(node) = nodes.pop() {
        if let Some(target) = node.get("$ref").and_then(Value::as_str)
            && followed.insert(target)
        {
            nodes.extend(spec.resolve(target.trim_start_matches('#')).map(|(_, node)| node));
        }
        match node {
            Value::Object(members) => {
                let text = |key: &str| members.get(key).and_then(Value::as_str);
                if let (None | Some("string"), Some(pattern)) = (text("type"), text("pattern"))
                    && !["enum", "x-ims-integer", "format"].iter().any(|key| members.contains_key(*key))
                {
                    patterns.insert(pattern.to_owned());
                }
                nodes.extend(
                    members
                        .iter()
                        .filter(|(key, _)| {
                            !key.starts_with("x-")
                                && !matches!(key.as_str(), "headers" | "example" | "examples" | "default")
                        })
                        .map(|(_, node)| node),
                );
            }
            Value::Array(items) => nodes.extend(items),
            _ => {}
        }
    }
    patterns
}

/// How a list is read piece by piece: `x-ims-paging`.
#[derive(Debug)]
pub(crate) struct Paging {
    /// Whether the place is a page's number, and not a count of items to skip.
    pub by_page: bool,
    /// The names of the parameters, or of the body's fields.
    pub limit: String,
    pub place: String,
    /// How many items are asked for if the caller doesn't say.
    pub size: u64,
    /// The field of the answer that holds the items, their schema, and the field with the number of all: as on the wire.
    pub items: String,
    pub item: Option<String>,
    pub total: Option<String>,
}

impl Paging {
    /// The paging of an operation, whose answer has the schema `answer`.
    pub(crate) fn of(spec: &Document, extension: &Value, answer: &str) -> Option<Self> {
        let text = |key: &str| extension.get(key).and_then(Value::as_str).map(str::to_owned);
        let by_page = extension.get("style")?.as_str()? == "page";
        let items = text("items")?;
        let list = component(spec, answer)?.get("properties")?.get(&items)?;
        Some(Self {
            by_page,
            limit: text("limit")?,
            place: text(if by_page { "page" } else { "offset" })?,
            size: extension.get("size")?.as_u64()?,
            item: list.get("items").and_then(reference).map(|name| name.to_pascal_case()),
            items,
            total: text("total"),
        })
    }
}

/// The component that is the schema of a request body, which may be JSON or a form of any charset.
pub(crate) fn component_of_body(body: &RequestBody) -> Option<String> {
    match body.content.values().next()?.schema.as_ref()? {
        ReferenceOr::Reference { reference } => reference.rsplit('/').next().map(str::to_owned),
        ReferenceOr::Item(_) => None,
    }
}

fn components(spec: &Document) -> impl Iterator<Item = (&String, &Value)> {
    sorted(spec.raw.pointer("/components/schemas"))
}

/// The members of an object by name: the order of keys says nothing to the generator.
fn sorted(object: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    object.and_then(Value::as_object).into_iter().flatten().collect::<BTreeMap<_, _>>().into_iter()
}

fn component<'a>(spec: &'a Document, name: &str) -> Option<&'a Value> {
    spec.raw.pointer("/components/schemas")?.get(name)
}

/// The name of the component that a `$ref` leads to.
fn reference(schema: &Value) -> Option<&str> {
    schema.get("$ref")?.as_str()?.rsplit('/').next()
}

/// The names of all components that a node leads to.
fn reachable(spec: &Document, node: &Value, names: &mut BTreeSet<String>) {
    match node {
        Value::Object(members) => {
            if let Some(name) = reference(node)
                && names.insert(name.to_owned())
                && let Some(schema) = component(spec, name)
            {
                reachable(spec, schema, names);
            }
            members.values().for_each(|member| reachable(spec, member, names));
        }
        Value::Array(items) => items.iter().for_each(|item| reachable(spec, item, names)),
        _ => {}
    }
}

fn described(schema: &Value) -> Text {
    Text::of(schema.get("description").and_then(Value::as_str).unwrap_or_default())
}
