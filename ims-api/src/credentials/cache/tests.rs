//! The cache under a clock of its own: callers, refreshes, failures, expiry.

use super::*;
use std::collections::VecDeque;
use std::sync::Mutex as Locked;
use std::sync::atomic::{AtomicUsize, Ordering};

#[tokio::test(start_paused = true)]
async fn a_thousand_callers_cause_one_refresh() {
    let (cache, source, _) = cache([Answer::Slowly(HOUR)]);
    let http = reqwest::Client::new();
    let calls: Vec<_> = (0..1000)
        .map(|_| {
            let (cache, http) = (cache.clone(), http.clone());
            tokio::spawn(async move { cache.get(&http).await.unwrap() })
        })
        .collect();
    let mut all = Vec::new();
    for call in calls {
        all.push(call.await.unwrap());
    }
    assert!(all.iter().all(|one| Arc::ptr_eq(one, &all[0])));
    assert_eq!(source.asked(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_thousand_callers_share_one_failure_and_the_next_asks_again() {
    let (cache, source, _) = cache([Answer::SlowlyFailing, Answer::Valid(HOUR)]);
    let http = reqwest::Client::new();
    let calls: Vec<_> = (0..1000)
        .map(|_| {
            let (cache, http) = (cache.clone(), http.clone());
            tokio::spawn(async move { cache.get(&http).await.is_err() })
        })
        .collect();
    for call in calls {
        assert!(call.await.unwrap());
    }
    assert_eq!(source.asked(), 1);
    assert!(cache.get(&http).await.is_ok());
    assert_eq!(source.asked(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_dropped_leader_leaves_the_others_a_working_cache() {
    let (cache, source, _) = cache([Answer::Never, Answer::Valid(HOUR)]);
    let http = reqwest::Client::new();
    let leader = tokio::spawn({
        let (cache, http) = (cache.clone(), http.clone());
        async move { cache.get(&http).await }
    });
    tokio::task::yield_now().await;
    let follower = tokio::spawn({
        let (cache, http) = (cache.clone(), http.clone());
        async move { cache.get(&http).await.is_ok() }
    });
    tokio::task::yield_now().await;
    leader.abort();
    assert!(follower.await.unwrap());
    assert_eq!(source.asked(), 2);
}

#[tokio::test(start_paused = true)]
async fn near_the_expiry_calls_use_the_old_ones_while_one_refresh_runs() {
    let (cache, source, clock) = cache([Answer::Valid(HOUR), Answer::Slowly(2 * HOUR)]);
    let http = reqwest::Client::new();
    let old = cache.get(&http).await.unwrap();
    clock.set(HOUR - MINUTE);
    for _ in 0..100 {
        assert!(Arc::ptr_eq(&old, &cache.get(&http).await.unwrap()));
    }
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert!(!Arc::ptr_eq(&old, &cache.get(&http).await.unwrap()));
    assert_eq!(source.asked(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_failing_refresh_fails_no_call_before_the_expiry() {
    let (cache, source, clock) = cache([Answer::Valid(HOUR), Answer::Failing, Answer::Failing, Answer::Failing]);
    let http = reqwest::Client::new();
    let old = cache.get(&http).await.unwrap();
    clock.set(HOUR - MINUTE);
    for (after, asked) in [(0, 2), (29, 2), (30, 3), (59, 3)] {
        clock.set(HOUR - MINUTE + Duration::from_secs(after));
        for _ in 0..10 {
            assert!(Arc::ptr_eq(&old, &cache.get(&http).await.unwrap()));
            tokio::task::yield_now().await;
        }
        assert_eq!(source.asked(), asked, "{after} s into the last minute");
    }
    clock.set(HOUR);
    assert!(cache.get(&http).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn refused_credentials_are_dropped_once() {
    let (cache, source, _) = cache([Answer::Valid(HOUR), Answer::Valid(HOUR)]);
    let http = reqwest::Client::new();
    let refused = cache.get(&http).await.unwrap();
    assert!(cache.renew(&refused));
    let renewed = cache.get(&http).await.unwrap();
    // A second call that was refused with the same old ones doesn't throw the new ones away.
    assert!(cache.renew(&refused));
    assert!(Arc::ptr_eq(&renewed, &cache.get(&http).await.unwrap()));
    assert_eq!(source.asked(), 2);
}

#[tokio::test(start_paused = true)]
async fn credentials_that_come_expired_and_sources_that_hang_are_errors() {
    for (answer, expected) in
        [(Answer::Valid(Duration::ZERO), "have expired already"), (Answer::Never, "no answer within 60 s")]
    {
        let (cache, ..) = cache([answer]);
        let error = cache.get(&reqwest::Client::new()).await.unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
    }
}

#[tokio::test]
async fn given_credentials_are_shared_and_cannot_be_renewed() {
    let cache = Cached::fixed(Credentials::token("TOKEN").unwrap());
    let http = reqwest::Client::new();
    let first = cache.get(&http).await.unwrap();
    assert!(!cache.renew(&first));
    assert!(Arc::ptr_eq(&first, &cache.get(&http).await.unwrap()));
    assert!(!format!("{cache:?}").contains("TOKEN"));
}

// ---- below the cases

const HOUR: Duration = Duration::from_secs(3600);
const MINUTE: Duration = Duration::from_secs(60);

#[derive(Debug)]
enum Answer {
    /// Valid until this long after the start.
    Valid(Duration),
    /// The same, a second later.
    Slowly(Duration),
    Failing,
    SlowlyFailing,
    Never,
}

#[derive(Debug)]
struct Script {
    answers: Locked<VecDeque<Answer>>,
    asked: AtomicUsize,
}

impl Script {
    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

impl ProvideCredentials for Script {
    fn name(&self) -> &'static str {
        "script"
    }

    fn provide<'a>(&'a self, _context: Context<'a>) -> Provided<'a> {
        Box::pin(async {
            self.asked.fetch_add(1, Ordering::SeqCst);
            let answer = self.answers.lock().unwrap().pop_front().unwrap_or(Answer::Failing);
            if matches!(answer, Answer::Slowly(_) | Answer::SlowlyFailing) {
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            match answer {
                Answer::Valid(until) | Answer::Slowly(until) => {
                    Ok(Credentials::token("TOKEN")?.with_expiry(SystemTime::UNIX_EPOCH + until))
                }
                Answer::Failing | Answer::SlowlyFailing => Err(CredentialsError::invalid("failed")),
                Answer::Never => std::future::pending().await,
            }
        })
    }
}

/// The time since the start, set by hand.
struct Hands(Arc<Locked<Duration>>);

impl Hands {
    fn set(&self, since_start: Duration) {
        *self.0.lock().unwrap() = since_start;
    }
}

fn cache<const N: usize>(answers: [Answer; N]) -> (Cached, Arc<Script>, Hands) {
    let source = Arc::new(Script { answers: Locked::new(answers.into()), asked: AtomicUsize::new(0) });
    let time = Arc::new(Locked::new(Duration::ZERO));
    let read = Arc::clone(&time);
    let clock: Clock = Arc::new(move || SystemTime::UNIX_EPOCH + *read.lock().unwrap());
    (Cached::with_clock(source.clone(), clock), source, Hands(time))
}
