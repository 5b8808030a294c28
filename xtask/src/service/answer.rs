//! Answers: successes, and refusals in the two shapes that really come, the service's own and the gateway's.

use std::io;
use std::time::{Duration, SystemTime};

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};
use serde_json::{Value, json};

use super::prefer::Cut;
use crate::document::Operation;

/// The codes of refusals by their status: the gateway's begin with `APIGW`.
const CODES: [(u16, &str); 7] = [
    (401, "APIGW.0301"),
    (403, "APIGW.0302"),
    (404, "IMG.0027"),
    (429, "APIGW.0308"),
    (500, "APIGW.0601"),
    (502, "APIGW.0610"),
    (503, "APIGW.0613"),
];

/// An answer before it goes over the wire.
#[derive(Debug)]
pub(super) struct Answer {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Option<Value>,
}

impl Answer {
    pub(super) fn new(status: u16, body: Option<Value>) -> Self {
        Self { status, headers: Vec::new(), body }
    }

    /// A refusal in the shape of whom its code belongs to; the gateway's request id is added at the end.
    pub(super) fn refusal(status: u16, code: &str, message: &str) -> Self {
        let body = if code.starts_with("APIGW") {
            json!({"error_msg": message, "error_code": code, "request_id": null})
        } else {
            json!({"error": {"code": code, "message": message}})
        };
        Self::new(status, Some(body))
    }

    /// A row of the operation's error table, in the shape of whoever sends that status; a sample of the document
    /// goes first. A status that the table doesn't have comes from the gateway, as undocumented ones do.
    pub(super) fn row(operation: &Operation, status: u16, retry_after: Option<Duration>) -> Self {
        let row = operation.errors().into_iter().find(|row| row.status == status);
        let sample = operation.responses.iter().find(|response| response.status == status.to_string());
        let sample = sample.and_then(|response| response.media()?.samples.first());
        let known = CODES.iter().find(|(known, _)| *known == status).map(|(_, code)| *code);
        let code = known.unwrap_or(if row.is_some() { "IMG.0001" } else { "APIGW.0201" });
        let text = match row {
            Some(row) => row.text.english,
            None if status == 429 => "The throttling threshold has been reached".to_owned(),
            None => format!("Status {status}, which the document does not have"),
        };
        let answer = sample
            .map_or_else(|| Self::refusal(status, code, &text), |sample| Self::new(status, Some(sample.value.clone())));
        match retry_after.or((status == 429).then_some(Duration::from_secs(1))) {
            // Whole seconds, rounded up: waiting shorter would be refused again.
            Some(wait) => answer.with("retry-after", wait.as_secs_f64().ceil().to_string()),
            None => answer,
        }
    }

    /// The answer with one more header, its name in lower case.
    pub(super) fn with(mut self, name: &'static str, value: String) -> Self {
        self.headers.push((name, value));
        self
    }

    /// What goes over the wire, or is cut.
    pub(super) fn response(mut self, request_id: &str, now: SystemTime, cut: Option<Cut>) -> Response {
        if let Some(id) = self.body.as_mut().and_then(|body| body.get_mut("request_id")).filter(|id| id.is_null()) {
            *id = request_id.into();
        }
        let bytes = self.body.map(|body| Bytes::from(body.to_string())).unwrap_or_default();
        let mut response = match cut {
            Some(Cut::Before) => broken(None, 1),
            Some(Cut::Body) if !bytes.is_empty() => broken(Some(bytes.slice(..bytes.len() / 2)), bytes.len()),
            _ => {
                let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
                (status, Body::from(bytes.clone())).into_response()
            }
        };
        let own = [("x-request-id", request_id.to_owned()), ("date", httpdate::fmt_http_date(now))];
        let json = (!bytes.is_empty()).then(|| ("content-type", "application/json".to_owned()));
        for (name, value) in json.into_iter().chain(self.headers).chain(own) {
            if let Ok(value) = HeaderValue::from_str(&value) {
                response.headers_mut().insert(name, value);
            }
        }
        response
    }
}

/// A response that promises its whole length and breaks off after what is given: hyper sends what it has when there is
/// nothing more yet, and forgets it, the head included, when there is an error.
fn broken(first: Option<Bytes>, length: usize) -> Response {
    let begun = first.is_some();
    let cut = stream::once(async move {
        if begun {
            tokio::task::yield_now().await;
        }
        Err(io::Error::other("the connection was cut, as asked"))
    });
    let body = Body::from_stream(stream::iter(first.map(Ok)).chain(cut));
    ([(header::CONTENT_LENGTH, length)], body).into_response()
}
