//! x
use crate::Operation;
/// x
#[derive(Debug)]
pub struct Error(String);
impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
impl std::error::Error for Error {}
impl Error {
    pub(crate) fn invalid_request(_operation: &'static Operation, reason: String) -> Self {
        Self(reason)
    }
    pub(crate) fn unbuildable(_operation: &'static Operation, source: reqwest::Error) -> Self {
        Self(source.to_string())
    }
}
