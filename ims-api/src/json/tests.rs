use super::decode;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Pair {
    key: String,
    value: Option<i64>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Whole {
    pairs: Vec<Pair>,
    best: Option<Box<Pair>>,
    named: BTreeMap<String, Pair>,
    position: (f64, Pair),
    wrapped: Wrapped,
    any: serde_json::Value,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Wrapped(Pair);

/// Wherever the pair stands: an object is one, a list isn't.
#[test]
fn a_list_is_no_object() {
    let pair = r#"{"key":"k","value":1}"#;
    let whole = |at: usize, instead: &str| {
        let mut pairs = [pair; 6];
        pairs[at] = instead;
        let [first, best, named, positioned, wrapped, any] = pairs;
        format!(
            r#"{{"pairs":[{first}],"best":{best},"named":{{"n":{named}}},"position":[1.5,{positioned}],"wrapped":{wrapped},"any":{any}}}"#
        )
    };
    for at in 0..6 {
        let good = whole(at, pair);
        assert_eq!(decode::<Whole>(good.as_bytes()).unwrap(), serde_json::from_str(&good).unwrap());
        let odd = whole(at, r#"["k",1]"#);
        assert!(serde_json::from_str::<Whole>(&odd).is_ok(), "serde takes it: {odd}");
        // What has no schema may be anything.
        assert_eq!(decode::<Whole>(odd.as_bytes()).is_ok(), at == 5, "{odd}");
    }
}

#[test]
fn what_is_refused() {
    for (body, says) in [
        (r#"["k",1]"#, "invalid type: sequence, expected struct Pair at line 1 column 0"),
        (r#"{"key":"k","value":1}x"#, "trailing characters at line 1 column 22"),
        (r#"{"key":"k","key":"k"}"#, "duplicate field `key` at line 1 column 16"),
        (r#"{"value":null}"#, "missing field `key` at line 1 column 14"),
        (r#"{"key":"k""#, "EOF while parsing an object at line 1 column 10"),
        ("", "EOF while parsing a value at line 1 column 0"),
    ] {
        assert_eq!(decode::<Pair>(body.as_bytes()).unwrap_err().to_string(), says);
    }
    // What no field takes is skipped without recursion, what one takes is bounded.
    let deep = "[".repeat(100_000);
    let error = decode::<Pair>(format!(r#"{{"key":"k","more":{deep}"#).as_bytes()).unwrap_err();
    assert!(error.to_string().starts_with("EOF while parsing a list"), "{error}");
    let error = decode::<serde_json::Value>(deep.as_bytes()).unwrap_err();
    assert!(error.to_string().starts_with("recursion limit exceeded"), "{error}");
}
