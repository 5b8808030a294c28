//! Edits of the document, every single one of every node, to prove that none goes unseen: each is refused, or changes
//! the contract that the locks show.

use std::collections::{BTreeMap, HashSet};
use std::fmt;

use serde_json::{Map, Value, json};

use crate::diagnostic::Level;
use crate::document::grammar::{self, Kind, Shape};
use crate::document::{Document, child};
use crate::lint::{self, Mode};
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

impl Edit {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::Delete,
        Self::Rename,
        Self::Change,
        Self::Toggle,
        Self::Empty,
        Self::Retype,
        Self::Null,
        Self::Swap,
        Self::Double,
        Self::Alternative,
        Self::Add,
        Self::AddExtension,
        Self::AddKey,
    ];
}

/// What became of all edits.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    /// By edit: how many were refused by reading, refused by a lint, or seen by a lock.
    pub rows: BTreeMap<Edit, Row>,
    /// Edits that nothing saw, each with its place.
    pub survivors: Vec<String>,
}

/// What became of one kind of edit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Row {
    /// No document of ours any more.
    pub unreadable: usize,
    /// Refused by a lint.
    pub linted: usize,
    /// A contract document differs.
    pub locked: usize,
    /// Nothing.
    pub survived: usize,
}

impl Row {
    /// How many edits there were.
    #[must_use]
    pub fn tried(&self) -> usize {
        self.unreadable + self.linted + self.locked + self.survived
    }
}

enum Fate {
    Unreadable,
    Linted,
    Locked,
    Survived,
}

/// Makes every edit of every node and tells what became of it.
///
/// The document is cut into one document for each operation, since an edit shows in the operation that it belongs to:
/// the time grows with the number of operations and not with its square.
#[must_use]
pub fn run(spec: &Document) -> Tally {
    let mut tally = Tally::default();
    let mut known = HashSet::new();
    for slice in slices(spec) {
        let base = Contract::of(&slice).documents();
        let mut mutations = mutations(&slice.raw);
        // What several operations share is edited once.
        mutations.retain(|mutation| !known.contains(&mutation.pointer));
        known.extend(mutations.iter().map(|mutation| mutation.pointer.clone()));
        let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let fates: Vec<(&Mutation, Fate)> = std::thread::scope(|scope| {
            let (base, slice, mutations) = (&base, &slice, &mutations);
            let work = move |first| {
                let share = mutations.iter().skip(first).step_by(threads);
                share.filter_map(|mutation| Some((mutation, fate(slice, base, mutation)?))).collect::<Vec<_>>()
            };
            let workers: Vec<_> = (0..threads).map(|first| scope.spawn(move || work(first))).collect();
            // A worker that panicked has shown an edit that the pipeline can't stand.
            let join = |worker: std::thread::ScopedJoinHandle<'_, Vec<_>>| {
                worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            };
            workers.into_iter().flat_map(join).collect()
        });
        for (Mutation { pointer, edit, .. }, fate) in fates {
            let row = tally.rows.entry(*edit).or_default();
            match fate {
                Fate::Unreadable => row.unreadable += 1,
                Fate::Linted => row.linted += 1,
                Fate::Locked => row.locked += 1,
                Fate::Survived => {
                    row.survived += 1;
                    tally.survivors.push(format!("{}: {edit:?} of {pointer}", spec.place(pointer)));
                }
            }
        }
    }
    tally
}

/// One document for each operation with what it refers to; the whole document where that isn't one of ours, for then
/// every edit would be refused for a reason of the cut.
fn slices(spec: &Document) -> Vec<Document> {
    let mut slices = Vec::new();
    for (path, item) in spec.raw["paths"].as_object().into_iter().flatten() {
        let mut raw = spec.raw.clone();
        raw["paths"] = json!({path.as_str(): item});
        let mut reached = HashSet::new();
        let mut waiting = vec![raw["paths"].clone()];
        while let Some(node) = waiting.pop() {
            match node {
                Value::Object(members) => {
                    let target = members.get("$ref").and_then(Value::as_str).map(|text| text.trim_start_matches('#'));
                    if let Some(target) = target.filter(|target| reached.insert((*target).to_owned())) {
                        waiting.extend(spec.raw.pointer(target).cloned());
                    }
                    waiting.extend(members.into_iter().map(|(_, member)| member));
                }
                Value::Array(items) => waiting.extend(items),
                _ => {}
            }
        }
        for (section, members) in raw["components"].as_object_mut().into_iter().flatten() {
            if let (Some(members), true) = (members.as_object_mut(), section != "securitySchemes") {
                members.retain(|name, _| reached.contains(&format!("/components/{section}/{name}")));
            }
        }
        match Document::parse(&spec.name, &raw.to_string()) {
            Ok(slice) if lint::check(&slice, Mode::House).iter().all(|finding| finding.level != Level::Error) => {
                slices.push(slice);
            }
            _ => return vec![spec.clone()],
        }
    }
    // What no operation reaches is edited in the whole.
    slices.push(spec.clone());
    slices
}

/// `None` if the edit makes no other document.
fn fate(spec: &Document, base: &BTreeMap<String, String>, mutation: &Mutation) -> Option<Fate> {
    let raw = mutation.apply(&spec.raw).filter(|raw| *raw != spec.raw)?;
    let Ok(edited) = Document::parse(&spec.name, &raw.to_string()) else { return Some(Fate::Unreadable) };
    let refused = lint::check(&edited, Mode::House).iter().any(|finding| finding.level == Level::Error);
    Some(match refused {
        true => Fate::Linted,
        false if Contract::of(&edited).documents() != *base => Fate::Locked,
        false => Fate::Survived,
    })
}

/// One edit of one node.
struct Mutation {
    pointer: String,
    edit: Edit,
    /// What is written, where the edit alone doesn't say it.
    new: Option<Value>,
}

impl Mutation {
    fn apply(&self, raw: &Value) -> Option<Value> {
        let Some(new) = &self.new else { return apply(raw, &self.pointer, self.edit) };
        let mut raw = raw.clone();
        *raw.pointer_mut(&self.pointer)? = new.clone();
        Some(raw)
    }
}

/// Every node with every edit.
fn mutations(raw: &Value) -> Vec<Mutation> {
    let mut mutations = Vec::new();
    let mut collector = Collector { raw, mutations: &mut mutations };
    collector.node(raw, "", Some(At::In(grammar::document())));
    mutations
}

/// What OpenAPI has at a node.
#[derive(Clone, Copy)]
enum At {
    In(&'static Shape),
    Kind(&'static Kind),
}

struct Collector<'a> {
    raw: &'a Value,
    mutations: &'a mut Vec<Mutation>,
}

impl Collector<'_> {
    fn node(&mut self, node: &Value, pointer: &str, at: Option<At>) {
        for edit in Edit::ALL {
            self.mutations.push(Mutation { pointer: pointer.to_owned(), edit, new: None });
        }
        let at = at.map(|at| match at {
            At::Kind(Kind::Object(shape) | Kind::Ref(shape)) => At::In(shape),
            At::Kind(Kind::FlagOrSchema) if node.is_object() => match grammar::ANY_SCHEMA {
                Kind::Ref(shape) => At::In(shape),
                _ => at,
            },
            other => other,
        });
        match (node, at) {
            (Value::Object(members), _) => {
                if let Some(At::In(shape)) = at {
                    self.additions(members, pointer, shape);
                }
                for (key, member) in members {
                    let below = match at {
                        Some(At::In(shape)) => shape.kind_of(key).map(At::Kind),
                        Some(At::Kind(Kind::Map(inner))) => Some(At::Kind(inner)),
                        _ => None,
                    };
                    if key == "$ref" {
                        self.references(member, &child(pointer, key));
                    }
                    self.node(member, &child(pointer, key), below);
                }
            }
            (Value::Array(items), _) => {
                let below = match at {
                    Some(At::Kind(Kind::List(inner))) => Some(At::Kind(inner)),
                    _ => None,
                };
                for (index, item) in items.iter().enumerate() {
                    self.node(item, &child(pointer, &index.to_string()), below);
                }
            }
            (Value::String(_), Some(At::Kind(Kind::OneOf(words)))) => {
                for word in *words {
                    self.push(pointer, Edit::Alternative, json!(word));
                }
            }
            _ => {}
        }
    }

    fn additions(&mut self, members: &Map<String, Value>, pointer: &str, shape: &Shape) {
        for (key, kind) in shape.fields.iter().filter(|(key, _)| !members.contains_key(*key)) {
            let mut members = members.clone();
            members.insert((*key).to_owned(), least(kind));
            self.push(pointer, Edit::Add, Value::Object(members));
        }
    }

    fn references(&mut self, reference: &Value, pointer: &str) {
        let Some((section, _)) = reference.as_str().and_then(|text| text.rsplit_once('/')) else { return };
        let components = self.raw.pointer(section.trim_start_matches('#')).and_then(Value::as_object);
        let names: Vec<String> = components.into_iter().flat_map(|components| components.keys().cloned()).collect();
        for name in names {
            self.push(pointer, Edit::Alternative, json!(format!("{section}/{name}")));
        }
    }

    fn push(&mut self, pointer: &str, edit: Edit, new: Value) {
        self.mutations.push(Mutation { pointer: pointer.to_owned(), edit, new: Some(new) });
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

/// The edited document; `None` if the node can't be edited so.
fn apply(raw: &Value, pointer: &str, edit: Edit) -> Option<Value> {
    let mut raw = raw.clone();
    match edit {
        Edit::Delete | Edit::Rename | Edit::Swap | Edit::Double => {
            let (parent, token) = pointer.rsplit_once('/')?;
            let key = token.replace("~1", "/").replace("~0", "~");
            match (raw.pointer_mut(parent)?, edit) {
                (Value::Object(members), Edit::Delete) => {
                    members.shift_remove(&key)?;
                }
                (Value::Object(members), Edit::Rename) => {
                    let value = members.shift_remove(&key)?;
                    members.insert(format!("{key}X"), value);
                }
                (Value::Array(items), Edit::Delete) => {
                    items.remove(key.parse().ok()?);
                }
                (Value::Array(items), Edit::Swap) => {
                    let at: usize = key.parse().ok()?;
                    items.get(at + 1)?;
                    items.swap(at, at + 1);
                }
                (Value::Array(items), Edit::Double) => {
                    let at: usize = key.parse().ok()?;
                    items.insert(at, items.get(at)?.clone());
                }
                _ => return None,
            }
        }
        _ => {
            let node = raw.pointer_mut(pointer)?;
            let new = match (edit, &*node) {
                (Edit::Change, Value::String(text)) => json!(format!("{text}x")),
                (Edit::Change, Value::Number(number)) => json!(number.as_f64()? + 1.0),
                (Edit::Toggle, Value::Bool(flag)) => json!(!flag),
                (Edit::Empty, Value::String(_)) => json!(""),
                (Edit::Empty, Value::Array(_)) => json!([]),
                (Edit::Empty, Value::Object(_)) => json!({}),
                (Edit::Retype, Value::String(_) | Value::Object(_)) => json!([7]),
                (Edit::Retype, Value::Array(_)) => json!({"x": 7}),
                (Edit::Retype, _) => json!(node.to_string()),
                (Edit::Null, _) => Value::Null,
                (Edit::AddExtension | Edit::AddKey, Value::Object(members)) => {
                    let mut members = members.clone();
                    members.insert(if edit == Edit::AddKey { "added" } else { "x-added" }.to_owned(), json!(true));
                    Value::Object(members)
                }
                _ => return None,
            };
            *node = new;
        }
    }
    Some(raw)
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| edit | tried | unreadable | refused by a lint | seen by a lock | unseen |")?;
        writeln!(f, "|---|---|---|---|---|---|")?;
        let mut line = |name: &str, row: &Row| {
            let Row { unreadable, linted, locked, survived } = row;
            writeln!(f, "| {name} | {} | {unreadable} | {linted} | {locked} | {survived} |", row.tried())
        };
        let mut all = Row::default();
        for (edit, row) in &self.rows {
            line(&format!("{edit:?}"), row)?;
            all.unreadable += row.unreadable;
            all.linted += row.linted;
            all.locked += row.locked;
            all.survived += row.survived;
        }
        line("all", &all)?;
        self.survivors.iter().try_for_each(|survivor| writeln!(f, "unseen: {survivor}"))
    }
}
