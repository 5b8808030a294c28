//! What was typed into the page's form, as the request that the client would send.

use std::collections::BTreeMap;
use std::time::SystemTime;

use percent_encoding::utf8_percent_encode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::schema::bilingual;
use super::{rust, shell};
use crate::document::{Document, Location, Operation, Parameter, Text};
use crate::service::signature::{self, RESERVED, Steps};
use crate::service::{self, EXPIRED_TOKEN, KEY, PracticeKey, Problem, Received, TEMPORARY_KEY, TOKEN, date_of};

/// A secret key that is not the practice key's.
pub(super) const WRONG_SECRET: &str = "not-the-secret-of-this-key";

/// The form, as the page sends it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Form {
    pub(super) operation: String,
    /// Texts of parameters by name; empty ones are not given.
    pub(super) values: BTreeMap<String, String>,
    pub(super) body: String,
    pub(super) credential: String,
    pub(super) prefer: String,
}

/// A call that somebody wants to make.
pub(super) struct Call<'a> {
    pub(super) spec: &'a Document,
    pub(super) operation: &'a Operation,
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

impl<'a> Call<'a> {
    pub(super) fn of(spec: &'a Document, operation: &'a Operation, form: Form) -> Self {
        let text = form.body.trim();
        let body = (operation.body.is_some() && !text.is_empty())
            .then(|| serde_json::from_str::<Value>(text).map_or_else(|_| text.to_owned(), |value| value.to_string()));
        let prefer = form.prefer.trim();
        let mut values = form.values;
        values.retain(|_, text| !text.is_empty());
        // The project that the page's client is set to.
        for parameter in operation.parameters.iter().filter(|parameter| parameter.defaults_to_project) {
            let sample = operation.sample.as_ref().and_then(|sample| sample.value(&parameter.name));
            values.entry(parameter.name.clone()).or_insert_with(|| sample.unwrap_or_default().to_owned());
        }
        Self {
            spec,
            operation,
            values,
            body,
            credential: Credential::of(&form.credential),
            prefer: (!prefer.is_empty()).then(|| prefer.to_owned()),
        }
    }

    /// The parameters that have a value, in the document's order.
    pub(super) fn values(&self) -> impl Iterator<Item = (&'a Parameter, &str)> {
        let given = |parameter: &'a Parameter| Some((parameter, self.values.get(&parameter.name)?.as_str()));
        self.operation.parameters.iter().filter_map(given)
    }

    /// The request to a host, without a signature.
    fn request(&self, host: &str) -> Received {
        let mut path = self.operation.path.clone();
        for parameter in self.operation.parameters_in(Location::Path) {
            let text = self.values.get(&parameter.name).map_or("", String::as_str);
            let encoded = utf8_percent_encode(text, RESERVED).to_string();
            path = path.replace(&format!("{{{}}}", parameter.name), &encoded);
        }
        let of = |location| self.values().filter(move |(parameter, _)| parameter.location == location);
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(of(Location::Query).map(|(parameter, text)| (&parameter.name, text)));
        let query = query.finish();
        let mut headers = vec![("host".to_owned(), host.to_owned())];
        let mut add = |name: &str, value: &str| headers.push((name.to_owned(), value.to_owned()));
        add("accept", "application/json");
        if let (Some(_), Some(body)) = (&self.body, &self.operation.body) {
            add("content-type", body.media().map_or("application/json", |media| &media.media_type));
        }
        if let Some(prefer) = &self.prefer {
            add("prefer", prefer);
        }
        for (parameter, text) in of(Location::Header) {
            add(&parameter.name.to_lowercase(), text);
        }
        if let Credential::Token(token) = self.credential {
            add("x-auth-token", token);
        }
        Received {
            method: self.operation.method.to_uppercase(),
            target: if query.is_empty() { path } else { format!("{path}?{query}") },
            headers,
            body: self.body.clone().unwrap_or_default().into_bytes(),
        }
    }

    /// What the document doesn't allow of it.
    pub(super) fn problems(&self) -> Vec<Problem> {
        let request = self.request("");
        let found = service::find(self.spec, &request);
        let path = found.map(|(_, path)| path).unwrap_or_default();
        service::read(self.spec, self.operation, &path, &request).1
    }

    /// Everything that the page shows of it before it is made.
    pub(super) fn prepared(&self, host: &str, project: &str, now: SystemTime) -> Value {
        let mut request = self.request(host);
        let signed = if let Credential::Key(key) = self.credential { Some(sign(&mut request, key, now)) } else { None };
        let endpoint = format!("http://{host}");
        json!({
            "problems": self.problems().iter().map(shown).collect::<Vec<_>>(),
            "request": {
                "method": request.method,
                "target": request.target,
                "headers": request.headers,
                "body": String::from_utf8_lossy(&request.body),
                "text": request.to_string(),
            },
            "signature": signed,
            "snippets": [
                {"id": "rust", "name": "Rust", "text": rust::program(self, &endpoint)},
                {"id": "ims", "name": "ims", "text": shell::ims(self, &endpoint)},
                {"id": "curl", "name": "curl", "text": shell::curl(&request, &endpoint)},
                {"id": "export", "name": "export", "text": shell::exports(&endpoint, project)},
            ],
        })
    }
}

/// As the client does: the host, the type of the body, and every header of the cloud's own.
fn sign(request: &mut Received, key: PracticeKey, now: SystemTime) -> Steps {
    let date = date_of(now);
    request.headers.push(("x-sdk-date".to_owned(), date.clone()));
    request.headers.extend(key.security_token.map(|token| ("x-security-token".to_owned(), token.to_owned())));
    let is_signed = |name: &str| ["host", "content-type"].contains(&name) || name.starts_with("x-");
    let mut names: Vec<String> =
        request.headers.iter().map(|(name, _)| name.clone()).filter(|name| is_signed(name)).collect();
    names.sort();
    names.dedup();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let steps = signature::steps(request, &names, &date, key.secret);
    let authorization = signature::authorization(key.access, &names, &steps.signature);
    request.headers.push(("authorization".to_owned(), authorization));
    steps
}

/// A finding with its place: the page shows it beside the field.
fn shown(problem: &Problem) -> Value {
    let Problem { place, field, at, text } = problem;
    let at = at.trim_start_matches('/').replace('/', ".");
    let of = |text: &str| if at.is_empty() { text.to_owned() } else { format!("{at}: {text}") };
    let text = Text { english: of(&text.english), chinese: of(&text.chinese) };
    json!({"place": place, "field": field, "at": at, "text": bilingual(&text)})
}
