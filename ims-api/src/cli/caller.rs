//! A client that is watched: what is seen of its calls, and their results.

use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Map, Value};

use super::exit::Exit;
use super::language::said;
use super::model::Command;
use super::settings::Settings;
use super::stop::Stop;
use super::{Io, request};
use crate::request::Call;
use crate::watch::{Seen, Watch};
use crate::{Client, Error, Failure, dynamic};

/// What was seen of the calls so far.
#[derive(Default)]
pub(crate) struct Record {
    /// The request, if it was only to be shown.
    request: Option<String>,
    /// The body of the last success.
    pub(crate) body: bytes::Bytes,
    /// What `-v` shows.
    pub(crate) lines: Vec<String>,
    /// Whether an answer lacked the list that its pages are of.
    pub(crate) listless: bool,
}

fn watch(settings: &Settings, record: &Arc<Mutex<Record>>) -> Watch {
    let (dry_run, verbose, record) = (settings.dry_run, settings.verbose, Arc::clone(record));
    Arc::new(move |seen| {
        let mut record = record.lock().unwrap_or_else(PoisonError::into_inner);
        match seen {
            Seen::Request(request) if dry_run => {
                record.request = Some(request::twice(request));
                return ControlFlow::Break(());
            }
            Seen::Body(body) => record.body = body.clone(),
            Seen::Request(_) | Seen::Answer(..) => {}
        }
        if verbose {
            let (mark, text) = match seen {
                Seen::Request(request) => ('>', request::shown(request)),
                Seen::Answer(status, headers) => ('<', request::answered(status, headers)),
                Seen::Body(body) => ('<', request::carried(body)),
            };
            record.lines.extend(text.lines().map(|line| format!("{mark} {line}")));
        }
        ControlFlow::Continue(())
    })
}

/// A client, and what is seen of its calls.
#[derive(Clone)]
pub(crate) struct Caller {
    pub(crate) client: Client,
    pub(crate) settings: Arc<Settings>,
    record: Arc<Mutex<Record>>,
}

impl Caller {
    pub(crate) fn new(settings: Settings, io: &Io<'_>) -> Result<Self, Stop> {
        let record: Arc<Mutex<Record>> = Arc::default();
        let client = settings.builder(&io.environment)?.watched(watch(&settings, &record), settings.dry_run).build()?;
        Ok(Self { client, settings: Arc::new(settings), record })
    }

    pub(crate) fn record(&self) -> MutexGuard<'_, Record> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Shows what is left to show; of a dry run the request.
    pub(crate) fn finish(self, outcome: Result<(), Stop>, io: &mut Io<'_>) -> Result<(), Stop> {
        self.show(io)?;
        let Err(Stop::Call(error)) = outcome else { return outcome };
        match self.record().request.take() {
            Some(request) => Ok(writeln!(io.output.to, "{request}")?),
            None if self.settings.dry_run && error.failure() == Failure::Project => Err(Stop::Reason(
                Exit::Credentials,
                said!(
                    "--dry-run sends nothing, not even the question for the project: give --project-id, or set HUAWEICLOUD_SDK_PROJECT_ID",
                    "--dry-run 不发送任何请求，也不查询项目：请指定 --project-id，或设置 HUAWEICLOUD_SDK_PROJECT_ID"
                ),
            )),
            None => Err(Stop::Call(error)),
        }
    }

    /// Calls; the answer has passed its type, and its body is in the record.
    pub(crate) async fn call(&self, command: &'static Command, arguments: &Map<String, Value>) -> Result<(), Error> {
        if !self.settings.lenient {
            return dynamic::call(&self.client, &command.operation, arguments).await.map(drop);
        }
        let (operation, _) = dynamic::find(&command.operation)?;
        // Without the types, which would refuse what the document doesn't name.
        let mut request = Call::new(&self.client, operation).request();
        for name in command.parameters.iter().flat_map(|flag| flag.path.first()) {
            let Some(value) = arguments.get(name).map(|value| Some(Ok(word(value)))) else { continue };
            if operation.path.contains(&format!("{{{name}}}")) {
                request.path(name, value);
            } else if command.headers.contains(name) {
                request.header(name, value);
            } else {
                request.query(name, value);
            }
        }
        if operation.path.contains("{project_id}") {
            request.project("project_id", None::<Result<String, String>>);
        }
        let media_type = command.body.as_ref().map_or("application/json", |body| &body.media_type);
        request.body(media_type, arguments.get("body").map(Ok), |_| Ok(()));
        match &command.answer {
            Some(media_type) => request.send::<Value>(media_type).await.map(drop),
            None => request.send_empty().await.map(drop),
        }
    }

    /// Prints what `-v` has collected.
    pub(crate) fn show(&self, io: &mut Io<'_>) -> Result<(), Stop> {
        for line in std::mem::take(&mut self.record().lines) {
            writeln!(io.errors.to, "{line}")?;
        }
        Ok(())
    }

    /// Prints the body of the last success; one without content is no result.
    pub(crate) fn print(&self, operation: &Command, io: &mut Io<'_>) -> Result<(), Stop> {
        let body = std::mem::take(&mut self.record().body);
        if body.is_empty() {
            return Ok(());
        }
        self.settings.print(&parsed(&body)?, Some(&body), &operation.lists, io)
    }
}

/// A parameter's value as a request has it.
pub(crate) fn word(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// An answer as JSON.
pub(crate) fn parsed(body: &[u8]) -> Result<Value, Stop> {
    serde_json::from_slice(body).map_err(|error| {
        Stop::Reason(Exit::BadAnswer, said!("the answer is no JSON: {error}", "响应不是JSON：{error}"))
    })
}
