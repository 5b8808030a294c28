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
        .export_image()
        .image_id("d164b5df-1bc3-4c3f-893e-3e471fd16e64")
        .body(
            types::ExportInFormat::builder()
                .bucket_url("ims-image:centos7_5.qcow2")
                .file_format("qcow2")
                .is_quick_export(false),
        )
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
