//! The document: read, checked for being what it seems, with the line and column of every node.

use crate::diagnostic::{Diagnostic, Place};

/// A document that was read completely.
#[derive(Debug, Clone)]
pub struct Spec {
    /// The file as the user named it; diagnostics begin with it.
    pub name: String,
    /// The SHA-256 of the file's bytes in lower-case hex.
    pub sha256: String,
    /// The document as it was written, keys in their order.
    pub raw: serde_json::Value,
    /// The document as the generator sees it.
    pub openapi: openapiv3::OpenAPI,
}

impl Spec {
    /// Parses `text`; `name` is how diagnostics call the file.
    ///
    /// # Errors
    /// Every reason why the text is no usable OpenAPI 3.0 document, each with its place.
    pub fn parse(name: &str, text: &str) -> Result<Self, Vec<Diagnostic>> {
        let _ = (name, text);
        Err(Vec::new())
    }

    /// The place of the key (or of the item, in an array) at an RFC 6901 pointer; of its nearest ancestor if the
    /// pointer leads nowhere.
    #[must_use]
    pub fn place(&self, pointer: &str) -> Place {
        let _ = pointer;
        Place {
            file: self.name.clone(),
            line: 1,
            column: 1,
        }
    }
}
