//! The service that demo, explorer and tests talk to: who is let in, what is refused, what is remembered, what goes
//! wrong on demand.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use ims_tests::document;
use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Map, Value, json};
use xtask::service::signature::{authorization, steps};
use xtask::service::{
    EXPIRED_TOKEN, KEY, LOGIN, Options, PracticeKey, REGION, Received, Running, Service, TEMPORARY_KEY, TOKEN,
};

type Error = Box<dyn std::error::Error>;
type Outcome = Result<(), Error>;

const TAGS: &str = "/v2/p/images/i/tags";
/// 2024-01-02 03:04:05 UTC.
const NOW: u64 = 1_704_164_645;

#[tokio::test]
async fn tokens() -> Outcome {
    let service = start(Options::default()).await?;
    for (token, status, code) in [
        (Some(TOKEN), 200, None),
        (Some(EXPIRED_TOKEN), 401, Some("APIGW.0307")),
        (Some("somebody's"), 401, Some("APIGW.0301")),
        (Some(""), 401, Some("APIGW.0301")),
        (None, 401, Some("APIGW.0301")),
    ] {
        let mut request = call(&service, Method::GET, TAGS);
        if let Some(token) = token {
            request = request.header("x-auth-token", token);
        }
        refused(request.send().await?, status, code, "").await.map_err(|error| format!("{token:?}: {error}"))?;
    }
    Ok(())
}

/// Every claim of a signature, true and false; all of them in the gateway's words.
#[tokio::test]
async fn signatures() -> Outcome {
    let clock = SystemTime::UNIX_EPOCH + Duration::from_secs(NOW);
    let service = start(Options { clock: Arc::new(move || clock), ..Options::default() }).await?;
    let right = Signed { key: KEY, names: &["host", "x-sdk-date"], date: "20240102T030405Z", token: None };
    let wrong_secret = PracticeKey { secret: "another", ..KEY };
    let unknown = PracticeKey { access: "NOBODY", ..KEY };
    let temporary =
        |token| Signed { key: TEMPORARY_KEY, names: &["host", "x-sdk-date", "x-security-token"], token, ..right };
    for (what, signed, status, code, says) in [
        ("the key", right, 200, None, ""),
        ("the temporary key", temporary(Some("practice-security-token")), 200, None, ""),
        (
            "a wrong secret",
            Signed { key: wrong_secret, ..right },
            401,
            Some("APIGW.0301"),
            "verify aksk signature fail",
        ),
        ("an unknown key", Signed { key: unknown, ..right }, 401, Some("APIGW.0301"), "ak NOBODY not exist"),
        ("14 minutes ago", Signed { date: "20240102T025005Z", ..right }, 200, None, ""),
        ("16 minutes ago", Signed { date: "20240102T024804Z", ..right }, 401, Some("APIGW.0303"), "signature expired"),
        ("in 16 minutes", Signed { date: "20240102T032006Z", ..right }, 401, Some("APIGW.0303"), "signature expired"),
        ("no date at all", Signed { date: "yesterday", ..right }, 401, Some("APIGW.0301"), "isn't a date"),
        ("without the host", Signed { names: &["x-sdk-date"], ..right }, 401, Some("APIGW.0301"), "host is not signed"),
        (
            "an unsent header",
            Signed { names: &["host", "x-a", "x-sdk-date"], ..right },
            401,
            Some("APIGW.0301"),
            "x-a is signed",
        ),
        ("a missing security token", temporary(None), 401, Some("APIGW.0301"), "x-security-token not found"),
        ("a wrong security token", temporary(Some("another")), 401, Some("APIGW.0301"), "decrypt token fail"),
        ("a security token too many", Signed { token: Some("another"), ..right }, 401, Some("APIGW.0301"), "permanent"),
    ] {
        let answer = signed.send(&service).await?;
        refused(answer, status, code, says).await.map_err(|error| format!("{what}: {error}"))?;
    }
    // A body that its sender doesn't sign, as the official SDK does with what isn't plain JSON.
    let headers = vec![("x-sdk-content-sha256".to_owned(), "UNSIGNED-PAYLOAD".to_owned())];
    let request = Received { method: "PATCH".to_owned(), target: "/".to_owned(), headers, body: b"[]".to_vec() };
    let canonical = steps(&request, &["x-sdk-content-sha256"], right.date, KEY.secret).canonical_request;
    assert!(canonical.ends_with("\nUNSIGNED-PAYLOAD"), "{canonical}");
    for (header, says) in [
        ("Basic dTpw", "the algorithm is not"),
        ("SDK-HMAC-SHA256 SignedHeaders=host, Signature=0", "Access is missing"),
        ("SDK-HMAC-SHA256 Access=A, Signature=0", "SignedHeaders is missing"),
        ("SDK-HMAC-SHA256 Access=A, SignedHeaders=host", "Signature is missing"),
    ] {
        let answer = call(&service, Method::GET, TAGS).header("authorization", header).send().await?;
        refused(answer, 401, Some("APIGW.0301"), says).await.map_err(|error| format!("{header}: {error}"))?;
    }
    Ok(())
}

/// What the document doesn't have is refused, and what it asks for is asked for.
#[tokio::test]
async fn requests_are_held_to_the_document() -> Outcome {
    let service = start(Options::default()).await?;
    let tag = json!({"tag": {"key": "k", "value": "v"}});
    let with =
        |key: &str| json!({"tags": [{"key": "k", "value": "v"}, {"key": key, "value": "v"}], "action": "create"});
    let find = |limit: &str| json!({"action": "filter", "limit": limit});
    let images = "/v2/p/images/resource_instances/action";
    let batch = format!("{TAGS}/action");
    for (method, path, body, status, says) in [
        ("GET", TAGS, None, 200, ""),
        ("GET", "/v2/p/images/i/tags?limit=1", None, 400, "query parameter limit: `limit` is not"),
        ("GET", TAGS, Some(tag.clone()), 400, "no body"),
        ("GET", "/v2/p/images/a%20b/tags", None, 400, "image_id"),
        ("GET", "/v2/p/images/%FF/tags", None, 400, "not UTF-8"),
        ("GET", "/v1/cloudimages/tags?limit=1&limit=2", None, 400, "there 2 times"),
        ("GET", "/v1/cloudimages/tags?limit=0", None, 400, "limit"),
        ("GET", "/v1/cloudimages/tags?limit=+1", None, 400, "limit"),
        ("GET", "/v1/cloudimages/tags?limit=1&page=1", None, 200, ""),
        ("GET", "/v1/cloudimages/tags?virtual_env_type=Future", None, 200, ""),
        ("POST", TAGS, None, 400, "empty"),
        ("POST", TAGS, Some(json!({})), 400, "`tag` is missing"),
        ("POST", TAGS, Some(json!({"tag": {"key": 1, "value": "v"}})), 400, "not of type string"),
        ("POST", TAGS, Some(tag), 204, ""),
        ("POST", &batch, Some(with("k")), 400, "\"k\" is there twice as key"),
        ("POST", &batch, Some(with("l")), 204, ""),
        ("POST", images, Some(find("1001")), 400, "1001 is not from 1 to 1000"),
        ("POST", images, Some(find("1000")), 200, ""),
        ("PUT", "/v1/cloudimages/tags", Some(json!({"image_id": "i"})), 400, "no branch"),
        ("PUT", "/v1/cloudimages/tags", Some(json!({"image_id": "i", "tag": "a", "more": 1})), 400, "`more` is not"),
        ("PUT", TAGS, None, 405, ""),
        ("GET", "/v9/nothing", None, 404, ""),
    ] {
        let mut request = call(&service, method.parse()?, path).header("x-auth-token", TOKEN);
        if let Some(body) = &body {
            request = request.json(body);
        }
        let answer = request.send().await?;
        refused(answer, status, None, says).await.map_err(|error| format!("{method} {path}: {error}"))?;
    }
    let typed = |kind: &'static str| {
        call(&service, Method::POST, TAGS).header("x-auth-token", TOKEN).header("content-type", kind)
    };
    refused(typed("text/plain").body("{}").send().await?, 400, Some("IMG.0001"), "Content-Type").await?;
    refused(typed("application/json").body("{").send().await?, 400, Some("IMG.0001"), "isn't valid JSON").await?;
    let allow = call(&service, Method::PATCH, TAGS).send().await?;
    assert_eq!(allow.headers()["allow"], "GET, POST");
    Ok(())
}

#[tokio::test]
async fn what_is_added_is_listed_until_it_is_deleted() -> Outcome {
    let service = start(Options::default()).await?;
    let send = |method: &str, path: &str, body: Option<Value>| {
        let method = method.parse();
        let request = method.map(|method| call(&service, method, path).header("x-auth-token", TOKEN));
        async move {
            let mut request = request?;
            if let Some(body) = body {
                request = request.json(&body);
            }
            Ok::<_, Error>(request.send().await?)
        }
    };
    let keys = async || {
        let answer: Value = send("GET", TAGS, None).await?.json().await?;
        let keys = answer["tags"].as_array().into_iter().flatten().filter_map(|tag| tag["key"].as_str());
        Ok::<_, Error>(keys.collect::<Vec<_>>().join(" "))
    };
    for (method, path, body, status, after) in [
        ("POST", TAGS, Some(json!({"tag": {"key": "a", "value": "1"}})), 204, "key0 key1 a"),
        ("POST", TAGS, Some(json!({"tag": {"key": "a", "value": "2"}})), 204, "key0 key1 a"),
        ("DELETE", "/v2/p/images/i/tags/key0", None, 204, "key1 a"),
        ("DELETE", "/v2/p/images/i/tags/key0", None, 404, "key1 a"),
        ("PUT", "/v2/images/i/tags/only", None, 204, "key1 a only"),
    ] {
        assert_eq!(send(method, path, body).await?.status().as_u16(), status, "{method} {path}");
        assert_eq!(keys().await?, after, "{method} {path}");
    }
    // The image has them wherever it is listed; what is deleted isn't.
    let listed = async || Ok::<Value, Error>(send("GET", "/v2/cloudimages?id=i", None).await?.json().await?);
    assert_eq!(listed().await?["images"][0]["tags"], json!(["key1.value0", "a.2", "only"]));
    assert_eq!(send("DELETE", "/v2/images/i", None).await?.status(), 204);
    assert_eq!(listed().await?["images"], json!([]));
    assert_eq!(send("PUT", "/v2/images/i/tags/only", None).await?.status(), 204);
    // An image has at most ten tags, and no part of a batch stays if it doesn't fit.
    let many: Vec<Value> = (0..8).map(|at| json!({"key": format!("k{at}"), "value": ""})).collect();
    let full = send("POST", &format!("{TAGS}/action"), Some(json!({"tags": many, "action": "create"}))).await?;
    refused(full, 400, Some("IMG.0116"), "at most 10").await?;
    assert_eq!(keys().await?, "key0 key1 only");
    Ok(())
}

/// Projects are looked up by token and by signature; a password gives a token that is let in.
#[tokio::test]
async fn iam_is_practised() -> Outcome {
    let service = start(Options::default()).await?;
    let projects = "/v3/projects?name=cn-north-4";
    refused(call(&service, Method::GET, projects).send().await?, 401, Some("APIGW.0301"), "not found").await?;
    let found: Value = call(&service, Method::GET, projects).header("x-auth-token", TOKEN).send().await?.json().await?;
    assert_eq!(found["projects"][0]["name"], "cn-north-4");
    let [account, user, password] = LOGIN;
    let login = |password: &str| {
        let user = json!({"name": user, "password": password, "domain": {"name": account}});
        json!({"auth": {"identity": {"methods": ["password"], "password": {"user": user}}, "scope": {"project": {"name": "cn-north-4"}}}})
    };
    let answer = call(&service, Method::POST, "/v3/auth/tokens").json(&login("wrong")).send().await?;
    assert_eq!(answer.status(), 401);
    let region = ims_api::region::Region::new(REGION)?;
    let iam = ims_api::region::Endpoint::parse(&service.endpoint())?;
    let credentials = ims_api::credentials::PasswordLogin::new(iam, &region, account, user, password)?;
    let client = ims_api::Client::builder().endpoint(service.endpoint().as_str()).credentials(credentials).build()?;
    assert_eq!(client.list_image_tags().image_id("i").send().await?.tags.len(), 2);
    Ok(())
}

/// Each operation that starts a job, by its sample: the job is new, runs, and ends as its request wished.
#[tokio::test]
async fn jobs_take_their_time() -> Outcome {
    let spec = document()?;
    let service = start(Options::default()).await?;
    let mut images = HashSet::new();
    for (prefer, last) in [("", "SUCCESS"), ("job=fail", "FAIL")] {
        let client = client(&service).header("Prefer", prefer).build()?;
        let starting: Vec<_> = spec.operations.iter().filter(|operation| operation.job.is_some()).collect();
        assert_eq!(starting.len(), 16, "every operation that is answered with a job's id");
        for operation in starting {
            let sample = operation.sample.as_ref().ok_or("no sample")?;
            let values = sample.values.iter().filter(|(name, _)| name != "project_id");
            let mut arguments: Map<String, Value> =
                values.map(|(name, value)| (name.clone(), value.as_str().into())).collect();
            arguments.extend(sample.body.clone().map(|body| ("body".to_owned(), body)));
            let started = ims_api::dynamic::call(&client, &operation.name(), &arguments).await?;
            let id = started["job_id"].as_str().ok_or("no job")?;
            let (mut seen, mut done) = (Vec::new(), Vec::new());
            for _ in 0..5 {
                let job = serde_json::to_value(client.show_job_progress().job_id(id).send().await?.into_inner())?;
                assert_eq!(job["job_id"], id);
                assert_eq!(job["entities"]["image_id"].is_string(), job["status"] == "SUCCESS", "{job}");
                assert_eq!(job["fail_reason"].is_string(), job["status"] == "FAIL", "{job}");
                images.extend(job["entities"]["image_id"].as_str().map(str::to_owned));
                seen.push(job["status"].as_str().unwrap_or_default().to_owned());
                done.push(job["entities"]["process_percent"].as_f64().unwrap_or_default());
            }
            assert_eq!(seen, ["INIT", "RUNNING", "RUNNING", last, last], "{}", operation.name());
            assert!(done.is_sorted(), "{done:?}");
        }
    }
    assert_eq!(images.len(), 16, "each job has made its own image");
    // Somebody's job is the sample; the client waits for one, and gets the reason of another.
    let client = client(&service).build()?;
    let other = client.show_job_progress().job_id("somebodys").send().await?.into_inner();
    assert_eq!(serde_json::to_value(other)?["status"], "RUNNING", "the sample");
    let copy = |client: ims_api::Client| async move {
        let copy = json!({"name": "copy"});
        let arguments = Map::from_iter([("image_id".to_owned(), json!("i")), ("body".to_owned(), copy)]);
        let started = ims_api::dynamic::call(&client, "CopyImageInRegion", &arguments).await?;
        let id = started["job_id"].as_str().unwrap_or_default().to_owned();
        Ok::<_, Error>(client.wait_for_job(id).every(Duration::from_millis(1)).await?)
    };
    copy(client).await?;
    let failing = self::client(&service).header("Prefer", "job=fail").build()?;
    let failed = copy(failing).await.err().ok_or("it has succeeded")?.to_string();
    assert!(failed.contains("IMG.0082") && failed.contains("asked to fail"), "{failed}");
    Ok(())
}

/// Behind the last page of a list with markers there is nothing, and no next one.
#[tokio::test]
async fn lists_with_markers_end() -> Outcome {
    let service = start(Options::default()).await?;
    for path in ["/v1/p/cloudimages/i/members", "/v2/images/i/members", "/v2/images", "/v2/cloudimages"] {
        let page = async |query: &str| {
            let address = format!("{path}{query}");
            let answer = call(&service, Method::GET, &address).header("x-auth-token", TOKEN).send().await?;
            Ok::<Value, Error>(answer.error_for_status()?.json().await?)
        };
        let list = if path.ends_with("members") { "members" } else { "images" };
        assert!(page("").await?[list].as_array().is_some_and(|items| !items.is_empty()), "{path}");
        let last = page("?marker=m2").await?;
        assert_eq!(last[list], json!([]), "{path}");
        assert!(last["next"].is_null() && last["page_info"]["next_marker"].is_null(), "{path}: {last}");
    }
    Ok(())
}

/// Every row of every table, in the shape of whoever sends it; and others.
#[tokio::test]
async fn any_row_on_demand() -> Outcome {
    let service = start(Options::default()).await?;
    for operation in ims_api::operations::ALL {
        let path = operation.path.replace("{project_id}", "p").replace(['{', '}'], "");
        for row in operation.errors {
            let answer = call(&service, operation.method.parse()?, &path)
                .header("prefer", format!("code={}", row.status))
                .send()
                .await?;
            assert_eq!(answer.status().as_u16(), row.status, "{}", operation.id);
            let text = answer.text().await?;
            assert!(text.contains(row.english), "{}: {text}", operation.id);
        }
    }
    for (prefer, status, code) in [
        ("code=429", 429, Some("APIGW.0308")),
        ("code=502", 502, Some("APIGW.0610")),
        ("code=418", 418, Some("APIGW.0201")),
        ("respond-async, code=\"404\"; x=y", 404, Some("IMG.0027")),
        ("code=200", 200, None),
        ("code=99", 400, Some("IMG.0001")),
        ("delay=soon", 400, Some("IMG.0001")),
        ("delay=60001", 400, Some("IMG.0001")),
        ("cut=never", 400, Some("IMG.0001")),
        ("throttle=1", 400, Some("IMG.0001")),
        ("throttle=1/0", 400, Some("IMG.0001")),
    ] {
        let answer = authorized(&service).header("prefer", prefer).send().await?;
        refused(answer, status, code, "").await.map_err(|error| format!("{prefer}: {error}"))?;
    }
    Ok(())
}

#[tokio::test]
async fn delays_throttles_and_cuts() -> Outcome {
    let now = Arc::new(Mutex::new(SystemTime::UNIX_EPOCH + Duration::from_secs(NOW)));
    let clock = Arc::clone(&now);
    let read = move || clock.lock().map_or(SystemTime::UNIX_EPOCH, |now| *now);
    let service = start(Options { clock: Arc::new(read), ..Options::default() }).await?;
    let start = Instant::now();
    assert_eq!(authorized(&service).header("prefer", "delay=40").send().await?.status(), 200);
    assert!(start.elapsed() >= Duration::from_millis(40), "it has waited");
    // Two in ten seconds pass; others' requests don't count, and time heals.
    for (advance, prefer, status, wait) in [
        (0, "throttle=2/10", 200, None),
        (1, "throttle=2/10", 200, None),
        (3, "throttle=2/10", 429, Some("6")),
        (0, "throttle=1/10", 200, None),
        (0, "", 200, None),
        (6, "throttle=2/10", 200, None),
        (0, "code=503, retry-after=30", 503, Some("30")),
    ] {
        if let Ok(mut now) = now.lock() {
            *now += Duration::from_secs(advance);
        }
        let answer = authorized(&service).header("prefer", prefer).send().await?;
        let after = answer.headers().get("retry-after").and_then(|value| value.to_str().ok());
        assert_eq!((answer.status().as_u16(), after), (status, wait), "{prefer} after {advance} s");
    }
    assert!(authorized(&service).header("prefer", "cut=before").send().await.is_err(), "no answer at all");
    let half = authorized(&service).header("prefer", "cut=body").send().await?;
    assert_eq!(half.status(), 200);
    assert!(half.bytes().await.is_err(), "the second half is missing");
    Ok(())
}

/// A request signed by the service's own arithmetic, with what a caller may get wrong.
#[derive(Clone, Copy)]
struct Signed {
    key: PracticeKey,
    names: &'static [&'static str],
    date: &'static str,
    token: Option<&'static str>,
}

impl Signed {
    async fn send(self, service: &Running) -> Result<Response, Error> {
        let mut headers =
            vec![("host".to_owned(), service.addr.to_string()), ("x-sdk-date".to_owned(), self.date.to_owned())];
        headers.extend(self.token.map(|token| ("x-security-token".to_owned(), token.to_owned())));
        let request = Received { method: "GET".to_owned(), target: TAGS.to_owned(), headers, body: Vec::new() };
        let signature = steps(&request, self.names, self.date, self.key.secret).signature;
        let mut call = call(service, Method::GET, TAGS)
            .header("x-sdk-date", self.date)
            .header("authorization", authorization(self.key.access, self.names, &signature));
        if let Some(token) = self.token {
            call = call.header("x-security-token", token);
        }
        Ok(call.send().await?)
    }
}

/// The status, and if it is a refusal: its code and a part of its message, in either shape.
async fn refused(answer: Response, status: u16, code: Option<&str>, says: &str) -> Outcome {
    let found = answer.status().as_u16();
    let text = answer.text().await?;
    let body: Value = serde_json::from_str(&text).unwrap_or_default();
    let of_code = body.get("error_code").or(body.pointer("/error/code")).and_then(Value::as_str);
    let fits = code.is_none_or(|code| of_code == Some(code));
    if found == status && fits && body.to_string().replace("\\\"", "\"").contains(says) {
        Ok(())
    } else {
        Err(format!("{found} {text}").into())
    }
}

fn authorized(service: &Running) -> RequestBuilder {
    call(service, Method::GET, TAGS).header("x-auth-token", TOKEN)
}

fn call(service: &Running, method: Method, path: &str) -> RequestBuilder {
    crate::http().request(method, format!("{}{path}", service.endpoint()))
}

fn client(service: &Running) -> ims_api::ClientBuilder {
    ims_api::Client::builder().endpoint(service.endpoint().as_str()).token(TOKEN).project_id("p")
}

async fn start(options: Options) -> Result<Running, Error> {
    Ok(Service::start(document()?, options).await?)
}
