//! How nodes are called: names that survive reordering and reformatting, for people and for fingerprints.

use serde_json::Value;

use crate::document::grammar::{self, Kind};
use crate::document::{Operation, local, tokens};

/// The component that a pointer leads into: what it is, its name, and what the pointer has below it.
pub(crate) fn component_of(pointer: &str) -> Option<(&'static str, String, &str)> {
    let mut parts = tokens(pointer.strip_prefix("/components")?);
    let Some(Kind::Map(kind)) = grammar::components().kind_of(&parts.next()?) else { return None };
    let rest = pointer.match_indices('/').nth(3).map_or("", |(at, _)| &pointer[at..]);
    Some((kind.shape()?.name, parts.next()?.into_owned(), rest))
}

/// Where a pointer leads, in words: `schema Tag`.
pub(crate) fn spoken(pointer: &str) -> String {
    component_of(pointer).map_or_else(|| pointer.to_owned(), |(section, name, rest)| format!("{section} {name}{rest}"))
}

/// What an operation is asked by: `GET /path`.
pub(crate) fn request(operation: &Operation) -> String {
    format!("{} {}", operation.method.to_uppercase(), operation.path)
}

/// Whether a key only explains: it is for readers, not for the wire.
pub(crate) fn describes(key: &str) -> bool {
    matches!(key, "description" | "title" | "summary" | "example" | "examples" | "externalDocs")
        || key.starts_with("x-")
}

/// A part of what stands at a place.
pub(crate) fn part(place: &str, name: &str) -> String {
    if place.is_empty() { name.to_owned() } else { format!("{place} · {name}") }
}

/// The place of a child: `tags[].key` inside schemas, ` · ` between other nodes.
pub(crate) fn below(place: &str, key: &str, name: Option<&str>) -> String {
    let join = |name: &str| part(place, name);
    match (key, name) {
        // The node itself: its list or map has named it.
        ("" | "holds" | "responses" | "components" | "paths", None) => place.to_owned(),
        ("items", None) => format!("{place}[]"),
        ("additionalProperties", None) => format!("{place}.*"),
        ("properties", Some(name)) => match place.strip_suffix("schema") {
            Some(body) if body.is_empty() || body.ends_with(" · ") => format!("{body}.{name}"),
            _ if inside(place) => format!("{place}.{name}"),
            _ => join(&format!(".{name}")),
        },
        ("content", Some(name)) => join(name),
        ("parameters", Some(name)) => join(&format!("parameter {name}")),
        (key, Some(name)) => join(&format!("{} {name}", singular(key))),
        (status, None) if status.starts_with(|c: char| c.is_ascii_digit()) => join(&format!("response {status}")),
        ("default", None) => join("response default"),
        ("requestBody", None) => join("request body"),
        (key, None) => join(key),
    }
}

/// Whether a place is already below a schema's top.
fn inside(place: &str) -> bool {
    place.rsplit(" · ").next().is_some_and(|last| last.starts_with('.') || last.ends_with(']') || last.ends_with(".*"))
}

fn singular(key: &str) -> &str {
    match key {
        "properties" => "property",
        other => other.strip_suffix('s').unwrap_or(other),
    }
}

/// The name of a list's item that stays when the list is reordered.
pub(crate) fn identity(key: &str, index: usize, item: &Value, raw: &Value) -> String {
    let reference = item.get("$ref").and_then(Value::as_str);
    let node = reference.and_then(local).and_then(|target| raw.pointer(&target)).unwrap_or(item);
    let text = |key: &str| node.get(key).and_then(Value::as_str);
    let named = match key {
        "parameters" => text("in").zip(text("name")).map(|(place, name)| format!("{place} {name}")),
        "tags" => text("name").map(str::to_owned),
        "servers" => text("url").map(str::to_owned),
        "security" => node.as_object().map(|schemes| match schemes.len() {
            0 => "none".to_owned(),
            _ => {
                let mut names: Vec<&str> = schemes.keys().map(String::as_str).collect();
                names.sort_unstable();
                names.join(" and ")
            }
        }),
        "oneOf" | "anyOf" | "allOf" => reference.map(|reference| {
            let target = local(reference).unwrap_or_else(|| reference.to_owned());
            component_of(&target).map(|(_, name, _)| name).unwrap_or(target)
        }),
        _ => None,
    };
    named.unwrap_or_else(|| (index + 1).to_string())
}
