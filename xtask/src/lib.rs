//! The pipeline.

pub mod bilingual;
pub mod diagnostic;
pub mod spec;
