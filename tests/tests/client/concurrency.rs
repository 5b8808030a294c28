//! Many calls at a time, across a refresh of the credentials and a restart of the server. What is measured is the memory and
//! the open files of a process, so the test runs itself again in one of its own.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use ims_api::credentials::{Context, Credentials, ProvideCredentials, Provided};
use ims_api::{Client, Retry};

#[test]
fn ten_thousand_calls_survive_a_refresh_and_a_restart() {
    const NAME: &str = concat!(module_path!(), "::ten_thousand_calls_survive_a_refresh_and_a_restart");
    const ALONE: &str = "IMS_TESTS_ALONE";
    if std::env::var_os(ALONE).is_none() {
        let name = NAME.split_once("::").map_or(NAME, |(_, name)| name);
        let mut alone = std::process::Command::new(std::env::current_exe().unwrap());
        let ran = alone.args(["--exact", name]).env(ALONE, "1").output().unwrap();
        let said = String::from_utf8_lossy(&ran.stdout);
        assert!(ran.status.success() && said.contains("1 passed"), "{said}{}", String::from_utf8_lossy(&ran.stderr));
        return;
    }
    const CALLS: usize = 10_000;
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let answered = Arc::new(AtomicUsize::new(0));
        let stop = Arc::new(tokio::sync::Notify::new());
        let server = tokio::spawn(serve(listener, CALLS / 2, Arc::clone(&answered), Arc::clone(&stop)));
        let source = Counted::default();
        let client = Client::builder()
            .endpoint(format!("http://{address}"))
            .project_id("p")
            .credentials(source.clone())
            .retry(Retry::default().attempts(8).budget(10_000).first_delay(Duration::from_millis(20)))
            .build()
            .unwrap();
        let mut calls = tokio::task::JoinSet::new();
        let (mut next, mut done, mut most_files, mut first) = (0, 0, 0, None);
        let mut seen = vec![false; CALLS];
        let mut restart = Some((server, stop));
        while done < CALLS {
            while calls.len() < 64 && next < CALLS {
                let (client, id) = (client.clone(), next);
                next += 1;
                calls.spawn(async move {
                    let answer = client.list_image_tags().image_id(format!("i{id}")).send().await;
                    (id, answer.map(|answer| answer.tags[0].value.clone()))
                });
            }
            let (id, value) = calls.join_next().await.unwrap().unwrap();
            assert_eq!(value.unwrap(), format!("i{id}"));
            assert!(!std::mem::replace(&mut seen[id], true), "{id} came twice");
            done += 1;
            if done == CALLS / 4 {
                let (server, stop) = restart.take().unwrap();
                stop.notify_one();
                server.await.unwrap();
                let socket = tokio::net::TcpSocket::new_v4().unwrap();
                socket.set_reuseaddr(true).unwrap();
                socket.bind(address).unwrap();
                let listener = socket.listen(1024).unwrap();
                tokio::spawn(serve(listener, CALLS / 2, Arc::clone(&answered), Arc::default()));
            }
            most_files = most_files.max(open_files());
            if done == CALLS / 10 {
                first = Some((open_files(), resident()));
            }
        }
        assert!(seen.iter().all(|seen| *seen));
        assert_eq!(source.0.load(Ordering::SeqCst), 2, "the first credentials and one refresh");
        // 64 connections at both ends, twice while a restart overlaps.
        assert!(most_files < 64 * 4 + 32, "{most_files} open files");
        // What the first tenth didn't need, the other nine tenths don't either, restart and refresh included.
        let ((files, memory), (files_at_end, memory_at_end)) = (first.unwrap(), (open_files(), resident()));
        // The restart may leave the pool with as many connections again, both ends of them here; a leak of one a call
        // would be 9,000.
        assert!(files_at_end <= files + 2 * 64, "{files} open files became {files_at_end}");
        let grown = memory_at_end.unwrap().saturating_sub(memory.unwrap());
        assert!(grown < 4 << 20, "grew by {grown} bytes over 9,000 calls");
    });
}

/// Credentials that are refused by the service after a while, and counted.
#[derive(Debug, Clone, Default)]
struct Counted(Arc<AtomicUsize>);

impl ProvideCredentials for Counted {
    fn name(&self) -> &str {
        "counted"
    }
    fn provide<'a>(&'a self, _: Context<'a>) -> Provided<'a> {
        let number = self.0.fetch_add(1, Ordering::SeqCst) + 1;
        Box::pin(async move { Credentials::token(format!("token-{number}")) })
    }
}

/// Answers each call with its own image id as a tag's value; refuses `token-1` once `half` calls were answered.
async fn serve(
    listener: tokio::net::TcpListener,
    half: usize,
    answered: Arc<AtomicUsize>,
    stop: Arc<tokio::sync::Notify>,
) {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut connections = tokio::task::JoinSet::new();
    loop {
        let mut stream = tokio::select! {
            accepted = listener.accept() => accepted.unwrap().0,
            // Drops the listener and resets every connection, as a restart does.
            () = stop.notified() => return,
        };
        let answered = Arc::clone(&answered);
        connections.spawn(async move {
            let mut buffer = [0; 2048];
            // The client sends one small request at a time, which arrives in one piece on loopback.
            while let Ok(length @ 1..) = stream.read(&mut buffer).await {
                let head = String::from_utf8_lossy(&buffer[..length]);
                let is_old = head.contains("token-1\r\n");
                let (status, body) = if is_old && answered.load(Ordering::SeqCst) >= half {
                    (401, String::new())
                } else {
                    let id = head.split('/').nth(4).unwrap_or_default();
                    answered.fetch_add(1, Ordering::SeqCst);
                    (200, format!(r#"{{"tags":[{{"key":"id","value":"{id}"}}]}}"#))
                };
                let answer = format!(
                    "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
                    body.len()
                );
                if stream.write_all(answer.as_bytes()).await.is_err() {
                    return;
                }
            }
        });
    }
}

/// The resident memory of this process in bytes.
fn resident() -> Option<usize> {
    let pages = std::fs::read_to_string("/proc/self/statm").ok()?.split(' ').nth(1)?.parse::<usize>().ok()?;
    Some(pages * 4096)
}

fn open_files() -> usize {
    std::fs::read_dir("/proc/self/fd").map_or(0, Iterator::count)
}
