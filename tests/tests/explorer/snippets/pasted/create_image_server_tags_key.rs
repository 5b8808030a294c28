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
            types::ImageFromServer::builder()
                .description("云服务器制作镜像")
                .instance_id("877a2cda-ba63-4e1e-b95f-e67e48b6129a")
                .name("ims_test")
                .tags(["aaa.111", "bbb.333", "ccc.444"]),
        )
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
