use std::collections::BTreeSet;
use std::error::Error;

use serde_json::json;

use super::Contract;
use crate::document::Document;

type Outcome = Result<(), Box<dyn Error>>;

const OURS: &str = include_str!("../../../../openapi/ims.yaml");

fn parse(text: &str) -> Result<Document, Box<dyn Error>> {
    Document::parse_foreign("a.yaml", text).map_err(|findings| format!("{findings:?}").into())
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
