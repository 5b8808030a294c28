//! The pipeline.

pub mod bilingual;
pub mod diagnostic;
pub mod generate;
pub mod spec;
