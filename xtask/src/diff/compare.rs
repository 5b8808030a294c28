//! The comparison: operations, components and the document itself, each with what stood there before, fact by fact. A
//! reference to the same component says the same; what the component says is told once, as the component's.

mod operations;
mod schema;
mod security;

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::rules::{self, Happened};
use super::view::{Item, View, shown};
use super::{Change, Severity};
use crate::document::grammar::{self, Kind};
use crate::document::walk::canonical;
use crate::document::{Directions, Document, Reach, child};
use crate::lock::wire::{below, component_of, describes};

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

pub(super) fn compare(base: &Document, head: &Document) -> Vec<Change> {
    if base.raw == head.raw {
        return Vec::new();
    }
    let mut comparer = Comparer {
        base,
        head,
        reach: Reach::of(&[base, head]),
        area: ("document".to_owned(), None, BTreeSet::new()),
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
        comparer.area = ("document".to_owned(), None, BTreeSet::new());
        comparer.note("written-differently", &At::default(), "", None, None);
    }
    let mut told = HashSet::new();
    let mut changes = comparer.found;
    changes.retain(|change| told.insert((change.fingerprint.clone(), change.severity)));
    changes.sort_by(|a, b| (b.severity, &a.area, &a.place, a.rule).cmp(&(a.severity, &b.area, &b.place, b.rule)));
    changes
}

fn item<'a>(spec: &'a Document, pointer: &str, kind: &'static Kind) -> Option<Item<'a>> {
    Some(Item { value: spec.raw.pointer(pointer)?, kind: Some(kind), pointer: pointer.to_owned() })
}

impl<'a> Comparer<'a> {
    fn document(&mut self) {
        let kind = &grammar::DOCUMENT_KIND;
        let (Some(b), Some(h)) = (item(self.base, "", kind), item(self.head, "", kind)) else { return };
        let mut views = [View::of(b.value, &b, &BTreeSet::new()), View::of(h.value, &h, &BTreeSet::new())];
        for (view, raw) in views.iter_mut().zip([b.value, h.value]) {
            // Operations and components are areas of their own; what else stands beside them is the document's.
            view.nodes.retain(|(key, _), _| !matches!(*key, "paths" | "components"));
            for section in ["paths", "components"] {
                for (key, value) in raw.get(section).and_then(Value::as_object).into_iter().flatten() {
                    let known = grammar::components().kind_of(key).is_some();
                    let apart = value.is_object() && if section == "paths" { key.starts_with('/') } else { known };
                    if !apart {
                        let pointer = child(&format!("/{section}"), key);
                        view.facts.insert(key, Item { value, kind: None, pointer });
                    }
                }
            }
        }
        let [bv, hv] = views;
        self.members((&b, bv), (&h, hv), &At::default());
    }

    /// Says that an area is written differently if nothing else says so.
    fn differently(&mut self, before: usize, same: bool, h: &Item<'a>) {
        if !same && !self.explained && self.found.len() == before {
            self.note("written-differently", &At::default(), &h.pointer, None, None);
        }
    }

    fn components(&mut self) {
        for (section, kind) in grammar::components().fields {
            let Kind::Map(kind) = kind else { continue };
            let at = child("/components", section);
            let names = |spec: &'a Document| -> BTreeSet<&'a String> {
                spec.raw.pointer(&at).and_then(Value::as_object).into_iter().flat_map(serde_json::Map::keys).collect()
            };
            let (bs, hs) = (names(self.base), names(self.head));
            let scheme = *section == "securitySchemes";
            for name in &bs {
                let from = child(&at, name);
                let to = self.renamed.get(&from).cloned().unwrap_or_else(|| from.clone());
                let pair = item(self.base, &from, kind).zip(item(self.head, &to, kind));
                let here = self.component(if pair.is_some() { &to } else { &from }, scheme);
                match pair {
                    Some((b, h)) => {
                        let before = self.found.len();
                        if from != to {
                            self.note("component-renamed", &here, &to, Some(spoken(&from)), Some(spoken(&to)));
                        }
                        self.node(&b, &h, &here);
                        let same = b.value == h.value;
                        self.differently(before, same, &h);
                    }
                    None => {
                        let rule = rules::of_component(section, Happened::Removed);
                        self.note(rule, &here, "/components", Some(spoken(&from)), None);
                    }
                }
            }
            for name in hs.difference(&bs) {
                let to = child(&at, name);
                if !self.renamed.values().any(|known| *known == to) {
                    let here = self.component(&to, scheme);
                    let rule = rules::of_component(section, Happened::Added);
                    self.note(rule, &here, &to, None, Some(spoken(&to)));
                }
            }
        }
    }

    /// Makes a component the area.
    fn component(&mut self, pointer: &str, scheme: bool) -> At {
        let (operations, directions) = self.reach.of_component(pointer);
        self.area = (spoken(pointer), None, operations);
        self.explained = false;
        At { directions: (!scheme).then_some(directions), ..At::default() }
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
                let own = |item: &Item<'a>| (item.is("nullable"), item.shape() == "schema");
                if own(b) != own(h) && own(b).0 != own(h).0 {
                    self.nullable(own(b).0, own(h).0, h, at);
                }
                let words = |item: &Item<'a>, raw| {
                    let mut view = View::of(raw, item, &BTreeSet::from([from.clone(), to.clone()]));
                    view.facts.retain(|key, _| describes(key));
                    view.nodes.clear();
                    view.alternatives.clear();
                    view
                };
                let (bv, hv) = (words(b, &self.base.raw), words(h, &self.head.raw));
                self.members((b, bv), (h, hv), at);
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
        if from == to {
            return true;
        }
        let moved = self.head.raw.pointer(from).is_none() && self.base.raw.pointer(to).is_none();
        if moved && !self.renamed.contains_key(from) && !self.renamed.values().any(|known| known == to) {
            self.renamed.insert(from.to_owned(), to.to_owned());
        }
        self.renamed.get(from).is_some_and(|known| known == to)
    }

    /// What stands here is another component, or no longer one: the differences are this place's, and one finding.
    fn replaced(&mut self, b: &Item<'a>, h: &Item<'a>, at: &At) {
        let (before, after) = (b.words(), h.words());
        let (bt, ht) = (b.resolved(&self.base.raw), h.resolved(&self.head.raw));
        let pair = (bt.pointer.clone(), ht.pointer.clone());
        if !self.open.insert(pair.clone()) {
            return;
        }
        let mark = self.found.len();
        self.content(&bt, &ht, at);
        self.open.remove(&pair);
        // What is said of null beside a reference counts, as it does where the reference stays.
        let null = |item: &Item<'a>, raw| item.is("nullable") || item.nullable(raw, 0) == Some(true);
        let (before_null, after_null) = (null(b, &self.base.raw), null(h, &self.head.raw));
        let told = |change: &Change| change.place == at.place && change.rule.starts_with("nullable-");
        let mut inner = self.found.split_off(mark);
        inner.retain(|change| !told(change));
        self.nullable(before_null, after_null, h, at);
        inner.extend(self.found.drain(mark..));
        inner.iter_mut().for_each(|change| change.pointer.clone_from(&h.pointer));
        inner.retain(|change| !rules::is_words(change.rule));
        match inner.len() {
            0 => self.note("reference-changed", at, &h.pointer, Some(before), Some(after)),
            1 => self.found.append(&mut inner),
            _ => {
                self.note("type-replaced", at, &h.pointer, Some(before), Some(after));
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
                let (bv, hv) = (View::of(&self.base.raw, b, &none), View::of(&self.head.raw, h, &none));
                self.members((b, bv), (h, hv), at);
            }
            _ => self.fact(("", "holds"), (Some(b), Some(h)), (b, h), at),
        }
    }

    fn members(&mut self, (b, mut bv): (&Item<'a>, View<'a>), (h, mut hv): (&Item<'a>, View<'a>), at: &At) {
        let shape = if h.shape().is_empty() { b.shape() } else { h.shape() };
        if shape == "responses" {
            regroup(&mut bv, &hv);
            regroup(&mut hv, &bv);
        }
        let keys: BTreeSet<&str> = bv.facts.keys().chain(hv.facts.keys()).copied().collect();
        for key in keys {
            // A key that holds data on one side and nodes on the other is told with the nodes.
            let node = (key, String::new());
            if !bv.nodes.contains_key(&node) && !hv.nodes.contains_key(&node) {
                self.fact((shape, key), (bv.facts.get(key), hv.facts.get(key)), (b, h), at);
            }
        }
        let names: BTreeSet<&(&str, String)> = bv.nodes.keys().chain(hv.nodes.keys()).collect();
        for name in names {
            let (bn, hn) = (bv.nodes.get(name), hv.nodes.get(name));
            let here = at.below(name.0, (!name.1.is_empty()).then_some(&*name.1));
            if name.0 == "properties" {
                let must = (bv.required.contains(&*name.1), hv.required.contains(&*name.1));
                let closed = (bv.is_closed(), hv.is_closed());
                self.property((bn, hn), must, closed, h, &here);
            } else if let (Some(bn), Some(hn)) = (bn, hn) {
                self.node(bn, hn, &here);
            } else {
                let (bn, hn) = (bn.or(bv.facts.get(name.0)), hn.or(hv.facts.get(name.0)));
                self.only((shape, name), (bn, hn), h, &here);
            }
        }
        // Names that no property of this schema has: maps, or a mistake.
        let loose = bv.required.symmetric_difference(&hv.required);
        for name in loose
            .filter(|name| ![&bv, &hv].iter().any(|view| view.nodes.contains_key(&("properties", (**name).to_owned()))))
        {
            self.requirement(
                (bv.required.contains(name), hv.required.contains(name)),
                h,
                &at.below("properties", Some(name)),
            );
        }
    }

    fn property(
        &mut self,
        (b, h): (Option<&Item<'a>>, Option<&Item<'a>>),
        must: (bool, bool),
        closed: (bool, bool),
        holder: &Item<'a>,
        at: &At,
    ) {
        let says = |key: &str| {
            b.is_none_or(|it| it.resolved(&self.base.raw).is(key))
                && h.is_none_or(|it| it.resolved(&self.head.raw).is(key))
        };
        let mut at = at.clone();
        // What both sides never send on one way isn't told of it.
        if let Some(directions) = &mut at.directions {
            directions.request &= !says("readOnly");
            directions.response &= !says("writeOnly");
        }
        match (b, h) {
            (Some(b), Some(h)) => {
                self.node(b, h, &at);
                self.requirement(must, h, &at);
            }
            (Some(b), None) => {
                let rule = rules::of_property(Happened::Removed, must.0, closed.1);
                self.note(rule, &at, &holder.pointer, Some(b.words()), None);
            }
            (None, Some(h)) => {
                let rule = rules::of_property(Happened::Added, must.1, closed.0);
                self.note(rule, &at, &h.pointer, None, Some(h.words()));
            }
            (None, None) => {}
        }
    }

    fn requirement(&mut self, must: (bool, bool), h: &Item<'a>, at: &At) {
        let word = |must: bool| Some(if must { "required" } else { "optional" }.to_owned());
        if must.0 != must.1 {
            let rule = if must.1 { "became-required" } else { "became-optional" };
            self.note(rule, at, &h.pointer, word(must.0), word(must.1));
        }
    }

    /// A node that only one side has.
    fn only(
        &mut self,
        (shape, (key, _)): (&str, &(&'a str, String)),
        (b, h): (Option<&Item<'a>>, Option<&Item<'a>>),
        holder: &Item<'a>,
        at: &At,
    ) {
        let (happened, node, raw) = match (b, h) {
            (Some(_), Some(h)) => (Happened::Changed, h, &self.head.raw),
            (None, Some(h)) => (Happened::Added, h, &self.head.raw),
            (Some(b), None) => (Happened::Removed, b, &self.base.raw),
            (None, None) => return,
        };
        let happened = match (b.map(|it| it.value), h.map(|it| it.value)) {
            // A schema for other properties allows less than `true` and more than `false`.
            (Some(Value::Bool(true)), Some(_)) | (Some(_), Some(Value::Bool(false))) => Happened::Added,
            (Some(Value::Bool(false)), Some(_)) | (Some(_), Some(Value::Bool(true))) => Happened::Removed,
            _ => happened,
        };
        let required = node.resolved(raw).is("required");
        let rule = rules::of_node(shape, key, happened, required);
        let words = |item: Option<&Item<'a>>| item.map(Item::words);
        let (before, after) = (words(b), words(h));
        let pointer = h.map_or(&holder.pointer, |item| &item.pointer).clone();
        self.note(rule, at, &pointer, before, after);
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
            let own = item.map(|item| canonical(item.value));
            own.or_else(|| rules::implied(shape, key, holder.value))
                // A pattern that takes everything is none.
                .filter(|value| key != "pattern" || !matches!(value.as_str(), Some("" | ".*" | "^.*$")))
        };
        let (before, after) = (said(b, holders.0), said(h, holders.1));
        if before == after || shape == "parameter" && key == "name" && self.is_same_name(holders, at) {
            return;
        }
        let pointer = h.map_or(&holders.1.pointer, |item| &item.pointer).clone();
        let here = at.below(if key == "holds" { "" } else { key }, None);
        match (key, &before, &after) {
            ("security", ..) => return self.security(shape, (b, h), &pointer, &here),
            ("enum", Some(Value::Array(before)), Some(Value::Array(after))) if shape == "schema" => {
                return self.enumeration(before, after, &pointer, &here);
            }
            _ => {}
        }
        let rule = rules::of_fact(shape, key, before.as_ref(), after.as_ref(), holders.1.value);
        let words = |item: Option<&Item<'a>>| item.map(|item| shown(item.value));
        self.note(rule, &here, &pointer, words(b), words(h));
    }

    /// Whether another name leaves it the same parameter: a path's variable is never sent, a header has no case.
    fn is_same_name(&self, (b, h): (&Item<'a>, &Item<'a>), at: &At) -> bool {
        let text = |item: &Item<'a>, key: &str| item.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        match &*text(h, "in") {
            "path" => !at.place.is_empty(),
            "header" => text(b, "name").eq_ignore_ascii_case(&text(h, "name")),
            _ => false,
        }
    }

    fn note(&mut self, id: &'static str, at: &At, pointer: &str, before: Option<String>, after: Option<String>) {
        let Some(rule) = rules::rule(id) else { return };
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

/// `schema Tag` of the component's pointer.
fn spoken(pointer: &str) -> String {
    component_of(pointer).map_or_else(|| pointer.to_owned(), |component| component.to_string())
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
