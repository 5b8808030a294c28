//! Paths: the names in a template, and that no value of a path parameter can change which resource a path names.

use std::collections::HashSet;

use regress::Regex;
use serde_json::Value;

use super::Run;
use super::view::Operation;
use crate::document::child;

/// The names in braces, or what is wrong with the braces.
pub(super) fn names(path: &str) -> Result<Vec<&str>, &'static str> {
    let mut names = Vec::new();
    let mut rest = path;
    while let Some(at) = rest.find(['{', '}']) {
        if rest[at..].starts_with('}') {
            return Err("a `}` without its `{`");
        }
        let after = &rest[at + 1..];
        let end = after.find('}').ok_or("a `{` without its `}`")?;
        let name = &after[..end];
        if name.is_empty() || name.contains(['{', '/']) {
            return Err("a parameter without a proper name");
        }
        names.push(name);
        rest = &after[end + 1..];
    }
    Ok(names)
}

pub(super) fn check(run: &mut Run<'_>, operations: &[Operation<'_>]) {
    let mut seen = HashSet::new();
    for parameter in operations.iter().flat_map(|operation| &operation.parameters) {
        if parameter.location != "path" || !seen.insert(parameter.pointer.clone()) {
            continue;
        }
        let Some((at, schema)) = run.spec.resolve(&child(&parameter.pointer, "schema")) else {
            continue;
        };
        if let Some((key, danger)) = danger(schema) {
            let name = parameter.name;
            let at = if key.is_empty() { at } else { child(&at, key) };
            run.report("path-parameter-pattern", &at, format!("the path parameter `{name}` {danger}"));
        }
    }
}

/// Why a value of this schema could change the path, and the key that lets it.
fn danger(schema: &Value) -> Option<(&'static str, String)> {
    let text = |key: &str| schema.get(key).and_then(Value::as_str);
    if let Some(Value::Array(values)) = schema.get("enum") {
        let bad = values.iter().filter_map(Value::as_str).find(|value| {
            matches!(*value, "" | "." | "..") || value.contains(['/', '\\']) || value.contains(char::is_control)
        });
        return bad.map(|bad| ("enum", format!("may be \"{}\"", bad.escape_debug())));
    }
    // What is encoded stays one segment whatever it holds; only a whole `.` or `..` can't be encoded.
    let free = schema.get("x-ims-free-text") == Some(&Value::Bool(true));
    match (text("type"), text("pattern")) {
        (Some("integer" | "number" | "boolean"), _) => None,
        (_, None) => Some(("", "has no pattern, so it may be `..`".to_owned())),
        (_, Some(pattern)) => pattern_danger(pattern, free).map(|danger| ("pattern", danger)),
    }
}

fn pattern_danger(pattern: &str, free: bool) -> Option<String> {
    let Ok(regex) = Regex::new(pattern) else {
        return None; // `schema-pattern` says so
    };
    // Exactly these three change the path by themselves.
    for whole in ["", ".", ".."] {
        if regex.find(whole).is_some() {
            return Some(format!("may be \"{whole}\": {pattern}"));
        }
    }
    if !(pattern.starts_with('^') && pattern.ends_with('$')) || top_level_bar(pattern) {
        return Some(format!("has a pattern that is not `^…$`: {pattern}"));
    }
    if free {
        return None;
    }
    for bad in ["/", "\\", "\0", "\n"] {
        if let Some(atom) = atoms(pattern)
            .iter()
            .find(|atom| Regex::new(&format!("^(?:{atom})$")).is_ok_and(|atom| atom.find(bad).is_some()))
        {
            return Some(format!("may hold \"{}\" because of `{atom}` in {pattern}", bad.escape_debug()));
        }
    }
    None
}

/// Whether an alternation stands outside every group, where `^` and `$` bind only one side of it.
fn top_level_bar(pattern: &str) -> bool {
    let (mut depth, mut class, mut escaped) = (0_usize, false, false);
    for c in pattern.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            ']' if class => class = false,
            _ if class => {}
            '[' => class = true,
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            '|' if depth == 0 => return true,
            _ => {}
        }
    }
    false
}

/// The parts of a pattern that match one character each: `.`, `\S`, `[^a]`, `x`. Those inside look-arounds are among
/// them, which errs on the side of refusal only where a look-around *demands* a character.
fn atoms(pattern: &str) -> Vec<String> {
    let mut atoms = Vec::new();
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '^' | '$' | '|' | ')' | '*' | '+' | '?' => {}
            '(' => {
                if chars.next_if_eq(&'?').is_some() {
                    // `?:`, `?=`, `?!`, `?<=`, `?<!`, `?<name>`
                    if chars.next_if_eq(&'<').is_some() {
                        if chars.next_if(|c| matches!(c, '=' | '!')).is_none() {
                            for c in chars.by_ref() {
                                if c == '>' {
                                    break;
                                }
                            }
                        }
                    } else {
                        chars.next();
                    }
                }
            }
            '{' => {
                for c in chars.by_ref() {
                    if c == '}' {
                        break;
                    }
                }
            }
            '[' => {
                let mut atom = String::from('[');
                let mut escaped = false;
                for c in chars.by_ref() {
                    atom.push(c);
                    match c {
                        _ if escaped => escaped = false,
                        '\\' => escaped = true,
                        ']' => break,
                        _ => {}
                    }
                }
                atoms.push(atom);
            }
            '\\' => {
                let Some(next) = chars.next() else { break };
                let mut atom = format!("\\{next}");
                let digits = match next {
                    'u' => 4,
                    'x' => 2,
                    'c' => 1,
                    _ => 0,
                };
                if next == 'u' && chars.peek() == Some(&'{') || matches!(next, 'p' | 'P') {
                    for c in chars.by_ref() {
                        atom.push(c);
                        if c == '}' {
                            break;
                        }
                    }
                } else {
                    atom.extend(chars.by_ref().take(digits));
                }
                if !matches!(next, 'b' | 'B') {
                    atoms.push(atom);
                }
            }
            c => atoms.push(c.to_string()),
        }
    }
    atoms
}
