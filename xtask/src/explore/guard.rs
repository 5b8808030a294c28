//! Who may talk to the explorer: pages of other sites may not, whatever name they have for this machine.

use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Lets a request pass that names this machine's loopback interface as `Host`, and comes from a page of it, if from one.
pub(super) async fn guard(request: Request, next: Next) -> Response {
    let headers = request.headers();
    let text = |name| headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    let host = text(header::HOST).unwrap_or_default();
    let reason = match text(header::ORIGIN) {
        // A name that an attacker points at 127.0.0.1 (DNS rebinding) is still that name here.
        _ if !is_loopback(&host) => {
            let host = host.escape_debug();
            format!("the Host header is \"{host}\": this server answers only as 127.0.0.1, localhost or [::1]\n")
        }
        Some(origin) if origin != format!("http://{host}") => {
            format!("the Origin header is \"{}\": only the explorer's own page may ask\n", origin.escape_debug())
        }
        _ => return next.run(request).await,
    };
    (StatusCode::FORBIDDEN, reason).into_response()
}

/// Whether an authority is this machine's, with any port.
fn is_loopback(authority: &str) -> bool {
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    };
    ["127.0.0.1", "localhost", "[::1]"].iter().any(|known| known.eq_ignore_ascii_case(host))
}
