//! A request and an answer as people read them: secrets masked, and the request as curl.

use super::shell::quoted;
use std::fmt::Write as _;

use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Request, StatusCode};

use serde_json::Value;

use crate::error::text::escape;

const NO_LIMIT: usize = usize::MAX;

/// The request in the form of HTTP/1.1.
pub(crate) fn shown(request: &Request) -> String {
    let url = request.url();
    let mut text = format!("{} {}", request.method(), url.path());
    // Writing to a string cannot fail.
    if let Some(query) = url.query() {
        let _ = write!(text, "?{query}");
    }
    let _ = write!(text, " HTTP/1.1\nhost: {}\n", host(request));
    for (name, value) in request.headers() {
        let _ = writeln!(text, "{name}: {}", masked(name, value));
    }
    if let Some(body) = body(request) {
        let _ = write!(text, "\n{}\n", escape(&body, NO_LIMIT));
    }
    text
}

/// The request as curl makes it. A token is named by its variable, so the line works as it is; a signature is left out.
pub(crate) fn curl(request: &Request) -> String {
    let mut text = format!("curl --request {} {}", request.method(), quoted(request.url().as_str()));
    for (name, value) in request.headers() {
        let header = if name == "x-auth-token" {
            format!("\"{name}: $HW_AUTH_TOKEN\"")
        } else {
            quoted(&format!("{name}: {}", masked(name, value)))
        };
        let _ = write!(text, " \\\n  --header {header}");
    }
    if let Some(body) = body(request) {
        let _ = write!(text, " \\\n  --data-raw {}", quoted(&body));
    }
    text.push('\n');
    text
}

/// Status and headers of an answer.
pub(crate) fn answered(status: StatusCode, headers: &HeaderMap) -> String {
    let headers = headers.iter().map(|(name, value)| format!("\n{name}: {}", masked(name, value)));
    status.to_string() + &headers.collect::<String>()
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

fn host(request: &Request) -> String {
    let url = request.url();
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

fn body(request: &Request) -> Option<String> {
    let bytes = request.body()?.as_bytes()?;
    (!bytes.is_empty()).then(|| String::from_utf8_lossy(bytes).into_owned())
}
