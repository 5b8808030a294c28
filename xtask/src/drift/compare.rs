//! Our document against what upstream says: named policies for the kinds of difference that are meant, and a reviewed list for
//! the others.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;

use super::facts::{self, Facts, LOCK, Node, OPERATION, Pair};
use crate::DOCUMENT;
use crate::diagnostic::{Diagnostic, Place};
use crate::document::{Document, SecurityScheme, nearest};

/// The reviewed list, from the workspace's root.
pub(super) const LIST: &str = "openapi/drift.yaml";

/// A fact of upstream's that our document states otherwise or lacks.
struct Difference<'a> {
    operation: &'a str,
    place: &'a str,
    /// A key of OpenAPI; empty where the node itself is missing.
    key: &'a str,
    upstream: &'a str,
    ours: Option<&'a str>,
    /// Our node, if we have it.
    node: Option<&'a Node>,
    document: &'a Document,
    /// The nearest pointer in our document.
    pointer: String,
}

impl Difference<'_> {
    fn fact(&self) -> String {
        if self.key.is_empty() { self.place.to_owned() } else { format!("{} · {}", self.place, self.key) }
    }
}

/// The kind of difference that is meant, with why, if it is of one.
fn policy(of: &Difference<'_>) -> Option<&'static str> {
    let at_most = || of.ours.is_some_and(|ours| names(ours).is_superset(&names(of.upstream)));
    let in_answer = of.place.starts_with("response");
    let open = of.node.is_some_and(|node| node.facts.contains_key("x-ims-open"));
    let credentials = |header: &str| {
        let mut schemes = of.document.security.values();
        header == "X-Sdk-Date" || schemes.any(|scheme| *scheme == SecurityScheme::Header(header.to_owned()))
    };
    Some(match of.key {
        "" if of.place.strip_prefix("parameter header ").is_some_and(credentials) => {
            "security-scheme: what carries credentials is no parameter of a call"
        }
        "body" if at_most() => "error-body: one body for all errors holds whatever any of them does",
        "required" if in_answer => "optional-in-answers: upstream's own samples lack what it requires",
        "enum" if at_most() || in_answer && (open || of.ours.is_none()) => {
            "open-values: answers may hold values that nobody knew, and requests those of other pages"
        }
        "format" if of.upstream == "int32" && of.ours.is_none_or(|ours| ours == "int64") => {
            "wider-integer: sizes and counts outgrow 32 bits"
        }
        "minLength" if of.upstream == "0" => "any-length: a least length of 0 says nothing",
        "minimum" | "maximum" | "minLength" | "maxLength" if in_answer && of.ours.is_none() => {
            "unlimited-answers: the client accepts what the service sends"
        }
        "default" if of.ours.is_none() => "default-in-text: what the service assumes is told, not sent",
        _ => return None,
    })
}

/// An entry of the reviewed list.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    operation: String,
    fact: String,
    upstream: String,
    ours: String,
    why: String,
}

/// Compares; `list` is the text of [`LIST`]. The report, and whether it explains everything.
///
/// # Errors
/// The list can't be read.
pub(super) fn compare(upstream: &Facts, document: &Document, list: &str) -> Result<(String, bool), String> {
    let mut entries: Vec<(Place, Entry, bool)> = entries(list)?;
    let ours = facts::of(document);
    let (mut equal, mut by_list) = (0, 0);
    let mut by_policy: BTreeMap<&str, usize> = BTreeMap::new();
    let mut unexplained = Vec::new();
    for difference in differences(upstream, &ours, document, &mut equal) {
        let said = difference.ours.unwrap_or("absent");
        let (operation, fact, upstream) = (difference.operation, difference.fact(), difference.upstream);
        let listed = entries.iter_mut().find(|(_, entry, _)| {
            entry.operation == operation && entry.fact == fact && entry.upstream == upstream && entry.ours == said
        });
        if let Some(policy) = policy(&difference) {
            *by_policy.entry(policy).or_default() += 1;
        } else if let Some((_, _, fits)) = listed {
            *fits = true;
            by_list += 1;
        } else {
            let message = format!("{operation} · {fact}: upstream says {upstream}, this document {said}");
            let help = format!("follow upstream, or say in {LIST} why not, with these four values");
            unexplained.push(Diagnostic::error(document.place(&difference.pointer), "drift", message, help));
        }
    }
    for (place, entry, _) in entries.into_iter().filter(|(_, _, fits)| !fits) {
        let message = format!("{} · {} doesn't differ so any more", entry.operation, entry.fact);
        unexplained.push(Diagnostic::error(place, "drift", message, "remove the entry, or correct what it says"));
    }
    let mut report: String = unexplained.iter().map(|finding| format!("{finding}\n")).collect();
    report += &format!("{DOCUMENT} against {LOCK}: {equal} facts are the same\n");
    report.extend(by_policy.iter().map(|(policy, count)| format!("  {count:5}  {policy}\n")));
    report += &format!("  {by_list:5}  differ as {LIST} says\n  {:5}  unexplained\n", unexplained.len());
    Ok((report, unexplained.is_empty()))
}

fn differences<'a>(
    upstream: &'a Facts,
    ours: &'a Facts,
    document: &'a Document,
    equal: &mut usize,
) -> Vec<Difference<'a>> {
    let mut found = Vec::new();
    let mut missing: Vec<(&str, &str)> = Vec::new();
    for Pair { operation, place, old: theirs, new: node } in facts::pairs(upstream, ours) {
        let mut differ = |key, upstream, ours, pointer: &str| {
            let pointer = pointer.to_owned();
            found.push(Difference { operation, place, key, upstream, ours, node, document, pointer });
        };
        match (theirs, node) {
            (Some(theirs), Some(mine)) => {
                // What upstream doesn't say of these is false, and ours may not be stricter.
                let flags = ["required", "deprecated"].map(|key| (key, "false"));
                let said = theirs.facts.iter().map(|(key, value)| (key.as_str(), value.as_str()));
                let said = said.chain(flags.into_iter().filter(|(key, _)| !theirs.facts.contains_key(*key)));
                for (key, value) in said.filter(|(key, _)| !matches!(*key, "prose" | "samples")) {
                    match mine.facts.get(key).map(String::as_str) {
                        Some(ours) if ours == value => *equal += 1,
                        None if value == "false" => {}
                        ours => differ(key, value, ours, &mine.pointer),
                    }
                }
            }
            // What is inside of what is missing is missing, too.
            (Some(_), None) if missing.iter().any(|(of, outer)| *of == operation && place.starts_with(outer)) => {}
            (Some(_), None) => {
                missing.push((operation, place));
                let known = ours.get(operation);
                let others = known.into_iter().flat_map(BTreeMap::keys).map(String::as_str);
                let others = others.filter(|place| !upstream[operation].contains_key(*place));
                let near = known.and_then(|known| known.get(nearest(place, others).unwrap_or(OPERATION)));
                differ("", "present", None, near.map_or("/paths", |node| &node.pointer));
            }
            (None, Some(mine)) if place == OPERATION => differ("", "absent", Some("present"), &mine.pointer),
            // What else we say is ours to say.
            (None, _) => {}
        }
    }
    found
}

/// What a fact lists: the values of an enumeration, the names of a body.
fn names(value: &str) -> BTreeSet<String> {
    match serde_json::from_str(value) {
        Ok(Value::Array(items)) => items.iter().map(Value::to_string).collect(),
        _ => value.split(", ").filter(|name| *name != "none").map(str::to_owned).collect(),
    }
}

fn entries(list: &str) -> Result<Vec<(Place, Entry, bool)>, String> {
    let entries: Vec<Entry> = serde_yaml::from_str(list).map_err(|error| format!("{LIST}: {error}"))?;
    let lines = list.lines().enumerate().filter(|(_, line)| line.starts_with("- "));
    let places = lines.map(|(index, _)| Place { file: LIST.to_owned(), line: index + 1, column: 3 });
    let entries: Vec<_> = places.zip(entries).map(|(place, entry)| (place, entry, false)).collect();
    match entries.iter().find(|(_, entry, _)| entry.why.trim().is_empty()) {
        Some((place, ..)) => Err(format!("{place}: `why` is empty: say why the document differs on purpose")),
        None => Ok(entries),
    }
}
