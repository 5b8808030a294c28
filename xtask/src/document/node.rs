//! A node on the way to its typed form: what isn't there, or is of another type, reads as nothing.

use serde_json::Value;

use super::pointer::child;
use super::references::resolve;
use super::text::Text;

/// A node with its pointer, and the document around it.
pub(super) struct Node<'a> {
    pub(super) raw: &'a Value,
    pub(super) pointer: String,
    pub(super) value: &'a Value,
}

impl<'a> Node<'a> {
    /// The node that a pointer leads to, behind any `$ref`.
    pub(super) fn resolve(raw: &'a Value, pointer: &str) -> Option<Self> {
        resolve(raw, pointer).map(|(pointer, value)| Self { raw, pointer, value })
    }

    /// What it leads to where it is a `$ref`.
    pub(super) fn resolved(&self) -> Option<Self> {
        Self::resolve(self.raw, &self.pointer)
    }

    pub(super) fn child(&self, key: &str) -> Option<Self> {
        Some(Self { raw: self.raw, pointer: child(&self.pointer, key), value: self.value.get(key)? })
    }

    /// The members of the object under a key, as they are written.
    pub(super) fn members(&self, key: &str) -> impl Iterator<Item = (&'a str, Self)> + use<'a> {
        let (raw, at) = (self.raw, child(&self.pointer, key));
        let members = self.value.get(key).and_then(Value::as_object).into_iter().flatten();
        members.map(move |(name, value)| (name.as_str(), Self { raw, pointer: child(&at, name), value }))
    }

    /// The items of the list under a key.
    pub(super) fn items(&self, key: &str) -> impl Iterator<Item = Self> + use<'a> {
        let (raw, at) = (self.raw, child(&self.pointer, key));
        let items = self.value.get(key).and_then(Value::as_array).into_iter().flatten().enumerate();
        items.map(move |(index, value)| Self { raw, pointer: format!("{at}/{index}"), value })
    }

    pub(super) fn str(&self, key: &str) -> Option<&'a str> {
        self.value.get(key)?.as_str()
    }

    pub(super) fn string(&self, key: &str) -> Option<String> {
        self.str(key).map(str::to_owned)
    }

    pub(super) fn strings(&self, key: &str) -> Vec<String> {
        self.items(key).filter_map(|item| item.value.as_str()).map(str::to_owned).collect()
    }

    /// A text in its languages.
    pub(super) fn text(&self, key: &str) -> Text {
        self.str(key).map(Text::of).unwrap_or_default()
    }

    /// Whether it says `true`.
    pub(super) fn flag(&self, key: &str) -> bool {
        self.value.get(key) == Some(&Value::Bool(true))
    }

    pub(super) fn count(&self, key: &str) -> Option<u64> {
        self.value.get(key)?.as_u64()
    }
}
