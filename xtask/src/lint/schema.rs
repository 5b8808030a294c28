//! Limits of the generator in schemas.

use std::collections::HashMap;

use regress::Regex;
use serde_json::{Map, Value};

use super::Run;
use super::view::{Operation, identifier, members};
use crate::spec::{child, shown};
use crate::validate::validate;

type Schema<'a> = (String, &'a Map<String, Value>);

pub(super) fn check(run: &mut Run<'_>, _: &[Operation<'_>], schemas: &[Schema<'_>]) {
    let named = members(run.spec.raw.pointer("/components/schemas")).map(|(name, _)| name);
    collisions(run, "schema-name-collision", "/components/schemas", named.collect(), true);
    for (at, schema) in schemas {
        pattern(run, at, schema);
        default(run, at, schema);
        bounds(run, at, schema);
        enumeration(run, at, schema);
        not(run, at, schema);
        kind_keywords(run, at, schema);
        let properties = members(schema.get("properties")).map(|(name, _)| name).collect();
        collisions(run, "property-name-collision", &child(at, "properties"), properties, false);
        for (name, _) in members(schema.get("properties")) {
            // Every generated builder has a method of that name.
            if identifier(name, false) == "build" {
                let at = child(&child(at, "properties"), name);
                run.report("property-name-collision", &at, "the property `build` is a method of the generated builder");
            }
        }
    }
}

fn collisions(run: &mut Run<'_>, rule: &'static str, at: &str, names: Vec<&str>, pascal: bool) {
    let mut seen: HashMap<String, &str> = HashMap::new();
    for name in names {
        let rust = identifier(name, pascal);
        if let Some(other) = seen.get(&rust) {
            run.report(rule, &child(at, name), format!("`{other}` and `{name}` are both `{rust}` in Rust"));
        } else {
            seen.insert(rust, name);
        }
    }
}

fn pattern(run: &mut Run<'_>, at: &str, schema: &Map<String, Value>) {
    let Some(pattern) = schema.get("pattern").and_then(Value::as_str) else { return };
    if let Err(error) = Regex::new(pattern) {
        run.report("schema-pattern", &child(at, "pattern"), format!("`{pattern}` is no expression: {error}"));
    }
}

fn default(run: &mut Run<'_>, at: &str, schema: &Map<String, Value>) {
    let Some(default) = schema.get("default") else { return };
    if let Some((_, reason)) = validate(run.spec, at, default).into_iter().next() {
        run.report(
            "schema-default",
            &child(at, "default"),
            format!("the default {} is not valid: {reason}", shown(default)),
        );
    }
}

fn bounds(run: &mut Run<'_>, at: &str, schema: &Map<String, Value>) {
    let number = |key: &str| schema.get(key).and_then(Value::as_f64);
    for (low, high) in [
        ("minimum", "maximum"),
        ("minLength", "maxLength"),
        ("minItems", "maxItems"),
        ("minProperties", "maxProperties"),
    ] {
        if let (Some(from), Some(to)) = (number(low), number(high))
            && from > to
        {
            run.report("schema-bounds", &child(at, low), format!("{low} {from} is above {high} {to}"));
        }
    }
    for (exclusive, bound) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
        if schema.get(exclusive) == Some(&Value::Bool(true)) && !schema.contains_key(bound) {
            run.report("schema-bounds", &child(at, exclusive), format!("{exclusive} stands without {bound}"));
        }
    }
}

fn enumeration(run: &mut Run<'_>, at: &str, schema: &Map<String, Value>) {
    let Some(Value::Array(values)) = schema.get("enum") else { return };
    let at = child(at, "enum");
    let nullable = schema.get("nullable") == Some(&Value::Bool(true));
    let kind = schema.get("type").and_then(Value::as_str);
    let fits = |value: &Value| match (kind, value) {
        (_, Value::Null) => nullable,
        (Some("string"), value) => value.is_string(),
        (Some("integer"), value) => value.is_i64() || value.is_u64(),
        (Some("number"), value) => value.is_number(),
        (Some("boolean"), value) => value.is_boolean(),
        (None, value) => {
            values.first().is_some_and(|first| std::mem::discriminant(first) == std::mem::discriminant(value))
        }
        (Some(_), _) => false,
    };
    if let Some(odd) = values.iter().find(|value| !fits(value)) {
        run.report(
            "schema-enum",
            &at,
            format!("{} is not of type {}", shown(odd), kind.unwrap_or("the first value's")),
        );
        return;
    }
    let mut seen: HashMap<String, &str> = HashMap::new();
    for value in values.iter().filter_map(Value::as_str) {
        let rust = identifier(value, true);
        if let Some(other) = seen.insert(rust.clone(), value)
            && other != value
        {
            run.report("enum-value-collision", &at, format!("\"{other}\" and \"{value}\" are both `{rust}` in Rust"));
        }
    }
}

fn not(run: &mut Run<'_>, at: &str, schema: &Map<String, Value>) {
    let Some(not) = schema.get("not").and_then(Value::as_object) else { return };
    let plain = not.keys().all(|key| matches!(key.as_str(), "enum" | "type" | "description"));
    if !plain || !(not.contains_key("enum") || not.contains_key("type")) {
        run.report("schema-not", &child(at, "not"), "this `not` says more than the generator understands");
    }
}

/// Which type a keyword belongs to.
const KEYWORDS: &[(&str, &[&str])] = &[
    ("string", &["pattern", "minLength", "maxLength"]),
    ("array", &["items", "minItems", "maxItems", "uniqueItems"]),
    ("object", &["properties", "required", "additionalProperties", "minProperties", "maxProperties"]),
    ("number", &["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]),
];

fn kind_keywords(run: &mut Run<'_>, at: &str, schema: &Map<String, Value>) {
    let Some(kind) = schema.get("type").and_then(Value::as_str) else { return };
    let kind = if kind == "integer" { "number" } else { kind };
    for (owner, keywords) in KEYWORDS.iter().filter(|(owner, _)| *owner != kind) {
        for keyword in keywords.iter().filter(|keyword| schema.contains_key(**keyword)) {
            let message = format!("`{keyword}` is for {owner}s, but the type is {kind}");
            run.report("schema-kind-keywords", &child(at, keyword), message);
        }
    }
}
