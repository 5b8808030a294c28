//! `cargo xtask diff` in repositories: which sides it compares, what it refuses, what it lets pass.

use std::error::Error;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use xtask::diagnostic::Failure;
use xtask::diff::{self, Args, Format, Sides};
use xtask::document::Document;

type Outcome = Result<(), Box<dyn Error>>;

/// A document like ours, small, so that reports stay as they are when ours grows.
const OURS: &str = "\
openapi: 3.0.3
info: {title: Tags, version: 0.1.0}
paths:
  /tags/{id}:
    get:
      operationId: ListTags
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
      responses:
        '200':
          description: The tags.
          content: {application/json: {schema: {$ref: '#/components/schemas/Tags'}}}
        '404': {description: Not Found}
components:
  schemas:
    Tags:
      type: object
      required: [tags]
      properties:
        tags: {type: array, items: {$ref: '#/components/schemas/Tag'}}
    Tag:
      type: object
      required: [key, value]
      properties:
        key:
          type: string
          description: Tag key.
        value:
          type: string
";
const SCHEMA: &str = include_str!("../../../openapi/diff.schema.json");
const DOCUMENT: &str = "openapi/ims.yaml";
const APPROVALS: &str = "openapi/approvals.yaml";

/// What happens to a branch that edits these files, and a part of what is said. The main branch has version 0.1.0
/// released.
#[test]
fn a_pull_request_may_land_or_not() -> Outcome {
    let optional = (DOCUMENT, OURS.replace("required: [key, value]", "required: [key]"));
    let bumped = (DOCUMENT, optional.1.replace("version: 0.1.0", "version: 0.2.0"));
    let manifest = ("Cargo.toml", "[workspace.package]\nversion = \"0.2.0\"\n".to_owned());
    let entry =
        ("CHANGELOG.md", "# Changelog\n\n## 0.2.0\n\n- `value` is optional.\n\n## 0.1.0\n\n- First.\n".to_owned());
    let reworded = (DOCUMENT, OURS.replace("Tag key.", "Key of the tag."));
    let added = (DOCUMENT, OURS.replace("        key:\n", "        color:\n          type: string\n        key:\n"));
    let stale = ("ims-api/src/generated/client.rs", "// of an earlier document\n".to_owned());
    for (name, edits, code, said) in [
        ("rewords, not generated", vec![&reworded, &stale], 4, "out of step: run `cargo xtask generate`"),
        ("breaks, not generated", vec![&optional, &stale], 100, "out of step: run `cargo xtask generate`"),
        ("nothing", vec![], 0, "no change of the contract"),
        ("rewords", vec![&reworded], 0, "required bump: patch"),
        ("adds", vec![&added], 0, "property-added-optional"),
        ("breaks", vec![&optional], 100, "raise ims-api and info.version: minor bump from 0.1.0"),
        ("breaks, half bumped", vec![&bumped], 100, "raise ims-api and info.version"),
        ("breaks, bumped, unsaid", vec![&bumped, &manifest], 100, "say so below `## 0.2.0` in CHANGELOG.md"),
        ("breaks, bumped, said", vec![&bumped, &manifest, &entry], 0, "1 breaking"),
    ] {
        let house = House::new()?;
        for (path, text) in edits {
            house.write(path, text)?;
        }
        assert_eq!(house.diff(&Args::default())?.code, code, "{name}");
        let out = house.diff(&Args::default())?.out;
        assert!(out.contains(said), "{name}: no {said:?} in\n{out}");
        // The same once it is committed.
        house.git(&["add", "-A"])?;
        house.git(&["commit", "-qm", "edit", "--allow-empty"])?;
        assert_eq!(house.diff(&Args::default())?.out, out, "{name}");
    }
    Ok(())
}

#[test]
fn the_changelog_is_drafted_from_the_difference() -> Outcome {
    let house = House::new()?;
    house.write(DOCUMENT, &OURS.replace("required: [key, value]", "required: [key]"))?;
    let draft = diff::draft_changelog(&Sides::default(), house.root()).map_err(said)?;
    assert!(draft.starts_with("## 0.1.0\n\n### Breaking\n\n- "), "{draft}");
    assert!(draft.contains("became optional") && draft.contains("must handle None"), "{draft}");
    Ok(())
}

#[test]
fn approvals_name_one_change_each_with_a_reason() -> Outcome {
    let house = House::new()?;
    house.write(DOCUMENT, &OURS.replace("required: [key, value]", "required: [key]"))?;
    let report: Value = serde_json::from_str(&house.diff(&json_form())?.out)?;
    let print = report["changes"][0]["fingerprint"].as_str().ok_or("no fingerprint")?.to_owned();
    let entry = |print: &str, reason: &str| format!("- fingerprint: {print}\n  reason: {reason}\n");
    let good = entry(&print, "Nobody can have used it.");
    for (approvals, refusal) in [
        (entry("0123456789ab", "Nobody can have used it."), ":1: `0123456789ab` approves no breaking change"),
        (format!("{good}{}", entry("'*'", "All of them, please.")), ":3: `*` is no fingerprint of one change"),
        (entry(&print[..6], "Nobody can have used it."), "is no fingerprint of one change"),
        (entry(&print, "ok"), "has no reason"),
        (format!("{good}{good}"), "is approved twice"),
        (format!("- rule: {print}\n"), ":1:3: "),
    ] {
        house.write(APPROVALS, &approvals)?;
        let refused = house.refused(&Args::default())?;
        assert!(refused.starts_with(APPROVALS) && refused.contains(refusal), "{refused}");
    }
    house.write(APPROVALS, &good)?;
    let run = house.diff(&Args::default())?;
    assert_eq!(run.code, 0, "{}", run.out);
    assert!(run.out.contains(&format!("fingerprint {print} (approved)")), "{}", run.out);
    // Once the change has landed, its approval is stale.
    house.git(&["add", "-A"])?;
    house.git(&["commit", "-qm", "landed"])?;
    house.git(&["branch", "-f", "main"])?;
    house.write(DOCUMENT, &OURS.replace("required: [key, value]", "required: []"))?;
    assert!(house.refused(&Args::default())?.contains(":1: "));
    Ok(())
}

#[test]
fn fingerprints_survive_layout_and_order() -> Outcome {
    let prints = |base: &str, head: &str| -> Result<Vec<String>, Box<dyn Error>> {
        let (base, head) = (parse(base)?, parse(head)?);
        let mut prints: Vec<String> = diff::compare(&base, &head).into_iter().map(|c| c.fingerprint).collect();
        prints.sort();
        Ok(prints)
    };
    let head = OURS.replace("required: [key, value]", "required: [key]").replace("Tag key.", "Key of the tag.");
    let written = prints(OURS, &head)?;
    assert_eq!(written.len(), 2);
    let json =
        |text: &str| -> Result<String, Box<dyn Error>> { Ok(sorted(serde_yaml::from_str::<Value>(text)?).to_string()) };
    assert_eq!(prints(OURS, &json(&head)?)?, written);
    assert_eq!(prints(&json(OURS)?, &json(&head)?)?, written);
    assert_eq!(prints(&format!("# a comment\n{OURS}"), &format!("# two\n# comments\n{head}"))?, written);
    Ok(())
}

#[test]
fn the_json_form_is_what_its_schema_says() -> Outcome {
    let mut schema: Value = serde_json::from_str(&SCHEMA.replace("#/$defs/rust", "#/components/schemas/rust"))?;
    let rust = schema["$defs"]["rust"].take();
    let schemas = json!({"report": nullable(schema), "rust": nullable(rust)});
    let document = json!({"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": {}, "components": {"schemas": schemas}});
    let spec = parse(&document.to_string())?;
    let house = House::new()?;
    for edit in ["required: [key]", "required: []", "required: [key, value]"] {
        house.write(DOCUMENT, &OURS.replace("required: [key, value]", edit))?;
        let report: Value = serde_json::from_str(&house.diff(&json_form())?.out)?;
        let problems = xtask::validate::validate(&spec, "/components/schemas/report", &report);
        assert!(problems.is_empty(), "{problems:#?}\n{report:#}");
    }
    let mut wrong: Value = serde_json::from_str(&house.diff(&json_form())?.out)?;
    wrong["verdict"]["bump"] = "huge".into();
    assert_eq!(xtask::validate::validate(&spec, "/components/schemas/report", &wrong).len(), 1);
    Ok(())
}

/// Sides that cannot be read: one clear line each.
#[test]
fn bad_sides_are_named() -> Outcome {
    let house = House::new()?;
    let files = tempfile::tempdir()?;
    let file = |name: &str, text: &[u8]| -> Result<String, Box<dyn Error>> {
        let path = files.path().join(name);
        std::fs::write(&path, text)?;
        Ok(path.display().to_string())
    };
    let good = file("good.yaml", OURS.as_bytes())?;
    let missing = files.path().join("missing.yaml").display().to_string();
    let circle = "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths: {}\ncomponents:\n  schemas:\n    A: {$ref: '#/components/schemas/A'}\n";
    let bomb = bomb();
    for (bad, said) in [
        (missing.as_str(), "is neither a file nor a revision"),
        ("no-such-revision", "`no-such-revision` is neither a file nor a revision"),
        ("--output=x", "is neither a file nor a revision"),
        (
            &file("new.yaml", OURS.replace("openapi: 3.0.3", "openapi: 3.1.0").as_bytes())?,
            "the document is OpenAPI 3.1.0",
        ),
        (&file("old.json", br#"{"swagger": "2.0"}"#)?, "the document is Swagger 2.0"),
        (&file("broken.yaml", b"openapi: 3.0.3\n  info: [")?, "broken.yaml:2:"),
        (&file("bytes.yaml", b"openapi: \xff")?, "not UTF-8"),
        (&file("empty.yaml", b"")?, "the file holds nothing"),
        (&file("circle.yaml", circle.as_bytes())?, "circle.yaml:6:"),
        (&file("bomb.yaml", bomb.as_bytes())?, "bomb.yaml:"),
    ] {
        for (base, head) in [(bad, good.as_str()), (good.as_str(), bad)] {
            let refused = house.refused(&sides(base, head))?;
            assert!(refused.contains(said), "{bad}: {refused}");
        }
    }
    Ok(())
}

/// What was released can't be repaired any more: it is compared all the same, and its faults are told.
#[test]
fn documents_with_faults_are_compared() -> Outcome {
    let files = tempfile::tempdir()?;
    let write = |name: &str, text: &str| -> Result<String, Box<dyn Error>> {
        let path = files.path().join(name);
        std::fs::write(&path, text)?;
        Ok(path.display().to_string())
    };
    let good = write("good.yaml", &OURS.replace("        value:\n          type: string\n", ""))?;
    let json = serde_yaml::from_str::<Value>(OURS)?.to_string();
    let bare = "  /bare:\n    get: {operationId: Bare}\ncomponents:";
    let unknown = "      operationId: ListTags\n      operation: x\n";
    for (fault, text) in [
        ("spec-missing-key", OURS.replace("'404': {description: Not Found}", "'404': {}")),
        ("spec-missing-key", OURS.replace("components:", bare)),
        ("spec-type", OURS.replace("schema: {type: string}", "schema: null")),
        ("spec-unknown-key", OURS.replace("      operationId: ListTags\n", unknown)),
        ("yaml-duplicate-key", json.replacen("\"title\":", "\"title\":\"T\",\"title\":", 1)),
    ] {
        let bad = write("bad.yaml", &text)?;
        for (base, head) in [(&bad, &good), (&good, &bad)] {
            let out = run(files.path(), &sides(base, head))?.out;
            assert!(out.contains(&format!("fault: {bad}:")) && out.contains(fault), "{fault}:\n{out}");
            assert!(out.contains("schema Tag"), "{fault}:\n{out}");
        }
        assert_eq!(run(files.path(), &sides(&bad, &bad))?.out, "no change of the contract\n", "{fault}");
    }
    Ok(())
}

/// One operation that can't be generated doesn't keep the others from having their effect in Rust.
#[test]
fn what_can_be_generated_has_its_rust_effect() -> Outcome {
    let xml = "  /form:
    post:
      requestBody: {content: {application/x: {schema: {type: string}}, application/y: {schema: {type: string}}}}
      responses: {'204': {description: None}}
components:";
    let base = OURS.replace("components:", xml);
    let head = base.replace("required: [key, value]", "required: [key]");
    let files = tempfile::tempdir()?;
    let paths = [("base.yaml", &base), ("head.yaml", &head)].map(|(name, text)| (files.path().join(name), text));
    for (path, text) in &paths {
        std::fs::write(path, text)?;
    }
    let [base, head] = paths.map(|(path, _)| path.display().to_string());
    let out = run(files.path(), &sides(&base, &head))?.out;
    assert!(out.contains("in Rust not all is known: 1 of 2 operations can't be generated ("), "{out}");
    assert!(out.contains("Tag.value: ") && out.contains("reading code must handle None"), "{out}");
    Ok(())
}

/// Of a large document only what changed is generated: its effect is known as long as that isn't most of it.
#[test]
fn a_small_change_of_a_large_document_has_its_rust_effect() -> Outcome {
    let document = |kinds: [&str; 2]| {
        let paths: serde_json::Map<String, Value> = (0..302)
            .map(|at| {
                let schema = json!({"type": kinds[usize::from(at > 0)]});
                let parameters = json!([{"name": "q", "in": "query", "schema": schema}]);
                let answers = json!({"204": {"description": "None."}});
                (
                    format!("/p{at}"),
                    json!({"get": {"operationId": format!("Get{at}"), "parameters": parameters, "responses": answers}}),
                )
            })
            .collect();
        json!({"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": paths}).to_string()
    };
    let report = |head: [&str; 2]| -> Result<String, Box<dyn Error>> {
        let (base, head) = (parse(&document(["string", "string"]))?, parse(&document(head))?);
        Ok(diff::Report::of(&base, &head).render(Format::Text, false))
    };
    let one = report(["integer", "string"])?;
    assert!(one.contains("in Rust code breaks") && !one.contains("not all is known"), "{one}");
    assert!(one.contains("rust: builder::Get0::q: "), "{one}");
    let all = report(["integer", "integer"])?;
    assert!(
        all.contains("302 operations changed; of more than 300 the effect is worked out by `--all` alone"),
        "{all}"
    );
    Ok(())
}

#[test]
fn repositories_of_every_kind() -> Outcome {
    // No repository: files go, revisions don't.
    let bare = tempfile::tempdir()?;
    std::fs::write(bare.path().join("a.yaml"), OURS)?;
    let file = bare.path().join("a.yaml").display().to_string();
    assert_eq!(run(bare.path(), &sides(&file, &file))?.code, 0);
    for arguments in [Args::default(), sides("main", &file)] {
        assert!(refused(bare.path(), &arguments)?.contains("not a git repository; name two files"));
    }

    // A file that main hasn't got yet: all of it is new.
    let young = House::empty()?;
    young.write(DOCUMENT, OURS)?;
    let run_young = young.diff(&Args::default())?;
    assert!(run_young.out.contains("[endpoint-added] operation added: GET /tags/{id}"), "{}", run_young.out);
    assert_ne!(run_young.code, 100);

    // A worktree, started from a folder inside it.
    let house = House::new()?;
    let other = tempfile::tempdir()?;
    let path = other.path().join("tree");
    house.git(&["worktree", "add", "-q", "-b", "edit", &path.display().to_string()])?;
    std::fs::write(path.join(DOCUMENT), OURS.replace("Tag key.", "Key."))?;
    assert!(run(&path, &Args::default())?.out.contains("words alone (descriptions, samples, tags): 1 place"));

    // Revisions on both sides, whatever the working tree holds.
    house.write(DOCUMENT, &OURS.replace("Tag key.", "Key."))?;
    house.git(&["commit", "-qam", "reword"])?;
    house.write(DOCUMENT, "broken: [")?;
    assert!(house.diff(&sides("HEAD~1", "HEAD"))?.out.contains("words alone (descriptions, samples, tags): 1 place"));

    // A shallow clone doesn't know where the branch began.
    house.write(DOCUMENT, OURS)?;
    house.git(&["commit", "-qam", "back"])?;
    house.git(&["checkout", "-q", "-b", "late"])?;
    house.git(&["commit", "-q", "--allow-empty", "-m", "late"])?;
    house.git(&["checkout", "-q", "main"])?;
    house.git(&["commit", "-q", "--allow-empty", "-m", "main"])?;
    let clone = tempfile::tempdir()?;
    let url = format!("file://{}", house.root().display());
    git(clone.path(), &["clone", "-q", "--depth=1", "--no-single-branch", "--branch=late", &url, "."])?;
    let refused = refused(clone.path(), &Args::default())?;
    assert!(refused.contains("this clone is shallow: run `git fetch --unshallow`"), "{refused}");
    Ok(())
}

#[test]
fn rules_are_listed_and_explained() -> Outcome {
    let house = House::new()?;
    let listed = house.diff(&Args { rules: true, ..Args::default() })?.out;
    assert_eq!(listed.lines().count(), diff::RULES.len());
    for rule in diff::RULES {
        let explained = house.diff(&Args { explain: Some(rule.id.to_owned()), ..Args::default() })?.out;
        assert!(explained.contains(rule.why) && explained.contains(rule.example), "{explained}");
        assert!(listed.contains(rule.sentence));
    }
    // A row that named no rule would leave what it is about untold.
    let unknown: Vec<&str> = diff::named().filter(|id| diff::rule(id).is_none()).collect();
    assert!(unknown.is_empty(), "no rules {unknown:?}");
    let refused = house.refused(&Args { explain: Some("nonsense".to_owned()), ..Args::default() })?;
    assert!(refused.contains("`nonsense`"), "{refused}");
    Ok(())
}

/// A comment has room for 60,000 characters; what is left out is said.
#[test]
fn a_long_report_is_cut_honestly() -> Outcome {
    let properties = |word: &str| -> Value {
        (0..700)
            .map(|at| (format!("p{at}"), json!({"type": "string", "description": format!("{word} {at}.")})))
            .collect()
    };
    let document = |word: &str| {
        let schema = json!({"type": "object", "properties": properties(word)});
        json!({"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": {},
            "components": {"schemas": {"Long": schema}}})
        .to_string()
    };
    let files = tempfile::tempdir()?;
    let (old, new) = (files.path().join("old.json"), files.path().join("new.json"));
    std::fs::write(&old, document("Property"))?;
    std::fs::write(&new, document("Number"))?;
    let arguments =
        Args { format: Format::Markdown, all: true, ..sides(&old.display().to_string(), &new.display().to_string()) };
    let out = run(files.path(), &arguments)?.out;
    assert!(out.chars().count() <= 60_000, "{}", out.chars().count());
    assert!(out.contains("of 700 rows fit here"), "{}", &out[out.len() - 300..]);
    Ok(())
}

struct Run {
    code: u8,
    out: String,
}

/// A repository like ours: the document, a manifest, a changelog, the generated files, all on `main`.
struct House(tempfile::TempDir);

impl House {
    fn empty() -> Result<Self, Box<dyn Error>> {
        let house = Self(tempfile::tempdir()?);
        house.git(&["init", "-q", "-b", "main"])?;
        house.git(&["config", "user.name", "Test"])?;
        house.git(&["config", "user.email", "test@example.invalid"])?;
        house.write("Cargo.toml", "[workspace.package]\nversion = \"0.1.0\"\n")?;
        house.write("CHANGELOG.md", "# Changelog\n\n## 0.1.0\n\n- First.\n")?;
        house.git(&["add", "-A"])?;
        house.git(&["commit", "-qm", "begin"])?;
        Ok(house)
    }

    fn new() -> Result<Self, Box<dyn Error>> {
        let house = Self::empty()?;
        house.write(DOCUMENT, OURS)?;
        house.git(&["add", "-A"])?;
        house.git(&["commit", "-qm", "document"])?;
        house.git(&["checkout", "-qb", "topic"])?;
        Ok(house)
    }

    fn root(&self) -> &Path {
        self.0.path()
    }

    /// Writes a file and, if it is the document, the files generated from it.
    fn write(&self, path: &str, text: &str) -> Outcome {
        let at = self.root().join(path);
        std::fs::create_dir_all(at.parent().ok_or("no folder")?)?;
        std::fs::write(at, text)?;
        if path == DOCUMENT
            && let Ok(spec) = Document::parse_foreign(path, text)
        {
            let files = xtask::generate::render(&spec).map_err(|findings| format!("{findings:?}"))?;
            xtask::generate::write(&files, &self.root().join(xtask::GENERATED))?;
        }
        Ok(())
    }

    fn git(&self, arguments: &[&str]) -> Outcome {
        git(self.root(), arguments)
    }

    fn diff(&self, arguments: &Args) -> Result<Run, Box<dyn Error>> {
        run(self.root(), arguments)
    }

    fn refused(&self, arguments: &Args) -> Result<String, Box<dyn Error>> {
        refused(self.root(), arguments)
    }
}

fn git(folder: &Path, arguments: &[&str]) -> Outcome {
    let output = Command::new("git").args(arguments).current_dir(folder).output()?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr)).into())
}

fn run(root: &Path, arguments: &Args) -> Result<Run, Box<dyn Error>> {
    match diff::run(arguments, root) {
        Ok((out, code)) => {
            let code = [0, 4, 100].into_iter().find(|known| code == std::process::ExitCode::from(*known));
            Ok(Run { code: code.ok_or("an unknown exit code")?, out })
        }
        Err(failure) => Err(said(failure).into()),
    }
}

fn refused(root: &Path, arguments: &Args) -> Result<String, Box<dyn Error>> {
    match diff::run(arguments, root) {
        Ok((out, _)) => Err(format!("{arguments:?} was not refused:\n{out}").into()),
        Err(failure) => Ok(said(failure)),
    }
}

fn said(failure: Failure) -> String {
    match failure {
        Failure::Findings(findings) => findings.iter().map(|finding| format!("{finding}\n")).collect(),
        Failure::Other(reason) => reason,
    }
}

fn sides(base: &str, head: &str) -> Args {
    Args { sides: Sides { base: Some(base.to_owned()), head: Some(head.to_owned()) }, ..Args::default() }
}

fn json_form() -> Args {
    Args { format: Format::Json, ..Args::default() }
}

fn parse(text: &str) -> Result<Document, Box<dyn Error>> {
    Document::parse_foreign("a.yaml", text).map_err(|findings| format!("{findings:?}").into())
}

/// Keys in the order of the alphabet, backwards.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut members: Vec<(String, Value)> = members.into_iter().map(|(key, v)| (key, sorted(v))).collect();
            members.sort_by(|a, b| b.0.cmp(&a.0));
            Value::Object(members.into_iter().collect())
        }
        Value::Array(items) => items.into_iter().map(sorted).collect(),
        other => other,
    }
}

/// JSON Schema's `["string", "null"]` as OpenAPI 3.0 says it.
fn nullable(value: Value) -> Value {
    match value {
        Value::Object(mut members) => {
            if let Some(Value::Array(types)) = members.get("type").cloned() {
                members.insert("type".to_owned(), types.first().cloned().unwrap_or_default());
                members.insert("nullable".to_owned(), true.into());
            }
            members.into_iter().map(|(key, value)| (key, nullable(value))).collect()
        }
        Value::Array(items) => items.into_iter().map(nullable).collect(),
        other => other,
    }
}

/// Aliases of aliases: a small file that would fill the memory.
fn bomb() -> String {
    let mut text = "openapi: 3.0.3\nx-0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for at in 1..12 {
        let before = at - 1;
        let list = vec![format!("*a{before}"); 9].join(", ");
        text += &format!("x-{at}: &a{at} [{list}]\n");
    }
    text
}
