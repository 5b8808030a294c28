//! From flags to the arguments of a call.

use std::io::Read;

use clap::ArgMatches;
use serde_json::{Map, Value};

use super::language::{Said, said};
use super::model::{Body, Command, Flag, Kind};
use super::stop::Stop;
use super::value::{Checked, named, named_by_flags, skeleton};

/// The parameters by name, and the body as `body`.
pub(crate) fn arguments(
    operation: &Command,
    matches: &ArgMatches,
    lenient: bool,
    input: &mut dyn Read,
) -> Result<Map<String, Value>, Stop> {
    let mut arguments = Map::new();
    for flag in operation.parameters {
        if let (Some(value), Some(name)) = (given(flag, matches), flag.path.first()) {
            arguments.insert((*name).to_owned(), value);
        }
    }
    if let Some(body) = &operation.body {
        let whole = matches.get_one::<String>("body").map(|place| read(place, input)).transpose()?;
        let value = match whole {
            Some(whole) => {
                if !lenient {
                    check(body, &whole).map_err(|reason| Stop::usage(reason.after("--body: ")))?;
                }
                Some(whole)
            }
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
        let forms = body.forms();
        return Err(Stop::usage(said!(
            "the body must be one of: {forms}; or --body JSON",
            "请求体须为其中之一：{forms}；或使用 --body JSON"
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

/// Refuses what the document doesn't name.
fn check(body: &Body, value: &Value) -> Result<(), Said> {
    let flags: Vec<(&[&str], &Flag)> =
        body.alternatives.iter().copied().flatten().map(|flag| (flag.path, flag)).collect();
    if flags.is_empty() { named(&body.schema, value, "") } else { named_by_flags(&flags, value, "") }
}

/// A body to begin with: of several alternatives the first that has the flags given.
pub(crate) fn body_skeleton(body: &Body, matches: &ArgMatches) -> Value {
    let given = |flag: &&Flag| matches.contains_id(flag.flag);
    let all = body.alternatives.iter().copied().flatten().filter(given).map(|flag| flag.flag);
    let fits = |fields: &&&[Flag]| all.clone().all(|flag| fields.iter().any(|field| field.flag == flag));
    let Some(fields) = body.alternatives.iter().find(fits) else { return skeleton(&body.schema) };
    let mut object = Value::Object(Map::new());
    for flag in fields.iter() {
        put(&mut object, flag.path, self::given(flag, matches).unwrap_or_else(|| skeleton(&flag.schema)));
    }
    object
}

/// JSON as it is, of a file as `@name`, or of standard input as `-`.
fn read(place: &str, input: &mut dyn Read) -> Result<Value, Stop> {
    let (name, chinese, text) = match place.strip_prefix('@') {
        Some(file) => (file, file, std::fs::read_to_string(file)),
        None if place == "-" => {
            let mut text = String::new();
            ("standard input", "标准输入", input.read_to_string(&mut text).map(|_| text))
        }
        None => ("the text", "该文本", Ok(place.to_owned())),
    };
    let text = text.map_err(|error| {
        Stop::usage(said!("--body: {name} can't be read: {error}", "--body：无法读取 {chinese}：{error}"))
    })?;
    // Editors on Windows write a byte order mark.
    serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|error| {
        let file =
            if std::path::Path::new(place).exists() { format!("; for the file write @{place}") } else { String::new() };
        Stop::usage(said!("--body: {name} isn't JSON: {error}{file}", "--body：{chinese} 不是JSON：{error}{file}"))
    })
}
