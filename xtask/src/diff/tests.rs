use std::collections::BTreeSet;

use super::rules::{Happened, of_key, of_node};
use super::{RULES, Report, Severity, compare, rule};
use crate::document::Document;
use crate::document::grammar::{self, Kind, Shape};
use crate::mutate::mutations;

type Outcome = Result<(), Box<dyn std::error::Error>>;

const OURS: &str = include_str!("../../../openapi/ims.yaml");

fn parse(text: &str) -> Result<Document, Box<dyn std::error::Error>> {
    Document::parse_foreign("a.yaml", text).map_err(|findings| format!("{findings:?}").into())
}

#[test]
fn every_kind_of_node_and_key_has_a_rule() {
    let mut shapes: Vec<&'static Shape> = grammar::DOCUMENT_KIND.shape().into_iter().collect();
    let mut seen = BTreeSet::new();
    while let Some(shape) = shapes.pop() {
        if !seen.insert(shape.name) {
            continue;
        }
        let open = ["/a", "200", "x"].into_iter().filter_map(|key| shape.kind_of(key));
        for kind in shape.fields.iter().map(|(_, kind)| kind).chain(open) {
            nodes(kind, &mut shapes);
        }
        for (key, _) in shape.fields {
            for happened in [Happened::Added, Happened::Removed, Happened::Changed] {
                for id in [of_key(shape.name, key, happened), of_node(shape.name, key, happened, true, true)] {
                    assert!(rule(id).is_some(), "{} {key}: no rule {id}", shape.name);
                }
            }
        }
    }
    assert!(seen.len() > 20, "{seen:?}");
    let ids: BTreeSet<&str> = RULES.iter().map(|rule| rule.id).collect();
    assert_eq!(ids.len(), RULES.len());
}

fn nodes(kind: &'static Kind, shapes: &mut Vec<&'static Shape>) {
    match kind {
        Kind::Object(shape) | Kind::Ref(shape) => shapes.push(shape),
        Kind::List(inner) | Kind::Map(inner) => nodes(inner, shapes),
        _ => {}
    }
}

#[test]
fn every_edit_is_found() -> Outcome {
    let base = parse(OURS)?;
    assert!(compare(&base, &base).is_empty());
    let mut silent = Vec::new();
    // What a test run has time for.
    for mutation in mutations(&base.raw).into_iter().step_by(1009) {
        let Some(edited) = mutation.apply(&base.raw).filter(|edited| *edited != base.raw) else { continue };
        let Ok(head) = parse(&edited.to_string()) else { continue };
        if compare(&base, &head).is_empty() {
            silent.push(format!("{:?} {}", mutation.edit, mutation.pointer));
        }
    }
    assert!(silent.is_empty(), "{} silent:\n{}", silent.len(), silent.join("\n"));
    Ok(())
}

#[test]
fn optional_property_breaks_reading_code() -> Outcome {
    let report = Report::of(&parse(OURS)?, &parse(&OURS.replacen("required: [key, value]", "required: [key]", 1))?);
    let change = report.changes.first().ok_or("no change")?;
    assert_eq!((change.rule, change.severity, report.changes.len()), ("became-optional", Severity::Breaking, 1));
    let said: Vec<&str> = change.rust.iter().map(|effect| effect.sentence.as_str()).collect();
    assert!(
        said.iter()
            .any(|text| text.starts_with("ResourceTag.value: ") && text.ends_with("reading code must handle None")),
        "{said:?}"
    );
    Ok(())
}
