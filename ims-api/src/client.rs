//! The client: made by its builder only, cheap to clone.

use crate::{Error, Operation, ResponseValue};
use serde::de::DeserializeOwned;

/// x
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    endpoint: String,
}

impl Client {
    pub(crate) fn endpoint(&self) -> &str {
        &self.endpoint
    }
    pub(crate) fn http(&self) -> &reqwest::Client {
        &self.http
    }
    pub(crate) async fn project_id<T>(&self, operation: &'static Operation) -> Result<T, Error> {
        Err(Error::invalid_request(operation, "project_id: not set".to_owned()))
    }
    pub(crate) async fn call<T: DeserializeOwned>(
        &self,
        operation: &'static Operation,
        request: reqwest::Request,
    ) -> Result<ResponseValue<T>, Error> {
        let _ = request;
        Err(Error::invalid_request(operation, String::new()))
    }
}
