// Cargo.toml, under [dependencies]:
//     ims-api = "0.1"
//     tokio = { version = "1", features = ["macros", "rt-multi-thread"] }

use ims_api::{Client, types};

pub(crate) async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder()
        .endpoint(crate::snippets::endpoint().as_str())
        .access_key("PRACTICEKEY000000001", "practice-secret-of-key-1")
        .build()?;
    let answer = client
        .glance_delete_image()
        .image_id("4ca46bf1-5c61-48ff-b4f3-0ad4e5e3ba90")
        .body(types::GlanceDeleteImageRequest::builder().delete_backup(true))
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
