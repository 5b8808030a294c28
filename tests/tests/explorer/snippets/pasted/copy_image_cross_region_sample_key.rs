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
        .copy_image_cross_region()
        .image_id("465076de-dc36-4aec-80f5-ef9d8009428f")
        .body(
            types::CopyImageCrossRegionRequest::builder()
                .agency_name("ims_copy_image")
                .description("test")
                .name("test-copy-1001-4")
                .project_name("cn-shenzhen-1")
                .region("cn-shenzhen-1"),
        )
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
