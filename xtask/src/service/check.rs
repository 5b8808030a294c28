//! Requests against the document, and our own answers against it, too.

use std::borrow::Cow;

use serde_json::Value;

use super::{Answer, Received};
use crate::document::{Body, Document, Kind, Location, Operation, Parameter, Text, is_json};
use crate::validate;

/// What a request says, typed as the document says.
#[derive(Debug, Default)]
pub(crate) struct Values {
    /// Parameters as location, name and value.
    parameters: Vec<(Location, String, Value)>,
    pub(crate) body: Option<Value>,
}

impl Values {
    /// The value of a parameter, or of a property of the body.
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        let parameter = self.parameters.iter().find(|(_, known, _)| known == name).map(|(_, _, value)| value);
        parameter.or_else(|| self.body.as_ref()?.get(name))
    }

    /// The same as text.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.get(name).map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned))
    }

    /// The names and texts of the query.
    pub(super) fn query(&self) -> impl Iterator<Item = (&str, String)> {
        let query = self.parameters.iter().filter(|(location, _, _)| *location == Location::Query);
        query.map(|(_, name, value)| (name.as_str(), value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
    }
}

/// What is wrong with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where in the request: `path`, `query`, `header` or `body`.
    pub place: &'static str,
    /// The parameter's name, `body`, or what the document doesn't have.
    pub field: String,
    /// The pointer of the value within a body.
    pub at: String,
    /// A clause in each language.
    pub text: Text,
}

impl Problem {
    fn new(place: &'static str, field: &str, english: String, chinese: String) -> Self {
        Self { place, field: field.to_owned(), at: String::new(), text: Text { english, chinese } }
    }

    /// 400 in the service's own shape.
    pub(super) fn answer(&self) -> Answer {
        let Self { place, field, at, text } = self;
        let code = match *place {
            "path" | "query" => "IMG.0017",
            _ => "IMG.0001",
        };
        let what = if *place == "body" { "body".to_owned() } else { format!("{place} parameter {field}") };
        Answer::invalid(code, &format!("{what}{at}: {}", text.english))
    }
}

/// Reads a request's values, with everything that the document doesn't allow.
pub(crate) fn request(
    spec: &Document,
    operation: &Operation,
    path: &[(&str, String)],
    request: &Received,
) -> (Values, Vec<Problem>) {
    let (mut values, mut problems) = (Values::default(), Vec::new());
    let query: Vec<(Cow<'_, str>, Cow<'_, str>)> =
        form_urlencoded::parse(request.path_and_query().1.as_bytes()).collect();
    for (name, _) in &query {
        let known = || operation.parameters_in(Location::Query).map(|one| one.name.as_str());
        if !known().any(|known| known == name) {
            let text = validate::unknown(name, known());
            problems.push(Problem { place: "query", field: name.to_string(), at: String::new(), text });
        }
    }
    for parameter in &operation.parameters {
        let name = parameter.name.as_str();
        let given: Vec<&str> = match parameter.location {
            Location::Path => path.iter().filter(|(known, _)| *known == name).map(|(_, text)| text.as_str()).collect(),
            Location::Query => query.iter().filter(|(known, _)| known == name).map(|(_, text)| text.as_ref()).collect(),
            Location::Header => {
                let same = request.headers.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
                same.map(|(_, text)| text.as_str()).collect()
            }
            Location::Cookie => Vec::new(),
        };
        match self::parameter(spec, parameter, &given) {
            Ok(Some(value)) => values.parameters.push((parameter.location, name.to_owned(), value)),
            Ok(None) => {}
            Err(problem) => problems.push(problem),
        }
    }
    match &operation.body {
        Some(expected) => match body(spec, expected, request) {
            Ok(value) => values.body = value,
            Err(found) => problems.extend(found),
        },
        None if !request.body.is_empty() => {
            let english = "the document has no body for this request".to_owned();
            problems.push(Problem::new("body", "body", english, "该请求没有请求体".to_owned()));
        }
        None => {}
    }
    (values, problems)
}

fn parameter(spec: &Document, parameter: &Parameter, given: &[&str]) -> Result<Option<Value>, Problem> {
    let problem = |english, chinese| Err(Problem::new(parameter.location.as_str(), &parameter.name, english, chinese));
    let schema = parameter.schema.as_ref().and_then(|schema| spec.schema(schema));
    let Some(first) = given.first() else {
        let required = parameter.required;
        return if required { problem("is missing".to_owned(), "必填".to_owned()) } else { Ok(None) };
    };
    let kind = schema.and_then(|schema| schema.kind);
    let value = if kind == Some(Kind::List) {
        let items = schema.and_then(|schema| spec.schema(schema.items.as_deref()?)).and_then(|items| items.kind);
        // One value with commas, or the name again for each value.
        let texts = given.iter().flat_map(|text| text.split(','));
        Value::Array(texts.map(|text| typed(items, text)).collect())
    } else if given.len() > 1 {
        return problem(format!("is there {} times", given.len()), format!("出现了{}次", given.len()));
    } else {
        typed(kind, first)
    };
    if parameter.location == Location::Path && matches!(*first, "." | "..") {
        return problem(format!("{first} would lead to another path"), format!("{first}会改变路径"));
    }
    let found = schema.and_then(|schema| validate::problems(spec, schema, &value).into_iter().next());
    found.map_or(Ok(Some(value)), |found| problem(found.text.english, found.text.chinese))
}

/// Text as the schema's type; what doesn't read as that type stays text, for the schema to refuse.
fn typed(kind: Option<Kind>, text: &str) -> Value {
    match kind {
        Some(Kind::Integer | Kind::Number) if !text.starts_with(['+', ' ']) => {
            text.parse().map_or_else(|_| Value::from(text), Value::Number)
        }
        Some(Kind::Boolean) => text.parse().map_or_else(|_| Value::from(text), Value::Bool),
        _ => Value::from(text),
    }
}

fn body(spec: &Document, expected: &Body, request: &Received) -> Result<Option<Value>, Vec<Problem>> {
    let problem =
        |english: &str, chinese: &str| Err(vec![Problem::new("body", "body", english.to_owned(), chinese.to_owned())]);
    if request.body.is_empty() {
        return if expected.required { problem("is empty", "为空") } else { Ok(None) };
    }
    let given = request.header("content-type").unwrap_or_default();
    let essence = |media_type: &str| media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let Some(media) = expected.content.iter().find(|media| essence(&media.media_type) == essence(given)) else {
        let wanted: Vec<&str> = expected.content.iter().map(|media| media.media_type.as_str()).collect();
        let (given, wanted) = (given.escape_debug(), wanted.join(" or "));
        return problem(
            &format!("its Content-Type is \"{given}\", not {wanted}"),
            &format!("Content-Type为\"{given}\"，而非{wanted}"),
        );
    };
    let Some(schema) = media.schema.as_ref().filter(|_| is_json(&media.media_type)) else { return Ok(None) };
    let value = match serde_json::from_slice(&request.body) {
        Ok(value) => value,
        Err(error) => return problem(&format!("isn't valid JSON: {error}"), &format!("不是有效的JSON：{error}")),
    };
    let found = validate::problems_of_sent(spec, schema, &value).into_iter();
    let of = |validate::Problem { at, text }| Problem { place: "body", field: "body".to_owned(), at, text };
    let problems: Vec<Problem> = found.map(of).collect();
    if problems.is_empty() { Ok(Some(value)) } else { Err(problems) }
}

/// A success that the document doesn't have would make every test against the service worthless.
pub(super) fn answer(spec: &Document, operation: &Operation, answer: Answer) -> Result<Answer, Answer> {
    let success = operation.answer();
    let schema = success.and_then(|success| success.media()?.schema.as_ref());
    let problem = match (schema, &answer.body) {
        (Some(schema), Some(body)) => validate::problems(spec, schema, body)
            .first()
            .map(|problem| format!("body{}: {}", problem.at, problem.text.english)),
        (None, Some(_)) => Some("it has a body".to_owned()),
        (Some(_), None) => Some("it has no body, because the document has no sample of it".to_owned()),
        (None, None) => None,
    };
    match problem {
        Some(problem) => {
            let message = format!("the answer of {} breaks the document: {problem}", operation.name());
            Err(Answer::gateway(500, "APIGW.0601", &message))
        }
        None => Ok(answer),
    }
}
