//! `--page-all` and `--max-items`: lists of every kind, as one.

use ims_tests::server::{Act, Server};
use serde_json::{Value, json};

use super::{Outcome, PROJECT, call, with_token};

/// All pages are one list, printed while they arrive; an error in the middle is no whole list.
#[tokio::test]
async fn all_pages() -> Outcome {
    let pages = |target: &str| {
        let page = target.split("page=").nth(1).and_then(|page| page.split('&').next()?.parse::<usize>().ok());
        let tags: Vec<String> = (0..7).map(|number| format!("k{number}.v")).collect();
        let page = tags.chunks(3).nth(page.unwrap_or(1) - 1).unwrap_or_default().to_vec();
        Act::Answer(200, json!({"tags": page}).to_string())
    };
    let server = Server::start(move |request| pages(&request.target)).await?;
    let endpoint = server.endpoint();
    let ran = call(&endpoint, &["list-tags", "--page-all", "--limit", "3"]).await;
    let all: Vec<String> = (0..7).map(|number| format!("k{number}.v")).collect();
    assert_eq!((ran.code, serde_json::from_str::<Value>(&ran.out)?), (0, json!({"tags": all})), "{}", ran.err);
    let targets: Vec<String> = server.requests().into_iter().map(|request| request.target).collect();
    assert_eq!(targets.len(), 3, "{targets:?}");
    assert!(targets.iter().all(|target| target.contains("limit=3")), "{targets:?}");
    let ran = call(&endpoint, &["list-tags", "--page-all", "--limit=3", "-o", "tsv"]).await;
    assert_eq!(ran.out.lines().collect::<Vec<_>>(), all);
    let shell = with_token().watched();
    let args = ["--endpoint", &endpoint, "--project-id", PROJECT, "list-tags", "--page-all", "--limit=3", "-o", "tsv"];
    let ran = shell.ims(&args).await;
    assert_eq!(ran.out.lines().count(), 7);
    let is_seven = |line: &&String| line.trim_end() == "7 tags";
    assert!(ran.drawn.iter().any(|line| is_seven(&line)), "progress comes: {:?}", ran.drawn);
    assert!(
        ran.err.is_empty() && ran.drawn.last().is_some_and(|line| line.trim().is_empty()),
        "and goes: {:?}",
        ran.drawn
    );
    let ran = call(&endpoint, &["list-tags", "--page-all", "--limit=3", "--query", "length(tags)"]).await;
    assert_eq!(ran.out, "7\n");

    let ran = call(&endpoint, &["list-tags", "--max-items", "4", "--limit=3"]).await;
    assert_eq!((ran.code, serde_json::from_str::<Value>(&ran.out)?), (0, json!({"tags": all[..4]})), "{}", ran.err);

    let empty = Server::start(|_| Act::Answer(200, r#"{"tags":[]}"#.to_owned())).await?;
    let ran = call(&empty.endpoint(), &["list-tags", "--page-all"]).await;
    assert_eq!((ran.code, serde_json::from_str::<Value>(&ran.out)?), (0, json!({"tags": []})));

    // The place and the size are fields of the body here, and strings.
    let found = |body: &Value| {
        let offset: usize = body["offset"].as_str().and_then(|offset| offset.parse().ok()).unwrap_or(usize::MAX);
        let all: Vec<Value> =
            (0..5).map(|number| json!({"resource_id": format!("i{number}"), "new": number})).collect();
        let page: Vec<&Value> = all.iter().skip(offset).take(2).collect();
        Act::Answer(200, json!({"total_count": all.len(), "resources": page}).to_string())
    };
    let server = Server::start(move |request| found(&request.body)).await?;
    let find = ["list-image-by-tags", "--action", "filter", "--limit", "2", "--page-all"];
    let ran = call(&server.endpoint(), &find).await;
    let found: Value = serde_json::from_str(&ran.out)?;
    assert_eq!(found["resources"].as_array().map(Vec::len), Some(5), "{}", ran.err);
    assert_eq!(found["resources"][4], json!({"resource_id": "i4", "new": 4}), "as the service sends it");

    let count = Server::start(|_| Act::Answer(200, r#"{"total_count":5}"#.to_owned())).await?;
    let ran = call(&count.endpoint(), &["list-image-by-tags", "--action", "count", "--page-all"]).await;
    assert_eq!((ran.code, &*ran.out), (2, ""), "a count is no empty list");
    assert!(ran.err.contains("no resources"), "{}", ran.err);

    let mut left = 2;
    let breaking = Server::start(move |_| {
        left -= 1;
        let tags: Vec<String> = (0..3).map(|number| format!("{left}-{number}")).collect();
        if left > 0 { Act::Answer(200, json!({"tags": tags}).to_string()) } else { Act::Answer(403, String::new()) }
    });
    let breaking = breaking.await?;
    let ran = call(&breaking.endpoint(), &["list-tags", "--page-all", "--limit", "3"]).await;
    assert_eq!(ran.code, 5, "{}", ran.err);
    assert!(
        ran.out.contains("1-2") && serde_json::from_str::<Value>(&ran.out).is_err(),
        "what came is there: {}",
        ran.out
    );
    Ok(())
}

/// What it is about, the arguments, the pages, the exit code and the items.
type Case = (&'static str, &'static [&'static str], Vec<Value>, u8, &'static [&'static str]);

/// Lists by marker end where the answer says so, in both forms, or with an empty page; one that goes round is refused.
#[tokio::test]
async fn pages_by_marker_and_by_link() -> Outcome {
    let images = |ids: &[&str]| ids.iter().map(|id| json!({"id": id})).collect::<Vec<_>>();
    let next = |marker: Value| json!({"next_marker": marker});
    let member = |name: &str| json!({"image_id": "i", "member_id": name});
    #[rustfmt::skip]
    let cases: Vec<Case> = vec![
        ("a marker, then none", &["list-images", "--page-all"],
            vec![json!({"images": images(&["a", "b"]), "page_info": next("b".into())}), json!({"images": images(&["c"]), "page_info": {}})], 0, &["a", "b", "c"]),
        ("a marker, then null", &["list-images", "--page-all"],
            vec![json!({"images": images(&["a"]), "page_info": next("a".into())}), json!({"images": images(&["b"]), "page_info": next(Value::Null)})], 0, &["a", "b"]),
        ("the last item's id, then an empty page", &["list-images", "--page-all"],
            vec![json!({"images": images(&["a", "b"])}), json!({"images": []})], 0, &["a", "b"]),
        ("no more than asked for", &["list-images", "--max-items", "1"],
            vec![json!({"images": images(&["a", "b"])})], 0, &["a"]),
        ("a list of page_info", &["list-image-members", "--image-id", "i", "--page-all"],
            vec![json!({"members": [member("x")], "page_info": [next("m".into())]}), json!({"members": [member("y")], "page_info": []})], 0, &["x", "y"]),
        ("a link", &["glance-list-images", "--page-all"],
            vec![json!({"images": images(&["a"]), "next": "/v2/images?limit=1&marker=a%2Fb"}), json!({"images": images(&["c"])})], 0, &["a", "c"]),
        ("a marker that comes again", &["list-images", "--page-all"],
            vec![json!({"images": images(&["a"]), "page_info": next("m".into())}), json!({"images": images(&["b"]), "page_info": next("m".into())})], 11, &[]),
    ];
    for (case, args, pages, code, found) in cases {
        let mut left = pages.into_iter();
        let server = Server::start(move |_| match left.next() {
            Some(page) => Act::Answer(200, page.to_string()),
            None => Act::Answer(500, String::new()),
        })
        .await?;
        let ran = call(&server.endpoint(), args).await;
        assert_eq!(ran.code, code, "{case}: {}{}", ran.out, ran.err);
        if code == 0 {
            let list: Value = serde_json::from_str(&ran.out)?;
            let list = list.as_object().and_then(|list| list.values().next()).and_then(Value::as_array);
            let ids = list.into_iter().flatten().map(|item| item.get("member_id").or(item.get("id")));
            let ids: Vec<&str> = ids.filter_map(|id| id?.as_str()).collect();
            assert_eq!(ids, found, "{case}");
        }
        for (number, request) in server.requests().iter().enumerate() {
            let has_marker = request.target.contains("marker=");
            assert_eq!(has_marker, number > 0, "{case}: {}", request.target);
            assert!(case != "a link" || number == 0 || request.target.contains("marker=a%2Fb"), "{}", request.target);
        }
    }
    let page = move |request: &str| if request.contains("marker=b") { images(&["c"]) } else { images(&["a", "b"]) };
    let server = Server::start(move |request| {
        let images = page(&request.target);
        Act::Answer(200, json!({"images": images, "page_info": {}}).to_string())
    });
    let server = server.await?;
    let ran = call(&server.endpoint(), &["list-images", "--page-all", "--marker", "b", "--limit", "7"]).await;
    assert!(ran.code == 0 && ran.out.contains("\"c\""), "begins where it is told: {}{}", ran.out, ran.err);
    assert!(server.requests().iter().all(|request| request.target.contains("limit=7")));
    Ok(())
}
