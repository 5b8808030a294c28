//! The service's own description, as API Explorer has it: Swagger 2.0, one operation a file, read as a [`Document`].

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use super::facts::{self, Facts};
use crate::diagnostic::Diagnostic;
use crate::document::Document;

/// The crate that carries the files. Somebody publishes it on his own account, so it is only ever read, never built.
pub(super) const CRATE: &str = "huawei-cloud-api-definitions-IMS";
/// What to do about a form that was never seen.
const UNKNOWN: &str = "if this is a new form, teach it in xtask/src/drift/definitions.rs";

/// Brings a published version, for example `=0.1.20261015` or the newest as `*`, by a manifest that nothing else uses: its
/// folder, and which version it is.
///
/// # Errors
/// There is no network, or the crate isn't there any more.
pub(super) fn bring(root: &Path, requirement: &str) -> Result<(PathBuf, String), String> {
    let home = root.join("target").join(if requirement == "*" { "drift" } else { "drift-locked" });
    let manifest = home.join("Cargo.toml");
    let text = format!(
        "[package]\nname = \"drift\"\nedition = \"2024\"\n[lib]\npath = \"/dev/null\"\n[dependencies]\n{CRATE} = \"{requirement}\"\n[workspace]\n"
    );
    let written = fs::create_dir_all(&home).and_then(|()| fs::write(&manifest, text));
    written.map_err(|error| format!("cannot write {}: {error}", manifest.display()))?;
    // An older lock file would keep an older version.
    let _ = fs::remove_file(home.join("Cargo.lock"));
    let mut cargo = crate::demo::cargo();
    let cargo = cargo.args(["metadata", "--quiet", "--format-version", "1", "--manifest-path"]).arg(&manifest);
    let output = cargo.output().map_err(|error| format!("cannot start cargo: {error}"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(format!("cannot bring the crate {CRATE}: {}", said.lines().next_back().unwrap_or_default().trim()));
    }
    let metadata: Value = serde_json::from_slice(&output.stdout).map_err(|error| format!("cargo metadata: {error}"))?;
    let packages = metadata["packages"].as_array().into_iter().flatten();
    let found = packages.filter(|package| package["name"] == CRATE).find_map(|package| {
        let folder = Path::new(package["manifest_path"].as_str()?).with_file_name("src");
        Some((folder, format!("{CRATE} {}", package["version"].as_str()?)))
    });
    found.ok_or_else(|| format!("cargo metadata doesn't name {CRATE}"))
}

/// Reads the facts of all files of a folder.
///
/// # Errors
/// A folder or file that can't be read, and any form that isn't known.
pub(super) fn read(folder: &Path) -> Result<Facts, String> {
    let unreadable = |error| format!("cannot read {}: {error}", folder.display());
    let entries = fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>).map_err(unreadable)?;
    let is_hidden = |entry: &fs::DirEntry| entry.file_name().as_encoded_bytes().starts_with(b".");
    let files = entries.into_iter().filter(|entry| !is_hidden(entry)).map(|entry| entry.path());
    let mut facts = Facts::new();
    for file in files.filter(|file| file.extension().is_some_and(|extension| extension == "json")) {
        let name = file.display().to_string();
        let document = fs::read_to_string(&file)
            .map_err(|error| format!("cannot read {name}: {error}"))
            .and_then(|text| serde_json::from_str(&text).map_err(|error| format!("{name}: {error}")))
            .and_then(|value| openapi(&value).map_err(|reason| format!("{name}: {reason}: {UNKNOWN}")))?;
        let said = |finding: &Diagnostic| format!("{name}: {}: {UNKNOWN}", finding.message);
        let document = Document::parse_foreign(&name, &document.to_string())
            .map_err(|findings| findings.iter().map(said).collect::<Vec<_>>().join("\n"))?;
        if let Some(finding) = document.tolerated.first() {
            return Err(said(finding));
        }
        for (operation, nodes) in facts::of(&document) {
            if facts.contains_key(&operation) {
                return Err(format!("{name}: another file has {operation}, too"));
            }
            facts.insert(operation, nodes);
        }
    }
    if facts.is_empty() {
        return Err(format!("{} holds no operation: it should have a file Operation.json for each", folder.display()));
    }
    Ok(facts)
}

/// A file as OpenAPI 3.0.
fn openapi(file: &Value) -> Result<Value, String> {
    let mut paths = Map::new();
    for (path, item) in members(file, "paths")? {
        for (method, operation) in item.as_object().into_iter().flatten() {
            let operation = convert(operation).map_err(|reason| format!("{method} {path}: {reason}"))?;
            paths.insert(path.clone(), json!({method: operation}));
        }
    }
    let schemas = Value::Object(
        members(file, "definitions")?.iter().map(|(name, schema)| (name.clone(), rewritten(schema))).collect(),
    );
    let info = json!({"title": "upstream", "version": "0"});
    Ok(json!({"openapi": "3.0.3", "info": info, "paths": paths, "components": {"schemas": schemas}}))
}

fn convert(node: &Value) -> Result<Value, String> {
    let text = |key: &str| node[key].as_str().unwrap_or_default();
    let samples = node.as_object().into_iter().flatten().filter(|(key, _)| key.starts_with("x-request-examples"));
    let prose = [text("summary"), text("description"), text("x-constraint")].join("\n");
    let mut operation = json!({
        "operationId": node["operationId"].as_str().ok_or("no operationId")?,
        // Where it is read again, samples are what a summary is here.
        "summary": samples.map(|(key, value)| format!("{key} {value}\n")).collect::<String>(),
        "description": prose,
        "deprecated": node["deprecated"] == true,
        "responses": {},
    });
    let media = |key: &str| node[key][0].as_str().unwrap_or("application/json").to_owned();
    let mut parameters = Vec::new();
    for parameter in node["parameters"].as_array().into_iter().flatten() {
        let mut schema = parameter.as_object().cloned().unwrap_or_default();
        let mut read = Map::new();
        for key in ["name", "in", "required", "description"] {
            read.extend(schema.remove(key).map(|value| (key.to_owned(), value)));
        }
        if parameter["in"] == "body" {
            operation["requestBody"] = json!({
                "required": read["required"],
                "description": read["description"],
                "content": {media("consumes"): {"schema": rewritten(&schema["schema"])}},
            });
        } else {
            read.insert("schema".to_owned(), rewritten(&Value::Object(schema)));
            parameters.push(Value::Object(read));
        }
    }
    operation["parameters"] = parameters.into();
    for (status, response) in members(node, "responses")? {
        let mut read = json!({"description": response["description"]});
        if let Some(schema) = response.get("schema") {
            let mut body = json!({"schema": rewritten(schema)});
            if let Some(sample) = response["examples"].get("application/json") {
                body["example"] = sample.clone();
            }
            read["content"] = json!({media("produces"): body});
        }
        operation["responses"][status] = read;
    }
    Ok(operation)
}

fn members<'a>(node: &'a Value, key: &str) -> Result<&'a Map<String, Value>, String> {
    node[key].as_object().ok_or_else(|| format!("`{key}` isn't an object"))
}

/// A schema without what is for its page alone; what stands beside a `$ref` counts there, and so it does here.
fn rewritten(node: &Value) -> Value {
    let Value::Object(keys) = node else { return node.clone() };
    let mut read = Map::new();
    for (key, value) in keys.iter().filter(|(key, _)| !key.starts_with("x-") && *key != "example") {
        let (key, value) = match (key.as_str(), value) {
            ("$ref", Value::String(target)) => {
                ("allOf", json!([{"$ref": target.replace("#/definitions/", "#/components/schemas/")}]))
            }
            ("properties", Value::Object(properties)) => {
                let properties = properties.iter().map(|(name, schema)| (name.clone(), rewritten(schema)));
                ("properties", Value::Object(properties.collect()))
            }
            ("items" | "additionalProperties", schema) => (key.as_str(), rewritten(schema)),
            (key, value) => (key, value.clone()),
        };
        read.insert(key.to_owned(), value);
    }
    Value::Object(read)
}
