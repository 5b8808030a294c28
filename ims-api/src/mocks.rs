//! What all typed mocks have in common: how a request is matched, and how it is answered.
#![allow(dead_code, reason = "only some documents have parameters of each kind")]

use httpmock::{Then, When};
use regex::escape;
use serde::Serialize;
use std::fmt::Display;

use crate::path::encode;

/// Requests to the paths of this template; the parameter of this name has this value, the others have any.
pub(crate) fn path(when: When, template: &str, name: &str, value: impl Display) -> When {
    let mut parts = template.split('{');
    let mut pattern = format!("^{}", escape(parts.next().unwrap_or_default()));
    for part in parts {
        let (parameter, rest) = part.split_once('}').unwrap_or((part, ""));
        let known = (parameter == name).then(|| escape(&encode(&value.to_string())));
        pattern += &known.unwrap_or_else(|| "[^/]*".to_owned());
        pattern += &escape(rest);
    }
    when.path_matches(pattern + "$")
}

/// Requests with this value in the query, or with none.
pub(crate) fn query(when: When, name: &str, value: Option<impl Display>) -> When {
    match value {
        Some(value) => when.query_param(name, value.to_string()),
        None => when.query_param_missing(name),
    }
}

/// Requests with this header, or without it.
pub(crate) fn header(when: When, name: &str, value: Option<impl Display>) -> When {
    match value {
        Some(value) => when.header(name, value.to_string()),
        None => when.header_missing(name),
    }
}

/// An answer in JSON.
pub(crate) fn answer(then: Then, status: u16, value: &impl Serialize) -> Then {
    then.status(status).header("content-type", "application/json").json_body_obj(value)
}
