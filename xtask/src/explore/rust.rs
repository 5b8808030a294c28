//! A call as a Rust program on `ims-api`, typed where the generated types can say it.

use serde_json::Value;

use super::call::{Call, Credential};
use crate::document::{Document, Names, Schema};
use crate::generate::example;
use crate::validate;

/// The program: it compiles whatever was typed in, and says at run time what the client says.
pub(super) fn program(call: &Call<'_>, endpoint: &str) -> String {
    let mut client = format!("Client::builder().endpoint({endpoint:?})");
    let mut arguments = String::new();
    for (parameter, text) in call.values() {
        if parameter.defaults_to_project {
            client += &format!(".project_id({text:?})");
        } else {
            arguments += &format!(".{}({})", parameter.names.snake, example::argument(call.spec, parameter, text));
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
    if let Some(body) = &call.body {
        let schema = call.operation.body.as_ref().and_then(|body| body.media()?.schema.as_ref());
        arguments += &format!(".body({})", body_of(call.spec, schema, body));
    }
    let uses = |what: &str| arguments.contains(what) || client.contains(what);
    let typed = if uses("types::") { "use ims_api::{Client, types};" } else { "use ims_api::Client;" };
    let signed = if uses("Credentials::") { "use ims_api::credentials::Credentials;" } else { "" };
    let code = format!(
        "{signed}{typed}
        #[tokio::main]
        async fn main() -> Result<(), Box<dyn std::error::Error>> {{
            let client = {client}.build()?;
            let answer = client.{}(){arguments}.send().await?;
            println!(\"{{}} {{:#?}}\", answer.status(), answer.into_inner());
            Ok(())
        }}",
        call.operation.names.snake
    );
    let json = if uses("serde_json::") { "//     serde_json = \"1\"\n" } else { "" };
    let manifest = format!("{DEPENDENCIES}{json}\n");
    match syn::parse_file(&code) {
        Ok(file) => manifest + &prettyplease::unparse(&file).replacen(";\n#[tokio", ";\n\n#[tokio", 1),
        Err(_) => manifest + &code,
    }
}

/// The lines of Cargo.toml.
const DEPENDENCIES: &str = "\
// Cargo.toml, under [dependencies]:
//     ims-api = \"0.1\"
//     tokio = { version = \"1\", features = [\"macros\", \"rt-multi-thread\"] }
";

fn body_of(spec: &Document, schema: Option<&Schema>, text: &str) -> String {
    let value: Option<Value> = serde_json::from_str(text).ok();
    let typed = schema.zip(value.as_ref()).and_then(|(schema, value)| {
        // A builder can't say what the document forbids; the whole value as JSON can.
        validate::problems(spec, schema, value).is_empty().then(|| example::value(spec, schema, value)).flatten()
    });
    typed.unwrap_or_else(|| {
        let component = schema.and_then(|schema| spec.schema(schema)?.name());
        let of = component.map_or_else(|| "_".to_owned(), |name| format!("types::{}", Names::of_type(name).pascal));
        format!("serde_json::from_str::<{of}>({text:?})?")
    })
}
