//! The pipeline from `openapi/ims.yaml` on: what the lint refuses, what the locks hold, what the review says of a change.

mod bad_documents;
mod command_line;
mod diff_command;
mod diff_gallery;
mod drift;
mod lint;
mod locks;
mod mutations;
mod names;
mod patterns;
mod readme;
mod shapes;
mod xtask_command;
