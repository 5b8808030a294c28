//! What the client does when the service, or what stands before it, misbehaves: one table, each row a scenario that is
//! played with a token and with a signing key. Every run also asserts that no credential is in any output, and that
//! memory stays bounded. The sockets are real, the time is virtual: see `virtual_time`.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use Failure::{Decode, Interrupted, Refused, Timeout, TooLong, Unexpected};
use ims_api::credentials::Credentials;
use ims_api::{Client, Error, Failure, Retry};
use ims_tests::capture::Capture;
use ims_tests::server::{Act, Server};
use ims_tests::virtual_time;
use std::error::Error as _;
use std::ops::RangeInclusive;
use std::time::{Duration, SystemTime};

const TOKEN: &str = "MIIFtoken-that/nobody+may=see";
const ACCESS: &str = "AKIDNOBODYMAYSEE0001";
const SECRET: &str = "secret-key-that-nobody-may-see";
const SECURITY: &str = "security-token-that-nobody-may-see";
const TAGS: &str = r#"{"tags":[{"key":"k","value":"v"}]}"#;

/// Name, scripts per connection, expected failure (`None` for success), status, attempts, how long it takes in virtual
/// seconds, what the message says.
type Row = (&'static str, Vec<Vec<Act>>, Option<Failure>, Option<u16>, u32, RangeInclusive<u64>, &'static str);

/// Without a timeout of any kind, and with the waits between attempts: what is left is room for a busy machine.
const AT_ONCE: RangeInclusive<u64> = 0..=20;
/// Three attempts that end by silence.
const SILENT: RangeInclusive<u64> = 90..=115;
/// The end of the whole call, which is the client's default.
const DEADLINE: RangeInclusive<u64> = 120..=122;
/// No run may need more memory than this, in bytes; the longest body that is sent is endless.
const MEMORY: usize = 64 << 20;

#[rustfmt::skip]
fn table() -> Vec<Row> {
    let gone = |act: Vec<Act>| vec![act];
    vec![
        // Success, however it arrives.
        ("plain", json(200, TAGS), None, None, 1, AT_ONCE, ""),
        ("dripped byte by byte", once(vec![Act::Drip(ok(TAGS), secs(0))]), None, None, 1, AT_ONCE, ""),
        ("chunked, one byte each", raw(&chunked(TAGS, 1)), None, None, 1, AT_ONCE, ""),
        ("HTTP/1.0, body to the end", raw(&format!("HTTP/1.0 200 OK\r\ncontent-type: application/json\r\n\r\n{TAGS}")), None, None, 1, AT_ONCE, ""),
        ("interim 103 first", raw(&format!("HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n{}", text(&ok(TAGS)))), None, None, 1, AT_ONCE, ""),
        ("interim 100 twice", raw(&format!("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n{}", text(&ok(TAGS)))), None, None, 1, AT_ONCE, ""),
        ("no content type", raw(&format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{TAGS}", TAGS.len())), None, None, 1, AT_ONCE, ""),
        ("content type with charset", typed(200, "Application/JSON; charset=utf-8", TAGS), None, None, 1, AT_ONCE, ""),
        ("content type +json", typed(200, "application/hal+json", TAGS), None, None, 1, AT_ONCE, ""),
        ("unknown fields", json(200, r#"{"tags":[],"error":null,"new":{"x":1}}"#), None, None, 1, AT_ONCE, ""),
        ("tag named error", json(200, r#"{"tags":[{"key":"error","value":"error_code"}]}"#), None, None, 1, AT_ONCE, ""),
        // Success that is none.
        ("HTML with 200", typed(200, "text/html", "<html>login</html>"), Some(Unexpected), Some(200), 1, AT_ONCE, "not JSON · <html>login</html>"),
        ("text with 200", typed(200, "text/plain", TAGS), Some(Unexpected), Some(200), 1, AT_ONCE, "text/plain"),
        ("error with 200", json(200, r#"{"error":{"code":"IMG.0027","message":"no image"}}"#), Some(Unexpected), Some(200), 1, AT_ONCE, "IMG.0027 · no image"),
        ("gateway error with 200", json(200, r#"{"error_code":"APIGW.0301","error_msg":"m","request_id":"r"}"#), Some(Unexpected), Some(200), 1, AT_ONCE, "request id r"),
        ("JSON cut", json(200, r#"{"tags":[{"key":"#), Some(Decode), Some(200), 1, AT_ONCE, "EOF while parsing"),
        ("garbage JSON", json(200, "}{"), Some(Decode), Some(200), 1, AT_ONCE, "does not decode"),
        ("empty JSON", json(200, ""), Some(Decode), Some(200), 1, AT_ONCE, "EOF while parsing"),
        ("null", json(200, "null"), Some(Decode), Some(200), 1, AT_ONCE, "does not decode"),
        ("array", json(200, "[]"), Some(Decode), Some(200), 1, AT_ONCE, "does not decode"),
        ("list for the answer", json(200, r#"[[{"key":"k","value":"v"}]]"#), Some(Decode), Some(200), 1, AT_ONCE, "invalid type: sequence"),
        ("list for a tag", json(200, r#"{"tags":[["k","v"]]}"#), Some(Decode), Some(200), 1, AT_ONCE, "invalid type: sequence"),
        ("wrong type inside", json(200, r#"{"tags":[{"key":1,"value":"v"}]}"#), Some(Decode), Some(200), 1, AT_ONCE, "invalid type: integer"),
        ("missing field", json(200, r#"{"tags":[{"value":"v"}]}"#), Some(Decode), Some(200), 1, AT_ONCE, "missing field `key`"),
        ("invalid UTF-8", once(vec![Act::Send([&b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 12\r\n\r\n{\"tags\":\""[..], b"\xff\xfe\""].concat())]), Some(Decode), Some(200), 1, AT_ONCE, "does not decode"),
        ("deep JSON", json(200, &format!("{{\"tags\":{}", "[".repeat(3000))), Some(Decode), Some(200), 1, AT_ONCE, "does not decode"),
        ("204 with nothing", raw("HTTP/1.1 204 No Content\r\nx-request-id: r4\r\n\r\n"), Some(Unexpected), Some(204), 1, AT_ONCE, "does not list · request id r4"),
        ("201", json(201, TAGS), Some(Unexpected), Some(201), 1, AT_ONCE, "does not list"),
        ("202 empty", json(202, ""), Some(Unexpected), Some(202), 1, AT_ONCE, "does not list"),
        ("206", json(206, TAGS), Some(Unexpected), Some(206), 1, AT_ONCE, "does not list"),
        ("gzip that nobody asked for", raw("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-encoding: gzip\r\ncontent-length: 4\r\n\r\n\x1f\u{8}aa"), Some(Unexpected), Some(200), 1, AT_ONCE, "not asked for"),
        // Refusals, in each shape.
        ("400 of the service", json(400, r#"{"error":{"message":"bad tag","code":"IMG.0115"}}"#), Some(Refused), Some(400), 1, AT_ONCE, "400 Bad Request · IMG.0115 · bad tag"),
        ("400 flat", json(400, r#"{"error_msg":"bad","error_code":"AS.0001"}"#), Some(Refused), Some(400), 1, AT_ONCE, "AS.0001 · bad"),
        ("401 of the gateway", json(401, r#"{"error_msg":"Incorrect IAM authentication information","error_code":"APIGW.0301","request_id":"c50619"}"#), Some(Refused), Some(401), 1, AT_ONCE, "request id c50619 · check the credentials"),
        ("403 policy", json(403, r#"{"error_code":"IMS.1","error_msg":"denied","encoded_authorization_message":"xyz"}"#), Some(Refused), Some(403), 1, AT_ONCE, "denied (encoded_authorization_message: xyz)"),
        ("404 of the gateway", json(404, r#"{"error_msg":"The API does not exist","error_code":"APIGW.0101"}"#), Some(Refused), Some(404), 1, AT_ONCE, "APIGW.0101"),
        ("404 in Nova's shape", json(404, r#"{"itemNotFound":{"message":"gone","code":404}}"#), Some(Refused), Some(404), 1, AT_ONCE, "404 · gone"),
        ("400 JSON in the message", json(400, r#"{"code":"VPC.0105","message":"{\"NeutronError\":{\"message\":\"deep\"}}"}"#), Some(Refused), Some(400), 1, AT_ONCE, "VPC.0105 · deep"),
        ("403 numeric code", json(403, r#"{"error":{"code":403,"message":"m","title":"Forbidden"}}"#), Some(Refused), Some(403), 1, AT_ONCE, "· 403 · m"),
        ("400 null fields", json(400, r#"{"error":{"code":null,"message":null}}"#), Some(Refused), Some(400), 1, AT_ONCE, "null"),
        ("400 array", json(400, r#"[{"code":"c","message":"m"}]"#), Some(Refused), Some(400), 1, AT_ONCE, "c · m"),
        ("400 string", json(400, r#""just text""#), Some(Refused), Some(400), 1, AT_ONCE, "just text"),
        ("400 XML", typed(400, "application/xml", "<badRequest><message>m</message></badRequest>"), Some(Refused), Some(400), 1, AT_ONCE, "<message>m</message>"),
        ("400 empty", json(400, ""), Some(Refused), Some(400), 1, AT_ONCE, "The request is invalid."),
        ("400 terminal control", json(400, "{\"message\":\"a\\u001b[2Jb\\u202ec\"}"), Some(Refused), Some(400), 1, AT_ONCE, r"a\u{1b}[2Jb\u{202e}c"),
        ("400 invalid UTF-8", once(vec![Act::Send(b"HTTP/1.1 400 Bad\r\ncontent-length: 3\r\n\r\n\xff\xfea".to_vec())]), Some(Refused), Some(400), 1, AT_ONCE, "\u{fffd}\u{fffd}a"),
        ("405", json(405, r#"{"error_code":"APIGW.0501","error_msg":"quota"}"#), Some(Refused), Some(405), 1, AT_ONCE, "APIGW.0501"),
        ("413 HTML", typed(413, "text/html", "<h1>413</h1>"), Some(Refused), Some(413), 1, AT_ONCE, "send a smaller body"),
        ("494", json(494, r#"{"error_code":"APIGW.0201","error_msg":"headers"}"#), Some(Refused), Some(494), 1, AT_ONCE, "494"),
        ("500", json(500, r#"{"error":{"code":"IMG.1","message":"m"}}"#), Some(Refused), Some(500), 1, AT_ONCE, "IMG.1"),
        ("599", json(599, ""), Some(Refused), Some(599), 1, AT_ONCE, "599"),
        ("endless error body", once(vec![Act::Send(b"HTTP/1.1 400 Bad\r\n\r\n".to_vec()), Act::Endless(vec![b'x'; 1024])]), Some(Refused), Some(400), 1, AT_ONCE, "xxx…"),
        ("error body cut", raw("HTTP/1.1 400 Bad\r\ncontent-length: 999\r\n\r\nhalf"), Some(Refused), Some(400), 1, AT_ONCE, "half"),
        ("request id of OpenStack", raw("HTTP/1.1 400 Bad\r\nX-Openstack-Request-Id: req-1\r\ncontent-length: 0\r\n\r\n"), Some(Refused), Some(400), 1, AT_ONCE, "request id req-1"),
        ("request id of IAM", raw("HTTP/1.1 400 Bad\r\nX-IAM-Trace-Id: tr-1\r\ncontent-length: 0\r\n\r\n"), Some(Refused), Some(400), 1, AT_ONCE, "request id tr-1"),
        // Credentials that come back.
        ("400 repeats the request", gone(vec![Act::Read, Act::Echo(400)]), Some(Refused), Some(400), 1, AT_ONCE, "***"),
        ("401 repeats the request", gone(vec![Act::Read, Act::Echo(401)]), Some(Refused), Some(401), 1, AT_ONCE, "***"),
        ("200 repeats the request", gone(vec![Act::Read, Act::Echo(200)]), Some(Unexpected), Some(200), 1, AT_ONCE, "***"),
        // What passes, and what is tried again.
        ("429 always", json(429, r#"{"error_msg":"throttled","error_code":"APIGW.0308"}"#), Some(Refused), Some(429), 3, AT_ONCE, "APIGW.0308 · throttled · 3 attempts"),
        ("502 HTML always", typed(502, "text/html", "<h1>Bad Gateway</h1>"), Some(Refused), Some(502), 3, AT_ONCE, "3 attempts"),
        ("503 always", json(503, r#"{"error_msg":"m","error_code":"APIGW.0613"}"#), Some(Refused), Some(503), 3, AT_ONCE, "APIGW.0613"),
        ("504 empty always", json(504, ""), Some(Refused), Some(504), 3, AT_ONCE, "3 attempts"),
        ("503 then success", then(json(503, ""), json(200, TAGS)), None, None, 2, AT_ONCE, ""),
        ("429 twice, then success", then(json(429, ""), then(json(429, ""), json(200, TAGS))), None, None, 3, AT_ONCE, ""),
        ("reset, then success", then(once(vec![Act::Reset]), json(200, TAGS)), None, None, 2, AT_ONCE, ""),
        ("503, then 404", then(json(503, ""), json(404, "")), Some(Refused), Some(404), 2, AT_ONCE, "2 attempts"),
        ("Retry-After 0", then(retry_after("0"), json(200, TAGS)), None, None, 2, AT_ONCE, ""),
        ("Retry-After in the past", then(retry_after("Sun, 06 Nov 1994 08:49:37 GMT"), json(200, TAGS)), None, None, 2, AT_ONCE, ""),
        ("Retry-After of nonsense", then(retry_after("soon"), json(200, TAGS)), None, None, 2, AT_ONCE, ""),
        ("Retry-After negative", then(retry_after("-5"), json(200, TAGS)), None, None, 2, AT_ONCE, ""),
        ("Retry-After of an hour", retry_after("3600"), Some(Refused), Some(503), 1, AT_ONCE, "asks to wait 3600 s"),
        ("Retry-After beyond numbers", retry_after("999999999999999999999999"), Some(Refused), Some(503), 1, AT_ONCE, "asks to wait"),
        ("Retry-After beyond the deadline", retry_after("200"), Some(Refused), Some(503), 1, AT_ONCE, "no time is left"),
        ("Retry-After of 50 s", then(retry_after("50"), json(200, TAGS)), None, None, 2, 50..=70, ""),
        ("Retry-After as a date ahead", then(retry_after(&ahead(100)), json(200, TAGS)), None, None, 2, 30..=115, ""),
        // Redirects are an answer, never a way.
        ("302 to itself", raw("HTTP/1.1 302 Moved\r\nlocation: /v2/p/images/67e17426-359e-49fb-aa12-0bd1756ec240/tags\r\ncontent-length: 0\r\n\r\n"), Some(Refused), Some(302), 1, AT_ONCE, "redirects are never followed"),
        ("301", redirect(301), Some(Refused), Some(301), 1, AT_ONCE, "redirects are never followed"),
        ("302", redirect(302), Some(Refused), Some(302), 1, AT_ONCE, "redirects are never followed"),
        ("303", redirect(303), Some(Refused), Some(303), 1, AT_ONCE, "redirects are never followed"),
        ("307", redirect(307), Some(Refused), Some(307), 1, AT_ONCE, "redirects are never followed"),
        ("308", redirect(308), Some(Refused), Some(308), 1, AT_ONCE, "redirects are never followed"),
        ("304", raw("HTTP/1.1 304 Not Modified\r\n\r\n"), Some(Refused), Some(304), 1, AT_ONCE, "304"),
        // Connections that break.
        ("closed before a byte is read", gone(vec![]), Some(Interrupted), None, 3, AT_ONCE, "was lost"),
        ("closed after the request", once(vec![]), Some(Interrupted), None, 3, AT_ONCE, "was lost"),
        ("reset after the request", once(vec![Act::Reset]), Some(Interrupted), None, 3, AT_ONCE, "3 attempts"),
        ("reset in the status line", once(vec![Act::Send(b"HTTP/1.1 2".to_vec()), Act::Reset]), Some(Interrupted), None, 3, AT_ONCE, "was lost"),
        ("closed in the headers", raw("HTTP/1.1 200 OK\r\ncontent-"), Some(Interrupted), None, 3, AT_ONCE, "was lost"),
        ("closed in the body", raw("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-request-id: r1\r\ncontent-length: 99\r\n\r\n{"), Some(Interrupted), Some(200), 3, AT_ONCE, "request id r1"),
        ("chunk cut", raw("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nff\r\n{"), Some(Interrupted), Some(200), 3, AT_ONCE, "was lost"),
        ("chunk length of nonsense", raw("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n{"), Some(Interrupted), Some(200), 3, AT_ONCE, "was lost"),
        ("no HTTP", raw("SSH-2.0-OpenSSH_9.6\r\n"), Some(Interrupted), None, 3, AT_ONCE, "did not speak HTTP"),
        ("two content lengths", raw("HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nxx"), Some(Interrupted), None, 3, AT_ONCE, "did not speak HTTP"),
        ("content length of nonsense", raw("HTTP/1.1 200 OK\r\ncontent-length: many\r\n\r\n"), Some(Interrupted), None, 3, AT_ONCE, "did not speak HTTP"),
        ("content length too short", raw(&format!("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n{TAGS}")), Some(Decode), Some(200), 1, AT_ONCE, "EOF while parsing"),
        ("200 headers", raw(&format!("HTTP/1.1 200 OK\r\n{}\r\n", "a: b\r\n".repeat(200))), Some(Interrupted), None, 3, AT_ONCE, "did not speak HTTP"),
        ("70 KiB of headers", raw(&format!("HTTP/1.1 200 OK\r\n{}content-length: 0\r\n\r\n", format!("a: {}\r\n", "b".repeat(7 << 10)).repeat(10))), Some(TooLong), Some(200), 1, AT_ONCE, "the headers are longer than 65536 bytes"),
        ("endless headers", once(vec![Act::Send(b"HTTP/1.1 200 OK\r\na: ".to_vec()), Act::Endless(vec![b'x'; 4096])]), Some(Interrupted), None, 3, AT_ONCE, "did not speak HTTP"),
        // Too much, too slow.
        ("announced too long", raw("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 99999999\r\n\r\n"), Some(TooLong), Some(200), 1, AT_ONCE, "longer than 4096 bytes"),
        ("endless body", once(vec![Act::Send(b"HTTP/1.1 200 OK\r\n\r\n".to_vec()), Act::Endless(vec![b' '; 1024])]), Some(TooLong), Some(200), 1, AT_ONCE, "longer than 4096 bytes"),
        ("endless chunks", once(vec![Act::Send(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".to_vec()), Act::Endless(format!("200\r\n{}\r\n", " ".repeat(0x200)).into_bytes())]), Some(TooLong), Some(200), 1, AT_ONCE, "longer than 4096 bytes"),
        ("stall before the status line", once(vec![Act::Stall]), Some(Timeout), None, 3, SILENT, "no answer in time"),
        ("stall in the headers", once(vec![Act::Send(b"HTTP/1.1 200 OK\r\na:".to_vec()), Act::Stall]), Some(Timeout), None, 3, SILENT, "no answer in time"),
        ("stall in the body", once(vec![Act::Send(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{".to_vec()), Act::Stall]), Some(Timeout), Some(200), 3, SILENT, "no answer in time"),
        ("slow drip", once(vec![Act::Send(b"HTTP/1.1 200 OK\r\ncontent-length: 4000\r\n\r\n".to_vec()), Act::Drip(vec![b' '; 4000], secs(20))]), Some(Timeout), None, 1, DEADLINE, "not done within 120s"),
        ("headers that drip", once(vec![Act::Drip([&b"HTTP/1.1 200 OK\r\na: "[..], &[b'x'; 4000]].concat(), secs(1))]), Some(Timeout), None, 3, SILENT, "no answer in time"),
        ("interim answers for ever", once(vec![Act::Again(b"HTTP/1.1 103 Early Hints\r\n\r\n".to_vec(), secs(1))]), Some(Timeout), None, 3, SILENT, "no answer in time"),
        ("error body that drips", once(vec![Act::Send(b"HTTP/1.1 400 Bad\r\ncontent-length: 4000\r\n\r\n".to_vec(), ), Act::Drip(vec![b'x'; 4000], secs(20))]), Some(Timeout), None, 1, DEADLINE, "not done within 120s"),
        ("error body that stalls", once(vec![Act::Send(b"HTTP/1.1 400 Bad\r\ncontent-length: 9\r\n\r\nhalf".to_vec()), Act::Stall]), Some(Refused), Some(400), 1, 30..=50, "400 Bad Request · half"),
        ("stall, then success", then(once(vec![Act::Stall]), json(200, TAGS)), None, None, 2, 30..=50, ""),
    ]
}

#[test]
fn every_scenario_ends_as_stated_and_shows_no_credential() {
    let rows = table();
    assert!(rows.len() >= 60);
    let mut wrong = Vec::new();
    for (name, scripts, failure, status, attempts, took, says) in rows {
        for with in [Credentials::token(TOKEN), key()] {
            let with = with.unwrap();
            let before = resident();
            let run = play("http", scripts.clone(), with.clone());
            let seen = match &run.result {
                Ok(tags) => (None, None, format!("{tags} tags")),
                Err(error) => (Some(error.failure()), error.status(), error.to_string()),
            };
            let made = match &run.result {
                // Every script plays on a connection of its own.
                Ok(_) => u32::try_from(run.connections).unwrap(),
                Err(error) => error.attempts(),
            };
            if seen.0 != failure || (status.is_some() && seen.1 != status) || made != attempts || !seen.2.contains(says)
            {
                wrong.push(format!("{name} ({with:?}): {seen:?}, {made} attempts"));
            }
            if !took.contains(&run.took.as_secs()) {
                wrong.push(format!("{name} ({with:?}): took {:?}, not {took:?} s", run.took));
            }
            if resident().zip(before).is_some_and(|(after, before)| after.saturating_sub(before) > MEMORY) {
                wrong.push(format!("{name}: grew from {before:?} to {:?} bytes", resident()));
            }
            wrong.extend(leaks(name, &run));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Before a request can be sent, so that it certainly wasn't; the connect timeout, 10 s, ends what stalls.
#[test]
fn every_fault_of_a_tls_handshake_is_a_connection_never_made() {
    let alert = b"\x15\x03\x03\x00\x02\x02\x28".to_vec();
    for (name, script, took, says) in [
        ("closed at once", vec![], AT_ONCE, ""),
        ("closed after the hello", vec![Act::ReadAny], AT_ONCE, "eof"),
        ("reset after the hello", vec![Act::ReadAny, Act::Reset], AT_ONCE, "reset"),
        ("an alert", vec![Act::ReadAny, Act::Send(alert)], AT_ONCE, "HandshakeFailure"),
        ("HTTP in clear", vec![Act::ReadAny, Act::Send(ok(TAGS))], AT_ONCE, "corrupt message"),
        ("half a record", vec![Act::ReadAny, Act::Send(b"\x16\x03\x03\x40".to_vec())], AT_ONCE, "eof"),
        ("a stall", vec![Act::ReadAny, Act::Stall], 30..=50, ""),
        (
            "a slow drip",
            vec![Act::ReadAny, Act::Drip([&b"\x16\x03\x03\x40\x00"[..], &[2; 600]].concat(), secs(1))],
            30..=50,
            "",
        ),
    ] {
        let run = play("https", vec![script], Credentials::token(TOKEN).unwrap());
        assert_eq!(leaks(name, &run), Vec::<String>::new());
        let error = run.result.unwrap_err();
        assert_eq!(
            (error.failure(), error.was_sent(), error.attempts()),
            (Failure::Unreachable, false, 3),
            "{name}: {error}"
        );
        assert!(error.to_string().contains(says), "{name}: {error}");
        assert!(took.contains(&run.took.as_secs()), "{name}: took {:?}", run.took);
    }
}

/// What any status says, with any body, folds into the same error.
#[test]
fn every_status_takes_every_shape_of_body() {
    let statuses: Vec<u16> = (300..=308).chain(400..=431).chain([451, 494]).chain(500..=511).chain([599]).collect();
    // A body, and the code, message and excerpt that are found in it.
    type Shape = (&'static str, Option<&'static str>, Option<&'static str>, Option<&'static str>);
    let shapes: [Shape; 12] = [
        (r#"{"error":{"code":"IMG.0027","message":"m"}}"#, Some("IMG.0027"), Some("m"), None),
        (r#"{"error_code":"APIGW.0301","error_msg":"m"}"#, Some("APIGW.0301"), Some("m"), None),
        (r#"{"error":{"code":403,"message":"m","title":"t"}}"#, Some("403"), Some("m"), None),
        (r#"{"itemNotFound":{"code":404,"message":"m"}}"#, Some("404"), Some("m"), None),
        (r#"{"code":"VPC.1","message":"{\"x\":{\"message\":\"deep\"}}"}"#, Some("VPC.1"), Some("deep"), None),
        (r#"{"error":{"code":null,"message":null}}"#, None, None, Some(r#"{"error":{"code":null,"message":null}}"#)),
        (r#"[{"code":"c","message":"m"}]"#, Some("c"), Some("m"), None),
        (r#""m""#, None, Some("m"), None),
        ("<x><message>m</message></x>", None, None, Some("<x><message>m</message></x>")),
        ("{", None, None, Some("{")),
        ("\u{1b}[2J", None, None, Some(r"\u{1b}[2J")),
        ("", None, None, None),
    ];
    runtime().block_on(async {
        let answers = statuses.iter().flat_map(|status| shapes.map(|shape| json(*status, shape.0).remove(0)));
        let server = Server::scripted(answers.collect()).await.unwrap();
        let client = builder("http", &server, Credentials::token(TOKEN).unwrap()).retry(Retry::off()).build().unwrap();
        for status in statuses {
            // These carry no body by HTTP's own rules.
            let bodiless = status == 304;
            for (body, code, message, excerpt) in shapes {
                let error = call(&client).await.unwrap_err();
                let place = format!("{status} {body}: {error}");
                assert_eq!((error.failure(), error.status()), (Refused, Some(status)), "{place}");
                assert_eq!(error.row(), ims_api::operations::LIST_IMAGE_TAGS.error(status), "{place}");
                let expected = if bodiless { (None, None, None) } else { (code, message, excerpt) };
                assert_eq!((error.code(), error.message(), error.excerpt()), expected, "{place}");
                assert_eq!(error.may_retry(), [429, 502, 503, 504].contains(&status), "{place}");
            }
        }
    });
}

#[test]
fn no_redirect_takes_credentials_to_another_host() {
    for status in [301, 302, 303, 307, 308] {
        for with in [Credentials::token(TOKEN), key()] {
            runtime().block_on(async {
                let target = Server::scripted(json(200, TAGS)).await.unwrap();
                let location = format!(
                    "HTTP/1.1 {status} Moved\r\nlocation: http://{}/\r\ncontent-length: 0\r\n\r\n",
                    target.address
                );
                let server = Server::scripted(raw(&location)).await.unwrap();
                let error = call(&client(&server, with.unwrap())).await.unwrap_err();
                assert_eq!(error.status(), Some(status));
                assert!(target.requests().is_empty());
            });
        }
    }
}

#[test]
fn an_endless_body_is_read_no_further_than_its_limit() {
    let before = resident();
    for status in [200, 500] {
        let head = format!("HTTP/1.1 {status} X\r\ncontent-type: application/json\r\n\r\n\"");
        let run = play(
            "http",
            vec![vec![Act::Read, Act::Send(head.into_bytes()), Act::Endless(vec![b'x'; 1 << 16])]],
            Credentials::token(TOKEN).unwrap(),
        );
        let error = run.result.unwrap_err();
        assert_eq!(error.status(), Some(status), "{error}");
    }
    if let (Some(before), Some(after)) = (before, resident()) {
        assert!(after.saturating_sub(before) < 128 << 20, "grew from {before} to {after} bytes");
    }
}

/// Neither a connection nor a task; and the client goes on.
#[test]
fn a_dropped_call_leaves_nothing_behind() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let client = Client::builder().endpoint(endpoint).token(TOKEN).project_id("p").build().unwrap();
        let tasks = || tokio::runtime::Handle::current().metrics().num_alive_tasks();
        let before = tasks();
        let mut bytes = [0; 4096];
        // Dropped while the answer is waited for, and while its body is read.
        for answer in ["", "HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{"] {
            let pending = tokio::spawn({
                let client = client.clone();
                async move { call(&client).await }
            });
            let (mut stream, _) = listener.accept().await.unwrap();
            assert!(stream.read(&mut bytes).await.unwrap() > 0);
            stream.write_all(answer.as_bytes()).await.unwrap();
            tokio::task::yield_now().await;
            pending.abort();
            assert!(pending.await.unwrap_err().is_cancelled());
            assert_eq!(stream.read(&mut bytes).await.unwrap(), 0, "the connection is closed");
            assert_eq!(tasks(), before);
        }
        let (answer, ()) = tokio::join!(call(&client), async {
            let (mut stream, _) = listener.accept().await.unwrap();
            assert!(stream.read(&mut bytes).await.unwrap() > 0);
            stream.write_all(&ok(TAGS)).await.unwrap();
        });
        assert_eq!(answer.unwrap(), 1);
    });
}

#[test]
fn nothing_is_sent_twice_when_retries_are_off() {
    runtime().block_on(async {
        let server = Server::scripted(json(503, "")).await.unwrap();
        let client = builder("http", &server, Credentials::token(TOKEN).unwrap()).retry(Retry::off()).build().unwrap();
        assert_eq!(call(&client).await.unwrap_err().attempts(), 1);
        assert_eq!(server.requests().len(), 1);
    });
}

#[test]
fn a_refused_connection_was_not_sent() {
    runtime().block_on(async {
        let server = Server::scripted(vec![]).await.unwrap();
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let client = builder("http", &server, Credentials::token(TOKEN).unwrap())
            .endpoint(format!("http://{free}"))
            .build()
            .unwrap();
        let error = call(&client).await.unwrap_err();
        assert_eq!((error.failure(), error.was_sent(), error.attempts()), (Failure::Unreachable, false, 3));
        assert!(error.may_retry());
    });
}

#[test]
fn a_wrong_clock_is_corrected_once_and_remembered() {
    runtime().block_on(async {
        let refusal = "HTTP/1.1 401 Unauthorized\r\ndate: Sun, 06 Nov 1994 08:49:37 GMT\r\ncontent-length: 0\r\n\r\n";
        let server = Server::scripted(then(raw(refusal), json(200, TAGS))).await.unwrap();
        let client = client(&server, key().unwrap());
        call(&client).await.unwrap();
        call(&client).await.unwrap();
        let dated: Vec<bool> =
            server.requests().iter().map(|request| request.head.contains("x-sdk-date: 19941106T")).collect();
        assert_eq!(dated, [false, true, true]);
    });
}

/// The resident memory of this process in bytes.
fn resident() -> Option<usize> {
    let pages = std::fs::read_to_string("/proc/self/statm").ok()?.split(' ').nth(1)?.parse::<usize>().ok()?;
    Some(pages * 4096)
}

struct Run {
    result: Result<usize, Error>,
    connections: usize,
    /// In virtual time.
    took: Duration,
    output: String,
}

fn play(scheme: &str, scripts: Vec<Vec<Act>>, with: Credentials) -> Run {
    let (capture, guard) = Capture::begin();
    let (result, took, connections) = runtime().block_on(async {
        let server = Server::scripted(scripts).await.unwrap();
        let client = builder(scheme, &server, with).build().unwrap();
        let (result, took) = virtual_time::run(&server.activity, call(&client)).await;
        (result, took, server.connections())
    });
    drop(guard);
    let mut output = capture.text();
    assert!(output.contains("ims.call") && output.contains("attempt "), "{output}");
    if let Err(error) = &result {
        output.push_str(&format!("{error}\n{error:?}\n{error:#?}\n"));
        let mut source = error.source();
        while let Some(error) = source {
            output.push_str(&format!("{error}\n{error:?}\n"));
            source = error.source();
        }
    }
    Run { result, connections, took, output }
}

/// What no run may show: a credential anywhere, more than a line in the message.
fn leaks(name: &str, run: &Run) -> Vec<String> {
    let mut wrong = Vec::new();
    for secret in [TOKEN, ACCESS, SECRET, SECURITY] {
        if run.output.contains(secret) {
            wrong.push(format!("{name}: {secret} is in {}", run.output));
        }
    }
    if let Err(error) = &run.result
        && error.to_string().contains(['\n', '\u{1b}'])
    {
        wrong.push(format!("{name}: more than a line: {error}"));
    }
    wrong
}

async fn call(client: &Client) -> Result<usize, Error> {
    let answer = client.list_image_tags().image_id("67e17426-359e-49fb-aa12-0bd1756ec240").send().await?;
    Ok(answer.tags.len())
}

fn client(server: &Server, with: Credentials) -> Client {
    builder("http", server, with).build().unwrap()
}

/// All timeouts are the defaults, but one: three silences fit into the whole call.
fn builder(scheme: &str, server: &Server, with: Credentials) -> ims_api::ClientBuilder {
    Client::builder()
        .endpoint(format!("{scheme}://{}", server.address))
        .project_id("p")
        .credentials(with)
        .read_timeout(secs(30))
        .limits(ims_api::Limits::default().body(4096).error_body(4096))
        .retry(Retry::default().longest_retry_after(secs(300)))
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap()
}

fn key() -> Result<Credentials, ims_api::credentials::CredentialsError> {
    Credentials::access_key(ACCESS, SECRET)?.with_security_token(SECURITY)
}

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// A date so many seconds from now. Dates are the one thing here that the real clock tells.
fn ahead(seconds: u64) -> String {
    httpdate::fmt_http_date(SystemTime::now() + secs(seconds))
}

fn once(mut acts: Vec<Act>) -> Vec<Vec<Act>> {
    acts.insert(0, Act::Read);
    vec![acts]
}

fn then(mut first: Vec<Vec<Act>>, rest: Vec<Vec<Act>>) -> Vec<Vec<Act>> {
    first.extend(rest);
    first
}

fn raw(answer: &str) -> Vec<Vec<Act>> {
    once(vec![Act::Send(answer.as_bytes().to_vec())])
}

fn typed(status: u16, content_type: &str, body: &str) -> Vec<Vec<Act>> {
    raw(&format!("HTTP/1.1 {status} X\r\ncontent-type: {content_type}\r\ncontent-length: {}\r\n\r\n{body}", body.len()))
}

fn json(status: u16, body: &str) -> Vec<Vec<Act>> {
    typed(status, "application/json", body)
}

fn ok(body: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}", body.len())
        .into_bytes()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn redirect(status: u16) -> Vec<Vec<Act>> {
    raw(&format!("HTTP/1.1 {status} Moved\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n"))
}

fn retry_after(value: &str) -> Vec<Vec<Act>> {
    raw(&format!("HTTP/1.1 503 X\r\nretry-after: {value}\r\ncontent-length: 0\r\n\r\n"))
}

fn chunked(body: &str, size: usize) -> String {
    let mut answer =
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n".to_owned();
    for chunk in body.as_bytes().chunks(size) {
        answer.push_str(&format!("{:x}\r\n{}\r\n", chunk.len(), text(chunk)));
    }
    answer + "0\r\n\r\n"
}
