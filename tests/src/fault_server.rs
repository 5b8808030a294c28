//! A server that misbehaves by script, on raw sockets: what no well-made HTTP server would send.

use crate::virtual_time::Activity;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// One step of what the server does with a connection. After the last step it closes.
#[derive(Clone, Debug)]
pub enum Act {
    /// Reads the request's head (and remembers it).
    Read,
    /// Sends these bytes at once.
    Send(Vec<u8>),
    /// Sends these bytes one by one, with a pause between them.
    Drip(Vec<u8>, Duration),
    /// Sends these bytes again and again until the client leaves.
    Endless(Vec<u8>),
    /// The same with a pause after each.
    Again(Vec<u8>, Duration),
    /// Reads whatever comes first: the beginning of a TLS handshake, for example.
    ReadAny,
    /// Answers with this status and a JSON error that repeats the request's head.
    Echo(u16),
    /// Says nothing for long.
    Stall,
    /// Resets the connection.
    Reset,
}

/// A running server; it ends with its runtime.
#[derive(Debug)]
pub struct FaultServer {
    /// Where it listens.
    pub address: SocketAddr,
    /// What it does with its sockets.
    pub activity: Activity,
    scripts: Arc<Mutex<Vec<Vec<Act>>>>,
    requests: Arc<Mutex<Vec<String>>>,
    connections: Arc<AtomicUsize>,
}

impl FaultServer {
    /// Plays one script per connection; the last is repeated.
    ///
    /// # Errors
    /// No port of the loopback interface is free.
    pub async fn start(scripts: Vec<Vec<Act>>) -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        let connections = Arc::new(AtomicUsize::new(0));
        let scripts = Arc::new(Mutex::new(scripts));
        let left = Arc::clone(&scripts);
        let activity = Activity::default();
        let active = activity.clone();
        let accepted = Arc::clone(&connections);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                accepted.fetch_add(1, Ordering::Relaxed);
                active.happened();
                let script = {
                    let Ok(mut scripts) = left.lock() else { return };
                    match scripts.len() {
                        0 => return,
                        1 => scripts[0].clone(),
                        _ => scripts.remove(0),
                    }
                };
                let (seen, active) = (Arc::clone(&seen), active.clone());
                // A client that leaves early ends a script; that is no failure of the server.
                tokio::spawn(async move { drop(play(stream, script, seen, active).await) });
            }
        });
        Ok(Self { address, activity, scripts, requests, connections })
    }

    /// Plays this script from now on, and forgets the requests so far.
    pub fn play(&self, script: Vec<Act>) {
        if let (Ok(mut scripts), Ok(mut seen)) = (self.scripts.lock(), self.requests.lock()) {
            *scripts = vec![script];
            seen.clear();
        }
    }

    /// How many connections came.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }

    /// The heads of the requests that came.
    #[must_use]
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().map(|seen| seen.clone()).unwrap_or_default()
    }
}

async fn play(
    mut stream: TcpStream,
    script: Vec<Act>,
    seen: Arc<Mutex<Vec<String>>>,
    activity: Activity,
) -> std::io::Result<()> {
    let mut head = String::new();
    for act in script {
        match act {
            Act::Read => {
                head = read_head(&mut stream).await?;
                if let Ok(mut seen) = seen.lock() {
                    seen.push(head.clone());
                }
            }
            Act::ReadAny => drop(stream.read(&mut [0; 4096]).await?),
            Act::Send(bytes) => stream.write_all(&bytes).await?,
            Act::Drip(bytes, pause) => {
                for byte in bytes {
                    stream.write_all(&[byte]).await?;
                    activity.happened();
                    tokio::time::sleep(pause).await;
                }
            }
            Act::Endless(bytes) => loop {
                stream.write_all(&bytes).await?;
                activity.happened();
            },
            Act::Again(bytes, pause) => loop {
                stream.write_all(&bytes).await?;
                activity.happened();
                tokio::time::sleep(pause).await;
            },
            Act::Echo(status) => {
                let body = serde_json::json!({"error": {"code": "IMG.0001", "message": head}});
                let body = body.to_string();
                let text = format!(
                    "HTTP/1.1 {status} Echo\r\ncontent-type: application/json\r\nx-request-id: {}\r\ncontent-length: {}\r\n\r\n{body}",
                    head.lines().find(|line| line.to_ascii_lowercase().contains("token")).unwrap_or_default(),
                    body.len()
                );
                stream.write_all(text.as_bytes()).await?;
            }
            // Longer than any client waits; tests pass this time virtually.
            Act::Stall => tokio::time::sleep(Duration::from_secs(600)).await,
            Act::Reset => {
                stream.set_zero_linger()?;
                return Ok(());
            }
        }
        activity.happened();
    }
    stream.shutdown().await?;
    activity.happened();
    // Until the client has closed, too: a close with unread bytes would reset what was sent.
    let _ = tokio::time::timeout(Duration::from_secs(1), stream.read(&mut [0; 1024])).await;
    Ok(())
}

async fn read_head(stream: &mut TcpStream) -> std::io::Result<String> {
    let mut head = Vec::new();
    let mut buffer = [0; 4096];
    while !head.windows(4).any(|window| window == b"\r\n\r\n") {
        let length = stream.read(&mut buffer).await?;
        if length == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        head.extend_from_slice(&buffer[..length]);
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}
