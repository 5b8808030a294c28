//! What a consumer pays to build: a small program on the client, per feature set, against the same program on reqwest,
//! rustls and serde alone, in the same run.

use std::collections::BTreeSet;
use std::error::Error;
use std::fmt;
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

/// What the builds of one consumer took.
#[derive(Default)]
struct Row {
    cold: Vec<Duration>,
    line: Vec<Duration>,
    crates: BTreeSet<String>,
    bytes: u64,
}

/// What was measured.
pub(super) struct Builds {
    rows: Vec<Row>,
    /// The command `ims`, optimized.
    command: Row,
    /// The generated files and their lines.
    generated: Vec<(String, usize)>,
}

/// Builds each consumer this often, in turn, and the command `ims` once.
pub(super) fn measure(folder: &Path, runs: usize) -> Result<Builds, Box<dyn Error>> {
    let mut rows: Vec<Row> = CONSUMERS.iter().map(|_| Row::default()).collect();
    let runs = runs.max(1);
    for run in 0..runs {
        for step in 0..CONSUMERS.len() {
            // Nobody always follows the same one.
            let at = (run + step) % CONSUMERS.len();
            let (row, consumer) = (&mut rows[at], &CONSUMERS[at]);
            anstream::eprintln!("run {} of {runs}: {}", run + 1, consumer.name);
            let home = folder.join(at.to_string());
            prepare(&home, consumer)?;
            row.cold.push(build(&home, &[])?);
            let program = home.join("src/main.rs");
            fs::write(&program, format!("{}// {run}\n", consumer.program.replace("{} = {}", "{}: {}")))?;
            row.line.push(build(&home, &[])?);
            row.crates = crates(&home, &[])?;
            row.bytes = size(&home.join("target/debug/consumer"))?;
            fs::remove_dir_all(&home)?;
        }
    }
    anstream::eprintln!("the command ims, optimized");
    let home = folder.join("ims");
    fs::create_dir_all(&home)?;
    let manifest = crate::root().join("ims-api").join("Cargo.toml");
    let manifest = manifest.to_str().ok_or("the workspace's path is no UTF-8")?;
    let of_command = ["--manifest-path", manifest, "--features", "cli"];
    let cold = build(&home, &[&of_command[..], &["--release", "--bin", "ims"]].concat())?;
    let bytes = size(&home.join("target/release/ims"))?;
    let command = Row { cold: vec![cold], line: Vec::new(), crates: crates(&home, &of_command)?, bytes };
    fs::remove_dir_all(&home)?;
    Ok(Builds { rows, command, generated: generated()? })
}

impl Builds {
    /// The table's cells, the head first.
    fn cells(&self) -> Vec<Vec<String>> {
        let head = ["build", "CPU s, cold", "ratio", "crates", "more", "CPU s, one line changed", "program MB"];
        let base = &self.rows[0];
        let seconds = |times: &[Duration]| times.iter().map(Duration::as_secs_f64).collect::<Vec<_>>();
        let of_consumer = self.rows.iter().zip(&CONSUMERS).map(|(row, consumer)| {
            let ratios = row.cold.iter().zip(&base.cold).map(|(one, base)| one.as_secs_f64() / base.as_secs_f64());
            vec![
                consumer.name.to_owned(),
                format!("{:.1}", median(seconds(&row.cold))),
                format!("{:.2}", median(ratios.collect())),
                row.crates.len().to_string(),
                format!("{:+}", row.crates.len() as i64 - base.crates.len() as i64),
                format!("{:.2}", median(seconds(&row.line))),
                format!("{:.1}", row.bytes as f64 / 1e6),
            ]
        });
        let command = vec![
            "the command ims, optimized".to_owned(),
            format!("{:.1}", median(seconds(&self.command.cold))),
            String::new(),
            self.command.crates.len().to_string(),
            String::new(),
            String::new(),
            format!("{:.1}", self.command.bytes as f64 / 1e6),
        ];
        let head = head.map(str::to_owned).to_vec();
        std::iter::once(head).chain(of_consumer).chain([command]).collect()
    }

    /// The table, to be kept beside the benches.
    pub(super) fn points(&self) -> String {
        self.cells().iter().map(|row| row.join("\t") + "\n").collect()
    }
}

impl fmt::Display for Builds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, row) in self.cells().iter().enumerate() {
            writeln!(f, "| {} |", row.join(" | "))?;
            if at == 0 {
                writeln!(f, "|{}", "---|".repeat(row.len()))?;
            }
        }
        let added: Vec<&str> = self.rows[1].crates.difference(&self.rows[0].crates).map(String::as_str).collect();
        writeln!(f, "\nBeyond those by hand, the default features add: {}.", added.join(", "))?;
        let total: usize = self.generated.iter().map(|(_, lines)| lines).sum();
        let files = self.generated.iter().map(|(name, lines)| format!("{name} {lines}")).collect::<Vec<_>>();
        writeln!(f, "Lines of generated code: {total} ({}).", files.join(", "))
    }
}

fn size(program: &Path) -> Result<u64, Box<dyn Error>> {
    let program = program.with_extension(std::env::consts::EXE_EXTENSION);
    let size = fs::metadata(&program).map_err(|error| format!("{}: {error}", program.display()))?.len();
    Ok(size)
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

fn build(home: &Path, arguments: &[&str]) -> Result<Duration, Box<dyn Error>> {
    Ok(child::run(cargo(home).args(["build", "--offline"]).args(arguments), &[0])?.cpu)
}

/// The crates of the tree, the program itself left out.
fn crates(home: &Path, arguments: &[&str]) -> Result<BTreeSet<String>, Box<dyn Error>> {
    let tree = ["tree", "--offline", "--edges", "normal", "--prefix", "none", "--format", "{p}"];
    let output = cargo(home).args(tree).args(arguments).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    let tree = String::from_utf8(output.stdout)?;
    let mut names = tree.lines().filter_map(|line| line.split(' ').next()).filter(|name| !name.is_empty());
    let _program = names.next();
    Ok(names.map(str::to_owned).collect())
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

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
