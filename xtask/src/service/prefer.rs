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

/// What is preferred, and what its value is to be.
const WANTED: [(&str, &str); 6] = [
    ("code", "a status from 200 to 599"),
    ("delay", "milliseconds, at most 60000"),
    ("retry-after", "seconds"),
    ("throttle", "requests/seconds, for example 2/10"),
    ("cut", "before or body"),
    ("job", "fail"),
];

impl Prefer {
    /// Preferences of others are ignored, as RFC 7240 asks; ours must have a value that means something.
    pub(super) fn of(request: &Received) -> Result<Self, String> {
        let mut wish = Self::default();
        let headers = request.headers.iter().filter(|(name, _)| name == "prefer");
        for preference in headers.flat_map(|(_, value)| value.split(',')) {
            let preference = preference.split(';').next().unwrap_or_default();
            let (name, value) = preference.split_once('=').unwrap_or((preference, ""));
            let (name, value) = (name.trim().to_ascii_lowercase(), value.trim().trim_matches('"'));
            let Some((_, wanted)) = WANTED.iter().find(|(known, _)| *known == name) else { continue };
            if wish.set(&name, value).is_none() {
                return Err(format!("Prefer: {name}={}: write {wanted}", value.escape_debug()));
            }
        }
        Ok(wish)
    }

    /// `None` if the value means nothing.
    fn set(&mut self, name: &str, value: &str) -> Option<()> {
        match name {
            "code" => self.code = Some(value.parse().ok().filter(|code| matches!(code, 200..=599))?),
            "delay" => {
                self.delay = Some(Duration::from_millis(value.parse().ok()?)).filter(|delay| *delay <= LONGEST)?;
            }
            "retry-after" => self.retry_after = Some(Duration::from_secs(value.parse().ok()?)),
            "throttle" => {
                let (count, seconds) = value.split_once('/')?;
                let window = Duration::from_secs(seconds.parse().ok()?);
                let window = Some(window).filter(|window| !window.is_zero() && *window <= LONGEST)?;
                self.throttle = Some((count.parse().ok()?, window));
            }
            "cut" if value == "before" => self.cut = Some(Cut::Before),
            "cut" if value == "body" => self.cut = Some(Cut::Body),
            "job" if value == "fail" => self.job_fails = true,
            _ => return None,
        }
        Some(())
    }
}
