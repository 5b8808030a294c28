//! The command `ims` as a process: what only a real one shows, such as signals, pipes and the environment.

use std::io::Write;
use std::process::{Command, Output, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};

use ims_tests::server::{Act, Server};

type Outcome = Result<(), Box<dyn std::error::Error>>;

const IMAGE: &str = "67e17426-359e-49fb-aa12-0bd1756ec240";
const CALL: [&str; 3] = ["list-image-tags", "--image-id", IMAGE];

#[tokio::test(flavor = "multi_thread")]
async fn a_result_comes_as_it_was_sent_without_colours() -> Outcome {
    let answer = Act::Answer(200, r#"{"tags":[{"value":"v","key":"标签"}]}"#.to_owned());
    let server = Server::start(move |_| answer.clone()).await?;
    let ran = ims(&server.endpoint(), &CALL).output()?;
    assert_eq!(ran.status.code(), Some(0), "{}", err(&ran));
    assert_eq!(String::from_utf8_lossy(&ran.stdout), "{\"tags\":[{\"value\":\"v\",\"key\":\"标签\"}]}\n");
    assert!(ran.stderr.is_empty());
    let request = server.requests().remove(0).head;
    assert!(request.starts_with(&format!("GET /v2/p/images/{IMAGE}/tags HTTP/1.1\r\n")), "{request}");
    assert!(request.contains("x-auth-token: process-token") && request.contains("user-agent: ims/"), "{request}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_comes_from_a_file_or_from_standard_input() -> Outcome {
    let body = r#"{"tag":{"key":"k","value":"v"}}"#;
    let file = std::env::temp_dir().join(format!("ims-command-{}.json", std::process::id()));
    std::fs::write(&file, body)?;
    let named = format!("@{}", file.display());
    for from in ["-", &named, body] {
        let server = Server::start(|_| Act::Answer(204, String::new())).await?;
        let mut ims = ims(&server.endpoint(), &["add-image-tag", "--image-id", IMAGE, "--body", from]).spawn()?;
        // The command may have ended already if it didn't want the input.
        let _ = ims.stdin.take().ok_or("no input")?.write_all(body.as_bytes());
        let ran = ims.wait_with_output()?;
        assert_eq!((ran.status.code(), ran.stdout.len()), (Some(0), 0), "{}", err(&ran));
        assert_eq!(server.requests().remove(0).content, body.as_bytes());
    }
    std::fs::remove_file(file)?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_goes_away_is_no_panic() -> Outcome {
    let (server, came, answer) = held(r#"{"tags":[]}"#).await?;
    let mut ims = ims(&server.endpoint(), &CALL).spawn()?;
    came.recv()?;
    drop(ims.stdout.take());
    answer.send(())?;
    let ran = ims.wait_with_output()?;
    assert_eq!((ran.status.code(), err(&ran).as_str()), (Some(141), ""));
    Ok(())
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn control_c_ends_with_130() -> Outcome {
    let (server, came, _answer) = held(r#"{"tags":[]}"#).await?;
    let ims = ims(&server.endpoint(), &CALL).spawn()?;
    came.recv()?;
    assert!(Command::new("kill").args(["-INT", &ims.id().to_string()]).status()?.success());
    let ran = ims.wait_with_output()?;
    assert_eq!((ran.status.code(), ran.stdout.len()), (Some(130), 0));
    assert!(err(&ran).starts_with("error: interrupted"), "{}", err(&ran));
    Ok(())
}

/// Whoever gives up waiting learns how to go on.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn control_c_keeps_the_job() -> Outcome {
    let (tell, came) = channel();
    let server = Server::start(move |request| {
        let _ = tell.send(request.method.clone());
        Act::Answer(200, r#"{"job_id":"j-1","status":"RUNNING"}"#.to_owned())
    })
    .await?;
    let export = ["export-image", "--image-id", IMAGE, "--bucket-url", "b:o", "--file-format", "qcow2", "--wait"];
    let ims = ims(&server.endpoint(), &export).spawn()?;
    while came.recv()? != "GET" {}
    // The answer is on its way, and the wait goes on after it.
    std::thread::sleep(std::time::Duration::from_millis(300));
    assert!(Command::new("kill").args(["-INT", &ims.id().to_string()]).status()?.success());
    let ran = ims.wait_with_output()?;
    assert_eq!((ran.status.code(), ran.stdout.len()), (Some(130), 0), "{}", err(&ran));
    let told = "job j-1: RUNNING, 0 %\nerror: interrupted: what was waited for goes on\n  next        `ims wait j-1` goes on waiting\n";
    assert_eq!(err(&ran), told);
    Ok(())
}

/// On a real terminal, where a thread of its own draws the bar.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_terminal_shows_a_bar() -> Outcome {
    if Command::new("script").arg("--version").output().is_err() {
        eprintln!("SKIPPED: a bar on a terminal (apt-get install bsdutils)");
        return Ok(());
    }
    let mut looks = 0;
    let server = Server::start(move |_| {
        looks += 1;
        let status = if looks < 4 { "RUNNING" } else { "SUCCESS" };
        Act::Answer(200, format!(r#"{{"status":"{status}","entities":{{"process_percent":0.4}}}}"#))
    })
    .await?;
    let ims = env!("CARGO_BIN_EXE_tested-ims");
    let line = format!("timeout 30 {ims} --endpoint {} --project-id p wait j-1 --interval 0.4", server.endpoint());
    let ran = Command::new("script")
        .args(["-qec", &line, "/dev/null"])
        .envs([("HW_AUTH_TOKEN", "process-token"), ("TERM", "xterm")])
        .output()?;
    let drawn = String::from_utf8_lossy(&ran.stdout);
    assert_eq!(ran.status.code(), Some(0), "{drawn}");
    assert!(drawn.contains("job j-1: RUNNING [") && drawn.contains("40 %"), "{drawn:?}");
    Ok(())
}

#[test]
fn helps_and_refusals_need_no_settings() -> Outcome {
    for (args, code, out, err) in [
        (&["--version"][..], 0, concat!("ims ", env!("CARGO_PKG_VERSION")), ""),
        (&["--help"], 0, "Exit codes:", ""),
        (&["list-image-tags", "--help"], 0, "--image-id", ""),
        (&["--lang=zh", "--help"], 0, "退出码", ""),
        (&["completions", "bash"], 0, "_ims()", ""),
        (&["--ak", "secret"], 2, "", "HUAWEICLOUD_SDK_AK"),
        (&CALL, 2, "", "HW_REGION_NAME"),
    ] {
        let ran = bare(args).output()?;
        let (said, failed) = (String::from_utf8_lossy(&ran.stdout).into_owned(), self::err(&ran));
        assert_eq!(ran.status.code(), Some(code), "{args:?}: {failed}");
        assert!(said.contains(out) && failed.contains(err), "{args:?}: {said}{failed}");
        assert!(out.is_empty() == said.is_empty() && err.is_empty() == failed.is_empty(), "{args:?}: {said}{failed}");
        assert!(!said.contains('\u{1b}') && !failed.contains('\u{1b}'), "{args:?}: no colours but on a terminal");
    }
    Ok(())
}

#[test]
fn colours_are_as_the_environment_wants_them() -> Outcome {
    for (variables, colored) in
        [(&[][..], false), (&[("CLICOLOR_FORCE", "1")], true), (&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], false)]
    {
        let mut command = bare(&CALL);
        command.envs(variables.iter().copied());
        let ran = command.output()?;
        assert_eq!(err(&ran).contains('\u{1b}'), colored, "{variables:?}: {}", err(&ran));
    }
    Ok(())
}

/// The command with nothing of this machine's settings.
fn bare(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tested-ims"));
    command.env_clear().args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn ims(endpoint: &str, args: &[&str]) -> Command {
    let mut command = bare(&["--endpoint", endpoint, "--project-id", "p"]);
    command.args(args).env("HW_AUTH_TOKEN", "process-token");
    command
}

fn err(ran: &Output) -> String {
    String::from_utf8_lossy(&ran.stderr).into_owned()
}

/// A server that tells of a request when it came, and answers it when told.
async fn held(body: &'static str) -> std::io::Result<(Server, Receiver<()>, Sender<()>)> {
    let ((tell, came), (answer, told)) = (channel(), channel());
    let server = Server::start(move |_| {
        let _ = tell.send(());
        let _ = told.recv();
        Act::Answer(200, body.to_owned())
    });
    Ok((server.await?, came, answer))
}
