//! An answer as a program on `ims-api` gets it: the error's sentence, its kind, and whether it may be tried again. A test
//! holds these words to the client's own.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::document::Document;

/// What the program gets of an answer, as the page saw it; nothing of a success.
pub(super) fn of(spec: &Document, answer: &Value) -> Option<Value> {
    let text = |name: &str| answer[name].as_str().unwrap_or_default();
    let operation = spec.operation(text("operation"))?;
    let status = u16::try_from(answer["status"].as_u64()?).ok()?;
    if operation.successes().filter_map(|success| success.codes()).any(|codes| codes.contains(&status)) {
        return None;
    }
    let row = operation.errors().into_iter().find(|row| row.status == status);
    let reason = StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
    // The two shapes that the service's answers have.
    let body = answer["body"].get("error").unwrap_or(&answer["body"]);
    let said = |names: [&str; 2]| names.into_iter().find_map(|name| body.get(name)?.as_str()).map(str::to_owned);
    let meaning = row.as_ref().map(|row| row.text.english.clone());
    let passes = matches!(status, 429 | 502..=504);
    let parts = [
        Some(format!("{}: {status} {}", text("operation"), reason.unwrap_or_default()).trim_end().to_owned()),
        said(["error_code", "code"]),
        said(["error_msg", "message"]).or(meaning),
        Some(text("request_id")).filter(|id| !id.is_empty()).map(|id| format!("request id {id}")),
        text("retry_after").parse::<u64>().ok().map(|seconds| format!("the service asks to wait {seconds} s")),
        next_step(status, passes, operation.idempotent).map(str::to_owned),
    ];
    Some(json!({
        "sentence": parts.into_iter().flatten().collect::<Vec<_>>().join(" · "),
        "kind": row.map(|row| format!("ErrorKind::{}", row.names.pascal)),
        "may_retry": operation.idempotent && passes,
    }))
}

fn next_step(status: u16, passes: bool, idempotent: bool) -> Option<&'static str> {
    Some(match status {
        300..=399 => "check the endpoint: redirects are never followed",
        401 => "check the credentials, their project and this machine's clock",
        403 => "grant the permission named on the operation's page in IAM",
        404 => "check the ids, the project and the region",
        413 => "send a smaller body",
        429 => "send fewer requests at a time",
        500..=599 if !idempotent => "it may have been done: look before you try again; support asks for the request id",
        500..=599 if passes => "try again later; support asks for the request id",
        500..=599 => "it will hardly pass by itself: support asks for the request id",
        _ => return None,
    })
}
