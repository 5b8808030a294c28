//! A call: the client by the settings, the request, the pages, the result.

use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use clap::ArgMatches;
use indicatif::ProgressBar;
use serde::Serialize;
use serde_json::{Map, Value};

use super::exit::Exit;
use super::language::{Said, said};
use super::model::{Command, Paging};
use super::output::{self, Form, Layout};
use super::stop::Stop;
use super::{Io, progress, request, waits};
use crate::credentials::Profile;
use crate::paging::{Items, Page, Style, Window, marker, marker_of_link};
use crate::request::Call;
use crate::watch::{Seen, Watch};
use crate::{Client, ClientBuilder, Environment, Error, Failure};

/// The variable of the service's address.
const ENDPOINT: &str = "IMS_ENDPOINT";

/// The global flags.
pub(crate) struct Settings {
    pub(crate) region: Option<String>,
    pub(crate) endpoint: Option<String>,
    pub(crate) project_id: Option<String>,
    pub(crate) timeout: Option<Duration>,
    pub(crate) profile: Option<String>,
    /// Whether a form was asked for.
    pub(crate) formed: bool,
    form: Form,
    header: bool,
    /// Whether fields and values go out that the document doesn't name.
    lenient: bool,
    query: Option<jmespath::Expression<'static>>,
    pub(crate) dry_run: bool,
    verbose: bool,
}

impl Settings {
    pub(crate) fn of(matches: &ArgMatches, environment: &Environment) -> Result<Self, Stop> {
        let variable = |name| environment.variable(name).map_err(|reason| Stop::usage(Said::same(reason)));
        let endpoint = variable(ENDPOINT)?.map(|endpoint| endpoint.to_string());
        let text = |name: &str| matches.get_one::<String>(name).cloned();
        let query = text("query").map(|query| {
            jmespath::compile(&query).map_err(|error| {
                let reason = error.to_string();
                Stop::usage(Said::same(format!("--query: {}", reason.lines().next().unwrap_or_default())))
            })
        });
        Ok(Self {
            region: text("region"),
            endpoint: text("endpoint").or(endpoint),
            profile: text("profile"),
            formed: matches.contains_id("output"),
            header: matches.get_flag("header"),
            lenient: matches.get_flag("allow-unknown"),
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
        if let Some(profile) = &self.profile {
            builder = builder.credentials(Profile::section(io.environment.clone(), profile));
        }
        Ok(builder)
    }

    fn layout(&self, lists: Lists) -> Layout {
        // What a query makes of the answer has no columns of the document's.
        let lists = if self.query.is_some() { &[] } else { lists };
        Layout { form: self.form, header: self.header, lists }
    }

    /// Prints a value in the form that was asked for.
    pub(crate) fn print(&self, value: &Value, raw: Option<&[u8]>, lists: Lists, io: &mut Io<'_>) -> Result<(), Stop> {
        match &self.query {
            None => output::print(value, raw, self.layout(lists), &mut io.output),
            Some(query) => output::print(&queried(query, value)?, None, self.layout(lists), &mut io.output),
        }
    }
}

impl Settings {
    /// Prints a value of the crate's.
    pub(crate) fn print_typed(&self, value: &impl Serialize, lists: Lists, io: &mut Io<'_>) -> Result<(), Stop> {
        let value = serde_json::to_value(value).map_err(|error| Stop::Output(std::io::Error::other(error)))?;
        self.print(&value, None, lists, io)
    }
}

type Lists = &'static [(&'static str, &'static [&'static str])];

/// What was seen of the calls so far.
#[derive(Default)]
struct Record {
    /// The request, if it was only to be shown.
    request: Option<(String, String)>,
    /// The body of the last success.
    body: bytes::Bytes,
    /// What `-v` shows.
    lines: Vec<String>,
    /// Whether an answer lacked the list that its pages are of.
    listless: bool,
}

pub(crate) async fn call(
    operation: &'static Command,
    arguments: Map<String, Value>,
    matches: &ArgMatches,
    settings: &Settings,
    io: &mut Io<'_>,
) -> Result<(), Stop> {
    let caller = Caller::new(settings, operation.permissions, io)?;
    let most = matches.try_get_one::<u64>("max-items").ok().flatten().copied();
    let all = most.is_some() || matches.try_get_one("page-all").ok().flatten() == Some(&true);
    let paging = operation.paging.as_ref().filter(|_| all && !settings.dry_run);
    let outcome = match paging {
        Some(paging) => caller.all(operation, paging, arguments, most, settings, io).await,
        None => {
            let outcome = caller.call(operation, &arguments).await.map_err(|error| caller.failed(error));
            // Before the result, as it went.
            caller.show(io)?;
            match (outcome, waits::Patience::asked(operation, matches)) {
                (Ok(()), Some((patience, field))) => match caller.started(field) {
                    Ok(job) => waits::job(&caller, job, patience, settings, io).await,
                    Err(stop) => Err(stop),
                },
                (outcome, _) => outcome.and_then(|()| caller.print(operation, settings, io)),
            }
        }
    };
    caller.finish(outcome, settings, io)
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

    fn record(&self) -> std::sync::MutexGuard<'_, Record> {
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
    async fn call(&self, command: &'static Command, arguments: &Map<String, Value>) -> Result<(), Error> {
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
        let media_type = command.body.as_ref().map_or("application/json", |body| body.media_type);
        request.body(media_type, arguments.get("body").map(Ok), |_| Ok(()));
        match command.answer {
            Some(media_type) => request.send::<Value>(media_type).await.map(|_| ()),
            None => request.send_empty().await.map(|_| ()),
        }
    }

    /// What the answer says in this field: the job that goes on.
    fn started(&self, field: &str) -> Result<String, Stop> {
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
    fn show(&self, io: &mut Io<'_>) -> Result<(), Stop> {
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

    /// All pages as one list: of JSON item by item, since it needs to know nothing of the later ones.
    async fn all(
        &self,
        operation: &'static Command,
        paging: &'static Paging,
        arguments: Map<String, Value>,
        most: Option<u64>,
        settings: &Settings,
        io: &mut Io<'_>,
    ) -> Result<(), Stop> {
        let streams = settings.form == Form::Json && settings.query.is_none();
        // Nothing is drawn where the result itself is seen to come.
        let hidden = streams && io.output.terminal;
        let bar = if hidden { ProgressBar::hidden() } else { progress::bar(None, "{pos} {msg}", io) };
        bar.set_message(paging.items);
        let mut items = self.items(operation, paging, arguments);
        let mut list = Vec::new();
        let mut count = 0_u64;
        let outcome = loop {
            if most == Some(count) {
                break Ok(());
            }
            let item = match items.next().await {
                None => break Ok(()),
                Some(Err(error)) => break Err(self.failed(error)),
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
            bar.set_position(count);
            bar.suspend(|| self.show(io))?;
        };
        bar.finish_and_clear();
        outcome?;
        if count == 0 && self.record().listless {
            let name = paging.items;
            return Err(Stop::usage(said!(
                "the answer has no {name}: --page-all reads lists only, leave it out",
                "响应中没有 {name}：--page-all 只能读取列表，请去掉该参数"
            )));
        }
        if streams {
            let head = if count == 0 { format!("{{{}: [", Value::from(paging.items)) } else { "\n".to_owned() };
            return Ok(writeln!(io.output.to, "{head}]}}")?);
        }
        let value = Value::Object(Map::from_iter([(paging.items.to_owned(), Value::Array(list))]));
        settings.print(&value, None, operation.lists, io)
    }

    /// The stream of the typed calls, with what the service sent as items.
    fn items(&self, command: &'static Command, paging: &'static Paging, arguments: Map<String, Value>) -> Items<Value> {
        let text = |name: &str| {
            let holder = if paging.in_body { arguments.get("body")?.as_object()? } else { &arguments };
            holder.get(name).map(word)
        };
        let number = |name: &str| text(name)?.parse().ok();
        let by_marker = matches!(paging.style, Style::Marker);
        let window = Window {
            place: number(paging.place).unwrap_or(u64::from(matches!(paging.style, Style::Number))),
            marker: text(paging.place).filter(|_| by_marker),
            size: number(paging.limit).unwrap_or(paging.size),
        };
        let caller = self.clone();
        Items::new(command.operation, paging.style, Ok(window), move |window| {
            let caller = caller.clone();
            let mut arguments = arguments.clone();
            let holder = if paging.in_body {
                arguments.get_mut("body").and_then(Value::as_object_mut)
            } else {
                Some(&mut arguments)
            };
            if let Some(holder) = holder {
                // The type writes it as its schema says: as a number or as a string.
                holder.insert(paging.limit.to_owned(), window.size.into());
                let place = if by_marker { window.marker.map(Value::from) } else { Some(window.place.into()) };
                holder.extend(place.map(|place| (paging.place.to_owned(), place)));
            }
            Box::pin(async move {
                caller.call(command, &arguments).await?;
                let body = std::mem::take(&mut caller.record().body);
                let mut answer: Value = serde_json::from_slice(&body).unwrap_or_default();
                let total = paging.total.and_then(|total| answer.get(total)?.as_u64());
                let items = match answer.get_mut(paging.items).map(Value::take) {
                    Some(Value::Array(items)) => items,
                    _ => {
                        caller.record().listless = true;
                        Vec::new()
                    }
                };
                let last = paging.last.and_then(|name| Some((items.last()?, name)));
                let marker = match paging.next.split_first() {
                    Some((first, rest)) => marker(answer.get(first).unwrap_or(&Value::Null), rest, last),
                    None => marker(&Value::Null, &[], last),
                };
                let marker = match marker {
                    Some(link) if paging.linked => marker_of_link(&link, paging.place),
                    marker => marker,
                };
                Ok(Page { total, marker, items })
            })
        })
    }
}

/// A parameter's value as a request has it.
fn word(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn parsed(body: &[u8]) -> Result<Value, Stop> {
    serde_json::from_slice(body).map_err(|error| {
        Stop::Reason(Exit::BadAnswer, said!("the answer is no JSON: {error}", "响应不是JSON：{error}"))
    })
}

/// What the query finds, with fields in the order of the query, then of the answer: the engine sorts them.
fn queried(query: &jmespath::Expression<'_>, value: &Value) -> Result<Value, Stop> {
    let refuse =
        |error: String| Stop::usage(Said::same(format!("--query: {}", error.lines().next().unwrap_or_default())));
    let found = query.search(value).map_err(|error| refuse(error.to_string()))?;
    let mut found = serde_json::to_value(&*found).map_err(|error| refuse(error.to_string()))?;
    let text = query.as_str();
    let named = text.match_indices(':').filter_map(|(at, _)| {
        text[..at].trim_end_matches(['"', ' ']).rsplit(|c: char| !c.is_alphanumeric() && c != '_').next()
    });
    let mut order: Vec<String> = named.map(str::to_owned).collect();
    fields(value, &mut order);
    reorder(&mut found, &order);
    Ok(found)
}

/// The names of all fields, as they come.
fn fields(value: &Value, names: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| fields(item, names)),
        Value::Object(members) => {
            for (name, member) in members {
                if !names.contains(name) {
                    names.push(name.clone());
                }
                fields(member, names);
            }
        }
        _ => {}
    }
}

fn reorder(value: &mut Value, order: &[String]) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| reorder(item, order)),
        Value::Object(members) => {
            let mut sorted: Vec<(String, Value)> = std::mem::take(members).into_iter().collect();
            sorted.sort_by_key(|(name, _)| order.iter().position(|known| known == name).unwrap_or(usize::MAX));
            sorted.iter_mut().for_each(|(_, member)| reorder(member, order));
            members.extend(sorted);
        }
        _ => {}
    }
}
