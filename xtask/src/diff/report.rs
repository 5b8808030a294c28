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

/// How many places of a row unfold in Markdown unless all are asked for.
const UNFOLDED: usize = 10;

/// How many effects in Rust that belong to no single change are told unless all are asked for.
const LOOSE: usize = 20;

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

/// What a heading stands over.
struct Section {
    severity: Option<Severity>,
    name: String,
    lines: Vec<Line>,
}

/// One change as it is told, with what stands below it.
#[derive(Default)]
struct Line {
    /// What happened, and where it stands if that is one place.
    what: Marked,
    effects: Vec<Marked>,
    /// How many places there are, and those that are named.
    count: usize,
    places: Vec<Marked>,
}

/// A text of the document, and words of ours after it.
type Marked = (String, String);

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
                if words == 1 { "place" } else { "places" }
            ));
        }
        lines.extend(self.rust_unknown.iter().map(|reason| format!("in Rust not all is known: {}", visible(reason))));
        lines
    }

    /// The same changes taken together, the worst first.
    fn rows(&self, all: bool) -> Vec<Row<'_>> {
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
        rows
    }

    /// What the forms for people tell, the worst first, and of each severity by where it belongs: an operation, a
    /// component, several places, or what no operation reaches.
    fn sections(&self, all: bool, markdown: bool) -> Vec<Section> {
        let mut sections: BTreeMap<_, Section> = BTreeMap::new();
        for row in self.rows(all) {
            let Some(first) = row.changes.first() else { continue };
            let name = row.group();
            let key = (std::cmp::Reverse(first.severity), name == UNREACHED, name == SEVERAL, name.clone());
            let new = || Section { severity: Some(first.severity), name: name.clone(), lines: Vec::new() };
            let (one, mut what) = (row.changes.len() == 1, (row.line(&name), String::new()));
            if one {
                what.1 = self.mark(first, markdown);
            }
            let mut effects: Vec<&RustChange> = row.changes.iter().flat_map(|change| &change.rust).collect();
            effects.sort_by_key(|effect| !effect.breaking);
            let most = if markdown { UNFOLDED } else { NAMED };
            let places = row.changes.iter().filter(|_| !one).map(|it| (it.address(), self.mark(it, markdown)));
            sections.entry(key).or_insert_with(new).lines.push(Line {
                what,
                effects: first_of(effects.into_iter().map(told), NAMED, all),
                count: row.changes.len(),
                places: first_of(places, most, all),
            });
        }
        let name = "in Rust, from no single change".to_owned();
        let rest = first_of(self.rust.iter().map(told), LOOSE, all);
        let lines: Vec<Line> = rest.into_iter().map(|what| Line { what, ..Line::default() }).collect();
        let rest = (!lines.is_empty()).then_some(Section { severity: None, name, lines });
        sections.into_values().chain(rest).collect()
    }

    fn text(&self, all: bool) -> String {
        if self.changes.is_empty() {
            return "no change of the contract\n".to_owned();
        }
        let mut out = format!("{} → {}\n{}\n", visible(&self.base), visible(&self.head), self.headline());
        out.extend(self.verdict.demands.iter().map(|demand| format!("to do: {demand}\n")));
        out.extend(self.overview().into_iter().map(|line| line + "\n"));
        for Section { name, lines, .. } in self.sections(all, false) {
            let _ = writeln!(out, "\n{}", visible(&name));
            for Line { what, effects, places, .. } in lines {
                let _ = writeln!(out, "  {}{}", visible(&what.0), what.1);
                out.extend(effects.iter().map(|(effect, mark)| format!("    rust: {}{mark}\n", visible(effect))));
                out.extend(places.iter().map(|(place, mark)| format!("    {}{mark}\n", visible(place))));
            }
        }
        out
    }

    fn markdown(&self, all: bool) -> String {
        let mut out = String::from("## Review of the API document\n\n");
        if self.changes.is_empty() {
            return out + "No change of the contract.\n";
        }
        let _ = writeln!(out, "**{}**\n", self.headline());
        out.extend(self.verdict.demands.iter().map(|demand| format!("- [ ] {demand}\n")));
        out.extend(self.overview().iter().map(|line| format!("- {}\n", cell(line))));
        let sections = self.sections(all, true);
        let total: usize = sections.iter().map(|section| section.lines.len()).sum();
        let (mut shown, mut length) = (0, out.chars().count());
        'full: for Section { severity, name, lines } in &sections {
            let severity = severity.map_or_else(String::new, |severity| format!("{severity}: "));
            let mut text = format!("\n**{severity}{}**\n\n", cell(name));
            for line in lines {
                text += &line.item();
                length += text.chars().count();
                if length + 300 > LONGEST {
                    break 'full;
                }
                out.push_str(&std::mem::take(&mut text));
                shown += 1;
            }
        }
        if shown < total {
            let _ = writeln!(out, "\nOnly {shown} of {total} rows fit here; `cargo xtask diff --all` shows all.");
        }
        out
    }

    /// Where a change stands and, if it may have to be approved, its fingerprint.
    fn mark(&self, change: &Change, markdown: bool) -> String {
        let quote = if markdown { "`" } else { "" };
        let Change { line, fingerprint, .. } = change;
        match (change.breaks(), self.approved.contains(fingerprint)) {
            (_, true) => format!(" (line {line}, fingerprint {quote}{fingerprint}{quote} (approved))"),
            (true, false) => format!(" (line {line}, fingerprint {quote}{fingerprint}{quote})"),
            (false, false) => format!(" (line {line})"),
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

impl Line {
    /// As an item of a list in Markdown; its places unfold.
    fn item(&self) -> String {
        let mut out = format!("- {}{}\n", cell(&self.what.0), self.what.1);
        out.extend(self.effects.iter().map(|(effect, mark)| format!("  - in Rust: {}{mark}\n", cell(effect))));
        if !self.places.is_empty() {
            let _ = writeln!(out, "  <details><summary>{} places</summary>\n", self.count);
            out.extend(self.places.iter().map(|(place, mark)| format!("  - {}{mark}\n", cell(place))));
            out.push_str("  </details>\n");
        }
        out
    }
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

/// The first of several, and how many more there are.
fn first_of(items: impl Iterator<Item = Marked>, most: usize, all: bool) -> Vec<Marked> {
    let mut items: Vec<Marked> = items.collect();
    let more = if all { 0 } else { items.len().saturating_sub(most) };
    if more > 0 {
        items.truncate(most);
        items.push((format!("and {more} more"), "; `--all` shows them".to_owned()));
    }
    items
}

fn told(effect: &RustChange) -> Marked {
    (effect.sentence.clone(), if effect.breaking { " (breaks code)" } else { "" }.to_owned())
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
