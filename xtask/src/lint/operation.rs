//! Limits of the generator in paths, operations, parameters, bodies and responses.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::run::Run;
use crate::document::{Case, Document, Kind, Location, Media, Operation, Response, Schema, child, identifier, last};

/// The methods of `Client` that no operation may take: those written by hand, and `clone`.
pub const CLIENT_METHODS: &[&str] = &[
    "builder",
    "change_image",
    "clone",
    "endpoint",
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
    spec.references(|holder, _| {
        if holder.strip_prefix("/paths/").is_some_and(|path| !path.contains('/')) {
            run.report("path-item-ref", holder, format!("the path `{}` is a reference", last(holder)));
        }
    });
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
    let at = child(&operation.pointer, "operationId");
    let rust = operation.names.snake.as_str();
    if CLIENT_METHODS.contains(&rust) {
        run.report("operation-id-reserved", &at, format!("`{id}` is `{rust}` in Rust, a method that `Client` has"));
    }
    if run.written(&operation.pointer, "x-dropshot-websocket").is_some() {
        let at = child(&operation.pointer, "x-dropshot-websocket");
        run.report("operation-websocket", &at, format!("`{id}` is a websocket"));
    }
    if let Some(first) = ids.get(rust) {
        let line = run.spec.place(first).line;
        let message = format!("`{id}` is `{rust}` in Rust, as is the operation on line {line}");
        run.report("operation-id-duplicate", &at, message);
    } else {
        ids.insert(rust, at);
    }
}

fn parameters(run: &mut Run<'_>, operation: &Operation) {
    let mut names: HashMap<String, &str> = HashMap::new();
    for parameter in &operation.parameters {
        let (at, name, location) = (&parameter.pointer, parameter.name.as_str(), parameter.location);
        if location == Location::Cookie {
            run.report("parameter-cookie", at, format!("the parameter `{name}` is a cookie"));
        }
        let wanted = if location == Location::Query { "form" } else { "simple" };
        if let Some(style) = run.written(at, "style").and_then(Value::as_str)
            && style != wanted
            && location != Location::Cookie
        {
            let message = format!("`{name}` has the style {style}, not {wanted}");
            run.report("parameter-style", &child(at, "style"), message);
        }
        if run.written(at, "content").is_some() {
            run.report("parameter-content", &child(at, "content"), format!("`{name}` has `content`"));
        }
        if location == Location::Path && !parameter.required {
            run.report("path-parameter-optional", at, format!("the path parameter `{name}` is optional"));
        }
        if run.written(at, "allowReserved") == Some(&Value::Bool(true)) {
            run.report("parameter-allow-reserved", &child(at, "allowReserved"), format!("`{name}` would be encoded"));
        }
        let schema = parameter.schema.as_ref();
        if let Some(other) =
            schema.and_then(|of| not_plain(run.spec, of, location == Location::Query, &mut HashSet::new()))
        {
            run.report("parameter-type", &child(at, "schema"), format!("the parameter `{name}` may be {other}"));
        }
        let rust = identifier(name, Case::Method);
        if let Some(other) = names.insert(rust.clone(), name) {
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
    let Some(body) = &operation.body else { return };
    let listed = child(&operation.pointer, "requestBody");
    let name = operation.name();
    if body.content.is_empty() {
        return run.report("request-schema", &listed, format!("the body of `{name}` has no media type"));
    }
    if body.content.len() > 1 {
        let message = format!("`{name}` takes {} media types: {}", body.content.len(), types(&body.content));
        run.report("request-media-types", &child(&body.pointer, "content"), message);
    }
    if let Some(media) = body.media() {
        request_media(run, media);
    }
}

fn types(content: &[Media]) -> String {
    content.iter().map(|media| media.media_type.as_str()).collect::<Vec<_>>().join(", ")
}

fn request_media(run: &mut Run<'_>, media: &Media) {
    let media_type = &media.media_type;
    if !media.is_json() {
        let message = format!("the client cannot send `{media_type}`");
        return run.report("request-media-type", &media.pointer, message);
    }
    if media.schema.is_none() {
        run.report("request-schema", &media.pointer, format!("`{media_type}` has no schema"));
    }
    encoding(run, media);
}

fn encoding(run: &mut Run<'_>, media: &Media) {
    let written = run.written(&media.pointer, "encoding").and_then(Value::as_object);
    if written.is_some_and(|encoding| !encoding.is_empty()) {
        let message = format!("`{}` has an encoding", media.media_type);
        run.report("media-encoding", &child(&media.pointer, "encoding"), message);
    }
}

/// What the generator makes of a response's body.
#[derive(PartialEq, Clone)]
enum Body<'a> {
    Component(&'a str),
    InPlace(&'a Value),
    Raw,
    Empty,
}

fn responses<'a>(run: &mut Run<'a>, operation: &'a Operation) {
    let mut successes: Vec<_> =
        operation.successes().map(|response| (response, response_body(run, response))).collect();
    // The generator's own order.
    successes.sort_by(|(a, _), (b, _)| a.status.cmp(&b.status));
    if successes.is_empty() {
        let message = format!("`{}` has no answer that says it succeeded", operation.name());
        run.report("response-success", &child(&operation.pointer, "responses"), message);
    }
    for (response, _) in successes.iter().filter(|(_, body)| *body == Body::Raw) {
        let message = format!("the answer {} is neither JSON nor empty", response.status);
        run.report("response-media-type", &response.listed, message);
    }
    if let Some((first, body)) = successes.first()
        && let Some((response, other)) = successes.iter().find(|(_, other)| other != body)
    {
        let message = format!(
            "the successes of `{}` have different bodies: {} is {}, {} is {}",
            operation.name(),
            first.status,
            shown(body),
            response.status,
            shown(other)
        );
        run.report("response-types", &response.listed, message);
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

fn response_body<'a>(run: &mut Run<'a>, response: &'a Response) -> Body<'a> {
    let Some(media) = response.media() else { return Body::Empty };
    if !media.is_json() {
        return Body::Raw;
    }
    encoding(run, media);
    match &media.schema {
        None => {
            let message = format!("the JSON answer {} has no schema", response.status);
            run.report("response-schema", &media.pointer, message);
            Body::InPlace(&Value::Null)
        }
        Some(schema) => match schema.component() {
            Some(name) => Body::Component(name),
            None => run.spec.raw.pointer(&schema.pointer).map_or(Body::Empty, Body::InPlace),
        },
    }
}

fn shown(body: &Body<'_>) -> String {
    match body {
        Body::Empty => "empty".to_owned(),
        Body::Raw => "not JSON".to_owned(),
        Body::InPlace(_) => "an inline schema".to_owned(),
        Body::Component(name) => format!("`{name}`"),
    }
}
