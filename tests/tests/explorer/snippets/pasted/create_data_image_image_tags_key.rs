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
                .description("fedora的数据盘2")
                .image_tags([
                    types::TagInput::builder().key("aaa").value("111"),
                    types::TagInput::builder().key("bbb").value("222"),
                ])
                .image_url("image-test:fedora_data1.qcow2")
                .min_disk(40)
                .name("fedora-data2")
                .os_type("Linux"),
        )
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
