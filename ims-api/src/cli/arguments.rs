//! From flags to the arguments of a call.

use std::io::Read;

use clap::ArgMatches;
use serde_json::{Map, Value};

use super::language::said;
use super::model::{Body, Command, Flag, Form, Kind, Text};
use super::stop::Stop;
use super::value::{check, skeleton, unknown_field, within};

/// The parameters by name, and the body as `body`.
pub(crate) fn arguments(
    operation: &Command,
    matches: &ArgMatches,
    lenient: bool,
    input: &mut dyn Read,
) -> Result<Map<String, Value>, Stop> {
    let parameter = |flag: &Flag| Some((flag.path.first()?.clone(), given(flag, matches)?));
    let mut arguments: Map<String, Value> = operation.parameters.iter().filter_map(parameter).collect();
    if let Some(body) = &operation.body {
        let flags = given_flags(body, matches);
        if let Some(place) = matches.get_one::<String>("body") {
            let whole = read(place, input)?;
            if !lenient {
                allowed(body, &whole).map_err(|reason| Stop::usage(Text::same("--body: ").and(reason)))?;
            }
            arguments.insert("body".to_owned(), whole);
        } else if body.required || !flags.is_empty() {
            form(body, &flags).map_err(Stop::usage)?;
            arguments.insert("body".to_owned(), object(body.flags.iter(), |flag| given(flag, matches)));
        }
    }
    Ok(arguments)
}

/// A body to begin with: of several forms the first that has the flags given.
pub(crate) fn body_skeleton(body: &Body, matches: &ArgMatches) -> Value {
    let given_flags = given_flags(body, matches);
    let form = body.forms.iter().find(|form| has(form, &given_flags)).or(body.forms.first());
    let Some(form) = form else { return skeleton(&body.schema) };
    let flags = body.flags.iter().filter(|flag| form.has(&flag.flag));
    object(flags, |flag| given(flag, matches).or_else(|| Some(skeleton(&flag.schema))))
}

fn given(flag: &Flag, matches: &ArgMatches) -> Option<Value> {
    let mut values = matches.get_many::<Value>(&flag.flag)?.cloned();
    match flag.schema.kind {
        Kind::List(_) => Some(values.collect()),
        _ => values.next_back(),
    }
}

fn given_flags<'a>(body: &'a Body, matches: &ArgMatches) -> Vec<&'a str> {
    body.flags.iter().map(|flag| flag.flag.as_str()).filter(|flag| matches.contains_id(flag)).collect()
}

/// The body that has these values, each at its place.
fn object<'a>(flags: impl Iterator<Item = &'a Flag>, value: impl Fn(&Flag) -> Option<Value>) -> Value {
    let mut object = Map::new().into();
    for (flag, value) in flags.filter_map(|flag| Some((flag, value(flag)?))) {
        let place = flag.path.iter().try_fold(&mut object, |at: &mut Value, name| {
            Some(at.as_object_mut()?.entry(name).or_insert_with(|| Map::new().into()))
        });
        if let Some(place) = place {
            *place = value;
        }
    }
    object
}

fn has(form: &Form, flags: &[&str]) -> bool {
    flags.iter().all(|flag| form.has(flag))
}

/// The mandatory flags of each form of a body.
pub(crate) fn forms(body: &Body) -> String {
    let form = |form: &Form| form.mandatory.iter().map(|flag| format!("--{flag}")).collect::<Vec<_>>().join(" ");
    body.forms.iter().map(form).collect::<Vec<_>>().join(" | ")
}

/// Refuses flags that are no form of the body.
fn form(body: &Body, flags: &[&str]) -> Result<(), Text> {
    let whole = |form: &Form| form.mandatory.iter().all(|flag| flags.contains(&flag.as_str()));
    if body.forms.iter().any(|form| has(form, flags) && whole(form)) {
        return Ok(());
    }
    let forms = forms(body);
    Err(said!("the body must be one of: {forms}; or --body JSON", "请求体须为其中之一：{forms}；或使用 --body JSON"))
}

/// Refuses what the document doesn't allow: values that no flag would take, fields that are no flag's.
fn allowed(body: &Body, whole: &Value) -> Result<(), Text> {
    if body.flags.is_empty() {
        return check(&body.schema, whole, "", false);
    }
    let (mut rest, mut flags) = (whole.clone(), Vec::new());
    for flag in &body.flags {
        if let Some(value) = flag.take(&mut rest) {
            check(&flag.schema, &value, &flag.path.join("."), false)?;
            flags.push(flag.flag.as_str());
        }
    }
    let ways: Vec<&[String]> = body.flags.iter().map(|flag| flag.path.as_slice()).collect();
    nothing_left(&ways, &rest, "")?;
    // What a single form lacks, the typed call says with its place.
    if body.forms.len() > 1 { form(body, &flags) } else { Ok(()) }
}

/// Refuses fields that lead to no flag.
fn nothing_left(ways: &[&[String]], rest: &Value, place: &str) -> Result<(), Text> {
    rest.as_object().into_iter().flatten().try_for_each(|(name, field)| {
        let inside = within(place, name);
        let below = ways.iter().filter_map(|way| way.split_first().filter(|(first, _)| *first == name));
        let below: Vec<&[String]> = below.map(|(_, rest)| rest).filter(|rest| !rest.is_empty()).collect();
        if below.is_empty() {
            return Err(unknown_field(name, &inside, ways.iter().filter_map(|way| Some(way.first()?.as_str()))));
        }
        nothing_left(&below, field, &inside)
    })
}

/// JSON as it is, of a file as `@name`, or of standard input as `-`.
fn read(place: &str, input: &mut dyn Read) -> Result<Value, Stop> {
    let (name, chinese, text) = match place.strip_prefix('@') {
        Some(file) => (file, file, std::fs::read_to_string(file)),
        None if place == "-" => ("standard input", "标准输入", std::io::read_to_string(input)),
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
