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
        .create_whole_image()
        .body(
            types::WholeImageFromBackup::builder()
                .backup_id("877a2cda-ba63-4e1e-b95f-e67e48b6129a")
                .description("云服务器备份制作镜像")
                .enterprise_project_id("string")
                .image_tags([
                    types::TagInput::builder().key("key2").value("value2"),
                    types::TagInput::builder().key("key1").value("value1"),
                ])
                .name("instance_whole_image")
                .whole_image_type("CBR"),
        )
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
