//! Makes the tags of an image what they should be, and says before what that takes.
//!
//! `HW_REGION_NAME=cn-north-4 HW_AUTH_TOKEN=… cargo run -p ims-api --example write -- IMAGE_ID stage=prod team=images`

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let image = arguments.next().ok_or("pass an image id, then tags as key=value")?;
    let tags: Vec<String> = arguments.collect();
    let tags = tags.iter().map(|tag| tag.split_once('=').unwrap_or((tag, "")));

    let client = ims_api::Client::from_env()?;
    let wish = client.ensure_tags(&image, tags).keep_others();
    println!("{}", wish.plan().await?);
    println!("{} calls made", wish.apply().await?.done.len());
    Ok(())
}
