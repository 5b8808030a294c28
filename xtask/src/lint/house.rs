//! What this house asks of its own document: both languages, the whole error table, tolerance, known extensions.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::Run;
use super::view::{self, Operation, Response, members};
use crate::document;
use crate::document::{Case, identifier};
use crate::document::{child, nearest, push};

type Schema<'a> = (String, &'a Map<String, Value>);

/// The rows of every error table, with the standard reason phrases.
const ROWS: &[(&str, &str)] = &[
    ("400", "Bad Request"),
    ("401", "Unauthorized"),
    ("403", "Forbidden"),
    ("404", "Not Found"),
    ("500", "Internal Server Error"),
    ("503", "Service Unavailable"),
];

/// Every extension of this house: the one list that a new one is added to.
pub(super) const EXTENSIONS: &[&str] = &[
    "x-ims-default",
    "x-ims-effect",
    "x-ims-free-text",
    "x-ims-idempotent",
    "x-ims-integer",
    "x-ims-name",
    "x-ims-open",
    "x-ims-page",
    "x-ims-paging",
    "x-ims-permissions",
    "x-ims-sample-request",
    "x-ims-unique",
];

pub(super) fn check(run: &mut Run<'_>, operations: &[Operation<'_>], schemas: &[Schema<'_>]) {
    for operation in operations {
        names(run, operation);
        error_table(run, operation);
        extensions(run, operation);
    }
    tolerance(run, operations);
    descriptions(run, operations, schemas);
    let mut references = HashSet::new();
    walk(run, &run.spec.raw.clone(), &mut String::new(), &mut references);
    unused(run, &references);
}

fn names(run: &mut Run<'_>, operation: &Operation<'_>) {
    let id = operation.node.get("operationId").and_then(Value::as_str).unwrap_or_default();
    if !id.is_empty() && identifier(id, Case::Builder) != id {
        let at = child(&operation.pointer, "operationId");
        run.report("operation-id-case", &at, format!("`{id}` is not PascalCase"));
    }
    for key in ["summary", "description"] {
        if !operation.node.get(key).is_some_and(Value::is_string) {
            let message = format!("`{}` has no {key}", operation.name());
            run.report("operation-summary", &operation.pointer, message);
        }
    }
}

fn error_table(run: &mut Run<'_>, operation: &Operation<'_>) {
    let responses = operation.responses(run.spec);
    let at = child(&operation.pointer, "responses");
    for (status, reason) in ROWS {
        match responses.iter().find(|response| response.status == *status) {
            Some(response) => error_row(run, response, reason),
            None => {
                let message = format!("`{}` has no row {status} {reason}", operation.name());
                let help = format!("add `'{status}': {{$ref: '#/components/responses/{}'}}`", reason.replace(' ', ""));
                run.report_with("error-table", &at, message, help);
            }
        }
    }
}

fn error_row(run: &mut Run<'_>, response: &Response<'_>, reason: &str) {
    if !response.pointer.starts_with("/components/responses/") {
        let message = format!("the row {} is written in place", response.status);
        run.report("error-row-ref", &response.listed, message);
    }
    let text = response.node.get("description").and_then(Value::as_str).unwrap_or_default();
    let row = text.split_once("\n\n").filter(|(first, rest)| *first == reason && document::split(rest).is_some());
    if row.is_none() {
        let message = format!("the row {} does not read `{reason}`, a blank line, English, Chinese", response.status);
        run.report("error-row-text", &child(&response.pointer, "description"), message);
    }
}

fn extensions(run: &mut Run<'_>, operation: &Operation<'_>) {
    let name = operation.name();
    let get = |key: &str| operation.node.get(key);
    if !get("x-ims-idempotent").is_some_and(Value::is_boolean) {
        let message = format!("`{name}` does not say whether it is idempotent");
        run.report("extension-idempotent", &operation.pointer, message);
    }
    if !get("x-ims-page").and_then(Value::as_str).is_some_and(|page| page.starts_with("https://")) {
        run.report("extension-page", &operation.pointer, format!("`{name}` does not link its page"));
    }
    let listed = get("x-ims-permissions").and_then(Value::as_array);
    if !listed.is_some_and(|list| !list.is_empty() && list.iter().all(Value::is_string)) {
        run.report("extension-permissions", &operation.pointer, format!("`{name}` lists no permissions"));
    }
}

/// The client must accept what the service may send.
fn tolerance(run: &mut Run<'_>, operations: &[Operation<'_>]) {
    for (at, schema) in view::response_schemas(run.spec, operations) {
        let kind = schema.get("type").and_then(Value::as_str).unwrap_or_default();
        let restrictions: &[&str] = match kind {
            "string" => &["pattern", "minLength", "maxLength", "format", "x-ims-integer"],
            "integer" | "number" => &["minimum", "maximum"],
            "array" => &["minItems", "maxItems", "uniqueItems"],
            _ => &[],
        };
        for key in restrictions.iter().filter(|key| schema.contains_key(**key)) {
            let message = format!("{} {kind} that the service sends is restricted by `{key}`", article(kind));
            run.report("response-restricted", &child(&at, key), message);
        }
        if schema.contains_key("enum") && schema.get("x-ims-open") != Some(&Value::Bool(true)) {
            run.report("response-enum-closed", &child(&at, "enum"), "the service may add a value to this enum");
        }
    }
}

fn article(noun: &str) -> &'static str {
    if noun.starts_with(['a', 'i']) { "an" } else { "a" }
}

fn descriptions(run: &mut Run<'_>, operations: &[Operation<'_>], schemas: &[Schema<'_>]) {
    for parameter in operations.iter().flat_map(|operation| &operation.parameters) {
        if !parameter.node.get("description").is_some_and(Value::is_string) {
            run.report("description-missing", &parameter.pointer, format!("`{}` has no description", parameter.name));
        }
    }
    for (at, schema) in schemas {
        let parent = at.rsplit_once('/').map_or("", |(parent, _)| parent);
        // A list's items and a parameter's schema are described where they are listed.
        let named = parent.ends_with("/properties") || parent == "/components/schemas";
        if named && !schema.contains_key("description") {
            missing(run, at);
        }
    }
    for section in ["securitySchemes", "requestBodies", "headers"] {
        let section = format!("/components/{section}");
        for (name, node) in members(run.spec.raw.pointer(&section)) {
            if node.get("$ref").is_none() && node.get("description").is_none() {
                missing(run, &child(&section, name));
            }
        }
    }
    if run.spec.raw.pointer("/info/description").is_none() {
        missing(run, "/info");
    }
    for list in ["tags", "servers"] {
        for index in 0..run.spec.raw.get(list).and_then(Value::as_array).map_or(0, Vec::len) {
            let at = format!("/{list}/{index}");
            if run.spec.raw.pointer(&format!("{at}/description")).is_none() {
                missing(run, &at);
            }
        }
    }
}

fn missing(run: &mut Run<'_>, at: &str) {
    let name = at.rsplit('/').next().unwrap_or(at);
    run.report("description-missing", at, format!("`{name}` has no description"));
}

/// Every node but samples: languages, extensions, and what is referred to.
fn walk(run: &mut Run<'_>, node: &Value, at: &mut String, references: &mut HashSet<String>) {
    match node {
        Value::Object(node) => {
            for (key, value) in node {
                let length = at.len();
                push(at, key);
                if key == "$ref" {
                    references.extend(value.as_str().map(str::to_owned));
                } else if matches!(key.as_str(), "example" | "examples" | "x-ims-sample-request" | "default" | "enum") {
                    // A value, not a description of one.
                } else {
                    match (key.as_str(), value) {
                        ("description" | "summary", Value::String(text)) => {
                            if document::split(text).is_none() {
                                let first = text.lines().next().unwrap_or_default();
                                run.report("bilingual", at, format!("not in both languages: `{first}`"));
                            }
                        }
                        _ => walk(run, value, at, references),
                    }
                }
                if key.starts_with("x-") && !EXTENSIONS.contains(&key.as_str()) {
                    let help = nearest(key, EXTENSIONS.iter().copied()).map_or_else(
                        || "remove it, or add it to the list of extensions".to_owned(),
                        |near| format!("did you mean `{near}`?"),
                    );
                    run.report_with("extension-unknown", at, format!("the extension `{key}` is unknown"), help);
                }
                at.truncate(length);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                let length = at.len();
                push(at, &index.to_string());
                walk(run, item, at, references);
                at.truncate(length);
            }
        }
        _ => {}
    }
}

fn unused(run: &mut Run<'_>, references: &HashSet<String>) {
    let mut schemes: HashSet<&str> = HashSet::new();
    let requirements = std::iter::once(&run.spec.raw).chain(
        members(run.spec.raw.get("paths")).flat_map(|(_, item)| members(Some(item)).map(|(_, operation)| operation)),
    );
    for holder in requirements {
        for requirement in holder.get("security").and_then(Value::as_array).into_iter().flatten() {
            schemes.extend(members(Some(requirement)).map(|(name, _)| name));
        }
    }
    let mut found = Vec::new();
    for (section, components) in members(run.spec.raw.get("components")) {
        for (name, _) in members(Some(components)) {
            let used = if section == "securitySchemes" {
                schemes.contains(name)
            } else {
                references.contains(&format!("#/components/{section}/{name}"))
            };
            if !used && !section.starts_with("x-") {
                found.push((child(&format!("/components/{section}"), name), format!("nothing uses {section}/{name}")));
            }
        }
    }
    for (at, message) in found {
        run.report("component-unused", &at, message);
    }
}
