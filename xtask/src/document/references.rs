//! References: where a `$ref` leads, and those that lead nowhere, outside, or round in a circle.

use std::collections::{BTreeMap, HashSet};

use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::pointer::child;
use super::positions::Positions;
use super::walk::{Step, walk};
use crate::diagnostic::Diagnostic;

/// Follows `$ref`s from a pointer to the node that is none.
pub(super) fn resolve<'a>(raw: &'a Value, pointer: &str) -> Option<(String, &'a Value)> {
    let mut pointer = pointer.to_owned();
    let mut node = raw.pointer(&pointer)?;
    let mut seen = HashSet::new();
    while let Some(Value::String(reference)) = node.get("$ref") {
        let target = local(reference)?;
        if !seen.insert(target.clone()) {
            return None;
        }
        node = raw.pointer(&target)?;
        pointer = target;
    }
    Some((pointer, node))
}

/// Where the references at and below a pointer lead, and those that stand there.
pub(super) fn reached(raw: &Value, pointer: &str) -> HashSet<String> {
    let mut targets: BTreeMap<String, String> = BTreeMap::new();
    each(raw, |holder, reference| {
        // With the slash, what stands at and below a node is one range: `0` is the character after `/`.
        targets.extend(local(reference).map(|target| (format!("{holder}/"), target)));
    });
    let mut reached = HashSet::new();
    let mut waiting = vec![pointer.to_owned()];
    while let Some(pointer) = waiting.pop() {
        for (_, target) in targets.range(format!("{pointer}/")..format!("{pointer}0")) {
            if reached.insert(target.clone()) {
                waiting.push(target.clone());
            }
        }
    }
    reached
}

/// The pointer that a reference into the same document holds.
pub(crate) fn local(reference: &str) -> Option<String> {
    let pointer = percent_decode_str(reference.strip_prefix('#')?).decode_utf8().ok()?;
    Some(pointer.into_owned())
}

pub(super) fn check(raw: &Value, name: &str, positions: &Positions) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    each(raw, |pointer, reference| {
        let place = || positions.at(&child(pointer, "$ref")).value(name);
        let Some(target) = local(reference) else {
            findings.push(Diagnostic::error(
                place(),
                "ref-external",
                format!("`{reference}` leads out of this file"),
                "copy what it names into components/ and write `#/components/…`",
            ));
            return;
        };
        if raw.pointer(&target).is_none() {
            findings.push(Diagnostic::error(
                place(),
                "ref-dangling",
                format!("`{reference}` leads nowhere"),
                nearest(raw, &target),
            ));
        } else if resolve(raw, pointer).is_none() && circular(raw, pointer) {
            findings.push(Diagnostic::error(
                place(),
                "ref-circular",
                format!("`{reference}` leads back to itself through references alone"),
                "let one of the references name a schema that says something",
            ));
        }
    });
    findings
}

fn circular(raw: &Value, pointer: &str) -> bool {
    let mut seen = HashSet::new();
    let mut at = pointer.to_owned();
    loop {
        let Some(Value::String(reference)) = raw.pointer(&at).and_then(|node| node.get("$ref")) else {
            return false;
        };
        let Some(target) = local(reference) else {
            return false;
        };
        if !seen.insert(target.clone()) {
            return true;
        }
        at = target;
    }
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
