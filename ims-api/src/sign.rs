//! Authorizes a request: the token as it is, or the signature SDK-HMAC-SHA256 over what is sent.

use crate::credentials::{Credentials, Kind};
use crate::date;
use crate::digest::sha256;
use crate::path::{encode, is_encoded};
use percent_encoding::percent_decode_str;
use reqwest::header::{AUTHORIZATION, HeaderName, HeaderValue};
use std::borrow::Cow;
use std::fmt;
use std::time::SystemTime;

const ALGORITHM: &str = "SDK-HMAC-SHA256";
static AUTH_TOKEN: HeaderName = HeaderName::from_static("x-auth-token");
static SECURITY_TOKEN: HeaderName = HeaderName::from_static("x-security-token");
static SDK_DATE: HeaderName = HeaderName::from_static("x-sdk-date");
static HOST: HeaderName = reqwest::header::HOST;
/// The service takes no longer body with a signature (API reference, "Authentication").
const BODY_LIMIT: usize = 12 << 20;
/// SHA-256 of nothing, the body of every GET.
const EMPTY_BODY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// What was signed, to explain a refused signature. Holds no secret: the security token and the signature are `***`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Signed {
    /// The request as the algorithm writes it: method, path, query, headers, names of the headers, hash of the body.
    pub canonical_request: String,
    /// Algorithm, date and the hash of the canonical request.
    pub string_to_sign: String,
    /// The `Authorization` header, without the signature itself.
    pub authorization: String,
}

/// Why a request cannot be authorized.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignError {
    /// The body is a stream: its hash is not known before it is sent.
    StreamedBody,
    /// The body has this many bytes, more than the 12 MiB that may be signed.
    BodyTooLong(usize),
    /// The value of this header is not UTF-8.
    Header(HeaderName),
    /// The clock is outside the years 1970 to 9999.
    Clock,
    /// The address has no host.
    NoHost,
    /// The credentials fit in no header.
    Credentials,
}

impl fmt::Display for SignError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::StreamedBody => f.write_str("a streamed body cannot be signed: send it from memory, or use a token"),
            Self::BodyTooLong(length) => {
                write!(f, "a body of {length} bytes cannot be signed, at most {BODY_LIMIT}: use a token")
            }
            Self::Header(name) => {
                write!(f, "header {name} cannot be signed: its value is not UTF-8")
            }
            Self::Clock => {
                f.write_str("the request cannot be dated: set this machine's clock to a year from 1970 to 9999")
            }
            Self::NoHost => f.write_str("the request's address has no host"),
            Self::Credentials => f.write_str("the credentials fit in no header"),
        }
    }
}

impl std::error::Error for SignError {}

/// Sets the credential headers of the request, in place of earlier ones: `X-Auth-Token`, or `X-Sdk-Date`,
/// `Authorization` and, if there is one, `X-Security-Token`. Sign again for each attempt: a signature is good for 15 minutes.
///
/// Signed are `Host`, `Content-Type` and all headers that start with `X-`; others may be changed by a proxy.
/// Change nothing of the request after this.
///
/// # Errors
/// See [`SignError`]; the request is then without credentials.
pub fn authorize(request: &mut reqwest::Request, credentials: &Credentials, now: SystemTime) -> Result<(), SignError> {
    renew(request, credentials, now).map(|_| ())
}

/// Authorizes the request like [`authorize`] and tells what was signed; `None` for a token, which signs nothing.
///
/// # Errors
/// Those of [`authorize`].
pub fn explain(
    request: &mut reqwest::Request,
    credentials: &Credentials,
    now: SystemTime,
) -> Result<Option<Signed>, SignError> {
    let Some(parts) = renew(request, credentials, now)? else {
        return Ok(None);
    };
    let mut canonical_request = parts.canonical;
    if let Kind::Key { security_token: Some(token), .. } = credentials.kind() {
        // A header line of its own, so neither a path nor a query that happens to look like the token is touched.
        let line = format!("\nx-security-token:{}\n", token.text());
        canonical_request = canonical_request.replacen(&line, "\nx-security-token:***\n", 1);
    }
    let authorization = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (shown, _) = authorization.rsplit_once('=').unwrap_or_default();
    Ok(Some(Signed { canonical_request, string_to_sign: parts.string_to_sign, authorization: format!("{shown}=***") }))
}

pub(crate) struct Parts {
    canonical: String,
    string_to_sign: String,
}

fn renew(
    request: &mut reqwest::Request,
    credentials: &Credentials,
    now: SystemTime,
) -> Result<Option<Parts>, SignError> {
    let strip = |request: &mut reqwest::Request| {
        for name in [&AUTH_TOKEN, &SECURITY_TOKEN, &SDK_DATE, &AUTHORIZATION] {
            request.headers_mut().remove(name);
        }
    };
    strip(request);
    let outcome = sign(request, credentials, now);
    if outcome.is_err() {
        strip(request);
    }
    outcome
}

/// Adds the credential headers to a request that has none.
pub(crate) fn sign(
    request: &mut reqwest::Request,
    credentials: &Credentials,
    now: SystemTime,
) -> Result<Option<Parts>, SignError> {
    let headers = request.headers_mut();
    let (access, signing, security_token) = match credentials.kind() {
        Kind::Token(token) => {
            headers.append(&AUTH_TOKEN, token.header().ok_or(SignError::Credentials)?);
            return Ok(None);
        }
        Kind::Key { access, signing, security_token, .. } => (access, signing, security_token),
    };
    let date = date::basic(now).ok_or(SignError::Clock)?;
    headers.append(&SDK_DATE, HeaderValue::from_str(&date).map_err(|_| SignError::Clock)?);
    if let Some(token) = security_token {
        headers.append(&SECURITY_TOKEN, token.header().ok_or(SignError::Credentials)?);
    }
    let mut canonical = String::with_capacity(512);
    let signed_names = canonical_request(&mut canonical, request)?;

    let mut string_to_sign = String::with_capacity(104);
    push(&mut string_to_sign, &[ALGORITHM, "\n", &date, "\n"]);
    push_hex(&mut string_to_sign, sha256(canonical.as_bytes()).as_ref());
    let signature = signing.sign(string_to_sign.as_bytes());

    let signed_names = &canonical[signed_names];
    let parts = [ALGORITHM, " Access=", access, ", SignedHeaders=", signed_names, ", Signature="];
    // As long as it will be: the header then takes the buffer over without another.
    let length = parts.iter().map(|part| part.len()).sum::<usize>() + 2 * signature.as_ref().len();
    let mut authorization = String::with_capacity(length);
    push(&mut authorization, &parts);
    push_hex(&mut authorization, signature.as_ref());
    let mut value = HeaderValue::try_from(authorization).map_err(|_| SignError::Credentials)?;
    value.set_sensitive(true);
    request.headers_mut().append(AUTHORIZATION, value);
    Ok(Some(Parts { canonical, string_to_sign }))
}

/// Writes the canonical request and says where in it the names of the signed headers stand.
fn canonical_request(out: &mut String, request: &reqwest::Request) -> Result<std::ops::Range<usize>, SignError> {
    push(out, &[request.method().as_str(), "\n"]);
    push_path(out, request.url().path());
    out.push('\n');
    push_query(out, request.url().query().unwrap_or_default());
    out.push('\n');

    let mut headers = Vec::with_capacity(8);
    headers.push((HOST.as_str(), host(request)?));
    for (name, value) in request.headers().iter().filter(|(name, _)| is_signed(name.as_str())) {
        headers.push((name.as_str(), text(name, value)?));
    }
    // A header that is sent more than once is signed once per value, in the order of the values.
    headers.sort_unstable();
    for &(name, value) in &headers {
        push(out, &[name, ":", value, "\n"]);
    }
    out.push('\n');
    let start = out.len();
    headers.dedup_by_key(|(name, _)| *name);
    for (at, (name, _)) in headers.iter().enumerate() {
        push(out, &[if at == 0 { "" } else { ";" }, name]);
    }
    let names = start..out.len();
    out.push('\n');
    match request.body().map(reqwest::Body::as_bytes) {
        None | Some(Some([])) => out.push_str(EMPTY_BODY),
        Some(None) => return Err(SignError::StreamedBody),
        Some(Some(body)) if body.len() > BODY_LIMIT => {
            return Err(SignError::BodyTooLong(body.len()));
        }
        Some(Some(body)) => push_hex(out, sha256(body).as_ref()),
    }
    Ok(names)
}

/// Once for all places: most calls find the processor's caches cold, so what counts is how much code there is.
#[inline(never)]
fn push(out: &mut String, parts: &[&str]) {
    parts.iter().for_each(|part| out.push_str(part));
}

/// What reaches the service as we sent it. Gateways drop names with an underscore.
fn is_signed(name: &str) -> bool {
    (name == "content-type" || name.starts_with("x-")) && !name.contains('_')
}

/// The `Host` header that will be sent: the request's own, else the address with a port that is not the default one.
fn host(request: &reqwest::Request) -> Result<&str, SignError> {
    if let Some(host) = request.headers().get(&HOST) {
        return text(&HOST, host);
    }
    let authority = request.url().authority();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    if host.is_empty() { Err(SignError::NoHost) } else { Ok(host) }
}

fn text<'a>(name: &HeaderName, value: &'a HeaderValue) -> Result<&'a str, SignError> {
    std::str::from_utf8(value.as_bytes().trim_ascii()).map_err(|_| SignError::Header(name.clone()))
}

/// Each segment decoded and encoded again in the official way, so that it doesn't matter how the sender spelt it;
/// `%2F` stays inside its segment. The algorithm ends every path with a slash.
fn push_path(out: &mut String, path: &str) {
    // Nearly every path is spelt so already.
    if is_encoded(path) {
        out.push_str(path);
    } else {
        for segment in path.split('/').skip(usize::from(path.starts_with('/'))) {
            push(out, &["/", &encode(&Cow::from(percent_decode_str(segment)))]);
        }
    }
    if !out.ends_with('/') {
        out.push('/');
    }
}

/// The pairs sorted by their decoded name, then value; a name alone counts as one with an empty value.
fn push_query(out: &mut String, query: &str) {
    // Replaced before decoding, so a plus that was escaped stays one.
    let decode = |text: &str| percent_decode_str(&text.replace('+', " ")).collect::<Vec<u8>>();
    let mut pairs: Vec<_> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decode(name), decode(value)))
        .collect();
    pairs.sort_unstable();
    for (at, (name, value)) in pairs.iter().enumerate() {
        push(out, &[if at == 0 { "" } else { "&" }, &encode(name), "=", &encode(value)]);
    }
}

/// At most 32 bytes, which is what a hash has.
fn push_hex(out: &mut String, bytes: &[u8]) {
    let mut digits = [0; 64];
    for (pair, byte) in digits.chunks_exact_mut(2).zip(bytes) {
        // Without a table, whose cache lines a call would find cold.
        pair.copy_from_slice(&[byte >> 4, byte & 15].map(|digit| digit + if digit < 10 { b'0' } else { b'a' - 10 }));
    }
    out.push_str(std::str::from_utf8(&digits[..2 * bytes.len().min(32)]).unwrap_or_default());
}
