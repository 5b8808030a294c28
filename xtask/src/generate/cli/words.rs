//! A call as words for a shell: the other way round from what the command line reads.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{Command, Flag, Kind, Schema, plain};
use crate::document::Document;
use crate::generate::SampleCall;
use crate::generate::model::{Model, Operation};

/// A call as words for a shell, without the program's name; what no flag can say is left for the standard input.
#[derive(Debug, Clone, PartialEq)]
pub struct Words {
    /// The words, not quoted.
    pub words: Vec<String>,
    /// What `--body -` is to read, if the words hold that.
    pub body: Option<Value>,
}

/// How `ims` is told to make this call; `None` if the document has no such operation.
#[must_use]
pub fn words(spec: &Document, call: &SampleCall) -> Option<Words> {
    let model = Model::of(spec);
    let operation = model.operations.iter().find(|operation| operation.id == call.operation)?;
    let body = call.arguments.get("body").filter(|_| operation.body);
    Some(Command::of(spec, operation).words(operation, &call.arguments, body))
}

/// The command of an operation, and the flag of each parameter by its name on the wire.
pub(crate) fn names(spec: &Document, operation: &Operation) -> (String, BTreeMap<String, String>) {
    let Command { name, parameters, .. } = Command::of(spec, operation);
    let flags = parameters.into_iter().filter_map(|flag| Some((flag.path.into_iter().next()?, flag.flag)));
    (name, flags.collect())
}

impl Command {
    pub(super) fn words(&self, operation: &Operation, arguments: &Map<String, Value>, body: Option<&Value>) -> Words {
        let mut words = Vec::new();
        for field in operation.parameters.iter().filter(|field| field.defaults_to_project) {
            if let Some(project) = arguments.get(&field.name) {
                words.extend(["--project-id".to_owned(), plain(project)]);
            }
        }
        words.push(self.name.clone());
        for flag in &self.parameters {
            match arguments.get(&flag.path[0]) {
                Some(Value::Array(items)) => items.iter().for_each(|item| push(&mut words, &flag.flag, plain(item))),
                Some(value) => push(&mut words, &flag.flag, plain(value)),
                None => {}
            }
        }
        let Some(body) = body else { return Words { words, body: None } };
        let alternatives = self.body.iter().flat_map(|body| &body.alternatives);
        if let Some(flags) = alternatives.filter_map(|flags| flags_of(flags, body)).next() {
            words.extend(flags);
            return Words { words, body: None };
        }
        words.extend(["--body".to_owned(), "-".to_owned()]);
        Words { words, body: Some(body.clone()) }
    }
}

/// A body as flags, if they can say all of it.
fn flags_of(flags: &[Flag], body: &Value) -> Option<Vec<String>> {
    let mut rest = body.clone();
    let mut words = Vec::new();
    for flag in flags {
        let Some(value) = take(&mut rest, &flag.path) else { continue };
        match (&flag.schema.kind, value) {
            (Kind::List(_), Value::Array(items)) if items.is_empty() => return None,
            (Kind::List(schema), Value::Array(items)) => {
                for item in items {
                    push(&mut words, &flag.flag, item_word(schema, &item));
                }
            }
            (_, value) => push(&mut words, &flag.flag, plain(&value)),
        }
    }
    is_empty(&rest).then_some(words)
}

/// Takes the value at the path out of an object.
fn take(body: &mut Value, path: &[String]) -> Option<Value> {
    match path {
        [] => None,
        [name] => body.as_object_mut()?.remove(name),
        [name, below @ ..] => take(body.as_object_mut()?.get_mut(name)?, below),
    }
}

fn is_empty(rest: &Value) -> bool {
    rest.as_object().is_some_and(|members| members.values().all(is_empty))
}

/// `name=value,name=value`, or JSON where that can't be read back.
fn item_word(schema: &Schema, item: &Value) -> String {
    let (Kind::Object(known), Value::Object(members)) = (&schema.kind, item) else { return plain(item) };
    let mut pairs = Vec::new();
    for (name, required, _) in known {
        match members.get(name) {
            None => {}
            // A mandatory list that isn't written is an empty one.
            Some(Value::Array(items)) if items.is_empty() && *required => {}
            Some(Value::Array(items)) if items.is_empty() => return item.to_string(),
            Some(Value::Array(items)) => pairs.extend(items.iter().map(|item| (name, item))),
            Some(value) => pairs.push((name, value)),
        }
    }
    let fits = members.keys().all(|member| known.iter().any(|(name, _, _)| name == member))
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
