//! What a consumer pays to build: a small program on the client, per feature set, against the same program on reqwest,
//! rustls and serde alone, in the same run.

use std::collections::BTreeSet;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::child;

/// What is built.
struct Consumer {
    name: &'static str,
    dependencies: &'static str,
    program: &'static str,
}

const BY_HAND: &str = r#"#[derive(serde::Deserialize)]
struct Tags { tags: Vec<Tag> }
#[derive(serde::Deserialize)]
struct Tag { key: String, value: String }
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let answer: Tags = reqwest::Client::new().get("https://ims.example.com/tags").send().await?.json().await?;
    for tag in answer.tags { println!("{} = {}", tag.key, tag.value); }
    Ok(())
}
"#;

const WITH_CLIENT: &str = r#"#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let answer = ims_api::Client::from_env()?.list_image_tags().image_id("an-image").send().await?;
    for tag in &answer.tags { println!("{} = {}", tag.key, tag.value); }
    Ok(())
}
"#;

/// `REQWEST` and the like stand for the workspace's own versions and features; `CLIENT` for the crate's path.
const CONSUMERS: [Consumer; 5] = [
    Consumer {
        name: "reqwest + rustls + serde, by hand",
        dependencies: "reqwest = { REQWEST, features = [\"json\", \"query\", \"rustls\"] }\nserde = { SERDE, features = [\"derive\"] }\nserde_json = { SERDE_JSON }",
        program: BY_HAND,
    },
    Consumer { name: "ims-api, default features", dependencies: "ims-api = { CLIENT }", program: WITH_CLIENT },
    Consumer {
        name: "ims-api, dynamic",
        dependencies: "ims-api = { CLIENT, features = [\"dynamic\"] }",
        program: WITH_CLIENT,
    },
    Consumer {
        name: "ims-api, dynamic and httpmock",
        dependencies: "ims-api = { CLIENT, features = [\"dynamic\", \"httpmock\"] }",
        program: WITH_CLIENT,
    },
    Consumer {
        name: "ims-api, rustcrypto without TLS",
        dependencies: "ims-api = { CLIENT, default-features = false, features = [\"rustcrypto\"] }",
        program: WITH_CLIENT,
    },
];

/// What one build took.
struct Row {
    cold: Vec<Duration>,
    line: Vec<Duration>,
    crates: BTreeSet<String>,
    bytes: u64,
}

/// Builds each consumer this often, in turn, and writes the table.
pub(super) fn table(folder: &Path, runs: usize) -> Result<String, Box<dyn Error>> {
    let mut rows: Vec<Row> = Vec::new();
    for run in 0..runs.max(1) {
        for (at, consumer) in CONSUMERS.iter().enumerate() {
            let home = folder.join(at.to_string());
            prepare(&home, consumer)?;
            let cold = build(&home)?;
            let program = home.join("src/main.rs");
            fs::write(&program, format!("{}// {run}\n", consumer.program.replace("{} = {}", "{}: {}")))?;
            let line = build(&home)?;
            if run == 0 {
                let bytes = fs::metadata(home.join("target/debug/consumer"))?.len();
                rows.push(Row { cold: Vec::new(), line: Vec::new(), crates: crates(&home)?, bytes });
            }
            rows[at].cold.push(cold);
            rows[at].line.push(line);
            fs::remove_dir_all(&home)?;
        }
    }
    let mut text = String::from(
        "| development build | CPU s, cold | ratio | crates | more | CPU s, one line changed | program MB |\n|---|---|---|---|---|---|---|\n",
    );
    for (at, (row, consumer)) in rows.iter().zip(&CONSUMERS).enumerate() {
        let ratios = row.cold.iter().zip(&rows[0].cold).map(|(one, base)| one.as_secs_f64() / base.as_secs_f64());
        writeln!(
            text,
            "| {} | {:.1} | {:.2} | {} | {} | {:.2} | {:.0} |",
            consumer.name,
            median(row.cold.iter().map(Duration::as_secs_f64)),
            median(ratios),
            row.crates.len(),
            if at == 0 {
                String::new()
            } else {
                format!("{:+}", row.crates.len() as i64 - rows[0].crates.len() as i64)
            },
            median(row.line.iter().map(Duration::as_secs_f64)),
            row.bytes as f64 / 1e6,
        )?;
    }
    let added: Vec<&str> = rows[1].crates.difference(&rows[0].crates).map(String::as_str).collect();
    writeln!(text, "\nBeyond those by hand, the default features add: {}.", added.join(", "))?;
    for (name, lines) in generated()? {
        writeln!(text, "{name}: {lines} generated lines.")?;
    }
    Ok(text)
}

fn prepare(home: &Path, consumer: &Consumer) -> Result<(), Box<dyn Error>> {
    if home.exists() {
        fs::remove_dir_all(home)?;
    }
    fs::create_dir_all(home.join("src"))?;
    let root = crate::root();
    let versions = fs::read_to_string(root.join("Cargo.toml"))?;
    let version = |name: &str| -> Result<String, String> {
        let line = versions.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(" = "));
        let number =
            line.and_then(|line| line.split('"').nth(1)).ok_or(format!("{name} has no version in Cargo.toml"))?;
        Ok(format!("version = \"{number}\", default-features = {}", name != "reqwest"))
    };
    let dependencies = consumer
        .dependencies
        .replace("REQWEST", &version("reqwest")?)
        .replace("SERDE_JSON", &version("serde_json")?)
        .replace("SERDE", &version("serde")?)
        .replace("CLIENT", &format!("path = {:?}", root.join("ims-api")));
    fs::write(
        home.join("Cargo.toml"),
        format!(
            "[package]\nname = \"consumer\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n{dependencies}\ntokio = {{ {}, features = [\"macros\", \"rt\"] }}\n\n[workspace]\n",
            version("tokio")?
        ),
    )?;
    // The same versions as the workspace's own, and no network.
    fs::copy(root.join("Cargo.lock"), home.join("Cargo.lock"))?;
    fs::write(home.join("src/main.rs"), consumer.program)?;
    Ok(())
}

fn build(home: &Path) -> Result<Duration, Box<dyn Error>> {
    Ok(child::run(cargo(home).args(["build", "--offline"]), &[0])?.cpu)
}

/// The crates of the tree, the program itself left out.
fn crates(home: &Path) -> Result<BTreeSet<String>, Box<dyn Error>> {
    let output =
        cargo(home).args(["tree", "--offline", "--edges", "normal", "--prefix", "none", "--format", "{p}"]).output()?;
    let tree = String::from_utf8(output.stdout)?;
    let names = tree.lines().filter_map(|line| line.split(' ').next()).filter(|name| !name.is_empty());
    Ok(names.filter(|name| *name != "consumer").map(str::to_owned).collect())
}

fn cargo(home: &Path) -> Command {
    let mut cargo = crate::demo::cargo();
    // What the surroundings set for the workspace's own builds is not the consumer's.
    cargo.current_dir(home).env("CARGO_TARGET_DIR", home.join("target")).env_remove("RUSTFLAGS");
    cargo
}

fn generated() -> Result<Vec<(String, usize)>, Box<dyn Error>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(crate::root().join(crate::GENERATED))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        files.push((name, fs::read_to_string(&path)?.lines().count()));
    }
    files.sort();
    Ok(files)
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
