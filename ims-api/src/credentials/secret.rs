//! A secret text: wiped from memory when its last holder goes, never shown.

use super::CredentialsError;
use bytes::Bytes;
use reqwest::header::HeaderValue;
use std::fmt;
use zeroize::Zeroizing;

/// A secret text. Clones share one buffer, which is wiped when the last of them (a header of a request is one) is
/// dropped. `Debug` shows `***`; there is no `Display`.
#[derive(Clone)]
pub struct Secret {
    bytes: Bytes,
    /// The same buffer as a header, if its characters may stand in one: checked once, not at every call.
    header: Option<HeaderValue>,
}

impl Secret {
    /// Takes the text over.
    pub fn new(text: impl Into<String>) -> Self {
        let bytes = Bytes::from_owner(Zeroizing::new(text.into().into_bytes()));
        let mut header = HeaderValue::from_maybe_shared(bytes.clone()).ok();
        if let Some(header) = &mut header {
            header.set_sensitive(true);
        }
        Self { bytes, header }
    }

    pub(super) fn checked(what: &str, text: String) -> Result<Self, CredentialsError> {
        let secret = Self::new(text);
        check(what, secret.text())?;
        Ok(secret)
    }

    pub(crate) fn text(&self) -> &str {
        // Always UTF-8: made from a `String`.
        std::str::from_utf8(&self.bytes).unwrap_or_default()
    }

    /// The secret as a header that logs show as `Sensitive`; shares the buffer.
    pub(crate) fn header(&self) -> Option<HeaderValue> {
        self.header.clone()
    }
}

/// Visible ASCII only: what both a header and the signature carry unchanged.
pub(super) fn check(what: &str, text: &str) -> Result<(), CredentialsError> {
    let wrong = if text.is_empty() {
        "is empty: set a value".to_owned()
    } else if let Some(at) = text.bytes().position(|byte| !byte.is_ascii_graphic()) {
        let kind = match text.as_bytes().get(at) {
            Some(b' ') => "a space",
            Some(byte) if byte.is_ascii_control() => "a control character",
            _ => "a character outside ASCII",
        };
        format!("has {kind} at byte {at}: copy it again, without line ends or quotes")
    } else {
        return Ok(());
    };
    Err(CredentialsError::invalid(format!("{what} {wrong}")))
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}
