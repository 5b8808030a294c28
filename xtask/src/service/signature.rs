//! SDK-HMAC-SHA256 as the receiver computes it, step by step.
//!
//! Written apart from the client's signer and on other libraries, so that each is a check of the other.

use hmac::{Hmac, KeyInit, Mac};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::Received;

/// The algorithm's name, the first line of the string to sign.
pub const ALGORITHM: &str = "SDK-HMAC-SHA256";

/// What RFC 3986 calls unreserved stays as it is.
pub(crate) const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The three steps of a signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Steps {
    /// Method, path, query, headers, names of the headers, hash of the body; one to a line.
    pub canonical_request: String,
    /// Algorithm, date, hash of the canonical request.
    pub string_to_sign: String,
    /// The HMAC of the string to sign under the secret key, in hex.
    pub signature: String,
}

/// Signs a request with the headers that `names` lists, in their order.
#[must_use]
pub fn steps(request: &Received, names: &[&str], date: &str, secret: &str) -> Steps {
    let canonical_request = canonical_request(request, names);
    let hash = hex(&Sha256::digest(&canonical_request));
    let string_to_sign = format!("{ALGORITHM}\n{date}\n{hash}");
    let signature = Hmac::<Sha256>::new_from_slice(secret.as_bytes())
        .map(|mac| hex(&mac.chain_update(&string_to_sign).finalize().into_bytes()))
        .unwrap_or_default();
    Steps { canonical_request, string_to_sign, signature }
}

/// The `Authorization` header of a signature.
#[must_use]
pub fn authorization(access: &str, names: &[&str], signature: &str) -> String {
    format!("{ALGORITHM} Access={access}, SignedHeaders={}, Signature={signature}", names.join(";"))
}

fn canonical_request(request: &Received, names: &[&str]) -> String {
    let (path, query) = request.path_and_query();
    let mut lines = vec![request.method.clone(), canonical_path(path), canonical_query(query)];
    for name in names {
        let mut values: Vec<&str> =
            request.headers.iter().filter(|(known, _)| known == name).map(|(_, value)| value.trim()).collect();
        values.sort_unstable();
        lines.extend(values.iter().map(|value| format!("{name}:{value}")));
    }
    // The official SDK leaves a body that isn't plain JSON unsigned, and says so.
    let unsigned = request.header("x-sdk-content-sha256").filter(|hash| *hash == "UNSIGNED-PAYLOAD");
    let hash = unsigned.map_or_else(|| hex(&Sha256::digest(&request.body)), str::to_owned);
    lines.extend([String::new(), names.join(";"), hash]);
    lines.join("\n")
}

/// Every segment decoded and encoded in the one official way; a slash at the end.
fn canonical_path(path: &str) -> String {
    let segments: Vec<String> = path
        .split('/')
        .map(|segment| percent_encode(&percent_decode_str(segment).collect::<Vec<u8>>(), RESERVED).to_string())
        .collect();
    let path = segments.join("/");
    if path.ends_with('/') { path } else { path + "/" }
}

fn canonical_query(query: &str) -> String {
    let mut pairs: Vec<_> = form_urlencoded::parse(query.as_bytes()).collect();
    pairs.sort();
    let encode = |text: &str| percent_encode(text.as_bytes(), RESERVED).to_string();
    pairs.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect::<Vec<_>>().join("&")
}

/// Lower-case hex.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
