//! The Rust effect: the surfaces of both sides' generated code compared, worded for whose code breaks.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::panic::resume_unwind;

use heck::ToSnakeCase;
use serde::Serialize;

use super::Change;
use super::rules::tally;
use crate::diagnostic::Diagnostic;
use crate::document::{Document, Names, Operation};
use crate::generate::Partial;
use crate::lock::rust::{Item, Kind, Surface};

/// One public item that changed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct RustChange {
    /// The item's path: `types::ResourceTag.value`.
    pub item: String,
    /// Its signature or type before.
    pub before: Option<String>,
    /// Its signature or type now.
    pub after: Option<String>,
    /// Whether code that used it no longer compiles.
    pub breaking: bool,
    /// What users must do.
    pub sentence: String,
}

/// Compares what both documents generate: the effects, and what of them is unknown.
///
/// # Errors
/// Why one side can't be generated, naming the side, or that too much changed and not `all` is wanted.
pub(super) fn effects(
    base: &Document,
    head: &Document,
    changes: &[Change],
    all: bool,
) -> Result<(Vec<RustChange>, Option<String>), String> {
    if base.raw == head.raw {
        return Ok((Vec::new(), None));
    }
    let first = |findings: Vec<Diagnostic>| findings.first().map_or_else(String::new, ToString::to_string);
    // As a whole where that goes; else both without what one of them can't have, and of a large document what changed.
    let whole = || Some((Surface::of_document(base).ok()?, Surface::of_document(head).ok()?));
    let small = base.operations.len().max(head.operations.len()) <= MOST;
    let ((base, head), unknown) = match small.then(whole).flatten() {
        Some(surfaces) => (surfaces, None),
        None => partial(base, head, &touched(base, head, changes, all)?).map_err(first)?,
    };
    let mut effects = Vec::new();
    for path in base.items.keys().chain(head.items.keys()).collect::<BTreeSet<_>>() {
        let (before, after) = (base.items.get(path), head.items.get(path));
        if before != after {
            effects.push(change(path, before, after, if before.is_some() { &head } else { &base }));
        }
    }
    effects.sort();
    Ok((effects, unknown))
}

/// Generating more operations than these takes both sides several seconds: nobody should wait for that unasked.
const MOST: usize = 300;

type Surfaces = ((Surface, Surface), Option<String>);

/// The operations that differ, by themselves or in a component that they reach; the others make the same Rust twice. Of
/// a document of affordable size these are all.
fn touched(base: &Document, head: &Document, changes: &[Change], all: bool) -> Result<BTreeSet<String>, String> {
    let known: BTreeSet<String> = base.operations.iter().chain(&head.operations).map(Operation::name).collect();
    if known.len() <= MOST {
        return Ok(known);
    }
    let touched: BTreeSet<String> = changes.iter().flat_map(|change| &change.operations).cloned().collect();
    match touched.len() {
        many if many > MOST && !all => {
            Err(format!("{many} operations changed; of more than {MOST} the effect is worked out by `--all` alone"))
        }
        _ => Ok(touched),
    }
}

/// The surfaces of what both sides can have of some operations, and what was left out of them.
fn partial(base: &Document, head: &Document, touched: &BTreeSet<String>) -> Result<Surfaces, Vec<Diagnostic>> {
    let all = base.operations.iter().chain(&head.operations).map(Operation::name);
    let mut names: BTreeSet<String> = all.filter(|name| !touched.contains(name)).collect();
    let side = |spec: &Document, names: &BTreeSet<String>| Partial::of(spec, names, Surface::of_document);
    let (base_made, head_made) = std::thread::scope(|scope| {
        let base_made = scope.spawn(|| side(base, &names));
        let head_made = side(head, &names);
        (base_made.join().unwrap_or_else(|panic| resume_unwind(panic)), head_made)
    });
    let (mut base_made, mut head_made) = (base_made?, head_made?);
    let left: BTreeMap<String, Diagnostic> =
        base_made.left.iter().chain(&head_made.left).map(|(name, finding)| (name.clone(), finding.clone())).collect();
    names.extend(left.keys().cloned());
    // What one side can't have is nothing to compare with.
    for (spec, made) in [(base, &mut base_made), (head, &mut head_made)] {
        if made.document.operations.iter().any(|operation| names.contains(&operation.name())) {
            *made = side(spec, &names)?;
        }
    }
    let surfaces = (base_made.made, head_made.made);
    let rules = tally(left.values().map(|finding| finding.rule));
    let said = format!("{} of {} operations can't be generated ({rules})", left.len(), touched.len());
    let said = (!left.is_empty()).then_some(said);
    Ok((surfaces, said))
}

/// Gives each effect to the change whose node it is about, by the names that the documents give; what is about none
/// comes back.
pub(super) fn join(changes: &mut [Change], effects: Vec<RustChange>, documents: &[&Document]) -> Vec<RustChange> {
    let mut by_area: HashMap<&str, BTreeSet<usize>> = HashMap::new();
    // What goes by another name is also what it was.
    let renamed = |change: &Change| matches!(change.rule, "component-renamed" | "operation-id-changed");
    for (index, change) in changes.iter().enumerate() {
        for area in change.before.as_deref().filter(|_| renamed(change)).into_iter().chain([&*change.area]) {
            by_area.entry(area).or_default().insert(index);
        }
    }
    // The changes of an area by each name that it has in Rust, changed or not.
    let mut by_name: HashMap<String, BTreeSet<usize>> = HashMap::new();
    for spec in documents {
        let mut name = |name: String, area: &str| {
            by_name.entry(name).or_default().extend(by_area.get(area).into_iter().flatten());
        };
        for operation in &spec.operations {
            let Names { snake, pascal, constant, .. } = &operation.names;
            let mocks = ["When", "Then"].map(|end| format!("{pascal}{end}"));
            let names = [snake, pascal, constant].into_iter().cloned().chain(mocks);
            names.for_each(|known| name(known, &operation.name()));
        }
        spec.schemas.keys().for_each(|schema| name(Names::of_type(schema).pascal, &format!("schema {schema}")));
    }
    let named = |text: &str| -> BTreeSet<usize> {
        let names = text.split(|c: char| !c.is_alphanumeric() && c != '_');
        // A type inside another is named after it.
        let known = |name: &str| (1..=name.len()).rev().find_map(|end| by_name.get(name.get(..end)?));
        names.filter_map(known).flatten().copied().collect()
    };
    let words = |text: &str| -> BTreeSet<String> { text.to_snake_case().split('_').map(str::to_owned).collect() };
    let places: Vec<BTreeSet<String>> = changes.iter().map(|change| words(&change.place)).collect();
    let home = |effect: &RustChange| {
        let mut candidates = named(&effect.item);
        if candidates.is_empty() {
            // What it names changed.
            candidates = [&effect.before, &effect.after].into_iter().flatten().flat_map(|text| named(text)).collect();
        }
        let said = words(&effect.item);
        candidates.into_iter().min_by_key(|index| {
            let (change, place) = (&changes[*index], &places[*index]);
            let near = place.intersection(&said).count();
            // Words explain; they are the last to have an effect. Of the others, that of the nearest place has it.
            (change.is_words(), Reverse(near), !renamed(change), place.len(), *index)
        })
    };
    let homes: Vec<Option<usize>> = effects.iter().map(home).collect();
    let mut rest = Vec::new();
    for (effect, home) in effects.into_iter().zip(homes) {
        match home {
            Some(index) => changes[index].rust.push(effect),
            None => rest.push(effect),
        }
    }
    rest
}

fn change(path: &str, before: Option<&Item>, after: Option<&Item>, other: &Surface) -> RustChange {
    let text = |item: &Item| item.text.clone();
    let owner = path.rsplit_once('.').or_else(|| path.rsplit_once("::")).map_or(path, |(owner, _)| owner);
    let owned = other.items.contains_key(owner);
    // Nobody outside can name all fields or variants of such a type.
    let open = other.items.get(owner).is_some_and(|item| item.text.contains("non_exhaustive"));
    let (breaking, advice) = match (before, after) {
        (Some(_), None) => (true, "removed: code that names it doesn't compile"),
        (None, Some(now)) if now.mandatory => {
            (owned, "added and mandatory: calls without it fail before they are sent")
        }
        (None, Some(now)) => match now.kind {
            Kind::Field if owned && !open => (true, "added: code that makes or takes apart the struct must name it"),
            Kind::Variant if owned && !open => (true, "added: a `match` must handle it"),
            _ => (false, "added"),
        },
        (Some(old), Some(now)) if !old.mandatory && now.mandatory => {
            (true, "became mandatory: calls without it fail before they are sent")
        }
        (Some(old), Some(now)) if old.text == now.text => (false, "no longer mandatory"),
        (Some(old), Some(now)) => match now.kind {
            Kind::Field if wraps(&now.text) && !wraps(&old.text) => (true, "reading code must handle None"),
            Kind::Field if wraps(&old.text) && !wraps(&now.text) => (true, "reading code no longer gets an Option"),
            // The value of a constant is data, such as the rows of an error table.
            Kind::Constant => (false, "value changed"),
            Kind::Setter => (true, "takes another type"),
            Kind::Type if derives(&old.text).0 == derives(&now.text).0 => {
                match derives(&now.text).1.is_superset(&derives(&old.text).1) {
                    true => (false, "derives more"),
                    false => (true, "derives less: code that needs the trait doesn't compile"),
                }
            }
            _ => (true, "changed: code that uses it may not compile"),
        },
        (None, None) => (false, ""),
    };
    let name = path.trim_start_matches("types::");
    let sentence = match (before, after) {
        (Some(old), Some(now)) if old.text != now.text && now.kind != Kind::Constant => {
            format!("{name}: {} → {}: {advice}", old.text, now.text)
        }
        _ => format!("{name}: {advice}"),
    };
    RustChange { item: path.to_owned(), before: before.map(text), after: after.map(text), breaking, sentence }
}

/// What a type is, and what it derives.
fn derives(text: &str) -> (&str, BTreeSet<&str>) {
    let (what, derives) = text.split_once("derives ").unwrap_or((text, ""));
    (what.trim_end_matches(", "), derives.split_whitespace().collect())
}

fn wraps(text: &str) -> bool {
    text.contains("Option<")
}
