//! Who is calling: the token must be known, the signature is computed again. Refusals are those of the gateway.

use std::time::{Duration, SystemTime};

use super::signature::{self, ALGORITHM};
use super::{Answer, Received};
use crate::document::{Document, Operation, SecurityScheme};

/// The token that the service knows.
pub const TOKEN: &str = "practice-token";
/// A token whose 24 hours are over.
pub const EXPIRED_TOKEN: &str = "practice-token-of-yesterday";

/// An access key that the service knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PracticeKey {
    /// The access key (AK).
    pub access: &'static str,
    /// The secret key (SK). It opens nothing but this service.
    pub secret: &'static str,
    /// What a temporary key must come with.
    pub security_token: Option<&'static str>,
}

/// The permanent key.
pub const KEY: PracticeKey =
    PracticeKey { access: "PRACTICEKEY000000001", secret: "practice-secret-of-key-1", security_token: None };
/// The temporary key.
pub const TEMPORARY_KEY: PracticeKey = PracticeKey {
    access: "PRACTICEKEY000000002",
    secret: "practice-secret-of-key-2",
    security_token: Some("practice-security-token"),
};

/// How far the date of a signature may be from the service's clock.
const WINDOW: Duration = Duration::from_secs(15 * 60);
const SIGNATURE: &str = "authorization";

/// The headers that an operation may be authenticated by, in lower case; none if nothing is needed. What isn't a key in a
/// header of its own is the signature in this cloud.
pub(super) fn ways(spec: &Document, operation: &Operation) -> Vec<String> {
    let way = |schemes: &Vec<String>| match spec.security.get(schemes.first()?)? {
        SecurityScheme::Header(header) => Some(header.to_lowercase()),
        SecurityScheme::Other => Some(SIGNATURE.to_owned()),
    };
    let is_open = operation.security.iter().any(Vec::is_empty);
    if is_open { Vec::new() } else { operation.security.iter().filter_map(way).collect() }
}

/// Refuses a request that comes by none of the ways, of which any is enough.
pub(super) fn check(ways: &[String], request: &Received, now: SystemTime) -> Result<(), Answer> {
    for name in ways {
        match request.header(name) {
            None => {}
            Some(header) if name == SIGNATURE => return signed(request, header, now),
            Some(TOKEN) => return Ok(()),
            Some(EXPIRED_TOKEN) => return Err(Answer::refusal(401, "APIGW.0307", "The token must be updated")),
            Some(_) => return Err(refuse("decrypt token fail")),
        }
    }
    if ways.is_empty() { Ok(()) } else { Err(refuse(&format!("{} not found", ways.join(" or ")))) }
}

fn refuse(reason: &str) -> Answer {
    Answer::refusal(401, "APIGW.0301", &format!("Incorrect IAM authentication information: {reason}"))
}

/// Checks what the header claims, and then the signature itself.
fn signed(request: &Received, header: &str, now: SystemTime) -> Result<(), Answer> {
    let holds = |claim: bool, reason: &str| if claim { Ok(()) } else { Err(refuse(reason)) };
    let fields = header.strip_prefix(ALGORITHM).ok_or_else(|| refuse(&format!("the algorithm is not {ALGORITHM}")))?;
    let field = |name: &str| {
        let found = fields.split(',').find_map(|field| field.trim().strip_prefix(name)?.strip_prefix('='));
        found.ok_or_else(|| refuse(&format!("{name} is missing in the Authorization header")))
    };
    let (access, names, given) = (field("Access")?, field("SignedHeaders")?, field("Signature")?);
    let key = [KEY, TEMPORARY_KEY].into_iter().find(|key| key.access == access);
    let key = key.ok_or_else(|| refuse(&format!("ak {access} not exist")))?;
    let date = request.header("x-sdk-date").ok_or_else(|| refuse("x-sdk-date not found"))?;
    holds(is_date(date), &format!("x-sdk-date {date} isn't a date like 20240102T030405Z"))?;
    // Dates of this form are in order as texts.
    let (first, last) = (date_of(now.checked_sub(WINDOW).unwrap_or(now)), date_of(now + WINDOW));
    if !(first.as_str()..=last.as_str()).contains(&date) {
        // The gateway has a code of its own for this one.
        let reason = format!("signature expired, signature time:{date},server time:{}", date_of(now));
        return Err(Answer::refusal(401, "APIGW.0303", &format!("Incorrect app authentication information: {reason}")));
    }
    let token = request.header("x-security-token");
    holds(key.security_token.is_some() || token.is_none(), "the key is permanent and comes without x-security-token")?;
    holds(key.security_token.is_none() || token.is_some(), "x-security-token not found")?;
    holds(token == key.security_token, "decrypt token fail")?;
    let names: Vec<&str> = names.split(';').collect();
    for name in ["host", "x-sdk-date"] {
        holds(names.contains(&name), &format!("{name} is not signed"))?;
    }
    for name in &names {
        holds(request.header(name).is_some(), &format!("header {name} is signed but was not sent"))?;
    }
    let steps = signature::steps(request, &names, date, key.secret);
    let canonical = steps.canonical_request.replace('\n', "|");
    holds(steps.signature == given, &format!("verify aksk signature fail, canonicalRequest:{canonical}"))
}

/// `20240102T030405Z`
pub(crate) fn date_of(time: SystemTime) -> String {
    humantime::format_rfc3339_seconds(time).to_string().replace(['-', ':'], "")
}

fn is_date(text: &str) -> bool {
    text.replace(|c: char| c.is_ascii_digit(), "0") == "00000000T000000Z"
}
