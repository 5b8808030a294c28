//! A source of credentials of your own: here a command that prints an access key, as many vaults have one.
//!
//! `cargo run -p ims-api --example own_provider -- cn-north-4 IMAGE_ID vault read ims`
//! The command prints three lines: access key, secret key, and how many seconds they are valid.

use std::time::{Duration, SystemTime};

use ims_api::Client;
use ims_api::credentials::{Context, Credentials, CredentialsError, ProvideCredentials, Provided};

#[derive(Debug)]
struct Printed {
    command: Vec<String>,
}

impl ProvideCredentials for Printed {
    fn name(&self) -> &str {
        "printed by a command"
    }

    fn provide<'a>(&'a self, _: Context<'a>) -> Provided<'a> {
        Box::pin(async move {
            let (program, arguments) =
                self.command.split_first().ok_or_else(|| CredentialsError::not_configured("no command is named"))?;
            let output = std::process::Command::new(program)
                .args(arguments)
                .output()
                .map_err(|error| CredentialsError::invalid(format!("{program} can't be run")).because(error))?;
            let text = String::from_utf8_lossy(&output.stdout);
            let lines: Vec<&str> = text.lines().collect();
            let [access, secret, seconds] = lines[..] else {
                return Err(CredentialsError::invalid(format!("{program} doesn't print three lines")));
            };
            let seconds = seconds
                .parse()
                .map_err(|error| CredentialsError::invalid(format!("{program} prints no seconds")).because(error))?;
            // The client asks again before then, once however many calls wait.
            Ok(Credentials::access_key(access, secret)?.with_expiry(SystemTime::now() + Duration::from_secs(seconds)))
        })
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let region = arguments.next().ok_or("pass a region, for example cn-north-4")?;
    let image = arguments.next().ok_or("pass an image id")?;
    let client =
        Client::builder().region(region.as_str()).credentials(Printed { command: arguments.collect() }).build()?;
    println!("{} tags", client.list_image_tags().image_id(image).send().await?.tags.len());
    Ok(())
}
