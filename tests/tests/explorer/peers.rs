//! Other people's programs against the service: the official Python SDK, and a property-based tester of APIs.
//!
//! Both are visibly skipped without them: [`INSTALL`] says how to get them. `IMS_PEERS` names another Python that has them.

use std::path::PathBuf;
use std::process::Command;

use ims_tests::{lock, root};
use serde_json::Value;
use xtask::document::Document;
use xtask::explore::Explorer;
use xtask::service::{KEY, Options, PracticeKey, TEMPORARY_KEY, TOKEN};

type Error = Box<dyn std::error::Error>;
type Outcome = Result<(), Error>;

const INSTALL: &str = "python3 -m venv target/peers && target/peers/bin/pip install huaweicloudsdkims schemathesis";

/// Key and temporary key: list, add, delete, and the sample of every operation.
#[tokio::test]
async fn the_official_sdk() -> Outcome {
    let Some(python) = python("huaweicloudsdkims") else { return Ok(()) };
    let mut text = String::new();
    for (name, key) in [("key", KEY), ("temporary key", TEMPORARY_KEY)] {
        let explorer = start(&ims_tests::document()?).await?;
        text += &format!("{name}\n{}\n", sdk(&python, &explorer, key).await?);
    }
    lock("peers__sdk", &text);
    Ok(())
}

async fn sdk(python: &PathBuf, explorer: &Explorer, key: PracticeKey) -> Result<String, Error> {
    let output = tokio::process::Command::new(python)
        .arg(root().join("tests/fixtures/sdk.py"))
        .args([&explorer.endpoint(), "fd73a4a14a4a4dfb9771a8475e5198ea", "67e17426-359e-49fb-aa12-0bd1756ec240"])
        .args([key.access, key.secret, key.security_token.unwrap_or_default()])
        .env("NO_PROXY", "127.0.0.1")
        .env("PYTHONIOENCODING", "utf-8")
        .output()
        .await?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// What the document promises of each request, valid or not, holds for what the service answers.
#[tokio::test]
async fn schemathesis_finds_no_disagreement() -> Outcome {
    let Some(python) = python("schemathesis") else { return Ok(()) };
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("openapi.json");
    let plain = plain(ims_tests::document()?.raw);
    std::fs::write(&path, plain.to_string())?;
    let spec = Document::parse("openapi.json", &plain.to_string()).map_err(ims_tests::findings)?;
    let explorer = start(&spec).await?;
    let output = tokio::process::Command::new(python.with_file_name("schemathesis"))
        .arg("run")
        .arg(&path)
        .args(["--url", &explorer.endpoint(), "--header", &format!("X-Auth-Token: {TOKEN}")])
        .args(["--max-examples", "10", "--seed", "1", "--continue-on-failure", "--no-color"])
        .current_dir(folder.path())
        .env("NO_PROXY", "127.0.0.1")
        .output()
        .await?;
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{printed}");
    assert!(explorer.requests().len() > 100, "it has asked: {printed}");
    Ok(())
}

/// The document as far as plain OpenAPI can say it, for both sides: without what only our own keywords hold.
fn plain(mut node: Value) -> Value {
    match &mut node {
        Value::Object(members) => {
            if members.get("x-ims-open") == Some(&Value::Bool(true)) {
                members.remove("enum");
            }
            for key in ["x-ims-open", "x-ims-unique", "x-ims-integer"] {
                members.remove(key);
            }
            // Whether the service refuses fields that it doesn't know, plain OpenAPI says in so many words.
            if members.get("properties").is_some_and(|value| value.is_object()) && members.contains_key("type") {
                members.entry("additionalProperties").or_insert(Value::Bool(false));
            }
            members.values_mut().for_each(|member| *member = plain(member.take()));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| *item = plain(item.take())),
        _ => {}
    }
    node
}

/// A Python that has the package.
fn python(package: &str) -> Option<PathBuf> {
    let python = std::env::var_os("IMS_PEERS").map_or_else(|| root().join("target/peers/bin/python"), PathBuf::from);
    let found = Command::new(&python).args(["-c", &format!("import {package}")]).output();
    if found.is_ok_and(|output| output.status.success()) {
        return Some(python);
    }
    eprintln!("SKIPPED: {package} is not installed ({INSTALL})");
    None
}

async fn start(spec: &Document) -> Result<Explorer, Error> {
    // Plain OpenAPI can't say how many tags an image may have after all requests together.
    Ok(Explorer::start(spec, None, Options { quota: usize::MAX, ..Options::default() }, 0).await?)
}
