//! A command as a child process, with the resources that it and its own children used.

use std::error::Error;
use std::process::{Command, Stdio};
use std::time::Duration;

use wait4::Wait4 as _;

/// What a command used.
#[derive(Clone, Copy)]
pub(super) struct Used {
    /// Processor time, user and system.
    pub(super) cpu: Duration,
    /// The most memory of its largest process, in bytes.
    pub(super) memory: u64,
}

/// Runs it to its end, its output thrown away. `accepts` says which exit codes are fine.
pub(super) fn run(command: &mut Command, accepts: &[i32]) -> Result<Used, Box<dyn Error>> {
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    let used = child.wait4()?;
    if !used.status.code().is_some_and(|code| accepts.contains(&code)) {
        return Err(format!("{command:?} ended with {}: run it alone to see why", used.status).into());
    }
    Ok(Used { cpu: used.rusage.utime + used.rusage.stime, memory: used.rusage.maxrss })
}

/// The median, by processor time.
pub(super) fn median(mut runs: Vec<Used>) -> Option<Used> {
    runs.sort_by_key(|used| used.cpu);
    runs.get(runs.len() / 2).copied()
}
