//! Authorizes a request: the token as it is, or the signature SDK-HMAC-SHA256 over what is sent.

use crate::credentials::{Credentials, Kind};
use crate::date;
use crate::digest::sha256;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use std::fmt::{self, Write};
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

    let mut names: Vec<&HeaderName> = Vec::with_capacity(8);
    names.push(&HOST);
    names.extend(request.headers().keys().filter(|name| is_signed(name.as_str())));
    names.sort_unstable_by_key(|name| name.as_str());
    for &name in &names {
        if *name == HOST {
            push_host(out, request)?;
        } else {
            push_values(out, name, request.headers())?;
        }
    }
    out.push('\n');
    let start = out.len();
    for (at, name) in names.iter().enumerate() {
        push(out, &[if at == 0 { "" } else { ";" }, name.as_str()]);
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
fn push_host(out: &mut String, request: &reqwest::Request) -> Result<(), SignError> {
    if let Some(host) = request.headers().get(&HOST) {
        return push_header(out, &HOST, host);
    }
    let url = request.url();
    push(out, &["host:", url.host_str().ok_or(SignError::NoHost)?]);
    if let Some(port) = url.port() {
        // Writing to a String cannot fail.
        let _ = write!(out, ":{port}");
    }
    out.push('\n');
    Ok(())
}

/// A header that is sent more than once is signed once per value, in the order of the values.
fn push_values(out: &mut String, name: &HeaderName, headers: &HeaderMap) -> Result<(), SignError> {
    let mut values: Vec<&HeaderValue> = headers.get_all(name).iter().collect();
    values.sort_unstable();
    values.into_iter().try_for_each(|value| push_header(out, name, value))
}

fn push_header(out: &mut String, name: &HeaderName, value: &HeaderValue) -> Result<(), SignError> {
    let text = std::str::from_utf8(value.as_bytes()).map_err(|_| SignError::Header(name.clone()))?;
    push(out, &[name.as_str(), ":", text.trim_matches([' ', '\t']), "\n"]);
    Ok(())
}

/// Each segment decoded and encoded again in the official way, so that it doesn't matter how the sender spelt it;
/// `%2F` stays inside its segment. The algorithm ends every path with a slash.
fn push_path(out: &mut String, path: &str) {
    for segment in path.split('/').skip(usize::from(path.starts_with('/'))) {
        out.push('/');
        push_encoded(out, segment, false);
    }
    if !out.ends_with('/') {
        out.push('/');
    }
}

/// The pairs sorted by their decoded name, then value; a name alone counts as one with an empty value.
fn push_query(out: &mut String, query: &str) {
    if query.is_empty() {
        return;
    }
    let mut pairs: Vec<(&str, &str)> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .collect();
    pairs.sort_by(|a, b| {
        let by_name = decode(a.0, true).cmp(decode(b.0, true));
        by_name.then_with(|| decode(a.1, true).cmp(decode(b.1, true)))
    });
    for (at, (name, value)) in pairs.into_iter().enumerate() {
        if at > 0 {
            out.push('&');
        }
        push_encoded(out, name, true);
        out.push('=');
        push_encoded(out, value, true);
    }
}

fn decode(text: &str, is_query: bool) -> Decoded<'_> {
    Decoded { rest: text.as_bytes(), is_query }
}

/// The bytes that a percent-encoded text stands for; in a query, `+` is a space unless it was escaped (which
/// `percent_encoding` does not tell apart).
struct Decoded<'a> {
    rest: &'a [u8],
    is_query: bool,
}

impl Iterator for Decoded<'_> {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        let (&first, rest) = self.rest.split_first()?;
        self.rest = rest;
        match (first, rest) {
            (b'+', _) if self.is_query => Some(b' '),
            (b'%', [high, low, after @ ..]) => match (hex_digit(*high), hex_digit(*low)) {
                (Some(high), Some(low)) => {
                    self.rest = after;
                    Some(high << 4 | low)
                }
                _ => Some(b'%'),
            },
            _ => Some(first),
        }
    }
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// The text decoded and encoded again in the official way.
fn push_encoded(out: &mut String, text: &str, is_query: bool) {
    // What nothing encodes, which is nearly everything, is copied at once.
    if text.bytes().all(is_unreserved) {
        out.push_str(text);
    } else {
        decode(text, is_query).for_each(|byte| push_byte(out, byte));
    }
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

fn push_byte(out: &mut String, byte: u8) {
    if is_unreserved(byte) {
        out.push(char::from(byte));
    } else {
        out.push('%');
        for digit in [byte >> 4, byte & 15] {
            out.push(char::from(b"0123456789ABCDEF"[usize::from(digit)]));
        }
    }
}

/// At most 32 bytes, which is what a hash has.
fn push_hex(out: &mut String, bytes: &[u8]) {
    let mut digits = [0; 64];
    for (pair, byte) in digits.chunks_exact_mut(2).zip(bytes) {
        pair.copy_from_slice(&[byte >> 4, byte & 15].map(|nibble| b"0123456789abcdef"[usize::from(nibble)]));
    }
    out.push_str(std::str::from_utf8(&digits[..2 * bytes.len().min(32)]).unwrap_or_default());
}
