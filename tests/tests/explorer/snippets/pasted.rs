// What the explorer's page hands out as Rust, one module for each operation, sample and credential: compiled and
// run by `snippets.rs`. Written by `INSTA_UPDATE=always cargo test -p ims-tests --test explorer`.

pub(crate) mod list_image_tags_token {
// Cargo.toml, under [dependencies]:
//     ims-api = "0.1"
//     tokio = { version = "1", features = ["macros", "rt-multi-thread"] }

use ims_api::Client;

pub(crate) async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder()
        .endpoint(crate::snippets::endpoint().as_str())
        .project_id("fd73a4a14a4a4dfb9771a8475e5198ea")
        .token("practice-token")
        .build()?;
    let answer = client
        .list_image_tags()
        .image_id("67e17426-359e-49fb-aa12-0bd1756ec240")
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
}

pub(crate) mod list_image_tags_key {
// Cargo.toml, under [dependencies]:
//     ims-api = "0.1"
//     tokio = { version = "1", features = ["macros", "rt-multi-thread"] }

use ims_api::Client;

pub(crate) async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder()
        .endpoint(crate::snippets::endpoint().as_str())
        .project_id("fd73a4a14a4a4dfb9771a8475e5198ea")
        .access_key("PRACTICEKEY000000001", "practice-secret-of-key-1")
        .build()?;
    let answer = client
        .list_image_tags()
        .image_id("67e17426-359e-49fb-aa12-0bd1756ec240")
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
}

pub(crate) mod list_image_tags_temporary_key {
// Cargo.toml, under [dependencies]:
//     ims-api = "0.1"
//     tokio = { version = "1", features = ["macros", "rt-multi-thread"] }

use ims_api::credentials::Credentials;
use ims_api::Client;

pub(crate) async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder()
        .endpoint(crate::snippets::endpoint().as_str())
        .project_id("fd73a4a14a4a4dfb9771a8475e5198ea")
        .credentials(
            Credentials::access_key("PRACTICEKEY000000002", "practice-secret-of-key-2")?
                .with_security_token("practice-security-token")?,
        )
        .build()?;
    let answer = client
        .list_image_tags()
        .image_id("67e17426-359e-49fb-aa12-0bd1756ec240")
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
}

pub(crate) mod add_image_tag_sample_key {
// Cargo.toml, under [dependencies]:
//     ims-api = "0.1"
//     tokio = { version = "1", features = ["macros", "rt-multi-thread"] }

use ims_api::{Client, types};

pub(crate) async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder()
        .endpoint(crate::snippets::endpoint().as_str())
        .project_id("fd73a4a14a4a4dfb9771a8475e5198ea")
        .access_key("PRACTICEKEY000000001", "practice-secret-of-key-1")
        .build()?;
    let answer = client
        .add_image_tag()
        .image_id("67e17426-359e-49fb-aa12-0bd1756ec240")
        .body(
            types::AddImageTagRequest::builder()
                .tag(types::TagInput::builder().key("key1").value("value1")),
        )
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
}

pub(crate) mod batch_add_or_delete_tags_create_key {
// Cargo.toml, under [dependencies]:
//     ims-api = "0.1"
//     tokio = { version = "1", features = ["macros", "rt-multi-thread"] }

use ims_api::{Client, types};

pub(crate) async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder()
        .endpoint(crate::snippets::endpoint().as_str())
        .project_id("fd73a4a14a4a4dfb9771a8475e5198ea")
        .access_key("PRACTICEKEY000000001", "practice-secret-of-key-1")
        .build()?;
    let answer = client
        .batch_add_or_delete_tags()
        .image_id("67e17426-359e-49fb-aa12-0bd1756ec240")
        .body(
            types::BatchAddOrDeleteTagsRequest::builder()
                .action("create")
                .tags([
                    types::TagInput::builder().key("key1").value("value1"),
                    types::TagInput::builder().key("key2").value("value2"),
                    types::TagInput::builder().key("key3").value(""),
                ]),
        )
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
}

pub(crate) mod batch_add_or_delete_tags_delete_key {
// Cargo.toml, under [dependencies]:
//     ims-api = "0.1"
//     tokio = { version = "1", features = ["macros", "rt-multi-thread"] }

use ims_api::{Client, types};

pub(crate) async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder()
        .endpoint(crate::snippets::endpoint().as_str())
        .project_id("fd73a4a14a4a4dfb9771a8475e5198ea")
        .access_key("PRACTICEKEY000000001", "practice-secret-of-key-1")
        .build()?;
    let answer = client
        .batch_add_or_delete_tags()
        .image_id("67e17426-359e-49fb-aa12-0bd1756ec240")
        .body(
            types::BatchAddOrDeleteTagsRequest::builder()
                .action("delete")
                .tags([
                    types::TagInput::builder().key("key1").value("value1"),
                    types::TagInput::builder().key("key2").value("value2"),
                    types::TagInput::builder().key("key3").value(""),
                ]),
        )
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
}

pub(crate) mod delete_image_tag_key {
// Cargo.toml, under [dependencies]:
//     ims-api = "0.1"
//     tokio = { version = "1", features = ["macros", "rt-multi-thread"] }

use ims_api::Client;

pub(crate) async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder()
        .endpoint(crate::snippets::endpoint().as_str())
        .project_id("fd73a4a14a4a4dfb9771a8475e5198ea")
        .access_key("PRACTICEKEY000000001", "practice-secret-of-key-1")
        .build()?;
    let answer = client
        .delete_image_tag()
        .image_id("67e17426-359e-49fb-aa12-0bd1756ec240")
        .key("key1")
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
}

pub(crate) mod batch_delete_tags_sample_key {
// Cargo.toml, under [dependencies]:
//     ims-api = "0.1"
//     tokio = { version = "1", features = ["macros", "rt-multi-thread"] }

use ims_api::{Client, types};

pub(crate) async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder()
        .endpoint(crate::snippets::endpoint().as_str())
        .project_id("1bed856811654c1cb661a6ca845ebc77")
        .access_key("PRACTICEKEY000000001", "practice-secret-of-key-1")
        .build()?;
    let answer = client
        .batch_delete_tags()
        .image_id("d164b5df-1bc3-4c3f-893e-3e471fd16e64")
        .body(
            types::BatchDeleteTagsRequest::builder()
                .tags([
                    types::TagToDelete::builder().key("key1").value("value1"),
                    types::TagToDelete::builder().key("key2").value("value2"),
                    types::TagToDelete::builder().key("key3").value(""),
                ]),
        )
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
}

pub(crate) mod list_images_tags_key {
// Cargo.toml, under [dependencies]:
//     ims-api = "0.1"
//     tokio = { version = "1", features = ["macros", "rt-multi-thread"] }

use ims_api::Client;

pub(crate) async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder()
        .endpoint(crate::snippets::endpoint().as_str())
        .project_id("fd73a4a14a4a4dfb9771a8475e5198ea")
        .access_key("PRACTICEKEY000000001", "practice-secret-of-key-1")
        .build()?;
    let answer = client.list_images_tags().send().await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
}

pub(crate) mod list_image_by_tags_filter_key {
// Cargo.toml, under [dependencies]:
//     ims-api = "0.1"
//     tokio = { version = "1", features = ["macros", "rt-multi-thread"] }

use ims_api::{Client, types};

pub(crate) async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder()
        .endpoint(crate::snippets::endpoint().as_str())
        .project_id("fd73a4a14a4a4dfb9771a8475e5198ea")
        .access_key("PRACTICEKEY000000001", "practice-secret-of-key-1")
        .build()?;
    let answer = client
        .list_image_by_tags()
        .body(
            types::ListImageByTagsRequest::builder()
                .action("filter")
                .limit("1")
                .matches([
                    types::ResourceMatch::builder().key("resource_name").value("test100"),
                ])
                .not_tags([types::TagFilter::builder().key("key9").values(["value9"])])
                .not_tags_any([
                    types::TagFilter::builder().key("key7").values(["value7"]),
                ])
                .offset("0")
                .tags([types::TagFilter::builder().key("key3").values(["valueXX"])])
                .tags_any([types::TagFilter::builder().key("key0").values(["valueXX"])]),
        )
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
}

pub(crate) mod list_image_by_tags_count_key {
// Cargo.toml, under [dependencies]:
//     ims-api = "0.1"
//     tokio = { version = "1", features = ["macros", "rt-multi-thread"] }

use ims_api::{Client, types};

pub(crate) async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder()
        .endpoint(crate::snippets::endpoint().as_str())
        .project_id("fd73a4a14a4a4dfb9771a8475e5198ea")
        .access_key("PRACTICEKEY000000001", "practice-secret-of-key-1")
        .build()?;
    let answer = client
        .list_image_by_tags()
        .body(
            types::ListImageByTagsRequest::builder()
                .action("count")
                .matches([
                    types::ResourceMatch::builder().key("resource_name").value("test100"),
                ])
                .not_tags([types::TagFilter::builder().key("key9").values(["value9"])])
                .not_tags_any([
                    types::TagFilter::builder().key("key7").values(["value7"]),
                ])
                .tags([types::TagFilter::builder().key("key3").values(["valueXX"])])
                .tags_any([types::TagFilter::builder().key("key0").values(["valueXX"])]),
        )
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
}

pub(crate) mod list_tags_key {
// Cargo.toml, under [dependencies]:
//     ims-api = "0.1"
//     tokio = { version = "1", features = ["macros", "rt-multi-thread"] }

use ims_api::Client;

pub(crate) async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder()
        .endpoint(crate::snippets::endpoint().as_str())
        .access_key("PRACTICEKEY000000001", "practice-secret-of-key-1")
        .build()?;
    let answer = client.list_tags().limit(5).page(1).send().await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
}

pub(crate) mod create_or_update_tags_tag_key {
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
        .create_or_update_tags()
        .body(
            types::ImageTagString::builder()
                .image_id("62a15f6c-9197-44d2-89c7-708981c1bec1")
                .tag("aaaa.1111"),
        )
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
}

pub(crate) mod create_or_update_tags_image_tag_key {
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
        .create_or_update_tags()
        .body(
            types::ImageTagObject::builder()
                .image_id("67437ebd-2563-46e0-887e-ad1923977fa1")
                .image_tag(types::TagInput::builder().key("key1").value("value1")),
        )
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
}

pub(crate) mod show_job_progress_key {
// Cargo.toml, under [dependencies]:
//     ims-api = "0.1"
//     tokio = { version = "1", features = ["macros", "rt-multi-thread"] }

use ims_api::Client;

pub(crate) async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder()
        .endpoint(crate::snippets::endpoint().as_str())
        .access_key("PRACTICEKEY000000001", "practice-secret-of-key-1")
        .build()?;
    let answer = client
        .show_job_progress()
        .job_id("ff8080814dbd65d7014dbe0d84db0013")
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
}

pub(crate) mod glance_create_tag_key {
// Cargo.toml, under [dependencies]:
//     ims-api = "0.1"
//     tokio = { version = "1", features = ["macros", "rt-multi-thread"] }

use ims_api::Client;

pub(crate) async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder()
        .endpoint(crate::snippets::endpoint().as_str())
        .access_key("PRACTICEKEY000000001", "practice-secret-of-key-1")
        .build()?;
    let answer = client
        .glance_create_tag()
        .image_id("67e17426-359e-49fb-aa12-0bd1756ec240")
        .tag("test")
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
}

pub(crate) mod glance_delete_tag_key {
// Cargo.toml, under [dependencies]:
//     ims-api = "0.1"
//     tokio = { version = "1", features = ["macros", "rt-multi-thread"] }

use ims_api::Client;

pub(crate) async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder()
        .endpoint(crate::snippets::endpoint().as_str())
        .access_key("PRACTICEKEY000000001", "practice-secret-of-key-1")
        .build()?;
    let answer = client
        .glance_delete_tag()
        .image_id("67e17426-359e-49fb-aa12-0bd1756ec240")
        .tag("test")
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
}

#[rustfmt::skip]
pub(crate) async fn all() {
    crate::snippets::run("list_image_tags_token", Box::pin(list_image_tags_token::main())).await;
    crate::snippets::run("list_image_tags_key", Box::pin(list_image_tags_key::main())).await;
    crate::snippets::run("list_image_tags_temporary_key", Box::pin(list_image_tags_temporary_key::main())).await;
    crate::snippets::run("add_image_tag_sample_key", Box::pin(add_image_tag_sample_key::main())).await;
    crate::snippets::run("batch_add_or_delete_tags_create_key", Box::pin(batch_add_or_delete_tags_create_key::main())).await;
    crate::snippets::run("batch_add_or_delete_tags_delete_key", Box::pin(batch_add_or_delete_tags_delete_key::main())).await;
    crate::snippets::run("delete_image_tag_key", Box::pin(delete_image_tag_key::main())).await;
    crate::snippets::run("batch_delete_tags_sample_key", Box::pin(batch_delete_tags_sample_key::main())).await;
    crate::snippets::run("list_images_tags_key", Box::pin(list_images_tags_key::main())).await;
    crate::snippets::run("list_image_by_tags_filter_key", Box::pin(list_image_by_tags_filter_key::main())).await;
    crate::snippets::run("list_image_by_tags_count_key", Box::pin(list_image_by_tags_count_key::main())).await;
    crate::snippets::run("list_tags_key", Box::pin(list_tags_key::main())).await;
    crate::snippets::run("create_or_update_tags_tag_key", Box::pin(create_or_update_tags_tag_key::main())).await;
    crate::snippets::run("create_or_update_tags_image_tag_key", Box::pin(create_or_update_tags_image_tag_key::main())).await;
    crate::snippets::run("show_job_progress_key", Box::pin(show_job_progress_key::main())).await;
    crate::snippets::run("glance_create_tag_key", Box::pin(glance_create_tag_key::main())).await;
    crate::snippets::run("glance_delete_tag_key", Box::pin(glance_delete_tag_key::main())).await;
}
