//! Many calls with faults mixed in; `cargo xtask load` starts it together with a server that obeys the header `Prefer`.
//!
//! Reads `IMS_LOAD_ENDPOINT`, `…_CREDENTIALS` (a line each: `access secret security-token`, or a token), `…_CALLS`,
//! `…_CONCURRENCY`, `…_SECONDS`, `…_LIFETIME` and `…_PARTS`. Prints a line of JSON after each part of the calls.

use std::collections::BTreeMap;
use std::env;
use std::error::Error;
use std::str::FromStr;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use hdrhistogram::Histogram;
use ims_api::credentials::{Context, Credentials, CredentialsError, ProvideCredentials, Provided};
use ims_api::{Client, Failure, Retry};
use reqwest::header::HeaderValue;

/// What goes wrong, and with which call of a thousand: the rows of the error table, slowness, broken connections.
const FAULTS: [(u64, &str); 7] = [
    (0, "code=404"),
    (100, "code=500"),
    (200, "code=503, retry-after=0"),
    (300, "delay=20"),
    (400, "cut=before"),
    (500, "cut=body"),
    (600, "code=429, retry-after=0"),
];

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let calls: u64 = number("CALLS")?;
    let (concurrency, parts): (u64, u64) = (number("CONCURRENCY")?, number("PARTS")?);
    let seconds = Duration::from_secs(number("SECONDS")?);
    let source = Rotating::new(variable("CREDENTIALS")?, Duration::from_secs(number("LIFETIME")?))?;
    let fetched = Arc::clone(&source.fetched);
    let begun = Arc::new(AtomicU64::new(0));
    let number = AtomicU64::new(0);
    let client = Client::builder()
        .endpoint(variable("ENDPOINT")?.as_str())
        .credentials(source)
        .project_id("fd73a4a14a4a4dfb9771a8475e5198ea")
        .retry(Retry::default().first_delay(Duration::from_millis(2)))
        .header_hook(move |_, headers| {
            let place = number.fetch_add(1, Ordering::Relaxed) % 1000;
            if let Some((_, fault)) = FAULTS.iter().find(|(at, _)| *at == place) {
                headers.insert("prefer", HeaderValue::from_static(fault));
            }
        })
        .build()?;

    let started = Instant::now();
    let tally = Arc::new(Mutex::new(Tally::new()?));
    for part in 1..=parts {
        let until = calls * part / parts;
        let mut workers = tokio::task::JoinSet::new();
        for _ in 0..concurrency {
            let (client, begun, tally) = (client.clone(), Arc::clone(&begun), Arc::clone(&tally));
            workers.spawn(async move {
                let next = || {
                    let more = |begun| (begun < until && started.elapsed() < seconds).then_some(begun + 1);
                    begun.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more).is_ok()
                };
                while next() {
                    let call = Instant::now();
                    let answer = client.list_image_tags().image_id("67e17426-359e-49fb-aa12-0bd1756ec240").send().await;
                    let mut tally = tally.lock().unwrap_or_else(PoisonError::into_inner);
                    tally.latencies.saturating_record(call.elapsed().as_micros().try_into().unwrap_or(u64::MAX));
                    match answer {
                        Ok(_) => tally.answered += 1,
                        Err(error) => *tally.failed.entry(kind(&error)).or_default() += 1,
                    }
                }
            });
        }
        while let Some(worker) = workers.join_next().await {
            worker?;
        }
        let mut tally = tally.lock().unwrap_or_else(PoisonError::into_inner);
        let line = serde_json::json!({
            "sent": begun.load(Ordering::Relaxed),
            "answered": tally.answered,
            "failed": tally.failed,
            "fetched": fetched.load(Ordering::Relaxed),
            "memory_kib": memory_kib(),
            "descriptors": std::fs::read_dir("/proc/self/fd").ok().map(Iterator::count),
            "p50": tally.latencies.value_at_quantile(0.5),
            "p99": tally.latencies.value_at_quantile(0.99),
            "seconds": started.elapsed().as_secs_f64(),
        });
        println!("{line}");
        tally.latencies.reset();
    }
    Ok(())
}

/// What became of the calls.
struct Tally {
    answered: u64,
    failed: BTreeMap<String, u64>,
    /// Microseconds.
    latencies: Histogram<u64>,
}

impl Tally {
    fn new() -> Result<Self, hdrhistogram::CreationError> {
        let latencies = Histogram::new_with_bounds(1, 600_000_000, 3)?;
        Ok(Self { answered: 0, failed: BTreeMap::new(), latencies })
    }
}

fn kind(error: &ims_api::Error) -> String {
    match (error.failure(), error.status()) {
        (Failure::Refused, Some(status)) => format!("refused with {status}"),
        (failure, _) => format!("{failure:?}"),
    }
}

/// Other credentials at each fetching, around and around.
#[derive(Debug)]
struct Rotating {
    all: Vec<Credentials>,
    lifetime: Duration,
    fetched: Arc<AtomicUsize>,
}

impl Rotating {
    fn new(lines: String, lifetime: Duration) -> Result<Self, CredentialsError> {
        let of_line = |line: &str| match line.split(' ').collect::<Vec<_>>()[..] {
            [access, secret, ""] => Credentials::key(access, secret),
            [access, secret, token] => Credentials::key(access, secret)?.with_security_token(token),
            _ => Credentials::token(line),
        };
        let all = lines.lines().map(of_line).collect::<Result<_, _>>()?;
        Ok(Self { all, lifetime, fetched: Arc::default() })
    }
}

impl ProvideCredentials for Rotating {
    fn name(&self) -> &'static str {
        "in turn"
    }

    fn provide<'a>(&'a self, _: Context<'a>) -> Provided<'a> {
        let at = self.fetched.fetch_add(1, Ordering::Relaxed);
        let credentials = self.all.iter().cycle().nth(at % self.all.len().max(1)).cloned();
        let credentials = credentials.map(|credentials| credentials.with_expiry(SystemTime::now() + self.lifetime));
        Box::pin(std::future::ready(credentials.ok_or_else(|| CredentialsError::not_configured("there are none"))))
    }

    fn refresh_before(&self) -> Duration {
        self.lifetime / 10
    }
}

fn memory_kib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?.trim().trim_end_matches(" kB").parse().ok()
}

fn variable(name: &str) -> Result<String, String> {
    let name = format!("IMS_LOAD_{name}");
    env::var(&name).map_err(|_| format!("{name} is not set: run `cargo xtask load`, which sets it"))
}

fn number<T: FromStr>(name: &str) -> Result<T, String> {
    variable(name)?.parse().map_err(|_| format!("IMS_LOAD_{name} is no number"))
}
