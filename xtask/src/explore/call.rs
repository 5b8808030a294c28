//! What was typed into the page's form, as the request that the client would send.

use std::collections::BTreeMap;
use std::time::SystemTime;

use percent_encoding::utf8_percent_encode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{input, rust, shell};
use crate::generate::model::Model;
use crate::service::signature::{self, RESERVED, Steps};
use crate::service::{
    EXPIRED_TOKEN, KEY, Operation, Parameter, PracticeKey, Received, Service, TEMPORARY_KEY, TOKEN, date_of,
};

/// A secret key that is not the practice key's.
pub(super) const WRONG_SECRET: &str = "not-the-secret-of-this-key";

/// The form, as the page sends it.
#[derive(Debug, Deserialize)]
pub(super) struct Form {
    pub(super) operation: String,
    /// Texts of parameters by name; empty ones are not given.
    #[serde(default)]
    values: BTreeMap<String, String>,
    #[serde(default)]
    body: String,
    #[serde(default)]
    credential: String,
    #[serde(default)]
    prefer: String,
}

/// A call that somebody wants to make.
pub(super) struct Call {
    values: BTreeMap<String, String>,
    /// The body as it is sent: JSON without the form's spaces, or what was typed if that is none.
    pub(super) body: Option<String>,
    pub(super) credential: Credential,
    pub(super) prefer: Option<String>,
}

/// Who calls.
#[derive(Clone, Copy)]
pub(super) enum Credential {
    Token(&'static str),
    Key(PracticeKey),
    Nothing,
}

impl Credential {
    fn of(id: &str) -> Self {
        match id {
            "key" => Self::Key(KEY),
            "temporary-key" => Self::Key(TEMPORARY_KEY),
            "wrong-key" => Self::Key(PracticeKey { secret: WRONG_SECRET, ..KEY }),
            "expired-token" => Self::Token(EXPIRED_TOKEN),
            "none" => Self::Nothing,
            _ => Self::Token(TOKEN),
        }
    }
}

impl Call {
    pub(super) fn of(operation: &Operation, form: Form) -> Self {
        let text = form.body.trim();
        let body = (operation.body.is_some() && !text.is_empty())
            .then(|| serde_json::from_str::<Value>(text).map_or_else(|_| text.to_owned(), |value| value.to_string()));
        let prefer = form.prefer.trim();
        let mut values: BTreeMap<String, String> =
            form.values.into_iter().filter(|(_, text)| !text.is_empty()).collect();
        // The project that the page's client is set to.
        let of_project = operation.model.parameters.iter().filter(|field| field.defaults_to_project);
        for (name, text) in of_project.filter_map(|field| operation.model.sample.as_ref()?.of_parameter(&field.name)) {
            values.entry(name.to_owned()).or_insert_with(|| text.to_owned());
        }
        Self {
            values,
            body,
            credential: Credential::of(&form.credential),
            prefer: (!prefer.is_empty()).then(|| prefer.to_owned()),
        }
    }

    /// The parameters that have a value, in the document's order.
    pub(super) fn values<'a>(&'a self, operation: &'a Operation) -> impl Iterator<Item = (&'a Parameter, &'a str)> {
        let given = |parameter: &'a Parameter| Some((parameter, self.values.get(&parameter.name)?.as_str()));
        operation.parameters.iter().filter_map(given)
    }

    /// The request to a host, and the steps of its signature if it has one.
    fn request(&self, operation: &Operation, host: &str, now: SystemTime) -> (Received, Option<(Steps, Vec<String>)>) {
        let mut path = operation.model.path.clone();
        let mut query = form_urlencoded::Serializer::new(String::new());
        for parameter in &operation.parameters {
            let text = self.values.get(&parameter.name).map_or("", String::as_str);
            match parameter.location.as_str() {
                "path" => {
                    let encoded = utf8_percent_encode(text, RESERVED).to_string();
                    path = path.replace(&format!("{{{}}}", parameter.name), &encoded);
                }
                "query" if !text.is_empty() => {
                    query.append_pair(&parameter.name, text);
                }
                _ => {}
            }
        }
        let query = query.finish();
        let mut headers = vec![("host".to_owned(), host.to_owned())];
        let mut add = |name: &str, value: &str| headers.push((name.to_owned(), value.to_owned()));
        add("accept", "application/json");
        if self.body.is_some() {
            add("content-type", "application/json");
        }
        if let Some(prefer) = &self.prefer {
            add("prefer", prefer);
        }
        for (parameter, text) in self.values(operation).filter(|(parameter, _)| parameter.location == "header") {
            add(&parameter.name.to_lowercase(), text);
        }
        let date = date_of(now);
        match self.credential {
            Credential::Token(token) => add("x-auth-token", token),
            Credential::Key(key) => {
                add("x-sdk-date", &date);
                if let Some(token) = key.security_token {
                    add("x-security-token", token);
                }
            }
            Credential::Nothing => {}
        }
        let mut request = Received {
            method: operation.model.method.clone(),
            target: if query.is_empty() { path } else { format!("{path}?{query}") },
            headers,
            body: self.body.clone().unwrap_or_default().into_bytes(),
        };
        let Credential::Key(key) = self.credential else { return (request, None) };
        // As the client does: the host, the type of the body, and every header of the cloud's own.
        let is_signed = |name: &str| ["host", "content-type"].contains(&name) || name.starts_with("x-");
        let mut names: Vec<String> =
            request.headers.iter().map(|(name, _)| name.clone()).filter(|name| is_signed(name)).collect();
        names.sort();
        names.dedup();
        let listed: Vec<&str> = names.iter().map(String::as_str).collect();
        let steps = signature::steps(&request, &listed, &date, key.secret);
        let authorization = signature::authorization(key.access, &listed, &steps.signature);
        request.headers.push(("authorization".to_owned(), authorization));
        (request, Some((steps, names)))
    }
}

/// Everything that the page shows of a call before it is made.
pub(super) fn prepare(service: &Service, model: &Model, operation: &Operation, form: Form, host: &str) -> Value {
    let (spec, now) = (service.spec(), service.now());
    let call = Call::of(operation, form);
    let (request, signed) = call.request(operation, host, now);
    let endpoint = format!("http://{host}");
    json!({
        "problem": input::problem(spec, model, operation, &call.values, call.body.as_deref()),
        "request": {
            "method": request.method,
            "target": request.target,
            "headers": request.headers,
            "body": String::from_utf8_lossy(&request.body),
            "text": request.to_string(),
        },
        "signature": signed.map(|(steps, names)| json!({
            "names": names,
            "canonical_request": steps.canonical_request,
            "string_to_sign": steps.string_to_sign,
            "signature": steps.signature,
        })),
        "snippets": [
            {"id": "rust", "name": "Rust", "text": rust::program(spec, operation, &call, &endpoint)},
            {"id": "ims", "name": "ims", "text": shell::ims(spec, operation, &call, &endpoint)},
            {"id": "curl", "name": "curl", "text": shell::curl(&request, &endpoint)},
        ],
    })
}
