//! `cargo xtask cost`: what it costs to build the client, and how the pipeline grows with the document.
//!
//! Costs are processor time and the largest resident memory of child processes, as the system accounts for them.

#[cfg(feature = "figures")]
mod build;
#[cfg(feature = "figures")]
mod child;
#[cfg(feature = "figures")]
pub mod document;
#[cfg(feature = "figures")]
mod scale;

use std::path::PathBuf;
use std::process::ExitCode;

/// What the builds took, from the workspace's root; `--record` keeps it.
#[cfg(feature = "figures")]
const BUILDS: &str = "ims-api/benches/builds.tsv";

/// The arguments of `cargo xtask cost`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// How often each measurement is made; the median is shown
    #[arg(long, default_value_t = 3, value_name = "N")]
    pub runs: usize,
    /// The sizes of the documents that the pipeline is measured with, in operations
    #[arg(long, value_delimiter = ',', default_values_t = [50, 500, 5000], value_name = "N,…")]
    pub operations: Vec<usize>,
    /// Another document to measure the pipeline with, refused or not; may be given more than once
    #[arg(long, value_name = "FILE")]
    pub document: Vec<PathBuf>,
    /// Leave out the builds, which take minutes
    #[arg(long)]
    pub no_build: bool,
    /// Leave out the pipeline's commands
    #[arg(long, conflicts_with = "no_build")]
    pub no_scale: bool,
    /// Keep the table of builds and the scaling curve's points beside the benches, for `cargo xtask plots`
    #[arg(long)]
    pub record: bool,
}

/// Starts the same command line again with what the figures need compiled in, optimized: the plain `cargo xtask` stays lean.
///
/// # Errors
/// cargo can't be started.
pub fn with_figures() -> std::io::Result<ExitCode> {
    let status = crate::demo::cargo()
        .args(["run", "--quiet", "--release", "--package", "xtask", "--features", "figures", "--"])
        .args(std::env::args_os().skip(1))
        .status()?;
    Ok(crate::demo::exit_code(status))
}

/// Measures and prints.
///
/// # Errors
/// A folder that can't be written, a document that can't be read, or a command that fails.
#[cfg(feature = "figures")]
pub fn run(args: &Args) -> Result<(), Box<dyn std::error::Error>> {
    let folder = crate::root().join("target").join("cost");
    if !args.no_build {
        let builds = build::measure(&folder.join("consumers"), args.runs)?;
        anstream::println!("{builds}");
        if args.record {
            std::fs::write(crate::root().join(BUILDS), builds.points())?;
        }
    }
    if args.no_scale {
        return Ok(());
    }
    let scale = scale::measure(&folder.join("documents"), args)?;
    anstream::println!("{scale}");
    if args.record {
        std::fs::write(crate::root().join(crate::plots::SCALING), scale.points())?;
    }
    Ok(())
}
