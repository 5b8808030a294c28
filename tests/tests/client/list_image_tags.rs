//! ListImageTags as the page has it: the sample request byte for byte, the sample answer value for value, every row of
//! the error table, and what isn't on the page. Also the typed mocks that users test with.

use ims_api::{Client, ErrorKind, Failure, Retry, httpmock::MockServerExt as _, types};
use ims_tests::document;
use xtask::service::{Options, Running, Service, TOKEN};

type Outcome = Result<(), Box<dyn std::error::Error + Send + Sync>>;

const PROJECT: &str = "fd73a4a14a4a4dfb9771a8475e5198ea";
const IMAGE: &str = "67e17426-359e-49fb-aa12-0bd1756ec240";

#[tokio::test]
async fn the_sample_request_is_what_goes_over_the_wire() -> Outcome {
    let service = service().await?;
    client(&service, None)?.list_image_tags().image_id(IMAGE).send().await?;
    // The same by the operation's own project instead of the client's.
    client(&service, None)?.list_image_tags().project_id(PROJECT).image_id(IMAGE).send().await?;
    for request in service.requests() {
        assert_eq!(request.method, "GET");
        assert_eq!(
            request.target,
            "/v2/fd73a4a14a4a4dfb9771a8475e5198ea/images/67e17426-359e-49fb-aa12-0bd1756ec240/tags"
        );
        assert!(request.body.is_empty());
        let names: Vec<&str> = request.headers.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["accept", "x-auth-token", "user-agent", "host"], "and nothing the page doesn't know");
    }
    assert_eq!(service.requests().len(), 2);
    Ok(())
}

#[tokio::test]
async fn the_sample_answer_decodes_to_its_values() -> Outcome {
    let service = service().await?;
    let answer = client(&service, None)?.list_image_tags().image_id(IMAGE).send().await?;
    let tags: Vec<(&str, &str)> = answer.tags.iter().map(|tag| (tag.key.as_str(), tag.value.as_str())).collect();
    assert_eq!(tags, [("key0", "value0"), ("key1", "value0")], "in the page's order");
    assert_eq!(answer.status(), 200);
    Ok(())
}

#[tokio::test]
async fn every_row_of_the_error_table_is_a_typed_error() -> Outcome {
    let service = service().await?;
    for (status, kind, chinese) in [
        (400, ErrorKind::BadRequest, "请求错误。"),
        (401, ErrorKind::Unauthorized, "鉴权失败。"),
        (403, ErrorKind::Forbidden, "没有操作权限。"),
        (404, ErrorKind::NotFound, "找不到资源。"),
        (500, ErrorKind::InternalServerError, "服务内部错误。"),
        (503, ErrorKind::ServiceUnavailable, "服务不可用。"),
    ] {
        let error = refused(client(&service, Some(status))?, IMAGE).await?;
        assert_eq!((error.status(), error.kind()), (Some(status), Some(kind)));
        assert_eq!(error.row().map(|row| row.chinese), Some(chinese));
        assert!(error.request_id().is_some(), "{error}");
        assert!(error.to_string().contains(&status.to_string()), "{error}");
    }
    Ok(())
}

#[tokio::test]
async fn a_status_that_is_on_no_page_is_an_error_with_its_status() -> Outcome {
    let service = service().await?;
    for status in [409, 418] {
        let error = refused(client(&service, Some(status))?, IMAGE).await?;
        assert_eq!((error.status(), error.kind(), error.row()), (Some(status), None, None), "{error}");
    }
    Ok(())
}

#[tokio::test]
async fn no_image_id_can_change_the_path() -> Outcome {
    let service = service().await?;
    for id in ["", ".", "..", "a/b", "a\\b", "a\nb", "a\0b", "a b", "%2e%2e", "图像", "a?b", "a#b"] {
        let error = refused(client(&service, None)?, id).await?;
        assert_eq!(error.failure(), Failure::InvalidRequest, "{id:?}");
        assert!(!error.was_sent());
        let said = error.to_string();
        assert!(said.contains("image_id: doesn't match pattern"), "the reason reaches the user: {said}");
    }
    let error = client(&service, None)?.list_image_tags().send().await.err().ok_or("no image id, yet an answer")?;
    assert!(error.to_string().contains("image_id"), "{error}");
    assert!(service.requests().is_empty(), "nothing was sent");
    Ok(())
}

/// A downstream crate's test: typed, and right for values that a regular expression would read as something else.
#[tokio::test]
async fn typed_mocks_answer_for_exactly_their_values() -> Outcome {
    let server = httpmock::MockServer::start_async().await;
    let tag = types::ResourceTag::builder().key("标签").value("a+b x[ .*").build()?;
    let body = types::ImageTags::builder().tags(vec![tag.clone()]).build()?;
    let image: types::ImageId = IMAGE.parse()?;
    let found = server.list_image_tags(|when, then| {
        when.image_id(&image);
        then.ok(&body);
    });
    let client = Client::builder()
        .endpoint(server.base_url().as_str())
        .token("a-token")
        .project_id(PROJECT)
        .retry(Retry::off())
        .build()?;
    assert_eq!(client.list_image_tags().image_id(IMAGE).send().await?.tags, [tag]);
    found.assert();
    assert!(client.list_image_tags().image_id("another").send().await.is_err(), "another image isn't mocked");
    Ok(())
}

async fn service() -> Result<Running, Box<dyn std::error::Error + Send + Sync>> {
    Ok(Service::start(document()?, Options::default()).await?)
}

/// A client with the practice token; with a status, the service is asked for it.
fn client(service: &Running, status: Option<u16>) -> Result<Client, ims_api::Error> {
    let mut builder =
        Client::builder().endpoint(service.endpoint().as_str()).token(TOKEN).project_id(PROJECT).retry(Retry::off());
    if let Some(status) = status {
        builder = builder.header("Prefer", &format!("code={status}"));
    }
    builder.build()
}

async fn refused(client: Client, image: &str) -> Result<ims_api::Error, String> {
    match client.list_image_tags().image_id(image).send().await {
        Ok(answer) => Err(format!("answered as success: {answer:?}")),
        Err(error) => Ok(error),
    }
}
