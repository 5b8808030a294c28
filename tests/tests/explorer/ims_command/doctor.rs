//! What `ims doctor` tells: a table of cases, in both languages.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use ims_tests::lock;
use ims_tests::server::{Act, Server};
use ims_tests::shell::Shell;
use serde_json::json;
use xtask::service::{EXPIRED_TOKEN, KEY, Options, PracticeKey, Service, TEMPORARY_KEY, TOKEN};

use super::{Outcome, PROJECT, anonymous, service, with_key, with_token};

/// Which source is used, why others are not, and what is wrong: in one look, in both languages, without a secret and
/// without changing anything.
#[tokio::test]
async fn doctor() -> Outcome {
    let service = service().await?;
    let late = Options { clock: Arc::new(|| SystemTime::now() + Duration::from_secs(20 * 60)), ..Options::default() };
    let late = Service::start(ims_tests::document()?, late).await.map_err(|error| error.to_string())?;
    let denying = Server::start(|_| Act::Answer(403, String::new())).await?;
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let silent = format!("http://{}", silent.local_addr()?);
    let nobody = format!("http://{}", std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?);
    let iam = Server::start(|_| Act::Answer(200, json!({"projects": [{"id": PROJECT}]}).to_string())).await?;
    let (agency, iam_endpoint) = (agency().await?, iam.endpoint());
    let endpoint = service.endpoint();
    let file = |shell: Shell| shell.variable("HOME", "/home/me").file("/home/me/.huaweicloud/credentials", &profile());
    let wrong = PracticeKey { secret: "hunter2", ..KEY };
    let region = |shell: Shell| {
        let shell = shell.variable("HW_REGION_NAME", "cn-north-4");
        shell.variable("HUAWEICLOUD_SDK_REGION_IMS_CN_NORTH_4", &endpoint)
    };
    let one = |name: &str, value: &str| Shell::default().variable(name, value);
    let (here, there) = (vec!["--endpoint", &*endpoint, "--project-id", PROJECT], vec!["--endpoint", &*endpoint]);
    let at = |endpoint| -> Vec<&str> { vec!["--endpoint", endpoint, "--project-id", PROJECT] };
    let (late, denying) = (late.endpoint(), denying.endpoint());
    #[rustfmt::skip]
    let cases: Vec<(&str, Shell, Vec<&str>, u8)> = vec![
        ("a token", with_token(), here.clone(), 0),
        ("a key", with_key(&KEY), here.clone(), 0),
        ("a temporary key, before the file", file(with_key(&TEMPORARY_KEY)), here.clone(), 0),
        ("the file", file(Shell::default()), there.clone(), 0),
        ("the agency of an ECS", Shell::default().metadata(&agency.endpoint()), here.clone(), 0),
        ("a region, and the project looked up", region(with_token()).variable("HUAWEICLOUD_SDK_IAM_ENDPOINT", &iam_endpoint), vec![], 0),
        ("no credentials at all", Shell::default(), here.clone(), 3),
        ("an access key only, before the file", file(one("HUAWEICLOUD_SDK_AK", "AK")), there.clone(), 3),
        ("a secret key only", one("HUAWEICLOUD_SDK_SK", "hunter2"), here.clone(), 3),
        ("a security token only", one("HUAWEICLOUD_SDK_SECURITY_TOKEN", "hunter2"), here.clone(), 3),
        ("an empty token", one("HW_AUTH_TOKEN", " "), here.clone(), 3),
        ("a line break in a token", one("HW_AUTH_TOKEN", "hunter2\nhunter2"), here.clone(), 3),
        ("a wrong secret key", with_key(&wrong), here.clone(), 5),
        ("an unknown token", one("HW_AUTH_TOKEN", "hunter2"), here.clone(), 5),
        ("an expired token", one("HW_AUTH_TOKEN", EXPIRED_TOKEN), here.clone(), 5),
        ("no permission", with_token(), at(&denying), 0),
        ("a clock that is behind, by key", with_key(&KEY), at(&late), 3),
        ("nobody there", with_token(), at(&nobody), 9),
        ("nobody answers", with_token(), [at(&silent), vec!["--timeout", "0.05"]].concat(), 10),
        ("nobody for projects", region(with_token()).variable("HUAWEICLOUD_SDK_IAM_ENDPOINT", &nobody), vec![], 3),
        ("no endpoint", with_token(), vec![], 2),
        ("wrong settings", with_token(), vec!["--region", "x", "--endpoint", "https://u:hunter2@h", "--project-id", "a/b"], 2),
    ];
    let security = TEMPORARY_KEY.security_token.unwrap_or_default();
    let secrets = ["hunter2", TOKEN, EXPIRED_TOKEN, KEY.secret, TEMPORARY_KEY.secret, security];
    for language in ["en", "zh"] {
        let mut text = format!("# What `ims --lang {language} doctor` tells\n");
        for (case, shell, args, code) in &cases {
            let ran = shell.ims(&[&["--lang", language, "doctor"][..], args].concat()).await;
            assert_eq!(ran.code, *code, "{case}: {}{}", ran.out, ran.err);
            let mut shown = anonymous(&(ran.out + &ran.err), &endpoint);
            for (address, name) in [
                (&late, "LATE"),
                (&denying, "DENYING"),
                (&silent, "SILENT"),
                (&nobody, "NOBODY"),
                (&iam_endpoint, "IAM"),
            ] {
                shown = shown.replace(address, &format!("http://{name}"));
            }
            for secret in secrets {
                assert!(!shown.contains(secret), "{case}: a secret is shown:\n{shown}");
            }
            // How the system words a refused connection, and how long the agency's key lasts.
            let shown = shown.replace(" (os error 111)", "");
            let long = |word: &str| word.len() > 8 && word.bytes().all(|byte| byte.is_ascii_digit());
            let shown: String = shown
                .split_inclusive(|c: char| !c.is_ascii_digit())
                .map(|word| match word.char_indices().next_back() {
                    Some((end, after)) if long(&word[..end]) => format!("…{after}"),
                    _ => word.to_owned(),
                })
                .collect();
            text.push_str(&format!("\n## {case}: {code}\n\n{shown}"));
        }
        // What it is about is locked once; in Chinese the same cases end the same way.
        if language == "en" {
            lock("ims-doctor", &text);
        } else {
            assert!(!text.contains("PROBLEM"), "{text}");
        }
    }
    let mut asked: Vec<String> = service.requests().into_iter().map(|request| request.method).collect();
    asked.extend(iam.requests().into_iter().map(|request| request.method));
    assert!(asked.len() > 20 && asked.iter().all(|method| method == "GET"), "it changes nothing: {asked:?}");
    Ok(())
}

/// The metadata service of a machine with an agency.
async fn agency() -> std::io::Result<Server> {
    let key = json!({"credential": {"access": TEMPORARY_KEY.access, "secret": TEMPORARY_KEY.secret,
        "securitytoken": TEMPORARY_KEY.security_token, "expires_at": "9999-12-31T00:00:00.000000Z"}});
    Server::start(move |request| match request.method.as_str() {
        "PUT" => Act::Answer(200, "metadata-token".to_owned()),
        _ => Act::Answer(200, key.to_string()),
    })
    .await
}

/// The profile file with the practice key.
fn profile() -> String {
    format!("[basic]\nak = {}\nsk = {}\nproject_id = {PROJECT}\n", KEY.access, KEY.secret)
}
