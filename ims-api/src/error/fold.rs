//! Folds the many bodies that the service and what stands before it answer errors with into code, message and request id.

use serde_json::{Map, Value};

/// Bodies nest a handful of levels; deeper ones are not searched.
const DEPTH: usize = 6;

/// What an error body says. A field that the body doesn't have is `None`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Folded {
    pub(crate) code: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) request_id: Option<String>,
}

impl Folded {
    /// Reads any bytes. What is not JSON folds to nothing: the caller keeps an excerpt.
    pub(crate) fn of(body: &[u8]) -> Self {
        let mut folded = Self::default();
        if let Ok(value) = serde_json::from_slice(body) {
            folded.visit(&value, DEPTH);
        }
        folded
    }

    fn visit(&mut self, value: &Value, depth: usize) {
        let Some(depth) = depth.checked_sub(1) else {
            return;
        };
        match value {
            Value::Object(object) => self.visit_object(object, depth),
            Value::Array(_) => items(value).for_each(|item| self.visit(item, depth)),
            Value::String(text) if self.message.is_none() => self.message = Some(text.clone()),
            _ => {}
        }
    }

    fn visit_object(&mut self, object: &Map<String, Value>, depth: usize) {
        for name in ["request_id", "requestId"] {
            if self.request_id.is_none() {
                self.request_id = object.get(name).and_then(text);
            }
        }
        for (code, message) in
            [("error_code", "error_msg"), ("errorCode", "errorMsg"), ("errCode", "errMsg"), ("code", "message")]
        {
            if self.code.is_none() {
                self.code = object.get(code).and_then(text);
            }
            if self.message.is_none() {
                self.message = object.get(message).and_then(text);
            }
        }
        if let Some(explained) = object.get("encoded_authorization_message").and_then(text) {
            let message = self.message.get_or_insert_with(|| "access denied".to_owned());
            message.push_str(" (encoded_authorization_message: ");
            message.push_str(&explained);
            message.push(')');
        }
        // `{"error": "text"}`, and one service's error inside another's, as an object or as JSON in the message.
        if let Some(error) = object.get("error") {
            self.visit(error, depth);
        }
        if self.code.is_none() || self.message.is_none() {
            // Nested values add what is missing, but a mere string among them is no message.
            for nested in object.values().flat_map(items).filter(|nested| nested.is_object()) {
                self.visit(nested, depth);
            }
        }
        if let Some(inner) = self.message.as_deref().and_then(json_inside) {
            let mut folded = Self::default();
            folded.visit(&inner, depth);
            if folded.message.is_some() {
                self.message = folded.message;
            }
            if self.code.is_none() {
                self.code = folded.code;
            }
        }
    }
}

/// Whether a body of success is an error in disguise: an object with an error in it and nothing but an error's fields.
pub(crate) fn is_error_only(body: &[u8]) -> bool {
    const FIELDS: [&str; 9] = [
        "error",
        "error_code",
        "error_msg",
        "code",
        "message",
        "details",
        "status",
        "request_id",
        "encoded_authorization_message",
    ];
    // A look at the first field, whichever it is, spares good answers the second parse.
    let begin = body.trim_ascii_start().strip_prefix(b"{").and_then(|rest| rest.trim_ascii_start().strip_prefix(b"\""));
    let first = begin.and_then(|begin| begin.split(|byte| *byte == b'"').next());
    if !first.is_some_and(|first| FIELDS.iter().any(|field| field.as_bytes() == first)) {
        return false;
    }
    match serde_json::from_slice(body) {
        Ok(Value::Object(object)) => {
            let is_error = object.iter().any(|(name, value)| name.starts_with("error") && !value.is_null());
            is_error && object.keys().all(|name| FIELDS.contains(&name.as_str()))
        }
        _ => false,
    }
}

/// The first items of a list, or what is none by itself.
fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice).iter().take(8)
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn json_inside(message: &str) -> Option<Value> {
    let message = message.trim();
    if message.starts_with('{') { serde_json::from_str(message).ok() } else { None }
}

#[cfg(test)]
mod tests;
