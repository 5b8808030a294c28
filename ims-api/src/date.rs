//! The two date forms of this cloud; the calendar itself is `httpdate`'s.

use std::io::Write as _;
use std::time::{Duration, SystemTime};

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
/// The last second of year 9999, where `httpdate` ends.
const LAST: Duration = Duration::from_secs(253_402_300_799);

/// `20240102T030405Z`; `None` outside the years 1970 to 9999.
pub(crate) fn basic(time: SystemTime) -> Option<[u8; 16]> {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    if since > LAST {
        return None;
    }
    // Sun, 06 Nov 1994 08:49:37 GMT
    let mut text = [0; 29];
    write!(text.as_mut_slice(), "{}", httpdate::HttpDate::from(time)).ok()?;
    let month = MONTHS.iter().position(|month| month.as_bytes() == &text[8..11])? + 1;
    let mut basic = *b"YYYYMMDDTHHMMSSZ";
    basic[..4].copy_from_slice(&text[12..16]);
    write!(&mut basic[4..6], "{month:02}").ok()?;
    basic[6..8].copy_from_slice(&text[5..7]);
    basic[9..11].copy_from_slice(&text[17..19]);
    basic[11..13].copy_from_slice(&text[20..22]);
    basic[13..15].copy_from_slice(&text[23..25]);
    Some(basic)
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
