//! Diagnostics: what is wrong with a document, where, and what to write instead.

use std::fmt::{self, Write as _};
use std::io;

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
        f.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
        })
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
}

/// The form for a reader without colour:
/// `openapi/ims.yaml:42:9: error[rule-id]: what` and below it `  help: what to write instead`.
impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (level, rule) = (self.level, self.rule);
        write!(f, "{}: {level}[{rule}]: {}", self.place, visible(&self.message))?;
        if !self.help.is_empty() {
            write!(f, "\n  help: {}", visible(&self.help))?;
        }
        Ok(())
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

    /// The report as plain text; [`Report::write`] adds colour where it is wanted.
    #[must_use]
    pub fn render(&self, format: Format) -> String {
        let mut text = String::new();
        for finding in &self.diagnostics {
            let _ = match format {
                Format::Text => writeln!(text, "{finding}"),
                Format::Github => writeln!(text, "{}", github(finding)),
            };
        }
        if format == Format::Text && !self.diagnostics.is_empty() {
            let _ = writeln!(text, "{}", self.summary());
        }
        text
    }

    /// Writes the report. Styled text goes out as it is: hand in an `anstream` stream, which drops the colour unless
    /// a terminal that can show it listens.
    ///
    /// # Errors
    /// Those of the stream.
    pub fn write(&self, out: &mut impl io::Write, format: Format) -> io::Result<()> {
        if format == Format::Github {
            return out.write_all(self.render(format).as_bytes());
        }
        let bold = Style::new().bold();
        let help = AnsiColor::Cyan.on_default();
        for finding in &self.diagnostics {
            let Diagnostic { place, level, rule, .. } = finding;
            let style = match level {
                Level::Error => AnsiColor::Red.on_default().bold(),
                Level::Warning => AnsiColor::Yellow.on_default().bold(),
            };
            let message = visible(&finding.message);
            writeln!(out, "{bold}{place}:{bold:#} {style}{level}[{rule}]:{style:#} {message}")?;
            if !finding.help.is_empty() {
                writeln!(out, "  {help}help:{help:#} {}", visible(&finding.help))?;
            }
        }
        if self.diagnostics.is_empty() { Ok(()) } else { writeln!(out, "{}", self.summary()) }
    }

    fn summary(&self) -> String {
        let counted = |n: usize, what: &str| match n {
            1 => format!("1 {what}"),
            n => format!("{n} {what}s"),
        };
        format!("{}, {}", counted(self.count(Level::Error), "error"), counted(self.count(Level::Warning), "warning"))
    }
}

impl FromIterator<Diagnostic> for Report {
    fn from_iter<T: IntoIterator<Item = Diagnostic>>(diagnostics: T) -> Self {
        Self::new(diagnostics.into_iter().collect())
    }
}

/// One workflow command; its escapes are those of the Actions toolkit: `%`, CR and LF in the message, `:` and `,`
/// too in a property.
fn github(finding: &Diagnostic) -> String {
    let data = |text: &str| text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    let property = |text: &str| data(text).replace(':', "%3A").replace(',', "%2C");
    let Diagnostic { place, level, rule, message, help } = finding;
    let (file, line, column) = (property(&place.file), place.line, place.column);
    let help = if help.is_empty() { String::new() } else { format!("\nhelp: {help}") };
    let text = data(&format!("{message}{help}"));
    format!("::{level} file={file},line={line},col={column},title={}::{text}", property(rule))
}

/// The text with control characters made visible, so that no document can write to the reader's terminal.
fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() {
            out.extend(c.escape_default());
        } else {
            out.push(c);
        }
    }
    out
}
