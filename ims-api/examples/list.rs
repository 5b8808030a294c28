//! Lists the tags of an image.
//!
//! `HW_REGION_NAME=cn-north-4 HUAWEICLOUD_SDK_AK=… HUAWEICLOUD_SDK_SK=… cargo run -p ims-api --example list -- IMAGE_ID`

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let image = std::env::args().nth(1).ok_or("which image? pass its id as the argument")?;
    let client = ims_api::Client::from_env()?;
    for tag in &client.list_image_tags().image_id(image).send().await?.tags {
        println!("{}={}", tag.key, tag.value);
    }
    Ok(())
}
