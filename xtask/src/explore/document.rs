//! What the page shows of the document: one JSON value, derived from nothing else.

use serde_json::{Map, Value, json};

use super::call::CREDENTIALS;
use super::schema::{self, bilingual};
use crate::diagnostic::{Diagnostic, Report};
use crate::document::{Body, Document, Operation, Parameter, Sample, Text};

/// The document as the page needs it, with what is wrong with its file.
pub(super) fn of(spec: &Document, findings: &[Diagnostic]) -> Value {
    let schemas: Map<_, _> = spec.schemas.iter().map(|(name, of)| (name.clone(), schema::inside(spec, of))).collect();
    let finding = |one: &Diagnostic| {
        let (place, level) = (one.place.to_string(), one.level.to_string());
        json!({"place": place, "level": level, "rule": one.rule, "message": one.message, "help": one.help})
    };
    json!({
        "title": spec.title,
        "version": spec.version,
        "groups": all(&spec.tags, |(name, text)| json!({"name": name, "text": bilingual(text)})),
        "credentials": all(&CREDENTIALS, |(id, [english, chinese], credential)| {
            let fields: Vec<_> = credential.parts().into_iter().map(|[name, _, value]| [name, value]).collect();
            json!({"id": id, "name": {"en": english, "zh": chinese}, "fields": fields})
        }),
        "schemas": schemas,
        "operations": all(&spec.operations, |one| operation(spec, one)),
        "findings": all(Report::new(findings.to_vec()).diagnostics(), finding),
    })
}

fn all<T>(list: &[T], shown: impl Fn(&T) -> Value) -> Vec<Value> {
    list.iter().map(shown).collect()
}

fn operation(spec: &Document, operation: &Operation) -> Value {
    let answer = operation.answer();
    let media = answer.and_then(|answer| answer.media());
    let link = |(text, url): &(String, String)| json!({"text": bilingual(&Text::of(text)), "url": url});
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
        "link": operation.link.as_ref().map(link),
        "idempotent": operation.idempotent,
        "job": operation.job,
        "open": operation.security.is_empty() || operation.security.iter().any(Vec::is_empty),
        "permissions": operation.permissions,
        "parameters": all(&operation.parameters, |one| parameter(spec, operation, one)),
        "body": operation.body.as_ref().map(|body| json!({
            "required": body.required,
            "text": bilingual(&body.text),
            "media_type": body.media().map(|media| &media.media_type),
            "schema": schema::node(spec, body.media().and_then(|media| media.schema.as_ref())),
            "samples": samples(operation, body),
        })),
        "success": {
            "status": answer.map(|answer| &answer.status),
            "text": answer.map(|answer| bilingual(&Text::of(&answer.description))),
            "schema": media.map(|media| schema::node(spec, media.schema.as_ref())),
            "sample": media.and_then(|media| Some(&media.samples.first()?.value)),
        },
        "rows": all(&operation.errors(), |row| {
            json!({"status": row.status, "reason": row.reason, "text": bilingual(&row.text)})
        }),
    })
}

fn parameter(spec: &Document, operation: &Operation, parameter: &Parameter) -> Value {
    let mut row = schema::node(spec, parameter.schema.as_ref());
    row["name"] = parameter.name.as_str().into();
    row["in"] = parameter.location.as_str().into();
    row["required"] = parameter.required.into();
    row["sample"] = operation.sample.as_ref().and_then(|sample| sample.value(&parameter.name)).into();
    row["project"] = parameter.defaults_to_project.into();
    if parameter.deprecated {
        row["deprecated"] = true.into();
    }
    if !parameter.text.is_empty() {
        row["text"] = bilingual(&parameter.text);
    }
    row
}

/// The sample request's body, then the examples of the body that differ from it.
fn samples(operation: &Operation, body: &Body) -> Vec<Value> {
    let examples = body.media().map_or(&[][..], |media| &media.samples);
    let of_page = operation.sample.as_ref().and_then(|sample| sample.body.as_ref());
    let of_page = of_page.filter(|body| examples.iter().all(|example| example.value != **body));
    let named = |(at, sample): (usize, &Sample)| {
        let name = sample.name.clone().unwrap_or_else(|| format!("sample_{at}"));
        json!({"name": name, "value": sample.value})
    };
    let first = of_page.map(|body| json!({"name": "sample", "value": body}));
    first.into_iter().chain(examples.iter().enumerate().map(named)).collect()
}
