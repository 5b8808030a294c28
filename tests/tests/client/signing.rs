//! Signatures: the official vectors, and a verifier of its own that knows only the algorithm and what went over the wire.
// Clippy's leave for tests ends at `#[test]`: the helpers below the cases may fail a test, too.
#![allow(clippy::unwrap_used, clippy::panic)]

use ims_api::credentials::Credentials;
use ims_api::sign::{SignError, authorize, explain};
use ims_tests::server::{Act, Request as Received, Server};
use proptest::prelude::*;
use reqwest::header::{HeaderName, HeaderValue};
use reqwest::{Method, Request, Url};
use serde::Deserialize;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// 2024-01-02T03:04:05Z
const NOW: u64 = 1_704_164_645;

/// Method, target, headers and body of a request.
type Case<'a> = (Method, String, Vec<(&'a str, &'a str)>, &'a str);

#[test]
fn official_vectors_are_met_byte_for_byte() {
    let vectors: Vec<Vector> = serde_json::from_str(include_str!("../../fixtures/signing-vectors.json")).unwrap();
    assert_eq!(vectors.len(), 11);
    for vector in vectors {
        let mut request = vector.request();
        let signed = explain(&mut request, &vector.credentials(), now()).unwrap().unwrap();
        let expected = vector.canonical_request.replace("TOKENexample", "***");
        assert_eq!(signed.canonical_request, expected, "{}", vector.name);
        let sent = header(&request, "authorization");
        assert_eq!(sent, vector.authorization, "{}", vector.name);
        assert!(sent.contains(&format!("SignedHeaders={},", vector.signed_headers)));
        let (shown, _) = vector.authorization.rsplit_once('=').unwrap();
        assert_eq!(signed.authorization, format!("{shown}=***"));
        assert_eq!(header(&request, "x-sdk-date"), "20240102T030405Z");
    }
}

#[tokio::test]
async fn a_server_that_recomputes_the_signature_agrees() {
    let server = verifier().await;
    let paths = [
        "",
        "/",
        "/v2/a/images",
        "/a/",
        "/a//b",
        "/a%2Fb/c",
        "/a%2Eb",
        "/a%20b",
        "/%E9%83%A8%E9%97%A8",
        "/部门",
        "/😀",
        "/a+b",
        "/a*b",
        "/a~b",
        "/a%7Eb",
        "/a%2bb",
        "/a!$&'()=:@,;b",
        "/100%25",
        "/a%zz",
    ];
    let queries = [
        "",
        "limit=5",
        "page=1&limit=5",
        "a=",
        "a",
        "a=2&a=1&a",
        "b=1&a=%26%3D%2F",
        "a=x+y",
        "a=x%2By",
        "n=é&n=~&n=a",
        "%E9%83%A8=%E9%97%A8",
        "a=1&&b=2",
        "a=b=c",
        "A=1&a=2&_=3",
        "a*=*~",
        "é=1&~=2",
    ];
    let mut cases: Vec<Case<'_>> = Vec::new();
    for path in paths {
        cases.push((Method::GET, path.to_owned(), vec![], ""));
        cases.push((Method::DELETE, path.to_owned(), vec![], ""));
    }
    for query in queries {
        cases.push((Method::GET, format!("/v1/tags?{query}"), vec![], ""));
    }
    let headers = [
        vec![("content-type", "application/json")],
        vec![("x-project-id", "  spaces around  ")],
        vec![("x-name", "部门")],
        vec![("x-two", "b"), ("x-two", "a")],
        vec![("x-under_score", "dropped by gateways")],
        vec![("x-empty", "")],
        vec![("accept", "*/*"), ("user-agent", "test"), ("x-b", "2"), ("x-a", "1")],
        vec![("host", "ims.example.com:8443")],
    ];
    for header in headers {
        cases.push((Method::GET, "/v1/tags".to_owned(), header, ""));
    }
    for body in ["{}", r#"{"tag":{"key":"部门","value":"😀"}}"#, "\0\r\n\r\n"] {
        cases.push((Method::POST, "/v1/tags".to_owned(), vec![], body));
        cases.push((Method::PUT, "/v1/tags?a=1".to_owned(), vec![("content-type", "text/plain")], body));
    }
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    for (method, target, headers, body) in cases {
        for security_token in [None, Some("TOKEN+/=")] {
            let url = Url::parse(&format!("{}{target}", server.endpoint())).unwrap();
            let mut request = Request::new(method.clone(), url);
            for &(name, value) in &headers {
                request.headers_mut().append(
                    HeaderName::from_bytes(name.as_bytes()).unwrap(),
                    HeaderValue::from_bytes(value.as_bytes()).unwrap(),
                );
            }
            if !body.is_empty() {
                *request.body_mut() = Some(body.into());
            }
            let mut credentials = Credentials::access_key(ACCESS, SECRET).unwrap();
            if let Some(token) = security_token {
                credentials = credentials.with_security_token(token).unwrap();
            }
            authorize(&mut request, &credentials, now()).unwrap();
            let answer = http.execute(request).await.unwrap();
            let status = answer.status();
            let said = answer.text().await.unwrap();
            assert_eq!(status, 200, "{method} {target} {headers:?} {body:?}\n{said}");
        }
    }
}

#[tokio::test]
async fn the_verifier_refuses_what_was_changed_after_signing() {
    let server = verifier().await;
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    type Change = fn(&mut Request);
    let changes: [(&str, Change); 5] = [
        ("path", |r| r.url_mut().set_path("/v1/tag")),
        ("query", |r| r.url_mut().set_query(Some("a=2"))),
        ("header", |r| drop(r.headers_mut().insert("x-a", HeaderValue::from_static("2")))),
        ("body", |r| *r.body_mut() = Some("{ }".into())),
        ("method", |r| *r.method_mut() = Method::PUT),
    ];
    for (what, change) in changes {
        let url = Url::parse(&format!("{}/v1/tags?a=1", server.endpoint())).unwrap();
        let mut request = Request::new(Method::POST, url);
        request.headers_mut().insert("x-a", HeaderValue::from_static("1"));
        *request.body_mut() = Some("{}".into());
        authorize(&mut request, &Credentials::access_key(ACCESS, SECRET).unwrap(), now()).unwrap();
        change(&mut request);
        assert_eq!(http.execute(request).await.unwrap().status(), 401, "{what}");
    }
}

#[test]
fn ports_are_signed_as_the_host_header_carries_them() {
    for (address, host) in [
        ("https://ims.example.com/", "ims.example.com"),
        ("https://ims.example.com:443/", "ims.example.com"),
        ("https://ims.example.com:8443/", "ims.example.com:8443"),
        ("http://127.0.0.1:80/", "127.0.0.1"),
        ("http://[::1]:8080/", "[::1]:8080"),
    ] {
        let mut request = Request::new(Method::GET, Url::parse(address).unwrap());
        let key = Credentials::access_key(ACCESS, SECRET).unwrap();
        let signed = explain(&mut request, &key, now()).unwrap().unwrap();
        assert!(signed.canonical_request.contains(&format!("\nhost:{host}\n")), "{address}");
    }
}

#[test]
fn earlier_credentials_are_replaced_and_nothing_shows_a_secret() {
    let mut request = Request::new(Method::GET, Url::parse("https://ims.example.com/").unwrap());
    let temporary = Credentials::access_key(ACCESS, SECRET).unwrap().with_security_token("SECURITY").unwrap();
    let token = Credentials::token("TOKEN").unwrap();
    let key = Credentials::access_key(ACCESS, SECRET).unwrap();
    for (credentials, expected) in [
        (&temporary, vec!["authorization", "x-sdk-date", "x-security-token"]),
        (&token, vec!["x-auth-token"]),
        (&key, vec!["authorization", "x-sdk-date"]),
        (&key, vec!["authorization", "x-sdk-date"]),
    ] {
        authorize(&mut request, credentials, now()).unwrap();
        let mut names: Vec<&str> = request.headers().keys().map(HeaderName::as_str).collect();
        names.sort_unstable();
        assert_eq!(names, expected);
        for (name, value) in request.headers() {
            assert_eq!(value.is_sensitive(), name != "x-sdk-date", "{name}");
            assert_eq!(request.headers().get_all(name).iter().count(), 1);
        }
        let shown = format!("{request:?} {credentials:?}");
        for secret in [SECRET, "SECURITY", "TOKEN", "Signature="] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
}

#[test]
fn what_cannot_be_signed_is_an_error() {
    let key = Credentials::access_key(ACCESS, SECRET).unwrap();
    let request = || Request::new(Method::POST, Url::parse("https://ims.example.com/").unwrap());
    let mut long = request();
    *long.body_mut() = Some(vec![0; (12 << 20) + 1].into());
    assert_eq!(authorize(&mut long, &key, now()), Err(SignError::BodyTooLong((12 << 20) + 1)));
    *long.body_mut() = Some(vec![0; 12 << 20].into());
    assert_eq!(authorize(&mut long, &key, now()), Ok(()));
    let mut bytes = request();
    bytes.headers_mut().insert("x-a", HeaderValue::from_bytes(b"\xff").unwrap());
    let name = HeaderName::from_static("x-a");
    assert_eq!(authorize(&mut bytes, &key, now()), Err(SignError::Header(name)));
    let before = UNIX_EPOCH - Duration::from_secs(1);
    assert_eq!(authorize(&mut request(), &key, before), Err(SignError::Clock));
}

proptest! {
    /// The canonical request has one line per part whatever the address holds, its path and query are plain ASCII,
    /// and the signature is one that the verifier computes from what is sent.
    #[test]
    fn any_address_is_signed(path in "\\PC{0,40}", query in "\\PC{0,40}") {
        let mut url = Url::parse("https://ims.example.com").unwrap();
        url.set_path(&path);
        url.set_query(Some(&query));
        let target = url.as_str().strip_prefix("https://ims.example.com").unwrap();
        let target = target.split('#').next().unwrap().to_owned();
        let mut request = Request::new(Method::GET, url);
        let key = Credentials::access_key(ACCESS, SECRET).unwrap();
        let signed = explain(&mut request, &key, now()).unwrap().unwrap();
        let lines: Vec<&str> = signed.canonical_request.split('\n').collect();
        prop_assert_eq!(lines.len(), 8);
        prop_assert!(lines[1].is_ascii() && lines[1].starts_with('/') && lines[1].ends_with('/'));
        prop_assert!(lines[2].is_ascii());
        let headers = vec![
            ("host".to_owned(), "ims.example.com".to_owned()),
            ("x-sdk-date".to_owned(), header(&request, "x-sdk-date")),
            ("authorization".to_owned(), header(&request, "authorization")),
        ];
        let verdict = verify(&Received { method: "GET".to_owned(), target, headers, ..Received::default() });
        prop_assert!(verdict.is_ok(), "{:?}", verdict);
    }
}

// ---- below the cases: the vectors' shape, and a server that verifies

const ACCESS: &str = "AKEXAMPLE0000000000A";
const SECRET: &str = "SKexample0000000000000000000000000000000";

fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(NOW)
}

fn header(request: &Request, name: &str) -> String {
    request.headers()[name].to_str().unwrap().to_owned()
}

#[derive(Deserialize)]
struct Vector {
    name: String,
    method: String,
    path: String,
    query: Vec<(String, String)>,
    headers: std::collections::BTreeMap<String, String>,
    body: String,
    access_key: String,
    secret_key: String,
    signed_headers: String,
    canonical_request: String,
    authorization: String,
}

impl Vector {
    fn request(&self) -> Request {
        let mut url = Url::parse(&format!("https://{}{}", self.headers["Host"], self.path)).unwrap();
        if !self.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&self.query);
        }
        let mut request = Request::new(self.method.parse().unwrap(), url);
        for (name, value) in &self.headers {
            if !["Host", "X-Sdk-Date", "X-Security-Token"].contains(&name.as_str()) {
                let name: HeaderName = name.parse().unwrap();
                request.headers_mut().insert(name, value.parse().unwrap());
            }
        }
        if !self.body.is_empty() {
            *request.body_mut() = Some(self.body.clone().into());
        }
        request
    }

    fn credentials(&self) -> Credentials {
        let key = Credentials::access_key(self.access_key.as_str(), self.secret_key.as_str()).unwrap();
        match self.headers.get("X-Security-Token") {
            Some(token) => key.with_security_token(token.as_str()).unwrap(),
            None => key,
        }
    }
}

/// Answers 200 if the signature fits the bytes that arrived, else 401 and why.
async fn verifier() -> Server {
    let answer = |request: &Received| match verify(request) {
        Ok(()) => Act::Answer(200, String::new()),
        Err(why) => Act::Answer(401, why),
    };
    Server::start(answer).await.unwrap()
}

/// The algorithm as the service's documentation states it, with its own hashing and encoding.
fn verify(request: &Received) -> Result<(), String> {
    let Received { method, target, headers, content, .. } = request;
    let all = |name: &str| -> Vec<String> {
        let values = headers.iter().filter(|(n, _)| n == name);
        values.map(|(_, v)| v.clone()).collect()
    };
    let authorization = all("authorization").pop().ok_or("no Authorization")?;
    let (_, rest) = authorization.split_once("SignedHeaders=").ok_or("no SignedHeaders")?;
    let (names, signature) = rest.split_once(", Signature=").ok_or("no Signature")?;
    for required in ["host", "x-sdk-date"] {
        if !names.split(';').any(|name| name == required) {
            return Err(format!("{required} is not signed"));
        }
    }
    for (name, _) in headers {
        let counts = name.starts_with("x-") && !name.contains('_');
        if counts && !names.split(';').any(|signed| signed == name) {
            return Err(format!("{name} is not signed"));
        }
    }
    let (path, query) = target.split_once('?').unwrap_or((target.as_str(), ""));
    let segments = path.split('/').map(|segment| encode(&decode(segment)));
    let mut path = segments.collect::<Vec<_>>().join("/");
    if !path.ends_with('/') {
        path.push('/');
    }
    let mut pairs: Vec<(Vec<u8>, Vec<u8>)> = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        pairs.push((decode(&name.replace('+', " ")), decode(&value.replace('+', " "))));
    }
    pairs.sort();
    let pairs: Vec<String> = pairs.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
    let mut lines = String::new();
    for name in names.split(';') {
        let mut values = all(name);
        values.sort();
        for value in values {
            lines.push_str(&format!("{name}:{value}\n"));
        }
    }
    let hash = hex(&sha256(content));
    let canonical = format!("{method}\n{path}\n{}\n{lines}\n{names}\n{hash}", pairs.join("&"));
    let date = all("x-sdk-date").pop().ok_or("no X-Sdk-Date")?;
    let to_sign = format!("SDK-HMAC-SHA256\n{date}\n{}", hex(&sha256(canonical.as_bytes())));
    if hex(&hmac(SECRET.as_bytes(), to_sign.as_bytes())) == signature {
        Ok(())
    } else {
        Err(format!("the signature does not fit:\n{canonical}"))
    }
}

fn decode(text: &str) -> Vec<u8> {
    let (bytes, mut out, mut at) = (text.as_bytes(), Vec::new(), 0);
    while at < bytes.len() {
        let escaped = text.get(at + 1..at + 3).filter(|two| two.bytes().all(|b| b.is_ascii_hexdigit()));
        match escaped {
            Some(two) if bytes[at] == b'%' => {
                out.push(u8::from_str_radix(two, 16).unwrap());
                at += 3;
            }
            _ => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    out
}

fn encode(bytes: &[u8]) -> String {
    let one = |byte: &u8| match byte {
        b if b.is_ascii_alphanumeric() || b"-._~".contains(b) => char::from(*b).to_string(),
        b => format!("%{b:02X}"),
    };
    bytes.iter().map(one).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn sha256(bytes: &[u8]) -> Vec<u8> {
    use sha2::Digest;
    sha2::Sha256::digest(bytes).to_vec()
}

/// RFC 2104 by hand.
fn hmac(key: &[u8], message: &[u8]) -> Vec<u8> {
    assert!(key.len() <= 64);
    let pad = |with: u8| -> Vec<u8> { (0..64).map(|at| key.get(at).copied().unwrap_or_default() ^ with).collect() };
    let inner = sha256(&[&pad(0x36), message].concat());
    sha256(&[pad(0x5c), inner].concat())
}
