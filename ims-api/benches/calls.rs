//! Client-side cost of one call against the same call by hand, in one run, interleaved: `cargo bench -p ims-api --bench calls`.
//!
//! Every round gives each contender a turn, so that a machine that slows down slows all of them; a ratio is taken within
//! its round, and the median of all rounds is shown between its quartiles. Each turn is a process of its own, since where
//! code and data come to lie changes a call by more than the goals leave, and so is the server, on another core.
//! `--smoke` makes one short round of everything; a word, for example `"20 tags"`, chooses the settings that contain it;
//! `--rounds=60` makes more rounds; `--record` keeps the table beside this file.

#[allow(dead_code, reason = "each bench needs another part of it")]
mod rig;

use std::hint::black_box;
use std::process::Command;
use std::time::{Duration, Instant, SystemTime};

use hdrhistogram::Histogram;
use rig::contenders::{Contender, NAMES, PROJECT};
use rig::meter::{self, Spread};
use rig::server::{self, Server};
use rig::{Outcome, is_smoke, runtime};
use serde::{Deserialize, Serialize};

const ROUNDS: usize = 15;
/// How long a contender calls before its turn is measured, and then.
const WARMING: Duration = Duration::from_millis(50);
const MEASURED: Duration = Duration::from_millis(150);
const TAGS: [usize; 3] = [2, 20, 1000];
const CONCURRENCY: [usize; 4] = [1, 8, 32, 128];
/// What makes this binary a contender: its name, the server, the number of tags, and how many calls it makes at once.
const TURN: &str = "--turn";

fn main() -> Outcome {
    if server::serve_if_asked()? || turn_if_asked()? {
        return Ok(());
    }
    let server = Server::start()?;
    let mut table = Table::default();
    table.row(
        "setting\tcontender\tcpu/call µs\tcpu ratio [quartiles]\tcalls/s\tthroughput ratio\tp50 µs\tp99 µs\tp99.9 µs"
            .to_owned(),
    );
    for tags in TAGS.map(Some).into_iter().chain([None]) {
        for concurrency in CONCURRENCY {
            let what = tags.map_or("refused (404)".to_owned(), |tags| format!("{tags} tags"));
            let setting = format!("{what}, {concurrency} at once");
            if is_wanted(&setting) {
                compare(&setting, &server, tags, concurrency, &mut table)?;
            }
        }
    }
    if std::env::args().any(|argument| argument == "--record") {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/benches/calls.tsv"), table.0)?;
    }
    if is_wanted("memory") {
        println!("\nmemory at 32 at once, 20 tags\tbefore the client KiB\tmost KiB");
        for (name, _) in NAMES {
            let turn = turn(name, &server, Some(20), 32)?;
            println!("{name}\t{}\t{}", turn.before, turn.most);
        }
    }
    if is_wanted("sign") {
        sign()?;
    }
    Ok(())
}

/// Whether the command line names a part of this, or nothing at all.
fn is_wanted(setting: &str) -> bool {
    let mut names = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).peekable();
    names.peek().is_none() || names.any(|name| setting.contains(&name))
}

fn rounds() -> Outcome<usize> {
    let asked = std::env::args().find_map(|argument| argument.strip_prefix("--rounds=").map(str::to_owned));
    Ok(if is_smoke() { 1 } else { asked.map_or(Ok(ROUNDS), |rounds| rounds.parse())? })
}

/// What is printed, kept to be recorded.
#[derive(Default)]
struct Table(String);

impl Table {
    fn row(&mut self, row: String) {
        println!("{row}");
        self.0.extend([&row, "\n"]);
    }
}

/// What one turn showed: µs per call, and the process's memory in KiB before there was a client and at its most.
#[derive(Clone, Serialize, Deserialize)]
struct Turn {
    cpu: f64,
    wall: f64,
    p50: f64,
    p99: f64,
    p999: f64,
    before: u64,
    most: u64,
}

fn compare(setting: &str, server: &Server, tags: Option<usize>, concurrency: usize, table: &mut Table) -> Outcome {
    let mut turns = NAMES.map(|_| Vec::new());
    for round in 0..rounds()? {
        for step in 0..NAMES.len() {
            // Nobody always follows the same one.
            let at = (round + step) % NAMES.len();
            turns[at].push(turn(NAMES[at].0, server, tags, concurrency)?);
        }
    }
    for ((name, base), own) in NAMES.iter().zip(&turns) {
        let base = NAMES.iter().position(|(name, _)| name == base).unwrap_or_default();
        let median = |of: fn(&Turn) -> f64| Spread::of(own.iter().map(of)).median;
        let ratio =
            |of: fn(&Turn) -> f64| Spread::of(own.iter().zip(&turns[base]).map(|(one, other)| of(one) / of(other)));
        table.row(format!(
            "{setting}\t{name}\t{:.1}\t{}\t{:.0}\t{}\t{:.0}\t{:.0}\t{:.0}",
            median(|turn| turn.cpu),
            ratio(|turn| turn.cpu),
            median(|turn| 1e6 / turn.wall),
            ratio(|turn| 1.0 / turn.wall),
            median(|turn| turn.p50),
            median(|turn| turn.p99),
            median(|turn| turn.p999),
        ));
    }
    Ok(())
}

/// A contender's turn, in a process of its own.
fn turn(name: &str, server: &Server, tags: Option<usize>, concurrency: usize) -> Outcome<Turn> {
    let output = Command::new(std::env::current_exe()?)
        .args([TURN, name, &server.endpoint])
        .args([tags.map_or("none".to_owned(), |tags| tags.to_string()), concurrency.to_string()])
        .arg(if is_smoke() { "--smoke" } else { "--bench" })
        .output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// Calls if that is what this process was started for.
fn turn_if_asked() -> Outcome<bool> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, flag, name, endpoint, tags, concurrency, ..] = arguments.as_slice() else { return Ok(false) };
    if flag != TURN {
        return Ok(false);
    }
    meter::pin(0);
    let before = meter::status_kib("VmHWM").unwrap_or_default();
    let contender = Contender::new(name, endpoint)?;
    let (tags, concurrency) = (tags.parse().ok(), concurrency.parse()?);
    let [warming, measured] = [WARMING, MEASURED].map(|time| if is_smoke() { Duration::ZERO } else { time });
    let turn = runtime()?.block_on(async {
        calls(&contender, tags, concurrency, warming).await?;
        let (cpu, wall) = (meter::cpu(), Instant::now());
        let seen = calls(&contender, tags, concurrency, measured).await?;
        let (cpu, wall) = (meter::cpu().saturating_sub(cpu), wall.elapsed());
        // In nanoseconds, up to a minute, to three digits.
        let mut latencies = Histogram::<u64>::new_with_bounds(1, 60_000_000_000, 3)?;
        for latency in seen.iter().flatten() {
            latencies.record(u64::try_from(latency.as_nanos())?)?;
        }
        let per_call = |time: Duration| time.as_secs_f64() * 1e6 / latencies.len() as f64;
        let quantile = |share: f64| latencies.value_at_quantile(share) as f64 / 1e3;
        Outcome::Ok(Turn {
            cpu: per_call(cpu),
            wall: per_call(wall),
            p50: quantile(0.5),
            p99: quantile(0.99),
            p999: quantile(0.999),
            before,
            most: meter::status_kib("VmHWM").unwrap_or_default(),
        })
    });
    println!("{}", serde_json::to_string(&turn?)?);
    Ok(true)
}

/// Calls for this long, so many at once, and says how long each call took.
async fn calls(
    contender: &Contender,
    tags: Option<usize>,
    concurrency: usize,
    time: Duration,
) -> Outcome<Vec<Vec<Duration>>> {
    let image = tags.map_or(server::REFUSED.to_owned(), server::image);
    let begun = Instant::now();
    let mut workers = tokio::task::JoinSet::new();
    for _ in 0..concurrency {
        let (contender, image) = (contender.clone(), image.clone());
        workers.spawn(async move {
            let mut seen = Vec::new();
            while seen.is_empty() || begun.elapsed() < time {
                let started = Instant::now();
                let answer = contender.call(&image).await?;
                seen.push(started.elapsed());
                if answer != tags {
                    return Err(format!("{answer:?} tags arrived instead of {tags:?}").into());
                }
            }
            Outcome::Ok(seen)
        });
    }
    let mut seen = Vec::with_capacity(concurrency);
    while let Some(worker) = workers.join_next().await {
        seen.push(worker??);
    }
    Ok(seen)
}

/// The signature of a GET alone.
fn sign() -> Outcome {
    meter::pin(0);
    let url = format!("https://ims.cn-north-4.myhuaweicloud.com/v2/{PROJECT}/images/{}/tags", server::image(2));
    let mut request = reqwest::Request::new(reqwest::Method::GET, url.parse()?);
    let credentials = ims_api::credentials::Credentials::access_key("BENCHACCESSKEY000000", "BenchSecretKey")?;
    let now = SystemTime::now();
    let (rounds, times) = if is_smoke() { (1, 1) } else { (ROUNDS * 3, 20_000_u32) };
    let mut each = Vec::new();
    for _ in 0..rounds {
        let started = meter::cpu();
        for _ in 0..times {
            ims_api::sign::authorize(black_box(&mut request), black_box(&credentials), black_box(now))?;
        }
        each.push((meter::cpu() - started).as_secs_f64() * 1e9 / f64::from(times));
    }
    println!("\nsign a GET\t{} ns", Spread::of(each));
    Ok(())
}
