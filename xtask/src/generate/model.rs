//! The operations of a document as the generator's own stages need them: what progenitor drops, by the names it uses.

use std::collections::{BTreeSet, HashMap};

use heck::ToPascalCase;
use openapiv3::{OpenAPI, Parameter, ReferenceOr, Response, StatusCode};
use serde_json::Value;

use super::schemas::{self, Integer, Limited, Open, Paging};
use crate::document;
use crate::document::Document;
use crate::document::is_json;
use crate::document::{Case, identifier};

/// The document, reduced to what the stages after progenitor need.
#[derive(Debug)]
pub(crate) struct Model {
    /// `info.title`.
    pub title: String,
    /// The operations in the order of progenitor's output.
    pub operations: Vec<Operation>,
    /// Where among them each builder's operation is.
    builders: HashMap<String, usize>,
    pub integers: Vec<Integer>,
    pub opens: Vec<Open>,
    pub limited: Vec<Limited>,
    /// The patterns of strings that become types of their own.
    pub patterns: BTreeSet<String>,
}

/// One operation of the document.
#[derive(Debug)]
pub(crate) struct Operation {
    /// `operationId`.
    pub id: String,
    /// The method in upper case.
    pub method: String,
    /// The path template.
    pub path: String,
    /// `summary` and `description`, each split where possible.
    pub summary: Text,
    pub description: Text,
    pub idempotent: bool,
    /// `x-ims-page` and the operation's `externalDocs`.
    pub page: String,
    pub links: Vec<(String, String)>,
    pub permissions: Vec<String>,
    pub parameters: Vec<Field>,
    /// Whether there is a request body, and the component that is its schema.
    pub body: bool,
    pub body_text: Text,
    pub body_schema: Option<String>,
    /// The body's schema as JSON.
    pub body_node: Option<Value>,
    /// How many of the body and the responses are JSON.
    pub json_bodies: usize,
    /// The statuses of success, as inclusive ranges.
    pub success: Vec<(u16, u16)>,
    pub success_text: String,
    pub rows: Vec<Row>,
    /// The sample request: values of path and query parameters by name, and the body.
    pub sample: Option<Sample>,
    /// How its answer is read piece by piece.
    pub paging: Option<Paging>,
    /// The names of its method and its builder: asked for at every item of the generated code.
    snake: String,
    pascal: String,
}

/// A parameter.
#[derive(Debug)]
pub(crate) struct Field {
    snake: String,
    /// The name on the wire.
    pub name: String,
    /// `x-ims-name`: the name in Rust, where the one on the wire doesn't read well.
    pub alias: Option<String>,
    pub location: &'static str,
    pub required: bool,
    pub text: Text,
    /// `x-ims-default: project-id`: the client's own project is used when none is given.
    pub defaults_to_project: bool,
}

/// A description, split into its languages if it has both.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Text {
    pub english: String,
    pub chinese: String,
}

/// A row of the error table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    pub status: u16,
    pub reason: String,
    pub text: Text,
}

/// The sample request of an operation.
#[derive(Debug)]
pub(crate) struct Sample {
    pub values: Vec<(String, String)>,
    pub body: Option<Value>,
}

impl Model {
    pub(crate) fn of(spec: &Document) -> Self {
        let api = &spec.openapi;
        let operations = api
            .paths
            .iter()
            .filter_map(|(path, item)| Some((path, item.as_item()?)))
            .flat_map(|(path, item)| item.iter().map(move |(method, operation)| (path, item, method, operation)))
            .map(|(path, item, method, operation)| Operation::of(spec, path, item, method, operation))
            .collect::<Vec<_>>();
        let builders = operations.iter().enumerate().map(|(at, operation)| (operation.pascal.clone(), at)).collect();
        Self {
            title: api.info.title.clone(),
            operations,
            builders,
            integers: schemas::integers(spec),
            opens: schemas::opens(spec),
            limited: schemas::limited(spec),
            patterns: schemas::patterns(spec),
        }
    }

    /// The operation that a builder, named so, is of.
    pub(crate) fn built_by(&self, builder: &str) -> Option<&Operation> {
        self.operations.get(*self.builders.get(builder)?)
    }

    /// All parameters of all operations.
    pub(crate) fn parameters(&self) -> impl Iterator<Item = &Field> {
        self.operations.iter().flat_map(|operation| &operation.parameters)
    }
}

impl Operation {
    fn of(
        spec: &Document,
        path: &str,
        item: &openapiv3::PathItem,
        method: &str,
        operation: &openapiv3::Operation,
    ) -> Self {
        let api = &spec.openapi;
        let extension = |name: &str| operation.extensions.get(name);
        let mut parameters: Vec<Field> = Vec::new();
        for parameter in item.parameters.iter().chain(&operation.parameters) {
            if let Some(field) = resolve_parameter(api, parameter).map(Field::of) {
                // An operation's own parameter replaces the path's of the same name and place.
                parameters.retain(|known| (&known.name, known.location) != (&field.name, field.location));
                parameters.push(field);
            }
        }
        let responses = operation.responses.responses.iter();
        let mut success: Vec<(u16, u16)> = responses
            .clone()
            .filter_map(|(status, _)| match status {
                StatusCode::Code(code @ 200..=299) => Some((*code, *code)),
                StatusCode::Range(2) => Some((200, 299)),
                StatusCode::Code(_) | StatusCode::Range(_) => None,
            })
            .collect();
        if success.is_empty() {
            success.push((200, 299));
        }
        let answer = operation
            .responses
            .responses
            .iter()
            .find(|(status, _)| matches!(status, StatusCode::Code(200..=299) | StatusCode::Range(2)))
            .and_then(|(_, response)| resolve_response(api, response));
        let success_text = answer.map(|response| response.description.clone()).unwrap_or_default();
        let paging = extension("x-ims-paging").and_then(|paging| {
            let ReferenceOr::Reference { reference } = answer?.content.get("application/json")?.schema.as_ref()? else {
                return None;
            };
            Paging::of(spec, paging, reference.rsplit('/').next()?)
        });
        let rows = responses
            .filter_map(|(status, response)| match status {
                StatusCode::Code(code @ 400..=599) => Some(Row::of(*code, resolve_response(api, response)?)),
                StatusCode::Code(_) | StatusCode::Range(_) => None,
            })
            .collect();
        let page = extension("x-ims-page").and_then(Value::as_str).unwrap_or_default().to_owned();
        let links = operation
            .external_docs
            .iter()
            .map(|docs| (docs.description.clone().unwrap_or_else(|| "More".to_owned()), docs.url.clone()))
            .collect();
        let id = operation.operation_id.clone().unwrap_or_default();
        let snake = identifier(&id, Case::Method);
        Self {
            // The generator makes the builder's name of the method's.
            pascal: identifier(&snake, Case::Builder),
            snake,
            id,
            method: method.to_uppercase(),
            path: path.to_owned(),
            summary: Text::of(operation.summary.as_deref().unwrap_or_default()),
            description: Text::of(operation.description.as_deref().unwrap_or_default()),
            idempotent: extension("x-ims-idempotent").and_then(Value::as_bool).unwrap_or(false),
            page,
            links,
            permissions: extension("x-ims-permissions")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .filter_map(|permission| permission.as_str().map(str::to_owned))
                .collect(),
            body: operation.request_body.is_some(),
            body_text: Text::of(
                operation
                    .request_body
                    .as_ref()
                    .and_then(|body| body.as_item()?.description.as_deref())
                    .unwrap_or_default(),
            ),
            body_schema: operation.request_body.as_ref().and_then(|body| schemas::component_of_body(body.as_item()?)),
            body_node: operation.request_body.as_ref().and_then(|body| {
                let media = body.as_item()?.content.get("application/json")?;
                serde_json::to_value(media.schema.as_ref()?).ok()
            }),
            json_bodies: {
                let body = operation.request_body.iter().filter_map(|body| Some(&body.as_item()?.content));
                let all = operation.responses.responses.values().chain(&operation.responses.default);
                let answers = all.filter_map(|response| Some(&resolve_response(api, response)?.content));
                body.chain(answers).filter(|content| content.keys().any(|media_type| is_json(media_type))).count()
            },
            sample: extension("x-ims-sample-request").and_then(|sample| Sample::of(sample, path)),
            parameters,
            success,
            success_text,
            rows,
            paging,
        }
    }

    /// The query parameters whose name in Rust is another than on the wire.
    pub(crate) fn renamed(&self) -> impl Iterator<Item = &Field> {
        self.parameters.iter().filter(|field| field.location == "query" && field.alias.is_some())
    }

    /// The name of the client's method.
    pub(crate) fn snake(&self) -> &str {
        &self.snake
    }

    /// The name of the builder.
    pub(crate) fn pascal(&self) -> &str {
        &self.pascal
    }

    /// The name of the body's type, where it has one of its own.
    pub(crate) fn body_type(&self) -> Option<String> {
        self.body_schema.as_ref().map(|name| identifier(name, Case::Type))
    }

    /// The name of the operation's constants.
    pub(crate) fn constant(&self) -> String {
        self.snake().to_uppercase()
    }
}

impl Field {
    fn of(parameter: &Parameter) -> Self {
        let data = parameter.parameter_data_ref();
        let alias = data.extensions.get("x-ims-name").and_then(Value::as_str).map(str::to_owned);
        Self {
            snake: identifier(alias.as_ref().unwrap_or(&data.name), Case::Method),
            name: data.name.clone(),
            alias,
            location: match parameter {
                Parameter::Path { .. } => "path",
                Parameter::Query { .. } => "query",
                Parameter::Header { .. } => "header",
                Parameter::Cookie { .. } => "cookie",
            },
            required: data.required,
            text: Text::of(data.description.as_deref().unwrap_or_default()),
            defaults_to_project: data.extensions.get("x-ims-default").and_then(Value::as_str) == Some("project-id"),
        }
    }

    /// The name of the builder's setter, as progenitor makes it.
    pub(crate) fn snake(&self) -> &str {
        &self.snake
    }
}

impl Text {
    pub(crate) fn of(text: &str) -> Self {
        document::split(text).map_or_else(
            || Self { english: text.trim().to_owned(), chinese: String::new() },
            |(english, chinese)| Self { english: english.to_owned(), chinese: chinese.to_owned() },
        )
    }
}

impl Row {
    /// A row's description is its reason phrase, the English and the Chinese; the lint `error-row` holds ours to it.
    fn of(status: u16, response: &Response) -> Self {
        let (reason, text) = response.description.split_once("\n\n").unwrap_or((&response.description, ""));
        Self { status, reason: reason.trim().to_owned(), text: Text::of(text) }
    }

    /// The variant of `ErrorKind`.
    pub(crate) fn kind(&self) -> String {
        let kind = self.reason.to_pascal_case();
        if syn::parse_str::<syn::Ident>(&kind).is_ok() { kind } else { format!("Status{}", self.status) }
    }
}

impl Sample {
    fn of(sample: &Value, path: &str) -> Option<Self> {
        let url = sample.get("url")?.as_str()?;
        let after_scheme = url.split_once("://").map_or(url, |(_, rest)| rest);
        let target = &after_scheme[after_scheme.find('/')?..];
        let (given, query) = target.split_once('?').unwrap_or((target, ""));
        let values = path
            .split('/')
            .zip(given.split('/'))
            .filter_map(|(template, value)| {
                let name = template.strip_prefix('{')?.strip_suffix('}')?;
                Some((name.to_owned(), value.to_owned()))
            })
            .chain(
                query
                    .split('&')
                    .filter_map(|pair| pair.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()))),
            )
            .collect();
        Some(Self { values, body: sample.get("body").cloned() })
    }
}

fn resolve_parameter<'a>(api: &'a OpenAPI, parameter: &'a ReferenceOr<Parameter>) -> Option<&'a Parameter> {
    match parameter {
        ReferenceOr::Item(parameter) => Some(parameter),
        ReferenceOr::Reference { reference } => {
            let name = reference.strip_prefix("#/components/parameters/")?;
            api.components.as_ref()?.parameters.get(name)?.as_item()
        }
    }
}

fn resolve_response<'a>(api: &'a OpenAPI, response: &'a ReferenceOr<Response>) -> Option<&'a Response> {
    match response {
        ReferenceOr::Item(response) => Some(response),
        ReferenceOr::Reference { reference } => {
            let name = reference.strip_prefix("#/components/responses/")?;
            api.components.as_ref()?.responses.get(name)?.as_item()
        }
    }
}
