//! Tells failures apart, and tries again where that is safe.
//!
//! `HW_REGION_NAME=cn-north-4 HW_AUTH_TOKEN=… cargo run -p ims-api --example match_errors -- IMAGE_ID`

use std::time::Duration;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let image = std::env::args().nth(1).ok_or("pass an image id")?;
    let client = ims_api::Client::from_env()?;
    loop {
        match client.list_image_tags().image_id(image.as_str()).send().await {
            Ok(answer) => break println!("{} tags", answer.tags.len()),
            Err(error) if error.is_not_found() => break println!("there is no such image"),
            // The client has tried again already; whoever has more time than a call may go on.
            Err(error) if error.may_retry() => {
                eprintln!("{error}");
                tokio::time::sleep(error.retry_after().unwrap_or(Duration::from_secs(30))).await;
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}
