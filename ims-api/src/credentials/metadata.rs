//! Temporary credentials of the agency of an ECS, from the metadata service of the machine.

use super::{Context, Credentials, CredentialsError, ProvideCredentials, Provided, Secret};
use crate::{Environment, date};
use reqwest::{Method, StatusCode, header::HeaderValue};
use serde::Deserialize;
use std::sync::{OnceLock, PoisonError, RwLock};
use std::time::Duration;
use zeroize::Zeroizing;

const TOKEN_PATH: &str = "/meta-data/latest/api/token";
const KEY_PATH: &str = "/openstack/latest/securitykey";
const TIMEOUT: Duration = Duration::from_secs(3);
/// A token is a header, a key some kilobytes.
const ANSWER_LIMIT: usize = 64 << 10;

/// The credentials of the agency that an ECS runs under. Uses an HTTP client of its own, without proxy or redirects:
/// the address is the machine's own. Each request may take 3 s.
#[derive(Debug)]
pub struct Metadata {
    address: String,
    http: OnceLock<reqwest::Client>,
    token: RwLock<Option<Secret>>,
}

impl Default for Metadata {
    fn default() -> Self {
        Self::new()
    }
}

impl Metadata {
    /// The metadata service at its fixed address.
    #[must_use]
    pub fn new() -> Self {
        Self::at(Environment::process().metadata_address())
    }

    /// A metadata service at another address, such as a test's.
    #[must_use]
    pub fn at(address: impl Into<String>) -> Self {
        Self {
            address: address.into().trim_end_matches('/').to_owned(),
            http: OnceLock::new(),
            token: RwLock::new(None),
        }
    }

    fn http(&self) -> Result<&reqwest::Client, CredentialsError> {
        if let Some(http) = self.http.get() {
            return Ok(http);
        }
        let http = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(TIMEOUT)
            .build()
            .map_err(|error| CredentialsError::invalid("the HTTP client cannot be built").because(error))?;
        Ok(self.http.get_or_init(|| http))
    }

    async fn fetch(&self) -> Result<Credentials, CredentialsError> {
        let http = self.http()?;
        let known = self.token.read().unwrap_or_else(PoisonError::into_inner).clone();
        let had_token = known.is_some();
        let token = match known {
            Some(token) => Some(token),
            None => self.fetch_token(http).await?,
        };
        let mut answer = self.fetch_key(http, token.as_ref()).await?;
        // The token we kept has run out, or the service has begun to want one.
        if answer.status() == StatusCode::UNAUTHORIZED && (had_token || token.is_none()) {
            let token = self.fetch_token(http).await?;
            answer = self.fetch_key(http, token.as_ref()).await?;
        }
        match answer.status() {
            StatusCode::OK => {}
            StatusCode::NOT_FOUND => {
                return Err(CredentialsError::not_configured(
                    "this machine has no agency: set one on the ECS in the console",
                ));
            }
            status => {
                let message = format!("{KEY_PATH} answered {}: check the agency of this ECS", status.as_u16());
                return Err(match status.is_server_error() {
                    true => CredentialsError::unavailable(message),
                    false => CredentialsError::invalid(message),
                });
            }
        }
        parse(&super::read(answer, ANSWER_LIMIT).await?)
    }

    /// `None` where the service is of the first version and needs no token.
    async fn fetch_token(&self, http: &reqwest::Client) -> Result<Option<Secret>, CredentialsError> {
        let answer = http
            .request(Method::PUT, format!("{}{TOKEN_PATH}", self.address))
            .header("X-Metadata-Token-Ttl-Seconds", "21600")
            .send()
            .await
            .map_err(|error| {
                CredentialsError::not_configured(
                    "the metadata service does not answer: this is no ECS, or its network bars 169.254.169.254",
                )
                .because(error.without_url())
            })?;
        match answer.status().as_u16() {
            200 => {
                let body = super::read(answer, ANSWER_LIMIT).await?;
                let text = std::str::from_utf8(&body).unwrap_or_default().trim();
                let token = Secret::checked("token of the metadata service", text.to_owned())?;
                *self.token.write().unwrap_or_else(PoisonError::into_inner) = Some(token.clone());
                Ok(Some(token))
            }
            404 | 405 | 503 => Ok(None),
            status => {
                let next = "try again, or set HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK";
                let message = format!("{TOKEN_PATH} answered {status}: {next}");
                Err(match status {
                    500..=599 => CredentialsError::unavailable(message),
                    _ => CredentialsError::invalid(message),
                })
            }
        }
    }

    async fn fetch_key(
        &self,
        http: &reqwest::Client,
        token: Option<&Secret>,
    ) -> Result<reqwest::Response, CredentialsError> {
        let mut request = http.get(format!("{}{KEY_PATH}", self.address));
        if let Some(token) = token.and_then(Secret::header) {
            request = request.header("X-Metadata-Token", HeaderValue::clone(&token));
        }
        request.send().await.map_err(|error| {
            CredentialsError::unavailable(format!("{KEY_PATH} does not answer")).because(error.without_url())
        })
    }
}

impl ProvideCredentials for Metadata {
    fn name(&self) -> &'static str {
        "metadata"
    }

    fn provide<'a>(&'a self, _context: Context<'a>) -> Provided<'a> {
        Box::pin(self.fetch())
    }

    /// As the official SDKs do.
    fn refresh_before(&self) -> Duration {
        Duration::from_secs(40 * 60)
    }
}

#[derive(Deserialize)]
struct Answer {
    credential: Key,
}

#[derive(Deserialize)]
struct Key {
    access: Zeroizing<String>,
    secret: Zeroizing<String>,
    securitytoken: Zeroizing<String>,
    expires_at: String,
}

fn parse(body: &[u8]) -> Result<Credentials, CredentialsError> {
    // serde's error could quote a value: only that it is wrong is told.
    let Ok(Answer { credential: key }) = serde_json::from_slice(body) else {
        return Err(CredentialsError::invalid(format!("{KEY_PATH} answered something other than credentials")));
    };
    let expires = date::parse_iso(&key.expires_at)
        .ok_or_else(|| CredentialsError::invalid(format!("{KEY_PATH} answered an expires_at that is no date")))?;
    Ok(Credentials::access_key(key.access.as_str(), key.secret.as_str())?
        .with_security_token(key.securitytoken.as_str())?
        .with_expiry(expires))
}
