//! The document as the rules look at it: operations, their parameters, bodies and responses, and every schema, each
//! with the pointer where it stands.

use std::collections::HashSet;

use serde_json::{Map, Value};

use crate::document::{Document, child, push};

/// The methods of a path item, in the order of the specification.
const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// One operation.
pub(super) struct Operation<'a> {
    pub(super) pointer: String,
    pub(super) path: &'a str,
    pub(super) method: &'static str,
    pub(super) node: &'a Value,
    pub(super) parameters: Vec<Parameter<'a>>,
}

/// One parameter of an operation, its own or its path item's.
pub(super) struct Parameter<'a> {
    /// Where it is defined, behind any `$ref`.
    pub(super) pointer: String,
    /// Where the operation or path item lists it.
    pub(super) listed: String,
    pub(super) name: &'a str,
    pub(super) location: &'a str,
    pub(super) node: &'a Value,
}

/// One response of an operation.
pub(super) struct Response<'a> {
    pub(super) pointer: String,
    pub(super) listed: String,
    pub(super) status: &'a str,
    pub(super) node: &'a Value,
}

/// One media type of a request or a response.
pub(super) struct Content<'a> {
    pub(super) pointer: String,
    pub(super) media_type: &'a str,
    pub(super) node: &'a Value,
}

impl<'a> Operation<'a> {
    /// The operation id, or method and path where there is none.
    pub(super) fn name(&self) -> String {
        match self.node.get("operationId").and_then(Value::as_str) {
            Some(id) => id.to_owned(),
            None => format!("{} {}", self.method, self.path),
        }
    }

    pub(super) fn responses(&self, spec: &'a Document) -> Vec<Response<'a>> {
        let at = child(&self.pointer, "responses");
        members(self.node.get("responses"))
            .filter(|(status, _)| !status.starts_with("x-"))
            .filter_map(|(status, _)| {
                let listed = child(&at, status);
                let (pointer, node) = spec.resolve(&listed)?;
                Some(Response { pointer, listed, status, node })
            })
            .collect()
    }

    /// The request body's pointer and node.
    pub(super) fn body(&self, spec: &'a Document) -> Option<(String, &'a Value)> {
        self.node.get("requestBody")?;
        spec.resolve(&child(&self.pointer, "requestBody"))
    }
}

/// The members of an object, none of anything else.
pub(super) fn members(node: Option<&Value>) -> impl Iterator<Item = (&str, &Value)> {
    node.and_then(Value::as_object)
        .into_iter()
        .flat_map(|members| members.iter().map(|(key, value)| (key.as_str(), value)))
}

/// The media types below a request body or response.
pub(super) fn contents<'a>(pointer: &str, node: &'a Value) -> Vec<Content<'a>> {
    let at = child(pointer, "content");
    members(node.get("content"))
        .map(|(media_type, node)| Content { pointer: child(&at, media_type), media_type, node })
        .collect()
}

/// Whether a media type is JSON to the generator.
pub(crate) fn is_json(media_type: &str) -> bool {
    media_type == "application/json" || media_type.starts_with("application/json;")
}

pub(super) fn operations(spec: &Document) -> Vec<Operation<'_>> {
    let mut operations = Vec::new();
    for (path, item) in members(spec.raw.get("paths")) {
        if path.starts_with("x-") {
            continue;
        }
        let at = child("/paths", path);
        let shared = parameters(spec, &at, item);
        for method in METHODS {
            let Some(node) = item.get(method) else {
                continue;
            };
            let pointer = child(&at, method);
            let own = parameters(spec, &pointer, node);
            let overridden: HashSet<_> = own.iter().map(|p| (p.name, p.location)).collect();
            let mut all: Vec<_> = parameters(spec, &at, item)
                .into_iter()
                .filter(|p| !overridden.contains(&(p.name, p.location)))
                .collect();
            all.extend(own);
            operations.push(Operation { pointer, path, method, node, parameters: all });
        }
        drop(shared);
    }
    operations
}

fn parameters<'a>(spec: &'a Document, at: &str, node: &'a Value) -> Vec<Parameter<'a>> {
    let count = node.get("parameters").and_then(Value::as_array).map_or(0, Vec::len);
    (0..count)
        .filter_map(|index| {
            let listed = format!("{at}/parameters/{index}");
            let (pointer, node) = spec.resolve(&listed)?;
            Some(Parameter {
                name: node.get("name")?.as_str()?,
                location: node.get("in")?.as_str()?,
                pointer,
                listed,
                node,
            })
        })
        .collect()
}

/// Every schema that is written out in the document, with its pointer; references are not followed.
pub(super) fn schemas(spec: &Document) -> Vec<(String, &Map<String, Value>)> {
    let mut found = Vec::new();
    for (name, _) in members(spec.raw.pointer("/components/schemas")) {
        below(spec, child("/components/schemas", name), &mut found);
    }
    for section in ["paths", "components"] {
        if let Some(node) = spec.raw.get(section) {
            roots(spec, node, &mut format!("/{section}"), section, &mut found);
        }
    }
    found
}

/// Finds `schema` keys outside schemas.
fn roots<'a>(
    spec: &'a Document,
    node: &'a Value,
    pointer: &mut String,
    key: &str,
    found: &mut Vec<(String, &'a Map<String, Value>)>,
) {
    match node {
        Value::Object(members) => {
            for (name, value) in members {
                let skipped = (key == "components" && name == "schemas")
                    || name == "example"
                    || (name == "examples" && key != "components")
                    || name.starts_with("x-");
                if skipped {
                    continue;
                }
                let length = pointer.len();
                push(pointer, name);
                if name == "schema" && !matches!(key, "responses" | "parameters" | "headers") {
                    below(spec, pointer.clone(), found);
                } else {
                    roots(spec, value, pointer, name, found);
                }
                pointer.truncate(length);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                let length = pointer.len();
                push(pointer, &index.to_string());
                roots(spec, value, pointer, "", found);
                pointer.truncate(length);
            }
        }
        _ => {}
    }
}

fn below<'a>(spec: &'a Document, pointer: String, found: &mut Vec<(String, &'a Map<String, Value>)>) {
    let Some(Value::Object(schema)) = spec.raw.pointer(&pointer) else {
        return;
    };
    if schema.contains_key("$ref") {
        return;
    }
    for child in children(&pointer, schema) {
        below(spec, child, found);
    }
    found.push((pointer, schema));
}

/// The pointers of the schemas directly inside one.
pub(super) fn children(pointer: &str, schema: &Map<String, Value>) -> Vec<String> {
    let mut pointers = Vec::new();
    for (name, _) in members(schema.get("properties")) {
        pointers.push(child(&format!("{pointer}/properties"), name));
    }
    for key in ["allOf", "anyOf", "oneOf"] {
        let count = schema.get(key).and_then(Value::as_array).map_or(0, Vec::len);
        pointers.extend((0..count).map(|index| format!("{pointer}/{key}/{index}")));
    }
    for key in ["items", "additionalProperties", "not"] {
        if schema.get(key).is_some_and(Value::is_object) {
            pointers.push(format!("{pointer}/{key}"));
        }
    }
    pointers
}

/// Every schema that a response can hold, references followed.
pub(super) fn response_schemas<'a>(
    spec: &'a Document,
    operations: &[Operation<'a>],
) -> Vec<(String, &'a Map<String, Value>)> {
    let mut open: Vec<String> = Vec::new();
    for operation in operations {
        for response in operation.responses(spec) {
            for content in contents(&response.pointer, response.node) {
                open.push(format!("{}/schema", content.pointer));
            }
        }
    }
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    while let Some(pointer) = open.pop() {
        let Some((pointer, Value::Object(schema))) = spec.resolve(&pointer) else {
            continue;
        };
        if seen.insert(pointer.clone()) {
            open.extend(children(&pointer, schema));
            found.push((pointer, schema));
        }
    }
    found
}
