//! What the page shows of the document: one JSON value, derived from nothing else.

use serde_json::{Map, Value, json};

use super::schema::{self, bilingual};
use crate::document::{Document, child};
use crate::generate::model::{Field, Text};
use crate::service::{EXPIRED_TOKEN, KEY, Operation, TEMPORARY_KEY, TOKEN};

/// The document as the page needs it.
pub(super) fn of(spec: &Document, operations: &[Operation]) -> Value {
    let text = |pointer: &str| Text::of(spec.raw.pointer(pointer).and_then(Value::as_str).unwrap_or_default());
    let groups: Vec<Value> = spec
        .openapi
        .tags
        .iter()
        .map(|tag| json!({"name": tag.name, "text": bilingual(&Text::of(tag.description.as_deref().unwrap_or_default()))}))
        .collect();
    json!({
        "title": spec.openapi.info.title,
        "version": spec.openapi.info.version,
        "text": bilingual(&text("/info/description")),
        "name": spec.name,
        "sha256": spec.sha256,
        "groups": groups,
        "credentials": [
            {"id": "token", "name": {"en": "Token", "zh": "Token"}, "fields": [["X-Auth-Token", TOKEN]]},
            {"id": "key", "name": {"en": "AK/SK", "zh": "AK/SK"},
                "fields": [["AK", KEY.access], ["SK", KEY.secret]]},
            {"id": "temporary-key", "name": {"en": "AK/SK and security token", "zh": "临时AK/SK及安全Token"},
                "fields": [["AK", TEMPORARY_KEY.access], ["SK", TEMPORARY_KEY.secret],
                    ["X-Security-Token", TEMPORARY_KEY.security_token]]},
            {"id": "expired-token", "name": {"en": "Expired token (refused)", "zh": "过期的Token（被拒绝）"},
                "fields": [["X-Auth-Token", EXPIRED_TOKEN]]},
            {"id": "wrong-key", "name": {"en": "Wrong secret key (refused)", "zh": "错误的SK（被拒绝）"},
                "fields": [["AK", KEY.access], ["SK", super::call::WRONG_SECRET]]},
            {"id": "none", "name": {"en": "None (refused)", "zh": "无（被拒绝）"}, "fields": []},
        ],
        "operations": operations.iter().map(|operation| operation_of(spec, operation)).collect::<Vec<_>>(),
    })
}

fn operation_of(spec: &Document, operation: &Operation) -> Value {
    let model = &operation.model;
    let pointer = child(&child("/paths", &model.path), &model.method.to_lowercase());
    let raw = spec.raw.pointer(&pointer);
    let group = raw.and_then(|raw| raw.pointer("/tags/0")).and_then(Value::as_str).unwrap_or_default();
    let (status, answer) = operation.success();
    let rows: Vec<Value> = model
        .rows
        .iter()
        .map(|row| json!({"status": row.status, "reason": row.reason, "text": bilingual(&row.text)}))
        .collect();
    let links: Vec<Value> =
        model.links.iter().map(|(text, url)| json!({"text": bilingual(&Text::of(text)), "url": url})).collect();
    json!({
        "id": model.id,
        "group": group,
        "method": model.method,
        "path": model.path,
        "place": spec.place(&pointer).to_string(),
        "summary": bilingual(&model.summary),
        "text": bilingual(&model.description),
        "page": model.page,
        "links": links,
        "idempotent": model.idempotent,
        "permissions": model.permissions,
        "parameters": parameters(spec, operation),
        "body": operation.body.as_ref().map(|body| json!({
            "required": body.required,
            "text": bilingual(&model.body_text),
            "rows": body.schema.as_deref().map(|schema| schema::rows(spec, schema)),
            "samples": samples(spec, operation),
        })),
        "success": {
            "status": status,
            "text": bilingual(&Text::of(&model.success_text)),
            "rows": answer.map(|schema| schema::rows(spec, schema)),
            "sample": operation.sample_of(status),
        },
        "rows": rows,
    })
}

fn parameters(spec: &Document, operation: &Operation) -> Vec<Value> {
    let field = |parameter: &crate::service::Parameter| -> Option<&Field> {
        let same = |field: &&Field| field.name == parameter.name && field.location == parameter.location;
        operation.model.parameters.iter().find(same)
    };
    let sample = |name: &str| {
        let values = &operation.model.sample.as_ref()?.values;
        values.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
    };
    operation
        .parameters
        .iter()
        .map(|parameter| {
            let mut row: Map<String, Value> = schema::described(spec, &parameter.schema);
            row.insert("name".to_owned(), parameter.name.clone().into());
            row.insert("in".to_owned(), parameter.location.clone().into());
            row.insert("required".to_owned(), parameter.required.into());
            row.insert("sample".to_owned(), sample(&parameter.name).into());
            if let Some(field) = field(parameter) {
                row.insert("text".to_owned(), bilingual(&field.text));
                row.insert("project".to_owned(), field.defaults_to_project.into());
            }
            Value::Object(row)
        })
        .collect()
}

/// The sample request's body, then the examples of the body that differ from it.
fn samples(spec: &Document, operation: &Operation) -> Vec<Value> {
    let of_page = operation.model.sample.as_ref().and_then(|sample| sample.body.clone());
    let at = child(&child("/paths", &operation.model.path), &operation.model.method.to_lowercase());
    let media = spec
        .resolve(&child(&at, "requestBody"))
        .and_then(|(at, _)| spec.resolve(&child(&child(&at, "content"), "application/json")));
    let examples = media.and_then(|(_, media)| media.get("examples")?.as_object());
    let named = examples.into_iter().flatten().filter_map(|(name, example)| Some((name, example.get("value")?)));
    let mut samples: Vec<(String, Value)> = Vec::new();
    for (name, value) in named {
        samples.push((name.clone(), value.clone()));
    }
    if let Some(body) = of_page
        && samples.iter().all(|(_, value)| *value != body)
    {
        samples.insert(0, ("sample".to_owned(), body));
    }
    samples.into_iter().map(|(name, value)| json!({"name": name, "value": value})).collect()
}
