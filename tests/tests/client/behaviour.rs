//! What the compiled client does with each operation's samples: what goes over a real socket, what the caller gets, and
//! what becomes of an answer that differs from the sample in one place.
//!
//! Everything comes from the document: an operation that is added there has its snapshots without a line here.

use std::collections::HashSet;
use std::error::Error as _;
use std::fmt::Write as _;

use ims_api::{Client, Operation, Retry, operations};
use ims_tests::server::{Act, Server};
use ims_tests::{SampleCall, sample_calls};
use ims_tests::{document, lock, without_blanks};
use serde_json::{Map, Value, json};
use xtask::document::{Document, child};

type Outcome = Result<(), Box<dyn std::error::Error>>;

#[tokio::test]
async fn requests_and_decoded_samples() -> Outcome {
    let (spec, server) = (document()?, Server::start(|_| Act::Reset).await?);
    let client = client(&server)?;
    for (operation, call) in calls(spec)? {
        let mut text = format!("# What {} does\n", operation.id);
        let documented = spec.operation(operation.id).ok_or(operation.id)?;
        let page = documented.sample.as_ref().ok_or(operation.id)?;
        for sample in samples(spec, operation.id) {
            server.answer(sample.status, text_of(sample.body.as_ref()));
            let answer = run(&client, &call).await?;
            let mut seen = server.requests().pop().ok_or("nothing came")?;
            let url = page.url.strip_prefix("https://{Endpoint}");
            assert_eq!((&seen.method, in_order(&seen.target)), (&page.method, in_order(url.unwrap_or_default())));
            assert_eq!(seen.body, page.body.clone().unwrap_or_default(), "{}: as on its page", operation.id);
            if !text.contains("## Request") {
                write!(text, "\n## Request\n\n{} {}\n", seen.method, seen.target)?;
                seen.headers.sort();
                for (name, value) in seen.headers.iter().filter(|(name, _)| name != "host" && name != "user-agent") {
                    writeln!(text, "{name}: {value}")?;
                }
                writeln!(text, "\n{}", body(&String::from_utf8(seen.content)?))?;
            }
            assert_eq!(answer.status().as_u16(), sample.status);
            write!(text, "\n## The caller gets, of the sample for {}{}\n\n", sample.status, sample.name)?;
            let value = without_blanks(answer.into_inner());
            let sent = without_blanks(sample.body.unwrap_or_default());
            assert_eq!(value, sent, "{}: nothing is lost in its type", operation.id);
            writeln!(text, "{value:#}")?;
        }
        for sample in documented.body.iter().filter_map(|body| body.media()).flat_map(|media| &media.samples) {
            let mut call = call.clone();
            call.arguments.insert("body".to_owned(), sample.value.clone());
            // What comes back was looked at above: what counts is what was sent.
            let _ = run(&client, &call).await;
            let sent = server.requests().pop().ok_or("nothing came")?;
            assert_eq!(sent.body, sample.value, "{} {:?}", operation.id, sample.name);
        }
        text.push_str("\n## Error rows\n\n| status | body | failure | kind | code |\n|---|---|---|---|---|\n");
        for row in operation.errors {
            for (shape, body) in error_bodies() {
                server.answer(row.status, text_of(body.as_ref()));
                let Err(error) = run(&client, &call).await else {
                    return Err(format!("{}: {} is no error", operation.id, row.status).into());
                };
                assert_eq!(error.kind(), Some(row.kind), "{}: {}", operation.id, row.status);
                assert_eq!(error.row(), operation.error(row.status), "{error}");
                assert_eq!(error.operation().map(|called| called.id), Some(operation.id));
                let (failure, kind) = (error.failure(), row.kind);
                let code = error.code().unwrap_or("none");
                writeln!(text, "| {} | {shape} | {failure:?} | {kind:?} | {code} |", row.status)?;
            }
        }
        lock(&format!("wire-{}", operation.id), &text);
    }
    Ok(())
}

#[tokio::test]
async fn answers_that_differ_in_one_place() -> Outcome {
    let (spec, server) = (document()?, Server::start(|_| Act::Reset).await?);
    let client = client(&server)?;
    for (operation, call) in calls(spec)? {
        let mut text = format!(
            "# What becomes of an answer to {} that differs from its sample in one place\n\n| place | change | outcome |\n|---|---|---|\n",
            operation.id
        );
        let mut known = HashSet::new();
        for sample in samples(spec, operation.id) {
            let Some(body) = &sample.body else {
                // A success that carries nothing: what comes all the same is not the caller's concern, or an error.
                server.answer(sample.status, "");
                run(&client, &call).await?;
                text.push_str("| no body | as documented | decoded |\n");
                continue;
            };
            for edit in edits(body) {
                server.answer(sample.status, edit.body.to_string());
                let outcome = match run(&client, &call).await {
                    Ok(answer) => {
                        let value = without_blanks(answer.into_inner());
                        if value == edit.body {
                            "decoded".to_owned()
                        } else if value == *body {
                            "decoded as the sample".to_owned()
                        } else {
                            format!("decoded as {value}")
                        }
                    }
                    Err(error) => format!("{:?}: {}", error.failure(), reason(&error)),
                };
                if edit.must_decode {
                    // What the service may plausibly send tomorrow.
                    assert!(
                        outcome.starts_with("decoded"),
                        "{}: {} {}: {outcome}",
                        operation.id,
                        edit.place,
                        edit.change
                    );
                }
                let row = format!("| {} | {} | {outcome} |\n", edit.place, edit.change);
                // The items of a list behave alike, or have rows of their own.
                if known.insert(row.clone()) {
                    text.push_str(&row);
                }
            }
        }
        lock(&format!("changed-answers-{}", operation.id), &text);
    }
    Ok(())
}

/// An empty body stands for none.
fn text_of(body: Option<&Value>) -> String {
    body.map(Value::to_string).unwrap_or_default()
}

/// The operations that were compiled, each with the document's sample request: neither may have one that the other
/// lacks.
fn calls(spec: &Document) -> Result<Vec<(&'static Operation, SampleCall)>, String> {
    let calls = sample_calls(spec);
    let compiled: Vec<&str> = operations::ALL.iter().map(|operation| operation.id).collect();
    let mut documented: Vec<&str> = calls.iter().map(|call| call.operation.as_str()).collect();
    documented.retain(|id| compiled.contains(id));
    if documented.len() != calls.len() || documented.len() != compiled.len() {
        return Err(format!("compiled operations {compiled:?}, with a sample request in the document {documented:?}"));
    }
    let find =
        |call: SampleCall| Some((*operations::ALL.iter().find(|operation| operation.id == call.operation)?, call));
    Ok(calls.into_iter().filter_map(find).collect())
}

/// One for a whole test: building it reads the system's certificates.
fn client(server: &Server) -> Result<Client, ims_api::Error> {
    let builder = Client::builder().endpoint(server.endpoint()).token("the-token");
    builder.project_id("the-clients-own-project").retry(Retry::off()).build()
}

async fn run(client: &Client, call: &SampleCall) -> Result<ims_api::Response<Value>, ims_api::Error> {
    ims_api::dynamic::call(client, &call.operation, &call.arguments).await
}

/// A response sample of the document.
struct Sample {
    status: u16,
    /// The name among several examples.
    name: String,
    body: Option<Value>,
}

/// The samples of an operation's successes.
fn samples(spec: &Document, id: &str) -> Vec<Sample> {
    let responses = spec.operation(id).into_iter().flat_map(|operation| operation.successes());
    let mut samples = Vec::new();
    for response in responses {
        let Ok(status) = response.status.parse() else { continue };
        let documented = response.media().map(|media| media.samples.as_slice()).unwrap_or_default();
        samples.extend(documented.iter().map(|sample| Sample {
            status,
            name: sample.name.as_ref().map(|name| format!(", {name}")).unwrap_or_default(),
            body: Some(sample.value.clone()),
        }));
        if documented.is_empty() {
            samples.push(Sample { status, name: String::new(), body: None });
        }
    }
    samples
}

/// Who refuses, and how.
fn error_bodies() -> [(&'static str, Option<Value>); 3] {
    [
        ("service", Some(json!({"error": {"code": "IMG.0001", "message": "no"}}))),
        ("gateway", Some(json!({"error_code": "APIGW.0301", "error_msg": "no", "request_id": "1"}))),
        ("none", None),
    ]
}

/// A sample with one change.
struct Edit {
    place: String,
    change: &'static str,
    body: Value,
    must_decode: bool,
}

fn edits(sample: &Value) -> Vec<Edit> {
    let mut edits = Vec::new();
    walk(sample, "", "the body", &mut |pointer, place, node| {
        let mut replace = |change, new: Value, must_decode| {
            let mut body = sample.clone();
            if let Some(at) = body.pointer_mut(pointer)
                && *at != new
            {
                *at = new;
                edits.push(Edit { place: place.to_owned(), change, body, must_decode });
            }
        };
        replace("null", Value::Null, false);
        match node {
            Value::String(_) => {
                replace("a number", json!(7), false);
                replace("empty", json!(""), true);
                replace("an unknown value", json!("an unknown value"), true);
            }
            Value::Number(_) => replace("a string", json!("seven"), false),
            Value::Bool(flag) => {
                replace("a string", json!("yes"), false);
                replace("the opposite", json!(!flag), true);
            }
            Value::Array(items) => {
                replace("an object", json!({}), false);
                replace("empty", json!([]), true);
                let doubled: Vec<&Value> = items.iter().chain(items).collect();
                replace("twice as long", json!(doubled), true);
            }
            Value::Object(members) => {
                replace("a list", json!([]), false);
                replace("empty", json!({}), false);
                let mut more = members.clone();
                more.insert("added_later".to_owned(), json!({"by": ["the service"]}));
                replace("one more field", Value::Object(more), true);
                for name in members.keys() {
                    let mut fewer: Map<String, Value> = members.clone();
                    fewer.remove(name);
                    let mut body = sample.clone();
                    if let Some(at) = body.pointer_mut(pointer) {
                        *at = Value::Object(fewer);
                    }
                    let place = below(place, name);
                    edits.push(Edit { place, change: "dropped", body, must_decode: false });
                }
            }
            Value::Null => {}
        }
    });
    edits
}

/// Visits each node with its pointer and its place as people write it, for example `tags[].key`.
fn walk(node: &Value, pointer: &str, place: &str, visit: &mut impl FnMut(&str, &str, &Value)) {
    visit(pointer, place, node);
    match node {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                walk(item, &child(pointer, &index.to_string()), &format!("{place}[]"), visit);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                walk(member, &child(pointer, name), &below(place, name), visit);
            }
        }
        _ => {}
    }
}

fn below(place: &str, name: &str) -> String {
    if place == "the body" { name.to_owned() } else { format!("{place}.{name}") }
}

/// The innermost reason, without the position in the text: it says nothing about the place.
fn reason(error: &ims_api::Error) -> String {
    let mut innermost = error.source();
    while let Some(source) = innermost.and_then(std::error::Error::source) {
        innermost = Some(source);
    }
    let text = innermost.map_or_else(|| error.to_string(), ToString::to_string);
    let text = text.split_once("the body does not decode: ").map_or(text.as_str(), |(_, reason)| reason);
    text.split(" at line ").next().unwrap_or(text).to_owned()
}

fn body(text: &str) -> String {
    match serde_json::from_str::<Value>(text) {
        Ok(value) => format!("{value:#}"),
        Err(_) if text.is_empty() => "(no body)".to_owned(),
        Err(_) => text.to_owned(),
    }
}

/// A target with its query's parameters by name: their order says nothing.
fn in_order(target: &str) -> (&str, std::collections::BTreeSet<&str>) {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    (path, query.split('&').collect())
}
