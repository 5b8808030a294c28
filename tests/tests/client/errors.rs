//! What an error is and says: its size, its answers, its one line; and that no text, however odd, breaks any of it.
//!
//! The properties run briefly here; the README says how to run them long.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use ims_api::{Client, Error, ErrorKind, Failure};
use ims_tests::server::{Act, Request, Server};
use proptest::prelude::*;
use std::fmt::Write;

const TOKEN: &str = "MIIFtoken-that/nobody+may=see";

#[test]
fn an_error_is_small_and_travels() {
    fn travels<T: std::error::Error + Send + Sync + 'static>() {}
    travels::<Error>();
    assert_eq!(size_of::<Error>(), size_of::<usize>());
    fn shared<T: Clone + Send + Sync + 'static>() {}
    shared::<Client>();
    assert_eq!(size_of::<Client>(), size_of::<usize>());
}

#[test]
fn each_row_of_the_table_answers_with_its_kind_and_texts() {
    for row in ims_api::operations::LIST_IMAGE_TAGS.errors {
        let error = refused(row.status, r#"{"error":{"code":"IMG.0001","message":"words"}}"#.as_bytes());
        assert_eq!(error.kind(), Some(row.kind));
        assert_eq!(error.row(), Some(row));
        assert_eq!((error.code(), error.message()), (Some("IMG.0001"), Some("words")));
        assert!(error.was_sent());
        assert_eq!(error.may_retry(), matches!(row.status, 429 | 503), "{error}");
        assert_eq!(error.operation().map(|operation| operation.id), Some("ListImageTags"));
    }
    assert_eq!(refused(418, b"").kind(), None);
    assert_eq!(refused(404, b"").kind(), Some(ErrorKind::NotFound));
}

/// What to match on, what the sentence advises, and that neither contradicts whether a retry is right.
#[test]
fn refusals_answer_the_questions_that_are_asked_most() {
    use ims_api::operations::{ADD_IMAGE_TAG, LIST_IMAGE_TAGS};
    let which = |error: &Error| {
        [
            error.is_unauthorized(),
            error.is_forbidden(),
            error.is_not_found(),
            error.is_throttled(),
            error.is_server_error(),
        ]
        .iter()
        .position(|is| *is)
    };
    for (status, position) in
        [(400, None), (401, Some(0)), (403, Some(1)), (404, Some(2)), (429, Some(3)), (503, Some(4))]
    {
        let error = Error::from_answer(&LIST_IMAGE_TAGS, status, "");
        assert_eq!(which(&error), position, "{error}");
        assert!(!error.is_timeout() && error.kind().is_some(), "{error}");
    }
    for operation in ims_api::operations::ALL {
        for status in 300..=599 {
            let error = Error::from_answer(operation, status, "");
            let advises = error.to_string().contains("try again later");
            assert!(!advises || error.may_retry(), "{error}");
        }
    }
    let failed = Error::from_answer(&LIST_IMAGE_TAGS, 500, "").to_string();
    assert!(failed.ends_with("it will hardly pass by itself: support asks for the request id"), "{failed}");
    let failed = Error::from_answer(&ADD_IMAGE_TAG, 500, "").to_string();
    assert!(
        failed.contains("it may have been done: look before you try again") != ADD_IMAGE_TAG.idempotent,
        "{failed}"
    );
}

/// `{:?}` is what a `main` prints that returns the error.
#[test]
fn debug_is_the_sentence_and_its_long_form_the_details() {
    let error = refused(404, br#"{"error":{"code":"IMG.0027","message":"no such image"}}"#);
    assert_eq!(format!("{error:?}"), error.to_string());
    let details = format!("{error:#?}");
    assert!(details.contains("was_sent: true") && details.contains("IMG.0027"), "{details}");
    let copy = error.clone();
    assert_eq!((copy.code(), error.code()), (Some("IMG.0027"), Some("IMG.0027")));
}

/// Who can't connect learns where to, and why; the cause is told once.
#[test]
fn a_failed_connection_names_host_and_port() {
    runtime().block_on(async {
        let client = bare().endpoint("http://127.0.0.1:1").token(TOKEN).project_id("p").build().unwrap();
        let error = client.list_image_tags().image_id("i").send().await.unwrap_err();
        let shown = error.to_string();
        assert!(shown.starts_with("ListImageTags: no connection to 127.0.0.1:1"), "{shown}");
        assert_eq!(shown.matches("refused").count(), 1, "{shown}");
        assert!(std::error::Error::source(&error).is_none());
        assert!(error.get_ref().is_some_and(|below| below.is::<reqwest::Error>()));
    });
}

/// A token of one letter stands in many words.
#[test]
fn a_short_secret_garbles_no_text() {
    runtime().block_on(async {
        let server =
            Server::scripted(answer(400, br#"{"error":{"code":"c","message":"type is wrong"}}"#)).await.unwrap();
        let builder = bare().endpoint(server.endpoint()).token("t").project_id("p");
        let error = builder.build().unwrap().list_image_tags().image_id("i").send().await.unwrap_err();
        assert_eq!(error.message(), Some("type is wrong"));
    });
}

#[test]
fn what_is_not_configured_is_named() {
    type Build = fn() -> Result<Client, Error>;
    let cases: [(Build, &str); 8] = [
        (|| bare().build(), "neither region nor endpoint is known"),
        (|| bare().region("CN").build(), "region `CN`: "),
        (|| bare().endpoint("http://ims.example.com").build(), "endpoint `http://ims.example.com`: "),
        (|| bare().region("cn-north-4").token("").build(), "token is empty"),
        (|| bare().region("cn-north-4").project_id("a/b").build(), "project_id: "),
        (
            || bare().region("cn-north-4").header("Authorization", "x").build(),
            "header authorization is set by the client alone",
        ),
        (|| bare().region("cn-north-4").header("X-A", "a\nb").build(), "header x-a: its value"),
        (|| bare().region("cn-north-4").user_agent("a\nb").build(), "user_agent: "),
    ];
    for (build, says) in cases {
        let error = build().unwrap_err();
        assert_eq!(error.failure(), Failure::Configuration);
        assert!(error.to_string().contains(says), "{error}");
    }
}

#[test]
fn a_reserved_header_of_the_hook_fails_the_call_unsent() {
    runtime().block_on(async {
        let client = bare()
            .endpoint("http://127.0.0.1:9")
            .token(TOKEN)
            .project_id("p")
            .header_hook(|_, headers| {
                headers.insert("x-auth-token", reqwest::header::HeaderValue::from_static("mine"));
            })
            .build()
            .unwrap();
        let error = client.list_image_tags().image_id("i").send().await.unwrap_err();
        assert_eq!((error.failure(), error.was_sent()), (Failure::InvalidRequest, false));
        assert!(error.to_string().contains("header x-auth-token"), "{error}");
    });
}

#[test]
fn headers_of_the_user_are_sent() {
    runtime().block_on(async {
        let server = Server::scripted(answer(404, b"")).await.unwrap();
        let client = bare()
            .endpoint(server.endpoint())
            .token(TOKEN)
            .project_id("p")
            .header("X-Enterprise-Project-Id", "0")
            .header_hook(|operation, headers| {
                if let Ok(value) = operation.id.parse() {
                    headers.insert("x-operation", value);
                }
            })
            .build()
            .unwrap();
        let _ = client.list_image_tags().image_id("i").send().await;
        let head = &server.requests()[0].head;
        assert!(head.contains("x-enterprise-project-id: 0\r\n"), "{head}");
        assert!(head.contains("x-operation: ListImageTags\r\n"), "{head}");
        assert!(head.contains(&format!("x-auth-token: {TOKEN}\r\n")), "{head}");
    });
}

/// Any bytes fold to one line that has the status, none of the secret and no control character.
#[test]
fn any_body_folds() {
    let (runtime, server, client) = open();
    proptest!(config(), |(body in body())| {
        server.play(answer(400, &body).remove(0));
        let error = runtime.block_on(client.list_image_tags().image_id("i").send()).unwrap_err();
        let mut shown = error.to_string();
        prop_assert!(!shown.chars().any(char::is_control), "{shown:?}");
        prop_assert!(shown.starts_with("ListImageTags: 400 Bad Request"), "{shown}");
        prop_assert!(shown.chars().count() < 4000);
        let _ = write!(shown, "{error:?}");
        prop_assert!(!shown.contains(TOKEN), "{shown}");
        prop_assert_eq!(error.status(), Some(400));
    });
}

/// Any text is either refused as an id or reaches the service as exactly one segment.
#[test]
fn any_image_id_is_refused_or_one_segment() {
    let (runtime, server, client) = open();
    let ids = prop_oneof![any::<String>(), "[A-Za-z0-9_./%-]{1,8}"];
    proptest!(config(), |(id in ids)| {
        server.play(answer(404, b"").remove(0));
        let error = runtime.block_on(client.list_image_tags().image_id(id.as_str()).send()).unwrap_err();
        match server.requests().first() {
            Some(Request { head, .. }) => {
                prop_assert!(head.starts_with(&format!("GET /v2/p/images/{id}/tags HTTP/1.1\r\n")), "{}", head);
            }
            None => prop_assert_eq!(error.failure(), Failure::InvalidRequest),
        }
    });
}

/// Any key is either refused or reaches the service as one segment that decodes to it.
#[test]
fn any_tag_key_is_refused_or_one_segment() {
    let (runtime, server, client) = open();
    let keys = prop_oneof![any::<String>(), "[./%\\\\ ?#]{1,6}"];
    proptest!(config(), |(key in keys)| {
        server.play(answer(404, b"").remove(0));
        let error = runtime.block_on(client.delete_image_tag().image_id("i").key(key.as_str()).send()).unwrap_err();
        match server.requests().first() {
            Some(Request { target: path, .. }) => {
                let segment = path.strip_prefix("/v2/p/images/i/tags/").unwrap_or_default();
                prop_assert!(!segment.contains(['/', '?', '#', '\\']), "{}", path);
                prop_assert_eq!(ims_tests::server::decode(segment), key);
            }
            None => prop_assert!(["", ".", ".."].contains(&key.as_str()), "{:?}: {}", key, error),
        }
    });
}

fn config() -> ProptestConfig {
    ProptestConfig { cases: ims_tests::cases(64), failure_persistence: None, ..ProptestConfig::default() }
}

/// A client and its server, for as many cases as there are.
fn open() -> (tokio::runtime::Runtime, Server, Client) {
    let runtime = runtime();
    let server = runtime.block_on(Server::scripted(answer(500, b""))).unwrap();
    let client = client(&server);
    (runtime, server, client)
}

fn body() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..600),
        any::<String>().prop_map(|text| format!("{text}{TOKEN}{text}").into_bytes()),
        (any::<String>(), any::<String>()).prop_map(|(code, message)| {
            serde_json::json!({"error": {"code": code, "message": format!("{message}{TOKEN}")}})
                .to_string()
                .into_bytes()
        }),
    ]
}

fn bare() -> ims_api::ClientBuilder {
    Client::builder().environment(ims_api::Environment::fixed([], []))
}

fn client(server: &Server) -> Client {
    bare().endpoint(server.endpoint()).token(TOKEN).project_id("p").retry(ims_api::Retry::off()).build().unwrap()
}

fn answer(status: u16, body: &[u8]) -> Vec<Vec<Act>> {
    let head = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n\r\n", body.len());
    vec![vec![Act::Read, Act::Send([head.as_bytes(), body].concat())]]
}

fn refused(status: u16, body: &[u8]) -> Error {
    runtime().block_on(async {
        let server = Server::scripted(answer(status, body)).await.unwrap();
        client(&server).list_image_tags().image_id("i").send().await.unwrap_err()
    })
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}
