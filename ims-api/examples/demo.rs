//! The client against a server that behaves as the document says; `cargo xtask demo` starts both.
//!
//! Reads `IMS_DEMO_ENDPOINT`, `IMS_DEMO_TOKEN`, `IMS_DEMO_PROJECT`, `IMS_DEMO_IMAGE` and `IMS_DEMO_ANSWER`, the answer
//! that the document promises. Fails if any answer differs from the document.

use std::env;
use std::error::Error;

use ims_api::{Client, Retry, operations};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let image = variable("IMS_DEMO_IMAGE")?;
    let promised: serde_json::Value = serde_json::from_str(&variable("IMS_DEMO_ANSWER")?)?;

    let answer = client(None)?.list_image_tags().image_id(image.as_str()).send().await?;
    println!("The answer, as typed values:\n");
    println!("  {} request id {}", answer.status(), answer.request_id().unwrap_or("none"));
    for tag in &answer.tags {
        println!("  ResourceTag {{ key: {:?}, value: {:?} }}", tag.key, tag.value);
    }
    if serde_json::to_value(&*answer)? != promised {
        return Err(format!("the answer differs from the document's sample: {promised}").into());
    }

    println!("\nEvery row of the error table, as the error you would catch:\n");
    for row in operations::LIST_IMAGE_TAGS.errors {
        let refused = client(Some(row.status))?.list_image_tags().image_id(image.as_str()).send().await;
        let error = refused.err().ok_or_else(|| format!("{} was answered as success", row.status))?;
        if (error.status(), error.row()) != (Some(row.status), Some(row)) {
            return Err(format!("{} arrived as something else: {error}", row.status).into());
        }
        println!("  {} {} -> Some(ErrorKind::{:?})", row.status, row.reason, row.kind);
        println!("      {} {}", row.english, row.chinese);
        let later = if error.may_retry() { "yes" } else { "no" };
        println!("      code {}, retry later: {later}", error.code().unwrap_or("none"));
    }
    Ok(())
}

/// A client for the demo's server; with a status, the server is asked for that row of the error table.
fn client(row: Option<u16>) -> Result<Client, Box<dyn Error>> {
    let client = Client::builder()
        .endpoint(variable("IMS_DEMO_ENDPOINT")?.as_str())
        .token(variable("IMS_DEMO_TOKEN")?)
        .project_id(variable("IMS_DEMO_PROJECT")?)
        // Each row is to be seen as it comes, not what a second attempt makes of it.
        .retry(Retry::off());
    Ok(match row {
        Some(status) => client.header("Prefer", &format!("code={status}")),
        None => client,
    }
    .build()?)
}

fn variable(name: &str) -> Result<String, String> {
    env::var(name).map_err(|_| format!("{name} is not set: run `cargo xtask demo`, which sets it"))
}
