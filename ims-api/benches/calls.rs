//! Client-side cost of one call against the same call by hand, in one run, interleaved: `cargo bench -p ims-api --bench calls`.
//!
//! Every round lets each contender make its block of calls, so that a machine that slows down slows all of them; a
//! ratio is taken within its round, and the median of all rounds is shown between its quartiles. Client and server are
//! processes pinned to different cores. `--smoke` makes one short round of everything; a word, for example `"20 tags"`,
//! chooses the settings that contain it; `--record` keeps the table beside this file.

#[allow(dead_code, reason = "each bench needs another part of it")]
mod rig;

use std::hint::black_box;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use hdrhistogram::Histogram;
use rig::contenders::{Contender, NAMES, PROJECT};
use rig::meter::{self, Spread};
use rig::server::{self, Server};
use rig::{Outcome, is_smoke, runtime};

const ROUNDS: usize = 15;
/// How long one contender's turn lasts, about.
const TURN: Duration = Duration::from_millis(150);
const TAGS: [usize; 3] = [2, 20, 1000];
const CONCURRENCY: [usize; 4] = [1, 8, 32, 128];

fn main() -> Outcome {
    if server::serve_if_asked()? {
        return Ok(());
    }
    meter::pin(0);
    if memory_if_asked()? {
        return Ok(());
    }
    let server = Server::start()?;
    let runtime = runtime()?;
    let contenders = NAMES.map(|(name, _)| Contender::new(name, &server.endpoint));
    let contenders = contenders.into_iter().collect::<Outcome<Vec<_>>>()?;

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
                let image = tags.map_or(server::REFUSED.to_owned(), server::image);
                runtime.block_on(compare(
                    &setting,
                    &contenders,
                    Load { image, expect: tags, concurrency },
                    &mut table,
                ))?;
            }
        }
    }
    if std::env::args().any(|argument| argument == "--record") {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/benches/calls.tsv"), table.0)?;
    }
    if is_wanted("memory") {
        memory(&server)?;
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

/// What is printed, kept to be recorded.
#[derive(Default)]
struct Table(String);

impl Table {
    fn row(&mut self, row: String) {
        println!("{row}");
        self.0.extend([&row, "\n"]);
    }
}

/// What a contender is made to do.
#[derive(Clone)]
struct Load {
    image: String,
    expect: Option<usize>,
    concurrency: usize,
}

/// What one turn cost per call.
struct Turn {
    cpu: f64,
    wall: f64,
}

async fn compare(setting: &str, contenders: &[Contender], load: Load, table: &mut Table) -> Outcome {
    let mut latencies = Vec::new();
    // Opens the connections, and says how many calls make a turn.
    let mut calls = load.concurrency;
    for contender in contenders {
        let started = Instant::now();
        turn(contender, &load, load.concurrency * 4, &Mutex::new(histogram()?)).await?;
        let each = started.elapsed().as_secs_f64() / (load.concurrency * 4) as f64;
        calls = calls.max((TURN.as_secs_f64() / each) as usize);
        latencies.push(Mutex::new(histogram()?));
    }
    let (rounds, calls) = if is_smoke() { (1, load.concurrency) } else { (ROUNDS, calls) };
    let mut turns: Vec<Vec<Turn>> = contenders.iter().map(|_| Vec::new()).collect();
    for round in 0..rounds {
        for step in 0..contenders.len() {
            // Nobody always follows the same one.
            let at = (round + step) % contenders.len();
            turns[at].push(turn(&contenders[at], &load, calls, &latencies[at]).await?);
        }
    }
    for (at, (name, base)) in NAMES.iter().enumerate() {
        let base = NAMES.iter().position(|(name, _)| name == base).unwrap_or_default();
        let ratio = |of: fn(&Turn) -> f64| {
            Spread::of(turns[at].iter().zip(&turns[base]).map(|(one, other)| of(one) / of(other)))
        };
        let latencies = latencies[at].lock().unwrap_or_else(PoisonError::into_inner);
        let quantile = |share: f64| latencies.value_at_quantile(share) as f64 / 1e3;
        table.row(format!(
            "{setting}\t{name}\t{:.1}\t{}\t{:.0}\t{}\t{:.0}\t{:.0}\t{:.0}",
            Spread::of(turns[at].iter().map(|turn| turn.cpu * 1e6)).median,
            ratio(|turn| turn.cpu),
            Spread::of(turns[at].iter().map(|turn| 1.0 / turn.wall)).median,
            ratio(|turn| 1.0 / turn.wall),
            quantile(0.5),
            quantile(0.99),
            quantile(0.999),
        ));
    }
    Ok(())
}

/// Nanoseconds up to a minute, to three digits.
fn histogram() -> Outcome<Histogram<u64>> {
    Ok(Histogram::new_with_bounds(1, 60_000_000_000, 3)?)
}

/// Makes this many calls, so many of them at once.
async fn turn(contender: &Contender, load: &Load, calls: usize, latencies: &Mutex<Histogram<u64>>) -> Outcome<Turn> {
    let left = Arc::new(AtomicUsize::new(calls));
    let (cpu, wall) = (meter::cpu(), Instant::now());
    let mut workers = tokio::task::JoinSet::new();
    for _ in 0..load.concurrency {
        let (contender, load, left) = (contender.clone(), load.clone(), Arc::clone(&left));
        workers.spawn(async move {
            let mut seen = Vec::with_capacity(calls / load.concurrency + 1);
            while left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok() {
                let started = Instant::now();
                let answer = contender.call(&load.image).await?;
                seen.push(started.elapsed());
                if answer != load.expect {
                    return Err(format!("{answer:?} tags arrived instead of {:?}", load.expect).into());
                }
            }
            Outcome::Ok(seen)
        });
    }
    let mut seen = Vec::with_capacity(load.concurrency);
    while let Some(worker) = workers.join_next().await {
        seen.push(worker??);
    }
    let per_call = |time: Duration| time.as_secs_f64() / calls as f64;
    let turn = Turn { cpu: per_call(meter::cpu().saturating_sub(cpu)), wall: per_call(wall.elapsed()) };
    let mut latencies = latencies.lock().unwrap_or_else(PoisonError::into_inner);
    for latency in seen.iter().flatten() {
        latencies.record(u64::try_from(latency.as_nanos())?)?;
    }
    Ok(turn)
}

const MEMORY: &str = "--memory";

/// The memory of a process that only calls: one process per contender, 32 calls at once.
fn memory(server: &Server) -> Outcome {
    println!("\nmemory at 32 at once, 20 tags\tbefore the client KiB\tmost KiB");
    for (name, _) in NAMES {
        let smoke = if is_smoke() { "--smoke" } else { "--bench" };
        let output = std::process::Command::new(std::env::current_exe()?)
            .args([MEMORY, name, &server.endpoint, smoke])
            .output()?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into());
        }
        print!("{name}\t{}", String::from_utf8_lossy(&output.stdout));
    }
    Ok(())
}

fn memory_if_asked() -> Outcome<bool> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, flag, name, endpoint, ..] = arguments.as_slice() else { return Ok(false) };
    if flag != MEMORY {
        return Ok(false);
    }
    let runtime = runtime()?;
    let before = meter::status_kib("VmHWM").unwrap_or_default();
    let contender = Contender::new(name, endpoint)?;
    let load = Load { image: server::image(20), expect: Some(20), concurrency: 32 };
    for _ in 0..if is_smoke() { 1 } else { 20 } {
        runtime.block_on(turn(&contender, &load, if is_smoke() { 32 } else { 1000 }, &Mutex::new(histogram()?)))?;
    }
    println!("{before}\t{}", meter::status_kib("VmHWM").unwrap_or_default());
    Ok(true)
}

/// The signature of a GET alone.
fn sign() -> Outcome {
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
