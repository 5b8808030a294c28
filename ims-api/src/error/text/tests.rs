//! What is masked and escaped, whatever the text.

use super::*;

#[test]
fn a_secret_is_hidden_in_every_form_and_when_cut() {
    let mut mask = Mask::default();
    mask.hide_all([Some(HeaderValue::from_static("s3/cr+et\"=="))]);
    for (text, shown) in [
        ("token s3/cr+et\"== refused", "token *** refused"),
        (r#"token s3\/cr+et"== refused"#, "token *** refused"),
        (r#"token s3/cr+et\"== refused"#, "token *** refused"),
        ("token s3%2Fcr%2Bet%22%3D%3D refused", "token *** refused"),
        ("token s3/cr+e", "token ***"),
        ("token s3/", "token s3/"),
    ] {
        assert_eq!(mask.show(text, 100), shown);
    }
}

#[test]
fn an_encoded_secret_is_hidden_wherever_it_stands() {
    let secret = "s3/cr+et\"==?>~key";
    let mut mask = Mask::default();
    mask.hide_all([Some(HeaderValue::from_static(secret))]);
    for before in ["", "a", "ab", "abc", "AKID:"] {
        for after in ["", "x", "xy", "xyz"] {
            let plain = format!("{before}{secret}{after}");
            for encoded in [base64::engine::general_purpose::STANDARD.encode(&plain), URL_SAFE_NO_PAD.encode(&plain)] {
                assert_eq!(mask.show(&format!("Basic {encoded} refused"), 200), "Basic *** refused", "{plain}");
            }
        }
    }
    // Its neighbours alone are not hidden, nor is a secret too short to be told from other text, in any form.
    assert_eq!(mask.show("Basic QUtJRDphYmM= refused", 200), "Basic QUtJRDphYmM= refused");
    let mut short = Mask::default();
    short.hide_all([Some(HeaderValue::from_static("seven77"))]);
    assert_eq!(short.show("c2V2ZW43Nw== seven77", 200), "c2V2ZW43Nw== seven77");
}

proptest::proptest! {
    /// Whatever stands around a secret, and however it is encoded, it is not shown; and what is shown is one line.
    #[test]
    fn any_text_around_a_secret_shows_none_of_it(before in "\\PC{0,40}", after in ".{0,40}") {
        let secret = "MIIFtoken-that/nobody+may=see";
        let mut mask = Mask::default();
        mask.hide_all([Some(HeaderValue::from_static(secret))]);
        let plain = format!("{before}{secret}{after}");
        for text in [plain.clone(), STANDARD_NO_PAD.encode(&plain), URL_SAFE_NO_PAD.encode(&plain), crate::path::encode(&plain).into_owned()] {
            let shown = mask.show(&text, 10_000);
            proptest::prop_assert!(!shown.contains(secret), "{}", shown);
            proptest::prop_assert!(!shown.chars().any(char::is_control), "{}", shown);
            let inner = STANDARD_NO_PAD.encode(secret);
            proptest::prop_assert!(!shown.contains(&inner[..36]), "{}", shown);
        }
    }
}

#[test]
fn what_steers_a_terminal_is_escaped() {
    for (text, shown) in [
        ("a\u{1b}[31mb", "a\\u{1b}[31mb"),
        ("a\u{202e}b", "a\\u{202e}b"),
        ("a\r\nb", "a  b"),
        ("镜像不存在", "镜像不存在"),
        ("abcdef", "abcd…"),
    ] {
        assert_eq!(escape(text, if shown.ends_with('…') { 4 } else { 40 }), shown);
    }
}
