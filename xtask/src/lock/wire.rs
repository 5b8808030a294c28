//! The contract: every node of the document as a flat, ordered list of facts; the wire side of locks.
//!
//! An operation's facts are whole: references are followed, each component once per operation. What a component says
//! about itself (descriptions, samples) is a fact of the component alone, so that a changed word touches one line.

mod label;
mod print;

use std::collections::HashSet;

use serde_json::Value;

use crate::document::grammar::{self, Kind};
use crate::document::walk::{Node, Step, by_name, canonical, children};
use crate::document::{Document, METHODS, child, local};
use label::component_of;
pub(crate) use label::{below, describes, identity, part, request, spoken};

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
    /// The object of OpenAPI that says it, and its key: `schema` and `type`.
    pub node: (String, String),
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
        reader.walk("", &grammar::DOCUMENT_KIND, "");
        let mut operations: Vec<_> = spec.operations.iter().collect();
        operations.sort_by(|a, b| a.path.cmp(&b.path));
        for operation in operations {
            reader.enter(Area::Operation(operation.name()));
            reader.fact(
                "",
                "request",
                request(operation),
                &operation.pointer,
                &("path item".to_owned(), operation.method.to_owned()),
            );
            reader.walk(&operation.pointer, &grammar::ANY_OPERATION, "");
            // What a path item says holds for each of its operations.
            reader.walk(&child("/paths", &operation.path), &grammar::ANY_PATH_ITEM, "path");
        }
        for (section, members) in spec.raw.get("components").and_then(Value::as_object).map(by_name).unwrap_or_default()
        {
            let Some(Kind::Map(kind)) = grammar::components().kind_of(section) else { continue };
            for (name, _) in members.as_object().map(by_name).unwrap_or_default() {
                let pointer = child(&child("/components", section), name);
                let Some((section, ..)) = component_of(&pointer) else { continue };
                reader.enter(Area::Component(section, name.to_owned()));
                reader.shown.insert(pointer.clone());
                reader.walk(&pointer, kind, "");
            }
        }
        Self { facts: reader.facts }
    }
}

/// Writes down a fact for everything that it reads.
struct Reader<'a> {
    raw: &'a Value,
    area: Area,
    facts: Vec<Fact>,
    /// The components whose facts this area already has.
    shown: HashSet<String>,
    /// The component that is read on behalf of an operation.
    followed: Option<String>,
}

/// What a node is told by the one above it.
#[derive(Default, Clone)]
struct Above<'a> {
    /// The place of the object that holds it.
    place: String,
    /// The key of that object that leads to it, if a list or map stands between.
    key: &'a str,
    /// The names of the list's items.
    names: Vec<String>,
    /// The object of OpenAPI and its key, for [`Fact::node`].
    node: (String, String),
}

impl<'a> Reader<'a> {
    /// Reads a node and whatever stands below it.
    fn read(&mut self, node: Node<'a, '_>, above: &Above<'a>) {
        let Some(above) = self.node(node, above) else { return };
        for (token, below) in children(node) {
            self.read(Node { pointer: &child(node.pointer, &token), ..below }, &above);
        }
    }

    /// Reads what a node itself says; what those below it are told, unless they are left out.
    fn node(&mut self, node: Node<'a, '_>, above: &Above<'a>) -> Option<Above<'a>> {
        let mut origin = above.node.clone();
        // The place if it is a node, and the key if it is a fact of the object around it: a node that a list, a map or the
        // document's author has named has none, and what it says itself, it `holds`.
        let (place, key) = match node.step {
            Step::Start => (above.place.clone(), ""),
            Step::Name(name) => (below(&above.place, above.key, Some(name)), ""),
            Step::Item(index) => (below(&above.place, above.key, above.names.get(index).map(String::as_str)), ""),
            Step::Key(shape, key) => {
                // Links are of readers or of users, which depends on what they belong to.
                let of = if shape.name == "externalDocs" { format!(" of {}", origin.0) } else { String::new() };
                origin = (format!("{}{of}", shape.name), key.to_owned());
                match shape.name {
                    "path item" if METHODS.contains(&key) && self.area != Area::Document => return None,
                    "paths" | "components" if holds_areas(&node) => return None,
                    // What stands beside operations and components belongs to the document.
                    "paths" | "components" => (format!("{} {key}", shape.name), ""),
                    _ if self.followed.is_some() && describes(key) => return None,
                    _ => (below(&above.place, key, None), key),
                }
            }
        };
        let holder = if key.is_empty() { &place } else { &above.place };
        if let Some(reference) = node.reference() {
            self.reference(&node, reference, place, origin);
            return None;
        }
        if let Some((shape, members)) = node.object() {
            if members.is_empty() {
                let whole = matches!(shape.name, "paths" | "components");
                let (holder, key) = if whole { (holder, key) } else { (&place, "holds") };
                self.fact(holder, key, "{}".to_owned(), node.pointer, &origin);
            }
            return Some(Above { place, node: origin, ..Above::default() });
        }
        let names = match (node.kind, node.value) {
            (Some(Kind::List(inner)), Value::Array(items)) if inner.holds_nodes() && !items.is_empty() => {
                let items = items.iter().enumerate();
                let names: Vec<String> = items.map(|(at, item)| identity(key, at, item, self.raw)).collect();
                if names.len() > 1 {
                    self.fact(holder, &format!("{key} order"), names.join(", "), node.pointer, &origin);
                }
                names
            }
            (Some(Kind::Map(inner)), Value::Object(members)) if inner.holds_nodes() && !members.is_empty() => {
                Vec::new()
            }
            (_, value) => {
                let key = if key.is_empty() { "holds" } else { key };
                self.fact(holder, key, compact(value), node.pointer, &origin);
                return None;
            }
        };
        Some(Above { place: holder.clone(), key, names, node: origin })
    }

    fn enter(&mut self, area: Area) {
        self.area = area;
        self.shown.clear();
    }

    /// Reads the node at a pointer into the area.
    fn walk(&mut self, pointer: &str, kind: &'static Kind, place: &str) {
        let Some(value) = self.raw.pointer(pointer) else { return };
        // The token that names a component is no key of OpenAPI; its section is.
        let node = match (&self.area, pointer.split('/').nth(2)) {
            (Area::Component(..), Some(section)) => ("components".to_owned(), section.to_owned()),
            _ => ("document".to_owned(), String::new()),
        };
        let above = Above { place: place.to_owned(), node, ..Above::default() };
        self.read(Node { pointer, value, kind: Some(kind), step: Step::Start }, &above);
    }

    fn fact(&mut self, place: &str, key: &str, value: String, pointer: &str, node: &(String, String)) {
        let address = Address { area: self.area.clone(), place: place.to_owned(), key: key.to_owned() };
        self.facts.push(Fact { address, value, pointer: pointer.to_owned(), node: node.clone() });
    }

    fn reference(&mut self, node: &Node<'a, '_>, reference: &str, place: String, origin: (String, String)) {
        for (key, value) in node.value.as_object().into_iter().flatten().filter(|(key, _)| *key != "$ref") {
            self.fact(&place, key, compact(value), &child(node.pointer, key), &("reference".to_owned(), key.clone()));
        }
        let target = local(reference);
        let named = target.as_deref().map_or_else(|| reference.to_owned(), spoken);
        let recursive = target.is_some() && self.followed == target;
        let said = if recursive { format!("{named} (recursion stops here)") } else { named };
        self.fact(&place, "$ref", said, node.pointer, &origin);
        // A component speaks for itself, and once is enough for an operation.
        let Some(target) = target.filter(|_| matches!(self.area, Area::Operation(_))) else { return };
        if let (true, Some(value)) = (self.shown.insert(target.clone()), self.raw.pointer(&target)) {
            let section = target.split('/').nth(2).unwrap_or_default().to_owned();
            let above = Above { place, node: ("components".to_owned(), section), ..Above::default() };
            let before = self.followed.replace(target.clone());
            self.read(Node { pointer: &target, value, kind: node.kind, step: Step::Start }, &above);
            self.followed = before;
        }
    }
}

/// Whether a member of `paths` or `components` is read as operations or components, each an area of its own.
fn holds_areas(node: &Node<'_, '_>) -> bool {
    node.value.as_object().is_some_and(|members| match node.kind {
        Some(Kind::Map(_)) => !members.is_empty(),
        Some(_) => METHODS.iter().any(|method| members.contains_key(*method)),
        None => false,
    })
}

/// Text as it is, everything else as JSON in one line with sorted keys.
pub(crate) fn compact(value: &Value) -> String {
    match value {
        // A string that reads like something else keeps its quotes.
        Value::String(text) if !text.is_empty() && serde_json::from_str::<Value>(text).is_err() => text.clone(),
        other => canonical(other).to_string(),
    }
}
