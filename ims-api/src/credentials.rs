//! Credentials and where they come from: a token or a key pair, handed in or provided by a source that may renew them.

mod cache;
mod chain;
mod environment;
mod from_fn;
mod iam;
mod metadata;
mod profile;
mod secret;

pub use cache::Cached;
pub use chain::Chain;
pub use environment::EnvironmentVariables;
pub use from_fn::{FromFn, from_fn};
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

    /// Whether the service can't tell these from the others.
    pub(crate) fn same(&self, other: &Self) -> bool {
        match (&self.kind, &other.kind) {
            (Kind::Token(one), Kind::Token(two)) => one.text() == two.text(),
            (
                Kind::Key { access: a, secret: b, security_token: c, .. },
                Kind::Key { access: x, secret: y, security_token: z, .. },
            ) => a == x && b.text() == y.text() && c.as_ref().map(Secret::text) == z.as_ref().map(Secret::text),
            _ => false,
        }
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

/// A source behind a pointer is one, `Arc<dyn ProvideCredentials>` included.
impl<P: ProvideCredentials + ?Sized> ProvideCredentials for Arc<P> {
    fn name(&self) -> &str {
        (**self).name()
    }

    fn provide<'a>(&'a self, context: Context<'a>) -> Provided<'a> {
        (**self).provide(context)
    }

    fn refresh_before(&self) -> Duration {
        (**self).refresh_before()
    }
}

/// Why there are no credentials. One line; holds no secret. Cheap to clone.
#[derive(Clone)]
pub struct CredentialsError(Arc<Reason>);

#[derive(Clone)]
struct Reason {
    failure: SourceFailure,
    message: String,
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum SourceFailure {
    NotConfigured,
    Invalid,
    Unavailable,
}

impl CredentialsError {
    /// The source has nothing set: a chain tries its next link. Say what to set.
    pub fn not_configured(message: impl Into<String>) -> Self {
        Self::new(SourceFailure::NotConfigured, message)
    }

    /// The source is set, but wrongly: a chain stops here. Say which setting is wrong, never its value.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(SourceFailure::Invalid, message)
    }

    /// The source can't be asked now, and may be later: a vault that doesn't answer. A chain stops here, and the call is
    /// tried again as [`Retry`](crate::Retry) says.
    pub fn unavailable(message: impl Into<String>) -> Self {
        Self::new(SourceFailure::Unavailable, message)
    }

    /// Keeps the error below this one.
    #[must_use]
    pub fn because(mut self, source: impl StdError + Send + Sync + 'static) -> Self {
        Arc::make_mut(&mut self.0).source = Some(Arc::new(source));
        self
    }

    /// Whether the source has nothing set, as opposed to something wrong.
    #[must_use]
    pub fn is_not_configured(&self) -> bool {
        self.0.failure == SourceFailure::NotConfigured
    }

    /// Whether the same source may have credentials later.
    #[must_use]
    pub fn is_unavailable(&self) -> bool {
        self.0.failure == SourceFailure::Unavailable
    }

    fn new(failure: SourceFailure, message: impl Into<String>) -> Self {
        Self(Arc::new(Reason { failure, message: message.into(), source: None }))
    }

    /// The same error, its message led by the place it came from.
    fn at(mut self, place: &str) -> Self {
        let reason = Arc::make_mut(&mut self.0);
        reason.message = format!("{place}: {}", reason.message);
        self
    }
}

impl fmt::Display for CredentialsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

/// The sentence, for a `main` that returns it.
impl fmt::Debug for CredentialsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl StdError for CredentialsError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}

/// Reads a whole answer of at most `limit` bytes.
async fn read(mut answer: reqwest::Response, limit: usize) -> Result<bytes::Bytes, CredentialsError> {
    let read = crate::bounds::read(&mut answer, limit).await;
    read.map_err(|error| CredentialsError::unavailable("the answer could not be read").because(error))
}
