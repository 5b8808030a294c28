//! The document: what all other stages ask, and how it is read.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::node::Node;
use super::operation::{self, Operation};
use super::positions::{self, Positions, is_json_text};
use super::schema::Schema;
use super::text::Text;
use super::{check, references};
use crate::diagnostic::{Diagnostic, Level, Place};

/// A document that was read completely.
#[derive(Debug, Clone)]
pub struct Document {
    /// The file as the user named it; diagnostics begin with it.
    pub name: String,
    /// Whether it is our own: then every rule counts.
    pub ours: bool,
    /// The SHA-256 of the file's bytes in lower-case hex.
    pub sha256: String,
    /// The document as it was written, keys in their order.
    pub raw: Value,
    /// What was tolerated because the document is not ours; `lint::check` passes it on.
    pub(crate) tolerated: Vec<Diagnostic>,
    /// `info.title`.
    pub title: String,
    /// `info.version`.
    pub version: String,
    /// `info.description`.
    pub about: Text,
    /// The groups of operations, as they are written: name and text.
    pub tags: Vec<(String, Text)>,
    /// Every operation, by path as written and then by method.
    pub operations: Vec<Operation>,
    /// The schemas of `components`, by name.
    pub schemas: BTreeMap<String, Schema>,
    /// The security schemes, by name.
    pub security: BTreeMap<String, SecurityScheme>,
    positions: Positions,
}

/// How a request can be authenticated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecurityScheme {
    /// By a key in the header of this name.
    Header(String),
    /// By a signature, or whatever else the document describes in words.
    Other,
}

impl Document {
    /// Parses our own document; `name` is how diagnostics call the file.
    ///
    /// # Errors
    /// Every reason why the text is no usable OpenAPI 3.0 document, each with its place.
    pub fn parse(name: &str, text: &str) -> Result<Self, Vec<Diagnostic>> {
        Self::parse_bytes(name, text.as_bytes(), true)
    }

    /// Parses somebody else's document: what can be read past (an unknown key, a null, a wrong type) is tolerated, and
    /// comes back as warnings of `lint::check`.
    ///
    /// # Errors
    /// As [`Document::parse`], without what is tolerated.
    pub fn parse_foreign(name: &str, text: &str) -> Result<Self, Vec<Diagnostic>> {
        Self::parse_bytes(name, text.as_bytes(), false)
    }

    /// Reads and parses our own document from a file.
    ///
    /// # Errors
    /// As [`Document::parse`], and if the file cannot be read.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, Vec<Diagnostic>> {
        Self::read_as(path.as_ref(), true)
    }

    /// Reads and parses somebody else's document from a file.
    ///
    /// # Errors
    /// As [`Document::parse_foreign`], and if the file cannot be read.
    pub fn read_foreign(path: impl AsRef<Path>) -> Result<Self, Vec<Diagnostic>> {
        Self::read_as(path.as_ref(), false)
    }

    /// The place of the key (or of the item, in an array) at an RFC 6901 pointer; of its nearest ancestor if the
    /// pointer leads nowhere.
    #[must_use]
    pub fn place(&self, pointer: &str) -> Place {
        self.positions.key(pointer)
    }

    /// The node at a pointer after following `$ref`s, with the pointer where it really is.
    #[must_use]
    pub fn resolve(&self, pointer: &str) -> Option<(String, &Value)> {
        references::resolve(&self.raw, pointer)
    }

    /// What a schema means: itself, or the component that its references lead to. `None` if they lead nowhere, round in
    /// a circle, or into a component.
    #[must_use]
    pub fn schema<'a>(&'a self, schema: &'a Schema) -> Option<&'a Schema> {
        let mut meant = schema;
        for _ in 0..=self.schemas.len() {
            if meant.reference.is_none() {
                return Some(meant);
            }
            meant = self.schemas.get(meant.component()?)?;
        }
        None
    }

    /// The schema that is written at a pointer, or where the references there lead.
    #[must_use]
    pub fn schema_at(&self, pointer: &str) -> Option<Schema> {
        Node::resolve(&self.raw, pointer).map(|node| Schema::read(&node))
    }

    /// What a property of an object, or of one of its parts, means.
    #[must_use]
    pub fn property<'a>(&'a self, schema: &'a Schema, name: &str) -> Option<&'a Schema> {
        let (mut waiting, mut seen) = (vec![schema], HashSet::new());
        while let Some(schema) = waiting.pop().map(|schema| self.schema(schema)) {
            let Some(schema) = schema.filter(|schema| seen.insert(&schema.pointer)) else { continue };
            if let Some(property) = schema.property(name) {
                return self.schema(&property.schema);
            }
            waiting.extend(schema.parts());
        }
        None
    }

    /// Calls `visit` with the pointer and text of each reference.
    pub(crate) fn references<'a>(&'a self, visit: impl FnMut(&str, &'a str)) {
        references::each(&self.raw, visit);
    }

    /// The operation with this id, or with this method and path.
    #[must_use]
    pub fn operation(&self, name: &str) -> Option<&Operation> {
        self.operations.iter().find(|operation| operation.name() == name)
    }

    fn read_as(path: &Path, ours: bool) -> Result<Self, Vec<Diagnostic>> {
        let name = path.display().to_string();
        let bytes = std::fs::read(path).map_err(|error| {
            let help = "name an OpenAPI 3.0 document that exists and is readable";
            let message = format!("cannot read the file: {error}");
            vec![Diagnostic::error(start(&name), "spec-unreadable", message, help)]
        })?;
        Self::parse_bytes(&name, &bytes, ours)
    }

    fn parse_bytes(name: &str, bytes: &[u8], ours: bool) -> Result<Self, Vec<Diagnostic>> {
        let text = text_of(name, bytes)?;
        let (positions, mut findings) = positions::scan(name, text)?;
        if ours && !findings.is_empty() {
            return Err(findings);
        }
        let raw = raw_of(name, text)?;
        version(&raw, &positions)?;

        findings.extend(check::grammar(&raw, &positions));
        let references = references::check(&raw, &positions);
        let unreadable = !references.is_empty() || ours && !findings.is_empty();
        findings.extend(references);
        findings.sort();
        findings.dedup();
        if unreadable {
            return Err(findings);
        }
        findings.iter_mut().for_each(|finding| finding.level = Level::Warning);
        let root = Node { raw: &raw, pointer: String::new(), value: &raw };
        let said = |pointer: &str| raw.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        let written = raw.get("components").unwrap_or(&Value::Null);
        let components = Node { raw: &raw, pointer: "/components".to_owned(), value: written };
        let schemes = components.members("securitySchemes");
        Ok(Self {
            name: name.to_owned(),
            ours,
            sha256: Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect(),
            title: said("/info/title").to_owned(),
            version: said("/info/version").to_owned(),
            about: Text::of(said("/info/description")),
            tags: root
                .items("tags")
                .map(|tag| (tag.string("name").unwrap_or_default(), tag.text("description")))
                .collect(),
            operations: operation::read(&root),
            schemas: components.members("schemas").map(|(name, node)| (name.to_owned(), Schema::read(&node))).collect(),
            security: schemes.map(|(name, node)| (name.to_owned(), security(&node))).collect(),
            tolerated: findings,
            positions,
            raw,
        })
    }
}

fn text_of<'a>(name: &str, bytes: &'a [u8]) -> Result<&'a str, Vec<Diagnostic>> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let good = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
        let place = Place {
            file: name.to_owned(),
            line: good.matches('\n').count() + 1,
            column: good.rsplit('\n').next().unwrap_or("").chars().count() + 1,
        };
        let byte = bytes.get(error.valid_up_to()).copied().unwrap_or_default();
        let message = format!("byte 0x{byte:02x} is not UTF-8");
        vec![Diagnostic::error(place, "spec-not-text", message, "save the document as UTF-8 text")]
    })?;
    // A byte order mark carries nothing in UTF-8; editors on Windows write it.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim().is_empty() {
        let message = "the file holds nothing".to_owned();
        return Err(vec![Diagnostic::error(start(name), "spec-empty", message, "begin with `openapi: 3.0.3`")]);
    }
    Ok(text)
}

fn raw_of(name: &str, text: &str) -> Result<Value, Vec<Diagnostic>> {
    if is_json_text(text)
        && let Ok(raw) = serde_json::from_str(text)
    {
        return Ok(raw);
    }
    let parser = serde_yaml::Deserializer::from_str(text);
    Value::deserialize(parser).map_err(|error| {
        let (line, column) = error.location().map_or((1, 1), |at| (at.line(), at.column()));
        let place = Place { file: name.to_owned(), line, column };
        vec![Diagnostic::error(
            place,
            "spec-syntax",
            format!("not YAML: {error}"),
            "write YAML that is also a JSON value",
        )]
    })
}

/// Refuses what isn't OpenAPI 3.0 at all, before every key of it is reported as unknown.
fn version(raw: &Value, positions: &Positions) -> Result<(), Vec<Diagnostic>> {
    let help = "write `openapi: 3.0.3`; the generator reads OpenAPI 3.0.x only";
    let (pointer, what) = match (raw.get("openapi"), raw.get("swagger")) {
        (Some(Value::String(version)), _) if is_3_0(version) => return Ok(()),
        (Some(Value::String(version)), _) => ("/openapi", format!("the document is OpenAPI {version}")),
        (Some(other), _) => ("/openapi", format!("the version `{other}` is not a string like 3.0.3")),
        (None, Some(version)) => ("/swagger", format!("the document is Swagger {}", version.as_str().unwrap_or("2.0"))),
        (None, None) => ("", "the document does not say `openapi: 3.0.x`".to_owned()),
    };
    Err(vec![Diagnostic::error(positions.key(pointer), "spec-version", what, help)])
}

fn is_3_0(version: &str) -> bool {
    version.strip_prefix("3.0.").is_some_and(|patch| !patch.is_empty() && patch.bytes().all(|b| b.is_ascii_digit()))
}

fn security(scheme: &Node<'_>) -> SecurityScheme {
    match (scheme.str("type"), scheme.str("in"), scheme.str("name")) {
        (Some("apiKey"), Some("header"), Some(name)) if !name.eq_ignore_ascii_case("authorization") => {
            SecurityScheme::Header(name.to_owned())
        }
        _ => SecurityScheme::Other,
    }
}

fn start(name: &str) -> Place {
    Place { file: name.to_owned(), line: 1, column: 1 }
}
