//! The one HTTP server of the tests, on real sockets: it keeps every request, and answers as the test says, well or in ways
//! that no well-made server would.

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::virtual_time::Activity;

/// A request as it came.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// The method.
    pub method: String,
    /// Path and query as sent.
    pub target: String,
    /// The headers, their names in lower case, in the order in which they came.
    pub headers: Vec<(String, String)>,
    /// The request line and the headers as sent.
    pub head: String,
    /// The body as sent.
    pub content: Vec<u8>,
    /// The body read as JSON; `null` if it isn't.
    pub body: Value,
}

impl Request {
    /// The segments of the path, decoded here and not by the client's code.
    #[must_use]
    pub fn segments(&self) -> Vec<String> {
        let path = self.target.split('?').next().unwrap_or_default();
        path.split('/').skip(1).map(decode).collect()
    }

    /// The first header of this name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The first request among the bytes and its length, once all of it has come.
    fn read(bytes: &[u8]) -> Option<(Self, usize)> {
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let mut first = head.split(' ').map(str::to_owned);
        let headers = head.lines().skip(1).filter_map(|line| line.split_once(':'));
        let headers = headers.map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned())).collect();
        let (method, target) = (first.next()?, first.next()?);
        let mut request = Self { method, target, headers, head, ..Self::default() };
        let length = request.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
        request.content = bytes.get(end..end + length)?.to_vec();
        request.body = serde_json::from_slice(&request.content).unwrap_or_default();
        Some((request, end + length))
    }
}

/// One step of what the server does with a connection.
#[derive(Clone, Debug)]
pub enum Act {
    /// Reads a whole request and keeps it.
    Read,
    /// Reads whatever comes first: the beginning of a TLS handshake, for example.
    ReadAny,
    /// Answers with a status and a JSON body, or without any if it is empty.
    Answer(u16, String),
    /// Answers with this status and a JSON error that repeats the request's head.
    Echo(u16),
    /// Sends these bytes at once.
    Send(Vec<u8>),
    /// Sends these bytes one by one, with a pause after each.
    Drip(Vec<u8>, Duration),
    /// Sends these bytes again and again until the client leaves.
    Endless(Vec<u8>),
    /// The same with a pause after each time.
    Again(Vec<u8>, Duration),
    /// Says nothing for longer than any client waits; tests pass this time virtually.
    Stall,
    /// Resets the connection.
    Reset,
    /// As a proxy does: lets the client through to this address, whatever host it asked for.
    Tunnel(SocketAddr),
}

/// What decides on the acts.
enum Script {
    /// One act for each request, of as many as a connection carries.
    Requests(Box<dyn FnMut(&Request) -> Act + Send>),
    /// All acts of each connection; the last are repeated.
    Connections(VecDeque<Vec<Act>>),
}

/// A running server; it ends with its runtime.
#[derive(Clone)]
pub struct Server {
    /// Where it listens.
    pub address: SocketAddr,
    /// What it does with its sockets.
    pub activity: Activity,
    script: Arc<Mutex<Script>>,
    requests: Arc<Mutex<Vec<Request>>>,
    connections: Arc<AtomicUsize>,
}

impl Server {
    /// Answers each request by a function. An act other than [`Act::Answer`] ends the connection.
    ///
    /// # Errors
    /// No port of the loopback interface is free.
    pub async fn start(answer: impl FnMut(&Request) -> Act + Send + 'static) -> io::Result<Self> {
        Self::with(Script::Requests(Box::new(answer))).await
    }

    /// Gives these answers one after the other, the last repeated.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub async fn in_turn(acts: Vec<Act>) -> io::Result<Self> {
        let mut left = acts.into_iter();
        let mut last = Act::Reset;
        Self::start(move |_| {
            last = left.next().unwrap_or_else(|| last.clone());
            last.clone()
        })
        .await
    }

    /// Plays one script per connection and then closes it; the last script is repeated.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub async fn scripted(scripts: Vec<Vec<Act>>) -> io::Result<Self> {
        Self::with(Script::Connections(scripts.into())).await
    }

    async fn with(script: Script) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let server = Self {
            address: listener.local_addr()?,
            activity: Activity::default(),
            script: Arc::new(Mutex::new(script)),
            requests: Arc::default(),
            connections: Arc::default(),
        };
        let running = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                running.connections.fetch_add(1, Ordering::Relaxed);
                running.activity.happened();
                let connection = Connection { stream, bytes: Vec::new(), last: Request::default() };
                let server = running.clone();
                // A client that leaves early ends a script; that isn't a failure of the server.
                tokio::spawn(async move { drop(server.serve(connection).await) });
            }
        });
        Ok(server)
    }

    /// Answers every request so from now on.
    pub fn answer(&self, status: u16, body: impl Into<String>) {
        let act = Act::Answer(status, body.into());
        *locked(&self.script) = Script::Requests(Box::new(move |_| act.clone()));
    }

    /// Plays this script from now on, and forgets the requests so far.
    pub fn play(&self, script: Vec<Act>) {
        *locked(&self.script) = Script::Connections([script].into());
        locked(&self.requests).clear();
    }

    /// The endpoint for a client.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How many connections came.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }

    /// The requests so far.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        locked(&self.requests).clone()
    }

    async fn serve(&self, mut connection: Connection) -> io::Result<()> {
        let acts = match &mut *locked(&self.script) {
            Script::Requests(_) => None,
            Script::Connections(scripts) if scripts.len() > 1 => scripts.pop_front(),
            Script::Connections(scripts) => Some(scripts.front().cloned().unwrap_or_default()),
        };
        if let Some(acts) = acts {
            for act in acts {
                self.perform(act, &mut connection).await?;
            }
        } else {
            loop {
                self.perform(Act::Read, &mut connection).await?;
                let act = match &mut *locked(&self.script) {
                    Script::Requests(answer) => answer(&connection.last),
                    Script::Connections(_) => return Ok(()),
                };
                let keep = matches!(act, Act::Answer(..));
                self.perform(act, &mut connection).await?;
                if !keep {
                    break;
                }
            }
        }
        connection.stream.shutdown().await?;
        self.activity.happened();
        // Until the client has closed, too: a close with unread bytes would reset what was sent.
        let _ = tokio::time::timeout(Duration::from_secs(1), connection.stream.read(&mut [0; 1024])).await;
        Ok(())
    }

    async fn perform(&self, act: Act, connection: &mut Connection) -> io::Result<()> {
        let stream = &mut connection.stream;
        match act {
            Act::Read => {
                connection.read().await?;
                locked(&self.requests).push(connection.last.clone());
            }
            Act::ReadAny => drop(stream.read(&mut [0; 4096]).await?),
            Act::Answer(status, body) => stream.write_all(answer(status, "", &body).as_bytes()).await?,
            Act::Echo(status) => {
                let head = &connection.last.head;
                let token = head.lines().find(|line| line.to_ascii_lowercase().contains("token")).unwrap_or_default();
                let body = json!({"error": {"code": "IMG.0001", "message": head}}).to_string();
                stream.write_all(answer(status, &format!("x-request-id: {token}\r\n"), &body).as_bytes()).await?;
            }
            Act::Send(bytes) => stream.write_all(&bytes).await?,
            Act::Drip(bytes, pause) => {
                for byte in bytes {
                    stream.write_all(&[byte]).await?;
                    self.activity.happened();
                    tokio::time::sleep(pause).await;
                }
            }
            Act::Endless(bytes) => loop {
                stream.write_all(&bytes).await?;
                self.activity.happened();
            },
            Act::Again(bytes, pause) => loop {
                stream.write_all(&bytes).await?;
                self.activity.happened();
                tokio::time::sleep(pause).await;
            },
            Act::Stall => tokio::time::sleep(Duration::from_secs(600)).await,
            Act::Reset => {
                stream.set_zero_linger()?;
                return Err(io::ErrorKind::ConnectionReset.into());
            }
            Act::Tunnel(target) => {
                let mut target = TcpStream::connect(target).await?;
                stream.write_all(b"HTTP/1.1 200 Connected\r\n\r\n").await?;
                tokio::io::copy_bidirectional(stream, &mut target).await?;
            }
        }
        self.activity.happened();
        Ok(())
    }
}

struct Connection {
    stream: TcpStream,
    /// What came and isn't read yet.
    bytes: Vec<u8>,
    /// The last request that was read.
    last: Request,
}

impl Connection {
    async fn read(&mut self) -> io::Result<()> {
        loop {
            if let Some((request, length)) = Request::read(&self.bytes) {
                self.bytes.drain(..length);
                self.last = request;
                return Ok(());
            }
            if self.stream.read_buf(&mut self.bytes).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
    }
}

/// The text of an answer; a status alone if the body is empty.
#[must_use]
pub fn answer(status: u16, headers: &str, body: &str) -> String {
    let kind = if body.is_empty() { "" } else { "content-type: application/json\r\n" };
    let length = if status == 204 { String::new() } else { format!("content-length: {}\r\n", body.len()) };
    format!("HTTP/1.1 {status} Scripted\r\n{headers}{kind}{length}\r\n{body}")
}

/// Decodes `%XX`, by no code of the client's.
#[must_use]
pub fn decode(segment: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = segment.bytes();
    while let Some(byte) = rest.next() {
        let mut digit = || rest.next().and_then(|digit| char::from(digit).to_digit(16)).unwrap_or(0);
        bytes.push(if byte == b'%' { u8::try_from(digit() * 16 + digit()).unwrap_or(0) } else { byte });
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
