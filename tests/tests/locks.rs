//! The locks: what the document says and what the crate offers, as documents that a reviewer reads in a pull request.
//!
//! A test turns red when a snapshot differs. Look at the difference; if it is what you want, accept it with
//! `cargo insta review`, or without that tool with `INSTA_UPDATE=always cargo test -p ims-tests`. To add a lock, add a
//! document to a stage of the pipeline: the snapshots follow.

use std::collections::BTreeMap;
use std::path::PathBuf;

use ims_tests::{document, findings, root};
use xtask::contract::Contract;
use xtask::generate::{self, Files};
use xtask::surface::Surface;

type Outcome = Result<(), Box<dyn std::error::Error>>;

#[test]
fn generated_files_are_fresh() -> Outcome {
    let differences = generate::differences(&generate::render(&document()?).map_err(findings)?, &generated())?;
    let said: Vec<String> = differences.iter().map(ToString::to_string).collect();
    assert!(said.is_empty(), "{}\n\nout of step: run `cargo xtask generate`", said.join("\n"));
    Ok(())
}

/// Each description has a line of its own, so that a changed word touches one line of one snapshot.
#[test]
fn wire_contract() -> Outcome {
    lock("contract", Contract::of(&document()?).documents());
    Ok(())
}

/// Read from the files in the repository, not from what the generator would write: an edit by hand shows, too.
#[test]
fn rust_surface_of_generated_code() -> Outcome {
    let mut files = Files::new();
    for name in generate::render(&document()?).map_err(findings)?.into_keys() {
        files.insert(name, std::fs::read_to_string(generated().join(name))?);
    }
    lock("rust", Surface::of(&files)?.documents());
    Ok(())
}

#[test]
fn rust_surface_of_the_runtime() -> Outcome {
    let mut documents = BTreeMap::new();
    let mut known = String::new();
    for (name, features) in FEATURE_SETS {
        let listing = Surface::of_source(&root().join("ims-api/src"), features, &["generated"])?.listing();
        let text = if *name == "default" {
            known.clone_from(&listing);
            format!("# Public surface of ims-api's runtime with features {features:?}\n\n{listing}")
        } else {
            // Only what differs, so that one change touches one line of one snapshot.
            let only = |these: &str, those: &str, sign: &str| -> String {
                let those: Vec<&str> = those.lines().collect();
                these.lines().filter(|line| !those.contains(line)).map(|line| format!("{sign} {line}\n")).collect()
            };
            let changes = only(&known, &listing, "-") + &only(&listing, &known, "+");
            let changes = if changes.is_empty() { "the same\n".to_owned() } else { changes };
            format!(
                "# Public surface of ims-api's runtime with features {features:?}, against the default ones\n\n{changes}"
            )
        };
        documents.insert((*name).to_owned(), text);
    }
    lock("runtime", documents);
    Ok(())
}

/// The default set comes first: the others are shown against it.
const FEATURE_SETS: &[(&str, &[&str])] = &[
    ("default", &["rustls"]),
    ("none", &[]),
    ("httpmock", &["rustls", "httpmock"]),
    ("dynamic", &["rustls", "dynamic"]),
    ("all", &["rustls", "rustls-no-provider", "httpmock", "dynamic"]),
    ("no-provider", &["rustls-no-provider"]),
];

/// One snapshot for each document, named after what it locks.
fn lock(what: &str, documents: BTreeMap<String, String>) {
    for (name, text) in documents {
        ims_tests::lock(&format!("{what}-{name}"), &text);
    }
}

fn generated() -> PathBuf {
    root().join(xtask::GENERATED)
}
