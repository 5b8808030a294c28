//! The Rust names of types: a component's is its own, a schema written in place is named after where it stands.

use std::collections::{HashMap, HashSet};

use super::names::Names;
use super::operation::Operation;
use super::read::Document;
use super::schema::{Kind, Schema};

/// A schema that would be called as another one is.
pub(crate) struct Clash<'a> {
    pub(crate) schema: &'a Schema,
    /// The one that has the name.
    pub(crate) first: &'a Schema,
    pub(crate) name: String,
    /// What a schema in place is called instead; nothing else can be done for a component.
    pub(crate) instead: Option<String>,
}

impl Document {
    /// All schemas whose names are taken.
    pub(crate) fn clashes(&self) -> Vec<Clash<'_>> {
        let mut types = Types { document: self, seen: HashMap::new(), merging: HashSet::new(), clashes: Vec::new() };
        for (name, schema) in &self.schemas {
            types.component(name, schema);
        }
        for (name, schema) in &self.schemas {
            types.parts(name, schema);
        }
        for operation in &self.operations {
            types.operation(operation);
        }
        types.clashes
    }
}

struct Types<'a> {
    document: &'a Document,
    /// The schema by its name in Rust.
    seen: HashMap<String, &'a Schema>,
    /// The pointers of what is being merged, which may hold itself.
    merging: HashSet<&'a str>,
    clashes: Vec<Clash<'a>>,
}

impl<'a> Types<'a> {
    fn component(&mut self, name: &str, schema: &'a Schema) {
        let name = Names::of_type(name).pascal;
        if let Some(first) = self.seen.get(&name) {
            self.clashes.push(Clash { schema, first, name, instead: None });
        } else {
            self.seen.insert(name, schema);
        }
    }

    /// What the generator makes types of: of bodies, and of the one answer.
    fn operation(&mut self, operation: &'a Operation) {
        // progenitor makes a name in PascalCase, which typify does once more.
        let name = |what: &str| Names::of_type(&format!("{}-{what}", operation.names.snake)).pascal;
        for parameter in &operation.parameters {
            if let Some(schema) = &parameter.schema {
                self.place(&name(&parameter.names.snake), schema);
            }
        }
        let body = operation.body.iter().filter_map(|body| body.media()).map(|media| ("body", media));
        let answer = operation.answer().and_then(|answer| answer.media()).map(|media| ("response", media));
        for (what, media) in body.chain(answer) {
            if let Some(schema) = &media.schema {
                self.place(&name(what), schema);
            }
        }
    }

    /// A schema in place, which may become a type called `name`.
    fn place(&mut self, name: &str, schema: &'a Schema) {
        let name = if is_type(schema) { self.take(name, schema) } else { name.to_owned() };
        self.parts(&name, schema);
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
        for (index, variant) in schema.one_of.iter().chain(&schema.any_of).enumerate() {
            self.place(&format!("{name}-variant{index}"), variant);
        }
        for part in schema.all_of.iter().filter_map(|part| self.document.schema(part)) {
            if self.merging.insert(&part.pointer) {
                self.parts(name, part);
                self.merging.remove(part.pointer.as_str());
            }
        }
    }

    /// The name that a schema in place gets.
    fn take(&mut self, name: &str, schema: &'a Schema) -> String {
        let known = |name: &str| self.seen.get(&Names::of_type(name).pascal).copied();
        let raw = &self.document.raw;
        let Some(first) = known(name) else {
            self.seen.insert(Names::of_type(name).pascal, schema);
            return name.to_owned();
        };
        // A parameter or response that operations share is the same schema under several names.
        let is_component = first.pointer.matches('/').count() == 3;
        if first.pointer == schema.pointer
            || !is_component && raw.pointer(&first.pointer) == raw.pointer(&schema.pointer)
        {
            return name.to_owned();
        }
        let numbered = (2..).map(|number| format!("{name}-{number}")).find(|name| known(name).is_none());
        let instead = numbered.unwrap_or_else(|| name.to_owned());
        self.seen.insert(Names::of_type(&instead).pascal, schema);
        let name = Names::of_type(name).pascal;
        self.clashes.push(Clash { schema, first, name, instead: Some(instead.clone()) });
        instead
    }
}

/// Whether the generator makes a type of its own of a schema in place.
fn is_type(schema: &Schema) -> bool {
    let limited = schema.pattern.is_some() || schema.length != Default::default();
    schema.values.is_some()
        || !schema.one_of.is_empty()
        || !schema.any_of.is_empty()
        || matches!(schema.kind, None | Some(Kind::Object)) && !schema.properties.is_empty()
        || schema.kind == Some(Kind::Text) && schema.format.is_none() && limited
}
