//! What we ask of our own document: both languages, the whole error table, tolerance, known extensions.

use std::collections::HashSet;

use axum::http::StatusCode;
use serde_json::Value;

use super::rules::Run;
use crate::document::walk::{Node, Step, walk};
use crate::document::{self, Case, Operation, Schema, child, identifier, last, nearest};

/// Every extension of ours: the one list that a new one is added to.
const EXTENSIONS: &[&str] = &[
    "x-ims-default",
    "x-ims-free-text",
    "x-ims-idempotent",
    "x-ims-integer",
    "x-ims-job",
    "x-ims-name",
    "x-ims-open",
    "x-ims-page",
    "x-ims-paging",
    "x-ims-permissions",
    "x-ims-sample-request",
    "x-ims-unique",
];

pub(super) fn check(run: &mut Run<'_>) {
    let spec = run.spec;
    for operation in &spec.operations {
        self::operation(run, operation);
        error_table(run, operation);
    }
    tolerance(run);
    let mut used: HashSet<String> = HashSet::new();
    walk(&spec.raw, |node| {
        used.extend(node.reference().and_then(document::local));
        texts(run, node);
        extension(run, node);
        true
    });
    unused(run, &used);
}

fn operation(run: &mut Run<'_>, operation: &Operation) {
    let (name, at) = (operation.name(), &operation.pointer);
    let id = operation.id.as_deref().filter(|id| !id.is_empty() && identifier(id, Case::Builder) != *id);
    let lacks = |key: &str, is: fn(&Value) -> bool| !run.written(at, key).is_some_and(is);
    let instead = |other: &Operation| {
        other.id.as_ref().is_some_and(|id| other.id != operation.id && operation.description.english.contains(id))
    };
    let is_stuck = operation.deprecated && !run.spec.operations.iter().any(instead);
    let findings = [
        id.map(|id| ("operation-id-case", "/operationId", format!("`{id}` is not PascalCase"))),
        operation.summary.is_empty().then(|| ("operation-summary", "", format!("`{name}` has no summary"))),
        operation.description.is_empty().then(|| ("operation-summary", "", format!("`{name}` has no description"))),
        lacks("x-ims-idempotent", Value::is_boolean)
            .then(|| ("extension-idempotent", "", format!("`{name}` does not say whether it is idempotent"))),
        (!operation.page.starts_with("https://"))
            .then(|| ("extension-page", "", format!("`{name}` does not link its page"))),
        lacks("x-ims-permissions", Value::is_array)
            .then(|| ("extension-permissions", "", format!("`{name}` lists no permissions"))),
        is_stuck.then(|| {
            let message = format!("`{name}` is deprecated, and doesn't say what to use instead");
            ("operation-deprecated", "/deprecated", message)
        }),
    ];
    for (rule, key, message) in findings.into_iter().flatten() {
        run.report(rule, &format!("{at}{key}"), message);
    }
}

fn error_table(run: &mut Run<'_>, operation: &Operation) {
    for status in ["400", "401", "403", "404", "500", "503"] {
        let reason = StatusCode::from_bytes(status.as_bytes()).ok().and_then(|status| status.canonical_reason());
        let reason = reason.unwrap_or_default();
        let Some(response) = operation.responses.iter().find(|response| response.status == status) else {
            let message = format!("`{}` has no row {status} {reason}", operation.name());
            let help = format!("add `'{status}': {{$ref: '#/components/responses/{}'}}`", reason.replace(' ', ""));
            run.report_with("error-table", &child(&operation.pointer, "responses"), message, Some(help));
            continue;
        };
        if !response.pointer.starts_with("/components/responses/") {
            run.report("error-row-ref", &response.listed, format!("the row {status} is written in place"));
        }
        let row = response.error_row().filter(|row| row.reason == reason && !row.text.chinese.is_empty());
        if row.is_none() {
            let message = format!("the row {status} does not read `{reason}`, a blank line, English, Chinese");
            run.report("error-row-text", &child(&response.pointer, "description"), message);
        }
    }
}

/// The client must accept what the service may send.
fn tolerance(run: &mut Run<'_>) {
    for schema in answered(run.spec) {
        let Some(Value::Object(keys)) = run.spec.raw.pointer(&schema.pointer) else { continue };
        let kind = keys.get("type").and_then(Value::as_str).unwrap_or_default();
        let restrictions: &[&str] = match kind {
            "string" => &["pattern", "minLength", "maxLength", "format", "x-ims-integer"],
            "integer" | "number" => &["minimum", "maximum"],
            "array" => &["minItems", "maxItems", "uniqueItems"],
            _ => &[],
        };
        let article = if kind.starts_with(['a', 'i']) { "an" } else { "a" };
        for key in restrictions.iter().filter(|key| keys.contains_key(**key)) {
            let message = format!("{article} {kind} that the service sends is restricted by `{key}`");
            run.report("response-restricted", &child(&schema.pointer, key), message);
        }
        for name in schema.required.iter().filter(|name| !identifies(schema, name)) {
            let message = format!("`{name}` is required in an answer, but isn't what identifies the thing");
            run.report("response-required", &child(&schema.pointer, "required"), message);
        }
        if schema.values.is_some() && !schema.open {
            let at = child(&schema.pointer, "enum");
            run.report("response-enum-closed", &at, "the service may add a value to this enum");
        }
    }
}

/// Whether a property says which thing an object of the service is: a name does where there is no id.
fn identifies(schema: &Schema, property: &str) -> bool {
    match property {
        "name" => schema.property("id").is_none(),
        "id" | "key" | "value" => true,
        other => other.ends_with("_id"),
    }
}

/// Every schema that an answer can hold, references followed.
fn answered(spec: &document::Document) -> Vec<&Schema> {
    let responses = spec.operations.iter().flat_map(|operation| &operation.responses);
    let mut open: Vec<&Schema> =
        responses.flat_map(|response| &response.content).filter_map(|media| media.schema.as_ref()).collect();
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    while let Some(schema) = open.pop().map(|schema| spec.schema(schema)) {
        if let Some(schema) = schema.filter(|schema| seen.insert(&schema.pointer)) {
            open.extend(schema.inner());
            found.push(schema);
        }
    }
    found
}

/// Whatever may be described is, in both languages.
fn texts(run: &mut Run<'_>, node: Node<'_, '_>) {
    if let (Step::Key(shape, "description" | "summary"), Value::String(text)) = (node.step, node.value)
        && shape.name != "example"
        && document::split(text).is_none()
    {
        let first = text.lines().next().unwrap_or_default();
        run.report("bilingual", node.pointer, format!("not in both languages: `{first}`"));
    }
    let Some((shape, members)) = node.object() else { return };
    let is_described = match shape.name {
        "info" | "tag" | "server" | "parameter" | "request body" | "header" | "security scheme" => true,
        // A list's items and a parameter's schema are described where they are listed.
        "schema" => matches!(node.step, Step::Name(_)),
        _ => false,
    };
    if is_described && !members.contains_key("description") {
        let name = members.get("name").and_then(Value::as_str).filter(|_| shape.name == "parameter");
        let name = name.map_or_else(|| last(node.pointer), Into::into);
        run.report("description-missing", node.pointer, format!("`{name}` has no description"));
    }
}

fn extension(run: &mut Run<'_>, node: Node<'_, '_>) {
    let Step::Key(_, key) = node.step else { return };
    if key.starts_with("x-") && !EXTENSIONS.contains(&key) {
        let help = nearest(key, EXTENSIONS.iter().copied()).map_or_else(
            || "remove it, or add it to the list of extensions".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        run.report_with("extension-unknown", node.pointer, format!("the extension `{key}` is unknown"), Some(help));
    }
}

fn unused(run: &mut Run<'_>, used: &HashSet<String>) {
    let spec = run.spec;
    let schemes = spec.operations.iter().flat_map(|operation| operation.security.iter().flatten());
    let schemes: HashSet<String> = schemes.map(|name| child("/components/securitySchemes", name)).collect();
    let sections = spec.raw.get("components").and_then(Value::as_object).into_iter().flatten();
    for (section, components) in sections.filter(|(section, _)| !section.starts_with("x-")) {
        let used = if section == "securitySchemes" { &schemes } else { used };
        for name in components.as_object().into_iter().flat_map(|components| components.keys()) {
            let at = child(&child("/components", section), name);
            if !used.contains(&at) {
                run.report("component-unused", &at, format!("nothing uses {section}/{name}"));
            }
        }
    }
}
