//! Headers that a user adds to requests, what they may be called and hold, and the one that names a request.

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

/// The headers of a request before there is one: few, so a list is enough. The last one of a name counts.
pub(crate) type Headers = Vec<(HeaderName, HeaderValue)>;

/// Where this cloud puts the request id, the most specific first.
const REQUEST_ID: [&str; 3] = ["x-request-id", "x-openstack-request-id", "x-iam-trace-id"];

/// The request id of an answer.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<&HeaderValue> {
    REQUEST_ID.iter().find_map(|name| headers.get(*name))
}

/// A header of the user's own, or why it isn't one.
pub(crate) fn checked(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), String> {
    match (HeaderName::try_from(name), HeaderValue::from_str(value)) {
        (Err(_), _) => Err(format!("header {}: no header has such a name", name.escape_debug())),
        (Ok(name), _) if is_reserved(&name) => Err(format!("header {name} is set by the client alone")),
        (Ok(name), Err(_)) => Err(format!("header {name}: its value has characters that no header can carry")),
        (Ok(name), Ok(value)) => Ok((name, value)),
    }
}

/// Headers that decide where a request goes, whose it is and what it carries: the client's alone.
pub(crate) fn is_reserved(name: &HeaderName) -> bool {
    [
        "host",
        "authorization",
        "proxy-authorization",
        "x-auth-token",
        "x-subject-token",
        "x-security-token",
        "x-sdk-date",
        "content-type",
        "content-length",
        "transfer-encoding",
        "connection",
        "accept-encoding",
    ]
    .contains(&name.as_str())
}
