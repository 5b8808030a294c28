//! Folds the many bodies that the service and what stands before it answer errors with into code, message and request id.

use serde_json::{Map, Value};

/// Bodies nest a handful of levels; deeper ones are not searched.
const DEPTH: usize = 6;

/// What an error body says. A field that the body doesn't have is `None`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Folded {
    pub(crate) code: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) request_id: Option<String>,
}

impl Folded {
    /// Reads any bytes. What is not JSON folds to nothing: the caller keeps an excerpt.
    pub(crate) fn of(body: &[u8]) -> Self {
        let mut folded = Self::default();
        if let Ok(value) = serde_json::from_slice(body) {
            folded.visit(&value, DEPTH);
        }
        folded
    }

    fn visit(&mut self, value: &Value, depth: usize) {
        let Some(depth) = depth.checked_sub(1) else {
            return;
        };
        match value {
            Value::Object(object) => self.visit_object(object, depth),
            Value::Array(items) => {
                for item in items.iter().take(8) {
                    self.visit(item, depth);
                }
            }
            Value::String(text) if self.message.is_none() => self.message = Some(text.clone()),
            _ => {}
        }
    }

    fn visit_object(&mut self, object: &Map<String, Value>, depth: usize) {
        for name in ["request_id", "requestId"] {
            if self.request_id.is_none() {
                self.request_id = object.get(name).and_then(text);
            }
        }
        for (code, message) in
            [("error_code", "error_msg"), ("errorCode", "errorMsg"), ("errCode", "errMsg"), ("code", "message")]
        {
            if self.code.is_none() {
                self.code = object.get(code).and_then(text);
            }
            if self.message.is_none() {
                self.message = object.get(message).and_then(text);
            }
        }
        if let Some(explained) = object.get("encoded_authorization_message").and_then(text) {
            let message = self.message.get_or_insert_with(|| "access denied".to_owned());
            message.push_str(" (encoded_authorization_message: ");
            message.push_str(&explained);
            message.push(')');
        }
        // `{"error": "text"}`, and one service's error inside another's, as an object or as JSON in the message.
        if let Some(error) = object.get("error") {
            self.visit(error, depth);
        }
        if self.code.is_none() || self.message.is_none() {
            for nested in object.values().filter(|v| v.is_object() || v.is_array()) {
                self.visit_nested(nested, depth);
            }
        }
        if let Some(inner) = self.message.as_deref().and_then(json_inside) {
            let mut folded = Self::default();
            folded.visit(&inner, depth);
            if folded.message.is_some() {
                self.message = folded.message;
            }
            if self.code.is_none() {
                self.code = folded.code;
            }
        }
    }

    /// Nested values add what is missing, but a mere string among them is no message.
    fn visit_nested(&mut self, value: &Value, depth: usize) {
        match value {
            Value::Object(_) => self.visit(value, depth),
            Value::Array(items) => {
                for item in items.iter().take(8).filter(|item| item.is_object()) {
                    self.visit(item, depth);
                }
            }
            _ => {}
        }
    }
}

/// Whether a body of success is an error in disguise: an object with an error in it and nothing but an error's fields.
pub(crate) fn is_error_only(body: &[u8]) -> bool {
    const FIELDS: [&str; 9] = [
        "error",
        "error_code",
        "error_msg",
        "code",
        "message",
        "details",
        "status",
        "request_id",
        "encoded_authorization_message",
    ];
    // A look at the first field, whichever it is, spares good answers the second parse.
    let first = body.trim_ascii_start().strip_prefix(b"{").and_then(|rest| rest.trim_ascii_start().strip_prefix(b"\""));
    let begins = |field: &str| {
        let rest = first.and_then(|first| first.strip_prefix(field.as_bytes()));
        rest.is_some_and(|rest| rest.first() == Some(&b'"'))
    };
    if !FIELDS.into_iter().any(begins) {
        return false;
    }
    match serde_json::from_slice(body) {
        Ok(Value::Object(object)) => {
            let is_error = object.iter().any(|(name, value)| name.starts_with("error") && !value.is_null());
            is_error && object.keys().all(|name| FIELDS.contains(&name.as_str()))
        }
        _ => false,
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn json_inside(message: &str) -> Option<Value> {
    let message = message.trim();
    if message.starts_with('{') { serde_json::from_str(message).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies() {
        type Case = (&'static str, Option<&'static str>, Option<&'static str>, Option<&'static str>);
        let cases: &[Case] = &[
            // The shapes seen from this cloud.
            (r#"{"error":{"message":"m","code":"IMG.0024"}}"#, Some("IMG.0024"), Some("m"), None),
            (r#"{"error_msg":"m","error_code":"AS.0001"}"#, Some("AS.0001"), Some("m"), None),
            (
                r#"{"error_msg":"m","error_code":"APIGW.0301","request_id":"r"}"#,
                Some("APIGW.0301"),
                Some("m"),
                Some("r"),
            ),
            (
                r#"{"code":"VPC.0105","message":"{\"NeutronError\":{\"message\":\"m\",\"type\":\"t\"}}"}"#,
                Some("VPC.0105"),
                Some("m"),
                None,
            ),
            (r#"{"error":{"code":403,"message":"m","title":"Forbidden"}}"#, Some("403"), Some("m"), None),
            (r#"{"badRequest":{"message":"m","code":400}}"#, Some("400"), Some("m"), None),
            (
                r#"{"error_code":"c","error_msg":"m","encoded_authorization_message":"e"}"#,
                Some("c"),
                Some("m (encoded_authorization_message: e)"),
                None,
            ),
            (
                r#"{"error_code":"c","error_msg":"m","details":[{"error_code":"d","error_msg":"n"}]}"#,
                Some("c"),
                Some("m"),
                None,
            ),
            (r#"{"errors":[{"error_code":"c","error_msg":"m"}]}"#, Some("c"), Some("m"), None),
            (r#"{"errorCode":"c","errorMsg":"m"}"#, Some("c"), Some("m"), None),
            // Odd ones.
            (r#"{"error":"m"}"#, None, Some("m"), None),
            (r#""m""#, None, Some("m"), None),
            (r#"[{"code":"c"}]"#, Some("c"), None, None),
            (r#"{"error":null}"#, None, None, None),
            (r#"{"error":{"code":null,"message":null}}"#, None, None, None),
            (r#"{"error_code":"","error_msg":" "}"#, None, None, None),
            ("null", None, None, None),
            ("", None, None, None),
            ("<html>", None, None, None),
            ("{", None, None, None),
        ];
        for (body, code, message, request_id) in cases {
            let folded = Folded::of(body.as_bytes());
            assert_eq!(
                (folded.code.as_deref(), folded.message.as_deref(), folded.request_id.as_deref()),
                (*code, *message, *request_id),
                "{body}"
            );
        }
    }

    proptest::proptest! {
        /// Any JSON folds without a panic; what is found is never blank, and comes from the body.
        #[test]
        fn any_json_error_body_folds(value in json()) {
            let body = value.to_string();
            let folded = Folded::of(body.as_bytes());
            for found in [&folded.code, &folded.request_id].into_iter().flatten() {
                proptest::prop_assert!(!found.trim().is_empty(), "{}", body);
            }
            // The words of the outermost pair win, whatever lies beside or below them.
            if let (Some(Value::String(code)), Some(Value::String(_))) = (value.get("error_code"), value.get("error_msg"))
                && !code.trim().is_empty()
            {
                proptest::prop_assert_eq!(folded.code.as_ref(), Some(code));
            }
            let _ = is_error_only(body.as_bytes());
        }

        /// Any bytes fold without a panic; what is no JSON folds to nothing.
        #[test]
        fn any_bytes_fold(body in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            let folded = Folded::of(&body);
            if serde_json::from_slice::<Value>(&body).is_err() {
                proptest::prop_assert_eq!(folded, Folded::default());
            }
            let _ = is_error_only(&body);
        }
    }

    /// JSON of the names that error bodies have, to any depth that is searched and beyond.
    fn json() -> impl proptest::strategy::Strategy<Value = Value> {
        use proptest::prelude::*;
        let name = prop::sample::select(vec![
            "error",
            "error_code",
            "error_msg",
            "errorCode",
            "errorMsg",
            "errCode",
            "errMsg",
            "code",
            "message",
            "request_id",
            "requestId",
            "details",
            "encoded_authorization_message",
            "other",
        ]);
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            "\\PC{0,12}".prop_map(Value::from),
            Just(Value::from(r#"{"message":"inside","code":"x"}"#)),
        ];
        leaf.prop_recursive(8, 64, 6, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::btree_map(name.clone(), inner, 0..6).prop_map(|members| {
                    Value::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
                }),
            ]
        })
    }

    #[test]
    fn errors_in_disguise() {
        for (body, expected) in [
            (r#"{"error":{"code":"c"}}"#, true),
            (r#"{"error_code":"c","error_msg":"m","request_id":"r"}"#, true),
            (r#"{"error":null}"#, false),
            (r#"{"tags":[{"key":"error","value":"v"}]}"#, false),
            (r#"{"tags":[],"error":{"code":"c"}}"#, false),
        ] {
            assert_eq!(is_error_only(body.as_bytes()), expected, "{body}");
        }
    }
}
