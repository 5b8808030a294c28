//! Patterns: ECMAScript's in the document, `regex-lite`'s in the client.
//!
//! progenitor compiles patterns with `regress`, whose Unicode tables alone are a twentieth of a user's build. What
//! patterns of an API need is in `regex-lite`, once its few classes that know only ASCII are spelled out.

use std::ops::RangeInclusive;

use regex_lite::Regex;
use regex_syntax::hir::{Class, Hir, HirKind, Look};

/// What ECMAScript's `\s` matches, as members of a class.
const SPACE: &str = r"\t\n\x0B\x0C\r \u{A0}\u{1680}\u{2000}-\u{200A}\u{2028}\u{2029}\u{202F}\u{205F}\u{3000}\u{FEFF}";
/// What ECMAScript's `.` doesn't match.
const LINE_ENDS: &str = r"\n\r\u{2028}\u{2029}";

/// The pattern as the client compiles it.
///
/// # Errors
/// What of the pattern the client's engine can't do.
pub fn portable(pattern: &str) -> Result<String, String> {
    let mut made = String::with_capacity(pattern.len());
    let mut chars = pattern.chars().peekable();
    let mut class = false;
    while let Some(c) = chars.next() {
        match c {
            '\\' => match (chars.next(), class) {
                (Some('s'), true) => made.push_str(SPACE),
                (Some('s'), false) => made.extend(["[", SPACE, "]"]),
                (Some('S'), false) => made.extend(["[^", SPACE, "]"]),
                (Some(of @ ('S' | 'D' | 'W')), true) => return Err(format!("`\\{of}` in a class")),
                (Some(of @ ('b' | 'B')), _) => return Err(format!("`\\{of}`")),
                (Some(of @ '1'..='9'), _) => return Err(format!("the back-reference `\\{of}`")),
                (Some(of @ ('c' | 'k' | 'p' | 'P')), _) => return Err(format!("`\\{of}`")),
                (Some('0'), _) => made.push_str(r"\x00"),
                (Some('/'), _) => made.push('/'),
                (Some(other), _) => made.extend(['\\', other]),
                (None, _) => return Err("`\\` at its end".to_owned()),
            },
            '[' if class => made.push_str(r"\["),
            '[' if chars.clone().take(5).eq(r"\s\S]".chars()) => {
                made.push_str("(?s:.)");
                chars.nth(4);
            }
            '[' => {
                class = true;
                made.push('[');
                if chars.next_if_eq(&'^').is_some() {
                    made.push('^');
                }
                if chars.peek() == Some(&']') {
                    return Err("an empty class".to_owned());
                }
            }
            ']' => {
                class = false;
                made.push(']');
            }
            // Set operators of the client's engine; plain characters in ECMAScript.
            '&' | '~' if class => made.extend(['\\', c]),
            '.' if !class => made.extend(["[^", LINE_ENDS, "]"]),
            '(' if !class => {
                made.push('(');
                if chars.peek() == Some(&'?') {
                    let rest: String = chars.clone().take(2).collect();
                    if rest != "?:" {
                        return Err(format!("`({rest}`: look-around, or a name"));
                    }
                }
            }
            c => made.push(c),
        }
    }
    match Regex::new(&made) {
        Ok(_) => Ok(made),
        Err(error) => Err(error.to_string()),
    }
}

/// A pattern that only says which characters a text has and how many, as most of an API's do: `^[a-z]{1,64}$`.
#[derive(Debug, PartialEq)]
pub struct Characters {
    /// Each one is in one of these.
    pub ranges: Vec<RangeInclusive<char>>,
    /// How many there are at least.
    pub minimum: u32,
    /// How many there are at most.
    pub maximum: Option<u32>,
}

/// What the pattern says of a text's characters, if it says nothing else: to look at them takes a client a small part of
/// the time that any engine takes.
pub fn characters(pattern: &str) -> Option<Characters> {
    let made = portable(pattern).ok()?;
    // Only ASCII to the client's engine, but not to the parser.
    if [r"\d", r"\D", r"\w", r"\W"].iter().any(|class| made.contains(class)) {
        return None;
    }
    let parsed = regex_syntax::parse(&made).ok()?;
    let HirKind::Concat(parts) = parsed.kind() else { return None };
    let [start, repeated, end] = parts.as_slice() else { return None };
    let is = |part: &Hir, look| matches!(part.kind(), HirKind::Look(at) if *at == look);
    let HirKind::Repetition(repeated) = repeated.kind() else { return None };
    let HirKind::Class(Class::Unicode(class)) = repeated.sub.kind() else { return None };
    (is(start, Look::Start) && is(end, Look::End)).then(|| Characters {
        ranges: class.iter().map(|range| range.start()..=range.end()).collect(),
        minimum: repeated.min,
        maximum: repeated.max,
    })
}

#[cfg(test)]
mod tests {
    use super::{Characters, characters, portable};

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
}
