//! Tracing under OpenTelemetry's HTTP names: one span per call, one event per attempt. Neither headers nor bodies are
//! ever recorded; without a subscriber it costs a load per call.

use crate::{Error, Operation};
use reqwest::Url;
use tracing::{Level, Span, field::Empty};

/// The span of a call.
pub(crate) fn span(operation: &'static Operation, endpoint: &Url) -> Span {
    tracing::span!(
        Level::INFO,
        "ims.call",
        otel.name = operation.id,
        otel.kind = "client",
        http.request.method = operation.method,
        url.template = operation.path,
        server.address = endpoint.host_str(),
        server.port = endpoint.port_or_known_default(),
        http.response.status_code = Empty,
        http.request.resend_count = Empty,
        error.r#type = Empty,
    )
}

/// One attempt has ended; `error` if it failed.
pub(crate) fn attempt(number: u32, status: Option<u16>, error: Option<&Error>) {
    match error {
        None => tracing::debug!(
            http.request.resend_count = number.saturating_sub(1),
            http.response.status_code = status,
            "attempt answered"
        ),
        Some(error) => tracing::debug!(
            http.request.resend_count = number.saturating_sub(1),
            http.response.status_code = status,
            ims.request_id = error.request_id(),
            error.r#type = ?error.failure(),
            %error,
            "attempt failed"
        ),
    }
}

/// The call has ended.
pub(crate) fn end(span: &Span, attempts: u32, status: Option<u16>, error: Option<&Error>) {
    if span.is_disabled() {
        return;
    }
    span.record("http.request.resend_count", attempts.saturating_sub(1));
    if let Some(status) = status {
        span.record("http.response.status_code", status);
    }
    if let Some(error) = error {
        span.record("error.type", tracing::field::debug(error.failure()));
    }
}
