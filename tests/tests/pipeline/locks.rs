//! The locks: what the document says and what the crate offers, as documents that a reviewer reads in a pull request.
//!
//! A test turns red when a snapshot differs. Look at the difference; if it is what you want, accept it with
//! `cargo insta review`, or without that tool with `INSTA_UPDATE=always cargo test -p ims-tests`. To add a lock, add a
//! document to a stage of the pipeline: the snapshots follow.

use std::collections::BTreeSet;
use std::path::PathBuf;

use ims_api::{Operation, operations};
use ims_tests::{document, findings, root};
use serde_json::json;
use xtask::document::{Document, child};
use xtask::generate::{self, Files};
use xtask::lock::account::{self, Account, Class};
use xtask::lock::rust::Surface;
use xtask::lock::wire::Contract;

type Outcome = Result<(), Box<dyn std::error::Error>>;

#[test]
fn generated_files_are_fresh() -> Outcome {
    let differences = generate::differences(&generate::render(document()?).map_err(findings)?, &generated())?;
    assert!(differences.is_empty(), "{}\n\nout of step: run `cargo xtask generate`", differences.join("\n"));
    Ok(())
}

/// Each description has a line of its own, so that a changed word touches one line of one snapshot.
#[test]
fn wire_contract() -> Outcome {
    ims_tests::lock_all("contract", &Contract::of(document()?).documents());
    Ok(())
}

#[test]
fn addresses_are_unique_and_places_exist() -> Outcome {
    let spec = document()?;
    let mut seen = BTreeSet::new();
    for fact in Contract::of(spec).facts {
        assert!(spec.raw.pointer(&fact.pointer).is_some(), "{}", fact.pointer);
        assert!(seen.insert(fact.address.to_string()), "{} twice", fact.address);
    }
    assert!(seen.contains("ListImageTags · response 200 · application/json · .tags[].key · type"), "{seen:#?}");
    Ok(())
}

#[test]
fn recursion_is_named() -> Outcome {
    let spec = json!({
        "openapi": "3.0.3", "info": {"title": "t", "version": "1"},
        "paths": {"/a": {"get": {"operationId": "Get", "responses": {"200": {"description": "d", "content":
            {"application/json": {"schema": {"$ref": "#/components/schemas/Node"}}}}}}}},
        "components": {"schemas": {"Node": {"type": "object", "properties":
            {"next": {"$ref": "#/components/schemas/Node"}}}}},
    });
    let facts = Contract::of(&Document::parse("a.json", &spec.to_string()).map_err(findings)?).facts;
    assert!(facts.iter().any(|fact| fact.value == "schema Node (recursion stops here)"), "{facts:#?}");
    Ok(())
}

/// Every fact is represented, enforced, documented or dropped.
#[test]
fn account_of_every_fact() -> Outcome {
    let spec = document()?;
    let files = files_on_disk()?;
    let account = Account::of(spec, &Contract::of(spec), &Surface::of(&files)?, &files);
    let account = account.map_err(|missing| missing.join("\n"))?;
    // What the page of an operation says reaches Rust; only the grouping of operations is left to readers.
    for (fact, _) in account.0.iter().filter(|(_, class)| matches!(class, Class::Dropped(_))) {
        let (object, key) = (&*fact.node.0, &*fact.node.1);
        let of_page = matches!(object, "operation" | "parameter" | "request body" | "response" | "schema");
        assert!(!of_page || key == "tags", "{} is dropped", fact.address);
    }
    ims_tests::lock("account", &account.table());
    Ok(())
}

/// What the account's table names exists.
#[test]
fn account_names_lints_and_items_that_exist() -> Outcome {
    // These compile, so they exist.
    let _ = ims_api::ClientBuilder::credentials::<ims_api::credentials::Credentials>;
    let _ = ims_api::ClientBuilder::region::<&str>;
    let runtime = ["ClientBuilder::credentials", "ClientBuilder::region"];
    for class in account::classes() {
        match class {
            Class::Lint(id) => assert!(xtask::lint::rules().iter().any(|rule| rule.id == id), "no lint {id}"),
            Class::Runtime(item) => assert!(runtime.contains(&item), "no public item {item}"),
            _ => {}
        }
    }
    Ok(())
}

/// The document's server is what the compiled client makes of a region.
#[test]
fn endpoint_is_the_documents_server() -> Outcome {
    for server in document()?.raw["servers"].as_array().into_iter().flatten() {
        let mut url = server["url"].as_str().unwrap_or_default().to_owned();
        for (name, variable) in server["variables"].as_object().into_iter().flatten() {
            url = url.replace(&format!("{{{name}}}"), variable["default"].as_str().unwrap_or_default());
        }
        let region = url.split('.').nth(1).unwrap_or_default();
        let client = ims_api::Client::builder().region(region).token("t").project_id("p").build()?;
        let shown = format!("{client:?}");
        assert!(shown.contains(&url), "{url} is not in {shown}");
    }
    Ok(())
}

/// What the crate was compiled with, against the document: a wrong generator and a hand edit differ here even if every
/// snapshot was accepted.
#[test]
fn compiled_operations_are_the_documents() -> Outcome {
    let spec = document()?;
    let facts = Contract::of(spec).facts;
    for operation in operations::ALL {
        let said = |place: &str, key: &str| {
            let address = format!("{} · {place}{key}", operation.id);
            facts.iter().find(|fact| fact.address.to_string() == address).map(|fact| fact.value.clone())
        };
        assert_eq!(said("", "request"), Some(format!("{} {}", operation.method, operation.path)));
        assert_eq!(said("", "x-ims-idempotent"), Some(operation.idempotent.to_string()));
        assert_eq!(said("", "x-ims-page").as_deref(), Some(operation.page));
        let mut statuses: Vec<u16> = Vec::new();
        for status in spec.raw.pointer(&pointer_of(operation)).and_then(|node| node.as_object()).into_iter().flatten() {
            let status = status.0.parse()?;
            statuses.push(status);
            if operation.is_success(status) {
                continue;
            }
            let row = operation.error(status).ok_or_else(|| format!("{}: no row for {status}", operation.id))?;
            let (_, response) = spec
                .resolve(&format!("{}/{status}", pointer_of(operation)))
                .ok_or_else(|| format!("{}: {status} leads nowhere", operation.id))?;
            let text = format!("{}\n\n{} {}", row.reason, row.english, row.chinese);
            assert_eq!(response["description"].as_str(), Some(&*text), "{} {status}", operation.id);
        }
        let compiled = operation.errors.iter().map(|row| row.status);
        let extra: Vec<u16> = compiled.filter(|status| !statuses.contains(status)).collect();
        assert!(extra.is_empty(), "{}: rows that the document doesn't have: {extra:?}", operation.id);
    }
    let documented = facts.iter().filter(|fact| fact.address.key == "request").count();
    assert_eq!(operations::ALL.len(), documented);
    Ok(())
}

/// The pointer of an operation's responses.
fn pointer_of(operation: &Operation) -> String {
    format!("{}/responses", child(&child("/paths", operation.path), &operation.method.to_lowercase()))
}

/// Read from the files in the repository, not from what the generator would write: an edit by hand shows, too.
#[test]
fn rust_surface_of_generated_code() -> Outcome {
    ims_tests::lock_all("rust", &Surface::of(&files_on_disk()?)?.documents());
    Ok(())
}

/// The generated files as they are in the repository.
fn files_on_disk() -> Result<Files, Box<dyn std::error::Error>> {
    let mut files = Files::new();
    for name in generate::render(document()?).map_err(findings)?.into_keys() {
        files.insert(name, std::fs::read_to_string(generated().join(name))?);
    }
    Ok(files)
}

fn generated() -> PathBuf {
    root().join(xtask::GENERATED)
}
