//! Shared parts of the tests: what more than one test file needs.

pub mod capture;
pub mod fault_server;
