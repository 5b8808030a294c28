//! The verdict: which version the changes require by cargo's rule, and whether the head has it.

use serde::Serialize;

use super::{Change, RustChange, Severity};
use crate::document::Document;

/// By how much a version must rise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Bump {
    /// Not at all.
    None,
    /// The third number.
    Patch,
    /// The second number; with `0.x` it is the one that may break.
    Minor,
    /// The first number.
    Major,
}

impl std::fmt::Display for Bump {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&format!("{self:?}").to_lowercase())
    }
}

/// What all changes require together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// The worst change on the wire.
    pub wire: Severity,
    /// Whether Rust code breaks; `None` if no known effect does and others are unknown.
    pub rust: Option<Severity>,
    /// The required bump of `ims-api`.
    pub bump: Bump,
    /// The version before, if known.
    pub base_version: Option<String>,
    /// The version now, if known.
    pub head_version: Option<String>,
    /// Whether the version rose enough, or the base's was never released.
    pub bumped: bool,
    /// What is still to be done before this may be merged.
    pub demands: Vec<String>,
}

/// Manifest version and changelog of one side, and the version of its document.
#[derive(Debug, Clone, Default)]
pub(super) struct Versions {
    pub(super) package: Option<String>,
    pub(super) document: Option<String>,
    pub(super) changelog: Option<String>,
}

/// Decides; `rest` holds the effects in Rust that come from no single change, `None` if nothing is known about Rust.
pub(super) fn verdict(
    changes: &[Change],
    rest: Option<&[RustChange]>,
    approved: &dyn Fn(&Change) -> bool,
    base: &Versions,
    head: &Versions,
) -> Verdict {
    let wire = changes.iter().map(|change| change.severity).max().unwrap_or(Severity::Info);
    let effects = || changes.iter().flat_map(|change| &change.rust).chain(rest.unwrap_or_default());
    let rust_breaks = effects().any(|effect| effect.breaking);
    // One effect that breaks is enough; that none does is only known of all of them.
    let rust = if rust_breaks { Some(Severity::Breaking) } else { rest.map(|_| Severity::Info) };
    let (base_version, head_version) = (base.version(), head.version());
    let stable = base_version.as_deref().and_then(numbers).is_some_and(|[major, ..]| major > 0);
    let bump = match (wire == Severity::Breaking || rust_breaks, stable) {
        (true, true) => Bump::Major,
        (true, false) => Bump::Minor,
        (false, true) if effects().any(|effect| effect.before.is_none()) => Bump::Minor,
        (false, _) if changes.is_empty() => Bump::None,
        (false, _) => Bump::Patch,
    };
    let bumped = base.unreleased()
        || [(&base.package, &head.package), (&base.document, &head.document)].into_iter().all(|(old, new)| {
            let both = old.as_deref().and_then(numbers).zip(new.as_deref().and_then(numbers));
            both.is_none_or(|(old, new)| risen(old, new) >= bump)
        });
    let mut demands = Vec::new();
    let open = |change: &&Change| !approved(change);
    if changes.iter().filter(open).any(Change::breaks)
        || rest.unwrap_or_default().iter().any(|effect| effect.breaking)
            && changes.iter().filter(open).any(|change| !change.is_words())
    {
        if !bumped {
            let from = base_version.as_deref().unwrap_or("?");
            let what = if base.package.is_some() { "ims-api and info.version" } else { "info.version" };
            demands.push(format!("raise {what}: {bump} bump from {from}"));
        }
        if let Some((text, version)) = head.changelog.as_deref().zip(head_version.as_deref())
            && !entry(text, version, base.changelog.as_deref().unwrap_or_default())
        {
            demands
                .push(format!("say so below `## {version}` in CHANGELOG.md; `cargo xtask changelog` drafts the entry"));
        }
    }
    Verdict { wire, rust, bump, base_version, head_version, bumped, demands }
}

impl Versions {
    /// What is known of a document alone.
    pub(super) fn of(spec: &Document) -> Self {
        let document = (!spec.version.is_empty()).then(|| spec.version.clone());
        Self { document, ..Self::default() }
    }

    fn version(&self) -> Option<String> {
        self.package.clone().or_else(|| self.document.clone())
    }

    /// Whether nobody has this version yet: it may still change in any way.
    fn unreleased(&self) -> bool {
        self.changelog.as_deref().zip(self.version()).is_some_and(|(text, version)| {
            text.lines().any(|line| line.starts_with(&format!("## {version} (unreleased)")))
        })
    }
}

/// Whether a changelog's section of the version says what the other's doesn't.
fn entry(changelog: &str, version: &str, before: &str) -> bool {
    let section = |text: &str| -> Vec<String> {
        let lines = text.lines().skip_while(|line| line.strip_prefix("## ").is_none_or(|h| named(h) != version));
        let lines = lines.skip(1).take_while(|line| !line.starts_with("## "));
        lines.filter(|line| !line.trim().is_empty()).map(str::to_owned).collect()
    };
    let before = section(before);
    section(changelog).iter().any(|line| !before.contains(line))
}

fn named(heading: &str) -> &str {
    heading.split_whitespace().next().unwrap_or_default().trim_matches(['[', ']'])
}

fn numbers(version: &str) -> Option<[u64; 3]> {
    let core = version.split(['-', '+']).next()?.trim_start_matches('v');
    let mut parts = core.split('.').map(str::parse);
    Some([parts.next()?.ok()?, parts.next().unwrap_or(Ok(0)).ok()?, parts.next().unwrap_or(Ok(0)).ok()?])
}

fn risen(old: [u64; 3], new: [u64; 3]) -> Bump {
    let bumps = [Bump::Major, Bump::Minor, Bump::Patch].into_iter();
    let first = bumps.zip(old.iter().zip(&new)).find(|(_, (old, new))| old != new);
    first.filter(|(_, (old, new))| new > old).map_or(Bump::None, |(bump, _)| bump)
}

/// The version of a package in the text of the root manifest, which members inherit.
pub(super) fn of_manifest(text: &str) -> Option<String> {
    let section = text.split("[workspace.package]").nth(1).or_else(|| text.split("[package]").nth(1))?;
    let line = section.lines().take_while(|line| !line.starts_with('[')).find(|line| line.starts_with("version"))?;
    line.split('"').nth(1).map(str::to_owned)
}
