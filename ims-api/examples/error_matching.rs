//! Tells failures apart: by the document's error table, by what the client saw, by what can be done next.
//!
//! `HW_REGION_NAME=cn-north-4 HW_AUTH_TOKEN=… cargo run -p ims-api --example error_matching -- IMAGE_ID`

use ims_api::{Client, ErrorKind, Failure};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let image = std::env::args().nth(1).ok_or("pass an image id")?;
    let client = Client::from_env()?;
    let error = match client.list_image_tags().image_id(image).send().await {
        Ok(answer) => {
            println!("{} tags", answer.tags.len());
            return Ok(());
        }
        Err(error) => error,
    };
    match (error.kind(), error.failure()) {
        (Some(ErrorKind::NotFound), _) => println!("there is no such image"),
        (Some(ErrorKind::Unauthorized | ErrorKind::Forbidden), _) => println!("not allowed: {error}"),
        (_, Failure::InvalidRequest) => println!("the id is malformed: {error}"),
        _ if error.may_retry() => println!("try again later: {error}"),
        _ => return Err(error.into()),
    }
    if let Some(row) = error.row() {
        println!("{} / {}", row.english, row.chinese);
    }
    Ok(())
}
