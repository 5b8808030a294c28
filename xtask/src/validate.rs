//! Values against schemas: every OpenAPI 3.0 keyword that restricts a JSON value, our own two that do, and for what is
//! sent: fields that the document doesn't have.

mod format;

use std::cmp::Ordering::{Equal, Greater, Less};
use std::collections::HashSet;

use serde_json::{Map, Number, Value};

use crate::document::{Additional, Document, Kind, Limits, Schema, Text, nearest, push, shown};

/// How a value breaks a schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The pointer of the offending node within the value.
    pub at: String,
    /// What is wrong with it, a clause in each language.
    pub text: Text,
}

/// How a value breaks the schema at `pointer`, an RFC 6901 pointer into the document. Empty if the value is valid.
///
/// Unknown formats and unreadable patterns restrict nothing; the linter reports the latter.
#[must_use]
pub fn validate(spec: &Document, pointer: &str, value: &Value) -> Vec<Problem> {
    spec.schema_at(pointer).map_or_else(Vec::new, |schema| problems(spec, &schema, value))
}

/// How a value breaks a schema, as [`validate`].
#[must_use]
pub fn problems(spec: &Document, schema: &Schema, value: &Value) -> Vec<Problem> {
    Run::over(spec, schema, value, false)
}

/// The same of a value that is sent: a field that the document doesn't have would be dropped without a word.
pub(crate) fn problems_of_sent(spec: &Document, schema: &Schema, value: &Value) -> Vec<Problem> {
    Run::over(spec, schema, value, true)
}

/// What is wrong, a clause in each language.
pub(crate) fn both(english: impl Into<String>, chinese: impl Into<String>) -> Text {
    Text { english: english.into(), chinese: chinese.into() }
}

/// That the document doesn't have a name, with the one that was probably meant.
pub(crate) fn unknown<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Text {
    let (near, name) = (nearest(name, known), name.escape_debug());
    let mut text = both(format!("`{name}` is not in the document"), format!("文档中没有`{name}`"));
    if let Some(near) = near {
        text.english += &format!(": did you mean `{near}`?");
        text.chinese += &format!("，是否应为`{near}`？");
    }
    text
}

struct Run<'a> {
    spec: &'a Document,
    /// Whether a field must be in the document.
    sent: bool,
    /// The pointer of the node under test within the value.
    at: String,
    /// Schemas being applied to nodes, so that an `allOf` that names itself ends.
    active: HashSet<(&'a str, String)>,
    problems: Vec<Problem>,
}

impl<'a> Run<'a> {
    fn over(spec: &'a Document, schema: &'a Schema, value: &Value, sent: bool) -> Vec<Problem> {
        let mut run = Run { spec, sent, at: String::new(), active: HashSet::new(), problems: Vec::new() };
        run.whole(schema, value);
        run.problems
    }

    /// Applies all that is said of a node; where a field is unknown, the rest would only repeat it.
    fn whole(&mut self, schema: &'a Schema, value: &Value) {
        let mut known = Vec::new();
        if let Value::Object(members) = value
            && self.sent
            && !self.known(schema, self.spec.schemas.len() + 1, &mut known)
            && !known.is_empty()
            && let found = members.keys().filter(|name| !known.contains(&name.as_str())).collect::<Vec<_>>()
            && !found.is_empty()
        {
            let texts = found.into_iter().map(|name| unknown(name, known.iter().copied()));
            self.problems.extend(texts.map(|text| Problem { at: self.at.clone(), text }));
        } else {
            self.schema(schema, value);
        }
    }

    /// Collects the fields of a schema and its parts; whether there may be others.
    fn known(&self, schema: &'a Schema, depth: usize, known: &mut Vec<&'a str>) -> bool {
        let Some((schema, deeper)) = self.spec.schema(schema).zip(depth.checked_sub(1)) else { return true };
        known.extend(schema.properties.iter().map(|property| property.name.as_str()));
        let open = matches!(schema.additional, Additional::Allowed(true) | Additional::Schema(_));
        schema.parts().fold(open, |open, part| self.known(part, deeper, known) | open)
    }

    fn schema(&mut self, schema: &'a Schema, value: &Value) {
        let Some(schema) = self.spec.schema(schema) else { return };
        let key = (schema.pointer.as_str(), self.at.clone());
        if value.is_null() && schema.nullable || !self.active.insert(key.clone()) {
            return;
        }
        if let Some(kind) = schema.kind {
            let name = kind.as_str();
            self.hold(is_of(kind, value), || {
                both(format!("{} is not of type {name}", shown(value)), format!("{}不是{name}类型", brief(value)))
            });
        }
        if let Some(allowed) = schema.values.as_ref().filter(|_| !schema.open) {
            self.hold(allowed.iter().any(|allowed| canonical(allowed) == canonical(value)), || {
                let names = allowed.iter().map(Value::to_string).collect::<Vec<_>>().join(", ");
                both(format!("{} is none of {names}", shown(value)), format!("{}不在取值范围内：{names}", brief(value)))
            });
        }
        self.combined(schema, value);
        match value {
            Value::String(text) => self.string(schema, text),
            Value::Number(number) => self.number(schema, number),
            Value::Array(items) => self.array(schema, items),
            Value::Object(members) => self.object(schema, members),
            Value::Null | Value::Bool(_) => {}
        }
        self.active.remove(&key);
    }

    fn string(&mut self, schema: &Schema, text: &str) {
        self.size(text.chars().count(), schema.length, ["characters", "个字符"]);
        let (long, short) = (|| shown(&text.into()), || brief(&text.into()));
        if let Some(pattern) = &schema.pattern
            && let Ok(regex) = regress::Regex::with_flags(pattern, "u").or_else(|_| regress::Regex::new(pattern))
        {
            self.hold(regex.find(text).is_some(), || {
                both(format!("{} does not match {pattern}", long()), format!("{}不匹配{pattern}", short()))
            });
        }
        // `x-ims-integer`: the text is an integer within bounds.
        if let (Some(bounds), Ok(value)) = (schema.integer, text.parse::<u64>()) {
            let (least, most) = (bounds.least.unwrap_or(0), bounds.most.unwrap_or(u64::MAX.into()));
            self.hold((least..=most).contains(&value.into()), || {
                both(format!("{text} is not from {least} to {most}"), format!("{text}不在{least}到{most}之间"))
            });
        }
        if let Some(name) = &schema.format {
            self.hold(format::accepts(name, text), || {
                both(format!("{} isn't a valid {name}", long()), format!("{}不是有效的{name}", short()))
            });
        }
    }

    fn number(&mut self, schema: &Schema, number: &Number) {
        let Some(value) = number.as_f64() else { return };
        let (range, exclusive) = (schema.range, schema.exclusive);
        for (limit, wrong, counts, english, chinese) in [
            (range.least, Less, true, "less than", "小于"),
            (range.least, Equal, exclusive.0, "not more than", "不大于"),
            (range.most, Greater, true, "more than", "大于"),
            (range.most, Equal, exclusive.1, "not less than", "不小于"),
        ] {
            if let Some(limit) = limit.filter(|limit| counts && value.partial_cmp(limit) == Some(wrong)) {
                self.tell(both(format!("{number} is {english} {limit}"), format!("{number}{chinese}{limit}")));
            }
        }
        if let Some(step) = schema.step.filter(|&step| step > 0.0) {
            let quotient = value / step;
            let fits = (quotient - quotient.round()).abs() <= 1e-9 * quotient.abs().max(1.0);
            self.hold(fits, || {
                both(format!("{number} isn't a multiple of {step}"), format!("{number}不是{step}的倍数"))
            });
        }
        let format = schema.format.as_deref().unwrap_or_default();
        let fits = match format {
            "int32" => (f64::from(i32::MIN)..=f64::from(i32::MAX)).contains(&value),
            "int64" => number.as_i64().is_some() || value.abs() <= 2f64.powi(63) - 1025.0,
            _ => true,
        };
        self.hold(fits, || both(format!("{number} does not fit {format}"), format!("{number}超出{format}的范围")));
    }

    fn array(&mut self, schema: &'a Schema, items: &[Value]) {
        self.size(items.len(), schema.count, ["items", "个元素"]);
        if let Some(item) = twice(items.iter()).filter(|_| schema.unique_items) {
            self.tell(both(format!("{} is there twice", shown(item)), format!("{}重复", brief(item))));
        }
        // `x-ims-unique`: no two items have the same value of this property.
        if let Some(name) = &schema.unique
            && let Some(item) = twice(items.iter().filter_map(|item| item.get(name)))
        {
            self.tell(both(
                format!("{} is there twice as {name}", shown(item)),
                format!("{name}重复：{}", brief(item)),
            ));
        }
        for (index, item) in items.iter().enumerate() {
            self.below(&index.to_string(), schema.items.as_deref(), item);
        }
    }

    fn object(&mut self, schema: &'a Schema, members: &Map<String, Value>) {
        self.size(members.len(), schema.size, ["properties", "个属性"]);
        for name in &schema.required {
            self.hold(members.contains_key(name), || both(format!("`{name}` is missing"), format!("缺少`{name}`")));
        }
        for (name, member) in members {
            let property = schema.property(name).map(|property| &property.schema);
            let allowed = property.is_some() || schema.additional != Additional::Allowed(false);
            self.hold(allowed, || both(format!("`{name}` is not allowed"), format!("不允许`{name}`")));
            self.below(name, property.or(schema.additional.schema()), member);
        }
    }

    fn combined(&mut self, schema: &'a Schema, value: &Value) {
        for part in &schema.all_of {
            self.schema(part, value);
        }
        let excluded = schema.not.as_deref().is_some_and(|not| self.apart(not, value).is_empty());
        self.hold(!excluded, || both("the value is what `not` excludes", "该值被`not`排除"));
        for (key, branches) in [("anyOf", &schema.any_of), ("oneOf", &schema.one_of)] {
            if branches.is_empty() {
                continue;
            }
            let found: Vec<Vec<Problem>> = branches.iter().map(|branch| self.apart(branch, value)).collect();
            let fitting = found.iter().filter(|found| found.is_empty()).count();
            // What each branch lacks: one of them is what was meant.
            let lacks = |language: fn(&Text) -> &String| {
                let lacks = branches.iter().zip(1..).zip(&found).filter_map(|((branch, at), found)| {
                    let name = branch.component().map_or_else(|| at.to_string(), str::to_owned);
                    Some(format!("{name}{}: {}", found.first()?.at, language(&found.first()?.text)))
                });
                lacks.collect::<Vec<_>>().join("; ")
            };
            self.hold(fitting > 0, || {
                let (english, chinese) = (lacks(|text| &text.english), lacks(|text| &text.chinese));
                let english = format!("the value fits no branch of `{key}` ({english})");
                both(english, format!("该值不符合任何一种方式（{chinese}）"))
            });
            self.hold(fitting < 2 || key == "anyOf", || {
                let english = format!("the value fits {fitting} branches of `oneOf`, not one");
                both(english, format!("该值同时符合`oneOf`的{fitting}种方式"))
            });
        }
    }

    /// What is wrong with a value in the eyes of a schema that is only one of several.
    fn apart(&mut self, schema: &'a Schema, value: &Value) -> Vec<Problem> {
        let before = std::mem::take(&mut self.problems);
        self.schema(schema, value);
        std::mem::replace(&mut self.problems, before)
    }

    fn below(&mut self, token: &str, schema: Option<&'a Schema>, value: &Value) {
        let length = self.at.len();
        push(&mut self.at, token);
        if let Some(schema) = schema {
            self.whole(schema, value);
        }
        self.at.truncate(length);
    }

    /// A size within its limits, in both languages' words for what is counted.
    fn size(&mut self, size: usize, limits: Limits<u64>, [english, chinese]: [&str; 2]) {
        for (limit, wrong, than, other) in
            [(limits.least, Less, "fewer", "少于"), (limits.most, Greater, "more", "多于")]
        {
            if let Some(limit) = limit.filter(|limit| (size as u64).cmp(limit) == wrong) {
                let english = format!("{size} {english} are {than} than {limit}");
                self.tell(both(english, format!("{size}{chinese}，{other}{limit}")));
            }
        }
    }

    fn hold(&mut self, holds: bool, text: impl FnOnce() -> Text) {
        if !holds {
            self.tell(text());
        }
    }

    fn tell(&mut self, text: Text) {
        self.problems.push(Problem { at: self.at.clone(), text });
    }
}

fn is_of(kind: Kind, value: &Value) -> bool {
    match kind {
        Kind::Text => value.is_string(),
        Kind::Integer => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        Kind::Number => value.is_number(),
        Kind::Boolean => value.is_boolean(),
        Kind::List => value.is_array(),
        Kind::Object => value.is_object(),
    }
}

/// The first value that has been there before.
fn twice<'v>(mut values: impl Iterator<Item = &'v Value>) -> Option<&'v Value> {
    let mut seen = HashSet::new();
    values.find(|value| !seen.insert(canonical(value)))
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

/// The same text for what is the same in JSON: numbers by value, members in any order.
fn canonical(value: &Value) -> String {
    match value {
        Value::Number(number) if number.is_f64() => number.as_f64().unwrap_or_default().to_string(),
        Value::Array(items) => format!("[{}]", items.iter().map(canonical).collect::<Vec<_>>().join(",")),
        Value::Object(members) => {
            let member = |(key, member): (&String, &Value)| format!("{key:?}:{}", canonical(member));
            let mut members: Vec<_> = members.iter().map(member).collect();
            members.sort();
            format!("{{{}}}", members.join(","))
        }
        other => other.to_string(),
    }
}
