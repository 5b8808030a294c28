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
        .import_image_quick()
        .body(
            types::ImportImageQuickRequest::builder()
                .description("OBS文件制作镜像")
                .image_url("ims-image:centos70.qcow2")
                .min_disk(40)
                .name("ims_test_file")
                .os_type("Linux")
                .tags(["aaa.111", "bbb.333", "ccc.444"])
                .type_("DataImage"),
        )
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
