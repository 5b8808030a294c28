//! The account: what becomes of every fact of the contract. It is *represented* by a Rust item, *enforced* by a rule,
//! *documented* for the users, or *dropped* with the reason; what is in no class is an error.
//!
//! A class is a claim that is checked: the item exists in the surface, the text stands in the generated files. To
//! account for a new kind of node, add it to the table in `account/table.rs`.

mod table;

use std::collections::BTreeSet;
use std::fmt;

use crate::document::{Document, Names, Operation, child, split};
use crate::generate::Files;
use crate::lock::rust::Surface;
use crate::lock::wire::{Area, Contract, Fact};
use table::TABLE;

/// What becomes of a kind of node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// A Rust item says it.
    Represented,
    /// A lint sees to it, by its id.
    Lint(&'static str),
    /// The runtime sees to it, by the public item that shows it.
    Runtime(&'static str),
    /// A stage of the pipeline sees to it.
    Stage(&'static str),
    /// The items' docs say it.
    Documented,
    /// It stays in the document, for this reason.
    Dropped(&'static str),
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Represented => f.write_str("represented"),
            Self::Lint(id) => write!(f, "enforced by the lint {id}"),
            Self::Runtime(item) => write!(f, "enforced by the runtime, {item}"),
            Self::Stage(stage) => write!(f, "enforced by {stage}"),
            Self::Documented => f.write_str("documented"),
            Self::Dropped(reason) => write!(f, "dropped: {reason}"),
        }
    }
}

/// The account of a document: each fact with what becomes of it, in the contract's order.
#[derive(Debug, Clone)]
pub struct Account(pub Vec<(Fact, Class)>);

impl Account {
    /// Accounts for every fact.
    ///
    /// # Errors
    /// Each fact that is in no class, that no item of the surface represents, or whose text the files don't have.
    pub fn of(spec: &Document, contract: &Contract, surface: &Surface, files: &Files) -> Result<Self, Vec<String>> {
        let text = documentation(files);
        let mut account = Vec::new();
        let mut missing = Vec::new();
        for fact in &contract.facts {
            let (place, address, (object, key)) = (spec.place(&fact.pointer), &fact.address, &fact.node);
            let row =
                TABLE.iter().find(|(of, keys, _)| of == object && keys.split(' ').any(|it| it == key || it == "*"));
            let Some((.., class)) = row else {
                let help = "add a row to the account's table";
                missing
                    .push(format!("{place}: {address} · {}: no class for `{key}` of a {object}; {help}", fact.value));
                continue;
            };
            let mut parts = parts(&fact.value).into_iter().filter(|_| *class == Class::Documented);
            if let Some(part) = parts.find(|part| !text.contains(&squeeze(part))) {
                missing.push(format!("{place}: {address}: the generated docs don't say `{part}`"));
            }
            if *class == Class::Represented && !items(spec, fact).iter().any(|path| surface.items.contains_key(path)) {
                missing.push(format!("{place}: {address} · {}: no Rust item represents it", fact.value));
            }
            account.push((fact.clone(), *class));
        }
        if missing.is_empty() { Ok(Self(account)) } else { Err(missing) }
    }

    /// What becomes of each kind of node, as a table.
    #[must_use]
    pub fn table(&self) -> String {
        let row = |(fact, class): &(Fact, Class)| format!("| {} · {} | {class} |\n", fact.node.0, fact.node.1);
        let rows: BTreeSet<String> = self.0.iter().map(row).collect();
        let rows: String = rows.into_iter().collect();
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
    let is_meant = |operation: &&Operation| match &fact.address.area {
        Area::Operation(name) => operation.name() == *name,
        _ => true,
    };
    let mut items = Vec::new();
    for operation in spec.operations.iter().filter(is_meant) {
        let Names { snake, pascal, constant, .. } = &operation.names;
        let listed = child(&operation.pointer, "requestBody");
        if let Some(parameter) = operation.parameters.iter().find(|it| inside(&it.pointer) || inside(&it.listed)) {
            items.push(format!("builder::{pascal}::{}", parameter.names.snake));
        } else if operation.body.as_ref().is_some_and(|body| inside(&body.pointer) || inside(&listed)) {
            items.push(format!("builder::{pascal}::body"));
        } else if let Some(response) = operation.responses.iter().find(|it| inside(&it.pointer) || inside(&it.listed)) {
            items.push(match response.error_row() {
                Some(row) => format!("error_table::{}_ROW", row.names.constant),
                None => format!("builder::{pascal}::send"),
            });
        } else if inside(&operation.pointer) {
            items.push(format!("builder::{pascal}"));
            items.extend([format!("Client::{snake}"), format!("operations::{constant}")]);
        }
    }
    items
}

/// What the table names, for a test to look it up.
pub fn classes() -> impl Iterator<Item = Class> {
    TABLE.iter().map(|(.., class)| *class)
}

/// The text of the documentation of generated files, without layout.
fn documentation(files: &Files) -> String {
    // The others repeat the texts: they must not hide that the documentation of the client lost one.
    let documented = files.iter().filter(|(name, _)| name.ends_with(".rs"));
    let lines = documented.flat_map(|(_, text)| text.lines());
    let words = lines.map(|line| line.trim().trim_start_matches("///").trim_start_matches("//!"));
    squeeze(&words.collect::<Vec<_>>().join(" "))
}

/// The texts that a value holds: items of a list, or paragraphs in each language.
fn parts(value: &str) -> Vec<String> {
    let languages = |text| match split(text) {
        Some((english, chinese)) => vec![english.to_owned(), chinese.to_owned()],
        None => vec![str::to_owned(text)],
    };
    serde_json::from_str(value).unwrap_or_else(|_| value.split("\n\n").flat_map(languages).collect())
}

fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
