//! The two questions that clients ask IAM, so that one can be set up by its environment alone: the id of a project by its
//! region's name, and a token for a user's password.

use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use super::authentication::{self, Way};
use super::{Answer, Received, TOKEN};

/// The account, user and password that the service knows.
pub const LOGIN: [&str; 3] = ["practice-account", "practice-user", "practice-password"];
/// What a project is called where nobody says.
pub const REGION: &str = "cn-north-4";

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The answer of IAM; `None` if the request isn't for it.
pub(super) fn answer(request: &Received, project: &str, now: SystemTime) -> Option<Result<Answer, Answer>> {
    let (path, query) = request.path_and_query();
    match (request.method.as_str(), path) {
        ("GET", "/v3/projects") => Some(projects(request, query, project, now)),
        ("POST", "/v3/auth/tokens") => Some(token(request, project, now)),
        _ => None,
    }
}

fn projects(request: &Received, query: &str, project: &str, now: SystemTime) -> Result<Answer, Answer> {
    authentication::check(&[Way::Token("x-auth-token".to_owned()), Way::Signature], request, now)?;
    let name = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "name");
    let name = name.map_or_else(|| REGION.to_owned(), |(_, name)| name.into_owned());
    Ok(Answer::new(200, Some(json!({"projects": [{"id": project, "name": name, "enabled": true}]}))))
}

fn token(request: &Received, project: &str, now: SystemTime) -> Result<Answer, Answer> {
    let refuse = |status: u16, title: &str, message: &str| {
        let error = json!({"code": status, "message": message, "title": title});
        Err(Answer::new(status, Some(json!({"error": error}))))
    };
    let Ok(body) = serde_json::from_slice::<Value>(&request.body) else {
        return refuse(400, "Bad Request", "The body isn't valid JSON");
    };
    let text = |pointer: &str| body.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let user = |name: &str| text(&format!("/auth/identity/password/user/{name}"));
    if [user("domain/name"), user("name"), user("password")] != LOGIN {
        return refuse(401, "Unauthorized", "The username or password is wrong.");
    }
    let name = text("/auth/scope/project/name");
    let mut answer = Answer::new(
        201,
        Some(json!({"token": {
            "methods": ["password"],
            "issued_at": iso(now),
            "expires_at": iso(now + DAY),
            "user": {"name": LOGIN[1], "domain": {"name": LOGIN[0]}},
            "project": {"id": project, "name": name},
        }})),
    );
    answer.headers.push(("x-subject-token", TOKEN.to_owned()));
    Ok(answer)
}

/// `2024-01-02T03:04:05.000000Z`, of `20240102T030405Z`.
fn iso(time: SystemTime) -> String {
    let date = authentication::date_of(time);
    let part = |range: std::ops::Range<usize>| date.get(range).unwrap_or_default();
    let (day, clock) = ([part(0..4), part(4..6), part(6..8)], [part(9..11), part(11..13), part(13..15)]);
    format!("{}T{}.000000Z", day.join("-"), clock.join(":"))
}
