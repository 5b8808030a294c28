//! A server that keeps what really came over its socket and answers what the test says.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What a client sent.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// Method and target, without the version.
    pub line: String,
    /// The headers in lower case, sorted.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

/// What the server answers.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The JSON body, if there is any.
    pub body: Option<String>,
}

/// A running server; it ends with its runtime.
#[derive(Debug)]
pub struct Wire {
    /// Where it listens.
    pub address: SocketAddr,
    state: Arc<Mutex<(Answer, Request)>>,
}

impl Wire {
    /// Starts on a free port of the loopback interface.
    ///
    /// # Errors
    /// No port is free.
    pub async fn start() -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let state = Arc::new(Mutex::new((Answer::default(), Request::default())));
        let shared = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let shared = Arc::clone(&shared);
                // A client that closes its connection ends it; that is no failure of the server.
                tokio::spawn(async move { drop(serve(stream, &shared).await) });
            }
        });
        Ok(Self { address, state })
    }

    /// Says what the next requests are answered.
    pub fn answer(&self, answer: Answer) {
        if let Ok(mut state) = self.state.lock() {
            state.0 = answer;
        }
    }

    /// The last request.
    #[must_use]
    pub fn seen(&self) -> Request {
        self.state.lock().map(|state| state.1.clone()).unwrap_or_default()
    }
}

async fn serve(mut stream: TcpStream, state: &Mutex<(Answer, Request)>) -> std::io::Result<()> {
    let mut bytes = Vec::new();
    loop {
        let (request, length) = loop {
            if let Some(complete) = complete(&bytes) {
                break complete;
            }
            if stream.read_buf(&mut bytes).await? == 0 {
                return Ok(());
            }
        };
        bytes.drain(..length);
        let answer = match state.lock() {
            Ok(mut state) => {
                state.1 = request;
                state.0.clone()
            }
            Err(_) => return Ok(()),
        };
        let head = format!("HTTP/1.1 {} Scripted\r\n", answer.status);
        let rest = match answer.body {
            Some(body) => format!("content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}", body.len()),
            None if answer.status == 204 => "\r\n".to_owned(),
            None => "content-length: 0\r\n\r\n".to_owned(),
        };
        stream.write_all((head + &rest).as_bytes()).await?;
    }
}

/// The first request among the bytes and its length, once all of it has come.
fn complete(bytes: &[u8]) -> Option<(Request, usize)> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = head.lines();
    let line = lines.next()?.trim_end_matches(" HTTP/1.1").to_owned();
    let mut headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    headers.sort();
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length: usize = length.and_then(|(_, value)| value.parse().ok()).unwrap_or_default();
    let body = bytes.get(end + 4..end + 4 + length)?;
    Some((Request { line, headers, body: String::from_utf8_lossy(body).into_owned() }, end + 4 + length))
}
