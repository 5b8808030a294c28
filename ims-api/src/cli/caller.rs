//! A client that is watched: what is seen of its calls, and their results.

use indicatif::ProgressBar;
use serde_json::{Map, Value};
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, PoisonError};

use super::exit::Exit;
use super::language::said;
use super::model::Command;
use super::settings::Settings;
use super::stop::Stop;
use super::{Io, request};
use crate::request::Call;
use crate::watch::{Seen, Watch};
use crate::{Client, Error, Failure};

/// What was seen of the calls so far.
#[derive(Default)]
pub(crate) struct Record {
    /// The request, if it was only to be shown.
    request: Option<(String, String)>,
    /// The body of the last success.
    pub(crate) body: bytes::Bytes,
    /// What `-v` shows.
    lines: Vec<String>,
    /// Whether an answer lacked the list that its pages are of.
    pub(crate) listless: bool,
}

fn watch(settings: &Settings, record: &Arc<Mutex<Record>>) -> Watch {
    let (dry_run, verbose, record) = (settings.dry_run, settings.verbose, Arc::clone(record));
    Arc::new(move |seen| {
        let mut record = record.lock().unwrap_or_else(PoisonError::into_inner);
        match seen {
            Seen::Request(request) if dry_run => {
                record.request = Some((request::shown(request), request::curl(request)));
                return ControlFlow::Break(());
            }
            Seen::Request(request) if verbose => {
                record.lines.extend(request::shown(request).lines().map(|line| format!("> {line}")));
            }
            Seen::Answer(status, headers) if verbose => {
                record.lines.extend(request::answered(status, headers).into_iter().map(|line| format!("< {line}")));
            }
            Seen::Body(body) => {
                if verbose {
                    record.lines.extend(request::carried(body).lines().map(|line| format!("< {line}")));
                }
                record.body = body.clone();
            }
            Seen::Request(_) | Seen::Answer(..) => {}
        }
        ControlFlow::Continue(())
    })
}

/// A client, and what is seen of its calls.
#[derive(Clone)]
pub(crate) struct Caller {
    pub(crate) client: Client,
    permissions: &'static [&'static str],
    lenient: bool,
    record: Arc<Mutex<Record>>,
}

impl Caller {
    pub(crate) fn new(settings: &Settings, permissions: &'static [&'static str], io: &Io<'_>) -> Result<Self, Stop> {
        let record: Arc<Mutex<Record>> = Arc::default();
        let builder = settings.builder(io)?.watched(watch(settings, &record), settings.dry_run);
        let client = builder.build().map_err(|error| Stop::Call(error, &[]))?;
        Ok(Self { client, permissions, lenient: settings.lenient, record })
    }

    /// The same, for calls that need these permissions.
    pub(crate) fn granted(self, permissions: &'static [&'static str]) -> Self {
        Self { permissions, ..self }
    }

    pub(crate) fn record(&self) -> std::sync::MutexGuard<'_, Record> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn failed(&self, error: Error) -> Stop {
        Stop::Call(error, self.permissions)
    }

    /// Shows what is left to show; of a dry run the request.
    pub(crate) fn finish(self, outcome: Result<(), Stop>, settings: &Settings, io: &mut Io<'_>) -> Result<(), Stop> {
        self.show(io)?;
        match outcome {
            Err(Stop::Call(error, permissions)) if settings.dry_run => match self.record().request.take() {
                Some((request, curl)) => {
                    let note = "# as curl; a signature is secret, lasts 15 minutes and is left out: ***";
                    let note = if request.contains("\nauthorization: ") { note } else { "# as curl" };
                    Ok(write!(io.output.to, "{request}\n{note}\n{curl}")?)
                }
                None if error.failure() == Failure::Project => Err(Stop::Reason(
                    Exit::Credentials,
                    said!(
                        "--dry-run sends nothing, not even the question for the project: give --project-id, or set HUAWEICLOUD_SDK_PROJECT_ID",
                        "--dry-run 不发送任何请求，也不查询项目：请指定 --project-id，或设置 HUAWEICLOUD_SDK_PROJECT_ID"
                    ),
                )),
                None => Err(Stop::Call(error, permissions)),
            },
            outcome => outcome,
        }
    }

    /// Calls; the answer has passed its type, and its body is in the record.
    pub(crate) async fn call(&self, command: &'static Command, arguments: &Map<String, Value>) -> Result<(), Error> {
        if self.lenient {
            return self.unchecked(command, arguments).await;
        }
        crate::dynamic::call(&self.client, command.operation.id, arguments).await.map(|_| ())
    }

    /// The same without the types, which would refuse what the document doesn't name.
    async fn unchecked(&self, command: &'static Command, arguments: &Map<String, Value>) -> Result<(), Error> {
        let operation = command.operation;
        let mut request = Call::new(&self.client, operation).request();
        for (name, value) in arguments.iter().filter(|(name, _)| *name != "body") {
            let value = Some(Ok(word(value)));
            if operation.path.contains(&format!("{{{name}}}")) {
                request.path(name, value);
            } else if command.headers.contains(&name.as_str()) {
                request.header(name, value);
            } else {
                request.query(name, value);
            }
        }
        if operation.path.contains("{project_id}") && !arguments.contains_key("project_id") {
            request.project("project_id", None::<Result<String, String>>);
        }
        let media_type = command.body.map_or("application/json", |body| body.media_type);
        request.body(media_type, arguments.get("body").map(Ok), |_| Ok(()));
        match command.answer {
            Some(media_type) => request.send::<Value>(media_type).await.map(|_| ()),
            None => request.send_empty().await.map(|_| ()),
        }
    }

    /// What the answer says in this field: the job that goes on.
    pub(crate) fn started(&self, field: &str) -> Result<String, Stop> {
        let answer = parsed(&self.record().body)?;
        answer.get(field).and_then(Value::as_str).map(str::to_owned).ok_or_else(|| {
            let reason = said!("the answer names no job: it has no {field}", "响应中没有任务ID（{field}）");
            Stop::Reason(Exit::BadAnswer, reason)
        })
    }

    /// Has a line shown on standard error.
    pub(crate) fn tell(&self, line: String) {
        self.record().lines.push(line);
    }

    /// Shows what is seen while the work goes on, beside its bar.
    pub(crate) async fn showing<T>(&self, work: impl Future<Output = T>, bar: &ProgressBar, io: &mut Io<'_>) -> T {
        let mut work = std::pin::pin!(work);
        std::future::poll_fn(|context| {
            let ended = work.as_mut().poll(context);
            // A line that can't be shown ends nothing.
            let _ = bar.suspend(|| self.show(io));
            ended
        })
        .await
    }

    /// Prints what `-v` has collected.
    pub(crate) fn show(&self, io: &mut Io<'_>) -> Result<(), Stop> {
        for line in std::mem::take(&mut self.record().lines) {
            writeln!(io.errors.to, "{line}")?;
        }
        Ok(())
    }

    pub(crate) fn print(&self, operation: &Command, settings: &Settings, io: &mut Io<'_>) -> Result<(), Stop> {
        let body = std::mem::take(&mut self.record().body);
        // An answer without content is no result.
        if body.is_empty() {
            return Ok(());
        }
        let value = parsed(&body)?;
        settings.print(&value, Some(&body), operation.lists, io)
    }
}

/// A parameter's value as a request has it.
pub(crate) fn word(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn parsed(body: &[u8]) -> Result<Value, Stop> {
    serde_json::from_slice(body).map_err(|error| {
        Stop::Reason(Exit::BadAnswer, said!("the answer is no JSON: {error}", "响应不是JSON：{error}"))
    })
}
