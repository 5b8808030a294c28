//! Calls by operation id, with JSON arguments and a JSON answer: for command lines and tools that learn at run time
//! what to call. They are the typed calls, so each value is checked as there.

use std::fmt::Display;
use std::pin::Pin;
use std::str::FromStr;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::error::text::escape;
use crate::error::{Error, Failure};
use crate::generated::dynamic::CALLS;
use crate::{Client, Operation, Response, json, operations};

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
pub async fn call(client: &Client, operation: &str, arguments: &Map<String, Value>) -> Result<Response<Value>, Error> {
    let (known, calling) = find(operation)?;
    let arguments = Arguments { operation: known, given: arguments.clone(), known: Vec::new() };
    calling(client.clone(), arguments).await
}

/// The operation of this id, and how it is called.
pub(crate) fn find(id: &str) -> Result<(&'static Operation, Calling), Error> {
    let mut known = operations::ALL.iter().zip(CALLS);
    let found = known.find(|(operation, _)| operation.id == id).map(|(operation, calling)| (*operation, *calling));
    found.ok_or_else(|| {
        let known: Vec<&str> = operations::ALL.iter().map(|operation| operation.id).collect();
        let reason = format!("there is no operation {}; there are {}", escape(id, 80), known.join(", "));
        Error::new(Failure::InvalidRequest, None, reason)
    })
}

/// How a call by id is made.
pub(crate) type Calling = fn(Client, Arguments) -> Pin<Box<dyn Future<Output = Result<Response<Value>, Error>> + Send>>;

/// The arguments of a call; each is taken once, and none may be left.
pub(crate) struct Arguments {
    operation: &'static Operation,
    given: Map<String, Value>,
    known: Vec<&'static str>,
}

impl Arguments {
    /// A parameter, whose value may be written as text whatever its type.
    pub(crate) fn parameter<T: FromStr<Err: Display>>(&mut self, name: &'static str) -> Result<Option<T>, Error> {
        let text = match self.take(name) {
            None => return Ok(None),
            Some(Value::String(text)) => text,
            Some(value @ (Value::Number(_) | Value::Bool(_))) => value.to_string(),
            Some(other) => {
                let reason = format!("{name}: {other} is neither a text nor a number nor true or false");
                return Err(Error::invalid_request(self.operation, reason));
            }
        };
        let value = text.parse().map_err(|reason| Error::invalid_request(self.operation, format!("{name}: {reason}")));
        value.map(Some)
    }

    /// The request body, which has no fields and values that its type doesn't name.
    pub(crate) fn body<T: DeserializeOwned>(&mut self) -> Result<Option<T>, Error> {
        let Some(value) = self.take("body") else { return Ok(None) };
        json::decode_request(&value).map(Some).map_err(|reason| Error::invalid_request(self.operation, reason))
    }

    pub(crate) fn finish(self) -> Result<(), Error> {
        let Some(name) = self.given.keys().next() else { return Ok(()) };
        let reason = format!("there is no argument {name}; there are {}", self.known.join(", "));
        Err(Error::invalid_request(self.operation, reason))
    }

    fn take(&mut self, name: &'static str) -> Option<Value> {
        self.known.push(name);
        self.given.remove(name)
    }
}

/// A typed answer as JSON.
pub(crate) fn untyped<T: Serialize>(answer: Response<T>) -> Result<Response<Value>, Error> {
    answer.try_map(|value| {
        serde_json::to_value(value).map_err(|reason| Error::new(Failure::Decode, None, reason.to_string()))
    })
}
