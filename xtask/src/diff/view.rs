//! What one side says at a node, ready to be compared: lists and maps of nodes by name, `allOf` taken together, and what
//! `oneOf` and `anyOf` allow as alternatives.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde_json::Value;

use crate::document::grammar::Kind;
use crate::document::walk::{Node, Step, children};
use crate::document::{Document, child, local, resolve};
use crate::lock::wire::{describes, identity, spoken};

/// A node of one side.
#[derive(Clone)]
pub(super) struct Item<'a> {
    raw: &'a Value,
    pub(super) value: &'a Value,
    kind: Option<&'static Kind>,
    pub(super) pointer: String,
}

/// What is said at a node.
pub(super) struct View<'a> {
    pub(super) item: Item<'a>,
    /// Data, by key.
    pub(super) facts: BTreeMap<&'a str, Item<'a>>,
    /// The nodes below, by key and name.
    pub(super) nodes: BTreeMap<(&'a str, String), Item<'a>>,
    /// The properties that must be there.
    pub(super) required: BTreeSet<&'a str>,
    /// What may stand here, each for itself; empty if there is no choice.
    pub(super) alternatives: Vec<Item<'a>>,
}

impl<'a> Item<'a> {
    /// The node at a pointer, if there is one; data has no kind.
    pub(super) fn at(spec: &'a Document, pointer: &str, kind: Option<&'static Kind>) -> Option<Self> {
        let value = spec.raw.pointer(pointer)?;
        Some(Self { raw: &spec.raw, value, kind, pointer: pointer.to_owned() })
    }

    fn node(&self) -> Node<'a, '_> {
        Node { pointer: &self.pointer, value: self.value, kind: self.kind, step: Step::Start }
    }

    fn below(&self, token: &str, node: &Node<'a, '_>) -> Self {
        Self { raw: self.raw, value: node.value, kind: node.kind, pointer: child(&self.pointer, token) }
    }

    /// The name of the object of OpenAPI; empty for data.
    pub(super) fn shape(&self) -> &'static str {
        self.node().object().map_or("", |(shape, _)| shape.name)
    }

    pub(super) fn is(&self, key: &str) -> bool {
        self.value.get(key) == Some(&Value::Bool(true))
    }

    pub(super) fn text(&self, key: &str) -> &'a str {
        self.value.get(key).and_then(Value::as_str).unwrap_or_default()
    }

    /// The schemas of a list like `allOf`.
    fn parts(&self, key: &str) -> Vec<Self> {
        let items = self.value.get(key).and_then(Value::as_array).into_iter().flatten().enumerate();
        let at = child(&self.pointer, key);
        items.map(|(index, value)| Self { value, pointer: format!("{at}/{index}"), ..self.clone() }).collect()
    }

    /// The schemas of `oneOf` and `anyOf`.
    pub(super) fn choices(&self) -> Vec<Self> {
        [self.parts("oneOf"), self.parts("anyOf")].concat()
    }

    /// The schema inside wrappers: the only part of a schema that says nothing itself.
    pub(super) fn unwrapped(&self) -> Self {
        let list = ["allOf", "oneOf", "anyOf"].into_iter().find(|key| self.value.get(key).is_some());
        let says = |key: &String| Some(&**key) != list && key != "nullable" && !describes(key);
        let mut parts = list.map(|key| self.parts(key)).unwrap_or_default();
        let silent = self.value.as_object().is_some_and(|members| !members.keys().any(says));
        match parts.pop() {
            Some(inner) if parts.is_empty() && silent && self.shape() == "schema" => inner.unwrapped(),
            _ => self.clone(),
        }
    }

    /// The pointer that its `$ref` holds, wrapped or not.
    pub(super) fn target(&self) -> Option<String> {
        local(self.unwrapped().node().reference()?)
    }

    /// The components that a schema's `allOf` names.
    pub(super) fn named_parts(&self) -> BTreeSet<String> {
        self.parts("allOf").iter().filter_map(Self::target).collect()
    }

    /// The component that it means, if it only refers.
    pub(super) fn resolved(&self) -> Self {
        let target = self.node().reference().and_then(|_| resolve(self.raw, &self.pointer));
        target.map_or_else(|| self.clone(), |(pointer, value)| Self { value, pointer, ..self.clone() })
    }

    /// Whether null is a value of this schema; `None` if it says nothing of what it holds.
    pub(super) fn nullable(&self, depth: usize) -> Option<bool> {
        let item = self.resolved();
        if depth > 16 || item.is("nullable") || item.value.get("type").is_some() {
            return Some(item.is("nullable"));
        }
        let below = |parts: Vec<Self>| -> Vec<bool> { parts.iter().filter_map(|it| it.nullable(depth + 1)).collect() };
        let (all, any) = (below(item.parts("allOf")), below(item.choices()));
        if all.is_empty() && any.is_empty() {
            return None;
        }
        Some(!all.contains(&false) && (any.is_empty() || any.contains(&true)))
    }

    /// The values of a schema that is nothing but an enumeration.
    pub(super) fn values(&self) -> Option<&'a Vec<Value>> {
        let members = self.resolved().value.as_object()?;
        let only = |key: &String| matches!(key.as_str(), "enum" | "type" | "nullable") || describes(key);
        members.get("enum")?.as_array().filter(|_| members.keys().all(only))
    }

    /// What it is, in words.
    pub(super) fn words(&self) -> String {
        if let Some(target) = self.target() {
            return spoken(&target);
        }
        let below = |name: &str| {
            let found = children(self.node()).into_iter().find(|(token, _)| token == name);
            found.map_or_else(|| "anything".to_owned(), |(token, node)| self.below(&token, &node).words())
        };
        let members = |key: &str| self.value.get(key).and_then(Value::as_object);
        match (self.shape(), self.text("type")) {
            ("parameter", _) => {
                format!("{}, {}", if self.is("required") { "required" } else { "optional" }, below("schema"))
            }
            ("header" | "media type", _) => below("schema"),
            ("response" | "tag" | "server", _) => {
                shortened(self.text("description").lines().next().unwrap_or_default())
            }
            ("request body", _) => {
                let types = members("content").into_iter().flat_map(serde_json::Map::keys);
                types.cloned().collect::<Vec<_>>().join(", ")
            }
            ("", _) => shown(self.value),
            ("schema", kind) => match (self.value.get("enum"), members("properties"), kind) {
                (Some(values), ..) => shortened(&format!("one of {}", shown(values))),
                (_, _, "array") => format!("list of {}", below("items")),
                (_, _, "") if self.value.get("allOf").is_some() => "a schema of several parts".to_owned(),
                (_, _, "") if !self.choices().is_empty() => {
                    let names: Vec<String> = self.choices().iter().map(Self::words).collect();
                    shortened(&format!("one of: {}", names.join(", ")))
                }
                (_, Some(properties), "object" | "") if properties.len() == 1 => "object with 1 property".to_owned(),
                (_, Some(properties), "object" | "") => format!("object with {} properties", properties.len()),
                (_, _, "") => "anything".to_owned(),
                (_, _, kind) if self.text("format").is_empty() => kind.to_owned(),
                (_, _, kind) => format!("{kind} ({})", self.text("format")),
            },
            (other, _) => other.to_owned(),
        }
    }
}

impl<'a> View<'a> {
    /// What an object says; of `allOf` without the components in `told`, which speak for themselves.
    pub(super) fn of(item: &Item<'a>, told: &BTreeSet<String>) -> Self {
        let (facts, nodes) = (BTreeMap::new(), BTreeMap::new());
        let item = item.clone();
        let mut view = Self { facts, nodes, required: BTreeSet::new(), alternatives: Vec::new(), item };
        view.add(&view.item.clone(), told, &mut HashSet::new());
        view
    }

    fn add(&mut self, item: &Item<'a>, told: &BTreeSet<String>, seen: &mut HashSet<String>) {
        let first = seen.is_empty();
        if !seen.insert(item.pointer.clone()) {
            return;
        }
        let mut parts = item.parts("allOf");
        let choices = item.choices();
        // One alternative is no choice.
        if choices.len() == 1 { &mut parts } else { &mut self.alternatives }.extend(choices);
        for (token, node) in children(item.node()) {
            let Step::Key(shape, key) = node.step else { continue };
            let at = item.below(&token, &node);
            let schema = shape.name == "schema";
            match (key, node.kind) {
                ("allOf" | "oneOf" | "anyOf", _) if schema && node.value.is_array() => {}
                // Null and words are each schema's own.
                _ if schema && (key == "nullable" || !first && describes(key)) => {}
                ("required", _) if schema => {
                    self.required.extend(node.value.as_array().into_iter().flatten().filter_map(Value::as_str));
                }
                (_, Some(Kind::List(inner) | Kind::Map(inner))) if inner.holds_nodes() && key != "security" => {
                    for (index, (token, node)) in children(node).into_iter().enumerate() {
                        let name = match node.step {
                            // Header names and media types don't distinguish case.
                            Step::Name(name) if matches!(key, "headers" | "content") => name.to_ascii_lowercase(),
                            Step::Name(name) => name.to_owned(),
                            _ => identity(key, index, node.value, item.raw),
                        };
                        self.nodes.entry((key, name)).or_insert(at.below(&token, &node));
                    }
                }
                (_, Some(kind)) if kind.shape().is_some() && node.value.is_object() => {
                    self.nodes.entry((key, String::new())).or_insert(at);
                }
                _ => drop(self.facts.entry(key).or_insert(at)),
            }
        }
        for part in parts {
            if part.target().is_none_or(|target| !told.contains(&target)) {
                self.add(&part.resolved(), told, seen);
            }
        }
    }

    /// Leaves only what is for people.
    pub(super) fn explain(&mut self) {
        self.facts.retain(|key, _| describes(key));
        self.nodes.clear();
        self.required.clear();
        self.alternatives.clear();
    }

    /// Whether a reader or server that checks would refuse a property it doesn't know.
    pub(super) fn is_closed(&self) -> bool {
        self.facts.get("additionalProperties").is_some_and(|item| *item.value == Value::Bool(false))
    }
}

/// A value as people write it, on one line of reasonable length.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let parts: Vec<String> = members.iter().map(|(key, value)| format!("{key}: {}", shown(value))).collect();
            shortened(&format!("{{{}}}", parts.join(", ")))
        }
        Value::Array(items) => shortened(&items.iter().map(shown).collect::<Vec<_>>().join(", ")),
        Value::String(text) => shortened(text),
        other => other.to_string(),
    }
}

/// A value before and after as people write them, so that it shows what differs.
pub(super) fn told(sides: [Option<&Value>; 2]) -> [Option<String>; 2] {
    let told = sides.map(|value| value.map(shown));
    let [Some(before), Some(after)] = sides else { return told };
    if told[0] != told[1] {
        return told;
    }
    let [was, is] = [before, after].map(Value::to_string);
    if [before, after].iter().all(|value| !value.is_object() && !value.is_array()) {
        // `"5"` beside `5`.
        return [Some(was), Some(is)];
    }
    // From a little before the place where they begin to differ.
    let from = was.chars().zip(is.chars()).take_while(|(was, is)| was == is).count().saturating_sub(20);
    let mark = if from == 0 { "" } else { "…" };
    [was, is].map(|text| Some(format!("{mark}{}", shortened(&text.chars().skip(from).collect::<String>()))))
}

fn shortened(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() > 80 { text.chars().take(79).collect::<String>() + "…" } else { text }
}
