//! The contract as documents for a reviewer: one for each operation, one for each schema, one for what is shared.

use std::collections::BTreeMap;
use std::fmt::Write as _;

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
                Area::Operation(id) => (format!("operation-{}", file_name(id)), format!("# Wire contract of {id}")),
                Area::Component("schema", name) => {
                    (format!("schema-{}", file_name(name)), format!("# Wire contract of schema {name}"))
                }
                _ => ("shared".to_owned(), "# Wire contract of what operations share".to_owned()),
            };
            let text = documents.entry(name).or_insert_with(|| heading + "\n");
            if last != Some(area) {
                text.push('\n');
                if let Area::Component(section, name) = area
                    && *section != "schema"
                {
                    let _ = writeln!(text, "## {section} {name}\n");
                } else if *area == Area::Document {
                    text.push_str("## document\n\n");
                }
            }
            last = Some(area);
            node(text, group);
        }
        documents
    }
}

fn node(text: &mut String, facts: &[Fact]) {
    let place = facts.first().map_or("", |fact| &fact.address.place);
    let (words, wire): (Vec<&Fact>, Vec<&Fact>) = facts.iter().partition(|fact| describes(&fact.address.key));
    let wire: Vec<String> = wire.iter().map(|fact| format!("{} {}", fact.address.key, line(&fact.value))).collect();
    match (place, wire.is_empty()) {
        ("", true) => {}
        ("", false) => wire.iter().for_each(|fact| {
            let _ = writeln!(text, "{fact}");
        }),
        (place, true) => {
            let _ = writeln!(text, "{place}:");
        }
        (place, false) => {
            let _ = writeln!(text, "{place}: {}", wire.join("; "));
        }
    }
    for fact in words {
        let indent = if place.is_empty() { "" } else { "    " };
        match document::split(&fact.value) {
            Some((english, chinese)) if fact.address.key == "description" || fact.address.key == "summary" => {
                let _ = writeln!(text, "{indent}{} in English: {}", fact.address.key, line(english));
                let _ = writeln!(text, "{indent}{} in Chinese: {}", fact.address.key, line(chinese));
                // How the two are joined is part of the text.
                let between = &fact.value[english.len()..fact.value.len() - chinese.len()];
                if !matches!(between, " " | "\n\n") {
                    let _ = writeln!(text, "{indent}{} joined by: {between:?}", fact.address.key);
                }
            }
            _ => {
                let _ = writeln!(text, "{indent}{}: {}", fact.address.key, line(&fact.value));
            }
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
