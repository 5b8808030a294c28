//! The Rust names of types: a component's is its own, a schema written in place is named after its title or where it
//! stands. Where two differ under one name, the generator writes both, or silently keeps the first.

use std::collections::HashMap;

use super::Run;
use crate::document::{Kind, Names, Operation, Schema};

pub(super) fn check(run: &mut Run<'_>) {
    let spec = run.spec;
    let mut types = Types { run, seen: HashMap::new() };
    for (name, schema) in &spec.schemas {
        types.take(name, schema);
        types.parts(name, schema);
    }
    for operation in &spec.operations {
        types.operation(operation);
    }
}

struct Types<'a, 'b> {
    run: &'b mut Run<'a>,
    /// The schema by its name in Rust.
    seen: HashMap<String, &'a Schema>,
}

impl<'a> Types<'a, '_> {
    fn operation(&mut self, operation: &'a Operation) {
        let id = operation.name();
        for parameter in &operation.parameters {
            if let Some(schema) = &parameter.schema {
                self.place(&format!("{id}-{}", parameter.name), schema);
            }
        }
        let body = operation.body.iter().flat_map(|body| &body.content).map(|media| ("body", media));
        let answers = operation.responses.iter().flat_map(|response| &response.content);
        for (what, media) in body.chain(answers.map(|media| ("response", media))) {
            if let Some(schema) = &media.schema {
                self.place(&format!("{id}-{what}"), schema);
            }
        }
    }

    /// A schema in place, which may become a type called `name` or after its title.
    fn place(&mut self, name: &str, schema: &'a Schema) {
        let name = schema.title.as_deref().unwrap_or(name);
        if is_type(schema) {
            self.take(name, schema);
        }
        self.parts(name, schema);
    }

    /// What stands in a schema called `name`.
    fn parts(&mut self, name: &str, schema: &'a Schema) {
        for property in &schema.properties {
            self.place(&format!("{name}-{}", property.name), &property.schema);
        }
        if let Some(item) = &schema.items {
            self.place(&format!("{name}-item"), item);
        }
        if let Some(value) = schema.additional.schema() {
            self.place(&format!("{name}-value"), value);
        }
    }

    fn take(&mut self, name: &str, schema: &'a Schema) {
        let (raw, rust) = (&self.run.spec.raw, Names::of_type(name).pascal);
        let Some(first) = self.seen.get(&rust) else {
            self.seen.insert(rust, schema);
            return;
        };
        // A parameter or response that operations share is the same schema under several names.
        let same = raw.pointer(&first.pointer) == raw.pointer(&schema.pointer);
        let is_component = schema.pointer.matches('/').count() == 3;
        if first.pointer != schema.pointer && (!same || is_component) {
            let line = self.run.spec.place(&first.pointer).line;
            let message = format!("the schema is `{rust}` in Rust, as is another one on line {line}");
            self.run.report("schema-name-collision", &schema.pointer, message);
        }
    }
}

/// Whether the generator makes a type of its own of a schema in place.
fn is_type(schema: &Schema) -> bool {
    let limited = schema.pattern.is_some() || schema.length != Default::default();
    schema.values.is_some()
        || !schema.one_of.is_empty()
        || !schema.any_of.is_empty()
        || schema.kind == Some(Kind::Object) && !schema.properties.is_empty()
        || schema.kind == Some(Kind::Text) && schema.format.is_none() && limited
}
