//! The generator's output without any fixup, for one operation: what the benches compare the client with.

use std::collections::HashSet;

use progenitor::{GenerationSettings, Generator, InterfaceStyle};
use serde_json::{Value, json};

use super::{Files, parse, print, progenitor, unparsable};
use crate::diagnostic::Diagnostic;
use crate::spec::Spec;

/// What clippy is told about it.
const ALLOWS: &str = "\
// Nobody's hand has touched this: it is measured as it came.
#![allow(clippy::all, clippy::unwrap_used, clippy::expect_used, clippy::uninlined_format_args, clippy::redundant_clone)]
#![allow(dead_code, unreachable_pub, unused_imports, elided_lifetimes_in_paths, missing_docs)]
";

/// Renders the plain client of the first operation that has a sample request and no body; no file if there is none.
///
/// # Errors
/// As [`render`](super::render).
pub fn plain(spec: &Spec) -> Result<Files, Vec<Diagnostic>> {
    let Some(raw) = slice(&spec.raw) else { return Ok(Files::new()) };
    let openapi = serde_json::from_value(raw).map_err(|error| unparsable(spec, &error))?;
    let mut settings = GenerationSettings::new();
    settings.with_interface(InterfaceStyle::Builder);
    let mut generator = Generator::new(&settings);
    let file = parse(spec, progenitor(spec, || generator.generate_tokens(&openapi))?)?;
    Ok(Files::from([("plain.rs", print(spec, "What the generator writes, without fixups.", ALLOWS, &file))]))
}

/// The document with that operation alone and what it refers to.
fn slice(raw: &Value) -> Option<Value> {
    let (path, item) = raw["paths"].as_object()?.iter().find(|(_, item)| {
        let operation = &item["get"];
        operation.get("x-ims-sample-request").is_some() && operation.get("requestBody").is_none()
    })?;
    let mut item = item.clone();
    item.as_object_mut()?.retain(|key, _| !matches!(key.as_str(), "put" | "post" | "delete" | "patch"));
    let mut slice = raw.clone();
    slice["paths"] = json!({path.as_str(): item});
    let mut reached = HashSet::new();
    let mut waiting = vec![&slice["paths"]];
    while let Some(node) = waiting.pop() {
        match node {
            Value::Object(members) => {
                let target = members.get("$ref").and_then(Value::as_str).and_then(|text| text.strip_prefix('#'));
                if let Some(target) = target.filter(|target| reached.insert((*target).to_owned())) {
                    waiting.extend(raw.pointer(target));
                }
                waiting.extend(members.values());
            }
            Value::Array(items) => waiting.extend(items),
            _ => {}
        }
    }
    for (section, members) in slice.get_mut("components")?.as_object_mut()? {
        if let (Some(members), true) = (members.as_object_mut(), section != "securitySchemes") {
            members.retain(|name, _| reached.contains(&format!("/components/{section}/{name}")));
        }
    }
    Some(slice)
}
