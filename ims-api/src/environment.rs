//! Environment variables, files and the machine's metadata service: the one place that knows them, so that a test (or an
//! application with its own configuration) hands in its own without touching the process.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use zeroize::Zeroizing;

/// No configuration file is longer than this many bytes.
const FILE_LIMIT: u64 = 1 << 20;

/// The metadata service of every cloud's machines.
const METADATA: &str = "http://169.254.169.254";

/// Where variables and files come from: the process, or a fixed set.
#[derive(Clone, Default)]
pub struct Environment {
    fixed: Option<Arc<Fixed>>,
    metadata: Option<Arc<str>>,
}

struct Fixed {
    variables: BTreeMap<String, Zeroizing<String>>,
    files: BTreeMap<PathBuf, Zeroizing<String>>,
}

impl Environment {
    /// The environment and the files of the process.
    #[must_use]
    pub fn process() -> Self {
        Self::default()
    }

    /// Only these variables, as name and value, and these files, as path and content. `HOME` is the home directory.
    #[must_use]
    pub fn fixed<'a>(
        variables: impl IntoIterator<Item = (&'a str, &'a str)>,
        files: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Self {
        let fixed = Fixed {
            variables: variables
                .into_iter()
                .map(|(name, value)| (name.to_owned(), Zeroizing::new(value.to_owned())))
                .collect(),
            files: files
                .into_iter()
                .map(|(path, text)| (PathBuf::from(path), Zeroizing::new(text.to_owned())))
                .collect(),
        };
        Self { fixed: Some(Arc::new(fixed)), metadata: None }
    }

    /// Another address of the machine's metadata service than its fixed one, such as a test's.
    #[must_use]
    pub fn metadata(mut self, address: &str) -> Self {
        self.metadata = Some(address.into());
        self
    }

    pub(crate) fn metadata_address(&self) -> &str {
        self.metadata.as_deref().unwrap_or(METADATA)
    }

    /// The variable's value; `None` if it is not set, an error sentence if it is empty or not Unicode.
    pub(crate) fn variable(&self, name: &str) -> Result<Option<Zeroizing<String>>, String> {
        let value = match &self.fixed {
            Some(fixed) => fixed.variables.get(name).cloned(),
            None => match std::env::var(name) {
                Ok(value) => Some(Zeroizing::new(value)),
                Err(std::env::VarError::NotPresent) => None,
                Err(std::env::VarError::NotUnicode(_)) => {
                    return Err(format!("{name} is not valid Unicode: set it again or unset it"));
                }
            },
        };
        match value {
            Some(value) if value.trim().is_empty() => Err(format!("{name} is set but empty: set a value or unset it")),
            other => Ok(other),
        }
    }

    /// The file's text; `None` if there is no such file.
    pub(crate) fn file(&self, path: &Path) -> io::Result<Option<Zeroizing<String>>> {
        if let Some(fixed) = &self.fixed {
            return Ok(fixed.files.get(path).cloned());
        }
        let file = match std::fs::File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let mut text = Zeroizing::new(String::new());
        file.take(FILE_LIMIT + 1).read_to_string(&mut text)?;
        if text.len() as u64 > FILE_LIMIT {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, "the file is longer than 1 MiB"));
        }
        Ok(Some(text))
    }

    /// A file of `~/.huaweicloud`; `None` if the home directory is unknown.
    pub(crate) fn in_home(&self, name: &str) -> Option<PathBuf> {
        let home = match &self.fixed {
            Some(fixed) => fixed.variables.get("HOME").map(|home| PathBuf::from(home.as_str())),
            None => std::env::home_dir(),
        };
        Some(home?.join(".huaweicloud").join(name))
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.fixed {
            Some(_) => "Environment(fixed)",
            None => "Environment(process)",
        })
    }
}
