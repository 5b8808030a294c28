//! Finds images by their tags, page by page as they are wanted.
//!
//! `HW_REGION_NAME=cn-north-4 HW_AUTH_TOKEN=… cargo run -p ims-api --example find -- stage prod test`

use ims_api::tags::{ImageQuery, TagCondition};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let key = arguments.next().ok_or("pass a tag's key, then the values it may have")?;
    let client = ims_api::Client::from_env()?;
    let query = ImageQuery::new().all_of(TagCondition::one_of(&key, arguments)?)?;
    println!("{} images", query.count(&client).await?);
    let mut images = query.stream(&client);
    while let Some(image) = images.next().await {
        println!("{}", image?.resource_id);
    }
    Ok(())
}
