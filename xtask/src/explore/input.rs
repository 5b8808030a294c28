//! What the client says of wrong input, in its words, before anything is sent: the reason of `Error::invalid_request`.
//!
//! The client's words come from the generated types, serde and the runtime's limits; here they are derived from the same
//! document, because the pipeline never depends on what it generates. A test holds the two to each other, value by value.

use std::collections::{BTreeMap, HashSet};

use serde_json::{Map, Value};

use crate::document::{Case, identifier};
use crate::document::{Document, child};
use crate::generate::model::Model;
use crate::generate::schemas::{Integer, List, Unique};
use crate::service::Operation;

/// Why a call is refused before it is sent.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Problem {
    /// The parameter's name, or `body`.
    pub at: String,
    /// The client's reason.
    pub message: String,
}

/// The first thing that the client refuses, if any. `values` are texts of parameters by name; `body` is text, too.
pub(super) fn problem(
    spec: &Document,
    model: &Model,
    operation: &Operation,
    values: &BTreeMap<String, String>,
    body: Option<&str>,
) -> Option<Problem> {
    let types = Types { spec, model };
    for parameter in &operation.parameters {
        if let Some(text) = values.get(&parameter.name)
            && let Err(reason) = types.parameter(&parameter.schema, text)
        {
            return Some(Problem { at: parameter.name.clone(), message: format!("{}{reason}", parameter.name) });
        }
    }
    let in_body = |message: String| Some(Problem { at: "body".to_owned(), message });
    let schema = operation.body.as_ref().and_then(|body| body.schema.as_deref());
    let value = match body.map(serde_json::from_str::<Value>) {
        Some(Err(error)) => return in_body(format!("body: it is no JSON: {error}")),
        Some(Ok(value)) => Some(value),
        None => None,
    };
    if let (Some(schema), Some(value)) = (schema, &value)
        && let Err(reason) = types.read(schema, value)
    {
        return in_body(format!("body{reason}"));
    }
    if let Some(name) = unset(operation, values) {
        return Some(Problem { message: format!("{} was not initialized", identifier(&name, Case::Method)), at: name });
    }
    match (schema, &value) {
        (Some(schema), Some(value)) => types.limits(schema, value).err().and_then(in_body),
        // The body of an object is a builder, which names what it lacks.
        (Some(schema), None) => match types.fields(schema).into_iter().find(|(_, required)| *required) {
            Some((first, _)) => in_body(format!("no value supplied for {}", identifier(&first, Case::Field))),
            None => in_body("body was not initialized".to_owned()),
        },
        (None, _) => None,
    }
}

/// A mandatory parameter without a value; the client's own project fills in for the project.
fn unset(operation: &Operation, values: &BTreeMap<String, String>) -> Option<String> {
    let of_project =
        |name: &str| operation.model.parameters.iter().any(|field| field.name == name && field.defaults_to_project);
    let mut names: Vec<&str> = operation
        .parameters
        .iter()
        .filter(|one| one.required && !of_project(&one.name) && !values.contains_key(&one.name))
        .map(|one| one.name.as_str())
        .collect();
    names.sort_unstable();
    names.first().map(|name| (*name).to_owned())
}

/// The generated types, as the document gives rise to them.
struct Types<'a> {
    spec: &'a Document,
    model: &'a Model,
}

type Outcome = Result<(), String>;

/// What a type refuses, and where inside the value: `.tags[0]`.
struct Refused {
    place: String,
    reason: String,
}

type Read = Result<(), Refused>;

impl Refused {
    /// It stands one step deeper than was known.
    fn below(self, step: &str) -> Self {
        Self { place: format!("{step}{}", self.place), ..self }
    }
}

impl From<String> for Refused {
    fn from(reason: String) -> Self {
        Self { place: String::new(), reason }
    }
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.place, self.reason)
    }
}

impl Types<'_> {
    /// A parameter is typed as text; what is no string in Rust is read from it.
    fn parameter(&self, schema: &str, text: &str) -> Read {
        let refused = self.read(schema, &Value::from(text));
        let is_string =
            self.spec.resolve(schema).is_none_or(|(_, of)| of.get("type").is_some_and(|kind| kind == "string"));
        match serde_json::from_str::<Value>(text) {
            Ok(written) if !is_string && self.read(schema, &written).is_ok() => Ok(()),
            _ => refused,
        }
    }

    /// As the type of a schema reads a JSON value.
    fn read(&self, schema: &str, value: &Value) -> Read {
        let Some((at, written)) = self.spec.resolve(schema) else { return Ok(()) };
        let kind = written.get("type").and_then(Value::as_str);
        if let Some(integer) = self.integer(&at) {
            return Ok(bounded(integer, value)?);
        }
        if let Some(variants) = written.get("enum").and_then(Value::as_array)
            && written.get("x-ims-open") != Some(&Value::Bool(true))
        {
            return Ok(variant(variants, value)?);
        }
        if written.get("oneOf").is_some() {
            return self.branch(&at, written, value);
        }
        match (kind, value) {
            (Some("string"), Value::String(text)) => Ok(restricted(written, text)?),
            (Some("string"), _) => Err(mistyped(value, "a string").into()),
            (Some("integer"), _) => Ok(integer_of(written, value)?),
            (Some("number"), Value::Number(_)) | (Some("boolean"), Value::Bool(_)) => Ok(()),
            (Some("number"), _) => Err(mistyped(value, "f64").into()),
            (Some("boolean"), _) => Err(mistyped(value, "a boolean").into()),
            (Some("array"), Value::Array(items)) => {
                let of = child(&at, "items");
                let read = |(index, item)| self.read(&of, item).map_err(|refused| refused.below(&format!("[{index}]")));
                items.iter().enumerate().try_for_each(read)
            }
            (Some("array"), _) => Err(mistyped(value, "a sequence").into()),
            _ if written.get("properties").is_some() => self.object(&at, written, value),
            _ => Ok(()),
        }
    }

    fn integer(&self, at: &str) -> Option<&Integer> {
        let name = identifier(at.strip_prefix("/components/schemas/")?, Case::Type);
        self.model.integers.iter().find(|integer| integer.name == name)
    }

    fn branch(&self, at: &str, written: &Value, value: &Value) -> Read {
        let count = written.get("oneOf").and_then(Value::as_array).map_or(0, Vec::len);
        let fits = |index: usize| self.read(&child(&child(at, "oneOf"), &index.to_string()), value).is_ok();
        if (0..count).any(fits) {
            return Ok(());
        }
        Err(format!("data did not match any variant of untagged enum {}", type_name(at)).into())
    }

    /// The properties of an object in the order of its Rust fields, and whether each is mandatory.
    fn fields(&self, schema: &str) -> Vec<(String, bool)> {
        let Some((_, written)) = self.spec.resolve(schema) else { return Vec::new() };
        let required = |name: &String| {
            let names = written.get("required").and_then(Value::as_array);
            names.is_some_and(|names| names.iter().any(|known| known == name))
        };
        let names = written.get("properties").and_then(Value::as_object).into_iter().flat_map(Map::keys);
        let mut fields: Vec<(String, bool)> = names.map(|name| (name.clone(), required(name))).collect();
        fields.sort();
        fields
    }

    fn object(&self, at: &str, written: &Value, value: &Value) -> Read {
        let fields = self.fields(at);
        let read = |name: &str, mandatory: bool, value: &Value| {
            let schema = child(&child(at, "properties"), name);
            let is_list =
                self.spec.resolve(&schema).is_some_and(|(_, of)| of.get("type").is_some_and(|kind| kind == "array"));
            // An optional field is an `Option`, unless it is a list.
            if value.is_null() && !mandatory && !is_list { Ok(()) } else { self.read(&schema, value) }
        };
        match value {
            Value::Object(members) => {
                for (name, member) in members {
                    match fields.iter().find(|(known, _)| known == name) {
                        Some((name, mandatory)) => {
                            read(name, *mandatory, member).map_err(|refused| refused.below(&format!(".{name}")))?;
                        }
                        None if written.get("additionalProperties") == Some(&Value::Bool(false)) => {
                            let known: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
                            return Err(format!("unknown field `{name}`, expected {}", one_of(&known)).into());
                        }
                        None => {}
                    }
                }
                match fields.iter().find(|(name, mandatory)| *mandatory && !members.contains_key(name)) {
                    Some((name, _)) => Err(format!("missing field `{name}`").into()),
                    None => Ok(()),
                }
            }
            // serde reads a list as the fields in their order.
            Value::Array(items) => {
                let (name, count) = (type_name(at), fields.len());
                let counted = if count == 1 { "1 element".to_owned() } else { format!("{count} elements") };
                for (index, (field, mandatory)) in fields.iter().enumerate() {
                    match items.get(index) {
                        Some(item) => {
                            read(field, *mandatory, item).map_err(|refused| refused.below(&format!("[{index}]")))?;
                        }
                        None if *mandatory || !self.is_list(at, field) => {
                            return Err(format!("invalid length {index}, expected struct {name} with {counted}").into());
                        }
                        None => {}
                    }
                }
                match items.len() > count {
                    true => Err(format!("invalid length {}, expected fewer elements in array", items.len()).into()),
                    false => Ok(()),
                }
            }
            _ => Err(mistyped(value, &format!("struct {}", type_name(at))).into()),
        }
    }

    fn is_list(&self, at: &str, field: &str) -> bool {
        let found = self.spec.resolve(&child(&child(at, "properties"), field));
        found.is_some_and(|(_, of)| of.get("type").is_some_and(|kind| kind == "array"))
    }

    /// The limits of lists, which the client checks when it sends.
    fn limits(&self, schema: &str, value: &Value) -> Outcome {
        let Some((at, _)) = self.spec.resolve(schema) else { return Ok(()) };
        let Some(limited) = self.model.limited.iter().find(|limited| limited.name == type_name(&at)) else {
            return Ok(());
        };
        let below = |name: &str| child(&child(&at, "properties"), name);
        for list in &limited.lists {
            let items = self.member(&at, value, &list.name).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
            let of_item = self.spec.resolve(&below(&list.name)).map(|(at, _)| child(&at, "items")).unwrap_or_default();
            counted(list, items.len() as u64)?;
            match &list.unique {
                Unique::No => {}
                Unique::Items => unique(list, "value", items.iter())?,
                Unique::Field(field) => {
                    unique(list, field, items.iter().filter_map(|item| self.member(&of_item, item, field)))?;
                }
            }
            for (index, item) in items.iter().enumerate().filter(|_| list.nested) {
                self.limits(&of_item, item).map_err(|reason| format!("{}[{index}].{reason}", list.name))?;
            }
        }
        for (name, _) in &limited.fields {
            if let Some(member) = self.member(&at, value, name).filter(|member| !member.is_null()) {
                self.limits(&below(name), member).map_err(|reason| format!("{name}.{reason}"))?;
            }
        }
        Ok(())
    }

    /// A field of an object, which may be written as a list, too.
    fn member<'v>(&self, schema: &str, value: &'v Value, name: &str) -> Option<&'v Value> {
        match value {
            Value::Array(items) => items.get(self.fields(schema).iter().position(|(known, _)| known == name)?),
            _ => value.get(name),
        }
    }
}

fn type_name(at: &str) -> String {
    identifier(at.rsplit('/').next().unwrap_or_default(), Case::Type)
}

fn counted(list: &List, count: u64) -> Outcome {
    let name = &list.name;
    match list.most {
        _ if count < list.least => Err(format!("{name}: {count} items, at least {} are needed", list.least)),
        Some(most) if count > most => Err(format!("{name}: {count} items, at most {most} are allowed")),
        _ => Ok(()),
    }
}

fn unique<'v>(list: &List, what: &str, values: impl Iterator<Item = &'v Value>) -> Outcome {
    let mut seen = HashSet::new();
    match values.map(text_of).find(|value| !seen.insert(value.clone())) {
        Some(twice) => Err(format!("{}: the {what} \"{}\" is there twice", list.name, twice.escape_debug())),
        None => Ok(()),
    }
}

fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn bounded(integer: &Integer, value: &Value) -> Outcome {
    const EXPECTED: &str = "an integer, as a number or as a string";
    let number = match value {
        Value::Number(number) => number.as_u64().ok_or_else(|| mistyped(value, EXPECTED))?,
        Value::String(text) => text
            .parse()
            .ok()
            .filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()))
            .ok_or_else(|| format!("invalid value: string {text:?}, expected {EXPECTED}"))?,
        _ => return Err(mistyped(value, EXPECTED)),
    };
    if number < integer.minimum {
        Err(format!("{number} is less than {}", integer.minimum))
    } else if number > integer.maximum {
        Err(format!("{number} is more than {}", integer.maximum))
    } else {
        Ok(())
    }
}

fn integer_of(written: &Value, value: &Value) -> Outcome {
    let small = written.get("format").is_some_and(|format| format == "int32");
    let expected = if small { "i32" } else { "i64" };
    let fits = |number: i64| !small || i32::try_from(number).is_ok();
    match value {
        Value::Number(number) if number.as_i64().is_some_and(fits) => Ok(()),
        Value::Number(number) if !number.is_f64() => {
            Err(format!("invalid value: integer `{number}`, expected {expected}"))
        }
        _ => Err(mistyped(value, expected)),
    }
}

fn variant(variants: &[Value], value: &Value) -> Outcome {
    let known: Vec<&str> = variants.iter().filter_map(Value::as_str).collect();
    match value {
        Value::String(text) if known.contains(&text.as_str()) => Ok(()),
        Value::String(text) => Err(format!("unknown variant `{text}`, expected {}", one_of(&known))),
        Value::Object(members) => match members.iter().next() {
            Some((name, of)) if members.len() == 1 => match known.contains(&name.as_str()) {
                true if of.is_null() => Ok(()),
                true => Err(mistyped(of, "unit")),
                false => Err(format!("unknown variant `{name}`, expected {}", one_of(&known))),
            },
            _ => Err("invalid value: map, expected map with a single key".to_owned()),
        },
        _ => Err(mistyped(value, "string or map")),
    }
}

/// The type's own checks, in its order.
fn restricted(written: &Value, text: &str) -> Outcome {
    let count = |key: &str| written.get(key).and_then(Value::as_u64);
    let length = text.chars().count() as u64;
    if let Some(most) = count("maxLength").filter(|most| length > *most) {
        return Err(format!("longer than {most} characters"));
    }
    if let Some(least) = count("minLength").filter(|least| length < *least) {
        return Err(format!("shorter than {least} characters"));
    }
    if let Some(pattern) = written.get("pattern").and_then(Value::as_str)
        && regress::Regex::new(pattern).is_ok_and(|regex| regex.find(text).is_none())
    {
        return Err(format!("doesn't match pattern \"{pattern}\""));
    }
    Ok(())
}

/// serde's words for a list of names.
fn one_of(names: &[&str]) -> String {
    match names {
        [] => "no fields".to_owned(),
        [one] => format!("`{one}`"),
        [one, other] => format!("`{one}` or `{other}`"),
        _ => format!("one of {}", names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")),
    }
}

/// serde's words for a value of another type.
fn mistyped(value: &Value, expected: &str) -> String {
    let found = match value {
        Value::Null => "null".to_owned(),
        Value::Bool(flag) => format!("boolean `{flag}`"),
        Value::Number(number) if number.is_f64() => format!("floating point `{number}`"),
        Value::Number(number) => format!("integer `{number}`"),
        Value::String(text) => format!("string {text:?}"),
        Value::Array(_) => "sequence".to_owned(),
        Value::Object(_) => "map".to_owned(),
    };
    format!("invalid type: {found}, expected {expected}")
}
