//! What the templates of an operation are filled from.

use std::collections::BTreeMap;

use super::signatures::Signature;
use super::types::Types;
use crate::document::{Document, Operation};

/// Everything that the stages of the operations look at.
pub(super) struct Context<'a> {
    pub(super) document: &'a Document,
    pub(super) operations: Vec<&'a Operation>,
    pub(super) signatures: &'a BTreeMap<String, Signature>,
    pub(super) types: &'a Types<'a>,
}
