//! The project id: given, known from the credentials, or looked up once from IAM.

use crate::credentials::{Cached, Credentials, CredentialsError};
use crate::region::{Endpoint, Region};
use crate::sign::{self, SignError};
use serde::Deserialize;
use std::fmt;
use std::sync::OnceLock;
use std::time::SystemTime;
use tokio::sync::Mutex;

const ANSWER_LIMIT: usize = 1 << 20;

/// The client's project.
#[derive(Debug)]
pub(crate) struct Projects {
    given: Option<String>,
    lookup: Option<(Region, Endpoint)>,
    found: OnceLock<String>,
    /// Held by the one caller that asks; who waited for a look-up that failed shares its error instead of asking again.
    asking: Mutex<Option<ProjectError>>,
}

/// Why the project id is not known. One line with the next step.
#[derive(Clone, Debug)]
pub(crate) enum ProjectError {
    /// No id was given and there is no region to look one up by.
    NoRegion,
    /// The account has no project of the region's name.
    None(Region),
    /// The account has several, with these ids.
    Several(Region, Vec<String>),
    /// IAM refused the look-up with this status.
    Refused(u16),
    /// IAM did not answer, or not with projects.
    Unavailable(CredentialsError),
    /// There are no credentials to ask with.
    Credentials(CredentialsError),
    /// The look-up cannot be authorized.
    Sign(SignError),
}

impl Projects {
    /// `given` wins; else the id is looked up by the region's name at this IAM endpoint.
    pub(crate) fn new(given: Option<String>, lookup: Option<(Region, Endpoint)>) -> Self {
        Self { given, lookup, found: OnceLock::new(), asking: Mutex::default() }
    }

    /// The id. IAM is asked by one caller at a time and never again once it has answered with one.
    pub(crate) async fn id(
        &self,
        http: &reqwest::Client,
        cache: &Cached,
        now: SystemTime,
    ) -> Result<&str, ProjectError> {
        let known = || self.given.as_deref().or_else(|| self.found.get().map(String::as_str));
        if let Some(id) = known() {
            return Ok(id);
        }
        let (mut failed, waited) = match self.asking.try_lock() {
            Ok(failed) => (failed, false),
            Err(_) => (self.asking.lock().await, true),
        };
        if let Some(id) = known() {
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
        let credentials = cache.get(http).await.map_err(ProjectError::Credentials)?;
        if let Some(id) = credentials.project_id() {
            return Ok(id.to_owned());
        }
        let (region, iam) = self.lookup.as_ref().ok_or(ProjectError::NoRegion)?;
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
    let no_answer = |error: reqwest::Error| {
        let message = format!("{iam} does not answer");
        ProjectError::Unavailable(CredentialsError::unavailable(message).because(error.without_url()))
    };
    let mut request = http
        .get(format!("{iam}/v3/projects?name={region}"))
        .header("Content-Type", "application/json")
        .build()
        .map_err(no_answer)?;
    sign::authorize(&mut request, credentials, now).map_err(ProjectError::Sign)?;
    let answer = http.execute(request).await.map_err(no_answer)?;
    if answer.status() != reqwest::StatusCode::OK {
        return Err(ProjectError::Refused(answer.status().as_u16()));
    }
    let body = crate::credentials::read(answer, ANSWER_LIMIT).await.map_err(ProjectError::Unavailable)?;
    let Answer { projects } = serde_json::from_slice(&body).map_err(|_| {
        let message = format!("{iam} answered something other than projects");
        ProjectError::Unavailable(CredentialsError::invalid(message))
    })?;
    let mut ids = projects.into_iter().map(|project| project.id);
    match (ids.next(), ids.next()) {
        (None, _) => Err(ProjectError::None(region.clone())),
        (Some(id), None) => Ok(id),
        (Some(first), Some(second)) => {
            let all = [first, second].into_iter().chain(ids).collect();
            Err(ProjectError::Several(region.clone(), all))
        }
    }
}

#[derive(Deserialize)]
struct Answer {
    projects: Vec<Project>,
}

#[derive(Deserialize)]
struct Project {
    id: String,
}

impl fmt::Display for ProjectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const NEXT: &str = "set the project id (console, My Credentials), or HUAWEICLOUD_SDK_PROJECT_ID";
        match self {
            Self::NoRegion => write!(f, "no project id and no region to look it up by: {NEXT}"),
            Self::None(region) => {
                write!(f, "the account has no project named {region}: check the region, or {NEXT}")
            }
            Self::Several(region, ids) => write!(
                f,
                "the account has {} projects named {region} ({}): {NEXT}",
                ids.len(),
                ids.join(", ").escape_debug()
            ),
            Self::Refused(status) => {
                write!(f, "IAM refused to list the projects with {status}: check the credentials, or {NEXT}")
            }
            Self::Unavailable(error) => write!(f, "project id not looked up: {error}: {NEXT}"),
            Self::Credentials(error) => error.fmt(f),
            Self::Sign(error) => error.fmt(f),
        }
    }
}

impl ProjectError {
    /// Whether the look-up may succeed later.
    pub(crate) fn passes(&self) -> bool {
        match self {
            Self::Unavailable(error) | Self::Credentials(error) => error.is_unavailable(),
            Self::Refused(status) => matches!(status, 429 | 500..=599),
            _ => false,
        }
    }
}

impl std::error::Error for ProjectError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Unavailable(error) | Self::Credentials(error) => error.source(),
            _ => None,
        }
    }
}
