//! Routes of the document: which operation a request is for, and whether it is as the document demands.

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use super::Recorded;
use crate::spec::Spec;
use crate::validate::validate;

/// All operations of a document.
pub(super) struct Routes {
    spec: Spec,
    routes: Vec<Route>,
}

/// One operation.
pub(super) struct Route {
    method: String,
    segments: Vec<Segment>,
    pointer: String,
    parameters: Vec<Parameter>,
    body: Option<Body>,
    status: u16,
    sample: Option<Value>,
    rows: Vec<(u16, String)>,
}

enum Segment {
    Literal(String),
    Parameter(String),
}

struct Parameter {
    name: String,
    place: String,
    required: bool,
    schema: String,
}

struct Body {
    required: bool,
    schema: String,
}

/// An answer that is no success.
#[derive(Debug, Clone)]
pub(super) struct Refusal {
    pub status: u16,
    pub code: String,
    pub message: String,
    /// Whether the gateway before the service says it, in its own shape.
    pub gateway: bool,
}

impl Refusal {
    pub(super) fn gateway(status: u16, code: &str, message: &str) -> Self {
        Self { status, code: code.to_owned(), message: message.to_owned(), gateway: true }
    }

    fn service(status: u16, code: &str, message: String) -> Self {
        Self { status, code: code.to_owned(), message, gateway: false }
    }
}

impl Routes {
    pub(super) fn of(spec: &Spec) -> Self {
        let mut routes = Vec::new();
        for (path, item) in members(&spec.raw, "paths") {
            for (method, operation) in item.as_object().into_iter().flatten() {
                if METHODS.contains(&method.as_str()) {
                    let pointer = format!("/paths/{}/{method}", path.replace('~', "~0").replace('/', "~1"));
                    routes.push(Route::of(spec, path, item, method, operation, pointer));
                }
            }
        }
        // A literal segment is a better match than a parameter, wherever the document has them.
        routes.sort_by_key(|route| {
            route.segments.iter().map(|segment| matches!(segment, Segment::Parameter(_))).collect::<Vec<_>>()
        });
        Self { spec: spec.clone(), routes }
    }

    /// The operation of a request, with the values of its path parameters.
    pub(super) fn find(&self, request: &Recorded) -> Result<(&Route, Map<String, Value>), Refusal> {
        let path = request.target.split('?').next().unwrap_or_default();
        let given: Vec<&str> = path.split('/').collect();
        let mut other_method = false;
        for route in &self.routes {
            if let Some(values) = route.matches(&given) {
                if route.method == request.method {
                    return Ok((route, values));
                }
                other_method = true;
            }
        }
        Err(if other_method {
            Refusal::gateway(405, "APIGW.0101", "The API does not support this method")
        } else {
            Refusal::gateway(404, "APIGW.0101", "The API does not exist or has not been published in the environment")
        })
    }
}

const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

impl Route {
    fn of(spec: &Spec, path: &str, item: &Value, method: &str, operation: &Value, pointer: String) -> Self {
        let item_pointer = pointer.rsplit_once('/').map_or("", |(item, _)| item).to_owned();
        let mut parameters = Vec::new();
        for (owner, holder) in [(item_pointer, item), (pointer.clone(), operation)] {
            for index in 0..holder.get("parameters").and_then(Value::as_array).map_or(0, Vec::len) {
                let Some((at, node)) = spec.resolve(&format!("{owner}/parameters/{index}")) else { continue };
                let text = |key: &str| node.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
                parameters.push(Parameter {
                    name: text("name"),
                    place: text("in"),
                    required: node.get("required").and_then(Value::as_bool).unwrap_or(false),
                    schema: format!("{at}/schema"),
                });
            }
        }
        let body = spec.resolve(&format!("{pointer}/requestBody")).map(|(at, node)| Body {
            required: node.get("required").and_then(Value::as_bool).unwrap_or(false),
            schema: format!("{at}/content/application~1json/schema"),
        });
        let (mut status, mut sample, mut rows) = (200, None, Vec::new());
        for (code, _) in members(operation, "responses") {
            let (Ok(code_number), Some((_, node))) =
                (code.parse::<u16>(), spec.resolve(&format!("{pointer}/responses/{code}")))
            else {
                continue;
            };
            if code_number < 300 {
                status = code_number;
                let media = node.pointer("/content/application~1json");
                sample = media.and_then(|media| {
                    media.get("example").or_else(|| members(media, "examples").next()?.1.get("value")).cloned()
                });
            } else {
                let text = node.get("description").and_then(Value::as_str).unwrap_or_default();
                let text = text.split_once("\n\n").map_or(text, |(_, text)| text);
                rows.push((code_number, text.to_owned()));
            }
        }
        let segments = path
            .split('/')
            .map(|segment| match segment.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
                Some(name) => Segment::Parameter(name.to_owned()),
                None => Segment::Literal(segment.to_owned()),
            })
            .collect();
        Self { method: method.to_uppercase(), segments, pointer, parameters, body, status, sample, rows }
    }

    fn matches(&self, given: &[&str]) -> Option<Map<String, Value>> {
        if self.segments.len() != given.len() {
            return None;
        }
        let mut values = Map::new();
        for (segment, given) in self.segments.iter().zip(given) {
            match segment {
                Segment::Literal(literal) if literal == given => {}
                Segment::Literal(_) => return None,
                Segment::Parameter(name) => {
                    let value = percent_decode_str(given).decode_utf8_lossy().into_owned();
                    values.insert(name.clone(), Value::String(value));
                }
            }
        }
        Some(values)
    }

    /// The status and the sample of success.
    pub(super) fn success(&self) -> (u16, Option<&Value>) {
        (self.status, self.sample.as_ref())
    }

    /// The row of the error table that somebody asked for.
    pub(super) fn row(&self, code: u16) -> Refusal {
        match self.rows.iter().find(|(status, _)| *status == code) {
            Some((status, text)) => Refusal::service(*status, &format!("IMG.{status}"), text.clone()),
            None => {
                Refusal::service(code, "IMG.0000", format!("{code} is no row of the error table of {}", self.pointer))
            }
        }
    }

    /// Whether parameters and body are as the document demands.
    pub(super) fn check(&self, routes: &Routes, path: &Map<String, Value>, request: &Recorded) -> Result<(), Refusal> {
        let bad = |message: String| Err(Refusal::service(400, "IMG.0001", message));
        let query = request.target.split_once('?').map_or("", |(_, query)| query);
        let query: Vec<(String, String)> = query
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| {
                let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                let decode = |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
                (decode(name), decode(value))
            })
            .collect();
        if let Some((name, _)) = query
            .iter()
            .find(|(name, _)| !self.parameters.iter().any(|known| known.place == "query" && known.name == *name))
        {
            return bad(format!("the query parameter {name:?} is unknown"));
        }
        for parameter in &self.parameters {
            let given = match parameter.place.as_str() {
                "path" => path.get(&parameter.name).and_then(Value::as_str).map(str::to_owned),
                "query" => query.iter().find(|(name, _)| *name == parameter.name).map(|(_, value)| value.clone()),
                _ => {
                    let named = |name: &str| name.eq_ignore_ascii_case(&parameter.name);
                    request.headers.iter().find(|(name, _)| named(name)).map(|(_, value)| value.clone())
                }
            };
            let Some(given) = given else {
                if parameter.required {
                    return bad(format!("the {} parameter {:?} is missing", parameter.place, parameter.name));
                }
                continue;
            };
            // A parameter is text on the wire; what isn't valid as text may be a number or a truth value.
            let as_text = validate(&routes.spec, &parameter.schema, &Value::String(given.clone()));
            let as_value =
                serde_json::from_str::<Value>(&given).ok().filter(|value| value.is_number() || value.is_boolean());
            let valid = as_text.is_empty()
                || as_value.is_some_and(|value| validate(&routes.spec, &parameter.schema, &value).is_empty());
            if !valid {
                let reason = as_text.first().map_or("", |(_, reason)| reason.as_str());
                return bad(format!("{}: {reason}", parameter.name));
            }
        }
        match &self.body {
            None if !request.body.is_empty() => bad("a request body is sent where none is documented".to_owned()),
            None => Ok(()),
            Some(body) if request.body.is_empty() && !body.required => Ok(()),
            Some(body) => match serde_json::from_slice::<Value>(&request.body) {
                Err(error) => Err(Refusal::service(400, "IMG.0001", format!("the request body is no JSON: {error}"))),
                Ok(value) => match validate(&routes.spec, &body.schema, &value).first() {
                    None => Ok(()),
                    Some((at, reason)) => bad(format!("body{at}: {reason}")),
                },
            },
        }
    }
}

fn members<'a>(node: &'a Value, key: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    node.get(key).and_then(Value::as_object).into_iter().flatten()
}
