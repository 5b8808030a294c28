//! Credentials from environment variables, under the official SDKs' names.

use super::{Context, Credentials, CredentialsError, ProvideCredentials, Provided};
use crate::Environment;
use std::future::ready;

const TOKEN: &str = "HW_AUTH_TOKEN";
const ACCESS_KEY: &str = "HUAWEICLOUD_SDK_AK";
const SECRET_KEY: &str = "HUAWEICLOUD_SDK_SK";
const SECURITY_TOKEN: &str = "HUAWEICLOUD_SDK_SECURITY_TOKEN";
const PROJECT_ID: &str = "HUAWEICLOUD_SDK_PROJECT_ID";

/// `HW_AUTH_TOKEN`, else `HUAWEICLOUD_SDK_AK` with `HUAWEICLOUD_SDK_SK` and, for a temporary key,
/// `HUAWEICLOUD_SDK_SECURITY_TOKEN`; and `HUAWEICLOUD_SDK_PROJECT_ID`. If both kinds are set, only the token is sent.
/// Every one of them that is set must be well-formed, whether it is sent or not.
#[derive(Clone, Debug)]
pub struct EnvironmentVariables(Environment);

impl EnvironmentVariables {
    /// Reads these environment; [`Environment::process`] for the process.
    #[must_use]
    pub fn new(environment: Environment) -> Self {
        Self(environment)
    }

    fn read(&self) -> Result<Credentials, CredentialsError> {
        let get = |name: &str| match self.0.variable(name) {
            Ok(Some(value)) => super::secret::check(name, &value).map(|()| Some(value)),
            Ok(None) => Ok(None),
            Err(reason) => Err(CredentialsError::invalid(reason)),
        };
        let (token, access, secret) = (get(TOKEN)?, get(ACCESS_KEY)?, get(SECRET_KEY)?);
        let (security_token, project_id) = (get(SECURITY_TOKEN)?, get(PROJECT_ID)?);
        let missing = |set: &str, unset: &str| {
            CredentialsError::invalid(format!("{set} is set, but {unset} is not: set {unset}, too"))
        };
        let key = match (access, secret) {
            (Some(access), Some(secret)) => {
                let key =
                    Credentials::access_key(access.as_str(), secret.as_str()).map_err(|error| error.at(ACCESS_KEY))?;
                Some(match security_token {
                    Some(token) => key.with_security_token(token.as_str())?,
                    None => key,
                })
            }
            (Some(_), None) => return Err(missing(ACCESS_KEY, SECRET_KEY)),
            (None, Some(_)) => return Err(missing(SECRET_KEY, ACCESS_KEY)),
            (None, None) if security_token.is_some() => {
                return Err(missing(SECURITY_TOKEN, ACCESS_KEY));
            }
            (None, None) => None,
        };
        let credentials = match (token, key) {
            (Some(token), _) => Credentials::token(token.as_str())?,
            (None, Some(key)) => key,
            (None, None) => {
                return Err(CredentialsError::not_configured(format!("set {ACCESS_KEY} and {SECRET_KEY}, or {TOKEN}")));
            }
        };
        Ok(match project_id {
            Some(id) => credentials.with_project_id(id.as_str()),
            None => credentials,
        })
    }
}

impl ProvideCredentials for EnvironmentVariables {
    fn name(&self) -> &'static str {
        "environment"
    }

    fn provide<'a>(&'a self, _context: Context<'a>) -> Provided<'a> {
        Box::pin(ready(self.read()))
    }
}
