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
