//! Generated files on disk: what differs, and writing all of them or none.

use std::ffi::OsStr;
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use super::{DOCUMENT_LINE, Files, MARK};

/// What differs between `files` and the folder, each difference as it is told.
///
/// # Errors
/// A file that exists but can't be read.
pub fn differences(files: &Files, folder: &Path) -> Result<Vec<String>, String> {
    let mut differences = Vec::new();
    for (name, expected) in files {
        let path = folder.join(name);
        match read(&path)? {
            None => differences.push(format!("{}: missing", path.display())),
            Some(found) if found == *expected => {}
            Some(found) => {
                let (line, found, expected) = first_difference(&found, expected);
                differences.push(format!("{}:{line}: differs\n  - {found}\n  + {expected}", path.display()));
            }
        }
    }
    let stale = stale(files, folder)?.into_iter();
    differences.extend(stale.map(|path| format!("{}: of an earlier generation, to be removed", path.display())));
    Ok(differences)
}

/// Writes what differs, removes what an earlier generation left, and tells each.
///
/// Every new text is first written beside its file; only when all are there are they renamed into place, so an error
/// leaves the folder as it was and a reader never sees half a file.
///
/// # Errors
/// The path that can't be written, and why.
pub fn write(files: &Files, folder: &Path) -> Result<Vec<String>, String> {
    std::fs::create_dir_all(folder).map_err(failed(folder, "make the folder"))?;
    let stale = stale(files, folder)?;
    let (mut staged, mut told) = (Vec::new(), Vec::new());
    for (name, text) in files {
        let path = folder.join(name);
        if read(&path)?.as_ref() == Some(text) {
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
    let unchanged = format!("{} unchanged", files.len() - staged.len());
    for (file, path) in staged {
        file.persist(&path).map_err(|error| failed(&path, "write")(error.error))?;
        told.push(format!("wrote {}", path.display()));
    }
    for path in stale {
        match std::fs::remove_file(&path) {
            // Another run at the same time was quicker.
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            removed => removed.map_err(failed(&path, "remove"))?,
        }
        told.push(format!("removed {}", path.display()));
    }
    told.push(unchanged);
    Ok(told)
}

/// Files in the folder that say they are generated but are none of `files`.
fn stale(files: &Files, folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(failed(folder, "read the folder"))?,
    };
    let mut stale = Vec::new();
    for entry in entries {
        let path = entry.map_err(failed(folder, "read the folder"))?.path();
        let known = path.file_name().and_then(OsStr::to_str).is_some_and(|name| files.contains_key(name));
        // A file that doesn't carry our mark is somebody's own: it isn't ours to remove.
        if path.is_file() && !known && read(&path)?.is_some_and(|text| text.contains(MARK)) {
            stale.push(path);
        }
    }
    stale.sort();
    Ok(stale)
}

fn read(path: &Path) -> Result<Option<String>, String> {
    match std::fs::read(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        read => Ok(Some(String::from_utf8_lossy(&read.map_err(failed(path, "read"))?).into_owned())),
    }
}

fn failed(path: &Path, doing: &str) -> impl FnOnce(io::Error) -> String {
    move |error| format!("{}: can't {doing}: {error}", path.display())
}

/// The first differing line; the line with the document's hash differs after every edit, so it only counts alone.
fn first_difference<'a>(found: &'a str, expected: &'a str) -> (usize, &'a str, &'a str) {
    let (mut old, mut new) = (found.lines(), expected.lines());
    let lines = (1..).map_while(|line| match (old.next(), new.next()) {
        (None, None) => None,
        (old, new) => Some((line, old.unwrap_or_default(), new.unwrap_or_default())),
    });
    let differing = lines.filter(|(_, old, new)| old != new);
    differing.min_by_key(|(line, old, _)| (old.contains(DOCUMENT_LINE), *line)).unwrap_or((1, "", ""))
}
