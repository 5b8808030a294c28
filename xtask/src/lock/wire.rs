//! The contract: every node of the document as a flat, ordered list of facts; the wire side of locks.
//!
//! An operation's facts are whole: references are followed, each component once per operation. What a component says
//! about itself (descriptions, samples) is a fact of the component alone, so that a changed word touches one line.

mod label;
mod print;

use std::collections::HashSet;

use serde_json::{Map, Value};

use crate::document::Document;
use crate::document::child;
use crate::document::grammar::{self, Kind, Shape};
use crate::document::local;
pub(crate) use label::{METHODS, below, component_of, describes, identity, operation_name};

/// The facts of a document, in a stable order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contract {
    /// The facts: the document's own, then operation by operation, then component by component.
    pub facts: Vec<Fact>,
}

/// One thing that the document says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// Where it applies.
    pub address: Address,
    /// What is said there; a list or a sample as compact JSON with sorted keys.
    pub value: String,
    /// The RFC 6901 pointer of the node that says it, for [`Document::place`].
    pub pointer: String,
}

/// Where a fact applies, for example `ListImageTags · response 200 · application/json · tags[].key · type`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address {
    /// An operation, a component (`schema ResourceTag`), or `document`.
    pub area: Area,
    /// The node inside the area; empty for the area itself.
    pub place: String,
    /// What is said about the node: a key of OpenAPI, an extension, `order` or `holds`.
    pub key: String,
}

/// A part of the document that is read, locked and reviewed for itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Area {
    /// What belongs to the whole document.
    Document,
    /// An operation by its id, or by method and path if it has none.
    Operation(String),
    /// A component: its section's singular and its name.
    Component(&'static str, String),
}

impl std::fmt::Display for Area {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Document => f.write_str("document"),
            Self::Operation(id) => f.write_str(id),
            Self::Component(section, name) => write!(f, "{section} {name}"),
        }
    }
}

impl std::fmt::Display for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.area)?;
        for part in [&self.place, &self.key].into_iter().filter(|part| !part.is_empty()) {
            write!(f, " · {part}")?;
        }
        Ok(())
    }
}

impl Contract {
    /// Reads all facts.
    #[must_use]
    pub fn of(spec: &Document) -> Self {
        let mut reader =
            Reader { raw: &spec.raw, area: Area::Document, facts: Vec::new(), shown: HashSet::new(), followed: None };
        reader.object(grammar::document(), &spec.raw, "", "");
        reader.operations();
        reader.components();
        Self { facts: reader.facts }
    }
}

struct Reader<'a> {
    raw: &'a Value,
    area: Area,
    facts: Vec<Fact>,
    /// The components whose facts this area already has.
    shown: HashSet<String>,
    /// The component that is read on behalf of an operation.
    followed: Option<String>,
}

impl Reader<'_> {
    fn operations(&mut self) {
        let raw = self.raw;
        let Some((Value::Object(paths), shape)) = raw.get("paths").zip(shape_at(grammar::document(), "paths")) else {
            return;
        };
        for path in sorted(paths) {
            let Some((item, Kind::Object(item_shape))) = paths.get(path).zip(shape.kind_of(path)) else { continue };
            let pointer = child("/paths", path);
            for method in METHODS.into_iter().filter(|method| item.get(method).is_some()) {
                let (Some(operation), Some(shape)) = (item.get(method), shape_at(item_shape, method)) else { continue };
                self.enter(Area::Operation(operation_name(operation, method, path)));
                let here = child(&pointer, method);
                self.fact("", "request", format!("{} {path}", method.to_uppercase()), &here);
                self.object(shape, operation, &here, "");
                // What a path item says holds for each of its operations.
                self.object(item_shape, item, &pointer, "path");
            }
        }
    }

    fn components(&mut self) {
        let raw = self.raw;
        let Some(Value::Object(sections)) = raw.get("components") else { return };
        let Some(shape) = shape_at(grammar::document(), "components") else { return };
        for section in sorted(sections) {
            let Some((Value::Object(members), Kind::Map(kind))) = sections.get(section).zip(shape.kind_of(section))
            else {
                continue;
            };
            for name in sorted(members) {
                let pointer = child(&child("/components", section), name);
                let Some(component) = component_of(&pointer) else { continue };
                self.enter(Area::Component(component.section, name.clone()));
                self.shown.insert(pointer.clone());
                self.value(kind, &members[name], &pointer, "", "holds");
            }
        }
    }

    fn enter(&mut self, area: Area) {
        self.area = area;
        self.shown.clear();
    }

    fn fact(&mut self, place: &str, key: &str, value: String, pointer: &str) {
        let address = Address { area: self.area.clone(), place: place.to_owned(), key: key.to_owned() };
        self.facts.push(Fact { address, value, pointer: pointer.to_owned() });
    }

    fn object(&mut self, shape: &'static Shape, node: &Value, pointer: &str, place: &str) {
        let Value::Object(members) = node else {
            return self.fact(place, "holds", compact(node), pointer);
        };
        if members.is_empty() {
            self.fact(place, "holds", "{}".to_owned(), pointer);
        }
        for key in in_order(shape, members) {
            let (value, at) = (&members[key], child(pointer, key));
            // Operations and components are areas of their own.
            let apart = match shape.name {
                "document" => matches!(key, "paths" | "components"),
                "path item" => METHODS.contains(&key) && matches!(self.area, Area::Operation(_)),
                _ => false,
            };
            if apart {
                self.apart(key, value, &at);
            } else if self.followed.is_none() || !describes(key) {
                match shape.kind_of(key) {
                    Some(kind) => self.value(kind, value, &at, place, key),
                    None => self.fact(place, key, compact(value), &at),
                }
            }
        }
    }

    /// What stands beside operations and components: sections and path items that hold nothing, extensions, unknown
    /// keys.
    fn apart(&mut self, key: &str, value: &Value, pointer: &str) {
        let Value::Object(members) = value else {
            if self.area == Area::Document {
                self.fact("", key, compact(value), pointer);
            }
            return;
        };
        if self.area != Area::Document {
            return;
        }
        let Some(shape) = shape_at(grammar::document(), key) else { return };
        let names: Vec<&String> = sorted(members);
        if names.is_empty() {
            self.fact("", key, "{}".to_owned(), pointer);
        }
        for name in names {
            let (member, at) = (&members[name], child(pointer, name));
            let place = format!("{key} {name}");
            match shape.kind_of(name) {
                Some(Kind::Map(_)) if member.as_object().is_some_and(|members| !members.is_empty()) => {}
                Some(Kind::Object(item)) if !METHODS.iter().any(|method| member.get(method).is_some()) => {
                    self.object(item, member, &at, &place);
                }
                Some(Kind::Object(_)) => {}
                _ => self.fact(&place, "holds", compact(member), &at),
            }
        }
    }

    fn value(&mut self, kind: &'static Kind, value: &Value, pointer: &str, place: &str, key: &str) {
        match (kind, value) {
            (Kind::Ref(_), Value::Object(members)) if members.contains_key("$ref") => {
                self.reference(kind, value, pointer, &below(place, key, None));
            }
            (Kind::Object(shape) | Kind::Ref(shape), Value::Object(_)) => {
                self.object(shape, value, pointer, &below(place, key, None));
            }
            (Kind::FlagOrSchema, Value::Object(_)) => self.value(&grammar::ANY_SCHEMA, value, pointer, place, key),
            (Kind::List(inner), Value::Array(items)) if of_nodes(inner) && !items.is_empty() => {
                let names: Vec<String> =
                    items.iter().enumerate().map(|(at, item)| identity(key, at, item, self.raw)).collect();
                if names.len() > 1 {
                    self.fact(place, &format!("{key} order"), names.join(", "), pointer);
                }
                for (index, item) in items.iter().enumerate() {
                    let place = below(place, key, Some(&names[index]));
                    self.value(inner, item, &child(pointer, &index.to_string()), &place, "");
                }
            }
            (Kind::Map(inner), Value::Object(members)) if of_nodes(inner) && !members.is_empty() => {
                for name in sorted(members) {
                    let place = below(place, key, Some(name));
                    self.value(inner, &members[name], &child(pointer, name), &place, "");
                }
            }
            _ => self.fact(place, if key.is_empty() { "holds" } else { key }, compact(value), pointer),
        }
    }

    fn reference(&mut self, kind: &'static Kind, node: &Value, pointer: &str, place: &str) {
        let reference = node.get("$ref").and_then(Value::as_str).unwrap_or_default();
        for (key, value) in node.as_object().into_iter().flatten().filter(|(key, _)| *key != "$ref") {
            self.fact(place, key, compact(value), &child(pointer, key));
        }
        let Some(target) = local(reference) else {
            return self.fact(place, "$ref", reference.to_owned(), pointer);
        };
        let named = component_of(&target).map_or_else(|| target.clone(), |component| component.to_string());
        let recursive = self.followed.as_deref() == Some(target.as_str());
        let said = if recursive { format!("{named} (recursion stops here)") } else { named };
        self.fact(place, "$ref", said, pointer);
        // A component speaks for itself, and once is enough for an operation.
        if !matches!(self.area, Area::Operation(_)) || !self.shown.insert(target.clone()) {
            return;
        }
        let Some(node) = self.raw.pointer(&target) else { return };
        let before = self.followed.replace(target.clone());
        match (kind, node.get("$ref")) {
            (Kind::Ref(_), Some(_)) => self.reference(kind, node, &target, place),
            (Kind::Ref(shape), None) => self.object(shape, node, &target, place),
            _ => {}
        }
        self.followed = before;
    }
}

fn shape_at(shape: &'static Shape, key: &str) -> Option<&'static Shape> {
    match shape.kind_of(key) {
        Some(Kind::Object(shape) | Kind::Ref(shape)) => Some(shape),
        _ => None,
    }
}

/// Whether a list or map holds nodes rather than data.
pub(crate) fn of_nodes(kind: &Kind) -> bool {
    matches!(kind, Kind::Object(_) | Kind::Ref(_) | Kind::Map(_) | Kind::FlagOrSchema)
}

fn sorted(members: &Map<String, Value>) -> Vec<&String> {
    let mut names: Vec<&String> = members.keys().collect();
    names.sort();
    names
}

/// The keys as OpenAPI lists them, then the others by name: the order in the document says nothing.
fn in_order<'a>(shape: &Shape, members: &'a Map<String, Value>) -> Vec<&'a str> {
    let mut keys: Vec<&str> = members.keys().map(String::as_str).collect();
    let rank = |key: &str| shape.fields.iter().position(|(field, _)| *field == key).unwrap_or(usize::MAX);
    keys.sort_by_key(|key| (rank(key), *key));
    keys
}

/// Text as it is, everything else as JSON in one line with sorted keys.
pub(crate) fn compact(value: &Value) -> String {
    match value {
        // A string that reads like something else keeps its quotes.
        Value::String(text) if !text.is_empty() && serde_json::from_str::<Value>(text).is_err() => text.clone(),
        other => canonical(other).to_string(),
    }
}

pub(crate) fn canonical(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            Value::Object(sorted(members).into_iter().map(|key| (key.clone(), canonical(&members[key]))).collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(canonical).collect()),
        other => other.clone(),
    }
}

#[cfg(test)]
pub(crate) mod tests;
#[cfg(test)]
pub(crate) use tests::edits as edits_for_tests;
