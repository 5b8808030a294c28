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

impl<'a> Context<'a> {
    /// What progenitor made of an operation.
    ///
    /// # Errors
    /// It has another name for it.
    pub(super) fn signature(&self, operation: &Operation) -> Result<&'a Signature, String> {
        let name = &operation.names.snake;
        self.signatures.get(name).ok_or_else(|| format!("progenitor has no operation {name}"))
    }
}
