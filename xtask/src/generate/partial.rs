//! What can be generated of a document of which not all can: each operation that can't be is left out with its reason.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::diagnostic::{Diagnostic, Level};
use crate::document::{Document, Location, METHODS, Operation, Reach, child, keep_reached, last, owner};
use crate::lint;

/// How often the generator is asked which of several operations it refuses.
const TRIES: usize = 60;

/// A document without what can't be generated, and what was made of it.
pub struct Partial<T> {
    /// The rest: every operation has an id, no component is there that none reaches.
    pub document: Document,
    /// What was made of the rest.
    pub made: T,
    /// What was left out: the operation's name, and why, with the place in the whole document.
    pub left: BTreeMap<String, Diagnostic>,
    /// What operations go without: the part and the operation's name, and why.
    pub parts: BTreeMap<String, Diagnostic>,
}

impl<T> Partial<T> {
    /// Leaves out the operations in `without` and those of which `make` can't make anything, and of others what a request
    /// may lack.
    ///
    /// # Errors
    /// What no operation is to blame for.
    pub fn of(
        spec: &Document,
        without: &BTreeSet<String>,
        make: impl Fn(&Document) -> Result<T, Vec<Diagnostic>>,
    ) -> Result<Self, Vec<Diagnostic>> {
        let mut raw = spec.raw.clone();
        for operation in spec.operations.iter().filter(|operation| operation.id.is_none()) {
            raw["paths"][&*operation.path][operation.method]["operationId"] =
                format!("{}{}", operation.method, operation.path).into();
        }
        let named = |pointer: &str| spec.operations.iter().find(|it| it.pointer == pointer).map(Operation::name);
        let (mut left, mut parts) = (BTreeMap::new(), Vec::new());
        let known: BTreeSet<String> =
            spec.operations.iter().filter(|it| without.contains(&it.name())).map(|it| it.pointer.clone()).collect();
        let mut document = remove(&spec.name, &mut raw, &known)?;
        let mut tries = TRIES;
        // What one finding hides, the next round finds.
        let made = loop {
            let mut blamed = blame(&document);
            if blamed.is_empty() {
                let findings = match make(&document) {
                    Ok(made) => break made,
                    Err(findings) => findings,
                };
                let all: Vec<&Operation> = document.operations.iter().collect();
                if let Some(finding) = findings.last() {
                    refused(&spec.name, &raw, &all, (&all, finding), &mut tries, &mut blamed);
                }
                if blamed.is_empty() {
                    return Err(findings);
                }
            }
            let mut gone = BTreeSet::new();
            for (operation, findings) in blamed {
                let Some(name) = named(&operation.pointer) else { continue };
                let placed =
                    |(pointer, finding): (String, Diagnostic)| Diagnostic { place: spec.place(&pointer), ..finding };
                match findings.iter().map(|(pointer, _)| spare(operation, pointer)).collect::<Option<Vec<_>>>() {
                    Some(spare) => {
                        for ((what, pointer), finding) in spare.into_iter().zip(findings) {
                            gone.insert(pointer);
                            parts.push((name.clone(), format!("{what} of {name}"), placed(finding)));
                        }
                    }
                    None => {
                        gone.insert(operation.pointer.clone());
                        left.extend(findings.into_iter().next().map(|finding| (name, placed(finding))));
                    }
                }
            }
            document = remove(&spec.name, &mut raw, &gone)?;
        };
        let mut spared = BTreeMap::new();
        for (_, what, finding) in parts.into_iter().filter(|(operation, ..)| !left.contains_key(operation)) {
            spared.entry(what).or_insert(finding);
        }
        Ok(Self { document, made, left, parts: spared })
    }
}

/// What a request of the operation may lack, where the finding is about that: what it is, and where it is listed.
fn spare(operation: &Operation, pointer: &str) -> Option<(String, String)> {
    let is_about =
        |node: &str| pointer.strip_prefix(node).is_some_and(|below| below.is_empty() || below.starts_with('/'));
    let mut parameters = operation.parameters.iter().filter(|it| !it.required && it.location != Location::Path);
    if let Some(parameter) = parameters.find(|it| is_about(&it.pointer) || is_about(&it.listed)) {
        return Some((format!("the parameter `{}`", parameter.name), parameter.listed.clone()));
    }
    // OpenAPI asks to ignore the body of these.
    let body = operation.body.as_ref()?;
    let is_ignored = ["get", "head", "delete"].contains(&operation.method) && !body.required && is_about(&body.pointer);
    is_ignored.then(|| ("the body".to_owned(), child(&operation.pointer, "requestBody")))
}

/// Removes operations and parts of them, and the components that no other reaches.
fn remove(name: &str, raw: &mut Value, pointers: &BTreeSet<String>) -> Result<Document, Vec<Diagnostic>> {
    // From the end, so that the items of a list stay where their pointers say.
    let index = |pointer: &str| last(pointer).parse::<usize>().ok();
    let mut pointers: Vec<&String> = pointers.iter().collect();
    pointers.sort_by_key(|pointer| std::cmp::Reverse(index(pointer)));
    for pointer in pointers {
        let (holder, key) = pointer.rsplit_once('/').unwrap_or_default();
        match raw.pointer_mut(holder) {
            Some(Value::Object(members)) => drop(members.shift_remove(key)),
            Some(Value::Array(items)) => drop(index(pointer).filter(|at| *at < items.len()).map(|at| items.remove(at))),
            _ => {}
        }
    }
    if let Some(paths) = raw["paths"].as_object_mut() {
        paths.retain(|_, item| METHODS.iter().any(|method| item.get(method).is_some()));
    }
    keep_reached(raw);
    Document::parse_foreign(name, &raw.to_string())
}

/// An operation with the findings about it, each with its node.
type Blamed<'a> = (&'a Operation, Vec<(String, Diagnostic)>);

/// The operations that the lint's errors are about.
fn blame(document: &Document) -> Vec<Blamed<'_>> {
    let reach = Reach::of(&[document]);
    let mut blamed: BTreeMap<&str, Blamed<'_>> = BTreeMap::new();
    for (finding, pointer) in lint::findings(document).into_iter().filter(|(it, _)| it.level == Level::Error) {
        let owner = owner(&pointer);
        let (users, _) = reach.of_component(owner);
        let item = owner.strip_suffix("/parameters").unwrap_or(owner);
        let is_meant = |operation: &&Operation| {
            operation.pointer == owner || child("/paths", &operation.path) == item || users.contains(&operation.name())
        };
        for operation in document.operations.iter().filter(is_meant) {
            let entry = blamed.entry(&operation.pointer).or_insert_with(|| (operation, Vec::new()));
            entry.1.push((pointer.clone(), finding.clone()));
        }
    }
    blamed.into_values().collect()
}

/// Those of some operations that the generator refuses, for this reason when all are there, found by halves.
fn refused<'a>(
    name: &str,
    raw: &Value,
    all: &[&'a Operation],
    (some, reason): (&[&'a Operation], &Diagnostic),
    tries: &mut usize,
    found: &mut Vec<Blamed<'a>>,
) {
    *tries = tries.saturating_sub(1);
    if some.len() < 2 || *tries == 0 {
        let blamed = |operation: &&'a Operation| (*operation, vec![(operation.pointer.clone(), reason.clone())]);
        return found.extend(some.iter().map(blamed));
    }
    let (first, second) = some.split_at(some.len() / 2);
    for half in [first, second] {
        let is_other = |it: &&&Operation| !half.iter().any(|operation| operation.pointer == it.pointer);
        let others = all.iter().filter(is_other).map(|it| it.pointer.clone()).collect();
        let made =
            remove(name, &mut raw.clone(), &others).and_then(|document| super::each_item(&document, |_, _, _| ()));
        if let Some(reason) = made.err().and_then(|mut findings| findings.pop()) {
            refused(name, raw, all, (half, &reason), tries, found);
        }
    }
}
