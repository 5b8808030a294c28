//! Shared parts of the tests: what more than one test file needs.

pub mod broken;
pub mod capture;
pub mod server;
pub mod shell;
pub mod tls_server;
pub mod virtual_time;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use serde_json::{Map, Value};
use xtask::diagnostic::Diagnostic;
use xtask::document::Document;

/// Compares a document with its snapshot `tests/snapshots/NAME.snap`; if they differ, says how to accept it.
///
/// # Panics
/// The document differs and `INSTA_UPDATE` doesn't allow to accept it.
#[allow(clippy::panic, reason = "a lock that differs fails its test")]
pub fn lock(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(root().join("tests/snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let checked = settings.bind(|| {
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| insta::assert_snapshot!(name.to_owned(), text)))
    });
    if checked.is_err() {
        panic!("{name} differs: look at it, then accept it with `cargo insta review`, or {ACCEPT}");
    }
}

/// Compares documents with their snapshots `PREFIX-NAME.snap`; a snapshot of that prefix without a document is left over.
///
/// # Panics
/// As [`lock`], or a snapshot is left over.
#[allow(clippy::panic, reason = "a lock that differs fails its test")]
pub fn lock_all(prefix: &str, documents: &BTreeMap<String, String>) {
    for (name, text) in documents {
        lock(&format!("{prefix}-{name}"), text);
    }
    let folder = root().join("tests/snapshots");
    let files = std::fs::read_dir(&folder).map(|entries| entries.flatten().collect::<Vec<_>>()).unwrap_or_default();
    for file in files {
        let file = file.file_name().to_string_lossy().into_owned();
        let name = file.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('-')?.strip_suffix(".snap"));
        if name.is_some_and(|name| !documents.contains_key(name)) {
            panic!("{file} belongs to no lock: delete it");
        }
    }
}

/// How to accept what the locks show, without a tool.
pub const ACCEPT: &str = "`INSTA_UPDATE=always cargo test -p ims-tests`";

/// The repository's own document, read once.
///
/// # Errors
/// It can't be read, with all reasons.
pub fn document() -> Result<&'static Document, String> {
    static READ: LazyLock<Result<Document, String>> = LazyLock::new(|| {
        let path = root().join(xtask::DOCUMENT);
        let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        Document::parse(xtask::DOCUMENT, &text).map_err(findings)
    });
    READ.as_ref().map_err(Clone::clone)
}

/// The sample request of an operation, as arguments of a call by name.
#[derive(Debug, Clone, PartialEq)]
pub struct SampleCall {
    /// The `operationId`.
    pub operation: String,
    /// The values of parameters by name; the request body as `body`.
    pub arguments: Map<String, Value>,
}

/// The sample requests of all operations that have one, as arguments of calls by name.
#[must_use]
pub fn sample_calls(document: &Document) -> Vec<SampleCall> {
    let mut operations: Vec<_> = document.operations.iter().collect();
    operations.sort_by(|a, b| a.path.cmp(&b.path));
    let calls = operations.into_iter().filter_map(|operation| {
        let sample = operation.sample.clone()?;
        let values = sample.values.into_iter().map(|(name, value)| (name, value.into()));
        let arguments = values.chain(sample.body.map(|body| ("body".to_owned(), body))).collect();
        Some(SampleCall { operation: operation.name(), arguments })
    });
    calls.collect()
}

/// A call as words for a shell, without the program's name; what no flag can say is left for the standard input.
#[derive(Debug, Clone, PartialEq)]
pub struct Words {
    /// The words, not quoted.
    pub words: Vec<String>,
    /// What `--body -` is to read, if the words hold that.
    pub body: Option<Value>,
}

/// How `ims` is told to make a call; `None` if the document has no such operation.
#[must_use]
pub fn words(document: &Document, operation: &str, arguments: &Map<String, Value>) -> Option<Words> {
    let operation = document.operation(operation)?;
    let body = arguments.get("body").filter(|_| operation.body.is_some());
    let (mut words, fields) = xtask::generate::words(document, operation, arguments, body);
    let body = body.filter(|_| fields.is_none()).cloned();
    words.extend(fields.into_iter().flatten());
    words.extend(body.iter().flat_map(|_| ["--body", "-"]).map(str::to_owned));
    Some(Words { words, body })
}

/// How many cases a property test tries: `PROPTEST_CASES` if it is set, else this many.
#[must_use]
pub fn cases(otherwise: u32) -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(otherwise)
}

/// Findings as text, one after another.
#[must_use]
pub fn findings(findings: Vec<Diagnostic>) -> String {
    findings.iter().map(|finding| format!("{finding}\n")).collect()
}

/// The workspace's root.
#[must_use]
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The README's example, compiled as a test.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
mod readme {}

/// A JSON value without the members that are null or empty lists: a typed answer doesn't tell them from what isn't there.
#[must_use]
pub fn without_blanks(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let said =
                members.into_iter().filter(|(_, member)| !member.is_null() && *member != Value::Array(Vec::new()));
            Value::Object(said.map(|(name, member)| (name, without_blanks(member))).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(without_blanks).collect()),
        plain => plain,
    }
}
