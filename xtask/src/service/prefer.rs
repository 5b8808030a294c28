//! What a request wants to see go wrong: the header `Prefer`.

use std::time::Duration;

use super::Received;

/// The longest delay that a request may ask for.
const LONGEST: Duration = Duration::from_secs(60);

/// Where the connection is dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// Before a byte of the answer.
    Before,
    /// In the middle of the body.
    Body,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Prefer {
    pub(super) code: Option<u16>,
    pub(super) delay: Duration,
    pub(super) retry_after: Option<Duration>,
    pub(super) cut: Option<Cut>,
    /// How many requests that wish so pass in how much time.
    pub(super) throttle: Option<(u32, Duration)>,
    /// Whether the job that the request starts fails.
    pub(super) job_fails: bool,
}

impl Prefer {
    /// Preferences of others are ignored, as RFC 7240 asks; ours must have a value that means something.
    pub(super) fn of(request: &Received) -> Result<Self, String> {
        let mut wish = Self::default();
        let headers = request.headers.iter().filter(|(name, _)| name == "prefer");
        for preference in headers.flat_map(|(_, value)| value.split(',')) {
            let preference = preference.split(';').next().unwrap_or_default();
            let (name, value) = preference.split_once('=').unwrap_or((preference, ""));
            let (name, value) = (name.trim().to_ascii_lowercase(), value.trim().trim_matches('"'));
            let refuse = |want: &str| format!("Prefer: {name}={}: write {want}", value.escape_debug());
            match name.as_str() {
                "code" => {
                    let code = value.parse().ok().filter(|code| matches!(code, 200..=599));
                    wish.code = Some(code.ok_or_else(|| refuse("a status from 200 to 599"))?);
                }
                "delay" => {
                    let delay = value.parse().map(Duration::from_millis).ok().filter(|delay| *delay <= LONGEST);
                    wish.delay = delay.ok_or_else(|| refuse("milliseconds, at most 60000"))?;
                }
                "retry-after" => {
                    let seconds = value.parse().map(Duration::from_secs);
                    wish.retry_after = Some(seconds.map_err(|_| refuse("seconds"))?);
                }
                "throttle" => {
                    let limits = value.split_once('/').and_then(|(count, seconds)| {
                        let window = Duration::from_secs(seconds.parse().ok()?);
                        Some((count.parse().ok()?, window)).filter(|_| !window.is_zero() && window <= LONGEST)
                    });
                    wish.throttle = Some(limits.ok_or_else(|| refuse("requests/seconds, for example 2/10"))?);
                }
                "cut" => {
                    wish.cut = Some(match value {
                        "before" => Cut::Before,
                        "body" => Cut::Body,
                        _ => return Err(refuse("before or body")),
                    });
                }
                "job" if value == "fail" => wish.job_fails = true,
                "job" => return Err(refuse("fail")),
                _ => {}
            }
        }
        Ok(wish)
    }
}
