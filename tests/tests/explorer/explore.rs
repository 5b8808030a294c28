//! The explorer without a browser: what its page shows, what it says of wrong input, the code it hands out, whom it answers.

use std::collections::BTreeMap;
use std::time::Duration;

use ims_api::{Client, Retry};
use ims_tests::{document, lock, root};
use serde_json::{Map, Value, json};
use xtask::explore;
use xtask::service::{Options, Running, TOKEN};

type Outcome = Result<(), Box<dyn std::error::Error>>;

#[tokio::test]
async fn what_the_page_shows() -> Outcome {
    let explorer = start().await?;
    let shown: Value = get(&explorer, "/explore/document.json").await?.json().await?;
    assert_eq!(shown["findings"], json!([]), "the repository's own document has no findings");
    let mut text = String::new();
    for operation in operations(&shown) {
        text += &format!("{}\n", outline(operation, &shown["schemas"]));
    }
    lock("explore__document", &text);
    // The parts that the outline leaves out.
    for operation in operations(&shown) {
        for pointer in ["/summary/en", "/summary/zh", "/text/en", "/text/zh"] {
            assert!(operation.pointer(pointer).and_then(Value::as_str).is_some_and(|text| !text.is_empty()));
        }
    }
    Ok(())
}

/// Every sample, broken in every way that a form allows: what the page finds is what the service refuses.
#[tokio::test]
async fn wrong_input_is_told_before_it_is_sent() -> Outcome {
    let explorer = start().await?;
    let shown: Value = get(&explorer, "/explore/document.json").await?.json().await?;
    let (http, spec) = (crate::http(), document()?);
    let (mut tried, mut refused) = (0, 0);
    for operation in operations(&shown) {
        let id = operation["id"].as_str().ok_or("an operation has no id")?;
        for (values, body) in broken_calls(operation) {
            let body = body.map(|body| body.to_string()).unwrap_or_default();
            let problems = explore::problems(spec, id, &values, Some(&body));
            tried += 1;
            refused += usize::from(!problems.is_empty());
            for problem in &problems {
                assert!(!problem.text.english.is_empty() && !problem.text.chinese.is_empty(), "{problem:?}");
            }
            // One in ten goes over the wire; what would be another path there isn't the operation's.
            if tried % 10 != 0 || values.values().any(|text| text.trim_matches('.').is_empty()) {
                continue;
            }
            let call = prepared(&explorer, &json!({"operation": id, "values": values, "body": body})).await?;
            let answer = sent(&http, &explorer, &call).await?;
            let (status, told) = (answer.status().as_u16(), answer.text().await?);
            // The model has rules of its own: tags have keys, and an image has at most ten.
            let of_model = told.contains("IMG.0115") || told.contains("IMG.0116");
            assert_eq!(status == 400 && !of_model, !problems.is_empty(), "{id} {values:?} {body}: {told} {problems:?}");
        }
    }
    assert!(tried > 1_000 && refused > 500, "{refused} of {tried}");
    Ok(())
}

/// A field that the document doesn't have is refused with the nearest that it has, in both languages.
#[test]
fn the_nearest_name_is_told() -> Outcome {
    let body = json!({"action": "count", "tags": [{"key": "k", "value": "v"}]}).to_string();
    let problems = explore::problems(document()?, "ListImageByTags", &BTreeMap::new(), Some(&body));
    let told: Vec<String> = problems.iter().map(|one| format!("{} / {}", one.text.english, one.text.chinese)).collect();
    assert_eq!(
        told,
        [
            "tags.0: `value` is not in the document: did you mean `values`? / tags.0: 文档中没有`value`，是否应为`values`？"
        ]
    );
    Ok(())
}

/// What the page says a program gets is what the client says, for each row of each operation and others.
#[tokio::test]
async fn an_outcome_is_what_the_client_says() -> Outcome {
    let explorer = start().await?;
    let shown: Value = get(&explorer, "/explore/document.json").await?.json().await?;
    let http = crate::http();
    for operation in operations(&shown) {
        let id = operation["id"].as_str().ok_or("an operation has no id")?;
        let rows = operation["rows"].as_array().into_iter().flatten().filter_map(|row| row["status"].as_u64());
        for status in rows.chain([418, 429, 502]) {
            let prefer = format!("code={status}");
            let client = Client::builder()
                .endpoint(explorer.endpoint().as_str())
                .token(TOKEN)
                .project_id("p")
                .header("Prefer", &prefer)
                .http(crate::plain())
                .retry(Retry::off())
                .build()?;
            let mut arguments: Map<String, Value> = parameters(operation)
                .filter(|one| one["sample"].is_string())
                .filter_map(|one| Some((one["name"].as_str()?.to_owned(), one["sample"].clone())))
                .collect();
            if let Some(sample) = operation["body"]["samples"].get(0) {
                arguments.insert("body".to_owned(), sample["value"].clone());
            }
            let Err(error) = ims_api::dynamic::call(&client, id, &arguments).await else {
                return Err(format!("{id} {status}: it succeeded").into());
            };
            let values: Map<String, Value> = arguments.iter().filter(|(name, _)| *name != "body").map(pair).collect();
            let body = arguments.get("body").map(Value::to_string).unwrap_or_default();
            let form = json!({"operation": id, "values": values, "body": body, "prefer": prefer});
            let answer = sent(&http, &explorer, &prepared(&explorer, &form).await?).await?;
            let header = |name: &str| {
                answer.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
            };
            let (request_id, retry_after) = (header("x-request-id"), header("retry-after"));
            let body: Value = answer.json().await?;
            let told = json!({"operation": id, "status": status, "request_id": request_id, "retry_after": retry_after, "body": body});
            let address = format!("{}/explore/outcome", explorer.endpoint());
            let told: Value = http.post(address).json(&told).send().await?.json().await?;
            let wanted = error.to_string().replace(error.request_id().unwrap_or_default(), &request_id);
            assert_eq!(told["sentence"], wanted);
            assert_eq!(told["kind"].as_str(), error.kind().map(|kind| format!("ErrorKind::{kind:?}")).as_deref());
            assert_eq!(told["may_retry"], error.may_retry(), "{id} {status}");
        }
    }
    Ok(())
}

/// A client that only its environment sets up works, with the project given and looked up.
#[tokio::test]
async fn the_export_lines_set_a_client_up() -> Outcome {
    let explorer = start().await?;
    let exports = explore::exports(&explorer);
    let looked_up = exports.lines().filter(|line| !line.contains("PROJECT_ID")).collect::<Vec<_>>().join("\n");
    let ims = env!("CARGO_BIN_EXE_tested-ims");
    for lines in [exports.clone(), looked_up] {
        let script = format!("{lines}\n'{ims}' list-image-tags --image-id=67e17426-359e-49fb-aa12-0bd1756ec240");
        let (success, printed, told) = crate::sh(&script).await?;
        assert!(success && printed.contains("key0"), "{lines}: {told}");
    }
    Ok(())
}

/// The document for other tools, and everything forgotten on demand.
#[tokio::test]
async fn the_document_is_served_and_tags_are_reset() -> Outcome {
    let explorer = start().await?;
    let text = get(&explorer, "/openapi.yaml").await?.text().await?;
    assert_eq!(xtask::document::Document::parse("served", &text).map_err(ims_tests::findings)?.raw, document()?.raw);
    let client = Client::builder().endpoint(explorer.endpoint().as_str()).token(TOKEN).project_id("p").build()?;
    client.delete_image_tag().image_id("i").key("key0").send().await?;
    assert_eq!(client.list_image_tags().image_id("i").send().await?.tags.len(), 1);
    let reset = crate::http().post(format!("{}/explore/reset", explorer.endpoint())).send().await?;
    assert_eq!(reset.status(), 204);
    assert_eq!(client.list_image_tags().image_id("i").send().await?.tags.len(), 2);
    Ok(())
}

/// Each credential of the list, and what becomes of it.
#[tokio::test]
async fn a_prepared_request_is_what_the_service_takes() -> Outcome {
    let explorer = start().await?;
    let shown: Value = get(&explorer, "/explore/document.json").await?.json().await?;
    let calls = crate::snippets::sample_calls(&shown);
    let (_, form) = calls.into_iter().find(|(_, form)| form["operation"] == "ListImageTags").ok_or("no such sample")?;
    for (credential, prefer, wanted) in [
        ("token", "", 200),
        ("key", "", 200),
        ("temporary-key", "", 200),
        ("expired-token", "", 401),
        ("wrong-key", "", 401),
        ("none", "", 401),
        ("key", "code=403", 403),
        ("token", "code=503, retry-after=7", 503),
    ] {
        let mut form = form.clone();
        form["credential"] = credential.into();
        form["prefer"] = prefer.into();
        let call = prepared(&explorer, &form).await?;
        let answer = sent(&crate::http(), &explorer, &call).await?;
        assert_eq!(answer.status().as_u16(), wanted, "{credential} {prefer}");
        let signs = credential.ends_with("key");
        assert_eq!(call["signature"].is_object(), signs, "{credential}");
        if prefer.contains("retry-after") {
            assert_eq!(answer.headers()["retry-after"], "7");
        }
    }
    Ok(())
}

#[tokio::test]
async fn pages_of_other_sites_are_refused() -> Outcome {
    let explorer = start().await?;
    let port = explorer.addr.port();
    let own = format!("127.0.0.1:{port}");
    let http = reqwest::Client::builder().no_proxy().build()?;
    for (host, origin, wanted) in [
        (own.as_str(), None, 200),
        (own.as_str(), Some(format!("http://{own}")), 200),
        (&format!("localhost:{port}"), Some(format!("http://localhost:{port}")), 200),
        (&format!("[::1]:{port}"), None, 200),
        ("evil.example", None, 403),
        (&format!("evil.example:{port}"), None, 403),
        ("127.0.0.1.evil.example", None, 403),
        ("", None, 403),
        (own.as_str(), Some("http://evil.example".to_owned()), 403),
        (own.as_str(), Some(format!("https://{own}")), 403),
        (own.as_str(), Some("null".to_owned()), 403),
        (own.as_str(), Some(format!("http://127.0.0.1:{}", port.wrapping_add(1))), 403),
    ] {
        for path in ["/", "/explore/document.json", "/v2/p/images/i/tags"] {
            let mut request =
                http.get(format!("http://{own}{path}")).header("host", host).header("x-auth-token", TOKEN);
            if let Some(origin) = &origin {
                request = request.header("origin", origin);
            }
            assert_eq!(request.send().await?.status().as_u16(), wanted, "{host} {origin:?} {path}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn the_page_may_load_nothing_from_elsewhere() -> Outcome {
    let explorer = start().await?;
    let scripts =
        ["page", "operation", "fields", "call", "state", "dom", "words"].map(|name| format!("/explore/{name}.js"));
    for path in
        ["/", "/explore/page.css", "/explore/icon.svg"].iter().copied().chain(scripts.iter().map(String::as_str))
    {
        // The service has an operation of that path, too: a browser says that it wants a page.
        let page = crate::http().get(format!("{}{path}", explorer.endpoint()));
        let answer = page.header("accept", "text/html").send().await?;
        let policy = answer.headers()["content-security-policy"].to_str()?.to_owned();
        assert!(policy.starts_with("default-src 'none'; script-src 'self'") && !policy.contains("unsafe"), "{policy}");
        assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
        let text = answer.text().await?;
        let foreign = text
            .match_indices("//")
            .filter(|(at, _)| text[..*at].ends_with("http:") || text[..*at].ends_with("https:"));
        let foreign: Vec<&str> =
            foreign.map(|(at, _)| text[at..].split(['"', '<', '\'', ' ']).next().unwrap_or("")).collect();
        assert!(foreign.iter().all(|address| *address == "//www.w3.org/2000/svg"), "{path}: {foreign:?}");
    }
    Ok(())
}

#[tokio::test]
async fn a_port_that_is_taken_leads_to_the_next() -> Outcome {
    let first = start().await?;
    let second = explore::start(document()?, None, Options::default(), first.addr.port()).await?;
    assert!(second.addr.port() > first.addr.port());
    assert!(second.addr.ip().is_loopback() && first.addr.ip().is_loopback());
    Ok(())
}

/// A change of the file arrives as an event; findings come with their lines; tags outlive it.
#[expect(deprecated, reason = "any write will do, and this one needs no body")]
#[tokio::test]
async fn a_changed_document_is_shown_with_its_findings() -> Outcome {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("ims.yaml");
    let text = std::fs::read_to_string(root().join(xtask::DOCUMENT))?;
    std::fs::write(&path, &text)?;
    let spec = document()?;
    let explorer = explore::start(spec, Some(path.clone()), Options::default(), 0).await?;
    let client = Client::builder().endpoint(explorer.endpoint().as_str()).token(TOKEN).project_id("p").build()?;
    client.glance_create_tag().image_id("i").tag("kept").send().await?;
    let mut events = get(&explorer, "/explore/events").await?;
    for (edit, wanted) in [
        (text.replacen("summary: Lists the tags of an image.", "summary: Names the tags of an image.", 1), None),
        (text.replacen("x-ims-idempotent: true", "x-ims-idempotent: perhaps", 1), Some("ims.yaml:")),
        (text.replacen("operationId: ListImageTags", "operationId: [", 1), Some("ims.yaml:")),
        (text.clone(), None),
    ] {
        std::fs::write(&path, &edit)?;
        let event = tokio::time::timeout(Duration::from_secs(10), events.chunk()).await??.unwrap_or_default();
        assert!(event.starts_with(b"event: changed\n"), "{event:?}");
        let shown: Value = get(&explorer, "/explore/document.json").await?.json().await?;
        let place = shown["findings"][0]["place"].as_str();
        match wanted {
            None => assert_eq!(place, None, "{}", shown["findings"]),
            Some(file) => {
                let (_, line) = place.and_then(|place| place.split_once(file)).ok_or("no finding")?;
                assert!(line.starts_with(|first: char| first.is_ascii_digit()), "{place:?}");
            }
        }
        assert!(operations(&shown).count() > 1, "the last good document stays");
        let tags = client.list_image_tags().image_id("i").send().await?.into_inner().tags;
        assert!(tags.iter().any(|tag| tag.key == "kept"));
    }
    Ok(())
}

/// Every parameter without a value and with odd ones, every node of the body replaced, doubled, emptied or taken away.
fn broken_calls(operation: &Value) -> Vec<(BTreeMap<String, String>, Option<Value>)> {
    let sample: BTreeMap<String, String> = parameters(operation)
        .filter_map(|one| Some((one["name"].as_str()?.to_owned(), one["sample"].as_str()?.to_owned())))
        .collect();
    let bodies: Vec<Value> = operation["body"]["samples"]
        .as_array()
        .map_or_else(Vec::new, |samples| samples.iter().map(|sample| sample["value"].clone()).collect());
    let first = bodies.first().cloned();
    let mut calls = vec![(sample.clone(), None), (sample.clone(), first.clone())];
    for parameter in parameters(operation) {
        let name = parameter["name"].as_str().unwrap_or_default();
        let mut without = sample.clone();
        without.remove(name);
        calls.push((without, first.clone()));
        for text in TEXTS.iter().map(|text| (*text).to_owned()).chain(["x".repeat(300)]) {
            let mut values = sample.clone();
            values.insert(name.to_owned(), text);
            calls.push((values, first.clone()));
        }
    }
    for body in &bodies {
        calls.extend(ims_tests::broken::values(body).into_iter().map(|body| (sample.clone(), Some(body))));
    }
    calls
}

const TEXTS: [&str; 14] = [
    "a/b",
    ".",
    "..",
    "=",
    " ",
    "abc",
    "0",
    "-1",
    "1",
    "1.5",
    "9223372036854775808",
    "99999999999999999999",
    "true",
    "gt:x",
];

/// An operation of the document as a few lines.
fn outline(operation: &Value, schemas: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let row = |one: &Value, place: &str| {
        let must = if one["required"] == true { "" } else { "?" };
        let limit = |limit: &Value| {
            let parts = ["name", "least", "most"].map(|part| limit[part].as_str().unwrap_or("-"));
            parts.join(" ").trim_end_matches(" -").to_owned()
        };
        let limits: Vec<String> = one["limits"].as_array().into_iter().flatten().map(limit).collect();
        let values: Vec<String> = one["values"].as_array().into_iter().flatten().map(&text).collect();
        let more = [limits.join(", "), values.join(" | ")].join(" ");
        format!("  {place} {}{must}: {} {}", text(&one["name"]), text(&one["type"]), more.trim()).trim_end().to_owned()
    };
    let mut lines = vec![
        format!("{}: {} {}", text(&operation["id"]), text(&operation["method"]), text(&operation["path"])),
        format!("  {} / {}", text(&operation["summary"]["en"]), text(&operation["summary"]["zh"])),
    ];
    lines.extend(parameters(operation).map(|one| row(one, &text(&one["in"]))));
    for (place, of) in [("body", "body"), ("answer", "success")] {
        let mut rows = Vec::new();
        below(schemas, &operation[of]["schema"], "", &mut rows);
        lines.extend(rows.iter().map(|one| row(one, place)));
    }
    let samples = operation["body"]["samples"].as_array().into_iter().flatten();
    lines.extend(samples.map(|sample| format!("  sample {}: {}", text(&sample["name"]), sample["value"])));
    lines.push(format!("  {}: {}", operation["success"]["status"], operation["success"]["sample"]));
    let statuses: Vec<String> =
        operation["rows"].as_array().into_iter().flatten().map(|row| row["status"].to_string()).collect();
    lines.push(format!("  errors: {}", statuses.join(" ")));
    lines.join("\n")
}

/// What lies in a value, as the page's tables list it: fields by their whole names, and forms.
fn below(schemas: &Value, schema: &Value, name: &str, rows: &mut Vec<Value>) {
    let inside = schema["of"].as_str().map_or(schema, |component| &schemas[component]);
    let list = |key: &str| inside[key].as_array().into_iter().flatten();
    for field in list("fields") {
        let own = field["name"].as_str().unwrap_or_default();
        let whole = if name.is_empty() { own.to_owned() } else { format!("{name}.{own}") };
        let mut row = field.clone();
        row["name"] = whole.as_str().into();
        rows.push(row);
        below(schemas, field, &whole, rows);
    }
    if inside["items"].is_object() {
        below(schemas, &inside["items"], &format!("{name}[]"), rows);
    }
    for form in list("forms") {
        rows.push(form.clone());
        below(schemas, form, name, rows);
    }
}

pub(super) fn operations(shown: &Value) -> impl Iterator<Item = &Value> {
    shown["operations"].as_array().into_iter().flatten()
}

pub(super) fn parameters(operation: &Value) -> impl Iterator<Item = &Value> {
    operation["parameters"].as_array().into_iter().flatten()
}

pub(super) async fn prepared(explorer: &Running, form: &Value) -> Result<Value, Box<dyn std::error::Error>> {
    let address = format!("{}/explore/prepare", explorer.endpoint());
    Ok(crate::http().post(address).json(form).send().await?.error_for_status()?.json().await?)
}

/// Sends what was prepared, as the page does.
async fn sent(
    http: &reqwest::Client,
    explorer: &Running,
    call: &Value,
) -> Result<reqwest::Response, Box<dyn std::error::Error>> {
    let text = |name: &str| call["request"][name].as_str().unwrap_or_default();
    let mut request = http.request(text("method").parse()?, format!("{}{}", explorer.endpoint(), text("target")));
    for header in call["request"]["headers"].as_array().into_iter().flatten() {
        request = request.header(header[0].as_str().unwrap_or_default(), header[1].as_str().unwrap_or_default());
    }
    Ok(request.body(text("body").to_owned()).send().await?)
}

fn pair((name, value): (&String, &Value)) -> (String, Value) {
    (name.clone(), value.clone())
}

pub(super) async fn get(explorer: &Running, path: &str) -> Result<reqwest::Response, reqwest::Error> {
    crate::http().get(format!("{}{path}", explorer.endpoint())).send().await
}

pub(super) async fn start() -> Result<Running, Box<dyn std::error::Error>> {
    Ok(explore::start(document()?, None, Options::default(), 0).await?)
}
