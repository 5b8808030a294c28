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
const IAM: &str = "APIGW.0301";
/// The code of a signature whose date is too old or too new.
const SIGNATURE: &str = "APIGW.0303";

/// One way in; any of an operation's is enough.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Way {
    Nothing,
    /// A token in the header of this lower-case name.
    Token(String),
    /// `Authorization` carries the signature in this cloud.
    Signature,
}

/// An operation's ways in, each by its first scheme; none if nothing is needed.
pub(super) fn ways(spec: &Document, operation: &Operation) -> Vec<Way> {
    let way = |schemes: &Vec<String>| match schemes.first() {
        None => Some(Way::Nothing),
        Some(name) => Some(match spec.security.get(name)? {
            SecurityScheme::Header(header) => Way::Token(header.to_lowercase()),
            SecurityScheme::Other => Way::Signature,
        }),
    };
    operation.security.iter().filter_map(way).collect()
}

/// Refuses a request that comes by none of the ways.
pub(super) fn check(ways: &[Way], request: &Received, now: SystemTime) -> Result<(), Answer> {
    if ways.is_empty() || ways.contains(&Way::Nothing) {
        return Ok(());
    }
    let refuse =
        |reason: String| Answer::gateway(401, IAM, &format!("Incorrect IAM authentication information: {reason}"));
    let mut names = Vec::new();
    for way in ways {
        let name = if let Way::Token(header) = way { header } else { "authorization" };
        names.push(name);
        match (way, request.header(name)) {
            (_, None) => {}
            (Way::Token(_), Some(TOKEN)) => return Ok(()),
            (Way::Token(_), Some(EXPIRED_TOKEN)) => {
                return Err(Answer::gateway(401, "APIGW.0307", "The token must be updated"));
            }
            (Way::Token(_), Some(_)) => return Err(refuse("decrypt token fail".to_owned())),
            (_, Some(header)) => return signed(request, header, now, &refuse),
        }
    }
    Err(refuse(format!("{} not found", names.join(" or "))))
}

/// Checks what the header claims, and then the signature itself.
fn signed(request: &Received, header: &str, now: SystemTime, refuse: &impl Fn(String) -> Answer) -> Result<(), Answer> {
    let holds = |claim: bool, reason: &str| if claim { Ok(()) } else { Err(refuse(reason.to_owned())) };
    let fields = header.strip_prefix(ALGORITHM).ok_or_else(|| refuse(format!("the algorithm is not {ALGORITHM}")))?;
    let field = |name: &str| {
        let found = fields.split(',').find_map(|field| field.trim().strip_prefix(name)?.strip_prefix('='));
        found.ok_or_else(|| refuse(format!("{name} is missing in the Authorization header")))
    };
    let (access, names, given) = (field("Access")?, field("SignedHeaders")?, field("Signature")?);
    let key = [KEY, TEMPORARY_KEY].into_iter().find(|key| key.access == access);
    let key = key.ok_or_else(|| refuse(format!("ak {access} not exist")))?;
    let date = request.header("x-sdk-date").ok_or_else(|| refuse("x-sdk-date not found".to_owned()))?;
    holds(is_date(date), &format!("x-sdk-date {date} isn't a date like 20240102T030405Z"))?;
    // Dates of this form are in order as texts.
    let (first, last) = (date_of(now.checked_sub(WINDOW).unwrap_or(now)), date_of(now + WINDOW));
    if !(first.as_str()..=last.as_str()).contains(&date) {
        // The gateway has a code of its own for this one.
        let reason = format!("signature expired, signature time:{date},server time:{}", date_of(now));
        return Err(Answer::gateway(401, SIGNATURE, &format!("Incorrect app authentication information: {reason}")));
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

/// `20240102T030405Z`; the calendar itself is `httpdate`'s.
pub(crate) fn date_of(time: SystemTime) -> String {
    // `Tue, 02 Jan 2024 03:04:05 GMT`
    let text = httpdate::fmt_http_date(time);
    let month = MONTHS.iter().position(|month| *month == &text[8..11]).map_or(0, |at| at + 1);
    format!("{}{month:02}{}T{}Z", &text[12..16], &text[5..7], text[17..25].replace(':', ""))
}

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

fn is_date(text: &str) -> bool {
    let fits = |(at, byte): (usize, u8)| match at {
        8 => byte == b'T',
        15 => byte == b'Z',
        _ => byte.is_ascii_digit(),
    };
    text.len() == 16 && text.bytes().enumerate().all(fits)
}
