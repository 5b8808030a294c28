//! Authentication as the gateway does it: a token, or SDK-HMAC-SHA256 recomputed from what came over the wire.
//!
//! The algorithm stands here a second time on purpose: a mistake in the client's signing must not hide behind a copy of
//! itself.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use hmac::{Hmac, KeyInit, Mac};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use sha2::{Digest, Sha256};

use super::Recorded;
use super::route::Refusal;

const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// How far a request's date may be from the clock.
const WINDOW: Duration = Duration::from_secs(15 * 60);

/// The credentials the service accepts. They are for practice: everybody knows them.
#[derive(Debug, Clone)]
pub struct Practice {
    /// The token.
    pub token: String,
    /// The access key id.
    pub access_key: String,
    /// The secret access key.
    pub secret_key: String,
    /// The access key id that also needs the security token.
    pub temporary_access_key: String,
    /// The security token of the temporary key, which shares the secret.
    pub security_token: String,
}

impl Default for Practice {
    fn default() -> Self {
        Self {
            token: "practice-token".to_owned(),
            access_key: "PRACTICEACCESSKEY000".to_owned(),
            secret_key: "practice-secret-key-that-everybody-knows".to_owned(),
            temporary_access_key: "PRACTICETEMPORARY000".to_owned(),
            security_token: "practice-security-token".to_owned(),
        }
    }
}

/// Checks a request's credentials.
pub(super) fn check(practice: &Practice, request: &Recorded) -> Result<(), Refusal> {
    let refuse = |code: &str, message: String| Err(Refusal::gateway(401, code, &message));
    if let Some(token) = header(request, "x-auth-token") {
        return if token == practice.token {
            Ok(())
        } else {
            refuse("APIGW.0301", "Incorrect IAM authentication information: decrypt token fail".to_owned())
        };
    }
    let Some(authorization) = header(request, "authorization") else {
        return refuse("APIGW.0301", "Incorrect IAM authentication information: x-auth-token not found".to_owned());
    };
    let Some((access, signed, signature)) = parts(authorization) else {
        return refuse(
            "APIGW.0301",
            "Incorrect IAM authentication information: authorization header format error".to_owned(),
        );
    };
    let temporary = access == practice.temporary_access_key;
    if access != practice.access_key && !temporary {
        return refuse("APIGW.0301", format!("Incorrect IAM authentication information: ak {access} not exist"));
    }
    if temporary && header(request, "x-security-token") != Some(practice.security_token.as_str()) {
        return refuse("APIGW.0301", "Incorrect IAM authentication information: security token is wrong".to_owned());
    }
    let date = header(request, "x-sdk-date").unwrap_or_default();
    let now = SystemTime::now();
    match seconds(date).map(|date| UNIX_EPOCH + Duration::from_secs(date)) {
        Some(sent) if apart(sent, now) <= WINDOW => {}
        Some(_) => {
            let server = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
            return refuse(
                "APIGW.0303",
                format!(
                    "Incorrect app authentication information: signature expired, signature time:{date},server time:{server}"
                ),
            );
        }
        None => {
            return refuse("APIGW.0301", format!("Incorrect IAM authentication information: bad X-Sdk-Date {date:?}"));
        }
    }
    let canonical = canonical_request(request, &signed);
    let to_sign = format!("SDK-HMAC-SHA256\n{date}\n{}", hex(&Sha256::digest(&canonical)));
    let expected = Hmac::<Sha256>::new_from_slice(practice.secret_key.as_bytes())
        .map(|mac| hex(&mac.chain_update(&to_sign).finalize().into_bytes()));
    if expected.is_ok_and(|expected| expected == signature) {
        return Ok(());
    }
    // The gateway echoes its own canonical request with bars for line ends.
    refuse(
        "APIGW.0301",
        format!(
            "Incorrect IAM authentication information: verify aksk signature fail, {}",
            canonical.replace('\n', "|")
        ),
    )
}

/// `SDK-HMAC-SHA256 Access=…, SignedHeaders=…, Signature=…`
fn parts(authorization: &str) -> Option<(String, Vec<String>, String)> {
    let rest = authorization.strip_prefix("SDK-HMAC-SHA256 ")?;
    let value =
        |name: &str| rest.split(", ").find_map(|part| part.strip_prefix(name)?.strip_prefix('=')).map(str::to_owned);
    let signed = value("SignedHeaders")?.split(';').map(str::to_owned).collect();
    Some((value("Access")?, signed, value("Signature")?))
}

/// The canonical request: method, path with a slash at its end, sorted query, signed headers, hash of the body.
fn canonical_request(request: &Recorded, signed: &[String]) -> String {
    let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
    let recode = |text: &str| {
        let decoded: Vec<u8> = percent_decode_str(text).collect();
        utf8_percent_encode(&String::from_utf8_lossy(&decoded), UNRESERVED).to_string()
    };
    let mut path = path.split('/').map(recode).collect::<Vec<_>>().join("/");
    if !path.ends_with('/') {
        path.push('/');
    }
    let mut query: Vec<(String, String)> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let spaced = |text: &str| recode(&text.replace('+', "%20"));
            (spaced(name), spaced(value))
        })
        .collect();
    query.sort();
    let query = query.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&");
    let headers: String =
        signed.iter().map(|name| format!("{name}:{}\n", header(request, name).unwrap_or_default().trim())).collect();
    format!(
        "{}\n{path}\n{query}\n{headers}\n{}\n{}",
        request.method,
        signed.join(";"),
        hex(&Sha256::digest(&request.body))
    )
}

/// `20240102T030405Z` as seconds since 1970.
fn seconds(date: &str) -> Option<u64> {
    let number = |range: std::ops::Range<usize>| date.get(range)?.parse::<u64>().ok();
    if date.len() != 16 || date.get(8..9) != Some("T") || !date.ends_with('Z') {
        return None;
    }
    let (year, month, day) = (number(0..4)?, number(4..6)?, number(6..8)?);
    // Days since 1970 with years that begin in March, so that the leap day is a year's last.
    let (years, months) = if month > 2 { (year, month - 3) } else { (year.checked_sub(1)?, month + 9) };
    let days =
        (365 * years + years / 4 - years / 100 + years / 400 + (153 * months + 2) / 5 + day).checked_sub(719_469)?;
    Some(((days * 24 + number(9..11)?) * 60 + number(11..13)?) * 60 + number(13..15)?)
}

fn apart(one: SystemTime, other: SystemTime) -> Duration {
    one.duration_since(other).unwrap_or_else(|error| error.duration())
}

fn header<'a>(request: &'a Recorded, name: &str) -> Option<&'a str> {
    request.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn dates() {
        for (date, want) in [
            ("19700101T000000Z", Some(0)),
            ("20240102T030405Z", Some(1_704_164_645)),
            ("20240229T235959Z", Some(1_709_251_199)),
            ("20240102T030405", None),
            ("2024-01-02T03:04", None),
            ("", None),
        ] {
            assert_eq!(seconds(date), want, "{date}");
        }
    }
}
