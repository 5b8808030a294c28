//! The locks themselves: no edit of the document goes unseen, what says nothing changes nothing, and a wrong generator,
//! a wrong fixup or a hand edit is caught. No snapshot is left over.

use std::collections::BTreeMap;
use std::path::Path;

use ims_tests::{document, findings, root};
use serde_json::Value;
use xtask::diff::compare;
use xtask::document::{Document, Operation};
use xtask::generate::{self, Files, Partial};
use xtask::lock::account::Account;
use xtask::lock::rust::Surface;
use xtask::lock::wire::Contract;
use xtask::mutate;

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// One in 151, which reaches every kind of edit; `cargo xtask mutate` makes them all in a minute, optimized.
#[test]
fn edits_are_refused_or_seen() -> Outcome {
    let tally = mutate::run(document()?, 151);
    println!("{tally}");
    assert!(tally.survivors.is_empty(), "{}", tally.survivors.join("\n"));
    assert_eq!(tally.rows.len(), 13, "a kind of edit was never tried");
    Ok(())
}

/// What changes the contract is told by the review, too: every edit of a small document.
#[test]
fn edits_are_told() -> Outcome {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/clean.yaml");
    let base = Document::read_foreign(&path).map_err(findings)?;
    assert!(compare(&base, &base).is_empty());
    let mut silent = Vec::new();
    for mutation in mutate::mutations(&base.raw) {
        let Some(edited) = mutation.apply(&base.raw).filter(|edited| *edited != base.raw) else { continue };
        let Ok(head) = Document::parse_foreign("a.yaml", &edited.to_string()) else { continue };
        if compare(&base, &head).is_empty() {
            silent.push(format!("{:?} {}", mutation.edit, mutation.pointer));
        }
    }
    assert!(silent.is_empty(), "{} silent:\n{}", silent.len(), silent.join("\n"));
    Ok(())
}

/// Only the line with the document's hash differs: what the other locks show is made of the contract and the files.
#[test]
fn comments_order_and_layout_say_nothing() -> Outcome {
    let base = document()?;
    let text = std::fs::read_to_string(root().join(xtask::DOCUMENT))?;
    let uncommented: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with('#')).collect();
    let cases = [
        ("no comments, line ends of Windows", uncommented.join("\r\n")),
        ("one more comment, none of the lines between", format!("# Another word.\n{}\n# The end.", base.raw)),
        ("keys in reverse order, one a line", format!("{:#}", reversed(&base.raw))),
    ];
    let contract = Contract::of(base);
    let files = generate::render(base).map_err(findings)?;
    for (case, text) in cases {
        let spec = Document::parse(xtask::DOCUMENT, &text).map_err(|found| format!("{case}: {}", findings(found)))?;
        assert_ne!(spec.sha256, base.sha256, "{case} is no other text");
        let made = generate::render(&spec).map_err(findings)?;
        for (name, text) in made {
            assert!(text.replace(&spec.sha256, &base.sha256) == files[name], "{case}: {name} differs");
        }
        assert_eq!(Contract::of(&spec), contract, "{case}");
    }
    Ok(())
}

/// Each fault as it would stand in a generated file, and the locks that turn red. `freshness` catches an edit by hand;
/// where the generator or a fixup itself were wrong it would be silent, and the others have to speak.
#[test]
fn faults_are_caught() -> Outcome {
    #[rustfmt::skip]
    let cases: &[(&str, &str, &str, &str, &[&str])] = &[
        ("a type that users may match as a whole", "client.rs", "    #[non_exhaustive]\n", "", &["freshness", "surface"]),
        ("a derive that went", "client.rs", "Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]", "Clone, Debug)]", &["freshness", "surface"]),
        ("a field that became optional", "client.rs", "pub tags: ::std::vec::Vec<ResourceTag>", "pub tags: Option<::std::vec::Vec<ResourceTag>>", &["freshness", "surface"]),
        ("a renamed field", "client.rs", "pub tags: ", "pub labels: ", &["freshness", "surface", "account"]),
        ("a setter that is no longer mandatory", "client.rs", "image_id: Required<types::ImageId>", "image_id: Optional<types::ImageId>", &["freshness", "surface"]),
        ("another field of a builder", "client.rs", "error_code: Optional<", "error_code: Required<", &["freshness", "surface"]),
        ("another method", "client.rs", "method: \"GET\"", "method: \"POST\"", &["freshness", "surface"]),
        ("another error text", "error_table.rs", "找不到资源。", "没有资源。", &["freshness", "surface"]),
        ("a row of the error table that went", "error_table.rs", "    NOT_FOUND_ROW,\n", "", &["freshness", "surface"]),
        ("docs without the page's Chinese", "client.rs", "该接口用于查询指定镜像上的所有标签。", "", &["freshness", "account"]),
        ("a path that lacks an argument", "client.rs", "request.path(\"image_id\", image_id);", "", &["freshness"]),
        ("another generator", "client.rs", &generate::generator(), "progenitor 0.0.0", &["freshness"]),
    ];
    // As much of the document as the cases are about.
    let names = document()?.operations.iter().map(Operation::name);
    let others = names.filter(|name| !["ListImageTags", "AddImageTag", "ShowJob"].contains(&name.as_str())).collect();
    let Partial { document: spec, made: right, .. } =
        Partial::of(document()?, &others, generate::render).map_err(findings)?;
    let contract = Contract::of(&spec);
    let locks = Locks::of(&spec, &contract, &right)?;
    for (fault, file, from, to, caught) in cases {
        let mut wrong = right.clone();
        let text = wrong.get_mut(file).ok_or_else(|| format!("{fault}: no {file}"))?;
        assert!(text.contains(from), "{fault}: {file} has no {from:?}");
        *text = text.replace(from, to);
        assert_eq!(Locks::of(&spec, &contract, &wrong)?.differing(&locks), *caught, "{fault}");
    }
    Ok(())
}

/// Every snapshot belongs to a lock, and none waits for a decision.
#[test]
fn no_snapshot_is_left_over() -> Outcome {
    let sources = sources(&root().join("tests/tests"))?;
    let of_operation = |name: &str| {
        let id = ["wire-", "changed-answers-"].iter().find_map(|prefix| name.strip_prefix(prefix));
        id.is_some_and(|id| ims_api::operations::ALL.iter().any(|operation| operation.id == id))
    };
    for entry in std::fs::read_dir(root().join("tests/snapshots"))? {
        let file = entry?.file_name().to_string_lossy().into_owned();
        let Some(name) = file.strip_suffix(".snap") else {
            return Err(format!("{file} waits: accept it with `cargo insta review`, or {}", ims_tests::ACCEPT).into());
        };
        // `lock_all` itself looks for what is left over of its prefix.
        let prefix = name.split('-').next().unwrap_or(name);
        let locked = sources.contains(&format!("lock_all(\"{prefix}\",")) || sources.contains(&format!("\"{name}\""));
        assert!(locked || of_operation(name), "{file} belongs to no lock: delete it");
    }
    Ok(())
}

fn sources(folder: &Path) -> std::io::Result<String> {
    let mut sources = String::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            sources += &self::sources(&path)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            sources += &std::fs::read_to_string(path)?;
        }
    }
    Ok(sources)
}

/// What the locks show of a document and its generated files.
struct Locks {
    files: Files,
    contract: BTreeMap<String, String>,
    surface: BTreeMap<String, String>,
    account: Result<String, Vec<String>>,
}

impl Locks {
    fn of(spec: &Document, contract: &Contract, files: &Files) -> Result<Self, String> {
        let surface = Surface::of(files)?;
        let account = Account::of(spec, contract, &surface, files).map(|account| account.table());
        let (contract, surface) = (contract.documents(), surface.documents());
        Ok(Self { files: files.clone(), contract, surface, account })
    }

    fn differing(&self, other: &Self) -> Vec<&'static str> {
        let all = [
            ("freshness", self.files == other.files),
            ("contract", self.contract == other.contract),
            ("surface", self.surface == other.surface),
            ("account", self.account == other.account),
        ];
        all.into_iter().filter(|(_, same)| !same).map(|(name, _)| name).collect()
    }
}

fn reversed(node: &Value) -> Value {
    match node {
        Value::Object(members) => members
            .iter()
            .rev()
            .map(|(key, member)| (key.clone(), reversed(member)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        Value::Array(items) => items.iter().map(reversed).collect(),
        other => other.clone(),
    }
}
