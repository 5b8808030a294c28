//! An operation called: once, page by page, or until its job has ended.

use clap::ArgMatches;
use serde_json::{Map, Value};

use super::caller::Caller;
use super::model::Command;
use super::settings::Settings;
use super::stop::Stop;
use super::{Io, waits};

/// Calls an operation and prints its result.
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
