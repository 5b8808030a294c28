//! Waits for jobs and images: shown while they go on, by a bar where a person looks, by lines elsewhere.

use std::time::Duration;

use clap::ArgMatches;

use super::Io;
use super::caller::Caller;
use super::shell::quoted;
use super::stop::Stop;
use crate::generated::COMMAND_LINE;
use crate::polling::Pace;
use crate::{Error, operations};

/// How long to wait, and how often to look, as these flags say.
pub(crate) fn pace(matches: &ArgMatches, deadline: &str, every: &str) -> Pace {
    let told = |name| matches.try_get_one::<Duration>(name).ok().flatten().copied();
    let Pace { every: usual, deadline: last } = Pace::default();
    Pace { every: told(every).unwrap_or(usual), deadline: told(deadline).unwrap_or(last) }
}

/// Waits until the job has ended, and prints it.
pub(crate) async fn job(caller: &Caller, id: &str, pace: Pace, io: &mut Io<'_>) -> Result<(), Stop> {
    let wait = caller.client.wait_for_job(id).deadline(pace.deadline).every(pace.every);
    let (what, again) = (format!("job {id}"), format!("ims wait {}", quoted(id)));
    shown(caller, what, "{prefix}: {msg} [{bar:30}] {percent} % {elapsed}", again, io, async |mut tell| {
        let look = move |job: &crate::Job| {
            let status = job.progress().status.as_ref().map(ToString::to_string).unwrap_or_default();
            tell(status, Some((job.share_done().unwrap_or_default() * 100.0).clamp(0.0, 100.0).round() as u64));
        };
        wait.on_progress(look).await
    })
    .await?;
    let show = COMMAND_LINE.commands.iter().find(|command| command.operation == operations::SHOW_JOB_PROGRESS.id);
    show.map_or(Ok(()), |show| caller.print(show, io))
}

/// Waits until an image is gone, or else can be used, and prints that.
pub(crate) async fn image(caller: &Caller, id: &str, gone: bool, pace: Pace, io: &mut Io<'_>) -> Result<(), Stop> {
    let wait = caller.client.wait_for_image(id).deadline(pace.deadline).every(pace.every);
    let until = if gone { "gone" } else { "active" };
    let (what, again) = (format!("image {id}"), format!("ims images wait {} --until {until}", quoted(id)));
    let image = shown(caller, what, "{prefix}: {msg} {elapsed}", again, io, async |mut tell| {
        let wait = wait.on_progress(move |image| {
            let status = image.map(|image| image.status.as_ref().map(ToString::to_string).unwrap_or_default());
            tell(status.unwrap_or_else(|| "not there".to_owned()), None);
        });
        if gone { wait.until_gone().await.map(|()| None) } else { wait.until_active().await.map(Some) }
    });
    match image.await? {
        Some(image) => caller.settings.print_typed(&image, &[], io),
        None => Ok(()),
    }
}

/// Takes a status, and how many percent are done.
type Tell = Box<dyn FnMut(String, Option<u64>) + Send>;

/// Shows what is told of a wait while it goes on; who gives up learns how to go on.
async fn shown<T>(
    caller: &Caller,
    what: String,
    template: &str,
    again: String,
    io: &mut Io<'_>,
    wait: impl AsyncFnOnce(Tell) -> Result<T, Error>,
) -> Result<T, Stop> {
    let bar = io.bar(Some(100), template).with_prefix(what);
    bar.enable_steady_tick(Duration::from_millis(500));
    let (shown, teller, mut told) = (bar.clone(), caller.clone(), String::new());
    let tell = move |status: String, percent: Option<u64>| {
        let line = percent.map_or_else(|| status.clone(), |percent| format!("{status}, {percent} %"));
        shown.set_position(percent.unwrap_or_default());
        shown.set_message(status);
        if shown.is_hidden() && told != line {
            teller.record().lines.push(format!("{}: {line}", shown.prefix()));
            told = line;
        }
    };
    let mut wait = std::pin::pin!(wait(Box::new(tell)));
    let seen = std::future::poll_fn(|context| {
        let ended = wait.as_mut().poll(context);
        // A line that can't be shown ends nothing.
        let _ = bar.suspend(|| caller.show(io));
        ended
    });
    let ended = tokio::select! {
        ended = seen => ended.map_err(Stop::from),
        Ok(()) = tokio::signal::ctrl_c() => Err(Stop::Interrupted(Some(again))),
    };
    bar.finish_and_clear();
    ended
}
