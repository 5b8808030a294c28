//! Values of an open enum that the document doesn't name.

use std::cell::Cell;
use std::fmt;

thread_local! {
    /// Whether a request is being read, which has no value that the document doesn't name.
    static REQUEST: Cell<bool> = const { Cell::new(false) };
}

/// A value that the document doesn't name. It can only be made through its enum, which knows the named ones: so it
/// never stands for one of them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnknownValue(Box<str>);

impl UnknownValue {
    pub(crate) fn of(value: &str) -> Self {
        Self(value.into())
    }

    /// The value as it is on the wire.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Reads a request from JSON: enums are closed meanwhile.
#[cfg(feature = "dynamic")]
pub(crate) fn closed<T>(read: impl FnOnce() -> T) -> T {
    REQUEST.set(true);
    let value = read();
    REQUEST.set(false);
    value
}

/// Whether a request is being read.
pub(crate) fn is_closed() -> bool {
    REQUEST.get()
}

/// A value that isn't named, for `reason`: kept in an answer, refused in a request.
pub(crate) fn unnamed<E: serde::de::Error>(reason: impl fmt::Display, value: &str) -> Result<UnknownValue, E> {
    if is_closed() { Err(E::custom(reason)) } else { Ok(UnknownValue::of(value)) }
}
