//! The error of a call: what happened, in whose words, and what to do next.

pub(crate) mod fold;
pub(crate) mod text;

use crate::{ErrorKind, ErrorRow, Operation};
use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

/// Why a call, or the building of a client, failed.
///
/// `Display` is one line that ends with the next step; `Debug` lists all details. Neither shows a credential, not even
/// if the service echoes it. What the service says comes masked, escaped and bounded.
///
/// ```
/// # async fn run(client: ims_api::Client) -> Result<(), ims_api::Error> {
/// use ims_api::ErrorKind;
///
/// let image = "67e17426-359e-49fb-aa12-0bd1756ec240";
/// match client.list_image_tags().image_id(image).send().await {
///     Ok(answer) => println!("{} tags", answer.tags.len()),
///     Err(error) if error.kind() == Some(ErrorKind::NotFound) => println!("no such image"),
///     Err(error) if error.may_retry() => println!("later: {error}"),
///     Err(error) => return Err(error),
/// }
/// # Ok(())
/// # }
/// ```
pub struct Error(Box<Inner>);

/// What kind of failure it was, seen from the client. [`Error::kind`] has the service's view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Failure {
    /// The client could not be built as configured.
    Configuration,
    /// A parameter of the call is missing or malformed. Nothing was sent.
    InvalidRequest,
    /// There are no credentials, or they cannot sign this request. Nothing was sent.
    Credentials,
    /// The project id is neither given nor to be found. The operation's request was not sent.
    Project,
    /// No connection could be made: name resolution, TCP, TLS or the proxy failed. Nothing was sent.
    Unreachable,
    /// A connection was there and got lost, or what came wasn't HTTP.
    Interrupted,
    /// A timeout or the total deadline passed.
    Timeout,
    /// The service refused: a status of 300 or more.
    Refused,
    /// A success that the document doesn't have: another status, other content, an error with the status of success.
    Unexpected,
    /// JSON that doesn't decode as the documented type.
    Decode,
    /// The body is longer than the limit.
    TooLong,
}

pub(crate) struct Inner {
    pub(crate) failure: Failure,
    pub(crate) operation: Option<&'static Operation>,
    /// What went wrong in our words; empty if status and message say it.
    pub(crate) reason: String,
    pub(crate) status: Option<u16>,
    pub(crate) code: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) excerpt: Option<String>,
    pub(crate) request_id: Option<String>,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) sent: bool,
    pub(crate) attempts: u32,
    pub(crate) source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    pub(crate) fn new(failure: Failure, operation: Option<&'static Operation>, reason: String) -> Self {
        Self(Box::new(Inner {
            failure,
            operation,
            reason,
            status: None,
            code: None,
            message: None,
            excerpt: None,
            request_id: None,
            retry_after: None,
            sent: false,
            attempts: 0,
            source: None,
        }))
    }

    pub(crate) fn configuration(reason: String) -> Self {
        Self::new(Failure::Configuration, None, reason)
    }

    pub(crate) fn invalid_request(operation: &'static Operation, reason: String) -> Self {
        Self::new(Failure::InvalidRequest, Some(operation), text::escape(&reason, 512))
    }

    pub(crate) fn unbuildable(operation: &'static Operation, source: reqwest::Error) -> Self {
        Self::new(Failure::InvalidRequest, Some(operation), "the request cannot be built".to_owned())
            .because(source.without_url())
    }

    pub(crate) fn because(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    pub(crate) fn inner(&mut self) -> &mut Inner {
        &mut self.0
    }

    /// What kind of failure it was, seen from the client.
    #[must_use]
    pub fn failure(&self) -> Failure {
        self.0.failure
    }

    /// The row of the operation's error table that the status belongs to, to match on; `None` if the table has no such
    /// row or no answer came.
    #[must_use]
    pub fn kind(&self) -> Option<ErrorKind> {
        self.row().map(|row| row.kind)
    }

    /// The row of the error table with the document's English and Chinese text.
    #[must_use]
    pub fn row(&self) -> Option<&'static ErrorRow> {
        self.0.operation?.error(self.0.status?)
    }

    /// The operation that was called; `None` if the client could not be built.
    #[must_use]
    pub fn operation(&self) -> Option<&'static Operation> {
        self.0.operation
    }

    /// The HTTP status of the answer, if one came.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// The service's error code, for example `IMG.0027` or `APIGW.0301`. The codes are no closed set.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// The message in the service's words, escaped, at most 2,000 characters.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.0.message.as_deref()
    }

    /// The beginning of the body if no message was found in it, escaped, at most 500 characters.
    #[must_use]
    pub fn excerpt(&self) -> Option<&str> {
        self.0.excerpt.as_deref()
    }

    /// What the support of the service asks for: the id it gave the request, from the header, else from the body.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// `false` only if the service has certainly not seen the request.
    #[must_use]
    pub fn was_sent(&self) -> bool {
        self.0.sent
    }

    /// How often the request was sent or tried to.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// How long the service asks to wait (`Retry-After`).
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Whether the same call may succeed later and can safely be repeated: the failure passes, and the request was not
    /// sent or the operation is idempotent.
    #[must_use]
    pub fn may_retry(&self) -> bool {
        let passes = match self.0.failure {
            Failure::Unreachable | Failure::Interrupted | Failure::Timeout => true,
            Failure::Refused => self.0.status.is_some_and(crate::retry::passes),
            _ => false,
        };
        passes && (!self.0.sent || self.0.operation.is_some_and(|operation| operation.idempotent))
    }

    /// The operation, the status and what went wrong in our words, without what the service says.
    pub(crate) fn summary(&self) -> String {
        let inner = &*self.0;
        let mut text = format!("{}:", inner.operation.map_or("client", |operation| operation.id));
        if let Some(status) = inner.status {
            text.push_str(&format!(" {status}"));
            let named = http_reason(status);
            if !named.is_empty() {
                text.extend([" ", named]);
            }
            text.push_str(if inner.reason.is_empty() { "" } else { "," });
        }
        if !inner.reason.is_empty() {
            text.extend([" ", &inner.reason]);
        }
        if let Some(source) = inner.source.as_deref().filter(|_| inner.status.is_none()) {
            let cause = text::escape(&root_cause(source), 300);
            // The reason may be that of its cause already.
            if !inner.reason.contains(&cause) {
                text.extend([": ", &cause]);
            }
        }
        text
    }

    pub(crate) fn next_step(&self) -> Option<&'static str> {
        Some(match (self.0.failure, self.0.status) {
            (Failure::Unreachable, _) => "check the endpoint, the network and the proxy",
            (Failure::Timeout, _) => "try again, or allow more time in the builder",
            (Failure::TooLong, _) => "raise the limit in the builder if the answer may be that long",
            (Failure::Refused, Some(300..=399)) => "check the endpoint: redirects are never followed",
            (Failure::Refused, Some(401)) => "check the credentials, their project and this machine's clock",
            (Failure::Refused, Some(403)) => "grant the permission named on the operation's page in IAM",
            (Failure::Refused, Some(404)) => "check the ids, the project and the region",
            (Failure::Refused, Some(413)) => "send a smaller body",
            (Failure::Refused, Some(429)) => "send fewer requests at a time",
            (Failure::Refused, Some(500..=599)) => "try again later; support asks for the request id",
            (Failure::Unexpected | Failure::Decode, _) => {
                "check that the endpoint is the service and no proxy answers for it"
            }
            _ => return None,
        })
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        f.write_str(&self.summary())?;
        if let Some(code) = &inner.code {
            write!(f, " · {code}")?;
        }
        if let Some(said) = inner.message.as_ref().or(inner.excerpt.as_ref()) {
            write!(f, " · {said}")?;
        } else if let Some(row) = self.row() {
            write!(f, " · {}", row.english)?;
        }
        if let Some(id) = &inner.request_id {
            write!(f, " · request id {id}")?;
        }
        if inner.attempts > 1 {
            write!(f, " · {} attempts", inner.attempts)?;
        }
        if let Some(wait) = inner.retry_after {
            write!(f, " · the service asks to wait {} s", wait.as_secs())?;
        }
        match self.next_step() {
            Some(step) => write!(f, " · {step}"),
            None => Ok(()),
        }
    }
}

fn http_reason(status: u16) -> &'static str {
    reqwest::StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason()).unwrap_or_default()
}

/// The innermost error says what happened; those around it say where.
fn root_cause(error: &(dyn StdError + 'static)) -> String {
    let mut root = error;
    while let Some(source) = root.source() {
        root = source;
    }
    root.to_string()
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        f.debug_struct("Error")
            .field("failure", &inner.failure)
            .field("operation", &inner.operation.map(|operation| operation.id))
            .field("reason", &inner.reason)
            .field("status", &inner.status)
            .field("kind", &self.kind())
            .field("code", &inner.code)
            .field("message", &inner.message)
            .field("excerpt", &inner.excerpt)
            .field("request_id", &inner.request_id)
            .field("retry_after", &inner.retry_after)
            .field("was_sent", &inner.sent)
            .field("attempts", &inner.attempts)
            .field("source", &inner.source)
            .finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}
