//! Who is compared: the same call by hand on reqwest, and by this crate.

use std::time::Duration;

use reqwest::header::{ACCEPT, HeaderName, HeaderValue};
use serde::Deserialize;

use super::Outcome;

pub(crate) const PROJECT: &str = "fd73a4a14a4a4dfb9771a8475e5198ea";
const TOKEN: HeaderName = HeaderName::from_static("x-auth-token");
/// As long as a real token of this cloud's IAM, which is about 4 KiB.
const TOKEN_LENGTH: usize = 4096;
const ACCESS_KEY: &str = "BENCHACCESSKEY000000";
const SECRET_KEY: &str = "BenchSecretKey00000000000000000000000000";

/// One way to list an image's tags. Clones share their connections.
#[derive(Clone)]
pub(crate) enum Contender {
    /// What a careful user writes without this crate.
    Hand(Hand),
    /// This crate: by token, or by access key.
    Ours(ims_api::Client),
}

#[derive(Clone)]
pub(crate) struct Hand {
    http: reqwest::Client,
    endpoint: String,
    token: Option<HeaderValue>,
}

#[derive(Deserialize)]
struct ImageTags {
    tags: Vec<ResourceTag>,
}

#[derive(Deserialize)]
struct ResourceTag {
    key: String,
    value: String,
}

/// The names of all contenders, each with the one it is compared with: who signs, with a call that nothing authorizes,
/// so that the whole of the signature counts.
pub(crate) const NAMES: [(&str, &str); 4] = [
    ("by hand, token", "by hand, token"),
    ("ims-api, token", "by hand, token"),
    ("by hand, no credentials", "by hand, no credentials"),
    ("ims-api, AK/SK", "by hand, no credentials"),
];

impl Contender {
    pub(crate) fn new(name: &str, endpoint: &str) -> Outcome<Self> {
        let token = "t".repeat(TOKEN_LENGTH);
        let ours = ims_api::Client::builder().endpoint(endpoint).project_id(PROJECT);
        let header = HeaderValue::try_from(token.as_str())?;
        let hand = |token| Ok(Self::Hand(Hand { http: http().build()?, endpoint: endpoint.to_owned(), token }));
        match name {
            "by hand, token" => hand(Some(header)),
            "by hand, no credentials" => hand(None),
            "ims-api, token" => Ok(Self::Ours(ours.token(token).build()?)),
            "ims-api, AK/SK" => Ok(Self::Ours(ours.access_key(ACCESS_KEY, SECRET_KEY).build()?)),
            unknown => Err(format!("{unknown}: no such contender").into()),
        }
    }

    /// Lists the image's tags and says how many there are; `None` if the server refused.
    pub(crate) async fn call(&self, image: &str) -> Outcome<Option<usize>> {
        match self {
            Self::Hand(hand) => hand.call(image).await,
            Self::Ours(client) => match client.list_image_tags().image_id(image).send().await {
                Ok(answer) => Ok(Some(answer.tags.len())),
                Err(error) if error.status() == Some(404) && error.code().is_some() => Ok(None),
                Err(error) => Err(error.into()),
            },
        }
    }
}

/// The settings that this crate's client has, too.
fn http() -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .user_agent("by-hand/0.1.0")
        .connect_timeout(Duration::from_secs(10))
        .read_timeout(Duration::from_secs(60))
        .timeout(Duration::from_secs(120))
        .redirect(reqwest::redirect::Policy::none())
}

impl Hand {
    async fn call(&self, image: &str) -> Outcome<Option<usize>> {
        let url = format!("{}/v2/{PROJECT}/images/{image}/tags", self.endpoint);
        let mut request = self.http.get(url).header(ACCEPT, "application/json");
        if let Some(token) = &self.token {
            request = request.header(TOKEN, token.clone());
        }
        let response = request.send().await?;
        if response.status() == 404 {
            let body: serde_json::Value = response.json().await?;
            return Ok(body.pointer("/error/code").is_none().then_some(0));
        }
        let answer: ImageTags = response.error_for_status()?.json().await?;
        debug_assert!(answer.tags.iter().all(|tag| !tag.key.is_empty() && !tag.value.is_empty()));
        Ok(Some(answer.tags.len()))
    }
}
