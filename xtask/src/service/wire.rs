//! Between the wire and [`Service::answer`]: hyper's connections, so that one can be dropped without an answer.

use std::convert::Infallible;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tower::ServiceExt;

use super::answer::Answer;
use super::prefer::Cut;
use super::{BODY_LIMIT, Received, Service};

/// Marks a response in place of which the connection is dropped.
#[derive(Debug, Clone, Copy)]
struct Dropped;

impl std::fmt::Display for Dropped {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the connection was cut, as asked")
    }
}

impl std::error::Error for Dropped {}

impl From<Infallible> for Dropped {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

/// Serves a router until the future is dropped, and with it every connection.
pub(crate) async fn serve(listener: TcpListener, router: Router) -> io::Result<()> {
    let mut connections = JoinSet::new();
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                // Out of file descriptors: others will be closed.
                Err(_) => {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
            Some(_) = connections.join_next() => continue,
        };
        let router = router.clone();
        let service = service_fn(move |request: hyper::Request<Incoming>| {
            let router = router.clone();
            async move {
                let response = router.oneshot(request).await?;
                if response.extensions().get::<Dropped>().is_some() { Err(Dropped) } else { Ok(response) }
            }
        });
        let connection = hyper::server::conn::http1::Builder::new()
            .timer(TokioTimer::new())
            .serve_connection(TokioIo::new(stream), service);
        // A connection's failure is the client's business, which sees it, too.
        connections.spawn(async move { drop(connection.await) });
    }
}

pub(crate) async fn handle(State(service): State<Service>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, BODY_LIMIT).await else {
        let answer = Answer::gateway(413, "APIGW.0201", "API request error: the body has more than 12 MB");
        return respond(answer);
    };
    let target = parts.uri.path_and_query().map_or("/", |target| target.as_str());
    let received = Received {
        method: parts.method.to_string(),
        target: target.to_owned(),
        headers: parts
            .headers
            .iter()
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect(),
        body: body.to_vec(),
    };
    respond(service.answer(received).await)
}

fn respond(answer: Answer) -> Response {
    let bytes = answer.body.as_ref().map(|body| Bytes::from(body.to_string())).unwrap_or_default();
    let body = match answer.cut {
        Some(Cut::Body) if !bytes.is_empty() => {
            Body::new(Half { first: Some(bytes.slice(..bytes.len() / 2)), sent: false, length: bytes.len() })
        }
        _ => Body::from(bytes),
    };
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in &answer.headers {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(HeaderName::from_static(name), value);
        }
    }
    if answer.cut == Some(Cut::Before) {
        response.extensions_mut().insert(Dropped);
    }
    response
}

/// A body that promises its whole length and breaks off after its first half.
struct Half {
    first: Option<Bytes>,
    sent: bool,
    length: usize,
}

impl HttpBody for Half {
    type Data = Bytes;
    type Error = Dropped;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<hyper::body::Frame<Bytes>, Dropped>>> {
        if let Some(first) = self.first.take() {
            return Poll::Ready(Some(Ok(hyper::body::Frame::data(first))));
        }
        // hyper sends what it has when there is nothing more yet, and forgets it when there is an error.
        if !std::mem::replace(&mut self.sent, true) {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(Some(Err(Dropped)))
    }

    fn size_hint(&self) -> hyper::body::SizeHint {
        hyper::body::SizeHint::with_exact(self.length as u64)
    }
}
