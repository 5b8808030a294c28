// Cargo.toml, under [dependencies]:
//     ims-api = "0.1"
//     tokio = { version = "1", features = ["macros", "rt-multi-thread"] }
//     serde_json = "1"

use ims_api::{Client, types};

pub(crate) async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder()
        .endpoint(crate::snippets::endpoint().as_str())
        .access_key("PRACTICEKEY000000001", "practice-secret-of-key-1")
        .build()?;
    let answer = client
        .glance_create_image_metadata()
        .body(
            serde_json::from_str::<
                types::GlanceCreateImageMetadataRequest,
            >(
                "{\"__os_version\":\"Ubuntu 14.04 server 64bit\",\"container_format\":\"bare\",\"disk_format\":\"vhd\",\"min_disk\":1,\"min_ram\":1024,\"name\":\"test\",\"tags\":[\"test\",\"image\"],\"visibility\":\"private\",\"protected\":false,\"aaaa\":\"11111\"}",
            )?,
        )
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
