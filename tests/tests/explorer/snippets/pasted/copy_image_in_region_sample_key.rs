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
        .copy_image_in_region()
        .image_id("465076de-dc36-4aec-80f5-ef9d8009428f")
        .body(
            types::CopyImageInRegionRequest::builder()
                .cmk_id("bd66288c-9081-460a-8227-4cbd0c814cb4")
                .description("test copy")
                .name("ims_encrypted_copy3"),
        )
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
