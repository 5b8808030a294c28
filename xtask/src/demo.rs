//! `cargo xtask demo`: the real client against a server that behaves as the document says, on this machine.

use std::error::Error;
use std::fmt::Write;
use std::process::{Command, ExitCode, Stdio};

use crate::document::Document;
use crate::service::{Options, Service, TOKEN};

pub(crate) fn cargo() -> Command {
    // cargo names itself to what it runs.
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(crate::root());
    cargo
}

/// Runs the demo.
///
/// # Errors
/// A port that can't be had, cargo that can't be started, or a sample that the demo needs and the document lacks.
pub fn run(spec: &Document) -> Result<ExitCode, Box<dyn Error>> {
    let mut client = cargo();
    client.args(["run", "--quiet", "--package", "ims-api", "--example", "demo"]);
    // Nothing leaves this machine: without TLS, whose library is C, it is built in half the time.
    client.args(["--no-default-features", "--features", "rustcrypto"]);
    let (text, success) = report(spec, client)?;
    anstream::print!("{text}");
    Ok(if success { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Starts the service, and the client that is told where it is; what both did, and whether all is as it should be.
///
/// # Errors
/// As [`run`].
pub fn report(spec: &Document, mut client: Command) -> Result<(String, bool), Box<dyn Error>> {
    // What `ims-api/examples/demo.rs` calls.
    let operation = spec.operation("ListImageTags");
    let sample = operation.and_then(|operation| operation.sample.as_ref());
    let value = |name| sample.and_then(|sample| sample.value(name)).ok_or("ListImageTags has no sample request");
    let answer = operation.and_then(|operation| operation.answer()?.media()?.samples.first());
    let answer = answer.ok_or("ListImageTags has no sample answer")?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let service = runtime.block_on(Service::start(spec, Options::default()))?;
    let output = client
        .env("IMS_DEMO_ENDPOINT", service.endpoint())
        .env("IMS_DEMO_TOKEN", TOKEN)
        .env("IMS_DEMO_PROJECT", value("project_id")?)
        .env("IMS_DEMO_IMAGE", value("image_id")?)
        .env("IMS_DEMO_ANSWER", answer.value.to_string())
        // The demo's server is on this machine, whatever the environment says of proxies.
        .env("NO_PROXY", "127.0.0.1")
        .stderr(Stdio::inherit())
        .output()?;

    let mut text = format!("A server that behaves as {} says listens on {}.\n", spec.name, service.endpoint());
    if let Some(request) = service.requests().first() {
        // Even a practice token shows how a real one is treated.
        let request = request.to_string().replace(TOKEN, "***").trim_end().replace('\n', "\n  ");
        write!(text, "\nThe request, as it went over the wire:\n\n  {request}\n")?;
    }
    writeln!(text, "\n{}", String::from_utf8_lossy(&output.stdout).trim_end())?;
    if output.status.success() {
        writeln!(text, "\n{NEXT}")?;
    }
    Ok((text, output.status.success()))
}

/// What to do after the demo.
const NEXT: &str = "\
Everything is as the document says. Next, with your own account:

  export HUAWEICLOUD_SDK_AK=…  HUAWEICLOUD_SDK_SK=…   (or HW_AUTH_TOKEN=… for an IAM token)
  export HW_REGION_NAME=cn-north-4
  cargo run -p ims-api --example list -- IMAGE_ID";
