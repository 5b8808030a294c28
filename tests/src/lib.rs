//! Shared parts of the tests: what more than one test file needs.
