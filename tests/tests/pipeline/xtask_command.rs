//! `cargo xtask generate` as a maintainer meets it: exit codes, what is written, what is said.
//!
//! Each case runs the real binary on a copy of the workspace's document and generated files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

type Outcome = Result<(), Box<dyn std::error::Error>>;

#[test]
fn a_second_run_writes_nothing() -> Outcome {
    let house = House::new()?;
    let before = house.modified()?;
    let run = house.xtask(&["generate"])?;
    assert_eq!((code(&run), out(&run).as_str()), (0, "6 unchanged\n"));
    assert_eq!(house.modified()?, before, "not even the modification times change");
    let run = house.xtask(&["generate", "--check"])?;
    assert_eq!((code(&run), out(&run).as_str()), (0, "ims-api/src/generated: in step (6 files)\n"));
    Ok(())
}

#[test]
fn a_changed_document_is_out_of_step_until_generated() -> Outcome {
    let house = House::new()?;
    // One property of one schema, and the samples that the lint holds to it.
    house.edit("由键和值组成。\n      required: [key, value]", "由键和值组成。\n      required: [key]")?;
    let described = "type: string\n          description: Tag value. 标签的值。";
    house.edit(&format!("        value:\n          {described}"), &format!("        worth:\n          {described}"))?;
    let document = std::fs::read_to_string(house.root().join(xtask::DOCUMENT))?;
    let samples =
        document.lines().filter(|line| line.contains("{value: value0,") || line.contains("resource_detail: {"));
    for sample in samples {
        house.edit(sample, &sample.replace("{value: v", "{worth: v"))?;
    }
    let before = house.texts()?;
    let run = house.xtask(&["generate", "--check"])?;
    assert_eq!(code(&run), 4);
    let said = err(&run);
    for name in before.keys() {
        assert!(said.contains(&format!("{name}:")), "{name} is not named in:\n{said}");
    }
    assert!(said.ends_with("out of step: run `cargo xtask generate`\n"), "{said}");
    assert_eq!(house.texts()?, before, "a check writes nothing");
    assert_eq!(code(&house.xtask(&["generate"])?), 0);
    // Apart from the hash, which every file has, only what holds the type or its documentation changes.
    let after = house.texts()?;
    let without_hash =
        |text: &str| text.lines().filter(|line| !line.starts_with("// Document: ")).collect::<Vec<_>>().join("\n");
    let changed: Vec<&str> = before
        .iter()
        .filter(|(name, text)| without_hash(text) != without_hash(after.get(*name).map_or("", String::as_str)))
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(changed, ["cli.json", "client.rs"]);
    assert!(after["client.rs"].contains("pub worth: "));
    assert_eq!(code(&house.xtask(&["generate", "--check"])?), 0);
    Ok(())
}

#[test]
fn a_document_with_errors_changes_nothing() -> Outcome {
    let house = House::new()?;
    house.edit("openapi: 3.0.3", "openapi: 3.1.0")?;
    let before = house.modified()?;
    let run = house.xtask(&["generate"])?;
    assert_eq!(code(&run), 1);
    assert!(err(&run).contains("openapi/ims.yaml:4:"), "the place is named:\n{}", err(&run));
    assert_eq!(house.modified()?, before);
    Ok(())
}

#[test]
fn a_missing_row_of_the_error_table_is_refused_with_its_line() -> Outcome {
    let house = House::new()?;
    let document = std::fs::read_to_string(house.root().join(xtask::DOCUMENT))?;
    let row = "        '404': {$ref: '#/components/responses/NotFound'}\n";
    let rows = document.matches(row).count();
    house.edit(row, "")?;
    let before = house.modified()?;
    let responses = document.lines().position(|line| line == "      responses:").ok_or("no operation has responses")?;
    for command in [&["generate"][..], &["generate", "--check"], &["lint"]] {
        let run = house.xtask(command)?;
        assert_eq!((code(&run), out(&run).as_str()), (1, ""), "{command:?}");
        let said = err(&run);
        assert!(
            said.starts_with(&format!("openapi/ims.yaml:{}:7: error[error-table]: ", responses + 1)),
            "{command:?} names the place:\n{said}"
        );
        assert!(said.contains("has no row 404 Not Found"), "{said}");
        assert!(said.contains("  help: add `'404': {$ref: '#/components/responses/NotFound'}`"), "{said}");
        assert_eq!(said.matches("error[error-table]").count(), rows, "all operations in one run:\n{said}");
    }
    assert_eq!(house.modified()?, before, "nothing was written");
    Ok(())
}

#[test]
fn our_document_lints_clean() -> Outcome {
    let run = House::new()?.xtask(&["lint"])?;
    assert_eq!((code(&run), out(&run).as_str(), err(&run).as_str()), (0, "", ""));
    Ok(())
}

#[test]
fn a_foreign_document_gets_warnings_and_generates() -> Outcome {
    let house = House::new()?;
    let (file, folder) = (house.root().join("foreign.yaml"), house.root().join("out"));
    std::fs::write(&file, FOREIGN)?;
    let run = house.xtask(&["lint", text(&file)?])?;
    assert_eq!(code(&run), 0, "house rules are warnings in a foreign document:\n{}", err(&run));
    assert!(err(&run).contains("foreign.yaml:5:5: warning[operation-summary]: `ListThings` has no summary"));
    assert!(err(&run).ends_with("0 errors, 14 warnings\n"), "{}", err(&run));
    let run = house.xtask(&["generate", "--spec", text(&file)?, "--out", text(&folder)?])?;
    assert_eq!(code(&run), 0, "{}", err(&run));
    assert!(std::fs::read_to_string(folder.join("client.rs"))?.contains("pub fn list_things"));

    std::fs::write(&file, FOREIGN.replace("operationId: ListThings", "summary: Lists"))?;
    let run = house.xtask(&["generate", "--spec", text(&file)?, "--out", text(&house.root().join("none"))?])?;
    assert_eq!(code(&run), 1, "the generator's limits are errors in any document");
    assert!(err(&run).contains("error[operation-id-missing]"), "{}", err(&run));
    assert!(!house.root().join("none").exists());
    Ok(())
}

#[test]
fn a_part_of_a_foreign_document_generates_and_the_rest_is_told() -> Outcome {
    let house = House::new()?;
    std::fs::write(house.root().join("part.yaml"), PARTLY)?;
    let out_of = ["generate", "--spec", "part.yaml", "--out", "out"];
    let run = house.xtask(&out_of)?;
    assert_eq!((code(&run), out(&run).as_str()), (1, ""), "as a whole it can't be generated");
    assert!(!house.root().join("out").exists());
    let run = house.xtask(&[&out_of[..], &["--partial"]].concat())?;
    assert_eq!(code(&run), 0, "{}", err(&run));
    let written = ["cli.json", "client.rs", "dynamic.rs", "error_table.rs", "httpmock.rs", "operations.md"];
    let wrote: Vec<String> =
        written.iter().map(|name| format!("wrote {}", Path::new("out").join(name).display())).collect();
    assert_eq!(out(&run), wrote.join("\n") + "\n0 unchanged\n");
    let client = std::fs::read_to_string(house.root().join("out/client.rs"))?;
    for (text, is_there) in [
        ("pub fn list_things", true),
        ("pub fn get_things_id", true),
        ("pub fn sort(", false),
        ("pub struct Failure", true),
        ("upload", false),
        ("Photo", false),
    ] {
        assert_eq!(client.contains(text), is_there, "{text}");
    }
    ims_tests::lock("generate-partial", &err(&run));
    let run = house.xtask(&["generate", "--partial"])?;
    assert_eq!(code(&run), 2, "our own document is never generated in part");
    Ok(())
}

#[test]
fn findings_annotate_a_pull_request() -> Outcome {
    let house = House::new()?;
    house.edit("operationId: ListImageTags", "operationId: list,image:tags")?;
    let run = house.xtask(&["lint", "--format", "github"])?;
    assert_eq!(code(&run), 1);
    let said = out(&run);
    let line = said.lines().find(|line| line.contains("title=operation-id-case")).ok_or("no annotation")?;
    assert!(line.starts_with("::error file=openapi/ims.yaml,line="), "{line}");
    assert!(line.ends_with("::`list,image:tags` is not PascalCase%0Ahelp: write it like ListImageTags"), "{line}");
    assert!(said.lines().all(|line| line.starts_with("::error ")), "one line for each finding:\n{said}");
    Ok(())
}

#[test]
fn files_of_an_earlier_generation_go_and_others_stay() -> Outcome {
    let house = House::new()?;
    std::fs::write(house.generated().join("old.rs"), "// @generated by `cargo xtask generate` with progenitor 0.1\n")?;
    std::fs::write(house.generated().join("own.rs"), "//! Somebody's own.\n")?;
    assert_eq!(code(&house.xtask(&["generate", "--check"])?), 4);
    let run = house.xtask(&["generate"])?;
    assert_eq!(out(&run), format!("removed {}\n6 unchanged\n", Path::new(xtask::GENERATED).join("old.rs").display()));
    assert!(house.generated().join("own.rs").exists());
    Ok(())
}

#[test]
fn a_folder_that_cannot_be_written_is_an_error_with_its_path() -> Outcome {
    let house = House::new()?;
    let file = house.root().join("file");
    std::fs::write(&file, "")?;
    let document = house.root().join(xtask::DOCUMENT);
    let run = house.xtask(&["generate", "--spec", text(&document)?, "--out", text(&file)?])?;
    assert_eq!(code(&run), 1);
    assert!(err(&run).contains(text(&file)?), "{}", err(&run));
    Ok(())
}

#[test]
fn many_runs_at_once_do_no_harm() -> Outcome {
    let house = House::new()?;
    house.edit("description: Tag value. 标签的值。", "description: The value. 标签的值。")?;
    let running: Vec<_> =
        (0..4).map(|_| house.command(&["generate"]).stdout(Stdio::null()).spawn()).collect::<Result<_, _>>()?;
    for mut child in running {
        assert!(child.wait()?.success());
    }
    assert_eq!(code(&house.xtask(&["generate", "--check"])?), 0);
    let left = std::fs::read_dir(house.generated())?.count();
    assert_eq!(left, 6, "no temporary file stays behind");
    Ok(())
}

#[test]
fn wrong_arguments_are_2() -> Outcome {
    let house = House::new()?;
    for arguments in [&["generate", "--spec", "x"][..], &["generate", "--frobnicate"], &["nonsense"], &[]] {
        assert_eq!(code(&house.xtask(arguments)?), 2, "{arguments:?}");
    }
    let run = house.xtask(&["generate", "--help"])?;
    assert_eq!(code(&run), 0);
    assert!(out(&run).contains("out of step: run `cargo xtask generate`"), "the exit codes are taught:\n{}", out(&run));
    Ok(())
}

/// The steps of the review workflow as they stand, run as GitHub does: on the merge commit of a pull request, in a clone
/// that has the main line as `origin/main`.
#[test]
fn the_review_workflow_runs_as_it_stands() -> Outcome {
    let text = std::fs::read_to_string(ims_tests::root().join(".github/workflows/review.yml"))?;
    let workflow: Value = serde_yaml::from_str(&text)?;
    let steps = workflow["jobs"]["review"]["steps"].as_array().ok_or("no steps")?;
    for (edit, to, verdict, failing) in [
        ("Tag value. 标签的值。", "The tag's value. 标签的值。", "required bump: ", None),
        ("required: [key, value]", "required: [key]", "raise ", Some("review")),
    ] {
        let house = House::new()?;
        let tools = tempfile::tempdir()?;
        for (tool, script) in [
            ("rustup", "exit 0".to_owned()),
            (
                "cargo",
                format!("[ \"$1\" = xtask ] || exit 0\nshift\nexec {} \"$@\"", env!("CARGO_BIN_EXE_tested-xtask")),
            ),
            ("gh", format!("echo \"$@\" > {0}/comment; cat review.md >> {0}/comment", tools.path().display())),
        ] {
            let path = tools.path().join(tool);
            std::fs::write(&path, format!("#!/bin/bash\n{script}\n"))?;
            Command::new("chmod").arg("+x").arg(&path).status()?;
        }
        let shell = |command: &str| {
            let path = format!("{}:{}", tools.path().display(), std::env::var("PATH").unwrap_or_default());
            let mut shell = Command::new("bash");
            shell.args(["-e", "-c", command]).current_dir(house.root()).env("PATH", path).env("PULL", "7");
            shell.env("CARGO_MANIFEST_DIR", house.root().join("xtask")).env("GITHUB_REPOSITORY", "owner/name");
            shell.env("GITHUB_STEP_SUMMARY", tools.path().join("summary")).output()
        };
        let identity = "git config user.name Test; git config user.email test@example.invalid";
        std::fs::write(house.root().join("Cargo.toml"), "[workspace.package]\nversion = \"0.1.0\"\n")?;
        std::fs::write(house.root().join("CHANGELOG.md"), "# Changelog\n\n## 0.1.0\n\n- First.\n")?;
        let made =
            shell(&format!("git init -qb main; {identity}; git add -A; git commit -qm base; git checkout -qb topic"))?;
        assert!(made.status.success(), "{}", err(&made));
        house.edit(edit, to)?;
        house.xtask(&["generate"])?;
        let merged = shell(
            "git commit -qam edit; git checkout -q main; git update-ref refs/remotes/origin/main main
            git checkout -q --detach; git merge -q --no-ff -m merge topic; git branch -qD main",
        )?;
        assert!(merged.status.success(), "{}", err(&merged));
        let mut failed = None;
        for step in steps {
            let Some(command) = step["run"].as_str() else { continue };
            // A failed step stops those that don't run always.
            if failed.is_some() && !step["if"].as_str().is_some_and(|when| when.contains("always()")) {
                continue;
            }
            let run = shell(command)?;
            if !run.status.success() {
                failed = step["name"].as_str();
            }
            let annotated = out(&run).lines().any(|line| line.contains("file=openapi/ims.yaml,line="));
            assert_eq!(annotated, step["name"] == "annotate", "{}", out(&run));
        }
        assert_eq!(failed, failing, "{edit}");
        for told in ["summary", "comment"] {
            let text = std::fs::read_to_string(tools.path().join(told))?;
            assert!(text.contains("## Review of the API document") && text.contains(verdict), "{told}: {text}");
        }
        assert!(std::fs::read_to_string(tools.path().join("comment"))?.starts_with("pr comment 7 --repo owner/name "));
    }
    Ok(())
}

/// A document that breaks house rules only.
const FOREIGN: &str = "\
openapi: 3.0.3
info: {title: Things, version: 1.0.0}
paths:
  /things:
    get:
      operationId: ListThings
      responses: {'204': {description: None.}}
";

/// A document of which an operation, a parameter and a body can't be generated; an operation has no id.
const PARTLY: &str = "\
openapi: 3.0.3
info: {title: Things, version: 1.0.0}
paths:
  /things:
    get:
      operationId: ListThings
      parameters:
        - {name: limit, in: query, schema: {type: integer}}
        - {name: sort, in: query, schema: {type: array, items: {type: string}}}
      requestBody: {content: {application/x-www-form-urlencoded: {schema: {type: object}}}}
      responses:
        '200': {description: All., content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Thing'}}}}}
        default: {description: No., content: {application/json: {schema: {$ref: '#/components/schemas/Failure'}}}}
  /things/{id}:
    get:
      parameters: [{name: id, in: path, required: true, schema: {type: string, pattern: '^(?!x)'}}]
      responses: {'200': {description: One., content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}}
  /photos:
    post:
      operationId: UploadPhoto
      requestBody: {required: true, content: {multipart/form-data: {schema: {$ref: '#/components/schemas/Photo'}}}}
      responses: {'204': {description: None.}}
components:
  schemas:
    Thing: {type: object, properties: {name: {type: string}}}
    Photo: {type: object, properties: {name: {type: string}}}
    Failure: {type: object, properties: {reason: {type: string}}}
";

/// A copy of what the command reads and writes.
struct House(tempfile::TempDir);

impl House {
    fn new() -> Result<Self, Box<dyn std::error::Error>> {
        let house = Self(tempfile::tempdir()?);
        for folder in ["openapi", xtask::GENERATED, "xtask"] {
            std::fs::create_dir_all(house.root().join(folder))?;
        }
        for folder in ["openapi", xtask::GENERATED] {
            for entry in std::fs::read_dir(ims_tests::root().join(folder))? {
                let entry = entry?;
                if entry.file_type()?.is_file() {
                    std::fs::copy(entry.path(), house.root().join(folder).join(entry.file_name()))?;
                }
            }
        }
        Ok(house)
    }

    fn root(&self) -> &Path {
        self.0.path()
    }

    fn generated(&self) -> PathBuf {
        self.root().join(xtask::GENERATED)
    }

    fn edit(&self, from: &str, to: &str) -> Outcome {
        let path = self.root().join(xtask::DOCUMENT);
        let text = std::fs::read_to_string(&path)?;
        assert!(text.contains(from), "the document holds {from:?}");
        Ok(std::fs::write(path, text.replace(from, to))?)
    }

    /// The generated files by name.
    fn texts(&self) -> Result<BTreeMap<String, String>, Box<dyn std::error::Error>> {
        let mut texts = BTreeMap::new();
        for entry in std::fs::read_dir(self.generated())? {
            let entry = entry?;
            texts.insert(entry.file_name().to_string_lossy().into_owned(), std::fs::read_to_string(entry.path())?);
        }
        Ok(texts)
    }

    fn modified(&self) -> Result<Vec<(PathBuf, std::time::SystemTime)>, Box<dyn std::error::Error>> {
        let mut times = Vec::new();
        for entry in std::fs::read_dir(self.generated())? {
            let entry = entry?;
            times.push((entry.path(), entry.metadata()?.modified()?));
        }
        times.sort();
        Ok(times)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tested-xtask"));
        command.args(arguments).current_dir(self.root());
        // What cargo sets for `cargo xtask`; it is how the command finds the workspace.
        command.env("CARGO_MANIFEST_DIR", self.root().join("xtask"));
        command
    }

    fn xtask(&self, arguments: &[&str]) -> std::io::Result<Output> {
        self.command(arguments).output()
    }
}

fn code(run: &Output) -> i32 {
    run.status.code().unwrap_or(-1)
}

fn out(run: &Output) -> String {
    String::from_utf8_lossy(&run.stdout).into_owned()
}

fn err(run: &Output) -> String {
    String::from_utf8_lossy(&run.stderr).into_owned()
}

fn text(path: &Path) -> Result<&str, Box<dyn std::error::Error>> {
    path.to_str().ok_or_else(|| "a path that is no text".into())
}
