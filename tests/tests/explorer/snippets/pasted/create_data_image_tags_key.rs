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
        .create_data_image()
        .body(
            types::CreateDataImageRequest::builder()
                .description("fedora的数据盘1")
                .image_url("image-test:fedora_data1.qcow2")
                .min_disk(40)
                .name("fedora-data1")
                .os_type("Linux")
                .tags(["aaa.111", "bbb.222"]),
        )
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
