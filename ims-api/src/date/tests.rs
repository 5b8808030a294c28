//! Both date forms, and what isn't one.

use super::*;
use std::time::Duration;

/// The last second of year 9999.
const LAST: Duration = Duration::from_secs(253_402_300_799);

#[test]
fn both_forms_name_the_same_second() {
    for (iso, expected) in [
        ("1970-01-01T00:00:00Z", "19700101T000000Z"),
        ("2024-02-29T23:59:59.999000Z", "20240229T235959Z"),
        ("2025-12-31T12:30:01.0Z", "20251231T123001Z"),
        ("9999-12-31T23:59:59Z", "99991231T235959Z"),
    ] {
        let time = parse_iso(iso).unwrap();
        assert_eq!(basic(time).as_deref(), Some(expected), "{iso}");
    }
}

proptest::proptest! {
    /// What is written is read again.
    #[test]
    fn any_second_is_read_again(second in 0..=LAST.as_secs()) {
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(second);
        let text = basic(time).unwrap();
        let part = |from: usize, to: usize| &text[from..to];
        let iso = format!("{}-{}-{}T{}:{}:{}Z", part(0, 4), part(4, 6), part(6, 8), part(9, 11), part(11, 13), part(13, 15));
        proptest::prop_assert_eq!(parse_iso(&iso), Some(time));
    }
}

#[test]
fn other_texts_are_no_dates() {
    for text in [
        "",
        "Z",
        "2024-01-02",
        "2024-01-02T03:04:05",
        "2023-02-29T03:04:05Z",
        "2024-13-02T03:04:05Z",
        "2024-00-02T03:04:05Z",
        "2024-01-02 03:04:05Z",
        "2024-01-02T03:04:05.x",
        "2024-01-02T03:04:05+08:00",
        "２０２４-01-02T03:04:05Z",
    ] {
        assert_eq!(parse_iso(text), None, "{text}");
    }
    assert_eq!(basic(SystemTime::UNIX_EPOCH - Duration::from_secs(1)), None);
    assert_eq!(basic(SystemTime::UNIX_EPOCH + LAST + Duration::from_secs(1)), None);
}
