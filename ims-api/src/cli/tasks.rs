//! Tasks of several calls: tags as they should be, images found, waited for and changed, jobs waited for.

use clap::ArgMatches;
use serde_json::{Map, Value};

use super::Io;
use super::caller::Caller;
use super::exit::Exit;
use super::language::{Language, Said, said};
use super::settings::Settings;
use super::stop::Stop;
use super::waits::{self, Patience};
use crate::tags::{ImageQuery, QueryError, TagCall, TagCondition};

/// Runs the task of this name.
pub(crate) async fn run(
    name: &str,
    matches: &ArgMatches,
    mut settings: Settings,
    language: Language,
    io: &mut Io<'_>,
) -> Result<(), Stop> {
    let (task, matches) = match matches.subcommand() {
        Some((below, matches)) => (format!("{name} {below}"), matches),
        None => (name.to_owned(), matches),
    };
    if matches.try_contains_id("interval").is_ok() {
        // The time is that of the whole wait, not of each look.
        settings.timeout = None;
    }
    let (caller, settings) = (Caller::new(&settings, &[], io)?, &settings);
    let patience = || Patience::of(matches, "timeout", "interval");
    let text = |name: &str| matches.get_one::<String>(name).map_or("", String::as_str);
    let image = || text("image");
    let outcome = match task.as_str() {
        "tags ensure" => ensure(&caller, matches, settings, language, io).await,
        "images find" => find(&caller, matches, settings, io).await,
        "images show" => show(&caller, image(), settings, io).await,
        "images change" => change(&caller, matches, settings, io).await,
        "images delete" => match caller.client.glance_delete_image().image_id(image()).send().await {
            Ok(_) if matches.get_flag("wait") => waits::image(&caller, image(), true, patience(), settings, io).await,
            deleted => deleted.map(|_| ()).map_err(|error| caller.failed(error)),
        },
        "images wait" => waits::image(&caller, image(), text("until") == "gone", patience(), settings, io).await,
        "wait" => waits::job(&caller, text("job").to_owned(), patience(), settings, io).await,
        _ => Ok(()),
    };
    caller.finish(outcome, settings, io)
}

async fn show(caller: &Caller, id: &str, settings: &Settings, io: &mut Io<'_>) -> Result<(), Stop> {
    let image = caller.client.image(id).await.map_err(|error| caller.failed(error))?.ok_or_else(|| {
        let id = id.escape_debug();
        let reason = said!(
            "there is no image {id} that this project may see; `ims list-images` lists them",
            "没有当前项目可见的镜像 {id}；`ims list-images` 列出全部镜像"
        );
        Stop::Reason(Exit::NotFound, reason)
    })?;
    settings.print_typed(&image, &[], io)
}

async fn change(caller: &Caller, matches: &ArgMatches, settings: &Settings, io: &mut Io<'_>) -> Result<(), Stop> {
    let mut change = caller.client.change_image(words(matches, "image").next().map_or("", String::as_str));
    change = words(matches, "name").fold(change, |change, name| change.name(name));
    change = words(matches, "description").fold(change, |change, text| change.description(text));
    for word in words(matches, "set") {
        let (property, value) = word
            .split_once('=')
            .ok_or_else(|| Stop::usage(said!("--set {word}: must be PROPERTY=VALUE", "--set {word}：须为 属性=值")))?;
        change = change.set(property, value);
    }
    change = words(matches, "remove").fold(change, |change, property| change.remove(property));
    let image = change.await.map_err(|error| caller.failed(error))?;
    settings.print_typed(&image, &[], io)
}

async fn ensure(
    caller: &Caller,
    matches: &ArgMatches,
    settings: &Settings,
    language: Language,
    io: &mut Io<'_>,
) -> Result<(), Stop> {
    let image = matches.get_one::<String>("image").map(String::as_str).unwrap_or_default();
    let mut tags: Vec<(&str, &str)> = Vec::new();
    for word in words(matches, "tag") {
        let (key, value) = word
            .split_once('=')
            .ok_or_else(|| Stop::usage(said!("the tag {word} must be KEY=VALUE", "标签 {word} 须为 键=值")))?;
        if tags.iter().any(|(known, _)| *known == key) {
            return Err(Stop::usage(said!("the key {key} is there twice", "键 {key} 重复")));
        }
        tags.push((key, value));
    }
    let mut wish = caller.client.ensure_tags(image, tags);
    if matches.get_flag("keep-others") {
        wish = wish.keep_others();
    }
    let (calls, failed) = if matches.get_flag("plan") {
        (wish.plan().await.map_err(|error| caller.failed(error))?.calls(), None)
    } else {
        match wish.apply().await {
            Ok(report) => (report.done, None),
            Err(failed) => (failed.report.done, Some(failed.error)),
        }
    };
    if settings.formed {
        let (mut delete, mut set) = (Vec::new(), Map::new());
        for call in calls {
            match call {
                TagCall::Delete(tags) => delete.extend(tags.into_iter().map(|(key, _)| key.into())),
                TagCall::DeleteOne(key) => delete.push(key.into()),
                TagCall::Set(tags) => set.extend(tags.into_iter().map(|(key, value)| (key, value.into()))),
            }
        }
        let value = Value::from_iter([("delete", Value::Array(delete)), ("set", set.into())]);
        settings.print(&value, None, &[], io)?;
    } else {
        if calls.is_empty() && failed.is_none() {
            writeln!(io.errors.to, "{}", language.pick("nothing to do", "无需操作"))?;
        }
        for call in calls {
            let (sign, tags) = match call {
                TagCall::Delete(tags) => ('-', tags),
                TagCall::DeleteOne(key) => ('-', vec![(key, String::new())]),
                TagCall::Set(tags) => ('+', tags),
            };
            for (key, value) in tags {
                writeln!(io.output.to, "{sign} {}={}", key.escape_debug(), value.escape_debug())?;
            }
        }
    }
    failed.map_or(Ok(()), |error| Err(caller.failed(error)))
}

async fn find(caller: &Caller, matches: &ArgMatches, settings: &Settings, io: &mut Io<'_>) -> Result<(), Stop> {
    let refuse = |reason: QueryError| Stop::usage(Said::same(reason));
    let name = matches.get_one::<String>("name");
    let counting = matches.get_flag("count");
    let count = |count: Result<u64, crate::Error>| count.map(Value::from).map_err(|error| caller.failed(error));
    let mut images = if matches.get_flag("untagged") {
        let query = name.into_iter().fold(ImageQuery::untagged(), |query, name| query.name(name.as_str()));
        if counting {
            return settings.print(&count(query.count(&caller.client).await)?, None, &[], io);
        }
        query.stream(&caller.client)
    } else {
        let mut query = name.into_iter().fold(ImageQuery::new(), |query, name| query.name(name.as_str()));
        for (flag, add) in [
            ("tag", ImageQuery::all_of as fn(ImageQuery, TagCondition) -> Result<ImageQuery, QueryError>),
            ("any-tag", ImageQuery::any_of),
            ("no-tag", ImageQuery::none_of),
        ] {
            for word in words(matches, flag) {
                query = condition(word).and_then(|condition| add(query, condition)).map_err(refuse)?;
            }
        }
        if counting {
            return settings.print(&count(query.count(&caller.client).await)?, None, &[], io);
        }
        query.stream(&caller.client)
    };
    let mut found = Vec::new();
    while let Some(image) = images.next().await {
        found.push(image.map_err(|error| caller.failed(error))?);
    }
    settings.print_typed(&found, &[("", &["resource_id", "resource_name", "tags"])], io)
}

fn words<'a>(matches: &'a ArgMatches, name: &str) -> impl Iterator<Item = &'a String> {
    matches.get_many::<String>(name).into_iter().flatten()
}

/// `KEY`, or `KEY=VALUE,VALUE`.
fn condition(word: &str) -> Result<TagCondition, QueryError> {
    match word.split_once('=') {
        None => TagCondition::any_value(word),
        Some((key, values)) => TagCondition::one_of(key, values.split(',')),
    }
}
