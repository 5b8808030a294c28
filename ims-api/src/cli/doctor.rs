//! `ims doctor`: which settings would be used, whether they work, and why others would not be. Reads only.

use std::fmt::Display;
use std::time::{Duration, SystemTime};

use super::Io;
use super::call::Settings;
use super::exit::Exit;
use super::stop::Stop;
use crate::Surroundings;
use crate::credentials::{Cache, Chain, Context, Credentials, Kind};
use crate::error::text::escape;
use crate::project::{ProjectError, Projects};
use crate::region::{Endpoint, Region};

/// A signature is taken for this long around the service's clock.
const SIGNATURE_WINDOW: Duration = Duration::from_secs(15 * 60);
/// `Date` has whole seconds, and the answer took a moment.
const UNIMPORTANT: Duration = Duration::from_secs(5);
const PATIENCE: Duration = Duration::from_secs(10);

/// What was found so far, a line each.
#[derive(Default)]
struct Findings {
    lines: Vec<String>,
    /// The first problem decides the exit code.
    problem: Option<Exit>,
}

impl Findings {
    fn fine(&mut self, what: &str, text: impl Display) {
        self.line("ok", what, &text);
    }

    fn note(&mut self, what: &str, text: impl Display) {
        self.line("-", what, &text);
    }

    fn problem(&mut self, exit: Exit, what: &str, text: impl Display) {
        self.problem.get_or_insert(exit);
        self.line("PROBLEM", what, &text);
    }

    fn line(&mut self, mark: &str, what: &str, text: &dyn Display) {
        self.lines.push(format!("{mark:<8} {what:<12} {}\n", escape(&text.to_string(), 600)));
    }
}

/// Prints what was found.
pub(crate) async fn examine(settings: &Settings, io: &mut Io<'_>) -> Result<(), Stop> {
    let mut findings = Findings::default();
    let region = region(settings, &io.surroundings, &mut findings);
    let endpoint = endpoint(settings, region.as_ref(), &io.surroundings, &mut findings);
    let http = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(settings.timeout.unwrap_or(PATIENCE))
        .build()
        .map_err(|error| Stop::usage(format!("the HTTP client cannot be built: {}", error.without_url())))?;
    let credentials = credentials(&io.surroundings, &http, &mut findings).await;
    if let Some(endpoint) = &endpoint {
        reach(endpoint, &http, &mut findings).await;
    }
    project(settings, region, credentials, &io.surroundings, &http, &mut findings).await;
    io.output.to.write_all(findings.lines.concat().as_bytes())?;
    match findings.problem {
        None => Ok(()),
        Some(exit) => Err(Stop::Reason(exit, "not all is well: see PROBLEM above".to_owned())),
    }
}

fn region(settings: &Settings, surroundings: &Surroundings, findings: &mut Findings) -> Option<Region> {
    let given = match &settings.region {
        Some(name) => Some((name.clone(), "--region")),
        None => match surroundings.variable("HW_REGION_NAME") {
            Ok(name) => name.map(|name| (name.to_string(), "HW_REGION_NAME")),
            Err(reason) => {
                findings.problem(Exit::Usage, "region", reason);
                return None;
            }
        },
    };
    let Some((name, place)) = given else {
        let text = "none: set HW_REGION_NAME or give --region, for example cn-north-4";
        match settings.endpoint {
            Some(_) => findings.note("region", text),
            None => findings.problem(Exit::Usage, "region", text),
        }
        return None;
    };
    match Region::new(name) {
        Ok(region) => {
            findings.fine("region", format!("{region} ({place})"));
            Some(region)
        }
        Err(error) => {
            findings.problem(Exit::Usage, "region", format!("{place}: {error}"));
            None
        }
    }
}

fn endpoint(
    settings: &Settings,
    region: Option<&Region>,
    surroundings: &Surroundings,
    findings: &mut Findings,
) -> Option<Endpoint> {
    let (endpoint, place) = match (&settings.endpoint, region) {
        (Some(text), _) => (Endpoint::parse(text), "--endpoint"),
        (None, Some(region)) => (Endpoint::of_region(region, surroundings), "of the region"),
        (None, None) => return None,
    };
    match endpoint {
        Ok(endpoint) => {
            findings.fine("endpoint", format!("{endpoint} ({place})"));
            Some(endpoint)
        }
        Err(error) => {
            findings.problem(Exit::Usage, "endpoint", error);
            None
        }
    }
}

/// Asks the sources as a client would: until one answers, or is set wrongly.
async fn credentials(
    surroundings: &Surroundings,
    http: &reqwest::Client,
    findings: &mut Findings,
) -> Option<Credentials> {
    let chain = Chain::standard(surroundings);
    let mut found = None;
    let mut ended = false;
    for source in chain.sources() {
        if ended {
            findings.note(source.name(), "not asked: the search ended before");
            continue;
        }
        match source.provide(Context::new(http)).await {
            Ok(credentials) => {
                findings.fine(source.name(), format!("used: {}", described(&credentials)));
                found = Some(credentials);
                ended = true;
            }
            Err(error) if error.is_not_configured() => findings.note(source.name(), format!("declined: {error}")),
            Err(error) => {
                findings.problem(Exit::Credentials, source.name(), error);
                ended = true;
            }
        }
    }
    if !ended {
        findings.problem(Exit::Credentials, "credentials", "no source has any: set one of those above");
    }
    found
}

fn described(credentials: &Credentials) -> String {
    let kind = match credentials.kind() {
        Kind::Token(_) => "a token".to_owned(),
        Kind::Key { access, security_token, .. } => {
            // Enough to tell two keys apart.
            let shown: String = access.chars().take(4).collect();
            let temporary = if security_token.is_some() { " with a security token" } else { "" };
            format!("access key {shown}…{temporary}")
        }
    };
    let left = credentials.expires().map(|expires| expires.duration_since(SystemTime::now()).unwrap_or_default());
    left.map_or(kind.clone(), |left| format!("{kind}, valid for {} min", left.as_secs() / 60))
}

/// Any answer shows that the service is there, and its date shows whether this machine's clock is right.
async fn reach(endpoint: &Endpoint, http: &reqwest::Client, findings: &mut Findings) {
    let answer = match http.get(format!("{endpoint}/")).send().await {
        Ok(answer) => answer,
        Err(error) => {
            let exit = if error.is_timeout() { Exit::Timeout } else { Exit::NotReached };
            let reason = root_cause(&error.without_url());
            findings.problem(
                exit,
                "service",
                format!("doesn't answer: {reason}: check the endpoint, the network and the proxy"),
            );
            return;
        }
    };
    findings.fine(
        "service",
        format!("answers (with {}, since this question has no credentials)", answer.status().as_u16()),
    );
    let date = answer.headers().get(reqwest::header::DATE).and_then(|date| date.to_str().ok());
    let Some(date) = date.and_then(|date| httpdate::parse_http_date(date).ok()) else {
        findings.note("clock", "unknown: the service gave no date");
        return;
    };
    let now = SystemTime::now();
    let (off, direction) = match now.duration_since(date) {
        Ok(ahead) => (ahead, "ahead of"),
        Err(behind) => (behind.duration(), "behind"),
    };
    let text = format!("{} s {direction} the service's", off.as_secs());
    if off >= SIGNATURE_WINDOW {
        findings.problem(
            Exit::Credentials,
            "clock",
            format!("{text}: set this machine's clock, or signatures are refused"),
        );
    } else if off > UNIMPORTANT {
        findings.fine("clock", text);
    } else {
        findings.fine("clock", "as the service's");
    }
}

async fn project(
    settings: &Settings,
    region: Option<Region>,
    credentials: Option<Credentials>,
    surroundings: &Surroundings,
    http: &reqwest::Client,
    findings: &mut Findings,
) {
    if let Some(id) = &settings.project_id {
        match crate::types::ProjectId::try_from(id.as_str()) {
            Ok(_) => findings.fine("project", format!("{id} (--project-id)")),
            Err(error) => findings.problem(Exit::Usage, "project", format!("--project-id: {error}")),
        }
        return;
    }
    let Some(credentials) = credentials else {
        findings.note("project", "not looked up: there are no credentials");
        return;
    };
    let place = if credentials.project_id().is_some() { "of the credentials" } else { "looked up by the region" };
    let iam = region.as_ref().map(|region| Endpoint::iam(region, surroundings)).transpose();
    let iam = match iam {
        Ok(iam) => iam,
        Err(error) => return findings.problem(Exit::Usage, "project", error),
    };
    let projects = Projects::new(None, region.zip(iam));
    match projects.id(http, &Cache::fixed(credentials), SystemTime::now()).await {
        Ok(id) => findings.fine("project", format!("{id} ({place})")),
        Err(error @ ProjectError::NoRegion) => findings.note("project", error),
        Err(error) => findings.problem(Exit::Credentials, "project", error),
    }
}

fn root_cause(error: &reqwest::Error) -> String {
    let mut root: &dyn std::error::Error = error;
    while let Some(source) = root.source() {
        root = source;
    }
    root.to_string()
}
