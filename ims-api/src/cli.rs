//! The command `ims`: the document's operations on the command line. No API of this crate.
//!
//! The commands, their flags, checks, texts and examples are generated from the document (`model` is their form);
//! what they mean to a shell is decided here, for all of them at once. A value is checked by its flag, the whole
//! request by the typed call ([`crate::dynamic`]), both before anything is sent.

mod arguments;
mod call;
mod caller;
mod command;
mod doctor;
mod exit;
mod language;
pub(crate) mod model;
mod output;
mod own;
mod query;
mod refusal;
mod request;
mod settings;
mod shell;
mod stop;
mod tasks;
mod value;
mod waits;

use std::ffi::OsString;
use std::io::{Read, Write};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::Environment;
use crate::generated::COMMAND_LINE;
use caller::Caller;
use command::Setup;
use exit::Exit;
use language::{Language, said};
use settings::Settings;
use stop::Stop;

/// What the command has around it; tests bring their own.
pub struct Io<'a> {
    /// Variables and files.
    pub environment: Environment,
    /// Standard input, for `--body -`.
    pub input: &'a mut dyn Read,
    /// Standard output: the result, nothing else.
    pub output: Stream<'a>,
    /// Standard error: errors, what `-v` shows, and what a job does where no bar is drawn.
    pub errors: Stream<'a>,
    /// Where a bar is drawn while something goes on; hidden where nobody looks.
    pub progress: ProgressDrawTarget,
    /// The width of helps in columns; the terminal's if `None`.
    pub width: Option<usize>,
}

impl Io<'_> {
    /// A bar where a person looks while something goes on; the command has one at most.
    fn bar(&mut self, length: Option<u64>, template: &str) -> ProgressBar {
        let target = std::mem::replace(&mut self.progress, ProgressDrawTarget::hidden());
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        ProgressBar::with_draw_target(length, target).with_style(style)
    }
}

/// Where text goes.
pub struct Stream<'a> {
    /// The sink.
    pub to: &'a mut dyn Write,
    /// Whether a person looks at it: pretty forms, progress.
    pub terminal: bool,
    /// Whether colours are wanted.
    pub color: bool,
}

/// Runs the command with these arguments, the program's name first, and returns its exit code.
#[must_use]
pub fn run(args: impl IntoIterator<Item = OsString>, mut io: Io<'_>) -> u8 {
    let args: Vec<OsString> = args.into_iter().collect();
    // What follows `--` is no flag.
    let words = args.iter().skip(1).take_while(|word| *word != "--");
    let words: Vec<String> = words.map(|word| word.to_string_lossy().into_owned()).collect();
    let language = Language::of(&words, &io.environment);
    let lenient = words.iter().any(|word| word == "--allow-unknown");
    let setup = Setup { words: &words, language, width: io.width, lenient };
    let outcome = refuse_secrets(&words).and_then(|()| attempt(args, setup, &mut io));
    let flushed = io.output.to.flush().map_err(Stop::from);
    let exit = outcome.and(flushed).map_or_else(|stop| stop.report(&mut io, language), |()| Exit::Success);
    exit as u8
}

/// Before anything else, so that no message repeats the secret.
fn refuse_secrets(words: &[String]) -> Result<(), Stop> {
    let mut flags = words.iter().map(|word| word.split('=').next().unwrap_or(word));
    let found = flags.find_map(|flag| own::SECRETS.iter().find(|(secret, _)| *secret == flag));
    found.map_or(Ok(()), |(flag, variable)| {
        Err(Stop::usage(said!(
            "{flag} is not taken: a secret among the arguments can be seen in the list of processes and stays in the \
             shell's history; set {variable}, or see `ims --help` for other places",
            "不接受 {flag}：参数中的密钥会出现在进程列表和命令历史中；请设置 {variable}，其他方式见 `ims --help`"
        )))
    })
}

fn attempt(args: Vec<OsString>, setup: Setup<'_>, io: &mut Io<'_>) -> Result<(), Stop> {
    let matches = command::command(setup).try_get_matches_from(args)?;
    let Some((name, matches)) = matches.subcommand() else { return Ok(()) };
    match name {
        "help" => {
            let words = matches.get_many::<String>("command").into_iter().flatten().map(String::as_str);
            let words = ["ims"].into_iter().chain(words).chain(["--help"]);
            // clap tells a help as it tells a refusal.
            Ok(command::command(setup).try_get_matches_from(words).map(drop)?)
        }
        "completions" => {
            // clap's generator panics when it can't write: it writes to memory.
            let mut script = Vec::new();
            if let Some(shell) = matches.get_one::<clap_complete::Shell>("shell") {
                clap_complete::generate(*shell, &mut command::command(setup), "ims", &mut script);
            }
            Ok(io.output.to.write_all(&script)?)
        }
        "man" => manual(matches.get_one::<String>("command"), setup, io),
        _ => {
            let settings = Settings::of(matches, setup.language, &io.environment)?;
            let Some(operation) = COMMAND_LINE.commands.iter().find(|command| command.name == name) else {
                return until_interrupted(async {
                    match name {
                        "doctor" => doctor::examine(&settings, io).await,
                        name => tasks::run(name, matches, settings, io).await,
                    }
                });
            };
            if let Some(body) = operation.body.as_ref().filter(|_| matches.get_flag("body-skeleton")) {
                let skeleton = arguments::body_skeleton(body, matches);
                return Ok(writeln!(io.output.to, "{skeleton:#}")?);
            }
            let arguments = arguments::arguments(operation, matches, setup.lenient, io.input)?;
            let caller = Caller::new(settings, io)?;
            until_interrupted(async {
                let outcome = call::call(&caller, operation, arguments, matches, io).await;
                caller.finish(outcome, io)
            })
        }
    }
}

/// Runs to the end, or until Ctrl-C.
fn until_interrupted(work: impl Future<Output = Result<(), Stop>>) -> Result<(), Stop> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        tokio::select! {
            // The work first: while it waits for a job it says more about an interruption.
            biased;
            ended = work => ended,
            Ok(()) = tokio::signal::ctrl_c() => Err(Stop::Interrupted(None)),
        }
    })
}

fn manual(name: Option<&String>, setup: Setup<'_>, io: &mut Io<'_>) -> Result<(), Stop> {
    let mut command = command::command(setup);
    command.build();
    if let Some(name) = name {
        command = command.find_subcommand(name).cloned().ok_or_else(|| {
            Stop::usage(said!(
                "there is no command {name}: `ims --help` lists them",
                "没有命令 {name}：`ims --help` 列出全部命令"
            ))
        })?;
    }
    let description = command.get_before_help().map(ToString::to_string).unwrap_or_default();
    let mut page = Vec::new();
    clap_mangen::Man::new(command.long_about(description)).render(&mut page)?;
    let page = language::rejoined(&String::from_utf8_lossy(&page));
    Ok(io.output.to.write_all(page.as_bytes())?)
}
