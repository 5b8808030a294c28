//! The command `ims`: Huawei Cloud Image Management Service from a shell. What it does is in `src/cli`.

use std::io::{IsTerminal, stderr, stdin, stdout};
use std::process::ExitCode;

use anstream::{AutoStream, ColorChoice};
use ims_api::{Environment, Io, Stream, run};

fn main() -> ExitCode {
    let color = |choice: ColorChoice| choice != ColorChoice::Never;
    let (colored_output, colored_errors) = (color(AutoStream::choice(&stdout())), color(AutoStream::choice(&stderr())));
    let io = Io {
        environment: Environment::process(),
        input: &mut stdin().lock(),
        output: Stream { to: &mut stdout().lock(), terminal: stdout().is_terminal(), color: colored_output },
        // Not locked: a bar is drawn by a thread of its own.
        errors: Stream { to: &mut stderr(), terminal: stderr().is_terminal(), color: colored_errors },
        progress: indicatif::ProgressDrawTarget::stderr(),
        width: None,
    };
    ExitCode::from(run(std::env::args_os(), io))
}
