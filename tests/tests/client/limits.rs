//! Every limit that the document states for requests: a value at its edge and one further inside, which are sent, and one
//! outside, which is refused unsent. The limits are found in the document, and its own validator says what is inside: a limit
//! that is added there has its rows without a line here.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use ims_api::{Client, Failure, Operation, Retry, operations};
use ims_tests::sample_calls;
use ims_tests::server::{Act, Server};
use ims_tests::{document, lock};
use serde_json::{Map, Value, json};
use xtask::document::{Document, child};
use xtask::validate::validate;

type Outcome = Result<(), Box<dyn std::error::Error>>;

#[tokio::test]
async fn every_limit_of_a_request_holds_at_its_edge() -> Outcome {
    let (spec, server) = (document()?, Server::start(|_| Act::Answer(400, String::new())).await?);
    let client = Client::builder().endpoint(server.endpoint()).token("t").project_id("p");
    let client = client.retry(Retry::off()).build()?;
    let mut table = "# Every limit of a request, at its edge\n\n| operation | place | limit | inside, sent | outside, refused |\n|---|---|---|---|---|\n".to_owned();
    let mut unseen = stated(spec);
    let mut rows: Vec<(String, [Vec<String>; 2])> = Vec::new();
    let mut wrong = Vec::new();
    for operation in operations::ALL {
        for part in parts(spec, operation) {
            for (sample, limits) in &part.samples {
                for limit in limits {
                    unseen.remove(&limit.pointer);
                    let mut ends = Vec::new();
                    for (value, is_inside) in [(&limit.inside, true), (&limit.outside, false)] {
                        let arguments = part.with(sample, limit, value);
                        let given = arguments.get(&part.name).unwrap_or(&Value::Null);
                        let fits = validate(spec, &part.schema, given).is_empty();
                        let sent = call(&client, operation, &arguments).await?;
                        // An empty list that may be left out is: what goes over the wire fits again.
                        let left_out = sent && !is_inside && value == &json!([]);
                        if left_out {
                            let body = server.requests().pop().map(|request| request.body).unwrap_or_default();
                            assert!(validate(spec, &part.schema, &body).is_empty(), "{body}");
                        }
                        // The document's own validator knows the standard's keywords only.
                        let known = !limit.keyword.starts_with("x-ims-");
                        // What one form of a body requires, another may do without.
                        if limit.keyword == "required" && !is_inside && fits && sent {
                            ends.push(format!("{}: another form", shown(value)));
                            continue;
                        }
                        if (known && fits != is_inside) || (sent != is_inside && !left_out) {
                            wrong.push(format!(
                                "{} {} {}: {value}: fits {fits}, sent {sent}",
                                operation.id, limit.place, limit.keyword
                            ));
                        }
                        ends.push(if left_out { format!("{}: left out", shown(value)) } else { shown(value) });
                    }
                    let head = format!("| {} | {} | {} |", operation.id, limit.place, limit.keyword);
                    let known = rows.iter().position(|(known, _)| *known == head);
                    let at = known.unwrap_or_else(|| {
                        rows.push((head, [Vec::new(), Vec::new()]));
                        rows.len() - 1
                    });
                    for (cell, end) in rows[at].1.iter_mut().zip(ends) {
                        if !cell.contains(&end) {
                            cell.push(end);
                        }
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(unseen.is_empty(), "limits that no row is about: {unseen:?}");
    for (head, [inside, outside]) in rows {
        writeln!(table, "{head} {} | {} |", inside.join(" · "), outside.join(" · "))?;
    }
    lock("limits", &table);
    Ok(())
}

/// Whether the call was sent; any other refusal than that of an invalid request is an error.
async fn call(client: &Client, operation: &Operation, arguments: &Map<String, Value>) -> Result<bool, String> {
    match ims_api::dynamic::call(client, operation.id, arguments).await {
        Err(error) if error.failure() == Failure::InvalidRequest && !error.was_sent() => Ok(false),
        Err(error) if error.status() == Some(400) => Ok(true),
        Err(error) => Err(format!("{}: {error}", operation.id)),
        Ok(_) => Err(format!("{}: a refusal came as a success", operation.id)),
    }
}

/// A parameter or the body of an operation.
struct Part {
    name: String,
    schema: String,
    /// The sample call's arguments.
    arguments: Map<String, Value>,
    /// Valid values with the limits found on the way through each.
    samples: Vec<(Value, Vec<Limit>)>,
}

impl Part {
    fn with(&self, sample: &Value, limit: &Limit, value: &Value) -> Map<String, Value> {
        let mut sample = sample.clone();
        set(&mut sample, &limit.at, value.clone());
        let mut arguments = self.arguments.clone();
        arguments.insert(self.name.clone(), sample);
        arguments
    }
}

struct Limit {
    /// Where in the document the schema is that has it, and which keyword it is.
    pointer: String,
    keyword: &'static str,
    /// The place of the value within the part, as a pointer, and as people write it.
    at: String,
    place: String,
    inside: Value,
    outside: Value,
}

fn parts(spec: &Document, operation: &Operation) -> Vec<Part> {
    let Some(call) = sample_calls(spec).into_iter().find(|call| call.operation == operation.id) else {
        return Vec::new();
    };
    let pointer = child(&child("/paths", operation.path), &operation.method.to_lowercase());
    let node = spec.raw.pointer(&pointer).unwrap_or(&Value::Null);
    let mut parts = Vec::new();
    for index in 0..node["parameters"].as_array().map_or(0, Vec::len) {
        let Some((at, parameter)) = spec.resolve(&format!("{pointer}/parameters/{index}")) else { continue };
        // In Rust and in JSON arguments a parameter has the name it has on the wire.
        let name = parameter["name"].as_str().unwrap_or_default().to_owned();
        let sample = call.arguments.get(&name).cloned();
        parts.push((name, format!("{at}/schema"), sample.into_iter().collect::<Vec<_>>()));
    }
    if let Some(media) = node.pointer("/requestBody/content/application~1json") {
        let named = media["examples"].as_object().into_iter().flatten().map(|(_, example)| example["value"].clone());
        let samples = call.arguments.get("body").cloned().into_iter().chain(named).collect();
        parts.push(("body".to_owned(), format!("{pointer}/requestBody/content/application~1json/schema"), samples));
    }
    let arguments = &call.arguments;
    parts
        .into_iter()
        .map(|(name, schema, mut samples)| {
            samples.extend(samples.is_empty().then(|| example(spec, &schema)));
            let samples = samples.into_iter().map(|sample| {
                let mut limits = Vec::new();
                walk(spec, &schema, &sample, (String::new(), name.clone()), &mut limits);
                (sample, limits)
            });
            Part { samples: samples.collect(), arguments: arguments.clone(), name, schema }
        })
        .collect()
}

/// Collects the limits of a valid value and of all it holds.
fn walk(spec: &Document, schema: &str, value: &Value, (at, place): (String, String), limits: &mut Vec<Limit>) {
    let Some((schema, node)) = spec.resolve(schema) else { return };
    let mut limit = |keyword: &'static str, inside: Value, outside: Value| {
        let pointer = format!("{schema}/{keyword}");
        limits.push(Limit { pointer, keyword, at: at.clone(), place: place.clone(), inside, outside });
    };
    let text = |length: usize| json!("键".repeat(length));
    let count = |key: &str| node.get(key).and_then(Value::as_u64).and_then(|count| usize::try_from(count).ok());
    if let Some(most) = count("maxLength") {
        [most, most - 1].into_iter().for_each(|inside| limit("maxLength", text(inside), text(most + 1)));
    }
    if let Some(least) = count("minLength") {
        [least, least + 1].into_iter().for_each(|inside| limit("minLength", text(inside), text(least - 1)));
    }
    if let Some(bounds) = node.get("x-ims-integer") {
        let bound = |key: &str| bounds.get(key).and_then(Value::as_i64);
        // The pattern beside it says no more than that it is a number.
        for (bound, step) in [(bound("minimum"), -1), (bound("maximum"), 1)] {
            for inside in bound.into_iter().flat_map(|bound| [bound, bound - step]) {
                let outside = bound.unwrap_or_default() + step;
                limit("x-ims-integer", json!(inside.to_string()), json!(outside.to_string()));
            }
        }
    }
    for (keyword, step) in [("minimum", -1), ("maximum", 1)] {
        if let Some(bound) = node.get(keyword).and_then(Value::as_i64) {
            [bound, bound - step].into_iter().for_each(|inside| limit(keyword, json!(inside), json!(bound + step)));
        }
    }
    if node.get("pattern").is_some() {
        let fits = |text: &str| validate(spec, &schema, &json!(text)).is_empty();
        for outside in TEXTS.iter().filter(|text| !fits(text)) {
            limit("pattern", value.clone(), json!(outside));
        }
        for inside in TEXTS.iter().filter(|text| fits(text)) {
            limit("pattern", json!(inside), json!(TEXTS.iter().find(|text| !fits(text)).unwrap_or(&"")));
        }
    }
    if let Some(allowed) = node.get("enum").and_then(Value::as_array)
        && node.get("x-ims-open").is_none()
    {
        for one in allowed {
            let upper = one.as_str().unwrap_or_default().to_uppercase();
            limit("enum", one.clone(), json!(upper));
        }
    }
    match value {
        Value::Array(items) => {
            let first = items.first().cloned().unwrap_or_else(|| example(spec, &format!("{schema}/items")));
            let many = |count: usize| (0..count).map(|at| distinct(&first, at)).collect::<Value>();
            if let Some(most) = count("maxItems") {
                [most, most - 1].into_iter().for_each(|inside| limit("maxItems", many(inside), many(most + 1)));
            }
            if let Some(least) = count("minItems") {
                // Where there are too few keys for another item, the edge is all there is.
                let insides = [many(least), many(least + 1)];
                let fitting = insides.into_iter().filter(|inside| validate(spec, &schema, inside).is_empty());
                fitting.for_each(|inside| limit("minItems", inside, many(least - 1)));
            }
            if node.get("uniqueItems").is_some() {
                [2, 1].into_iter().for_each(|inside| limit("uniqueItems", many(inside), json!([first, first])));
            }
            if node.get("x-ims-unique").is_some() {
                limit("x-ims-unique", many(1), json!([first, first]));
            }
            if !items.is_empty() {
                walk(spec, &format!("{schema}/items"), &first, (format!("{at}/0"), format!("{place}[]")), limits);
            }
        }
        Value::Object(members) => {
            for name in node["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
                let mut fewer = members.clone();
                if fewer.remove(name).is_some() {
                    limit("required", value.clone(), Value::Object(fewer));
                }
            }
            for (name, member) in members {
                let property = child(&format!("{schema}/properties"), name);
                walk(spec, &property, member, (child(&at, name), format!("{place}.{name}")), limits);
            }
            for branch in 0..node["oneOf"].as_array().map_or(0, Vec::len) {
                let branch = format!("{schema}/oneOf/{branch}");
                if validate(spec, &branch, value).is_empty() {
                    walk(spec, &branch, value, (at.clone(), place.clone()), limits);
                }
            }
        }
        _ => {}
    }
}

/// Texts that patterns tell apart.
const TEXTS: &[&str] = &[
    "",
    ".",
    "..",
    "...",
    " ",
    "a",
    "a b",
    "a/b",
    "a\\b",
    "a=b",
    "a\nb",
    "标签",
    "%2F",
    "gt:2016-09-30T00:00:00Z",
    "at:2016-09-30T00:00:00Z",
    "gt: ",
    "gt:2018-10-28 10:00:00",
    "7",
    "-7",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
];

/// A value that the schema takes, for a parameter that the sample leaves out.
fn example(spec: &Document, schema: &str) -> Value {
    let numbers = [json!(1)];
    let texts = TEXTS.iter().map(|text| json!(text));
    texts.chain(numbers).find(|value| validate(spec, schema, value).is_empty()).unwrap_or(Value::Null)
}

/// A copy that differs in its key, or as a whole.
fn distinct(value: &Value, at: usize) -> Value {
    let mut copy = value.clone();
    match &mut copy {
        Value::Object(members) => {
            // One of the few keys there are stays as it is, and so is the second.
            if let Some(key) = members.get_mut("key").filter(|_| at > 0) {
                *key = if key == "resource_name" { json!("resource_id") } else { json!(format!("k{at}")) };
            }
        }
        text => *text = json!(format!("v{at}")),
    }
    copy
}

fn set(value: &mut Value, at: &str, new: Value) {
    if let Some(node) = value.pointer_mut(at) {
        *node = new;
    }
}

/// The limits of all component schemas that requests consist of, by pointer.
fn stated(spec: &Document) -> BTreeSet<String> {
    const KEYWORDS: [&str; 12] = [
        "enum",
        "maxLength",
        "minLength",
        "pattern",
        "maxItems",
        "minItems",
        "uniqueItems",
        "x-ims-unique",
        "x-ims-integer",
        "minimum",
        "maximum",
        "required",
    ];
    fn collect(spec: &Document, pointer: &str, seen: &mut BTreeSet<String>, found: &mut BTreeSet<String>) {
        let Some((pointer, node)) = spec.resolve(pointer) else { return };
        if !seen.insert(pointer.clone()) {
            return;
        }
        let is_open = |keyword: &str| keyword == "enum" && node.get("x-ims-open").is_some();
        for keyword in KEYWORDS.iter().filter(|keyword| node.get(**keyword).is_some() && !is_open(keyword)) {
            found.insert(format!("{pointer}/{keyword}"));
        }
        for name in node["properties"].as_object().into_iter().flatten().map(|(name, _)| name) {
            collect(spec, &child(&format!("{pointer}/properties"), name), seen, found);
        }
        collect(spec, &format!("{pointer}/items"), seen, found);
        for branch in 0..node["oneOf"].as_array().map_or(0, Vec::len) {
            collect(spec, &format!("{pointer}/oneOf/{branch}"), seen, found);
        }
    }
    let (mut seen, mut found) = (BTreeSet::new(), BTreeSet::new());
    for operation in operations::ALL {
        for part in parts(spec, operation) {
            collect(spec, &part.schema, &mut seen, &mut found);
        }
    }
    found
}

/// Long values are told by their length.
fn shown(value: &Value) -> String {
    let text = value.to_string().replace('|', "\\|");
    match value {
        Value::String(text) if text.chars().count() > 40 => format!("{} characters", text.chars().count()),
        Value::Array(items) => format!("{} items", items.len()),
        Value::Object(members) => members.keys().cloned().collect::<Vec<_>>().join(", "),
        _ => text,
    }
}
