//! Limits of a request's lists, checked before it is sent; the generated types say which.

use std::collections::HashSet;

use serde::Serialize;

/// A list must have `least` to `most` items.
pub(crate) fn count(list: &str, count: usize, least: usize, most: Option<usize>) -> Result<(), String> {
    match most {
        _ if count < least => Err(format!("{list}: {count} items, at least {least} are needed")),
        Some(most) if count > most => Err(format!("{list}: {count} items, at most {most} are allowed")),
        _ => Ok(()),
    }
}

/// No value may be there twice; `what` is what the values are, for example `key`.
pub(crate) fn unique<T: Serialize>(list: &str, what: &str, values: impl IntoIterator<Item = T>) -> Result<(), String> {
    let mut seen = HashSet::new();
    for value in values {
        let text = serde_json::to_string(&value).map_err(|reason| format!("{list}: {reason}"))?;
        if seen.contains(&text) {
            return Err(format!("{list}: the {what} {text} is there twice"));
        }
        seen.insert(text);
    }
    Ok(())
}

/// What the types of a request don't express.
pub(crate) trait Check {
    /// Whether the document's limits are kept, with the place where they aren't.
    fn check(&self) -> Result<(), String>;
}

impl<T: Check> Check for Option<T> {
    fn check(&self) -> Result<(), String> {
        self.as_ref().map_or(Ok(()), Check::check)
    }
}

impl<T: Check> Check for Box<T> {
    fn check(&self) -> Result<(), String> {
        (**self).check()
    }
}

impl<T: Check> Check for Vec<T> {
    fn check(&self) -> Result<(), String> {
        let mut items = self.iter().enumerate();
        items.try_for_each(|(index, item)| item.check().map_err(|reason| within(&format!("[{index}]"), &reason)))
    }
}

/// Whether what a field holds keeps its limits.
pub(crate) fn field(name: &str, value: &impl Check) -> Result<(), String> {
    value.check().map_err(|reason| within(name, &reason))
}

fn within(place: &str, reason: &str) -> String {
    if reason.starts_with('[') { format!("{place}{reason}") } else { format!("{place}.{reason}") }
}
