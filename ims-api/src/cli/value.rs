//! The value of a flag: checked against the document before anything is sent, and turned into JSON.

use serde_json::{Map, Value};

use super::language::{Language, said};
use super::model::{Kind, Member, Pattern, Schema, Text};
use crate::json::nearest;

/// The JSON of a flag's word; of one item if the flag is a list. `lenient` lets through what the document doesn't name.
pub(crate) fn value(schema: &Schema, word: &str, lenient: bool) -> Result<Value, Text> {
    let value = match &schema.kind {
        Kind::Text => word.into(),
        Kind::Integer | Kind::IntegerText => {
            let number: i64 = word.parse().map_err(|_| said!("isn't an integer", "不是整数"))?;
            if schema.kind == Kind::Integer { number.into() } else { number.to_string().into() }
        }
        Kind::Number => word.parse().map(Value::Number).map_err(|_| said!("isn't a number", "不是数字"))?,
        Kind::Boolean => {
            let refused = |_| said!("is neither true nor false", "既不是true也不是false");
            Value::Bool(word.parse().map_err(refused)?)
        }
        Kind::List(items) => return value(items, word, lenient),
        Kind::Object(members) if !word.trim_start().starts_with('{') => object(members, word, lenient)?,
        Kind::Object(_) | Kind::Json => {
            serde_json::from_str(word).map_err(|error| said!("isn't valid JSON: {error}", "不是有效的JSON：{error}"))?
        }
    };
    check(schema, &value, "", lenient)?;
    Ok(value)
}

/// Refuses what the document doesn't allow, at any depth; of another type than the document's, the typed call does.
pub(crate) fn check(schema: &Schema, value: &Value, place: &str, lenient: bool) -> Result<(), Text> {
    let refused = match (&schema.kind, value) {
        (Kind::List(items), Value::Array(list)) => {
            let mut list = list.iter().enumerate();
            return list.try_for_each(|(at, item)| check(items, item, &format!("{place}[{at}]"), lenient));
        }
        (Kind::Object(members), Value::Object(fields)) => {
            return fields.iter().try_for_each(|(name, field)| {
                let inside = within(place, name);
                match member(members, name, &inside, lenient)? {
                    Some(member) => check(&member.schema, field, &inside, lenient),
                    None => Ok(()),
                }
            });
        }
        (Kind::Text, Value::String(word)) => text(schema, word, lenient),
        (Kind::Integer, Value::Number(number)) => number.as_i64().map_or(Ok(()), |number| bounds(schema, number)),
        (Kind::IntegerText, Value::String(word)) => word.parse().map_or(Ok(()), |number| bounds(schema, number)),
        _ => Ok(()),
    };
    refused.map_err(|reason| if place.is_empty() { reason } else { Text::same(format!("{place} ")).and(reason) })
}

fn text(schema: &Schema, word: &str, lenient: bool) -> Result<(), Text> {
    let length = word.chars().count() as u64;
    let refused = match (schema.shortest, schema.longest) {
        (Some(least), _) if length < least => {
            Some((format!("at least {least} are needed"), format!("至少需要{least}个")))
        }
        (_, Some(most)) if length > most => Some((format!("at most {most} are allowed"), format!("最多允许{most}个"))),
        _ => None,
    };
    if let Some((english, chinese)) = refused {
        return Err(said!("has {length} characters, {english}", "有{length}个字符，{chinese}"));
    }
    if let Some(Pattern { written, portable, words }) = &schema.pattern {
        let compiled = regex_lite::Regex::new(portable).map_err(|error| Text::same(format!("{written}: {error}")))?;
        if !compiled.is_match(word) {
            let (refused, refused_chinese) =
                if word.is_empty() { ("is empty", "为空") } else { ("isn't allowed", "不允许") };
            let (meant, meant_chinese) = (words.pick(Language::English), words.pick(Language::Chinese));
            return Err(said!(
                "{refused}: {meant} (pattern {written})",
                "{refused_chinese}：{meant_chinese}（格式 {written}）"
            ));
        }
    }
    if lenient || schema.values.is_empty() || schema.values.iter().any(|value| value == word) {
        return Ok(());
    }
    let known: Vec<&str> = schema.values.iter().map(String::as_str).collect();
    let listed = known.join(", ");
    Err(said!("isn't one of {listed}", "不是以下之一：{listed}").hinting(nearest(word, &known), schema.open))
}

fn bounds(schema: &Schema, number: i64) -> Result<(), Text> {
    match (schema.least, schema.most) {
        (Some(least), _) if number < least => Err(said!("is less than {least}", "小于{least}")),
        (_, Some(most)) if number > most => Err(said!("is more than {most}", "大于{most}")),
        _ => Ok(()),
    }
}

/// `name=value,name=value`; a list's name is repeated. A comma that nothing like `name=` follows belongs to the value.
fn object(members: &[Member], word: &str, lenient: bool) -> Result<Value, Text> {
    let mut pairs: Vec<(&str, String)> = Vec::new();
    for part in word.split(',') {
        let name =
            |name: &&str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c));
        match (part.split_once('=').filter(|(word, _)| name(word)), pairs.last_mut()) {
            (Some((name, value)), _) => pairs.push((name, value.to_owned())),
            (None, Some((_, value))) => value.push_str(&format!(",{part}")),
            (None, None) => {
                let form = members.iter().map(|member| format!("{}=…", member.name)).collect::<Vec<_>>().join(",");
                return Err(said!("must be {form}, or JSON", "须为 {form} 或JSON"));
            }
        }
    }
    let mut object = Map::new();
    for (name, word) in pairs {
        let unnamed = Schema::default();
        let schema = member(members, name, name, lenient)?.map_or(&unnamed, |member| &member.schema);
        let item = value(schema, &word, lenient).map_err(|reason| said!("{name}: ", "{name}：").and(reason))?;
        match (object.get_mut(name), &schema.kind) {
            (Some(Value::Array(items)), Kind::List(_)) => items.push(item),
            (Some(_), _) => return Err(said!("{name} is there twice", "{name}重复")),
            (None, Kind::List(_)) => drop(object.insert(name.to_owned(), vec![item].into())),
            (None, _) => drop(object.insert(name.to_owned(), item)),
        }
    }
    for Member { name, schema, .. } in members.iter().filter(|member| member.required) {
        match schema.kind {
            _ if object.contains_key(name) => {}
            Kind::List(_) => drop(object.insert(name.clone(), Vec::<Value>::new().into())),
            _ => return Err(said!("{name}=… is missing", "缺少 {name}=…")),
        }
    }
    Ok(object.into())
}

/// The member of this name; only the lenient do without.
fn member<'a>(members: &'a [Member], name: &str, place: &str, lenient: bool) -> Result<Option<&'a Member>, Text> {
    match members.iter().find(|member| member.name == name) {
        None if !lenient => Err(unknown_field(name, place, members.iter().map(|member| member.name.as_str()))),
        member => Ok(member),
    }
}

pub(crate) fn within(place: &str, name: &str) -> String {
    if place.is_empty() { name.to_owned() } else { format!("{place}.{name}") }
}

pub(crate) fn unknown_field<'a>(name: &str, place: &str, known: impl Iterator<Item = &'a str>) -> Text {
    let mut known: Vec<&str> = known.collect();
    known.dedup();
    let listed = known.join(", ");
    said!("there is no field {place}, there are {listed}", "没有字段 {place}，可用字段：{listed}")
        .hinting(nearest(name, &known), true)
}

/// A body of which only the form is known, for a start: mandatory fields and all others, with the first value of each set.
pub(crate) fn skeleton(schema: &Schema) -> Value {
    let default = schema.default.as_deref();
    match &schema.kind {
        Kind::Text => default.or(schema.values.first().map(String::as_str)).unwrap_or_default().into(),
        Kind::IntegerText => schema.least.unwrap_or(0).to_string().into(),
        Kind::Integer | Kind::Number => schema.least.unwrap_or(0).into(),
        Kind::Boolean => (default == Some("true")).into(),
        Kind::List(items) => vec![skeleton(items)].into(),
        Kind::Object(members) => members.iter().map(|member| (member.name.clone(), skeleton(&member.schema))).collect(),
        Kind::Json => Map::new().into(),
    }
}
