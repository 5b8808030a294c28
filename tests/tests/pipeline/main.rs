//! The pipeline from `openapi/ims.yaml` on: what the lint refuses, what the locks hold, what the review says of a change.

mod bad_documents;
mod diff_command;
mod diff_gallery;
mod drift;
mod lint;
mod locks;
mod mutations;
mod readme;
mod shapes;
mod xtask_command;
