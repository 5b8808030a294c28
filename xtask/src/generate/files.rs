//! Generated files on disk: what differs, and writing all of them or none.

use std::collections::BTreeSet;
use std::fmt;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use similar::{ChangeTag, TextDiff};

use super::Files;

/// A file that isn't as the document demands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// The file doesn't exist.
    Missing(PathBuf),
    /// The file is of an earlier generation.
    Stale(PathBuf),
    /// The file's text differs.
    Changed {
        /// The file.
        path: PathBuf,
        /// The first differing line, from 1.
        line: usize,
        /// That line as it is.
        found: String,
        /// That line as it should be.
        expected: String,
    },
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(path) => write!(f, "{}: missing", path.display()),
            Self::Stale(path) => write!(f, "{}: of an earlier generation, to be removed", path.display()),
            Self::Changed { path, line, found, expected } => {
                write!(f, "{}:{line}: differs\n  - {found}\n  + {expected}", path.display())
            }
        }
    }
}

/// What a run did.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Files whose text was written.
    pub written: Vec<PathBuf>,
    /// Files of an earlier generation that were removed.
    pub removed: Vec<PathBuf>,
    /// How many files were right already.
    pub unchanged: usize,
}

/// A file or folder that can't be read or written.
#[derive(Debug)]
pub struct WriteError {
    path: PathBuf,
    doing: &'static str,
    source: std::io::Error,
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: can't {}: {}", self.path.display(), self.doing, self.source)
    }
}

impl std::error::Error for WriteError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}

/// What differs between `files` and the folder.
///
/// # Errors
/// A file that exists but can't be read.
pub fn differences(files: &Files, folder: &Path) -> Result<Vec<Difference>, WriteError> {
    let mut differences = Vec::new();
    for (name, expected) in files {
        let path = folder.join(name);
        match read(&path)? {
            None => differences.push(Difference::Missing(path)),
            Some(found) if found == *expected => {}
            Some(found) => differences.push(first_difference(path, &found, expected)),
        }
    }
    differences.extend(stale(files, folder)?.into_iter().map(Difference::Stale));
    Ok(differences)
}

/// Writes what differs and removes what an earlier generation left.
///
/// Every new text is first written beside its file; only when all are there are they renamed into place, so an error
/// leaves the folder as it was and a reader never sees half a file.
///
/// # Errors
/// The path that can't be written, and why.
pub fn write(files: &Files, folder: &Path) -> Result<Written, WriteError> {
    let failed = |path: &Path, doing| {
        let path = path.to_owned();
        move |source| WriteError { path, doing, source }
    };
    std::fs::create_dir_all(folder).map_err(failed(folder, "make the folder"))?;
    let stale = stale(files, folder)?;
    let mut outcome = Written::default();
    let mut staged = Vec::new();
    for (name, text) in files {
        let path = folder.join(name);
        if read(&path)?.as_ref() == Some(text) {
            outcome.unchanged += 1;
            continue;
        }
        let mut builder = tempfile::Builder::new();
        builder.prefix(".generate-");
        // As readable as any other source file, and not as private as a temporary one.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644));
        let mut file = builder.tempfile_in(folder).map_err(failed(&path, "write"))?;
        file.write_all(text.as_bytes()).map_err(failed(&path, "write"))?;
        staged.push((file, path));
    }
    for (file, path) in staged {
        file.persist(&path).map_err(|error| WriteError { path: path.clone(), doing: "write", source: error.error })?;
        outcome.written.push(path);
    }
    for path in stale {
        match std::fs::remove_file(&path) {
            Ok(()) => outcome.removed.push(path),
            // Another run at the same time was quicker.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(source) => {
                return Err(WriteError { path, doing: "remove", source });
            }
        }
    }
    Ok(outcome)
}

/// Rust files in the folder that say they are generated but are none of `files`.
fn stale(files: &Files, folder: &Path) -> Result<Vec<PathBuf>, WriteError> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(source) => {
            return Err(WriteError { path: folder.to_owned(), doing: "read the folder", source });
        }
    };
    let mut stale = BTreeSet::new();
    for entry in entries {
        let entry = entry.map_err(|source| WriteError { path: folder.to_owned(), doing: "read the folder", source })?;
        let path = entry.path();
        let known = path.file_name().and_then(|name| name.to_str()).is_some_and(|name| files.contains_key(name));
        let rust = path.extension().is_some_and(|extension| extension == "rs");
        // A file that doesn't carry our mark is somebody's own: it isn't ours to remove.
        if rust && !known && read(&path)?.is_some_and(|text| text.contains(super::MARK)) {
            stale.insert(path);
        }
    }
    Ok(stale.into_iter().collect())
}

fn read(path: &Path) -> Result<Option<String>, WriteError> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(WriteError { path: path.to_owned(), doing: "read", source }),
    }
}

/// The first differing line; the line with the document's hash differs after every edit, so it only counts alone.
fn first_difference(path: PathBuf, found: &str, expected: &str) -> Difference {
    let mut first: Option<(usize, String, String)> = None;
    let diff = TextDiff::from_lines(found, expected);
    for group in diff.ops() {
        let old = diff.iter_changes(group).filter(|change| change.tag() == ChangeTag::Delete);
        let new = diff.iter_changes(group).filter(|change| change.tag() == ChangeTag::Insert);
        let text = |change: Option<similar::Change<&str>>| {
            change.map_or_else(String::new, |change| change.value().trim_end().to_owned())
        };
        let (old, new) = (text(old.into_iter().next()), text(new.into_iter().next()));
        if old.is_empty() && new.is_empty() {
            continue;
        }
        let is_hash = old.starts_with(super::DOCUMENT_LINE) && new.starts_with(super::DOCUMENT_LINE);
        if first.is_none() || !is_hash {
            first = Some((group.old_range().start + 1, old, new));
        }
        if !is_hash {
            break;
        }
    }
    let (line, found, expected) = first.unwrap_or((1, String::new(), String::new()));
    Difference::Changed { path, line, found, expected }
}
