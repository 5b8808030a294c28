//! The command `ims`: every operation, what it prints, what it refuses, how it ends.

use ims_api::{Client, operations};
use ims_tests::lock;
use ims_tests::server::{Act, Server};
use ims_tests::shell::{Ran, Shell};
use ims_tests::{SampleCall, sample_calls, words};
use serde_json::{Value, json};
use xtask::document::Additional;
use xtask::service::{KEY, Options, PracticeKey, Received, Running, Service, TEMPORARY_KEY, TOKEN};

mod doctor;
mod help;
mod images;
mod jobs;
mod pages;
mod refusals;

type Outcome = Result<(), Box<dyn std::error::Error>>;

const PROJECT: &str = "fd73a4a14a4a4dfb9771a8475e5198ea";
const IMAGE: &str = "67e17426-359e-49fb-aa12-0bd1756ec240";

/// Sample request → words → `ims` is the sample request again: with the typed call as witness, on a service that
/// recomputes the signature, by all kinds of credentials.
#[tokio::test]
async fn every_operation_and_every_kind_of_credentials() -> Outcome {
    let spec = ims_tests::document()?;
    let calls = sample_calls(spec);
    assert_eq!(calls.len(), operations::ALL.len(), "every operation has a sample");
    let kinds = [("token", with_token()), ("key", with_key(&KEY)), ("temporary key", with_key(&TEMPORARY_KEY))];
    // Who signs what is the same for all operations: each is called by the next kind.
    for (call, (kind, shell)) in calls.iter().zip(kinds.iter().cycle()) {
        let id = &call.operation;
        let witness = witness(call).await?;
        let written = words(spec, id, &call.arguments).ok_or("no such operation")?;
        // A list, or a field that the document doesn't name, needs the body as JSON.
        let body = spec.operation(id).and_then(|operation| operation.body.as_ref());
        let schema = body.and_then(|body| spec.schema(body.media()?.schema.as_ref()?));
        let open = schema.is_some_and(|schema| {
            schema.items.is_some() || !matches!(schema.additional, Additional::Unsaid | Additional::Allowed(false))
        });
        assert_eq!(
            written.body.as_ref(),
            call.arguments.get("body").filter(|_| open),
            "{id}: flags can say the sample"
        );
        let said: Vec<&str> = written.words.iter().map(String::as_str).collect();
        let input = written.body.as_ref().map(ToString::to_string).unwrap_or_default();
        let shell = shell.clone().input(&input);
        same(&witness, &shell, &said).await.map_err(|error| format!("{id} by {kind}: {error}"))?;
        let Some(body) = call.arguments.get("body") else { continue };
        // The same body as JSON.
        let mut apart = call.clone();
        apart.arguments.remove("body");
        let mut written = words(spec, id, &apart.arguments).ok_or("no such operation")?.words;
        written.extend(["--body".to_owned(), "-".to_owned()]);
        let said: Vec<&str> = written.iter().map(String::as_str).collect();
        same(&witness, &with_token().input(&body.to_string()), &said).await?;
    }
    Ok(())
}

/// What the typed call sends, and what comes of it.
struct Witness {
    sent: Received,
    outcome: Result<Value, u16>,
}

async fn witness(call: &SampleCall) -> Result<Witness, Box<dyn std::error::Error>> {
    let service = service().await?;
    let client = Client::builder().endpoint(service.endpoint().as_str()).token(TOKEN).project_id(PROJECT).build()?;
    let outcome = ims_api::dynamic::call(&client, &call.operation, &call.arguments).await;
    let outcome = match outcome {
        Ok(answer) => Ok(answer.into_inner()),
        Err(error) => Err(error.status().ok_or("the witness was not answered")?),
    };
    let sent = service.requests().pop().ok_or("the typed call sent nothing")?;
    Ok(Witness { sent, outcome })
}

/// The command does what the typed call does: the same request, the same answer or refusal.
async fn same(witness: &Witness, shell: &Shell, words: &[&str]) -> Outcome {
    let service = service().await?;
    let endpoint = service.endpoint();
    let mut args = vec!["--endpoint", &endpoint];
    args.extend(words);
    let ran = shell.ims(&args).await;
    let sent = service.requests().pop().ok_or_else(|| format!("nothing was sent: {}", ran.err))?;
    assert_eq!((&sent.method, &sent.target), (&witness.sent.method, &witness.sent.target));
    let json = |body: &[u8]| serde_json::from_slice::<Value>(body).unwrap_or_default();
    assert_eq!(json(&sent.body), json(&witness.sent.body));
    match &witness.outcome {
        Ok(value) => {
            assert_eq!((ran.code, ran.err.as_str()), (0, ""));
            let printed = serde_json::from_str::<Value>(&ran.out).unwrap_or_default();
            assert_eq!(ims_tests::without_blanks(printed), ims_tests::without_blanks(value.clone()));
            assert_eq!(ran.out.is_empty(), value.is_null(), "an answer without content prints nothing");
        }
        Err(status) => {
            let told = ran.err.contains(&status.to_string());
            assert!(told && ran.out.is_empty() && ran.code != 0, "{}", ran.err);
        }
    }
    Ok(())
}

/// What a shell or a list would take for something else.
#[tokio::test]
async fn odd_values_arrive_as_they_are() -> Outcome {
    let spec = ims_tests::document()?;
    let server = Server::start(|_| Act::Answer(204, String::new())).await?;
    let endpoint = server.endpoint();
    let odd =
        ["a,b", "a,key=b", "a=b", "-x", "--token", "", " ", "it's", "{", "{\"a\"}", "标签", "a\nb", "$HOME", "\\", "*"];
    for value in odd {
        let tags = json!([{"key": "k", "value": value}, {"key": format!("j{value}"), "value": ""}]);
        for (operation, body) in [
            ("BatchDeleteTags", json!({"tags": tags})),
            ("AddImageTag", json!({"tag": {"key": format!("k{value}"), "value": value}})),
            ("AddImageTag", json!({"tag": {"key": if value.trim().is_empty() { "k" } else { value }, "value": "v"}})),
            (
                "ListImageByTags",
                json!({"action": "count", "tags": [{"key": "k", "values": [value]}, {"key": "l", "values": []}]}),
            ),
        ] {
            let mut arguments = serde_json::Map::from_iter([("body".to_owned(), body.clone())]);
            arguments.insert("image_id".to_owned(), IMAGE.into());
            let written = words(spec, operation, &arguments).ok_or("no such operation")?;
            let said: Vec<&str> = written.words.iter().map(String::as_str).collect();
            let ran = self::call(&endpoint, &said).await;
            let sent = server.requests().pop().ok_or_else(|| format!("nothing was sent: {}", ran.err))?;
            assert_eq!(sent.body, body, "{said:?}: {}", ran.err);
        }
    }
    Ok(())
}

/// How each failure ends, and what it says.
#[tokio::test]
async fn exit_codes_and_what_errors_say() -> Outcome {
    let mut text = "# How `ims` ends\n".to_owned();
    let body = json!({"error": {"code": "IMG.0027", "message": "说明\u{1b}[31m"}}).to_string();
    let gateway = json!({"error_code": "APIGW.0308", "error_msg": "slow down", "request_id": "1f"}).to_string();
    let mut cases: Vec<(String, Act, u8)> = operations::ALL[0]
        .errors
        .iter()
        .map(|row| (row.status, row.reason))
        .chain([(409, "Conflict"), (302, "Found"), (502, "Bad Gateway")])
        .map(|(status, reason)| {
            let code = match status {
                401 | 403 => 5,
                404 => 6,
                429 => 7,
                500..=599 => 8,
                _ => 4,
            };
            (format!("{status} {reason}"), Act::Answer(status, body.clone()), code)
        })
        .collect();
    cases.push(("429 by the gateway".to_owned(), Act::Answer(429, gateway), 7));
    cases.push(("a lost connection".to_owned(), Act::Send(Vec::new()), 9));
    cases.push(("no JSON".to_owned(), Act::Answer(200, "<html>".to_owned()), 11));
    cases.push(("other JSON".to_owned(), Act::Answer(200, r#"{"tags":1}"#.to_owned()), 11));
    cases.push(("an error as a success".to_owned(), Act::Answer(200, body.clone()), 11));
    for (case, answer, code) in cases {
        let server = Server::start(move |_| answer.clone()).await?;
        let ran = call(&server.endpoint(), &["list-image-tags", "--image-id", IMAGE]).await;
        assert_eq!((ran.code, ran.out.as_str()), (code, ""), "{case}: {}", ran.err);
        assert!(ran.err.lines().count() <= 10);
        text.push_str(&format!("\n## {case}: {code}\n\n{}", anonymous(&ran.err, &server.endpoint())));
    }
    let nobody = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let ran = call(&format!("http://{nobody}"), &["list-image-tags", "--image-id", IMAGE]).await;
    let said = ran.err.split(" (os error").next().unwrap_or_default();
    text.push_str(&format!("\n## nobody there: {}\n\n{}\n", ran.code, said.replace(&nobody.to_string(), "HOST")));
    let silent = std::net::TcpListener::bind("127.0.0.1:0")?;
    let endpoint = format!("http://{}", silent.local_addr()?);
    let ran = call(&endpoint, &["--timeout", "0.05", "list-image-tags", "--image-id", IMAGE]).await;
    text.push_str(&format!("\n## nobody answers: {}\n\n{}", ran.code, ran.err));
    assert_eq!(ran.code, 10);
    lock("ims-exit-codes", &text);
    Ok(())
}

/// Nobody is told to repeat what may have been done, in either language.
#[tokio::test]
async fn what_may_have_been_done_is_looked_at_first() -> Outcome {
    let create = ["create-image", "--name", "web", "--instance-id", IMAGE];
    for act in [Act::Answer(500, "{}".to_owned()), Act::Answer(503, "{}".to_owned()), Act::Send(Vec::new()), Act::Stall]
    {
        let server = Server::start({
            let act = act.clone();
            move |_| act.clone()
        })
        .await?;
        for (language, advice) in [("en", "look before you try again"), ("zh", "重试前请先查询")] {
            let globals = ["--lang", language, "--timeout", "0.2"];
            let ran = call(&server.endpoint(), &[&globals[..], &create].concat()).await;
            assert!(ran.err.contains(advice), "{act:?}, {language}: {}", ran.err);
        }
    }
    Ok(())
}

/// What the service sends, in each form, for people and for programs.
#[tokio::test]
async fn forms_of_results() -> Outcome {
    // As JSON may write them: an escape sequence, and raw the character that turns the direction of text.
    let sent = r#"{"z_first":  "kept", "tags":[{"value":"生产环境","key":"环境"},{"key":"tab\tnew\nline","value":"\u001b[31mBIDIred"},{"key":"short","value":"", "later":{"added":[1,null]}}] }"#;
    let sent = sent.replace("BIDI", "\u{202e}");
    let answer = sent.clone();
    let server = Server::start(move |_| Act::Answer(200, answer.clone())).await?;
    let endpoint = server.endpoint();
    let args =
        |form: &[&'static str]| -> Vec<&'static str> { [form, &["list-image-tags", "--image-id", IMAGE][..]].concat() };
    let raw = call(&endpoint, &args(&[])).await;
    assert_eq!((raw.code, raw.out.as_str()), (0, &*format!("{sent}\n")), "byte for byte");
    let mut text = format!("# The forms of a result\n\nThe service sends:\n\n{}\n", sent.escape_debug());
    #[rustfmt::skip]
    let cases: &[(&str, &[&str], bool)] = &[
        ("json for a person", &[], true),
        ("yaml", &["-o", "yaml"], false),
        ("table", &["--output", "table"], false),
        ("table for a person", &["--output=table"], true),
        ("tsv", &["-o", "tsv"], false),
        ("tsv with a header", &["-o", "tsv", "--header"], false),
        ("a query as json", &["--query", "tags[].key"], false),
        ("a query as tsv", &["--query", "tags[?value==''].key", "-o", "tsv"], false),
        ("a query's own columns", &["--query", "tags[].{z: value, a: key}", "-o", "tsv", "--header"], false),
        ("a query that keeps columns", &["--query", "tags[:2]", "-o", "table"], false),
        ("a query as table", &["--query", "{first: tags[0].key, all: length(tags)}", "-o", "table"], false),
        ("a query that finds nothing", &["--query", "nothing"], false),
    ];
    for (case, form, person) in cases {
        let shell = if *person { with_token().terminal() } else { with_token() };
        let args = [&["--endpoint", &endpoint, "--project-id", PROJECT][..], &args(form)].concat();
        let ran = shell.ims(&args).await;
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{case}");
        assert!(!ran.out.contains("\u{1b}[31m"), "{case}: nothing steers the terminal");
        let shown = ran.out.replace('\u{1b}', "␛").replace('\t', "␉").replace('\u{202e}', "\\u{202e}");
        text.push_str(&format!("\n## {case}\n\n{shown}"));
    }
    let empty = Server::start(|_| Act::Answer(200, r#"{"tags":[]}"#.to_owned())).await?;
    for form in [&["-o", "table"][..], &["-o", "tsv", "--header"], &["-o", "tsv"]] {
        let ran = call(&empty.endpoint(), &[form, &["list-image-tags", "--image-id", IMAGE]].concat()).await;
        text.push_str(&format!("\n## nothing, as {}\n\n{}", form.join(" "), ran.out));
    }
    lock("ims-output", &text);
    Ok(())
}

/// The request as it would go out, without its secrets, and nothing goes out.
#[tokio::test]
async fn dry_runs_show_the_request_and_send_nothing() -> Outcome {
    let service = service().await?;
    let endpoint = service.endpoint();
    let tag = ["add-image-tag", "--image-id", IMAGE, "--tag-key", "it's", "--tag-value", "标签"];
    let mut text = "# What `--dry-run` shows\n".to_owned();
    for (kind, shell, secrets) in [
        ("a token", with_token(), vec![TOKEN]),
        ("a key", with_key(&KEY), vec![KEY.secret]),
        (
            "a temporary key",
            with_key(&TEMPORARY_KEY),
            TEMPORARY_KEY.security_token.into_iter().chain([TEMPORARY_KEY.secret]).collect(),
        ),
    ] {
        let args = [&["--endpoint", &endpoint, "--project-id", PROJECT, "--dry-run"][..], &tag].concat();
        let ran = shell.ims(&args).await;
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        assert!(secrets.iter().all(|secret| !ran.out.contains(secret)), "{}", ran.out);
        text.push_str(&format!("\n## By {kind}\n\n{}", anonymous(&ran.out, &endpoint)));
    }
    let args = ["--region", "cn-north-4", "--dry-run", "list-image-tags", "--image-id", IMAGE];
    let ran = with_token().ims(&args).await;
    assert!(ran.code == 3 && ran.err.contains("--project-id"), "the project isn't asked for: {}", ran.err);
    assert!(service.requests().is_empty());
    lock("ims-dry-run", &text);
    Ok(())
}

/// What the document doesn't name is sent as it is where that is asked for.
#[tokio::test]
async fn unknown_things_are_sent_on_demand() -> Outcome {
    let server = Server::start(|_| Act::Answer(200, r#"{"tags":[],"resources":[]}"#.to_owned())).await?;
    let body = json!({"action": "filter", "tag": [{"key": "a"}], "matches": [{"key": "later", "value": "b"}]});
    let text = body.to_string();
    for (args, target) in [
        (&["list-tags", "--visibility", "pubic"][..], "/v1/cloudimages/tags?visibility=pubic"),
        (&["list-image-by-tags", "--body", &text], "/images/resource_instances/action"),
    ] {
        let ran = call(&server.endpoint(), &[&["--allow-unknown"], args].concat()).await;
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        let sent = server.requests().pop().ok_or("nothing was sent")?;
        assert!(sent.target.ends_with(target), "{}", sent.target);
        assert!(!args.contains(&"--body") || sent.body == body, "{}", sent.body);
    }
    let items = ["list-image-by-tags", "--action", "filter", "--tags", "key=a,value=b", "--allow-unknown"];
    call(&server.endpoint(), &items).await;
    let sent = server.requests().pop().ok_or("nothing was sent")?;
    assert_eq!(sent.body["tags"], json!([{"key": "a", "value": "b", "values": []}]));
    // Of a field with a form for each of several bodies, the members of all.
    let disk = ["create-image", "--name", "n", "--image-url", "b:o", "--min-disk", "40", "--data-images"];
    let ran = call(&server.endpoint(), &[&disk[..], &["image_url=b:d,min_disk=100"]].concat()).await;
    let sent = server.requests().pop().ok_or("nothing was sent")?;
    assert_eq!(sent.body["data_images"], json!([{"image_url": "b:d", "min_disk": 100}]), "{}", ran.err);
    // The media type is the document's.
    let patch = r#"[{"op":"move","path":"/a"}]"#;
    call(&server.endpoint(), &["glance-update-image", "--image-id", IMAGE, "--body", patch, "--allow-unknown"]).await;
    let sent = server.requests().pop().ok_or("nothing was sent")?;
    let media_type = Some("application/openstack-images-v2.1-json-patch");
    assert_eq!((sent.header("content-type"), sent.header("accept")), (media_type, media_type));
    assert_eq!(sent.content, patch.as_bytes());
    Ok(())
}

/// Tasks of several calls, and the settings that only they and the shell have.
#[tokio::test]
async fn tags_are_ensured_and_images_found() -> Outcome {
    let server = Server::start(|request| match request.method.as_str() {
        "GET" => Act::Answer(200, r#"{"tags":[{"key":"old","value":"x"},{"key":"stage","value":"test"}]}"#.to_owned()),
        _ if request.target.ends_with("/resource_instances/action") => {
            let image = json!({"resource_id": "i", "resource_name": "n", "tags": [], "resource_detail": {}});
            Act::Answer(200, json!({"total_count": 1, "resources": [image]}).to_string())
        }
        _ => Act::Answer(204, String::new()),
    })
    .await?;
    let shell = with_token().variable("IMS_ENDPOINT", &server.endpoint());
    let ensure = ["--project-id", PROJECT, "tags", "ensure", IMAGE, "stage=prod"];
    let plan = shell.ims(&[&ensure[..], &["--plan"]].concat()).await;
    assert_eq!((plan.code, &*plan.out), (0, "- old=x\n+ stage=prod\n"), "{}", plan.err);
    assert_eq!(server.requests().len(), 1, "a plan only reads");
    let plan = shell.ims(&[&ensure[..], &["--plan", "--keep-others", "-o", "json"]].concat()).await;
    assert_eq!(serde_json::from_str::<Value>(&plan.out)?, json!({"delete": [], "set": {"stage": "prod"}}));
    let done = shell.ims(&ensure).await;
    assert_eq!((done.code, &*done.out), (0, "- old=x\n+ stage=prod\n"), "{}", done.err);
    let find = ["--project-id", PROJECT, "images", "find", "--tag", "stage=prod,test", "--no-tag", "old"];
    let found = shell.ims(&[&find[..], &["-o", "tsv"]].concat()).await;
    assert!(found.code == 0 && found.out.starts_with("i\tn\t"), "{}{}", found.out, found.err);
    let sent = server.requests().pop().ok_or("nothing was sent")?;
    assert_eq!(sent.body["tags"], json!([{"key": "stage", "values": ["prod", "test"]}]));
    assert_eq!(sent.body["not_tags_any"], json!([{"key": "old", "values": []}]));
    let counted = shell.ims(&[&find[..], &["--count"]].concat()).await;
    assert_eq!((counted.code, &*counted.out), (0, "1\n"), "{}", counted.err);
    Ok(())
}

/// A skeleton is a body to begin with: it names every field, and nothing is asked or sent for it.
#[tokio::test]
async fn skeletons_name_every_field() -> Outcome {
    let ran = Shell::default().ims(&["list-image-by-tags", "--body-skeleton"]).await;
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let body: Value = serde_json::from_str(&ran.out)?;
    assert_eq!((&body["action"], &body["tags"]), (&json!("filter"), &json!([{"key": "", "values": [""]}])));
    let ran = Shell::default().ims(&["create-or-update-tags", "--body-skeleton", "--image-tag-key", "k"]).await;
    assert_eq!(serde_json::from_str::<Value>(&ran.out)?["image_tag"], json!({"key": "k", "value": ""}));
    Ok(())
}

#[tokio::test]
async fn verbose_shows_requests_and_answers_on_standard_error() -> Outcome {
    let server = Server::start(|_| Act::Answer(200, r#"{"tags":[]}"#.to_owned())).await?;
    let args =
        ["--endpoint", &server.endpoint(), "--project-id", PROJECT, "-v", "list-image-tags", "--image-id", IMAGE];
    let ran = with_key(&TEMPORARY_KEY).ims(&args).await;
    assert_eq!((ran.code, ran.out.as_str()), (0, "{\"tags\":[]}\n"));
    assert!(ran.err.contains("> GET /v2/") && ran.err.contains("< 200 OK"), "{}", ran.err);
    assert!(ran.err.contains("<   \"tags\": []"), "the answer's body: {}", ran.err);
    assert!(ran.err.contains("x-security-token: ***") && ran.err.contains("Signature=***"), "{}", ran.err);
    assert!(TEMPORARY_KEY.security_token.is_some_and(|token| !ran.err.contains(token)));
    Ok(())
}

/// A reader that goes away is no failure to tell about, wherever it is noticed.
#[tokio::test]
async fn a_closed_pipe_ends_quietly() -> Outcome {
    struct Closed;
    impl std::io::Write for Closed {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let server = Server::start(|_| Act::Answer(200, r#"{"tags":["a.b"]}"#.to_owned())).await?;
    let endpoint = server.endpoint();
    let call = ["--endpoint", &endpoint, "--project-id", PROJECT];
    for args in [
        vec!["--help"],
        vec!["completions", "bash"],
        vec!["man"],
        [&call[..], &["list-tags"]].concat(),
        [&call[..], &["list-tags", "-o", "table"]].concat(),
        [&call[..], &["list-tags", "--page-all"]].concat(),
        [&call[..], &["list-tags", "--dry-run"]].concat(),
        [&call[..], &["doctor"]].concat(),
    ] {
        let words: Vec<String> = std::iter::once("ims").chain(args.iter().copied()).map(str::to_owned).collect();
        let ended = tokio::task::spawn_blocking(move || {
            let mut err = Vec::new();
            (with_token().run(words, &mut Closed, &mut err), err)
        });
        assert_eq!(ended.await?, (141, Vec::new()), "{args:?}");
    }
    Ok(())
}

fn with_token() -> Shell {
    Shell::default().variable("HW_AUTH_TOKEN", TOKEN)
}

fn with_key(key: &PracticeKey) -> Shell {
    let shell = with("HUAWEICLOUD_SDK_AK", key.access, "HUAWEICLOUD_SDK_SK", key.secret);
    match key.security_token {
        Some(token) => shell.variable("HUAWEICLOUD_SDK_SECURITY_TOKEN", token),
        None => shell,
    }
}

fn with(name: &str, value: &str, other: &str, others: &str) -> Shell {
    Shell::default().variable(name, value).variable(other, others)
}

async fn call(endpoint: &str, args: &[&str]) -> Ran {
    with_token().ims(&[&["--endpoint", endpoint, "--project-id", PROJECT][..], args].concat()).await
}

async fn service() -> Result<Running, Box<dyn std::error::Error>> {
    let started = Service::start(ims_tests::document()?, Options::default()).await;
    started.map_err(|error| error.to_string().into())
}

/// Without what differs from run to run: the port and the date.
fn anonymous(text: &str, endpoint: &str) -> String {
    let host = endpoint.trim_start_matches("http://");
    let text = text.replace(host, "HOST");
    let mut shown = String::new();
    for line in text.split_inclusive('\n') {
        match line.split_once("x-sdk-date:") {
            Some((head, rest)) => {
                let rest = rest.trim_start_matches(|c: char| c == ' ' || c.is_ascii_alphanumeric());
                shown.push_str(&format!("{head}x-sdk-date: DATE{rest}"));
            }
            None => shown.push_str(line),
        }
    }
    shown
}
