//! Limits of the generator in paths, operations, parameters, bodies and responses.

use std::collections::HashMap;

use serde_json::Value;

use super::Run;
use super::view::{self, Content, Operation, Response, is_json, members};
use crate::document::child;
use crate::document::{Case, identifier};

/// The methods of `Client` that no operation may take: those written by hand, `clone`, and the generator's `new`.
pub const CLIENT_METHODS: &[&str] = &[
    "builder",
    "call",
    "call_empty",
    "clone",
    "endpoint",
    "ensure_tags",
    "from_env",
    "http",
    "image_tags",
    "new",
    "project_id",
];

pub(super) fn check(run: &mut Run<'_>, operations: &[Operation<'_>]) {
    info(run);
    for (path, item) in members(run.spec.raw.get("paths")) {
        let at = child("/paths", path);
        if item.get("$ref").is_some() {
            run.report("path-item-ref", &at, format!("the path `{path}` is a reference"));
        }
    }
    let mut ids: HashMap<String, String> = HashMap::new();
    for operation in operations {
        id(run, operation, &mut ids);
        parameters(run, operation);
        template(run, operation);
        request(run, operation);
        responses(run, operation);
    }
}

fn info(run: &mut Run<'_>) {
    let version = run.spec.raw.pointer("/info/version").and_then(Value::as_str);
    if let Some(version) = version.filter(|text| !text.bytes().all(|b| matches!(b, 32..=126))) {
        let message = format!("the version \"{}\" is no header value", version.escape_debug());
        run.report("info-version", "/info/version", message);
    }
}

fn id(run: &mut Run<'_>, operation: &Operation<'_>, ids: &mut HashMap<String, String>) {
    let Some(id) = operation.node.get("operationId").and_then(Value::as_str) else {
        let name = operation.name();
        return run.report("operation-id-missing", &operation.pointer, format!("`{name}` has no operationId"));
    };
    let at = child(&operation.pointer, "operationId");
    let rust = identifier(id, Case::Method);
    if CLIENT_METHODS.contains(&rust.as_str()) {
        run.report("operation-id-reserved", &at, format!("`{id}` is `{rust}` in Rust, a method that `Client` has"));
    }
    if operation.node.get("x-dropshot-websocket").is_some() {
        let at = child(&operation.pointer, "x-dropshot-websocket");
        run.report("operation-websocket", &at, format!("`{id}` is a websocket"));
    }
    if let Some(first) = ids.get(&rust) {
        let line = run.spec.place(first).line;
        run.report(
            "operation-id-duplicate",
            &at,
            format!("`{id}` is `{rust}` in Rust, as is the operation on line {line}"),
        );
    } else {
        ids.insert(rust, at);
    }
}

fn parameters(run: &mut Run<'_>, operation: &Operation<'_>) {
    let mut names: HashMap<String, &str> = HashMap::new();
    for parameter in &operation.parameters {
        let (at, name) = (&parameter.pointer, parameter.name);
        let flag = |key: &str| parameter.node.get(key).and_then(Value::as_bool);
        if parameter.location == "cookie" {
            run.report("parameter-cookie", at, format!("the parameter `{name}` is a cookie"));
        }
        let wanted = if parameter.location == "query" { "form" } else { "simple" };
        if let Some(style) = parameter.node.get("style").and_then(Value::as_str)
            && style != wanted
            && parameter.location != "cookie"
        {
            let at = child(at, "style");
            run.report("parameter-style", &at, format!("`{name}` has the style {style}, not {wanted}"));
        }
        if parameter.node.get("content").is_some() {
            run.report("parameter-content", &child(at, "content"), format!("`{name}` has `content`"));
        }
        if parameter.location == "path" && flag("required") != Some(true) {
            run.report("path-parameter-optional", at, format!("the path parameter `{name}` is optional"));
        }
        if flag("allowReserved") == Some(true) {
            let at = child(at, "allowReserved");
            run.report("parameter-allow-reserved", &at, format!("`{name}` would be encoded"));
        }
        if let Some(other) = not_plain(run, &child(at, "schema"), parameter.location == "query") {
            run.report("parameter-type", &child(at, "schema"), format!("the parameter `{name}` may be {other}"));
        }
        let rust = identifier(name, Case::Method);
        // The builder's own methods, and the variables of its `send()` that the generator doesn't rename.
        let reserved = ["client", "header_map", "info", "new", "operation", "request", "send", "url"]
            .contains(&rust.as_str())
            || (rust == "body" && operation.node.get("requestBody").is_some());
        if reserved {
            let at = child(at, "name");
            run.report(
                "parameter-name-reserved",
                &at,
                format!("the parameter `{name}` is `{rust}` in Rust, a name that the generated builder uses itself"),
            );
        }
        if let Some(other) = names.insert(rust.clone(), name) {
            run.report(
                "parameter-name-collision",
                &parameter.listed,
                format!("the parameters `{other}` and `{name}` are both `{rust}` in Rust"),
            );
        }
    }
}

/// What else than one plain value a schema allows. The generator writes a value by its `Display`, in the client or in
/// the mock, and only plain values have one.
fn not_plain(run: &Run<'_>, at: &str, may_be_null: bool) -> Option<&'static str> {
    let (at, schema) = run.spec.resolve(at)?;
    if !may_be_null && schema.get("nullable").and_then(Value::as_bool) == Some(true) {
        return Some("`null`");
    }
    match schema.get("type").and_then(Value::as_str) {
        Some("array") => return Some("a list"),
        Some("object") => return Some("an object"),
        Some(_) => return None,
        None if schema.get("items").is_some() => return Some("a list"),
        None if ["properties", "additionalProperties"].iter().any(|key| schema.get(*key).is_some()) => {
            return Some("an object");
        }
        None => {}
    }
    let mut parts = ["allOf", "anyOf", "oneOf"].into_iter().flat_map(|key| {
        let count = schema.get(key).and_then(Value::as_array).map_or(0, Vec::len);
        (0..count).map(move |index| (key, index))
    });
    // Null inside of a choice has no `Display` even in a query.
    parts.find_map(|(key, index)| not_plain(run, &format!("{at}/{key}/{index}"), key == "allOf" && may_be_null))
}

fn template(run: &mut Run<'_>, operation: &Operation<'_>) {
    let path = operation.path;
    let at = child("/paths", path);
    let names = match super::path::names(path) {
        Ok(names) => names,
        Err(problem) => {
            return run.report("path-template", &at, format!("the path `{path}` has {problem}"));
        }
    };
    let declared: Vec<_> = operation.parameters.iter().filter(|p| p.location == "path").collect();
    for name in &names {
        if !declared.iter().any(|parameter| parameter.name == *name) {
            let operation = operation.name();
            run.report(
                "path-parameter-undeclared",
                &at,
                format!("`{operation}` does not declare the path parameter `{name}`"),
            );
        }
    }
    for parameter in declared {
        let name = parameter.name;
        if !names.contains(&name) {
            run.report("path-parameter-unused", &parameter.listed, format!("the path `{path}` has no `{{{name}}}`"));
        }
    }
}

fn request(run: &mut Run<'_>, operation: &Operation<'_>) {
    let Some((at, body)) = operation.body(run.spec) else {
        return;
    };
    let contents = view::contents(&at, body);
    let listed = child(&operation.pointer, "requestBody");
    let name = operation.name();
    if contents.is_empty() {
        run.report("request-schema", &listed, format!("the body of `{name}` has no media type"));
    }
    if contents.len() > 1 {
        let types: Vec<_> = contents.iter().map(|content| content.media_type).collect();
        let message = format!("`{name}` takes {} media types: {}", types.len(), types.join(", "));
        run.report("request-media-types", &child(&at, "content"), message);
    }
    for content in &contents {
        request_content(run, content);
    }
    if !contents.is_empty() && body.get("required").and_then(Value::as_bool) != Some(true) {
        run.report("request-optional", &listed, format!("the body of `{name}` is optional"));
    }
}

fn request_content(run: &mut Run<'_>, content: &Content<'_>) {
    let media_type = content.media_type;
    let at = &content.pointer;
    let essence = media_type.split(';').next().unwrap_or("");
    let plain = match essence {
        "application/json" => None,
        "text/plain" | "text/x-markdown" => Some(None::<&str>),
        _ => {
            let message = format!("the generator cannot send `{media_type}`");
            return run.report("request-media-type", at, message);
        }
    };
    let Some((schema_at, schema)) = run.spec.resolve(&child(at, "schema")).filter(|(_, schema)| !schema.is_null())
    else {
        return run.report("request-schema", at, format!("`{media_type}` has no schema"));
    };
    if let Some(format) = plain {
        let fits = schema.get("type").and_then(Value::as_str) == Some("string")
            && schema.get("format").and_then(Value::as_str) == format
            && schema.get("nullable").and_then(Value::as_bool) != Some(true)
            && ["pattern", "enum", "minLength", "maxLength", "default", "discriminator"]
                .iter()
                .all(|key| schema.get(key).is_none());
        if !fits {
            let message = format!("the generator wants another schema for `{media_type}`");
            run.report("request-schema", &schema_at, message);
        }
    } else {
        encoding(run, content);
    }
}

fn encoding(run: &mut Run<'_>, content: &Content<'_>) {
    if members(content.node.get("encoding")).next().is_some() {
        let media_type = content.media_type;
        let at = child(&content.pointer, "encoding");
        run.report("media-encoding", &at, format!("`{media_type}` has an encoding"));
    }
}

/// What the generator makes of a response's body.
#[derive(PartialEq, Clone)]
enum Body {
    Typed(String),
    Raw,
    Empty,
}

fn responses(run: &mut Run<'_>, operation: &Operation<'_>) {
    let responses = operation.responses(run.spec);
    let mut bodies: Vec<(&Response<'_>, Body)> = Vec::new();
    for response in &responses {
        let body = response_body(run, response);
        bodies.push((response, body));
    }
    let has = |status: &str| responses.iter().any(|response| response.status == status);
    let mut success: Vec<_> = bodies
        .iter()
        .filter(|(response, _)| {
            response.status.starts_with('2')
                || response.status == "101"
                || (response.status == "default" && !has("2XX"))
        })
        .collect();
    let errors: Vec<_> = bodies
        .iter()
        .filter(|(response, _)| response.status.starts_with(['4', '5']) || response.status == "default")
        .collect();
    for (response, _) in success.iter().filter(|(_, body)| *body == Body::Raw) {
        let message = format!("the answer {} is neither JSON nor empty", response.status);
        run.report("response-media-type", &response.listed, message);
    }
    for (side, bodies) in [("successes", &mut success), ("errors", &mut errors.clone())] {
        // The generator's own order: by status, `default` last.
        bodies.sort_by(|(a, _), (b, _)| a.status.cmp(b.status));
        let Some((first, body)) = bodies.first() else { continue };
        if let Some((response, other)) = bodies.iter().skip(1).find(|(_, other)| other != body) {
            let name = operation.name();
            let message = format!(
                "the {side} of `{name}` have different bodies: {} is {}, {} is {}",
                first.status,
                shown(body),
                response.status,
                shown(other)
            );
            run.report("response-types", &response.listed, message);
        }
    }
    for response in &responses {
        let digit = &response.status[..response.status.len().min(1)];
        if response.status.ends_with("XX")
            && responses.iter().any(|other| {
                other.status.starts_with(digit) && !other.status.ends_with("XX") && other.status != "default"
            })
        {
            let status = response.status;
            run.report(
                "response-range-shadow",
                &response.listed,
                format!("{status} stands beside codes that it covers"),
            );
        }
    }
}

fn response_body(run: &mut Run<'_>, response: &Response<'_>) -> Body {
    let contents = view::contents(&response.pointer, response.node);
    if contents.len() > 1 {
        let types: Vec<_> = contents.iter().map(|content| content.media_type).collect();
        run.report(
            "response-media-types",
            &child(&response.pointer, "content"),
            format!("the generator reads one of {} only", types.join(", ")),
        );
    }
    let Some(content) = contents.iter().find(|content| is_json(content.media_type)) else {
        return if contents.is_empty() { Body::Empty } else { Body::Raw };
    };
    encoding(run, content);
    match content.node.get("schema").filter(|schema| !schema.is_null()) {
        None => {
            let status = response.status;
            run.report("response-schema", &content.pointer, format!("the JSON answer {status} has no schema"));
            Body::Empty
        }
        Some(schema) => Body::Typed(schema_key(schema)),
    }
}

/// Two schemas with the same key become the same Rust type.
fn schema_key(schema: &Value) -> String {
    match schema.get("$ref").and_then(Value::as_str) {
        Some(reference) => reference.rsplit('/').next().unwrap_or(reference).to_owned(),
        None => schema.to_string(),
    }
}

fn shown(body: &Body) -> String {
    match body {
        Body::Empty => "empty".to_owned(),
        Body::Raw => "not JSON".to_owned(),
        Body::Typed(key) if key.starts_with('{') => "an inline schema".to_owned(),
        Body::Typed(key) => format!("`{key}`"),
    }
}
