//! Every limit that the document states for requests: kept at its edge and inside, refused outside before anything is
//! sent.

use std::collections::BTreeSet;

use ims_api::{Client, Retry};
use ims_tests::answer_server::{Answer, AnswerServer};
use serde_json::{Value, json};
use xtask::generate::sample_calls;

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// Where the document states a limit, the call and argument that it is tried with, a value at its edge, one inside, one
/// outside, and what is said of that one. A limit without a row fails the test.
#[tokio::test]
async fn every_documented_limit_at_its_edge_inside_and_outside() -> Outcome {
    let text = |length: usize| Value::from("标".repeat(length));
    let id = |length: usize| Value::from("i".repeat(length));
    let tags = |count: usize| Value::from_iter((0..count).map(|at| json!({"key": format!("k{at}"), "value": ""})));
    let filters = |count: usize| Value::from_iter((0..count).map(|at| json!({"key": format!("k{at}"), "values": []})));
    let values = |count: usize| Value::from_iter((0..count).map(|at| format!("v{at}")));
    let time = |operator: &str| Value::from(format!("{operator}:2016-09-30T00:00:00Z"));
    let same = |list: Value| Value::from([list[0].clone(), list[0].clone()].to_vec());
    let name = json!([{"key": "resource_name", "value": "a"}]);
    let both = json!([{"key": "resource_name", "value": "a"}, {"key": "resource_id", "value": "a"}]);
    let twice = |what: &str| format!("the {what} is there twice").replace(" is", " \"k0\" is");
    let mut rows: Vec<(String, &str, &str, [Value; 3], String)> = Vec::new();
    let mut row = |limit: &str, call, argument, values: [Value; 3], said: &str| {
        rows.push((limit.to_owned(), call, argument, values, said.to_owned()));
    };
    let (add, batch, delete, find, list) =
        ("AddImageTag", "BatchAddOrDeleteTags", "BatchDeleteTags", "ListImageByTags", "ListTags");
    row("ProjectId pattern", find, "/project_id", [id(64), id(1), id(65)], "project_id: doesn't match pattern");
    row("ImageId pattern", add, "/image_id", [id(64), id(63), id(65)], "image_id: doesn't match pattern");
    row(
        "TagKey pattern",
        "DeleteImageTag",
        "/key",
        ["...".into(), text(500), "..".into()],
        "key: doesn't match pattern",
    );
    row(
        "GlanceTag pattern",
        "GlanceCreateTag",
        "/tag",
        ["...".into(), "a".into(), "a=".into()],
        "tag: doesn't match pattern",
    );
    row(
        "GlanceTag maxLength",
        "GlanceDeleteTag",
        "/tag",
        [text(255), text(254), text(256)],
        "tag: longer than 255 characters",
    );
    row(
        "TagInput.key pattern",
        add,
        "/body/tag/key",
        [" k ".into(), "k".into(), " \t ".into()],
        "doesn't match pattern",
    );
    row(
        "TagInput.key maxLength",
        add,
        "/body/tag/key",
        [text(128), text(127), text(129)],
        "longer than 128 characters",
    );
    row(
        "TagInput.value maxLength",
        add,
        "/body/tag/value",
        [text(255), "".into(), text(256)],
        "longer than 255 characters",
    );
    row(
        "BatchAction enum",
        batch,
        "/body/action",
        ["create".into(), "delete".into(), "Delete".into()],
        "unknown variant",
    );
    row(
        "BatchAddOrDeleteTagsRequest.tags minItems",
        batch,
        "/body/tags",
        [tags(1), tags(2), tags(0)],
        "tags: 0 items, at least 1",
    );
    row(
        "BatchAddOrDeleteTagsRequest.tags x-ims-unique",
        batch,
        "/body/tags",
        [tags(2), tags(100), same(tags(1))],
        &twice("key"),
    );
    row(
        "BatchDeleteTagsRequest.tags minItems",
        delete,
        "/body/tags",
        [tags(1), tags(2), tags(0)],
        "tags: 0 items, at least 1",
    );
    row(
        "BatchDeleteTagsRequest.tags x-ims-unique",
        delete,
        "/body/tags",
        [tags(2), tags(100), same(tags(1))],
        &twice("key"),
    );
    row(
        "TagToDelete.key pattern",
        delete,
        "/body/tags/0/key",
        [" k ".into(), "k".into(), " ".into()],
        "doesn't match pattern",
    );
    row(
        "TagToDelete.key maxLength",
        delete,
        "/body/tags/0/key",
        [text(127), text(126), text(128)],
        "longer than 127 characters",
    );
    row(
        "TagToDelete.value maxLength",
        delete,
        "/body/tags/0/value",
        [text(255), "".into(), text(256)],
        "longer than 255 characters",
    );
    row("FindAction enum", find, "/body/action", ["filter".into(), "count".into(), "FILTER".into()], "unknown variant");
    for list in ["tags", "tags_any", "not_tags", "not_tags_any"] {
        let argument = ["/body/tags", "/body/tags_any", "/body/not_tags", "/body/not_tags_any"]
            .into_iter()
            .find(|argument| argument.ends_with(&format!("/{list}")))
            .ok_or("no argument")?;
        let at = |keyword: &str| format!("ListImageByTagsRequest.{list} {keyword}");
        row(
            &at("maxItems"),
            find,
            argument,
            [filters(10), filters(9), filters(11)],
            &format!("{list}: 11 items, at most 10"),
        );
        row(&at("x-ims-unique"), find, argument, [filters(2), filters(1), same(filters(1))], &twice("key"));
        // An optional list that is empty isn't sent.
        row(&at("minItems"), find, argument, [filters(1), filters(2), filters(0)], "");
    }
    row("ListImageByTagsRequest.matches minItems", find, "/body/matches", [name.clone(), both.clone(), json!([])], "");
    row(
        "ListImageByTagsRequest.matches x-ims-unique",
        find,
        "/body/matches",
        [both, name.clone(), same(name)],
        "the key \"resource_name\" is there twice",
    );
    row("TagFilter.key minLength", find, "/body/tags/0/key", [text(1), text(2), text(0)], "shorter than 1 character");
    row(
        "TagFilter.key maxLength",
        find,
        "/body/tags/0/key",
        [text(127), text(126), text(128)],
        "longer than 127 characters",
    );
    row(
        "TagFilter.values maxItems",
        find,
        "/body/tags/0/values",
        [values(10), values(0), values(11)],
        "tags[0].values: 11 items, at most 10",
    );
    row(
        "TagFilter.values uniqueItems",
        find,
        "/body/tags/0/values",
        [values(2), values(1), same(values(1))],
        "tags[0].values: the value \"v0\" is there twice",
    );
    row(
        "TagFilterValue maxLength",
        find,
        "/body/tags/0/values/0",
        [text(255), "".into(), text(256)],
        "longer than 255 characters",
    );
    row("ResultLimit pattern", find, "/body/limit", ["1".into(), "0999".into(), "+1".into()], "an integer");
    row("ResultLimit minimum", find, "/body/limit", ["1".into(), "2".into(), "0".into()], "0 is less than 1");
    row(
        "ResultLimit maximum",
        find,
        "/body/limit",
        ["1000".into(), "999".into(), "1001".into()],
        "1001 is more than 1000",
    );
    row("ResultOffset pattern", find, "/body/offset", ["0".into(), "1".into(), "1.".into()], "an integer");
    row("ResultOffset minimum", find, "/body/offset", ["0".into(), "1".into(), "-1".into()], "an integer");
    row(
        "MatchKey enum",
        find,
        "/body/matches/0/key",
        ["resource_id".into(), "resource_name".into(), "name".into()],
        "unknown variant",
    );
    row(
        "ResourceMatch.value maxLength",
        find,
        "/body/matches/0/value",
        [text(255), text(0), text(256)],
        "longer than 255 characters",
    );
    row("PageLimit minimum", list, "/limit", [1.into(), 2.into(), 0.into()], "limit: 0 is less than 1");
    row("PageNumber minimum", list, "/page", [1.into(), 2.into(), 0.into()], "page: 0 is less than 1");
    row(
        "TimeFilter pattern",
        list,
        "/created_at",
        [time("gt"), time("neq"), time("ge")],
        "created_at: doesn't match pattern",
    );
    row("SortDirection enum", list, "/sort_dir", ["asc".into(), "desc".into(), "up".into()], "sort_dir: ");
    row("ImageTagString.tag minLength", "CreateOrUpdateTags", "/body/tag", [text(1), text(2), text(0)], "body");

    let (document, server) =
        (ims_tests::document()?, AnswerServer::start(|_| Answer::Status(204, String::new())).await?);
    let client =
        Client::builder().endpoint(server.endpoint()).token("t").project_id("p").retry(Retry::off()).build()?;
    let calls = sample_calls(&document);
    let mut wrong = Vec::new();
    for (limit, operation, argument, values, said) in &rows {
        let call = calls.iter().find(|call| call.operation == *operation).ok_or(*operation)?;
        for (at, value) in values.iter().enumerate() {
            let mut arguments = Value::from(call.arguments.clone());
            let (holder, name) = argument.rsplit_once('/').ok_or("no pointer")?;
            match arguments.pointer_mut(holder).ok_or(*argument)? {
                Value::Array(items) => items[name.parse::<usize>()?] = value.clone(),
                holder => holder[name] = value.clone(),
            }
            let before = server.requests().len();
            let arguments = arguments.as_object().ok_or("no arguments")?;
            let error = ims_api::dynamic::call(&client, operation, arguments).await.err();
            let requests = server.requests();
            let sent = requests.get(before).map(|request| &request.body);
            let error = error.map(|error| error.to_string()).unwrap_or_default();
            let verdict = match sent {
                Some(body) if at == 2 => {
                    said.is_empty() && body.pointer(argument.trim_start_matches("/body")).is_none()
                }
                Some(_) => true,
                None => at == 2 && !said.is_empty() && error.contains(said.as_str()),
            };
            if !verdict {
                wrong.push(format!("{limit}: {value}: {sent:?}: {error}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let tried: BTreeSet<String> = rows.into_iter().map(|(limit, ..)| limit).collect();
    let mut stated = BTreeSet::new();
    limits(&document.raw, "", &mut stated);
    assert_eq!(tried, stated, "what is tried, and what the document states");
    Ok(())
}

/// Every limit of the document: `Schema.property keyword`, or the pointer of a schema in place.
fn limits(node: &Value, at: &str, found: &mut BTreeSet<String>) {
    const KEYWORDS: &[&str] = &[
        "pattern",
        "minLength",
        "maxLength",
        "minimum",
        "maximum",
        "minItems",
        "maxItems",
        "uniqueItems",
        "x-ims-unique",
        "enum",
    ];
    let is_sample = ["/example", "/examples", "/x-ims-sample-request", "/servers"].iter().any(|end| at.ends_with(end));
    let Some(members) = node.as_object().filter(|_| !is_sample) else {
        return node.as_array().into_iter().flatten().for_each(|item| limits(item, at, found));
    };
    let place =
        at.trim_start_matches("/components/schemas/").replace("/properties/", ".").replace("/x-ims-integer", "");
    for (key, value) in members {
        let is_open = key == "enum" && members.get("x-ims-open") == Some(&Value::Bool(true));
        if KEYWORDS.contains(&key.as_str()) && !is_open && !at.ends_with("/properties") {
            found.insert(format!("{place} {key}"));
        }
        limits(value, &format!("{at}/{key}"), found);
    }
}
