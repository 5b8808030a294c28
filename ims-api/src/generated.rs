//! Written by `cargo xtask generate` only, except this list of its files.

pub(crate) mod client;
#[cfg(feature = "dynamic")]
pub(crate) mod dynamic;
pub(crate) mod error_table;
#[cfg(feature = "httpmock")]
pub mod httpmock;

/// The document's commands. Who wrote them has the same [`CommandLine`](crate::cli::model::CommandLine).
#[cfg(feature = "cli")]
pub(crate) static COMMAND_LINE: std::sync::LazyLock<crate::cli::model::CommandLine> =
    std::sync::LazyLock::new(|| serde_json::from_str(include_str!("generated/cli.json")).unwrap_or_default());
