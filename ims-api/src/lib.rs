//! Typed client for Huawei Cloud Image Management Service (IMS).
//!
//! ```no_run
//! # async fn run() -> Result<(), ims_api::Error> {
//! let client = ims_api::Client::builder()
//!     .region("cn-north-4")
//!     .key("your access key", "your secret key")
//!     .build()?;
//! let answer = client.list_image_tags().image_id("67e17426-359e-49fb-aa12-0bd1756ec240").send().await?;
//! for tag in &answer.tags {
//!     println!("{}={}", tag.key, tag.value);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Authentication
//! A token ([`ClientBuilder::token`]), an access key that signs each request ([`ClientBuilder::key`]), or any source
//! of [`credentials`] ([`ClientBuilder::credentials`]): the environment, the profile file, the metadata of an ECS, a
//! password login, a chain of them, or your own. Told nothing, the client asks environment, profile and metadata in
//! this order. What a source provides is cached, renewed before it expires, and renewed once if the service answers 401.
//! A signature refused because this machine's clock is wrong is made again once by the service's clock.
//!
//! # Errors
//! One type, [`Error`]: [`Error::kind`] is the row of the document's error table, [`Error::failure`] what the client
//! saw, and [`Error::was_sent`] and [`Error::may_retry`] say whether to try again.
//!
//! # Retries and limits
//! | what | default | why |
//! |---|---|---|
//! | [attempts](Retry::attempts) | 3 | a third failure is rarely a passing one |
//! | [first wait](Retry::first_delay) | up to 200 ms, doubling, drawn from zero | clients that failed together don't return together |
//! | [longest wait](Retry::longest_delay) | 10 s | the doubling stops while the whole call has time left |
//! | [`Retry-After`](Retry::longest_retry_after) | honoured up to 30 s | a longer wait is the caller's decision |
//! | [budget](Retry::budget) | 50 retries, ten successes earn one | a failing service is not hammered |
//! | [connect](ClientBuilder::connect_timeout) | 10 s | three lost packets still fit |
//! | [silence](ClientBuilder::read_timeout) | 60 s | longer silence is a lost connection |
//! | [the whole call](ClientBuilder::total_timeout) | 120 s | as the official SDKs; also ends a slow drip |
//! | [body](ClientBuilder::body_limit) | 16 MiB | far above the longest list |
//! | [error body](ClientBuilder::error_body_limit) | 64 KiB | only a beginning is kept |
//! | [headers](ClientBuilder::header_count) | 100, about 400 KiB | the HTTP library's own |
//! | depth of JSON | 128 | the JSON library's own; the stack can't overflow |
//! | body with a signature | 12 MiB | the service's own; a token has no such limit |
//!
//! A request that was never sent is always tried again; one that may have been seen only if the document calls the
//! operation idempotent, after a lost connection, a timeout or 429, 502, 503, 504. Redirects are never followed.
//!
//! # Blocking use
//! ```no_run
//! # fn run() -> Result<(), Box<dyn std::error::Error>> {
//! # let client = ims_api::Client::from_env()?;
//! let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
//! let answer = runtime.block_on(client.list_image_tags().image_id("67e17426-359e-49fb-aa12-0bd1756ec240").send())?;
//! # let _ = answer;
//! # Ok(())
//! # }
//! ```
//!
//! # Features
//! `rustls` (default): TLS with its own crypto provider and the system's certificates. `rustls-no-provider`: the
//! application installs the provider; without one, [`ClientBuilder::build`] is an error. Native TLS: turn the default
//! features off, enable `rustcrypto` (signatures without rustls) and reqwest's own `native-tls`. `httpmock`: typed mocks for tests. `dynamic`:
//! calls by operation id with JSON, for command lines and tools. `cli`: the command `ims`.
//!
//! # Compared with the official SDKs
//! | | this crate | Python SDK | Go SDK |
//! |---|---|---|---|
//! | `X-Auth-Token` | yes | no | no |
//! | retries by default | yes, where safe | none | none |
//! | `Retry-After` | honoured | ignored | ignored |
//! | timeout | connect, silence, whole call | connect 60 s, read 120 s | 120 s in all |
//! | redirects | never | never | never |
//! | proxy | explicit | explicit | explicit |
//! | error bodies | all known shapes, else an excerpt | known shapes, else raw text | known shapes, else raw text |
//! | project id | given or looked up once | given or looked up once | given or looked up once |
//! | OIDC and pod identity | by your own source | yes | OIDC |
//! | several endpoints, failover | no | yes | yes |

mod bounds;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;
mod client;
pub mod credentials;
mod date;
mod digest;
#[cfg(feature = "dynamic")]
pub mod dynamic;
mod error;
#[rustfmt::skip]
mod generated;
pub mod integer;
mod limits;
mod observability;
mod open;
mod operation;
pub mod paging;
mod path;
mod project;
pub mod region;
mod retry;
pub mod sign;
mod surroundings;
pub mod tags;
mod transport;
mod watch;

pub use client::{Client, ClientBuilder};
pub use error::{Error, Failure};
pub use generated::client::{builder, operations, types};
pub use generated::error_table::ErrorKind;
#[cfg(feature = "httpmock")]
pub use generated::httpmock;
pub use open::UnknownValue;
pub use operation::{ErrorRow, Operation};
pub use progenitor_client::ResponseValue;
pub use project::ProjectError;
pub use retry::Retry;
pub use surroundings::Surroundings;

/// The package's README, compiled as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
