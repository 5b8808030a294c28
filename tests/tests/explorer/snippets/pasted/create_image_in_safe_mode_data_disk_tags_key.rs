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
            types::DataImagesFromServer::builder()
                .data_images([
                    types::DataImageFromVolume::builder()
                        .description("云服务器数据卷制作数据盘镜像")
                        .name("ims_data_image_test")
                        .tags(["aaa.111", "bbb.333", "ccc.444"])
                        .volume_id("c5dfbd0c-bf0a-4798-a453-61dc6b54aa30"),
                ]),
        )
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
