//! Operations: what is sent and what is answered, with references followed and overridden parameters left out.

use std::ops::RangeInclusive;

use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::names::Names;
use super::node::Node;
use super::paging::Paging;
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
pub(super) fn read(root: &Node<'_>) -> Vec<Operation> {
    let items = root.members("paths").filter(|(path, _)| path.starts_with('/'));
    let of_item = |(path, item): (&str, Node<'_>)| {
        let read = |method| Some(Operation::read(item.child(method)?, path, method, &item));
        METHODS.into_iter().filter_map(read).collect::<Vec<_>>()
    };
    items.flat_map(of_item).collect()
}

impl Operation {
    fn read(node: Node<'_>, path: &str, method: &'static str, item: &Node<'_>) -> Self {
        let parameters = |holder: &Node<'_>| holder.items("parameters").filter_map(Parameter::read).collect::<Vec<_>>();
        let (mut all, own) = (parameters(item), parameters(&node));
        all.retain(|shared| !own.iter().any(|own| (&own.name, own.location) == (&shared.name, shared.location)));
        all.extend(own);
        let id = node.string("operationId");
        let responses = node.members("responses").filter(|(status, _)| !status.starts_with("x-"));
        let security = node.value.get("security").or_else(|| node.raw.get("security")).and_then(Value::as_array);
        let ways = security.into_iter().flatten().filter_map(Value::as_object);
        let link = node.child("externalDocs").and_then(|docs| {
            Some((docs.string("description").unwrap_or_else(|| "More".to_owned()), docs.string("url")?))
        });
        Self {
            names: Names::of_operation(id.as_deref().unwrap_or(&format!("{method}{path}"))),
            id,
            method,
            path: path.to_owned(),
            tags: node.strings("tags"),
            summary: node.text("summary"),
            description: node.text("description"),
            deprecated: node.flag("deprecated"),
            link,
            parameters: all,
            body: node.child("requestBody").and_then(|node| Body::read(&node)),
            responses: responses.filter_map(|(status, node)| Response::read(status, node)).collect(),
            security: ways.map(|schemes| schemes.keys().cloned().collect()).collect(),
            idempotent: node.flag("x-ims-idempotent"),
            page: node.string("x-ims-page").unwrap_or_default(),
            permissions: node.strings("x-ims-permissions"),
            sample: node.child("x-ims-sample-request").and_then(|sample| SampleRequest::read(sample, path)),
            paging: node.child("x-ims-paging").and_then(|node| Paging::read(&node)),
            job: node.string("x-ims-job"),
            pointer: node.pointer,
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

    /// The rows of its error table, by status.
    #[must_use]
    pub fn errors(&self) -> Vec<ErrorRow> {
        let mut rows: Vec<ErrorRow> = self.responses.iter().filter_map(Response::error_row).collect();
        rows.sort_by_key(|row| row.status);
        rows
    }

    /// Its parameters at one place of the request.
    pub fn parameters_in(&self, location: Location) -> impl Iterator<Item = &Parameter> {
        self.parameters.iter().filter(move |parameter| parameter.location == location)
    }
}

impl Parameter {
    fn read(listed: Node<'_>) -> Option<Self> {
        let node = listed.resolved()?;
        let name = node.string("name")?;
        Some(Self {
            names: Names::of_parameter(node.str("x-ims-name").unwrap_or(&name)),
            location: Location::of(node.str("in")?)?,
            required: node.flag("required"),
            text: node.text("description"),
            deprecated: node.flag("deprecated"),
            schema: node.child("schema").map(|schema| Schema::read(&schema)),
            defaults_to_project: node.str("x-ims-default") == Some("project-id"),
            listed: listed.pointer,
            pointer: node.pointer,
            name,
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
    fn read(listed: &Node<'_>) -> Option<Self> {
        let node = listed.resolved()?;
        Some(Self {
            required: node.flag("required"),
            text: node.text("description"),
            content: content(&node),
            pointer: node.pointer,
        })
    }

    /// What it holds as JSON, else in its first media type.
    #[must_use]
    pub fn media(&self) -> Option<&Media> {
        preferred(&self.content)
    }
}

impl Response {
    fn read(status: &str, listed: Node<'_>) -> Option<Self> {
        let node = listed.resolved()?;
        Some(Self {
            description: node.string("description").unwrap_or_default(),
            content: content(&node),
            status: status.to_owned(),
            listed: listed.pointer,
            pointer: node.pointer,
        })
    }

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
    fn read(sample: Node<'_>, path: &str) -> Option<Self> {
        let (method, url) = (sample.string("method")?, sample.string("url")?);
        let target = url.split_once("://").map_or(&*url, |(_, rest)| rest);
        let target = target.find('/').map_or("", |at| &target[at..]);
        let (given, query) = target.split_once('?').unwrap_or((target, ""));
        let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let in_path = path.split('/').zip(given.split('/')).filter_map(|(template, value)| {
            let name = template.strip_prefix('{')?.strip_suffix('}')?;
            Some((name.to_owned(), decoded(value)))
        });
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        let in_query = pairs.map(|(name, value)| (decoded(name), decoded(value)));
        let values = in_path.chain(in_query).collect();
        Some(Self { body: sample.value.get("body").cloned(), pointer: sample.pointer, values, method, url })
    }

    /// The value of a parameter.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&str> {
        self.values.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

fn content(node: &Node<'_>) -> Vec<Media> {
    let read = |(media_type, node): (&str, Node<'_>)| {
        let schema = node.child("schema").filter(|schema| !schema.value.is_null());
        let sample = |name, node: Node<'_>| Sample { value: node.value.clone(), pointer: node.pointer, name };
        let one = node.child("example").map(|node| sample(None, node));
        let many = node.members("examples");
        let many = many.filter_map(|(name, example)| Some(sample(Some(name.to_owned()), example.child("value")?)));
        Media {
            media_type: media_type.to_owned(),
            schema: schema.map(|schema| Schema::read(&schema)),
            samples: one.into_iter().chain(many).collect(),
            pointer: node.pointer,
        }
    };
    node.members("content").map(read).collect()
}

fn preferred(content: &[Media]) -> Option<&Media> {
    content.iter().find(|media| media.is_json()).or_else(|| content.first())
}
