//! A source of credentials of your own: here a command that prints an access key, as many vaults have one.
//!
//! `cargo run -p ims-api --example own_source -- cn-north-4 IMAGE_ID vault read ims`
//! The command prints three lines: access key, secret key, and how many seconds they are valid.

use std::process::Command;
use std::time::{Duration, SystemTime};

use ims_api::credentials::{Credentials, CredentialsError, from_fn};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let region = arguments.next().ok_or("pass a region, for example cn-north-4")?;
    let image = arguments.next().ok_or("pass an image id")?;
    let command: Vec<String> = arguments.collect();
    // Called again before the key expires, once however many calls wait.
    let vault = from_fn("vault", move |_| std::future::ready(key(&command)));
    let client = ims_api::Client::builder().region(region).credentials(vault).build()?;
    println!("{} tags", client.list_image_tags().image_id(image).send().await?.tags.len());
    Ok(())
}

fn key(command: &[String]) -> Result<Credentials, CredentialsError> {
    let (program, arguments) = command.split_first().ok_or_else(|| CredentialsError::invalid("no command is named"))?;
    let failed = |error| CredentialsError::unavailable(format!("{program} can't be run")).because(error);
    let output = Command::new(program).args(arguments).output().map_err(failed)?;
    let text = String::from_utf8_lossy(&output.stdout);
    let lines: Vec<&str> = text.lines().collect();
    let wrong = || CredentialsError::invalid(format!("{program} doesn't print access key, secret key and seconds"));
    let &[access, secret, seconds] = &lines[..] else { return Err(wrong()) };
    let seconds = seconds.parse().map_err(|_| wrong())?;
    Ok(Credentials::access_key(access, secret)?.with_expiry(SystemTime::now() + Duration::from_secs(seconds)))
}
