//! Which Rust item stands for a node of the document, by the names that the generator gives.

use heck::{ToPascalCase, ToShoutySnakeCase, ToSnakeCase};
use serde_json::Value;

use crate::document::Document;
use crate::lock::wire::{Area, Fact};

/// The paths of items that may stand for the fact, the most telling first.
pub(super) fn of(spec: &Document, fact: &Fact) -> Vec<String> {
    let tokens: Vec<String> =
        fact.pointer.split('/').skip(1).map(|token| token.replace("~1", "/").replace("~0", "~")).collect();
    let tokens: Vec<&str> = tokens.iter().map(String::as_str).collect();
    let operation = match &fact.address.area {
        Area::Operation(id) => Some(id.as_str()),
        _ => None,
    };
    match *tokens.as_slice() {
        ["components", "schemas", name, ref rest @ ..] => schema(name, rest),
        ["components", "parameters", name, ..] => {
            let pointer = format!("/components/parameters/{name}");
            let users: Vec<String> = operation.map_or_else(|| operation_ids(spec), |id| vec![id.to_owned()]);
            users.iter().filter_map(|id| setter(spec, &pointer, id)).collect()
        }
        ["components", "responses", name, ..] => {
            let description = spec.raw.pointer(&format!("/components/responses/{name}/description"));
            let reason = description.and_then(Value::as_str).and_then(|text| text.split("\n\n").next());
            let reason = reason.unwrap_or(name).trim();
            vec![
                format!("error_table::{}_ROW", reason.to_shouty_snake_case()),
                format!("ErrorKind::{}", reason.to_pascal_case()),
            ]
        }
        ["components", "requestBodies", ..] => {
            let users = operation.map_or_else(|| operation_ids(spec), |id| vec![id.to_owned()]);
            users.iter().map(|id| format!("builder::{}::body", id.to_pascal_case())).collect()
        }
        ["paths", path, "parameters", index, ..] => operation
            .and_then(|id| setter(spec, &format!("/paths/{}/parameters/{index}", escape(path)), id))
            .into_iter()
            .collect(),
        ["paths", path, method, ref rest @ ..] => {
            operation.map_or_else(Vec::new, |id| inside(spec, &format!("/paths/{}/{method}", escape(path)), id, rest))
        }
        _ => Vec::new(),
    }
}

/// Items for a node inside an operation.
fn inside(spec: &Document, operation: &str, id: &str, rest: &[&str]) -> Vec<String> {
    let pascal = id.to_pascal_case();
    let constant = format!("operations::{}", id.to_shouty_snake_case());
    match *rest {
        ["parameters", index, ..] => setter(spec, &format!("{operation}/parameters/{index}"), id).into_iter().collect(),
        ["parameters"] => vec![format!("builder::{pascal}")],
        ["requestBody", ..] => vec![format!("builder::{pascal}::body")],
        ["responses", status, ..] if status.starts_with('2') => vec![format!("builder::{pascal}::send")],
        ["responses", ..] => vec![format!("error_table::{}", id.to_shouty_snake_case())],
        ["summary" | "description" | "externalDocs" | "x-ims-permissions" | "deprecated", ..] => {
            vec![format!("Client::{}", id.to_snake_case())]
        }
        _ => vec![constant],
    }
}

/// A property is a field of its type, whatever lies deeper.
fn schema(name: &str, rest: &[&str]) -> Vec<String> {
    let ty = format!("types::{}", name.to_pascal_case());
    let property = rest.iter().position(|token| *token == "properties").and_then(|at| rest.get(at + 1));
    let field = property.map(|property| {
        let snake = property.to_snake_case();
        let snake = if syn::parse_str::<syn::Ident>(&snake).is_ok() { snake } else { format!("{snake}_") };
        format!("{ty}.{snake}")
    });
    field.map_or_else(|| vec![ty], |field| vec![field])
}

fn setter(spec: &Document, pointer: &str, id: &str) -> Option<String> {
    let (_, parameter) = spec.resolve(pointer)?;
    // What a parameter is called in Rust, where its name on the wire is none.
    let snake = parameter.get("x-ims-name").or_else(|| parameter.get("name"))?.as_str()?.to_snake_case();
    let snake = if syn::parse_str::<syn::Ident>(&snake).is_ok() { snake } else { format!("{snake}_") };
    Some(format!("builder::{}::{snake}", id.to_pascal_case()))
}

fn operation_ids(spec: &Document) -> Vec<String> {
    let items = spec.openapi.paths.iter().filter_map(|(_, item)| item.as_item());
    items.flat_map(|item| item.iter()).filter_map(|(_, operation)| operation.operation_id.clone()).collect()
}

fn escape(token: &str) -> String {
    token.replace('~', "~0").replace('/', "~1")
}
