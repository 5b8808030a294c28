//! Credentials and where they come from: a token or a key pair, handed in or provided by a source that may renew them.

mod cache;
mod chain;
mod environment;
mod iam;
mod metadata;
mod profile;
mod secret;

pub(crate) use cache::Cache;
pub use chain::Chain;
pub use environment::EnvironmentVariables;
pub use iam::PasswordLogin;
pub use metadata::Metadata;
pub use profile::Profile;
pub use secret::Secret;

use crate::digest::SigningKey;
use std::error::Error as StdError;
use std::fmt;
use std::future::{Future, ready};
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// What authenticates a request: a token (`X-Auth-Token`), or an access key with its secret key, which sign it.
/// `Debug` shows neither token nor secret key.
#[derive(Clone, Debug)]
pub struct Credentials {
    kind: Kind,
    expires: Option<SystemTime>,
    project_id: Option<String>,
}

#[derive(Clone, Debug)]
pub(crate) enum Kind {
    Token(Secret),
    Key { access: String, secret: Secret, signing: Arc<SigningKey>, security_token: Option<Secret> },
}

impl Credentials {
    /// A token of IAM, sent as `X-Auth-Token`.
    ///
    /// # Errors
    /// The token is empty or has characters that no header can carry.
    pub fn token(token: impl Into<String>) -> Result<Self, CredentialsError> {
        Ok(Self::of(Kind::Token(Secret::checked("token", token.into())?)))
    }

    /// An access key (AK) and its secret key (SK).
    ///
    /// # Errors
    /// One of them is empty or has characters other than visible ASCII.
    pub fn access_key(access_key: impl Into<String>, secret_key: impl Into<String>) -> Result<Self, CredentialsError> {
        let access = access_key.into();
        secret::check("access key", &access)?;
        if let Some(bad) = access.chars().find(|c| matches!(c, ',' | '=')) {
            return Err(CredentialsError::invalid(format!(
                "access key: `{bad}` cannot be part of it: copy it again from the console"
            )));
        }
        let secret = Secret::checked("secret key", secret_key.into())?;
        let signing = Arc::new(SigningKey::new(secret.text().as_bytes()));
        Ok(Self::of(Kind::Key { access, secret, signing, security_token: None }))
    }

    /// Adds the security token that belongs to a temporary access key, sent as `X-Security-Token`.
    ///
    /// # Errors
    /// It is empty, has characters that no header can carry, or these credentials are a token.
    pub fn with_security_token(mut self, token: impl Into<String>) -> Result<Self, CredentialsError> {
        match &mut self.kind {
            Kind::Key { security_token, .. } => {
                *security_token = Some(Secret::checked("security token", token.into())?);
                Ok(self)
            }
            Kind::Token(_) => {
                Err(CredentialsError::invalid("security token: belongs to an access key, not to a token"))
            }
        }
    }

    /// Says when they stop being valid; without it they are kept until the service refuses them.
    #[must_use]
    pub fn with_expiry(mut self, expires: SystemTime) -> Self {
        self.expires = Some(expires);
        self
    }

    /// Says which project they belong to: used if the client is given no project id.
    #[must_use]
    pub fn with_project_id(mut self, project_id: impl Into<String>) -> Self {
        self.project_id = Some(project_id.into());
        self
    }

    /// When they stop being valid, if that is known.
    #[must_use]
    pub fn expires(&self) -> Option<SystemTime> {
        self.expires
    }

    /// The project they belong to, if that is known.
    #[must_use]
    pub fn project_id(&self) -> Option<&str> {
        self.project_id.as_deref()
    }

    pub(crate) fn kind(&self) -> &Kind {
        &self.kind
    }

    fn of(kind: Kind) -> Self {
        Self { kind, expires: None, project_id: None }
    }
}

/// What a source may use while it provides credentials.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    http: &'a reqwest::Client,
}

impl<'a> Context<'a> {
    /// A context of this HTTP client: what the IMS client hands to its source, and what a test hands to one.
    #[must_use]
    pub fn new(http: &'a reqwest::Client) -> Self {
        Self { http }
    }

    /// The IMS client's own HTTP client: its TLS, proxy and timeouts; it follows no redirects.
    #[must_use]
    pub fn http(&self) -> &'a reqwest::Client {
        self.http
    }
}

/// The future of [`ProvideCredentials::provide`].
pub type Provided<'a> = Pin<Box<dyn Future<Output = Result<Credentials, CredentialsError>> + Send + 'a>>;

/// A source of credentials. The client caches what it provides until it nears its expiry, and asks once however many
/// calls wait.
///
/// ```
/// use ims_api::credentials::{Context, Credentials, ProvideCredentials, Provided};
///
/// #[derive(Debug)]
/// struct Vault;
///
/// impl ProvideCredentials for Vault {
///     fn name(&self) -> &str {
///         "vault"
///     }
///     fn provide<'a>(&'a self, _context: Context<'a>) -> Provided<'a> {
///         Box::pin(async { Credentials::access_key("AK", "SK") })
///     }
/// }
/// ```
pub trait ProvideCredentials: Send + Sync + fmt::Debug {
    /// What reports call this source.
    fn name(&self) -> &str;

    /// Fetches credentials. An error made by [`CredentialsError::not_configured`] lets a [`Chain`] try its next link.
    fn provide<'a>(&'a self, context: Context<'a>) -> Provided<'a>;

    /// How long before their expiry credentials are renewed in the background.
    fn refresh_before(&self) -> Duration {
        Duration::from_secs(5 * 60)
    }
}

impl ProvideCredentials for Credentials {
    fn name(&self) -> &'static str {
        "given credentials"
    }

    fn provide<'a>(&'a self, _context: Context<'a>) -> Provided<'a> {
        Box::pin(ready(Ok(self.clone())))
    }
}

/// Why there are no credentials. One line; holds no secret. Cheap to clone.
#[derive(Clone)]
pub struct CredentialsError(Arc<Reason>);

struct Reason {
    configured: bool,
    message: String,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl CredentialsError {
    /// The source has nothing set: a chain tries its next link. Say what to set.
    pub fn not_configured(message: impl Into<String>) -> Self {
        Self::new(false, message.into(), None)
    }

    /// The source is set, but wrongly: a chain stops here. Say which setting is wrong, never its value.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(true, message.into(), None)
    }

    /// Keeps the error below this one.
    #[must_use]
    pub fn because(self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::new(self.0.configured, self.0.message.clone(), Some(source.into()))
    }

    /// Whether the source has nothing set, as opposed to something wrong.
    #[must_use]
    pub fn is_not_configured(&self) -> bool {
        !self.0.configured
    }

    fn new(configured: bool, message: String, source: Option<Box<dyn StdError + Send + Sync>>) -> Self {
        Self(Arc::new(Reason { configured, message, source }))
    }

    /// The same error, its message led by the place it came from.
    fn at(self, place: &str) -> Self {
        Self::new(self.0.configured, format!("{place}: {}", self.0.message), None)
    }
}

impl fmt::Display for CredentialsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl fmt::Debug for CredentialsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CredentialsError")
            .field("message", &self.0.message)
            .field("source", &self.0.source)
            .finish_non_exhaustive()
    }
}

impl StdError for CredentialsError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}

/// Reads a whole answer of at most `limit` bytes.
pub(crate) async fn read(answer: reqwest::Response, limit: usize) -> Result<bytes::Bytes, CredentialsError> {
    let read = crate::bounds::read(answer, limit).await;
    read.map_err(|error| CredentialsError::invalid("the answer could not be read").because(error))
}
