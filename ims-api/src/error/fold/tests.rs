//! The shapes of error bodies, seen and imagined.

use super::*;

#[test]
fn bodies() {
    type Case = (&'static str, Option<&'static str>, Option<&'static str>, Option<&'static str>);
    let cases: &[Case] = &[
        // The shapes seen from this cloud.
        (r#"{"error":{"message":"m","code":"IMG.0024"}}"#, Some("IMG.0024"), Some("m"), None),
        (r#"{"error_msg":"m","error_code":"AS.0001"}"#, Some("AS.0001"), Some("m"), None),
        (r#"{"error_msg":"m","error_code":"APIGW.0301","request_id":"r"}"#, Some("APIGW.0301"), Some("m"), Some("r")),
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
