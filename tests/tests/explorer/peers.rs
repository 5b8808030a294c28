//! Other people's programs against the service: the official Python SDK, and a property-based tester of APIs.
//!
//! Both are visibly skipped without them: [`INSTALL`] says how to get them. `IMS_PEERS` names another Python that has them.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

use ims_tests::{lock, root};
use serde_json::{Map, Value, json};
use xtask::document::{Document, Operation};
use xtask::explore;
use xtask::service::{KEY, Options, PracticeKey, Received, Running, TEMPORARY_KEY, TOKEN};

type Error = Box<dyn std::error::Error>;
type Outcome = Result<(), Error>;

/// The project of both clients.
const PROJECT: &str = "fd73a4a14a4a4dfb9771a8475e5198ea";
const INSTALL: &str = "python3 -m venv target/peers && target/peers/bin/pip install huaweicloudsdkims schemathesis";

/// Key and temporary key: list, add, delete, and the sample of every operation.
#[tokio::test]
async fn the_official_sdk() -> Outcome {
    let Some(python) = python("huaweicloudsdkims") else { return Ok(()) };
    let mut text = String::new();
    for (name, key) in [("key", KEY), ("temporary key", TEMPORARY_KEY)] {
        let explorer = start(ims_tests::document()?).await?;
        text += &format!("{name}\n{}\n", sdk(&python, &explorer, key).await?);
    }
    lock("peers__sdk", &text);
    Ok(())
}

async fn sdk(python: &PathBuf, explorer: &Running, key: PracticeKey) -> Result<String, Error> {
    let output = tokio::process::Command::new(python)
        .arg(root().join("tests/fixtures/sdk.py"))
        .args([&explorer.endpoint(), PROJECT, "67e17426-359e-49fb-aa12-0bd1756ec240"])
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

/// What the official SDK sends otherwise than we do, and why that is right: operation, part of the request, reason.
const DIFFERENCES: &[(&str, &str, &str)] = &[];

/// The sample of every operation goes over the wire as the official SDK sends it.
#[tokio::test]
async fn every_sample_is_sent_as_the_official_sdk_sends_it() -> Outcome {
    let Some(python) = python("huaweicloudsdkims") else { return Ok(()) };
    let spec = ims_tests::document()?;
    let explorer = start(spec).await?;
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("samples.json");
    let samples: Vec<Value> = spec.operations.iter().filter_map(sample).collect();
    std::fs::write(&path, Value::from(samples.clone()).to_string())?;
    let output = tokio::process::Command::new(python)
        .arg(root().join("tests/fixtures/sdk_samples.py"))
        .args([explorer.endpoint().as_str(), &path.display().to_string(), PROJECT, KEY.access, KEY.secret])
        .env("NO_PROXY", "127.0.0.1")
        .env("PYTHONIOENCODING", "utf-8")
        .output()
        .await?;
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{printed}{}", String::from_utf8_lossy(&output.stderr));
    let theirs = by_operation(&explorer.requests());
    let client = ims_api::Client::builder()
        .endpoint(explorer.endpoint().as_str())
        .access_key(KEY.access, KEY.secret)
        .project_id(PROJECT)
        .retry(ims_api::Retry::off())
        .build()?;
    let mut differences = Vec::new();
    for sample in &samples {
        let id = sample["id"].as_str().unwrap_or_default();
        let before = explorer.requests().len();
        let mut arguments = sample["values"].as_object().cloned().unwrap_or_default();
        arguments.remove("project_id");
        if !sample["body"].is_null() {
            arguments.insert("body".to_owned(), sample["body"].clone());
        }
        // Whatever becomes of the answer: what was sent is compared.
        let told = ims_api::dynamic::call(&client, id, &arguments).await.err();
        let ours = explorer.requests().get(before).map(parts).ok_or_else(|| format!("{id} wasn't sent: {told:?}"))?;
        let Some(theirs) = theirs.get(id) else {
            differences.push((id.to_owned(), "all", format!("the SDK sends nothing: {printed}")));
            continue;
        };
        for ((part, ours), (_, theirs)) in ours.iter().zip(theirs) {
            if ours != theirs {
                differences.push((id.to_owned(), part, format!("we send {ours}, the SDK {theirs}")));
            }
        }
    }
    let is_known = |id: &str, part: &str| DIFFERENCES.iter().any(|(known, of, _)| (*known, *of) == (id, part));
    let news: Vec<_> = differences.iter().filter(|(id, part, _)| !is_known(id, part)).collect();
    assert!(news.is_empty(), "{news:#?}");
    for (id, part, why) in DIFFERENCES {
        assert!(
            differences.iter().any(|(of, found, _)| (of.as_str(), *found) == (*id, *part)),
            "no longer: {id} {part} ({why})"
        );
    }
    assert_eq!(samples.len(), spec.operations.len(), "every operation has a sample");
    Ok(())
}

/// The values and the body of an operation's sample, the project's in place of its own.
fn sample(operation: &Operation) -> Option<Value> {
    let sample = operation.sample.as_ref()?;
    let values: Map<String, Value> =
        sample.values.iter().map(|(name, value)| (name.clone(), value.as_str().into())).collect();
    Some(json!({"id": operation.id, "values": values, "body": sample.body}))
}

/// The first request after each that names an operation.
fn by_operation(requests: &[Received]) -> BTreeMap<String, [(&'static str, String); 5]> {
    let named = |request: &Received| request.target.strip_prefix("/peers/").map(str::to_owned);
    let pairs = requests.iter().zip(requests.iter().skip(1));
    pairs
        .filter(|(_, next)| named(next).is_none())
        .filter_map(|(this, next)| Some((named(this)?, parts(next))))
        .collect()
}

/// What is compared of a request.
fn parts(request: &Received) -> [(&'static str, String); 5] {
    let (path, query) = request.path_and_query();
    let mut query: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    query.sort();
    let mut body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    body.sort_all_objects();
    // Without a body its type says nothing.
    let kind = request.header("content-type").filter(|_| !request.body.is_empty()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().to_owned();
    [
        ("method", request.method.clone()),
        ("path", path.to_owned()),
        ("query", format!("{query:?}")),
        ("content-type", kind),
        ("body", body.to_string()),
    ]
}

/// What the document promises of each request, valid or not, holds for what the service answers.
#[tokio::test]
async fn schemathesis_finds_no_disagreement() -> Outcome {
    let Some(python) = python("schemathesis") else { return Ok(()) };
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("openapi.json");
    let plain = plain(ims_tests::document()?.raw.clone());
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
            // The tester can't write JSON patches by their own media type.
            if let Some(media) = members.remove("application/openstack-images-v2.1-json-patch") {
                members.insert("application/json".to_owned(), media);
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

async fn start(spec: &Document) -> Result<Running, Error> {
    // Plain OpenAPI can't say how many tags an image may have after all requests together.
    Ok(explore::start(spec, None, Options { quota: usize::MAX, ..Options::default() }, 0).await?)
}
