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
        .create_image_in_safe_mode()
        .body(
            types::ImageFromVolume::builder()
                .description("数据卷制作系统盘镜像")
                .image_tags([
                    types::TagInput::builder().key("key2").value("value2"),
                    types::TagInput::builder().key("key1").value("value1"),
                ])
                .name("ims_test")
                .os_version("CentOS 7.0 64bit")
                .type_("ECS")
                .volume_id("877a2cda-ba63-4e1e-b95f-e67e48b6129a"),
        )
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
