//! Values against schemas: every OpenAPI 3.0 keyword that restricts a JSON value, and our own two that do.

mod format;

use std::collections::HashSet;

use serde_json::{Map, Value};

use crate::document::{Document, Text, push, shown};

/// How a value breaks a schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The pointer of the offending node within the value.
    pub at: String,
    /// What is wrong with it, a clause in each language.
    pub text: Text,
}

/// How a value breaks the schema at `schema`, an RFC 6901 pointer into the document. Empty if the value is valid.
///
/// Unknown formats and unreadable patterns restrict nothing; the linter reports the latter.
#[must_use]
pub fn validate(spec: &Document, schema: &str, value: &Value) -> Vec<Problem> {
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
    problems: Vec<Problem>,
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
            self.problem(format!("{} is not of type {kind}", shown(value)), format!("{}不是{kind}类型", brief(value)));
        }
    }

    fn enumeration(&mut self, schema: &Map<String, Value>, value: &Value) {
        if let Some(Value::Array(allowed)) = schema.get("enum")
            && !is_open(schema)
            && !allowed.iter().any(|allowed| equal(allowed, value))
        {
            let allowed: Vec<_> = allowed.iter().map(Value::to_string).collect();
            let allowed = allowed.join(", ");
            self.problem(
                format!("{} is none of {allowed}", shown(value)),
                format!("{}不在取值范围内：{allowed}", brief(value)),
            );
        }
    }

    fn string(&mut self, schema: &Map<String, Value>, text: &str) {
        let length = text.chars().count() as u64;
        if let Some(least) = count(schema, "minLength").filter(|&least| length < least) {
            self.problem(format!("{length} characters are fewer than {least}"), format!("{length}个字符，少于{least}"));
        }
        if let Some(most) = count(schema, "maxLength").filter(|&most| length > most) {
            self.problem(format!("{length} characters are more than {most}"), format!("{length}个字符，多于{most}"));
        }
        if let Some(pattern) = schema.get("pattern").and_then(Value::as_str)
            && let Ok(regex) = regress::Regex::with_flags(pattern, "u").or_else(|_| regress::Regex::new(pattern))
            && regex.find(text).is_none()
        {
            let text = Value::from(text);
            self.problem(
                format!("{} does not match {pattern}", shown(&text)),
                format!("{}不匹配{pattern}", brief(&text)),
            );
        }
        if let Some(bounds) = schema.get("x-ims-integer") {
            self.text_integer(bounds, text);
        }
        if let Some(name) = schema.get("format").and_then(Value::as_str)
            && !format::accepts(name, text)
        {
            let text = Value::from(text);
            self.problem(format!("{} isn't a valid {name}", shown(&text)), format!("{}不是有效的{name}", brief(&text)));
        }
    }

    /// `x-ims-integer`: the text is an integer within bounds.
    fn text_integer(&mut self, bounds: &Value, text: &str) {
        let bound = |key: &str| bounds.get(key).and_then(Value::as_u64);
        let (least, most) = (bound("minimum").unwrap_or(0), bound("maximum").unwrap_or(u64::MAX));
        if text.parse().is_ok_and(|value: u64| !(least..=most).contains(&value)) {
            self.problem(format!("{text} is not from {least} to {most}"), format!("{text}不在{least}到{most}之间"));
        }
    }

    fn number(&mut self, schema: &Map<String, Value>, number: &serde_json::Number) {
        let Some(value) = number.as_f64() else { return };
        let limit = |key: &str| schema.get(key).and_then(Value::as_f64);
        let flag = |key: &str| schema.get(key).and_then(Value::as_bool) == Some(true);
        if let Some(least) = limit("minimum") {
            if value < least {
                self.problem(format!("{number} is less than {least}"), format!("{number}小于{least}"));
            } else if value <= least && flag("exclusiveMinimum") {
                self.problem(format!("{number} is not more than {least}"), format!("{number}不大于{least}"));
            }
        }
        if let Some(most) = limit("maximum") {
            if value > most {
                self.problem(format!("{number} is more than {most}"), format!("{number}大于{most}"));
            } else if value >= most && flag("exclusiveMaximum") {
                self.problem(format!("{number} is not less than {most}"), format!("{number}不小于{most}"));
            }
        }
        if let Some(step) = limit("multipleOf").filter(|&step| step > 0.0) {
            let quotient = value / step;
            if (quotient - quotient.round()).abs() > 1e-9 * quotient.abs().max(1.0) {
                self.problem(format!("{number} isn't a multiple of {step}"), format!("{number}不是{step}的倍数"));
            }
        }
        let range = match schema.get("format").and_then(Value::as_str) {
            Some("int32") => Some((f64::from(i32::MIN), f64::from(i32::MAX))),
            Some("int64") if number.as_i64().is_none() => Some((1025.0 - 2f64.powi(63), 2f64.powi(63) - 1025.0)),
            _ => None,
        };
        if range.is_some_and(|(least, most)| value < least || value > most) {
            let format = schema.get("format").and_then(Value::as_str).unwrap_or("");
            self.problem(format!("{number} does not fit {format}"), format!("{number}超出{format}的范围"));
        }
    }

    fn array(&mut self, schema: &Map<String, Value>, pointer: &str, items: &[Value]) {
        let length = items.len() as u64;
        if let Some(least) = count(schema, "minItems").filter(|&least| length < least) {
            self.problem(format!("{length} items are fewer than {least}"), format!("{length}个元素，少于{least}"));
        }
        if let Some(most) = count(schema, "maxItems").filter(|&most| length > most) {
            self.problem(format!("{length} items are more than {most}"), format!("{length}个元素，多于{most}"));
        }
        if schema.get("uniqueItems").and_then(Value::as_bool) == Some(true) {
            let mut seen = HashSet::new();
            if let Some(twice) = items.iter().find(|item| !seen.insert(canonical(item))) {
                self.problem(format!("{} is there twice", shown(twice)), format!("{}重复", brief(twice)));
            }
        }
        // `x-ims-unique`: no two items have the same value of this property.
        if let Some(property) = schema.get("x-ims-unique").and_then(Value::as_str) {
            let mut seen = HashSet::new();
            let values = items.iter().filter_map(|item| item.get(property));
            if let Some(twice) = values.into_iter().find(|value| !seen.insert(canonical(value))) {
                self.problem(
                    format!("{} is there twice as {property}", shown(twice)),
                    format!("{property}重复：{}", brief(twice)),
                );
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
            self.problem(format!("{size} properties are fewer than {least}"), format!("{size}个属性，少于{least}"));
        }
        if let Some(most) = count(schema, "maxProperties").filter(|&most| size > most) {
            self.problem(format!("{size} properties are more than {most}"), format!("{size}个属性，多于{most}"));
        }
        if let Some(Value::Array(required)) = schema.get("required") {
            for name in required.iter().filter_map(Value::as_str) {
                if !members.contains_key(name) {
                    self.problem(format!("`{name}` is missing"), format!("缺少`{name}`"));
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
                    Some(Value::Bool(false)) => {
                        self.problem(format!("`{name}` is not allowed"), format!("不允许`{name}`"));
                    }
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
            self.problem("the value is what `not` excludes".to_owned(), "该值被`not`排除".to_owned());
        }
        for key in ["anyOf", "oneOf"] {
            let count = branches(key);
            if count == 0 {
                continue;
            }
            if let Some(branch) = self.discriminated(schema, &format!("{pointer}/{key}"), count, value) {
                match branch {
                    Ok(branch) => self.schema(&branch, value),
                    Err(text) => self.problem(text.english, text.chinese),
                }
                continue;
            }
            let fitting = (0..count).filter(|index| self.fits(&format!("{pointer}/{key}/{index}"), value)).count();
            if fitting == 0 {
                self.problem(
                    format!("the value fits no branch of `{key}`"),
                    format!("该值不符合`{key}`的任何一种方式"),
                );
            } else if fitting > 1 && key == "oneOf" {
                self.problem(
                    format!("the value fits {fitting} branches of `oneOf`, not one"),
                    format!("该值同时符合`oneOf`的{fitting}种方式"),
                );
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
    ) -> Option<Result<String, Text>> {
        let discriminator = schema.get("discriminator")?;
        let property = discriminator.get("propertyName")?.as_str()?;
        let Some(name) = value.get(property).and_then(Value::as_str) else {
            return Some(Err(Text {
                english: format!("the discriminator `{property}` is missing"),
                chinese: format!("缺少`{property}`"),
            }));
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
        let name = name.escape_debug();
        Some(found.then_some(wanted).ok_or_else(|| Text {
            english: format!("`{property}` names no branch: \"{name}\""),
            chinese: format!("`{property}`的取值无效：\"{name}\""),
        }))
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

    fn problem(&mut self, english: String, chinese: String) {
        self.problems.push(Problem { at: self.at.clone(), text: Text { english, chinese } });
    }
}

/// A value in a Chinese sentence: as JSON, without what a list or an object holds.
fn brief(value: &Value) -> String {
    match value {
        Value::Array(_) => "列表".to_owned(),
        Value::Object(_) => "对象".to_owned(),
        Value::String(text) if text.chars().count() > 40 => {
            format!("\"{}…\"", text.chars().take(40).collect::<String>().escape_debug())
        }
        plain => plain.to_string(),
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
