//! A call as words for a shell: the other way round from what the command line reads.

use serde_json::{Map, Value};

use super::model::{Command, Kind, Schema};
use super::{command, plain};
use crate::document::{Document, Operation};

/// The words of a call: the command with its parameters, and the body as flags, if they can say all of it.
pub type Words = (Vec<String>, Option<Vec<String>>);

/// How `ims` is told to make a call with these values of parameters, by name, and this body.
#[must_use]
pub fn words(spec: &Document, operation: &Operation, values: &Map<String, Value>, body: Option<&Value>) -> Words {
    of(&command(spec, operation), operation, values, body)
}

/// The same of a command that is there already.
pub(super) fn of(command: &Command, operation: &Operation, values: &Map<String, Value>, body: Option<&Value>) -> Words {
    (parameters(command, operation, values), body.and_then(|body| fields(command, body)))
}

/// The command with its parameters.
fn parameters(command: &Command, operation: &Operation, arguments: &Map<String, Value>) -> Vec<String> {
    let mut words = Vec::new();
    for parameter in operation.parameters.iter().filter(|parameter| parameter.defaults_to_project) {
        if let Some(project) = arguments.get(&parameter.name) {
            words.extend(["--project-id".to_owned(), plain(project)]);
        }
    }
    words.push(command.name.clone());
    for flag in &command.parameters {
        match flag.path.first().and_then(|name| arguments.get(name)) {
            Some(Value::Array(items)) => items.iter().for_each(|item| push(&mut words, &flag.flag, plain(item))),
            Some(value) => push(&mut words, &flag.flag, plain(value)),
            None => {}
        }
    }
    words
}

/// A body as the flags of a form, if they can say all of it.
fn fields(command: &Command, body: &Value) -> Option<Vec<String>> {
    let whole = command.body.as_ref()?;
    whole.forms.iter().find_map(|form| {
        let mut rest = body.clone();
        let mut words = Vec::new();
        for flag in whole.flags.iter().filter(|flag| form.has(&flag.flag)) {
            let Some(value) = flag.take(&mut rest) else { continue };
            match (&flag.schema.kind, value) {
                (Kind::List(_), Value::Array(items)) if items.is_empty() => return None,
                (Kind::List(schema), Value::Array(items)) => {
                    items.iter().for_each(|item| push(&mut words, &flag.flag, item_word(schema, item)));
                }
                (_, value) => push(&mut words, &flag.flag, plain(&value)),
            }
        }
        is_empty(&rest).then_some(words)
    })
}

fn is_empty(rest: &Value) -> bool {
    rest.as_object().is_some_and(|members| members.values().all(is_empty))
}

/// `name=value,name=value`, or JSON where that can't be read back.
fn item_word(schema: &Schema, item: &Value) -> String {
    let (Kind::Object(known), Value::Object(members)) = (&schema.kind, item) else { return plain(item) };
    let mut pairs = Vec::new();
    for known in known {
        let name = &known.name;
        match members.get(name) {
            None => {}
            // A mandatory list that isn't written is an empty one.
            Some(Value::Array(items)) if items.is_empty() && known.required => {}
            Some(Value::Array(items)) if items.is_empty() => return item.to_string(),
            Some(Value::Array(items)) => pairs.extend(items.iter().map(|item| (name, item))),
            Some(value) => pairs.push((name, value)),
        }
    }
    let fits = members.keys().all(|member| known.iter().any(|known| known.name == *member))
        && pairs.iter().all(|(_, value)| !value.is_object() && !value.is_array() && !plain(value).contains(','));
    if !fits || pairs.is_empty() {
        return item.to_string();
    }
    pairs.into_iter().map(|(name, value)| format!("{name}={}", plain(value))).collect::<Vec<_>>().join(",")
}

fn push(words: &mut Vec<String>, flag: &str, value: String) {
    // What begins with a hyphen would be read as a flag.
    if value.starts_with('-') {
        words.push(format!("--{flag}={value}"));
    } else {
        words.extend([format!("--{flag}"), value]);
    }
}
