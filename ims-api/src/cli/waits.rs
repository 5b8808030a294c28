//! Waits for jobs and images: shown while they go on, by a bar where a person looks, by lines elsewhere.

use std::time::Duration;

use clap::ArgMatches;
use indicatif::ProgressBar;

use super::Io;
use super::caller::Caller;
use super::model::Command;
use super::progress;
use super::settings::Settings;
use super::shell::quoted;
use super::stop::Stop;
use crate::generated::cli::COMMANDS;
use crate::{Error, operations};

/// How long to wait, and how often to look.
#[derive(Clone, Copy)]
pub(crate) struct Patience {
    deadline: Option<Duration>,
    interval: Option<Duration>,
}

impl Patience {
    /// What these flags say.
    pub(crate) fn of(matches: &ArgMatches, deadline: &str, interval: &str) -> Self {
        let duration = |name| matches.get_one::<Duration>(name).copied();
        Self { deadline: duration(deadline), interval: duration(interval) }
    }

    /// Whether an operation is asked to wait for its job, and the field of the answer that names it.
    pub(crate) fn asked(operation: &Command, matches: &ArgMatches) -> Option<(Self, &'static str)> {
        let field = operation.job.filter(|_| matches.get_flag("wait"))?;
        Some((Self::of(matches, "wait-timeout", "wait-interval"), field))
    }
}

/// Tells this patience to a wait of the client.
macro_rules! patient {
    ($wait:expr, $patience:expr) => {{
        let mut wait = $wait;
        if let Some(deadline) = $patience.deadline {
            wait = wait.deadline(deadline);
        }
        if let Some(interval) = $patience.interval {
            wait = wait.every(interval);
        }
        wait
    }};
}

/// Waits until the job has ended, and prints it.
pub(crate) async fn job(
    caller: &Caller,
    id: String,
    patience: Patience,
    settings: &Settings,
    io: &mut Io<'_>,
) -> Result<(), Stop> {
    let mut view = View::new(format!("job {id}"), "{prefix}: {msg} [{bar:30}] {percent} % {elapsed}", caller, io);
    let (bar, caller) = (view.bar.clone(), view.caller.clone());
    let wait = patient!(caller.client.wait_for_job(&id), patience).on_progress(move |job| {
        let status = job.progress().status.as_ref().map(ToString::to_string).unwrap_or_default();
        let percent = (job.share_done().unwrap_or_default() * 100.0).clamp(0.0, 100.0).round() as u64;
        view.bar.set_position(percent);
        view.tell(&status, &format!("{status}, {percent} %"));
    });
    let show = COMMANDS.iter().find(|command| command.operation.id == operations::SHOW_JOB_PROGRESS.id);
    let caller = caller.granted(show.map_or(&[], |show| show.permissions));
    ended(wait.into_future(), format!("ims wait {}", quoted(&id)), &bar, &caller, io).await?;
    show.map_or(Ok(()), |show| caller.print(show, settings, io))
}

/// Waits until an image is gone, or else can be used, and prints that.
pub(crate) async fn image(
    caller: &Caller,
    id: &str,
    gone: bool,
    patience: Patience,
    settings: &Settings,
    io: &mut Io<'_>,
) -> Result<(), Stop> {
    let mut view = View::new(format!("image {id}"), "{prefix}: {msg} {elapsed}", caller, io);
    let bar = view.bar.clone();
    let wait = patient!(caller.client.wait_for_image(id), patience).on_progress(move |image| {
        let status = image.map(|image| image.status.as_ref().map(ToString::to_string).unwrap_or_default());
        let status = status.unwrap_or_else(|| "not there".to_owned());
        view.tell(&status, &status);
    });
    let until = if gone { "gone" } else { "active" };
    let again = format!("ims images wait {} --until {until}", quoted(id));
    if gone {
        return ended(wait.until_gone(), again, &bar, caller, io).await;
    }
    let image = ended(wait.until_active(), again, &bar, caller, io).await?;
    settings.print_typed(&image, &[], io)
}

/// What is shown of a wait.
struct View {
    bar: ProgressBar,
    caller: Caller,
    /// The last line, where there is no bar.
    told: String,
}

impl View {
    fn new(what: String, template: &str, caller: &Caller, io: &mut Io<'_>) -> Self {
        let bar = progress::bar(Some(100), template, io).with_prefix(what);
        bar.enable_steady_tick(Duration::from_millis(500));
        Self { bar, caller: caller.clone(), told: String::new() }
    }

    fn tell(&mut self, status: &str, all: &str) {
        self.bar.set_message(status.to_owned());
        if self.bar.is_hidden() && self.told != all {
            all.clone_into(&mut self.told);
            self.caller.tell(format!("{}: {all}", self.bar.prefix()));
        }
    }
}

/// The end of a wait; who gives up learns how to go on.
async fn ended<T>(
    wait: impl Future<Output = Result<T, Error>>,
    again: String,
    bar: &ProgressBar,
    caller: &Caller,
    io: &mut Io<'_>,
) -> Result<T, Stop> {
    let ended = tokio::select! {
        ended = caller.showing(wait, bar, io) => ended.map_err(|error| caller.failed(error)),
        Ok(()) = tokio::signal::ctrl_c() => Err(Stop::Interrupted(Some(again))),
    };
    bar.finish_and_clear();
    ended
}
