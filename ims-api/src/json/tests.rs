use serde::Deserialize;
use serde_json::from_slice;
use std::collections::BTreeMap;

#[derive(Debug, PartialEq)]
struct Pair {
    key: String,
    value: Option<i64>,
}

object! { Pair: Ignored { 0 key "key" required, 1 value "value" optional, } }

#[derive(Debug, PartialEq)]
struct Whole {
    pairs: Vec<Pair>,
    best: Option<Box<Pair>>,
    named: BTreeMap<String, Pair>,
    position: (f64, Pair),
    wrapped: Wrapped,
    any: serde_json::Value,
}

object! {
    Whole: Ignored {
        0 pairs "pairs" defaulted, 1 best "best" optional, 2 named "named" nullable, 3 position "position" required,
        4 wrapped "wrapped" required, 5 any "any" required,
    }
}

#[derive(Debug, PartialEq, Deserialize)]
struct Wrapped(Pair);

#[derive(Debug, PartialEq)]
struct Closed {
    size: i64,
    kind: String,
}

fn ten() -> i64 {
    10
}

object! { Closed: Refused { 0 size "size" defaulted ten, 1 kind "the kind" defaulted, } }

#[derive(Debug, PartialEq)]
struct Open {
    key: String,
    more: BTreeMap<String, i64>,
}

object! { Open: Kept more { 0 key "key" required, } }

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
        assert_eq!(from_slice::<Whole>(good.as_bytes()).unwrap().pairs, [Pair { key: "k".to_owned(), value: Some(1) }]);
        let odd = whole(at, r#"["k",1]"#);
        // What has no schema may be anything.
        assert_eq!(from_slice::<Whole>(odd.as_bytes()).is_ok(), at == 5, "{odd}");
    }
}

#[test]
fn what_is_not_there() {
    assert_eq!(from_slice::<Closed>(b"{}").unwrap(), Closed { size: 10, kind: String::new() });
    assert_eq!(
        from_slice::<Closed>(br#"{"size":1,"the kind":"k"}"#).unwrap(),
        Closed { size: 1, kind: "k".to_owned() }
    );
    let open = Open { key: "k".to_owned(), more: [("a".to_owned(), 1), ("b".to_owned(), 2)].into() };
    assert_eq!(from_slice::<Open>(br#"{"a":1,"key":"k","b":2}"#).unwrap(), open);
    let rest = r#""position":[1.5,{"key":"k"}],"wrapped":{"key":"k"},"any":null"#;
    let null = from_slice::<Whole>(format!(r#"{{"best":null,"named":null,{rest}}}"#).as_bytes()).unwrap();
    assert_eq!(from_slice::<Whole>(format!("{{{rest}}}").as_bytes()).unwrap(), null);
    for (body, says) in [
        (format!(r#"{{"pairs":null,{rest}}}"#), "invalid type: null, expected a sequence at line 1 column 13"),
        (r#"{"any":null}"#.to_owned(), "missing field `position` at line 1 column 12"),
    ] {
        assert_eq!(from_slice::<Whole>(body.as_bytes()).unwrap_err().to_string(), says);
    }
    let error = from_slice::<Closed>(br#"{"sizes":1}"#).unwrap_err().to_string();
    assert!(error.starts_with("there is no field sizes; "), "{error}");
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
        assert_eq!(from_slice::<Pair>(body.as_bytes()).unwrap_err().to_string(), says);
    }
    // What no field takes is skipped without recursion, what one takes is bounded.
    let deep = "[".repeat(100_000);
    let error = from_slice::<Pair>(format!(r#"{{"key":"k","more":{deep}"#).as_bytes()).unwrap_err();
    assert!(error.to_string().starts_with("EOF while parsing a list"), "{error}");
    let error = from_slice::<serde_json::Value>(deep.as_bytes()).unwrap_err();
    assert!(error.to_string().starts_with("recursion limit exceeded"), "{error}");
}
