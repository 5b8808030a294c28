//! A look at a call while it runs: the signed request before it is sent, and the answer as it came.

use bytes::Bytes;
use reqwest::header::HeaderMap;
use reqwest::{Request, StatusCode};
use std::ops::ControlFlow;
use std::sync::Arc;

/// What there is to see, in this order for each attempt.
#[cfg_attr(not(feature = "cli"), allow(dead_code, reason = "only the command line looks"))]
pub(crate) enum Seen<'a> {
    /// The request with its credentials; `Break` keeps it from being sent.
    Request(&'a Request),
    Answer(StatusCode, &'a HeaderMap),
    /// The whole body of a success.
    Body(&'a Bytes),
}

/// Sees all calls of a client.
pub(crate) type Watch = Arc<dyn Fn(Seen<'_>) -> ControlFlow<()> + Send + Sync>;
