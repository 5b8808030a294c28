//! The two date forms of this cloud. Reading is `httpdate`'s; writing, which every signature does, is a few divisions.

use std::time::{Duration, SystemTime};

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
/// The last second of year 9999, where `httpdate` ends.
const LAST: Duration = Duration::from_secs(253_402_300_799);

/// `20240102T030405Z`; `None` outside the years 1970 to 9999.
pub(crate) fn basic(time: SystemTime) -> Option<String> {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).ok().filter(|since| *since <= LAST)?.as_secs();
    let (day, second) = (since / 86_400, since % 86_400);
    // The proleptic Gregorian calendar in years that begin in March, so that a leap day is the last one: from the days
    // since 1 March 0000 to the era of 400 years, the year of the era, the day of the year.
    let day = day + 719_468;
    let of_era = day % 146_097;
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let from_march = (5 * of_year + 2) / 153;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = year + day / 146_097 * 400 + u64::from(month <= 2);
    let date = year * 10_000 + month * 100 + (of_year - (153 * from_march + 2) / 5 + 1);
    Some(format!("{date:08}T{:06}Z", second / 3600 * 10_000 + second / 60 % 60 * 100 + second % 60))
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
