//! What the document says about one operation, as data the runtime works with.

use std::ops::RangeInclusive;

use crate::ErrorKind;

/// One operation of the document: what the runtime must know to call it safely.
///
/// The values are generated, one constant per operation, in [`crate::operations`].
#[derive(Debug)]
#[non_exhaustive]
pub struct Operation {
    /// The document's `operationId`, for example `ListImageTags`.
    pub id: &'static str,
    /// The HTTP method.
    pub method: &'static str,
    /// The path template, for example `/v2/{project_id}/images/{image_id}/tags`.
    pub path: &'static str,
    /// Whether repeating the call leaves the service as one call does (`x-ims-idempotent`); only then is it retried
    /// once it may have been sent.
    pub idempotent: bool,
    /// Whether requests carry credentials; the service answers some operations to anybody (`security: []`).
    pub needs_credentials: bool,
    /// The statuses of success.
    pub success: &'static [RangeInclusive<u16>],
    /// The rows of the operation's error table, by status.
    pub errors: &'static [ErrorRow],
    /// The page of the service's reference that describes the operation.
    pub page: &'static str,
}

impl Operation {
    /// Whether the document lists `status` as success.
    #[must_use]
    pub fn is_success(&self, status: u16) -> bool {
        self.success.iter().any(|statuses| statuses.contains(&status))
    }

    /// The row of the error table for `status`, if the document has one.
    #[must_use]
    pub fn error(&self, status: u16) -> Option<&'static ErrorRow> {
        self.errors.iter().find(|row| row.status == status)
    }
}

/// One row of an operation's error table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ErrorRow {
    /// The HTTP status code.
    pub status: u16,
    /// The reason phrase, for example `Not Found`.
    pub reason: &'static str,
    /// The kind to match on.
    pub kind: ErrorKind,
    /// The row's text in English.
    pub english: &'static str,
    /// The row's text in Chinese, as on the service's page.
    pub chinese: &'static str,
}
