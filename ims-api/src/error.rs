//! The error of a call: what happened, in whose words, and what to do next.

pub(crate) mod fold;
pub(crate) mod text;

use self::fold::Folded;
use crate::{ErrorKind, ErrorRow, Operation};
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// Why a call, or the building of a client, failed.
///
/// `Display` and `Debug` are one line that tells the cause and ends with the next step, so that a `main` that returns it
/// prints that line; `{:#?}` lists all details. None of them shows a credential, not even if the service echoes it. What
/// the service says comes masked, escaped and bounded.
///
/// Two questions have an answer to match on: [`kind`](Self::kind) tells *which refusal* the service gave, and
/// [`failure`](Self::failure) *where the call ended*, refused or not. The predicates answer what is asked most.
///
/// ```
/// # async fn run(client: ims_api::Client) -> Result<(), ims_api::Error> {
/// match client.list_image_tags().image_id("67e17426-359e-49fb-aa12-0bd1756ec240").send().await {
///     Ok(answer) => println!("{} tags", answer.tags.len()),
///     Err(error) if error.is_not_found() => println!("no such image"),
///     Err(error) if error.may_retry() => println!("later: {error}"),
///     Err(error) => return Err(error),
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Error(Box<Inner>);

/// Where a call ended. [`Error::kind`] tells refusals apart.
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
    /// The job that was waited for has failed: code and message are its own.
    Job,
    /// The image that was waited for or changed was killed, deleted or never there.
    Image,
}

#[derive(Clone)]
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
    /// What the request needs, credentials or project id, may be there later.
    pub(crate) passing: bool,
    pub(crate) attempts: u32,
    /// The job that was waited for.
    pub(crate) job: Option<String>,
    /// It was no call that took too long, but a wait of many.
    pub(crate) waited: bool,
    cause: Option<Arc<dyn StdError + Send + Sync>>,
}

impl Error {
    #[cold]
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
            passing: false,
            attempts: 0,
            job: None,
            waited: false,
            cause: None,
        }))
    }

    /// The error of an answer with this status and body, for tests of code that handles errors.
    ///
    /// ```
    /// let body = r#"{"error":{"code":"IMG.0027","message":"no such image"}}"#;
    /// let error = ims_api::Error::from_answer(&ims_api::operations::LIST_IMAGE_TAGS, 404, body);
    /// assert!(error.is_not_found());
    /// assert_eq!(error.code(), Some("IMG.0027"));
    /// ```
    #[cfg(feature = "httpmock")]
    #[must_use]
    pub fn from_answer(operation: &'static Operation, status: u16, body: impl AsRef<[u8]>) -> Self {
        let failure = if status < 300 { Failure::Unexpected } else { Failure::Refused };
        let mut error = Self::new(failure, Some(operation), String::new());
        error.0.status = Some(status);
        (error.0.sent, error.0.attempts) = (true, 1);
        error.quote(body.as_ref(), &text::Mask::default());
        error
    }

    pub(crate) fn configuration(reason: String) -> Self {
        Self::new(Failure::Configuration, None, reason)
    }

    #[cold]
    pub(crate) fn invalid_request(operation: &'static Operation, reason: String) -> Self {
        Self::new(Failure::InvalidRequest, Some(operation), text::escape(&reason, 512))
    }

    /// Keeps the error below, whose innermost cause the sentence tells.
    pub(crate) fn because(mut self, cause: impl StdError + Send + Sync + 'static) -> Self {
        self.0.cause = Some(Arc::new(cause));
        self
    }

    /// Keeps what a body says: code, message and request id, or else an excerpt.
    pub(crate) fn quote(&mut self, body: &[u8], mask: &text::Mask) {
        let Folded { code, message, request_id } = Folded::of(body);
        let show = |text: Option<String>, limit| text.map(|text| mask.show(&text, limit));
        self.0.code = show(code, text::REQUEST_ID_LIMIT);
        self.0.message = show(message, text::MESSAGE_LIMIT);
        if self.0.request_id.is_none() {
            self.0.request_id = show(request_id, text::REQUEST_ID_LIMIT);
        }
        if self.0.message.is_none() && !body.is_empty() {
            self.0.excerpt = Some(mask.show(&String::from_utf8_lossy(body), text::EXCERPT_LIMIT));
        }
    }

    pub(crate) fn inner(&mut self) -> &mut Inner {
        &mut self.0
    }

    /// Where did the call end? Never empty: a refusal is one of the places.
    #[must_use]
    pub fn failure(&self) -> Failure {
        self.0.failure
    }

    /// Which refusal was it? The row of the operation's error table that the status belongs to, to match on; `None` if
    /// the table has no such row or no answer came.
    #[must_use]
    pub fn kind(&self) -> Option<ErrorKind> {
        self.row().map(|row| row.kind)
    }

    /// The row of the error table, with the document's English and Chinese text.
    #[must_use]
    pub fn row(&self) -> Option<&'static ErrorRow> {
        self.0.operation?.error(self.0.status?)
    }

    /// The service wants fewer requests (429). The client has tried again already, as its [`Retry`](crate::Retry) says.
    #[must_use]
    pub fn is_throttled(&self) -> bool {
        self.is_refusal(429)
    }

    /// There is no such thing (404), or the credentials' project doesn't have it.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.is_refusal(404)
    }

    /// The credentials are not taken (401).
    #[must_use]
    pub fn is_unauthorized(&self) -> bool {
        self.is_refusal(401)
    }

    /// The credentials are taken, but lack a permission (403).
    #[must_use]
    pub fn is_forbidden(&self) -> bool {
        self.is_refusal(403)
    }

    /// The service failed (500 to 599).
    #[must_use]
    pub fn is_server_error(&self) -> bool {
        self.0.failure == Failure::Refused && self.0.status.is_some_and(|status| (500..600).contains(&status))
    }

    /// No answer came in time; [`was_sent`](Self::was_sent) tells whether the service may have seen the request.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.0.failure == Failure::Timeout
    }

    fn is_refusal(&self, status: u16) -> bool {
        self.0.failure == Failure::Refused && self.0.status == Some(status)
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

    /// The id of the job that was waited for: it can be waited for again.
    #[must_use]
    pub fn job(&self) -> Option<&str> {
        self.0.job.as_deref()
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
            Failure::Credentials | Failure::Project => self.0.passing,
            Failure::Refused => self.0.status.is_some_and(crate::retry::passes),
            _ => false,
        };
        passes && !self.may_be_done()
    }

    /// The service may have done it, and doing it again is not the same.
    fn may_be_done(&self) -> bool {
        self.0.sent && !self.0.operation.is_some_and(|operation| operation.idempotent)
    }

    /// The error below this one, to look for a type in it: of reqwest, of a credential source. The sentence tells its
    /// cause already, which is why [`source`](StdError::source) is `None`.
    #[must_use]
    pub fn get_ref(&self) -> Option<&(dyn StdError + Send + Sync + 'static)> {
        self.0.cause.as_deref()
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
        if let Some(cause) = &inner.cause {
            let cause = text::escape(&root_cause(&**cause), 300);
            // The reason may be that of its cause already.
            if !inner.reason.contains(&cause) {
                text.extend([": ", &cause]);
            }
        }
        text
    }

    /// What to do now, in English and in Chinese.
    pub(crate) fn next_step(&self) -> Option<[&'static str; 2]> {
        let (status, may_be_done) = (self.0.status.unwrap_or_default(), self.may_be_done());
        Some(match self.0.failure {
            Failure::Unreachable => ["check the endpoint, the network and the proxy", "检查终端节点、网络和代理"],
            Failure::Timeout | Failure::Interrupted if may_be_done => {
                ["it may have been done: look before you try again", "操作可能已生效：重试前请先查询"]
            }
            Failure::Timeout if self.0.job.is_some() => [
                "the job goes on: wait for it again, or with a longer deadline",
                "任务仍在继续：请再次等待，或延长等待时间",
            ],
            Failure::Timeout if self.0.waited => {
                ["wait again, or with a longer deadline", "请再次等待，或延长等待时间"]
            }
            Failure::Timeout => ["try again, or allow more time in the builder", "请重试，或延长超时时间"],
            Failure::Interrupted => ["try again", "请重试"],
            Failure::Credentials | Failure::Project if self.0.passing => ["try again later", "请稍后重试"],
            Failure::TooLong => {
                ["raise the limit in the builder if the answer may be that long", "如果响应确实可能这么长，请提高上限"]
            }
            Failure::Unexpected | Failure::Decode => [
                "check that the endpoint is the service and no proxy answers for it",
                "确认终端节点就是该服务，且没有代理代为应答",
            ],
            Failure::Refused => match status {
                300..=399 => ["check the endpoint: redirects are never followed", "检查终端节点：不跟随重定向"],
                401 => ["check the credentials, their project and this machine's clock", "检查凭证、其项目和本机时钟"],
                403 => ["grant the permission named on the operation's page in IAM", "在IAM中授予接口文档所列的权限"],
                404 => ["check the ids, the project and the region", "检查各ID、项目和区域"],
                413 => ["send a smaller body", "减小请求体"],
                429 => ["send fewer requests at a time", "降低请求频率"],
                500..=599 if self.may_retry() => {
                    ["try again later; support asks for the request id", "稍后重试；技术支持需要请求ID"]
                }
                500..=599 if may_be_done => [
                    "it may have been done: look before you try again; support asks for the request id",
                    "操作可能已生效：重试前请先查询；技术支持需要请求ID",
                ],
                500..=599 => [
                    "it will hardly pass by itself: support asks for the request id",
                    "问题不太可能自行恢复：技术支持需要请求ID",
                ],
                _ => return None,
            },
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
            Some([step, _]) => write!(f, " · {step}"),
            None => Ok(()),
        }
    }
}

fn http_reason(status: u16) -> &'static str {
    reqwest::StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason()).unwrap_or_default()
}

/// The innermost error says what happened; those around it say where.
pub(crate) fn root_cause(error: &(dyn StdError + 'static)) -> String {
    let mut root = error;
    while let Some(source) = root.source() {
        root = source;
    }
    root.to_string()
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !f.alternate() {
            return fmt::Display::fmt(self, f);
        }
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
            .field("job", &inner.job)
            .field("cause", &inner.cause)
            .finish()
    }
}

impl StdError for Error {}
