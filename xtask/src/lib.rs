//! The pipeline from `openapi/ims.yaml` to diagnostics, generated code, locks and review: one module per stage, each a
//! pure function; `main.rs` only reads arguments and prints.

pub mod demo;
pub mod diagnostic;
pub mod diff;
pub mod document;
pub mod drift;
pub mod explore;
pub mod generate;
pub mod lint;
pub mod lock;
pub mod mutate;
pub mod pattern;
pub mod service;
pub mod validate;

use std::path::PathBuf;

/// The document, from the workspace's root.
pub const DOCUMENT: &str = "openapi/ims.yaml";

/// The folder of generated files, from the workspace's root.
pub const GENERATED: &str = "ims-api/src/generated";

/// The port that the explorer tries first.
pub const EXPLORER_PORT: u16 = 7878;

/// The workspace's root.
#[must_use]
pub fn root() -> PathBuf {
    // cargo sets the variable at run time, too: a checkout that was moved after building is still found.
    let member =
        std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
    member.parent().map_or_else(PathBuf::new, PathBuf::from)
}
