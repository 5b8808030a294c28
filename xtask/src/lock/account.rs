//! The account: what becomes of every fact of the contract. It is *represented* by a Rust item, *enforced* by a rule,
//! *documented* for the users, or *dropped* with the reason; what is in no class is an error.
//!
//! A class is a claim that is checked: the item exists in the surface, the text stands in the generated files. To
//! account for a new kind of node, add it to the table in `account/table.rs`.

mod table;

use std::collections::BTreeSet;
use std::fmt;

use crate::document::{Document, Names, Operation, child};
use crate::generate::{COMMAND_LINE, Files, OVERVIEW};
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
    /// What becomes of it.
    pub class: Class,
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
            let place = spec.place(&fact.pointer);
            let Some(class) = class_of(&fact.node) else {
                missing.push(format!(
                    "{place}: {} · {}: no class for `{}` of a {}; add a row to the account's table",
                    fact.address, fact.value, fact.node.1, fact.node.0
                ));
                continue;
            };
            if class == Class::Represented && !items(spec, fact).iter().any(|path| surface.items.contains_key(path)) {
                missing.push(format!("{place}: {} · {}: no Rust item represents it", fact.address, fact.value));
            }
            if class == Class::Documented
                && let Some(part) = text.lacks(&fact.value)
            {
                missing.push(format!("{place}: {}: the generated docs don't say `{part}`", fact.address));
            }
            entries.push(Entry { fact: fact.clone(), class });
        }
        if missing.is_empty() { Ok(Self { entries }) } else { Err(missing) }
    }

    /// What becomes of each kind of node, as a table.
    #[must_use]
    pub fn table(&self) -> String {
        let kinds: BTreeSet<String> = self
            .entries
            .iter()
            .map(|Entry { fact, class }| format!("| {} · {} | {class} |\n", fact.node.0, fact.node.1))
            .collect();
        let rows: String = kinds.into_iter().collect();
        format!("# What becomes of each kind of node of the document\n\n| node | class |\n|---|---|\n{rows}")
    }
}

/// The paths of items that may stand for a fact, by the names that the document gives.
fn items(spec: &Document, fact: &Fact) -> Vec<String> {
    let inside =
        |pointer: &str| fact.pointer.strip_prefix(pointer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    if let Some((name, schema)) = spec.schemas.iter().find(|(_, schema)| inside(&schema.pointer)) {
        // A property is a field of its type, whatever lies deeper.
        let property = schema.properties.iter().find(|property| inside(&property.schema.pointer));
        let ty = format!("types::{}", Names::of_type(name).pascal);
        return vec![property.map_or(ty.clone(), |property| format!("{ty}.{}", property.names.snake))];
    }
    let of_operation = |operation: &Operation| {
        let Names { snake, pascal, constant, .. } = &operation.names;
        if let Some(parameter) = operation.parameters.iter().find(|it| inside(&it.pointer) || inside(&it.listed)) {
            return vec![format!("builder::{pascal}::{}", parameter.names.snake)];
        }
        let listed = child(&operation.pointer, "requestBody");
        if operation.body.as_ref().is_some_and(|body| inside(&body.pointer) || inside(&listed)) {
            return vec![format!("builder::{pascal}::body")];
        }
        if let Some(response) = operation.responses.iter().find(|it| inside(&it.pointer) || inside(&it.listed)) {
            return match response.error_row() {
                Some(row) => vec![format!("error_table::{}_ROW", row.names.constant)],
                None => vec![format!("builder::{pascal}::send")],
            };
        }
        let whole = [format!("builder::{pascal}"), format!("Client::{snake}"), format!("operations::{constant}")];
        if inside(&operation.pointer) { whole.to_vec() } else { Vec::new() }
    };
    let is_meant = |operation: &&Operation| match &fact.address.area {
        Area::Operation(name) => operation.name() == *name,
        _ => true,
    };
    spec.operations.iter().filter(is_meant).flat_map(of_operation).collect()
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

/// The text of generated files without layout.
struct Text(String);

impl Text {
    fn of(files: &Files) -> Self {
        // These repeat the texts: they must not hide that the documentation of the client lost one.
        let documented = files.iter().filter(|(name, _)| ![COMMAND_LINE, OVERVIEW].contains(*name));
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
