//! The document's commands, as the generated file has them.

use std::sync::LazyLock;

use super::model::{Command, CommandLine};
use crate::generated::cli::COMMAND_LINE;

/// The generator writes what this reads: both sides have `model`.
pub(crate) static DOCUMENT: LazyLock<CommandLine> =
    LazyLock::new(|| serde_json::from_str(COMMAND_LINE).unwrap_or_default());

/// The command of an operation.
pub(crate) fn command_of(operation: &str) -> Option<&'static Command> {
    DOCUMENT.commands.iter().find(|command| command.operation == operation)
}
