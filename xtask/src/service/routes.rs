//! The operations of the document as the service needs them, and which one a request means.

use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::effect::{self, Effect};
use super::state::{Items, ListForm};
use super::{Answer, Received};
use crate::diagnostic::Diagnostic;
use crate::document::{Document, child};
use crate::generate::model::{self, Model};

/// An operation: the generator's view of it, with the pointers and extensions that only the service needs.
pub(crate) struct Operation {
    pub(crate) model: model::Operation,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) body: Option<Body>,
    pub(crate) security: Vec<Scheme>,
    pub(super) effects: Vec<Effect>,
    list: Option<ListForm>,
    segments: Vec<Segment>,
    responses: Vec<Response>,
}

pub(crate) struct Parameter {
    pub(crate) name: String,
    pub(crate) location: String,
    pub(crate) required: bool,
    /// The pointer of its schema.
    pub(crate) schema: String,
    /// The schema's `type`, to read the text by.
    pub(crate) kind: String,
}

pub(crate) struct Body {
    pub(crate) required: bool,
    pub(crate) media_types: Vec<String>,
    /// The pointer of the JSON body's schema.
    pub(crate) schema: Option<String>,
}

struct Response {
    status: u16,
    schema: Option<String>,
    sample: Option<Value>,
}

/// One way in; any of an operation's is enough.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Scheme {
    Nothing,
    /// A token in the header of this lower-case name.
    Token(String),
    Signature,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Segment {
    // Literals sort first: the most specific route is tried first.
    Literal(String),
    Parameter(String),
}

impl Operation {
    pub(crate) fn is_success(&self, status: u16) -> bool {
        self.model.success.iter().any(|(low, high)| (*low..=*high).contains(&status))
    }

    /// The status of success, and the pointer of its body's schema if it has a body.
    pub(crate) fn success(&self) -> (u16, Option<&str>) {
        let found = self.responses.iter().find(|response| self.is_success(response.status));
        found.map_or((200, None), |response| (response.status, response.schema.as_deref()))
    }

    pub(crate) fn sample_of(&self, status: u16) -> Option<&Value> {
        self.responses.iter().find(|response| response.status == status)?.sample.as_ref()
    }

    /// How its success writes a list of tags; the first list that the schema has.
    pub(super) fn list_form(&self) -> ListForm {
        self.list.clone().unwrap_or(ListForm { property: "tags".to_owned(), items: Items::Pairs })
    }

    /// The values of the path's parameters, still percent-encoded, if the path is this operation's.
    fn matches<'a>(&'a self, path: &[&'a str]) -> Option<Vec<(&'a str, &'a str)>> {
        if path.len() != self.segments.len() {
            return None;
        }
        let mut values = Vec::new();
        for (segment, &text) in self.segments.iter().zip(path) {
            match segment {
                Segment::Literal(literal) if literal == text => {}
                Segment::Literal(_) => return None,
                Segment::Parameter(name) => values.push((name.as_str(), text)),
            }
        }
        Some(values)
    }
}

/// An operation, and the decoded values of a request's path by parameter.
type Found<'a> = (&'a Operation, Vec<(String, String)>);

/// The operation that a request means, and the decoded values of its path.
pub(super) fn find<'a>(operations: &'a [Operation], request: &Received) -> Result<Found<'a>, Answer> {
    let path: Vec<&str> = request.path_and_query().0.split('/').skip(1).collect();
    let mut matching: Vec<_> =
        operations.iter().filter_map(|operation| Some((operation, operation.matches(&path)?))).collect();
    matching.sort_by(|(a, _), (b, _)| a.segments.cmp(&b.segments));
    let Some((operation, values)) = matching.iter().find(|(operation, _)| operation.model.method == request.method)
    else {
        if matching.is_empty() {
            return Err(Answer::gateway(404, "APIGW.0101", "The API does not exist or has not been published"));
        }
        // OpenAPI matches concrete paths first: the methods of the most specific one are the resource's own.
        let specific = matching.iter().filter(|(operation, _)| operation.segments == matching[0].0.segments);
        let mut methods: Vec<&str> = specific.map(|(operation, _)| operation.model.method.as_str()).collect();
        methods.sort_unstable();
        methods.dedup();
        let mut answer = Answer::gateway(405, "APIGW.0101", "The API does not have this method");
        answer.headers.push(("allow", methods.join(", ")));
        return Err(answer);
    };
    let decode = |(name, text): &(&str, &str)| {
        let text = percent_decode_str(text).decode_utf8();
        let text = text.map_err(|_| Answer::invalid("IMG.0017", &format!("path parameter {name} is not UTF-8")))?;
        Ok(((*name).to_owned(), text.into_owned()))
    };
    Ok((operation, values.iter().map(decode).collect::<Result<_, Answer>>()?))
}

/// Every operation of the document.
pub(crate) fn operations(spec: &Document) -> Result<Vec<Operation>, Vec<Diagnostic>> {
    let mut findings = Vec::new();
    let operations: Vec<Operation> = Model::of(spec)
        .operations
        .into_iter()
        .filter_map(|model| {
            let item = child("/paths", &model.path);
            let (pointer, raw) = spec.resolve(&child(&item, &model.method.to_lowercase()))?;
            let effects = effect::read(spec, &pointer, raw).unwrap_or_else(|finding| {
                findings.push(finding);
                Vec::new()
            });
            let responses = responses(spec, &pointer, raw);
            Some(Operation {
                list: list_form(spec, &model, &responses),
                segments: model.path.split('/').skip(1).map(segment).collect(),
                parameters: parameters(spec, &[item, pointer.clone()]),
                body: body(spec, &pointer),
                responses,
                security: security(spec, raw),
                effects,
                model,
            })
        })
        .collect();
    if findings.is_empty() { Ok(operations) } else { Err(findings) }
}

fn segment(text: &str) -> Segment {
    match text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
        Some(name) => Segment::Parameter(name.to_owned()),
        None => Segment::Literal(text.to_owned()),
    }
}

/// An operation's own parameter replaces the path's of the same name and place.
fn parameters(spec: &Document, holders: &[String]) -> Vec<Parameter> {
    let mut parameters: Vec<Parameter> = Vec::new();
    for holder in holders {
        for (pointer, raw) in items(spec, &child(holder, "parameters")) {
            let text = |key: &str| raw.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
            let (name, location) = (text("name"), text("in"));
            let schema = child(&pointer, "schema");
            let kind = spec.resolve(&schema).and_then(|(_, schema)| Some(schema.get("type")?.as_str()?.to_owned()));
            parameters.retain(|known| (&known.name, &known.location) != (&name, &location));
            let required = raw.get("required").and_then(Value::as_bool).unwrap_or(false);
            parameters.push(Parameter { name, location, required, schema, kind: kind.unwrap_or_default() });
        }
    }
    parameters
}

fn items<'a>(spec: &'a Document, list: &str) -> Vec<(String, &'a Value)> {
    let length = spec.raw.pointer(list).and_then(Value::as_array).map_or(0, Vec::len);
    (0..length).filter_map(|index| spec.resolve(&format!("{list}/{index}"))).collect()
}

fn body(spec: &Document, operation: &str) -> Option<Body> {
    let (pointer, raw) = spec.resolve(&child(operation, "requestBody"))?;
    let media_types: Vec<String> = raw.get("content")?.as_object()?.keys().cloned().collect();
    let json = media_types.iter().find(|name| is_json(name));
    let schema = json.map(|name| child(&child(&child(&pointer, "content"), name), "schema"));
    Some(Body { required: raw.get("required").and_then(Value::as_bool).unwrap_or(false), schema, media_types })
}

fn responses(spec: &Document, operation: &str, raw: &Value) -> Vec<Response> {
    let statuses = raw.get("responses").and_then(Value::as_object).into_iter().flat_map(serde_json::Map::keys);
    let mut responses = Vec::new();
    for status in statuses {
        let at = child(&child(operation, "responses"), status);
        let (Ok(status), Some((pointer, raw))) = (status.parse(), spec.resolve(&at)) else { continue };
        let media = raw.get("content").and_then(Value::as_object).and_then(|content| {
            let name = content.keys().find(|name| is_json(name))?;
            spec.resolve(&child(&child(&pointer, "content"), name))
        });
        let sample = media.as_ref().and_then(|(_, media)| {
            let first = || media.get("examples")?.as_object()?.values().next()?.get("value");
            media.get("example").or_else(first).cloned()
        });
        responses.push(Response { status, schema: media.map(|(at, _)| child(&at, "schema")), sample });
    }
    responses
}

fn list_form(spec: &Document, model: &model::Operation, responses: &[Response]) -> Option<ListForm> {
    let is_success = |status: u16| model.success.iter().any(|(low, high)| (*low..=*high).contains(&status));
    let schema = responses.iter().find(|response| is_success(response.status))?.schema.as_ref()?;
    let (at, schema) = spec.resolve(schema)?;
    schema.get("properties")?.as_object()?.keys().find_map(|property| {
        let (list, _) = spec.resolve(&child(&child(&at, "properties"), property))?;
        let (_, items) = spec.resolve(&child(&list, "items"))?;
        let has = |name: &str| items.get("properties").is_some_and(|properties| properties.get(name).is_some());
        let items = if items.get("type").is_some_and(|kind| kind == "string") {
            Items::Strings
        } else if has("values") {
            Items::Grouped
        } else {
            Items::Pairs
        };
        Some(ListForm { property: property.clone(), items })
    })
}

fn is_json(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    essence == "application/json" || essence.ends_with("+json")
}

/// The alternatives of `security`, each by its first scheme. `Authorization` carries the signature in this cloud.
fn security(spec: &Document, operation: &Value) -> Vec<Scheme> {
    let alternatives = operation.get("security").or_else(|| spec.raw.get("security")).and_then(Value::as_array);
    let scheme = |alternative: &Value| {
        let Some(name) = alternative.as_object().and_then(|names| names.keys().next()) else {
            return Some(Scheme::Nothing);
        };
        let (_, scheme) = spec.resolve(&child("/components/securitySchemes", name))?;
        let header = scheme.get("name").filter(|_| scheme.get("in").is_some_and(|place| place == "header"))?;
        let header = header.as_str()?.to_lowercase();
        Some(if header == "authorization" { Scheme::Signature } else { Scheme::Token(header) })
    };
    alternatives.into_iter().flatten().filter_map(scheme).collect()
}
