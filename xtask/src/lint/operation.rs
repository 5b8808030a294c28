//! Limits of the generator in paths, operations, parameters, bodies and responses.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::rules::Run;
use crate::document::{Case, Document, Kind, Location, Media, Operation, Response, Schema, child, identifier, is_json};

/// The methods of `Client` that no operation may take: those written by hand, and `clone`.
pub const CLIENT_METHODS: &[&str] = &[
    "builder",
    "change_image",
    "clone",
    "ensure_tags",
    "from_env",
    "image",
    "image_tags",
    "project_id",
    "transport",
    "wait_for_image",
    "wait_for_job",
];

pub(super) fn check(run: &mut Run<'_>) {
    let spec = run.spec;
    if !spec.version.bytes().all(|b| matches!(b, 32..=126)) {
        let message = format!("the version \"{}\" is no header value", spec.version.escape_debug());
        run.report("info-version", "/info/version", message);
    }
    let mut ids: HashMap<&str, String> = HashMap::new();
    for operation in &spec.operations {
        id(run, operation, &mut ids);
        parameters(run, operation);
        template(run, operation);
        request(run, operation);
        responses(run, operation);
    }
}

fn id<'a>(run: &mut Run<'_>, operation: &'a Operation, ids: &mut HashMap<&'a str, String>) {
    let Some(id) = &operation.id else {
        let name = operation.name();
        return run.report("operation-id-missing", &operation.pointer, format!("`{name}` has no operationId"));
    };
    let (at, rust) = (child(&operation.pointer, "operationId"), operation.names.snake.as_str());
    if CLIENT_METHODS.contains(&rust) {
        run.report("operation-id-reserved", &at, format!("`{id}` is `{rust}` in Rust, a method that `Client` has"));
    }
    if run.written(&operation.pointer, "x-dropshot-websocket").is_some() {
        let at = child(&operation.pointer, "x-dropshot-websocket");
        run.report("operation-websocket", &at, format!("`{id}` is a websocket"));
    }
    match ids.entry(rust) {
        Entry::Vacant(entry) => drop(entry.insert(at)),
        Entry::Occupied(first) => {
            let line = run.spec.place(first.get()).line;
            let message = format!("`{id}` is `{rust}` in Rust, as is the operation on line {line}");
            run.report("operation-id-duplicate", &at, message);
        }
    }
}

fn parameters(run: &mut Run<'_>, operation: &Operation) {
    let mut names: HashMap<String, &str> = HashMap::new();
    for parameter in &operation.parameters {
        let (at, name, location) = (&parameter.pointer, parameter.name.as_str(), parameter.location);
        let wanted = if location == Location::Query { "form" } else { "simple" };
        let style = run.written(at, "style").and_then(Value::as_str);
        let style = style.filter(|style| *style != wanted && location != Location::Cookie);
        let is_reserved = run.written(at, "allowReserved") == Some(&Value::Bool(true));
        let is_optional = location == Location::Path && !parameter.required;
        let may_be_null = location == Location::Query;
        let schema = parameter.schema.as_ref();
        let other = schema.and_then(|schema| not_plain(run.spec, schema, may_be_null, &mut HashSet::new()));
        let rust = identifier(name, Case::Method);
        let taken = names.insert(rust.clone(), name);
        let findings = [
            (location == Location::Cookie)
                .then(|| ("parameter-cookie", "", format!("the parameter `{name}` is a cookie"))),
            style.map(|style| ("parameter-style", "style", format!("`{name}` has the style {style}, not {wanted}"))),
            run.written(at, "content").map(|_| ("parameter-content", "content", format!("`{name}` has `content`"))),
            is_optional.then(|| ("path-parameter-optional", "", format!("the path parameter `{name}` is optional"))),
            is_reserved.then(|| ("parameter-allow-reserved", "allowReserved", format!("`{name}` would be encoded"))),
            other.map(|other| ("parameter-type", "schema", format!("the parameter `{name}` may be {other}"))),
        ];
        for (rule, key, message) in findings.into_iter().flatten() {
            run.report(rule, &if key.is_empty() { at.clone() } else { child(at, key) }, message);
        }
        if let Some(other) = taken {
            let message = format!("the parameters `{other}` and `{name}` are both `{rust}` in Rust");
            run.report("parameter-name-collision", &parameter.listed, message);
        }
    }
}

/// What else than one plain value a schema allows. The generator writes a value by its `Display`, in the client or in
/// the mock, and only plain values have one.
fn not_plain<'a>(
    spec: &'a Document,
    schema: &'a Schema,
    may_be_null: bool,
    seen: &mut HashSet<&'a str>,
) -> Option<&'static str> {
    let schema = spec.schema(schema).filter(|schema| seen.insert(&schema.pointer))?;
    if !may_be_null && schema.nullable {
        return Some("`null`");
    }
    let has_members = !schema.properties.is_empty() || schema.additional != Default::default();
    match schema.kind {
        Some(Kind::List) => Some("a list"),
        Some(Kind::Object) => Some("an object"),
        Some(_) => None,
        None if schema.items.is_some() => Some("a list"),
        None if has_members => Some("an object"),
        None => {
            // Null inside of a choice has no `Display` even in a query.
            let all = schema.all_of.iter().map(|part| (part, may_be_null));
            let choices = schema.any_of.iter().chain(&schema.one_of).map(|part| (part, false));
            all.chain(choices).find_map(|(part, may_be_null)| not_plain(spec, part, may_be_null, seen))
        }
    }
}

fn template(run: &mut Run<'_>, operation: &Operation) {
    let path = &operation.path;
    let at = child("/paths", path);
    let names = match super::path::names(path) {
        Ok(names) => names,
        Err(problem) => return run.report("path-template", &at, format!("the path `{path}` has {problem}")),
    };
    let declared: Vec<_> = operation.parameters_in(Location::Path).collect();
    for name in &names {
        if !declared.iter().any(|parameter| parameter.name == *name) {
            let message = format!("`{}` does not declare the path parameter `{name}`", operation.name());
            run.report("path-parameter-undeclared", &at, message);
        }
    }
    for parameter in declared.into_iter().filter(|parameter| !names.contains(&parameter.name.as_str())) {
        let message = format!("the path `{path}` has no `{{{}}}`", parameter.name);
        run.report("path-parameter-unused", &parameter.listed, message);
    }
}

fn request(run: &mut Run<'_>, operation: &Operation) {
    let (Some(body), name) = (&operation.body, operation.name()) else { return };
    if body.content.len() > 1 {
        let message = format!("`{name}` takes {} media types: {}", body.content.len(), types(&body.content));
        run.report("request-media-types", &child(&body.pointer, "content"), message);
    }
    match body.media() {
        None => {
            let listed = child(&operation.pointer, "requestBody");
            run.report("request-schema", &listed, format!("the body of `{name}` has no media type"));
        }
        Some(Media { pointer, media_type, .. }) if !is_json(media_type) => {
            run.report("request-media-type", pointer, format!("the client cannot send `{media_type}`"));
        }
        Some(media) => {
            let what = format!("`{}` has no schema", media.media_type);
            json(run, media, "request-schema", what);
        }
    }
}

fn types(content: &[Media]) -> String {
    content.iter().map(|media| media.media_type.as_str()).collect::<Vec<_>>().join(", ")
}

/// A body of JSON has a schema, which breaks this rule otherwise, and no encoding.
fn json(run: &mut Run<'_>, media: &Media, rule: &'static str, no_schema: String) {
    if media.schema.is_none() {
        run.report(rule, &media.pointer, no_schema);
    }
    let encoding = run.written(&media.pointer, "encoding").and_then(Value::as_object);
    if encoding.is_some_and(|encoding| !encoding.is_empty()) {
        let message = format!("`{}` has an encoding", media.media_type);
        run.report("media-encoding", &child(&media.pointer, "encoding"), message);
    }
}

fn responses(run: &mut Run<'_>, operation: &Operation) {
    let mut successes: Vec<&Response> = operation.successes().collect();
    // The generator's own order.
    successes.sort_by(|a, b| a.status.cmp(&b.status));
    for (success, media) in successes.iter().filter_map(|success| Some((success, success.media()?))) {
        if media.is_json() {
            json(run, media, "response-schema", format!("the JSON answer {} has no schema", success.status));
        } else {
            let message = format!("the answer {} is neither JSON nor empty", success.status);
            run.report("response-media-type", &success.listed, message);
        }
    }
    let raw = &run.spec.raw;
    // What the generator makes of a body, and the schema where it has no name.
    let body = |response: &Response| match response.media() {
        None => ("empty".to_owned(), None),
        Some(media) if !media.is_json() => ("not JSON".to_owned(), None),
        Some(media) => match media.schema.as_ref().map(|schema| (schema.component(), &schema.pointer)) {
            Some((Some(name), _)) => (format!("`{name}`"), None),
            schema => ("an inline schema".to_owned(), schema.and_then(|(_, pointer)| raw.pointer(pointer))),
        },
    };
    if let Some((first, others)) = successes.split_first() {
        let (shown, written) = body(first);
        let differs = |other: &&&Response| body(other) != (shown.clone(), written);
        if let Some(other) = others.iter().find(differs) {
            let message = format!(
                "the successes of `{}` have different bodies: {} is {shown}, {} is {}",
                operation.name(),
                first.status,
                other.status,
                body(other).0
            );
            run.report("response-types", &other.listed, message);
        }
    } else {
        let message = format!("`{}` has no answer that says it succeeded", operation.name());
        run.report("response-success", &child(&operation.pointer, "responses"), message);
    }
    for response in operation.responses.iter().filter(|response| response.content.len() > 1) {
        let message = format!("the generator reads one of {} only", types(&response.content));
        run.report("response-media-types", &child(&response.pointer, "content"), message);
    }
    for range in operation.responses.iter().filter(|response| response.status.ends_with("XX")) {
        let covered = |other: &Response| {
            let codes = range.codes().zip(other.codes());
            other.status != range.status && codes.is_some_and(|(range, codes)| range.contains(codes.start()))
        };
        if operation.responses.iter().any(covered) {
            let message = format!("{} stands beside codes that it covers", range.status);
            run.report("response-range-shadow", &range.listed, message);
        }
    }
}
