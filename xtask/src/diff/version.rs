//! The verdict: which version the changes require by cargo's rule, and whether the head has it.

use serde::Serialize;

use super::{Change, RustChange, Severity};

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
        f.write_str(match self {
            Self::None => "none",
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        })
    }
}

/// What all changes require together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// The worst change on the wire.
    pub wire: Severity,
    /// Whether Rust code breaks; `None` if a side can't be generated.
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

type Numbers = (u64, u64, u64);

pub(super) fn verdict(
    changes: &[Change],
    rust: Option<&[RustChange]>,
    approved: &dyn Fn(&Change) -> bool,
    base: &Versions,
    head: &Versions,
) -> Verdict {
    let wire = changes.iter().map(|change| change.severity).max().unwrap_or(Severity::Info);
    let rust_severity = rust
        .map(|changes| if changes.iter().any(|change| change.breaking) { Severity::Breaking } else { Severity::Info });
    let breaks = wire == Severity::Breaking || rust_severity == Some(Severity::Breaking);
    let version = |side: &Versions| side.package.clone().or_else(|| side.document.clone());
    let (base_version, head_version) = (version(base), version(head));
    let old = base_version.as_deref().and_then(numbers);
    let new = head_version.as_deref().and_then(numbers);
    let stable = old.is_some_and(|(major, ..)| major > 0);
    let added = rust.is_some_and(|changes| changes.iter().any(|change| change.before.is_none()));
    let bump = match (breaks, stable) {
        (true, true) => Bump::Major,
        (true, false) => Bump::Minor,
        (false, true) if added => Bump::Minor,
        (false, _) if changes.is_empty() => Bump::None,
        (false, _) => Bump::Patch,
    };
    let unreleased = |side: &Versions, version: &Option<String>| {
        side.changelog.as_deref().zip(version.as_deref()).is_some_and(|(text, version)| {
            text.lines().any(|line| line.starts_with(&format!("## {version} (unreleased)")))
        })
    };
    let bumped = unreleased(base, &base_version) || old.zip(new).is_none_or(|(old, new)| risen(old, new) >= bump);
    let mut demands = Vec::new();
    let open = changes.iter().filter(|change| change.severity == Severity::Breaking && !approved(change)).count();
    if !bumped
        && (bump >= Bump::Minor || base.package.is_some())
        && (open > 0 || rust_severity == Some(Severity::Breaking))
    {
        let from = base_version.as_deref().unwrap_or("?");
        demands.push(format!("raise the version of ims-api: {bump} bump from {from}"));
    }
    if bump >= Bump::Minor
        && head.package.is_some()
        && let Some(version) = &head_version
        && !head
            .changelog
            .as_deref()
            .is_some_and(|text| text.lines().any(|line| line.starts_with(&format!("## {version}"))))
    {
        demands.push(format!("write an entry `## {version}` in CHANGELOG.md; `cargo xtask changelog` drafts it"));
    }
    Verdict { wire, rust: rust_severity, bump, base_version, head_version, bumped, demands }
}

fn numbers(version: &str) -> Option<Numbers> {
    let core = version.split(['-', '+']).next()?.trim_start_matches('v');
    let mut parts = core.split('.').map(str::parse);
    Some((parts.next()?.ok()?, parts.next().unwrap_or(Ok(0)).ok()?, parts.next().unwrap_or(Ok(0)).ok()?))
}

fn risen(old: Numbers, new: Numbers) -> Bump {
    if new.0 > old.0 {
        Bump::Major
    } else if new.0 == old.0 && new.1 > old.1 {
        Bump::Minor
    } else if (new.0, new.1) == (old.0, old.1) && new.2 > old.2 {
        Bump::Patch
    } else {
        Bump::None
    }
}

/// The version of a package in the text of the root manifest, which members inherit.
pub(super) fn of_manifest(text: &str) -> Option<String> {
    let section = text.split("[workspace.package]").nth(1).or_else(|| text.split("[package]").nth(1))?;
    let line = section.lines().take_while(|line| !line.starts_with('[')).find(|line| line.starts_with("version"))?;
    line.split('"').nth(1).map(str::to_owned)
}
