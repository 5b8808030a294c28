//! Credentials from the official SDKs' profile file, an INI file.

use super::{Context, Credentials, CredentialsError, ProvideCredentials, Provided};
use crate::Environment;
use std::future::ready;
use std::path::PathBuf;

const FILE: &str = "HUAWEICLOUD_SDK_CREDENTIALS_FILE";
const SECTION: &str = "basic";

/// The section `[basic]` (`ak`, `sk`, `security_token`, `project_id`) of the file that
/// `HUAWEICLOUD_SDK_CREDENTIALS_FILE` names, else of `~/.huaweicloud/credentials`.
#[derive(Clone, Debug)]
pub struct Profile {
    environment: Environment,
    section: String,
}

impl Profile {
    /// Reads these environment; [`Environment::process`] for the process.
    #[must_use]
    pub fn new(environment: Environment) -> Self {
        Self::section(environment, SECTION)
    }

    /// The same with the section of this name in place of `[basic]`.
    #[must_use]
    pub fn section(environment: Environment, name: &str) -> Self {
        Self { environment, section: name.to_owned() }
    }

    fn read(&self) -> Result<Credentials, CredentialsError> {
        let named = self.environment.variable(FILE).map_err(CredentialsError::invalid)?;
        let path = named
            .as_ref()
            .map(|path| PathBuf::from(path.as_str()))
            .or_else(|| self.environment.in_home("credentials"))
            .ok_or_else(|| CredentialsError::not_configured(format!("no home directory: set {FILE}")))?;
        let place = path.display().to_string();
        let text = match self.environment.file(&path) {
            Ok(Some(text)) => text,
            Ok(None) if named.is_some() => {
                return Err(CredentialsError::invalid(format!(
                    "{FILE}: there is no file {place}: create it or unset the variable"
                )));
            }
            Ok(None) => {
                return Err(CredentialsError::not_configured(format!(
                    "write ak and sk below [{}] in {place}",
                    self.section
                )));
            }
            Err(error) => {
                return Err(CredentialsError::invalid(format!("{place}: cannot be read")).because(error));
            }
        };
        let section = section(&text, &self.section)
            .map_err(|(line, reason)| CredentialsError::invalid(format!("{place}:{line}: {reason}")))?;
        credentials(&section, &self.section).map_err(|error| error.at(&place))
    }
}

impl ProvideCredentials for Profile {
    fn name(&self) -> &'static str {
        "profile"
    }

    fn provide<'a>(&'a self, _context: Context<'a>) -> Provided<'a> {
        Box::pin(ready(self.read()))
    }
}

/// The values of the section, borrowed from the text, which is wiped.
#[derive(Default)]
struct Section<'a> {
    ak: Option<&'a str>,
    sk: Option<&'a str>,
    security_token: Option<&'a str>,
    project_id: Option<&'a str>,
}

fn credentials(section: &Section<'_>, name: &str) -> Result<Credentials, CredentialsError> {
    let (ak, sk) = match (section.ak, section.sk) {
        (Some(ak), Some(sk)) => (ak, sk),
        (ak, _) => {
            let key = if ak.is_none() { "ak" } else { "sk" };
            return Err(CredentialsError::invalid(format!("[{name}] has no {key}: add `{key} = …`")));
        }
    };
    let mut credentials = Credentials::access_key(ak, sk)?;
    if let Some(token) = section.security_token {
        credentials = credentials.with_security_token(token)?;
    }
    if let Some(id) = section.project_id {
        super::secret::check("project_id", id)?;
        credentials = credentials.with_project_id(id);
    }
    Ok(credentials)
}

/// Reads one section of an INI file. Own lines instead of a crate: INI crates copy values into buffers that are not
/// wiped and don't tell the line of a fault. Comments have lines of their own (`#` or `;`): a key may contain both.
fn section<'a>(text: &'a str, wanted: &str) -> Result<Section<'a>, (usize, String)> {
    let mut section = Section::default();
    let mut inside = false;
    for (line, raw) in (1..).zip(text.trim_start_matches('\u{feff}').lines()) {
        let content = raw.trim();
        if content.is_empty() || content.starts_with(['#', ';']) {
            continue;
        }
        if let Some(name) = content.strip_prefix('[') {
            let Some(name) = name.strip_suffix(']') else {
                return Err((line, "a section's name ends with `]`".to_owned()));
            };
            inside = name.trim() == wanted;
            continue;
        }
        if !inside {
            continue;
        }
        // The line may be a secret that lost its name: it is not shown.
        let Some((key, value)) = content.split_once('=') else {
            return Err((line, "expected `name = value`".to_owned()));
        };
        let (key, value) = (key.trim(), value.trim());
        let slot = match key {
            "ak" => &mut section.ak,
            "sk" => &mut section.sk,
            "security_token" => &mut section.security_token,
            "project_id" => &mut section.project_id,
            // Names of the official SDKs that this client has no use for.
            _ => continue,
        };
        if value.is_empty() {
            return Err((line, format!("{key} is empty: set a value or remove the line")));
        }
        if slot.replace(value).is_some() {
            return Err((line, format!("{key} is set twice in [{wanted}]: keep one")));
        }
    }
    Ok(section)
}
