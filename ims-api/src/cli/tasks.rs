//! Tasks of several calls: tags as they should be, images found, waited for and changed, jobs waited for.

use std::collections::BTreeMap;

use clap::ArgMatches;
use serde_json::Value;

use super::Io;
use super::caller::Caller;
use super::exit::Exit;
use super::language::said;
use super::model::Text;
use super::settings::Settings;
use super::stop::Stop;
use super::waits::{self, pace};
use crate::tags::{ImageQuery, QueryError, TagCall, TagCondition, TagPlan, TagReport};

/// Runs the task of this name.
pub(crate) async fn run(name: &str, matches: &ArgMatches, mut settings: Settings, io: &mut Io<'_>) -> Result<(), Stop> {
    let (below, matches) = matches.subcommand().unwrap_or(("", matches));
    if matches.try_contains_id("interval").is_ok() {
        // The time is that of the whole wait, not of each look.
        settings.timeout = None;
    }
    let caller = Caller::new(settings, io)?;
    let outcome = match (name, below) {
        ("tags", _) => ensure(&caller, matches, io).await,
        ("images", "find") => find(&caller, matches, io).await,
        ("images", "change") => change(&caller, matches, io).await,
        ("images", _) => image(&caller, below, matches, io).await,
        _ => waits::job(&caller, word(matches, "job"), pace(matches, "timeout", "interval"), io).await,
    };
    caller.finish(outcome, io)
}

/// Shows, deletes or waits for an image.
async fn image(caller: &Caller, task: &str, matches: &ArgMatches, io: &mut Io<'_>) -> Result<(), Stop> {
    let id = word(matches, "image");
    let mut gone = task == "wait" && word(matches, "until") == "gone";
    if task == "show" {
        let image = caller.client.image(id).await?.ok_or_else(|| {
            let id = id.escape_debug();
            let reason = said!(
                "there is no image {id} that this project may see; `ims list-images` lists them",
                "没有当前项目可见的镜像 {id}；`ims list-images` 列出全部镜像"
            );
            Stop::Reason(Exit::NotFound, reason)
        })?;
        return caller.settings.print_typed(&image, &[], io);
    }
    if task == "delete" {
        caller.client.glance_delete_image().image_id(id).await?;
        gone = true;
        if !matches.get_flag("wait") {
            return Ok(());
        }
    }
    waits::image(caller, id, gone, pace(matches, "timeout", "interval"), io).await
}

async fn change(caller: &Caller, matches: &ArgMatches, io: &mut Io<'_>) -> Result<(), Stop> {
    let mut change = caller.client.change_image(word(matches, "image"));
    change = words(matches, "name").fold(change, |change, name| change.name(name));
    change = words(matches, "description").fold(change, |change, text| change.description(text));
    for word in words(matches, "set") {
        let (property, value) = word
            .split_once('=')
            .ok_or_else(|| Stop::usage(said!("--set {word}: must be PROPERTY=VALUE", "--set {word}：须为 属性=值")))?;
        change = change.set(property, value);
    }
    change = words(matches, "remove").fold(change, |change, property| change.remove(property));
    caller.settings.print_typed(&change.await?, &[], io)
}

async fn ensure(caller: &Caller, matches: &ArgMatches, io: &mut Io<'_>) -> Result<(), Stop> {
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
    let mut wish = caller.client.ensure_tags(word(matches, "image"), tags);
    if matches.get_flag("keep-others") {
        wish = wish.keep_others();
    }
    let (plan, failed) = if matches.get_flag("plan") {
        (wish.plan().await?, None)
    } else {
        match wish.apply().await {
            Ok(report) => (done(report), None),
            Err(failed) => (done(failed.report), Some(failed.error)),
        }
    };
    if caller.settings.form.is_some() {
        let (deleted, set): (Value, Value) = (plan.delete.into_keys().collect(), plan.set.into_iter().collect());
        caller.settings.print(&Value::from_iter([("delete", deleted), ("set", set)]), None, &[], io)?;
    } else if !plan.is_empty() {
        writeln!(io.output.to, "{plan}")?;
    } else if failed.is_none() {
        writeln!(io.errors.to, "{}", caller.settings.language.pick("nothing to do", "无需操作"))?;
    }
    failed.map_or(Ok(()), |error| Err(error.into()))
}

/// What was done, in the form of what was to do.
fn done(report: TagReport) -> TagPlan {
    let mut done = TagPlan { delete: BTreeMap::new(), set: BTreeMap::new() };
    for call in report.done {
        match call {
            TagCall::Delete(tags) => done.delete.extend(tags),
            TagCall::DeleteOne(key) => done.delete.extend([(key, String::new())]),
            TagCall::Set(tags) => done.set.extend(tags),
        }
    }
    done
}

async fn find(caller: &Caller, matches: &ArgMatches, io: &mut Io<'_>) -> Result<(), Stop> {
    let (client, counting, untagged) = (&caller.client, matches.get_flag("count"), matches.get_flag("untagged"));
    let bare = words(matches, "name").fold(ImageQuery::untagged(), |query, name| query.name(name));
    let mut query = words(matches, "name").fold(ImageQuery::new(), |query, name| query.name(name));
    for (flag, add) in [
        ("tag", ImageQuery::all_of as fn(ImageQuery, TagCondition) -> Result<ImageQuery, QueryError>),
        ("any-tag", ImageQuery::any_of),
        ("no-tag", ImageQuery::none_of),
    ] {
        for word in words(matches, flag) {
            let added = condition(word).and_then(|condition| add(query, condition));
            query = added.map_err(|reason| Stop::usage(Text::same(reason)))?;
        }
    }
    if counting {
        let count = if untagged { bare.count(client).await? } else { query.count(client).await? };
        return caller.settings.print(&count.into(), None, &[], io);
    }
    let mut images = if untagged { bare.stream(client) } else { query.stream(client) };
    let mut found = Vec::new();
    while let Some(image) = images.next().await {
        found.push(image?);
    }
    let columns = ["resource_id", "resource_name", "tags"].map(str::to_owned);
    caller.settings.print_typed(&found, &[(String::new(), columns.into())], io)
}

fn word<'a>(matches: &'a ArgMatches, name: &str) -> &'a str {
    matches.get_one::<String>(name).map_or("", String::as_str)
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
