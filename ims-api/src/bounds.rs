//! Reading bodies within limits, so that no answer, however long or slow, can fill memory.

use bytes::Bytes;
use reqwest::header::HeaderMap;
use std::fmt;

/// How much of an answer is read, so that none can fill memory.
///
/// ```
/// let limits = ims_api::Limits::default().body(64 << 20);
/// # let _ = ims_api::Client::builder().limits(limits);
/// ```
#[derive(Debug, Clone)]
pub struct Limits {
    pub(crate) body: usize,
    pub(crate) error_body: usize,
    pub(crate) headers: usize,
    pub(crate) header_count: Option<usize>,
}

impl Default for Limits {
    fn default() -> Self {
        Self { body: 16 << 20, error_body: 64 << 10, headers: 64 << 10, header_count: None }
    }
}

impl Limits {
    /// The longest body of success, in bytes. Default 16 MiB, far above the longest list the service has.
    #[must_use]
    pub fn body(mut self, bytes: usize) -> Self {
        self.body = bytes;
        self
    }

    /// How much of an error's body is read, in bytes; the rest is dropped with the connection. Default 64 KiB.
    #[must_use]
    pub fn error_body(mut self, bytes: usize) -> Self {
        self.error_body = bytes;
        self
    }

    /// How long an answer's headers may be together, names and values, in bytes. Default 64 KiB: a gateway's whole set has
    /// less than two. The HTTP library reads at most 417,792 bytes (408 KiB) of them before it gives the connection up,
    /// and lets nobody set that: a greater limit than this has no effect.
    #[must_use]
    pub fn headers(mut self, bytes: usize) -> Self {
        self.headers = bytes;
        self
    }

    /// How many headers an answer may have. Default 100, the HTTP library's own.
    #[must_use]
    pub fn header_count(mut self, count: usize) -> Self {
        self.header_count = Some(count);
        self
    }
}

/// Why a body could not be read.
#[derive(Debug)]
pub(crate) enum BoundsError {
    /// The body is longer than the limit in bytes; no more than that was kept.
    TooLong(usize),
    /// The headers are together longer than the limit in bytes.
    HeadersTooLong(usize),
    /// The connection failed before the body's end.
    Broken(reqwest::Error),
}

impl fmt::Display for BoundsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong(limit) => write!(f, "the body is longer than {limit} bytes"),
            Self::HeadersTooLong(limit) => write!(f, "the headers are longer than {limit} bytes"),
            Self::Broken(_) => f.write_str("the connection failed before the body's end"),
        }
    }
}

impl std::error::Error for BoundsError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::TooLong(_) | Self::HeadersTooLong(_) => None,
            Self::Broken(error) => Some(error),
        }
    }
}

/// Refuses headers whose names and values are together longer than `limit` bytes.
pub(crate) fn headers(headers: &HeaderMap, limit: usize) -> Result<(), BoundsError> {
    let length: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    if length > limit { Err(BoundsError::HeadersTooLong(limit)) } else { Ok(()) }
}

/// The whole body, at most `limit` bytes. A longer one is refused by its `Content-Length` before a byte is read.
pub(crate) async fn read(response: &mut reqwest::Response, limit: usize) -> Result<Bytes, BoundsError> {
    if response.content_length().is_some_and(|length| length > limit as u64) {
        return Err(BoundsError::TooLong(limit));
    }
    match read_prefix(response, limit).await {
        (body, None) => Ok(body),
        (_, Some(error)) => Err(error),
    }
}

/// The body's beginning, at most `limit` bytes, and why it is not the whole body, if it is not.
pub(crate) async fn read_prefix(response: &mut reqwest::Response, limit: usize) -> (Bytes, Option<BoundsError>) {
    // Most bodies arrive as one chunk, which is then kept as it is.
    let mut first = Bytes::new();
    let mut rest = Vec::new();
    loop {
        let chunk = match response.chunk().await {
            Ok(Some(chunk)) => chunk,
            Ok(None) => return (whole(first, rest), None),
            Err(error) => {
                return (whole(first, rest), Some(BoundsError::Broken(error.without_url())));
            }
        };
        let room = limit - first.len().max(rest.len());
        let is_over = chunk.len() > room;
        let chunk = chunk.slice(..chunk.len().min(room));
        if first.is_empty() && rest.is_empty() {
            first = chunk;
        } else {
            if rest.is_empty() {
                // What is still to come is often known: the buffer then needn't grow.
                let more = response.content_length().and_then(|length| usize::try_from(length).ok());
                rest.reserve((first.len() + chunk.len()).saturating_add(more.unwrap_or_default()).min(limit));
                rest.extend_from_slice(&std::mem::take(&mut first));
            }
            rest.extend_from_slice(&chunk);
        }
        if is_over {
            return (whole(first, rest), Some(BoundsError::TooLong(limit)));
        }
    }
}

fn whole(first: Bytes, rest: Vec<u8>) -> Bytes {
    if rest.is_empty() { first } else { rest.into() }
}
