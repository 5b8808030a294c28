//! The samples of the service's own description (API Explorer), which the document's don't repeat: each answer is read
//! whole, and each body goes out as it is there.

use std::collections::BTreeMap;
use std::fs;

use ims_api::dynamic;
use ims_tests::sample_calls;
use ims_tests::server::{Act, Server};
use serde_json::{Map, Value};

/// What only the patches of `application/openstack-images-v2.0-json-patch` have, a media type that the client doesn't send.
const OLDER_PATCH: &str = "/0/replace";

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// One operation as its file tells it: bodies that are sent, and answers with their status.
#[derive(Default)]
struct Samples {
    bodies: Vec<Value>,
    answers: Vec<(u16, Value)>,
}

#[tokio::test]
async fn every_sample_is_understood() -> Outcome {
    let folder = match xtask::drift::locked_definitions(&ims_tests::root()) {
        Ok(folder) => folder,
        Err(reason) => {
            eprintln!("SKIPPED: samples of the service's own description (`cargo xtask drift` brings them): {reason}");
            return Ok(());
        }
    };
    let calls = sample_calls(ims_tests::document()?);
    let (mut bodies, mut answers) = (0, 0);
    for (operation, samples) in read(&folder)? {
        let call = calls.iter().find(|call| call.operation == operation).ok_or("no such operation")?;
        for body in &samples.bodies {
            let answer = samples.answers.first().cloned().unwrap_or((204, Value::Null));
            let mut arguments = call.arguments.clone();
            arguments.insert("body".to_owned(), body.clone());
            let exchanged = exchange(&operation, &arguments, &answer).await;
            if body.pointer(OLDER_PATCH).is_some() {
                assert!(exchanged.is_err(), "{operation}: {body}");
                continue;
            }
            assert_eq!(&exchanged?.0, body, "{operation}");
            bodies += 1;
        }
        for answer in &samples.answers {
            let (_, read) = exchange(&operation, &call.arguments, answer).await?;
            let lost = lost(&answer.1, &read);
            assert!(lost.is_empty(), "{operation}: {lost:?} of {} isn't in {read}", answer.1);
            answers += 1;
        }
    }
    assert!(bodies >= 40 && answers >= 40, "{bodies} bodies and {answers} answers are too few: were they read?");
    Ok(())
}

fn read(folder: &std::path::Path) -> Result<BTreeMap<String, Samples>, Box<dyn std::error::Error>> {
    let mut found = BTreeMap::<String, Samples>::new();
    for file in fs::read_dir(folder)? {
        let path = file?.path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let file: Value = serde_json::from_str(&fs::read_to_string(&path)?)?;
        let methods = file["paths"].as_object().into_iter().flat_map(|paths| paths.values());
        for operation in methods.filter_map(Value::as_object).flat_map(|methods| methods.values()) {
            let id = operation["operationId"].as_str().ok_or("no operationId")?;
            let samples = found.entry(id.to_owned()).or_default();
            let members = operation.as_object().into_iter().flatten();
            let bodies = members.filter(|(key, value)| key.starts_with("x-request-examples-") && !value.is_string());
            samples.bodies.extend(bodies.map(|(_, body)| body.clone()));
            for (status, response) in operation["responses"].as_object().into_iter().flatten() {
                let examples = response["examples"].as_object().into_iter().flatten();
                let status = status.parse()?;
                samples.answers.extend(examples.map(|(_, answer)| (status, answer.clone())));
            }
        }
    }
    Ok(found)
}

/// What was sent as the body, and the answer as the client's types hold it.
async fn exchange(
    operation: &str,
    arguments: &Map<String, Value>,
    (status, answer): &(u16, Value),
) -> Result<(Value, Value), Box<dyn std::error::Error>> {
    let (status, text) = (*status, if answer.is_null() { String::new() } else { answer.to_string() });
    let server = Server::start(move |_| Act::Answer(status, text.clone())).await?;
    let client = ims_api::Client::builder()
        .endpoint(server.endpoint())
        .project_id("fd73a4a14a4a4dfb9771a8475e5198ea")
        .token("token-of-the-tests")
        .retry(ims_api::Retry::off())
        .build()?;
    let read = dynamic::call(&client, operation, arguments).await.map_err(|error| format!("{operation}: {error}"))?;
    let sent = server.requests().pop().ok_or("nothing was sent")?;
    Ok((sent.body, read.into_inner()))
}

/// The places of a sample whose values the types don't hold. Null and what is empty may be left out.
fn lost(sample: &Value, read: &Value) -> Vec<String> {
    let inside = |key: &str, sample: &Value, read: &Value| {
        lost(sample, read).into_iter().map(move |rest| format!("/{key}{rest}")).collect::<Vec<_>>()
    };
    match (sample, read) {
        (Value::Object(sample), Value::Object(read)) => {
            let null = Value::Null;
            sample.iter().flat_map(|(key, value)| inside(key, value, read.get(key).unwrap_or(&null))).collect()
        }
        (Value::Array(sample), Value::Array(read)) if sample.len() == read.len() => {
            let pairs = sample.iter().zip(read).enumerate();
            pairs.flat_map(|(at, (sample, read))| inside(&at.to_string(), sample, read)).collect()
        }
        (Value::Null, _) => Vec::new(),
        (Value::Array(items), Value::Null) if items.is_empty() => Vec::new(),
        (Value::Object(members), Value::Null) if members.is_empty() => Vec::new(),
        (sample, read) if sample == read => Vec::new(),
        _ => vec![String::new()],
    }
}
