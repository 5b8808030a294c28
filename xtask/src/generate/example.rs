//! The sample request of an operation as a call in Rust, with the body by its typed builders.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::document::{Document, Kind, Names, Operation, Parameter, Schema};
use crate::validate;

/// The call, printed as rustfmt would: `let answer = client.list_image_tags()…;`.
pub(super) fn call(document: &Document, operation: &Operation) -> Option<String> {
    let sample = operation.sample.as_ref()?;
    let mut call = format!("client.{}()", operation.names.snake);
    for parameter in operation.parameters.iter().filter(|parameter| !parameter.defaults_to_project) {
        if let Some(value) = sample.value(&parameter.name) {
            call += &format!(".{}({})", parameter.names.snake, argument(document, parameter, value));
        }
    }
    if let Some((body, given)) = operation.body.as_ref().and_then(|body| body.media()).zip(sample.body.as_ref()) {
        call += &format!(".body({})", value(document, body.schema.as_ref()?, given)?);
    }
    let code = format!("async fn main() {{ let answer = {call}.await?; }}");
    let printed = prettyplease::unparse(&syn::parse_file(&code).ok()?);
    let lines = printed.lines().filter_map(|line| line.strip_prefix("    "));
    Some(lines.collect::<Vec<_>>().join("\n"))
}

/// A parameter's text as its setter takes it; what doesn't read as its type is left to the program to read.
pub(crate) fn argument(document: &Document, parameter: &Parameter, text: &str) -> String {
    let kind = parameter.schema.as_ref().and_then(|schema| document.schema(schema)).and_then(|schema| schema.kind);
    let (literal, kind) = match kind {
        Some(Kind::Integer) => (text.parse().ok().map(number), "i64"),
        Some(Kind::Number) => (text.parse::<f64>().ok().map(|value| format!("{value:?}")), "f64"),
        Some(Kind::Boolean) => (text.parse::<bool>().ok().map(|flag| flag.to_string()), "bool"),
        _ => return format!("{text:?}"),
    };
    literal.unwrap_or_else(|| format!("{text:?}.parse::<{kind}>()?"))
}

/// A literal without a suffix is an `i32` where nothing else decides.
fn number(value: i64) -> String {
    if i32::try_from(value).is_ok() { value.to_string() } else { format!("{value}_i64") }
}

/// A value as a setter takes it.
pub(crate) fn value(document: &Document, schema: &Schema, given: &Value) -> Option<String> {
    let schema = document.schema(schema)?;
    Some(match given {
        Value::String(text) => format!("{text:?}"),
        Value::Number(given) if schema.kind == Some(Kind::Integer) => number(given.as_i64()?),
        Value::Number(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
        // Of nothing, no type can be inferred.
        Value::Array(given) if given.is_empty() => "[\"\"; 0]".to_owned(),
        Value::Array(given) => {
            let items: Option<Vec<String>> =
                given.iter().map(|item| value(document, schema.items.as_ref()?, item)).collect();
            format!("[{}]", items?.join(", "))
        }
        Value::Object(members) => {
            let part = schema.parts().find(|part| validate::problems(document, part, given).is_empty());
            if let Some(part) = part {
                return value(document, part, given);
            }
            // Only a component has a name to begin with.
            let name = schema.name()?;
            let mut code = format!("types::{}::builder()", Names::of_type(name).pascal);
            // Their order says nothing.
            for (name, given) in members.iter().collect::<BTreeMap<_, _>>() {
                let property = schema.property(name)?;
                code += &format!(".{}({})", property.names.snake, value(document, &property.schema, given)?);
            }
            code
        }
        Value::Null => return None,
    })
}
