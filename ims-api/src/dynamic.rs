//! Calls by operation id, with JSON arguments and a JSON answer: for command lines and tools that learn at run time
//! what to call. They are the typed calls, so each value is checked as there.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::error::{Error, Failure};
use crate::{Client, Operation, ResponseValue, operations};

/// Calls an operation of [`operations::ALL`] by its id.
///
/// `arguments` holds parameters by the document's names, and the request body as `body`. A parameter that is no string
/// may be given as one: `"10"` for a number.
///
/// ```
/// # async fn run(client: ims_api::Client) -> Result<(), Box<dyn std::error::Error>> {
/// let arguments = serde_json::json!({"image_id": "67e17426-359e-49fb-aa12-0bd1756ec240"});
/// let arguments = arguments.as_object().ok_or("no object")?;
/// let answer = ims_api::dynamic::call(&client, "ListImageTags", arguments).await?;
/// println!("{}", answer.into_inner());
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// An operation or argument that doesn't exist, a value that its type refuses, or anything the typed call answers.
pub async fn call(
    client: &Client,
    operation: &str,
    arguments: &Map<String, Value>,
) -> Result<ResponseValue<Value>, Error> {
    crate::generated::dynamic::call(client, operation, arguments).await
}

/// The arguments of a call; each may be taken once, and none may be left.
pub(crate) struct Arguments<'a> {
    operation: &'static Operation,
    given: &'a Map<String, Value>,
    known: Vec<&'static str>,
}

impl<'a> Arguments<'a> {
    pub(crate) fn new(operation: &'static Operation, given: &'a Map<String, Value>) -> Self {
        Self { operation, given, known: Vec::new() }
    }

    pub(crate) fn take<T: DeserializeOwned>(&mut self, name: &'static str) -> Result<Option<T>, Error> {
        self.known.push(name);
        let Some(value) = self.given.get(name) else { return Ok(None) };
        let typed = serde_path_to_error::deserialize(value).or_else(|reason| {
            let written = value.as_str().and_then(|text| serde_json::from_str(text).ok());
            written.ok_or(reason)
        });
        typed.map(Some).map_err(|reason| {
            let place = match reason.path().to_string() {
                whole if whole == "." => name.to_owned(),
                inside if inside.starts_with('[') => format!("{name}{inside}"),
                inside => format!("{name}.{inside}"),
            };
            Error::invalid_request(self.operation, format!("{place}: {}", reason.into_inner()))
        })
    }

    pub(crate) fn finish(self) -> Result<(), Error> {
        match self.given.keys().find(|name| !self.known.contains(&name.as_str())) {
            None => Ok(()),
            Some(name) => Err(Error::invalid_request(
                self.operation,
                format!("there is no argument {name}; there are {}", self.known.join(", ")),
            )),
        }
    }
}

pub(crate) fn answer<T: Serialize>(answer: ResponseValue<T>) -> Result<ResponseValue<Value>, Error> {
    let (status, headers) = (answer.status(), answer.headers().clone());
    let value = serde_json::to_value(answer.into_inner())
        .map_err(|reason| Error::new(Failure::Decode, None, reason.to_string()))?;
    Ok(ResponseValue::new(value, status, headers))
}

pub(crate) fn unknown(operation: &str) -> Error {
    let known: Vec<&str> = operations::ALL.iter().map(|operation| operation.id).collect();
    Error::new(
        Failure::InvalidRequest,
        None,
        format!("there is no operation {}; there are {}", crate::error::text::escape(operation, 80), known.join(", ")),
    )
}
