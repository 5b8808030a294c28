//! The project id: given, or looked up once from IAM by the region's name.

use httpmock::prelude::*;
use ims_api::{Client, Failure, Retry};

type Outcome = Result<(), Box<dyn std::error::Error>>;

const IMAGE: &str = "67e17426-359e-49fb-aa12-0bd1756ec240";

#[tokio::test]
async fn looked_up_once_however_many_callers() -> Outcome {
    let server = MockServer::start_async().await;
    let iam = server.mock(|when, then| {
        when.method(GET).path("/v3/projects").query_param("name", "cn-north-4").header("x-auth-token", "a-token");
        then.status(200).json_body(serde_json::json!({"projects": [{"id": "0123456789abcdef", "name": "cn-north-4"}]}));
    });
    let ims = server.mock(|when, then| {
        when.method(GET).path(format!("/v2/0123456789abcdef/images/{IMAGE}/tags"));
        then.status(200).json_body(serde_json::json!({"tags": []}));
    });
    let client = builder(&server).region("cn-north-4").build()?;
    let calls: Vec<_> = (0..100)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(
                async move { client.list_image_tags().image_id(IMAGE).send().await.map(|answer| answer.status()) },
            )
        })
        .collect();
    for call in calls {
        assert_eq!(call.await??, 200);
    }
    iam.assert_calls(1);
    ims.assert_calls(100);
    Ok(())
}

/// Who waited for a look-up that failed shares its error; the next caller asks again.
#[tokio::test]
async fn a_failed_look_up_is_shared_by_those_who_waited() -> Outcome {
    let server = MockServer::start_async().await;
    let mut iam = server.mock(|when, then| {
        when.path("/v3/projects");
        then.status(503).delay(std::time::Duration::from_millis(50));
    });
    let client = builder(&server).region("cn-north-4").build()?;
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..100 {
        let client = client.clone();
        calls.spawn(async move { client.list_image_tags().image_id(IMAGE).send().await.map(drop) });
    }
    while let Some(call) = calls.join_next().await {
        let error = call?.err().ok_or("a project was found")?;
        assert_eq!(error.failure(), Failure::Project, "{error}");
    }
    iam.assert_calls(1);
    iam.delete();
    server.mock(|when, then| {
        when.path("/v3/projects");
        then.status(200).json_body(serde_json::json!({"projects": [{"id": "p"}]}));
    });
    server.mock(|when, then| {
        when.path(format!("/v2/p/images/{IMAGE}/tags"));
        then.status(200).json_body(serde_json::json!({"tags": []}));
    });
    client.list_image_tags().image_id(IMAGE).send().await?;
    Ok(())
}

#[tokio::test]
async fn what_can_go_wrong_says_so_and_sends_nothing_to_the_service() -> Outcome {
    for (name, status, body, said) in [
        ("no project", 200, r#"{"projects": []}"#, "cn-north-4"),
        ("several projects", 200, r#"{"projects": [{"id": "first"}, {"id": "second"}]}"#, "first, second"),
        ("refused", 403, r#"{"error": {"code": 403, "message": "no"}}"#, "403"),
        ("garbage", 200, "<html>", "something other than projects"),
        ("an id that would change the path", 200, r#"{"projects": [{"id": "../x"}]}"#, "project_id"),
    ] {
        let server = MockServer::start_async().await;
        server.mock(|when, then| {
            when.path("/v3/projects");
            then.status(status).header("content-type", "application/json").body(body);
        });
        let client = builder(&server).region("cn-north-4").build()?;
        let Err(error) = client.list_image_tags().image_id(IMAGE).send().await else {
            return Err(format!("{name}: answered").into());
        };
        let text = full(&error);
        assert!(text.contains(said), "{name}: {text}");
        assert!(!error.was_sent(), "{name}");
        assert!(matches!(error.failure(), Failure::Project | Failure::InvalidRequest), "{name}: {:?}", error.failure());
    }
    Ok(())
}

#[tokio::test]
async fn without_a_region_the_next_step_is_named() -> Outcome {
    let server = MockServer::start_async().await;
    let client = builder(&server).build()?;
    let Err(error) = client.list_image_tags().image_id(IMAGE).send().await else { return Err("answered".into()) };
    assert!(full(&error).contains("HUAWEICLOUD_SDK_PROJECT_ID"), "{error}");
    Ok(())
}

/// A client whose IAM and service are both the mock; nothing of the machine's environment counts.
fn builder(server: &MockServer) -> ims_api::ClientBuilder {
    Client::builder()
        .environment(ims_api::Environment::fixed([], []))
        .endpoint(server.base_url().as_str())
        .iam_endpoint(server.base_url().as_str())
        .token("a-token")
        .retry(Retry::off())
}

/// An error with everything below it.
fn full(error: &ims_api::Error) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(error) = source {
        text.push_str(": ");
        text.push_str(&error.to_string());
        source = error.source();
    }
    text
}
