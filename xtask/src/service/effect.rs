//! `x-ims-effect`, read: what an operation does to the tags the service keeps. `service` has its vocabulary.

use serde_json::{Map, Value};

use super::check::Values;
use crate::diagnostic::{Diagnostic, Level};
use crate::document::{Document, child};

const KEY: &str = "x-ims-effect";
const KEYS: [&str; 11] =
    ["action", "when", "image", "tags", "separator", "quota", "missing", "limit", "offset", "page", "filter"];

/// One thing that an operation may do.
#[derive(Debug)]
pub(super) struct Effect {
    pub(super) action: Action,
    pub(super) when: Vec<(Expression, Value)>,
    pub(super) image: Option<Expression>,
    pub(super) tags: Vec<Expression>,
    pub(super) separator: Option<String>,
    pub(super) quota: Option<usize>,
    pub(super) missing: Option<u16>,
    pub(super) limit: Option<Expression>,
    pub(super) offset: Option<Expression>,
    pub(super) page: Option<Expression>,
    pub(super) filter: Option<Expression>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    List,
    Put,
    Delete,
    Find,
    Count,
}

/// A runtime expression of OpenAPI: where in a request a value is.
#[derive(Debug)]
pub(super) enum Expression {
    Parameter(&'static str, String),
    Body(String),
}

impl Expression {
    fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix("$request.")?;
        if let Some(pointer) = rest.strip_prefix("body") {
            let pointer = if pointer.is_empty() { pointer } else { pointer.strip_prefix('#')? };
            return (pointer.is_empty() || pointer.starts_with('/')).then(|| Self::Body(pointer.to_owned()));
        }
        let (location, name) = rest.split_once('.')?;
        let location = ["path", "query", "header"].into_iter().find(|known| *known == location)?;
        (!name.is_empty()).then(|| Self::Parameter(location, name.to_owned()))
    }

    pub(super) fn of<'a>(&self, values: &'a Values) -> Option<&'a Value> {
        match self {
            Self::Parameter(location, name) => values.parameter(location, name),
            Self::Body(pointer) => values.body.as_ref()?.pointer(pointer),
        }
    }

    /// A value as text, whether it is written as a string or not.
    pub(super) fn text(&self, values: &Values) -> Option<String> {
        match self.of(values)? {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }

    /// A count, which this API sometimes writes as a string.
    pub(super) fn count(&self, values: &Values) -> Option<usize> {
        self.text(values)?.parse().ok()
    }
}

impl Effect {
    pub(super) fn applies(&self, values: &Values) -> bool {
        self.when.iter().all(|(expression, wanted)| expression.of(values) == Some(wanted))
    }
}

/// The effects of an operation, none if it doesn't say any.
pub(super) fn read(spec: &Document, operation: &str, raw: &Value) -> Result<Vec<Effect>, Diagnostic> {
    let pointer = child(operation, KEY);
    match raw.get(KEY) {
        None => Ok(Vec::new()),
        Some(Value::Object(effect)) => Ok(vec![Reader { spec, pointer, effect }.read()?]),
        Some(Value::Array(effects)) => effects
            .iter()
            .enumerate()
            .map(|(index, effect)| {
                let pointer = format!("{pointer}/{index}");
                match effect {
                    Value::Object(effect) => Reader { spec, pointer, effect }.read(),
                    _ => Err(finding(spec, &pointer, "an effect is not an object".to_owned())),
                }
            })
            .collect(),
        Some(_) => Err(finding(spec, &pointer, "the effect is neither an object nor a list".to_owned())),
    }
}

struct Reader<'a> {
    spec: &'a Document,
    pointer: String,
    effect: &'a Map<String, Value>,
}

impl Reader<'_> {
    fn read(&self) -> Result<Effect, Diagnostic> {
        if let Some(unknown) = self.effect.keys().find(|key| !KEYS.contains(&key.as_str())) {
            return Err(self.finding(unknown, format!("no effect has `{unknown}`, only {}", KEYS.join(", "))));
        }
        let action = match self.effect.get("action").and_then(Value::as_str) {
            Some("list") => Action::List,
            Some("put") => Action::Put,
            Some("delete") => Action::Delete,
            Some("find") => Action::Find,
            Some("count") => Action::Count,
            _ => return Err(self.finding("action", "the action is none of list, put, delete, find, count".to_owned())),
        };
        let mut when = Vec::new();
        for (text, wanted) in self.effect.get("when").and_then(Value::as_object).into_iter().flatten() {
            when.push((self.parsed("when", text)?, wanted.clone()));
        }
        let tags = match self.effect.get("tags") {
            Some(Value::Array(all)) => all.iter().map(|one| self.given("tags", one)).collect::<Result<_, _>>()?,
            Some(one) => vec![self.given("tags", one)?],
            None => Vec::new(),
        };
        let effect = Effect {
            action,
            when,
            tags,
            image: self.optional("image")?,
            separator: self.effect.get("separator").and_then(Value::as_str).map(str::to_owned),
            quota: self.effect.get("quota").and_then(Value::as_u64).and_then(|quota| quota.try_into().ok()),
            missing: self.effect.get("missing").and_then(Value::as_u64).and_then(|status| status.try_into().ok()),
            limit: self.optional("limit")?,
            offset: self.optional("offset")?,
            page: self.optional("page")?,
            filter: self.optional("filter")?,
        };
        if matches!(action, Action::Put | Action::Delete) && (effect.image.is_none() || effect.tags.is_empty()) {
            return Err(self.finding("action", "put and delete need `image` and `tags`".to_owned()));
        }
        Ok(effect)
    }

    fn optional(&self, key: &str) -> Result<Option<Expression>, Diagnostic> {
        self.effect.get(key).map(|value| self.given(key, value)).transpose()
    }

    fn given(&self, key: &str, value: &Value) -> Result<Expression, Diagnostic> {
        self.parsed(key, value.as_str().unwrap_or_default())
    }

    fn parsed(&self, key: &str, text: &str) -> Result<Expression, Diagnostic> {
        let problem =
            || format!("`{text}` is no runtime expression like $request.path.image_id or $request.body#/tags");
        Expression::parse(text).ok_or_else(|| self.finding(key, problem()))
    }

    fn finding(&self, key: &str, message: String) -> Diagnostic {
        finding(self.spec, &child(&self.pointer, key), message)
    }
}

fn finding(spec: &Document, pointer: &str, message: String) -> Diagnostic {
    Diagnostic {
        place: spec.place(pointer),
        level: Level::Error,
        rule: KEY,
        message,
        help: "the vocabulary is in the documentation of xtask::service".to_owned(),
    }
}
