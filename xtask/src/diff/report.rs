//! The report: changes with their Rust effects and the verdict, as text, Markdown, JSON or annotations. The summary comes
//! first, and the same change at many places is one row.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde::Serialize;

use super::version::Versions;
use super::{Change, RustChange, Severity, Verdict, rust, version};
use crate::diagnostic::Diagnostic;
use crate::document::Document;

/// The version of the JSON form, which openapi/diff.schema.json describes.
const SCHEMA: u32 = 2;

/// GitHub refuses longer comments than 65,536 characters.
const LONGEST: usize = 60_000;

/// How many places of a row are named unless all are asked for.
const NAMED: usize = 3;

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
    /// How many changes there are.
    pub summary: Summary,
    /// Faults of the documents, which are compared all the same; those of a rule together.
    pub faults: Vec<String>,
    /// All changes, the worst first.
    pub changes: Vec<Change>,
    /// Changes in Rust that belong to no single change of the document.
    pub rust: Vec<RustChange>,
    /// What of the Rust effect is unknown, and why.
    pub rust_unknown: Option<String>,
    /// The fingerprints of breaking changes that the repository approves.
    pub approved: Vec<String>,
}

/// Counts of changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Changes that break somebody on the wire.
    pub breaking: usize,
    /// Changes after which somebody may have to act.
    pub warning: usize,
    /// Changes that nobody has to act on, words included.
    pub info: usize,
    /// Changes of words alone: descriptions, samples, groups.
    pub words: usize,
    /// By rule.
    pub rules: BTreeMap<&'static str, usize>,
}

/// The same change wherever it happened.
struct Row<'a> {
    changes: Vec<&'a Change>,
    operations: BTreeSet<&'a str>,
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
        let mut changes = super::compare(base, head);
        let (effects, rust_unknown) = match rust::effects(base, head, &changes) {
            Ok((effects, unknown)) => (effects, unknown),
            Err(reason) => (Vec::new(), Some(reason)),
        };
        // Without a change nobody misses it.
        let rust_unknown = rust_unknown.filter(|_| !changes.is_empty());
        let rest = rust::join(&mut changes, effects, &[base, head]);
        let is_approved = |change: &Change| approved.contains(&change.fingerprint);
        let known = rust_unknown.is_none().then_some(rest.as_slice());
        let verdict = version::verdict(&changes, known, &is_approved, before, after);
        let mut rules = BTreeMap::new();
        changes.iter().for_each(|change| *rules.entry(change.rule).or_default() += 1);
        let count = |severity| changes.iter().filter(|change| change.severity == severity).count();
        let summary = Summary {
            breaking: count(Severity::Breaking),
            warning: count(Severity::Warning),
            info: count(Severity::Info),
            words: changes.iter().filter(|change| change.is_words()).count(),
            rules,
        };
        let faults = [base, head].into_iter().flat_map(faults).collect();
        let (base, head) = (base.name.clone(), head.name.clone());
        Self { schema: SCHEMA, base, head, verdict, summary, faults, changes, rust: rest, rust_unknown, approved }
    }

    /// Whether anything forbids merging at this level of strictness.
    #[must_use]
    pub fn fails(&self, level: Severity) -> bool {
        let open = |change: &Change| change.severity >= level && !self.approved.contains(&change.fingerprint);
        !self.verdict.demands.is_empty() || level < Severity::Breaking && self.changes.iter().any(open)
    }

    /// The report in a form; with `all`, every place of every change.
    #[must_use]
    pub fn render(&self, format: Format, all: bool) -> String {
        match format {
            Format::Text => self.text(all),
            Format::Markdown => self.markdown(all),
            Format::Json => serde_json::to_string_pretty(self).unwrap_or_default() + "\n",
            Format::Github => self.github(),
        }
    }

    fn headline(&self) -> String {
        let rust = match (&self.rust_unknown, self.verdict.rust) {
            (_, Some(Severity::Breaking)) => "code breaks",
            (None, Some(_)) => "no code breaks",
            _ => "unknown",
        };
        let Summary { breaking, warning, info, .. } = &self.summary;
        format!(
            "{breaking} breaking, {warning} warning, {info} info on the wire; in Rust {rust}; required bump: {}",
            self.verdict.bump
        )
    }

    /// What is said below the headline, a line each.
    fn overview(&self) -> Vec<String> {
        let rules = self.summary.rules.iter().filter(|(rule, _)| !super::is_words(rule));
        let mut rules: Vec<(&&str, &usize)> = rules.collect();
        rules.sort_by_key(|(rule, count)| (std::cmp::Reverse(**count), **rule));
        let rules: Vec<String> = rules.into_iter().map(|(rule, count)| format!("{rule} {count}")).collect();
        let words = self.summary.words;
        let mut lines: Vec<String> = self.faults.iter().map(|fault| format!("fault: {}", visible(fault))).collect();
        if !rules.is_empty() {
            lines.push(format!("by rule: {}", rules.join(", ")));
        }
        if words > 0 {
            lines.push(format!(
                "words alone (descriptions, samples, tags): {words} {}; `--all` shows them",
                places(words)
            ));
        }
        lines.extend(self.rust_unknown.iter().map(|reason| format!("in Rust not all is known: {}", visible(reason))));
        lines
    }

    /// The rows, the worst first, and of each severity by where they belong: an operation, a component, several places,
    /// or what no operation reaches.
    fn groups(&self, all: bool) -> Vec<Group<'_>> {
        let mut rows: Vec<Row<'_>> = Vec::new();
        let mut known = BTreeMap::new();
        for change in self.changes.iter().filter(|change| all || !change.is_words()) {
            let step = change.place.rsplit(" · ").next().unwrap_or_default();
            let step = step.rsplit_once('.').map_or(step, |(_, name)| name);
            // What happened to whole operations and components has no place: each is its own.
            let which = if change.place.is_empty() { change.area.as_str() } else { "" };
            let key = (change.rule, change.severity, &change.before, &change.after, step, which, &change.wire);
            let index = *known.entry(key).or_insert(rows.len());
            if index == rows.len() {
                rows.push(Row { changes: Vec::new(), operations: BTreeSet::new() });
            }
            rows[index].changes.push(change);
            rows[index].operations.extend(change.operations.iter().map(String::as_str));
        }
        let mut groups: BTreeMap<_, Group<'_>> = BTreeMap::new();
        for row in rows {
            let Some(severity) = row.changes.first().map(|change| change.severity) else { continue };
            let name = row.group();
            let key = (std::cmp::Reverse(severity), name == UNREACHED, name == SEVERAL, name.clone());
            groups.entry(key).or_insert_with(|| Group { severity, name, rows: Vec::new() }).rows.push(row);
        }
        groups.into_values().collect()
    }

    fn text(&self, all: bool) -> String {
        if self.changes.is_empty() {
            return "no change of the contract\n".to_owned();
        }
        let mut out = format!("{} → {}\n{}\n", visible(&self.base), visible(&self.head), self.headline());
        out.extend(self.verdict.demands.iter().map(|demand| format!("to do: {demand}\n")));
        out.extend(self.overview().into_iter().map(|line| line + "\n"));
        for Group { name, rows, .. } in self.groups(all) {
            let _ = writeln!(out, "\n{}", visible(&name));
            for row in rows {
                let _ = write!(out, "  {}", visible(&row.line(&name)));
                let one = row.changes.len() == 1;
                out.push_str(if one { "" } else { "\n" });
                for change in row.changes.iter().take(if all { usize::MAX } else { NAMED }) {
                    if !one {
                        let _ = write!(out, "    {}", visible(&change.address()));
                    }
                    let _ = writeln!(out, " ({})", self.mark(change, ""));
                    let mut effects: Vec<&RustChange> = change.rust.iter().collect();
                    effects.sort_by_key(|effect| !effect.breaking);
                    for effect in effects.iter().take(if all { usize::MAX } else { NAMED }) {
                        let _ = writeln!(out, "    rust: {}{}", visible(&effect.sentence), breaks(effect));
                    }
                    if effects.len() > NAMED && !all {
                        let _ = writeln!(out, "    rust: and {} more", effects.len() - NAMED);
                    }
                }
                if row.changes.len() > NAMED && !all {
                    let _ = writeln!(out, "    and {} more; `--all` shows them", row.changes.len() - NAMED);
                }
            }
        }
        if !self.rust.is_empty() {
            let _ = writeln!(out, "\nin Rust, from no single change");
        }
        for effect in self.rust.iter().take(if all { usize::MAX } else { 20 }) {
            let _ = writeln!(out, "  {}{}", visible(&effect.sentence), breaks(effect));
        }
        if self.rust.len() > 20 && !all {
            let _ = writeln!(out, "  and {} more; `--all` shows them", self.rust.len() - 20);
        }
        out
    }

    fn markdown(&self, all: bool) -> String {
        let mut out = String::from("## Review of the API document\n\n");
        if self.changes.is_empty() {
            out.push_str("No change of the contract.\n");
            return out;
        }
        let _ = writeln!(out, "**{}**\n", self.headline());
        out.extend(self.verdict.demands.iter().map(|demand| format!("- [ ] {demand}\n")));
        out.extend(self.overview().iter().map(|line| format!("- {}\n", cell(line))));
        let groups = self.groups(all);
        let (mut shown, total) = (0, groups.iter().flat_map(|group| &group.rows).count());
        let (mut length, mut fits) = (out.chars().count(), true);
        for Group { severity, name, rows } in &groups {
            let mut text = format!("\n**{severity}: {}**\n\n", cell(name));
            let mut taken = 0;
            for row in rows {
                let item = self.item(row, name, all);
                fits &= length + text.chars().count() + item.chars().count() + 400 < LONGEST;
                if !fits {
                    break;
                }
                text.push_str(&item);
                taken += 1;
            }
            if taken > 0 {
                length += text.chars().count();
                out.push_str(&text);
                shown += taken;
            }
        }
        let mut left = self.rust.len();
        for effect in &self.rust {
            let line = format!("- in Rust: {}{}\n", cell(&effect.sentence), breaks(effect));
            length += line.chars().count();
            if length + 300 > LONGEST {
                break;
            }
            out.push_str(&line);
            left -= 1;
        }
        if shown < total || left > 0 {
            let _ = writeln!(
                out,
                "\nOnly {shown} of {total} rows fit here, and {left} effects in Rust don't; `cargo xtask diff --all` shows all."
            );
        }
        out
    }

    /// A row as an item of a list; its places unfold.
    fn item(&self, row: &Row<'_>, group: &str, all: bool) -> String {
        let mut out = format!("- {}", cell(&row.line(group)));
        let effects: Vec<&RustChange> = row.changes.iter().flat_map(|change| &change.rust).collect();
        let place = |change: &Change| self.mark(change, "`");
        if let [change] = row.changes[..] {
            let _ = write!(out, " ({})", place(change));
        }
        out.push('\n');
        for effect in effects.iter().take(NAMED) {
            let _ = writeln!(out, "  - in Rust: {}{}", cell(&effect.sentence), breaks(effect));
        }
        if row.changes.len() > 1 {
            let most = if all { usize::MAX } else { 10 };
            let _ = writeln!(out, "  <details><summary>{} places</summary>\n", row.changes.len());
            for change in row.changes.iter().take(most) {
                let _ = writeln!(out, "  - {} ({})", cell(&change.address()), place(change));
            }
            if row.changes.len() > most {
                let _ = writeln!(out, "  - and {} more", row.changes.len() - most);
            }
            out.push_str("  </details>\n");
        }
        out
    }

    /// Where a change stands and, if it may have to be approved, its fingerprint.
    fn mark(&self, change: &Change, quote: &str) -> String {
        let Change { line, fingerprint, .. } = change;
        match (change.breaks(), self.approved.contains(fingerprint)) {
            (_, true) => format!("line {line}, fingerprint {quote}{fingerprint}{quote} (approved)"),
            (true, false) => format!("line {line}, fingerprint {quote}{fingerprint}{quote}"),
            (false, false) => format!("line {line}"),
        }
    }

    fn github(&self) -> String {
        let data = |text: &str| text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
        let property = |text: &str| data(text).replace(':', "%3A").replace(',', "%2C");
        // Annotations are few on a page: the summary is the first of them.
        let mut out = format!("::notice title=review::{}\n", data(&self.headline()));
        for change in &self.changes {
            let level = match change.severity {
                Severity::Breaking if self.approved.contains(&change.fingerprint) => "warning",
                Severity::Breaking => "error",
                Severity::Warning => "warning",
                Severity::Info => "notice",
            };
            let message = format!("{}: {}{}", change.address(), change.wire, values(change));
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

/// Rows of one severity that belong to one place.
struct Group<'a> {
    severity: Severity,
    name: String,
    rows: Vec<Row<'a>>,
}

/// The heading of changes that happened to several operations or components.
const SEVERAL: &str = "several places";

/// The heading of changes that are part of no message.
const UNREACHED: &str = "components that no operation reaches";

impl Row<'_> {
    /// The heading that a row stands below.
    fn group(&self) -> String {
        let Some(first) = self.changes.first() else { return String::new() };
        match first.rule {
            "endpoint-removed" => return "operations removed".to_owned(),
            "endpoint-added" => return "operations added".to_owned(),
            "component-removed" => return "components removed".to_owned(),
            "component-added" => return "components added".to_owned(),
            _ => {}
        }
        let whole = first.area == "document" || first.request.is_some();
        if self.operations.is_empty() && !whole && !first.area.starts_with("security scheme ") {
            return UNREACHED.to_owned();
        }
        if self.changes.iter().any(|change| change.area != first.area) {
            return SEVERAL.to_owned();
        }
        match &first.request {
            Some(request) => format!("{request} ({})", first.area),
            None if self.operations.is_empty() => first.area.clone(),
            None => format!("{}, in {}", first.area, some(&self.operations)),
        }
    }

    /// What happened, in one line.
    fn line(&self, group: &str) -> String {
        let Some(first) = self.changes.first() else { return String::new() };
        let what = match &first.place {
            place if self.changes.len() == 1 && group == UNREACHED => format!("{} · {place}", first.area),
            place if self.changes.len() == 1 => place.clone(),
            place => place.rsplit(" · ").next().unwrap_or_default().to_owned(),
        };
        let what = what.trim_end_matches(" · ");
        let many = match (self.changes.len(), self.operations.len()) {
            (1, _) => String::new(),
            (changes, operations) => {
                format!(", at {changes} places in {operations} operation{}", if operations == 1 { "" } else { "s" })
            }
        };
        let colon = if what.is_empty() { "" } else { ": " };
        format!("{} [{}] {what}{colon}{}{}{many}", first.severity, first.rule, first.wire, values(first))
    }
}

/// What is wrong with a document, by rule.
fn faults(spec: &Document) -> Vec<String> {
    let mut rules: BTreeMap<&str, Vec<&Diagnostic>> = BTreeMap::new();
    spec.tolerated.iter().for_each(|fault| rules.entry(fault.rule).or_default().push(fault));
    let line = |(rule, faults): (&str, Vec<&Diagnostic>)| match &faults[..] {
        [] => String::new(),
        [only] => format!("{}: {rule}: {}", only.place, only.message),
        [first, ..] => format!("{}: {rule}: {}, and {} more", first.place, first.message, faults.len() - 1),
    };
    rules.into_iter().map(line).collect()
}

fn places(count: usize) -> &'static str {
    if count == 1 { "place" } else { "places" }
}

fn breaks(effect: &RustChange) -> &'static str {
    if effect.breaking { " (breaks code)" } else { "" }
}

fn some(names: &BTreeSet<&str>) -> String {
    let first: Vec<&str> = names.iter().take(NAMED).copied().collect();
    let more = if names.len() > NAMED { format!(" and {} more", names.len() - NAMED) } else { String::new() };
    first.join(", ") + &more
}

fn values(change: &Change) -> String {
    match (&change.before, &change.after) {
        (Some(before), Some(after)) => format!(": {before} → {after}"),
        (Some(text), None) | (None, Some(text)) if !text.is_empty() => format!(": {text}"),
        _ => String::new(),
    }
}

/// A text of the document in Markdown: it must not become markup.
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
