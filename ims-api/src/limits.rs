//! Limits of a request's lists, checked before it is sent; the generated types say which.

use std::collections::HashSet;

/// A list must have `least` to `most` items.
pub(crate) fn count(list: &str, count: usize, least: usize, most: Option<usize>) -> Result<(), String> {
    match most {
        _ if count < least => Err(format!("{list}: {count} items, at least {least} are needed")),
        Some(most) if count > most => Err(format!("{list}: {count} items, at most {most} are allowed")),
        _ => Ok(()),
    }
}

/// No value may be there twice; `what` is what the values are, for example `key`.
pub(crate) fn unique(list: &str, what: &str, values: &mut dyn Iterator<Item = String>) -> Result<(), String> {
    let mut seen = HashSet::new();
    for value in values {
        if !seen.insert(value.clone()) {
            return Err(format!("{list}: the {what} \"{}\" is there twice", value.escape_debug()));
        }
    }
    Ok(())
}
