//! The client: made by its builder only, cheap to clone.

use crate::bounds::Limits;
use crate::credentials::{Cached, Chain, Credentials, ProvideCredentials};
use crate::error::{Error, Failure};
use crate::headers::{self, Headers};
use crate::project::{ProjectError, Projects};
use crate::region::{Endpoint, Region};
use crate::retry::Retry;
use crate::transport::{HeaderHook, Transport};
use crate::watch::Watch;
use crate::{Environment, Operation, types};
use hyper_util::client::proxy::matcher::Matcher;
use reqwest::Url;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use std::fmt;
use std::sync::atomic::AtomicI64;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

const REGION: &str = "HW_REGION_NAME";

/// The IMS client. Clones are cheap and share connections, credentials, project id and retry budget.
///
/// ```no_run
/// # async fn run() -> Result<(), ims_api::Error> {
/// let client = ims_api::Client::builder()
///     .region("cn-north-4")
///     .token("MIIF…")
///     .project_id("fd73a4a14a4a4dfb9771a8475e5198ea")
///     .build()?;
/// let answer = client.list_image_tags().image_id("67e17426-359e-49fb-aa12-0bd1756ec240").send().await?;
/// for tag in &answer.tags {
///     println!("{}={}", tag.key, tag.value);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    projects: Projects,
    /// The id, given or found, once it has been checked against the document's pattern.
    project_id: OnceLock<types::ProjectId>,
    transport: Transport,
}

impl Client {
    /// A builder; what it is not told comes from the environment, as each of its methods says.
    #[must_use]
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// A client of the environment: `HW_REGION_NAME`, and credentials as [`Chain::standard`] finds them.
    ///
    /// # Errors
    /// Those of [`ClientBuilder::build`].
    pub fn from_env() -> Result<Self, Error> {
        Self::builder().build()
    }

    pub(crate) fn transport(&self) -> &Transport {
        &self.0.transport
    }

    pub(crate) async fn project_id(&self, operation: &'static Operation) -> Result<types::ProjectId, Error> {
        if let Some(id) = self.0.project_id.get() {
            return Ok(id.clone());
        }
        let transport = &self.0.transport;
        let lookup = self.0.projects.id(&transport.http, &transport.credentials, transport.now());
        let id = tokio::time::timeout(transport.total_timeout, lookup)
            .await
            .map_err(|_| Error::new(Failure::Timeout, Some(operation), "IAM gave no project id in time".to_owned()))?
            .map_err(|ProjectError { failure, reason }| {
                let mut failed = Error::new(failure, Some(operation), reason.to_string());
                failed.inner().passing = reason.is_unavailable();
                failed.because(reason)
            })?;
        let id = types::ProjectId::try_from(id)
            .map_err(|error| Error::invalid_request(operation, format!("project_id: {error}")))?;
        Ok(self.0.project_id.get_or_init(|| id).clone())
    }
}

/// Configures a [`Client`]. A value that is refused is reported by [`ClientBuilder::build`], which names it.
pub struct ClientBuilder {
    region: Option<Result<Region, String>>,
    endpoint: Option<Result<Endpoint, String>>,
    iam_endpoint: Option<Result<Endpoint, String>>,
    credentials: Option<Result<Cached, String>>,
    project_id: Option<String>,
    environment: Environment,
    http: Option<reqwest::ClientBuilder>,
    connect_timeout: Duration,
    read_timeout: Duration,
    total_timeout: Duration,
    retry: Retry,
    limits: Limits,
    headers: Vec<Result<(HeaderName, HeaderValue), String>>,
    header_hook: Option<Arc<HeaderHook>>,
    user_agent: Option<String>,
    watch: Option<Watch>,
    offline: bool,
}

impl Default for ClientBuilder {
    fn default() -> Self {
        Self {
            region: None,
            endpoint: None,
            iam_endpoint: None,
            credentials: None,
            project_id: None,
            environment: Environment::process(),
            http: None,
            connect_timeout: Duration::from_secs(10),
            read_timeout: Duration::from_secs(60),
            total_timeout: Duration::from_secs(120),
            retry: Retry::default(),
            limits: Limits::default(),
            headers: Vec::new(),
            header_hook: None,
            user_agent: None,
            watch: None,
            offline: false,
        }
    }
}

impl ClientBuilder {
    /// The region, for example `cn-north-4`: decides the endpoints that aren't given, and the project that is looked
    /// up. Without it, `HW_REGION_NAME`.
    #[must_use]
    pub fn region<V: TryInto<Region, Error: fmt::Display>>(mut self, region: V) -> Self {
        self.region = Some(region.try_into().map_err(|error| named("region", &error)));
        self
    }

    /// The service's address, in place of the region's. See [`Endpoint::parse`].
    #[must_use]
    pub fn endpoint<V: TryInto<Endpoint, Error: fmt::Display>>(mut self, endpoint: V) -> Self {
        self.endpoint = Some(endpoint.try_into().map_err(|error| named("endpoint", &error)));
        self
    }

    /// Where the project id is looked up, in place of the region's IAM.
    #[must_use]
    pub fn iam_endpoint<V: TryInto<Endpoint, Error: fmt::Display>>(mut self, endpoint: V) -> Self {
        self.iam_endpoint = Some(endpoint.try_into().map_err(|error| format!("iam_endpoint: {error}")));
        self
    }

    /// A token of IAM, sent as `X-Auth-Token`.
    #[must_use]
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.credentials = Some(Credentials::token(token).map(Cached::new).map_err(|error| error.to_string()));
        self
    }

    /// An access key and its secret key, which sign each request.
    #[must_use]
    pub fn access_key(mut self, access_key: impl Into<String>, secret_key: impl Into<String>) -> Self {
        let key = Credentials::access_key(access_key, secret_key);
        self.credentials = Some(key.map(Cached::new).map_err(|error| error.to_string()));
        self
    }

    /// Credentials, or a source of them. Without any, [`Chain::standard`].
    #[must_use]
    pub fn credentials<P: ProvideCredentials + 'static>(mut self, source: P) -> Self {
        self.credentials = Some(Ok(Cached::new(source)));
        self
    }

    /// The project of calls that name none. Without it: the one the credentials belong to, else the one IAM has under
    /// the region's name, looked up once.
    #[must_use]
    pub fn project_id(mut self, id: impl Into<String>) -> Self {
        self.project_id = Some(id.into());
        self
    }

    /// Where variables and files come from: tests hand in their own.
    #[must_use]
    pub fn environment(mut self, environment: Environment) -> Self {
        self.environment = environment;
        self
    }

    /// The HTTP client's own settings: certificates, client identity, proxy, pool. Redirects, retries, decompression,
    /// connect and read timeouts are set after these and cannot be changed here. Default headers set here are not
    /// signed: use [`ClientBuilder::header`].
    #[must_use]
    pub fn http(mut self, http: reqwest::ClientBuilder) -> Self {
        self.http = Some(http);
        self
    }

    /// How long a connection, TLS included, may take. Default 10 s: three lost SYN packets still fit.
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// How long the service may be silent. Default 60 s: longer silence is a lost connection.
    #[must_use]
    pub fn read_timeout(mut self, timeout: Duration) -> Self {
        self.read_timeout = timeout;
        self
    }

    /// How long a call may take with all attempts, waits and the last byte of the body. Default 120 s, as the
    /// official SDKs; it also ends an answer that drips byte by byte.
    #[must_use]
    pub fn total_timeout(mut self, timeout: Duration) -> Self {
        self.total_timeout = timeout;
        self
    }

    /// When calls are tried again; [`Retry::off`] for never.
    #[must_use]
    pub fn retry(mut self, retry: Retry) -> Self {
        self.retry = retry;
        self
    }

    /// How much of an answer is read.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// A header of every request, for example `X-Enterprise-Project-Id`. What decides where a request goes, whose it
    /// is and what it carries is refused.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push(headers::checked(name, value));
        self
    }

    /// Adds headers per call; they are signed with the request. A reserved one fails the call.
    #[must_use]
    pub fn header_hook(mut self, hook: impl Fn(&'static Operation, &mut HeaderMap) + Send + Sync + 'static) -> Self {
        self.header_hook = Some(Arc::new(hook));
        self
    }

    /// Who calls, in front of this crate's own name and version.
    #[must_use]
    pub fn user_agent(mut self, application: impl Into<String>) -> Self {
        self.user_agent = Some(application.into());
        self
    }

    /// Shows each request and its answer. `offline` leaves the project id out of what is looked up.
    #[cfg(feature = "cli")]
    pub(crate) fn watched(mut self, watch: Watch, offline: bool) -> Self {
        self.watch = Some(watch);
        self.offline = offline;
        self
    }

    /// Checks all of it. Nothing is sent yet.
    ///
    /// # Errors
    /// [`Failure::Configuration`](crate::Failure::Configuration): a value is refused, neither endpoint nor region is
    /// known, or TLS has no crypto provider.
    pub fn build(self) -> Result<Client, Error> {
        let settings = Error::configuration;
        let region = match self.region {
            Some(region) => Some(region.map_err(settings)?),
            None => match self.environment.variable(REGION).map_err(settings)? {
                Some(name) => Some(Region::new(name.as_str()).map_err(|error| settings(format!("{REGION}: {error}")))?),
                None => None,
            },
        };
        let endpoint = match (self.endpoint, &region) {
            (Some(endpoint), _) => endpoint.map_err(settings)?,
            (None, Some(region)) => {
                Endpoint::of_region(region, &self.environment).map_err(|error| settings(error.to_string()))?
            }
            (None, None) => {
                return Err(settings(format!(
                    "neither region nor endpoint is known: call region(\"cn-north-4\"), or set {REGION}"
                )));
            }
        };
        let iam = match (self.iam_endpoint, &region) {
            (Some(iam), _) => Some(iam.map_err(settings)?),
            (None, Some(region)) => {
                Some(Endpoint::iam(region, &self.environment).map_err(|error| settings(error.to_string()))?)
            }
            (None, None) => None,
        };
        let credentials = match self.credentials {
            Some(credentials) => credentials.map_err(settings)?,
            None => Cached::new(Chain::standard(&self.environment)),
        };
        let project_id = match self.project_id.map(types::ProjectId::try_from).transpose() {
            Ok(given) => given.map_or_else(OnceLock::new, OnceLock::from),
            Err(error) => return Err(settings(format!("project_id: {error}"))),
        };
        let headers = self.headers.into_iter().collect::<Result<Headers, String>>().map_err(settings)?;
        let own = concat!("ims-api/", env!("CARGO_PKG_VERSION"));
        let user_agent = match self.user_agent {
            Some(application) => format!("{application} {own}"),
            None => own.to_owned(),
        };
        let user_agent = HeaderValue::from_str(&user_agent)
            .map_err(|_| settings("user_agent: has characters that no header can carry".to_owned()))?;
        let url = Url::parse(endpoint.as_str()).map_err(|error| settings(format!("endpoint: {error}")))?;
        require_crypto_provider()?;
        let route = route(&url, self.http.is_none());
        let mut http = self
            .http
            .unwrap_or_default()
            .user_agent(user_agent)
            .connect_timeout(self.connect_timeout)
            .read_timeout(self.read_timeout)
            // Credential headers would follow a redirect.
            .redirect(reqwest::redirect::Policy::none())
            // Attempts are counted, limited and signed anew here alone.
            .retry(reqwest::retry::never())
            // A few compressed bytes can unfold to gigabytes; other crates may have switched the features on.
            .no_gzip()
            .no_brotli()
            .no_zstd()
            .no_deflate()
            .referer(false)
            // It would log every byte, credentials included.
            .connection_verbose(false);
        if let Some(count) = self.limits.header_count {
            http = http.http1_max_headers(count);
        }
        let http =
            http.build().map_err(|error| settings("the HTTP client cannot be built".to_owned()).because(error))?;
        Ok(Client(Arc::new(Inner {
            projects: Projects::new(region.zip(iam).filter(|_| !self.offline)),
            project_id,
            transport: Transport {
                http,
                endpoint: url,
                route,
                credentials,
                policy: self.retry.into_policy(),
                total_timeout: self.total_timeout,
                limits: self.limits,
                headers,
                header_hook: self.header_hook,
                clock_offset: AtomicI64::new(0),
                watch: self.watch,
            },
        })))
    }
}

/// A refusal that begins with the setting's name; our own types' do.
fn named(setting: &str, error: &dyn fmt::Display) -> String {
    let reason = error.to_string();
    if reason.starts_with(setting) { reason } else { format!("{setting}: {reason}") }
}

/// Where connections go: host and port, and the proxy that the environment names for them, if its word is the last one.
fn route(url: &Url, environment_decides: bool) -> String {
    let host = format!("{}:{}", url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or_default());
    // As reqwest asks.
    let uri = url.as_str().parse().ok().filter(|_| environment_decides);
    let proxy = uri.and_then(|uri| Matcher::from_system().intercept(&uri));
    // The address alone: a proxy's may hold a password.
    match proxy.as_ref().and_then(|proxy| proxy.uri().authority()) {
        Some(proxy) => format!("{host} by the proxy {}", proxy.as_str().rsplit('@').next().unwrap_or_default()),
        None => host,
    }
}

/// reqwest panics without a provider; with the feature `rustls` it brings its own.
fn require_crypto_provider() -> Result<(), Error> {
    #[cfg(all(feature = "rustls-no-provider", not(feature = "rustls")))]
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        return Err(Error::configuration(
            "TLS has no crypto provider: install one first (CryptoProvider::install_default), or enable the feature rustls"
                .to_owned(),
        ));
    }
    Ok(())
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("project_id", &self.0.project_id)
            .field("projects", &self.0.projects)
            .field("transport", &self.0.transport)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("region", &self.region)
            .field("endpoint", &self.endpoint)
            .field("credentials", &self.credentials)
            .field("project_id", &self.project_id)
            .field("retry", &self.retry)
            .finish_non_exhaustive()
    }
}

#[cfg(all(test, feature = "rustls-no-provider", not(feature = "rustls")))]
mod tests {
    use crate::{Client, Failure};

    /// Runs in the gate, which builds with this feature alone.
    #[test]
    fn a_missing_crypto_provider_is_an_error() {
        let built = Client::builder().region("cn-north-4").token("a-token").build();
        let error = built.err().map(|error| (error.failure(), error.to_string()));
        assert!(matches!(error, Some((Failure::Configuration, text)) if text.contains("no crypto provider")));
    }
}
