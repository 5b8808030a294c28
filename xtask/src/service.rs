//! A server on loopback that behaves as the document says: what the demo, the explorer and the tests talk to.
//!
//! Nothing in here names an operation. Routes, checks, samples and error rows come from the document; a request is
//! answered in this order:
//!
//! 1. `Prefer` (the convention of mock servers): `code=404` answers that row of the error table, `delay=200` waits that
//!    many milliseconds first, `throttle=2` answers 429 with `Retry-After: 2`, `cut` closes the connection in the middle
//!    of the answer.
//! 2. Authentication ([`auth`]): a practice token or a real signature with the practice keys; refused as the gateway
//!    refuses.
//! 3. The route and its parameters, checked against their schemas; refused as the service refuses.
//! 4. The document's sample.

pub mod auth;
mod route;

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::spec::Spec;
use auth::Practice;
use route::{Refusal, Route, Routes};

/// The largest request body that is read; the gateway refuses more than 12 MB, too.
const BODY_LIMIT: usize = 12 << 20;

/// What the service takes for true.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The credentials it accepts.
    pub practice: Practice,
    /// The port to listen on; any free one if 0.
    pub port: u16,
}

/// A request as it came over the wire.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// The method.
    pub method: String,
    /// Path and query as sent.
    pub target: String,
    /// The headers in their order.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Bytes,
}

/// The running service; dropping it stops it.
#[derive(Debug)]
pub struct Running {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<Recorded>>>,
    stop: Option<oneshot::Sender<Infallible>>,
    task: JoinHandle<()>,
}

struct Service {
    routes: Routes,
    practice: Practice,
    requests: Arc<Mutex<Vec<Recorded>>>,
    served: AtomicU64,
}

impl Running {
    /// Starts the service on a port of 127.0.0.1.
    ///
    /// # Errors
    /// A port that can't be had.
    pub async fn start(spec: &Spec, options: Options) -> std::io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await?;
        let address = listener.local_addr()?;
        let requests = Arc::new(Mutex::new(Vec::new()));
        let service = Arc::new(Service {
            routes: Routes::of(spec),
            practice: options.practice,
            requests: Arc::clone(&requests),
            served: AtomicU64::new(0),
        });
        let (stop, stopped) = oneshot::channel();
        let app = Router::new().fallback(answer).with_state(service);
        let task = tokio::spawn(async move {
            let serve = axum::serve(listener, app).with_graceful_shutdown(async move {
                // The sender is never used: it is dropped, which is the signal.
                let _ = stopped.await;
            });
            let _ = serve.await;
        });
        Ok(Self { address, requests, stop: Some(stop), task })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The endpoint for a client.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The requests so far, in their order.
    #[must_use]
    pub fn requests(&self) -> Vec<Recorded> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.take();
        self.task.abort();
    }
}

async fn answer(State(service): State<Arc<Service>>, request: Request) -> Response {
    let id = format!("{:032x}", service.served.fetch_add(1, Ordering::Relaxed) + 1);
    let (parts, body) = request.into_parts();
    let target = parts.uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string);
    let Ok(body) = to_bytes(body, BODY_LIMIT).await else {
        return refuse(&id, &Refusal::gateway(413, "APIGW.0201", "The request body is larger than 12 MB"));
    };
    let request = Recorded {
        method: parts.method.to_string(),
        target,
        headers: parts
            .headers
            .iter()
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect(),
        body,
    };
    service.requests.lock().unwrap_or_else(PoisonError::into_inner).push(request.clone());

    let prefer = Prefer::of(&parts.headers);
    if let Some(delay) = prefer.delay {
        tokio::time::sleep(delay).await;
    }
    if let Some(seconds) = prefer.throttle {
        let mut response = refuse(
            &id,
            &Refusal::gateway(429, "APIGW.0308", "The throttling threshold has been reached: policy practice"),
        );
        response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        return response;
    }
    let outcome = service.routes.find(&request).and_then(|(route, values)| {
        if let Some(code) = prefer.code {
            return Err(route.row(code));
        }
        auth::check(&service.practice, &request)?;
        route.check(&service.routes, &values, &request)?;
        Ok(route)
    });
    match outcome {
        Ok(route) if prefer.cut => cut(&id, route),
        Ok(route) => success(&id, route),
        Err(refusal) => refuse(&id, &refusal),
    }
}

fn success(id: &str, route: &Route) -> Response {
    let (status, sample) = route.success();
    respond(id, status, sample.map(Value::to_string))
}

/// Half of the sample, then the end of the connection.
fn cut(id: &str, route: &Route) -> Response {
    let (status, sample) = route.success();
    let text = sample.map(Value::to_string).unwrap_or_default();
    let mut response = respond(id, status, Some(String::new()));
    response.headers_mut().insert(header::CONTENT_LENGTH, (text.len() + 1).into());
    *response.body_mut() = Body::from(text.chars().take(text.chars().count() / 2).collect::<String>());
    response
}

fn refuse(id: &str, refusal: &Refusal) -> Response {
    let body = match &refusal.gateway {
        true => json!({"error_msg": refusal.message, "error_code": refusal.code, "request_id": id}),
        false => json!({"error": {"code": refusal.code, "message": refusal.message}}),
    };
    respond(id, refusal.status, Some(body.to_string()))
}

fn respond(id: &str, status: u16, body: Option<String>) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    if let Ok(id) = id.parse() {
        headers.insert("x-request-id", id);
    }
    headers.insert(header::SERVER, header::HeaderValue::from_static("api-gateway"));
    if let Some(body) = body {
        headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/json"));
        *response.body_mut() = Body::from(body);
    }
    response
}

/// What the `Prefer` header asks for.
#[derive(Debug, Default)]
struct Prefer {
    code: Option<u16>,
    delay: Option<Duration>,
    throttle: Option<u32>,
    cut: bool,
}

impl Prefer {
    fn of(headers: &HeaderMap) -> Self {
        let mut prefer = Self::default();
        for value in headers.get_all("prefer").iter().filter_map(|value| value.to_str().ok()) {
            for wish in value.split([',', ';']).map(str::trim) {
                match wish.split_once('=') {
                    Some(("code", code)) => prefer.code = code.parse().ok(),
                    // A client's own deadline ends a longer wait; the bound only keeps a typo from blocking for days.
                    Some(("delay", millis)) => {
                        prefer.delay = millis.parse().ok().map(|millis: u64| Duration::from_millis(millis.min(60_000)));
                    }
                    Some(("throttle", seconds)) => prefer.throttle = seconds.parse().ok(),
                    None if wish == "cut" => prefer.cut = true,
                    _ => {}
                }
            }
        }
        prefer
    }
}
