//! Path segments: the one place that decides how a path parameter looks on the wire.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, PercentEncode, utf8_percent_encode};

/// All but RFC 3986 `unreserved`: what is signed and what a URL parser keeps are then the same bytes.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Encodes one path segment.
pub(crate) fn encode(segment: &str) -> PercentEncode<'_> {
    utf8_percent_encode(segment, SEGMENT)
}
