//! The server that every contender calls: fixed answers over loopback, in a process of its own on a core of its own.

use std::convert::Infallible;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};

use bytes::Bytes;
use http_body_util::Full;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, body::Incoming};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

use super::{Outcome, meter, runtime};

/// What makes this binary the server.
const FLAG: &str = "--server";

/// The image whose answer is a refusal with the service's own error body.
pub(crate) const REFUSED: &str = "unknown";

/// The image that has this many tags.
pub(crate) fn image(tags: usize) -> String {
    format!("image-{tags}")
}

/// The server's process; it ends with this value.
pub(crate) struct Server {
    process: Child,
    /// Its address.
    pub(crate) endpoint: String,
}

impl Server {
    /// Starts it and waits until it listens.
    pub(crate) fn start() -> Outcome<Self> {
        let mut process =
            Command::new(std::env::current_exe()?).arg(FLAG).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let mut endpoint = String::new();
        BufReader::new(process.stdout.take().ok_or("the server has no output")?).read_line(&mut endpoint)?;
        Ok(Self { process, endpoint: endpoint.trim().to_owned() })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill().and_then(|()| self.process.wait().map(|_| ()));
    }
}

/// Serves if that is what this process was started for.
pub(crate) fn serve_if_asked() -> Outcome<bool> {
    if !std::env::args().any(|argument| argument == FLAG) {
        return Ok(false);
    }
    meter::pin(1);
    // Whoever started it is gone once its input ends.
    std::thread::spawn(|| {
        let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
        std::process::exit(0);
    });
    runtime()?.block_on(serve())?;
    Ok(true)
}

async fn serve() -> Outcome {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    println!("http://{}", listener.local_addr()?);
    std::io::stdout().flush()?;
    let answers = [2, 20, 1000].map(|tags| (image(tags), body(tags)));
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let answers = answers.clone();
        let service = service_fn(move |request| {
            let answer = answer(&answers, &request);
            async move { Ok::<_, Infallible>(answer) }
        });
        tokio::spawn(async move { http1::Builder::new().serve_connection(TokioIo::new(stream), service).await });
    }
}

fn answer(answers: &[(String, Bytes)], request: &Request<Incoming>) -> Response<Full<Bytes>> {
    let image = request.uri().path().split('/').nth(4).unwrap_or_default();
    let found = answers.iter().find(|(name, _)| name == image);
    let (status, body) = match found {
        Some((_, body)) => (200, body.clone()),
        None => (404, Bytes::from_static(br#"{"error":{"message":"the image does not exist","code":"IMG.0027"}}"#)),
    };
    let mut response = Response::new(Full::new(body));
    *response.status_mut() = hyper::StatusCode::from_u16(status).unwrap_or_default();
    let headers = response.headers_mut();
    headers.insert("content-type", hyper::header::HeaderValue::from_static("application/json"));
    headers.insert("x-request-id", hyper::header::HeaderValue::from_static("8c5f2b0e6f0a4b0f9d3d6f4a8a1e2b3c"));
    response
}

fn body(tags: usize) -> Bytes {
    let tags: Vec<_> =
        (0..tags).map(|at| serde_json::json!({"key": format!("key{at}"), "value": format!("value{at}")})).collect();
    serde_json::json!({ "tags": tags }).to_string().into()
}
