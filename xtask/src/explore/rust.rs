//! A call as a Rust program on `ims-api`, typed where the generated types can say it.

use serde_json::Value;

use super::call::{Call, Credential};
use crate::document::{Case, identifier};
use crate::document::{Document, child};
use crate::generate::model::Field;
use crate::service::{Operation, Parameter};
use crate::validate::validate;

/// The program: it compiles whatever was typed in, and says at run time what the client says.
pub(super) fn program(spec: &Document, operation: &Operation, call: &Call, endpoint: &str) -> String {
    let mut client = format!("Client::builder().endpoint({endpoint:?})");
    let mut arguments = String::new();
    for (parameter, text) in call.values(operation) {
        let Some(field) = field(operation, parameter) else { continue };
        if field.defaults_to_project {
            client += &format!(".project_id({text:?})");
        } else {
            arguments += &format!(".{}({})", field.snake(), argument(parameter, text));
        }
    }
    client += &match call.credential {
        Credential::Token(token) => format!(".token({token:?})"),
        Credential::Key(key) => match key.security_token {
            None => format!(".access_key({:?}, {:?})", key.access, key.secret),
            Some(token) => format!(
                ".credentials(Credentials::access_key({:?}, {:?})?.with_security_token({token:?})?)",
                key.access, key.secret
            ),
        },
        Credential::Nothing => String::new(),
    };
    if let Some(prefer) = &call.prefer {
        client += &format!(".header(\"Prefer\", {prefer:?})");
    }
    if let (Some(body), Some(expected)) = (&call.body, &operation.body) {
        arguments += &format!(".body({})", body_of(spec, operation, expected.schema.as_deref(), body));
    }
    let typed = if arguments.contains("types::") { "use ims_api::{Client, types};" } else { "use ims_api::Client;" };
    let signed = if client.contains("Credentials::") { "use ims_api::credentials::Credentials;" } else { "" };
    let imports = [signed, typed].concat();
    let code = format!(
        "{imports}
        #[tokio::main]
        async fn main() -> Result<(), Box<dyn std::error::Error>> {{
            let client = {client}.build()?;
            let answer = client.{}(){arguments}.send().await?;
            println!(\"{{}} {{:#?}}\", answer.status(), answer.into_inner());
            Ok(())
        }}",
        operation.model.snake()
    );
    match syn::parse_file(&code) {
        Ok(file) => prettyplease::unparse(&file).replacen(";\n#[tokio", ";\n\n#[tokio", 1),
        Err(_) => code,
    }
}

fn field<'a>(operation: &'a Operation, parameter: &Parameter) -> Option<&'a Field> {
    let same = |field: &&Field| field.name == parameter.name && field.location == parameter.location;
    operation.model.parameters.iter().find(same)
}

/// A parameter's text as its setter takes it.
fn argument(parameter: &Parameter, text: &str) -> String {
    match parameter.kind.as_str() {
        "integer" => text.parse::<i64>().map_or_else(|_| format!("{text:?}.parse::<i64>()?"), number),
        "number" => {
            text.parse::<f64>().map_or_else(|_| format!("{text:?}.parse::<f64>()?"), |value| format!("{value:?}"))
        }
        "boolean" => {
            text.parse::<bool>().map_or_else(|_| format!("{text:?}.parse::<bool>()?"), |value| value.to_string())
        }
        _ => format!("{text:?}"),
    }
}

/// A literal without a suffix is an `i32` where nothing else decides.
fn number(value: i64) -> String {
    if i32::try_from(value).is_ok() { value.to_string() } else { format!("{value}_i64") }
}

fn body_of(spec: &Document, operation: &Operation, schema: Option<&str>, text: &str) -> String {
    let value: Option<Value> = serde_json::from_str(text).ok();
    let typed = schema.zip(value.as_ref()).and_then(|(schema, value)| {
        // A builder can't say what the document forbids; the whole value as JSON can.
        validate(spec, schema, value).is_empty().then(|| object(spec, schema, value)).flatten()
    });
    typed.unwrap_or_else(|| {
        let of = operation.model.body_type().map_or_else(|| "_".to_owned(), |name| format!("types::{name}"));
        format!("serde_json::from_str::<{of}>({text:?})?")
    })
}

/// An object by its builder; the branch that fits, of several.
fn object(spec: &Document, schema: &str, value: &Value) -> Option<String> {
    let (at, written) = spec.resolve(schema)?;
    if let Some(branches) = written.get("oneOf").and_then(Value::as_array) {
        let branch = (0..branches.len())
            .map(|index| child(&child(&at, "oneOf"), &index.to_string()))
            .find(|branch| validate(spec, branch, value).is_empty())?;
        return Some(format!("{}.build()?", object(spec, &branch, value)?));
    }
    let properties = written.get("properties")?.as_object()?;
    let required = written.get("required").and_then(Value::as_array);
    let mut code = format!("types::{}::builder()", component(&at)?);
    for (name, value) in value.as_object()? {
        properties.get(name)?;
        let mandatory = required.is_some_and(|required| required.iter().any(|known| known == name));
        let schema = child(&child(&at, "properties"), name);
        let exact = exact(spec, &schema, value)?;
        code += &format!(
            ".{}({})",
            identifier(name, Case::Field),
            match value {
                _ if mandatory => setter(&exact),
                Value::Array(_) => exact,
                _ => format!("Some({exact})"),
            }
        );
    }
    Some(code)
}

/// A setter of a mandatory field converts by itself.
fn setter(exact: &str) -> String {
    exact.strip_suffix(".try_into()?").unwrap_or(exact).to_owned()
}

/// A value as an expression of its own type.
fn exact(spec: &Document, schema: &str, value: &Value) -> Option<String> {
    let (at, written) = spec.resolve(schema)?;
    Some(match value {
        Value::String(text) if written.get("x-ims-integer").is_some() => {
            format!("{}.try_into()?", number(text.parse().ok()?))
        }
        Value::String(text) => format!("{text:?}.try_into()?"),
        Value::Number(integer) if component(&at).is_some() && written.get("minimum").is_some() => {
            format!("{}.try_into()?", number(integer.as_i64()?))
        }
        Value::Number(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
        Value::Array(items) => {
            let of = child(&at, "items");
            let items: Option<Vec<String>> = items.iter().map(|item| exact(spec, &of, item)).collect();
            // A setter makes the `Vec`.
            format!("[{}]", items?.join(", "))
        }
        Value::Object(_) => format!("{}.build()?", object(spec, schema, value)?),
        Value::Null => return None,
    })
}

/// The Rust name of the component at a pointer.
fn component(pointer: &str) -> Option<String> {
    let name = pointer.strip_prefix("/components/schemas/")?;
    (!name.contains('/')).then(|| identifier(name, Case::Type))
}
