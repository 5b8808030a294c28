//! When a call is tried again: the policy, the waiting, and the budget that spares a failing service.

pub(crate) use backon::ExponentialBackoff as Backoff;
use backon::{BackoffBuilder, ExponentialBuilder};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

/// What one retry takes from the budget, and what one success gives back.
const COST: u32 = 10;
const REFUND: u32 = 1;

/// How often and how long a client retries. Nothing is retried that the service may have done already, unless the
/// document calls the operation idempotent.
///
/// ```
/// use ims_api::Retry;
/// use std::time::Duration;
///
/// let patient = Retry::default().attempts(6).longest_delay(Duration::from_secs(60));
/// let off = Retry::off();
/// # let _ = (patient, off);
/// ```
#[derive(Debug, Clone)]
pub struct Retry {
    attempts: u32,
    first_delay: Duration,
    longest_delay: Duration,
    longest_retry_after: Duration,
    budget: u32,
}

impl Default for Retry {
    /// At most 3 attempts; waits up to 200 ms, doubling up to 10 s; `Retry-After` up to 30 s; 50 retries in a row.
    fn default() -> Self {
        Self {
            attempts: 3,
            first_delay: Duration::from_millis(200),
            longest_delay: Duration::from_secs(10),
            longest_retry_after: Duration::from_secs(30),
            budget: 50,
        }
    }
}

impl Retry {
    /// One attempt only.
    #[must_use]
    pub fn off() -> Self {
        Self::default().attempts(1)
    }

    /// At most this many attempts, the first included. Default 3: a third failure is rarely a passing one.
    #[must_use]
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts.max(1);
        self
    }

    /// The bound of the first wait; each next one doubles. The wait itself is drawn evenly between zero and the bound
    /// (full jitter), so that clients that failed together don't return together. Default 200 ms.
    #[must_use]
    pub fn first_delay(mut self, delay: Duration) -> Self {
        self.first_delay = delay;
        self
    }

    /// The bound that the doubling stops at. Default 10 s.
    #[must_use]
    pub fn longest_delay(mut self, delay: Duration) -> Self {
        self.longest_delay = delay;
        self
    }

    /// A service that asks for a longer wait is not asked again within the call: the error says how long it asked for
    /// ([`crate::Error::retry_after`]). Default 30 s.
    #[must_use]
    pub fn longest_retry_after(mut self, delay: Duration) -> Self {
        self.longest_retry_after = delay;
        self
    }

    /// How many retries all clones of the client have together; ten successes earn one back. Default 50.
    #[must_use]
    pub fn budget(mut self, retries: u32) -> Self {
        self.budget = retries;
        self
    }

    /// The waits of one call.
    fn backoff(&self) -> Backoff {
        ExponentialBuilder::new()
            .with_min_delay(self.first_delay)
            .with_max_delay(self.longest_delay)
            .with_max_times(self.attempts as usize - 1)
            .build()
    }

    pub(crate) fn into_policy(self) -> Policy {
        Policy { tokens: AtomicU32::new(self.budget.saturating_mul(COST)), retry: self }
    }
}

/// The policy of a client, with the budget that its clones share.
#[derive(Debug)]
pub(crate) struct Policy {
    retry: Retry,
    tokens: AtomicU32,
}

impl Policy {
    /// How long to wait before the next attempt; `None` to give up. `own` is what the call says of itself.
    pub(crate) fn next(
        &self,
        own: Option<&Retry>,
        backoff: &mut Option<Backoff>,
        retry_after: Option<Duration>,
    ) -> Option<Duration> {
        let retry = own.unwrap_or(&self.retry);
        if retry_after.is_some_and(|asked| asked > retry.longest_retry_after) {
            return None;
        }
        let bound = backoff.get_or_insert_with(|| retry.backoff()).next()?;
        if !self.take() {
            return None;
        }
        // backon's own jitter adds to the delay; full jitter draws from zero.
        let drawn = bound.mul_f64(fastrand::f64());
        Some(drawn.max(retry_after.unwrap_or_default()))
    }

    fn take(&self) -> bool {
        self.tokens.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |tokens| tokens.checked_sub(COST)).is_ok()
    }

    /// A call has succeeded.
    pub(crate) fn succeeded(&self) {
        let full = self.retry.budget.saturating_mul(COST);
        // The usual case, a full budget, costs one load.
        if self.tokens.load(Ordering::Relaxed) < full {
            let _ = self.tokens.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |tokens| {
                Some(tokens.saturating_add(REFUND).min(full))
            });
        }
    }
}

/// Whether a refusal with this status passes with time: throttling, and a gateway or service that is down.
pub(crate) fn passes(status: u16) -> bool {
    matches!(status, 429 | 502..=504)
}

/// `Retry-After` in seconds or as a date; a past date is no wait, anything else is no `Retry-After`.
pub(crate) fn retry_after(value: &str, now: SystemTime) -> Option<Duration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than fit are still "very long".
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests;
