//! What the service goes on with after its answer: waited for, and shown while it goes on.

use std::time::Duration;

use clap::ArgMatches;

use super::Io;
use super::call::{Caller, Settings};
use super::model::Command;
use super::progress;
use super::stop::Stop;
use crate::generated::cli::COMMANDS;
use crate::{Job, operations};

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

/// Waits until the job has ended, and prints it. Told whoever interrupts it: the job goes on.
pub(crate) async fn wait(
    caller: &Caller,
    id: String,
    patience: Patience,
    settings: &Settings,
    io: &mut Io<'_>,
) -> Result<(), Stop> {
    let bar = progress::bar(Some(100), "job {prefix} {msg} [{bar:30}] {percent} % {elapsed}", io);
    bar.set_prefix(id.clone());
    bar.enable_steady_tick(Duration::from_millis(500));
    let (drawn, teller) = (bar.clone(), caller.clone());
    let mut told = String::new();
    let mut wait = caller.client.wait_for_job(&id).on_progress(move |job| {
        let (status, percent) = state(job);
        let line = format!("job {}: {status}, {percent} %", job.id());
        if drawn.is_hidden() && line != told {
            teller.tell(line.clone());
            told = line;
        }
        drawn.set_message(status);
        drawn.set_position(percent);
    });
    if let Some(deadline) = patience.deadline {
        wait = wait.deadline(deadline);
    }
    if let Some(interval) = patience.interval {
        wait = wait.every(interval);
    }
    let show = COMMANDS.iter().find(|command| command.operation.id == operations::SHOW_JOB_PROGRESS.id);
    let permissions = show.map_or(&[][..], |show| show.permissions);
    let ended = tokio::select! {
        ended = caller.showing(wait.into_future(), &bar, io) => ended.map_err(|error| Stop::Call(error, permissions)),
        Ok(()) = tokio::signal::ctrl_c() => Err(Stop::Interrupted(Some(id))),
    };
    bar.finish_and_clear();
    ended?;
    show.map_or(Ok(()), |show| caller.print(show, settings, io))
}

/// The status and the percentage that is done.
fn state(job: &Job) -> (String, u64) {
    let status = job.progress().status.as_ref().map(ToString::to_string).unwrap_or_default();
    let percent = (job.share_done().unwrap_or_default() * 100.0).clamp(0.0, 100.0);
    (status, percent.round() as u64)
}
