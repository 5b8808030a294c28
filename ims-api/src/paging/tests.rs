use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;

use super::*;

/// Each page differs from those before, and the total is always out of reach.
#[tokio::test]
async fn a_server_that_never_ends_is_an_error_at_last() {
    let requests = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&requests);
    let fetch = move |window: Window| -> Fetching<u64> {
        counter.fetch_add(1, Ordering::Relaxed);
        Box::pin(std::future::ready(Ok(Page { items: vec![window.place], total: Some(u64::MAX), marker: None })))
    };
    let first = Ok(Window { size: 1, ..Window::default() });
    let mut items = Items::new(crate::operations::ALL[0], Style::Offset, first, fetch);
    let mut count = 0;
    let error = loop {
        match items.next().await {
            Some(Ok(item)) => assert_eq!(item, count),
            Some(Err(error)) => break error,
            None => unreachable!("the total is never reached"),
        }
        count += 1;
    };
    assert_eq!((count, error.failure()), (MOST_PAGES as u64, Failure::Unexpected));
    assert!(error.to_string().contains("the server doesn't end"), "{error}");
    assert!(items.next().await.is_none(), "after the error comes the end");
    assert_eq!(requests.load(Ordering::Relaxed), MOST_PAGES + 1);
}

/// A list by markers whose pages are these: items, and the marker of the next page.
async fn read(pages: &'static [(&'static [u64], Option<&'static str>)]) -> (Vec<u64>, Vec<String>, Option<String>) {
    let asked = Arc::new(std::sync::Mutex::new(Vec::new()));
    let record = Arc::clone(&asked);
    let fetch = move |window: Window| -> Fetching<u64> {
        let mut asked = record.lock().unwrap();
        let (items, marker) = pages[asked.len()];
        asked.push(window.marker.unwrap_or_default());
        let page = Page { items: items.to_vec(), total: None, marker: marker.map(str::to_owned) };
        Box::pin(std::future::ready(Ok(page)))
    };
    let mut items = Items::new(crate::operations::ALL[0], Style::Marker, Ok(Window::default()), fetch);
    let (mut read, mut error) = (Vec::new(), None);
    while let Some(item) = items.next().await {
        match item {
            Ok(item) => read.push(item),
            Err(reason) => error = Some(reason.to_string()),
        }
    }
    let asked = asked.lock().unwrap().clone();
    (read, asked, error)
}

#[tokio::test]
async fn markers() {
    let (items, asked, error) = read(&[(&[1, 2], Some("b")), (&[3], None)]).await;
    assert_eq!((items, asked, error), (vec![1, 2, 3], vec![String::new(), "b".to_owned()], None));
    // An empty page is the end, whatever it says.
    let (items, asked, error) = read(&[(&[1], Some("b")), (&[], Some("c"))]).await;
    assert_eq!((items, asked.len(), error), (vec![1], 2, None));
    let (items, asked, error) = read(&[(&[1], Some("b")), (&[2], Some("b"))]).await;
    assert_eq!((items, asked.len()), (vec![1], 2));
    assert!(error.is_some_and(|error| error.contains("repeats itself")));
}

#[test]
fn where_the_next_marker_stands() {
    let item = json!({"id": "last"});
    let last = Some((&item, "id"));
    let of = |holder: Value| marker(&holder, &["next_marker"], last);
    assert_eq!(of(json!({"next_marker": "n"})).as_deref(), Some("n"));
    assert_eq!(of(json!([{"next_marker": "n"}])).as_deref(), Some("n"));
    assert_eq!(of(json!(null)).as_deref(), Some("last"));
    assert_eq!(of(json!({})), None);
    assert_eq!(of(json!({"next_marker": ""})), None);
    assert_eq!(marker(&json!(null), &[], None::<(&Value, &str)>), None);
    assert_eq!(marker_of_link("/v2/images?limit=1&marker=a%20b", "marker").as_deref(), Some("a b"));
    assert_eq!(marker_of_link("/v2/images?limit=1", "marker"), None);
}
