//! The two date forms of this cloud, both of RFC 3339.

use std::fmt::Write;
use std::time::SystemTime;

/// `20240102T030405Z`; `None` outside the years 1970 to 9999.
pub(crate) fn basic(time: SystemTime) -> Option<String> {
    // Before 1970 `humantime` panics.
    time.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    let mut text = String::with_capacity("2024-01-02T03:04:05Z".len());
    write!(text, "{}", humantime::format_rfc3339_seconds(time)).ok()?;
    text.retain(|character| !matches!(character, '-' | ':'));
    Some(text)
}

/// `2024-01-02T03:04:05Z`, with or without a fraction: how IAM and the metadata service write an expiry.
pub(crate) fn parse_iso(text: &str) -> Option<SystemTime> {
    humantime::parse_rfc3339(text).ok()
}

#[cfg(test)]
mod tests;
