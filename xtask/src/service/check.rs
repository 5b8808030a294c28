//! A request's parameters and body against their schemas, and our own answers against theirs.

use std::borrow::Cow;

use serde_json::Value;

use super::routes::{Body, Operation, Parameter};
use super::{Answer, Received};
use crate::document::Document;
use crate::validate::validate;

/// What a request says, typed as the document says.
#[derive(Debug, Default)]
pub(super) struct Values {
    /// Parameters as location, name and value.
    pub(super) parameters: Vec<(String, String, Value)>,
    pub(super) body: Option<Value>,
}

impl Values {
    pub(super) fn parameter(&self, location: &str, name: &str) -> Option<&Value> {
        let found = self.parameters.iter().find(|(place, known, _)| place == location && known == name);
        found.map(|(_, _, value)| value)
    }
}

/// Reads a request's values; the first that breaks the document is a 400.
pub(super) fn request(
    spec: &Document,
    operation: &Operation,
    path: &[(String, String)],
    request: &Received,
) -> Result<Values, Answer> {
    let query: Vec<(Cow<'_, str>, Cow<'_, str>)> =
        form_urlencoded::parse(request.path_and_query().1.as_bytes()).collect();
    let is_known = |name: &str| operation.parameters.iter().any(|one| one.location == "query" && one.name == name);
    if let Some((unknown, _)) = query.iter().find(|(name, _)| !is_known(name)) {
        let message = format!("query parameter \"{}\" is not in the document", unknown.escape_debug());
        return Err(Answer::invalid("IMG.0017", &message));
    }
    let mut values = Values::default();
    for parameter in &operation.parameters {
        let Parameter { name, location, required, .. } = parameter;
        let given: Vec<&str> = match location.as_str() {
            "path" => path.iter().filter(|(known, _)| known == name).map(|(_, text)| text.as_str()).collect(),
            "query" => query.iter().filter(|(known, _)| known == name).map(|(_, text)| text.as_ref()).collect(),
            "header" => request
                .headers
                .iter()
                .filter(|(known, _)| known.eq_ignore_ascii_case(name))
                .map(|(_, text)| text.as_str())
                .collect(),
            _ => Vec::new(),
        };
        let code = if location == "header" { "IMG.0001" } else { "IMG.0017" };
        if given.is_empty() {
            if *required {
                return Err(Answer::invalid(code, &format!("{location} parameter {name} is missing")));
            }
            continue;
        }
        if given.len() > 1 && parameter.kind != "array" {
            return Err(Answer::invalid(code, &format!("{location} parameter {name} is there {} times", given.len())));
        }
        let value = typed(spec, parameter, &given);
        if let Some((at, problem)) = validate(spec, &parameter.schema, &value).first() {
            return Err(Answer::invalid(code, &format!("{location} parameter {name}{at}: {problem}")));
        }
        values.parameters.push((location.clone(), name.clone(), value));
    }
    match &operation.body {
        Some(expected) => values.body = body(spec, expected, request)?,
        None if !request.body.is_empty() => {
            return Err(Answer::invalid("IMG.0001", "the document has no body for this request"));
        }
        None => {}
    }
    Ok(values)
}

/// Text as the schema's type; what doesn't read as that type stays text, for the schema to refuse.
fn typed(spec: &Document, parameter: &Parameter, given: &[&str]) -> Value {
    let one = |kind: &str, text: &str| match kind {
        "integer" | "number" if !text.starts_with(['+', ' ']) => {
            text.parse().map_or_else(|_| Value::from(text), Value::Number)
        }
        "boolean" => text.parse().map_or_else(|_| Value::from(text), Value::Bool),
        _ => Value::from(text),
    };
    if parameter.kind != "array" {
        return one(&parameter.kind, given.first().copied().unwrap_or_default());
    }
    let items = spec.resolve(&parameter.schema).and_then(|(at, _)| spec.resolve(&format!("{at}/items")));
    let kind = items.and_then(|(_, items)| items.get("type")).and_then(Value::as_str).unwrap_or_default();
    // One value with commas, or the name again for each value.
    let texts = given.iter().flat_map(|text| text.split(','));
    Value::Array(texts.map(|text| one(kind, text)).collect())
}

fn body(spec: &Document, expected: &Body, request: &Received) -> Result<Option<Value>, Answer> {
    if request.body.is_empty() {
        return match expected.required {
            true => Err(Answer::invalid("IMG.0007", "the body is empty")),
            false => Ok(None),
        };
    }
    let given = request.header("content-type").unwrap_or_default();
    let essence = given.split(';').next().unwrap_or_default().trim();
    let Some(schema) = &expected.schema else { return Ok(None) };
    if !expected.media_types.iter().any(|known| known.eq_ignore_ascii_case(essence)) {
        let wanted = expected.media_types.join(" or ");
        let message = format!("the body's Content-Type is \"{}\", not {wanted}", given.escape_debug());
        return Err(Answer::invalid("IMG.0001", &message));
    }
    let value = serde_json::from_slice(&request.body)
        .map_err(|error| Answer::invalid("IMG.0001", &format!("the body is no JSON: {error}")))?;
    match validate(spec, schema, &value).first() {
        Some((at, problem)) => Err(Answer::invalid("IMG.0001", &format!("body{at}: {problem}"))),
        None => Ok(Some(value)),
    }
}

/// A success that the document doesn't have would make every test against the service worthless.
pub(super) fn answer(spec: &Document, operation: &Operation, answer: Answer) -> Result<Answer, Answer> {
    let (status, schema) = operation.success();
    let problem = match (schema, &answer.body) {
        _ if answer.status != status => Some(format!("its status is {}", answer.status)),
        (Some(schema), Some(body)) => {
            validate(spec, schema, body).first().map(|(at, problem)| format!("body{at}: {problem}"))
        }
        (None, Some(_)) => Some("it has a body".to_owned()),
        (Some(_), None) => Some("it has no body".to_owned()),
        (None, None) => None,
    };
    match problem {
        Some(problem) => {
            let message = format!("the answer of {} breaks the document: {problem}", operation.model.id);
            Err(Answer::gateway(500, "APIGW.0601", &message))
        }
        None => Ok(answer),
    }
}
