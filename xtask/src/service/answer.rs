//! Answers: successes, and refusals in the two shapes that really come, the service's own and the gateway's.

use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use super::prefer::Cut;
use crate::document::Operation;

const CONTENT_TYPE: &str = "content-type";

/// An answer before it goes over the wire.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers, names in lower case.
    pub headers: Vec<(&'static str, String)>,
    /// The body, if there is one: JSON.
    pub body: Option<Value>,
    /// Where the connection is dropped instead.
    pub cut: Option<Cut>,
    gateway: bool,
}

impl Answer {
    pub(super) fn new(status: u16, body: Option<Value>) -> Self {
        Self { status, headers: Vec::new(), body, cut: None, gateway: false }
    }

    /// The operation's success.
    pub(super) fn success(operation: &Operation, body: Option<Value>) -> Self {
        let success = operation.answer();
        let status = success.and_then(|success| success.codes()).map_or(200, |codes| *codes.start());
        let media = success.and_then(|success| success.media()).filter(|_| body.is_some());
        let mut answer = Self::new(status, body);
        answer.headers.extend(media.map(|media| (CONTENT_TYPE, media.media_type.clone())));
        answer
    }

    /// A refusal in the service's own shape.
    pub(super) fn service(status: u16, code: &str, message: &str) -> Self {
        Self::new(status, Some(json!({"error": {"code": code, "message": message}})))
    }

    /// 400 in the service's own shape.
    pub(super) fn invalid(code: &str, message: &str) -> Self {
        Self::service(400, code, message)
    }

    /// A refusal in the gateway's shape; the request id is added at the end.
    pub(super) fn gateway(status: u16, code: &str, message: &str) -> Self {
        let body = json!({"error_msg": message, "error_code": code});
        Self { gateway: true, ..Self::new(status, Some(body)) }
    }

    /// A row of the operation's error table, in the shape of whoever sends that status; a sample of the document
    /// goes first. A status that the table doesn't have comes from the gateway, as undocumented ones do.
    pub(super) fn row(operation: &Operation, status: u16, retry_after: Option<Duration>) -> Self {
        let row = operation.errors().into_iter().find(|row| row.status == status);
        let sample = operation.responses.iter().find(|response| response.status == status.to_string());
        let sample = sample.and_then(|response| response.media()?.samples.first());
        let text = match &row {
            Some(row) => row.text.english.clone(),
            None if status == 429 => "The throttling threshold has been reached".to_owned(),
            None => format!("Status {status}, which the document does not have"),
        };
        let mut answer = match (sample, status) {
            (Some(sample), _) => Self::new(status, Some(sample.value.clone())),
            (None, 401) => Self::gateway(status, "APIGW.0301", &text),
            (None, 403) => Self::gateway(status, "APIGW.0302", &text),
            (None, 404) => Self::service(status, "IMG.0027", &text),
            (None, 429) => Self::gateway(status, "APIGW.0308", &text),
            (None, 500) => Self::gateway(status, "APIGW.0601", &text),
            (None, 502) => Self::gateway(status, "APIGW.0610", &text),
            (None, 503) => Self::gateway(status, "APIGW.0613", &text),
            (None, _) if row.is_some() => Self::service(status, "IMG.0001", &text),
            (None, _) => Self::gateway(status, "APIGW.0201", &text),
        };
        if let Some(wait) = retry_after.or((status == 429).then_some(Duration::from_secs(1))) {
            // Whole seconds, rounded up: waiting shorter would be refused again.
            let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
            answer.headers.push(("retry-after", seconds.to_string()));
        }
        answer
    }

    pub(super) fn finish(mut self, request_id: &str, now: SystemTime, cut: Option<Cut>) -> Self {
        if let (true, Some(body)) = (self.gateway, &mut self.body) {
            body["request_id"] = Value::from(request_id);
        }
        if self.body.is_some() && self.headers.iter().all(|(name, _)| *name != CONTENT_TYPE) {
            self.headers.push((CONTENT_TYPE, "application/json".to_owned()));
        }
        self.headers.push(("x-request-id", request_id.to_owned()));
        self.headers.push(("date", httpdate::fmt_http_date(now)));
        self.cut = cut;
        self
    }
}
