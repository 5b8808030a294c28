//! The Rust names of types: a component's is its own, a schema written in place is named after its title or where it
//! stands. Where two differ under one name, the generator writes both, or silently keeps the first.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::Run;
use super::view::{Operation, contents, members};
use crate::document::child;
use crate::document::{Case, identifier};

pub(super) fn check<'a>(run: &mut Run<'a>, operations: &[Operation<'a>]) {
    let mut names = Names { run, seen: HashMap::new() };
    for (name, schema) in members(names.run.spec.raw.pointer("/components/schemas")) {
        let at = child("/components/schemas", name);
        names.take(name, &at, schema);
        names.parts(name, &at, schema);
    }
    for operation in operations {
        names.operation(operation);
    }
}

struct Names<'a, 'b> {
    run: &'b mut Run<'a>,
    /// The schema and its pointer, by its name in Rust.
    seen: HashMap<String, (String, &'a Value)>,
}

impl<'a> Names<'a, '_> {
    fn operation(&mut self, operation: &Operation<'a>) {
        let spec = self.run.spec;
        let id = operation.name();
        for parameter in &operation.parameters {
            if let Some(schema) = parameter.node.get("schema") {
                self.place(&format!("{id}-{}", parameter.name), &child(&parameter.pointer, "schema"), schema);
            }
        }
        let body = operation.body(spec).into_iter().map(|(at, node)| ("body", at, node));
        let answers =
            operation.responses(spec).into_iter().map(|response| ("response", response.pointer, response.node));
        for (what, at, node) in body.chain(answers) {
            for content in contents(&at, node) {
                if let Some(schema) = content.node.get("schema") {
                    self.place(&format!("{id}-{what}"), &child(&content.pointer, "schema"), schema);
                }
            }
        }
    }

    /// A schema in place, which may become a type called `name` or after its title.
    fn place(&mut self, name: &str, at: &str, schema: &'a Value) {
        let Some(keys) = schema.as_object().filter(|keys| !keys.contains_key("$ref")) else { return };
        let name = keys.get("title").and_then(Value::as_str).unwrap_or(name);
        if is_type(keys) {
            self.take(name, at, schema);
        }
        self.parts(name, at, schema);
    }

    /// What stands in a schema called `name`.
    fn parts(&mut self, name: &str, at: &str, schema: &'a Value) {
        for (property, schema) in members(schema.get("properties")) {
            self.place(&format!("{name}-{property}"), &child(&child(at, "properties"), property), schema);
        }
        for (key, suffix) in [("items", "item"), ("additionalProperties", "value")] {
            if let Some(schema) = schema.get(key) {
                self.place(&format!("{name}-{suffix}"), &child(at, key), schema);
            }
        }
    }

    fn take(&mut self, name: &str, at: &str, schema: &'a Value) {
        let rust = identifier(name, Case::Type);
        match self.seen.get(&rust) {
            // A parameter or response that operations share is the same schema under several names.
            Some((first, other)) if first != at && (*other != schema || at.matches('/').count() == 3) => {
                let line = self.run.spec.place_of_key(first).line;
                let message = format!("the schema is `{rust}` in Rust, as is another one on line {line}");
                self.run.report("schema-name-collision", at, message);
            }
            Some(_) => {}
            None => {
                self.seen.insert(rust, (at.to_owned(), schema));
            }
        }
    }
}

/// Whether the generator makes a type of its own of a schema in place.
fn is_type(keys: &Map<String, Value>) -> bool {
    let of = |kind: &str| keys.get("type").and_then(Value::as_str) == Some(kind);
    let has = |names: &[&str]| names.iter().any(|name| keys.contains_key(*name));
    has(&["enum", "oneOf", "anyOf"])
        || of("object") && has(&["properties"])
        || of("string") && !has(&["format"]) && has(&["pattern", "minLength", "maxLength"])
}
