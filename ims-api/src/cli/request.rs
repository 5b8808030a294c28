//! A request and an answer as people read them: secrets masked, and the request as curl.

use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Request, StatusCode};
use serde_json::Value;

use super::shell::quoted;
use crate::error::text::escape;

const NO_LIMIT: usize = usize::MAX;

/// The request in the form of HTTP/1.1.
pub(crate) fn shown(request: &Request) -> String {
    let url = request.url();
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    let mut lines = vec![format!("{} {}{query} HTTP/1.1", request.method(), url.path())];
    lines.push(format!("host: {}", url.authority()));
    lines.extend(headers(request.headers()));
    lines.extend(body(request).map(|body| format!("\n{}", escape(&body, NO_LIMIT))));
    lines.join("\n") + "\n"
}

/// The request, and the same as curl makes it. A token is named by its variable, so the line works as it is; a signature
/// is left out.
pub(crate) fn twice(request: &Request) -> String {
    let mut words = vec![format!("curl --request {} {}", request.method(), quoted(request.url().as_str()))];
    words.extend(headers(request.headers()).map(|header| match header.strip_prefix("x-auth-token: ") {
        Some(_) => "--header \"x-auth-token: $HW_AUTH_TOKEN\"".to_owned(),
        None => format!("--header {}", quoted(&header)),
    }));
    words.extend(body(request).map(|body| format!("--data-raw {}", quoted(&body))));
    let note = match request.headers().contains_key(AUTHORIZATION) {
        true => "# as curl; a signature is secret, lasts 15 minutes and is left out: ***",
        false => "# as curl",
    };
    format!("{}\n{note}\n{}", shown(request), words.join(" \\\n  "))
}

/// Status and headers of an answer.
pub(crate) fn answered(status: StatusCode, answered: &HeaderMap) -> String {
    [status.to_string()].into_iter().chain(headers(answered)).collect::<Vec<_>>().join("\n")
}

/// The body of an answer, without what is secret by its name.
pub(crate) fn carried(body: &[u8]) -> String {
    fn mask(value: &mut Value) {
        match value {
            Value::Array(items) => items.iter_mut().for_each(mask),
            Value::Object(members) => {
                for (name, member) in members {
                    let name = name.to_ascii_lowercase();
                    if ["token", "secret", "password", "adminpass"].iter().any(|secret| name.contains(secret)) {
                        *member = "***".into();
                    } else {
                        mask(member);
                    }
                }
            }
            _ => {}
        }
    }
    match serde_json::from_slice(body) {
        Ok(mut value) => {
            mask(&mut value);
            super::output::json(&value, true)
        }
        Err(_) => escape(&String::from_utf8_lossy(body), 1000),
    }
}

fn headers(headers: &HeaderMap) -> impl Iterator<Item = String> {
    headers.iter().map(|(name, value)| format!("{name}: {}", masked(name, value)))
}

fn masked(name: &HeaderName, value: &HeaderValue) -> String {
    let text = String::from_utf8_lossy(value.as_bytes());
    if name == AUTHORIZATION {
        // What was signed with which key helps to explain a refusal; the signature itself is a secret.
        let shown = text.split_once("Signature=").map_or("", |(shown, _)| shown);
        return format!("{}Signature=***", escape(shown, NO_LIMIT) + if shown.is_empty() { "" } else { " " });
    }
    if value.is_sensitive() || matches!(name.as_str(), "x-subject-token" | "set-cookie") {
        return "***".to_owned();
    }
    escape(&text, 400)
}

fn body(request: &Request) -> Option<String> {
    let bytes = request.body()?.as_bytes()?;
    (!bytes.is_empty()).then(|| String::from_utf8_lossy(bytes).into_owned())
}
