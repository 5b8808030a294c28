//! The report: changes with their Rust effects and the verdict, as text, Markdown, JSON or annotations. The summary comes
//! first, and the same change at many places is one row.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::rules::tally;
use super::version::Versions;
use super::{Change, RustChange, Severity, Verdict, rust, version};
use crate::diagnostic::{Diagnostic, Place, annotation, visible};
use crate::document::Document;

/// The version of the JSON form, which openapi/diff.schema.json describes.
const SCHEMA: u32 = 2;

/// GitHub refuses longer comments than 65,536 characters.
const LONGEST: usize = 60_000;

/// How many of several are named unless all are asked for.
const NAMED: usize = 3;

/// How many places of a row unfold in Markdown unless all are asked for.
const UNFOLDED: usize = 10;

/// How many effects in Rust that belong to no single change are told unless all are asked for.
const LOOSE: usize = 20;

/// What the Markdown form begins with.
const TITLE: &str = "## Review of the API document\n\n";

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

/// A row of the forms for people: the same change wherever it happened.
#[derive(Default)]
struct Row {
    /// The heading that it stands below.
    section: String,
    severity: Option<Severity>,
    /// What happened, and where it stands if that is one place.
    what: String,
    effects: Vec<String>,
    /// How many places there are, and those that are named.
    count: usize,
    places: Vec<String>,
}

impl Report {
    /// Compares two documents on the wire and in Rust.
    #[must_use]
    pub fn of(base: &Document, head: &Document) -> Self {
        Self::with(base, head, (&Versions::of(base), &Versions::of(head)), Vec::new(), false)
    }

    pub(super) fn with(
        base: &Document,
        head: &Document,
        (before, after): (&Versions, &Versions),
        approved: Vec<String>,
        all: bool,
    ) -> Self {
        let mut changes = super::compare(base, head);
        let (effects, rust_unknown) = match rust::effects(base, head, &changes, all) {
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
            Format::Text if self.changes.is_empty() => "no change of the contract\n".to_owned(),
            Format::Text => {
                let (base, head) = (visible(&self.base), visible(&self.head));
                self.people(format!("{base} → {head}\n{}\n", self.headline()), all, false)
            }
            Format::Markdown if self.changes.is_empty() => format!("{TITLE}No change of the contract.\n"),
            Format::Markdown => self.people(format!("{TITLE}**{}**\n\n", self.headline()), all, true),
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
        let rules = tally(self.changes.iter().filter(|change| !change.is_words()).map(|change| change.rule));
        let words = self.summary.words;
        let mut lines: Vec<String> = self.faults.iter().map(|fault| format!("fault: {fault}")).collect();
        if !rules.is_empty() {
            lines.push(format!("by rule: {rules}"));
        }
        if words > 0 {
            lines.push(format!(
                "words alone (descriptions, samples, tags): {words} {}; `--all` shows them",
                if words == 1 { "place" } else { "places" }
            ));
        }
        lines.extend(self.rust_unknown.iter().map(|reason| format!("in Rust not all is known: {reason}")));
        lines
    }

    /// The same changes taken together, the worst first, and of each severity by where they belong: an operation, a
    /// component, several places, or what no operation reaches.
    fn rows(&self, all: bool, markdown: bool) -> Vec<Row> {
        let (mut groups, mut known) = (Vec::<Vec<&Change>>::new(), BTreeMap::new());
        for change in self.changes.iter().filter(|change| all || !change.is_words()) {
            let step = last(&change.place);
            let step = step.rsplit_once('.').map_or(step, |(_, name)| name);
            // What happened to whole operations and components has no place: each is its own.
            let which = if change.place.is_empty() { change.area.as_str() } else { "" };
            let key = (change.rule, change.severity, &change.before, &change.after, step, which, &change.wire);
            let next = groups.len();
            match groups.get_mut(*known.entry(key).or_insert(next)) {
                Some(group) => group.push(change),
                None => groups.push(vec![change]),
            }
        }
        let mut rows: Vec<Row> = groups.iter().filter_map(|changes| self.row(changes, all, markdown)).collect();
        rows.sort_by_cached_key(|Row { section, severity, .. }| {
            (std::cmp::Reverse(*severity), section == UNREACHED, section == SEVERAL, section.clone())
        });
        let rest = first_of(self.rust.iter().map(|effect| told(effect, markdown)), LOOSE, all);
        let section = "in Rust, from no single change";
        rows.extend(rest.into_iter().map(|what| Row { section: section.to_owned(), what, ..Row::default() }));
        rows
    }

    fn row(&self, changes: &[&Change], all: bool, markdown: bool) -> Option<Row> {
        let first = *changes.first()?;
        let operations: BTreeSet<&str> =
            changes.iter().flat_map(|change| &change.operations).map(String::as_str).collect();
        let section = section(changes, &operations);
        let one = changes.len() == 1;
        let place = match &first.place {
            place if one && section == UNREACHED => format!("{} · {place}", first.area),
            place if one => place.clone(),
            place => last(place).to_owned(),
        };
        let place = place.trim_end_matches(" · ");
        let colon = if place.is_empty() { "" } else { ": " };
        let what = format!("{} [{}] {place}{colon}{}{}", first.severity, first.rule, first.wire, values(first));
        let end = match operations.len() {
            _ if one => self.mark(first, markdown),
            1 => format!(", at {} places in 1 operation", changes.len()),
            many => format!(", at {} places in {many} operations", changes.len()),
        };
        let mut effects: Vec<&RustChange> = changes.iter().flat_map(|change| &change.rust).collect();
        effects.sort_by_key(|effect| !effect.breaking);
        let places = changes.iter().filter(|_| !one);
        let places = places.map(|change| escaped(&change.address(), markdown) + &self.mark(change, markdown));
        Some(Row {
            section,
            severity: Some(first.severity),
            what: escaped(&what, markdown) + &end,
            effects: first_of(effects.into_iter().map(|effect| told(effect, markdown)), NAMED, all),
            count: changes.len(),
            places: first_of(places, if markdown { UNFOLDED } else { NAMED }, all),
        })
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

    /// A form for people below its head.
    fn people(&self, mut out: String, all: bool, markdown: bool) -> String {
        let [demand, line, what, effect, place] = match markdown {
            false => ["to do: ", "", "  ", "    rust: ", "    "],
            true => ["- [ ] ", "- ", "- ", "  - in Rust: ", "  - "],
        };
        out.extend(self.verdict.demands.iter().map(|text| format!("{demand}{text}\n")));
        out.extend(self.overview().iter().map(|text| format!("{line}{}\n", escaped(text, markdown))));
        let rows = self.rows(all, markdown);
        let (mut shown, mut length) = (0, out.chars().count());
        for (index, row) in rows.iter().enumerate() {
            let mut text = String::new();
            if index == 0 || (&rows[index - 1].section, rows[index - 1].severity) != (&row.section, row.severity) {
                let section = escaped(&row.section, markdown);
                text = match row.severity {
                    _ if !markdown => format!("\n{section}\n"),
                    Some(severity) => format!("\n**{severity}: {section}**\n\n"),
                    None => format!("\n**{section}**\n\n"),
                };
            }
            text += &format!("{what}{}\n", row.what);
            text.extend(row.effects.iter().map(|text| format!("{effect}{text}\n")));
            let places: String = row.places.iter().map(|text| format!("{place}{text}\n")).collect();
            text += &match markdown && !places.is_empty() {
                false => places,
                true => format!("  <details><summary>{} places</summary>\n\n{places}  </details>\n", row.count),
            };
            length += text.chars().count();
            if markdown && length + 300 > LONGEST {
                break;
            }
            out += &text;
            shown += 1;
        }
        if shown < rows.len() {
            out += &format!("\nOnly {shown} of {} rows fit here; `cargo xtask diff --all` shows all.\n", rows.len());
        }
        out
    }

    fn github(&self) -> String {
        // Annotations are few on a page: the summary is the first of them.
        let mut out = annotation("notice", None, "review", &self.headline());
        for change in &self.changes {
            let level = match change.severity {
                Severity::Breaking if !self.approved.contains(&change.fingerprint) => "error",
                Severity::Breaking | Severity::Warning => "warning",
                Severity::Info => "notice",
            };
            let place = Place { file: self.head.clone(), line: change.line, column: change.column };
            let message = format!("{}: {}{}", change.address(), change.wire, values(change));
            out += &annotation(level, Some(&place), change.rule, &message);
        }
        out
    }
}

/// The heading of changes that happened to several operations or components.
const SEVERAL: &str = "several places";

/// The heading of changes that are part of no message.
const UNREACHED: &str = "components that no operation reaches";

/// The heading that changes stand below.
fn section(changes: &[&Change], operations: &BTreeSet<&str>) -> String {
    let Some(first) = changes.first() else { return String::new() };
    let whole = first.area == "document" || first.request.is_some() || first.area.starts_with("security scheme ");
    match (first.rule, &first.request) {
        ("endpoint-removed", _) => "operations removed".to_owned(),
        ("endpoint-added", _) => "operations added".to_owned(),
        ("component-removed", _) => "components removed".to_owned(),
        ("component-added", _) => "components added".to_owned(),
        _ if operations.is_empty() && !whole => UNREACHED.to_owned(),
        _ if changes.iter().any(|change| change.area != first.area) => SEVERAL.to_owned(),
        (_, Some(request)) => format!("{request} ({})", first.area),
        _ if operations.is_empty() => first.area.clone(),
        _ => {
            let names: Vec<&str> = operations.iter().take(NAMED).copied().collect();
            let more = operations.len() - names.len();
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            format!("{}, in {}{more}", first.area, names.join(", "))
        }
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
fn first_of(items: impl Iterator<Item = String>, most: usize, all: bool) -> Vec<String> {
    let mut items: Vec<String> = items.collect();
    let more = if all { 0 } else { items.len().saturating_sub(most) };
    if more > 0 {
        items.truncate(most);
        items.push(format!("and {more} more; `--all` shows them"));
    }
    items
}

fn told(effect: &RustChange, markdown: bool) -> String {
    escaped(&effect.sentence, markdown) + if effect.breaking { " (breaks code)" } else { "" }
}

/// The last step of a place.
fn last(place: &str) -> &str {
    place.rsplit(" · ").next().unwrap_or_default()
}

fn values(change: &Change) -> String {
    match (&change.before, &change.after) {
        (Some(before), Some(after)) => format!(": {before} → {after}"),
        (Some(text), None) | (None, Some(text)) if !text.is_empty() => format!(": {text}"),
        _ => String::new(),
    }
}

/// A text of the document for people; in Markdown it must not become markup.
fn escaped(text: &str, markdown: bool) -> String {
    let text = visible(text);
    if !markdown {
        return text;
    }
    text.replace('&', "&amp;").replace('<', "&lt;").replace('|', "\\|").replace('@', "&#64;").replace('`', "'")
}
