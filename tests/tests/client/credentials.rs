//! Where credentials, regions and endpoints come from: every source as a table of cases, its fakes below.
// Clippy's leave for tests ends at `#[test]`: the helpers below the cases may fail a test, too.
#![allow(clippy::unwrap_used, clippy::panic)]

use ims_api::credentials::{
    Cached, Chain, Context, Credentials, CredentialsError, EnvironmentVariables, Metadata, PasswordLogin, Profile,
    ProvideCredentials, from_fn,
};
use ims_api::region::{Endpoint, Region};
use ims_api::sign::authorize;
use ims_api::{Client, Environment, Failure, Retry};
use ims_tests::server::{Act, Request, Server, answer};
use proptest::prelude::*;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::SystemTime;

#[test]
fn regions() {
    for name in ["cn-north-4", "eu-west-101", "my-kualalumpur-1", "ae-ad-1", "xx-new-99"] {
        assert_eq!(Region::new(name).unwrap().as_str(), name);
    }
    let long = format!("cn-{}", "a".repeat(61));
    for name in [
        "",
        "cn",
        "CN-north-4",
        "cn--4",
        "-cn-4",
        "cn-4-",
        "4-cn",
        "cn_north_4",
        "cn-north-4.evil.com",
        "cn-north-4/",
        "cn-é",
        " cn-1",
        long.as_str(),
    ] {
        let error = Region::new(name).unwrap_err().to_string();
        assert!(error.contains("not of the form cn-north-4"), "{name}: {error}");
    }
}

#[test]
fn endpoints_of_the_users_own() {
    for (text, kept) in [
        ("https://ims.example.com", "https://ims.example.com"),
        ("https://ims.example.com/", "https://ims.example.com"),
        ("https://ims.example.com:8443//", "https://ims.example.com:8443"),
        ("https://ims.example.com:443", "https://ims.example.com"),
        ("https://gw.example.com/ims/api/", "https://gw.example.com/ims/api"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://[::1]:8080/x", "http://[::1]:8080/x"),
        ("http://localhost", "http://localhost"),
        ("HTTPS://IMS.Example.com", "https://ims.example.com"),
    ] {
        assert_eq!(Endpoint::parse(text).unwrap().as_str(), kept, "{text}");
    }
    for (text, reason) in [
        ("", "is empty"),
        ("ims.example.com", "is no address"),
        ("https:ims.example.com", "starts with neither"),
        ("https:///ims.example.com", "starts with neither"),
        ("ftp://ims.example.com", "starts with neither"),
        ("file:///etc/passwd", "starts with neither"),
        ("https://user:SECRET@ims.example.com", "user information"),
        ("https://@ims.example.com", "user information"),
        ("https://ims.example.com?key=SECRET", "query"),
        ("https://ims.example.com/?", "query"),
        ("https://ims.example.com#SECRET", "fragment"),
        ("http://ims.example.com", "in clear"),
        ("http://localhost.example.com", "in clear"),
        ("https://ims.example.com\\x", "backslash"),
        ("https://ims.exa\nmple.com", "control"),
        ("https://ims.example.com:99999", "is no address"),
    ] {
        let error = Endpoint::parse(text).unwrap_err().to_string();
        assert!(error.contains(reason) && !error.contains("SECRET") && !error.contains('\n'), "{text}: {error}");
    }
    assert!(Endpoint::insecure("http://ims.example.com").is_ok());
    assert!(Endpoint::insecure("ftp://ims.example.com").is_err());
}

#[test]
fn endpoints_of_a_region() {
    const IMS: &str = "HUAWEICLOUD_SDK_REGION_IMS_CN_NORTH_4";
    const FILE: &str = "HUAWEICLOUD_SDK_REGIONS_FILE";
    let home = ("HOME", "/home/me");
    let own = "/home/me/.huaweicloud/regions.yaml";
    let one = "# ours\nims:\n  - id: 'cn-north-4'\n    endpoint: 'https://file.example.com'\n";
    let many = "---\nECS:\n- id: cn-north-4\n  endpoint: https://ecs.example.com\nIMS:\n- id: cn-north-4 # main\n  endpoints:\n  - \"https://a.example.com\"\n  - https://b.example.com\n";
    type Case<'a> = (&'a [(&'a str, &'a str)], &'a [(&'a str, &'a str)], Result<&'a str, &'a str>);
    let cases: &[Case<'_>] = &[
        (&[], &[], Ok("https://ims.cn-north-4.myhuaweicloud.com")),
        (&[(IMS, "https://env.example.com")], &[], Ok("https://env.example.com")),
        (&[(IMS, "https://a.example.com, https://b.example.com")], &[], Ok("https://a.example.com")),
        (&[home, (IMS, "https://env.example.com")], &[(own, one)], Ok("https://env.example.com")),
        (&[home], &[(own, one)], Ok("https://file.example.com")),
        (&[home], &[(own, many)], Ok("https://a.example.com")),
        (&[home, (FILE, "/r.yml")], &[(own, one), ("/r.yml", many)], Ok("https://a.example.com")),
        (
            &[home],
            &[(own, "IMS:\n  - id: eu-west-0\n    endpoint: https://x.example.com\n")],
            Ok("https://ims.cn-north-4.myhuaweicloud.com"),
        ),
        (&[(IMS, "")], &[], Err("HUAWEICLOUD_SDK_REGION_IMS_CN_NORTH_4 is set but empty")),
        (
            &[(IMS, "ims.example.com")],
            &[],
            Err("HUAWEICLOUD_SDK_REGION_IMS_CN_NORTH_4: endpoint `ims.example.com`: is no address"),
        ),
        (&[(FILE, "/none")], &[], Err("HUAWEICLOUD_SDK_REGIONS_FILE: there is no file /none")),
        (&[home], &[(own, "IMS:\n\t- id: a")], Err("regions.yaml:2: a tab")),
        (&[home], &[(own, "IMS: []")], Err("regions.yaml:1: expected a service")),
        (&[home], &[(own, "- id: a")], Err("regions.yaml:1: expected a service")),
        (&[home], &[(own, "IMS:\n  - id: cn-north-4\n    url: x")], Err("regions.yaml:3: unknown key")),
        (&[home], &[(own, "IMS:\n  - id: cn-north-4\n")], Err("regions.yaml:2: region `cn-north-4` has no endpoint")),
        (&[home], &[(own, "IMS:\n  - id: 'cn-north-4\n")], Err("regions.yaml:2: a quote is not closed")),
        (&[home], &[(own, "IMS:\n  - id: cn-north-4\n    endpoint: http://x.example.com\n")], Err("in clear")),
    ];
    let region = Region::new("cn-north-4").unwrap();
    for (variables, files, expected) in cases {
        let environment = Environment::fixed(variables.iter().copied(), files.iter().copied());
        match (Endpoint::of_region(&region, &environment), expected) {
            (Ok(endpoint), Ok(expected)) => assert_eq!(endpoint.as_str(), *expected),
            (Err(error), Err(expected)) => assert!(error.to_string().contains(expected), "{error}"),
            (found, _) => panic!("{variables:?} {files:?}: {found:?}, not {expected:?}"),
        }
    }
    let none = Environment::fixed([], []);
    for (region, domain) in [("eu-west-101", "eu"), ("eu-west-0", "com"), ("af-south-1", "com")] {
        let region = Region::new(region).unwrap();
        let expected = format!("https://iam.{region}.myhuaweicloud.{domain}");
        assert_eq!(Endpoint::iam(&region, &none).unwrap().as_str(), expected);
    }
}

#[test]
fn constructors_name_what_is_wrong() {
    let key = || Credentials::access_key("AK", "SECRET").unwrap();
    for (made, expected) in [
        (Credentials::token(""), "token is empty"),
        (Credentials::token("SECRET\n"), "token has a control character at byte 6"),
        (Credentials::token("SECRET é"), "token has a space at byte 6"),
        (Credentials::token("SECRETé"), "token has a character outside ASCII at byte 6"),
        (Credentials::access_key("", "SECRET"), "access key is empty"),
        (Credentials::access_key("A,K", "SECRET"), "access key: `,` cannot be part"),
        (Credentials::access_key("AK", ""), "secret key is empty"),
        (Credentials::access_key("AK", "SECRET\r\nX: y"), "secret key has a control character"),
        (key().with_security_token("SECRET\0"), "security token has a control"),
        (Credentials::token("SECRET").unwrap().with_security_token("x"), "belongs to an access key"),
    ] {
        let error = made.unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(shown.contains(expected) && !shown.contains("SECRET"), "{shown}");
    }
}

#[tokio::test]
async fn environment() {
    const TOKEN: (&str, &str) = ("HW_AUTH_TOKEN", "TOKEN");
    const AK: (&str, &str) = ("HUAWEICLOUD_SDK_AK", "AK");
    const SK: (&str, &str) = ("HUAWEICLOUD_SDK_SK", "SECRET");
    const ST: (&str, &str) = ("HUAWEICLOUD_SDK_SECURITY_TOKEN", "ST");
    const PROJECT: (&str, &str) = ("HUAWEICLOUD_SDK_PROJECT_ID", "p1");
    let cases: &[(&[(&str, &str)], &str)] = &[
        (&[], "declined: set HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK, or HW_AUTH_TOKEN"),
        (&[PROJECT], "declined: set HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK, or HW_AUTH_TOKEN"),
        (&[TOKEN], "x-auth-token=TOKEN"),
        (&[TOKEN, PROJECT], "x-auth-token=TOKEN project=p1"),
        (&[AK, SK], "Access=AK"),
        (&[AK, SK, ST], "Access=AK x-security-token=ST"),
        (&[AK, SK, ST, PROJECT], "Access=AK x-security-token=ST project=p1"),
        (&[TOKEN, AK, SK, ST], "x-auth-token=TOKEN"),
        (&[AK], "HUAWEICLOUD_SDK_AK is set, but HUAWEICLOUD_SDK_SK is not: set HUAWEICLOUD_SDK_SK, too"),
        (&[SK], "HUAWEICLOUD_SDK_SK is set, but HUAWEICLOUD_SDK_AK is not: set HUAWEICLOUD_SDK_AK, too"),
        (&[ST], "HUAWEICLOUD_SDK_SECURITY_TOKEN is set, but HUAWEICLOUD_SDK_AK is not: set HUAWEICLOUD_SDK_AK, too"),
        (&[TOKEN, AK], "HUAWEICLOUD_SDK_AK is set, but HUAWEICLOUD_SDK_SK is not: set HUAWEICLOUD_SDK_SK, too"),
        (&[("HW_AUTH_TOKEN", ""), AK, SK], "HW_AUTH_TOKEN is set but empty: set a value or unset it"),
        (&[AK, ("HUAWEICLOUD_SDK_SK", "  ")], "HUAWEICLOUD_SDK_SK is set but empty: set a value or unset it"),
        (
            &[AK, ("HUAWEICLOUD_SDK_SK", "SECRET\n")],
            "HUAWEICLOUD_SDK_SK has a control character at byte 6: copy it again, without line ends or quotes",
        ),
        (
            &[TOKEN, AK, ("HUAWEICLOUD_SDK_SK", "SECRET ")],
            "HUAWEICLOUD_SDK_SK has a space at byte 6: copy it again, without line ends or quotes",
        ),
        (
            &[TOKEN, ("HUAWEICLOUD_SDK_PROJECT_ID", "a b")],
            "HUAWEICLOUD_SDK_PROJECT_ID has a space at byte 1: copy it again, without line ends or quotes",
        ),
    ];
    for (variables, expected) in cases {
        let source = EnvironmentVariables::new(Environment::fixed(variables.iter().copied(), []));
        assert_eq!(provided(&source).await, *expected, "{variables:?}");
    }
}

#[tokio::test]
async fn profile() {
    const KEY: &str = "HUAWEICLOUD_SDK_CREDENTIALS_FILE";
    for (text, expected) in [
        ("[basic]\nak = AK\nsk = SECRET\n", "Access=AK"),
        ("\u{feff}; ours\r\n[basic]\r\n  ak=AK\r\n  sk=SECRET\r\n", "Access=AK"),
        (
            "[basic]\nak=AK\nsk=SECRET#;=x\nsecurity_token=ST==\nproject_id=p1",
            "Access=AK x-security-token=ST== project=p1",
        ),
        ("[global]\nak=NO\nsk=NO\n[basic]\nak=AK\nsk=SECRET\niam_endpoint=https://x\n[x]\nak=NO", "Access=AK"),
        ("", "/c: [basic] has no ak: add `ak = …`"),
        ("[global]\nak=AK\nsk=SECRET", "/c: [basic] has no ak: add `ak = …`"),
        ("[basic]\nak=AK", "/c: [basic] has no sk: add `sk = …`"),
        ("[basic]\nak=AK\nsk=", "/c:3: sk is empty: set a value or remove the line"),
        ("[basic]\nak=AK\nak=AK\nsk=SECRET", "/c:3: ak is set twice in [basic]: keep one"),
        ("[basic\nak=AK", "/c:1: a section's name ends with `]`"),
        ("[basic]\nSECRET", "/c:2: expected `name = value`"),
        ("[basic]\nak=AK\nsk=\"SECRET", "Access=AK"),
        (
            "[basic]\nak=AK\nsk=SECRET x",
            "/c: secret key has a space at byte 6: copy it again, without line ends or quotes",
        ),
    ] {
        let source = Profile::new(Environment::fixed([(KEY, "/c")], [("/c", text)]));
        assert_eq!(provided(&source).await, expected, "{text}");
    }
    let none = Profile::new(Environment::fixed([("HOME", "/home/me")], []));
    assert!(provided(&none).await.starts_with("declined: write ak and sk below [basic] in /home/me"));
    let named = Profile::new(Environment::fixed([(KEY, "/none")], []));
    assert!(provided(&named).await.contains("there is no file /none"));
    let nowhere = Profile::new(Environment::fixed([], []));
    assert!(provided(&nowhere).await.starts_with("declined: no home directory"));
}

#[tokio::test]
async fn metadata_of_an_ecs() {
    const KEY: &str = r#"{"credential":{"access":"AK","secret":"SECRET","securitytoken":"ST","expires_at":"2099-01-02T03:04:05.000000Z"}}"#;
    const OK: &str = "Access=AK x-security-token=ST expires";
    type Case<'a> = (Vec<(u16, &'a str)>, &'a str, &'a str);
    let cases: Vec<Case<'_>> = vec![
        (vec![(200, "MT"), (200, KEY)], OK, "PUT - / GET MT"),
        (vec![(404, ""), (200, KEY)], OK, "PUT - / GET -"),
        (vec![(405, ""), (200, KEY)], OK, "PUT - / GET -"),
        (vec![(503, ""), (200, KEY)], OK, "PUT - / GET -"),
        (vec![(404, ""), (401, ""), (200, "MT"), (200, KEY)], OK, "PUT - / GET - / PUT - / GET MT"),
        (
            vec![(500, "")],
            "unavailable: /meta-data/latest/api/token answered 500: try again, or set HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK",
            "PUT -",
        ),
        (
            vec![(302, "")],
            "/meta-data/latest/api/token answered 302: try again, or set HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK",
            "PUT -",
        ),
        (
            vec![(200, "MT"), (404, "")],
            "declined: this machine has no agency: set one on the ECS in the console",
            "PUT - / GET MT",
        ),
        (
            vec![(200, "MT"), (401, "SECRET")],
            "/openstack/latest/securitykey answered 401: check the agency of this ECS",
            "PUT - / GET MT",
        ),
        (
            vec![(200, "MT"), (200, "<html>SECRET")],
            "/openstack/latest/securitykey answered something other than credentials",
            "PUT - / GET MT",
        ),
        (
            vec![
                (200, "MT"),
                (200, r#"{"credential":{"access":"AK","secret":"SECRET","securitytoken":"ST","expires_at":"soon"}}"#),
            ],
            "/openstack/latest/securitykey answered an expires_at that is no date",
            "PUT - / GET MT",
        ),
        (vec![(200, "")], "token of the metadata service is empty: set a value", "PUT -"),
    ];
    for (answers, expected, requests) in cases {
        let server = fake(answers.iter().map(|(status, body)| answer(*status, "", body)).collect()).await;
        assert_eq!(provided(&Metadata::at(server.endpoint().as_str())).await, expected);
        assert_eq!(seen(&server), requests, "{expected}");
    }
    // The second fetch keeps the token; when the service refuses it, a new one is asked for once.
    let server = fake(
        [(200, "MT"), (200, KEY), (401, ""), (200, "MT2"), (200, KEY)]
            .map(|(status, body)| answer(status, "", body))
            .into(),
    )
    .await;
    let source = Metadata::at(server.endpoint().as_str());
    assert_eq!(provided(&source).await, OK);
    assert_eq!(provided(&source).await, OK);
    assert_eq!(seen(&server), "PUT - / GET MT / GET MT / PUT - / GET MT2");
}

#[tokio::test]
async fn password_login() {
    const TOKEN: &str = "X-Subject-Token: TOKEN\r\n";
    const BODY: &str =
        r#"{"token":{"expires_at":"2099-01-02T03:04:05.000000Z","project":{"id":"p1","name":"cn-north-4"}}}"#;
    for (status, headers, body, expected) in [
        (201, TOKEN, BODY, "x-auth-token=TOKEN project=p1 expires"),
        (201, "", BODY, "answered the login without a token (X-Subject-Token)"),
        (201, TOKEN, "{}", "answered the login without what the token is for"),
        (201, TOKEN, r#"{"token":{"expires_at":"x"}}"#, "answered the login without an expiry"),
        (401, "", "SECRET", "refused the login of user \"user\" with 401: check account, user and password"),
        (403, "", "", "with 403: check that the user may log in"),
        (400, "", "", "with 400: check the names"),
        (500, "", "", "with 500: try again later"),
        (302, "Location: http://127.0.0.1:1/\r\n", "", "with 302: check the endpoint"),
    ] {
        let server = fake(vec![answer(status, headers, body)]).await;
        let iam = Endpoint::parse(&server.endpoint()).unwrap();
        let region = Region::new("cn-north-4").unwrap();
        let source = PasswordLogin::new(iam, &region, "acc\"ount", "user", "SECRET\\").unwrap();
        assert!(!format!("{source:?}").contains("SECRET"));
        let said = provided(&source).await;
        assert!(said.contains(expected), "{said}");
        let Request { method, target, body, .. } = server.requests().remove(0);
        assert_eq!((method.as_str(), target.as_str()), ("POST", "/v3/auth/tokens?nocatalog=true"));
        let user = &body["auth"]["identity"]["password"]["user"];
        assert_eq!((&user["password"], &user["domain"]["name"]), (&"SECRET\\".into(), &"acc\"ount".into()));
        assert_eq!(body["auth"]["scope"]["project"]["name"], "cn-north-4");
    }
}

#[tokio::test]
async fn a_chain_tells_why_each_link_declined_and_stops_at_a_fault() {
    let chain = |variables: &[(&str, &str)]| {
        let environment = Environment::fixed(variables.iter().copied(), []);
        Chain::of(vec![
            Arc::new(EnvironmentVariables::new(environment.clone())),
            Arc::new(Profile::new(environment)),
            // Nothing listens at port 1.
            Arc::new(Metadata::at("http://127.0.0.1:1")),
        ])
    };
    assert_eq!(
        provided(&chain(&[("HOME", "/home/me")])).await,
        "declined: no credentials found; \
         environment: set HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK, or HW_AUTH_TOKEN; \
         profile: write ak and sk below [basic] in /home/me/.huaweicloud/credentials; \
         metadata: the metadata service does not answer: this is no ECS, or its network bars 169.254.169.254"
    );
    assert_eq!(provided(&chain(&[("HW_AUTH_TOKEN", "TOKEN")])).await, "x-auth-token=TOKEN");
    assert_eq!(
        provided(&chain(&[("HUAWEICLOUD_SDK_AK", "AK")])).await,
        "environment: HUAWEICLOUD_SDK_AK is set, but HUAWEICLOUD_SDK_SK is not: set HUAWEICLOUD_SDK_SK, too"
    );
}

#[tokio::test]
async fn a_source_that_cannot_be_asked_now_is_asked_again() -> Result<(), Box<dyn std::error::Error>> {
    let tags = || Server::start(|_| Act::Answer(200, r#"{"tags":[]}"#.to_owned()));
    let (north, south) = (tags().await?, tags().await?);
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let vault = from_fn("vault", move |_| {
        let first = count.fetch_add(1, Ordering::Relaxed) == 0;
        async move {
            match first {
                true => Err(CredentialsError::unavailable("the vault is sealed")),
                false => Credentials::token("TOKEN"),
            }
        }
    });
    let shared = Cached::new(vault);
    let client = |server: &Server| {
        let environment = Environment::fixed([], []);
        let builder = Client::builder().environment(environment).endpoint(server.endpoint()).project_id("p");
        builder.credentials(shared.clone())
    };
    let impatient = client(&north).retry(Retry::off()).build()?;
    let error = impatient.list_image_tags().image_id("i").send().await.err().ok_or("answered")?;
    assert!(error.may_retry() && !error.was_sent(), "{error}");
    assert_eq!(error.to_string(), "ListImageTags: the vault is sealed · try again later");
    asked.store(0, Ordering::Relaxed);
    for server in [&north, &south, &north] {
        client(server).build()?.list_image_tags().image_id("i").send().await?;
    }
    assert_eq!(asked.load(Ordering::Relaxed), 2, "once in vain, once for the clients of both regions");
    Ok(())
}

/// A few refusals lock an access key: the same one isn't sent twice.
#[tokio::test]
async fn after_a_401_only_other_credentials_are_sent() -> Result<(), Box<dyn std::error::Error>> {
    for (tokens, sent) in [(["A", "A"], 1), (["A", "B"], 2)] {
        let server = Server::start(|_| Act::Answer(401, String::new())).await?;
        let asked = AtomicUsize::new(0);
        let source = from_fn("source", move |_| {
            let token = tokens[asked.fetch_add(1, Ordering::Relaxed).min(1)];
            async move { Credentials::token(token) }
        });
        let builder = Client::builder().environment(Environment::fixed([], [])).endpoint(server.endpoint());
        let client = builder.project_id("p").credentials(source).build()?;
        let error = client.list_image_tags().image_id("i").send().await.err().ok_or("answered")?;
        assert!(error.is_unauthorized(), "{error}");
        assert_eq!(server.requests().len(), sent, "{tokens:?}");
    }
    Ok(())
}

#[test]
fn regions_and_endpoints_are_texts_in_configuration_files() -> Result<(), serde_json::Error> {
    let name = "cn-north-4".to_owned();
    assert_eq!(Region::try_from(&name).unwrap(), serde_json::from_str(r#""cn-north-4""#)?);
    assert_eq!(
        serde_json::to_string(&Endpoint::parse("https://ims.example.com/").unwrap())?,
        r#""https://ims.example.com""#
    );
    let refused = serde_json::from_str::<Endpoint>(r#""http://ims.example.com""#).unwrap_err();
    assert!(refused.to_string().contains("in clear"), "{refused}");
    Ok(())
}

/// For sources that send nothing, so that a case costs no client of its own.
static HTTP: LazyLock<reqwest::Client> = LazyLock::new(reqwest::Client::new);

proptest! {
    /// What is taken as an endpoint has no part that could carry a secret or change a path joined to it, and is taken
    /// again as it stands.
    #[test]
    fn any_endpoint(text in "(https?://)?\\PC{0,40}") {
        if let Ok(endpoint) = Endpoint::insecure(&text) {
            let kept = endpoint.as_str();
            prop_assert!(!kept.ends_with('/') && !kept.contains(['?', '#', '@', '\\', ' ']));
            let again = Endpoint::insecure(kept);
            prop_assert_eq!(again.as_ref(), Ok(&endpoint));
        }
    }

    /// No profile panics, and no error quotes the secret key.
    #[test]
    fn any_profile(before in "[\\[\\]=#;a-z\\n ]{0,30}", after in "\\PC{0,30}") {
        let text = format!("{before}\n[basic]\nak=AK\nsk=S3CR3T{after}\n{after}");
        let variables = [("HUAWEICLOUD_SDK_CREDENTIALS_FILE", "/c")];
        let source = Profile::new(Environment::fixed(variables, [("/c", text.as_str())]));
        let answer = tokio::runtime::Builder::new_current_thread().build().unwrap()
            .block_on(source.provide(Context::new(&HTTP)));
        let shown = format!("{answer:?}");
        prop_assert!(!shown.contains("S3CR3T"));
    }

    /// No regions file panics.
    #[test]
    fn any_regions_file(text in "(IMS:\n)?([ \\-]{0,4}(id|endpoint|endpoints)?:? ?['\"#a-z]{0,6}\n){0,8}") {
        let variables = [("HUAWEICLOUD_SDK_REGIONS_FILE", "/r")];
        let environment = Environment::fixed(variables, [("/r", text.as_str())]);
        let _ = Endpoint::of_region(&Region::new("cn-north-4").unwrap(), &environment);
    }
}

// ---- below the cases

/// What a source provides, as it would be sent; or its error, after a look that nothing leaked.
async fn provided(source: &dyn ProvideCredentials) -> String {
    let http = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    match source.provide(Context::new(&http)).await {
        Ok(credentials) => {
            assert!(!format!("{credentials:?}").contains("SECRET"));
            sent(&credentials)
        }
        Err(error) => {
            assert!(!format!("{error} {error:?} {source:?}").contains("SECRET"), "{error:?}");
            let kind = match (error.is_not_configured(), error.is_unavailable()) {
                (true, _) => "declined: ",
                (_, true) => "unavailable: ",
                _ => "",
            };
            let error: CredentialsError = error;
            format!("{kind}{error}")
        }
    }
}

fn sent(credentials: &Credentials) -> String {
    let url = reqwest::Url::parse("https://ims.example.com").unwrap();
    let mut request = reqwest::Request::new(reqwest::Method::GET, url);
    authorize(&mut request, credentials, SystemTime::UNIX_EPOCH).unwrap();
    let mut parts = Vec::new();
    for (name, value) in request.headers() {
        let value = value.to_str().unwrap();
        match name.as_str() {
            "authorization" => {
                let access = value.split_once("Access=").unwrap().1;
                parts.push(format!("Access={}", access.split(',').next().unwrap()));
            }
            "x-auth-token" | "x-security-token" => parts.push(format!("{name}={value}")),
            _ => {}
        }
    }
    parts.sort();
    parts.extend(credentials.project_id().map(|id| format!("project={id}")));
    parts.extend(credentials.expires().map(|_| "expires".to_owned()));
    parts.join(" ")
}

/// Gives its answers in order, one a connection.
async fn fake(answers: Vec<String>) -> Server {
    let script = |answer: String| vec![Act::Read, Act::Send(answer.into_bytes())];
    Server::scripted(answers.into_iter().map(script).collect()).await.unwrap()
}

/// Method and metadata token of each request.
fn seen(server: &Server) -> String {
    let requests = server.requests();
    let one = |request: &Request| format!("{} {}", request.method, request.header("x-metadata-token").unwrap_or("-"));
    requests.iter().map(one).collect::<Vec<_>>().join(" / ")
}

/// What the service answers to anybody is asked without credentials, be there none or some.
#[tokio::test]
async fn what_anybody_may_ask_carries_no_credentials() -> Result<(), Box<dyn std::error::Error>> {
    let server = Server::start(|_| Act::Answer(200, r#"{"versions": []}"#.to_owned())).await?;
    let builder = || Client::builder().environment(Environment::fixed([], [])).endpoint(server.endpoint());
    for client in [builder().build()?, builder().token("a-token").build()?, builder().access_key("AK", "SK").build()?] {
        client.list_versions().await?;
    }
    for request in server.requests() {
        assert_eq!(request.target, "/");
        let names = ["authorization", "x-auth-token", "x-sdk-date", "x-security-token"];
        assert!(names.iter().all(|name| request.header(name).is_none()), "{}", request.head);
    }
    let free: Vec<&str> =
        ims_api::operations::ALL.iter().filter(|known| !known.needs_credentials).map(|known| known.id).collect();
    assert_eq!(free, ["ListVersions", "ShowVersion"]);
    let error = builder().build()?.list_images().await.err().ok_or("the others need them")?;
    assert_eq!(error.failure(), Failure::Credentials);
    Ok(())
}
