//! Who may call: requirements of an operation or the document, where a scheme may go by another name.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::super::view::Item;
use super::{At, Comparer};
use crate::document::Document;

impl<'a> Comparer<'a> {
    /// Requirements are alternatives; no requirement and `{}` both let anybody in.
    pub(super) fn security(
        &mut self,
        shape: &str,
        (b, h): (Option<&Item<'a>>, Option<&Item<'a>>),
        pointer: &str,
        at: &At,
    ) {
        const OPEN: &str = "nothing";
        // What an operation doesn't say, the document says. Each way by its schemes, with their scopes.
        let effective = |own: Option<&Item<'a>>, spec: &'a Document| -> BTreeMap<String, Vec<Value>> {
            let inherited = spec.raw.get("security").filter(|_| shape == "operation");
            let list = own.map(|item| item.value).or(inherited).and_then(Value::as_array).map_or(&[][..], |list| list);
            let mut ways: BTreeMap<String, Vec<Value>> = BTreeMap::new();
            for way in list.iter().filter_map(Value::as_object) {
                let names: BTreeSet<&str> = way.keys().map(|name| self.scheme(name)).collect();
                let name = names.into_iter().collect::<Vec<_>>().join(" and ");
                ways.insert(if name.is_empty() { OPEN.to_owned() } else { name }, way.values().cloned().collect());
            }
            if ways.is_empty() { BTreeMap::from([(OPEN.to_owned(), Vec::new())]) } else { ways }
        };
        let (b, h) = (effective(b, self.base), effective(h, self.head));
        let differs = |(name, scopes): (&String, &Vec<Value>)| h.get(name).is_some_and(|now| now != scopes);
        let rules = match (b.contains_key(OPEN), h.contains_key(OPEN)) {
            (true, false) => vec![(true, "security-became-required")],
            (false, true) => vec![(true, "security-became-optional")],
            _ => vec![
                (b.keys().any(|name| !h.contains_key(name)), "security-alternative-removed"),
                (h.keys().any(|name| !b.contains_key(name)), "security-alternative-added"),
                (b.iter().any(differs), "security-scopes-changed"),
            ],
        };
        let words = |ways: &BTreeMap<String, Vec<Value>>| {
            Some(ways.keys().map(String::as_str).collect::<Vec<_>>().join(" or "))
        };
        for (_, rule) in rules.into_iter().filter(|(holds, _)| *holds) {
            self.note(rule, at, pointer, words(&b), words(&h));
        }
    }

    /// The name of a scheme in the base: a scheme under another name that says the same is the same.
    fn scheme<'n>(&self, name: &'n str) -> &'n str
    where
        'a: 'n,
    {
        let all = |spec: &'a Document| spec.raw.pointer("/components/securitySchemes").and_then(Value::as_object);
        let (Some(base), Some(head)) = (all(self.base), all(self.head)) else { return name };
        let twin = base.iter().find(|(known, says)| !head.contains_key(*known) && head.get(name) == Some(says));
        twin.filter(|_| !base.contains_key(name)).map_or(name, |(known, _)| known)
    }
}
