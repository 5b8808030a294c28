//! Edits of the document, every single one of every node, to prove that none goes unseen: each is refused, or changes
//! the contract that the locks show.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt;
use std::panic::resume_unwind;

use serde_json::{Map, Value, json};

use crate::diagnostic::Level;
use crate::document::grammar::Kind;
use crate::document::walk::walk;
use crate::document::{Document, child, keep_reached, last};
use crate::lint;
use crate::lock::wire::Contract;

/// How a node is edited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Edit {
    /// The node goes.
    Delete,
    /// Its key gets another name.
    Rename,
    /// A text gets a letter more, a number is another.
    Change,
    /// True becomes false.
    Toggle,
    /// What it holds goes.
    Empty,
    /// A value of another type stands there.
    Retype,
    /// `null` stands there.
    Null,
    /// An item changes places with the next one.
    Swap,
    /// An item is there twice.
    Double,
    /// Another word that OpenAPI allows there, or another component of the same section.
    Alternative,
    /// An object has one more of the keys that OpenAPI allows there.
    Add,
    /// An object has an extension more.
    AddExtension,
    /// An object has a key more that OpenAPI doesn't know.
    AddKey,
}

/// What became of all edits.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    /// By kind of edit, how many ended in each [`Outcome`].
    pub rows: BTreeMap<Edit, [usize; 4]>,
    /// Edits that nothing saw, each with its place.
    pub survivors: Vec<String>,
}

/// What became of an edit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// No document of ours any more.
    Unreadable,
    /// A contract document differs.
    Locked,
    /// Refused by a lint.
    Linted,
    /// Nothing.
    Unseen,
}

/// Makes every edit of every node and tells what became of it.
///
/// The document is cut into one document for each operation, since an edit shows in the operation that it belongs to:
/// the time grows with the number of operations and not with its square. `step` is 1 for every edit; with a larger one
/// one edit in so many is made.
#[must_use]
pub fn run(spec: &Document, step: usize) -> Tally {
    let mut known = HashSet::new();
    let mut tally = Tally::default();
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    for slice in slices(spec) {
        let base = Contract::of(&slice).documents();
        let mut mutations = mutations(&slice.raw);
        // What several operations share is edited once.
        mutations.retain(|mutation| !known.contains(&mutation.pointer));
        known.extend(mutations.iter().map(|mutation| mutation.pointer.clone()));
        let outcomes: Vec<_> = std::thread::scope(|scope| {
            let (base, slice, mutations) = (&base, &slice, &mutations);
            let work = move |first| {
                let share = mutations.iter().step_by(step.max(1)).skip(first).step_by(threads);
                share.filter_map(|mutation| Some((mutation, outcome(slice, base, mutation)?))).collect::<Vec<_>>()
            };
            let workers: Vec<_> = (0..threads).map(|first| scope.spawn(move || work(first))).collect();
            // A worker that panicked has shown an edit that the pipeline can't stand.
            let joined = workers.into_iter().map(|worker| worker.join().unwrap_or_else(|panic| resume_unwind(panic)));
            joined.flatten().collect()
        });
        for (Mutation { pointer, edit, .. }, outcome) in outcomes {
            tally.rows.entry(*edit).or_default()[outcome as usize] += 1;
            if outcome == Outcome::Unseen {
                tally.survivors.push(format!("{}: {edit:?} of {pointer}", slice.place(pointer)));
            }
        }
    }
    tally
}

fn outcome(spec: &Document, base: &BTreeMap<String, String>, mutation: &Mutation) -> Option<Outcome> {
    // An edit that can't be made, or makes the same document, is none.
    let raw = mutation.apply(&spec.raw).filter(|raw| *raw != spec.raw)?;
    Some(match Document::parse(&spec.name, &raw.to_string()) {
        Err(_) => Outcome::Unreadable,
        // The lock is asked first: it is the cheaper one, and no lint has to see what it shows.
        Ok(edited) if Contract::of(&edited).documents() != *base => Outcome::Locked,
        // What a slice lacks because it was cut out was wrong before the edit, too.
        Ok(edited) if !errors(&edited).is_subset(&errors(spec)) => Outcome::Linted,
        Ok(_) => Outcome::Unseen,
    })
}

/// The errors of a document, without their places.
fn errors(spec: &Document) -> BTreeSet<(&'static str, String)> {
    let errors = lint::check(spec).into_iter().filter(|finding| finding.level == Level::Error);
    errors.map(|finding| (finding.rule, finding.message)).collect()
}

/// One document for each path with what it refers to. What nothing reaches is edited in the whole.
fn slices(spec: &Document) -> Vec<Document> {
    let cut = |(path, item): (&String, &Value)| {
        let mut raw = spec.raw.clone();
        raw["paths"] = json!({path.as_str(): item});
        keep_reached(&mut raw);
        Document::parse(&spec.name, &raw.to_string()).ok()
    };
    spec.raw["paths"].as_object().into_iter().flatten().filter_map(cut).chain([spec.clone()]).collect()
}

/// One edit of one node.
#[derive(Debug, Clone)]
pub struct Mutation {
    /// The node.
    pub pointer: String,
    /// How it is edited.
    pub edit: Edit,
    /// What is written there; `None` if the edit is one of what holds the node.
    new: Option<Value>,
}

impl Mutation {
    /// The edited document; `None` if the node can't be edited so.
    #[must_use]
    pub fn apply(&self, raw: &Value) -> Option<Value> {
        let mut raw = raw.clone();
        if let Some(new) = &self.new {
            *raw.pointer_mut(&self.pointer)? = new.clone();
            return Some(raw);
        }
        let (parent, _) = self.pointer.rsplit_once('/')?;
        let key = last(&self.pointer);
        match (raw.pointer_mut(parent)?, self.edit) {
            (Value::Object(members), Edit::Delete) => drop(members.shift_remove(&*key)?),
            (Value::Object(members), Edit::Rename) => {
                let value = members.shift_remove(&*key)?;
                members.insert(format!("{key}X"), value);
            }
            (Value::Array(items), edit) => {
                let at: usize = key.parse().ok()?;
                match edit {
                    Edit::Delete => drop(items.remove(at)),
                    Edit::Swap if at + 1 < items.len() => items.swap(at, at + 1),
                    Edit::Double => items.insert(at, items.get(at)?.clone()),
                    _ => return None,
                }
            }
            _ => return None,
        }
        Some(raw)
    }
}

/// Every node with every edit.
#[must_use]
pub fn mutations(raw: &Value) -> Vec<Mutation> {
    let mut mutations = Vec::new();
    edits(raw, "", &mut mutations);
    walk(raw, |node| {
        let mut write = |edit, pointer: &str, new| {
            mutations.push(Mutation { pointer: pointer.to_owned(), edit, new: Some(new) });
        };
        if let Some((section, _)) = node.reference().and_then(|reference| reference.rsplit_once('/')) {
            let components = raw.pointer(section.trim_start_matches('#')).and_then(Value::as_object);
            for name in components.into_iter().flat_map(Map::keys) {
                let new = json!(format!("{section}/{name}"));
                write(Edit::Alternative, &child(node.pointer, "$ref"), new);
            }
        } else if let Some((shape, members)) = node.object() {
            for (key, kind) in shape.fields.iter().filter(|(key, _)| !members.contains_key(*key)) {
                let mut members = members.clone();
                members.insert((*key).to_owned(), least(kind));
                write(Edit::Add, node.pointer, members.into());
            }
        } else if let Some(Kind::OneOf(words)) = node.kind {
            words.iter().for_each(|word| write(Edit::Alternative, node.pointer, json!(word)));
        }
        true
    });
    mutations
}

/// The edits that any value of JSON can have, and whatever stands below it.
fn edits(node: &Value, pointer: &str, mutations: &mut Vec<Mutation>) {
    let added = |key: &str| {
        let mut members = node.as_object().cloned().unwrap_or_default();
        members.insert(key.to_owned(), json!(true));
        Some(members.into())
    };
    let around = [Edit::Delete, Edit::Rename, Edit::Swap, Edit::Double].map(|edit| (edit, None));
    let within = match node {
        Value::String(text) => vec![
            (Edit::Change, Some(json!(format!("{text}x")))),
            (Edit::Empty, Some(json!(""))),
            (Edit::Retype, Some(json!([7]))),
        ],
        Value::Number(number) => vec![
            (Edit::Change, number.as_f64().map(|number| json!(number + 1.0))),
            (Edit::Retype, Some(json!(node.to_string()))),
        ],
        Value::Bool(flag) => vec![(Edit::Toggle, Some(json!(!flag))), (Edit::Retype, Some(json!(node.to_string())))],
        Value::Null => vec![(Edit::Retype, Some(json!("null")))],
        Value::Array(_) => vec![(Edit::Empty, Some(json!([]))), (Edit::Retype, Some(json!({"x": 7})))],
        Value::Object(_) => vec![
            (Edit::Empty, Some(json!({}))),
            (Edit::Retype, Some(json!([7]))),
            (Edit::AddExtension, added("x-added")),
            (Edit::AddKey, added("added")),
        ],
    };
    let all = around.into_iter().chain(within).chain([(Edit::Null, Some(Value::Null))]);
    mutations.extend(all.map(|(edit, new)| Mutation { pointer: pointer.to_owned(), edit, new }));
    match node {
        Value::Object(members) => {
            members.iter().for_each(|(key, member)| edits(member, &child(pointer, key), mutations));
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, item)| edits(item, &format!("{pointer}/{at}"), mutations));
        }
        _ => {}
    }
}

/// The least that OpenAPI takes.
fn least(kind: &Kind) -> Value {
    match kind {
        Kind::Any | Kind::Text => json!("x"),
        Kind::Flag => json!(true),
        Kind::Number | Kind::Count => json!(1),
        Kind::OneOf(words) => json!(words.first()),
        Kind::FlagOrSchema => json!(false),
        Kind::List(inner) => json!([least(inner)]),
        Kind::Map(inner) => json!({"x": least(inner)}),
        Kind::Object(shape) | Kind::Ref(shape) => {
            let required = shape.fields.iter().filter(|(key, _)| shape.required.contains(key));
            required.map(|(key, kind)| ((*key).to_owned(), least(kind))).collect::<Map<_, _>>().into()
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| edit | tried | unreadable | seen by a lock | refused by a lint | unseen |")?;
        writeln!(f, "|---|---|---|---|---|---|")?;
        let sum = |column: usize| self.rows.values().map(|row| row[column]).sum();
        let all = [0, 1, 2, 3].map(sum);
        let rows = self.rows.iter().map(|(edit, row)| (format!("{edit:?}"), row));
        for (name, row) in rows.chain([("all".to_owned(), &all)]) {
            let [unreadable, locked, linted, unseen] = row;
            let tried: usize = row.iter().sum();
            writeln!(f, "| {name} | {tried} | {unreadable} | {locked} | {linted} | {unseen} |")?;
        }
        self.survivors.iter().try_for_each(|survivor| writeln!(f, "unseen: {survivor}"))
    }
}
