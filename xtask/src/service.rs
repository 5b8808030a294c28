//! One HTTP service on this machine that behaves as the document says: what `demo`, `explore` and the tests talk to.
//!
//! Everything comes from the document: routes from `paths`, checks from the schemas, authentication from `security`,
//! refusals from the error table, answers from the samples and from `x-ims-effect`, which says what an operation does
//! to the tags the service keeps in memory. No operation is named here.
//!
//! # What a request goes through
//! 1. The route: 404 or 405 in the gateway's shape if the document has none.
//! 2. The header `Prefer` (RFC 7240, as mock servers use it): `code=404` answers with that row of the error table,
//!    `delay=MS` waits, `retry-after=SECONDS` goes with the code, `cut=before` or `cut=body` drops the connection, and
//!    of the requests with `throttle=COUNT/SECONDS` only so many pass in so much time.
//! 3. Throttling, if that or [`Options::throttle`] is set: 429 with `Retry-After`.
//! 4. Authentication, for real: the token must be known, the signature is computed again ([`signature`]).
//! 5. The parameters and the body against their schemas: 400 in the service's shape. A query parameter or a body that
//!    the document doesn't have is refused, too.
//! 6. The effect. The answer is checked against the document, too: a success that breaks it is a 500 that says so.
//!
//! # `x-ims-effect`
//! An object, or a list of which the first whose `when` holds applies. Values of a request are named by OpenAPI's own
//! runtime expressions: `$request.path.NAME`, `$request.query.NAME`, `$request.header.NAME`, `$request.body`,
//! `$request.body#/POINTER`.
//!
//! | key | what it says |
//! |---|---|
//! | `action` | `list`, `put` or `delete` tags, `find` images by tags, or `count` them |
//! | `when` | values that must hold: `{$request.body#/action: create}` |
//! | `image` | the image id; a `list` without one is about all images |
//! | `tags` | what is put or deleted: a tag, a list of tags, or a string; of several expressions the one that is there |
//! | `separator` | in strings, the key ends where this begins and the rest is the value; without it a string is a key |
//! | `quota` | how many tags an image may have; one more is 400 |
//! | `missing` | the status for deleting a key that isn't there; without it that is a success |
//! | `limit`, `offset`, `page` | expressions for the piece of the list that is wanted; pages count from 1 |
//! | `filter` | for `find` and `count`: where `tags`, `tags_any`, `not_tags`, `not_tags_any`, `without_any_tag` and `matches` are |
//!
//! How tags are written in an answer is read from the success schema's list: strings, `{key, values}` or `{key, value}`.
//! An image nobody has written to has the tags of the document's sample, so the page's sample request gives the page's
//! sample answer; a request about all images that equals its sample does, too, until something is written. An operation
//! without `x-ims-effect` answers its sample.
//!
//! The whole tag family, in these words:
//!
//! ```yaml
//! # the tags of an image; of all images
//! x-ims-effect: {action: list, image: $request.path.image_id}
//! x-ims-effect: {action: list}
//! # …as `key.value` strings, by page
//! x-ims-effect: {action: list, image: $request.query.id, separator: ., limit: $request.query.limit, page: $request.query.page}
//! # add one; add many or delete many; delete many; delete one
//! x-ims-effect: {action: put, image: $request.path.image_id, tags: $request.body#/tag, quota: 10}
//! x-ims-effect:
//!   - {when: {$request.body#/action: create}, action: put, image: $request.path.image_id, tags: $request.body#/tags, quota: 10}
//!   - {when: {$request.body#/action: delete}, action: delete, image: $request.path.image_id, tags: $request.body#/tags}
//! x-ims-effect: {action: delete, image: $request.path.image_id, tags: $request.body#/tags}
//! x-ims-effect: {action: delete, image: $request.path.image_id, tags: $request.path.key, missing: 404}
//! # by `key.value` or by object; by name alone
//! x-ims-effect: {action: put, image: $request.body#/image_id, tags: [$request.body#/tag, $request.body#/image_tag], separator: .}
//! x-ims-effect: {action: put, image: $request.path.image_id, tags: $request.path.tag}
//! # images by tags
//! x-ims-effect:
//!   - {when: {$request.body#/action: filter}, action: find, filter: $request.body, limit: $request.body#/limit, offset: $request.body#/offset}
//!   - {when: {$request.body#/action: count}, action: count, filter: $request.body}
//! ```

mod answer;
mod authentication;
mod check;
mod effect;
mod prefer;
mod routes;
pub mod signature;
mod state;
mod wire;

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use axum::Router;
use tokio::net::TcpListener;

use crate::diagnostic::Diagnostic;
use crate::document::Document;
pub use answer::Answer;
pub(crate) use authentication::date_of;
pub use authentication::{EXPIRED_TOKEN, KEY, PracticeKey, TEMPORARY_KEY, TOKEN};
pub use prefer::Cut;
pub(crate) use routes::{Operation, Parameter};
pub(crate) use wire::{handle, serve};

/// The longest body that is read: the gateway's limit.
const BODY_LIMIT: usize = 12 << 20;
/// How many requests the log keeps.
const LOG_LENGTH: usize = 1_000;

/// What time it is, for the service: tests bring their own.
pub type Clock = Arc<dyn Fn() -> SystemTime + Send + Sync>;

/// How the service behaves beyond the document.
#[derive(Clone)]
pub struct Options {
    /// The service's clock: dates its answers and judges the age of signatures.
    pub clock: Clock,
    /// How long every answer waits.
    pub delay: Duration,
    /// How many requests pass in how much time; the others get 429 with `Retry-After`.
    pub throttle: Option<(u32, Duration)>,
}

impl Default for Options {
    fn default() -> Self {
        Self { clock: Arc::new(SystemTime::now), delay: Duration::ZERO, throttle: None }
    }
}

/// A request as it came over the wire.
#[derive(Clone, PartialEq, Eq)]
pub struct Received {
    /// The method.
    pub method: String,
    /// The request target, percent-encoded as it was sent: path and query.
    pub target: String,
    /// The headers in their order, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Received {
    /// The first value of a header, by its lower-case name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The path and the query of the target.
    #[must_use]
    pub fn path_and_query(&self) -> (&str, &str) {
        self.target.split_once('?').unwrap_or((&self.target, ""))
    }
}

/// The request as HTTP/1.1 writes it.
impl fmt::Display for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} {} HTTP/1.1", self.method, self.target)?;
        for (name, value) in &self.headers {
            writeln!(f, "{name}: {value}")?;
        }
        if !self.body.is_empty() {
            write!(f, "\n{}", String::from_utf8_lossy(&self.body))?;
        }
        Ok(())
    }
}

/// Without header values and body: they may hold somebody's credentials.
impl fmt::Debug for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Received({} {})", self.method, self.target)
    }
}

/// The service. Clones share tags, log and throttle.
#[derive(Clone)]
pub struct Service(Arc<Inner>);

struct Inner {
    spec: Document,
    operations: Vec<Operation>,
    options: Options,
    memory: Arc<Mutex<Memory>>,
}

/// What changes while the service runs.
struct Memory {
    state: state::State,
    log: VecDeque<Received>,
    answered: u64,
    /// Windows by their limits: since when, and how many requests.
    windows: HashMap<(u32, Duration), (SystemTime, u32)>,
}

impl Service {
    /// A service for the document, with no tags but the samples'.
    ///
    /// # Errors
    /// What in an `x-ims-effect` cannot be understood, with its place.
    pub fn new(spec: &Document, options: Options) -> Result<Self, Vec<Diagnostic>> {
        let operations = routes::operations(spec)?;
        let memory = Memory {
            state: state::State::new(&operations),
            log: VecDeque::new(),
            answered: 0,
            windows: HashMap::new(),
        };
        Ok(Self(Arc::new(Inner { spec: spec.clone(), operations, options, memory: Arc::new(Mutex::new(memory)) })))
    }

    /// Serves until the task is dropped, and with it every connection.
    ///
    /// # Errors
    /// Those of the listener.
    pub async fn serve(self, listener: TcpListener) -> io::Result<()> {
        serve(listener, self.router()).await
    }

    /// Starts the service on a free port of the loopback interface.
    ///
    /// # Errors
    /// As [`Service::new`] and [`Service::serve`].
    pub async fn start(spec: &Document, options: Options) -> Result<Running, Box<dyn std::error::Error + Send + Sync>> {
        let service = Self::new(spec, options)
            .map_err(|findings| findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))?;
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let addr = listener.local_addr()?;
        let task = tokio::spawn(service.clone().serve(listener));
        Ok(Running { addr, service, task })
    }

    /// A service for the document as it is now; it keeps tags and log.
    ///
    /// # Errors
    /// As [`Service::new`].
    pub(crate) fn renewed(&self, spec: &Document) -> Result<Self, Vec<Diagnostic>> {
        let Inner { options, memory, .. } = &*self.0;
        let (options, memory) = (options.clone(), Arc::clone(memory));
        Ok(Self(Arc::new(Inner { spec: spec.clone(), operations: routes::operations(spec)?, options, memory })))
    }

    pub(crate) fn spec(&self) -> &Document {
        &self.0.spec
    }

    pub(crate) fn operations(&self) -> &[Operation] {
        &self.0.operations
    }

    /// What time it is for the service.
    pub(crate) fn now(&self) -> SystemTime {
        (self.0.options.clock)()
    }

    /// The service as axum's router: every path is its own.
    pub(crate) fn router(&self) -> Router {
        Router::new().fallback(wire::handle).with_state(self.clone())
    }

    /// What came over the wire, oldest first: the last 1,000 requests.
    #[must_use]
    pub fn requests(&self) -> Vec<Received> {
        self.memory().log.iter().cloned().collect()
    }

    /// Answers one request as the document says; waits if it or the options ask for it.
    pub async fn answer(&self, request: Received) -> Answer {
        let now = self.now();
        let preference = prefer::Prefer::of(&request);
        let (id, throttled) = {
            let mut memory = self.memory();
            if memory.log.len() == LOG_LENGTH {
                memory.log.pop_front();
            }
            memory.log.push_back(request.clone());
            memory.answered += 1;
            let id = request_id(memory.answered);
            let limits = preference.as_ref().ok().and_then(|wish| wish.throttle).or(self.0.options.throttle);
            (id, limits.and_then(|limits| memory.throttle(limits, now)))
        };
        let delay = self.0.options.delay + preference.as_ref().map_or(Duration::ZERO, |wish| wish.delay);
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
        let cut = preference.as_ref().ok().and_then(|wish| wish.cut);
        let answer = self.decide(&request, preference, throttled, now).unwrap_or_else(|refusal| refusal);
        answer.finish(&id, now, cut)
    }

    fn decide(
        &self,
        request: &Received,
        preference: Result<prefer::Prefer, String>,
        throttled: Option<Duration>,
        now: SystemTime,
    ) -> Result<Answer, Answer> {
        let Inner { spec, operations, .. } = &*self.0;
        let (operation, path) = routes::find(operations, request)?;
        let preference = preference.map_err(|reason| Answer::invalid("IMG.0001", &reason))?;
        if let Some(code) = preference.code.filter(|code| !operation.is_success(*code)) {
            return Err(Answer::row(operation, code, preference.retry_after));
        }
        if let Some(wait) = throttled {
            return Err(Answer::row(operation, 429, Some(wait)));
        }
        authentication::check(operation, request, now)?;
        let values = check::request(spec, operation, &path, request)?;
        let answer = self.memory().state.apply(operation, &values)?;
        check::answer(spec, operation, answer)
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.0.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Memory {
    /// Counts a request; says how long to wait if there were too many.
    fn throttle(&mut self, limits: (u32, Duration), now: SystemTime) -> Option<Duration> {
        let (most, window) = limits;
        let (since, count) = match self.windows.get(&limits) {
            Some(&(since, count)) if now.duration_since(since).is_ok_and(|age| age < window) => {
                (since, count.saturating_add(1))
            }
            _ => (now, 1),
        };
        self.windows.retain(|(_, window), (since, _)| now.duration_since(*since).is_ok_and(|age| age < *window));
        self.windows.insert(limits, (since, count));
        let age = now.duration_since(since).unwrap_or_default();
        (count > most).then(|| window.saturating_sub(age))
    }
}

/// 32 hex digits, as the gateway writes them; the same for the same request of a run.
fn request_id(number: u64) -> String {
    use sha2::{Digest, Sha256};
    signature::hex(&Sha256::digest(number.to_be_bytes()))[..32].to_owned()
}

/// A service that runs on this machine until it is dropped.
pub struct Running {
    /// Where it listens.
    pub addr: SocketAddr,
    service: Service,
    task: tokio::task::JoinHandle<io::Result<()>>,
}

impl Running {
    /// The service's address, for a client's `endpoint`.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// What came over the wire, oldest first: the last 1,000 requests.
    #[must_use]
    pub fn requests(&self) -> Vec<Received> {
        self.service.requests()
    }

    /// Stops the service and drops its connections; dropping does, too.
    pub fn shutdown(self) {
        drop(self);
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}
