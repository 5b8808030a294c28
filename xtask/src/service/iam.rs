//! The two questions that clients ask IAM, so that one can be set up by its environment alone: the id of a project by its
//! region's name, and a token for a user's password.

use std::time::{Duration, SystemTime};

use humantime::format_rfc3339_micros;
use serde_json::{Value, json};

use super::{Answer, Received, TOKEN, authentication};

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
    authentication::check(&["x-auth-token", "authorization"].map(str::to_owned), request, now)?;
    let name = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "name");
    let name = name.map_or(REGION.into(), |(_, name)| name);
    Ok(Answer::new(200, Some(json!({"projects": [{"id": project, "name": name, "enabled": true}]}))))
}

fn token(request: &Received, project: &str, now: SystemTime) -> Result<Answer, Answer> {
    let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    let user = &body["auth"]["identity"]["password"]["user"];
    let [account, name, password] = LOGIN;
    if user["domain"]["name"] != account || user["name"] != name || user["password"] != password {
        let error = json!({"code": 401, "message": "The username or password is wrong.", "title": "Unauthorized"});
        return Err(Answer::new(401, Some(json!({"error": error}))));
    }
    let token = json!({
        "methods": ["password"],
        "issued_at": format_rfc3339_micros(now).to_string(),
        "expires_at": format_rfc3339_micros(now + DAY).to_string(),
        "user": {"name": name, "domain": {"name": account}},
        "project": {"id": project, "name": body["auth"]["scope"]["project"]["name"]},
    });
    Ok(Answer::new(201, Some(json!({"token": token}))).with("x-subject-token", TOKEN.to_owned()))
}
