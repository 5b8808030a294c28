//! Limits of the generator in schemas, and what of a schema the client would lose.

use std::collections::HashMap;

use regress::Regex;
use serde_json::{Map, Value};

use super::rules::Run;
use crate::document::walk::walk;
use crate::document::{Case, Clash, Kind, OddValue, child, component_at, identifier, last, odd_value, shown};
use crate::pattern::portable;
use crate::validate::validate;

type Keys = Map<String, Value>;

/// The rules of one schema, each told where it is written and its keys.
const RULES: &[fn(&mut Run<'_>, &str, &Keys)] =
    &[pattern, default, bounds, enumeration, not, untyped, format, kind_keywords, properties, limits];

pub(super) fn check(run: &mut Run<'_>) {
    references(run);
    names(run);
    let raw = &run.spec.raw;
    walk(raw, |node| {
        if let Some((_, schema)) = node.object().filter(|(shape, _)| shape.name == "schema") {
            RULES.iter().for_each(|rule| rule(run, node.pointer, schema));
        }
        true
    });
}

/// Where two components have one name in Rust, the generator writes both; of schemas in place it silently keeps the first,
/// so the others get a number.
fn names(run: &mut Run<'_>) {
    for Clash { schema, first, name, instead } in run.spec.clashes() {
        let line = run.spec.place(&first.pointer).line;
        let message = format!("the schema is `{name}` in Rust, as is another one on line {line}");
        match instead {
            None => run.report("schema-name-collision", &schema.pointer, message),
            Some(_) => run.report("schema-name-taken", &schema.pointer, message + ", so it gets a number"),
        }
    }
}

/// Properties that have one name in Rust; the builder has a method `build`, and the map of all others is a field `extra`.
fn properties(run: &mut Run<'_>, at: &str, schema: &Keys) {
    let Some(Value::Object(properties)) = schema.get("properties") else { return };
    let has_extra = schema.get("additionalProperties").is_some_and(Value::is_object);
    let mut seen: HashMap<String, &str> = HashMap::new();
    for name in properties.keys() {
        let rust = identifier(name, Case::Field);
        let message = match (rust.as_str(), seen.get(&rust)) {
            (_, Some(other)) => format!("`{other}` and `{name}` are both `{rust}` in Rust"),
            ("build", None) => format!("the property `{name}` is a method of the generated builder"),
            ("extra", None) if has_extra => format!("`{name}` and `additionalProperties` are both `extra`"),
            _ => {
                seen.insert(rust, name);
                continue;
            }
        };
        run.report("property-name-collision", &child(&child(at, "properties"), name), message);
    }
}

fn pattern(run: &mut Run<'_>, at: &str, schema: &Keys) {
    let Some(pattern) = schema.get("pattern").and_then(Value::as_str) else { return };
    if let Err(error) = Regex::new(pattern) {
        run.report("schema-pattern", &child(at, "pattern"), format!("`{pattern}` is no expression: {error}"));
    } else if let Err(reason) = portable(pattern) {
        run.report("schema-pattern-portable", &child(at, "pattern"), format!("`{pattern}` needs {reason}"));
    }
}

fn default(run: &mut Run<'_>, at: &str, schema: &Keys) {
    let Some(default) = schema.get("default") else { return };
    let unnamed = schema.get("enum").and_then(Value::as_array).is_some_and(|values| !values.contains(default));
    let invalid = validate(run.spec, at, default).into_iter().next().map(|problem| problem.text.english);
    if let Some(reason) = invalid.or_else(|| unnamed.then(|| "it is none of the values".to_owned())) {
        let message = format!("the default {} is not valid: {reason}", shown(default));
        run.report("schema-default", &child(at, "default"), message);
    }
}

fn bounds(run: &mut Run<'_>, at: &str, schema: &Keys) {
    let number = |key: &str| schema.get(key).and_then(Value::as_f64);
    for what in ["imum", "Length", "Items", "Properties"] {
        let (low, high) = (format!("min{what}"), format!("max{what}"));
        if let (Some(from), Some(to)) = (number(&low), number(&high))
            && from > to
        {
            run.report("schema-bounds", &child(at, &low), format!("{low} {from} is above {high} {to}"));
        }
    }
    for (exclusive, bound) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
        if schema.get(exclusive) == Some(&Value::Bool(true)) && !schema.contains_key(bound) {
            run.report("schema-bounds", &child(at, exclusive), format!("{exclusive} stands without {bound}"));
        }
    }
}

fn enumeration(run: &mut Run<'_>, at: &str, schema: &Keys) {
    let Some(Value::Array(values)) = schema.get("enum") else { return };
    // The generator makes two types of one name where a named schema has null among its values but isn't nullable.
    let nullable = component_at(at).is_none() || schema.get("nullable") == Some(&Value::Bool(true));
    let at = child(at, "enum");
    let written = schema.get("type").and_then(Value::as_str);
    if values.as_slice() == [Value::Null] {
        return; // the generator has a type for that
    }
    let (nulls, others): (Vec<Value>, Vec<Value>) = values.iter().cloned().partition(Value::is_null);
    let odd = if nulls.is_empty() || nullable { None } else { Some(OddValue::Type(&Value::Null)) };
    match odd.or_else(|| odd_value(written.and_then(Kind::of), &others)) {
        Some(OddValue::Type(odd)) => {
            let kind = written.unwrap_or("the first value's");
            run.report("schema-enum", &at, format!("{} is not of type {kind}", shown(odd)));
        }
        Some(OddValue::Name(first, second, rust)) => {
            let (first, second) = (first.escape_debug(), second.escape_debug());
            run.report("enum-value-collision", &at, format!("\"{first}\" and \"{second}\" are both `{rust}` in Rust"));
        }
        None => {}
    }
}

/// No Rust type says it.
fn not(run: &mut Run<'_>, at: &str, schema: &Keys) {
    if schema.contains_key("not") {
        run.report("schema-not", &child(at, "not"), "the client doesn't enforce `not`");
    }
}

/// Keywords of numbers, and formats, make the generator panic where no type is given.
fn untyped(run: &mut Run<'_>, at: &str, schema: &Keys) {
    if schema.contains_key("type") || ["allOf", "anyOf", "oneOf"].iter().any(|key| schema.contains_key(*key)) {
        return;
    }
    let number = KEYWORDS.iter().filter(|(owner, _)| *owner == "number").flat_map(|(_, keywords)| *keywords);
    if let Some(keyword) = number.chain(&["format"]).find(|keyword| schema.contains_key(**keyword)) {
        run.report("schema-untyped", &child(at, keyword), format!("`{keyword}` stands in a schema without a type"));
    }
}

/// The generator panics at a format of anything but text and numbers.
fn format(run: &mut Run<'_>, at: &str, schema: &Keys) {
    let text = |key| schema.get(key).and_then(Value::as_str);
    if let (Some(kind @ ("object" | "array" | "boolean")), Some(format)) = (text("type"), text("format")) {
        run.report("schema-format", &child(at, "format"), format!("`{format}` is a format of type {kind}"));
    }
}

/// The generator looks the last part of a reference up in one section of `components`, whatever stands before it.
fn references(run: &mut Run<'_>) {
    let spec = run.spec;
    spec.references(|pointer, reference| {
        let names_component = reference
            .strip_prefix("#/components/")
            .and_then(|rest| rest.split_once('/'))
            .is_some_and(|(_, name)| !name.contains(['/', '~', '%']));
        if pointer.strip_prefix("/paths/").is_some_and(|rest| !rest.contains('/')) {
            run.report("path-item-ref", pointer, format!("the path `{}` is a reference", last(pointer)));
        } else if !names_component {
            let message = format!("`{reference}` does not name a component as a whole");
            run.report("ref-target", &child(pointer, "$ref"), message);
        }
    });
}

/// Which type a keyword belongs to.
const KEYWORDS: &[(&str, &[&str])] = &[
    ("string", &["pattern", "minLength", "maxLength"]),
    ("array", &["items", "minItems", "maxItems", "uniqueItems"]),
    ("object", &["properties", "required", "additionalProperties", "minProperties", "maxProperties"]),
    ("number", &["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]),
];

fn kind_keywords(run: &mut Run<'_>, at: &str, schema: &Keys) {
    let Some(kind) = schema.get("type").and_then(Value::as_str) else { return };
    let kind = if kind == "integer" { "number" } else { kind };
    for (owner, keywords) in KEYWORDS.iter().filter(|(owner, _)| *owner != kind) {
        for keyword in keywords.iter().filter(|keyword| schema.contains_key(**keyword)) {
            let message = format!("`{keyword}` is for {owner}s, but the type is {kind}");
            run.report("schema-kind-keywords", &child(at, keyword), message);
        }
    }
}

/// Limits and openness that the generator keeps only where it can: anywhere else they would be said and not hold.
fn limits(run: &mut Run<'_>, at: &str, schema: &Keys) {
    let of_types = KEYWORDS.iter().flat_map(|(_, keywords)| *keywords);
    let all = of_types.chain(&["x-ims-integer", "x-ims-open", "x-ims-unique"]);
    for key in all.filter(|key| schema.contains_key(**key) && !is_kept(at, schema, key)) {
        run.report("limit-lost", &child(at, key), format!("`{key}` would be lost here"));
    }
}

/// The runtime's integers are components from 0; lists are checked where they are properties of a component.
fn is_kept(at: &str, schema: &Keys, key: &str) -> bool {
    let is_component = component_at(at).is_some();
    let is_property =
        at.rsplit_once("/properties/").is_some_and(|(of, name)| component_at(of).is_some() && !name.contains('/'));
    let kind = schema.get("type").and_then(Value::as_str);
    match key {
        "minimum" | "maximum" => {
            is_component && kind == Some("integer") && schema.get("minimum").is_some_and(Value::is_u64)
        }
        "x-ims-integer" => is_component && kind == Some("string"),
        "x-ims-open" => is_component && kind == Some("string") && schema.contains_key("enum"),
        "minItems" | "maxItems" | "uniqueItems" | "x-ims-unique" => is_property && kind == Some("array"),
        "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf" | "minProperties" | "maxProperties" => false,
        _ => true,
    }
}
