//! The Rust names of types: a component's is its own, a schema written in place is named after where it stands.

use std::collections::{HashMap, HashSet};

use super::names::{Case, identifier};
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
            let name = identifier(name, Case::Type);
            match types.seen.get(&name) {
                Some(first) => types.clashes.push(Clash { schema, first, name, instead: None }),
                None => drop(types.seen.insert(name, schema)),
            }
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
    /// What the generator makes types of: of bodies, and of the one answer.
    fn operation(&mut self, operation: &'a Operation) {
        // progenitor makes a name in PascalCase, which typify does once more.
        let name = |what: &str| identifier(&format!("{}-{what}", operation.names.snake), Case::Type);
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
        let properties = schema.properties.iter().map(|property| (property.name.clone(), &property.schema));
        let item = schema.items.iter().map(|item| ("item".to_owned(), &**item));
        let value = schema.additional.schema().map(|value| ("value".to_owned(), value));
        let variants = schema.one_of.iter().chain(&schema.any_of).enumerate();
        let variants = variants.map(|(index, variant)| (format!("variant{index}"), variant));
        for (what, inner) in properties.chain(item).chain(value).chain(variants) {
            self.place(&format!("{name}-{what}"), inner);
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
        let rust = identifier(name, Case::Type);
        let Some(&first) = self.seen.get(&rust) else {
            self.seen.insert(rust, schema);
            return name.to_owned();
        };
        // A parameter or response that operations share is the same schema under several names.
        let (raw, is_component) = (&self.document.raw, first.pointer.matches('/').count() == 3);
        let is_same = || !is_component && raw.pointer(&first.pointer) == raw.pointer(&schema.pointer);
        if first.pointer == schema.pointer || is_same() {
            return name.to_owned();
        }
        let mut numbered = (2..).map(|number| format!("{name}-{number}"));
        let is_free = |name: &String| !self.seen.contains_key(&identifier(name, Case::Type));
        let instead = numbered.find(is_free).unwrap_or_else(|| name.to_owned());
        self.seen.insert(identifier(&instead, Case::Type), schema);
        self.clashes.push(Clash { schema, first, name: rust, instead: Some(instead.clone()) });
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
