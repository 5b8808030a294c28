//! The report: changes with their Rust effects and the verdict, as text, Markdown, JSON or annotations.

use std::collections::HashMap;
use std::fmt::Write as _;

use serde::Serialize;

use super::version::Versions;
use super::{Change, RustChange, Severity, Verdict, rust, version};
use crate::document::Document;

/// The version of the JSON form, which openapi/diff.schema.json describes.
const SCHEMA: u32 = 1;

/// GitHub refuses longer comments than 65,536 characters.
const LONGEST: usize = 60_000;

/// How a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Format {
    /// For a terminal.
    #[default]
    Text,
    /// For a comment on a pull request.
    Markdown,
    /// For tools.
    Json,
    /// GitHub workflow commands.
    Github,
}

/// Everything that is said about a change of the document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The version of this form.
    pub schema: u32,
    /// What the base is called.
    pub base: String,
    /// What the head is called.
    pub head: String,
    /// The verdict.
    pub verdict: Verdict,
    /// All changes, the worst first.
    pub changes: Vec<Change>,
    /// Changes in Rust that belong to no single change of the document.
    pub rust: Vec<RustChange>,
    /// Why there is no Rust effect.
    pub rust_unknown: Option<String>,
    /// The fingerprints of breaking changes that the repository approves.
    pub approved: Vec<String>,
}

impl Report {
    /// Compares two documents on the wire and in Rust.
    #[must_use]
    pub fn of(base: &Document, head: &Document) -> Self {
        let text = |spec: &Document| spec.raw.pointer("/info/version").and_then(|v| v.as_str()).map(str::to_owned);
        let versions = |spec: &Document| Versions { document: text(spec), ..Versions::default() };
        Self::with(base, head, (&versions(base), &versions(head)), Vec::new())
    }

    pub(super) fn with(
        base: &Document,
        head: &Document,
        (before, after): (&Versions, &Versions),
        approved: Vec<String>,
    ) -> Self {
        // Each takes as long as the other for a large document.
        let (mut changes, generated) = std::thread::scope(|scope| {
            let generated =
                scope.spawn(|| if base.raw == head.raw { Ok(Vec::new()) } else { rust::changes(base, head) });
            let changes = super::compare(base, head);
            (changes, generated.join().unwrap_or_else(|_| Err("the generator stopped".to_owned())))
        });
        let (effects, rust_unknown) = match generated {
            Ok(effects) => (effects, None),
            // Without a change nobody misses it.
            Err(_) if changes.is_empty() => (Vec::new(), None),
            Err(reason) => (Vec::new(), Some(reason)),
        };
        let rest = join(&mut changes, effects);
        let is_approved = |change: &Change| approved.contains(&change.fingerprint);
        let known = rust_unknown.is_none().then_some(rest.as_slice());
        let verdict = version::verdict(&changes, known, &is_approved, before, after);
        let (base, head) = (base.name.clone(), head.name.clone());
        Self { schema: SCHEMA, base, head, verdict, changes, rust: rest, rust_unknown, approved }
    }

    /// Whether anything forbids merging at this level of strictness.
    #[must_use]
    pub fn fails(&self, level: Severity) -> bool {
        match level {
            Severity::Breaking => !self.verdict.demands.is_empty(),
            level => {
                let open = |change: &Change| change.severity >= level && !self.approved.contains(&change.fingerprint);
                !self.verdict.demands.is_empty() || self.changes.iter().any(open)
            }
        }
    }

    /// The report in a form.
    #[must_use]
    pub fn render(&self, format: Format) -> String {
        match format {
            Format::Text => self.text(),
            Format::Markdown => self.markdown(),
            Format::Json => serde_json::to_string_pretty(self).unwrap_or_default() + "\n",
            Format::Github => self.github(),
        }
    }

    fn summary(&self) -> String {
        let count = |severity| self.changes.iter().filter(|change| change.severity == severity).count();
        let rust = match self.verdict.rust {
            Some(Severity::Breaking) => "code breaks",
            Some(_) => "no code breaks",
            None => "unknown",
        };
        format!(
            "{} breaking, {} warning, {} info on the wire; in Rust {rust}; required bump: {}",
            count(Severity::Breaking),
            count(Severity::Warning),
            count(Severity::Info),
            self.verdict.bump
        )
    }

    fn text(&self) -> String {
        if self.changes.is_empty() {
            return "no change of the contract\n".to_owned();
        }
        let mut out = String::new();
        for change in &self.changes {
            let _ = writeln!(out, "{} [{}] {}", change.severity, change.rule, visible(&change.address));
            let _ = writeln!(out, "  wire: {}{}", change.wire, values(change));
            if !change.operations.is_empty() {
                let _ = writeln!(out, "  in: {}", some(&change.operations));
            }
            change.rust.iter().for_each(|effect| {
                let _ = writeln!(out, "  rust: {}{}", visible(&effect.sentence), breaks(effect));
            });
            let approved = if self.approved.contains(&change.fingerprint) { " (approved)" } else { "" };
            let _ = writeln!(
                out,
                "  at: {}:{}:{}; fingerprint {}{approved}",
                self.head, change.line, change.column, change.fingerprint
            );
        }
        for effect in &self.rust {
            let _ = writeln!(out, "rust: {}{}", visible(&effect.sentence), breaks(effect));
        }
        if let Some(reason) = &self.rust_unknown {
            let _ = writeln!(out, "rust: unknown, because {}", visible(reason));
        }
        let _ = writeln!(out, "{}", self.summary());
        for demand in &self.verdict.demands {
            let _ = writeln!(out, "to do: {demand}");
        }
        out
    }

    fn markdown(&self) -> String {
        let mut out = String::from("## Review of the API document\n\n");
        if self.changes.is_empty() {
            out.push_str("No change of the contract.\n");
            return out;
        }
        let _ = writeln!(out, "**{}**\n", self.summary());
        for demand in &self.verdict.demands {
            let _ = writeln!(out, "- [ ] {demand}");
        }
        if let Some(reason) = &self.rust_unknown {
            let _ = writeln!(out, "\nThe Rust effect is unknown: {}", cell(reason));
        }
        let mut shown = 0;
        for severity in [Severity::Breaking, Severity::Warning, Severity::Info] {
            let these: Vec<&Change> = self.changes.iter().filter(|change| change.severity == severity).collect();
            if these.is_empty() {
                continue;
            }
            let open = if severity == Severity::Breaking { " open" } else { "" };
            let _ = writeln!(out, "\n<details{open}><summary>{} {severity}</summary>\n", these.len());
            out.push_str("| where | on the wire | in Rust | rule |\n|---|---|---|---|\n");
            for change in these {
                let effects: Vec<String> =
                    change.rust.iter().map(|effect| cell(&(effect.sentence.clone() + breaks(effect)))).collect();
                let row = format!(
                    "| {} (line {}) | {}{} | {} | `{}` `{}` |\n",
                    cell(&change.address),
                    change.line,
                    change.wire,
                    cell(&values(change)),
                    effects.join("<br>"),
                    change.rule,
                    change.fingerprint
                );
                if out.chars().count() + row.chars().count() + 400 > LONGEST {
                    break;
                }
                out.push_str(&row);
                shown += 1;
            }
            out.push_str("\n</details>\n");
        }
        for effect in &self.rust {
            let line = format!("- in Rust: {}{}\n", cell(&effect.sentence), breaks(effect));
            if out.chars().count() + line.chars().count() + 200 < LONGEST {
                out.push_str(&line);
            }
        }
        if shown < self.changes.len() {
            let _ = writeln!(
                out,
                "\nOnly {shown} of {} changes fit here; `cargo xtask diff` shows all.",
                self.changes.len()
            );
        }
        out
    }

    fn github(&self) -> String {
        let data = |text: &str| text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
        let property = |text: &str| data(text).replace(':', "%3A").replace(',', "%2C");
        let mut out = String::new();
        for change in &self.changes {
            let level = match change.severity {
                Severity::Breaking if self.approved.contains(&change.fingerprint) => "warning",
                Severity::Breaking => "error",
                Severity::Warning => "warning",
                Severity::Info => "notice",
            };
            let message = format!("{}: {}{}", change.address, change.wire, values(change));
            let (file, line, column) = (property(&self.head), change.line, change.column);
            let _ = writeln!(
                out,
                "::{level} file={file},line={line},col={column},title={}::{}",
                change.rule,
                data(&message)
            );
        }
        out
    }
}

fn breaks(effect: &RustChange) -> &'static str {
    if effect.breaking { " (breaks code)" } else { "" }
}

fn some(names: &std::collections::BTreeSet<String>) -> String {
    let first: Vec<&str> = names.iter().take(5).map(String::as_str).collect();
    let more = if names.len() > 5 { format!(" and {} more", names.len() - 5) } else { String::new() };
    visible(&(first.join(", ") + &more))
}

fn values(change: &Change) -> String {
    let short = |text: &str| {
        let text = visible(text);
        if text.chars().count() > 80 { text.chars().take(79).collect::<String>() + "…" } else { text }
    };
    match (&change.before, &change.after) {
        (Some(before), Some(after)) => format!(": {} → {}", short(before), short(after)),
        (Some(text), None) | (None, Some(text)) => format!(": {}", short(text)),
        (None, None) => String::new(),
    }
}

/// A text of the document as a cell of a table: it must not end the cell or become markup.
fn cell(text: &str) -> String {
    visible(text).replace('&', "&amp;").replace('<', "&lt;").replace('|', "\\|").replace('@', "&#64;").replace('`', "'")
}

fn visible(text: &str) -> String {
    text.chars().fold(String::new(), |mut out, c| {
        if c.is_control() {
            out.extend(c.escape_default());
        } else {
            out.push(c);
        }
        out
    })
}

/// Whether a change that is harmless on the wire still has names in Rust.
pub(super) fn wordy(change: &Change) -> bool {
    !change.rule.starts_with("description") && !change.rule.starts_with("example")
}

/// Gives each effect to the change whose node it is about; what is about none comes back.
fn join(changes: &mut [Change], effects: Vec<RustChange>) -> Vec<RustChange> {
    let traits: Vec<Traits> = changes.iter().map(Traits::of).collect();
    // By name, so that many changes with many effects cost no more than their number.
    let mut named: HashMap<&str, Vec<usize>> = HashMap::new();
    for (index, traits) in traits.iter().enumerate() {
        traits.names.iter().for_each(|name| named.entry(name).or_default().push(index));
    }
    let mut rest = Vec::new();
    for effect in effects {
        let parts: Vec<String> = effect.item.split(['.', ':', ' ']).map(bare).filter(|part| !part.is_empty()).collect();
        let candidates = parts.iter().filter_map(|part| named.get(part.as_str())).flatten();
        let fitting = candidates.copied().filter(|at| traits[*at].concern(&parts));
        // Words explain; they are the last to have an effect.
        match fitting.min_by_key(|at| (traits[*at].wordy, *at)) {
            Some(at) => changes[at].rust.push(effect),
            None => rest.push(effect),
        }
    }
    rest
}

/// What a change is about, in the letters that names in Rust are made of.
struct Traits {
    names: Vec<String>,
    property: Option<String>,
    wordy: bool,
}

impl Traits {
    fn of(change: &Change) -> Self {
        let mut parts = change.address.split(" · ");
        let area = parts.next().unwrap_or_default();
        let parameter = area.strip_prefix("parameter ");
        let mut names = vec![bare(area.strip_prefix("schema ").or(parameter).unwrap_or(area))];
        if change.rule.starts_with("reference-") {
            let said = [&change.before, &change.after].into_iter().flatten();
            names.extend(said.map(|text| bare(text.rsplit('/').next().unwrap_or(text))));
        }
        let property = parts.next().filter(|part| part.starts_with('.'));
        Self {
            names,
            property: property.map(|part| bare(part.split('[').next().unwrap_or(part))),
            wordy: change.severity == Severity::Info && !wordy(change),
        }
    }

    fn concern(&self, item: &[String]) -> bool {
        self.property.as_ref().is_none_or(|property| item.last() == Some(property) || item.len() == 2)
    }
}

fn bare(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase()
}
