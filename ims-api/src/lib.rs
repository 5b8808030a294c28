//! Typed client for Huawei Cloud Image Management Service (IMS).

mod bounds;
mod client;
pub mod credentials;
mod date;
mod error;
#[rustfmt::skip]
mod generated;
mod operation;
mod path;
#[allow(dead_code)]
mod project;
pub mod region;
pub mod sign;
mod surroundings;

pub use client::Client;
pub use error::Error;
pub use generated::client::{builder, operations, types};
pub use generated::error_table::ErrorKind;
#[cfg(feature = "httpmock")]
pub use generated::httpmock;
pub use operation::{ErrorRow, Operation};
pub use progenitor_client::ResponseValue;
pub use project::ProjectError;
pub use surroundings::Surroundings;
