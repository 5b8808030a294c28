//! Trusts a certificate authority of your own and goes through a proxy.
//!
//! `cargo run -p ims-api --example custom_tls -- CA.pem https://proxy.example.com:8080 IMAGE_ID`

use reqwest::{Certificate, ClientBuilder, Proxy};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut next = |what: &str| arguments.next().ok_or(format!("pass {what}"));
    let authority = Certificate::from_pem(&std::fs::read(next("a PEM file")?)?)?;
    let proxy = Proxy::all(next("a proxy's address")?)?;
    let client =
        ims_api::Client::builder().http(ClientBuilder::new().tls_certs_merge([authority]).proxy(proxy)).build()?;
    let answer = client.list_image_tags().image_id(next("an image id")?).send().await?;
    println!("{} tags", answer.tags.len());
    Ok(())
}
