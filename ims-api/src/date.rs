//! The two date forms of this cloud; the calendar itself is `httpdate`'s.

use std::time::{Duration, SystemTime};

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
/// The last second of year 9999, where `httpdate` ends.
const LAST: Duration = Duration::from_secs(253_402_300_799);

/// `20240102T030405Z`; `None` outside the years 1970 to 9999.
pub(crate) fn basic(time: SystemTime) -> Option<String> {
    time.duration_since(SystemTime::UNIX_EPOCH).ok().filter(|since| *since <= LAST)?;
    // Sun, 06 Nov 1994 08:49:37 GMT
    let text = httpdate::fmt_http_date(time);
    let month = MONTHS.iter().position(|month| *month == &text[8..11])? + 1;
    let (year, day, hour, minute, second) = (&text[12..16], &text[5..7], &text[17..19], &text[20..22], &text[23..25]);
    Some(format!("{year}{month:02}{day}T{hour}{minute}{second}Z"))
}

/// `2024-01-02T03:04:05Z`, with or without a fraction (which is dropped): how IAM and the metadata service write an expiry.
pub(crate) fn parse_iso(text: &str) -> Option<SystemTime> {
    let body = text.strip_suffix('Z')?;
    let (whole, fraction) = body.split_once('.').unwrap_or((body, "0"));
    let shape = whole.bytes().enumerate().all(|(at, byte)| match at {
        4 | 7 => byte == b'-',
        10 => byte == b'T',
        13 | 16 => byte == b':',
        _ => byte.is_ascii_digit(),
    });
    let digits = !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit());
    if whole.len() != 19 || !shape || !digits {
        return None;
    }
    let month: usize = whole[5..7].parse().ok()?;
    let month = MONTHS.get(month.checked_sub(1)?)?;
    // httpdate checks the day of the week, which this form does not tell.
    DAYS.iter().find_map(|weekday| {
        let (day, year, time) = (&whole[8..10], &whole[..4], &whole[11..]);
        httpdate::parse_http_date(&format!("{weekday}, {day} {month} {year} {time} GMT")).ok()
    })
}

#[cfg(test)]
mod tests;
