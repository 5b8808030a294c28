//! The value of a flag: checked against the document before anything is sent, and turned into JSON.

use serde_json::{Map, Number, Value};

use super::language::{Said, said};
use super::model::{Kind, Member, Pattern, Schema};

/// A checked value.
#[derive(Clone)]
pub(crate) struct Checked(pub(crate) Value);

/// The JSON of a flag's word; of one item if the flag is a list.
pub(crate) fn check(schema: &Schema, word: &str) -> Result<Checked, Said> {
    value(schema, word).map(Checked)
}

fn value(schema: &Schema, word: &str) -> Result<Value, Said> {
    match schema.kind {
        Kind::Text => text(schema, word),
        Kind::Integer => integer(schema, word).map(Into::into),
        Kind::IntegerText => integer(schema, word).map(|number| number.to_string().into()),
        Kind::Number => word.parse::<Number>().map(Value::Number).map_err(|_| said!("is no number", "不是数字")),
        Kind::Boolean => word
            .parse::<bool>()
            .map(Value::Bool)
            .map_err(|_| said!("is neither true nor false", "既不是true也不是false")),
        Kind::List(items) => value(items, word),
        Kind::Object(members) if !word.trim_start().starts_with('{') => object(members, word),
        Kind::Object(_) | Kind::Json => {
            serde_json::from_str(word).map_err(|error| said!("is no JSON: {error}", "不是JSON：{error}"))
        }
    }
}

fn text(schema: &Schema, word: &str) -> Result<Value, Said> {
    let length = word.chars().count() as u64;
    if let Some(shortest) = schema.shortest.filter(|shortest| length < *shortest) {
        return Err(said!(
            "has {length} characters, at least {shortest} are needed",
            "有{length}个字符，至少需要{shortest}个"
        ));
    }
    if let Some(longest) = schema.longest.filter(|longest| length > *longest) {
        return Err(said!(
            "has {length} characters, at most {longest} are allowed",
            "有{length}个字符，最多允许{longest}个"
        ));
    }
    if let Some(Pattern { written, portable }) = schema.pattern {
        let compiled = regex_lite::Regex::new(portable).map_err(|error| Said::same(format!("{written}: {error}")))?;
        if !compiled.is_match(word) {
            return Err(if word.is_empty() {
                said!("is empty, and doesn't match {written}", "为空，与 {written} 不匹配")
            } else {
                said!("doesn't match {written}", "与 {written} 不匹配")
            });
        }
    }
    if !schema.open && !schema.values.is_empty() && !schema.values.contains(&word) {
        let known = schema.values.join(", ");
        return Err(said!("is none of {known}", "不是以下之一：{known}"));
    }
    Ok(word.into())
}

fn integer(schema: &Schema, word: &str) -> Result<i64, Said> {
    let number: i64 = word.parse().map_err(|_| said!("is no integer", "不是整数"))?;
    if let Some(least) = schema.least.filter(|least| number < *least) {
        return Err(said!("is less than {least}", "小于{least}"));
    }
    match schema.most.filter(|most| number > *most) {
        Some(most) => Err(said!("is more than {most}", "大于{most}")),
        None => Ok(number),
    }
}

/// `name=value,name=value`. A comma that no `name=` follows belongs to the value; a list's name is repeated.
fn object(members: &[Member], word: &str) -> Result<Value, Said> {
    let mut pairs: Vec<(&Member, String)> = Vec::new();
    for part in word.split(',') {
        let named = part
            .split_once('=')
            .and_then(|(name, value)| Some((members.iter().find(|member| member.name == name)?, value)));
        match (named, pairs.last_mut()) {
            (Some((member, value)), _) => pairs.push((member, value.to_owned())),
            (None, Some((_, value))) => {
                value.push(',');
                value.push_str(part);
            }
            (None, None) => {
                let form: Vec<String> = members.iter().map(|member| format!("{}=…", member.name)).collect();
                let form = form.join(",");
                return Err(said!("must be {form}, or JSON", "须为 {form} 或JSON"));
            }
        }
    }
    let mut object = Map::new();
    for (member, word) in pairs {
        let item = value(&member.schema, &word).map_err(|reason| reason.after(&format!("{}: ", member.name)))?;
        if let Kind::List(_) = member.schema.kind {
            let list = object.entry(member.name).or_insert_with(|| Value::Array(Vec::new()));
            list.as_array_mut().into_iter().for_each(|list| list.push(item.clone()));
        } else if object.insert(member.name.to_owned(), item).is_some() {
            let name = member.name;
            return Err(said!("{name} is there twice", "{name}重复"));
        }
    }
    for member in
        members.iter().filter(|member| member.required && !object.contains_key(member.name)).collect::<Vec<_>>()
    {
        if !matches!(member.schema.kind, Kind::List(_)) {
            let name = member.name;
            return Err(said!("{name}=… is missing", "缺少 {name}=…"));
        }
        object.insert(member.name.to_owned(), Value::Array(Vec::new()));
    }
    Ok(object.into())
}
