//! Diagnostics: what is wrong with a document, where, and what to write instead.

use std::{fmt, io};

use anstream::adapter::strip_str;
use anstyle::{AnsiColor, Style};

/// A place in a source file; line and column count from 1, the column in characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The file as the user named it, for example `openapi/ims.yaml`.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Nothing is generated from a document with an error.
    Error,
    /// Worth a look; the document is still usable.
    Warning,
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&format!("{self:?}").to_lowercase())
    }
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Diagnostic {
    /// Where it is.
    pub place: Place,
    /// How bad it is.
    pub level: Level,
    /// The stable kebab-case id of the rule.
    pub rule: &'static str,
    /// What is wrong, with the value.
    pub message: String,
    /// What to write instead.
    pub help: String,
}

impl Diagnostic {
    /// An error.
    pub(crate) fn error(place: Place, rule: &'static str, message: String, help: impl Into<String>) -> Self {
        Self { place, level: Level::Error, rule, message, help: help.into() }
    }

    fn styled(&self) -> String {
        let Self { place, level, rule, message, help } = self;
        let (bold, cyan) = (Style::new().bold(), AnsiColor::Cyan.on_default());
        let style = match level {
            Level::Error => AnsiColor::Red.on_default().bold(),
            Level::Warning => AnsiColor::Yellow.on_default().bold(),
        };
        let message = visible(message);
        let help = if help.is_empty() { String::new() } else { format!("\n  {cyan}help:{cyan:#} {}", visible(help)) };
        format!("{bold}{place}:{bold:#} {style}{level}[{rule}]:{style:#} {message}{help}")
    }
}

/// The form for a reader without colour:
/// `openapi/ims.yaml:42:9: error[rule-id]: what` and below it `  help: what to write instead`.
impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        strip_str(&self.styled()).fmt(f)
    }
}

/// Why a command could not run.
#[derive(Debug)]
pub enum Failure {
    /// What is wrong with a document.
    Findings(Vec<Diagnostic>),
    /// Anything else, in one line.
    Other(String),
}

impl From<Vec<Diagnostic>> for Failure {
    fn from(findings: Vec<Diagnostic>) -> Self {
        Self::Findings(findings)
    }
}

impl From<String> for Failure {
    fn from(reason: String) -> Self {
        Self::Other(reason)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Other(error.to_string())
    }
}

/// How findings are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Format {
    /// For people
    #[default]
    Text,
    /// GitHub workflow commands, which annotate the lines of a pull request
    Github,
}

/// All findings of a run, sorted by place, each once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    diagnostics: Vec<Diagnostic>,
}

impl Report {
    /// Sorts the findings.
    #[must_use]
    pub fn new(mut diagnostics: Vec<Diagnostic>) -> Self {
        diagnostics.sort();
        diagnostics.dedup();
        Self { diagnostics }
    }

    /// The findings by place.
    #[must_use]
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// How many findings have this level.
    #[must_use]
    pub fn count(&self, level: Level) -> usize {
        let at_level = |finding: &&Diagnostic| finding.level == level;
        self.diagnostics.iter().filter(at_level).count()
    }

    /// Whether anything forbids going on.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.count(Level::Error) > 0
    }

    /// The report with the styles of a terminal: hand it to an `anstream` stream, which drops them unless a terminal
    /// that can show them listens.
    #[must_use]
    pub fn styled(&self, format: Format) -> String {
        if format == Format::Github {
            return self.diagnostics.iter().map(github).collect();
        }
        let mut text: String = self.diagnostics.iter().map(|finding| finding.styled() + "\n").collect();
        if !self.diagnostics.is_empty() {
            let counted = |level: Level| match self.count(level) {
                1 => format!("1 {level}"),
                n => format!("{n} {level}s"),
            };
            text += &format!("{}, {}\n", counted(Level::Error), counted(Level::Warning));
        }
        text
    }

    /// The report as plain text.
    #[must_use]
    pub fn render(&self, format: Format) -> String {
        strip_str(&self.styled(format)).to_string()
    }
}

fn github(finding: &Diagnostic) -> String {
    let Diagnostic { place, level, rule, message, help } = finding;
    let help = if help.is_empty() { String::new() } else { format!("\nhelp: {help}") };
    annotation(&level.to_string(), Some(place), rule, &format!("{message}{help}"))
}

/// A workflow command of GitHub's, which annotates a line; its escapes are those of the Actions toolkit: `%`, CR and LF
/// in the message, `:` and `,` too in a property.
pub(crate) fn annotation(level: &str, place: Option<&Place>, title: &str, message: &str) -> String {
    let data = |text: &str| text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    let property = |text: &str| data(text).replace(':', "%3A").replace(',', "%2C");
    let place = place.map(|Place { file, line, column }| format!("file={},line={line},col={column},", property(file)));
    format!("::{level} {}title={}::{}\n", place.unwrap_or_default(), property(title), data(message))
}

/// The text with control characters made visible, so that no document can write to the reader's terminal.
pub(crate) fn visible(text: &str) -> String {
    let shown = |c: char| if c.is_control() { c.escape_default().to_string() } else { c.to_string() };
    text.chars().map(shown).collect()
}
