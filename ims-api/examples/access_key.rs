//! Signs each request with an access key from the official variables, and says which variable is missing.
//!
//! `HUAWEICLOUD_SDK_AK=… HUAWEICLOUD_SDK_SK=… cargo run -p ims-api --example access_key -- cn-north-4 IMAGE_ID`

use ims_api::credentials::EnvironmentVariables;
use ims_api::{Client, Environment};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let region = arguments.next().ok_or("pass a region, for example cn-north-4")?;
    let image = arguments.next().ok_or("pass an image id")?;
    let client = Client::builder()
        .region(region.as_str())
        .credentials(EnvironmentVariables::new(Environment::process()))
        .build()?;
    println!("{} tags", client.list_image_tags().image_id(image).send().await?.tags.len());
    Ok(())
}
