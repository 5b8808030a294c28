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
        .batch_delete_members()
        .body(
            types::BatchMembersRequest::builder()
                .images([
                    "d164b5df-1bc3-4c3f-893e-3e471fd16e64",
                    "0b680482-acaa-4045-b14c-9a8c7dfe9c70",
                ])
                .projects([
                    "9c61004714024f9586705d090530f9fa",
                    "edc89b490d7d4392898e19b2deb34797",
                ]),
        )
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
