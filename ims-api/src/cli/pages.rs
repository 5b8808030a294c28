//! All pages of a list as one, by the crate's own stream.

use indicatif::ProgressBar;
use serde_json::{Map, Value};

use super::caller::{Caller, word};
use super::language::said;
use super::model::{Command, Paging};
use super::output::{self, Form};
use super::settings::Settings;
use super::stop::Stop;
use super::{Io, progress};
use crate::paging::{Items, Page, Style, Window, marker, marker_of_link};

impl Caller {
    /// All pages as one list: of JSON item by item, since it needs to know nothing of the later ones.
    pub(crate) async fn all(
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
