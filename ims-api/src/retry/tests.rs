//! Waits, budget and `Retry-After`.

use super::*;

#[test]
fn retry_after_in_all_forms() {
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777); // Sun, 06 Nov 1994 08:49:37 GMT
    for (value, expected) in [
        ("0", Some(0)),
        (" 7 ", Some(7)),
        ("99999999999999999999999", Some(u64::MAX)),
        ("Sun, 06 Nov 1994 08:49:47 GMT", Some(10)),
        ("Sunday, 06-Nov-94 08:49:47 GMT", Some(10)),
        ("Sun Nov  6 08:49:47 1994", Some(10)),
        ("Sun, 06 Nov 1994 08:49:27 GMT", Some(0)),
        ("-1", None),
        ("1.5", None),
        ("soon", None),
        ("", None),
    ] {
        let expected = expected.map(Duration::from_secs);
        assert_eq!(retry_after(value, now), expected, "{value}");
    }
}

proptest::proptest! {
    /// Whatever a server writes is a wait or none, never a panic; digits are always a wait.
    #[test]
    fn any_retry_after_is_a_wait_or_none(value in ".*", digits in "[0-9]{1,40}") {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
        let _ = retry_after(&value, now);
        proptest::prop_assert!(retry_after(&digits, now).is_some());
    }
}

#[test]
fn the_budget_ends_and_returns() {
    let policy = Retry::default().attempts(u32::MAX).budget(1).into_policy();
    let mut backoff = None;
    assert!(policy.next(None, &mut backoff, None).is_some());
    assert!(policy.next(None, &mut backoff, None).is_none());
    for _ in 0..COST / REFUND {
        policy.succeeded();
    }
    assert!(policy.next(None, &mut backoff, None).is_some());
}

#[test]
fn waits_stay_within_their_bounds() {
    let policy = Retry::default().attempts(8).into_policy();
    let mut backoff = None;
    let mut bound = Duration::from_millis(200);
    for _ in 0..7 {
        assert!(policy.next(None, &mut backoff, None).unwrap() <= bound);
        bound = (bound * 2).min(Duration::from_secs(10));
    }
    assert_eq!(policy.next(None, &mut backoff, None), None);
}
