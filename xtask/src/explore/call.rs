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

impl Credential {
    /// What it consists of: the name for people, the variable that the client reads, the value.
    pub(super) fn parts(self) -> Vec<[&'static str; 3]> {
        match self {
            Self::Token(token) => vec![["X-Auth-Token", "HW_AUTH_TOKEN", token]],
            Self::Key(PracticeKey { access, secret, security_token }) => {
                let token = security_token.map(|token| ["X-Security-Token", "HUAWEICLOUD_SDK_SECURITY_TOKEN", token]);
                let pair = [["AK", "HUAWEICLOUD_SDK_AK", access], ["SK", "HUAWEICLOUD_SDK_SK", secret]];
                pair.into_iter().chain(token).collect()
            }
            Self::Nothing => Vec::new(),
        }
    }
}

impl<'a> Call<'a> {
    pub(super) fn of(spec: &'a Document, operation: &'a Operation, form: Form) -> Self {
        let (text, prefer) = (form.body.trim(), form.prefer.trim());
        let json =
            |text| serde_json::from_str::<Value>(text).map_or_else(|_| text.to_owned(), |value| value.to_string());
        let mut values = form.values;
        values.retain(|_, text| !text.is_empty());
        // The project that the page's client is set to.
        for parameter in operation.parameters.iter().filter(|parameter| parameter.defaults_to_project) {
            let sample = operation.sample.as_ref().and_then(|sample| sample.value(&parameter.name));
            values.entry(parameter.name.clone()).or_insert_with(|| sample.unwrap_or_default().to_owned());
        }
        let chosen = CREDENTIALS.iter().find(|(id, _, _)| *id == form.credential);
        Self {
            spec,
            operation,
            values,
            body: (operation.body.is_some() && !text.is_empty()).then(|| json(text)),
            credential: chosen.map_or(Credential::Token(TOKEN), |(_, _, credential)| *credential),
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
        let mut target = self.operation.path.clone();
        for parameter in self.operation.parameters_in(Location::Path) {
            let text = self.values.get(&parameter.name).map_or("", String::as_str);
            target =
                target.replace(&format!("{{{}}}", parameter.name), &utf8_percent_encode(text, RESERVED).to_string());
        }
        let of = |location| self.values().filter(move |(parameter, _)| parameter.location == location);
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(of(Location::Query).map(|(parameter, text)| (&parameter.name, text)));
        let query = query.finish();
        if !query.is_empty() {
            target += &format!("?{query}");
        }
        let media = self.operation.body.as_ref().and_then(|body| body.media()).filter(|_| self.body.is_some());
        let token = if let Credential::Token(token) = self.credential { Some(token) } else { None };
        let headers = [("host", Some(host)), ("accept", Some("application/json"))].into_iter();
        let headers = headers
            .chain([("content-type", media.map(|media| media.media_type.as_str())), ("prefer", self.prefer.as_deref())])
            .chain(of(Location::Header).map(|(parameter, text)| (parameter.name.as_str(), Some(text))))
            .chain([("x-auth-token", token)]);
        Received {
            method: self.operation.method.to_uppercase(),
            target,
            headers: headers.filter_map(|(name, value)| Some((name.to_lowercase(), value?.to_owned()))).collect(),
            body: self.body.clone().unwrap_or_default().into_bytes(),
        }
    }

    /// What the document doesn't allow of it.
    pub(super) fn problems(&self) -> Vec<Problem> {
        let in_path = |(parameter, text): (&'a Parameter, &str)| (parameter.name.as_str(), text.to_owned());
        let path = self.values().filter(|(parameter, _)| parameter.location == Location::Path).map(in_path);
        service::read(self.spec, self.operation, &path.collect::<Vec<_>>(), &self.request("")).1
    }
}
