//! Typed client for Huawei Cloud Image Management Service (IMS).
//!
//! **Read:** a client, a call, an answer. Each operation of the service is a method of [`Client`]; its builder takes the
//! parameters by name, and each has its page's text, permissions and samples in its documentation.
//! ```no_run
//! # async fn run() -> Result<(), ims_api::Error> {
//! let client = ims_api::Client::builder()
//!     .region("cn-north-4")
//!     .access_key("your access key", "your secret key")
//!     .build()?;
//! let answer = client.list_image_tags().image_id("67e17426-359e-49fb-aa12-0bd1756ec240").send().await?;
//! for tag in &answer.tags {
//!     println!("{}={}", tag.key, tag.value);
//! }
//! # Ok(())
//! # }
//! ```
//! **Write:** a body is a builder, too, and is checked before anything is sent.
//! ```no_run
//! # async fn run(client: ims_api::Client) -> Result<(), Box<dyn std::error::Error>> {
//! use ims_api::types::{AddImageTagRequest, TagInput};
//!
//! let tag = TagInput::builder().key("stage").value("prod");
//! let body = AddImageTagRequest::builder().tag(tag);
//! client.add_image_tag().image_id("67e17426-359e-49fb-aa12-0bd1756ec240").body(body).send().await?;
//! # Ok(())
//! # }
//! ```
//! **Match on errors:** one type, [`Error`]. [`Error::kind`] tells which refusal it was, [`Error::failure`] where the call
//! ended, predicates answer what is asked most, and [`Error::may_retry`] and [`Error::was_sent`] say whether to try again.
//! ```no_run
//! # async fn run(client: ims_api::Client) -> Result<(), ims_api::Error> {
//! match client.list_image_tags().image_id("67e17426-359e-49fb-aa12-0bd1756ec240").send().await {
//!     Ok(answer) => println!("{} tags", answer.tags.len()),
//!     Err(error) if error.is_not_found() => println!("no such image"),
//!     Err(error) if error.is_throttled() => println!("slow down: {:?}", error.retry_after()),
//!     // The whole sentence: what happened, in the service's words, its request id, and the next step.
//!     Err(error) => return Err(error),
//! }
//! # Ok(())
//! # }
//! ```
//! **Whole lists** are [streams](paging::Items) that read page by page; [`ImageQuery`](tags::ImageQuery) asks for images by
//! their tags.
//! ```no_run
//! # async fn run(client: ims_api::Client) -> Result<(), Box<dyn std::error::Error>> {
//! use ims_api::tags::{ImageQuery, TagCondition};
//!
//! let mut images = ImageQuery::new().all_of(TagCondition::one_of("stage", ["prod", "test"])?)?.stream(&client);
//! while let Some(image) = images.next().await {
//!     println!("{}", image?.resource_id);
//! }
//! # Ok(())
//! # }
//! ```
//! **Make it so:** [`Client::ensure_tags`] makes an image's tags what they should be, with as few calls as possible.
//! ```no_run
//! # async fn run(client: ims_api::Client) -> Result<(), Box<dyn std::error::Error>> {
//! client.ensure_tags("67e17426-359e-49fb-aa12-0bd1756ec240", [("stage", "prod")]).keep_others().apply().await?;
//! # Ok(())
//! # }
//! ```
//! **Wait:** what takes long is answered with a job's id; [`Client::wait_for_job`] waits for its end.
//! ```no_run
//! # async fn run(client: ims_api::Client, job_id: String) -> Result<(), ims_api::Error> {
//! let job = client.wait_for_job(job_id).on_progress(|job| println!("{:?} of 1", job.share_done())).await?;
//! println!("made image {:?}", job.image_id());
//! # Ok(())
//! # }
//! ```
//! **One image:** [`Client::image`] finds it, [`Client::wait_for_image`] waits until it is active or gone,
//! [`Client::change_image`] changes its properties.
//! ```no_run
//! # async fn run(client: ims_api::Client) -> Result<(), ims_api::Error> {
//! let image = client.wait_for_image("67e17426-359e-49fb-aa12-0bd1756ec240").until_active().await?;
//! client.change_image(image.id).name("web, spring").set("min_ram", "1024").await?;
//! # Ok(())
//! # }
//! ```
//! **Watch:** each call is a [`tracing`] span `ims.call` under OpenTelemetry's names, each attempt an event with status,
//! request id and failure; neither headers nor bodies are ever recorded.
//!
//! ```text
//! tracing_subscriber::fmt().with_env_filter("ims_api=debug").init();
//! ```
//!
//! # Which operation do I want?
#![doc = include_str!("generated/operations.md")]
//!
//! # Authentication
//! A token ([`ClientBuilder::token`]), an access key that signs each request ([`ClientBuilder::access_key`]), or any source
//! of [`credentials`] ([`ClientBuilder::credentials`]): the environment, the profile file, the metadata of an ECS, a
//! password login, a chain of them, or your own. Told nothing, the client asks environment, profile and metadata in
//! this order. What a source provides is cached and renewed before it expires; if the service answers 401, the source is
//! asked once more, and the call repeated only with *other* credentials. Clients of several regions share one cache by
//! [`credentials::Cached`]. A signature refused because this machine's clock is wrong is made again once by the service's clock.
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
//! | [body](Limits::body) | 16 MiB | far above the longest list |
//! | [error body](Limits::error_body) | 64 KiB | only a beginning is kept |
//! | [number of headers](Limits::header_count) | 100 | the HTTP library's own |
//! | [size of headers](Limits::headers) | 64 KiB | a gateway's whole set has less than two; the HTTP library reads 408 KiB at most |
//! | decompressed body | none | compression is never asked for, and a compressed answer is an error |
//! | depth of JSON | 128 | the JSON library's own; the stack can't overflow |
//! | body with a signature | 12 MiB | the service's own; a token has no such limit |
//!
//! A request that was never sent is always tried again; one that may have been seen only if the document calls the
//! operation idempotent, after a lost connection, a timeout or 429, 502, 503, 504. Redirects are never followed.
//!
//! # Proxies and certificates
//! Told nothing, a client goes through the proxy that `HTTPS_PROXY`, `ALL_PROXY` (or `HTTP_PROXY` for an `http` endpoint)
//! name, except to what `NO_PROXY` lists. [`ClientBuilder::http`] takes a `reqwest::ClientBuilder` with a proxy, an
//! authority or a client certificate of your own; `no_proxy()` on it turns the environment off. The metadata of an ECS is
//! never asked through a proxy.
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
//! # Testing your own code
//! With the feature `httpmock` among your dev-dependencies, each operation has a typed mock on a server of the crate
//! `httpmock`; the code under test gets a client whose endpoint is that server.
//! ```
//! # #[cfg(feature = "httpmock")]
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use ims_api::{Client, httpmock::MockServerExt as _, types};
//!
//! let server = httpmock::MockServer::start_async().await;
//! let tag = types::ResourceTag::builder().key("stage").value("prod").build()?;
//! let tags = types::ImageTags::builder().tags(vec![tag]).build()?;
//! let mock = server.list_image_tags(|when, then| {
//!     when.image_id(&"my-image".parse().unwrap());
//!     then.ok(&tags);
//! });
//! let client = Client::builder().endpoint(server.base_url()).token("any").project_id("any").build()?;
//! assert_eq!(client.image_tags("my-image").await?["stage"], "prod");
//! mock.assert();
//! # Ok(())
//! # }
//! # #[cfg(not(feature = "httpmock"))]
//! # fn main() {}
//! ```
//!
//! # Compared with the official SDKs
//! Read from the sources of the Python SDK 3.1.211 (2026-08) and the Go SDK (2026-03), as they behave by default.
//!
//! | | this crate | Python SDK | Go SDK |
//! |---|---|---|---|
//! | `X-Auth-Token` | yes | no | no |
//! | login with a password | yes | no | no |
//! | access key, temporary key, environment, profile, ECS metadata | yes | yes | yes |
//! | OIDC | by your own source | yes | an id token for IAM's legacy exchange |
//! | pod identity | by your own source | yes | no |
//! | both key and token in the environment | the token, documented | no token | no token |
//! | region | any name of the form | its list, else `KeyError` | its list, else a panic (`SafeValueOf`: an error) |
//! | project id | given or looked up once | given or looked up once | given or looked up once |
//! | retries | yes, where safe | none; 429 and lost connections if switched on | none; your own condition if asked for |
//! | `Retry-After` | honoured, capped | by urllib3, if retries are switched on | ignored |
//! | refused credentials, wrong clock | renewed, corrected, once each | an error | an error |
//! | timeout | connect, silence, whole call | connect 60 s, silence 120 s | 120 s per attempt |
//! | longest answer | 16 MiB, settable | none | none |
//! | redirects | never | off, can be switched on | off, can be switched on |
//! | proxy | explicit, else the environment | explicit, else the environment | explicit only |
//! | own authority, client certificate | yes | yes | by a transport of your own |
//! | error bodies | all known shapes, else an excerpt | known shapes, else raw text | known shapes, else raw text |
//! | several endpoints, failover | no | yes | yes |

mod bounds;
#[cfg(feature = "cli")]
mod cli;
mod client;
pub mod credentials;
mod date;
mod digest;
#[cfg(feature = "dynamic")]
pub mod dynamic;
mod error;
#[rustfmt::skip]
mod generated;
mod environment;
mod headers;
mod images;
pub mod integer;
mod jobs;
mod json;
mod limits;
#[cfg(feature = "httpmock")]
mod mocks;
mod observability;
mod open;
mod operation;
pub mod paging;
mod path;
mod polling;
mod project;
pub mod region;
mod request;
mod response;
mod retry;
pub mod sign;
pub mod tags;
mod text;
mod transport;
mod watch;

pub use bounds::Limits;
// For the binary alone, which can't hold it: it stands on what is private here (requests before they are sent, pages, projects).
#[cfg(feature = "cli")]
#[doc(hidden)]
pub use cli::{Io, Stream, run};
pub use client::{Client, ClientBuilder};
pub use environment::Environment;
pub use error::{Error, Failure};
pub use generated::client::{builder, operations, types};
pub use generated::error_table::ErrorKind;
#[cfg(feature = "httpmock")]
pub use generated::httpmock;
pub use images::{ChangeImage, WaitForImage};
pub use jobs::{Job, WaitForJob};
pub use open::UnknownValue;
pub use operation::{ErrorRow, Operation};
pub use request::ResponseFuture;
pub use reqwest;
pub use response::Response;
pub use retry::Retry;

/// The package's README, compiled as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
