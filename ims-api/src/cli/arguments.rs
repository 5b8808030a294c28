//! From flags to the arguments of a call.

use std::io::Read;

use clap::ArgMatches;
use serde_json::{Map, Value};

use super::language::said;
use super::model::{Body, Command, Flag, Kind};
use super::stop::Stop;
use super::value::Checked;

/// The parameters by name, and the body as `body`.
pub(crate) fn arguments(
    operation: &Command,
    matches: &ArgMatches,
    input: &mut dyn Read,
) -> Result<Map<String, Value>, Stop> {
    let mut arguments = Map::new();
    for flag in operation.parameters {
        if let (Some(value), Some(name)) = (given(flag, matches), flag.path.first()) {
            arguments.insert((*name).to_owned(), value);
        }
    }
    if let Some(body) = &operation.body {
        let whole = matches.get_one::<String>("body").map(|file| read(file, input)).transpose()?;
        let value = match whole {
            Some(whole) => Some(whole),
            None => fields(body, matches)?,
        };
        arguments.extend(value.map(|value| ("body".to_owned(), value)));
    }
    Ok(arguments)
}

fn given(flag: &Flag, matches: &ArgMatches) -> Option<Value> {
    let mut values = matches.get_many::<Checked>(flag.flag)?.map(|Checked(value)| value.clone());
    match flag.schema.kind {
        Kind::List(_) => Some(Value::Array(values.collect())),
        _ => values.next_back(),
    }
}

/// The body of its fields' flags: the alternative that all of them belong to.
fn fields(body: &Body, matches: &ArgMatches) -> Result<Option<Value>, Stop> {
    let is_given = |flag: &&Flag| matches.contains_id(flag.flag);
    let all: Vec<&str> = body.alternatives.iter().copied().flatten().filter(is_given).map(|flag| flag.flag).collect();
    if all.is_empty() && !body.required {
        return Ok(None);
    }
    let fits = |fields: &&&[Flag]| {
        all.iter().all(|flag| fields.iter().any(|field| field.flag == *flag))
            && fields.iter().all(|field| !field.required || is_given(&field))
    };
    let Some(fields) = body.alternatives.iter().find(fits) else {
        let forms = forms(body);
        return Err(Stop::usage(said!(
            "the body must be one of: {forms}; or --body FILE",
            "请求体须为其中之一：{forms}；或使用 --body FILE"
        )));
    };
    let mut object = Value::Object(Map::new());
    for flag in fields.iter() {
        if let Some(value) = given(flag, matches) {
            put(&mut object, flag.path, value);
        }
    }
    Ok(Some(object))
}

/// The mandatory flags of each alternative.
pub(crate) fn forms(body: &Body) -> String {
    let form = |fields: &&[Flag]| {
        let flags: Vec<String> =
            fields.iter().filter(|field| field.required).map(|field| format!("--{}", field.flag)).collect();
        flags.join(" ")
    };
    body.alternatives.iter().map(form).collect::<Vec<_>>().join(" | ")
}

fn put(object: &mut Value, path: &[&str], value: Value) {
    let Some(members) = object.as_object_mut() else { return };
    match path {
        [] => {}
        [name] => {
            members.insert((*name).to_owned(), value);
        }
        [name, below @ ..] => {
            put(members.entry(*name).or_insert_with(|| Value::Object(Map::new())), below, value);
        }
    }
}

/// JSON of a file, or of standard input for `-`.
fn read(file: &str, input: &mut dyn Read) -> Result<Value, Stop> {
    let (name, chinese, text) = if file == "-" {
        let mut text = String::new();
        ("standard input", "标准输入", input.read_to_string(&mut text).map(|_| text))
    } else {
        (file, file, std::fs::read_to_string(file))
    };
    let text = text.map_err(|error| {
        Stop::usage(said!("--body: {name} can't be read: {error}", "--body：无法读取 {chinese}：{error}"))
    })?;
    serde_json::from_str(&text).map_err(|error| {
        Stop::usage(said!("--body: {name} is no JSON: {error}", "--body：{chinese} 不是JSON：{error}"))
    })
}
