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
