//! The same calls by other people's clients, each in a process of its own, one after the other on the same core against the
//! same server: the official Python SDK, and what openapi-generator's `rust` makes of the same document.
//!
//! `cargo bench -p ims-api --bench peers`; what isn't installed is skipped, and [`INSTALL`] says how to get it. `IMS_PEERS`
//! names another Python that has them; `--record` keeps the table beside this file.

#[allow(dead_code, reason = "each bench needs another part of it")]
mod rig;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use rig::contenders::{Contender, PROJECT};
use rig::meter::{self, Spread};
use rig::server::{self, Server};
use rig::{Outcome, is_smoke, runtime};

const INSTALL: &str =
    "python3 -m venv target/peers && target/peers/bin/pip install huaweicloudsdkims openapi-generator-cli";
const ROUNDS: usize = 3;
const CALLS: usize = 10_000;
const TAGS: usize = 20;
/// What makes this binary a contender.
const OURS: &str = "--ours";

/// A program that makes the calls, and the name of ours that authorizes in the same way.
struct Peer {
    name: &'static str,
    ours: &'static str,
    command: Vec<PathBuf>,
}

fn main() -> Outcome {
    if server::serve_if_asked()? || call_if_asked()? {
        return Ok(());
    }
    let mut peers = Vec::new();
    for ours in ["ims-api, AK/SK", "ims-api, token"] {
        peers.push(Peer { name: ours, ours, command: vec![std::env::current_exe()?, OURS.into(), ours.into()] });
    }
    if is_smoke() {
        println!("SKIPPED: other people's clients, in a smoke run");
    } else {
        peers.extend(sdk());
        peers.extend(generated()?);
    }
    meter::pin(0);
    let server = Server::start()?;
    let mut table = "contender\tat once\tcalls/s\tours ÷ theirs\tcpu/call µs\tmost MB\n".to_owned();
    let (rounds, calls) = if is_smoke() { (1, 64) } else { (ROUNDS, CALLS) };
    for concurrency in [1, 32] {
        let mut seen: Vec<Vec<Turn>> = peers.iter().map(|_| Vec::new()).collect();
        for _ in 0..rounds {
            for (peer, seen) in peers.iter().zip(&mut seen) {
                seen.push(turn(&peer.command, &server.endpoint, calls, concurrency)?);
            }
        }
        for (peer, turns) in peers.iter().zip(&seen) {
            let ours = peers.iter().position(|known| known.name == peer.ours).unwrap_or_default();
            let ratio = Spread::of(turns.iter().zip(&seen[ours]).map(|(theirs, ours)| theirs.seconds / ours.seconds));
            let median = |of: fn(&Turn) -> f64| Spread::of(turns.iter().map(of)).median;
            table += &format!(
                "{}\t{concurrency}\t{:.0}\t{ratio}\t{:.0}\t{:.1}\n",
                peer.name,
                calls as f64 / median(|turn| turn.seconds),
                median(|turn| turn.cpu) * 1e6 / calls as f64,
                median(|turn| turn.kib) * 1024.0 / 1e6,
            );
        }
    }
    print!("{table}");
    if std::env::args().any(|argument| argument == "--record") {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/benches/peers.tsv"), table)?;
    }
    Ok(())
}

/// What one program said of its calls.
struct Turn {
    seconds: f64,
    cpu: f64,
    kib: f64,
}

fn turn(command: &[PathBuf], endpoint: &str, calls: usize, concurrency: usize) -> Outcome<Turn> {
    let image = server::image(TAGS);
    let output = Command::new(&command[0])
        .args(&command[1..])
        .args([endpoint, PROJECT, &image, &TAGS.to_string(), &calls.to_string(), &concurrency.to_string()])
        // The server is on this machine, whatever the environment says of proxies.
        .env("NO_PROXY", "127.0.0.1")
        .output()?;
    if !output.status.success() {
        return Err(format!("{}: {}", command[0].display(), String::from_utf8_lossy(&output.stderr)).into());
    }
    let said = String::from_utf8(output.stdout)?;
    let numbers = said.trim().split('\t').map(str::parse).collect::<Result<Vec<f64>, _>>()?;
    let [seconds, cpu, kib] = numbers[..] else { return Err(format!("`{said}` is no measurement").into()) };
    Ok(Turn { seconds, cpu, kib })
}

/// Makes the calls if that is what this process was started for.
fn call_if_asked() -> Outcome<bool> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [flag, name, endpoint, _, image, tags, calls, concurrency] = &arguments[..] else { return Ok(false) };
    if flag != OURS {
        return Ok(false);
    }
    let (tags, calls, concurrency): (usize, usize, usize) = (tags.parse()?, calls.parse()?, concurrency.parse()?);
    let contender = Contender::new(name, endpoint)?;
    let worker = |count: usize| {
        let (contender, image) = (contender.clone(), image.clone());
        async move {
            for _ in 0..count {
                if contender.call(&image).await? != Some(tags) {
                    return Err("another number of tags arrived".into());
                }
            }
            Outcome::Ok(())
        }
    };
    runtime()?.block_on(async {
        worker(1).await?;
        let (started, cpu) = (Instant::now(), meter::cpu());
        let mut workers = tokio::task::JoinSet::new();
        for _ in 0..concurrency {
            workers.spawn(worker(calls / concurrency));
        }
        while let Some(done) = workers.join_next().await {
            done??;
        }
        let (seconds, cpu) = (started.elapsed().as_secs_f64(), (meter::cpu() - cpu).as_secs_f64());
        println!("{seconds}\t{cpu}\t{}", meter::status_kib("VmHWM").unwrap_or_default());
        Ok(true)
    })
}

fn sdk() -> Option<Peer> {
    let python = python();
    let works = Command::new(&python).args(["-c", "import huaweicloudsdkims"]).output();
    if !works.is_ok_and(|output| output.status.success()) {
        println!("SKIPPED: the official Python SDK ({INSTALL})");
        return None;
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers/sdk.py");
    Some(Peer { name: "the official Python SDK, AK/SK", ours: "ims-api, AK/SK", command: vec![python, script] })
}

/// Generates a crate from the document and builds it with our program on top.
fn generated() -> Outcome<Option<Peer>> {
    let generator = python().with_file_name("openapi-generator-cli");
    if !generator.exists() || Command::new("java").arg("-version").output().is_err() {
        println!("SKIPPED: openapi-generator's rust (needs java; {INSTALL})");
        return Ok(None);
    }
    let home = root().join("target/peers-bench");
    let started = Instant::now();
    let output = Command::new(&generator)
        .args(["generate", "--generator-name", "rust", "--additional-properties", "packageName=ims_peer"])
        .arg("--input-spec")
        .arg(root().join("openapi/ims.yaml"))
        .arg("--output")
        .arg(&home)
        .output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    println!("openapi-generator took {:.1} s to generate the crate", started.elapsed().as_secs_f64());
    let manifest = std::fs::read_to_string(home.join("Cargo.toml"))?;
    let tokio = "\n[dependencies.tokio]\nversion = \"1\"\nfeatures = [\"macros\", \"rt\"]\n\n[workspace]\n";
    std::fs::write(home.join("Cargo.toml"), manifest + tokio)?;
    // The same versions of what both need.
    std::fs::copy(root().join("Cargo.lock"), home.join("Cargo.lock"))?;
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers/generated.rs");
    std::fs::copy(program, home.join("src/main.rs"))?;
    let status = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--release", "--no-default-features", "--features", "rustls"])
        .env("CARGO_TARGET_DIR", home.join("target"))
        // Its warnings are its author's.
        .env("RUSTFLAGS", "-Awarnings")
        .current_dir(&home)
        .status()?;
    if !status.success() {
        return Err("openapi-generator's crate doesn't build: its reason stands above".into());
    }
    let command = vec![home.join("target/release/ims_peer")];
    Ok(Some(Peer { name: "openapi-generator's rust, token", ours: "ims-api, token", command }))
}

fn python() -> PathBuf {
    std::env::var_os("IMS_PEERS").map_or_else(|| root().join("target/peers/bin/python"), PathBuf::from)
}

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}
