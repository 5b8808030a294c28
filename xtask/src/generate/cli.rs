//! The command line of the document as data: a command per operation with its flags, checks, texts and examples.
//!
//! What the data means to a shell is decided in `ims-api/src/cli`, once for all operations; here only names are given
//! and schemas are reduced to what a flag can check. [`words()`] writes a call the way that command line reads it.

#[cfg(test)]
mod tests;
mod words;

use std::collections::BTreeMap;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use serde_json::{Map, Value};

use crate::document::{Additional, Document, Kind, Location, Names, Operation, Parameter, Schema, Style, Text};
pub(crate) use words::names;
pub use words::{Words, words};

/// Names that the command line has for itself: a flag of the document with such a name is led by where it stands.
pub const RESERVED: &[&str] = &[
    "access-key",
    "ak",
    "allow-unknown",
    "body",
    "body-skeleton",
    "dry-run",
    "endpoint",
    "header",
    "help",
    "lang",
    "max-items",
    "no-wait",
    "output",
    "page-all",
    "password",
    "profile",
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
    "wait",
    "wait-interval",
    "wait-timeout",
];

/// Commands that the command line has for itself.
const RESERVED_COMMANDS: &[&str] = &["completions", "doctor", "help", "images", "man", "tags", "wait"];

/// How deep a body's objects become flags; what lies deeper is given as JSON.
const DEPTH: usize = 4;

/// An operation as a command.
struct Command<'a> {
    spec: &'a Document,
    operation: &'a Operation,
    name: String,
    parameters: Vec<Flag<'a>>,
    body: Option<Body<'a>>,
}

/// A request body: the flags of each of its alternatives, none if it is no object.
struct Body<'a> {
    required: bool,
    media_type: &'a str,
    shape: Shape<'a>,
    alternatives: Vec<Vec<Flag<'a>>>,
}

/// A flag: a parameter, or a plain field of the body.
struct Flag<'a> {
    flag: String,
    /// The parameter's name, or the way to the field in the body.
    path: Vec<&'a str>,
    required: bool,
    text: &'a Text,
    shape: Shape<'a>,
}

/// What a value must be: a schema of the document, so deep inside a flag.
#[derive(Clone, Copy)]
struct Shape<'a> {
    spec: &'a Document,
    schema: &'a Schema,
    depth: usize,
}

/// What a flag can write.
enum Form<'a> {
    /// A single value, by its kind in the command's data.
    Single(&'static str),
    List(Shape<'a>),
    /// An object in a list, written `name=value,name=value`.
    Object(Vec<Member<'a>>),
}

/// A member of an object.
struct Member<'a> {
    name: &'a str,
    required: bool,
    schema: &'a Schema,
}

/// The file `cli.rs`.
pub(super) fn cli(spec: &Document) -> TokenStream {
    let mut operations: Vec<&Operation> = spec.operations.iter().collect();
    operations.sort_by_key(|operation| &operation.path);
    // Several operations take the same body: it is written once, by the name of the first.
    let mut bodies: BTreeMap<String, (Ident, TokenStream)> = BTreeMap::new();
    let commands: Vec<TokenStream> = operations
        .into_iter()
        .map(|operation| {
            let command = Command::of(spec, operation);
            let body = command.body.as_ref().map(|body| {
                let body = body.tokens();
                let new = || (format_ident!("{}", operation.names.constant), body.clone());
                let (name, _) = bodies.entry(body.to_string()).or_insert_with(new);
                quote!(&bodies::#name)
            });
            command.tokens(option(body))
        })
        .collect();
    let mut bodies: Vec<_> = bodies.into_values().collect();
    bodies.sort_by(|(one, _), (other, _)| one.cmp(other));
    let bodies = bodies.into_iter().map(|(name, body)| quote!(pub(super) static #name: Body = #body;));
    let about = text(&spec.about);
    let groups = spec.tags.iter().map(|(name, about)| {
        let about = text(about);
        quote!((#name, #about))
    });
    let shared = spec.schemas.values().filter_map(|schema| {
        let (shape, name) = (Shape::of(spec, schema, 0), shared(schema)?);
        shape.shared()?;
        let schema = shape.written();
        Some(quote!(pub(super) const #name: Schema = #schema;))
    });
    quote! {
        use crate::cli::model::*;
        use crate::generated::client::operations;

        /// The rules of single values by the document's names.
        #[allow(dead_code, non_upper_case_globals, unused_imports, reason = "as many as the document has")]
        mod values {
            use crate::cli::model::*;
            #(#shared)*
        }

        /// What all of them are for.
        pub(crate) static ABOUT: Text = #about;

        /// The groups of commands and what they are about, as the document lists them.
        pub(crate) static GROUPS: &[(&str, Text)] = &[#(#groups),*];

        /// The request bodies by the first operation that takes them.
        #[allow(unused_imports, reason = "only some documents have bodies")]
        mod bodies {
            use super::values;
            use crate::cli::model::*;
            #(#bodies)*
        }

        /// A command for each operation, by path.
        pub(crate) static COMMANDS: &[Command] = &[#(#commands),*];
    }
}

impl<'a> Command<'a> {
    fn of(spec: &'a Document, operation: &'a Operation) -> Self {
        let mut name = operation.names.flag.clone();
        if RESERVED_COMMANDS.contains(&name.as_str()) {
            name.push_str("-operation");
        }
        let mut taken = Vec::new();
        let own = |parameter: &&Parameter| parameter.location != Location::Cookie && !parameter.defaults_to_project;
        let parameters = operation.parameters.iter().filter(own).filter_map(|parameter| {
            Some(Flag {
                flag: free(parameter.names.flag.clone(), parameter.location.as_str(), &mut taken),
                path: vec![&parameter.name],
                required: parameter.required,
                text: &parameter.text,
                shape: Shape::of(spec, parameter.schema.as_ref()?, 0),
            })
        });
        let parameters = parameters.collect();
        let body = operation.body.as_ref().and_then(|body| {
            let media = body.media().filter(|media| media.is_json())?;
            let mut alternatives = Vec::new();
            let schema = meant(spec, media.schema.as_ref()?);
            let variants: Vec<&Schema> = schema.one_of.iter().chain(&schema.any_of).collect();
            for variant in if variants.is_empty() { vec![schema] } else { variants } {
                let mut flags = Vec::new();
                body_flags(spec, variant, &[], true, &mut flags);
                alternatives.push(flags);
            }
            let mut named: BTreeMap<Vec<&str>, String> = BTreeMap::new();
            for flag in alternatives.iter_mut().flatten() {
                let new = || free(Names::of_parameter(&flag.path.join("-")).flag, "body", &mut taken);
                flag.flag = named.entry(flag.path.clone()).or_insert_with(new).clone();
            }
            if alternatives.iter().any(Vec::is_empty) {
                alternatives.clear();
            }
            // Inside a flag: the whole of it is one value.
            let shape = Shape::of(spec, schema, 1);
            Some(Body { required: body.required, media_type: &media.media_type, shape, alternatives })
        });
        Self { spec, operation, name, parameters, body }
    }

    fn tokens(&self, body: TokenStream) -> TokenStream {
        let Self { operation, name, .. } = self;
        let constant = format_ident!("{}", operation.names.constant);
        let (summary, description) = (text(&operation.summary), text(&operation.description));
        let permissions = &operation.permissions;
        let parameters = self.parameters.iter().map(|flag| flag.tokens(flag.required, flag.shape.tokens()));
        let group = operation.tags.first().map_or("", String::as_str);
        let deprecated = operation.deprecated;
        let lists = self.lists();
        let answer = option(operation.answer().and_then(|answer| answer.media()).map(|media| {
            let media_type = &media.media_type;
            quote!(#media_type)
        }));
        let job = option(operation.job.as_ref().map(|job| quote!(#job)));
        let headers = operation.parameters_in(Location::Header).map(|parameter| &parameter.name);
        let (paging, example) = (option(self.paging()), option(self.example()));
        quote! {
            Command {
                operation: &operations::#constant,
                name: #name,
                group: #group,
                deprecated: #deprecated,
                summary: #summary,
                description: #description,
                permissions: &[#(#permissions),*],
                parameters: &[#(#parameters),*],
                body: #body,
                headers: &[#(#headers),*],
                answer: #answer,
                lists: &[#(#lists),*],
                paging: #paging,
                job: #job,
                example: #example,
            }
        }
    }

    /// The lists of the answer, each with the members of its items: what a table has as columns.
    fn lists(&self) -> Vec<TokenStream> {
        let schema = self.operation.answer().and_then(|answer| answer.media()?.schema.as_ref());
        let Some(schema) = schema.map(|schema| meant(self.spec, schema)) else { return Vec::new() };
        let list = |name: &str, schema: &'a Schema| {
            let items = meant(self.spec, schema).items.as_deref()?;
            let columns = members(self.spec, meant(self.spec, items)).into_iter().map(|member| member.name);
            Some(quote!((#name, &[#(#columns),*])))
        };
        let inside = members(self.spec, schema);
        let inside = inside.into_iter().filter_map(|member| list(member.name, member.schema));
        list("", schema).into_iter().chain(inside).collect()
    }

    fn paging(&self) -> Option<TokenStream> {
        let paging = self.operation.paging.as_ref()?;
        let (style, next, last) = match &paging.style {
            Style::Offset(_) => (quote!(Offset), &[][..], None),
            Style::Page(_) => (quote!(Number), &[][..], None),
            Style::Marker { next, last, .. } => (quote!(Marker), next.as_deref().unwrap_or_default(), last.as_ref()),
            Style::Link { next, .. } => (quote!(Marker), &next[..], None),
        };
        let linked = matches!(paging.style, Style::Link { .. });
        let last = option(last.map(|last| quote!(#last)));
        let in_body = self.operation.parameters.iter().all(|parameter| parameter.name != paging.limit);
        let (limit, place, size, items) = (&paging.limit, paging.place(), paging.size, &paging.items);
        let total = option(paging.total.as_ref().map(|total| quote!(#total)));
        Some(quote! {
            Paging {
                style: Style::#style, in_body: #in_body, limit: #limit, place: #place, size: #size, items: #items,
                total: #total, next: &[#(#next),*], linked: #linked, last: #last,
            }
        })
    }

    fn example(&self) -> Option<TokenStream> {
        let sample = self.operation.sample.as_ref()?;
        let arguments: Map<String, Value> =
            sample.values.iter().map(|(name, value)| (name.clone(), value.as_str().into())).collect();
        let call = self.words(&arguments, None).words;
        let whole = self.words(&arguments, sample.body.as_ref());
        let fields = if whole.body.is_none() { &whole.words[call.len()..] } else { &[] };
        let body = option(sample.body.as_ref().map(|body| {
            let body = crate::document::walk::canonical(body).to_string();
            quote!(#body)
        }));
        Some(quote!(Example { call: &[#(#call),*], fields: &[#(#fields),*], body: #body }))
    }
}

impl Body<'_> {
    /// Each flag once, and of each form the names: mandatory and optional ones.
    fn tokens(&self) -> TokenStream {
        let Self { required, media_type, shape, alternatives } = self;
        let named = |mandatory: bool| {
            let names = move |flags: &Vec<Flag<'_>>| {
                let names = flags.iter().filter(|flag| flag.required == mandatory).map(|flag| flag.flag.as_str());
                names.collect::<Vec<_>>().join(" ")
            };
            alternatives.iter().map(names)
        };
        let (mandatory, optional) = (named(true), named(false));
        let mut fields: Vec<(&str, Vec<&Flag<'_>>)> = Vec::new();
        for flag in alternatives.iter().flatten() {
            match fields.iter_mut().find(|(name, _)| *name == flag.flag) {
                Some((_, forms)) => forms.push(flag),
                None => fields.push((&flag.flag, vec![flag])),
            }
        }
        let flags = fields.iter().map(|(_, forms)| {
            let always = forms.len() == alternatives.len() && forms.iter().all(|flag| flag.required);
            forms[0].tokens(always, Shape::any_of(&forms.iter().map(|flag| flag.shape).collect::<Vec<_>>()))
        });
        // What is all flags needs no schema besides.
        let schema = if alternatives.is_empty() { shape.tokens() } else { quote!(Schema::TEXT) };
        quote! {
            Body {
                required: #required, media_type: #media_type, flags: &[#(#flags),*],
                forms: &[#(Form { mandatory: #mandatory, optional: #optional }),*], schema: #schema,
            }
        }
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

/// The plain fields below an object, each with its way.
fn body_flags<'a>(spec: &'a Document, schema: &'a Schema, path: &[&'a str], required: bool, flags: &mut Vec<Flag<'a>>) {
    for member in members(spec, meant(spec, schema)) {
        let path = [path, &[member.name]].concat();
        let required = required && member.required;
        let target = meant(spec, member.schema);
        if path.len() < DEPTH && target.kind != Some(Kind::List) && !members(spec, target).is_empty() {
            body_flags(spec, target, &path, required, flags);
            continue;
        }
        flags.push(Flag {
            flag: String::new(),
            path,
            required,
            text: if member.schema.text.is_empty() { &target.text } else { &member.schema.text },
            shape: Shape::of(spec, target, 0),
        });
    }
}

/// The members of an object by name, those that are mandatory first: the order of keys says nothing. None if there may be
/// others.
fn members<'a>(spec: &'a Document, schema: &'a Schema) -> Vec<Member<'a>> {
    let mut found = BTreeMap::new();
    let parts = schema.all_of.iter().map(|part| meant(spec, part)).chain([schema]);
    if parts.clone().any(|part| !matches!(part.additional, Additional::Unsaid | Additional::Allowed(false))) {
        return Vec::new();
    }
    for property in parts.flat_map(|part| &part.properties) {
        found.insert(&property.name, property);
    }
    let member = |property: &'a crate::document::Property| Member {
        name: &property.name,
        required: property.required,
        schema: &property.schema,
    };
    let mut members: Vec<Member<'_>> = found.into_values().map(member).collect();
    members.sort_by_key(|member| !member.required);
    members
}

/// The name of a component, as its type has it.
fn shared(schema: &Schema) -> Option<Ident> {
    let name = schema.pointer.strip_prefix("/components/schemas/").filter(|name| !name.contains('/'))?;
    Some(format_ident!("{}", Names::of_type(name).pascal))
}

/// The schema itself, behind its references.
fn meant<'a>(spec: &'a Document, schema: &'a Schema) -> &'a Schema {
    spec.schema(schema).unwrap_or(schema)
}

impl<'a> Shape<'a> {
    fn of(spec: &'a Document, schema: &'a Schema, depth: usize) -> Self {
        Self { spec, schema: meant(spec, schema), depth }
    }

    fn below(self, schema: &'a Schema) -> Self {
        Self::of(self.spec, schema, self.depth + 1)
    }

    fn form(self) -> Form<'a> {
        let inside = self.depth < DEPTH;
        Form::Single(match (self.schema.kind, &self.schema.items) {
            (Some(Kind::Text), _) if self.schema.integer.is_some() => "IntegerText",
            (Some(Kind::Text), _) => "Text",
            (Some(Kind::Integer), _) => "Integer",
            (Some(Kind::Number), _) => "Number",
            (Some(Kind::Boolean), _) => "Boolean",
            (Some(Kind::List), Some(items)) if inside => return Form::List(self.below(items)),
            (Some(Kind::Object) | None, _) if inside && self.depth > 0 => {
                let members = members(self.spec, self.schema);
                if !members.is_empty() {
                    return Form::Object(members);
                }
                "Json"
            }
            _ => "Json",
        })
    }

    /// What fits each of these: objects in lists have the members of all.
    fn any_of(shapes: &[Self]) -> TokenStream {
        let mut written: Vec<TokenStream> = shapes.iter().map(|shape| shape.tokens()).collect();
        if let Some(one) = written.pop().filter(|one| written.iter().all(|other| other.to_string() == one.to_string()))
        {
            return one;
        }
        let mut members: BTreeMap<&str, (Vec<bool>, TokenStream)> = BTreeMap::new();
        for shape in shapes {
            let Form::List(items) = shape.form() else { return quote!(Schema { kind: Kind::Json, ..Schema::TEXT }) };
            let Form::Object(inside) = items.form() else { return quote!(Schema { kind: Kind::Json, ..Schema::TEXT }) };
            for Member { name, required, schema } in inside {
                members.entry(name).or_insert_with(|| (Vec::new(), items.below(schema).tokens())).0.push(required);
            }
        }
        let members = members.iter().map(|(name, (required, schema))| {
            let required = required.len() == shapes.len() && required.iter().all(|required| *required);
            quote!(Member { name: #name, required: #required, schema: #schema })
        });
        let object = quote!(Schema { kind: Kind::Object(&[#(#members),*]), ..Schema::TEXT });
        quote!(Schema { kind: Kind::List(&#object), ..Schema::TEXT })
    }

    fn tokens(self) -> TokenStream {
        self.shared().map_or_else(|| self.written(), |name| quote!(values::#name))
    }

    /// The name of a single value's schema, if the document has one for it.
    fn shared(self) -> Option<Ident> {
        let single = matches!(self.form(), Form::Single(kind) if kind != "Json");
        shared(self.schema).filter(|_| single && self.written().to_string() != quote!(Schema::TEXT).to_string())
    }

    /// Only what differs from a free text.
    fn written(self) -> TokenStream {
        let schema = self.schema;
        let kind = match self.form() {
            Form::Single("Text") => None,
            Form::Single(kind) => {
                let kind = format_ident!("{kind}");
                Some(quote!(Kind::#kind))
            }
            Form::List(items) => {
                let items = items.tokens();
                Some(quote!(Kind::List(&#items)))
            }
            Form::Object(members) => {
                let members = members.iter().map(|Member { name, required, schema }| {
                    let schema = self.below(schema).tokens();
                    quote!(Member { name: #name, required: #required, schema: #schema })
                });
                Some(quote!(Kind::Object(&[#(#members),*])))
            }
        };
        let kind = kind.map(|kind| quote!(kind: #kind,));
        let values: Vec<String> = schema.values.iter().flatten().filter(|value| !value.is_null()).map(plain).collect();
        let values = (!values.is_empty()).then(|| {
            let open = schema.open.then(|| quote!(open: true,));
            quote!(values: &[#(#values),*], #open)
        });
        // Of an integer the bounds say more than the pattern of digits does; a pattern that the client's engine can't do
        // is left to the service.
        let pattern = schema.pattern.as_ref().filter(|_| schema.integer.is_none()).and_then(|written| {
            let portable = crate::pattern::portable(written).ok()?;
            let words = text(&schema.text);
            Some(quote!(pattern: Some(Pattern { written: #written, portable: #portable, words: #words }),))
        });
        let shortest = schema.length.least.map(|count| quote!(shortest: Some(#count),));
        let longest = schema.length.most.map(|count| quote!(longest: Some(#count),));
        let bounds = schema.integer.unwrap_or(schema.bounds);
        let bound = |bound: Option<i128>| bound.and_then(|bound| i64::try_from(bound).ok());
        let least = bound(bounds.least).map(|bound| quote!(least: Some(#bound),));
        let most = bound(bounds.most).map(|bound| quote!(most: Some(#bound),));
        let default = schema.default.as_ref().map(plain).map(|default| quote!(default: Some(#default),));
        let rules = quote!(#kind #values #pattern #shortest #longest #least #most #default);
        if rules.is_empty() { quote!(Schema::TEXT) } else { quote!(Schema { #rules ..Schema::TEXT }) }
    }
}

impl Flag<'_> {
    fn tokens(&self, required: bool, schema: TokenStream) -> TokenStream {
        let Self { flag, path, .. } = self;
        let text = text(self.text);
        quote!(Flag { flag: #flag, path: &[#(#path),*], required: #required, text: #text, schema: #schema })
    }
}

fn text(Text { english, chinese }: &Text) -> TokenStream {
    quote!(Text(#english, #chinese))
}

fn option(value: Option<TokenStream>) -> TokenStream {
    value.map_or_else(|| quote!(None), |value| quote!(Some(#value)))
}

/// A string as it is, anything else as JSON.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
