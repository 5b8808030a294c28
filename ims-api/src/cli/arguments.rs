//! From flags to the arguments of a call.

use std::io::Read;

use clap::ArgMatches;
use serde_json::{Map, Value};

use super::language::{Said, said};
use super::model::{Body, Command, Flag, Kind};
use super::stop::Stop;
use super::value::{Checked, check, skeleton, unknown_field, within};

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
    if let Some(body) = operation.body {
        let value = match matches.get_one::<String>("body") {
            Some(place) => {
                let whole = read(place, input)?;
                if !lenient {
                    allowed(body, &whole).map_err(|reason| Stop::usage(reason.after("--body: ")))?;
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

/// The body of its fields' flags: of the form that has them all.
fn fields(body: &Body, matches: &ArgMatches) -> Result<Option<Value>, Stop> {
    let all = given_flags(body, matches);
    if all.is_empty() && !body.required {
        return Ok(None);
    }
    form(body, &all).map_err(Stop::usage)?;
    let mut object = Value::Object(Map::new());
    for flag in body.flags {
        if let Some(value) = given(flag, matches) {
            put(&mut object, flag.path, value);
        }
    }
    Ok(Some(object))
}

fn given_flags(body: &Body, matches: &ArgMatches) -> Vec<&'static str> {
    body.flags.iter().map(|flag| flag.flag).filter(|flag| matches.contains_id(flag)).collect()
}

/// Refuses flags that are no form of the body.
fn form(body: &Body, flags: &[&str]) -> Result<(), Said> {
    if body.forms.iter().any(|form| form.has(flags) && form.is_whole(flags)) {
        return Ok(());
    }
    let forms = body.forms();
    Err(said!("the body must be one of: {forms}; or --body JSON", "请求体须为其中之一：{forms}；或使用 --body JSON"))
}

/// Refuses what the document doesn't allow: values that no flag would take, fields that are no flag's.
fn allowed(body: &Body, whole: &Value) -> Result<(), Said> {
    if body.flags.is_empty() {
        return check(&body.schema, whole, "", false);
    }
    let (mut rest, mut flags) = (whole.clone(), Vec::new());
    for flag in body.flags {
        if let Some(value) = take(&mut rest, flag.path) {
            check(&flag.schema, &value, &flag.path.join("."), false)?;
            flags.push(flag.flag);
        }
    }
    let ways: Vec<&[&str]> = body.flags.iter().map(|flag| flag.path).collect();
    nothing_left(&ways, &rest, "")?;
    // What a single form lacks, the typed call says with its place.
    if body.forms.len() > 1 { form(body, &flags) } else { Ok(()) }
}

/// Takes the value at the path out of an object.
fn take(body: &mut Value, path: &[&str]) -> Option<Value> {
    match path {
        [] => None,
        [name] => body.as_object_mut()?.shift_remove(*name),
        [name, below @ ..] => take(body.as_object_mut()?.get_mut(*name)?, below),
    }
}

/// Refuses fields that lead to no flag.
fn nothing_left(ways: &[&[&str]], rest: &Value, place: &str) -> Result<(), Said> {
    rest.as_object().into_iter().flatten().try_for_each(|(name, field)| {
        let inside = within(place, name);
        let below = ways.iter().filter_map(|way| way.split_first().filter(|(first, _)| *first == name));
        let below: Vec<&[&str]> = below.map(|(_, rest)| rest).filter(|rest| !rest.is_empty()).collect();
        if below.is_empty() {
            return Err(unknown_field(name, &inside, ways.iter().filter_map(|way| way.first().copied())));
        }
        nothing_left(&below, field, &inside)
    })
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

/// A body to begin with: of several forms the first that has the flags given.
pub(crate) fn body_skeleton(body: &Body, matches: &ArgMatches) -> Value {
    let all = given_flags(body, matches);
    let form = body.forms.iter().find(|form| form.has(&all)).or(body.forms.first());
    let Some(form) = form else { return skeleton(&body.schema) };
    let mut object = Value::Object(Map::new());
    for flag in body.flags.iter().filter(|flag| form.has(&[flag.flag])) {
        put(&mut object, flag.path, given(flag, matches).unwrap_or_else(|| skeleton(&flag.schema)));
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
