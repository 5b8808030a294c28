//! The string formats that this crate can decide; any other format accepts every string.

use std::net::{Ipv4Addr, Ipv6Addr};

/// Whether `text` has the format called `name`.
pub(super) fn accepts(name: &str, text: &str) -> bool {
    match name {
        "date" => is_date(text),
        "date-time" => is_date_time(text),
        "uuid" => is_uuid(text),
        "byte" => is_base64(text),
        "ipv4" => text.parse::<Ipv4Addr>().is_ok(),
        "ipv6" => text.parse::<Ipv6Addr>().is_ok(),
        _ => true,
    }
}

/// `2024-02-29`, RFC 3339 full-date.
fn is_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return false;
    }
    let (Some(year), Some(month), Some(day)) = (digits(&bytes[..4]), digits(&bytes[5..7]), digits(&bytes[8..])) else {
        return false;
    };
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return false,
    };
    (1..=days).contains(&day)
}

/// `2024-02-29T23:59:60.5+08:00`, RFC 3339 date-time.
fn is_date_time(text: &str) -> bool {
    let Some((date, time)) = text.split_once(['T', 't']) else {
        return false;
    };
    let Some(offset_at) = time.find(['Z', 'z', '+', '-']) else {
        return false;
    };
    let (time, offset) = time.split_at(offset_at);
    let (time, fraction) = match time.split_once('.') {
        Some((time, fraction)) => (time, Some(fraction)),
        None => (time, None),
    };
    is_date(date)
        && is_clock(time.as_bytes(), 3, 60)
        && fraction.is_none_or(|fraction| digits(fraction.as_bytes()).is_some())
        && (offset.eq_ignore_ascii_case("z") || is_clock(&offset.as_bytes()[1..], 2, 59))
}

/// `hh:mm` or `hh:mm:ss`.
fn is_clock(text: &[u8], parts: usize, last_second: u64) -> bool {
    let found: Vec<_> = text.split(|&byte| byte == b':').collect();
    found.len() == parts
        && found
            .iter()
            .zip([23, 59, last_second])
            .all(|(part, most)| part.len() == 2 && digits(part).is_some_and(|n| n <= most))
}

fn is_uuid(text: &str) -> bool {
    let parts: Vec<_> = text.split('-').collect();
    parts.len() == 5
        && parts
            .iter()
            .zip([8, 4, 4, 4, 12])
            .all(|(part, length)| part.len() == length && part.bytes().all(|b| b.is_ascii_hexdigit()))
}

fn is_base64(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    text.len().is_multiple_of(4)
        && text.len() - body.len() <= 2
        && body.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'+' || b == b'/')
}

fn digits(text: &[u8]) -> Option<u64> {
    let all = !text.is_empty() && text.iter().all(u8::is_ascii_digit);
    // Saturating: a fraction of a second may have any number of digits.
    all.then(|| {
        text.iter().fold(0_u64, |number, digit| number.saturating_mul(10).saturating_add(u64::from(digit - b'0')))
    })
}
