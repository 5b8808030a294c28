//! The code that the explorer's page hands out: Rust, compiled here as it is, curl and `ims`, each run against the service.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::OnceLock;

use ims_tests::root;
use serde_json::{Map, Value, json};
use xtask::service::{Options, Running, Service};

use crate::explore::{get, operations, parameters, prepared, start};

#[allow(clippy::all, clippy::pedantic, unused_imports, reason = "it is what the page hands out")]
#[rustfmt::skip]
#[expect(deprecated, reason = "every operation is shown, also those that the service has deprecated")]
mod pasted;

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// What is compiled: a list, and beside it a file for each snippet.
const LIST: &str = "tests/tests/explorer/snippets/pasted.rs";

static ENDPOINT: OnceLock<String> = OnceLock::new();

/// What stands in the snippets in place of the explorer's address.
fn endpoint() -> String {
    ENDPOINT.get().cloned().unwrap_or_default()
}

#[tokio::test]
async fn every_snippet_runs() -> Outcome {
    let service = Service::start(ims_tests::document()?, Options::default()).await?;
    ENDPOINT.set(service.endpoint()).map_err(|_| "the endpoint is set once")?;
    pasted::all().await;
    let called = service.requests().len();
    assert!(called > ims_api::operations::ALL.len(), "each has called: {called}");
    Ok(())
}

/// Runs one; a sample may delete a tag that is not there.
async fn run(name: &str, call: Pin<Box<dyn Future<Output = Outcome>>>) {
    if let Err(error) = call.await {
        assert!(error.to_string().contains("404"), "{name}: {error}");
    }
}

/// What is compiled is what the page hands out today.
#[tokio::test]
async fn the_rust_snippets_are_those_that_are_compiled() -> Outcome {
    let explorer = start().await?;
    let shown: Value = get(&explorer, "/explore/document.json").await?.json().await?;
    let (mut modules, mut calls, mut files) = (String::new(), String::new(), BTreeMap::new());
    for (name, form) in sample_calls(&shown) {
        let code = compiled(&snippet(&explorer, &form, "rust").await?, &explorer);
        files.insert(root().join(LIST).with_extension("").join(format!("{name}.rs")), code);
        modules += &format!("mod {name};\n");
        calls += &format!("    super::run(\"{name}\", Box::pin({name}::main())).await;\n");
    }
    let head = "// What the explorer's page hands out as Rust, a file for each operation and sample: compiled and run by `snippets.rs`.\n\
                // Written by `INSTA_UPDATE=always cargo test -p ims-tests --test explorer`.\n";
    let list = format!("{head}\n{modules}\npub(crate) async fn all() {{\n{calls}}}\n");
    files.insert(root().join(LIST), list);
    for (path, text) in files {
        if std::fs::read_to_string(&path).is_ok_and(|before| before == text) {
            continue;
        }
        if std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
            std::fs::create_dir_all(path.parent().ok_or("no folder")?)?;
            std::fs::write(&path, &text)?;
        } else {
            let update = "run `INSTA_UPDATE=always cargo test -p ims-tests --test explorer`";
            return Err(format!("{} is out of step: {update}", path.display()).into());
        }
    }
    Ok(())
}

/// A snippet of this explorer as it is compiled: it asks for the address, and is called.
pub(super) fn compiled(code: &str, explorer: &Running) -> String {
    code.replace(&format!("\"{}\"", explorer.endpoint()), "crate::snippets::endpoint().as_str()")
        .replace("#[tokio::main]\nasync fn main", "pub(crate) async fn main")
}

/// Pasted into a shell, each sample call as curl reaches the service and is let in; visibly skipped without curl.
#[tokio::test]
async fn the_curl_snippets_run() -> Outcome {
    if std::process::Command::new("curl").arg("--version").output().is_err() {
        eprintln!("SKIPPED: curl is not installed (apt-get install curl)");
        return Ok(());
    }
    let explorer = start().await?;
    let shown: Value = get(&explorer, "/explore/document.json").await?.json().await?;
    for (name, form) in sample_calls(&shown) {
        let command = snippet(&explorer, &form, "curl").await?;
        let (_, printed, _) = crate::sh(&command).await?;
        let status = printed.split(' ').nth(1).unwrap_or_default();
        // A sample may delete a tag that is not there.
        assert!(status.starts_with('2') || ["300", "404"].contains(&status), "{name}: {command}\n{printed}");
    }
    Ok(())
}

/// Pasted into a shell, each sample call as `ims` succeeds.
#[tokio::test]
async fn the_ims_snippets_run() -> Outcome {
    let explorer = start().await?;
    let shown: Value = get(&explorer, "/explore/document.json").await?.json().await?;
    for (name, form) in sample_calls(&shown) {
        let command = snippet(&explorer, &form, "ims").await?;
        let script = format!("ims() {{ '{}' \"$@\"; }}\n{command}", env!("CARGO_BIN_EXE_tested-ims"));
        let (success, _, told) = crate::sh(&script).await?;
        // A sample may delete a tag that is not there.
        assert!(success || told.contains("404"), "{name}: {command}\n{told}");
    }
    Ok(())
}

/// Each operation with each sample of its body; one with each credential that is let in.
pub(super) fn sample_calls(shown: &Value) -> Vec<(String, Value)> {
    let mut calls = Vec::new();
    for operation in operations(shown) {
        let id = operation["id"].as_str().unwrap_or_default();
        let known = ims_tests::document().ok().and_then(|spec| spec.operation(id));
        let snake = known.map_or("", |operation| &operation.names.snake);
        let values: Map<String, Value> = parameters(operation)
            .filter_map(|one| Some((one["name"].as_str()?.to_owned(), one["sample"].as_str()?.into())))
            .collect();
        let samples = operation["body"]["samples"].as_array().cloned().unwrap_or_else(|| vec![Value::Null]);
        for sample in samples {
            let body = if sample.is_null() { String::new() } else { sample["value"].to_string() };
            let name = sample["name"].as_str().map_or_else(String::new, |name| format!("_{name}"));
            let credentials: &[&str] =
                if id == "ListImageTags" { &["token", "key", "temporary-key"] } else { &["key"] };
            for credential in credentials {
                let name = format!("{snake}{name}_{}", credential.replace('-', "_"));
                let form = json!({"operation": id, "values": values, "body": body, "credential": credential});
                calls.push((name, form));
            }
        }
    }
    calls
}

async fn snippet(explorer: &Running, form: &Value, id: &str) -> Result<String, Box<dyn std::error::Error>> {
    let call = prepared(explorer, form).await?;
    Ok(call["snippets"][id].as_str().ok_or("there is no such snippet")?.to_owned())
}
