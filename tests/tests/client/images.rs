//! One image: found, waited for in virtual time, and changed whether it has the property or not.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use ims_api::{Client, Environment, Error, Failure, Retry};
use ims_tests::server::{Act, Server};
use ims_tests::virtual_time;
use serde_json::{Value, json};

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

const IMAGE: &str = "67e17426-359e-49fb-aa12-0bd1756ec240";

/// A client of a server that gives these answers, the last repeated.
async fn against(acts: Vec<Act>) -> Outcome<(Client, Server)> {
    let server = Server::in_turn(acts).await?;
    let builder = Client::builder().environment(Environment::fixed([], [])).endpoint(server.endpoint());
    let client = builder.token("a-token").project_id("p").retry(Retry::off()).build()?;
    Ok((client, server))
}

fn listed(images: Value) -> Act {
    Act::Answer(200, json!({"images": images}).to_string())
}

fn at(status: &str) -> Act {
    listed(json!([{"id": IMAGE, "status": status}]))
}

#[tokio::test]
async fn an_image_is_found_by_its_id_alone() -> Outcome {
    let named = json!([{"id": "another"}, {"id": IMAGE, "name": "web", "a property of its own": 7}]);
    for (answer, finds) in [(named, Some("web")), (json!([]), None), (json!([{"id": "another"}]), None)] {
        let (client, server) = against(vec![listed(answer)]).await?;
        let image = client.image(IMAGE).await?;
        assert_eq!(image.as_ref().and_then(|image| image.name.as_deref()), finds);
        if let Some(image) = image {
            assert_eq!(image.extra["a property of its own"], 7);
        }
        let asked = server.requests();
        assert_eq!(asked[0].target, format!("/v2/cloudimages?enterprise_project_id=all_granted_eps&id={IMAGE}"));
    }
    let (client, server) = against(vec![listed(json!([]))]).await?;
    let error = client.image("").await.err().ok_or("no id finds nothing")?;
    assert_eq!((error.failure(), server.requests().len()), (Failure::InvalidRequest, 0), "{error}");
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn an_image_is_waited_for_until_it_is_active() -> Outcome {
    let (none, busy) = (|| listed(json!([])), || Act::Answer(429, String::new()));
    let (status, reset) = (|status: &str| at(status), || Act::Reset);
    #[rustfmt::skip]
    let cases: Vec<(Vec<Act>, Result<(), &str>, usize)> = vec![
        (vec![status("active")], Ok(()), 1),
        (vec![none(), none(), status("queued"), none(), status("a new one"), status("active")], Ok(()), 6),
        (vec![reset(), busy(), status("saving"), status("active")], Ok(()), 4),
        (vec![status("saving"), status("killed")], Err("is killed"), 2),
        (vec![status("deleted")], Err("is deleted"), 1),
        (vec![none()], Err("is not there"), 3),
    ];
    for (acts, ends, looks) in cases {
        let (client, server) = against(acts).await?;
        let seen = Arc::new(Mutex::new(0));
        let count = Arc::clone(&seen);
        let wait = client.wait_for_image(IMAGE).on_progress(move |_| *count.lock().unwrap() += 1).until_active();
        let (ended, _) = virtual_time::run(&server.activity, wait).await;
        match (ended, ends) {
            (Ok(image), Ok(())) => assert_eq!(image.id, IMAGE),
            (Err(error), Err(says)) => {
                assert_eq!((error.failure(), error.may_retry()), (Failure::Image, false));
                assert_eq!(error.to_string(), format!("ListImages: image {IMAGE} {says}"));
            }
            (ended, ends) => return Err(format!("{ended:?} and not {ends:?}").into()),
        }
        assert_eq!(server.requests().len(), looks);
        assert!(*seen.lock().unwrap() > 0);
    }
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn an_image_is_waited_for_until_it_is_gone() -> Outcome {
    for last in [listed(json!([])), at("deleted")] {
        let (client, server) = against(vec![at("active"), Act::Reset, at("active"), last]).await?;
        let wait = client.wait_for_image(IMAGE).every(Duration::from_secs(3)).until_gone();
        let (ended, took) = virtual_time::run(&server.activity, wait).await;
        ended?;
        assert!((11..=14).contains(&took.as_secs()), "3, 6 and 3 s: {took:?}");
    }
    let (client, server) = against(vec![at("active")]).await?;
    let wait = client.wait_for_image(IMAGE).deadline(Duration::from_secs(60)).until_gone();
    let (ended, took) = virtual_time::run(&server.activity, wait).await;
    let error = ended.err().ok_or("it isn't gone")?;
    assert!(error.is_timeout() && took <= Duration::from_secs(60), "{took:?}");
    let says = format!("ListImages: image {IMAGE} wasn't gone within 60s · wait again, or with a longer deadline");
    assert_eq!(error.to_string(), says);
    let (client, _server) = against(vec![Act::Answer(403, String::new())]).await?;
    assert!(client.wait_for_image(IMAGE).until_gone().await.is_err_and(|error| error.is_forbidden()));
    Ok(())
}

/// An image that has some properties, changed as the service does it.
async fn changed(has: &[&str], refuses: Option<&'static str>) -> Outcome<(Client, Server)> {
    let mut has: Vec<String> = has.iter().map(|&name| name.to_owned()).collect();
    let server = Server::start(move |request| {
        let changes = request.body.as_array().cloned().unwrap_or_default();
        if request.method == "GET" {
            return at("active");
        }
        let mut then = has.clone();
        for change in &changes {
            let name = change["path"].as_str().unwrap_or_default().trim_start_matches('/').to_owned();
            let there = then.iter().position(|known| *known == name);
            let code = match (change["op"].as_str(), there) {
                _ if refuses == Some(name.as_str()) => "IMG.0020",
                (Some("add"), None) => {
                    then.push(name);
                    continue;
                }
                (Some("remove"), Some(at)) => {
                    then.remove(at);
                    continue;
                }
                (Some("replace"), Some(_)) => continue,
                _ => "IMG.0035",
            };
            return Act::Answer(400, json!({"error": {"code": code, "message": "no"}}).to_string());
        }
        has = then;
        Act::Answer(200, json!({"id": IMAGE, "properties": {"now": has}}).to_string())
    })
    .await?;
    let builder = Client::builder().environment(Environment::fixed([], [])).endpoint(server.endpoint());
    Ok((builder.token("a-token").project_id("p").retry(Retry::off()).build()?, server))
}

#[tokio::test]
async fn an_image_is_changed_whether_it_has_the_property_or_not() -> Outcome {
    /// The operations sent, call by call.
    fn sent(server: &Server) -> Vec<String> {
        let words = |change: &Value| format!("{} {}", change["op"], change["path"]).replace(['"', '/'], "");
        let body = |body: &Value| body.as_array().into_iter().flatten().map(words).collect::<Vec<_>>().join(", ");
        server.requests().iter().map(|request| format!("{} {}", request.method, body(&request.body))).collect()
    }
    // All there: one call.
    let (client, server) = changed(&["name", "min_ram"], None).await?;
    client.change_image(IMAGE).name("web").set("min_ram", "1024").await?;
    assert_eq!(sent(&server), ["PATCH replace name, replace min_ram"]);
    let body = &server.requests()[0].body;
    assert_eq!(body[1], json!({"op": "replace", "path": "/min_ram", "value": "1024"}));

    // Some lacking: each by itself, added or left as it is.
    let (client, server) = changed(&["name"], None).await?;
    let image = client.change_image(IMAGE).name("web").description("Spring").remove("max_ram").await?;
    assert_eq!(image.properties.get("now"), Some(&json!(["name", "__description"])));
    #[rustfmt::skip]
    assert_eq!(sent(&server), [
        "PATCH replace name, replace __description, remove max_ram",
        "PATCH replace name",
        "PATCH replace __description",
        "PATCH add __description",
        "PATCH remove max_ram",
    ]);

    // Nothing left to do: the image as it is.
    let (client, server) = changed(&[], None).await?;
    assert_eq!(client.change_image(IMAGE).remove("max_ram").await?.id, IMAGE);
    assert_eq!(sent(&server), ["PATCH remove max_ram", "PATCH remove max_ram", "GET "]);

    // Another refusal is the caller's.
    let (client, server) = changed(&["name"], Some("name")).await?;
    let error = client.change_image(IMAGE).name("web").await.err().ok_or("it is refused")?;
    assert_eq!((error.code(), sent(&server).len()), (Some("IMG.0020"), 1));
    Ok(())
}

#[tokio::test]
async fn a_change_that_no_request_can_carry_isnt_sent() -> Outcome {
    let (client, server) = changed(&[], None).await?;
    let change = || client.change_image(IMAGE);
    let long = "n".repeat(129);
    for (refused, says) in [
        (change(), "no change is given"),
        (change().set("", "1"), "a property's name is empty"),
        (change().name(""), "name: "),
        (change().name(long), "name: "),
        (change().description("<b>"), "__description: "),
    ] {
        let error: Error = refused.await.err().ok_or("it is refused")?;
        assert_eq!(error.failure(), Failure::InvalidRequest);
        assert!(error.to_string().contains(says), "{error}");
    }
    assert_eq!(server.requests().len(), 0);
    let (client, server) = changed(&["a/b~c"], None).await?;
    client.change_image(IMAGE).set("x/y~z", "1").await?;
    assert_eq!(server.requests()[0].body[0]["path"], "/x~1y~0z");
    Ok(())
}
