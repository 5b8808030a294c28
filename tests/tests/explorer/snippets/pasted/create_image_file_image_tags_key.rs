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
        .create_image()
        .body(
            types::ImageFromFile::builder()
                .description("OBS文件制作镜像")
                .image_tags([
                    types::TagInput::builder().key("key2").value("value2"),
                    types::TagInput::builder().key("key1").value("value1"),
                ])
                .image_url("ims-image:centos70.qcow2")
                .is_config_init(true)
                .min_disk(40)
                .name("ims_test_file")
                .os_version("CentOS 7.0 64bit"),
        )
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
