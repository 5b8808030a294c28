//! A source made of an async closure.

use super::{Context, Credentials, CredentialsError, ProvideCredentials, Provided};
use std::fmt;

/// A source of credentials that calls an async closure; made by [`from_fn`].
pub struct FromFn<F> {
    name: &'static str,
    provide: F,
}

/// A source that calls `provide` with the client's own HTTP client; `name` is what reports call it.
///
/// ```
/// use ims_api::credentials::{Credentials, CredentialsError, from_fn};
///
/// let vault = from_fn("vault", |http| async move {
///     let answer = http.get("http://127.0.0.1:8200/ims").send().await;
///     let answer = answer.map_err(|error| CredentialsError::unavailable("the vault doesn't answer").because(error))?;
///     let key = answer.text().await.map_err(|error| CredentialsError::invalid("no text").because(error))?;
///     Credentials::access_key("AK", key)
/// });
/// # let _ = ims_api::Client::builder().credentials(vault);
/// ```
pub fn from_fn<F, R>(name: &'static str, provide: F) -> FromFn<F>
where
    F: Fn(reqwest::Client) -> R + Send + Sync,
    R: Future<Output = Result<Credentials, CredentialsError>> + Send + 'static,
{
    FromFn { name, provide }
}

impl<F, R> ProvideCredentials for FromFn<F>
where
    F: Fn(reqwest::Client) -> R + Send + Sync,
    R: Future<Output = Result<Credentials, CredentialsError>> + Send + 'static,
{
    fn name(&self) -> &str {
        self.name
    }

    fn provide<'a>(&'a self, context: Context<'a>) -> Provided<'a> {
        Box::pin((self.provide)(context.http().clone()))
    }
}

impl<F> fmt::Debug for FromFn<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}
