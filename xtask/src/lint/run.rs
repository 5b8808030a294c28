//! One run of the rules over one document: what they see, and how they report.

use serde_json::Value;

use super::rules::{Category, rules};
use crate::diagnostic::{Diagnostic, Level};
use crate::document::Document;

/// One run over one document.
pub(super) struct Run<'a> {
    pub(super) spec: &'a Document,
    /// Each with the pointer of its node.
    pub(super) findings: Vec<(Diagnostic, String)>,
}

impl<'a> Run<'a> {
    /// What is written under a key of the node at a pointer.
    pub(super) fn written(&self, pointer: &str, key: &str) -> Option<&'a Value> {
        self.spec.raw.pointer(pointer)?.get(key)
    }

    /// Reports a finding at the key of a node, with the rule's own help.
    pub(super) fn report(&mut self, rule: &'static str, pointer: &str, message: impl Into<String>) {
        self.report_with(rule, pointer, message, None);
    }

    /// Reports a finding at the key of a node, with a help of its own.
    pub(super) fn report_with(
        &mut self,
        rule: &'static str,
        pointer: &str,
        message: impl Into<String>,
        help: Option<String>,
    ) {
        let known = rules().iter().find(|known| known.id == rule);
        debug_assert!(known.is_some(), "{rule} is not in the table");
        let level = match known.map(|known| known.category) {
            Some(Category::Convention | Category::Loss) if !self.spec.ours => Level::Warning,
            _ => Level::Error,
        };
        let help = help.unwrap_or_else(|| known.map_or("", |known| known.help).to_owned());
        let (place, message) = (self.spec.place(pointer), message.into());
        self.findings.push((Diagnostic { place, level, rule, message, help }, pointer.to_owned()));
    }
}
