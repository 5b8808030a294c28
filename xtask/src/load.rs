//! `cargo xtask load`: many calls of the real client against the service, with faults mixed in, two changes of credentials
//! and a restart of the server. Everything sent must be accounted for, and nothing may grow.

/// The arguments of `cargo xtask load`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// How many calls are made
    #[arg(long, default_value_t = 1_000_000, value_name = "N")]
    pub calls: u64,
    /// How many of them are under way at once
    #[arg(long, default_value_t = 32, value_name = "N")]
    pub concurrency: usize,
    /// The run ends after this many seconds, however many calls are left
    #[arg(long, default_value_t = 900, value_name = "S")]
    pub seconds: u64,
    /// How many seconds credentials are valid
    #[arg(long, default_value_t = 20, value_name = "S")]
    pub lifetime: u64,
}

/// Makes the calls and prints what came of them.
///
/// # Errors
/// A document that the service can't serve, a port that can't be had, or an example that can't be started.
#[cfg(feature = "figures")]
pub fn run(spec: &crate::spec::Spec, args: &Args) -> Result<std::process::ExitCode, Box<dyn std::error::Error>> {
    run::run(spec, args)
}

#[cfg(feature = "figures")]
mod run {
    use std::collections::BTreeMap;
    use std::error::Error;
    use std::io::{self, BufRead as _, BufReader};
    use std::net::SocketAddr;
    use std::process::{ExitCode, Stdio};

    use serde::Deserialize;
    use tokio::net::TcpListener;
    use tokio::task::JoinHandle;

    use super::Args;
    use crate::service::{KEY, Options, Service, TEMPORARY_KEY, TOKEN};
    use crate::spec::Spec;

    /// How often the client reports: in tenths of its calls.
    const PARTS: usize = 10;

    /// What the client says after each tenth of its calls, all numbers since its start but the latencies.
    #[derive(Debug, Clone, Deserialize)]
    struct Part {
        /// Calls that were begun and have ended.
        sent: u64,
        answered: u64,
        /// By kind, as the client tells them apart.
        failed: BTreeMap<String, u64>,
        /// How often credentials were fetched.
        fetched: u64,
        /// Resident memory, where the system tells.
        memory_kib: Option<u64>,
        /// Open descriptors, where the system tells.
        descriptors: Option<u64>,
        /// Of this part's calls, in microseconds.
        p50: u64,
        p99: u64,
        seconds: f64,
    }

    pub(super) fn run(spec: &Spec, args: &Args) -> Result<ExitCode, Box<dyn Error>> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let service = Service::new(spec, Options::default())
            .map_err(|findings| findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))?;
        let (addr, mut server) = runtime.block_on(start(&service, ([127, 0, 0, 1], 0).into()))?;
        let key = |key: crate::service::PracticeKey| {
            format!("{} {} {}", key.access, key.secret, key.security_token.unwrap_or_default())
        };
        let mut client = crate::demo::cargo()
            .args(["run", "--quiet", "--release", "--package", "ims-api", "--example", "load"])
            .env("IMS_LOAD_ENDPOINT", format!("http://{addr}"))
            .env("IMS_LOAD_CREDENTIALS", [key(KEY), key(TEMPORARY_KEY), TOKEN.to_owned()].join("\n"))
            .env("IMS_LOAD_CALLS", args.calls.to_string())
            .env("IMS_LOAD_CONCURRENCY", args.concurrency.to_string())
            .env("IMS_LOAD_SECONDS", args.seconds.to_string())
            .env("IMS_LOAD_LIFETIME", args.lifetime.to_string())
            .env("IMS_LOAD_PARTS", PARTS.to_string())
            // The server is on this machine, whatever the environment says of proxies.
            .env("NO_PROXY", "127.0.0.1")
            .stdout(Stdio::piped())
            .spawn()?;
        let mut parts: Vec<Part> = Vec::new();
        let mut restarts = 0;
        for line in BufReader::new(client.stdout.take().ok_or("the client has no output")?).lines() {
            parts.push(serde_json::from_str(&line?)?);
            if parts.len() == PARTS / 2 {
                // Every connection breaks, calls in flight with it; the new server has the old one's address.
                server.abort();
                server = runtime.block_on(async {
                    let _ = (&mut server).await;
                    start(&service, addr).await.map(|(_, server)| server)
                })?;
                restarts += 1;
            }
        }
        server.abort();
        if !client.wait()?.success() {
            return Err("the client gave up: its reason stands above".into());
        }
        Ok(report(args, &parts, restarts))
    }

    async fn start(service: &Service, addr: SocketAddr) -> io::Result<(SocketAddr, JoinHandle<io::Result<()>>)> {
        let listener = TcpListener::bind(addr).await?;
        let addr = listener.local_addr()?;
        Ok((addr, tokio::spawn(service.clone().serve(listener))))
    }

    /// Prints the parts; fails if a call is unaccounted for.
    fn report(args: &Args, parts: &[Part], restarts: u32) -> ExitCode {
        let show = |value: Option<u64>| value.map_or("-".to_owned(), |value| value.to_string());
        anstream::println!(
            "| calls | seconds | memory KiB | descriptors | p50 µs | p99 µs |\n|---|---|---|---|---|---|"
        );
        for part in parts {
            let Part { sent, seconds, memory_kib, descriptors, p50, p99, .. } = part;
            let (memory, descriptors) = (show(*memory_kib), show(*descriptors));
            anstream::println!("| {sent} | {seconds:.1} | {memory} | {descriptors} | {p50} | {p99} |");
        }
        let Some(last) = parts.last() else {
            anstream::eprintln!("error: the client reported nothing");
            return ExitCode::FAILURE;
        };
        let failed: u64 = last.failed.values().sum();
        anstream::println!("\nsent {} = answered {} + failed {failed}, of these:", last.sent, last.answered);
        for (kind, count) in &last.failed {
            anstream::println!("  {count:>8}  {kind}");
        }
        anstream::println!(
            "credentials fetched {} times, server restarted {restarts} times, {:.0} calls a second",
            last.fetched,
            last.sent as f64 / last.seconds
        );
        if last.sent != last.answered + failed {
            anstream::eprintln!("error: {} calls are unaccounted for", last.sent.abs_diff(last.answered + failed));
            return ExitCode::FAILURE;
        }
        if last.sent < args.calls {
            anstream::println!("The time was over before {} calls were made.", args.calls);
        }
        ExitCode::SUCCESS
    }
}
