//! A call: the client by the settings, the request, the pages, the result.

use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use clap::ArgMatches;
use serde_json::{Map, Value};

use super::exit::Exit;
use super::language::{Said, said};
use super::model::{Command, Paging};
use super::output::{self, Form};
use super::stop::Stop;
use super::{Io, request};
use crate::paging::{Items, Page, Style, Window};
use crate::watch::{Seen, Watch};
use crate::{Client, ClientBuilder, Failure};

/// The global flags.
pub(crate) struct Settings {
    pub(crate) region: Option<String>,
    pub(crate) endpoint: Option<String>,
    pub(crate) project_id: Option<String>,
    pub(crate) timeout: Option<Duration>,
    form: Form,
    query: Option<jmespath::Expression<'static>>,
    dry_run: bool,
    verbose: bool,
}

impl Settings {
    pub(crate) fn of(matches: &ArgMatches) -> Result<Self, Stop> {
        let text = |name: &str| matches.get_one::<String>(name).cloned();
        let query = text("query").map(|query| {
            jmespath::compile(&query).map_err(|error| {
                let reason = error.to_string();
                Stop::usage(Said::same(format!("--query: {}", reason.lines().next().unwrap_or_default())))
            })
        });
        Ok(Self {
            region: text("region"),
            endpoint: text("endpoint"),
            project_id: text("project-id"),
            timeout: matches.get_one::<Duration>("timeout").copied(),
            form: Form::of(text("output").as_deref()),
            query: query.transpose()?,
            dry_run: matches.get_flag("dry-run"),
            verbose: matches.get_flag("verbose"),
        })
    }

    /// A builder of the client that the flags describe.
    pub(crate) fn builder(&self, io: &Io<'_>) -> Result<ClientBuilder, Stop> {
        let region = io.environment.variable("HW_REGION_NAME").map_err(|reason| Stop::usage(Said::same(reason)))?;
        if self.region.is_none() && self.endpoint.is_none() && region.is_none() {
            return Err(Stop::usage(said!(
                "neither region nor endpoint is known: give --region, for example cn-north-4, or --endpoint, or set HW_REGION_NAME",
                "区域和终端节点均未知：请指定 --region（例如 cn-north-4）或 --endpoint，或设置 HW_REGION_NAME"
            )));
        }
        let mut builder = Client::builder()
            .environment(io.environment.clone())
            .user_agent(concat!("ims/", env!("CARGO_PKG_VERSION")));
        if let Some(region) = &self.region {
            builder = builder.region(region.as_str());
        }
        if let Some(endpoint) = &self.endpoint {
            builder = builder.endpoint(endpoint.as_str());
        }
        if let Some(id) = &self.project_id {
            builder = builder.project_id(id);
        }
        if let Some(timeout) = self.timeout {
            builder = builder.total_timeout(timeout);
        }
        Ok(builder)
    }
}

/// What was seen of the calls so far.
#[derive(Default)]
struct Record {
    /// The request, if it was only to be shown.
    request: Option<(String, String)>,
    /// The body of the last success.
    body: bytes::Bytes,
    /// What `-v` shows.
    lines: Vec<String>,
}

pub(crate) async fn call(
    operation: &'static Command,
    arguments: Map<String, Value>,
    matches: &ArgMatches,
    settings: &Settings,
    io: &mut Io<'_>,
) -> Result<(), Stop> {
    let record: Arc<Mutex<Record>> = Arc::default();
    let client = settings
        .builder(io)?
        .watched(watch(settings, &record), settings.dry_run)
        .build()
        .map_err(|error| Stop::Call(error, &[]))?;
    let caller = Caller { operation, client, record };
    let paging = operation.paging.as_ref().filter(|_| matches.try_get_one("page-all").ok().flatten() == Some(&true));
    let outcome = match paging {
        Some(paging) if !settings.dry_run => caller.all(paging, arguments, settings, io).await,
        _ => {
            let outcome = caller.once(&arguments).await;
            // Before the result, as it went.
            caller.show(io)?;
            outcome.and_then(|()| caller.print(settings, io))
        }
    };
    caller.show(io)?;
    match outcome {
        Err(Stop::Call(error, _)) if settings.dry_run => match caller.record().request.take() {
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
            None => Err(Stop::Call(error, operation.permissions)),
        },
        outcome => outcome,
    }
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
            Seen::Body(body) => record.body = body.clone(),
            Seen::Request(_) | Seen::Answer(..) => {}
        }
        ControlFlow::Continue(())
    })
}

struct Caller {
    operation: &'static Command,
    client: Client,
    record: Arc<Mutex<Record>>,
}

impl Caller {
    fn record(&self) -> std::sync::MutexGuard<'_, Record> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Calls; the answer has passed its type, and its body is in the record.
    async fn once(&self, arguments: &Map<String, Value>) -> Result<(), Stop> {
        let answer = crate::dynamic::call(&self.client, self.operation.operation.id, arguments).await;
        answer.map(|_| ()).map_err(|error| Stop::Call(error, self.operation.permissions))
    }

    /// Prints what `-v` has collected.
    fn show(&self, io: &mut Io<'_>) -> Result<(), Stop> {
        for line in std::mem::take(&mut self.record().lines) {
            writeln!(io.errors.to, "{line}")?;
        }
        Ok(())
    }

    fn print(&self, settings: &Settings, io: &mut Io<'_>) -> Result<(), Stop> {
        let body = std::mem::take(&mut self.record().body);
        // An answer without content is no result.
        if body.is_empty() {
            return Ok(());
        }
        let value = parsed(&body)?;
        match &settings.query {
            None => output::print(&value, Some(&body), settings.form, &mut io.output),
            Some(query) => output::print(&queried(query, &value)?, None, settings.form, &mut io.output),
        }
    }

    /// All pages as one list: of JSON item by item, since it needs to know nothing of the later ones.
    async fn all(
        &self,
        paging: &'static Paging,
        arguments: Map<String, Value>,
        settings: &Settings,
        io: &mut Io<'_>,
    ) -> Result<(), Stop> {
        let streams = settings.form == Form::Json && settings.query.is_none();
        let mut items = self.items(paging, arguments);
        let mut list = Vec::new();
        let mut count = 0_u64;
        let outcome = loop {
            let item = match items.next().await {
                None => break Ok(()),
                Some(Err(error)) => break Err(Stop::Call(error, self.operation.permissions)),
                Some(Ok(item)) => item,
            };
            if streams {
                let head = if count == 0 { format!("{{{}: [", Value::from(paging.items)) } else { ",".to_owned() };
                let item = output::json(&item, io.output.terminal);
                write!(io.output.to, "{head}\n{item}")?;
            } else {
                list.push(item);
            }
            count += 1;
            if io.errors.terminal && !io.output.terminal {
                write!(io.errors.to, "\r{count}")?;
                io.errors.to.flush()?;
            }
            self.show(io)?;
        };
        if io.errors.terminal && !io.output.terminal && count > 0 {
            write!(io.errors.to, "\r\u{1b}[K")?;
        }
        outcome?;
        if streams {
            let head = if count == 0 { format!("{{{}: [", Value::from(paging.items)) } else { "\n".to_owned() };
            return Ok(writeln!(io.output.to, "{head}]}}")?);
        }
        let value = Value::Object(Map::from_iter([(paging.items.to_owned(), Value::Array(list))]));
        let value = settings.query.as_ref().map_or(Ok(value.clone()), |query| queried(query, &value))?;
        output::print(&value, None, settings.form, &mut io.output)
    }

    /// The stream of the typed calls, with what the service sent as items.
    fn items(&self, paging: &'static Paging, arguments: Map<String, Value>) -> Items<'_, Value> {
        let style = if paging.by_page { Style::Number } else { Style::Offset };
        let number = |name: &str| {
            let holder = if paging.in_body { arguments.get("body")?.as_object()? } else { &arguments };
            let value = holder.get(name)?;
            value.as_u64().or_else(|| value.as_str()?.parse().ok())
        };
        let window = Window {
            place: number(paging.place).unwrap_or(u64::from(paging.by_page)),
            size: number(paging.limit).unwrap_or(paging.size),
        };
        Items::new(self.operation.operation, style, Ok(window), move |window| {
            let mut arguments = arguments.clone();
            let holder = if paging.in_body {
                arguments.get_mut("body").and_then(Value::as_object_mut)
            } else {
                Some(&mut arguments)
            };
            if let Some(holder) = holder {
                // The type writes it as its schema says: as a number or as a string.
                holder.insert(paging.limit.to_owned(), window.size.into());
                holder.insert(paging.place.to_owned(), window.place.into());
            }
            Box::pin(async move {
                crate::dynamic::call(&self.client, self.operation.operation.id, &arguments).await?;
                let body = std::mem::take(&mut self.record().body);
                let mut answer: Value = serde_json::from_slice(&body).unwrap_or_default();
                let total = paging.total.and_then(|total| answer.get(total)?.as_u64());
                let items = match answer.get_mut(paging.items).map(Value::take) {
                    Some(Value::Array(items)) => items,
                    _ => Vec::new(),
                };
                Ok(Page { total, items })
            })
        })
    }
}

fn parsed(body: &[u8]) -> Result<Value, Stop> {
    serde_json::from_slice(body).map_err(|error| {
        Stop::Reason(Exit::BadAnswer, said!("the answer is no JSON: {error}", "响应不是JSON：{error}"))
    })
}

fn queried(query: &jmespath::Expression<'_>, value: &Value) -> Result<Value, Stop> {
    let found = query.search(value).map_err(|error| {
        let reason = error.to_string();
        Stop::usage(Said::same(format!("--query: {}", reason.lines().next().unwrap_or_default())))
    })?;
    serde_json::to_value(&*found).map_err(|error| Stop::usage(Said::same(format!("--query: {error}"))))
}
