//! Two schemas at one place: null, types, choices and enums, where a difference of form may be none of meaning.

use std::collections::BTreeSet;

use serde_json::Value;

use super::super::Severity;
use super::super::view::{Item, View, shown};
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
        let told: BTreeSet<String> = b.named_parts().intersection(&h.named_parts()).cloned().collect();
        let mut views = [b, h].map(|item| View::of(item, &told));
        if let (Some(before), Some(after)) = (b.nullable(0), h.nullable(0)) {
            self.nullable(before, after, h, at);
        }
        // Beside a structure of its own, a choice only says which of it must be there.
        let own = views.each_ref().map(|view| view.facts.contains_key("type") || !view.nodes.is_empty());
        let choice = views.each_ref().map(|view| !view.alternatives.is_empty());
        if choice == [true; 2] || choice[0] && !own[0] || choice[1] && !own[1] {
            let [bs, hs] = views.each_ref().map(|view| match &view.alternatives[..] {
                [] => vec![view.item.unwrapped()],
                several => several.to_vec(),
            });
            self.alternatives(bs, hs, h, at);
            if choice[0] != choice[1] {
                // What the other side says itself was compared as an alternative.
                views.iter_mut().for_each(View::explain);
            }
        } else if choice[0] != choice[1] {
            self.condition(&views, at);
        }
        let [bv, hv] = views;
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
        self.members(bv, hv, at);
    }

    /// A choice beside a structure that only one side has.
    fn condition(&mut self, [b, h]: &[View<'a>; 2], at: &At) {
        let added = b.alternatives.is_empty();
        let (with, without) = if added { (h, b) } else { (b, h) };
        let implied = |part: &Item<'a>| {
            let names = part.value.get("required").and_then(Value::as_array).into_iter().flatten();
            let only = part.value.as_object().is_some_and(|keys| keys.keys().all(|key| key == "required"));
            only && names.filter_map(Value::as_str).all(|name| without.required.contains(name))
        };
        // What was valid on the other side fits one of them anyway.
        if !with.alternatives.iter().any(implied) {
            let rule = if added { "constraint-schema-added" } else { "constraint-schema-removed" };
            let words = |view: &View<'a>| match view.alternatives.len() {
                0 => None,
                forms => Some(format!("one of {forms} forms")),
            };
            self.note(rule, at, &h.item.pointer, words(b), words(h));
        }
    }

    /// What may be sent, each alternative with the one that is equal or else, if only one is left, of its title or type.
    pub(super) fn alternatives(&mut self, mut bs: Vec<Item<'a>>, mut hs: Vec<Item<'a>>, h: &Item<'a>, at: &At) {
        let values = |items: &[Item<'a>]| -> Option<Vec<Value>> {
            let lists: Option<Vec<_>> = items.iter().map(Item::values).collect();
            Some(lists?.into_iter().flatten().cloned().collect())
        };
        if let (Some(before), Some(after)) = (values(&bs), values(&hs)) {
            return self.enumeration(&before, &after, &h.pointer, at);
        }
        let (were, are) = (bs.clone(), hs.clone());
        let essence = |item: &Item<'a>| match (item.target(), canonical(item.value)) {
            (Some(target), _) => Value::String(target),
            (None, Value::Object(mut members)) => {
                members.retain(|key, _| key != "nullable" && !describes(key));
                Value::Object(members)
            }
            (None, other) => other,
        };
        bs.retain(|b| match hs.iter().position(|h| essence(b) == essence(h)) {
            Some(at) => {
                hs.remove(at);
                false
            }
            None => true,
        });
        let kind = |item: &Item<'a>| match item.resolved().text("type") {
            "" => "object",
            kind => kind,
        };
        let title = |item: &Item<'a>| item.resolved().text("title");
        let only = |items: &[Item<'a>], is: &dyn Fn(&Item<'a>) -> bool| {
            let mut found = (0..items.len()).filter(|index| is(&items[*index]));
            found.next().filter(|_| found.next().is_none())
        };
        let (all, mut matched) = (bs.clone(), BTreeSet::new());
        for b in bs {
            let twin = |is: &dyn Fn(&Item<'a>) -> bool| only(&all, is).and_then(|_| only(&hs, is));
            let titled = twin(&|item| !title(&b).is_empty() && title(item) == title(&b));
            match titled.or_else(|| twin(&|item| kind(item) == kind(&b))) {
                Some(index) if matched.insert(index) => self.node(&b, &hs[index], at),
                _ => {
                    let alike = are.iter().filter(|h| kind(h) == kind(&b));
                    let severity = alike.map(|h| self.trial(&b, h, at)).min();
                    self.note("alternative-removed", at, &h.pointer, Some(b.words()), None);
                    self.no_worse_than(severity);
                }
            }
        }
        for (_, new) in hs.iter().enumerate().filter(|(index, _)| !matched.contains(index)) {
            let alike = were.iter().filter(|b| kind(b) == kind(new));
            let severity = alike.map(|b| self.trial(b, new, at)).min();
            self.note("alternative-added", at, &new.pointer, None, Some(new.words()));
            // Whoever tells the alternatives apart meets one that isn't known, as with a value of an enum.
            self.no_worse_than(severity.map(|severity| severity.max(Severity::Warning)));
        }
    }

    /// How bad it is that one stands where the other stood; nothing is told.
    fn trial(&mut self, b: &Item<'a>, h: &Item<'a>, at: &At) -> Severity {
        let before = (std::mem::take(&mut self.found), self.renamed.clone(), self.explained);
        self.node(b, h, at);
        let worst = self.found.iter().map(|change| change.severity).max();
        (self.found, self.renamed, self.explained) = before;
        worst.unwrap_or(Severity::Info)
    }

    /// What was just told breaks nobody for whom another alternative does the same.
    fn no_worse_than(&mut self, severity: Option<Severity>) {
        if let (Some(change), Some(severity)) = (self.found.last_mut(), severity) {
            change.severity = change.severity.min(severity);
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
