//! The contract as documents for a reviewer: one for each operation, one for each schema, one for what is shared.

use std::collections::BTreeMap;

use super::{Area, Contract, Fact, describes};
use crate::document;

impl Contract {
    /// The documents by name. What is short and about the wire stands in one line for each node; each text has a line
    /// of its own.
    #[must_use]
    pub fn documents(&self) -> BTreeMap<String, String> {
        let mut documents: BTreeMap<String, String> = BTreeMap::new();
        let mut last: Option<&Area> = None;
        for group in self.facts.chunk_by(|a, b| a.address.area == b.address.area && a.address.place == b.address.place)
        {
            let Some(first) = group.first() else { continue };
            let area = &first.address.area;
            let (name, heading) = match area {
                Area::Operation(id) => (format!("operation-{}", file_name(id)), id.clone()),
                Area::Component("schema", name) => (format!("schema-{}", file_name(name)), area.to_string()),
                _ => ("shared".to_owned(), "what operations share".to_owned()),
            };
            let shared = name == "shared";
            let text = documents.entry(name).or_insert_with(|| format!("# Wire contract of {heading}\n"));
            if last.replace(area) != Some(area) {
                *text += &if shared { format!("\n## {area}\n\n") } else { "\n".to_owned() };
            }
            node(text, &first.address.place, group);
        }
        documents
    }
}

fn node(text: &mut String, place: &str, facts: &[Fact]) {
    let (words, wire): (Vec<&Fact>, Vec<&Fact>) = facts.iter().partition(|fact| describes(&fact.address.key));
    let wire: Vec<String> = wire.iter().map(|fact| format!("{} {}", fact.address.key, line(&fact.value))).collect();
    *text += &match (place, wire.join("; ")) {
        ("", _) => wire.iter().map(|fact| format!("{fact}\n")).collect(),
        (place, wire) if wire.is_empty() => format!("{place}:\n"),
        (place, wire) => format!("{place}: {wire}\n"),
    };
    for Fact { address, value, .. } in words {
        let indent = if place.is_empty() { "" } else { "    " };
        let key = address.key.as_str();
        let mut say = |how: &str, value: &str| *text += &format!("{indent}{key}{how}: {}\n", line(value));
        match document::split(value).filter(|_| matches!(key, "description" | "summary")) {
            Some((english, chinese)) => {
                say(" in English", english);
                say(" in Chinese", chinese);
                // How the two are joined is part of the text.
                let between = &value[english.len()..value.len() - chinese.len()];
                if !matches!(between, " " | "\n\n") {
                    say(" joined by", &format!("{between:?}"));
                }
            }
            None => say("", value),
        }
    }
}

/// The text in one line: a paragraph's end becomes ` ¶ `, a line's end ` ↵ `.
fn line(text: &str) -> String {
    text.replace("\n\n", " ¶ ").replace('\n', " ↵ ")
}

fn file_name(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '-' }).collect()
}
