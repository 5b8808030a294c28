//! A call from its arguments to its answer: what the generated builders are made of.

use std::fmt::{self, Display};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderName, HeaderValue};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::transport::{Answer, CallOptions, Content, Outgoing};
use crate::{Client, Error, Operation, Response, Retry};

/// An argument that must be given: what was given, or why it was refused.
pub(crate) type Required<T> = Option<Result<T, String>>;
/// An argument that may be left out.
pub(crate) type Optional<T> = Option<Result<T, String>>;

/// What a setter was given, as the type it is.
pub(crate) fn given<T, V: TryInto<T, Error: Display>>(name: &str, value: V) -> Optional<T> {
    Some(value.try_into().map_err(|reason| format!("{name}: {reason}")))
}

/// The items that a setter of a list was given.
#[allow(dead_code, reason = "which of these a document needs depends on its operations")]
pub(crate) fn items<T, V>(name: &str, values: impl IntoIterator<Item = V>) -> Optional<Vec<T>>
where
    V: TryInto<T, Error: Display>,
{
    let convert = |(index, value): (usize, V)| value.try_into().map_err(|reason| format!("{name}[{index}]: {reason}"));
    Some(values.into_iter().enumerate().map(convert).collect())
}

pub(crate) fn required<T>(name: &str, argument: Required<T>) -> Result<T, String> {
    argument.unwrap_or_else(|| Err(format!("{name} is missing")))
}

/// What each builder of a call holds besides its arguments.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    client: Client,
    operation: &'static Operation,
    options: CallOptions,
}

impl Call {
    pub(crate) fn new(client: &Client, operation: &'static Operation) -> Self {
        Self { client: client.clone(), operation, options: CallOptions::default() }
    }

    pub(crate) fn operation(&self) -> &'static Operation {
        self.operation
    }

    pub(crate) fn timeout(&mut self, timeout: Duration) {
        self.options.timeout = Some(timeout);
    }

    pub(crate) fn retry(&mut self, retry: Retry) {
        self.options.retry = Some(retry);
    }

    pub(crate) fn header(&mut self, name: &str, value: &str) {
        self.options.header(name, value);
    }

    pub(crate) fn request(self) -> Request {
        Request { call: self, outgoing: Outgoing::default(), project: None, refused: None }
    }
}

/// A request while it is put together. Of several refused arguments the first is told.
pub(crate) struct Request {
    call: Call,
    outgoing: Outgoing,
    /// The parameter of the path that is the client's project.
    project: Option<&'static str>,
    refused: Option<String>,
}

#[allow(dead_code, reason = "which of these a document needs depends on its operations")]
impl Request {
    /// A parameter of the path.
    pub(crate) fn path<T: Display>(&mut self, name: &'static str, value: Required<T>) {
        if let Some(value) = self.take(required(name, value)) {
            self.outgoing.path.push((name, value.to_string()));
        }
    }

    /// A parameter of the path that is the client's project where none is given.
    pub(crate) fn project<T: Display>(&mut self, name: &'static str, value: Optional<T>) {
        match value {
            Some(value) => self.path(name, Some(value)),
            None => self.project = Some(name),
        }
    }

    /// A parameter of the query.
    pub(crate) fn query<T: Display>(&mut self, name: &'static str, value: Optional<T>) {
        if let Some(value) = value.and_then(|value| self.take(value)) {
            self.outgoing.query.push((name, value.to_string()));
        }
    }

    /// A header that is a parameter.
    pub(crate) fn header<T: Display>(&mut self, name: &str, value: Optional<T>) {
        let Some(value) = value.and_then(|value| self.take(value)) else { return };
        let header = HeaderName::try_from(name).ok().zip(HeaderValue::from_str(&value.to_string()).ok());
        let header = header.ok_or_else(|| format!("{name}: has characters that no header can carry"));
        if let Some((name, value)) = self.take(header) {
            self.outgoing.headers.push((name, value));
        }
    }

    /// A parameter that must be given.
    pub(crate) fn require<T>(&mut self, name: &str, value: Required<T>) -> Required<T> {
        self.take(required(name, value)).map(Ok)
    }

    /// The body as JSON of this media type, once it keeps the document's limits.
    pub(crate) fn body<T: Serialize>(
        &mut self,
        media_type: &'static str,
        body: Optional<T>,
        check: impl FnOnce(&T) -> Result<(), String>,
    ) {
        let Some(body) = body.and_then(|body| self.take(body)) else { return };
        let written = check(&body).and_then(|()| serde_json::to_vec(&body).map_err(|reason| format!("body: {reason}")));
        self.outgoing.body = self.take(written).map(Into::into);
        self.outgoing.headers.push((CONTENT_TYPE, HeaderValue::from_static(media_type)));
    }

    /// Sends it; success carries JSON of this media type.
    pub(crate) fn send<T: DeserializeOwned>(self, media_type: &'static str) -> ResponseFuture<T> {
        ResponseFuture { exchange: self.exchange(Content::Json, media_type), response: Answer::decode }
    }

    /// Sends it; success carries nothing, and refusals are JSON.
    pub(crate) fn send_empty(self) -> ResponseFuture<()> {
        let response = |answer: Answer| Ok(answer.with(()));
        ResponseFuture { exchange: self.exchange(Content::Empty, "application/json"), response }
    }

    fn exchange(mut self, content: Content, accept: &'static str) -> Exchange {
        self.outgoing.headers.push((ACCEPT, HeaderValue::from_static(accept)));
        Box::pin(async move {
            self.complete().await?;
            let Call { client, operation, options } = &self.call;
            client.transport().exchange(operation, &self.outgoing, content, options).await
        })
    }

    /// Adds what the client knows, or says why the call can't be sent.
    async fn complete(&mut self) -> Result<(), Error> {
        let Call { client, operation, options } = &self.call;
        if let Some(reason) = self.refused.take() {
            return Err(Error::invalid_request(operation, reason));
        }
        // Looked up where all else is checked, since that may ask IAM: for wrong input nothing is sent to anybody.
        if let Some(name) = self.project {
            let id = client.project_id(operation).await?;
            self.outgoing.path.push((name, id.to_string()));
        }
        client.transport().add_headers(operation, &mut self.outgoing.headers, options)
    }

    fn take<T>(&mut self, value: Result<T, String>) -> Option<T> {
        value.map_err(|reason| self.refused.get_or_insert(reason)).ok()
    }
}

type Exchange = Pin<Box<dyn Future<Output = Result<Answer, Error>> + Send>>;

/// The answer of a call that `send` has put together. Nothing is sent before it is awaited; dropped, it ends the call.
#[must_use = "nothing is sent before it is awaited"]
pub struct ResponseFuture<T> {
    /// The same for all operations, and compiled in this crate alone.
    exchange: Exchange,
    response: fn(Answer) -> Result<Response<T>, Error>,
}

impl<T> Future for ResponseFuture<T> {
    type Output = Result<Response<T>, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.exchange.as_mut().poll(context).map(|answer| (self.response)(answer?))
    }
}

impl<T> fmt::Debug for ResponseFuture<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}

/// What the builders of all calls can do. As all that is made for one operation it is inline: compiled where it is called,
/// so that users pay for the operations they use.
macro_rules! call {
    ($builder:ident, $answer:ty) => {
        impl $builder {
            /// How long this call may take with all attempts and waits, in place of the client's own limit.
            #[inline]
            pub fn timeout(mut self, timeout: std::time::Duration) -> Self {
                self.call.timeout(timeout);
                self
            }

            /// When this call is tried again, in place of the client's own rule.
            #[inline]
            pub fn retry(mut self, retry: crate::Retry) -> Self {
                self.call.retry(retry);
                self
            }

            /// A header of this call alone; the last of a name counts, over the client's. What decides where a request
            /// goes, whose it is and what it carries is refused when the call is sent.
            #[inline]
            pub fn header(mut self, name: &str, value: &str) -> Self {
                self.call.header(name, value);
                self
            }
        }

        impl std::future::IntoFuture for $builder {
            type Output = Result<crate::Response<$answer>, crate::Error>;
            type IntoFuture = crate::ResponseFuture<$answer>;

            #[inline]
            fn into_future(self) -> Self::IntoFuture {
                self.send()
            }
        }
    };
}
pub(crate) use call;
