//! Requests against the document, and our own answers against it, too.

use serde_json::{Map, Value};

use super::{Answer, Received};
use crate::document::{Body, Document, Kind, Location, Operation, Parameter, Text, is_json};
use crate::validate::{self, both};

/// What a request says, typed as the document says.
#[derive(Debug, Default)]
pub(crate) struct Values {
    parameters: Map<String, Value>,
    /// The query's names and texts.
    pub(super) query: Vec<(String, String)>,
    pub(super) body: Option<Value>,
}

impl Values {
    /// The value of a parameter, or of a property of the body.
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.parameters.get(name).or_else(|| self.body.as_ref()?.get(name))
    }

    /// The same as text.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.get(name).map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned))
    }
}

/// What is wrong with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where in the request: `path`, `query`, `header` or `body`.
    pub place: &'static str,
    /// The parameter's name, `body`, or what the document doesn't have.
    pub field: String,
    /// A clause in each language, behind the way to the value within a body.
    pub text: Text,
}

impl Problem {
    /// 400 in the service's own shape.
    pub(super) fn answer(&self) -> Answer {
        let Self { place, field, text } = self;
        let code = if ["path", "query"].contains(place) { "IMG.0017" } else { "IMG.0001" };
        let what = if *place == "body" { "body".to_owned() } else { format!("{place} parameter {field}") };
        Answer::refusal(400, code, &format!("{what}: {}", text.english))
    }
}

/// Reads a request's values, with everything that the document doesn't allow.
pub(crate) fn request(
    spec: &Document,
    operation: &Operation,
    path: &[(&str, String)],
    request: &Received,
) -> (Values, Vec<Problem>) {
    let query: Vec<_> = form_urlencoded::parse(request.path_and_query().1.as_bytes()).into_owned().collect();
    let (mut values, mut problems) = (Values::default(), Vec::new());
    let mut tell = |place, field: &str, text| problems.push(Problem { place, field: field.to_owned(), text });
    let known = || operation.parameters_in(Location::Query).map(|one| one.name.as_str());
    for (name, _) in query.iter().filter(|(name, _)| !known().any(|known| known == name)) {
        tell("query", name, validate::unknown(name, known()));
    }
    for parameter in &operation.parameters {
        let given = match parameter.location {
            Location::Path => texts(path, &parameter.name),
            Location::Query => texts(&query, &parameter.name),
            Location::Header => texts(&request.headers, &parameter.name.to_lowercase()),
            Location::Cookie => Vec::new(),
        };
        match value(spec, parameter, &given) {
            Ok(value) => values.parameters.extend(value.map(|value| (parameter.name.clone(), value))),
            Err(text) => tell(parameter.location.as_str(), &parameter.name, text),
        }
    }
    match body(spec, operation.body.as_ref(), request) {
        Ok(value) => values.body = value,
        Err(texts) => texts.into_iter().for_each(|text| tell("body", "body", text)),
    }
    values.query = query;
    (values, problems)
}

/// What is wrong, with its place where that isn't the whole value.
fn placed(found: &validate::Problem) -> Text {
    let at = found.at.trim_start_matches('/').replace('/', ".");
    let of = |text: &str| if at.is_empty() { text.to_owned() } else { format!("{at}: {text}") };
    both(of(&found.text.english), of(&found.text.chinese))
}

fn texts<'a, N: AsRef<str>>(pairs: &'a [(N, String)], name: &str) -> Vec<&'a str> {
    pairs.iter().filter(|(known, _)| known.as_ref() == name).map(|(_, text)| text.as_str()).collect()
}

/// The value of a parameter that is there once, or as a list.
fn value(spec: &Document, parameter: &Parameter, given: &[&str]) -> Result<Option<Value>, Text> {
    let schema = parameter.schema.as_ref().and_then(|schema| spec.schema(schema));
    let kind = schema.and_then(|schema| schema.kind);
    let value = match given {
        [] if parameter.required => return Err(both("is missing", "必填")),
        [] => return Ok(None),
        [first @ ("." | "..")] if parameter.location == Location::Path => {
            return Err(both(format!("{first} would lead to another path"), format!("{first}会改变路径")));
        }
        // One value with commas, or the name again for each value.
        _ if kind == Some(Kind::List) => {
            let items = schema.and_then(|schema| spec.schema(schema.items.as_deref()?)).and_then(|items| items.kind);
            given.iter().flat_map(|text| text.split(',')).map(|text| typed(items, text)).collect()
        }
        [one] => typed(kind, one),
        many => return Err(both(format!("is there {} times", many.len()), format!("出现了{}次", many.len()))),
    };
    let found = schema.and_then(|schema| validate::problems(spec, schema, &value).into_iter().next());
    found.map_or(Ok(Some(value)), |found| Err(found.text))
}

/// Text as the schema's type; what doesn't read as that type stays text, for the schema to refuse.
fn typed(kind: Option<Kind>, text: &str) -> Value {
    match kind {
        Some(Kind::Integer | Kind::Number) if !text.starts_with(['+', ' ']) => text.parse().ok().map(Value::Number),
        Some(Kind::Boolean) => text.parse().ok().map(Value::Bool),
        _ => None,
    }
    .unwrap_or_else(|| text.into())
}

fn body(spec: &Document, expected: Option<&Body>, request: &Received) -> Result<Option<Value>, Vec<Text>> {
    let problem = |text| Err(vec![text]);
    let expected = match (expected, request.body.is_empty()) {
        (Some(expected), false) => expected,
        (Some(expected), true) if expected.required => return problem(both("is empty", "为空")),
        (None, false) => return problem(both("the document has no body for this request", "该请求没有请求体")),
        (_, true) => return Ok(None),
    };
    let given = request.header("content-type").unwrap_or_default();
    let essence = |media_type: &str| media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let Some(media) = expected.content.iter().find(|media| essence(&media.media_type) == essence(given)) else {
        let wanted: Vec<&str> = expected.content.iter().map(|media| media.media_type.as_str()).collect();
        let (given, wanted) = (given.escape_debug(), wanted.join(" or "));
        return problem(both(
            format!("its Content-Type is \"{given}\", not {wanted}"),
            format!("Content-Type为\"{given}\"，而非{wanted}"),
        ));
    };
    let Some(schema) = media.schema.as_ref().filter(|_| is_json(&media.media_type)) else { return Ok(None) };
    let value = match serde_json::from_slice(&request.body) {
        Ok(value) => value,
        Err(error) => {
            return problem(both(format!("isn't valid JSON: {error}"), format!("不是有效的JSON：{error}")));
        }
    };
    let problems = validate::problems_of_sent(spec, schema, &value);
    if problems.is_empty() { Ok(Some(value)) } else { Err(problems.iter().map(placed).collect()) }
}

/// The operation's success. One that the document doesn't have would make every test against the service worthless.
pub(super) fn answer(spec: &Document, operation: &Operation, body: Option<Value>) -> Result<Answer, Answer> {
    let success = operation.answer();
    let media = success.and_then(|success| success.media());
    let problem = match (media.and_then(|media| media.schema.as_ref()), &body) {
        (Some(schema), Some(body)) => validate::problems(spec, schema, body).first().map(|found| placed(found).english),
        (None, Some(_)) => Some("it has a body".to_owned()),
        (Some(_), None) => Some("it has no body, because the document has no sample of it".to_owned()),
        (None, None) => None,
    };
    if let Some(problem) = problem {
        let message = format!("the answer of {} breaks the document: {problem}", operation.name());
        return Err(Answer::refusal(500, "APIGW.0601", &message));
    }
    let status = success.and_then(|success| success.codes()).map_or(200, |codes| *codes.start());
    let answer = Answer::new(status, body);
    Ok(match media {
        Some(media) => answer.with("content-type", media.media_type.clone()),
        None => answer,
    })
}
