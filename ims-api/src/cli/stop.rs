//! Why the command ends early, and what it says then: at most ten lines, with the next step.

use std::io;

use clap::builder::styling::{AnsiColor, Style};

use super::Io;
use super::exit::Exit;
use super::language::Language;
use crate::error::text::escape;
use crate::{Error, Failure};

/// No failure says more.
const MOST_LINES: usize = 10;

pub(crate) enum Stop {
    /// What clap says: a help, the version, or arguments that it refuses.
    Clap(Box<clap::Error>),
    /// A reason of ours, one line with the next step.
    Reason(Exit, String),
    /// A call that failed, and what its caller must be granted.
    Call(Error, &'static [&'static str]),
    /// The result could not be written.
    Output(io::Error),
    Interrupted,
}

impl Stop {
    pub(crate) fn usage(reason: impl Into<String>) -> Self {
        Self::Reason(Exit::Usage, reason.into())
    }

    /// Says it, and tells how the command ends.
    pub(crate) fn report(self, io: &mut Io<'_>, language: Language) -> Exit {
        let (exit, lines) = match self {
            Self::Clap(error) if !error.use_stderr() => {
                let text = error.render();
                let text = if io.output.color { text.ansi().to_string() } else { text.to_string() };
                let text = super::command::rejoined(&text);
                return match io.output.to.write_all(text.as_bytes()).and_then(|()| io.output.to.flush()) {
                    Ok(()) => Exit::Success,
                    Err(error) => Self::Output(error).report(io, language),
                };
            }
            Self::Clap(error) => {
                let text = error.render().to_string();
                (
                    Exit::Usage,
                    text.trim_end()
                        .strip_prefix("error: ")
                        .unwrap_or(&text)
                        .lines()
                        .map(|line| safe(line, 400))
                        .collect(),
                )
            }
            Self::Reason(exit, reason) => (exit, vec![escape(&reason, 1000)]),
            Self::Call(error, permissions) => (Exit::of(&error), lines(&error, permissions, language)),
            Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => return Exit::ClosedPipe,
            Self::Output(error) => (Exit::Output, vec![format!("the result could not be written: {error}")]),
            Self::Interrupted => (Exit::Interrupted, vec!["interrupted: what was sent may have been done".to_owned()]),
        };
        let mut text = String::new();
        let style = if io.errors.color { AnsiColor::Red.on_default().bold() } else { Style::new() };
        let label = format!("{style}error:{style:#}");
        // A blank line separates nothing on a screen that is read from its end.
        let shown = lines.iter().filter(|line| !line.trim().is_empty()).take(MOST_LINES);
        for (at, line) in shown.enumerate() {
            let head = if at == 0 { format!("{label} ") } else { String::new() };
            text.push_str(&format!("{head}{line}\n"));
        }
        // Nobody is left to tell if this fails, too.
        let _ = io.errors.to.write_all(text.as_bytes()).and_then(|()| io.errors.to.flush());
        exit
    }
}

/// A line whose indent is kept.
fn safe(line: &str, limit: usize) -> String {
    let indent: String = line.chars().take_while(|c| *c == ' ').collect();
    indent + &escape(line, limit)
}

fn lines(error: &Error, permissions: &[&str], language: Language) -> Vec<String> {
    let mut lines = vec![escape(&error.summary(), 600)];
    let mut add = |name: &str, value: Option<String>| {
        lines.extend(value.map(|value| format!("  {name:<12}{value}")));
    };
    add("code", error.code().map(str::to_owned));
    add("message", error.message().or(error.excerpt()).map(|text| escape(text, 600)));
    add("meaning", error.row().map(|row| language.pick(row.english, row.chinese).to_owned()));
    add("request id", error.request_id().map(str::to_owned));
    add("attempts", (error.attempts() > 1).then(|| error.attempts().to_string()));
    add("wait", error.retry_after().map(|wait| format!("{} s, the service asks", wait.as_secs())));
    add("next", next_step(error, permissions));
    lines
}

fn next_step(error: &Error, permissions: &[&str]) -> Option<String> {
    let step = match (error.failure(), error.status()) {
        (Failure::Timeout, _) => "try again, or allow more time with --timeout",
        (Failure::TooLong, _) => "ask for fewer items, or read page by page",
        (Failure::Credentials, _) => "`ims doctor` tells where credentials were looked for",
        (Failure::Project, _) => "give --project-id",
        (Failure::Connect, _) => "check the endpoint, the network and the proxy; `ims doctor` does",
        (Failure::InvalidRequest, _) => "nothing was sent: mend the arguments (--help)",
        (Failure::Connection, _) if error.may_retry() => "try again",
        (Failure::Connection, _) => "it may have been done: look before you try again",
        (Failure::Refused, Some(401)) => "`ims doctor` checks the credentials, the project and this machine's clock",
        (Failure::Refused, Some(403)) if !permissions.is_empty() => {
            return Some(format!("have {} granted in IAM", permissions.join(" and ")));
        }
        (Failure::Refused, _) if error.next_step().is_none() => {
            return Some(format!("mend what the message names; {}", error.operation()?.page));
        }
        _ => error.next_step()?,
    };
    Some(step.to_owned())
}

impl From<clap::Error> for Stop {
    fn from(error: clap::Error) -> Self {
        Self::Clap(Box::new(error))
    }
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}
