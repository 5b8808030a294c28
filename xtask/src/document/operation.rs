//! Operations: what is sent and what is answered, with references followed and overridden parameters left out.

use std::ops::RangeInclusive;

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use super::names::Names;
use super::paging::Paging;
use super::pointer::child;
use super::references::resolve;
use super::schema::Schema;
use super::text::Text;

/// The methods of a path item, in the order of OpenAPI.
pub const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// One operation.
#[derive(Debug, Clone)]
pub struct Operation {
    /// Where it is written.
    pub pointer: String,
    /// `operationId`.
    pub id: Option<String>,
    /// What it is called in Rust and in a shell.
    pub names: Names,
    /// The method in lower case.
    pub method: &'static str,
    /// The path template.
    pub path: String,
    /// The groups it belongs to.
    pub tags: Vec<String>,
    /// `summary`.
    pub summary: Text,
    /// `description`.
    pub description: Text,
    /// `deprecated: true`.
    pub deprecated: bool,
    /// The text and address of `externalDocs`.
    pub link: Option<(String, String)>,
    /// Its parameters, the path item's first; one of its own replaces the path item's of the same name and place.
    pub parameters: Vec<Parameter>,
    /// The request body.
    pub body: Option<Body>,
    /// Its responses, as they are written.
    pub responses: Vec<Response>,
    /// The ways to authenticate, of which any is enough: each a list of schemes; empty if nothing is needed.
    pub security: Vec<Vec<String>>,
    /// `x-ims-idempotent`: whether repeating it has no second effect.
    pub idempotent: bool,
    /// `x-ims-page`: its page in the service's reference.
    pub page: String,
    /// `x-ims-permissions`: the IAM actions that it needs.
    pub permissions: Vec<String>,
    /// `x-ims-sample-request`.
    pub sample: Option<SampleRequest>,
    /// `x-ims-paging`: how its answer is read piece by piece.
    pub paging: Option<Paging>,
    /// `x-ims-job`: the property of the answer that names the job it started.
    pub job: Option<String>,
}

/// One parameter of an operation.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// Where it is written, behind any `$ref`.
    pub pointer: String,
    /// Where the operation or path item lists it.
    pub listed: String,
    /// The name on the wire.
    pub name: String,
    /// What it is called in Rust and in a shell: after `x-ims-name` where there is one.
    pub names: Names,
    /// `x-ims-name`.
    pub alias: Option<String>,
    /// `in`.
    pub location: Location,
    /// `required`.
    pub required: bool,
    /// `description`.
    pub text: Text,
    /// `deprecated: true`.
    pub deprecated: bool,
    /// `schema`.
    pub schema: Option<Schema>,
    /// `x-ims-default: project-id`: the client's own project is used when none is given.
    pub defaults_to_project: bool,
}

/// Where a parameter stands in a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Location {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// In a header.
    Header,
    /// In a cookie.
    Cookie,
}

/// A request body.
#[derive(Debug, Clone)]
pub struct Body {
    /// Where it is written, behind any `$ref`.
    pub pointer: String,
    /// `required`.
    pub required: bool,
    /// `description`.
    pub text: Text,
    /// Its media types, as they are written.
    pub content: Vec<Media>,
}

/// A response.
#[derive(Debug, Clone)]
pub struct Response {
    /// Where it is written, behind any `$ref`.
    pub pointer: String,
    /// Where the operation lists it.
    pub listed: String,
    /// The status as it is written: `200`, `4XX` or `default`.
    pub status: String,
    /// `description`, all of it.
    pub description: String,
    /// Its media types, as they are written.
    pub content: Vec<Media>,
}

/// What a body holds in one media type.
#[derive(Debug, Clone)]
pub struct Media {
    /// Where it is written.
    pub pointer: String,
    /// The media type as it is written, with its parameters.
    pub media_type: String,
    /// `schema`.
    pub schema: Option<Schema>,
    /// The values of `example` and `examples`.
    pub samples: Vec<Sample>,
}

/// A sample of a body.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// Where its value is written.
    pub pointer: String,
    /// Its name under `examples`.
    pub name: Option<String>,
    /// What would be sent.
    pub value: Value,
}

/// `x-ims-sample-request`: a request as the service's page shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct SampleRequest {
    /// Where it is written.
    pub pointer: String,
    /// The method as it is written.
    pub method: String,
    /// The address as it is written.
    pub url: String,
    /// The decoded values of path and query parameters, by their names on the wire.
    pub values: Vec<(String, String)>,
    /// The body.
    pub body: Option<Value>,
}

/// A row of an operation's error table: a response whose description is a reason phrase, a blank line and the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorRow {
    /// The status code.
    pub status: u16,
    /// The reason phrase.
    pub reason: String,
    /// What it means.
    pub text: Text,
    /// What the row is called in Rust.
    pub names: Names,
}

/// Whether a media type is JSON: `application/json` with any parameters, or one that ends with `+json` or, as OpenStack
/// writes it, `-json-patch`.
#[must_use]
pub fn is_json(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json"
        || essence.starts_with("application/") && (essence.ends_with("+json") || essence.ends_with("-json-patch"))
}

/// All operations, by path as they are written and then by method.
pub(super) fn read(raw: &Value) -> Vec<Operation> {
    let mut operations = Vec::new();
    for (path, item) in members(raw.get("paths")).filter(|(path, _)| path.starts_with('/')) {
        let at = child("/paths", path);
        for method in METHODS {
            if let Some(node) = item.get(method) {
                operations.push(Operation::read(raw, path, method, node, &at));
            }
        }
    }
    operations
}

impl Operation {
    fn read(raw: &Value, path: &str, method: &'static str, node: &Value, item: &str) -> Self {
        let pointer = child(item, method);
        let text = |key: &str| node.get(key).and_then(Value::as_str);
        let texts = |key: &str| {
            let items = node.get(key).and_then(Value::as_array).into_iter().flatten();
            items.filter_map(Value::as_str).map(str::to_owned).collect()
        };
        let own = parameters(raw, &pointer);
        let mut all = parameters(raw, item);
        all.retain(|shared| !own.iter().any(|own| (&own.name, own.location) == (&shared.name, shared.location)));
        all.extend(own);
        let id = text("operationId");
        Self {
            names: Names::of_operation(id.unwrap_or(&format!("{method}{path}"))),
            id: id.map(str::to_owned),
            method,
            tags: texts("tags"),
            summary: text("summary").map_or_else(Text::default, Text::of),
            description: text("description").map_or_else(Text::default, Text::of),
            deprecated: node.get("deprecated").and_then(Value::as_bool) == Some(true),
            link: node.get("externalDocs").and_then(|docs| {
                let url = docs.get("url")?.as_str()?;
                Some((docs.get("description").and_then(Value::as_str).unwrap_or("More").to_owned(), url.to_owned()))
            }),
            parameters: all,
            body: node.get("requestBody").and_then(|_| Body::read(raw, &child(&pointer, "requestBody"))),
            responses: responses(raw, node, &child(&pointer, "responses")),
            security: security(node.get("security").or_else(|| raw.get("security"))),
            idempotent: node.get("x-ims-idempotent").and_then(Value::as_bool).unwrap_or(false),
            page: text("x-ims-page").unwrap_or_default().to_owned(),
            permissions: texts("x-ims-permissions"),
            sample: node
                .get("x-ims-sample-request")
                .and_then(|sample| SampleRequest::read(sample, path, &child(&pointer, "x-ims-sample-request"))),
            paging: node.get("x-ims-paging").and_then(Paging::read),
            job: text("x-ims-job").map(str::to_owned),
            path: path.to_owned(),
            pointer,
        }
    }

    /// The operation's id, or method and path where it has none.
    #[must_use]
    pub fn name(&self) -> String {
        self.id.clone().unwrap_or_else(|| format!("{} {}", self.method.to_uppercase(), self.path))
    }

    /// The responses that say it succeeded: 2XX, else 3XX, else `default`.
    pub fn successes(&self) -> impl Iterator<Item = &Response> {
        let of_class = |class: &str| self.responses.iter().any(|response| response.status.starts_with(class));
        let class = ["2", "3"].into_iter().find(|class| of_class(class)).unwrap_or("default");
        self.responses.iter().filter(move |response| response.status.starts_with(class))
    }

    /// The first success that carries something, else the first success.
    #[must_use]
    pub fn answer(&self) -> Option<&Response> {
        self.successes().find(|response| !response.content.is_empty()).or_else(|| self.successes().next())
    }

    /// The rows of its error table, as they are written.
    #[must_use]
    pub fn errors(&self) -> Vec<ErrorRow> {
        self.responses.iter().filter_map(Response::error_row).collect()
    }

    /// The rows of its error table, by status.
    #[must_use]
    pub fn errors_by_status(&self) -> Vec<ErrorRow> {
        let mut rows = self.errors();
        rows.sort_by_key(|row| row.status);
        rows
    }

    /// Its parameters at one place of the request.
    pub fn parameters_in(&self, location: Location) -> impl Iterator<Item = &Parameter> {
        self.parameters.iter().filter(move |parameter| parameter.location == location)
    }
}

impl Parameter {
    fn read(raw: &Value, listed: &str) -> Option<Self> {
        let (pointer, node) = resolve(raw, listed)?;
        let text = |key: &str| node.get(key).and_then(Value::as_str);
        let flag = |key: &str| node.get(key).and_then(Value::as_bool) == Some(true);
        let (name, alias) = (text("name")?, text("x-ims-name"));
        Some(Self {
            names: Names::of_parameter(alias.unwrap_or(name)),
            name: name.to_owned(),
            alias: alias.map(str::to_owned),
            location: Location::of(text("in")?)?,
            required: flag("required"),
            text: text("description").map_or_else(Text::default, Text::of),
            deprecated: flag("deprecated"),
            schema: node.get("schema").map(|schema| Schema::read(schema, &child(&pointer, "schema"))),
            defaults_to_project: text("x-ims-default") == Some("project-id"),
            listed: listed.to_owned(),
            pointer,
        })
    }
}

impl Location {
    fn of(place: &str) -> Option<Self> {
        [Self::Path, Self::Query, Self::Header, Self::Cookie].into_iter().find(|location| location.as_str() == place)
    }

    /// As the document has it: `query`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::Cookie => "cookie",
        }
    }
}

impl Body {
    fn read(raw: &Value, listed: &str) -> Option<Self> {
        let (pointer, node) = resolve(raw, listed)?;
        Some(Self {
            required: node.get("required").and_then(Value::as_bool) == Some(true),
            text: node.get("description").and_then(Value::as_str).map_or_else(Text::default, Text::of),
            content: content(node, &pointer),
            pointer,
        })
    }

    /// What it holds as JSON, else in its first media type.
    #[must_use]
    pub fn media(&self) -> Option<&Media> {
        preferred(&self.content)
    }
}

impl Response {
    /// The codes that the status covers; `None` for `default`.
    #[must_use]
    pub fn codes(&self) -> Option<RangeInclusive<u16>> {
        match self.status.strip_suffix("XX") {
            Some(class) => class.parse::<u16>().ok().map(|class| class * 100..=class * 100 + 99),
            None => self.status.parse().ok().map(|code| code..=code),
        }
    }

    /// What it holds as JSON, else in its first media type.
    #[must_use]
    pub fn media(&self) -> Option<&Media> {
        preferred(&self.content)
    }

    /// The row of the error table that it is.
    #[must_use]
    pub fn error_row(&self) -> Option<ErrorRow> {
        let status = self.status.parse().ok().filter(|status| (400..=599).contains(status))?;
        let (reason, text) = self.description.split_once("\n\n").unwrap_or((&self.description, ""));
        let reason = reason.trim().to_owned();
        Some(ErrorRow { status, names: Names::of_reason(status, &reason), reason, text: Text::of(text) })
    }
}

impl Media {
    /// Whether it is JSON.
    #[must_use]
    pub fn is_json(&self) -> bool {
        is_json(&self.media_type)
    }
}

impl SampleRequest {
    fn read(sample: &Value, path: &str, pointer: &str) -> Option<Self> {
        let url = sample.get("url")?.as_str()?;
        let target = url.split_once("://").map_or(url, |(_, rest)| rest);
        let target = target.find('/').map_or("", |at| &target[at..]);
        let (given, query) = target.split_once('?').unwrap_or((target, ""));
        let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let in_path = path.split('/').zip(given.split('/')).filter_map(|(template, value)| {
            let name = template.strip_prefix('{')?.strip_suffix('}')?;
            Some((name.to_owned(), decoded(value)))
        });
        let in_query = query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (decoded(name), decoded(value)));
        Some(Self {
            pointer: pointer.to_owned(),
            method: sample.get("method")?.as_str()?.to_owned(),
            values: in_path.chain(in_query).collect(),
            body: sample.get("body").cloned(),
            url: url.to_owned(),
        })
    }

    /// The value of a parameter.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&str> {
        self.values.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

fn parameters(raw: &Value, holder: &str) -> Vec<Parameter> {
    let list = child(holder, "parameters");
    let count = raw.pointer(&list).and_then(Value::as_array).map_or(0, Vec::len);
    (0..count).filter_map(|index| Parameter::read(raw, &format!("{list}/{index}"))).collect()
}

fn responses(raw: &Value, node: &Value, at: &str) -> Vec<Response> {
    let listed = members(node.get("responses")).filter(|(status, _)| !status.starts_with("x-"));
    let read = |(status, _): (&str, &Value)| {
        let listed = child(at, status);
        let (pointer, node) = resolve(raw, &listed)?;
        Some(Response {
            description: node.get("description").and_then(Value::as_str).unwrap_or_default().to_owned(),
            content: content(node, &pointer),
            status: status.to_owned(),
            listed,
            pointer,
        })
    };
    listed.filter_map(read).collect()
}

fn content(node: &Value, pointer: &str) -> Vec<Media> {
    let at = child(pointer, "content");
    let read = |(media_type, node): (&str, &Value)| {
        let pointer = child(&at, media_type);
        let schema = node.get("schema").filter(|schema| !schema.is_null());
        Media {
            media_type: media_type.to_owned(),
            schema: schema.map(|schema| Schema::read(schema, &child(&pointer, "schema"))),
            samples: samples(node, &pointer),
            pointer,
        }
    };
    members(node.get("content")).map(read).collect()
}

fn samples(media: &Value, pointer: &str) -> Vec<Sample> {
    let one = media.get("example").map(|value| Sample {
        pointer: child(pointer, "example"),
        name: None,
        value: value.clone(),
    });
    let at = child(pointer, "examples");
    let many = members(media.get("examples")).filter_map(|(name, example)| {
        let pointer = child(&child(&at, name), "value");
        Some(Sample { pointer, name: Some(name.to_owned()), value: example.get("value")?.clone() })
    });
    one.into_iter().chain(many).collect()
}

fn preferred(content: &[Media]) -> Option<&Media> {
    content.iter().find(|media| media.is_json()).or_else(|| content.first())
}

fn security(node: Option<&Value>) -> Vec<Vec<String>> {
    let ways = node.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object);
    ways.map(|schemes: &Map<String, Value>| schemes.keys().cloned().collect()).collect()
}

/// The members of an object, none of anything else.
fn members(node: Option<&Value>) -> impl Iterator<Item = (&str, &Value)> {
    let members = node.and_then(Value::as_object).into_iter().flatten();
    members.map(|(key, value)| (key.as_str(), value))
}
