//! The one walk over the document, driven by the grammar: every node comes with what the grammar says of its place.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::grammar::{self, Kind, Shape};
use super::pointer::push;

/// A node on the walk.
#[derive(Clone, Copy)]
pub(crate) struct Node<'a, 'p> {
    /// The RFC 6901 pointer of the node.
    pub(crate) pointer: &'p str,
    pub(crate) value: &'a Value,
    /// What may stand here; `None` for extensions and keys that OpenAPI doesn't know.
    pub(crate) kind: Option<&'static Kind>,
    /// How the node's parent holds it.
    pub(crate) step: Step<'a>,
}

/// How a parent holds a node.
#[derive(Clone, Copy)]
pub(crate) enum Step<'a> {
    /// The node where the walk began.
    Start,
    /// By a key of an object of the grammar.
    Key(&'static Shape, &'a str),
    /// By a name that the document chose: a schema's, a property's, a media type's.
    Name(&'a str),
    /// As an item of a list.
    Item(usize),
}

impl<'a> Node<'a, '_> {
    /// The object of the grammar that stands here, with its members; `None` for references, lists, maps and data.
    pub(crate) fn object(&self) -> Option<(&'static Shape, &'a Map<String, Value>)> {
        let members = self.value.as_object()?;
        let shape = self.kind?.shape()?;
        self.reference().is_none().then_some((shape, members))
    }

    /// What the `$ref` says, where a reference stands.
    pub(crate) fn reference(&self) -> Option<&'a str> {
        match self.kind? {
            Kind::Ref(_) | Kind::FlagOrSchema => self.value.get("$ref")?.as_str(),
            _ => None,
        }
    }
}

/// Walks the whole document with a function that says whether to go on below a node. References are not followed, and
/// data (samples, defaults, extensions) is one node.
pub(crate) fn walk<'a>(raw: &'a Value, mut visit: impl FnMut(Node<'a, '_>) -> bool) {
    let start = Node { pointer: "", value: raw, kind: Some(&grammar::DOCUMENT_KIND), step: Step::Start };
    step(start, &mut String::new(), &mut visit);
}

fn step<'a>(node: Node<'a, '_>, pointer: &mut String, visit: &mut impl FnMut(Node<'a, '_>) -> bool) {
    if !visit(Node { pointer, ..node }) {
        return;
    }
    for (token, below) in children(node) {
        let length = pointer.len();
        push(pointer, &token);
        step(below, pointer, visit);
        pointer.truncate(length);
    }
}

/// The nodes directly below one, each with its token and without a pointer; none below a reference or data. Keys come in
/// the order of the grammar and then by name, names in their order: the order in the file says nothing.
pub(crate) fn children<'a>(node: Node<'a, '_>) -> Vec<(Cow<'a, str>, Node<'a, 'static>)> {
    let child = |token: Cow<'a, str>, value, kind, step| (token, Node { pointer: "", value, kind, step });
    if let Some((shape, members)) = node.object() {
        let keys = in_order(shape, members).into_iter();
        return keys.map(|key| child(key.into(), &members[key], shape.kind_of(key), Step::Key(shape, key))).collect();
    }
    match (node.kind, node.value) {
        (Some(Kind::List(inner)), Value::Array(items)) => {
            let items = items.iter().enumerate();
            items.map(|(at, item)| child(at.to_string().into(), item, Some(inner), Step::Item(at))).collect()
        }
        (Some(Kind::Map(inner)), Value::Object(members)) => {
            let members = by_name(members).into_iter();
            members.map(|(name, value)| child(name.into(), value, Some(inner), Step::Name(name))).collect()
        }
        _ => Vec::new(),
    }
}

/// The members of an object by name.
pub(crate) fn by_name(members: &Map<String, Value>) -> Vec<(&str, &Value)> {
    let mut sorted: Vec<(&str, &Value)> = members.iter().map(|(name, value)| (name.as_str(), value)).collect();
    sorted.sort_unstable_by_key(|(name, _)| *name);
    sorted
}

/// The keys as OpenAPI lists them, then the others by name.
pub(crate) fn in_order<'a>(shape: &Shape, members: &'a Map<String, Value>) -> Vec<&'a str> {
    let mut keys: Vec<&str> = members.keys().map(String::as_str).collect();
    let rank = |key: &str| shape.fields.iter().position(|(field, _)| *field == key).unwrap_or(usize::MAX);
    keys.sort_by_key(|key| (rank(key), *key));
    keys
}

/// The same JSON with the members of each object by name: their order says nothing.
pub(crate) fn canonical(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            by_name(members).into_iter().map(|(key, member)| (key.to_owned(), canonical(member))).collect()
        }
        Value::Array(items) => items.iter().map(canonical).collect(),
        other => other.clone(),
    }
}
