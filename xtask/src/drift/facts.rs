//! What a document says of each operation, a node a line, as `openapi/upstream.lock` holds it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::document::{Additional, Document, Media, Operation, Schema, Text};
use crate::lock::wire::{compact, request};

/// What upstream said when it was last accepted, from the workspace's root.
pub const LOCK: &str = "openapi/upstream.lock";

/// Nodes by place (`parameter query limit`, `response 200 · application/json · .tags[]`; the operation itself is
/// [`OPERATION`]), for each operation.
pub(super) type Facts = BTreeMap<String, BTreeMap<String, Node>>;

/// The place of the operation itself.
pub(super) const OPERATION: &str = "operation";

/// The keys of a schema that say something about its values by themselves.
const SAID: &str = "type format enum default pattern minLength maxLength minItems maxItems uniqueItems minimum maximum \
                    multipleOf nullable deprecated x-ims-open";

/// What is said about a node.
#[derive(Debug, Clone, Default)]
pub(super) struct Node {
    /// The keys of OpenAPI with their values; `prose` and `samples` are digests.
    pub(super) facts: BTreeMap<String, String>,
    /// Where the document says it; empty in a lock.
    pub(super) pointer: String,
}

impl Node {
    /// The facts in one line.
    pub(super) fn line(&self) -> String {
        self.facts.iter().map(|(key, value)| format!("{key} {value}")).collect::<Vec<_>>().join("; ")
    }

    /// The keys of facts that are others in the other node.
    pub(super) fn differing<'a>(&'a self, other: &'a Self) -> BTreeSet<&'a str> {
        let keys = self.facts.keys().chain(other.facts.keys());
        keys.filter(|key| self.facts.get(*key) != other.facts.get(*key)).map(String::as_str).collect()
    }
}

/// A place, and what two sides say of it.
#[derive(Clone, Copy)]
pub(super) struct Pair<'a> {
    pub(super) operation: &'a str,
    pub(super) place: &'a str,
    pub(super) old: Option<&'a Node>,
    pub(super) new: Option<&'a Node>,
}

/// Two sides, place by place; an operation that one side lacks is one place.
pub(super) fn pairs<'a>(old: &'a Facts, new: &'a Facts) -> Vec<Pair<'a>> {
    let mut pairs = Vec::new();
    for operation in old.keys().chain(new.keys()).collect::<BTreeSet<_>>() {
        let (before, after) = (old.get(operation), new.get(operation));
        let places: BTreeSet<&str> = match (before, after) {
            (Some(before), Some(after)) => before.keys().chain(after.keys()).map(String::as_str).collect(),
            _ => BTreeSet::from([OPERATION]),
        };
        let node = |side: Option<&'a BTreeMap<String, Node>>, place| side.and_then(|nodes| nodes.get(place));
        let pair = |place| Pair { operation, place, old: node(before, place), new: node(after, place) };
        pairs.extend(places.into_iter().map(pair));
    }
    pairs
}

/// Reads the facts of all operations.
pub(super) fn of(document: &Document) -> Facts {
    let read = |operation: &Operation| {
        let mut reader = Reader { document, nodes: BTreeMap::new(), following: Vec::new() };
        reader.operation(operation);
        (operation.name(), reader.nodes)
    };
    document.operations.iter().map(read).collect()
}

/// The text of a lock; `source` is where the facts are from.
pub(super) fn print(facts: &Facts, source: &str) -> String {
    let mut text = format!(
        "# What the service's own description says of each operation, as facts; texts and samples are digests.\n\
         # From {source}. Written by `cargo xtask drift --accept`; openapi/README.md explains it.\n"
    );
    for (operation, nodes) in facts {
        text += &format!("\n{operation}\n");
        text.extend(nodes.iter().map(|(place, node)| format!("  {place}: {}\n", node.line())));
    }
    text
}

/// Reads a lock.
///
/// # Errors
/// The line that isn't one of a lock.
pub(super) fn parse(text: &str) -> Result<Facts, usize> {
    let mut facts = Facts::new();
    let mut operation = String::new();
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
        let Some(line) = line.strip_prefix("  ") else {
            line.clone_into(&mut operation);
            facts.entry(operation.clone()).or_default();
            continue;
        };
        let (place, said) = line.split_once(": ").ok_or(index + 1)?;
        let said = said.split("; ").map(|fact| fact.split_once(' ').map(|(k, v)| (k.to_owned(), v.to_owned())));
        let node = Node { facts: said.collect::<Option<_>>().ok_or(index + 1)?, ..Node::default() };
        facts.get_mut(&operation).ok_or(index + 1)?.insert(place.to_owned(), node);
    }
    Ok(facts)
}

struct Reader<'a> {
    document: &'a Document,
    nodes: BTreeMap<String, Node>,
    /// The pointers of the schemas that are being read, to end where they come again.
    following: Vec<&'a str>,
}

impl<'a> Reader<'a> {
    fn fact(&mut self, place: &str, pointer: &str, key: &str, value: impl Into<String>) {
        let node = self.nodes.entry(place.to_owned()).or_default();
        if node.facts.is_empty() {
            pointer.clone_into(&mut node.pointer);
        }
        // What separates the facts of a line is written as JSON would.
        let value = value.into().replace(';', "\\u003b").replace('\n', "\\n");
        node.facts.entry(key.to_owned()).or_insert(value);
    }

    fn prose(&mut self, place: &str, pointer: &str, text: &Text) {
        if !text.is_empty() {
            self.fact(place, pointer, "prose", digest(&format!("{}\n{}", text.english, text.chinese)));
        }
    }

    fn operation(&mut self, operation: &'a Operation) {
        let at = &operation.pointer;
        self.fact(OPERATION, at, "request", request(operation));
        self.prose(OPERATION, at, &operation.description);
        self.fact(OPERATION, at, "samples", digest(&operation.summary.english));
        if operation.deprecated {
            self.fact(OPERATION, at, "deprecated", "true");
        }
        for parameter in &operation.parameters {
            let place = format!("parameter {} {}", parameter.location.as_str(), parameter.name);
            self.fact(&place, &parameter.pointer, "required", parameter.required.to_string());
            self.prose(&place, &parameter.pointer, &parameter.text);
            if let Some(schema) = &parameter.schema {
                self.schema(schema, &place, true);
            }
        }
        if let Some(body) = &operation.body {
            self.fact("request body", &body.pointer, "required", body.required.to_string());
            self.prose("request body", &body.pointer, &body.text);
            self.media("request body", &body.content);
        }
        for response in &operation.responses {
            let place = format!("response {}", response.status);
            self.prose(&place, &response.pointer, &Text::of(&response.description));
            if response.codes().is_some_and(|codes| *codes.start() >= 400) {
                // Errors have one shape in a service, so the names in it are enough.
                let schema = response.content.first().and_then(|media| media.schema.as_ref());
                let names = schema.map_or_else(|| "none".to_owned(), |schema| self.leaves(schema));
                self.fact(&place, &response.pointer, "body", names);
            } else {
                let media: Vec<&str> = response.content.iter().map(|media| media.media_type.as_str()).collect();
                let media = if media.is_empty() { "none".to_owned() } else { media.join(", ") };
                self.fact(&place, &response.pointer, "body", media);
                self.media(&place, &response.content);
            }
        }
    }

    fn media(&mut self, place: &str, content: &'a [Media]) {
        for media in content {
            let place = format!("{place} · {} · ", media.media_type);
            if let Some(schema) = &media.schema {
                self.schema(schema, &place, true);
            }
            for sample in &media.samples {
                self.fact(&format!("{place}schema"), &media.pointer, "samples", digest(&sample.value.to_string()));
            }
        }
    }

    /// The names of what a body holds that isn't an object or a list itself.
    fn leaves(&self, schema: &'a Schema) -> String {
        let mut inside = Reader { document: self.document, nodes: BTreeMap::new(), following: Vec::new() };
        inside.schema(schema, "", true);
        let holds = |node: &Node| !matches!(node.facts.get("type").map(String::as_str), Some("object" | "array"));
        let leaves =
            inside.nodes.iter().filter(|(_, node)| holds(node)).map(|(place, _)| place.trim_start_matches('.'));
        leaves.collect::<Vec<_>>().join(", ")
    }

    /// What a schema says at a place. The parts of `allOf`, `oneOf` and `anyOf` say it together: what any of them knows is
    /// known, and what a call can't do without is required, which the whole tells and not a part.
    fn schema(&mut self, schema: &'a Schema, place: &str, whole: bool) {
        let Some(meant) = self.document.schema(schema) else { return };
        if self.following.contains(&meant.pointer.as_str()) {
            return;
        }
        self.following.push(&meant.pointer);
        // The top of a body is called `schema`, what is in it by its names alone.
        let here = if place.ends_with(" · ") { format!("{place}schema") } else { place.to_owned() };
        let keys = self.document.raw.pointer(&meant.pointer).and_then(Value::as_object);
        for (key, value) in keys.into_iter().flatten().filter(|(key, _)| SAID.split(' ').any(|said| said == *key)) {
            self.fact(&here, &schema.pointer, key, compact(value));
        }
        if !meant.properties.is_empty() {
            self.fact(&here, &schema.pointer, "type", "object");
        }
        self.prose(&here, &schema.pointer, &meant.text);
        for property in &meant.properties {
            self.schema(&property.schema, &format!("{place}.{}", property.name), true);
        }
        if let Some(items) = &meant.items {
            self.schema(items, &format!("{place}[]"), true);
        }
        if let Additional::Schema(schema) = &meant.additional {
            self.schema(schema, &format!("{place}.*"), true);
        }
        for part in meant.parts() {
            self.schema(part, place, false);
        }
        if whole {
            for name in self.required(meant) {
                self.fact(&format!("{place}.{name}"), &schema.pointer, "required", "true");
            }
        }
        self.following.pop();
    }

    /// The properties that no value can do without.
    fn required(&self, schema: &'a Schema) -> BTreeSet<&'a str> {
        let Some(meant) = self.document.schema(schema) else { return BTreeSet::new() };
        let own = meant.properties.iter().filter(|property| property.required);
        let mut names: BTreeSet<&str> = own.map(|property| property.name.as_str()).collect();
        names.extend(meant.all_of.iter().flat_map(|part| self.required(part)));
        for parts in [&meant.one_of, &meant.any_of] {
            let each = parts.iter().map(|part| self.required(part));
            names.extend(each.reduce(|all, part| &all & &part).unwrap_or_default());
        }
        names
    }
}

/// Text as a hash: facts may be kept, sentences stay where they were written.
fn digest(text: &str) -> String {
    use sha2::{Digest as _, Sha256};
    Sha256::digest(text.as_bytes()).iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}
