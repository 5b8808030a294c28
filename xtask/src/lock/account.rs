//! The account: what becomes of every fact of the contract. It is *represented* by a Rust item, *enforced* by a rule,
//! *documented* for the users, or *dropped* with the reason; what is in no class is an error.
//!
//! A class is a claim that is checked: the item exists in the surface, the text stands in the generated files. To
//! account for a new kind of node, add it to the table in `account/table.rs`.

mod item;
mod table;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fmt::Write as _;

use crate::document::Document;
use crate::document::grammar::{self, Kind};
use crate::generate::Files;
use crate::lock::rust::Surface;
use crate::lock::wire::{Area, Contract, Fact};

/// What becomes of a kind of node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// A Rust item says it.
    Represented,
    /// A rule sees to it.
    Enforced(Rule),
    /// The items' docs say it.
    Documented,
    /// It stays in the document, for this reason.
    Dropped(&'static str),
}

/// What enforces a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// A lint, by its id.
    Lint(&'static str),
    /// The runtime, by the public item that shows it.
    Runtime(&'static str),
    /// A stage of the pipeline.
    Stage(&'static str),
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Represented => f.write_str("represented"),
            Self::Enforced(Rule::Lint(id)) => write!(f, "enforced by the lint {id}"),
            Self::Enforced(Rule::Runtime(item)) => write!(f, "enforced by the runtime, {item}"),
            Self::Enforced(Rule::Stage(stage)) => write!(f, "enforced by {stage}"),
            Self::Documented => f.write_str("documented"),
            Self::Dropped(reason) => write!(f, "dropped: {reason}"),
        }
    }
}

/// A fact with what becomes of it.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The fact.
    pub fact: Fact,
    /// The object of OpenAPI and its key.
    pub node: (String, String),
    /// What becomes of it.
    pub class: Class,
    /// The Rust item that represents it or carries its docs.
    pub item: Option<String>,
}

/// The account of a document.
#[derive(Debug, Clone)]
pub struct Account {
    /// One entry for each fact, in the contract's order.
    pub entries: Vec<Entry>,
}

impl Account {
    /// Accounts for every fact.
    ///
    /// # Errors
    /// Each fact that is in no class, that no item of the surface represents, or whose text the files don't have.
    pub fn of(spec: &Document, contract: &Contract, surface: &Surface, files: &Files) -> Result<Self, Vec<String>> {
        let text = Text::of(files);
        let mut entries = Vec::new();
        let mut missing = Vec::new();
        for fact in &contract.facts {
            let node = node_of(&fact.pointer);
            let place = spec.place(&fact.pointer);
            let Some(class) = class_of(&node) else {
                missing.push(format!(
                    "{place}: {} · {}: no class for `{}` of a {}; add a row to the account's table",
                    fact.address, fact.value, node.1, node.0
                ));
                continue;
            };
            let item = matches!(class, Class::Represented | Class::Documented)
                .then(|| item::of(spec, fact).into_iter().find(|path| surface.items.contains_key(path)))
                .flatten();
            if class == Class::Represented && item.is_none() {
                missing.push(format!("{place}: {} · {}: no Rust item represents it", fact.address, fact.value));
            }
            if class == Class::Documented
                && let Some(part) = text.lacks(&fact.value)
            {
                missing.push(format!("{place}: {}: the generated docs don't say `{part}`", fact.address));
            }
            entries.push(Entry { fact: fact.clone(), node, class, item });
        }
        if missing.is_empty() { Ok(Self { entries }) } else { Err(missing) }
    }

    /// The account as documents: `account` says what becomes of each kind of node; `joined-…` puts each fact of an
    /// operation beside its Rust item.
    #[must_use]
    pub fn documents(&self) -> BTreeMap<String, String> {
        let mut kinds: BTreeSet<(String, String)> = BTreeSet::new();
        let mut joined: BTreeMap<String, String> = BTreeMap::new();
        for entry in &self.entries {
            let (object, key) = &entry.node;
            kinds.insert((format!("{object} · {key}"), entry.class.to_string()));
            let Area::Operation(id) = &entry.fact.address.area else { continue };
            let text = joined.entry(format!("joined-{id}")).or_insert_with(|| {
                format!("# {id}: what the wire has and what Rust has\n\nTexts stand in the wire contract.\n\n| place | fact | class | in Rust |\n|---|---|---|---|\n")
            });
            let place = if entry.fact.address.place.is_empty() { "operation" } else { &entry.fact.address.place };
            let value = match entry.class {
                Class::Represented => cell(&entry.fact.value),
                _ => "…".to_owned(),
            };
            let item = entry.item.as_deref().unwrap_or("");
            let _ = writeln!(text, "| {place} | {} {value} | {} | {item} |", entry.fact.address.key, entry.class);
        }
        let mut account =
            "# What becomes of each kind of node of the document\n\n| node | class |\n|---|---|\n".to_owned();
        for (node, class) in kinds {
            let _ = writeln!(account, "| {node} | {class} |");
        }
        joined.insert("account".to_owned(), account);
        joined
    }
}

/// The lints and the runtime's items that the table names, for a test to look them up.
pub fn rules() -> impl Iterator<Item = Rule> {
    table::TABLE.iter().filter_map(|row| match row.class {
        Class::Enforced(rule) => Some(rule),
        _ => None,
    })
}

fn class_of((object, key): &(String, String)) -> Option<Class> {
    let row = table::TABLE
        .iter()
        .find(|row| row.object == object && row.keys.iter().any(|known| *known == key || *known == "*"))?;
    Some(row.class)
}

/// The innermost object of OpenAPI on the way to a node, and the key below it.
fn node_of(pointer: &str) -> (String, String) {
    let mut node = ("document".to_owned(), String::new());
    let mut at = Some(Place::In(grammar::document()));
    for token in pointer.split('/').skip(1) {
        let token = token.replace("~1", "/").replace("~0", "~");
        at = match at {
            Some(Place::In(shape)) => {
                // Links are of readers or of users, which depends on what they belong to.
                let object = match shape.name {
                    "externalDocs" => format!("externalDocs of {}", node.0),
                    name => name.to_owned(),
                };
                node = (object, token.clone());
                shape.kind_of(&token).map(Place::At)
            }
            Some(Place::At(Kind::List(inner) | Kind::Map(inner))) => Some(Place::At(inner)),
            _ => None,
        };
        if let Some(Place::At(kind)) = at {
            at = Some(match kind {
                Kind::Object(shape) | Kind::Ref(shape) => Place::In(shape),
                Kind::FlagOrSchema => match grammar::ANY_SCHEMA {
                    Kind::Ref(shape) => Place::In(shape),
                    _ => Place::At(kind),
                },
                other => Place::At(other),
            });
        }
    }
    node
}

enum Place {
    In(&'static grammar::Shape),
    At(&'static Kind),
}

/// The text of generated files without layout.
struct Text(String);

impl Text {
    fn of(files: &Files) -> Self {
        // The command line repeats the texts: it must not hide that the documentation of the client lost one.
        let documented = files.iter().filter(|(name, _)| **name != crate::generate::COMMAND_LINE);
        let lines = documented.flat_map(|(_, text)| text.lines());
        let words = lines.map(|line| line.trim().trim_start_matches("///").trim_start_matches("//!"));
        Self(squeeze(&words.collect::<Vec<_>>().join(" ")))
    }

    /// The first part of a text that the files don't have.
    fn lacks(&self, value: &str) -> Option<String> {
        let parts = match serde_json::from_str::<Vec<String>>(value) {
            Ok(items) => items,
            Err(_) => value.split("\n\n").flat_map(languages).collect(),
        };
        parts.into_iter().find(|part| !self.0.contains(&squeeze(part)))
    }
}

fn languages(text: &str) -> Vec<String> {
    match crate::document::split(text) {
        Some((english, chinese)) => vec![english.to_owned(), chinese.to_owned()],
        None => vec![text.to_owned()],
    }
}

fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn cell(text: &str) -> String {
    squeeze(text).replace('|', "\\|")
}
