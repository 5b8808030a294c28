//! The project id: given, known from the credentials, or looked up once from IAM.

use crate::credentials::{Cached, Credentials, CredentialsError};
use crate::region::{Endpoint, Region};
use crate::{Failure, bounds, sign};
use reqwest::StatusCode;
use serde::Deserialize;
use std::sync::OnceLock;
use std::time::SystemTime;
use tokio::sync::Mutex;

const ANSWER_LIMIT: usize = 1 << 20;
const NEXT: &str = "set the project id (console, My Credentials), or HUAWEICLOUD_SDK_PROJECT_ID";

/// The project of a client that was given none.
#[derive(Debug)]
pub(crate) struct Projects {
    lookup: Option<(Region, Endpoint)>,
    found: OnceLock<String>,
    /// Held by the one caller that asks; who waited for a look-up that failed shares its error instead of asking again.
    asking: Mutex<Option<ProjectError>>,
}

/// Why the project id is not known, in one line with the next step, and what a call fails by then.
#[derive(Clone, Debug)]
pub(crate) struct ProjectError {
    pub(crate) failure: Failure,
    pub(crate) reason: CredentialsError,
}

impl ProjectError {
    /// There are no credentials to ask with, or they can't authorize the look-up.
    fn credentials(reason: CredentialsError) -> Self {
        Self { failure: Failure::Credentials, reason }
    }
}

/// All that has to do with the project itself.
impl From<CredentialsError> for ProjectError {
    fn from(reason: CredentialsError) -> Self {
        Self { failure: Failure::Project, reason }
    }
}

impl Projects {
    /// The id is that of the credentials, or else looked up by the region's name at this IAM endpoint.
    pub(crate) fn new(lookup: Option<(Region, Endpoint)>) -> Self {
        Self { lookup, found: OnceLock::new(), asking: Mutex::default() }
    }

    /// The id. IAM is asked by one caller at a time and never again once it has answered with one.
    pub(crate) async fn id(
        &self,
        http: &reqwest::Client,
        cache: &Cached,
        now: SystemTime,
    ) -> Result<&str, ProjectError> {
        if let Some(id) = self.found.get() {
            return Ok(id);
        }
        let (mut failed, waited) = match self.asking.try_lock() {
            Ok(failed) => (failed, false),
            Err(_) => (self.asking.lock().await, true),
        };
        if let Some(id) = self.found.get() {
            return Ok(id);
        }
        if let (true, Some(error)) = (waited, &*failed) {
            return Err(error.clone());
        }
        *failed = None;
        let answer = self.ask(http, cache, now).await;
        match answer {
            Ok(id) => Ok(self.found.get_or_init(|| id)),
            Err(error) => {
                *failed = Some(error.clone());
                Err(error)
            }
        }
    }

    async fn ask(&self, http: &reqwest::Client, cache: &Cached, now: SystemTime) -> Result<String, ProjectError> {
        let credentials = cache.get(http).await.map_err(ProjectError::credentials)?;
        if let Some(id) = credentials.project_id() {
            return Ok(id.to_owned());
        }
        let (region, iam) = self.lookup.as_ref().ok_or_else(|| {
            CredentialsError::not_configured(format!("no project id and no region to look it up by: {NEXT}"))
        })?;
        look_up(http, &credentials, region, iam, now).await
    }
}

async fn look_up(
    http: &reqwest::Client,
    credentials: &Credentials,
    region: &Region,
    iam: &Endpoint,
    now: SystemTime,
) -> Result<String, ProjectError> {
    let not_looked_up = |reason: &str| format!("project id not looked up: {reason}: {NEXT}");
    let no_answer = |error: reqwest::Error| {
        let reason = not_looked_up(&format!("{iam} does not answer"));
        CredentialsError::unavailable(reason).because(error.without_url())
    };
    let mut request = http
        .get(format!("{iam}/v3/projects?name={region}"))
        .header("Content-Type", "application/json")
        .build()
        .map_err(no_answer)?;
    sign::authorize(&mut request, credentials, now)
        .map_err(|error| ProjectError::credentials(CredentialsError::invalid(error.to_string()).because(error)))?;
    let mut answer = http.execute(request).await.map_err(no_answer)?;
    let status = answer.status();
    if status != StatusCode::OK {
        let code = status.as_u16();
        let reason = format!("IAM refused to list the projects with {code}: check the credentials, or {NEXT}");
        return Err(match code {
            429 | 500..=599 => CredentialsError::unavailable(reason).into(),
            _ => CredentialsError::invalid(reason).into(),
        });
    }
    let body = bounds::read(&mut answer, ANSWER_LIMIT)
        .await
        .map_err(|error| CredentialsError::unavailable(not_looked_up("the answer could not be read")).because(error))?;
    let Answer { projects } = serde_json::from_slice(&body).map_err(|_| {
        CredentialsError::invalid(not_looked_up(&format!("{iam} answered something other than projects")))
    })?;
    let mut ids: Vec<String> = projects.into_iter().map(|project| project.id).collect();
    let wrong = match ids.as_mut_slice() {
        [id] => return Ok(std::mem::take(id)),
        [] => format!("the account has no project named {region}: check the region, or {NEXT}"),
        several => {
            let (count, ids) = (several.len(), several.join(", "));
            format!("the account has {count} projects named {region} ({}): {NEXT}", ids.escape_debug())
        }
    };
    Err(CredentialsError::invalid(wrong).into())
}

#[derive(Deserialize)]
struct Answer {
    projects: Vec<Project>,
}

#[derive(Deserialize)]
struct Project {
    id: String,
}
