//! Values against schemas: every OpenAPI 3.0 keyword that restricts a JSON value, and our own two that do.

mod format;

use std::collections::HashSet;

use serde_json::{Map, Value};

use crate::document::{Document, push};

/// How a value breaks the schema at `schema`, an RFC 6901 pointer into the document: pairs of the pointer of the
/// offending node within the value and a sentence. Empty if the value is valid.
///
/// Unknown formats and unreadable patterns restrict nothing; the linter reports the latter.
#[must_use]
pub fn validate(spec: &Document, schema: &str, value: &Value) -> Vec<(String, String)> {
    let mut run = Run { spec, at: String::new(), active: HashSet::new(), problems: Vec::new() };
    run.schema(schema, value);
    run.problems
}

struct Run<'a> {
    spec: &'a Document,
    /// The pointer of the node under test within the value.
    at: String,
    /// Schemas being applied to nodes, so that an `allOf` that names itself ends.
    active: HashSet<(String, String)>,
    problems: Vec<(String, String)>,
}

impl Run<'_> {
    fn schema(&mut self, pointer: &str, value: &Value) {
        let Some((pointer, Value::Object(schema))) = self.spec.resolve(pointer) else {
            return;
        };
        let key = (pointer.clone(), self.at.clone());
        if !self.active.insert(key.clone()) {
            return;
        }
        if !(value.is_null() && nullable(schema)) {
            self.kind(schema, value);
            self.enumeration(schema, value);
            self.combined(schema, &pointer, value);
            match value {
                Value::String(text) => self.string(schema, text),
                Value::Number(number) => self.number(schema, number),
                Value::Array(items) => self.array(schema, &pointer, items),
                Value::Object(members) => self.object(schema, &pointer, members),
                Value::Null | Value::Bool(_) => {}
            }
        }
        self.active.remove(&key);
    }

    fn kind(&mut self, schema: &Map<String, Value>, value: &Value) {
        let Some(kind) = schema.get("type").and_then(Value::as_str) else {
            return;
        };
        let fits = match kind {
            "string" => value.is_string(),
            "integer" => is_integer(value),
            "number" => value.is_number(),
            "boolean" => value.is_boolean(),
            "array" => value.is_array(),
            "object" => value.is_object(),
            _ => true,
        };
        if !fits {
            self.problem(format!("{} is not of type {kind}", crate::document::shown(value)));
        }
    }

    fn enumeration(&mut self, schema: &Map<String, Value>, value: &Value) {
        if let Some(Value::Array(allowed)) = schema.get("enum")
            && !is_open(schema)
            && !allowed.iter().any(|allowed| equal(allowed, value))
        {
            let allowed: Vec<_> = allowed.iter().map(Value::to_string).collect();
            let shown = crate::document::shown(value);
            self.problem(format!("{shown} is none of {}", allowed.join(", ")));
        }
    }

    fn string(&mut self, schema: &Map<String, Value>, text: &str) {
        let length = text.chars().count() as u64;
        if let Some(least) = count(schema, "minLength").filter(|&least| length < least) {
            self.problem(format!("{length} characters are fewer than {least}"));
        }
        if let Some(most) = count(schema, "maxLength").filter(|&most| length > most) {
            self.problem(format!("{length} characters are more than {most}"));
        }
        if let Some(pattern) = schema.get("pattern").and_then(Value::as_str)
            && let Ok(regex) = regress::Regex::with_flags(pattern, "u").or_else(|_| regress::Regex::new(pattern))
            && regex.find(text).is_none()
        {
            let shown = crate::document::shown(&Value::String(text.to_owned()));
            self.problem(format!("{shown} does not match {pattern}"));
        }
        if let Some(bounds) = schema.get("x-ims-integer") {
            self.text_integer(bounds, text);
        }
        if let Some(name) = schema.get("format").and_then(Value::as_str)
            && !format::accepts(name, text)
        {
            let shown = crate::document::shown(&Value::String(text.to_owned()));
            self.problem(format!("{shown} is no {name}"));
        }
    }

    /// `x-ims-integer`: the text is an integer within bounds.
    fn text_integer(&mut self, bounds: &Value, text: &str) {
        let bound = |key: &str| bounds.get(key).and_then(Value::as_u64);
        let (least, most) = (bound("minimum").unwrap_or(0), bound("maximum").unwrap_or(u64::MAX));
        if text.parse().is_ok_and(|value: u64| !(least..=most).contains(&value)) {
            self.problem(format!("{text} is not from {least} to {most}"));
        }
    }

    fn number(&mut self, schema: &Map<String, Value>, number: &serde_json::Number) {
        let Some(value) = number.as_f64() else { return };
        let limit = |key: &str| schema.get(key).and_then(Value::as_f64);
        let flag = |key: &str| schema.get(key).and_then(Value::as_bool) == Some(true);
        if let Some(least) = limit("minimum") {
            if value < least {
                self.problem(format!("{number} is less than {least}"));
            } else if value <= least && flag("exclusiveMinimum") {
                self.problem(format!("{number} is not more than {least}"));
            }
        }
        if let Some(most) = limit("maximum") {
            if value > most {
                self.problem(format!("{number} is more than {most}"));
            } else if value >= most && flag("exclusiveMaximum") {
                self.problem(format!("{number} is not less than {most}"));
            }
        }
        if let Some(step) = limit("multipleOf").filter(|&step| step > 0.0) {
            let quotient = value / step;
            if (quotient - quotient.round()).abs() > 1e-9 * quotient.abs().max(1.0) {
                self.problem(format!("{number} is no multiple of {step}"));
            }
        }
        let range = match schema.get("format").and_then(Value::as_str) {
            Some("int32") => Some((f64::from(i32::MIN), f64::from(i32::MAX))),
            Some("int64") if number.as_i64().is_none() => Some((1025.0 - 2f64.powi(63), 2f64.powi(63) - 1025.0)),
            _ => None,
        };
        if range.is_some_and(|(least, most)| value < least || value > most) {
            let format = schema.get("format").and_then(Value::as_str).unwrap_or("");
            self.problem(format!("{number} does not fit {format}"));
        }
    }

    fn array(&mut self, schema: &Map<String, Value>, pointer: &str, items: &[Value]) {
        let length = items.len() as u64;
        if let Some(least) = count(schema, "minItems").filter(|&least| length < least) {
            self.problem(format!("{length} items are fewer than {least}"));
        }
        if let Some(most) = count(schema, "maxItems").filter(|&most| length > most) {
            self.problem(format!("{length} items are more than {most}"));
        }
        if schema.get("uniqueItems").and_then(Value::as_bool) == Some(true) {
            let mut seen = HashSet::new();
            if let Some(twice) = items.iter().find(|item| !seen.insert(canonical(item))) {
                self.problem(format!("{} is there twice", crate::document::shown(twice)));
            }
        }
        // `x-ims-unique`: no two items have the same value of this property.
        if let Some(property) = schema.get("x-ims-unique").and_then(Value::as_str) {
            let mut seen = HashSet::new();
            let values = items.iter().filter_map(|item| item.get(property));
            if let Some(twice) = values.into_iter().find(|value| !seen.insert(canonical(value))) {
                self.problem(format!("{} is there twice as {property}", crate::document::shown(twice)));
            }
        }
        if schema.contains_key("items") {
            for (index, item) in items.iter().enumerate() {
                self.below(&index.to_string(), &format!("{pointer}/items"), item);
            }
        }
    }

    fn object(&mut self, schema: &Map<String, Value>, pointer: &str, members: &Map<String, Value>) {
        let size = members.len() as u64;
        if let Some(least) = count(schema, "minProperties").filter(|&least| size < least) {
            self.problem(format!("{size} properties are fewer than {least}"));
        }
        if let Some(most) = count(schema, "maxProperties").filter(|&most| size > most) {
            self.problem(format!("{size} properties are more than {most}"));
        }
        if let Some(Value::Array(required)) = schema.get("required") {
            for name in required.iter().filter_map(Value::as_str) {
                if !members.contains_key(name) {
                    self.problem(format!("`{name}` is missing"));
                }
            }
        }
        let properties = schema.get("properties").and_then(Value::as_object);
        for (name, member) in members {
            if properties.is_some_and(|properties| properties.contains_key(name)) {
                let mut below = format!("{pointer}/properties");
                push(&mut below, name);
                self.below(name, &below, member);
            } else {
                match schema.get("additionalProperties") {
                    Some(Value::Bool(false)) => self.problem(format!("`{name}` is not allowed")),
                    Some(Value::Object(_)) => {
                        self.below(name, &format!("{pointer}/additionalProperties"), member);
                    }
                    _ => {}
                }
            }
        }
    }

    fn combined(&mut self, schema: &Map<String, Value>, pointer: &str, value: &Value) {
        let branches = |key: &str| schema.get(key).and_then(Value::as_array).map_or(0, Vec::len);
        for index in 0..branches("allOf") {
            self.schema(&format!("{pointer}/allOf/{index}"), value);
        }
        if schema.contains_key("not") && self.fits(&format!("{pointer}/not"), value) {
            self.problem("the value is what `not` excludes".to_owned());
        }
        for key in ["anyOf", "oneOf"] {
            let count = branches(key);
            if count == 0 {
                continue;
            }
            if let Some(branch) = self.discriminated(schema, &format!("{pointer}/{key}"), count, value) {
                match branch {
                    Ok(branch) => self.schema(&branch, value),
                    Err(problem) => self.problem(problem),
                }
                continue;
            }
            let fitting = (0..count).filter(|index| self.fits(&format!("{pointer}/{key}/{index}"), value)).count();
            if fitting == 0 {
                self.problem(format!("the value fits no branch of `{key}`"));
            } else if fitting > 1 && key == "oneOf" {
                self.problem(format!("the value fits {fitting} branches of `oneOf`, not one"));
            }
        }
    }

    /// The branch that the discriminator names, if the schema has one.
    fn discriminated(
        &self,
        schema: &Map<String, Value>,
        branches: &str,
        count: usize,
        value: &Value,
    ) -> Option<Result<String, String>> {
        let discriminator = schema.get("discriminator")?;
        let property = discriminator.get("propertyName")?.as_str()?;
        let Some(name) = value.get(property).and_then(Value::as_str) else {
            return Some(Err(format!("the discriminator `{property}` is missing")));
        };
        let mapped =
            discriminator.get("mapping").and_then(|mapping| mapping.get(name)).and_then(Value::as_str).unwrap_or(name);
        let wanted = match mapped.strip_prefix('#') {
            Some(pointer) => pointer.to_owned(),
            None => format!("/components/schemas/{mapped}"),
        };
        let found = (0..count)
            .map(|index| format!("{branches}/{index}"))
            .any(|branch| self.spec.resolve(&branch).is_some_and(|(at, _)| at == wanted));
        Some(if found { Ok(wanted) } else { Err(format!("`{property}` names no branch: \"{}\"", name.escape_debug())) })
    }

    fn fits(&mut self, schema: &str, value: &Value) -> bool {
        let before = std::mem::take(&mut self.problems);
        self.schema(schema, value);
        std::mem::replace(&mut self.problems, before).is_empty()
    }

    fn below(&mut self, token: &str, schema: &str, value: &Value) {
        let length = self.at.len();
        push(&mut self.at, token);
        self.schema(schema, value);
        self.at.truncate(length);
    }

    fn problem(&mut self, message: String) {
        self.problems.push((self.at.clone(), message));
    }
}

/// Whether the server may add values to the enum (`x-ims-open: true`).
fn is_open(schema: &Map<String, Value>) -> bool {
    schema.get("x-ims-open").and_then(Value::as_bool) == Some(true)
}

fn nullable(schema: &Map<String, Value>) -> bool {
    schema.get("nullable").and_then(Value::as_bool) == Some(true)
}

fn count(schema: &Map<String, Value>, key: &str) -> Option<u64> {
    schema.get(key).and_then(Value::as_u64)
}

fn is_integer(value: &Value) -> bool {
    value.is_i64() || value.is_u64() || value.as_f64().is_some_and(|number| number.fract() == 0.0)
}

/// JSON equality: numbers by value, members in any order.
fn equal(a: &Value, b: &Value) -> bool {
    canonical(a) == canonical(b)
}

fn canonical(value: &Value) -> String {
    match value {
        Value::Number(number) => match number.as_f64() {
            Some(float) if number.as_i64().is_none() && number.as_u64().is_none() => float.to_string(),
            _ => number.to_string(),
        },
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(canonical).collect();
            format!("[{}]", items.join(","))
        }
        Value::Object(members) => {
            let mut members: Vec<_> = members
                .iter()
                .map(|(key, member)| format!("{}:{}", Value::String(key.clone()), canonical(member)))
                .collect();
            members.sort();
            format!("{{{}}}", members.join(","))
        }
        other => other.to_string(),
    }
}
