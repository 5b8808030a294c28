//! Bad documents: each ends in findings that say where and what, and none in a panic.

use std::panic::{AssertUnwindSafe, catch_unwind};

use serde_json::{Map, Value, json};
use xtask::diagnostic::{Diagnostic, Format, Level, Report};
use xtask::document::Document;
use xtask::generate;
use xtask::lint::check;
use xtask::mutate::{Mutation, mutations};

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// What it is, the document, the rules that must be among the findings, at which line the first of them stands.
fn documents() -> Vec<(&'static str, Vec<u8>, &'static [&'static str], usize)> {
    vec![
        ("empty", text(""), &["spec-empty"], 1),
        ("white space", text(" \n\n"), &["spec-empty"], 1),
        ("a comment alone", text("# nothing\n"), &["spec-version"], 1),
        ("binary", vec![0x7f, b'E', b'L', b'F', b'\n', 0xff, 0xfe], &["spec-not-text"], 2),
        ("UTF-16", "openapi".encode_utf16().flat_map(u16::to_le_bytes).chain([0xff]).collect(), &["spec-not-text"], 1),
        ("NUL bytes", text("openapi: 3.0.3\n\0\n"), &["yaml-syntax"], 2),
        ("indented with tabs", tiny("", "\tx: 1"), &["yaml-syntax"], 6),
        ("a scalar", text("hello"), &["spec-version"], 1),
        ("a list", text("- 1\n- 2\n"), &["spec-version"], 1),
        ("two documents", tiny("", "---\nopenapi: 3.0.3"), &["yaml-documents"], 6),
        ("an open quote", text("openapi: '3.0.3\ninfo: {}\n"), &["yaml-syntax"], 1),
        ("an open brace", text("openapi: 3.0.3\ninfo: {title: t\n"), &["yaml-syntax"], 3),
        ("JSON, cut", text("{\"openapi\": \"3.0.3\",\n"), &["yaml-syntax"], 2),
        ("Swagger 2.0", text("swagger: '2.0'\ninfo: {title: t, version: '1'}\npaths: {}\n"), &["spec-version"], 1),
        ("OpenAPI 3.1", text("openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths: {}\n"), &["spec-version"], 1),
        ("a version that is a number", text("openapi: 3.0\ninfo: {}\n"), &["spec-version"], 1),
        ("a duplicate key", tiny("", "info: {title: u, version: '2'}"), &["yaml-duplicate-key"], 6),
        ("an unknown key", tiny("{X: {type: object, requred: [a]}}", ""), &["spec-unknown-key"], 5),
        ("a wrong type", tiny("{X: {type: object, required: a}}", ""), &["spec-type"], 5),
        ("an unknown type", tiny("{X: {type: strnig}}", ""), &["spec-type"], 5),
        ("no info", text("openapi: 3.0.3\npaths: {}\n"), &["spec-missing-key"], 1),
        ("an anchor", tiny("{X: &x {type: object}}", ""), &["yaml-anchor"], 5),
        ("an alias", tiny("{X: &x {type: object}, Y: *x}", ""), &["yaml-anchor", "yaml-alias"], 5),
        ("a merge key", tiny("{X: {<<: {type: object}}}", ""), &["yaml-merge-key"], 5),
        ("a bomb of aliases", bomb(), &["yaml-anchor", "yaml-alias"], 1),
        ("an alias to nothing", tiny("{X: *x}", ""), &["yaml-syntax"], 5),
        ("a tag", tiny("{X: {type: !!str object}}", ""), &["yaml-tag"], 5),
        ("a key that is a list", tiny("{? [a] : {type: object}}", ""), &["yaml-key"], 5),
        ("nested 10,000 deep", text(&("[".repeat(10_000) + &"]".repeat(10_000))), &["yaml-syntax"], 1),
        ("schemas nested 10,000 deep", deep_schema(), &["yaml-depth"], 5),
        ("blocks nested 2,000 deep", deep_blocks(), &["yaml-depth"], 65),
        ("a dangling reference", tiny("{X: {$ref: '#/components/schemas/Y'}}", ""), &["ref-dangling"], 5),
        ("a reference to another file", tiny("{X: {$ref: 'other.yaml#/X'}}", ""), &["ref-external"], 5),
        ("a reference to itself", tiny("{X: {$ref: '#/components/schemas/X'}}", ""), &["ref-circular"], 5),
        (
            "references in a circle",
            tiny("{X: {$ref: '#/components/schemas/Y'}, Y: {$ref: '#/components/schemas/X'}}", ""),
            &["ref-circular"],
            5,
        ),
        (
            "a reference into a schema",
            tiny(
                "{X: {type: object, properties: {a: {type: string}}}, Y: {$ref: '#/components/schemas/X/properties/a'}}",
                "",
            ),
            &["ref-target"],
            5,
        ),
        (
            "properties that collide",
            tiny("{X: {type: object, properties: {aB: {type: string}, a_b: {type: string}}}}", ""),
            &["property-name-collision"],
            5,
        ),
        ("schemas that collide", tiny("{AB: {type: object}, Ab: {type: object}}", ""), &["schema-name-collision"], 5),
        ("values that collide", tiny("{X: {type: string, enum: ['a-b', 'a.b']}}", ""), &["enum-value-collision"], 5),
        (
            "a property called build",
            tiny("{X: {type: object, properties: {build: {type: string}}}}", ""),
            &["property-name-collision"],
            5,
        ),
        ("a pattern that is none", tiny("{X: {type: string, pattern: '['}}", ""), &["schema-pattern"], 5),
    ]
}

/// Documents that look bad and are fine: they generate.
fn unusual() -> Vec<(&'static str, Vec<u8>)> {
    let plain = String::from_utf8_lossy(&parameter("q")).into_owned();
    let json = Document::parse_foreign("x", &plain).map(|spec| spec.raw).unwrap_or_default();
    let indented = serde_json::to_string_pretty(&json).unwrap_or_default();
    vec![
        ("BOM", text(&format!("\u{feff}{plain}"))),
        ("CRLF", text(&plain.replace('\n', "\r\n"))),
        ("JSON", text(&json.to_string())),
        ("JSON with tabs", text(&indented.replace("  ", "\t"))),
        ("JSON with escapes", text(&json.to_string().replacen("\"q\"", r#""\ud83c\udff7 \\ud83d q""#, 1))),
        ("a parameter that is a keyword", parameter("type")),
        ("a parameter that is a word of the future", parameter("gen")),
        ("a parameter that is self", parameter("self")),
        ("a parameter that begins with a digit", parameter("1st")),
        ("a parameter without a letter", parameter("*")),
        ("a Chinese parameter", parameter("标签")),
        ("an emoji", parameter("🙂")),
        (
            "a Chinese schema",
            tiny("{镜像标签: {type: object, properties: {键: {type: string}, '1': {type: string}}}}", ""),
        ),
        (
            "properties that are keywords",
            tiny(
                "{Type: {type: object, properties: {type: {type: string}, self: {type: string}, fn: {type: string}}}}",
                "",
            ),
        ),
        ("values that are keywords", tiny("{X: {type: string, enum: [Self, self_, '1', '', '标']}}", "")),
        (
            "a schema that holds itself",
            tiny("{X: {type: object, properties: {x: {$ref: '#/components/schemas/X'}}}}", ""),
        ),
        ("10 MB", big()),
    ]
}

#[test]
fn bad_documents_are_refused_with_their_place() {
    let mut wrong = Vec::new();
    for (title, bytes, rules, line) in documents() {
        let (house, foreign) = match (our_way(&bytes), all_the_way(&bytes)) {
            (Ok(house), Ok(foreign)) => (house, foreign),
            (Err(panic), _) | (_, Err(panic)) => {
                wrong.push(format!("{title}: panicked: {panic}"));
                continue;
            }
        };
        if foreign.is_empty() {
            wrong.push(format!("{title}: nothing is said of it as a foreign document"));
        }
        let report = Report::new(house);
        let first = report.diagnostics().iter().find(|finding| rules.contains(&finding.rule));
        let all = rules.iter().all(|rule| report.diagnostics().iter().any(|finding| finding.rule == *rule));
        if !all || !report.has_errors() || first.map(|finding| finding.place.line) != Some(line) {
            let said: String = report.render(Format::Text).chars().take(600).collect();
            wrong.push(format!("{title}: expected {rules:?} on line {line}, got\n{said}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn unusual_documents_generate() {
    let mut wrong = Vec::new();
    for (title, bytes) in unusual() {
        match all_the_way(&bytes) {
            Ok(findings) if findings.iter().all(|finding| finding.level == Level::Warning) => {}
            Ok(findings) => {
                let said: String = Report::new(findings).render(Format::Text).chars().take(600).collect();
                wrong.push(format!("{title}: refused\n{said}"));
            }
            Err(panic) => wrong.push(format!("{title}: panicked: {panic}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// Somebody else's document can't be repaired by who compares it: what can be read is, and the faults are warnings.
#[test]
fn documents_with_faults_are_read_all_the_same() -> Outcome {
    let operation = |members: &str| {
        format!(
            "openapi: 3.0.3\ninfo: {{title: t, version: '1'}}\npaths:\n  /a:\n    get: {{operationId: A{members}}}\n"
        )
    };
    let answer = ", responses: {'200': {description: x, content: {application/json: {schema: null}}}}";
    let tiny = |schemas: &str| String::from_utf8_lossy(&tiny(schemas, "")).into_owned();
    for (text, rule, line) in [
        (operation(""), "spec-missing-key", 5),
        (operation(answer), "spec-type", 5),
        (tiny("{X: {type: object, type: string}}"), "yaml-duplicate-key", 5),
        (tiny("{X: {type: object, requred: [a]}}"), "spec-unknown-key", 5),
        (tiny("{X: {type: 'null'}}"), "spec-type", 5),
        (tiny("{X: &x {type: string}, Y: *x}"), "yaml-alias", 5),
    ] {
        let document = Document::parse_foreign("theirs.yaml", &text).map_err(said)?;
        let findings = check(&document);
        let found = findings.iter().find(|finding| finding.rule == rule && finding.level == Level::Warning);
        assert_eq!(found.map(|finding| finding.place.line), Some(line), "{text}{}", said(findings));
    }
    let twice = Document::parse_foreign("x", &tiny("{X: {type: object, type: string}}")).map_err(said)?;
    assert_eq!(twice.schemas["X"].kind, Some(xtask::document::Kind::Text), "the last one counts");
    Ok(())
}

#[test]
fn a_missing_file_is_named() -> Outcome {
    let folder = tempfile::tempdir()?;
    for path in [folder.path().join("none.yaml"), folder.path().to_owned()] {
        let findings = Document::read(&path).err().ok_or("it was read")?;
        assert_eq!(findings.len(), 1);
        assert_eq!(
            (findings[0].rule, findings[0].place.file.as_str()),
            ("spec-unreadable", path.to_str().unwrap_or(""))
        );
    }
    Ok(())
}

/// Edits of our document, evenly spread: each ends in a clean result or in findings with a place inside the document.
/// Twenty, since each reads the whole document again; every tenth goes through the generator, too.
#[test]
fn edits_of_our_document_end_in_findings() -> Outcome {
    let spec = Document::read(xtask::root().join(xtask::DOCUMENT)).map_err(said)?;
    let step = mutations(&spec.raw).len().div_ceil(20);
    try_all(&spec.raw, step, |n| n % 10 == 0)
}

/// The same for every edit of a small document, and always through the generator.
#[test]
fn every_edit_of_a_small_document_through_the_generator() -> Outcome {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/clean.yaml");
    try_all(&Document::read(path).map_err(said)?.raw, 1, |_| true)
}

/// One edit in `step`, and which of them to generate.
fn try_all(document: &Value, step: usize, generates: fn(usize) -> bool) -> Outcome {
    let edits: Vec<_> = mutations(document).into_iter().step_by(step).enumerate().collect();
    let run = |part: &[(usize, Mutation)]| -> Vec<String> {
        let edited = |(n, edit): &(usize, Mutation)| {
            let text = serde_json::to_string_pretty(&edit.apply(document)?).ok()?;
            mishandled(&format!("{:?} {}", edit.edit, edit.pointer), &text, generates(*n))
        };
        part.iter().filter_map(edited).collect()
    };
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let threads: Vec<_> =
            edits.chunks(edits.len().div_ceil(2)).map(|part| scope.spawn(move || run(part))).collect();
        let died = |_| vec!["a thread died".to_owned()];
        threads.into_iter().flat_map(|thread| thread.join().unwrap_or_else(died)).collect()
    });
    assert!(wrong.is_empty(), "{} of {} edits:\n{}", wrong.len(), edits.len(), wrong.join("\n"));
    Ok(())
}

fn said(findings: Vec<Diagnostic>) -> String {
    Report::new(findings).render(Format::Text)
}

/// What went wrong with an edited document, if anything did.
fn mishandled(title: &str, text: &str, generate: bool) -> Option<String> {
    let lines = text.lines().count();
    let findings = match our_way(text.as_bytes()) {
        Ok(findings) => findings,
        Err(panic) => return Some(format!("{title}: panicked: {panic}")),
    };
    if let Some(lost) = findings.iter().find(|f| f.place.line == 0 || f.place.line > lines || f.message.is_empty()) {
        return Some(format!("{title}: no place: {lost}"));
    }
    if !generate {
        return None;
    }
    match all_the_way(text.as_bytes()) {
        Err(panic) => Some(format!("{title}: panicked: {panic}")),
        Ok(findings) => findings
            .iter()
            .find(|finding| matches!(finding.rule, "generator-refused" | "generator-output" | "fixup-count"))
            .map(|finding| format!("{title}: the lint let it through: {finding}")),
    }
}

/// As `cargo xtask generate --spec` goes: read, lint, generate; every finding on the way, or the panic.
fn all_the_way(bytes: &[u8]) -> Result<Vec<Diagnostic>, String> {
    let run = || -> Result<Vec<Diagnostic>, Box<dyn std::error::Error>> {
        let file = tempfile::NamedTempFile::new()?;
        std::fs::write(file.path(), bytes)?;
        let spec = match Document::read_foreign(file.path()) {
            Ok(spec) => spec,
            Err(findings) => return Ok(findings),
        };
        let mut findings = check(&spec);
        if findings.iter().all(|finding| finding.level == Level::Warning) {
            findings.extend(generate::render(&spec).err().unwrap_or_default());
        }
        Ok(findings)
    };
    caught(run)
}

/// As `cargo xtask lint` goes with our own document.
fn our_way(bytes: &[u8]) -> Result<Vec<Diagnostic>, String> {
    caught(|| {
        let file = tempfile::NamedTempFile::new()?;
        std::fs::write(file.path(), bytes)?;
        Ok(Document::read(file.path()).map_or_else(|findings| findings, |spec| check(&spec)))
    })
}

fn caught(
    run: impl FnOnce() -> Result<Vec<Diagnostic>, Box<dyn std::error::Error>>,
) -> Result<Vec<Diagnostic>, String> {
    match catch_unwind(AssertUnwindSafe(run)) {
        Ok(outcome) => outcome.map_err(|error| error.to_string()),
        Err(panic) => Err(panic.downcast_ref::<String>().cloned().unwrap_or_else(|| "a panic".to_owned())),
    }
}

fn text(text: &str) -> Vec<u8> {
    text.as_bytes().to_vec()
}

/// Five lines: the schemas stand on the last, `rest` below them.
fn tiny(schemas: &str, rest: &str) -> Vec<u8> {
    let schemas = if schemas.is_empty() { "{}" } else { schemas };
    text(&format!(
        "openapi: 3.0.3\ninfo: {{title: t, version: '1'}}\npaths: {{}}\ncomponents:\n  schemas: {schemas}\n{rest}\n"
    ))
}

/// One operation with one parameter, on the third line.
fn parameter(name: &str) -> Vec<u8> {
    text(&format!(
        "openapi: 3.0.3\ninfo: {{title: t, version: '1'}}\npaths: {{/a: {{get: {{operationId: A, parameters: [{{name: '{name}', in: query, schema: {{type: string}}}}], responses: {{'204': {{description: x}}}}}}}}}}\n"
    ))
}

fn bomb() -> Vec<u8> {
    let mut lines = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let all = vec![format!("*a{}", level - 1); 9].join(", ");
        lines.push_str(&format!("a{level}: &a{level} [{all}]\n"));
    }
    text(&lines)
}

fn deep_schema() -> Vec<u8> {
    tiny(&format!("{{X: {}{{}}{}}}", "{not: ".repeat(10_000), "}".repeat(10_000)), "")
}

fn deep_blocks() -> Vec<u8> {
    let lines: Vec<_> = (0..2_000).map(|depth| format!("{}k:", " ".repeat(depth))).collect();
    text(&lines.join("\n"))
}

fn big() -> Vec<u8> {
    let description = "A long description. 很长的描述。".repeat(5_000);
    let schemas: Map<String, Value> = (0..50)
        .map(|number| (format!("Schema{number}"), json!({"type": "object", "description": description})))
        .collect();
    let document = json!({
        "openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": {}, "components": {"schemas": schemas}
    });
    text(&document.to_string())
}
