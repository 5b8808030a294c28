// What the explorer's page hands out as Rust, one module for each operation, sample and credential: compiled and
// run by `snippets.rs`. Written by `INSTA_UPDATE=always cargo test -p ims-tests --test explorer`.

pub(crate) mod list_images_key {
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
        .list_images()
        .image_type("gold")
        .limit(1)
        .sort_key("name")
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
}

pub(crate) mod update_image_sample_key {
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
        .update_image()
        .image_id("33ad552d-1149-471c-8190-ff6776174a00")
        .body([
            types::ImageChange::builder().op("replace").path("/name").value("ims_test"),
        ])
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
}

pub(crate) mod create_image_server_tags_key {
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
}

pub(crate) mod create_image_server_image_tags_key {
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
                .image_tags([
                    types::TagInput::builder().key("key2").value("value2"),
                    types::TagInput::builder().key("key1").value("value1"),
                ])
                .instance_id("877a2cda-ba63-4e1e-b95f-e67e48b6129a")
                .name("ims_test"),
        )
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
}

pub(crate) mod create_image_data_disk_image_tags_key {
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
            types::DataImagesFromServer::builder()
                .data_images([
                    types::DataImageFromVolume::builder()
                        .description("云服务器数据卷制作数据盘镜像")
                        .image_tags([
                            types::TagInput::builder().key("key2").value("value2"),
                            types::TagInput::builder().key("key1").value("value1"),
                        ])
                        .name("ims_data_image_test")
                        .volume_id("c5dfbd0c-bf0a-4798-a453-61dc6b54aa30"),
                ]),
        )
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
}

pub(crate) mod create_image_file_with_data_disk_key {
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
                .data_images([
                    types::DataImageFromFile::builder()
                        .image_url("ims-image:data.qcow2")
                        .min_disk(100),
                ])
                .image_url("ims-image:centos70.qcow2")
                .min_disk(40)
                .name("ims_test_file")
                .os_version("CentOS 7.0 64bit"),
        )
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
}

pub(crate) mod create_image_file_tags_key {
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
                .image_url("ims-image:centos70.qcow2")
                .is_config(true)
                .is_config_init(true)
                .min_disk(40)
                .name("ims_test_file")
                .os_version("CentOS 7.0 64bit")
                .tags(["aaa.111", "bbb.333", "ccc.444"]),
        )
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
}

pub(crate) mod create_image_data_disk_tags_key {
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
}

pub(crate) mod create_image_file_image_tags_key {
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
}

pub(crate) mod create_image_volume_image_tags_key {
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
}

pub(crate) mod create_image_volume_tags_key {
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
            types::ImageFromVolume::builder()
                .description("数据卷制作系统盘镜像")
                .name("ims_test")
                .os_version("CentOS 7.0 64bit")
                .tags(["aaa.111", "bbb.333", "ccc.444"])
                .type_("ECS")
                .volume_id("877a2cda-ba63-4e1e-b95f-e67e48b6129a"),
        )
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
}

pub(crate) mod create_image_in_safe_mode_server_tags_key {
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
}

pub(crate) mod create_image_in_safe_mode_server_image_tags_key {
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
            types::ImageFromServer::builder()
                .description("云服务器制作镜像")
                .image_tags([
                    types::TagInput::builder().key("key2").value("value2"),
                    types::TagInput::builder().key("key1").value("value1"),
                ])
                .instance_id("877a2cda-ba63-4e1e-b95f-e67e48b6129a")
                .name("ims_test"),
        )
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
}

pub(crate) mod create_image_in_safe_mode_data_disk_image_tags_key {
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
                        .image_tags([
                            types::TagInput::builder().key("key2").value("value2"),
                            types::TagInput::builder().key("key1").value("value1"),
                        ])
                        .name("ims_data_image_test")
                        .volume_id("c5dfbd0c-bf0a-4798-a453-61dc6b54aa30"),
                ]),
        )
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
}

pub(crate) mod create_image_in_safe_mode_file_tags_key {
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
            types::ImageFromFile::builder()
                .description("OBS文件制作镜像")
                .image_url("ims-image:centos70.qcow2")
                .is_config(true)
                .is_config_init(true)
                .min_disk(40)
                .name("ims_test_file")
                .os_version("CentOS 7.0 64bit")
                .tags(["aaa.111", "bbb.333", "ccc.444"]),
        )
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
}

pub(crate) mod create_image_in_safe_mode_data_disk_tags_key {
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
}

pub(crate) mod create_image_in_safe_mode_file_image_tags_key {
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
}

pub(crate) mod create_image_in_safe_mode_volume_image_tags_key {
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
}

pub(crate) mod create_image_in_safe_mode_volume_tags_key {
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
                .name("ims_test")
                .os_version("CentOS 7.0 64bit")
                .tags(["aaa.111", "bbb.333", "ccc.444"])
                .type_("ECS")
                .volume_id("877a2cda-ba63-4e1e-b95f-e67e48b6129a"),
        )
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
}

pub(crate) mod import_image_quick_system_disk_key {
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
                .image_url("ims-image:centos70.zvhd2")
                .min_disk(40)
                .name("ims_test_file")
                .os_version("CentOS 7.0 64bit")
                .tags(["aaa.111", "bbb.333", "ccc.444"])
                .type_("ECS"),
        )
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
}

pub(crate) mod import_image_quick_data_disk_key {
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
}

pub(crate) mod import_image_quick_in_safe_mode_system_disk_key {
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
        .import_image_quick_in_safe_mode()
        .body(
            types::ImportImageQuickRequest::builder()
                .description("OBS文件制作镜像")
                .image_url("ims-image:centos70.zvhd2")
                .min_disk(40)
                .name("ims_test_file")
                .os_version("CentOS 7.0 64bit")
                .tags(["aaa.111", "bbb.333", "ccc.444"])
                .type_("ECS"),
        )
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
}

pub(crate) mod import_image_quick_in_safe_mode_data_disk_key {
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
        .import_image_quick_in_safe_mode()
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
}

pub(crate) mod create_data_image_tags_key {
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
                .description("fedora的数据盘1")
                .image_url("image-test:fedora_data1.qcow2")
                .min_disk(40)
                .name("fedora-data1")
                .os_type("Linux")
                .tags(["aaa.111", "bbb.222"]),
        )
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
}

pub(crate) mod create_data_image_image_tags_key {
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
}

pub(crate) mod create_data_image_in_safe_mode_tags_key {
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
        .create_data_image_in_safe_mode()
        .body(
            types::CreateDataImageRequest::builder()
                .description("fedora的数据盘1")
                .image_url("image-test:fedora_data1.qcow2")
                .min_disk(40)
                .name("fedora-data1")
                .os_type("Linux")
                .tags(["aaa.111", "bbb.222"]),
        )
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
}

pub(crate) mod create_data_image_in_safe_mode_image_tags_key {
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
        .create_data_image_in_safe_mode()
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
}

pub(crate) mod create_whole_image_backup_image_tags_key {
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
}

pub(crate) mod create_whole_image_server_tags_key {
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
            types::WholeImageFromServer::builder()
                .description("云服务器制作镜像")
                .instance_id("877a2cda-ba63-4e1e-b95f-e67e48b6129a")
                .name("instance_whole_image")
                .tags(["aaa.111", "bbb.333", "ccc.444"])
                .vault_id("de9fcf45-11b2-432c-8562-5c5428574600"),
        )
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
}

pub(crate) mod create_whole_image_server_image_tags_key {
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
            types::WholeImageFromServer::builder()
                .description("云服务器制作镜像")
                .image_tags([
                    types::TagInput::builder().key("key2").value("value2"),
                    types::TagInput::builder().key("key1").value("value1"),
                ])
                .instance_id("877a2cda-ba63-4e1e-b95f-e67e48b6129a")
                .name("instance_whole_image")
                .vault_id("de9fcf45-11b2-432c-8562-5c5428574600"),
        )
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
}

pub(crate) mod create_whole_image_backup_tags_key {
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
                .name("instance_whole_image")
                .tags(["string"])
                .whole_image_type("CBR"),
        )
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
}

pub(crate) mod register_image_sample_key {
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
        .register_image()
        .image_id("4ca46bf1-5c61-48ff-b4f3-0ad4e5e3ba86")
        .body(
            types::RegisterImageRequest::builder()
                .image_url("bucketname:Centos6.5-disk1.vmdk"),
        )
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
}

pub(crate) mod batch_update_members_status_key {
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
        .batch_update_members()
        .body(
            types::BatchUpdateMembersRequest::builder()
                .images([
                    "d164b5df-1bc3-4c3f-893e-3e471fd16e64",
                    "0b680482-acaa-4045-b14c-9a8c7dfe9c70",
                ])
                .project_id("edc89b490d7d4392898e19b2deb34797")
                .status("accepted"),
        )
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
}

pub(crate) mod batch_update_members_vault_id_key {
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
        .batch_update_members()
        .body(
            types::BatchUpdateMembersRequest::builder()
                .images([
                    "d164b5df-1bc3-4c3f-893e-3e471fd16e64",
                    "0b680482-acaa-4045-b14c-9a8c7dfe9c70",
                ])
                .project_id("edc89b490d7d4392898e19b2deb34797")
                .status("accepted")
                .vault_id("d14r5tef-1bc3-4c4f-823e-3e471rg65e65"),
        )
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
}

pub(crate) mod batch_add_members_sample_key {
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
        .batch_add_members()
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
}

pub(crate) mod batch_delete_members_sample_key {
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
}

pub(crate) mod list_image_members_key {
// Cargo.toml, under [dependencies]:
//     ims-api = "0.1"
//     tokio = { version = "1", features = ["macros", "rt-multi-thread"] }

use ims_api::Client;

pub(crate) async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder()
        .endpoint(crate::snippets::endpoint().as_str())
        .project_id("1bed856811654c1cb661a6ca845ebc77")
        .access_key("PRACTICEKEY000000001", "practice-secret-of-key-1")
        .build()?;
    let answer = client
        .list_image_members()
        .image_id("d164b5df-1bc3-4c3f-893e-3e471fd16e64")
        .limit(1)
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
}

pub(crate) mod show_image_member_key {
// Cargo.toml, under [dependencies]:
//     ims-api = "0.1"
//     tokio = { version = "1", features = ["macros", "rt-multi-thread"] }

use ims_api::Client;

pub(crate) async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder()
        .endpoint(crate::snippets::endpoint().as_str())
        .project_id("1bed856811654c1cb661a6ca845ebc77")
        .access_key("PRACTICEKEY000000001", "practice-secret-of-key-1")
        .build()?;
    let answer = client
        .show_image_member()
        .image_id("d164b5df-1bc3-4c3f-893e-3e471fd16e64")
        .member_id("edc89b490d7d4392898e19b2deb34797")
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
}

pub(crate) mod copy_image_in_region_sample_key {
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
        .copy_image_in_region()
        .image_id("465076de-dc36-4aec-80f5-ef9d8009428f")
        .body(
            types::CopyImageInRegionRequest::builder()
                .cmk_id("bd66288c-9081-460a-8227-4cbd0c814cb4")
                .description("test copy")
                .name("ims_encrypted_copy3"),
        )
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
}

pub(crate) mod copy_image_in_region_in_safe_mode_sample_key {
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
        .copy_image_in_region_in_safe_mode()
        .image_id("465076de-dc36-4aec-80f5-ef9d8009428f")
        .body(
            types::CopyImageInRegionRequest::builder()
                .cmk_id("bd66288c-9081-460a-8227-4cbd0c814cb4")
                .description("test copy")
                .name("ims_encrypted_copy3"),
        )
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
}

pub(crate) mod copy_image_cross_region_sample_key {
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
        .copy_image_cross_region()
        .image_id("465076de-dc36-4aec-80f5-ef9d8009428f")
        .body(
            types::CopyImageCrossRegionRequest::builder()
                .agency_name("ims_copy_image")
                .description("test")
                .name("test-copy-1001-4")
                .project_name("cn-shenzhen-1")
                .region("cn-shenzhen-1"),
        )
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
}

pub(crate) mod export_image_format_key {
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
                .file_format("qcow2"),
        )
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
}

pub(crate) mod export_image_format_not_quick_key {
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
}

pub(crate) mod export_image_quick_key {
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
            types::ExportQuickly::builder()
                .bucket_url("ims-image:centos7_5.zvhd2")
                .is_quick_export(true),
        )
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
}

pub(crate) mod export_image_in_safe_mode_format_key {
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
        .export_image_in_safe_mode()
        .image_id("d164b5df-1bc3-4c3f-893e-3e471fd16e64")
        .body(
            types::ExportInFormat::builder()
                .bucket_url("ims-image:centos7_5.qcow2")
                .file_format("qcow2"),
        )
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
}

pub(crate) mod export_image_in_safe_mode_format_not_quick_key {
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
        .export_image_in_safe_mode()
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
}

pub(crate) mod export_image_in_safe_mode_quick_key {
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
        .export_image_in_safe_mode()
        .image_id("d164b5df-1bc3-4c3f-893e-3e471fd16e64")
        .body(
            types::ExportQuickly::builder()
                .bucket_url("ims-image:centos7_5.zvhd2")
                .is_quick_export(true),
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

pub(crate) mod show_job_key {
// Cargo.toml, under [dependencies]:
//     ims-api = "0.1"
//     tokio = { version = "1", features = ["macros", "rt-multi-thread"] }

use ims_api::Client;

pub(crate) async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder()
        .endpoint(crate::snippets::endpoint().as_str())
        .project_id("ac234de25c6741d2b1273da49eea1b9e")
        .access_key("PRACTICEKEY000000001", "practice-secret-of-key-1")
        .build()?;
    let answer = client
        .show_job()
        .job_id("ff8080814dbd65d7014dbe0d84db0013")
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
}

pub(crate) mod show_image_quota_key {
// Cargo.toml, under [dependencies]:
//     ims-api = "0.1"
//     tokio = { version = "1", features = ["macros", "rt-multi-thread"] }

use ims_api::Client;

pub(crate) async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder()
        .endpoint(crate::snippets::endpoint().as_str())
        .access_key("PRACTICEKEY000000001", "practice-secret-of-key-1")
        .build()?;
    let answer = client.show_image_quota().send().await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
}

pub(crate) mod list_os_versions_key {
// Cargo.toml, under [dependencies]:
//     ims-api = "0.1"
//     tokio = { version = "1", features = ["macros", "rt-multi-thread"] }

use ims_api::Client;

pub(crate) async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder()
        .endpoint(crate::snippets::endpoint().as_str())
        .access_key("PRACTICEKEY000000001", "practice-secret-of-key-1")
        .build()?;
    let answer = client.list_os_versions().tag("uefi").send().await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
}

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
        .image_id("4ca46bf1-5c61-48ff-b4f3-0ad4e5e3ba90")
        .tag("aaaa")
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
        .image_id("4ca46bf1-5c61-48ff-b4f3-0ad4e5e3ba90")
        .tag("aaaa")
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
}

pub(crate) mod glance_list_images_key {
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
        .glance_list_images()
        .image_type("gold")
        .protected(true)
        .visibility("public")
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
}

pub(crate) mod glance_create_image_metadata_sample_key {
// Cargo.toml, under [dependencies]:
//     ims-api = "0.1"
//     tokio = { version = "1", features = ["macros", "rt-multi-thread"] }
//     serde_json = "1"

use ims_api::{Client, types};

pub(crate) async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder()
        .endpoint(crate::snippets::endpoint().as_str())
        .access_key("PRACTICEKEY000000001", "practice-secret-of-key-1")
        .build()?;
    let answer = client
        .glance_create_image_metadata()
        .body(
            serde_json::from_str::<
                types::GlanceCreateImageMetadataRequest,
            >(
                "{\"__os_version\":\"Ubuntu 14.04 server 64bit\",\"container_format\":\"bare\",\"disk_format\":\"vhd\",\"min_disk\":1,\"min_ram\":1024,\"name\":\"test\",\"tags\":[\"test\",\"image\"],\"visibility\":\"private\",\"protected\":false,\"aaaa\":\"11111\"}",
            )?,
        )
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
}

pub(crate) mod glance_show_image_key {
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
        .glance_show_image()
        .image_id("33ad552d-1149-471c-8190-ff6776174a00")
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
}

pub(crate) mod glance_delete_image_sample_key {
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
        .glance_delete_image()
        .image_id("4ca46bf1-5c61-48ff-b4f3-0ad4e5e3ba90")
        .body(types::GlanceDeleteImageRequest::builder().delete_backup(true))
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
}

pub(crate) mod glance_update_image_sample_key {
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
        .glance_update_image()
        .image_id("33ad552d-1149-471c-8190-ff6776174a00")
        .body([
            types::ImageChange::builder().op("replace").path("/name").value("test01"),
        ])
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
}

pub(crate) mod glance_list_image_members_key {
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
        .glance_list_image_members()
        .image_id("d164b5df-1bc3-4c3f-893e-3e471fd16e64")
        .limit(1)
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
}

pub(crate) mod glance_add_image_member_sample_key {
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
        .glance_add_image_member()
        .image_id("d164b5df-1bc3-4c3f-893e-3e471fd16e64")
        .body(
            types::GlanceAddImageMemberRequest::builder()
                .member("edc89b490d7d4392898e19b2deb34797"),
        )
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
}

pub(crate) mod glance_show_image_member_key {
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
        .glance_show_image_member()
        .image_id("d164b5df-1bc3-4c3f-893e-3e471fd16e64")
        .member_id("edc89b490d7d4392898e19b2deb34797")
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
}

pub(crate) mod glance_update_image_member_sample_key {
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
        .glance_update_image_member()
        .image_id("d164b5df-1bc3-4c3f-893e-3e471fd16e64")
        .member_id("edc89b490d7d4392898e19b2deb34797")
        .body(types::GlanceUpdateImageMemberRequest::builder().status("accepted"))
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
}

pub(crate) mod glance_delete_image_member_key {
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
        .glance_delete_image_member()
        .image_id("d164b5df-1bc3-4c3f-893e-3e471fd16e64")
        .member_id("edc89b490d7d4392898e19b2deb34797")
        .send()
        .await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
}

pub(crate) mod glance_show_image_schemas_key {
// Cargo.toml, under [dependencies]:
//     ims-api = "0.1"
//     tokio = { version = "1", features = ["macros", "rt-multi-thread"] }

use ims_api::Client;

pub(crate) async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder()
        .endpoint(crate::snippets::endpoint().as_str())
        .access_key("PRACTICEKEY000000001", "practice-secret-of-key-1")
        .build()?;
    let answer = client.glance_show_image_schemas().send().await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
}

pub(crate) mod glance_list_image_schemas_key {
// Cargo.toml, under [dependencies]:
//     ims-api = "0.1"
//     tokio = { version = "1", features = ["macros", "rt-multi-thread"] }

use ims_api::Client;

pub(crate) async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder()
        .endpoint(crate::snippets::endpoint().as_str())
        .access_key("PRACTICEKEY000000001", "practice-secret-of-key-1")
        .build()?;
    let answer = client.glance_list_image_schemas().send().await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
}

pub(crate) mod glance_show_image_member_schemas_key {
// Cargo.toml, under [dependencies]:
//     ims-api = "0.1"
//     tokio = { version = "1", features = ["macros", "rt-multi-thread"] }

use ims_api::Client;

pub(crate) async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder()
        .endpoint(crate::snippets::endpoint().as_str())
        .access_key("PRACTICEKEY000000001", "practice-secret-of-key-1")
        .build()?;
    let answer = client.glance_show_image_member_schemas().send().await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
}

pub(crate) mod glance_list_image_member_schemas_key {
// Cargo.toml, under [dependencies]:
//     ims-api = "0.1"
//     tokio = { version = "1", features = ["macros", "rt-multi-thread"] }

use ims_api::Client;

pub(crate) async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder()
        .endpoint(crate::snippets::endpoint().as_str())
        .access_key("PRACTICEKEY000000001", "practice-secret-of-key-1")
        .build()?;
    let answer = client.glance_list_image_member_schemas().send().await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
}

pub(crate) mod list_versions_key {
// Cargo.toml, under [dependencies]:
//     ims-api = "0.1"
//     tokio = { version = "1", features = ["macros", "rt-multi-thread"] }

use ims_api::Client;

pub(crate) async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder()
        .endpoint(crate::snippets::endpoint().as_str())
        .access_key("PRACTICEKEY000000001", "practice-secret-of-key-1")
        .build()?;
    let answer = client.list_versions().send().await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
}

pub(crate) mod show_version_key {
// Cargo.toml, under [dependencies]:
//     ims-api = "0.1"
//     tokio = { version = "1", features = ["macros", "rt-multi-thread"] }

use ims_api::Client;

pub(crate) async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder()
        .endpoint(crate::snippets::endpoint().as_str())
        .access_key("PRACTICEKEY000000001", "practice-secret-of-key-1")
        .build()?;
    let answer = client.show_version().version("v2.0").send().await?;
    println!("{} {:#?}", answer.status(), answer.into_inner());
    Ok(())
}
}

#[rustfmt::skip]
pub(crate) async fn all() {
    crate::snippets::run("list_images_key", Box::pin(list_images_key::main())).await;
    crate::snippets::run("update_image_sample_key", Box::pin(update_image_sample_key::main())).await;
    crate::snippets::run("create_image_server_tags_key", Box::pin(create_image_server_tags_key::main())).await;
    crate::snippets::run("create_image_server_image_tags_key", Box::pin(create_image_server_image_tags_key::main())).await;
    crate::snippets::run("create_image_data_disk_image_tags_key", Box::pin(create_image_data_disk_image_tags_key::main())).await;
    crate::snippets::run("create_image_file_with_data_disk_key", Box::pin(create_image_file_with_data_disk_key::main())).await;
    crate::snippets::run("create_image_file_tags_key", Box::pin(create_image_file_tags_key::main())).await;
    crate::snippets::run("create_image_data_disk_tags_key", Box::pin(create_image_data_disk_tags_key::main())).await;
    crate::snippets::run("create_image_file_image_tags_key", Box::pin(create_image_file_image_tags_key::main())).await;
    crate::snippets::run("create_image_volume_image_tags_key", Box::pin(create_image_volume_image_tags_key::main())).await;
    crate::snippets::run("create_image_volume_tags_key", Box::pin(create_image_volume_tags_key::main())).await;
    crate::snippets::run("create_image_in_safe_mode_server_tags_key", Box::pin(create_image_in_safe_mode_server_tags_key::main())).await;
    crate::snippets::run("create_image_in_safe_mode_server_image_tags_key", Box::pin(create_image_in_safe_mode_server_image_tags_key::main())).await;
    crate::snippets::run("create_image_in_safe_mode_data_disk_image_tags_key", Box::pin(create_image_in_safe_mode_data_disk_image_tags_key::main())).await;
    crate::snippets::run("create_image_in_safe_mode_file_tags_key", Box::pin(create_image_in_safe_mode_file_tags_key::main())).await;
    crate::snippets::run("create_image_in_safe_mode_data_disk_tags_key", Box::pin(create_image_in_safe_mode_data_disk_tags_key::main())).await;
    crate::snippets::run("create_image_in_safe_mode_file_image_tags_key", Box::pin(create_image_in_safe_mode_file_image_tags_key::main())).await;
    crate::snippets::run("create_image_in_safe_mode_volume_image_tags_key", Box::pin(create_image_in_safe_mode_volume_image_tags_key::main())).await;
    crate::snippets::run("create_image_in_safe_mode_volume_tags_key", Box::pin(create_image_in_safe_mode_volume_tags_key::main())).await;
    crate::snippets::run("import_image_quick_system_disk_key", Box::pin(import_image_quick_system_disk_key::main())).await;
    crate::snippets::run("import_image_quick_data_disk_key", Box::pin(import_image_quick_data_disk_key::main())).await;
    crate::snippets::run("import_image_quick_in_safe_mode_system_disk_key", Box::pin(import_image_quick_in_safe_mode_system_disk_key::main())).await;
    crate::snippets::run("import_image_quick_in_safe_mode_data_disk_key", Box::pin(import_image_quick_in_safe_mode_data_disk_key::main())).await;
    crate::snippets::run("create_data_image_tags_key", Box::pin(create_data_image_tags_key::main())).await;
    crate::snippets::run("create_data_image_image_tags_key", Box::pin(create_data_image_image_tags_key::main())).await;
    crate::snippets::run("create_data_image_in_safe_mode_tags_key", Box::pin(create_data_image_in_safe_mode_tags_key::main())).await;
    crate::snippets::run("create_data_image_in_safe_mode_image_tags_key", Box::pin(create_data_image_in_safe_mode_image_tags_key::main())).await;
    crate::snippets::run("create_whole_image_backup_image_tags_key", Box::pin(create_whole_image_backup_image_tags_key::main())).await;
    crate::snippets::run("create_whole_image_server_tags_key", Box::pin(create_whole_image_server_tags_key::main())).await;
    crate::snippets::run("create_whole_image_server_image_tags_key", Box::pin(create_whole_image_server_image_tags_key::main())).await;
    crate::snippets::run("create_whole_image_backup_tags_key", Box::pin(create_whole_image_backup_tags_key::main())).await;
    crate::snippets::run("register_image_sample_key", Box::pin(register_image_sample_key::main())).await;
    crate::snippets::run("batch_update_members_status_key", Box::pin(batch_update_members_status_key::main())).await;
    crate::snippets::run("batch_update_members_vault_id_key", Box::pin(batch_update_members_vault_id_key::main())).await;
    crate::snippets::run("batch_add_members_sample_key", Box::pin(batch_add_members_sample_key::main())).await;
    crate::snippets::run("batch_delete_members_sample_key", Box::pin(batch_delete_members_sample_key::main())).await;
    crate::snippets::run("list_image_members_key", Box::pin(list_image_members_key::main())).await;
    crate::snippets::run("show_image_member_key", Box::pin(show_image_member_key::main())).await;
    crate::snippets::run("copy_image_in_region_sample_key", Box::pin(copy_image_in_region_sample_key::main())).await;
    crate::snippets::run("copy_image_in_region_in_safe_mode_sample_key", Box::pin(copy_image_in_region_in_safe_mode_sample_key::main())).await;
    crate::snippets::run("copy_image_cross_region_sample_key", Box::pin(copy_image_cross_region_sample_key::main())).await;
    crate::snippets::run("export_image_format_key", Box::pin(export_image_format_key::main())).await;
    crate::snippets::run("export_image_format_not_quick_key", Box::pin(export_image_format_not_quick_key::main())).await;
    crate::snippets::run("export_image_quick_key", Box::pin(export_image_quick_key::main())).await;
    crate::snippets::run("export_image_in_safe_mode_format_key", Box::pin(export_image_in_safe_mode_format_key::main())).await;
    crate::snippets::run("export_image_in_safe_mode_format_not_quick_key", Box::pin(export_image_in_safe_mode_format_not_quick_key::main())).await;
    crate::snippets::run("export_image_in_safe_mode_quick_key", Box::pin(export_image_in_safe_mode_quick_key::main())).await;
    crate::snippets::run("show_job_progress_key", Box::pin(show_job_progress_key::main())).await;
    crate::snippets::run("show_job_key", Box::pin(show_job_key::main())).await;
    crate::snippets::run("show_image_quota_key", Box::pin(show_image_quota_key::main())).await;
    crate::snippets::run("list_os_versions_key", Box::pin(list_os_versions_key::main())).await;
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
    crate::snippets::run("glance_create_tag_key", Box::pin(glance_create_tag_key::main())).await;
    crate::snippets::run("glance_delete_tag_key", Box::pin(glance_delete_tag_key::main())).await;
    crate::snippets::run("glance_list_images_key", Box::pin(glance_list_images_key::main())).await;
    crate::snippets::run("glance_create_image_metadata_sample_key", Box::pin(glance_create_image_metadata_sample_key::main())).await;
    crate::snippets::run("glance_show_image_key", Box::pin(glance_show_image_key::main())).await;
    crate::snippets::run("glance_delete_image_sample_key", Box::pin(glance_delete_image_sample_key::main())).await;
    crate::snippets::run("glance_update_image_sample_key", Box::pin(glance_update_image_sample_key::main())).await;
    crate::snippets::run("glance_list_image_members_key", Box::pin(glance_list_image_members_key::main())).await;
    crate::snippets::run("glance_add_image_member_sample_key", Box::pin(glance_add_image_member_sample_key::main())).await;
    crate::snippets::run("glance_show_image_member_key", Box::pin(glance_show_image_member_key::main())).await;
    crate::snippets::run("glance_update_image_member_sample_key", Box::pin(glance_update_image_member_sample_key::main())).await;
    crate::snippets::run("glance_delete_image_member_key", Box::pin(glance_delete_image_member_key::main())).await;
    crate::snippets::run("glance_show_image_schemas_key", Box::pin(glance_show_image_schemas_key::main())).await;
    crate::snippets::run("glance_list_image_schemas_key", Box::pin(glance_list_image_schemas_key::main())).await;
    crate::snippets::run("glance_show_image_member_schemas_key", Box::pin(glance_show_image_member_schemas_key::main())).await;
    crate::snippets::run("glance_list_image_member_schemas_key", Box::pin(glance_list_image_member_schemas_key::main())).await;
    crate::snippets::run("list_versions_key", Box::pin(list_versions_key::main())).await;
    crate::snippets::run("show_version_key", Box::pin(show_version_key::main())).await;
}
