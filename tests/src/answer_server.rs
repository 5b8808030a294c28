//! A server that answers each request by a function: for lists, states and failures that one test decides.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Request {
    /// The method.
    pub method: String,
    /// The segments of the path, decoded here and not by the client's code.
    pub segments: Vec<String>,
    /// Path and query as sent.
    pub target: String,
    /// The body; `null` if there was none.
    pub body: Value,
}

/// What the server does with a request.
#[derive(Debug, Clone)]
pub enum Answer {
    /// A status and a body, none if empty.
    Status(u16, String),
    /// The connection ends after the request was read.
    Reset,
}

/// The running server; it ends with the test's runtime.
#[derive(Debug)]
pub struct AnswerServer {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<Request>>>,
}

type Handler = dyn FnMut(&Request) -> Answer + Send;

impl AnswerServer {
    /// Starts it on a free port of loopback.
    ///
    /// # Errors
    /// No port is free.
    pub async fn start(answer: impl FnMut(&Request) -> Answer + Send + 'static) -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let requests = Arc::new(Mutex::new(Vec::new()));
        let answer: Arc<Mutex<Handler>> = Arc::new(Mutex::new(answer));
        let recorded = Arc::clone(&requests);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&answer), Arc::clone(&recorded)));
            }
        });
        Ok(Self { address, requests })
    }

    /// The endpoint for a client.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The requests so far.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().map(|requests| requests.clone()).unwrap_or_default()
    }
}

async fn serve(
    mut stream: TcpStream,
    answer: Arc<Mutex<Handler>>,
    requests: Arc<Mutex<Vec<Request>>>,
) -> std::io::Result<()> {
    let mut bytes = Vec::new();
    loop {
        let head = loop {
            if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
                break end + 4;
            }
            if stream.read_buf(&mut bytes).await? == 0 {
                return Ok(());
            }
        };
        let text = String::from_utf8_lossy(&bytes[..head]).into_owned();
        let length = text
            .lines()
            .filter_map(|line| line.split_once(':'))
            .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
            .and_then(|(_, value)| value.trim().parse::<usize>().ok())
            .unwrap_or(0);
        while bytes.len() < head + length {
            if stream.read_buf(&mut bytes).await? == 0 {
                return Ok(());
            }
        }
        let mut first = text.split(' ').map(str::to_owned);
        let (method, target) = (first.next().unwrap_or_default(), first.next().unwrap_or_default());
        let path = target.split('?').next().unwrap_or_default();
        let request = Request {
            segments: path.split('/').skip(1).map(decode).collect(),
            body: serde_json::from_slice(&bytes[head..head + length]).unwrap_or_default(),
            method,
            target,
        };
        bytes.drain(..head + length);
        let outcome = {
            let mut answer = answer.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            answer(&request)
        };
        if let Ok(mut requests) = requests.lock() {
            requests.push(request);
        }
        let Answer::Status(status, body) = outcome else { return Ok(()) };
        let kind = if body.is_empty() { "" } else { "content-type: application/json\r\n" };
        let length = if status == 204 { String::new() } else { format!("content-length: {}\r\n", body.len()) };
        stream.write_all(format!("HTTP/1.1 {status} X\r\n{kind}{length}\r\n{body}").as_bytes()).await?;
    }
}

/// Decodes `%XX`, by no code of the client's.
#[must_use]
pub fn decode(segment: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = segment.bytes();
    while let Some(byte) = rest.next() {
        let hex = |digit: Option<u8>| digit.and_then(|digit| char::from(digit).to_digit(16));
        match byte {
            b'%' => {
                let (high, low) = (hex(rest.next()), hex(rest.next()));
                bytes.push(u8::try_from(high.unwrap_or(0) * 16 + low.unwrap_or(0)).unwrap_or(0));
            }
            other => bytes.push(other),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
