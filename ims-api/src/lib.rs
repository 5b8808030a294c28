//! Typed client for Huawei Cloud Image Management Service (IMS).

mod bounds;
mod client;
pub mod credentials;
mod date;
mod error;
#[rustfmt::skip]
mod generated;
mod observability;
mod operation;
mod path;
mod project;
pub mod region;
mod retry;
pub mod sign;
mod surroundings;
mod transport;

pub use client::{Client, ClientBuilder};
pub use error::{Error, Failure};
pub use generated::client::{builder, operations, types};
pub use generated::error_table::ErrorKind;
#[cfg(feature = "httpmock")]
pub use generated::httpmock;
pub use operation::{ErrorRow, Operation};
pub use progenitor_client::ResponseValue;
pub use project::ProjectError;
pub use retry::Retry;
pub use surroundings::Surroundings;
