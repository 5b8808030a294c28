//! The command line of the document as data: a command per operation with its flags, checks, texts and examples.
//!
//! What the data means to a shell is decided in `ims-api/src/cli`, once for all operations; here only names are given
//! and schemas are reduced to what a flag can check. [`words()`] writes a call the way that command line reads it.

/// The form of the data, which the command has, too: neither crate depends on the other.
#[path = "../../../ims-api/src/cli/model.rs"]
mod model;
mod words;

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use self::model::{
    Body, Command, CommandLine, Example, Flag, Form, Kind, Member, Paging, Pattern, Schema, Style, Text,
};
use crate::document::{self, Document, Location, Names, Operation};
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

/// The file `cli.json`: the data without what is nothing, below `origin`, which says what made it.
///
/// # Errors
/// None that is known: the data are texts, numbers and lists.
pub(super) fn cli(spec: &Document, origin: &str) -> serde_json::Result<String> {
    let data = CommandLine {
        about: text(&spec.about),
        groups: spec.tags.iter().map(|(name, about)| (name.clone(), text(about))).collect(),
        commands: super::in_order(spec).into_iter().map(|operation| command(spec, operation)).collect(),
    };
    let mut data = serde_json::to_value(data)?;
    prune(&mut data);
    let mut file = Map::from_iter([("generated".to_owned(), origin.lines().collect())]);
    if let Value::Object(data) = data {
        file.extend(data);
    }
    Ok(serde_json::to_string_pretty(&file)? + "\n")
}

fn prune(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(prune),
        Value::Object(members) => {
            members.retain(|_, member| ![Value::Null, false.into(), Value::Array(Vec::new())].contains(member));
            members.values_mut().for_each(prune);
        }
        _ => {}
    }
}

fn command(spec: &Document, operation: &Operation) -> Command {
    let mut name = operation.names.flag.clone();
    if RESERVED_COMMANDS.contains(&name.as_str()) {
        name.push_str("-operation");
    }
    let mut taken = Vec::new();
    let own = operation.parameters.iter().filter(|own| own.location != Location::Cookie && !own.defaults_to_project);
    let parameters = own.filter_map(|parameter| {
        Some(Flag {
            flag: free(parameter.names.flag.clone(), parameter.location.as_str(), &mut taken),
            path: vec![parameter.name.clone()],
            required: parameter.required,
            text: text(&parameter.text),
            schema: schema(spec, parameter.schema.as_ref()?, 0),
        })
    });
    let parameters = parameters.collect();
    let answer = operation.answer().and_then(|answer| answer.media());
    let mut command = Command {
        operation: operation.name(),
        name,
        group: operation.tags.first().cloned().unwrap_or_default(),
        deprecated: operation.deprecated,
        summary: text(&operation.summary),
        description: text(&operation.description),
        permissions: operation.permissions.clone(),
        parameters,
        body: operation.body.as_ref().and_then(|whole| body(spec, whole, &mut taken)),
        headers: operation.parameters_in(Location::Header).map(|parameter| parameter.name.clone()).collect(),
        answer: answer.map(|media| media.media_type.clone()),
        lists: answer.and_then(|media| Some(lists(spec, media.schema.as_ref()?))).unwrap_or_default(),
        paging: operation.paging.as_ref().map(|paging| self::paging(operation, paging)),
        job: operation.job.clone(),
        example: None,
    };
    command.example = operation.sample.as_ref().map(|sample| {
        let values = sample.values.iter().map(|(name, value)| (name.clone(), value.as_str().into())).collect();
        let (call, fields) = words::of(&command, operation, &values, sample.body.as_ref());
        let body = sample.body.as_ref().map(|body| document::walk::canonical(body).to_string());
        Example { call, fields: fields.unwrap_or_default(), body }
    });
    command
}

/// A body as flags, each once whatever the number of forms that have it; as JSON if a form of it is no object.
fn body(spec: &Document, body: &document::Body, taken: &mut Vec<String>) -> Option<Body> {
    let media = body.media().filter(|media| media.is_json())?;
    let whole = meant(spec, media.schema.as_ref()?);
    let variants: Vec<&document::Schema> = whole.one_of.iter().chain(&whole.any_of).collect();
    let mut forms: Vec<Vec<Flag>> = Vec::new();
    for variant in if variants.is_empty() { vec![whole] } else { variants } {
        let mut flags = Vec::new();
        body_flags(spec, variant, &[], true, &mut flags);
        forms.push(flags);
    }
    let (required, media_type) = (body.required, media.media_type.clone());
    if forms.iter().any(Vec::is_empty) {
        // Inside a flag: the whole of it is one value.
        return Some(Body { required, media_type, schema: schema(spec, whole, 1), ..Body::default() });
    }
    let mut flags: Vec<Flag> = Vec::new();
    for flag in forms.iter().flatten() {
        if flags.iter().all(|known| known.path != flag.path) {
            let same: Vec<&Flag> = forms.iter().flatten().filter(|other| other.path == flag.path).collect();
            flags.push(Flag {
                flag: free(Names::of_parameter(&flag.path.join("-")).flag, "body", taken),
                required: same.len() == forms.len() && same.iter().all(|flag| flag.required),
                schema: any_of(&same.iter().map(|flag| &flag.schema).collect::<Vec<_>>()),
                ..flag.clone()
            });
        }
    }
    let named = |form: &[Flag], required: bool| {
        let form = form.iter().filter(|flag| flag.required == required);
        let named = form.filter_map(|flag| flags.iter().find(|known| known.path == flag.path));
        named.map(|flag| flag.flag.clone()).collect()
    };
    let forms = forms.iter().map(|form| Form { mandatory: named(form, true), optional: named(form, false) }).collect();
    Some(Body { required, media_type, forms, flags, schema: Schema::default() })
}

/// The lists of an answer, each with the members of its items: what a table has as columns.
fn lists(spec: &Document, answer: &document::Schema) -> Vec<(String, Vec<String>)> {
    let answer = meant(spec, answer);
    let list = |name: &str, schema: &document::Schema| {
        let items = meant(spec, schema).items.as_deref()?;
        let columns = properties(spec, meant(spec, items)).into_iter().map(|member| member.name.clone());
        Some((name.to_owned(), columns.collect()))
    };
    let inside = properties(spec, answer).into_iter().filter_map(|member| list(&member.name, &member.schema));
    list("", answer).into_iter().chain(inside).collect()
}

fn paging(operation: &Operation, paging: &document::Paging) -> Paging {
    use document::Style as Written;
    let (style, next, last) = match paging.style.clone() {
        Written::Offset(_) => (Style::Offset, Vec::new(), None),
        Written::Page(_) => (Style::Number, Vec::new(), None),
        Written::Marker { next, last, .. } => (Style::Marker, next.unwrap_or_default(), last),
        Written::Link { next, .. } => (Style::Link, next, None),
    };
    Paging {
        style,
        in_body: operation.parameters.iter().all(|parameter| parameter.name != paging.limit),
        limit: paging.limit.clone(),
        place: paging.place().to_owned(),
        size: paging.size,
        items: paging.items.clone(),
        total: paging.total.clone(),
        next,
        last,
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
fn body_flags(spec: &Document, schema: &document::Schema, path: &[String], required: bool, flags: &mut Vec<Flag>) {
    for member in properties(spec, meant(spec, schema)) {
        let path = [path, std::slice::from_ref(&member.name)].concat();
        let required = required && member.required;
        let target = meant(spec, &member.schema);
        if path.len() < DEPTH && target.kind != Some(document::Kind::List) && !properties(spec, target).is_empty() {
            body_flags(spec, target, &path, required, flags);
            continue;
        }
        let said = if member.schema.text.is_empty() { &target.text } else { &member.schema.text };
        let schema = self::schema(spec, target, 0);
        flags.push(Flag { flag: String::new(), path, required, text: text(said), schema });
    }
}

/// The properties of an object by name, those that are mandatory first: the order of keys says nothing. None if there may
/// be others.
fn properties<'a>(spec: &'a Document, schema: &'a document::Schema) -> Vec<&'a document::Property> {
    use document::Additional;
    let parts = schema.all_of.iter().map(|part| meant(spec, part)).chain([schema]);
    if parts.clone().any(|part| !matches!(part.additional, Additional::Unsaid | Additional::Allowed(false))) {
        return Vec::new();
    }
    let found: BTreeMap<&str, &document::Property> =
        parts.flat_map(|part| &part.properties).map(|property| (property.name.as_str(), property)).collect();
    let mut properties: Vec<_> = found.into_values().collect();
    properties.sort_by_key(|property| !property.required);
    properties
}

/// The schema itself, behind its references.
fn meant<'a>(spec: &'a Document, schema: &'a document::Schema) -> &'a document::Schema {
    spec.schema(schema).unwrap_or(schema)
}

/// What fits each of these: objects in lists have the members of all.
fn any_of(schemas: &[&Schema]) -> Schema {
    if let [one, others @ ..] = schemas
        && others.iter().all(|other| other == one)
    {
        return (*one).clone();
    }
    let items = schemas.iter().map(|schema| match &schema.kind {
        Kind::List(items) => match &items.kind {
            Kind::Object(members) => Some(members),
            _ => None,
        },
        _ => None,
    });
    let Some(forms) = items.collect::<Option<Vec<_>>>() else {
        return Schema { kind: Kind::Json, ..Schema::default() };
    };
    let mut members: BTreeMap<&str, Member> = BTreeMap::new();
    for member in forms.iter().copied().flatten() {
        let has = |form: &&Vec<Member>| form.iter().any(|other| other.name == member.name && other.required);
        let new = || Member { required: forms.iter().all(has), ..member.clone() };
        members.entry(&member.name).or_insert_with(new);
    }
    let object = Schema { kind: Kind::Object(members.into_values().collect()), ..Schema::default() };
    Schema { kind: Kind::List(Box::new(object)), ..Schema::default() }
}

/// A schema of the document, so deep inside a flag.
fn schema(spec: &Document, schema: &document::Schema, depth: usize) -> Schema {
    use document::Kind as Written;
    let schema = meant(spec, schema);
    let inside = depth < DEPTH;
    let below = |schema: &document::Schema| self::schema(spec, schema, depth + 1);
    let kind = match (schema.kind, &schema.items) {
        (Some(Written::Text), _) if schema.integer.is_some() => Kind::IntegerText,
        (Some(Written::Text), _) => Kind::Text,
        (Some(Written::Integer), _) => Kind::Integer,
        (Some(Written::Number), _) => Kind::Number,
        (Some(Written::Boolean), _) => Kind::Boolean,
        (Some(Written::List), Some(items)) if inside => Kind::List(Box::new(below(items))),
        (Some(Written::Object) | None, _) if inside && depth > 0 => {
            let member = |property: &document::Property| Member {
                name: property.name.clone(),
                required: property.required,
                schema: below(&property.schema),
            };
            let members: Vec<Member> = properties(spec, schema).into_iter().map(member).collect();
            if members.is_empty() { Kind::Json } else { Kind::Object(members) }
        }
        _ => Kind::Json,
    };
    let values: Vec<String> = schema.values.iter().flatten().filter(|value| !value.is_null()).map(plain).collect();
    // Of an integer the bounds say more than the pattern of digits does; a pattern that the client's engine can't do is
    // left to the service.
    let pattern = schema.pattern.as_ref().filter(|_| schema.integer.is_none()).and_then(|written| {
        let portable = crate::pattern::portable(written).ok()?;
        Some(Pattern { written: written.clone(), portable, words: text(&schema.text) })
    });
    let bounds = schema.integer.unwrap_or(schema.bounds);
    let bound = |bound: Option<i128>| bound.and_then(|bound| i64::try_from(bound).ok());
    Schema {
        kind,
        open: schema.open && !values.is_empty(),
        values,
        pattern,
        shortest: schema.length.least,
        longest: schema.length.most,
        least: bound(bounds.least),
        most: bound(bounds.most),
        default: schema.default.as_ref().map(plain),
    }
}

fn text(document::Text { english, chinese }: &document::Text) -> Text {
    Text(english.clone(), chinese.clone())
}

/// A string as it is, anything else as JSON.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
