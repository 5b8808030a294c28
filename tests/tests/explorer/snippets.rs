//! The Rust code that the explorer's page hands out: compiled here as it is, and run against the service.

use std::pin::Pin;
use std::sync::OnceLock;

use xtask::service::{Options, Service};

#[allow(clippy::all, clippy::pedantic, unused_imports, reason = "it is what the page hands out")]
#[rustfmt::skip]
#[expect(deprecated, reason = "every operation is shown, also those that the service has deprecated")]
mod pasted;

type Outcome = Result<(), Box<dyn std::error::Error>>;

static ENDPOINT: OnceLock<String> = OnceLock::new();

/// What stands in the snippets in place of the explorer's address.
fn endpoint() -> String {
    ENDPOINT.get().cloned().unwrap_or_default()
}

#[tokio::test]
async fn every_snippet_runs() -> Outcome {
    let service = Service::start(ims_tests::document()?, Options::default()).await?;
    ENDPOINT.set(service.endpoint()).map_err(|_| "the endpoint is set once")?;
    pasted::all().await;
    let called = service.requests().len();
    assert!(called > ims_api::operations::ALL.len(), "each has called: {called}");
    Ok(())
}

/// Runs one; a sample may delete a tag that is not there.
async fn run(name: &str, call: Pin<Box<dyn Future<Output = Outcome>>>) {
    if let Err(error) = call.await {
        assert!(error.to_string().contains("404"), "{name}: {error}");
    }
}
