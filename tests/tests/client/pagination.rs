//! Lists read as streams: every item once, every page once, an end whatever the server does.

use std::future::Future as _;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use ims_api::types::{self, FindAction};
use ims_api::{Client, Failure, Retry};
use ims_tests::server::{Act, Request, Server};
use serde_json::{Value, json};

type Outcome = Result<(), Box<dyn std::error::Error>>;

#[tokio::test]
async fn each_item_comes_once_and_each_page_is_requested_once() -> Outcome {
    // Items in the list, a page's size, and the offsets that must be requested.
    for (items, size, offsets) in [
        (0, 10, vec![0]),
        (1, 10, vec![0]),
        (10, 10, vec![0]),
        (11, 10, vec![0, 10]),
        (95, 10, (0..10).map(|page| page * 10).collect()),
    ] {
        let server = images(move |_| items).await?;
        let (ids, error) = read(&client(&server)?, size, 0).await?;
        assert!(error.is_none(), "{error:?}");
        assert_eq!(ids, (0..items).map(|at| format!("i{at}")).collect::<Vec<_>>());
        assert_eq!(asked(&server), offsets, "{items} items");
        assert!(server.requests().iter().all(|request| request.body["limit"] == json!(size.to_string())));
    }
    Ok(())
}

#[tokio::test]
async fn a_list_of_strings_by_page_number() -> Outcome {
    // A full page may have a successor, so exactly one page needs a second request; a short one doesn't.
    for (items, pages) in [(0, 1), (1, 1), (3, 2), (4, 2), (7, 3)] {
        let server = strings(items).await?;
        let client = client(&server)?;
        let mut stream = client.list_tags().limit(3).name("n").stream();
        let mut found = Vec::new();
        while let Some(item) = stream.next().await {
            found.push(item?);
        }
        assert_eq!(found, (0..items).map(|at| format!("t{at}")).collect::<Vec<_>>());
        let targets: Vec<String> = server.requests().into_iter().map(|request| request.target).collect();
        let wanted: Vec<String> =
            (1..=pages).map(|page| format!("/v1/cloudimages/tags?limit=3&name=n&page={page}")).collect();
        assert_eq!(targets, wanted);
    }
    Ok(())
}

#[tokio::test]
async fn a_start_and_a_default_size_are_honoured() -> Outcome {
    let server = images(|_| 250).await?;
    let client = client(&server)?;
    let body = types::ListImageByTagsRequest::builder().action(FindAction::Filter).offset(120);
    let mut stream = client.list_image_by_tags().body(body).stream();
    let first = stream.next().await.ok_or("no item")??;
    assert_eq!(first.resource_id, "i120");
    assert_eq!(asked(&server), [120], "the next page isn't requested before it is wanted");
    assert_eq!(server.requests()[0].body["limit"], json!("100"));
    Ok(())
}

#[tokio::test]
async fn a_list_that_changes_while_it_is_read_ends() -> Outcome {
    // The number of items at each request.
    let shrinking = images(|request| if request == 0 { 30 } else { 12 }).await?;
    let (ids, error) = read(&client(&shrinking)?, 10, 0).await?;
    assert_eq!((ids.len(), error.is_none(), asked(&shrinking)), (12, true, vec![0, 10]));
    let emptied = images(|request| if request == 0 { 30 } else { 0 }).await?;
    let (ids, error) = read(&client(&emptied)?, 10, 0).await?;
    assert_eq!((ids.len(), error.is_none(), asked(&emptied)), (10, true, vec![0, 10]));
    // Grown before the last page was read, it goes on; what comes after the end was reached isn't seen.
    let growing = images(|request| 15 + 10 * request.min(1)).await?;
    let (ids, error) = read(&client(&growing)?, 10, 0).await?;
    assert_eq!((ids.len(), error.is_none(), asked(&growing)), (25, true, vec![0, 10, 20]));
    Ok(())
}

#[tokio::test]
async fn items_before_an_error_come_first_and_the_error_once() -> Outcome {
    let mut served = 0;
    let server = Server::start(move |request| {
        served += 1;
        if served == 3 {
            Act::Answer(500, r#"{"error":{"code":"IMG.1","message":"m"}}"#.into())
        } else {
            page(request, 50)
        }
    })
    .await?;
    let client = client(&server)?;
    let mut stream = client.list_image_by_tags().body(filter(10)?).stream();
    for at in 0..20 {
        assert_eq!(stream.next().await.ok_or("too early an end")??.resource_id, format!("i{at}"));
    }
    let error = stream.next().await.ok_or("no error")?.err().ok_or("an item in place of the error")?;
    assert_eq!((error.status(), error.code()), (Some(500), Some("IMG.1")));
    assert!(stream.next().await.is_none() && stream.next().await.is_none(), "after the error comes the end");
    assert_eq!(asked(&server), [0, 10, 20]);
    Ok(())
}

#[tokio::test]
async fn a_server_that_repeats_itself_is_an_error() -> Outcome {
    // The same page for ever; and two pages in turn.
    for (turns, items) in [(1, 10), (2, 20)] {
        let mut served = 0;
        let server = Server::start(move |_| {
            served = (served + 1) % turns;
            resources(served * 10..served * 10 + 10, 1_000_000)
        })
        .await?;
        let (ids, error) = read(&client(&server)?, 10, 0).await?;
        let error = error.ok_or("no error")?;
        assert_eq!((ids.len(), error.failure()), (items, Failure::Unexpected));
        assert!(error.to_string().contains("repeats itself"), "{error}");
        assert_eq!(asked(&server).len() as u64, turns + 1);
    }
    Ok(())
}

/// The same by page number, where no answer says how many there are.
#[tokio::test]
async fn a_list_of_strings_ends_whatever_the_server_does() -> Outcome {
    // The tags of each page that is asked for; `None` is a refusal. Then what the caller gets, how often it asks, and the
    // failure, if there is one.
    type Pages = fn(usize) -> Option<usize>;
    let cases: [(&str, Pages, usize, usize, Option<Failure>); 5] = [
        ("shrunk to a short page", |page| Some([3, 3, 1][page.min(2)]), 7, 3, None),
        ("emptied", |page| Some([3, 0][page.min(1)]), 3, 2, None),
        ("grown while it is read", |page| Some([3, 3, 3, 2][page.min(3)]), 11, 4, None),
        ("an error on page 3", |page| (page != 2).then_some(3), 6, 3, Some(Failure::Refused)),
        ("a page for ever", |_| Some(0xbad), 3, 2, Some(Failure::Unexpected)),
    ];
    for (title, pages, items, requests, failure) in cases {
        let mut served = 0;
        let server = Server::start(move |_| {
            let page = pages(served);
            served += 1;
            let tags: Vec<String> = match page {
                None => return Act::Answer(500, String::new()),
                Some(0xbad) => (0..3).map(|at| format!("t{at}")).collect(),
                Some(count) => (0..count).map(|at| format!("t{served}-{at}")).collect(),
            };
            Act::Answer(200, json!({"tags": tags}).to_string())
        })
        .await?;
        let client = client(&server)?;
        let mut stream = client.list_tags().limit(3).stream();
        let (mut found, mut failed) = (0, None);
        while let Some(item) = stream.next().await {
            assert!(failed.is_none(), "{title}: the error comes once, and last");
            match item {
                Ok(_) => found += 1,
                Err(error) => failed = Some(error.failure()),
            }
        }
        assert_eq!((found, server.requests().len(), failed), (items, requests, failure), "{title}");
    }
    Ok(())
}

#[tokio::test]
async fn a_wrong_argument_is_one_error_and_no_request() -> Outcome {
    let server = images(|_| 1).await?;
    let client = client(&server)?;
    let mut stream = client.list_tags().limit(0).stream();
    let error = stream.next().await.ok_or("no error")?.err().ok_or("an item")?;
    assert!(error.to_string().contains("limit: 0 is less than 1"), "{error}");
    assert!(stream.next().await.is_none());
    assert!(server.requests().is_empty());
    Ok(())
}

#[tokio::test]
async fn dropping_a_pending_next_loses_nothing() -> Outcome {
    let server = images(|_| 25).await?;
    let client = client(&server)?;
    let mut stream = client.list_image_by_tags().body(filter(10)?).stream();
    let (mut found, mut dropped) = (0, 0);
    loop {
        // One poll, then the future is dropped if it isn't done: as `select!` does.
        let polled = pin!(stream.next()).poll(&mut Context::from_waker(Waker::noop()));
        match polled {
            Poll::Ready(None) => break,
            Poll::Ready(Some(item)) => {
                assert_eq!(item?.resource_id, format!("i{found}"));
                found += 1;
            }
            Poll::Pending => {
                dropped += 1;
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        }
    }
    assert!(dropped >= 3, "each page was waited for");
    assert_eq!((found, asked(&server)), (25, vec![0, 10, 20]), "no page was requested twice");
    Ok(())
}

/// Streams may be sent to another task.
#[tokio::test]
async fn a_stream_is_send() -> Outcome {
    let server = images(|_| 3).await?;
    let client = client(&server)?;
    let counted = tokio::spawn(async move {
        let mut stream = client.list_image_by_tags().body(filter(2).map_err(|error| error.to_string())?).stream();
        let mut count = 0;
        while let Some(item) = stream.next().await {
            item.map_err(|error| error.to_string())?;
            count += 1;
        }
        Ok::<_, String>(count)
    });
    assert_eq!(counted.await??, 3);
    Ok(())
}

type Filter = types::builder::ListImageByTagsRequest;

fn filter(size: u64) -> Result<Filter, Box<dyn std::error::Error>> {
    let body = types::ListImageByTagsRequest::builder().action(FindAction::Filter);
    Ok(body.limit(size))
}

async fn read(
    client: &Client,
    size: u64,
    offset: u64,
) -> Result<(Vec<String>, Option<ims_api::Error>), Box<dyn std::error::Error>> {
    let body = filter(size)?.offset(offset);
    let mut stream = client.list_image_by_tags().body(body).stream();
    let mut ids = Vec::new();
    while let Some(item) = stream.next().await {
        match item {
            Ok(image) => ids.push(image.resource_id),
            Err(error) => return Ok((ids, Some(error))),
        }
    }
    Ok((ids, None))
}

/// Images `i0`, `i1`, …; `count` says how many there are at each request.
async fn images(count: impl Fn(u64) -> u64 + Send + 'static) -> std::io::Result<Server> {
    let mut served = 0;
    Server::start(move |request| {
        served += 1;
        page(request, count(served - 1))
    })
    .await
}

fn page(request: &Request, count: u64) -> Act {
    let number = |name: &str| request.body[name].as_str().and_then(|text| text.parse::<u64>().ok()).unwrap_or(0);
    let start = number("offset").min(count);
    resources(start..(start + number("limit")).min(count), count)
}

fn resources(range: std::ops::Range<u64>, total: u64) -> Act {
    let found: Vec<Value> = range.map(|at| json!({"resource_id": format!("i{at}"), "tags": []})).collect();
    Act::Answer(200, json!({"total_count": total, "resources": found}).to_string())
}

async fn strings(count: usize) -> std::io::Result<Server> {
    Server::start(move |request| {
        let number = |name: &str| {
            let query = request.target.split(['?', '&']).find_map(|pair| pair.strip_prefix(name));
            query.and_then(|text| text.parse::<usize>().ok()).unwrap_or(0)
        };
        let (limit, page) = (number("limit="), number("page="));
        let tags: Vec<String> = (0..count).skip(limit * (page - 1)).take(limit).map(|at| format!("t{at}")).collect();
        Act::Answer(200, json!({"tags": tags}).to_string())
    })
    .await
}

fn asked(server: &Server) -> Vec<u64> {
    let offset = |request: Request| request.body["offset"].as_str().and_then(|text| text.parse().ok());
    server.requests().into_iter().filter_map(offset).collect()
}

fn client(server: &Server) -> Result<Client, ims_api::Error> {
    let builder = Client::builder().endpoint(server.endpoint()).token("t").project_id("p").retry(Retry::off());
    builder.build()
}
