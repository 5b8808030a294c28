//! Written by `cargo xtask generate` only, except this list of its files.

#[cfg(feature = "cli")]
pub(crate) mod cli;
pub(crate) mod client;
#[cfg(feature = "dynamic")]
pub(crate) mod dynamic;
pub(crate) mod error_table;
#[cfg(feature = "httpmock")]
pub mod httpmock;
