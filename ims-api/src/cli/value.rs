//! The value of a flag: checked against the document before anything is sent, and turned into JSON.

use serde_json::{Map, Number, Value};

use super::model::{Kind, Member, Pattern, Schema};
use crate::error::text::escape;

/// A checked value.
#[derive(Clone)]
pub(crate) struct Checked(pub(crate) Value);

/// The JSON of a flag's word; of one item if the flag is a list.
pub(crate) fn check(schema: &Schema, word: &str) -> Result<Checked, String> {
    value(schema, word).map(Checked)
}

fn value(schema: &Schema, word: &str) -> Result<Value, String> {
    match schema.kind {
        Kind::Text => text(schema, word),
        Kind::Integer => integer(schema, word).map(Into::into),
        Kind::IntegerText => integer(schema, word).map(|number| number.to_string().into()),
        Kind::Number => word.parse::<Number>().map(Value::Number).map_err(|_| "is no number".to_owned()),
        Kind::Boolean => word.parse::<bool>().map(Value::Bool).map_err(|_| "is neither true nor false".to_owned()),
        Kind::List(items) => value(items, word),
        Kind::Object(members) if !word.trim_start().starts_with('{') => object(members, word),
        Kind::Object(_) | Kind::Json => serde_json::from_str(word).map_err(|error| format!("is no JSON: {error}")),
    }
}

fn text(schema: &Schema, word: &str) -> Result<Value, String> {
    let length = word.chars().count() as u64;
    if let Some(shortest) = schema.shortest.filter(|shortest| length < *shortest) {
        return Err(format!("has {length} characters, at least {shortest} are needed"));
    }
    if let Some(longest) = schema.longest.filter(|longest| length > *longest) {
        return Err(format!("has {length} characters, at most {longest} are allowed"));
    }
    if let Some(Pattern { written, portable }) = schema.pattern {
        let compiled = regex_lite::Regex::new(portable).map_err(|error| format!("{written}: {error}"))?;
        if !compiled.is_match(word) {
            let empty = if word.is_empty() { "is empty, and " } else { "" };
            return Err(format!("{empty}doesn't match {written}"));
        }
    }
    if !schema.open && !schema.values.is_empty() && !schema.values.contains(&word) {
        return Err(format!("is none of {}", schema.values.join(", ")));
    }
    Ok(word.into())
}

fn integer(schema: &Schema, word: &str) -> Result<i64, String> {
    let number: i64 = word.parse().map_err(|_| "is no integer".to_owned())?;
    if let Some(least) = schema.least.filter(|least| number < *least) {
        return Err(format!("is less than {least}"));
    }
    match schema.most.filter(|most| number > *most) {
        Some(most) => Err(format!("is more than {most}")),
        None => Ok(number),
    }
}

/// `name=value,name=value`. A comma that no `name=` follows belongs to the value; a list's name is repeated.
fn object(members: &[Member], word: &str) -> Result<Value, String> {
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
                return Err(format!("must be {}, or JSON", form.join(",")));
            }
        }
    }
    let mut object = Map::new();
    for (member, word) in pairs {
        let item = value(&member.schema, &word).map_err(|reason| format!("{}: {reason}", member.name))?;
        if let Kind::List(_) = member.schema.kind {
            let list = object.entry(member.name).or_insert_with(|| Value::Array(Vec::new()));
            list.as_array_mut().into_iter().for_each(|list| list.push(item.clone()));
        } else if object.insert(member.name.to_owned(), item).is_some() {
            return Err(format!("{} is there twice", escape(member.name, 80)));
        }
    }
    for member in
        members.iter().filter(|member| member.required && !object.contains_key(member.name)).collect::<Vec<_>>()
    {
        if !matches!(member.schema.kind, Kind::List(_)) {
            return Err(format!("{}=… is missing", member.name));
        }
        object.insert(member.name.to_owned(), Value::Array(Vec::new()));
    }
    Ok(object.into())
}
