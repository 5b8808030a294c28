//! What the page shows of the document: one JSON value, derived from nothing else.

use serde_json::{Map, Value, json};

use super::call::{CREDENTIALS, Credential};
use super::schema::{self, bilingual};
use crate::document::{Body, Document, Operation, Parameter, Schema, Text};

/// The document as the page needs it.
pub(super) fn of(spec: &Document) -> Value {
    let groups: Vec<Value> =
        spec.tags.iter().map(|(name, text)| json!({"name": name, "text": bilingual(text)})).collect();
    let schema = |(name, schema): (&String, &Schema)| {
        let inside = schema::inside(spec, spec.schema(schema).unwrap_or(schema));
        (name.clone(), Value::Object(inside))
    };
    json!({
        "title": spec.title,
        "version": spec.version,
        "groups": groups,
        "credentials": CREDENTIALS.map(|(id, [english, chinese], credential)| {
            json!({"id": id, "name": {"en": english, "zh": chinese}, "fields": fields(credential)})
        }),
        "schemas": spec.schemas.iter().map(schema).collect::<Map<_, _>>(),
        "operations": spec.operations.iter().map(|operation| operation_of(spec, operation)).collect::<Vec<_>>(),
    })
}

/// The names and values of a credential.
fn fields(credential: Credential) -> Vec<(&'static str, &'static str)> {
    match credential {
        Credential::Token(token) => vec![("X-Auth-Token", token)],
        Credential::Key(key) => {
            let token = key.security_token.map(|token| ("X-Security-Token", token));
            [("AK", key.access), ("SK", key.secret)].into_iter().chain(token).collect()
        }
        Credential::Nothing => Vec::new(),
    }
}

fn operation_of(spec: &Document, operation: &Operation) -> Value {
    let errors = operation.errors().into_iter();
    let errors: Vec<Value> =
        errors.map(|row| json!({"status": row.status, "reason": row.reason, "text": bilingual(&row.text)})).collect();
    let answer = operation.answer();
    let media = answer.and_then(|answer| answer.media());
    let link = operation.link.as_ref().map(|(text, url)| json!({"text": bilingual(&Text::of(text)), "url": url}));
    json!({
        "id": operation.name(),
        "group": operation.tags.first(),
        "method": operation.method.to_uppercase(),
        "path": operation.path,
        "place": spec.place(&operation.pointer).to_string(),
        "summary": bilingual(&operation.summary),
        "text": bilingual(&operation.description),
        "deprecated": operation.deprecated,
        "page": operation.page,
        "link": link,
        "idempotent": operation.idempotent,
        "job": operation.job,
        "open": operation.security.is_empty() || operation.security.iter().any(Vec::is_empty),
        "permissions": operation.permissions,
        "parameters": operation.parameters.iter().map(|one| parameter(spec, operation, one)).collect::<Vec<_>>(),
        "body": operation.body.as_ref().map(|body| json!({
            "required": body.required,
            "text": bilingual(&body.text),
            "media_type": body.media().map(|media| &media.media_type),
            "schema": schema::node(spec, body.media().and_then(|media| media.schema.as_ref())),
            "samples": samples(operation, body),
        })),
        "success": {
            "status": answer.map(|answer| &answer.status),
            "text": bilingual(&answer.map_or_else(Text::default, |answer| Text::of(&answer.description))),
            "schema": media.map(|media| schema::node(spec, media.schema.as_ref())),
            "sample": media.and_then(|media| Some(&media.samples.first()?.value)),
        },
        "rows": errors,
    })
}

fn parameter(spec: &Document, operation: &Operation, parameter: &Parameter) -> Value {
    let mut row = schema::node(spec, parameter.schema.as_ref());
    row.insert("name".to_owned(), parameter.name.as_str().into());
    row.insert("in".to_owned(), parameter.location.as_str().into());
    row.insert("required".to_owned(), parameter.required.into());
    row.insert("sample".to_owned(), operation.sample.as_ref().and_then(|sample| sample.value(&parameter.name)).into());
    row.insert("project".to_owned(), parameter.defaults_to_project.into());
    if parameter.deprecated {
        row.insert("deprecated".to_owned(), true.into());
    }
    if !parameter.text.is_empty() {
        row.insert("text".to_owned(), bilingual(&parameter.text));
    }
    Value::Object(row)
}

/// The sample request's body, then the examples of the body that differ from it.
fn samples(operation: &Operation, body: &Body) -> Vec<Value> {
    let examples = body.media().map_or(&[][..], |media| &media.samples);
    let of_page = operation.sample.as_ref().and_then(|sample| sample.body.as_ref());
    let of_page = of_page.filter(|body| examples.iter().all(|example| example.value != **body));
    let first = of_page.map(|body| json!({"name": "sample", "value": body}));
    let named = |(at, sample): (usize, &crate::document::Sample)| {
        let name = sample.name.clone().unwrap_or_else(|| format!("sample_{at}"));
        json!({"name": name, "value": sample.value})
    };
    first.into_iter().chain(examples.iter().enumerate().map(named)).collect()
}
