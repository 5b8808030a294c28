//! Several sources, tried in order.

use super::{Context, CredentialsError, EnvironmentVariables, Metadata, Profile, ProvideCredentials, Provided};
use crate::Environment;
use std::sync::Arc;
use std::time::Duration;

/// Tries its sources in order and takes the first that is configured. One that is configured wrongly ends the search
/// with its error: what somebody set is never passed over in silence.
#[derive(Clone, Debug)]
pub struct Chain(Vec<Arc<dyn ProvideCredentials>>);

impl Chain {
    /// A chain of these sources.
    #[must_use]
    pub fn of(sources: Vec<Arc<dyn ProvideCredentials>>) -> Self {
        Self(sources)
    }

    /// Environment variables, then profile, then the metadata of an ECS: the order of the official Go SDK.
    #[must_use]
    pub fn standard(environment: &Environment) -> Self {
        Self(vec![
            Arc::new(EnvironmentVariables::new(environment.clone())),
            Arc::new(Profile::new(environment.clone())),
            Arc::new(Metadata::at(environment.metadata_address())),
        ])
    }

    /// The sources in their order.
    #[cfg(feature = "cli")]
    pub(crate) fn sources(&self) -> &[Arc<dyn ProvideCredentials>] {
        &self.0
    }
}

impl ProvideCredentials for Chain {
    fn name(&self) -> &'static str {
        "chain"
    }

    fn provide<'a>(&'a self, context: Context<'a>) -> Provided<'a> {
        Box::pin(async move {
            let mut declined = Vec::with_capacity(self.0.len());
            for (at, source) in self.0.iter().enumerate() {
                match source.provide(context).await {
                    Ok(credentials) => return Ok(credentials),
                    Err(error) if error.is_not_configured() => {
                        declined.push(format!("{}: {error}", source.name()));
                    }
                    // The last one is asked because nothing is set: that comes first.
                    Err(error) if at > 0 && at + 1 == self.0.len() => {
                        let place = format!("no credentials found; {}; {}", declined.join("; "), source.name());
                        return Err(error.at(&place));
                    }
                    Err(error) => return Err(error.at(source.name())),
                }
            }
            Err(CredentialsError::not_configured(format!("no credentials found; {}", declined.join("; "))))
        })
    }

    fn refresh_before(&self) -> Duration {
        // The chain does not know which link will answer: the most careful of them decides.
        self.0.iter().map(|source| source.refresh_before()).max().unwrap_or_default()
    }
}
