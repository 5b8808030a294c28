//! Two schemas at one place: null, types, choices and enums, where a difference of form may be none of meaning.

use std::collections::BTreeSet;

use serde_json::Value;

use super::super::view::{Item, View, named_parts, shown};
use super::{At, Comparer};
use crate::document::walk::canonical;
use crate::lock::wire::describes;

impl<'a> Comparer<'a> {
    pub(super) fn nullable(&mut self, b: bool, h: bool, item: &Item<'a>, at: &At) {
        if b != h {
            let rule = if h { "nullable-added" } else { "nullable-removed" };
            self.note(rule, at, &item.pointer, None, None);
        }
    }

    pub(super) fn schema(&mut self, b: &Item<'a>, h: &Item<'a>, at: &At) {
        let told: BTreeSet<String> = named_parts(b).intersection(&named_parts(h)).cloned().collect();
        let (mut bv, mut hv) = (View::of(&self.base.raw, b, &told), View::of(&self.head.raw, h, &told));
        let null = (b.nullable(&self.base.raw, 0), h.nullable(&self.head.raw, 0));
        if let (Some(bn), Some(hn)) = null {
            self.nullable(bn, hn, h, at);
        }
        // Beside a structure of its own, a choice only says which of it must be there.
        let own = |view: &View<'a>| view.facts.contains_key("type") || !view.nodes.is_empty();
        let choice = |view: &View<'a>| !view.alternatives.is_empty();
        if choice(&bv) && choice(&hv) || choice(&bv) && !own(&bv) || choice(&hv) && !own(&hv) {
            let all = |view: &View<'a>, item: &Item<'a>| {
                if view.alternatives.is_empty() { vec![item.unwrapped()] } else { view.alternatives.clone() }
            };
            self.alternatives(all(&bv, b), all(&hv, h), h, at);
            if choice(&bv) != choice(&hv) {
                // What the other side says itself was compared as an alternative.
                for view in [&mut bv, &mut hv] {
                    view.facts.retain(|key, _| describes(key));
                    view.nodes.clear();
                    view.required.clear();
                }
            }
        } else if choice(&bv) != choice(&hv) {
            self.condition(&bv, &hv, h, at);
        }
        let kind = |view: &View<'a>| view.facts.get("type").and_then(|item| item.value.as_str());
        if let (Some(before), Some(after)) = (kind(&bv), kind(&hv))
            && before != after
        {
            let rule = match (before, after) {
                ("integer", "number") => "type-widened",
                ("number", "integer") => "type-narrowed",
                _ => "type-changed",
            };
            return self.note(rule, &at.below("type", None), &h.pointer, Some(b.words()), Some(h.words()));
        }
        self.members((b, bv), (h, hv), at);
    }

    /// A choice beside a structure that only one side has.
    fn condition(&mut self, b: &View<'a>, h: &View<'a>, item: &Item<'a>, at: &At) {
        let (with, without) = if h.alternatives.is_empty() { (b, h) } else { (h, b) };
        let implied = |part: &Item<'a>| {
            let names = part.get("required").and_then(Value::as_array).into_iter().flatten();
            let only = part.value.as_object().is_some_and(|keys| keys.keys().all(|key| key == "required"));
            only && names.filter_map(Value::as_str).all(|name| without.required.contains(name))
        };
        // What was valid on the other side fits one of them anyway.
        if !with.alternatives.iter().any(implied) {
            let rule = if h.alternatives.is_empty() { "constraint-schema-removed" } else { "constraint-schema-added" };
            let words = Some(format!("one of {} forms", with.alternatives.len()));
            let (before, after) = if h.alternatives.is_empty() { (words, None) } else { (None, words) };
            self.note(rule, at, &item.pointer, before, after);
        }
    }

    /// What may be sent, each alternative with the one that is equal or, if only one is left of a type, of its type.
    pub(super) fn alternatives(&mut self, mut bs: Vec<Item<'a>>, mut hs: Vec<Item<'a>>, h: &Item<'a>, at: &At) {
        let values = |items: &[Item<'a>], raw: &'a Value| -> Option<Vec<Value>> {
            let lists: Option<Vec<_>> = items.iter().map(|item| item.values(raw)).collect();
            Some(lists?.into_iter().flatten().cloned().collect())
        };
        if let (Some(before), Some(after)) = (values(&bs, &self.base.raw), values(&hs, &self.head.raw)) {
            return self.enumeration(&before, &after, &h.pointer, at);
        }
        let essence = |item: &Item<'a>| match item.target() {
            Some(target) => Value::String(target),
            None => {
                let mut value = canonical(item.value);
                if let Some(members) = value.as_object_mut() {
                    members.retain(|key, _| key != "nullable" && !describes(key));
                }
                value
            }
        };
        let kind = |item: &Item<'a>, raw| {
            let item = item.resolved(raw);
            item.get("type").and_then(Value::as_str).unwrap_or("object").to_owned()
        };
        bs.retain(|b| match hs.iter().position(|h| essence(b) == essence(h)) {
            Some(at) => {
                hs.remove(at);
                false
            }
            None => true,
        });
        let kinds = |items: &[Item<'a>], raw| items.iter().map(|item| kind(item, raw)).collect::<Vec<_>>();
        let (bk, hk) = (kinds(&bs, &self.base.raw), kinds(&hs, &self.head.raw));
        let once = |kinds: &[String], kind: &String| kinds.iter().filter(|known| *known == kind).count() == 1;
        let (mut gone, mut matched) = (Vec::new(), BTreeSet::new());
        for (b, kind) in bs.into_iter().zip(&bk) {
            match hk.iter().position(|known| known == kind) {
                Some(index) if once(&bk, kind) && once(&hk, kind) => {
                    matched.insert(index);
                    self.node(&b, &hs[index], at);
                }
                _ => gone.push(b),
            }
        }
        for b in gone {
            self.note("alternative-removed", at, &h.pointer, Some(b.words()), None);
        }
        for (_, new) in hs.iter().enumerate().filter(|(index, _)| !matched.contains(index)) {
            self.note("alternative-added", at, &new.pointer, None, Some(new.words()));
        }
    }

    pub(super) fn enumeration(&mut self, b: &[Value], h: &[Value], pointer: &str, at: &At) {
        for gone in b.iter().filter(|value| !h.contains(value)) {
            self.note("enum-value-removed", at, pointer, Some(shown(gone)), None);
        }
        for new in h.iter().filter(|value| !b.contains(value)) {
            self.note("enum-value-added", at, pointer, None, Some(shown(new)));
        }
    }
}
