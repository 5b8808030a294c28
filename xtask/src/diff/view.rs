//! What one side says at a node, ready to be compared: lists and maps of nodes by name, `allOf` taken together, and what
//! `oneOf` and `anyOf` allow as alternatives.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde_json::Value;

use crate::document::grammar::Kind;
use crate::document::walk::{Node, Step, children};
use crate::document::{child, local};
use crate::lock::wire::{component_of, describes, identity};

/// A node of one side.
#[derive(Clone)]
pub(super) struct Item<'a> {
    pub(super) value: &'a Value,
    pub(super) kind: Option<&'static Kind>,
    pub(super) pointer: String,
}

/// What is said at a node.
#[derive(Default)]
pub(super) struct View<'a> {
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
    fn node(&self) -> Node<'a, '_> {
        Node { pointer: &self.pointer, value: self.value, kind: self.kind, step: Step::Start }
    }

    /// The name of the object of OpenAPI; empty for data.
    pub(super) fn shape(&self) -> &'static str {
        self.node().object().map_or("", |(shape, _)| shape.name)
    }

    pub(super) fn get(&self, key: &str) -> Option<&'a Value> {
        self.value.get(key)
    }

    pub(super) fn is(&self, key: &str) -> bool {
        self.get(key) == Some(&Value::Bool(true))
    }

    /// The schemas of a list like `allOf`.
    fn parts(&self, key: &str) -> Vec<Self> {
        let items = self.get(key).and_then(Value::as_array).into_iter().flatten().enumerate();
        let at = child(&self.pointer, key);
        items.map(|(index, value)| Item { value, kind: self.kind, pointer: format!("{at}/{index}") }).collect()
    }

    /// The only part of a schema that says nothing itself.
    fn wrapped(&self) -> Option<Self> {
        let list = ["allOf", "oneOf", "anyOf"].into_iter().find(|key| self.get(key).is_some())?;
        let says = |key: &String| key != list && key != "nullable" && !describes(key);
        let mut parts = self.parts(list);
        let silent = !self.value.as_object()?.keys().any(says);
        if self.shape() == "schema" && silent && parts.len() == 1 { parts.pop() } else { None }
    }

    /// The schema inside wrappers.
    pub(super) fn unwrapped(&self) -> Self {
        self.wrapped().map_or_else(|| self.clone(), |inner| inner.unwrapped())
    }

    /// The pointer that its `$ref` holds, wrapped or not.
    pub(super) fn target(&self) -> Option<String> {
        local(self.unwrapped().node().reference()?)
    }

    /// The component that it means, if it only refers.
    pub(super) fn resolved(&self, raw: &'a Value) -> Self {
        let mut item = self.clone();
        let mut seen = HashSet::new();
        while let Some((pointer, value)) = item.node().reference().and_then(local).and_then(|it| {
            let value = raw.pointer(&it)?;
            Some((it, value))
        }) {
            if !seen.insert(pointer.clone()) {
                break;
            }
            item = Item { value, kind: item.kind, pointer };
        }
        item
    }

    /// Whether null is a value of this schema; `None` if it says nothing of what it holds.
    pub(super) fn nullable(&self, raw: &'a Value, depth: usize) -> Option<bool> {
        let item = self.resolved(raw);
        if depth > 16 || item.is("nullable") || item.get("type").is_some() {
            return Some(item.is("nullable"));
        }
        let below = |key: &str| -> Vec<bool> {
            item.parts(key).iter().filter_map(|part| part.nullable(raw, depth + 1)).collect()
        };
        let (all, any) = (below("allOf"), [below("oneOf"), below("anyOf")].concat());
        if all.is_empty() && any.is_empty() {
            return None;
        }
        Some(all.iter().all(|allowed| *allowed) && (any.is_empty() || any.contains(&true)))
    }

    /// The values of a schema that is nothing but an enumeration.
    pub(super) fn values(&self, raw: &'a Value) -> Option<&'a Vec<Value>> {
        let item = self.resolved(raw);
        let only = |key: &String| matches!(key.as_str(), "enum" | "type" | "nullable") || describes(key);
        item.value.as_object()?.keys().all(only).then(|| item.get("enum")?.as_array()).flatten()
    }

    /// What it is, in words.
    pub(super) fn words(&self) -> String {
        if let Some(target) = self.target() {
            return component_of(&target).map_or(target, |component| component.to_string());
        }
        let text = |key: &str| self.get(key).and_then(Value::as_str).unwrap_or_default();
        let inner = |key: &str| match self.get(key) {
            Some(value) => {
                Item { value, kind: Some(&crate::document::grammar::ANY_SCHEMA), pointer: String::new() }.words()
            }
            None => "anything".to_owned(),
        };
        match self.shape() {
            "parameter" => {
                let must = if self.is("required") { "required" } else { "optional" };
                format!("{must}, {}", inner("schema"))
            }
            "header" | "media type" => inner("schema"),
            "response" | "tag" | "server" => shortened(text("description").lines().next().unwrap_or_default()),
            "request body" => {
                let content = self.get("content").and_then(Value::as_object);
                content.map_or_else(String::new, |content| content.keys().cloned().collect::<Vec<_>>().join(", "))
            }
            "schema" => match (text("type"), text("format")) {
                _ if self.get("enum").is_some() => {
                    let values = self.get("enum").and_then(Value::as_array).into_iter().flatten();
                    shortened(&format!("one of {}", values.map(shown).collect::<Vec<_>>().join(", ")))
                }
                ("array", _) => format!("list of {}", inner("items")),
                ("", _) if self.get("allOf").is_some() => "a schema of several parts".to_owned(),
                ("", _) if !self.choices().is_empty() => {
                    let names: Vec<String> = self.choices().iter().map(|it| it.words()).collect();
                    shortened(&format!("one of: {}", names.join(", ")))
                }
                ("object" | "", _) if self.get("properties").is_some() => {
                    let count = self.get("properties").and_then(Value::as_object).map_or(0, serde_json::Map::len);
                    format!("object with {count} {}", if count == 1 { "property" } else { "properties" })
                }
                ("", _) => "anything".to_owned(),
                (kind, "") => kind.to_owned(),
                (kind, format) => format!("{kind} ({format})"),
            },
            "" => shown(self.value),
            other => other.to_owned(),
        }
    }

    /// The schemas of `oneOf` and `anyOf`.
    pub(super) fn choices(&self) -> Vec<Self> {
        [self.parts("oneOf"), self.parts("anyOf")].concat()
    }
}

impl<'a> View<'a> {
    /// What an object says; of `allOf` without the components in `told`, which speak for themselves.
    pub(super) fn of(raw: &'a Value, item: &Item<'a>, told: &BTreeSet<String>) -> Self {
        let mut view = Self::default();
        view.add(raw, item, told, &mut HashSet::new());
        view
    }

    fn add(&mut self, raw: &'a Value, item: &Item<'a>, told: &BTreeSet<String>, seen: &mut HashSet<String>) {
        let first = seen.is_empty();
        if !seen.insert(item.pointer.clone()) {
            return;
        }
        let mut parts = item.parts("allOf");
        let choices = item.choices();
        // One alternative is no choice.
        if choices.len() == 1 {
            parts.extend(choices);
        } else {
            self.alternatives.extend(choices);
        }
        for (token, below) in children(item.node()) {
            let Step::Key(shape, key) = below.step else { continue };
            let at = Item { value: below.value, kind: below.kind, pointer: child(&item.pointer, &token) };
            let schema = shape.name == "schema";
            match (key, below.kind) {
                ("allOf" | "oneOf" | "anyOf", _) if schema && below.value.is_array() => {}
                // Null and words are each schema's own.
                _ if schema && (key == "nullable" || !first && describes(key)) => {}
                ("required", _) if schema => {
                    self.required.extend(below.value.as_array().into_iter().flatten().filter_map(Value::as_str));
                }
                (_, Some(Kind::List(inner) | Kind::Map(inner))) if inner.holds_nodes() && key != "security" => {
                    for (index, (token, node)) in children(below).into_iter().enumerate() {
                        let name = match node.step {
                            // Header names and media types don't distinguish case.
                            Step::Name(name) if matches!(key, "headers" | "content") => name.to_ascii_lowercase(),
                            Step::Name(name) => name.to_owned(),
                            _ => identity(key, index, node.value, raw),
                        };
                        let pointer = child(&at.pointer, &token);
                        let node = Item { value: node.value, kind: node.kind, pointer };
                        self.nodes.entry((key, name)).or_insert(node);
                    }
                }
                (_, Some(kind)) if kind.shape().is_some() && below.value.is_object() => {
                    self.nodes.entry((key, String::new())).or_insert(at);
                }
                _ => drop(self.facts.entry(key).or_insert(at)),
            }
        }
        for part in parts {
            if part.target().is_none_or(|target| !told.contains(&target)) {
                self.add(raw, &part.resolved(raw), told, seen);
            }
        }
    }

    /// Whether a reader or server that checks would refuse a property it doesn't know.
    pub(super) fn is_closed(&self) -> bool {
        self.facts.get("additionalProperties").is_some_and(|item| *item.value == Value::Bool(false))
    }
}

/// The components that a schema's `allOf` names.
pub(super) fn named_parts(item: &Item<'_>) -> BTreeSet<String> {
    item.parts("allOf").iter().filter_map(Item::target).collect()
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

fn shortened(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() > 80 { text.chars().take(79).collect::<String>() + "…" } else { text }
}
