//! The sides of a comparison: files, or the document at a revision, read through the `git` command.

use std::path::Path;
use std::process::Command;

use crate::DOCUMENT;

/// The text of one side.
pub(super) struct Source {
    pub(super) name: String,
    /// `None` if the file doesn't exist there.
    pub(super) text: Option<Vec<u8>>,
    /// The revision, if it is one: the manifest and changelog are read from there, too.
    pub(super) revision: Option<String>,
}

/// Runs git in `root`.
///
/// # Errors
/// What git says, or that there is no git.
fn git(root: &Path, arguments: &[&str]) -> Result<Vec<u8>, String> {
    let output = Command::new("git")
        .args(arguments)
        .current_dir(root)
        .env("LC_ALL", "C")
        .output()
        .map_err(|error| format!("cannot run git: {error}; install git, or name two files"))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(said.lines().next().unwrap_or("git failed").trim_start_matches("fatal: ").to_owned())
}

fn word(root: &Path, arguments: &[&str]) -> Result<String, String> {
    git(root, arguments).map(|out| String::from_utf8_lossy(&out).trim().to_owned())
}

/// A file if there is one of that name, else a revision.
pub(super) fn side(root: &Path, name: &str) -> Result<Source, String> {
    let file = Path::new(name);
    if file.is_file() {
        let text = std::fs::read(file).map_err(|error| format!("cannot read `{name}`: {error}"))?;
        return Ok(Source { name: name.to_owned(), text: Some(text), revision: None });
    }
    inside(root).map_err(|error| format!("`{name}` is no file, and {error}"))?;
    let commit = format!("{name}^{{commit}}");
    let revision = word(root, &["rev-parse", "--verify", "--quiet", "--end-of-options", &commit]).map_err(|_| {
        format!("`{name}` is neither a file nor a revision{}", if shallow(root) { SHALLOW } else { "; see `git log`" })
    })?;
    Ok(Source { name: format!("{name}:{DOCUMENT}"), text: at(root, &revision, DOCUMENT), revision: Some(revision) })
}

/// Where the branch left the main line.
pub(super) fn merge_base(root: &Path) -> Result<Source, String> {
    inside(root)?;
    let mains = ["origin/main", "main", "origin/master", "master"];
    let Some(revision) = mains.iter().find_map(|main| word(root, &["merge-base", main, "HEAD"]).ok()) else {
        let help = if shallow(root) { SHALLOW } else { "; name the base: `cargo xtask diff BASE`" };
        return Err(format!("no merge base with the main branch{help}"));
    };
    let short: String = revision.chars().take(9).collect();
    let text = at(root, &revision, DOCUMENT);
    Ok(Source { name: format!("{short}:{DOCUMENT}"), text, revision: Some(revision) })
}

/// A file of the workspace at a revision.
pub(super) fn at(root: &Path, revision: &str, path: &str) -> Option<Vec<u8>> {
    // `./` is the folder that git runs in, wherever the workspace lies in the repository.
    git(root, &["show", &format!("{revision}:./{path}")]).ok()
}

const SHALLOW: &str = "; this clone is shallow: run `git fetch --unshallow` (in a workflow: `fetch-depth: 0`)";

fn shallow(root: &Path) -> bool {
    word(root, &["rev-parse", "--is-shallow-repository"]).is_ok_and(|said| said == "true")
}

fn inside(root: &Path) -> Result<(), String> {
    match git(root, &["rev-parse", "--git-dir"]) {
        Ok(_) => Ok(()),
        Err(error) if error.contains("not a git repository") => {
            Err("this is not a git repository; name two files: `cargo xtask diff OLD.yaml NEW.yaml`".to_owned())
        }
        Err(error) => Err(error),
    }
}
