//! One HTTP service on this machine that behaves as the document says: what `demo`, `explore` and the tests talk to.
//!
//! Everything comes from the document: routes from `paths`, checks from the schemas, authentication from `security`,
//! refusals from the error table, answers from the samples. What practice needs beside that is in two places: `practice`
//! is a model of the real service's tags, images and jobs, `iam` looks projects up and logs users in.
//!
//! # What a request goes through
//! 1. The route: 404 or 405 in the gateway's shape if the document has none.
//! 2. The header `Prefer` (RFC 7240, as mock servers use it): `code=404` answers with that row of the error table,
//!    `delay=MS` waits, `retry-after=SECONDS` goes with the code, `cut=before` or `cut=body` drops the connection, of
//!    the requests with `throttle=COUNT/SECONDS` only so many pass in so much time, and the job that a request with
//!    `job=fail` starts fails.
//! 3. Throttling, if that is wished: 429 with `Retry-After`.
//! 4. Authentication, for real: the token must be known, the signature is computed again ([`signature`]).
//! 5. The parameters and the body against their schemas: 400 in the service's shape. A query parameter, a field or a body
//!    that the document doesn't have is refused, too.
//! 6. The model, or the document's sample. The answer is checked against the document, too: a success that breaks it is
//!    a 500 that says so.

mod answer;
mod authentication;
mod check;
mod iam;
mod practice;
mod prefer;
mod routes;
pub mod signature;
mod wire;

use std::collections::{HashMap, VecDeque};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use axum::Router;
use axum::response::Response;
use sha2::{Digest, Sha256};
use tokio::net::TcpListener;

use crate::document::Document;
use answer::Answer;
pub(crate) use authentication::date_of;
pub use authentication::{EXPIRED_TOKEN, KEY, PracticeKey, TEMPORARY_KEY, TOKEN};
pub use check::Problem;
pub(crate) use check::request as read;
pub use iam::{LOGIN, REGION};
use practice::Practice;
use prefer::Prefer;
pub(crate) use wire::handle;
pub use wire::{Received, Running};

/// How many requests the log keeps.
const LOG_LENGTH: usize = 1_000;

/// How the service behaves beyond the document.
#[derive(Clone)]
pub struct Options {
    /// The service's clock: dates its answers and judges the age of signatures.
    pub clock: Arc<dyn Fn() -> SystemTime + Send + Sync>,
    /// How many tags an image may have.
    pub quota: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { clock: Arc::new(SystemTime::now), quota: 10 }
    }
}

/// The service. Clones share its memory.
#[derive(Clone)]
pub struct Service {
    pub(crate) spec: Arc<Document>,
    options: Options,
    memory: Arc<Mutex<Memory>>,
}

/// What changes while the service runs.
#[derive(Default)]
struct Memory {
    practice: Practice,
    log: VecDeque<Received>,
    answered: u64,
    /// When the last requests passed that wished for these limits.
    passed: HashMap<(usize, Duration), Vec<SystemTime>>,
}

impl Service {
    /// A service for the document, with nothing in its memory but the samples.
    #[must_use]
    pub fn new(spec: &Document, options: Options) -> Self {
        let service = Self { spec: Arc::new(spec.clone()), options, memory: Arc::default() };
        service.reset();
        service
    }

    /// Starts the service on a free port of the loopback interface.
    ///
    /// # Errors
    /// There is no port.
    pub async fn start(spec: &Document, options: Options) -> io::Result<Running> {
        let service = Self::new(spec, options);
        let router = Router::new().fallback(handle).with_state(service.clone());
        Running::start(TcpListener::bind(("127.0.0.1", 0)).await?, router, service)
    }

    /// A service for the document as it is now; it keeps its memory.
    pub(crate) fn renewed(&self, spec: Document) -> Self {
        Self { spec: Arc::new(spec), ..self.clone() }
    }

    /// Forgets everything that was done to it; the log stays.
    pub fn reset(&self) {
        self.memory().practice = Practice::new(&self.spec, self.options.quota);
    }

    /// The project of the samples, which is the one that IAM finds.
    #[must_use]
    pub fn project(&self) -> String {
        let project = self.spec.operations.iter().find_map(|operation| {
            let parameter = operation.parameters.iter().find(|parameter| parameter.defaults_to_project)?;
            operation.sample.as_ref()?.value(&parameter.name)
        });
        project.unwrap_or("practice-project").to_owned()
    }

    /// What time it is for the service.
    pub(crate) fn now(&self) -> SystemTime {
        (self.options.clock)()
    }

    /// What came over the wire, oldest first: the last 1,000 requests.
    #[must_use]
    pub fn requests(&self) -> Vec<Received> {
        self.memory().log.iter().cloned().collect()
    }

    /// Answers one request as the document says; waits if it asks for that.
    async fn answer(&self, request: Received) -> Response {
        let (now, preference) = (self.now(), Prefer::of(&request));
        let wish = *preference.as_ref().unwrap_or(&Prefer::default());
        let id = self.memory().keep(request.clone());
        if !wish.delay.is_zero() {
            tokio::time::sleep(wish.delay).await;
        }
        let answer = self.decide(&request, preference, now).unwrap_or_else(|refusal| refusal);
        answer.response(&id, now, wish.cut)
    }

    fn decide(
        &self,
        request: &Received,
        preference: Result<Prefer, String>,
        now: SystemTime,
    ) -> Result<Answer, Answer> {
        let spec = &self.spec;
        if let Some(answer) = iam::answer(request, &self.project(), now) {
            return answer;
        }
        let operation = routes::find(spec, request)?;
        let preference = preference.map_err(|reason| Answer::refusal(400, "IMG.0001", &reason))?;
        let is_success = |code| operation.successes().filter_map(|one| one.codes()).any(|codes| codes.contains(&code));
        if let Some(code) = preference.code.filter(|code| !is_success(*code)) {
            return Err(Answer::row(operation, code, preference.retry_after));
        }
        if let Some(wait) = preference.throttle.and_then(|limits| self.memory().throttle(limits, now)) {
            return Err(Answer::row(operation, 429, Some(wait)));
        }
        authentication::check(&authentication::ways(spec, operation), request, now)?;
        let path = routes::values(operation, request)?;
        let (values, problems) = check::request(spec, operation, &path, request);
        if let Some(problem) = problems.first() {
            return Err(problem.answer());
        }
        let body = self.memory().practice.call(operation, &values, &preference)?;
        check::answer(spec, operation, body)
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Memory {
    /// Keeps a request; its id are 32 hex digits, as the gateway writes them, and the same for the same request of a run.
    fn keep(&mut self, request: Received) -> String {
        if self.log.len() == LOG_LENGTH {
            self.log.pop_front();
        }
        self.log.push_back(request);
        self.answered += 1;
        signature::hex(&Sha256::digest(self.answered.to_be_bytes())).split_at(32).0.to_owned()
    }

    /// Lets a request pass, or says how long to wait if too many have passed.
    fn throttle(&mut self, limits: (usize, Duration), now: SystemTime) -> Option<Duration> {
        let (most, window) = limits;
        let age = |passed: SystemTime| now.duration_since(passed).unwrap_or_default();
        let passed = self.passed.entry(limits).or_default();
        passed.retain(|passed| age(*passed) < window);
        if passed.len() < most {
            passed.push(now);
            return None;
        }
        window.checked_sub(age(*passed.first().unwrap_or(&now)))
    }
}
