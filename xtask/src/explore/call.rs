//! What was typed into the page's form, as the request that the client would send.

use std::collections::BTreeMap;

use percent_encoding::utf8_percent_encode;
use serde::Deserialize;
use serde_json::Value;

use crate::document::{Document, Location, Operation, Parameter};
use crate::service::signature::RESERVED;
use crate::service::{self, EXPIRED_TOKEN, KEY, PracticeKey, Problem, Received, TEMPORARY_KEY, TOKEN};

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

/// Who may be chosen, by id, and what that is called in English and Chinese; the first if nobody else is.
pub(super) const CREDENTIALS: [(&str, [&str; 2], Credential); 6] = [
    ("token", ["Token", "Token"], Credential::Token(TOKEN)),
    ("key", ["AK/SK", "AK/SK"], Credential::Key(KEY)),
    ("temporary-key", ["AK/SK and security token", "临时AK/SK及安全Token"], Credential::Key(TEMPORARY_KEY)),
    ("expired-token", ["Expired token (refused)", "过期的Token（被拒绝）"], Credential::Token(EXPIRED_TOKEN)),
    ("wrong-key", ["Wrong secret key (refused)", "错误的SK（被拒绝）"], Credential::Key(WRONG_KEY)),
    ("none", ["None (refused)", "无（被拒绝）"], Credential::Nothing),
];

/// The practice key with another's secret.
const WRONG_KEY: PracticeKey = PracticeKey { secret: "not-the-secret-of-this-key", ..KEY };

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
            credential: CREDENTIALS
                .iter()
                .find(|(id, _, _)| *id == form.credential)
                .map_or(Credential::Token(TOKEN), |(_, _, credential)| *credential),
            prefer: (!prefer.is_empty()).then(|| prefer.to_owned()),
        }
    }

    /// The parameters that have a value, in the document's order.
    pub(super) fn values(&self) -> impl Iterator<Item = (&'a Parameter, &str)> {
        let given = |parameter: &'a Parameter| Some((parameter, self.values.get(&parameter.name)?.as_str()));
        self.operation.parameters.iter().filter_map(given)
    }

    /// The request to a host, without a signature.
    pub(super) fn request(&self, host: &str) -> Received {
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
}
