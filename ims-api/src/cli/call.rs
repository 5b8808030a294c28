//! An operation called: once, until its job has ended, or page by page, by the crate's own stream.

use clap::ArgMatches;
use indicatif::ProgressBar;
use serde_json::{Map, Value};

use super::caller::{Caller, parsed, word};
use super::exit::Exit;
use super::language::said;
use super::model::{Command, Paging, Style};
use super::output;
use super::settings::Form;
use super::stop::Stop;
use super::{Io, waits};
use crate::paging::{self, Items, Page, Window, marker, marker_of_link};
use crate::{Error, dynamic};

/// Calls an operation and prints its result.
pub(crate) async fn call(
    caller: &Caller,
    operation: &'static Command,
    arguments: Map<String, Value>,
    matches: &ArgMatches,
    io: &mut Io<'_>,
) -> Result<(), Stop> {
    let most = matches.try_get_one::<u64>("max-items").ok().flatten().copied();
    let all = most.is_some() || matches.try_get_one("page-all").ok().flatten() == Some(&true);
    if let Some(paging) = operation.paging.as_ref().filter(|_| all && !caller.settings.dry_run) {
        return pages(caller, operation, paging, arguments, most, io).await;
    }
    let called = caller.call(operation, &arguments).await;
    // Before the result, as it went.
    caller.show(io)?;
    called?;
    let Some(field) = operation.job.as_deref().filter(|_| matches.get_flag("wait")) else {
        return caller.print(operation, io);
    };
    let answer = parsed(&caller.record().body)?;
    let job = answer.get(field).and_then(Value::as_str).ok_or_else(|| {
        let reason = said!("the answer names no job: it has no {field}", "响应中没有任务ID（{field}）");
        Stop::Reason(Exit::BadAnswer, reason)
    })?;
    waits::job(caller, job, waits::pace(matches, "wait-timeout", "wait-interval"), io).await
}

/// All pages as one list: of JSON item by item, since it needs to know nothing of the later ones.
async fn pages(
    caller: &Caller,
    operation: &'static Command,
    paging: &'static Paging,
    arguments: Map<String, Value>,
    most: Option<u64>,
    io: &mut Io<'_>,
) -> Result<(), Stop> {
    let streams = caller.settings.form.unwrap_or(Form::Json) == Form::Json && caller.settings.query.is_none();
    // Nothing is drawn where the result itself is seen to come.
    let hidden = streams && io.output.terminal;
    let bar = if hidden { ProgressBar::hidden() } else { io.bar(None, "{pos} {msg}") };
    bar.set_message(paging.items.as_str());
    let mut items = items(caller, operation, paging, arguments)?;
    let head = format!("{{{}: [", Value::from(paging.items.as_str()));
    let mut list = Vec::new();
    let mut count = 0_u64;
    while most != Some(count) {
        let Some(item) = items.next().await.transpose()? else { break };
        if streams {
            let item = output::json(&item, io.output.terminal);
            write!(io.output.to, "{}\n{item}", if count == 0 { &head } else { "," })?;
        } else {
            list.push(item);
        }
        count += 1;
        bar.set_position(count);
        bar.suspend(|| caller.show(io))?;
    }
    bar.finish_and_clear();
    if count == 0 && caller.record().listless {
        let name = &paging.items;
        return Err(Stop::usage(said!(
            "the answer has no {name}: --page-all reads lists only, leave it out",
            "响应中没有 {name}：--page-all 只能读取列表，请去掉该参数"
        )));
    }
    if streams {
        return Ok(writeln!(io.output.to, "{}]}}", if count == 0 { &head } else { "\n" })?);
    }
    let value = Value::from_iter([(paging.items.clone(), list)]);
    caller.settings.print(&value, None, &operation.lists, io)
}

/// The stream of the typed calls, with what the service sent as items.
fn items(
    caller: &Caller,
    command: &'static Command,
    paging: &'static Paging,
    mut arguments: Map<String, Value>,
) -> Result<Items<Value>, Error> {
    let by_marker = matches!(paging.style, Style::Marker | Style::Link);
    let style = match paging.style {
        Style::Offset => paging::Style::Offset,
        Style::Number => paging::Style::Number,
        Style::Marker | Style::Link => paging::Style::Marker,
    };
    let text = |name| holder(&mut arguments, paging)?.get(name).map(word);
    let [place, size] = [&paging.place, &paging.limit].map(text);
    let number = |text: &Option<String>| text.as_ref()?.parse().ok();
    let window = Window {
        place: number(&place).unwrap_or(u64::from(paging.style == Style::Number)),
        marker: place.filter(|_| by_marker),
        size: number(&size).unwrap_or(paging.size),
    };
    let caller = caller.clone();
    let (operation, _) = dynamic::find(&command.operation)?;
    Ok(Items::new(operation, style, Ok(window), move |window| {
        let (caller, mut arguments) = (caller.clone(), arguments.clone());
        if let Some(holder) = holder(&mut arguments, paging) {
            // The type writes it as its schema says: as a number or as a string.
            holder.insert(paging.limit.clone(), window.size.into());
            let place = if by_marker { window.marker.map(Value::from) } else { Some(window.place.into()) };
            holder.extend(place.map(|place| (paging.place.clone(), place)));
        }
        Box::pin(async move {
            caller.call(command, &arguments).await?;
            Ok::<_, Error>(page(&caller, paging))
        })
    }))
}

/// What holds limit and place.
fn holder<'a>(arguments: &'a mut Map<String, Value>, paging: &Paging) -> Option<&'a mut Map<String, Value>> {
    if paging.in_body { arguments.get_mut("body")?.as_object_mut() } else { Some(arguments) }
}

/// The page that a caller has just been answered.
fn page(caller: &Caller, paging: &Paging) -> Page<Value> {
    let mut record = caller.record();
    let mut answer: Value = serde_json::from_slice(&std::mem::take(&mut record.body)).unwrap_or_default();
    let total = paging.total.as_ref().and_then(|total| answer.get(total)?.as_u64());
    let items = match answer.get_mut(&paging.items).map(Value::take) {
        Some(Value::Array(items)) => items,
        _ => {
            record.listless = true;
            Vec::new()
        }
    };
    let last = paging.last.as_deref().and_then(|name| Some((items.last()?, name)));
    let way: Vec<&str> = paging.next.iter().map(String::as_str).collect();
    let holder = way.first().and_then(|first| answer.get(first)).unwrap_or(&Value::Null);
    let marker = match marker(holder, way.get(1..).unwrap_or_default(), last) {
        Some(link) if paging.style == Style::Link => marker_of_link(&link, &paging.place),
        marker => marker,
    };
    Page { total, marker, items }
}
