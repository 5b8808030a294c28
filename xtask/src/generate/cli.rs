//! The command line of the document as data: a command per operation with its flags, checks, texts and examples.
//!
//! What the data means to a shell is decided in `ims-api/src/cli`, once for all operations; here only names are given
//! and schemas are reduced to what a flag can check. [`words()`] writes a call the way that command line reads it.

#[cfg(test)]
mod tests;
mod words;

use std::collections::BTreeMap;

use heck::ToKebabCase;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::{Map, Value};

use super::model::{Field, Model, Operation, Text};
use crate::document::Document;
use crate::document::{Case, identifier};
pub(crate) use words::names;
pub use words::{Words, words};

/// Names that the command line has for itself: a flag of the document with such a name is led by where it stands.
pub const RESERVED: &[&str] = &[
    "access-key",
    "ak",
    "body",
    "dry-run",
    "endpoint",
    "help",
    "lang",
    "output",
    "page-all",
    "password",
    "project-id",
    "query",
    "region",
    "secret-key",
    "security-token",
    "sk",
    "timeout",
    "token",
    "verbose",
    "version",
];

/// Commands that the command line has for itself.
const RESERVED_COMMANDS: &[&str] = &["completions", "doctor", "help", "man"];

/// How deep a body's objects become flags; what lies deeper is given as JSON.
const DEPTH: usize = 4;

/// An operation as a command.
struct Command {
    name: String,
    parameters: Vec<Flag>,
    body: Option<Body>,
}

/// A request body: the flags of each of its alternatives, none if it is no object.
struct Body {
    required: bool,
    alternatives: Vec<Vec<Flag>>,
}

/// A flag: a parameter, or a plain field of the body.
#[derive(Clone)]
struct Flag {
    flag: String,
    /// The parameter's name, or the way to the field in the body.
    path: Vec<String>,
    required: bool,
    text: Text,
    schema: Schema,
}

/// What a value must be.
#[derive(Clone)]
struct Schema {
    kind: Kind,
    /// The known values, and whether there may be others.
    values: Vec<String>,
    open: bool,
    pattern: Option<String>,
    shortest: Option<u64>,
    longest: Option<u64>,
    least: Option<i64>,
    most: Option<i64>,
    default: Option<String>,
}

#[derive(Clone)]
enum Kind {
    Text,
    Integer,
    /// An integer that is a string on the wire.
    IntegerText,
    Number,
    Boolean,
    List(Box<Schema>),
    /// An object in a list, written `name=value,name=value`: its members, and whether they are mandatory.
    Object(Vec<(String, bool, Schema)>),
    /// Whatever a flag can't write: JSON.
    Json,
}

/// The file `cli.rs`.
pub(super) fn cli(spec: &Document, model: &Model) -> TokenStream {
    let commands = model.operations.iter().map(|operation| {
        let command = Command::of(spec, operation);
        let constant = format_ident!("{}", operation.constant());
        let name = &command.name;
        let (summary, description) = (operation.summary.tokens(), operation.description.tokens());
        let permissions = &operation.permissions;
        let parameters = command.parameters.iter().map(Flag::tokens);
        let body = option(command.body.as_ref().map(Body::tokens));
        let paging = option(operation.paging.as_ref().map(|paging| {
            let super::schemas::Paging { by_page, limit, place, size, items, total, .. } = paging;
            let in_body = operation.parameters.iter().all(|field| field.name != *limit);
            let total = option(total.as_ref().map(|total| quote!(#total)));
            quote! {
                Paging {
                    by_page: #by_page, in_body: #in_body, limit: #limit, place: #place, size: #size, items: #items,
                    total: #total,
                }
            }
        }));
        let example = option(operation.sample.as_ref().map(|sample| {
            let arguments: Map<String, Value> =
                sample.values.iter().map(|(name, value)| (name.clone(), value.as_str().into())).collect();
            let call = command.words(operation, &arguments, None).words;
            let whole = command.words(operation, &arguments, sample.body.as_ref());
            let fields = if whole.body.is_none() { &whole.words[call.len()..] } else { &[] };
            let body = option(sample.body.as_ref().map(|body| {
                let body = body.to_string();
                quote!(#body)
            }));
            quote!(Example { call: &[#(#call),*], fields: &[#(#fields),*], body: #body })
        }));
        quote! {
            Command {
                operation: &operations::#constant,
                name: #name,
                summary: #summary,
                description: #description,
                permissions: &[#(#permissions),*],
                parameters: &[#(#parameters),*],
                body: #body,
                paging: #paging,
                example: #example,
            }
        }
    });
    let about = spec.openapi.info.description.as_deref().map_or_else(Text::default, Text::of).tokens();
    quote! {
        use crate::cli::model::*;
        use crate::generated::client::operations;

        /// What all of them are for.
        pub(crate) static ABOUT: Text = #about;

        /// A command for each operation, by path.
        pub(crate) static COMMANDS: &[Command] = &[#(#commands),*];
    }
}

impl Command {
    fn of(spec: &Document, operation: &Operation) -> Self {
        let mut name = kebab(&operation.id);
        if RESERVED_COMMANDS.contains(&name.as_str()) {
            name.push_str("-operation");
        }
        let mut taken = Vec::new();
        let own = |field: &&Field| field.location != "cookie" && !field.defaults_to_project;
        let parameters = operation.parameters.iter().filter(own).map(|field| Flag {
            flag: free(kebab(field.alias.as_ref().unwrap_or(&field.name)), field.location, &mut taken),
            path: vec![field.name.clone()],
            required: field.required,
            text: field.text.clone(),
            schema: Schema::of(spec, &field.schema, 0),
        });
        let parameters = parameters.collect();
        let body = operation.body_node.as_ref().map(|node| {
            let mut alternatives = Vec::new();
            let schema = resolved(spec, node);
            let variants = ["oneOf", "anyOf"].iter().find_map(|key| schema.get(*key)?.as_array());
            for variant in variants.map_or_else(|| vec![schema], |variants| variants.iter().collect()) {
                let mut flags = Vec::new();
                body_flags(spec, variant, &[], true, &mut flags);
                alternatives.push(flags);
            }
            let mut named: BTreeMap<Vec<String>, String> = BTreeMap::new();
            for flag in alternatives.iter_mut().flatten() {
                let name = named.entry(flag.path.clone());
                let new = || free(kebab(&flag.path.join("-")), "body", &mut taken);
                flag.flag = name.or_insert_with(new).clone();
            }
            if alternatives.iter().any(Vec::is_empty) {
                alternatives.clear();
            }
            Body { required: operation.body_required, alternatives }
        });
        Self { name, parameters, body }
    }
}

/// A name that nothing else has yet.
fn free(name: String, location: &str, taken: &mut Vec<String>) -> String {
    let name = if RESERVED.contains(&name.as_str()) { format!("{location}-{name}") } else { name };
    let mut free = name.clone();
    for number in 2.. {
        if !taken.contains(&free) && !RESERVED.contains(&free.as_str()) {
            break;
        }
        free = format!("{name}-{number}");
    }
    taken.push(free.clone());
    free
}

/// `image-id` of `image_id` and of `ImageId`.
fn kebab(name: &str) -> String {
    let kebab = identifier(name, Case::Method).to_kebab_case();
    if kebab.is_empty() { "x".to_owned() } else { kebab }
}

/// The plain fields below an object, each with its way.
fn body_flags(spec: &Document, node: &Value, path: &[String], required: bool, flags: &mut Vec<Flag>) {
    let schema = resolved(spec, node);
    for (name, is_required, member) in members(spec, schema) {
        let mut below = path.to_vec();
        below.push(name);
        let required = required && is_required;
        let target = resolved(spec, &member);
        if below.len() < DEPTH && !members(spec, target).is_empty() && !is_list(target) {
            body_flags(spec, &member, &below, required, flags);
            continue;
        }
        flags.push(Flag {
            flag: String::new(),
            path: below,
            required,
            text: described(&member).or_else(|| described(target)).unwrap_or_default(),
            schema: Schema::of(spec, &member, 0),
        });
    }
}

/// The members of an object by name, those that are mandatory first: the order of keys says nothing.
fn members(spec: &Document, schema: &Value) -> Vec<(String, bool, Value)> {
    let mut found: BTreeMap<&str, (bool, &Value)> = BTreeMap::new();
    let parts = schema.get("allOf").and_then(Value::as_array).into_iter().flatten();
    let parts: Vec<&Value> = parts.map(|part| resolved(spec, part)).chain([schema]).collect();
    let mandatory: Vec<&str> = parts
        .iter()
        .flat_map(|part| part.get("required").and_then(Value::as_array).into_iter().flatten())
        .filter_map(Value::as_str)
        .collect();
    for part in parts {
        for (name, member) in part.get("properties").and_then(Value::as_object).into_iter().flatten() {
            found.insert(name, (mandatory.contains(&name.as_str()), member));
        }
    }
    let mut members: Vec<(String, bool, Value)> =
        found.into_iter().map(|(name, (required, member))| (name.to_owned(), required, member.clone())).collect();
    members.sort_by_key(|(_, required, _)| !required);
    members
}

fn is_list(schema: &Value) -> bool {
    schema.get("type").and_then(Value::as_str) == Some("array")
}

/// The schema itself, behind its references.
fn resolved<'a>(spec: &'a Document, node: &'a Value) -> &'a Value {
    let target = node.get("$ref").and_then(Value::as_str).and_then(crate::document::local);
    target.and_then(|pointer| spec.resolve(&pointer)).map_or(node, |(_, target)| target)
}

fn described(schema: &Value) -> Option<Text> {
    schema.get("description").and_then(Value::as_str).map(Text::of)
}

impl Schema {
    fn of(spec: &Document, node: &Value, depth: usize) -> Self {
        let schema = resolved(spec, node);
        let count = |key: &str| schema.get(key).and_then(Value::as_u64);
        let integers = schema.get("x-ims-integer");
        let bound = |key: &str| integers.unwrap_or(schema).get(key).and_then(Value::as_i64);
        let kind = match schema.get("type").and_then(Value::as_str) {
            Some("string") if integers.is_some() => Kind::IntegerText,
            Some("string") => Kind::Text,
            Some("integer") => Kind::Integer,
            Some("number") => Kind::Number,
            Some("boolean") => Kind::Boolean,
            Some("array") if depth < DEPTH => match schema.get("items") {
                Some(items) => Kind::List(Box::new(Self::of(spec, items, depth + 1))),
                None => Kind::Json,
            },
            _ if depth > 0 && depth < DEPTH => {
                let members = members(spec, schema).into_iter();
                let members: Vec<_> = members
                    .map(|(name, required, member)| (name, required, Self::of(spec, &member, depth + 1)))
                    .collect();
                if members.is_empty() { Kind::Json } else { Kind::Object(members) }
            }
            _ => Kind::Json,
        };
        let values = schema.get("enum").and_then(Value::as_array).into_iter().flatten();
        Self {
            values: values.filter(|value| !value.is_null()).map(plain).collect(),
            open: schema.get("x-ims-open").and_then(Value::as_bool) == Some(true),
            // The bounds say more than the pattern of digits does.
            pattern: schema.get("pattern").and_then(Value::as_str).filter(|_| integers.is_none()).map(str::to_owned),
            shortest: count("minLength"),
            longest: count("maxLength"),
            least: bound("minimum"),
            most: bound("maximum"),
            default: schema.get("default").map(plain),
            kind,
        }
    }

    /// Only what differs from a free text.
    fn tokens(&self) -> TokenStream {
        let kind = match &self.kind {
            Kind::Text => None,
            Kind::Integer => Some(quote!(Kind::Integer)),
            Kind::IntegerText => Some(quote!(Kind::IntegerText)),
            Kind::Number => Some(quote!(Kind::Number)),
            Kind::Boolean => Some(quote!(Kind::Boolean)),
            Kind::Json => Some(quote!(Kind::Json)),
            Kind::List(items) => {
                let items = items.tokens();
                Some(quote!(Kind::List(&#items)))
            }
            Kind::Object(members) => {
                let members = members.iter().map(|(name, required, schema)| {
                    let schema = schema.tokens();
                    quote!(Member { name: #name, required: #required, schema: #schema })
                });
                Some(quote!(Kind::Object(&[#(#members),*])))
            }
        };
        let kind = kind.map(|kind| quote!(kind: #kind,));
        let values = (!self.values.is_empty()).then(|| {
            let (values, open) = (&self.values, self.open.then(|| quote!(open: true,)));
            quote!(values: &[#(#values),*], #open)
        });
        // One that the client's engine can't do is left to the typed call, as the lint leaves it to nobody.
        let pattern = self.pattern.as_ref().and_then(|written| {
            let portable = crate::pattern::portable(written).ok()?;
            Some(quote!(pattern: Some(Pattern { written: #written, portable: #portable }),))
        });
        let shortest = self.shortest.map(|count| quote!(shortest: Some(#count),));
        let longest = self.longest.map(|count| quote!(longest: Some(#count),));
        let least = self.least.map(|bound| quote!(least: Some(#bound),));
        let most = self.most.map(|bound| quote!(most: Some(#bound),));
        let default = self.default.as_ref().map(|default| quote!(default: Some(#default),));
        let rules = quote!(#kind #values #pattern #shortest #longest #least #most #default);
        if rules.is_empty() { quote!(Schema::TEXT) } else { quote!(Schema { #rules ..Schema::TEXT }) }
    }
}

impl Flag {
    fn tokens(&self) -> TokenStream {
        let Self { flag, path, required, text, schema } = self;
        let (text, schema) = (text.tokens(), schema.tokens());
        quote!(Flag { flag: #flag, path: &[#(#path),*], required: #required, text: #text, schema: #schema })
    }
}

impl Body {
    fn tokens(&self) -> TokenStream {
        let required = self.required;
        let alternatives = self.alternatives.iter().map(|flags| {
            let flags = flags.iter().map(Flag::tokens);
            quote!(&[#(#flags),*])
        });
        quote!(Body { required: #required, alternatives: &[#(#alternatives),*] })
    }
}

impl Text {
    fn tokens(&self) -> TokenStream {
        let (english, chinese) = (&self.english, &self.chinese);
        quote!(Text { english: #english, chinese: #chinese })
    }
}

fn option(value: Option<TokenStream>) -> TokenStream {
    value.map_or_else(|| quote!(None), |value| quote!(Some(#value)))
}

/// A string as it is, anything else as JSON.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
