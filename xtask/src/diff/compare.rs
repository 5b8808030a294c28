//! The comparison: operations, components and the document itself, each with what stood there before, fact by fact. A
//! reference to the same component says the same; what the component says is told once, as the component's.

mod operations;
mod schema;
mod security;

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::rules::{self, Happened};
use super::view::{Item, View, told};
use super::{Change, Severity};
use crate::document::grammar::{self, Kind};
use crate::document::walk::canonical;
use crate::document::{Directions, Document, Reach, child};
use crate::lock::wire::{below, part, spoken};

pub(super) struct Comparer<'a> {
    base: &'a Document,
    head: &'a Document,
    reach: Reach,
    /// The area that is compared: its name, `GET /path`, and the operations whose messages it touches.
    area: (String, Option<String>, BTreeSet<String>),
    found: Vec<Change>,
    /// Components that go by another name, by their old pointer.
    renamed: BTreeMap<String, String>,
    /// The pairs that are being compared on behalf of what refers to them.
    open: HashSet<(String, String)>,
    /// Whether a difference was met that is told elsewhere.
    explained: bool,
}

/// Where in an area, and who sends it.
#[derive(Clone, Default)]
struct At {
    place: String,
    /// `None` outside of messages.
    directions: Option<Directions>,
    /// Inside a callback the server is the one that asks.
    flipped: bool,
}

impl At {
    fn below(&self, key: &str, name: Option<&str>) -> Self {
        let directions = match (key, self.flipped) {
            ("parameters" | "requestBody", false) | ("responses", true) => Some(Directions::REQUEST),
            ("responses", false) | ("parameters" | "requestBody", true) => Some(Directions::RESPONSE),
            _ => self.directions,
        };
        Self { place: below(&self.place, key, name), directions, flipped: self.flipped ^ (key == "callbacks") }
    }
}

/// Compares two documents on the wire; a report adds their effects in Rust.
#[must_use]
pub fn compare(base: &Document, head: &Document) -> Vec<Change> {
    if base.raw == head.raw {
        return Vec::new();
    }
    let whole = || ("document".to_owned(), None, BTreeSet::new());
    let mut comparer = Comparer {
        base,
        head,
        reach: Reach::of(&[base, head]),
        area: whole(),
        found: Vec::new(),
        renamed: BTreeMap::new(),
        open: HashSet::new(),
        explained: false,
    };
    comparer.document();
    comparer.operations();
    comparer.components();
    if comparer.found.is_empty() {
        // What no area has told of is the document's.
        comparer.area = whole();
        comparer.note("written-differently", &At::default(), "", None, None);
    }
    let mut told = HashSet::new();
    let mut changes = comparer.found;
    changes.retain(|change| told.insert((change.fingerprint.clone(), change.severity)));
    changes.sort_by(|a, b| (b.severity, &a.area, &a.place, a.rule).cmp(&(a.severity, &b.area, &b.place, b.rule)));
    changes
}

impl<'a> Comparer<'a> {
    fn document(&mut self) {
        let view = |spec: &'a Document| {
            let mut view = View::of(&Item::at(spec, "", Some(&grammar::DOCUMENT_KIND))?, &BTreeSet::new());
            // Operations and components are areas of their own; what else stands beside them is the document's.
            view.nodes.retain(|(key, _), _| !matches!(*key, "paths" | "components"));
            for section in ["paths", "components"] {
                for (key, value) in spec.raw.get(section).and_then(Value::as_object).into_iter().flatten() {
                    let known = grammar::components().kind_of(key).is_some();
                    let apart = value.is_object() && if section == "paths" { key.starts_with('/') } else { known };
                    let data = Item::at(spec, &child(&format!("/{section}"), key), None).filter(|_| !apart);
                    view.facts.extend(data.map(|data| (&**key, data)));
                }
            }
            Some(view)
        };
        if let (Some(b), Some(h)) = (view(self.base), view(self.head)) {
            self.members(b, h, &At::default());
        }
    }

    /// Says that an area is written differently if nothing else says so.
    fn differently(&mut self, before: usize, same: bool, h: &Item<'a>) {
        if !same && !self.explained && self.found.len() == before {
            self.note("written-differently", &At::default(), &h.pointer, None, None);
        }
    }

    fn components(&mut self) {
        let mut waiting = BTreeSet::new();
        for (section, _) in grammar::components().fields.iter().filter(|(_, kind)| matches!(kind, Kind::Map(_))) {
            let at = child("/components", section);
            let members = [self.base, self.head].map(|spec| spec.raw.pointer(&at).and_then(Value::as_object));
            let names = members.into_iter().flatten().flat_map(|members| members.keys());
            waiting.extend(names.map(|name| (*section, child(&at, name))));
        }
        // Comparing two shows which others go by another name: what has no counterpart yet waits for that.
        let mut before = usize::MAX;
        while waiting.len() < before {
            before = waiting.len();
            waiting.retain(|(section, pointer)| !self.known(section, pointer));
        }
        for (section, pointer) in waiting {
            let here = self.component(&pointer, section);
            let word = Some(spoken(&pointer));
            let added = self.head.raw.pointer(&pointer).is_some();
            let (happened, at, before, after) = match added {
                true => (Happened::Added, &*pointer, None, word),
                false => (Happened::Removed, "/components", word, None),
            };
            self.note(rules::of_key("components", section, happened), &here, at, before, after);
        }
    }

    /// Compares a component with what it is now, if that is known.
    fn known(&mut self, section: &'static str, pointer: &str) -> bool {
        let Some(Kind::Map(kind)) = grammar::components().kind_of(section) else { return true };
        let to = self.renamed.get(pointer).map_or(pointer, String::as_str);
        let (b, h) = (Item::at(self.base, pointer, Some(kind)), Item::at(self.head, to, Some(kind)));
        let (Some(b), Some(h)) = (b, h) else { return self.renamed.values().any(|known| known == pointer) };
        let here = self.component(&h.pointer, section);
        let found = self.found.len();
        if b.pointer != h.pointer {
            self.note("component-renamed", &here, &h.pointer, Some(spoken(&b.pointer)), Some(spoken(&h.pointer)));
        }
        self.node(&b, &h, &here);
        self.differently(found, b.value == h.value, &h);
        true
    }

    /// Makes a component the area.
    fn component(&mut self, pointer: &str, section: &str) -> At {
        let (operations, directions) = self.reach.of_component(pointer);
        self.area = (spoken(pointer), None, operations);
        self.explained = false;
        At { directions: (section != "securitySchemes").then_some(directions), ..At::default() }
    }

    /// Two nodes that stand at the same place.
    fn node(&mut self, b: &Item<'a>, h: &Item<'a>, at: &At) {
        if b.value == h.value {
            return;
        }
        match (b.target(), h.target()) {
            (Some(from), Some(to)) if self.is_same(&from, &to) => {
                // Wrapped or not: what stands beside the reference.
                self.explained |= from != to;
                self.nullable(b.is("nullable"), h.is("nullable"), h, at);
                let told = BTreeSet::from([from, to]);
                let [mut bv, mut hv] = [b, h].map(|item| View::of(item, &told));
                bv.explain();
                hv.explain();
                self.members(bv, hv, at);
            }
            (None, None) => self.content(b, h, at),
            // A component that became one of several, or the other way round.
            (Some(_), None) if h.choices().len() > 1 => self.alternatives(vec![b.clone()], h.choices(), h, at),
            (None, Some(_)) if b.choices().len() > 1 => self.alternatives(b.choices(), vec![h.clone()], h, at),
            _ => self.replaced(b, h, at),
        }
    }

    /// Whether two references mean the same component, which may go by another name now.
    fn is_same(&mut self, from: &str, to: &str) -> bool {
        let moved = self.head.raw.pointer(from).is_none() && self.base.raw.pointer(to).is_none();
        if moved && !self.renamed.contains_key(from) && !self.renamed.values().any(|known| known == to) {
            self.renamed.insert(from.to_owned(), to.to_owned());
        }
        from == to || self.renamed.get(from).is_some_and(|known| known == to)
    }

    /// What stands here is another component, or no longer one: the differences are this place's, and one finding.
    fn replaced(&mut self, b: &Item<'a>, h: &Item<'a>, at: &At) {
        let (bt, ht) = (b.resolved(), h.resolved());
        let pair = (bt.pointer.clone(), ht.pointer.clone());
        if !self.open.insert(pair.clone()) {
            return;
        }
        let outer = std::mem::take(&mut self.found);
        self.content(&bt, &ht, at);
        self.open.remove(&pair);
        self.found.retain(|it| !it.is_words() && (it.place != at.place || !it.rule.starts_with("nullable-")));
        // What is said of null beside a reference counts, as it does where the reference stays.
        let null = |item: &Item<'a>| item.is("nullable") || item.nullable(0) == Some(true);
        self.nullable(null(b), null(h), h, at);
        let mut inner = std::mem::replace(&mut self.found, outer);
        let place = self.head.place(&h.pointer);
        for change in &mut inner {
            (change.line, change.column, change.pointer) = (place.line, place.column, h.pointer.clone());
        }
        let words = (Some(b.words()), Some(h.words()));
        match inner.len() {
            0 => self.note("reference-changed", at, &h.pointer, words.0, words.1),
            1 => self.found.append(&mut inner),
            _ => {
                self.note("type-replaced", at, &h.pointer, words.0, words.1);
                if let Some(change) = self.found.last_mut() {
                    change.severity = inner.iter().map(|change| change.severity).max().unwrap_or(Severity::Info);
                    change.wire += &format!(": {}", summary(&inner, &change.place));
                }
            }
        }
    }

    fn content(&mut self, b: &Item<'a>, h: &Item<'a>, at: &At) {
        match (b.shape(), h.shape()) {
            ("schema", "schema") => self.schema(b, h, at),
            (before, after) if before == after && !before.is_empty() => {
                let none = BTreeSet::new();
                self.members(View::of(b, &none), View::of(h, &none), at);
            }
            _ => self.fact(("", "holds"), (Some(b), Some(h)), (b, h), at),
        }
    }

    fn members(&mut self, mut b: View<'a>, mut h: View<'a>, at: &At) {
        let shape = if h.item.shape().is_empty() { b.item.shape() } else { h.item.shape() };
        if shape == "responses" {
            regroup(&mut b, &h);
            regroup(&mut h, &b);
        }
        for key in b.facts.keys().chain(h.facts.keys()).copied().collect::<BTreeSet<_>>() {
            // A key that holds data on one side and nodes on the other is told with the nodes.
            let node = (key, String::new());
            if !b.nodes.contains_key(&node) && !h.nodes.contains_key(&node) {
                self.fact((shape, key), (b.facts.get(key), h.facts.get(key)), (&b.item, &h.item), at);
            }
        }
        // A name that must be there may be that of no property of this schema: maps, or a mistake.
        let required = b.required.union(&h.required).map(|name| ("properties", (*name).to_owned()));
        for id in b.nodes.keys().chain(h.nodes.keys()).cloned().chain(required).collect::<BTreeSet<_>>() {
            self.member(shape, &id, (&b, &h), at);
        }
    }

    /// A node of a name that one side or both have.
    fn member(&mut self, shape: &str, id: &(&'a str, String), (b, h): (&View<'a>, &View<'a>), at: &At) {
        let (key, name) = (id.0, id.1.as_str());
        let mut here = at.below(key, (!name.is_empty()).then_some(name));
        let sides = (b.nodes.get(id), h.nodes.get(id));
        let property = key == "properties";
        let must = (b.required.contains(name), h.required.contains(name));
        if let (Some(directions), true) = (&mut here.directions, property) {
            // What both sides never send on one way isn't told of it.
            let nodes = || sides.0.into_iter().chain(sides.1);
            let never = |key: &str| nodes().next().is_some() && nodes().all(|it| it.resolved().is(key));
            directions.request &= !never("readOnly");
            directions.response &= !never("writeOnly");
        }
        if sides.0.is_some() != sides.1.is_some() {
            // What was data on the other side is told here, too.
            let (bn, hn) = (sides.0.or(b.facts.get(key)), sides.1.or(h.facts.get(key)));
            let (required, closed) = match (sides.0, hn.or(bn)) {
                (Some(_), _) if property => (must.0, h.is_closed()),
                (None, _) if property => (must.1, b.is_closed()),
                (_, node) => (node.is_some_and(|node| node.resolved().is("required")), false),
            };
            let rule = rules::of_node(shape, key, happened(bn, hn), required, closed);
            let pointer = &hn.unwrap_or(&h.item).pointer;
            return self.note(rule, &here, pointer, bn.map(Item::words), hn.map(Item::words));
        }
        if let (Some(bn), Some(hn)) = sides {
            self.node(bn, hn, &here);
        }
        if property && must.0 != must.1 {
            let word = |must: bool| Some(if must { "required" } else { "optional" }.to_owned());
            let rule = if must.1 { "became-required" } else { "became-optional" };
            self.note(rule, &here, &sides.1.unwrap_or(&h.item).pointer, word(must.0), word(must.1));
        }
    }

    /// Data that is compared as a whole.
    fn fact(
        &mut self,
        (shape, key): (&str, &str),
        (b, h): (Option<&Item<'a>>, Option<&Item<'a>>),
        holders: (&Item<'a>, &Item<'a>),
        at: &At,
    ) {
        let said = |item: Option<&Item<'a>>, holder: &Item<'a>| {
            let own = item.map(|item| match canonical(item.value) {
                // Whether a value of a type may be null is told by `nullable`, whatever the list says.
                Value::Array(mut values) if key == "enum" && holder.value.get("type").is_some() => {
                    values.retain(|value| !value.is_null());
                    Value::Array(values)
                }
                value => value,
            });
            own.or_else(|| rules::implied(shape, key, holder.value))
                // A pattern that takes everything is none.
                .filter(|value| key != "pattern" || !matches!(value.as_str(), Some("" | ".*" | "^.*$")))
        };
        let (before, after) = (said(b, holders.0), said(h, holders.1));
        // Another name may leave it the same parameter: a path's variable is never sent, a header has no case.
        let renamed = shape == "parameter" && key == "name";
        let same = match holders.1.text("in") {
            "path" => renamed && !at.place.is_empty(),
            "header" => renamed && holders.0.text("name").eq_ignore_ascii_case(holders.1.text("name")),
            _ => false,
        };
        if before == after || same {
            return;
        }
        let pointer = &h.unwrap_or(holders.1).pointer;
        let here = match key {
            // A value, and no response.
            "default" => At { place: part(&at.place, key), ..at.clone() },
            "holds" => at.clone(),
            key => at.below(key, None),
        };
        match (key, &before, &after) {
            ("security", ..) => self.security(shape, (b, h), pointer, &here),
            ("enum", Some(Value::Array(before)), Some(Value::Array(after))) if shape == "schema" => {
                self.enumeration(before, after, pointer, &here);
            }
            _ => {
                let rule = rules::of_fact(shape, key, before.as_ref(), after.as_ref(), holders.1.value);
                let [was, is] = told([b, h].map(|item| item.map(|item| item.value)));
                self.note(rule, &here, pointer, was, is);
            }
        }
    }

    fn note(&mut self, id: &'static str, at: &At, pointer: &str, before: Option<String>, after: Option<String>) {
        let rule = rules::rule(id);
        debug_assert!(rule.is_some(), "{id} is not in the table");
        let Some(rule) = rule else { return };
        let severity = match at.directions {
            None => rule.request.min(rule.response),
            Some(Directions { request, response }) => {
                let told = [(request, rule.request), (response, rule.response)];
                told.into_iter().filter(|(sent, _)| *sent).map(|(_, severity)| severity).max().unwrap_or(Severity::Info)
            }
        };
        let (area, request, operations) = self.area.clone();
        let place = self.head.place(pointer);
        let digest = Sha256::digest(format!("{id}\n{area}\n{}\n{before:?}\n{after:?}", at.place));
        self.found.push(Change {
            rule: id,
            severity,
            area,
            request,
            operations,
            place: at.place.clone(),
            before,
            after,
            wire: rule.sentence.to_owned(),
            rust: Vec::new(),
            fingerprint: digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect(),
            line: place.line,
            column: place.column,
            pointer: pointer.to_owned(),
        });
    }
}

/// What happened to a node that was, or is, data or nothing.
fn happened(b: Option<&Item<'_>>, h: Option<&Item<'_>>) -> Happened {
    match (b.map(|it| it.value), h.map(|it| it.value)) {
        // A schema for other properties allows less than `true` and more than `false`.
        (None | Some(Value::Bool(true)), _) | (Some(_), Some(Value::Bool(false))) => Happened::Added,
        (Some(Value::Bool(false)), _) | (_, None | Some(Value::Bool(true))) => Happened::Removed,
        _ => Happened::Changed,
    }
}

/// A status that only the other side tells by its range is compared with what the range says.
fn regroup<'a>(these: &mut View<'a>, those: &View<'a>) {
    let missing = |status: &str, view: &View<'a>| !view.nodes.contains_key(&(status, String::new()));
    let ranges = those.nodes.keys().filter(|(status, _)| status.ends_with("XX") && missing(status, these));
    for range in ranges.cloned().collect::<Vec<_>>() {
        let alike = |status: &str| status.starts_with(&range.0[..1]) && missing(status, those);
        let single = these.nodes.keys().find(|(status, _)| alike(status)).cloned();
        if let Some(item) = single.and_then(|single| these.nodes.remove(&single)) {
            these.nodes.insert(range, item);
        }
    }
}

/// What several changes at a place say together.
fn summary(changes: &[Change], place: &str) -> String {
    let mut by_rule: BTreeMap<(std::cmp::Reverse<Severity>, &str), Vec<&str>> = BTreeMap::new();
    let place = place.strip_suffix("schema").unwrap_or(place);
    for change in changes {
        let below = change.place.strip_prefix(place).unwrap_or(&change.place).trim_start_matches(" · ");
        by_rule.entry((std::cmp::Reverse(change.severity), &change.wire)).or_default().push(below);
    }
    let said = by_rule.iter().map(|((_, wire), places)| {
        if places.concat().is_empty() {
            return (*wire).to_owned();
        }
        let more = if places.len() > 4 { format!(" and {} more", places.len() - 4) } else { String::new() };
        format!("{wire} ({}{more})", places.iter().take(4).copied().collect::<Vec<_>>().join(", "))
    });
    said.collect::<Vec<_>>().join("; ")
}
