// Cargo.toml, under [dependencies]:
//     ims-api = "0.1"
//     tokio = { version = "1", features = ["macros", "rt-multi-thread"] }

use ims_api::{Client, types};

pub(crate) async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder()
        .endpoint(crate::snippets::endpoint().as_str())
        .project_id("1bed856811654c1cb661a6ca845ebc77")
        .access_key("PRACTICEKEY000000001", "practice-secret-of-key-1")
        .build()?;
    let answer = client
        .batch_delete_tags()
        .image_id("d164b5df-1bc3-4c3f-893e-3e471fd16e64")
        .body(
            types::BatchDeleteTagsRequest::builder()
                .tags([
                    types::TagToDelete::builder().key("key1").value("value1"),
                    types::TagToDelete::builder().key("key2").value("value2"),
                    types::TagToDelete::builder().key("key3").value(""),
                ]),
        )
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
