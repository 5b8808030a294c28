use std::collections::BTreeSet;
use std::error::Error;

use serde_json::json;

use super::Contract;
use crate::document::Document;
use crate::mutate::mutations;

type Outcome = Result<(), Box<dyn Error>>;

const OURS: &str = include_str!("../../../../openapi/ims.yaml");

fn parse(text: &str) -> Result<Document, Box<dyn Error>> {
    Document::parse_foreign("a.yaml", text).map_err(|findings| format!("{findings:?}").into())
}

/// What still parses after an edit has other facts and documents: one edit in 101, which a test run has time for;
/// `cargo xtask mutate` makes all.
#[test]
fn every_edit_of_a_node_changes_a_fact() -> Outcome {
    let base = parse(OURS)?;
    let (facts, documents) = (Contract::of(&base), Contract::of(&base).documents());
    let (mut tried, mut refused) = (0, 0);
    for mutation in mutations(&base.raw).into_iter().step_by(101) {
        let pointer = &mutation.pointer;
        let Some(edited) = mutation.apply(&base.raw).filter(|edited| *edited != base.raw) else { continue };
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
    assert!(tried > 100 && refused < tried / 2, "{tried} tried, {refused} refused");
    Ok(())
}

#[test]
fn layout_and_order_of_keys_change_nothing() -> Outcome {
    let base = parse(OURS)?;
    let again = parse(&crate::document::walk::canonical(&base.raw).to_string())?;
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
