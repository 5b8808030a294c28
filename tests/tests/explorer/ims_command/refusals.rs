//! What `ims` refuses before anything is sent.

use ims_api::Client;
use ims_tests::lock;
use ims_tests::sample_calls;
use ims_tests::server::{Act, Server};
use ims_tests::shell::{Ran, Shell};
use serde_json::{Value, json};

use super::{IMAGE, Outcome, service, with, with_token};

/// Nothing of this is sent, nothing of it is printed as a result, and ten lines say what is wrong.
#[tokio::test]
async fn what_is_refused_before_anything_is_sent() -> Outcome {
    let service = service().await?;
    let others = Server::start(|_| Act::Answer(200, "{}".to_owned())).await?;
    let (endpoint, asked) = (service.endpoint(), others.endpoint());
    let list = ["list-image-tags", "--image-id"];
    #[rustfmt::skip]
    let cases: &[(&str, &[&str], Shell, u8, &str)] = &[
        ("no command", &[], with_token(), 2, "requires a subcommand"),
        ("an unknown command", &["list-image-tag"], with_token(), 2, "list-image-tags"),
        ("an unknown flag", &[list[0], list[1], IMAGE, "--imageid", "x"], with_token(), 2, "--imageid"),
        ("no image", &[list[0]], with_token(), 2, "--image-id"),
        ("an empty id", &[list[0], list[1], ""], with_token(), 2, "is empty"),
        ("an id with a slash", &[list[0], list[1], "a/b"], with_token(), 2, "isn't allowed"),
        ("an id that leaves the path", &[list[0], list[1], ".."], with_token(), 2, "isn't allowed"),
        ("an id with a line break", &[list[0], list[1], "a\nb"], with_token(), 2, "isn't allowed"),
        ("an empty project", &["--endpoint", "http://127.0.0.1:9", "--project-id", "", list[0], list[1], IMAGE], with_token(), 2, "project_id"),
        ("an unknown form", &["-o", "xml", list[0], list[1], IMAGE], with_token(), 2, "'xml'"),
        ("a query that is none", &["--query", "tags[", list[0], list[1], IMAGE], with_token(), 2, "--query"),
        ("no time at all", &["--timeout", "0", list[0], list[1], IMAGE], with_token(), 2, "more than 0"),
        ("endless time", &["--timeout", "inf", list[0], list[1], IMAGE], with_token(), 2, "86400"),
        ("an endpoint with a password", &["--endpoint", "https://u:hunter2@host", list[0], list[1], IMAGE], with_token(), 2, "user information"),
        ("an endpoint in clear", &["--endpoint", "http://ims.example.com", list[0], list[1], IMAGE], with_token(), 2, "in clear"),
        ("a region that is none", &["--region", "北京", list[0], list[1], IMAGE], with_token(), 2, "region"),
        ("a token as argument", &["--token", "hunter2", list[0]], with_token(), 2, "HW_AUTH_TOKEN"),
        ("a key as argument", &[list[0], "--sk=hunter2"], with_token(), 2, "HUAWEICLOUD_SDK_SK"),
        ("a password as argument", &["--password", "hunter2"], with_token(), 2, "HW_AUTH_TOKEN"),
        ("no credentials that are whole", &[list[0], list[1], IMAGE], Shell::default().variable("HUAWEICLOUD_SDK_AK", "AK"), 3, "HUAWEICLOUD_SDK_SK"),
        ("a line break in a key", &[list[0], list[1], IMAGE], with("HUAWEICLOUD_SDK_AK", "AK\n", "HUAWEICLOUD_SDK_SK", "hunter2"), 3, "control character"),
        ("a line break in a secret key", &[list[0], list[1], IMAGE], with("HUAWEICLOUD_SDK_AK", "AK", "HUAWEICLOUD_SDK_SK", "hunter2\nhunter2"), 3, "control character"),
        ("a value of no such set", &["batch-add-or-delete-tags", "--image-id", IMAGE, "--action", "add", "--tags", "key=a,value=b"], with_token(), 2, "create, delete"),
        ("a blank key", &["add-image-tag", "--image-id", IMAGE, "--tag-key", " ", "--tag-value", ""], with_token(), 2, "isn't allowed"),
        ("a key that is too long", &["add-image-tag", "--image-id", IMAGE, "--tag-key", &"k".repeat(129), "--tag-value", ""], with_token(), 2, "at most 128"),
        ("half a tag", &["add-image-tag", "--image-id", IMAGE, "--tag-key", "k"], with_token(), 2, "--tag-value"),
        ("a tag without its value", &["batch-delete-tags", "--image-id", IMAGE, "--tags", "key=a"], with_token(), 2, "value=… is missing"),
        ("a tag of other members", &["batch-delete-tags", "--image-id", IMAGE, "--tags", "name=a"], with_token(), 2, "no field name"),
        ("a tag of nothing", &["batch-delete-tags", "--image-id", IMAGE, "--tags", "a"], with_token(), 2, "key=…,value=…"),
        ("a key twice", &["batch-delete-tags", "--image-id", IMAGE, "--tags", "key=a,value=", "--tags", "key=a,value="], with_token(), 2, "twice"),
        ("both forms of a body", &["create-or-update-tags", "--image-id", IMAGE, "--tag", "a.b", "--image-tag-key", "a", "--image-tag-value", "b"], with_token(), 2, "must be one of"),
        ("no form of a body", &["create-or-update-tags", "--image-id", IMAGE], with_token(), 2, "--body JSON"),
        ("a body and its fields", &["add-image-tag", "--image-id", IMAGE, "--tag-key", "k", "--body", "-"], with_token(), 2, "cannot be used with"),
        ("a body that is no JSON", &["add-image-tag", "--image-id", IMAGE, "--body", "-"], with_token().input("{tag"), 2, "line 1 column 2"),
        ("a body that isn't there", &["add-image-tag", "--image-id", IMAGE, "--body", "@no-such-file.json"], with_token(), 2, "no-such-file.json"),
        ("a body of another type", &["add-image-tag", "--image-id", IMAGE, "--body", "-"], with_token().input(r#"{"tag":{"key":"k"}}"#), 2, "value"),
        ("an empty filter", &["list-image-by-tags", "--action", "filter", "--tags", "{}"], with_token(), 2, "key"),
        ("no tags to delete", &["batch-delete-tags", "--image-id", IMAGE, "--body", "-"], with_token().input(r#"{"tags":[]}"#), 2, "tags"),
        ("a field of an item that is none", &["list-image-by-tags", "--action", "filter", "--tags", "key=env,value=prod"], with_token(), 2, "did you mean values?"),
        ("a field of a body that is none", &["list-image-by-tags", "--body", r#"{"action":"filter","tag":[{"key":"a","values":[]}]}"#], with_token(), 2, "did you mean tags?"),
        ("a field deep in a body that is none", &["list-image-by-tags", "--body", "-"], with_token().input("\u{feff}{\"action\":\"filter\",\"tags\":[{\"key\":\"a\",\"value\":[\"b\"]}]}"), 2, "tags[0].value"),
        ("a value that the document doesn't name", &["list-tags", "--visibility", "pubic"], with_token(), 2, "did you mean public?"),
        ("a value beside the only one", &["list-tags", "--is-registered", "false"], with_token(), 2, "--allow-unknown"),
        ("a value deep in a body that is none", &["list-image-by-tags", "--body", r#"{"action":"filter","matches":[{"key":"resource_nam","value":"a"}]}"#], with_token(), 2, "did you mean resource_name?"),
        ("a number in one form of a body", &["create-image", "--body", r#"{"name":"a","image_url":"b:o","min_disk":10}"#], with_token(), 2, "min_disk is less than 40"),
        ("a body of no form", &["create-image", "--body", r#"{"name":"a","max_ram":1}"#], with_token(), 2, "must be one of"),
        ("a wait's time without a wait", &["export-image", "--image-id", IMAGE, "--bucket-url", "b:o", "--file-format", "qcow2", "--wait-timeout", "5"], with_token(), 2, "--wait"),
        ("a wait for nothing", &["images", "wait", IMAGE, "--until", "later"], with_token(), 2, "active, gone"),
        ("a file without @", &["add-image-tag", "--image-id", IMAGE, "--body", "Cargo.toml"], with_token(), 2, "@Cargo.toml"),
        ("no items at all", &["list-tags", "--max-items", "0"], with_token(), 2, "--max-items"),
        ("a profile that isn't there", &["--profile", "prod", list[0], list[1], IMAGE], Shell::default().variable("HOME", "/home/me").file("/home/me/.huaweicloud/credentials", "[basic]\nak = a\nsk = hunter2\n"), 3, "[prod]"),
        ("a tag to ensure without its value", &["tags", "ensure", IMAGE, "stage"], with_token(), 2, "KEY=VALUE"),
        ("a tag to ensure twice", &["tags", "ensure", IMAGE, "a=b", "a=c"], with_token(), 2, "twice"),
        ("images with and without tags", &["images", "find", "--tag", "a", "--untagged"], with_token(), 2, "--untagged"),
        ("an image with no such tag", &["images", "find", "--tag", "=a"], with_token(), 2, "key"),
        ("help of no command", &["help", "list-image-tag"], with_token(), 2, "list-image-tag"),
        ("a page of nothing", &["list-tags", "--limit", "0"], with_token(), 2, "less than 1"),
        ("a shell that is none", &["completions", "tcsh"], with_token(), 2, "'tcsh'"),
        ("a page of no command", &["man", "nothing"], with_token(), 2, "nothing"),
        ("a language that is none", &["--lang", "fr", list[0], list[1], IMAGE], with_token(), 2, "'fr'"),
    ];
    let mut text = "# What `ims` refuses before anything is sent\n".to_owned();
    for (case, args, shell, code, part) in cases {
        let own = args.contains(&"--endpoint") || args.contains(&"--region");
        let settings: &[&str] = if own { &[] } else { &["--endpoint", &endpoint, "--region", "cn-north-4"] };
        text.push_str(&format!("\n## {case}: {code}\n\n"));
        for language in ["en", "zh"] {
            let spoken: &[&str] = if args.contains(&"--lang") { &[] } else { &["--lang", language] };
            // Whom a client could ask besides the service.
            let shell = shell.clone().variable("HUAWEICLOUD_SDK_IAM_ENDPOINT", &asked).metadata(&asked);
            let Ran { code: ended, out, err, .. } = shell.ims(&[spoken, settings, args].concat()).await;
            assert_eq!(ended, *code, "{case}: {err}");
            assert_eq!(out, "", "{case}");
            assert!(language == "zh" || err.contains(part), "{case}: {part:?} is missing in:\n{err}");
            assert!(err.starts_with(if spoken.contains(&"zh") { "错误：" } else { "error: " }), "{case}:\n{err}");
            assert!(err.lines().count() <= 10, "{case}:\n{err}");
            assert!(!err.contains("hunter2"), "{case}: a secret is shown:\n{err}");
            text.push_str(&err.replace(" (os error 2)", ""));
            if spoken.is_empty() {
                break;
            }
        }
    }
    let ran = with_token().ims(&[list[0], list[1], IMAGE]).await;
    assert!(ran.code == 2 && ran.err.contains("--region"), "neither region nor endpoint: {}", ran.err);
    assert!(service.requests().is_empty() && others.requests().is_empty(), "something was sent");
    lock("ims-refusals", &text);
    Ok(())
}

/// Whatever a type or a check refuses, neither the service nor those who know projects and credentials hear of it.
#[tokio::test]
async fn wrong_input_leaves_no_trace() -> Outcome {
    let everybody = Server::start(|_| Act::Answer(200, "{}".to_owned())).await?;
    let endpoint = everybody.endpoint();
    let environment = ims_api::Environment::fixed([("HUAWEICLOUD_SDK_IAM_ENDPOINT", &*endpoint)], []);
    let client = Client::builder()
        .region("cn-north-4")
        .endpoint(endpoint.as_str())
        .environment(environment.metadata(&endpoint))
        .build()?;
    let (mut refused, mut with_arguments) = (std::collections::BTreeSet::new(), std::collections::BTreeSet::new());
    for call in sample_calls(ims_tests::document()?) {
        let whole = Value::Object(call.arguments.clone());
        if !call.arguments.is_empty() {
            with_arguments.insert(call.operation.clone());
        }
        for wrong in [json!("\n"), json!(-1), json!([]), json!(["\n"]), json!({"\n": 1}), Value::Null] {
            for pointer in pointers(&whole) {
                let mut arguments = whole.clone();
                if let Some(place) = arguments.pointer_mut(&pointer) {
                    *place = wrong.clone();
                }
                // One that its type takes would be sent: what is asked then are the credentials.
                let Some(arguments) = arguments.as_object() else { continue };
                let before = everybody.requests().len();
                let outcome = ims_api::dynamic::call(&client, &call.operation, arguments).await;
                let failure = outcome.err().map(|error| error.failure());
                if failure == Some(ims_api::Failure::InvalidRequest) {
                    assert_eq!(everybody.requests().len(), before, "{} {pointer} {wrong}", call.operation);
                    refused.insert(call.operation.clone());
                }
            }
        }
    }
    // Those without arguments in their sample have nothing wrong.
    assert_eq!(refused, with_arguments);
    assert!(!everybody.requests().is_empty(), "what is right is asked for");
    Ok(())
}

/// The places of all values below one.
fn pointers(value: &Value) -> Vec<String> {
    let below = |(name, value): (String, &Value)| {
        let name = name.replace('~', "~0").replace('/', "~1");
        std::iter::once(String::new())
            .chain(pointers(value))
            .map(move |rest| format!("/{name}{rest}"))
            .collect::<Vec<_>>()
    };
    match value {
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), value)).flat_map(below).collect(),
        Value::Array(items) => {
            items.iter().enumerate().map(|(at, value)| (at.to_string(), value)).flat_map(below).collect()
        }
        _ => Vec::new(),
    }
}
