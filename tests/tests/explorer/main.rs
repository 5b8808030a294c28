//! The practice service and whoever talks to it: the explorer's page, the demo, the command `ims`, other people's clients.

mod browser;
mod demo;
mod explore;
mod ims_command;
mod ims_process;
mod peers;
mod service;
mod snippets;

/// A client for what runs on this machine: without the system's certificates, which take longer to read than most tests.
fn http() -> reqwest::Client {
    plain().build().unwrap_or_default()
}

fn plain() -> reqwest::ClientBuilder {
    reqwest::Client::builder().tls_certs_only([])
}

/// Whether a script of a shell succeeds, and what it prints as result and otherwise.
async fn sh(script: &str) -> std::io::Result<(bool, String, String)> {
    let command = tokio::process::Command::new("sh").args(["-c", script]).env("NO_PROXY", "127.0.0.1").output();
    let output = command.await?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ok((output.status.success(), text(&output.stdout), text(&output.stderr)))
}
