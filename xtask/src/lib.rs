//! The pipeline.

pub mod diagnostic;
pub mod spec;
