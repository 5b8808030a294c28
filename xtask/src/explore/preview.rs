//! What the page shows of a call before it is made: findings, the request, its signature step by step, and the call as
//! code.

use std::time::SystemTime;

use serde_json::{Value, json};

use super::call::{Call, Credential};
use super::schema::bilingual;
use super::{rust, shell};
use crate::service::signature::{self, Steps};
use crate::service::{PracticeKey, Received, date_of};

/// Everything that the page shows of a call before it is made.
pub(super) fn of(call: &Call<'_>, host: &str, project: &str, now: SystemTime) -> Value {
    let problems = call.problems();
    let problems: Vec<_> =
        problems.iter().map(|one| json!({"field": one.field, "text": bilingual(&one.text)})).collect();
    let mut request = call.request(host);
    let signed = if let Credential::Key(key) = call.credential { Some(sign(&mut request, key, now)) } else { None };
    let endpoint = format!("http://{host}");
    json!({
        "problems": problems,
        "request": {
            "method": request.method,
            "target": request.target,
            "headers": request.headers,
            "body": String::from_utf8_lossy(&request.body),
        },
        "signature": signed,
        "snippets": {
            "request": request.to_string(),
            "rust": rust::program(call, &endpoint),
            "ims": shell::ims(call, &endpoint),
            "curl": shell::curl(&request, &endpoint),
            "export": shell::exports(&endpoint, project),
        },
    })
}

/// As the client does: the host, the type of the body, and every header of the cloud's own.
fn sign(request: &mut Received, key: PracticeKey, now: SystemTime) -> Steps {
    let date = date_of(now);
    request.headers.push(("x-sdk-date".to_owned(), date.clone()));
    request.headers.extend(key.security_token.map(|token| ("x-security-token".to_owned(), token.to_owned())));
    let names = request.headers.iter().map(|(name, _)| name.as_str());
    let mut names: Vec<&str> =
        names.filter(|name| ["host", "content-type"].contains(name) || name.starts_with("x-")).collect();
    names.sort_unstable();
    names.dedup();
    let steps = signature::steps(request, &names, &date, key.secret);
    let authorization = signature::authorization(key.access, &names, &steps.signature);
    request.headers.push(("authorization".to_owned(), authorization));
    steps
}
