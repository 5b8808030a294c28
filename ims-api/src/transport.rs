//! One call: authorize, send, read within bounds, then decode or fold the error, and try again where that is safe.

use crate::bounds::{self, BoundsError, Limits};
use crate::credentials::{Cached, Credentials, CredentialsError, Kind};
use crate::error::fold::is_error_only;
use crate::error::text::{EXCERPT_LIMIT, Mask, REQUEST_ID_LIMIT};
use crate::error::{Error, Failure};
use crate::headers::{self, Headers};
use crate::retry::{self, Backoff, Policy, Retry};
use crate::watch::{Seen, Watch};
use crate::{Operation, observability, path, sign};
use bytes::Bytes;
use reqwest::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, DATE, HeaderMap, HeaderValue, RETRY_AFTER};
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
    pub(crate) endpoint: Url,
    /// Host, port and proxy, to be told when a connection fails.
    pub(crate) route: String,
    pub(crate) credentials: Cached,
    pub(crate) policy: Policy,
    pub(crate) total_timeout: Duration,
    pub(crate) limits: Limits,
    pub(crate) headers: Headers,
    pub(crate) header_hook: Option<Arc<HeaderHook>>,
    /// Seconds that the service's clock is ahead of ours, learned from a refused signature.
    pub(crate) clock_offset: AtomicI64,
    pub(crate) watch: Option<Watch>,
}

/// What a call sends, before it is authorized; each attempt sends a request made of it.
#[derive(Default)]
pub(crate) struct Outgoing {
    /// The values of the parameters in the path, by name.
    pub(crate) path: Vec<(&'static str, String)>,
    pub(crate) query: Vec<(&'static str, String)>,
    pub(crate) headers: Headers,
    pub(crate) body: Option<Bytes>,
}

/// A documented success.
pub(crate) struct Answer {
    body: Bytes,
    call: Box<Call>,
}

/// What is known of a call while it runs; outlives the attempts when the deadline drops them.
struct Call {
    operation: &'static Operation,
    attempts: u32,
    sent: bool,
    /// What the current attempt was answered, as soon as it is known.
    status: Option<StatusCode>,
    headers: HeaderMap,
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
    /// How long the whole call may take.
    pub(crate) timeout: Option<Duration>,
    /// When this call is tried again. The budget stays the client's.
    pub(crate) retry: Option<Retry>,
    headers: Result<Headers, String>,
}

impl Default for CallOptions {
    fn default() -> Self {
        Self { timeout: None, retry: None, headers: Ok(Vec::new()) }
    }
}

impl CallOptions {
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
        outgoing: &Outgoing,
        content: Content,
        options: &CallOptions,
    ) -> Result<Answer, Error> {
        let timeout = options.timeout.unwrap_or(self.total_timeout);
        // What is known of a call goes with its answer: as one pointer.
        let mut call = Box::new(Call {
            operation,
            attempts: 0,
            sent: false,
            status: None,
            headers: HeaderMap::new(),
            used: None,
            earlier: Mask::default(),
        });
        let span = observability::span(operation, &self.endpoint);
        let deadline = Instant::now() + timeout;
        let ended = {
            // Pinned where it is made, so that neither wrapper copies it.
            let attempts =
                std::pin::pin!(self.attempts(&mut call, outgoing, content, options.retry.as_ref(), deadline));
            tokio::time::timeout_at(deadline, attempts.instrument(span.clone())).await
        };
        let result = ended.unwrap_or_else(|_| {
            call.forget();
            let error = call.error(Failure::Timeout, format!("not done within {timeout:?}"));
            span.in_scope(|| observability::attempt(call.attempts, None, Some(&error)));
            Err(error)
        });
        match result {
            Ok(body) => {
                observability::end(&span, call.attempts, call.code(), None);
                Ok(Answer { body, call })
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
    pub(crate) fn add_headers(
        &self,
        operation: &'static Operation,
        headers: &mut Headers,
        options: &CallOptions,
    ) -> Result<(), Error> {
        let own = options.headers.as_ref().map_err(|reason| Error::invalid_request(operation, reason.clone()))?;
        headers.extend_from_slice(&self.headers);
        if let Some(hook) = &self.header_hook {
            let mut added = HeaderMap::new();
            hook(operation, &mut added);
            for (name, value) in &added {
                if headers::is_reserved(name) {
                    let reason = format!("header {name} is set by the client alone: leave it out of the header hook");
                    return Err(Error::invalid_request(operation, reason));
                }
                headers.push((name.clone(), value.clone()));
            }
        }
        headers.extend_from_slice(own);
        Ok(())
    }

    fn request(&self, operation: &'static Operation, outgoing: &Outgoing) -> Result<Request, Error> {
        // The host is parsed once for all calls.
        let mut url = self.endpoint.clone();
        let mut path = String::with_capacity(url.path().len() + operation.path.len() + 96);
        path.push_str(url.path().trim_end_matches('/'));
        path::fill(&mut path, operation.path, &outgoing.path);
        url.set_path(&path);
        if !outgoing.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&outgoing.query);
        }
        let method = Method::from_bytes(operation.method.as_bytes())
            .map_err(|reason| Error::invalid_request(operation, reason.to_string()))?;
        let mut request = Request::new(method, url);
        for (name, value) in &outgoing.headers {
            request.headers_mut().insert(name.clone(), value.clone());
        }
        *request.body_mut() = outgoing.body.clone().map(Into::into);
        Ok(request)
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
    ) -> Result<Bytes, Error> {
        let mut backoff = None;
        let (mut may_renew, mut may_shift) = (true, true);
        let mut refused = None;
        loop {
            call.forget();
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
            let mut request = self.request(call.operation, outgoing)?;
            let now = self.now();
            if let Some(credentials) = &credentials {
                sign::sign(&mut request, credentials, now)
                    .map_err(|error| call.error(Failure::Credentials, error.to_string()).because(error))?;
                call.hide(credentials, &request);
            }
            if self.show(Seen::Request(&request)).is_break() {
                return Err(call.error(Failure::InvalidRequest, "shown, not sent".to_owned()));
            }
            call.attempts += 1;
            let error = match self.attempt(call, self.http.execute(request), content).await {
                Ok(body) => {
                    observability::attempt(call.attempts, call.code(), None);
                    self.policy.succeeded();
                    return Ok(body);
                }
                Err(error) => error,
            };
            observability::attempt(call.attempts, error.status(), Some(&error));
            if let (Some(401), Some(credentials)) = (error.status(), credentials) {
                let skew = date(&call.headers).filter(|_| may_shift).and_then(|date| skew(date, now, &error));
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

    /// Sends once.
    async fn attempt(
        &self,
        call: &mut Call,
        sending: impl Future<Output = reqwest::Result<Response>>,
        content: Content,
    ) -> Result<Bytes, Error> {
        // Until the opposite is known, and if the deadline drops this future, the service may have seen it.
        let sent_before = std::mem::replace(&mut call.sent, true);
        let mut response = match sending.await {
            Ok(response) => response,
            Err(error) => {
                if error.is_connect() || error.is_builder() {
                    call.sent = sent_before;
                }
                return Err(call.lost(error, &self.route));
            }
        };
        let status = response.status();
        call.status = Some(status);
        std::mem::swap(&mut call.headers, response.headers_mut());
        let _ = self.show(Seen::Answer(status, &call.headers));
        if let Err(error) = bounds::headers(&call.headers, self.limits.headers) {
            return Err(call.error(Failure::TooLong, error.to_string()));
        }
        if !call.operation.is_success(status.as_u16()) {
            // Boxed, since few calls need its state.
            return Err(Box::pin(self.refused(call, status, response)).await);
        }
        if content == Content::Empty {
            return Ok(Bytes::new());
        }
        if let Some(reason) = not_json(&call.headers) {
            let (body, _) = bounds::read_prefix(&mut response, self.limits.error_body).await;
            let mut error = call.error(Failure::Unexpected, call.mask().show(&reason, EXCERPT_LIMIT));
            error.quote(&body, &call.mask());
            return Err(error);
        }
        match bounds::read(&mut response, self.limits.body).await {
            Ok(body) => {
                let _ = self.show(Seen::Body(&body));
                Ok(body)
            }
            Err(BoundsError::Broken(error)) => Err(call.lost(error, &self.route)),
            Err(error) => Err(call.error(Failure::TooLong, error.to_string())),
        }
    }

    async fn refused(&self, call: &Call, status: StatusCode, mut response: Response) -> Error {
        let mut error = if status.as_u16() < 300 {
            call.error(Failure::Unexpected, "a success that the document does not list".to_owned())
        } else {
            call.error(Failure::Refused, String::new())
        };
        error.inner().retry_after =
            call.headers.get(RETRY_AFTER).and_then(|value| retry::retry_after(value.to_str().ok()?, self.now()));
        // What arrived before a limit or a lost connection still says more than nothing; the status stands anyhow.
        let (body, _) = bounds::read_prefix(&mut response, self.limits.error_body).await;
        error.quote(&body, &call.mask());
        error
    }
}

impl Answer {
    /// The body as `T`, or an error that still has status and request id.
    pub(crate) fn decode<T: serde::de::DeserializeOwned>(self) -> Result<crate::Response<T>, Error> {
        let error = match serde_json::from_slice(&self.body) {
            Ok(value) if !is_error_only(&self.body) => return Ok(self.with(value)),
            Ok(_) => None,
            Err(error) => Some(error),
        };
        Err(self.call.undecodable(&self.body, error))
    }

    /// This value with the status and the headers that it came with.
    pub(crate) fn with<T>(self, value: T) -> crate::Response<T> {
        crate::Response::new(value, self.call.status.unwrap_or_default(), self.call.headers)
    }
}

impl Call {
    /// An attempt begins, or none will: what the last one was answered says nothing of it.
    fn forget(&mut self) {
        if self.status.take().is_some() {
            self.headers.clear();
        }
    }

    fn code(&self) -> Option<u16> {
        self.status.map(|status| status.as_u16())
    }

    #[cold]
    fn error(&self, failure: Failure, reason: String) -> Error {
        let mut error = Error::new(failure, Some(self.operation), reason);
        error.inner().sent = self.sent;
        error.inner().attempts = self.attempts;
        error.inner().status = self.code();
        error.inner().request_id = self.request_id();
        error
    }

    /// There are no credentials now.
    #[cold]
    fn unauthorized(&self, error: CredentialsError) -> Error {
        let mut failed = self.error(Failure::Credentials, error.to_string());
        failed.inner().passing = error.is_unavailable();
        failed.because(error)
    }

    /// No answer, or not all of it.
    #[cold]
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

    #[cold]
    fn undecodable(&self, body: &[u8], error: Option<serde_json::Error>) -> Error {
        let (failure, reason) = match error {
            _ if is_error_only(body) => (Failure::Unexpected, "an error with the status of success".to_owned()),
            // serde_json quotes values of the body.
            Some(error) => (
                Failure::Decode,
                format!("the body does not decode: {}", self.mask().show(&error.to_string(), EXCERPT_LIMIT)),
            ),
            None => (Failure::Decode, "the body does not decode".to_owned()),
        };
        let mut error = self.error(failure, reason);
        error.quote(body, &self.mask());
        error
    }

    fn request_id(&self) -> Option<String> {
        let value = headers::request_id(&self.headers)?;
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
    #[cold]
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
            .field("endpoint", &self.endpoint.as_str())
            .field("credentials", &self.credentials)
            .field("policy", &self.policy)
            .field("total_timeout", &self.total_timeout)
            .finish_non_exhaustive()
    }
}
