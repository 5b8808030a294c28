//! What a request wants to see go wrong: the header `Prefer`.

use std::time::Duration;

use super::Received;

/// The longest delay that a request may ask for.
const LONGEST: Duration = Duration::from_secs(60);

/// Where the connection is dropped.
#[derive(Debug, Clone, Copy)]
pub(super) enum Cut {
    /// Before a byte of the answer.
    Before,
    /// In the middle of the body.
    Body,
}

#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Prefer {
    pub(super) code: Option<u16>,
    pub(super) delay: Duration,
    pub(super) retry_after: Option<Duration>,
    pub(super) cut: Option<Cut>,
    /// How many requests that wish so pass in how much time.
    pub(super) throttle: Option<(usize, Duration)>,
    /// Whether the job that the request starts fails.
    pub(super) job_fails: bool,
}

impl Prefer {
    /// Preferences of others are ignored, as RFC 7240 asks; ours must have a value that means something.
    pub(super) fn of(request: &Received) -> Result<Self, String> {
        let headers = request.headers.iter().filter(|(name, _)| name == "prefer");
        let wishes: Vec<(String, &str)> = headers
            .flat_map(|(_, value)| value.split(','))
            .map(|wish| wish.split(';').next().unwrap_or_default())
            .map(|wish| wish.split_once('=').unwrap_or((wish, "")))
            .map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim().trim_matches('"')))
            .collect();
        let bounded = |time: Duration| Some(time).filter(|time| *time <= LONGEST);
        Ok(Self {
            code: wish(&wishes, "code", "a status from 200 to 599", |value| {
                value.parse().ok().filter(|code| (200..=599).contains(code))
            })?,
            delay: wish(&wishes, "delay", "milliseconds, at most 60000", |value| {
                bounded(Duration::from_millis(value.parse().ok()?))
            })?
            .unwrap_or_default(),
            retry_after: wish(&wishes, "retry-after", "seconds", |value| {
                Some(Duration::from_secs(value.parse().ok()?))
            })?,
            throttle: wish(&wishes, "throttle", "requests/seconds, for example 2/10", |value| {
                let (count, seconds) = value.split_once('/')?;
                let window = bounded(Duration::from_secs(seconds.parse().ok()?)).filter(|window| !window.is_zero());
                Some((count.parse().ok()?, window?))
            })?,
            cut: wish(&wishes, "cut", "before or body", |value| match value {
                "before" => Some(Cut::Before),
                "body" => Some(Cut::Body),
                _ => None,
            })?,
            job_fails: wish(&wishes, "job", "fail", |value| (value == "fail").then_some(()))?.is_some(),
        })
    }
}

/// What the last of the wishes with a name means; otherwise says what to write.
fn wish<T>(
    wishes: &[(String, &str)],
    name: &str,
    wanted: &str,
    read: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, String> {
    let Some((_, value)) = wishes.iter().rfind(|(known, _)| known == name) else { return Ok(None) };
    read(value).map(Some).ok_or_else(|| format!("Prefer: {name}={}: write {wanted}", value.escape_debug()))
}
