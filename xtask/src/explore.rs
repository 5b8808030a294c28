//! `cargo xtask explore`: a page on this machine on which every operation of the document can be read, tried, broken on
//! purpose and copied as code; and the service it talks to ([`crate::service`]), on the same port for everybody's client.
//!
//! | path | what it is |
//! |---|---|
//! | `/` | the page, and its assets under `/explore/` |
//! | `/explore/document.json` | what the page shows, derived from the document |
//! | `/explore/prepare` | a filled form as request, steps of the signature, and code |
//! | `/explore/outcome` | an answer as a program on `ims-api` gets it |
//! | `/explore/reset` | forgets what was done to the service |
//! | `/explore/events` | one event for each change of the document |
//! | `/openapi.yaml` | the document, for other tools |
//! | everything else | the service; `/`, too, for whoever doesn't ask for HTML |
//!
//! It listens on the loopback interface only and refuses pages of other sites (`guard`). The page asks nobody else.

mod call;
mod document;
mod guard;
mod live;
mod outcome;
mod preview;
mod rust;
mod schema;
mod shell;

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use axum::extract::{FromRef, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router, middleware};
use tokio::net::TcpListener;

use crate::document::Document;
use crate::service::{self, LOGIN, Options, Problem, Running, Service, TOKEN};
use call::{Call, Form};
use live::Live;

/// How many ports above it are tried.
const MORE_PORTS: u16 = 100;

const HTML: &str = "text/html; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

/// The page's files: path, media type, content. They are part of the program.
const ASSETS: [(&str, &str, &str); 9] = [
    ("/explore/page.css", "text/css; charset=utf-8", include_str!("explore/page/page.css")),
    ("/explore/page.js", SCRIPT, include_str!("explore/page/page.js")),
    ("/explore/operation.js", SCRIPT, include_str!("explore/page/operation.js")),
    ("/explore/fields.js", SCRIPT, include_str!("explore/page/fields.js")),
    ("/explore/call.js", SCRIPT, include_str!("explore/page/call.js")),
    ("/explore/state.js", SCRIPT, include_str!("explore/page/state.js")),
    ("/explore/dom.js", SCRIPT, include_str!("explore/page/dom.js")),
    ("/explore/words.js", SCRIPT, include_str!("explore/page/words.js")),
    ("/explore/icon.svg", "image/svg+xml", include_str!("explore/page/icon.svg")),
];

const PAGE: &str = include_str!("explore/page/index.html");

/// The headers of everything that a browser shows or runs: nothing from elsewhere, nothing inline.
const HEADERS: [(HeaderName, &str); 6] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CACHE_CONTROL, "no-store"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// Starts the explorer on this machine for a document, on `port` or on the next one that is free; 0 is any. The file at
/// `path`, if there is one, is watched for changes.
///
/// # Errors
/// There is no free port.
pub async fn start(spec: &Document, path: Option<PathBuf>, options: Options, port: u16) -> io::Result<Running> {
    let live = Live::new(spec, options);
    let (listener, service) = (listen(port).await?, Service::from_ref(&live));
    if let Some(path) = path {
        tokio::spawn(live.clone().watch(path));
    }
    Running::start(listener, router(live), service)
}

/// What the document doesn't allow of a call: parameters are texts by name, the body is text.
#[must_use]
pub fn problems(spec: &Document, id: &str, values: &BTreeMap<String, String>, body: Option<&str>) -> Vec<Problem> {
    let Some(operation) = spec.operation(id) else { return Vec::new() };
    let body = body.unwrap_or_default().to_owned();
    Call::of(spec, operation, Form { values: values.clone(), body, ..Form::default() }).problems()
}

/// The lines that set a client up for a running explorer by its environment.
#[must_use]
pub fn exports(explorer: &Running) -> String {
    shell::exports(&explorer.endpoint(), &explorer.project())
}

/// Runs the explorer for the document at `path` until it is interrupted; with `open`, a browser shows the page.
///
/// # Errors
/// As [`start`].
pub fn run(spec: &Document, path: &Path, port: u16, open: bool) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let explorer = start(spec, Some(path.to_owned()), Options::default(), port).await?;
        if port != 0 && explorer.addr.port() != port {
            anstream::println!("Port {port} is taken; this is the next free one.");
        }
        let page = explorer.endpoint();
        let [account, user, password] = LOGIN;
        anstream::println!(
            "Explorer: {page}/\nService:  {page} (IAM, too: token {TOKEN}; account {account}, user {user}, password {password})\n\n\
             For a client that is set up by its environment:\n\n{}\nCtrl-C ends both.",
            exports(&explorer)
        );
        if open && let Err(error) = ::open::that_detached(&page) {
            anstream::eprintln!("no browser could be started ({error}): open {page} yourself");
        }
        tokio::signal::ctrl_c().await
    })
}

async fn listen(port: u16) -> io::Result<TcpListener> {
    let last = if port == 0 { 0 } else { port.saturating_add(MORE_PORTS) };
    let ports: Vec<_> = (port..=last).map(|port| SocketAddr::from(([127, 0, 0, 1], port))).collect();
    TcpListener::bind(&*ports).await
}

fn router(live: Live) -> Router {
    let mut router = Router::new()
        .route("/explore/document.json", get(document_json))
        .route("/explore/prepare", post(prepare))
        .route("/explore/outcome", post(async |State(of): State<Service>, Json(it)| Json(outcome::of(&of.spec, &it))))
        .route("/explore/reset", post(reset))
        .route("/openapi.yaml", get(openapi))
        .route("/explore/events", get(events));
    for (path, media_type, content) in ASSETS {
        router = router.route(path, get(move || async move { ([(header::CONTENT_TYPE, media_type)], content) }));
    }
    router
        .layer(middleware::map_response(page_headers))
        .route("/", get(page))
        .fallback(service::handle)
        .with_state(live)
        .layer(middleware::from_fn(guard::guard))
}

async fn page_headers(mut response: Response) -> Response {
    response.headers_mut().extend(HEADERS.map(|(name, value)| (name, HeaderValue::from_static(value))));
    response
}

async fn document_json(State(live): State<Live>) -> Json<serde_json::Value> {
    let (service, findings) = &*live.0.borrow();
    Json(document::of(&service.spec, findings))
}

async fn prepare(State(service): State<Service>, headers: HeaderMap, Json(form): Json<Form>) -> Response {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    match service.spec.operation(&form.operation) {
        Some(operation) => {
            let call = Call::of(&service.spec, operation, form);
            Json(preview::of(&call, host, &service.project(), service.now())).into_response()
        }
        None => (StatusCode::NOT_FOUND, "the document has no such operation\n").into_response(),
    }
}

async fn reset(State(service): State<Service>) -> StatusCode {
    service.reset();
    StatusCode::NO_CONTENT
}

async fn openapi(State(service): State<Service>) -> impl IntoResponse {
    let text = serde_yaml::to_string(&service.spec.raw).unwrap_or_default();
    ([(header::CONTENT_TYPE, "application/yaml; charset=utf-8")], text)
}

/// The page for browsers; the service's own answer for everybody else, if the document has one here.
async fn page(State(service): State<Service>, request: Request) -> Response {
    let accepts = request.headers().get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    let has_root = service.spec.operations.iter().any(|operation| operation.path == "/");
    if has_root && !accepts.contains("text/html") {
        return service::handle(State(service), request).await;
    }
    page_headers(([(header::CONTENT_TYPE, HTML)], PAGE).into_response()).await
}

async fn events(State(live): State<Live>) -> impl IntoResponse {
    let changes = futures_util::stream::unfold(live.0.subscribe(), |mut changes| async move {
        changes.changed().await.ok()?;
        Some((Ok::<_, Infallible>(Event::default().event("changed").data("document")), changes))
    });
    Sse::new(changes).keep_alive(KeepAlive::default())
}
