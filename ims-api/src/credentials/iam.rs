//! Login with a password: IAM gives a token for one project.

use super::{Context, Credentials, CredentialsError, ProvideCredentials, Provided, Secret};
use crate::date;
use crate::region::{Endpoint, Region};
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use serde::Deserialize;
use zeroize::Zeroizing;

const PATH: &str = "/v3/auth/tokens";
/// The answer lists the catalog of all services unless it is told not to.
const ANSWER_LIMIT: usize = 1 << 20;

/// Logs an IAM user in for a token of the region's project. The token lasts 24 h; the client renews it before.
#[derive(Clone, Debug)]
pub struct PasswordLogin {
    iam: Endpoint,
    account: String,
    user: String,
    password: Secret,
    project: String,
}

impl PasswordLogin {
    /// The account's name (`domain`), the IAM user's name and password. `iam` is the IAM endpoint
    /// ([`Endpoint::iam`]); the token is for the region's own project.
    ///
    /// # Errors
    /// One of the texts is empty.
    pub fn new(
        iam: Endpoint,
        region: &Region,
        account: impl Into<String>,
        user: impl Into<String>,
        password: impl Into<String>,
    ) -> Result<Self, CredentialsError> {
        let login = Self {
            iam,
            account: account.into(),
            user: user.into(),
            password: Secret::new(password),
            project: region.as_str().to_owned(),
        };
        for (what, text) in
            [("account", login.account.as_str()), ("user", &login.user), ("password", login.password.text())]
        {
            if text.is_empty() {
                return Err(CredentialsError::invalid(format!(
                    "{what} is empty: give the one you log in with at the console"
                )));
            }
        }
        Ok(login)
    }

    /// Asks for a token of another project of the region, such as `cn-north-4_build`.
    #[must_use]
    pub fn with_project_name(mut self, name: impl Into<String>) -> Self {
        self.project = name.into();
        self
    }

    async fn login(&self, http: &reqwest::Client) -> Result<Credentials, CredentialsError> {
        let answer = http
            .post(format!("{}{PATH}?nocatalog=true", self.iam))
            .header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
            .body(bytes::Bytes::from_owner(self.body()?))
            .send()
            .await
            .map_err(|error| {
                CredentialsError::unavailable(format!("{} does not answer", self.iam)).because(error.without_url())
            })?;
        let status = answer.status().as_u16();
        let refused =
            |next: &str| format!("{} refused the login of user {:?} with {status}: {next}", self.iam, self.user);
        Err(match status {
            201 => return self.token(answer).await,
            401 => CredentialsError::invalid(refused("check account, user and password")),
            403 => CredentialsError::invalid(refused("check that the user may log in by programs")),
            429 => CredentialsError::unavailable(refused("too many logins: wait")),
            500..=599 => CredentialsError::unavailable(refused("try again later")),
            400 | 404 => CredentialsError::invalid(refused("check the names of account and project")),
            _ => CredentialsError::invalid(refused("check the endpoint")),
        })
    }

    async fn token(&self, answer: reqwest::Response) -> Result<Credentials, CredentialsError> {
        let wrong = |what: &str| CredentialsError::invalid(format!("{} answered the login without {what}", self.iam));
        let token = answer
            .headers()
            .get("x-subject-token")
            .and_then(|value| value.to_str().ok())
            .ok_or_else(|| wrong("a token (X-Subject-Token)"))?;
        let credentials = Credentials::token(token)?;
        let body = super::read(answer, ANSWER_LIMIT).await?;
        let Ok(Answer { token }) = serde_json::from_slice(&body) else {
            return Err(wrong("what the token is for"));
        };
        let expires = date::parse_iso(&token.expires_at).ok_or_else(|| wrong("an expiry"))?;
        let credentials = credentials.with_expiry(expires);
        Ok(match token.project {
            Some(project) => credentials.with_project_id(project.id),
            None => credentials,
        })
    }

    fn body(&self) -> Result<Zeroizing<Vec<u8>>, CredentialsError> {
        // Written piece by piece: a JSON value of it would keep a copy of the password that nobody wipes.
        let parts = [
            (r#"{"auth":{"identity":{"methods":["password"],"password":{"user":{"name":"#, self.user.as_str()),
            (r#","password":"#, self.password.text()),
            (r#","domain":{"name":"#, &self.account),
            (r#"}}}},"scope":{"project":{"name":"#, &self.project),
        ];
        // Room for the escapes, so that the buffer does not grow and leave copies behind.
        let length = self.user.len() + self.account.len() + self.project.len() + self.password.text().len();
        let mut body = Zeroizing::new(Vec::with_capacity(256 + 6 * length));
        for (before, text) in parts {
            body.extend_from_slice(before.as_bytes());
            serde_json::to_writer(&mut *body, text)
                .map_err(|_| CredentialsError::invalid("the login cannot be written as JSON"))?;
        }
        body.extend_from_slice(b"}}}}");
        Ok(body)
    }
}

impl ProvideCredentials for PasswordLogin {
    fn name(&self) -> &'static str {
        "password login"
    }

    fn provide<'a>(&'a self, context: Context<'a>) -> Provided<'a> {
        Box::pin(self.login(context.http()))
    }
}

#[derive(Deserialize)]
struct Answer {
    token: Token,
}

#[derive(Deserialize)]
struct Token {
    expires_at: String,
    project: Option<Project>,
}

#[derive(Deserialize)]
struct Project {
    id: String,
}
