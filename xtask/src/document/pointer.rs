//! RFC 6901 pointers: how a node of the document is named. The only place that escapes and unescapes a token.

use std::borrow::Cow;

/// Appends one reference token.
pub(crate) fn push(pointer: &mut String, token: &str) {
    pointer.push('/');
    for c in token.chars() {
        match c {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            c => pointer.push(c),
        }
    }
}

/// `pointer` with one reference token appended.
#[must_use]
pub fn child(pointer: &str, token: &str) -> String {
    let mut pointer = pointer.to_owned();
    push(&mut pointer, token);
    pointer
}

/// The tokens of a pointer, as they are written in the document.
pub fn tokens(pointer: &str) -> impl Iterator<Item = Cow<'_, str>> {
    pointer.split('/').skip(1).map(unescape)
}

/// The last token of a pointer; empty for the whole document.
#[must_use]
pub fn last(pointer: &str) -> Cow<'_, str> {
    pointer.rsplit_once('/').map_or(Cow::Borrowed(""), |(_, token)| unescape(token))
}

fn unescape(token: &str) -> Cow<'_, str> {
    if token.contains('~') { Cow::Owned(token.replace("~1", "/").replace("~0", "~")) } else { Cow::Borrowed(token) }
}
