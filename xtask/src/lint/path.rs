//! Paths: the names in a template, and that no value of a path parameter can change which resource a path names.

use std::collections::HashSet;

use regex_syntax::hir::{Class, Hir, HirKind, Look};

use super::rules::Run;
use crate::document::{Kind, Location, Schema, child};
use crate::pattern::portable;

/// The names in braces, or what is wrong with the braces.
pub(super) fn names(path: &str) -> Result<Vec<&str>, &'static str> {
    let (before, parts) = path.split_once('{').map_or((path, None), |(before, rest)| (before, Some(rest.split('{'))));
    if before.contains('}') {
        return Err("a `}` without its `{`");
    }
    let name = |part| {
        let (name, after): (&str, &str) = str::split_once(part, '}').ok_or("a `{` without its `}`")?;
        match (name.is_empty() || name.contains('/'), after.contains('}')) {
            (true, _) => Err("a parameter without a proper name"),
            (_, true) => Err("a `}` without its `{`"),
            _ => Ok(name),
        }
    };
    parts.into_iter().flatten().map(name).collect()
}

pub(super) fn check(run: &mut Run<'_>) {
    let spec = run.spec;
    let mut seen = HashSet::new();
    for parameter in spec.operations.iter().flat_map(|operation| operation.parameters_in(Location::Path)) {
        let schema = parameter.schema.as_ref().and_then(|schema| spec.schema(schema));
        if let Some(schema) = schema.filter(|_| seen.insert(&parameter.pointer))
            && let Some((key, danger)) = danger(schema)
        {
            let at = if key.is_empty() { schema.pointer.clone() } else { child(&schema.pointer, key) };
            run.report("path-parameter-pattern", &at, format!("the path parameter `{}` {danger}", parameter.name));
        }
    }
}

/// Why a value of this schema could change the path, and the key that lets it.
fn danger(schema: &Schema) -> Option<(&'static str, String)> {
    if let Some(values) = &schema.values {
        let bad = values.iter().filter_map(|value| value.as_str()).find(|value| {
            matches!(*value, "" | "." | "..") || value.contains(['/', '\\']) || value.contains(char::is_control)
        });
        return bad.map(|bad| ("enum", format!("may be \"{}\"", bad.escape_debug())));
    }
    match (schema.kind, &schema.pattern) {
        (Some(Kind::Integer | Kind::Number | Kind::Boolean), _) => None,
        (_, None) => Some(("", "has no pattern, so it may be `..`".to_owned())),
        (_, Some(pattern)) => pattern_danger(pattern, schema.free_text).map(|danger| ("pattern", danger)),
    }
}

fn pattern_danger(pattern: &str, free: bool) -> Option<String> {
    let made = match portable(pattern) {
        Ok(made) => made,
        Err(reason) => return Some(format!("has a pattern that the client doesn't check, for {reason}: {pattern}")),
    };
    let (regex, parsed) = (regex_lite::Regex::new(&made).ok()?, regex_syntax::parse(&made).ok()?);
    // Exactly these three change the path by themselves.
    for whole in ["", ".", ".."] {
        if regex.is_match(whole) {
            return Some(format!("may be \"{whole}\": {pattern}"));
        }
    }
    let (before, after) = (parsed.properties().look_set_prefix(), parsed.properties().look_set_suffix());
    if !(before.contains(Look::Start) && after.contains(Look::End)) {
        return Some(format!("has a pattern that is not `^…$`: {pattern}"));
    }
    // What is encoded stays one segment whatever it holds; only a whole `.` or `..` can't be encoded.
    let bad = ['/', '\\', '\0', '\n'].into_iter().filter(|_| !free).find(|bad| may_hold(&parsed, *bad))?;
    Some(format!("may hold \"{}\": {pattern}", bad.escape_debug()))
}

/// Whether a character may be part of what matches.
fn may_hold(pattern: &Hir, character: char) -> bool {
    match pattern.kind() {
        HirKind::Literal(text) => String::from_utf8_lossy(&text.0).contains(character),
        HirKind::Class(Class::Unicode(class)) => {
            class.iter().any(|range| (range.start()..=range.end()).contains(&character))
        }
        HirKind::Class(Class::Bytes(_)) => true,
        other => other.subs().iter().any(|part| may_hold(part, character)),
    }
}
