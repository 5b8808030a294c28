//! Patterns of APIs, in both engines.

use xtask::pattern::{Characters, characters, portable};

#[test]
fn patterns_of_characters() {
    let of = |ranges: &[(char, char)], minimum, maximum| {
        Some(Characters { ranges: ranges.iter().map(|(from, to)| *from..=*to).collect(), minimum, maximum })
    };
    for (pattern, expected) in [
        ("^[A-Za-z0-9_-]{1,64}$", of(&[('-', '-'), ('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')], 1, Some(64))),
        ("^[0-9]+$", of(&[('0', '9')], 1, None)),
        ("^[ab]*$", of(&[('a', 'b')], 0, None)),
        ("^[^=]{3}$", of(&[('\0', '<'), ('>', '\u{10FFFF}')], 3, Some(3))),
        // What says more, or something else.
        ("^[ab]$", None),
        ("[ab]+", None),
        ("^[ab]+", None),
        ("^[ab]+[c]$", None),
        (r"^\d+$", None),
        ("^(?:[ab]+)$", of(&[('a', 'b')], 1, None)),
        ("^(?:ab)+$", None),
        ("^(?!a)$", None),
    ] {
        assert_eq!(characters(pattern), expected, "{pattern}");
    }
}

#[test]
fn what_the_client_can_do() {
    for (pattern, made) in [
        ("^[A-Za-z0-9_-]{1,64}$", "^[A-Za-z0-9_-]{1,64}$"),
        (r"^a\/b$", "^a/b$"),
        ("^(?:a|b)[[&~]*$", r"^(?:a|b)[\[\&\~]*$"),
        ("^.$", r"^[^\n\r\u{2028}\u{2029}]$"),
        (r"^\u4e00\x20\d\w$", r"^\u4e00\x20\d\w$"),
    ] {
        assert_eq!(portable(pattern).as_deref(), Ok(made), "{pattern}");
    }
}

#[test]
fn what_it_cannot() {
    for (pattern, reason) in [
        (r"^(?!\.)x$", "`(?!`: look-around, or a name"),
        (r"^(?<name>x)$", "`(?<`: look-around, or a name"),
        (r"^(a)\1$", "the back-reference `\\1`"),
        (r"^\p{L}$", "`\\p`"),
        (r"^[x\S]$", "`\\S` in a class"),
        (r"\bx", "`\\b`"),
        ("^[]$", "an empty class"),
    ] {
        assert_eq!(portable(pattern), Err(reason.to_owned()), "{pattern}");
    }
}

proptest::proptest! {
    /// Both engines agree, on characters that tell classes apart and on any others.
    #[test]
    fn both_engines_agree(
        pattern in proptest::sample::select(vec![
            r"^\s+$", r"^\S+$", r"^[\s\S]$", r"^[\sx]*$", "^.+$", r"^[^\s]$", r"^\w\W\d\D$", "^[A-Za-z0-9_-]{1,4}$", r"\S",
            "^[a-c]+$", "^[^=]*$", r"^[\-\]\\]{2,3}$", "^([^.=]|[.][^.=]|[.]{2}[^=])[^=]*$", r"^(gt|lte):\S+$", "^[^a]$", r"^[\-\]\\]+$", "^a{2,}?b?$",
        ]),
        text in proptest::prop_oneof![
            "[a-c.=:\\-\\]\\\\_0-9 \t\n\r\u{b}\u{a0}\u{feff}\u{2028}\u{3000}\u{180e}\u{200b}一😀]{0,5}", ".{0,5}"
        ],
    ) {
        let made = portable(pattern).and_then(|made| regex_lite::Regex::new(&made).map_err(|error| error.to_string()));
        let ours = made.map(|regex| regex.is_match(&text));
        if let Some(Characters { ranges, minimum, maximum }) = characters(pattern) {
            let length = text.chars().count() as u32;
            let looked = (minimum..=maximum.unwrap_or(u32::MAX)).contains(&length)
                && text.chars().all(|c| ranges.iter().any(|range| range.contains(&c)));
            proptest::prop_assert_eq!(&Ok(looked), &ours);
        }
        let theirs = regress::Regex::with_flags(pattern, "u").map(|regex| regex.find(&text).is_some());
        proptest::prop_assert_eq!(ours.ok(), theirs.ok());
    }
}
