//! Sends an IAM token as `X-Auth-Token`, which the official SDKs can't.
//!
//! `HW_AUTH_TOKEN=… cargo run -p ims-api --example token -- cn-north-4 PROJECT_ID IMAGE_ID`

use ims_api::Client;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut next = |what: &str| arguments.next().ok_or(format!("pass {what}"));
    let client = Client::builder()
        .region(next("a region, for example cn-north-4")?.as_str())
        .project_id(next("the id of the token's project")?)
        .token(std::env::var("HW_AUTH_TOKEN").map_err(|_| "set HW_AUTH_TOKEN to an IAM token")?)
        .build()?;
    println!("{} tags", client.list_image_tags().image_id(next("an image id")?).send().await?.tags.len());
    Ok(())
}
