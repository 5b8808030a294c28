//! Our document against what upstream says: named policies for the kinds of difference that are meant, and a reviewed list for
//! the others.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;

use super::facts::{Facts, Node};
use crate::diagnostic::{Diagnostic, Level, Place};
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

/// What came of a comparison.
#[derive(Default)]
pub(super) struct Outcome {
    pub(super) equal: usize,
    /// The policies that were needed, and how often.
    pub(super) by_policy: BTreeMap<&'static str, usize>,
    pub(super) by_list: usize,
    /// What nothing explains, and entries of the list that don't fit any more.
    pub(super) unexplained: Vec<Diagnostic>,
}

/// Compares; `list` is the text of [`LIST`].
///
/// # Errors
/// The list can't be read.
pub(super) fn compare(upstream: &Facts, document: &Document, list: &str) -> Result<Outcome, String> {
    let mut entries: Vec<(Place, Entry, bool)> = entries(list)?;
    let ours = super::facts::of(document);
    let mut outcome = Outcome::default();
    for difference in differences(upstream, &ours, document, &mut outcome.equal) {
        let said = difference.ours.unwrap_or("absent");
        let listed = entries.iter_mut().find(|(_, entry, _)| {
            entry.operation == difference.operation
                && entry.fact == difference.fact()
                && entry.upstream == difference.upstream
                && entry.ours == said
        });
        if let Some(policy) = policy(&difference) {
            *outcome.by_policy.entry(policy).or_default() += 1;
        } else if let Some((_, _, fits)) = listed {
            *fits = true;
            outcome.by_list += 1;
        } else {
            let (operation, fact, upstream) = (difference.operation, difference.fact(), difference.upstream);
            outcome.unexplained.push(finding(
                document.place(&difference.pointer),
                format!("{operation} · {fact}: upstream says {upstream}, this document {said}"),
                format!("follow upstream, or say in {LIST} why not, with these four values"),
            ));
        }
    }
    for (place, entry, _) in entries.into_iter().filter(|(_, _, fits)| !fits) {
        let message = format!("{} · {} doesn't differ so any more", entry.operation, entry.fact);
        outcome.unexplained.push(finding(place, message, "remove the entry, or correct what it says".to_owned()));
    }
    Ok(outcome)
}

fn differences<'a>(
    upstream: &'a Facts,
    ours: &'a Facts,
    document: &'a Document,
    equal: &mut usize,
) -> Vec<Difference<'a>> {
    let mut found = Vec::new();
    for (operation, nodes) in upstream {
        let start = Difference {
            operation,
            place: super::facts::OPERATION,
            key: "",
            upstream: "present",
            ours: None,
            node: None,
            document,
            pointer: "/paths".to_owned(),
        };
        let Some(known) = ours.get(operation) else {
            found.push(start);
            continue;
        };
        let pointer = &known[super::facts::OPERATION].pointer;
        let mut missing: Vec<&str> = Vec::new();
        for (place, node) in nodes {
            let Some(mine) = known.get(place) else {
                // What is inside of what is missing is missing, too.
                if !missing.iter().any(|outer| place.starts_with(outer)) {
                    missing.push(place);
                    let others = known.keys().map(String::as_str).filter(|other| !nodes.contains_key(*other));
                    let pointer = nearest(place, others).map_or(pointer, |other| &known[other].pointer).clone();
                    found.push(Difference { place, pointer, ..start });
                }
                continue;
            };
            // What upstream doesn't say of these is false, and ours may not be stricter.
            let flags = ["required", "deprecated"].map(|key| (key, "false"));
            let said = node.facts.iter().map(|(key, value)| (key.as_str(), value.as_str()));
            let said = said.chain(flags.into_iter().filter(|(key, _)| !node.facts.contains_key(*key)));
            for (key, value) in said.filter(|(key, _)| !matches!(*key, "prose" | "samples")) {
                let ours = mine.facts.get(key).map(String::as_str);
                if ours == Some(value) || ours.is_none() && value == "false" {
                    *equal += usize::from(ours.is_some());
                } else {
                    let (pointer, node) = (mine.pointer.clone(), Some(mine));
                    found.push(Difference { place, key, upstream: value, ours, node, pointer, ..start });
                }
            }
        }
    }
    for (operation, nodes) in ours.iter().filter(|(operation, _)| !upstream.contains_key(*operation)) {
        let node = &nodes[super::facts::OPERATION];
        let (place, pointer) = (super::facts::OPERATION, node.pointer.clone());
        let ours = Some("present");
        found.push(Difference { operation, place, key: "", upstream: "absent", ours, node: None, document, pointer });
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

fn finding(place: Place, message: String, help: String) -> Diagnostic {
    Diagnostic { place, level: Level::Error, rule: "drift", message, help }
}
