//! Path segments: the one place that decides how a path parameter looks on the wire.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use std::borrow::Cow;

/// All but RFC 3986 `unreserved`: what is signed and what a URL parser keeps are then the same bytes.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Encodes one path segment.
pub(crate) fn encode<T: AsRef<[u8]> + ?Sized>(segment: &T) -> Cow<'_, str> {
    percent_encode(segment.as_ref(), SEGMENT).into()
}

/// Whether nothing is left to encode in any segment of this path.
pub(crate) fn is_encoded(path: &str) -> bool {
    path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte))
}

/// Appends the path of a template such as `/v2/images/{image_id}` with these values in place of the names, each one
/// segment.
pub(crate) fn fill(out: &mut String, template: &str, values: &[(&str, String)]) {
    for (at, part) in template.split(['{', '}']).enumerate() {
        if at % 2 == 0 {
            out.push_str(part);
        } else if let Some((_, value)) = values.iter().find(|(name, _)| *name == part) {
            out.push_str(&encode(value));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{encode, fill, is_encoded};

    #[test]
    fn segments() {
        for (segment, wire) in [
            ("key1", "key1"),
            ("Az09-._~", "Az09-._~"),
            ("a b", "a%20b"),
            ("a/b", "a%2Fb"),
            ("a\\b", "a%5Cb"),
            ("100%", "100%25"),
            ("a+b*c~d", "a%2Bb%2Ac~d"),
            ("标签", "%E6%A0%87%E7%AD%BE"),
            ("😀", "%F0%9F%98%80"),
        ] {
            assert_eq!(encode(segment), wire);
            // Only a slash is left as it is between segments.
            assert_eq!(is_encoded(segment), segment == wire || segment == "a/b", "{segment}");
        }
    }

    #[test]
    fn values_stand_where_their_names_are() {
        let values = [("id", "{key}"), ("key", "a b")].map(|(name, value)| (name, value.to_owned()));
        for (template, path) in [
            ("/v2/{id}/tags/{key}", "/v2/%7Bkey%7D/tags/a%20b"),
            ("/{key}/{id}/action", "/a%20b/%7Bkey%7D/action"),
            ("/v2/versions", "/v2/versions"),
        ] {
            let mut out = String::new();
            fill(&mut out, template, &values);
            assert_eq!(out, path);
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
