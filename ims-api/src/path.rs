//! Path segments: the one place that decides how a path parameter looks on the wire.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use std::borrow::Cow;

/// All but RFC 3986 `unreserved`: what is signed and what a URL parser keeps are then the same bytes.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Encodes one path segment.
pub(crate) fn encode(segment: &str) -> Cow<'_, str> {
    utf8_percent_encode(segment, SEGMENT).into()
}

/// The path of a template such as `/v2/images/{image_id}` with these values in place of the names, each one segment.
pub(crate) fn fill(template: &str, values: &[(String, String)]) -> String {
    let mut path = String::with_capacity(template.len() + 96);
    let mut rest = template;
    while let Some((before, (name, after))) =
        rest.split_once('{').and_then(|(before, rest)| Some((before, rest.split_once('}')?)))
    {
        path.push_str(before);
        let value = values.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value);
        path.push_str(&encode(value));
        rest = after;
    }
    path + rest
}

#[cfg(test)]
mod tests {
    use super::{encode, fill};

    #[test]
    fn segments() {
        for (segment, wire) in [
            ("key1", "key1"),
            ("a b", "a%20b"),
            ("a/b", "a%2Fb"),
            ("a\\b", "a%5Cb"),
            ("100%", "100%25"),
            ("a+b*c~d", "a%2Bb%2Ac~d"),
            ("标签", "%E6%A0%87%E7%AD%BE"),
            ("😀", "%F0%9F%98%80"),
        ] {
            assert_eq!(encode(segment), wire);
        }
    }

    #[test]
    fn values_stand_where_their_names_are() {
        let values = [("id", "{key}"), ("key", "a b")].map(|(name, value)| (name.to_owned(), value.to_owned()));
        for (template, path) in [
            ("/v2/{id}/tags/{key}", "/v2/%7Bkey%7D/tags/a%20b"),
            ("/{key}/{id}/action", "/a%20b/%7Bkey%7D/action"),
            ("/v2/versions", "/v2/versions"),
        ] {
            assert_eq!(fill(template, &values), path);
        }
    }

    proptest::proptest! {
        /// One segment stays one segment, and decodes to what it was.
        #[test]
        fn any_segment_survives(segment in ".*") {
            let wire = encode(&segment);
            proptest::prop_assert!(wire.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~%".contains(&byte)));
            let back = percent_encoding::percent_decode_str(&wire).decode_utf8().ok();
            proptest::prop_assert_eq!(back.as_deref(), Some(segment.as_str()));
        }
    }
}
