//! One call: authorize, send, read within bounds, then decode or fold the error, and try again where that is safe.

use crate::bounds::{self, BoundsError, Limits};
use crate::credentials::{Cached, Credentials, CredentialsError, Kind};
use crate::error::fold::is_error_only;
use crate::error::text::{EXCERPT_LIMIT, Mask, REQUEST_ID_LIMIT};
use crate::error::{Error, Failure};
use crate::retry::{self, Backoff, Policy, Retry};
use crate::watch::{Seen, Watch};
use crate::{Operation, headers, observability, sign};
use bytes::Bytes;
use reqwest::header::{
    AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, DATE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER,
};
use reqwest::{Method, Request, Response, StatusCode, Url};
use std::fmt;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime};
use tokio::time::Instant;
use tracing::Instrument;

/// The service takes a signature for this long around its own clock.
const SIGNATURE_WINDOW: i64 = 15 * 60;

/// Adds a user's headers to a request.
pub(crate) type HeaderHook = dyn Fn(&'static Operation, &mut HeaderMap) + Send + Sync;

/// What all clones of a client share to send calls.
pub(crate) struct Transport {
    pub(crate) http: reqwest::Client,
    pub(crate) host: String,
    pub(crate) port: u16,
    /// Host, port and proxy, to be told when a connection fails.
    pub(crate) route: String,
    pub(crate) credentials: Cached,
    pub(crate) policy: Policy,
    pub(crate) total_timeout: Duration,
    pub(crate) limits: Limits,
    pub(crate) headers: HeaderMap,
    pub(crate) header_hook: Option<Arc<HeaderHook>>,
    /// Seconds that the service's clock is ahead of ours, learned from a refused signature.
    pub(crate) clock_offset: AtomicI64,
    pub(crate) watch: Option<Watch>,
}

/// What a call sends, before it is authorized; each attempt sends a request made of it.
pub(crate) struct Outgoing {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Option<Bytes>,
}

impl Outgoing {
    fn request(&self) -> Request {
        let mut request = Request::new(self.method.clone(), self.url.clone());
        let headers = request.headers_mut();
        // Room for what authorizes it as well.
        headers.reserve(self.headers.len() + 4);
        headers.extend(self.headers.iter().map(|(name, value)| (name.clone(), value.clone())));
        *request.body_mut() = self.body.clone().map(Into::into);
        request
    }
}

/// A documented success.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    call: Call,
}

/// What is known of a call while it runs; outlives the attempts when the deadline drops them.
struct Call {
    operation: &'static Operation,
    attempts: u32,
    sent: bool,
    /// What authorizes the current attempt.
    used: Option<(Arc<Credentials>, Option<HeaderValue>)>,
    /// What authorized those before.
    earlier: Mask,
}

/// What a success carries.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Content {
    Json,
    Empty,
}

/// What one call says over its client: its own last words.
#[derive(Debug, Clone)]
pub(crate) struct CallOptions {
    timeout: Option<Duration>,
    retry: Option<Retry>,
    headers: Result<Vec<(HeaderName, HeaderValue)>, String>,
}

impl Default for CallOptions {
    fn default() -> Self {
        Self { timeout: None, retry: None, headers: Ok(Vec::new()) }
    }
}

impl CallOptions {
    /// How long the whole call may take.
    pub(crate) fn timeout(&mut self, timeout: Duration) {
        self.timeout = Some(timeout);
    }

    /// When this call is tried again. The budget stays the client's.
    pub(crate) fn retry(&mut self, retry: Retry) {
        self.retry = Some(retry);
    }

    /// A header of this call; a refused one fails the call before anything is sent.
    pub(crate) fn header(&mut self, name: &str, value: &str) {
        match (&mut self.headers, headers::checked(name, value)) {
            (Ok(headers), Ok(header)) => headers.push(header),
            (Ok(_), Err(reason)) => self.headers = Err(reason),
            (Err(_), _) => {}
        }
    }
}

impl Transport {
    /// The time by the service's clock, as far as it is known.
    pub(crate) fn now(&self) -> SystemTime {
        let offset = self.clock_offset.load(Ordering::Relaxed);
        let (now, by) = (SystemTime::now(), Duration::from_secs(offset.unsigned_abs()));
        let shifted = if offset < 0 { now.checked_sub(by) } else { now.checked_add(by) };
        shifted.unwrap_or(now)
    }

    pub(crate) async fn exchange(
        &self,
        operation: &'static Operation,
        outgoing: &mut Outgoing,
        content: Content,
        options: &CallOptions,
    ) -> Result<Answer, Error> {
        let timeout = self.timeout(options);
        self.add_headers(operation, &mut outgoing.headers, &options.headers)?;
        let mut call = Call { operation, attempts: 0, sent: false, used: None, earlier: Mask::default() };
        let span = observability::span(operation, &self.host, self.port);
        let deadline = Instant::now() + timeout;
        let ended = {
            // Pinned where it is made, so that neither wrapper copies it.
            let attempts =
                std::pin::pin!(self.attempts(&mut call, outgoing, content, options.retry.as_ref(), deadline));
            tokio::time::timeout_at(deadline, attempts.instrument(span.clone())).await
        };
        let result = ended.unwrap_or_else(|_| {
            let reason = format!("not done within {timeout:?}");
            let error = call.error(Failure::Timeout, reason);
            span.in_scope(|| observability::attempt(call.attempts, None, Some(&error)));
            Err(error)
        });
        match result {
            Ok((status, headers, body)) => {
                observability::end(&span, call.attempts, Some(status.as_u16()), None);
                Ok(Answer { status, headers, body, call })
            }
            Err(error) => {
                observability::end(&span, call.attempts, error.status(), Some(&error));
                Err(error)
            }
        }
    }

    fn show(&self, seen: Seen<'_>) -> ControlFlow<()> {
        self.watch.as_ref().map_or(ControlFlow::Continue(()), |watch| watch(seen))
    }

    /// The client's headers, then the hook's, then the call's own: the last one of a name counts.
    fn add_headers(
        &self,
        operation: &'static Operation,
        headers: &mut HeaderMap,
        own: &Result<Vec<(HeaderName, HeaderValue)>, String>,
    ) -> Result<(), Error> {
        let own = own.as_ref().map_err(|reason| Error::invalid_request(operation, reason.clone()))?;
        for (name, value) in &self.headers {
            headers.insert(name, value.clone());
        }
        if let Some(hook) = &self.header_hook {
            let mut added = HeaderMap::new();
            hook(operation, &mut added);
            for (name, value) in &added {
                if headers::is_reserved(name) {
                    let reason = format!("header {name} is set by the client alone: leave it out of the header hook");
                    return Err(Error::invalid_request(operation, reason));
                }
                headers.insert(name, value.clone());
            }
        }
        for (name, value) in own {
            headers.insert(name, value.clone());
        }
        Ok(())
    }

    /// How long a call with these options may take.
    pub(crate) fn timeout(&self, options: &CallOptions) -> Duration {
        options.timeout.unwrap_or(self.total_timeout)
    }

    /// None for what the service answers to anybody.
    async fn credentials_for(&self, operation: &Operation) -> Result<Option<Arc<Credentials>>, CredentialsError> {
        if operation.needs_credentials { self.credentials.get(&self.http).await.map(Some) } else { Ok(None) }
    }

    async fn attempts(
        &self,
        call: &mut Call,
        outgoing: &Outgoing,
        content: Content,
        retry: Option<&Retry>,
        deadline: Instant,
    ) -> Result<(StatusCode, HeaderMap, Bytes), Error> {
        let mut backoff = None;
        let (mut may_renew, mut may_shift) = (true, true);
        let mut refused = None;
        loop {
            let credentials = match self.credentials_for(call.operation).await {
                Ok(credentials) => credentials,
                Err(error) => {
                    self.wait(call.unauthorized(error), retry, &mut backoff, deadline).await?;
                    continue;
                }
            };
            let again =
                |used: &Arc<Credentials>| credentials.as_ref().is_some_and(|credentials| used.same(credentials));
            if let Some((_, error)) = refused.take_if(|(used, _)| again(used)) {
                return Err(error);
            }
            let mut request = outgoing.request();
            let now = self.now();
            if let Some(credentials) = &credentials {
                sign::authorize(&mut request, credentials, now)
                    .map_err(|error| call.error(Failure::Credentials, error.to_string()).because(error))?;
                call.hide(credentials, &request);
            }
            if self.show(Seen::Request(&request)).is_break() {
                return Err(call.error(Failure::InvalidRequest, "shown, not sent".to_owned()));
            }
            call.attempts += 1;
            let (error, date) = match self.attempt(call, self.http.execute(request), content).await {
                Ok(answer) => {
                    observability::attempt(call.attempts, Some(answer.0.as_u16()), None);
                    self.policy.succeeded();
                    return Ok(answer);
                }
                Err(failed) => failed,
            };
            observability::attempt(call.attempts, error.status(), Some(&error));
            if let (Some(401), Some(credentials)) = (error.status(), credentials) {
                let skew = date.filter(|_| may_shift).and_then(|date| skew(date, now, &error));
                if let Some(skew) = skew.filter(|_| matches!(credentials.kind(), Kind::Key { .. })) {
                    may_shift = false;
                    self.clock_offset.fetch_add(skew, Ordering::Relaxed);
                    continue;
                }
                // Only other credentials are worth a second try: a few refusals lock an access key.
                if std::mem::take(&mut may_renew) && self.credentials.renew(&credentials) {
                    refused = Some((credentials, error));
                    continue;
                }
                return Err(error);
            }
            self.wait(error, retry, &mut backoff, deadline).await?;
        }
    }

    /// Waits for the next attempt, or gives the error back if there won't be one.
    async fn wait(
        &self,
        mut error: Error,
        retry: Option<&Retry>,
        backoff: &mut Option<Backoff>,
        deadline: Instant,
    ) -> Result<(), Error> {
        if !error.may_retry() {
            return Err(error);
        }
        let Some(wait) = self.policy.next(retry, backoff, error.retry_after()) else {
            return Err(error);
        };
        if Instant::now() + wait >= deadline {
            error.inner().reason = "no time is left for another attempt".to_owned();
            return Err(error);
        }
        tokio::time::sleep(wait).await;
        Ok(())
    }

    /// Sends once. A failure comes with the service's clock, if it told it.
    async fn attempt(
        &self,
        call: &mut Call,
        sending: impl Future<Output = reqwest::Result<Response>>,
        content: Content,
    ) -> Result<(StatusCode, HeaderMap, Bytes), (Error, Option<SystemTime>)> {
        // Until the opposite is known, and if the deadline drops this future, the service may have seen it.
        let sent_before = std::mem::replace(&mut call.sent, true);
        let mut response = match sending.await {
            Ok(response) => response,
            Err(error) => {
                if error.is_connect() || error.is_builder() {
                    call.sent = sent_before;
                }
                return Err((call.lost(error, &self.route), None));
            }
        };
        let status = response.status();
        let _ = self.show(Seen::Answer(status, response.headers()));
        if let Err(error) = bounds::headers(response.headers(), self.limits.headers) {
            let id = call.request_id(response.headers());
            return Err((call.error(Failure::TooLong, error.to_string()).at(status, id), None));
        }
        if !call.operation.is_success(status.as_u16()) {
            let date = date(response.headers());
            return Err((self.refused(call, response).await, date));
        }
        let headers = std::mem::take(response.headers_mut());
        let fail = |error: Error| (error.at(status, call.request_id(&headers)), None);
        if content == Content::Empty {
            return Ok((status, headers, Bytes::new()));
        }
        if let Some(reason) = not_json(&headers) {
            let (body, _) = bounds::read_prefix(&mut response, self.limits.error_body).await;
            let mut error = call.error(Failure::Unexpected, call.mask().show(&reason, EXCERPT_LIMIT));
            error.quote(&body, &call.mask());
            return Err(fail(error));
        }
        match bounds::read(response, self.limits.body).await {
            Ok(body) => {
                let _ = self.show(Seen::Body(&body));
                Ok((status, headers, body))
            }
            Err(BoundsError::Broken(error)) => Err(fail(call.lost(error, &self.route))),
            Err(error) => Err(fail(call.error(Failure::TooLong, error.to_string()))),
        }
    }

    async fn refused(&self, call: &Call, mut response: Response) -> Error {
        let status = response.status();
        let (failure, reason) = if status.as_u16() < 300 {
            let reason = "a success that the document does not list".to_owned();
            (Failure::Unexpected, reason)
        } else {
            (Failure::Refused, String::new())
        };
        let mut error = call.error(failure, reason);
        error.inner().status = Some(status.as_u16());
        error.inner().request_id = call.request_id(response.headers());
        error.inner().retry_after =
            response.headers().get(RETRY_AFTER).and_then(|value| retry::retry_after(value.to_str().ok()?, self.now()));
        // What arrived before a limit or a lost connection still says more than nothing; the status stands anyhow.
        let (body, _) = bounds::read_prefix(&mut response, self.limits.error_body).await;
        error.quote(&body, &call.mask());
        error
    }
}

impl Answer {
    /// The body as `T`, or an error that still has status and request id.
    pub(crate) fn decode<T: serde::de::DeserializeOwned>(self) -> Result<(StatusCode, HeaderMap, T), Error> {
        let Self { status, headers, body, call } = self;
        let error = match serde_json::from_slice(&body) {
            Ok(value) if !is_error_only(&body) => return Ok((status, headers, value)),
            Ok(_) => None,
            Err(error) => Some(error),
        };
        Err(call.undecodable(status, &headers, &body, error))
    }
}

impl Call {
    fn error(&self, failure: Failure, reason: String) -> Error {
        let mut error = Error::new(failure, Some(self.operation), reason);
        error.inner().sent = self.sent;
        error.inner().attempts = self.attempts;
        error
    }

    /// There are no credentials now.
    fn unauthorized(&self, error: CredentialsError) -> Error {
        let mut failed = self.error(Failure::Credentials, error.to_string());
        failed.inner().passing = error.is_unavailable();
        failed.because(error)
    }

    /// No answer, or not all of it.
    fn lost(&self, error: reqwest::Error, route: &str) -> Error {
        let (failure, reason) = if error.is_connect() {
            (Failure::Unreachable, format!("no connection to {route}"))
        } else if error.is_timeout() {
            (Failure::Timeout, format!("no answer in time from {route}"))
        } else {
            (Failure::Interrupted, format!("the connection to {route} was lost or did not speak HTTP"))
        };
        self.error(failure, reason).because(error.without_url())
    }

    fn undecodable(
        &self,
        status: StatusCode,
        headers: &HeaderMap,
        body: &[u8],
        error: Option<serde_json::Error>,
    ) -> Error {
        let (failure, reason) = match error {
            _ if is_error_only(body) => (Failure::Unexpected, "an error with the status of success".to_owned()),
            // serde_json quotes values of the body.
            Some(error) => (
                Failure::Decode,
                format!("the body does not decode: {}", self.mask().show(&error.to_string(), EXCERPT_LIMIT)),
            ),
            None => (Failure::Decode, "the body does not decode".to_owned()),
        };
        let mut error = self.error(failure, reason).at(status, self.request_id(headers));
        error.quote(body, &self.mask());
        error
    }

    fn request_id(&self, headers: &HeaderMap) -> Option<String> {
        let value = headers::request_id(headers)?;
        let text = String::from_utf8_lossy(value.as_bytes());
        Some(self.mask().show(&text, REQUEST_ID_LIMIT)).filter(|id| !id.is_empty())
    }

    /// Whatever authorizes this attempt must not be seen in what comes back.
    fn hide(&mut self, credentials: &Arc<Credentials>, request: &Request) {
        let signed = matches!(credentials.kind(), Kind::Key { .. });
        let authorization = request.headers().get(AUTHORIZATION).filter(|_| signed).cloned();
        if let Some((credentials, authorization)) = self.used.replace((Arc::clone(credentials), authorization)) {
            hide(&mut self.earlier, &credentials, authorization.as_ref());
        }
    }

    /// Made only when there is something to show: a call that succeeds doesn't pay for it.
    fn mask(&self) -> Mask {
        let mut mask = self.earlier.clone();
        if let Some((credentials, authorization)) = &self.used {
            hide(&mut mask, credentials, authorization.as_ref());
        }
        mask
    }
}

fn hide(mask: &mut Mask, credentials: &Credentials, authorization: Option<&HeaderValue>) {
    match credentials.kind() {
        Kind::Token(token) => mask.hide_all([token.header()]),
        Kind::Key { access, secret, security_token, .. } => {
            let signature = authorization.and_then(|value| {
                let (_, signature) = value.to_str().ok()?.rsplit_once("Signature=")?;
                HeaderValue::from_str(signature).ok()
            });
            mask.hide_all([
                secret.header(),
                security_token.as_ref().and_then(|token| token.header()),
                HeaderValue::from_str(access).ok(),
                signature,
            ]);
        }
    }
}

impl Error {
    fn at(mut self, status: StatusCode, request_id: Option<String>) -> Self {
        self.inner().status = Some(status.as_u16());
        self.inner().request_id = request_id;
        self
    }
}

/// Why this content is not the documented JSON. A missing type is left to the decoder.
fn not_json(headers: &HeaderMap) -> Option<String> {
    if let Some(coding) = headers.get(CONTENT_ENCODING).filter(|coding| *coding != "identity") {
        return Some(format!("the body is encoded as {coding:?}, which was not asked for"));
    }
    let value = headers.get(CONTENT_TYPE).filter(|value| *value != "application/json")?;
    let essence = value.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim();
    let subtype = essence.get(.."application/".len()).filter(|kind| kind.eq_ignore_ascii_case("application/"));
    let is_json = subtype.is_some()
        && essence.get("application/".len()..).is_some_and(|subtype| {
            let subtype = subtype.to_ascii_lowercase();
            // The last is how OpenStack names its own.
            subtype == "json" || subtype.ends_with("+json") || subtype.ends_with("-json-patch")
        });
    (!is_json).then(|| format!("the body is {value:?}, not JSON"))
}

fn date(headers: &HeaderMap) -> Option<SystemTime> {
    httpdate::parse_http_date(headers.get(DATE)?.to_str().ok()?).ok()
}

/// How many seconds the service's clock is ahead of `now`, if that is why it refused the signature.
fn skew(date: SystemTime, now: SystemTime, error: &Error) -> Option<i64> {
    let ahead = match date.duration_since(now) {
        Ok(ahead) => i64::try_from(ahead.as_secs()).ok()?,
        Err(behind) => -i64::try_from(behind.duration().as_secs()).ok()?,
    };
    let says_so = error.message().is_some_and(|message| message.contains("signature expired"));
    // A minute's grace: the date is in whole seconds and has travelled.
    (ahead.abs() >= SIGNATURE_WINDOW || (says_so && ahead.abs() > 60)).then_some(ahead)
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("credentials", &self.credentials)
            .field("policy", &self.policy)
            .field("total_timeout", &self.total_timeout)
            .finish_non_exhaustive()
    }
}
