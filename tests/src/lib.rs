//! Shared parts of the tests: what more than one test file needs.

pub mod capture;
pub mod fault_server;

/// The README's example, compiled as a test.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
mod readme {}
