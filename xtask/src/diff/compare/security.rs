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
        // What an operation doesn't say, the document says.
        let effective = |own: Option<&Item<'a>>, spec: &'a Document| -> BTreeMap<String, &'a Value> {
            let inherited = spec.raw.get("security").filter(|_| shape == "operation");
            let list = own.map(|item| item.value).or(inherited).and_then(Value::as_array).into_iter().flatten();
            let names = |way: &Value| {
                let names = way.as_object().into_iter().flat_map(serde_json::Map::keys);
                let names: BTreeSet<String> = names.map(|name| self.scheme(name)).collect();
                names.into_iter().collect::<Vec<_>>().join(" and ")
            };
            list.map(|way| (names(way), way)).collect()
        };
        let (b, h) = (effective(b, self.base), effective(h, self.head));
        let open = |ways: &BTreeMap<String, &Value>| ways.is_empty() || ways.contains_key("");
        let scopes = |(name, way): (&String, &&Value)| {
            h.get(name).is_some_and(|now| {
                let of = |way: &Value| -> Vec<Value> {
                    way.as_object().into_iter().flatten().map(|(_, scopes)| scopes.clone()).collect()
                };
                of(now) != of(way)
            })
        };
        let rules = match (open(&b), open(&h)) {
            (true, false) => vec!["security-became-required"],
            (false, true) => vec!["security-became-optional"],
            _ => [
                (b.keys().any(|name| !h.contains_key(name)), "security-alternative-removed"),
                (h.keys().any(|name| !b.contains_key(name)), "security-alternative-added"),
                (b.iter().any(scopes), "security-scopes-changed"),
            ]
            .into_iter()
            .filter_map(|(holds, rule)| holds.then_some(rule))
            .collect(),
        };
        let words = |ways: &BTreeMap<String, &Value>| {
            let names: Vec<&str> = ways.keys().map(|name| if name.is_empty() { "nothing" } else { name }).collect();
            Some(if names.is_empty() { "nothing".to_owned() } else { names.join(" or ") })
        };
        rules.into_iter().for_each(|rule| self.note(rule, at, pointer, words(&b), words(&h)));
    }

    /// The name of a scheme in the base: a scheme under another name that says the same is the same.
    fn scheme(&self, name: &str) -> String {
        let all = |spec: &'a Document| spec.raw.pointer("/components/securitySchemes").and_then(Value::as_object);
        let (Some(base), Some(head)) = (all(self.base), all(self.head)) else { return name.to_owned() };
        let twin = base.iter().find(|(known, says)| !head.contains_key(*known) && head.get(name) == Some(says));
        twin.filter(|_| !base.contains_key(name)).map_or(name, |(known, _)| known).to_owned()
    }
}
