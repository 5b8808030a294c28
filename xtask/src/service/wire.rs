//! Between the wire and [`Service`]: requests as they came, and the running server.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::ops::Deref;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::response::Response;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::{Answer, Service};

/// The longest body that is read: the gateway's limit.
const BODY_LIMIT: usize = 12 << 20;

/// A request as it came over the wire. It has no `Debug`: it may hold somebody's credentials.
#[derive(Clone, PartialEq, Eq)]
pub struct Received {
    /// The method.
    pub method: String,
    /// The request target, percent-encoded as it was sent: path and query.
    pub target: String,
    /// The headers in their order, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Received {
    /// The first value of a header, by its lower-case name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The path and the query of the target.
    #[must_use]
    pub fn path_and_query(&self) -> (&str, &str) {
        self.target.split_once('?').unwrap_or((&self.target, ""))
    }
}

/// The request as HTTP/1.1 writes it.
impl fmt::Display for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} {} HTTP/1.1", self.method, self.target)?;
        for (name, value) in &self.headers {
            writeln!(f, "{name}: {value}")?;
        }
        if !self.body.is_empty() {
            write!(f, "\n{}", String::from_utf8_lossy(&self.body))?;
        }
        Ok(())
    }
}

/// A server that runs on this machine until it is dropped, and the service that it leads to.
pub struct Running {
    /// Where it listens.
    pub addr: SocketAddr,
    service: Service,
    /// Dropped with it, which ends the server.
    _stop: oneshot::Sender<()>,
}

impl Running {
    /// Serves a router until it is dropped; `service` is the one that the router leads to.
    pub(crate) fn start(listener: TcpListener, router: Router, service: Service) -> io::Result<Self> {
        let addr = listener.local_addr()?;
        let (stop, stopped) = oneshot::channel();
        let server = axum::serve(listener, router).with_graceful_shutdown(async { drop(stopped.await) });
        tokio::spawn(server.into_future());
        Ok(Self { addr, service, _stop: stop })
    }

    /// The service's address, for a client's `endpoint`.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.addr)
    }
}

impl Deref for Running {
    type Target = Service;

    fn deref(&self) -> &Service {
        &self.service
    }
}

pub(crate) async fn handle(State(service): State<Service>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, BODY_LIMIT).await else {
        let refusal = Answer::refusal(413, "APIGW.0201", "API request error: the body has more than 12 MB");
        return refusal.response("", service.now(), None);
    };
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let received = Received {
        method: parts.method.to_string(),
        target: parts.uri.path_and_query().map_or("/", |target| target.as_str()).to_owned(),
        headers: parts.headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect(),
        body: body.to_vec(),
    };
    service.answer(received).await
}
