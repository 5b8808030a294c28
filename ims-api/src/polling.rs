//! Waiting for an end: asking again and again, at a pace that spares the service.

use crate::{Error, Failure, Operation};
use std::time::Duration;
use tokio::time::{Instant, sleep, timeout_at};

/// While the service can't answer, the pause doubles so often at most.
const MOST_DOUBLINGS: u32 = 3;

/// How often to ask, and how long at most.
#[derive(Debug, Clone)]
pub(crate) struct Pace {
    pub(crate) every: Duration,
    pub(crate) deadline: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self { every: Duration::from_secs(10), deadline: Duration::from_secs(20 * 60) }
    }
}

impl Pace {
    /// Asks until `judge` finds the end in an answer. Failures that pass are waited out; `what` is told if the time is up.
    pub(crate) async fn until<A, T, R>(
        &self,
        operation: &'static Operation,
        what: &str,
        ask: impl Fn() -> R,
        mut judge: impl FnMut(A) -> Result<Option<T>, Error>,
    ) -> Result<T, Error>
    where
        R: Future<Output = Result<A, Error>>,
    {
        let deadline = Instant::now() + self.deadline;
        let (mut failures, mut failed) = (0, None);
        while let Ok(answer) = timeout_at(deadline, ask()).await {
            let mut pause = self.every;
            match answer {
                Ok(answer) => {
                    if let Some(end) = judge(answer)? {
                        return Ok(end);
                    }
                    (failures, failed) = (0, None);
                }
                Err(error) if error.may_retry() => {
                    failures = MOST_DOUBLINGS.min(failures + 1);
                    pause = (pause * (1 << failures)).max(error.retry_after().unwrap_or_default());
                    failed = Some(error);
                }
                Err(error) => return Err(error),
            }
            // Drawn, so that those who began together don't go on asking together.
            pause = pause.mul_f64(0.9 + 0.2 * fastrand::f64());
            if Instant::now() + pause >= deadline {
                break;
            }
            sleep(pause).await;
        }
        let last = failed.map(|error: Error| format!("; the last time it was asked for: {}", error.summary()));
        let reason = format!("{what} within {:?}{}", self.deadline, last.unwrap_or_default());
        let mut error = Error::new(Failure::Timeout, Some(operation), reason);
        (error.inner().sent, error.inner().waited) = (true, true);
        Err(error)
    }
}
