//! `ims images …`: one image shown, waited for, changed and deleted.

use ims_tests::server::{Act, Server};
use serde_json::{Value, json};

use super::{IMAGE, Outcome, call, service};

const SOON: [&str; 2] = ["--interval", "0.01"];

/// On the practice service: an image is there until it is deleted.
#[tokio::test]
async fn an_image_until_it_is_gone() -> Outcome {
    let service = service().await?;
    let endpoint = service.endpoint();
    let until = |state: &'static str| [&["images", "wait", IMAGE, "--until", state], &SOON[..]].concat();
    let show = ["images", "show", IMAGE];
    let short = ["--timeout", "0.05"];
    #[rustfmt::skip]
    let cases: Vec<(&str, Vec<&str>, u8, &str, &str)> = vec![
        ("shown", show.to_vec(), 0, IMAGE, ""),
        ("a part of it", [&show[..], &["--query", "id"]].concat(), 0, IMAGE, ""),
        ("usable", until("active"), 0, IMAGE, "image 67e17426-359e-49fb-aa12-0bd1756ec240: active"),
        ("not gone yet", [&until("gone")[..], &short].concat(), 10, "", "wasn't gone within 50ms"),
        ("deleted", [&["images", "delete", IMAGE, "--wait"], &SOON[..]].concat(), 0, "", "not there"),
        ("no longer there", show.to_vec(), 6, "", "there is no image 67e17426"),
        ("gone", until("gone"), 0, "", "not there"),
        ("never usable", until("active"), 12, "", "is not there"),
        ("no id", vec!["images", "show", ""], 2, "", "id is empty"),
        ("nothing to change", vec!["images", "change", IMAGE], 2, "", "no change"),
        ("a change that is none", vec!["images", "change", IMAGE, "--set", "min_ram"], 2, "", "PROPERTY=VALUE"),
    ];
    for (case, args, code, out, err) in cases {
        let ran = call(&endpoint, &args).await;
        assert_eq!(ran.code, code, "{case}: {}{}", ran.out, ran.err);
        assert!(ran.out.contains(out) && ran.out.is_empty() == out.is_empty(), "{case}: {}", ran.out);
        assert!(ran.err.contains(err), "{case}: {}", ran.err);
    }
    Ok(())
}

/// Changes go as replacements in one request; a deletion is only shown where that is asked for.
#[tokio::test]
async fn an_image_is_changed() -> Outcome {
    let server = Server::start(|_| Act::Answer(200, json!({"id": IMAGE, "name": "new"}).to_string())).await?;
    let change = ["images", "change", IMAGE, "--name", "new", "--set", "min_ram=1024", "--remove", "max_ram"];
    let ran = call(&server.endpoint(), &change).await;
    assert_eq!((ran.code, &serde_json::from_str::<Value>(&ran.out)?["name"]), (0, &json!("new")), "{}", ran.err);
    let sent = server.requests().pop().ok_or("nothing was sent")?;
    let changes = json!([
        {"op": "replace", "path": "/name", "value": "new"},
        {"op": "replace", "path": "/min_ram", "value": "1024"},
        {"op": "remove", "path": "/max_ram"},
    ]);
    assert_eq!((sent.method.as_str(), sent.body), ("PATCH", changes));
    let ran = call(&server.endpoint(), &["images", "delete", IMAGE, "--dry-run"]).await;
    assert!(ran.code == 0 && ran.out.starts_with("DELETE "), "{}{}", ran.out, ran.err);
    assert_eq!(server.requests().len(), 1, "a dry run sends nothing");
    Ok(())
}
