//! Logs in with an IAM user's name and password; the token is for the region's project, and renewed before it expires.
//!
//! `HW_PASSWORD=… cargo run -p ims-api --example password_login -- cn-north-4 ACCOUNT USER IMAGE_ID`

use ims_api::credentials::PasswordLogin;
use ims_api::region::{Endpoint, Region};
use ims_api::{Client, Environment};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut next = |what: &str| arguments.next().ok_or(format!("pass {what}"));
    let region: Region = next("a region, for example cn-north-4")?.parse()?;
    // A password as an argument would show in the list of processes.
    let password = std::env::var("HW_PASSWORD").map_err(|_| "set HW_PASSWORD to the user's password")?;
    let iam = Endpoint::iam(&region, &Environment::process())?;
    let login = PasswordLogin::new(iam, &region, next("the account")?, next("the user")?, password)?;
    let client = Client::builder().region(region.as_str()).credentials(login).build()?;
    println!("{} tags", client.list_image_tags().image_id(next("an image id")?).send().await?.tags.len());
    Ok(())
}
