//! References: where a `$ref` leads, and those that lead nowhere, outside, or round in a circle.

use std::collections::{BTreeMap, HashSet};

use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::pointer::child;
use super::positions::Positions;
use super::walk::{Step, walk};
use crate::diagnostic::Diagnostic;

/// Follows `$ref`s from a pointer to the node that is none.
pub(crate) fn resolve<'a>(raw: &'a Value, pointer: &str) -> Option<(String, &'a Value)> {
    follow(raw, pointer).ok()
}

/// Why references lead to no node.
enum Lost {
    Nowhere,
    Circle,
}

fn follow<'a>(raw: &'a Value, pointer: &str) -> Result<(String, &'a Value), Lost> {
    let mut pointer = pointer.to_owned();
    let mut seen = HashSet::new();
    loop {
        let node = raw.pointer(&pointer).ok_or(Lost::Nowhere)?;
        let Some(Value::String(reference)) = node.get("$ref") else { return Ok((pointer, node)) };
        pointer = local(reference).ok_or(Lost::Nowhere)?;
        if !seen.insert(pointer.clone()) {
            return Err(Lost::Circle);
        }
    }
}

/// Removes the components that no path leads to, but for security schemes, which are meant by name.
pub(crate) fn keep_reached(raw: &mut Value) {
    let mut targets: BTreeMap<String, String> = BTreeMap::new();
    each(raw, |holder, reference| {
        // With the slash, what stands at and below a node is one range: `0` is the character after `/`.
        targets.extend(local(reference).map(|target| (format!("{holder}/"), target)));
    });
    let mut reached = HashSet::new();
    let mut waiting = vec!["/paths"];
    while let Some(pointer) = waiting.pop() {
        for (_, target) in targets.range(format!("{pointer}/")..format!("{pointer}0")) {
            if reached.insert(target.as_str()) {
                waiting.push(target);
            }
        }
    }
    for (section, members) in raw.get_mut("components").and_then(Value::as_object_mut).into_iter().flatten() {
        if let (Some(members), true) = (members.as_object_mut(), section != "securitySchemes") {
            members.retain(|name, _| reached.contains(&*child(&child("/components", section), name)));
        }
    }
}

/// The pointer that a reference into the same document holds.
pub(crate) fn local(reference: &str) -> Option<String> {
    let pointer = percent_decode_str(reference.strip_prefix('#')?).decode_utf8().ok()?;
    Some(pointer.into_owned())
}

pub(super) fn check(raw: &Value, positions: &Positions) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    each(raw, |pointer, reference| {
        let (rule, what, help) = match local(reference) {
            None => {
                let help = "copy what it names into components/ and write `#/components/…`".to_owned();
                ("ref-external", "leads out of this file", help)
            }
            Some(target) if raw.pointer(&target).is_none() => ("ref-dangling", "leads nowhere", nearest(raw, &target)),
            Some(target) if matches!(follow(raw, &target), Err(Lost::Circle)) => {
                let help = "let one of the references name a schema that says something".to_owned();
                ("ref-circular", "leads back to itself through references alone", help)
            }
            Some(_) => return,
        };
        let place = positions.value(&child(pointer, "$ref"));
        findings.push(Diagnostic::error(place, rule, format!("`{reference}` {what}"), help));
    });
    findings
}

/// Calls `visit` with the pointer and text of each reference.
pub(super) fn each<'a>(raw: &'a Value, mut visit: impl FnMut(&str, &'a str)) {
    walk(raw, |node| {
        if let Some(reference) = node.reference() {
            visit(node.pointer, reference);
        } else if let (Step::Key(_, "$ref"), Some(reference), Some((holder, _))) =
            (node.step, node.value.as_str(), node.pointer.rsplit_once('/'))
        {
            visit(holder, reference);
        }
        true
    });
}

fn nearest(raw: &Value, target: &str) -> String {
    let (parent, last) = target.rsplit_once('/').unwrap_or(("", target));
    let known = raw.pointer(parent).and_then(Value::as_object);
    let near = known.and_then(|known| super::grammar::nearest(last, known.keys().map(String::as_str)));
    match near {
        Some(near) => format!("did you mean `#{parent}/{near}`?"),
        None => "define it, or name something that exists".to_owned(),
    }
}
