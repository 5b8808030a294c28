//! TLS and proxies of the user's own, handed in as a `reqwest::ClientBuilder`; and the examples, run as programs against
//! servers on this machine.

use std::collections::{BTreeMap, BTreeSet};

use httpmock::prelude::*;
use ims_api::{Client, Failure, Retry};
use ims_tests::server::{Act, Server};
use ims_tests::tls_server::Authority;
use reqwest::{Certificate, ClientBuilder, Identity};

type Outcome = Result<(), Box<dyn std::error::Error>>;

const IMAGE: &str = "67e17426-359e-49fb-aa12-0bd1756ec240";

#[tokio::test]
async fn an_authority_and_an_identity_of_the_users_own() -> Outcome {
    let (authority, stranger) = (Authority::new()?, Authority::new()?);
    let behind = service().await;
    let open = authority.serve(&["localhost"], *behind.address(), false).await?;
    let closed = authority.serve(&["localhost"], *behind.address(), true).await?;
    let trusting = || {
        Ok::<_, reqwest::Error>(
            ClientBuilder::new().tls_certs_merge([Certificate::from_pem(authority.pem().as_bytes())?]),
        )
    };
    let identified = |by: &Authority| -> Result<ClientBuilder, Box<dyn std::error::Error>> {
        Ok(trusting()?.identity(Identity::from_pem(by.identity()?.as_bytes())?))
    };
    // Where to, by what client, and what becomes of it.
    for (name, address, http, expected) in [
        ("an authority that is trusted", open, trusting()?, None),
        ("one that isn't", open, ClientBuilder::new(), Some(Failure::Unreachable)),
        ("a client with its certificate", closed, identified(&authority)?, None),
    ] {
        let outcome = call(&format!("https://localhost:{}", address.port()), http).await;
        assert_eq!(outcome.as_ref().err().map(ims_api::Error::failure), expected, "{name}: {outcome:?}");
        assert!(outcome.err().is_none_or(|error| !error.was_sent()), "{name}");
    }
    for (name, address, host, http) in [
        ("no certificate where one is asked for", closed, "localhost", trusting()?),
        ("a stranger's", closed, "localhost", identified(&stranger)?),
        ("another host's name", open, "127.0.0.1", trusting()?),
    ] {
        let error = call(&format!("https://{host}:{}", address.port()), http).await.err().ok_or(name)?;
        // TLS 1.3 tells a client that it isn't let in only after its first request.
        assert!(matches!(error.failure(), Failure::Unreachable | Failure::Interrupted), "{name}: {error}");
    }
    Ok(())
}

#[tokio::test]
async fn a_proxy_of_the_users_own() -> Outcome {
    let authority = Authority::new()?;
    let behind = service().await;
    let target = authority.serve(&["ims.cn-north-4.myhuaweicloud.com"], *behind.address(), false).await?;
    let proxy = proxy(target).await?;
    let http = ClientBuilder::new()
        .tls_certs_merge([Certificate::from_pem(authority.pem().as_bytes())?])
        .proxy(reqwest::Proxy::all(format!("http://{}", proxy.address))?);
    call("https://ims.cn-north-4.myhuaweicloud.com", http).await?;
    assert_eq!(proxy.connections(), 1);
    Ok(())
}

/// Each example is a program that does what it says.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn every_example_runs() -> Outcome {
    let folder = std::env::current_exe()?.parent().and_then(|deps| deps.parent()).map(|debug| debug.join("examples"));
    let folder = folder.filter(|folder| folder.join("own_source").exists());
    let Some(folder) = folder else {
        eprintln!(
            "SKIPPED: the examples (build them: `cargo build -p ims-api --examples`; the whole test command does)"
        );
        return Ok(());
    };
    let (service, gone) = (service().await, MockServer::start_async().await);
    let refused = gone.mock(|when, then| {
        when.path_suffix("/tags");
        then.status(404);
    });
    let (endpoint, nowhere) = (service.base_url(), gone.base_url());
    let at = |url: &str| {
        BTreeMap::from([
            ("HW_REGION_NAME", "cn-north-4".to_owned()),
            ("HUAWEICLOUD_SDK_REGION_IMS_CN_NORTH_4", url.to_owned()),
            ("HUAWEICLOUD_SDK_IAM_ENDPOINT", url.to_owned()),
        ])
    };
    let with = |url: &str, more: &[(&'static str, &str)]| {
        let mut variables = at(url);
        variables.extend(more.iter().map(|(name, value)| (*name, (*value).to_owned())));
        variables
    };
    let key = [("HUAWEICLOUD_SDK_AK", "AK"), ("HUAWEICLOUD_SDK_SK", "SK"), ("HUAWEICLOUD_SDK_PROJECT_ID", "p")];
    let authority = Authority::new()?;
    let secure = authority.serve(&["ims.cn-north-4.myhuaweicloud.com"], *service.address(), false).await?;
    let proxy = proxy(secure).await?;
    let home = tempfile::tempdir()?;
    let pem = home.path().join("authority.pem");
    std::fs::write(&pem, authority.pem())?;
    let (pem, through) = (pem.to_string_lossy().into_owned(), format!("http://{}", proxy.address));
    let mut run = BTreeSet::new();
    let official = "https://ims.cn-north-4.myhuaweicloud.com";
    for (example, arguments, variables, says) in [
        ("list", vec![IMAGE], with(&endpoint, &key), "key0=value0\n"),
        ("find", vec!["stage", "prod", "test"], with(&endpoint, &key), "1 images\nimage-1\n"),
        ("write", vec![IMAGE, "key0=value0"], with(&endpoint, &key), "\n0 calls made\n"),
        (
            "password_login",
            vec!["cn-north-4", "account", "user", IMAGE],
            with(&endpoint, &[("HW_PASSWORD", "P")]),
            "1 tags\n",
        ),
        ("own_source", vec!["cn-north-4", IMAGE, "printf", "AK\\nSK\\n3600\\n"], at(&endpoint), "1 tags\n"),
        ("custom_tls", vec![&pem, &through, IMAGE], with(official, &key), "1 tags\n"),
        ("make_image", vec!["server-1", "web"], with(&endpoint, &key), "Some(1.0) of 1\nimage-1: Some(Active)\n"),
        ("match_errors", vec![IMAGE], with(&nowhere, &key), "there is no such image\n"),
    ] {
        let mut command = std::process::Command::new(folder.join(example));
        let path = std::env::var_os("PATH").unwrap_or_default();
        let command = command.args(arguments).env_clear().envs(variables).env("HOME", home.path()).env("PATH", path);
        let output = command.output()?;
        let (said, failed) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{example}: {failed}");
        assert_eq!(said, says, "{example}");
        run.insert(example);
    }
    assert_eq!((refused.calls(), proxy.connections()), (1, 1));
    let mut all = BTreeSet::new();
    for entry in std::fs::read_dir(ims_tests::root().join("ims-api/examples"))? {
        all.extend(entry?.path().file_stem().map(|name| name.to_string_lossy().into_owned()));
    }
    // Run by `cargo xtask demo`, with a server of its own.
    all.retain(|name| !run.contains(name.as_str()) && name != "demo");
    assert!(all.is_empty(), "every example is run: {all:?}");
    Ok(())
}

/// A proxy that tunnels to one address.
async fn proxy(target: std::net::SocketAddr) -> std::io::Result<Server> {
    Server::scripted(vec![vec![Act::Read, Act::Tunnel(target)]]).await
}

/// IAM and the service in one: a project, a token for a password, the tags of an image.
async fn service() -> MockServer {
    let server = MockServer::start_async().await;
    server.mock(|when, then| {
        when.method(GET).path("/v3/projects").query_param("name", "cn-north-4");
        then.status(200).json_body(serde_json::json!({"projects": [{"id": "p"}]}));
    });
    server.mock(|when, then| {
        let token = serde_json::json!({"expires_at": "2099-01-02T03:04:05.000000Z", "project": {"id": "p"}});
        when.method(POST).path("/v3/auth/tokens").body_includes(r#""password":"P""#);
        then.status(201).header("x-subject-token", "T").json_body(serde_json::json!({"token": token}));
    });
    server.mock(|when, then| {
        when.method(POST).path("/v2/p/images/resource_instances/action").body_includes(r#""values":["prod","test"]"#);
        let found = serde_json::json!({"total_count": 1, "resources": [{"resource_id": "image-1"}]});
        then.status(200).json_body(found);
    });
    let image = serde_json::json!({"id": "image-1", "status": "active"});
    let done = serde_json::json!({"status": "SUCCESS", "entities": {"image_id": "image-1", "process_percent": 1.0}});
    for (method, path, answer) in [
        (POST, "/v2/cloudimages/action", serde_json::json!({"job_id": "job-1"})),
        (GET, "/v1/cloudimages/job/job-1", done),
        (GET, "/v2/cloudimages", serde_json::json!({"images": [image]})),
        (PATCH, "/v2/cloudimages/image-1", image),
    ] {
        server.mock(|when, then| {
            when.method(method).path(path);
            then.status(200).json_body(answer);
        });
    }
    for credential in ["authorization", "x-auth-token"] {
        server.mock(|when, then| {
            when.method(GET).path(format!("/v2/p/images/{IMAGE}/tags")).header_exists(credential);
            then.status(200).json_body(serde_json::json!({"tags": [{"key": "key0", "value": "value0"}]}));
        });
    }
    server
}

async fn call(endpoint: &str, http: ClientBuilder) -> Result<usize, ims_api::Error> {
    let client =
        Client::builder().endpoint(endpoint).http(http).token("T").project_id("p").retry(Retry::off()).build()?;
    Ok(client.list_image_tags().image_id(IMAGE).send().await?.tags.len())
}
