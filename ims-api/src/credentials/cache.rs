//! The cache of credentials: one refresh in flight, before the expiry, in the background.

use super::{Context, Credentials, CredentialsError, ProvideCredentials, Provided};
use std::any::Any;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, SystemTime};
use tokio::sync::{Mutex, OwnedMutexGuard};

/// A refresh in the background is tried this often at most, so that a failing source is not hammered.
const PAUSE: Duration = Duration::from_secs(30);
/// No source may keep callers longer than this.
const PATIENCE: Duration = Duration::from_secs(60);

/// Tells the time; tests hand in their own.
pub(crate) type Clock = Arc<dyn Fn() -> SystemTime + Send + Sync>;

/// A source whose credentials are fetched once for all clients that are given a clone of it, and renewed before they
/// expire. Each client caches by itself what it is given; this is for clients of several regions.
///
/// ```
/// # fn build(vault: impl ims_api::credentials::ProvideCredentials + 'static) -> Result<(), ims_api::Error> {
/// use ims_api::{Client, credentials::Cached};
///
/// let shared = Cached::new(vault);
/// let north = Client::builder().region("cn-north-4").credentials(shared.clone()).build()?;
/// let south = Client::builder().region("cn-south-1").credentials(shared).build()?;
/// # let _ = (north, south);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Cached(Holder);

#[derive(Clone)]
enum Holder {
    /// Given once: no lock, no expiry to watch.
    Fixed(Arc<Credentials>),
    Provided(Arc<Shared>),
}

struct Shared {
    source: Arc<dyn ProvideCredentials>,
    clock: Clock,
    current: RwLock<Option<Arc<Credentials>>>,
    refresh: Arc<Mutex<Attempts>>,
}

/// What the holder of the refresh lock knows of the attempts before.
#[derive(Default)]
struct Attempts {
    last: Option<SystemTime>,
    /// Who waited for an attempt that failed shares its error instead of asking again.
    failed: Option<CredentialsError>,
}

impl Cached {
    /// Credentials that never change.
    pub(crate) fn fixed(credentials: Credentials) -> Self {
        Self(Holder::Fixed(Arc::new(credentials)))
    }

    /// Shares what this source provides. Given credentials can't be renewed, and so need no lock.
    pub fn new<P: ProvideCredentials + 'static>(source: P) -> Self {
        let any: &dyn Any = &source;
        match (any.downcast_ref::<Self>(), any.downcast_ref::<Credentials>()) {
            (Some(shared), _) => shared.clone(),
            (None, Some(given)) => Self::fixed(given.clone()),
            (None, None) => Self::with_clock(Arc::new(source), Arc::new(SystemTime::now)),
        }
    }

    pub(crate) fn with_clock(source: Arc<dyn ProvideCredentials>, clock: Clock) -> Self {
        Self(Holder::Provided(Arc::new(Shared { source, clock, current: RwLock::default(), refresh: Arc::default() })))
    }

    /// The credentials to use now. Waits only if there are none that are still valid.
    pub(crate) async fn get(&self, http: &reqwest::Client) -> Result<Arc<Credentials>, CredentialsError> {
        let shared = match &self.0 {
            Holder::Fixed(credentials) => return Ok(Arc::clone(credentials)),
            Holder::Provided(shared) => shared,
        };
        if let Some(current) = shared.valid() {
            if shared.is_due(&current) {
                shared.refresh_in_background(http);
            }
            return Ok(current);
        }
        // Boxed, since few calls need its state.
        Box::pin(shared.wait(http)).await
    }

    /// Drops these credentials, which the service has refused, unless others took their place already. Says whether
    /// the next `get` may bring others.
    pub(crate) fn renew(&self, used: &Arc<Credentials>) -> bool {
        let Holder::Provided(shared) = &self.0 else {
            return false;
        };
        let mut current = shared.current.write().unwrap_or_else(PoisonError::into_inner);
        if current.as_ref().is_some_and(|current| Arc::ptr_eq(current, used)) {
            *current = None;
        }
        true
    }
}

impl Shared {
    fn valid(&self) -> Option<Arc<Credentials>> {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        let current = current.as_ref()?;
        match current.expires() {
            Some(expires) if expires <= (self.clock)() => None,
            _ => Some(Arc::clone(current)),
        }
    }

    fn is_due(&self, current: &Credentials) -> bool {
        current.expires().is_some_and(|expires| (self.clock)() + self.source.refresh_before() >= expires)
    }

    /// Waits for a refresh: its own, or one that runs already.
    async fn wait(&self, http: &reqwest::Client) -> Result<Arc<Credentials>, CredentialsError> {
        let mut attempts = match Arc::clone(&self.refresh).try_lock_owned() {
            Ok(attempts) => attempts,
            Err(_) => {
                let attempts = Arc::clone(&self.refresh).lock_owned().await;
                if let Some(current) = self.valid() {
                    return Ok(current);
                }
                if let Some(error) = &attempts.failed {
                    return Err(error.clone());
                }
                attempts
            }
        };
        if let Some(current) = self.valid() {
            return Ok(current);
        }
        self.refresh(http, &mut attempts).await
    }

    /// Does nothing if a refresh runs already or ran a moment ago.
    fn refresh_in_background(self: &Arc<Self>, http: &reqwest::Client) {
        let Ok(mut attempts) = Arc::clone(&self.refresh).try_lock_owned() else {
            return;
        };
        let now = (self.clock)();
        if attempts.last.is_some_and(|last| now.duration_since(last).is_ok_and(|since| since < PAUSE)) {
            return;
        }
        let (shared, http) = (Arc::clone(self), http.clone());
        tokio::spawn(async move {
            if let Err(error) = shared.refresh(&http, &mut attempts).await {
                tracing::warn!(source = shared.source.name(), %error, "credentials not refreshed, the old ones are still valid");
            }
        });
    }

    /// Asks the source. A caller dropped meanwhile releases the lock, and the next one asks again.
    async fn refresh(
        &self,
        http: &reqwest::Client,
        attempts: &mut OwnedMutexGuard<Attempts>,
    ) -> Result<Arc<Credentials>, CredentialsError> {
        attempts.last = Some((self.clock)());
        attempts.failed = None;
        let answer = tokio::time::timeout(PATIENCE, self.source.provide(Context::new(http)))
            .await
            .unwrap_or_else(|_| {
                Err(CredentialsError::unavailable(format!(
                    "{}: no answer within {} s",
                    self.source.name(),
                    PATIENCE.as_secs()
                )))
            })
            .and_then(|credentials| match credentials.expires() {
                Some(expires) if expires <= (self.clock)() => Err(CredentialsError::invalid(format!(
                    "{}: provided credentials that have expired already: check this machine's clock",
                    self.source.name()
                ))),
                _ => Ok(Arc::new(credentials)),
            });
        match &answer {
            Ok(credentials) => {
                *self.current.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(credentials));
            }
            Err(error) => attempts.failed = Some(error.clone()),
        }
        answer
    }
}

impl ProvideCredentials for Cached {
    fn name(&self) -> &str {
        match &self.0 {
            Holder::Fixed(credentials) => credentials.name(),
            Holder::Provided(shared) => shared.source.name(),
        }
    }

    fn provide<'a>(&'a self, context: Context<'a>) -> Provided<'a> {
        Box::pin(async move { Ok((*self.get(context.http()).await?).clone()) })
    }
}

impl fmt::Debug for Cached {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Holder::Fixed(credentials) => credentials.fmt(f),
            Holder::Provided(shared) => shared.source.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests;
