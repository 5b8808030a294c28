use std::collections::BTreeSet;
use std::error::Error;

use serde_json::{Value, json};

use super::Contract;
use crate::document::{Document, child};

type Outcome = Result<(), Box<dyn Error>>;

const OURS: &str = include_str!("../../../../openapi/ims.yaml");

fn parse(text: &str) -> Result<Document, Box<dyn Error>> {
    Document::parse_foreign("a.yaml", text).map_err(|findings| format!("{findings:?}").into())
}

/// Every node is deleted, retyped and renamed in turn; what still parses must have other facts and documents.
/// Every edit with `IMS_EVERY_EDIT=1`; else one in seven, which a test run has time for.
fn sample<T>(edits: Vec<T>) -> impl Iterator<Item = T> {
    let every = if std::env::var_os("IMS_EVERY_EDIT").is_some() { 1 } else { 7 };
    edits.into_iter().step_by(every)
}

#[test]
fn every_edit_of_a_node_changes_a_fact() -> Outcome {
    let base = parse(OURS)?;
    let (facts, documents) = (Contract::of(&base), Contract::of(&base).documents());
    let (mut tried, mut refused) = (0, 0);
    for (pointer, edited) in sample(edits(&base.raw)) {
        tried += 1;
        let Ok(spec) = parse(&edited.to_string()) else {
            refused += 1;
            continue;
        };
        let contract = Contract::of(&spec);
        let said = |facts: &Contract| -> Vec<_> {
            facts.facts.iter().map(|fact| (fact.address.clone(), fact.value.clone())).collect()
        };
        assert_ne!(said(&contract), said(&facts), "{pointer}: no fact changed");
        assert_ne!(contract.documents(), documents, "{pointer}: no document changed");
    }
    assert!(tried > 500 && refused < tried / 2, "{tried} tried, {refused} refused");
    Ok(())
}

#[test]
fn layout_and_order_of_keys_change_nothing() -> Outcome {
    let base = parse(OURS)?;
    let again = parse(&super::canonical(&base.raw).to_string())?;
    assert_eq!(Contract::of(&base), Contract::of(&again));
    Ok(())
}

#[test]
fn addresses_are_unique_and_places_exist() -> Outcome {
    let base = parse(OURS)?;
    let mut seen = BTreeSet::new();
    for fact in Contract::of(&base).facts {
        assert!(base.raw.pointer(&fact.pointer).is_some(), "{}", fact.pointer);
        assert!(seen.insert(fact.address.to_string()), "{} twice", fact.address);
    }
    assert!(seen.contains("ListImageTags · response 200 · application/json · .tags[].key · type"), "{seen:#?}");
    Ok(())
}

#[test]
fn recursion_is_named() -> Outcome {
    let spec = parse(
        &json!({
            "openapi": "3.0.3", "info": {"title": "t", "version": "1"},
            "paths": {"/a": {"get": {"operationId": "Get", "responses": {"200": {"description": "d", "content":
                {"application/json": {"schema": {"$ref": "#/components/schemas/Node"}}}}}}}},
            "components": {"schemas": {"Node": {"type": "object", "properties":
                {"next": {"$ref": "#/components/schemas/Node"}}}}},
        })
        .to_string(),
    )?;
    let facts = Contract::of(&spec).facts;
    assert!(facts.iter().any(|fact| fact.value == "schema Node (recursion stops here)"), "{facts:#?}");
    Ok(())
}

pub(crate) fn edits(raw: &Value) -> Vec<(String, Value)> {
    let mut pointers = vec![];
    collect(raw, "", &mut pointers);
    let mut edits = Vec::new();
    for pointer in pointers {
        let Some((parent, _)) = pointer.rsplit_once('/') else { continue };
        let token = pointer[parent.len() + 1..].replace("~1", "/").replace("~0", "~");
        let (mut deleted, mut retyped, mut renamed) = (raw.clone(), raw.clone(), raw.clone());
        if let Some(node) = retyped.pointer_mut(&pointer) {
            *node = match node {
                Value::String(text) => format!("{text}x").into(),
                Value::Bool(flag) => (!*flag).into(),
                _ => json!("other"),
            };
            edits.push((format!("retype {pointer}"), retyped));
        }
        match deleted.pointer_mut(parent) {
            Some(Value::Object(members)) => drop(members.remove(&token)),
            Some(Value::Array(items)) => {
                let index: usize = token.parse().unwrap_or_default();
                items.remove(index);
                if let Some(Value::Array(items)) = renamed.pointer_mut(parent)
                    && index > 0
                {
                    items.swap(index, index - 1);
                    edits.push((format!("swap {pointer}"), renamed.clone()));
                }
            }
            _ => {}
        }
        edits.push((format!("delete {pointer}"), deleted));
        if let Some(Value::Object(members)) = renamed.pointer_mut(parent)
            && let Some(value) = members.remove(&token)
        {
            members.insert(format!("{token}x"), value);
            edits.push((format!("rename {pointer}"), renamed));
        }
    }
    edits
}

fn collect(node: &Value, pointer: &str, out: &mut Vec<String>) {
    out.push(pointer.to_owned());
    match node {
        Value::Object(members) => members.iter().for_each(|(key, value)| collect(value, &child(pointer, key), out)),
        Value::Array(items) => {
            items
                .iter()
                .enumerate()
                .for_each(|(index, value)| collect(value, &child(pointer, &index.to_string()), out));
        }
        _ => {}
    }
}
