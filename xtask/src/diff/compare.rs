//! The comparison: both documents walked side by side along the grammar of OpenAPI. References are followed, each pair
//! of components once per direction, so cyclic and large documents cost no more than their size.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::rules::{self, Change as Happened};
use super::{Change, Severity};
use crate::document::METHODS;
use crate::document::grammar::{self, Kind, Shape};
use crate::document::local;
use crate::document::{Document, child};
use crate::lock::wire::{below, compact, component_of, identity};

/// Who sends a node, seen from a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Direction {
    Neither,
    Request,
    Response,
    /// On no wire: a read-only property of a request, a write-only one of a response.
    Nowhere,
}

/// A node with its place in its document.
#[derive(Debug, Clone)]
pub(super) struct Side<'a> {
    pub(super) value: &'a Value,
    pub(super) pointer: String,
}

impl<'a> Side<'a> {
    pub(super) fn at(&self, key: &str) -> Option<Side<'a>> {
        let value = match self.value {
            Value::Array(items) => items.get(key.parse::<usize>().ok()?)?,
            other => other.get(key)?,
        };
        Some(Side { value, pointer: child(&self.pointer, key) })
    }

    fn target(&self) -> Option<String> {
        self.value.get("$ref").and_then(Value::as_str).and_then(local)
    }

    pub(super) fn resolved(&self, raw: &'a Value) -> Side<'a> {
        let mut side = self.clone();
        let mut left = 64;
        while let Some(target) = side.target() {
            let Some(value) = raw.pointer(&target) else { break };
            side = Side { value, pointer: target };
            left -= 1;
            if left == 0 {
                break;
            }
        }
        side
    }
}

type Key = (&'static str, String, String, Option<String>, Option<String>);

pub(super) struct Comparer<'a> {
    pub(super) base: &'a Value,
    pub(super) head: &'a Value,
    seen: HashSet<(String, String, Direction)>,
    found: BTreeMap<Key, (Severity, BTreeSet<String>)>,
    pub(super) operation: Option<String>,
    /// How often a change was noted, again ones included.
    notes: usize,
    /// Inside a callback the server is the one that asks.
    flipped: bool,
}

pub(super) fn compare(base: &Document, head: &Document) -> Vec<Change> {
    let mut comparer = Comparer {
        base: &base.raw,
        head: &head.raw,
        seen: HashSet::new(),
        found: BTreeMap::new(),
        operation: None,
        notes: 0,
        flipped: false,
    };
    let (b, h) = (side(&base.raw), side(&head.raw));
    comparer.object(grammar::document(), &b, &h, Direction::Neither);
    comparer.changes(head)
}

fn side(value: &Value) -> Side<'_> {
    Side { value, pointer: String::new() }
}

impl<'a> Comparer<'a> {
    pub(super) fn found(&self) -> usize {
        self.notes
    }

    pub(super) fn note(
        &mut self,
        id: &'static str,
        (base, head): (&str, &str),
        (before, after): (Option<&Value>, Option<&Value>),
        direction: Direction,
    ) {
        let direction = match (direction, self.flipped) {
            (Direction::Request, true) => Direction::Response,
            (Direction::Response, true) => Direction::Request,
            (direction, _) => direction,
        };
        let severity = rules::rule(id).map_or(Severity::Warning, |rule| match direction {
            Direction::Request => rule.request,
            Direction::Response => rule.response,
            // A schema that nothing reaches is on no wire; what belongs to the document is the same both ways.
            Direction::Neither if base.starts_with("/components/") || head.starts_with("/components/") => {
                Severity::Info
            }
            Direction::Nowhere => Severity::Info,
            Direction::Neither => rule.request.min(rule.response),
        });
        self.notes += 1;
        let shown = |value: Option<&Value>| value.map(compact);
        let key = (id, base.to_owned(), head.to_owned(), shown(before), shown(after));
        let entry = self.found.entry(key).or_insert((Severity::Info, BTreeSet::new()));
        entry.0 = entry.0.max(severity);
        entry.1.extend(self.operation.clone());
    }

    pub(super) fn value(
        &mut self,
        kind: &'static Kind,
        (b, h): (&Side<'a>, &Side<'a>),
        (shape, key): (&'static Shape, &str),
        direction: Direction,
    ) {
        match kind {
            Kind::Ref(inner) => self.reference(inner, b, h, direction),
            Kind::Object(inner) if b.value.is_object() && h.value.is_object() => self.object(inner, b, h, direction),
            Kind::List(inner) if inner.holds_nodes() && b.value.is_array() && h.value.is_array() => {
                self.list(inner, (b, h), (shape, key), direction);
            }
            Kind::Map(inner) if inner.holds_nodes() && b.value.is_object() && h.value.is_object() => {
                let (Some(bm), Some(hm)) = (b.value.as_object(), h.value.as_object()) else { return };
                let shape_of = |_: &str| Some(*inner);
                self.members((bm, hm), (b, h), (shape, key), direction, &shape_of);
            }
            _ => self.leaf(shape, key, (Some(b), Some(h)), direction),
        }
    }

    fn members(
        &mut self,
        (bm, hm): (&'a Map<String, Value>, &'a Map<String, Value>),
        (b, h): (&Side<'a>, &Side<'a>),
        (shape, key): (&'static Shape, &str),
        direction: Direction,
        kind: &dyn Fn(&str) -> Option<&'static Kind>,
    ) {
        // Header names and media types don't distinguish case.
        let fold =
            |name: &str| if matches!(key, "headers" | "content") { name.to_ascii_lowercase() } else { name.to_owned() };
        let heads: HashMap<String, &String> = hm.keys().map(|name| (fold(name), name)).collect();
        let mut met = HashSet::new();
        for name in bm.keys() {
            let Some(bs) = b.at(name) else { continue };
            let other = heads.get(&fold(name)).and_then(|name| h.at(name));
            met.insert(fold(name));
            if let Some(hs) = other.as_ref().filter(|hs| last(&hs.pointer) != last(&bs.pointer)) {
                let (before, after) = (Value::from(name.as_str()), Value::from(last(&hs.pointer)));
                let at = (bs.pointer.as_str(), hs.pointer.as_str());
                self.note("name-case-changed", at, (Some(&before), Some(&after)), Direction::Neither);
            }
            match (other, kind(name)) {
                (Some(hs), Some(kind)) => self.value(kind, (&bs, &hs), (shape, key), direction),
                (Some(hs), None) => self.leaf(shape, key, (Some(&bs), Some(&hs)), direction),
                (None, _) => self.one(shape, key, (Some(&bs), None), (b, h), direction),
            }
        }
        for name in hm.keys().filter(|name| !met.contains(&fold(name))) {
            let Some(hs) = h.at(name) else { continue };
            self.one(shape, key, (None, Some(&hs)), (b, h), direction);
        }
    }

    /// A member that only one side has.
    pub(super) fn one(
        &mut self,
        shape: &'static Shape,
        key: &str,
        sides: (Option<&Side<'a>>, Option<&Side<'a>>),
        (b, h): (&Side<'a>, &Side<'a>),
        direction: Direction,
    ) {
        let happened = if sides.0.is_some() { Happened::Removed } else { Happened::Added };
        let (present, raw) = match sides {
            (Some(side), _) => (side, self.base),
            (_, Some(side)) => (side, self.head),
            _ => return,
        };
        let node = present.resolved(raw);
        let required = node.value.get("required") == Some(&Value::Bool(true));
        let name = present.pointer.rsplit('/').next().unwrap_or_default();
        let added = happened == Happened::Added;
        let optional = |yes: &'static str, no: &'static str| if required { yes } else { no };
        let id = match (shape.name, key, added) {
            (_, "parameters", true) => optional("parameter-added-required", "parameter-added-optional"),
            (_, "parameters", false) => "parameter-removed",
            ("components", "securitySchemes", _) => rules::of_key("components", "securitySchemes", happened),
            ("components", _, true) => "component-added",
            ("components", _, false) => "component-removed",
            (_, "headers", true) => optional("header-added-required", "header-added-optional"),
            (_, "headers", false) => optional("header-removed-required", "header-removed-optional"),
            (_, "requestBody", true) => optional("request-body-added-required", "request-body-added-optional"),
            (_, "requestBody", false) => "request-body-removed",
            ("responses", ..) => match (name.starts_with('2'), added) {
                (true, true) => "response-success-added",
                (true, false) => "response-success-removed",
                (false, true) => "response-error-added",
                (false, false) => "response-error-removed",
            },
            ("path item", key, _) if METHODS.contains(&key) => {
                if added {
                    "endpoint-added"
                } else {
                    "endpoint-removed"
                }
            }
            (_, "oneOf" | "anyOf", true) if matches!(present.value, Value::Object(_)) => "alternative-added",
            (_, "oneOf" | "anyOf", false) if matches!(present.value, Value::Object(_)) => "alternative-removed",
            _ => return self.leaf(shape, key, sides, direction_of(key, direction)),
        };
        let pointers = match sides {
            (Some(b), _) => (b.pointer.as_str(), h.pointer.as_str()),
            (_, Some(h)) => (b.pointer.as_str(), h.pointer.as_str()),
            _ => return,
        };
        self.note(id, pointers, (sides.0.map(|s| s.value), sides.1.map(|s| s.value)), direction_of(key, direction));
    }

    fn list(
        &mut self,
        kind: &'static Kind,
        (b, h): (&Side<'a>, &Side<'a>),
        (shape, key): (&'static Shape, &str),
        direction: Direction,
    ) {
        let name = |raw: &Value, index: usize, item: &Value| match (key, item.get("$ref")) {
            ("oneOf" | "anyOf", None) => compact(item),
            _ => identity(key, index, item, raw),
        };
        let items = |side: &Side<'a>, raw: &Value| -> Vec<(String, Side<'a>)> {
            let items = side.value.as_array().into_iter().flatten().enumerate();
            let at = |index: usize| child(&side.pointer, &index.to_string());
            items.map(|(index, value)| (name(raw, index, value), Side { value, pointer: at(index) })).collect()
        };
        let (bs, hs) = (items(b, self.base), items(h, self.head));
        let mut gone: Vec<&Side<'a>> = Vec::new();
        let mut order = Vec::new();
        for (name, item) in &bs {
            match hs.iter().position(|(other, _)| other == name) {
                Some(at) => {
                    order.push(at);
                    self.value(kind, (item, &hs[at].1), (shape, key), direction);
                }
                None => gone.push(item),
            }
        }
        let mut new: Vec<&Side<'a>> =
            hs.iter().enumerate().filter(|(at, _)| !order.contains(at)).map(|(_, (_, s))| s).collect();
        // What has no name of its own and is on neither side twice was edited.
        if matches!(key, "oneOf" | "anyOf") && gone.len() == new.len() {
            for (b, h) in gone.drain(..).zip(new.drain(..)) {
                self.value(kind, (b, h), (shape, key), direction);
            }
        }
        for item in gone {
            self.one(shape, key, (Some(item), None), (b, h), direction);
        }
        for item in new {
            self.one(shape, key, (None, Some(item)), (b, h), direction);
        }
        if !order.is_sorted() {
            self.note("list-reordered", (&b.pointer, &h.pointer), (Some(b.value), Some(h.value)), Direction::Neither);
        }
    }

    fn reference(&mut self, shape: &'static Shape, b: &Side<'a>, h: &Side<'a>, direction: Direction) {
        let (bt, ht) = (b.target(), h.target());
        let names = (b.value.get("$ref"), h.value.get("$ref"));
        match (&bt, &ht) {
            (Some(from), Some(to)) if from != to => {
                // A renamed component is one change, however many refer to it.
                let renamed = self.head.pointer(from).is_none() && self.base.pointer(to).is_none();
                let at = if renamed { (from.as_str(), to.as_str()) } else { (b.pointer.as_str(), h.pointer.as_str()) };
                self.note("reference-renamed", at, names, Direction::Neither);
            }
            (Some(_), None) => {
                self.note("reference-inlined", (&b.pointer, &h.pointer), (names.0, None), Direction::Neither);
            }
            (None, Some(_)) => {
                self.note("reference-extracted", (&b.pointer, &h.pointer), (None, names.1), Direction::Neither);
            }
            _ => {}
        }
        let (b, h) = (b.resolved(self.base), h.resolved(self.head));
        if (bt.is_some() || ht.is_some()) && !self.seen.insert((b.pointer.clone(), h.pointer.clone(), direction)) {
            return;
        }
        self.object(shape, &b, &h, direction);
    }

    pub(super) fn object(&mut self, shape: &'static Shape, b: &Side<'a>, h: &Side<'a>, direction: Direction) {
        let (Some(bm), Some(hm)) = (b.value.as_object(), h.value.as_object()) else {
            return self.leaf(shape, "holds", (Some(b), Some(h)), direction);
        };
        match shape.name {
            "schema" => return self.schema(b, h, direction),
            "paths" => return self.paths(shape, bm, hm, (b, h)),
            _ => {}
        }
        let keys: BTreeSet<&String> = bm.keys().chain(hm.keys()).collect();
        for key in keys {
            // A path item's parameters are compared with each operation's.
            if key == "parameters" && matches!(shape.name, "path item" | "operation") {
                continue;
            }
            let (bs, hs) = (b.at(key), h.at(key));
            // Requirements are alternatives, compared as a whole; a scheme's name is a key there, not a node.
            if key == "security" {
                self.leaf(shape, key, (bs.as_ref(), hs.as_ref()), direction);
                continue;
            }
            let direction = direction_of(key, direction);
            if shape.name == "responses" && self.regrouped(shape, key, (&bs, &hs), (b, h), direction) {
                continue;
            }
            match (bs, hs, shape.kind_of(key)) {
                (Some(bs), Some(hs), Some(kind)) => {
                    let flipped = self.flipped;
                    self.flipped ^= key == "callbacks";
                    self.value(kind, (&bs, &hs), (shape, key), direction);
                    self.flipped = flipped;
                }
                (bs, hs, Some(Kind::Map(_) | Kind::List(_)))
                    if key != "security" && self.parts(shape, key, bs.as_ref(), hs.as_ref(), (b, h), direction) => {}
                (Some(bs), None, _) => self.one(shape, key, (Some(&bs), None), (b, h), direction),
                (None, Some(hs), _) => self.one(shape, key, (None, Some(&hs)), (b, h), direction),
                (Some(bs), Some(hs), None) => self.leaf(shape, key, (Some(&bs), Some(&hs)), direction),
                (None, None, _) => {}
            }
        }
    }

    /// A status that the other side only has as its range, or a range that it has as single statuses.
    fn regrouped(
        &mut self,
        shape: &'static Shape,
        key: &str,
        (bs, hs): (&Option<Side<'a>>, &Option<Side<'a>>),
        (b, h): (&Side<'a>, &Side<'a>),
        direction: Direction,
    ) -> bool {
        let Some(class) = key.get(..1).filter(|_| key.len() == 3) else { return false };
        let Some(kind) = shape.kind_of(key) else { return false };
        let range = format!("{class}XX");
        let singles = |side: &Side<'a>| -> Vec<&'a String> {
            let statuses = side.value.as_object().into_iter().flat_map(Map::keys);
            statuses.filter(|status| status.starts_with(class) && status.len() == 3 && **status != range).collect()
        };
        let single = |side: &Side<'a>| !singles(side).is_empty();
        let fewer = |these: &Side<'a>, those: &Side<'a>| singles(these).iter().any(|s| those.at(s).is_none());
        let (bs, hs) = match (bs, hs) {
            // If single statuses came or went with it, it is told with them.
            (Some(bs), None) if key == range && single(h) => {
                return fewer(h, b) || self.regrouped_as((bs, h), (Some(bs.value), None));
            }
            (None, Some(hs)) if key == range && single(b) => {
                return fewer(b, h) || self.regrouped_as((b, hs), (None, Some(hs.value)));
            }
            (Some(bs), None) => match h.at(&range) {
                Some(hs) => (bs.clone(), hs),
                None => return false,
            },
            (None, Some(hs)) => match b.at(&range) {
                Some(bs) => (bs, hs.clone()),
                None => return false,
            },
            _ => return false,
        };
        self.value(kind, (&bs, &hs), (shape, key), direction);
        let (before, after) = (Value::from(last(&bs.pointer)), Value::from(last(&hs.pointer)));
        self.regrouped_as((&bs, &hs), (Some(&before), Some(&after)))
    }

    fn regrouped_as(&mut self, (b, h): (&Side<'a>, &Side<'a>), said: (Option<&Value>, Option<&Value>)) -> bool {
        self.note("response-status-regrouped", (&b.pointer, &h.pointer), said, Direction::Neither);
        true
    }

    /// A map or list of nodes that only one side has: each of its nodes was added or removed.
    fn parts(
        &mut self,
        shape: &'static Shape,
        key: &str,
        b: Option<&Side<'a>>,
        h: Option<&Side<'a>>,
        around: (&Side<'a>, &Side<'a>),
        direction: Direction,
    ) -> bool {
        let (Some(side), added) = (b.or(h), h.is_some()) else { return false };
        let nodes = matches!(shape.kind_of(key), Some(Kind::Map(inner) | Kind::List(inner)) if inner.holds_nodes());
        let names: Vec<String> = match side.value {
            Value::Object(members) => members.keys().cloned().collect(),
            Value::Array(items) => (0..items.len()).map(|index| index.to_string()).collect(),
            _ => return false,
        };
        if !nodes || names.is_empty() || matches!(key, "oneOf" | "anyOf" | "allOf" | "servers") {
            return false;
        }
        for name in names {
            let Some(item) = side.at(&name) else { continue };
            let sides = if added { (None, Some(&item)) } else { (Some(&item), None) };
            self.one(shape, key, sides, around, direction);
        }
        true
    }

    fn changes(self, head: &Document) -> Vec<Change> {
        let (base_raw, head_raw) = (self.base, self.head);
        let reached = super::schema::reached(&[base_raw, head_raw]);
        // A component that goes under another name was neither added nor removed.
        let renamed: Vec<(String, String)> = self
            .found
            .keys()
            .filter(|(id, b, h, ..)| {
                *id == "reference-renamed" && component_of(b).is_some() && component_of(h).is_some()
            })
            .filter(|(_, b, h, ..)| head_raw.pointer(b).is_none() && base_raw.pointer(h).is_none())
            .map(|(_, b, h, ..)| (b.clone(), h.clone()))
            .collect();
        let moved = |(id, b, h, ..): &Key| match *id {
            "component-removed" => renamed.iter().any(|(from, _)| from == b),
            "component-added" => renamed.iter().any(|(_, to)| to == h),
            _ => false,
        };
        let mut changes: Vec<Change> = self
            .found
            .into_iter()
            .filter(|(key, _)| !moved(key))
            .map(|((id, b, h, before, after), (severity, mut operations))| {
                let removed = after.is_none();
                let (raw, pointer) = if removed { (base_raw, &b) } else { (head_raw, &h) };
                if let Some(component) = component_of(pointer) {
                    let name = format!("{} {}", component.section, component.name);
                    operations.extend(reached.get(&name).into_iter().flatten().cloned());
                }
                let address = address(raw, pointer);
                let place = head.place(&h);
                let sentence = rules::rule(id).map_or("", |rule| rule.sentence);
                let digest = Sha256::digest(format!("{id}\n{address}\n{before:?}\n{after:?}"));
                Change {
                    rule: id,
                    severity,
                    operation: operations.first().cloned(),
                    operations,
                    wire: sentence.to_owned(),
                    address,
                    before,
                    after,
                    rust: Vec::new(),
                    fingerprint: digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect(),
                    line: place.line,
                    column: place.column,
                    pointer: h,
                }
            })
            .collect();
        changes.sort_by(|a, b| (b.severity, &a.address, a.rule).cmp(&(a.severity, &b.address, b.rule)));
        changes
    }
}

/// What an operation is called: its id, or method and path.
pub(super) fn operation_name(operation: &Value, method: &str, path: &str) -> String {
    match operation.get("operationId").and_then(Value::as_str) {
        Some(id) => id.to_owned(),
        None => format!("{} {path}", method.to_uppercase()),
    }
}

fn direction_of(key: &str, direction: Direction) -> Direction {
    match key {
        "parameters" | "requestBody" => Direction::Request,
        "responses" => Direction::Response,
        _ => direction,
    }
}

/// The last key of a pointer, as the document writes it.
fn last(pointer: &str) -> String {
    pointer.rsplit('/').next().unwrap_or_default().replace("~1", "/").replace("~0", "~")
}

/// What a pointer's node is called, whatever the order of lists.
fn address(raw: &Value, pointer: &str) -> String {
    let tokens: Vec<String> = pointer.split('/').skip(1).map(|t| t.replace("~1", "/").replace("~0", "~")).collect();
    let known = |index: usize| tokens.get(index).map_or("", String::as_str);
    let (area, from) = match (known(0), component_of(pointer)) {
        ("components", Some(component)) => (format!("{} {}", component.section, component.name), 3),
        ("paths", _) if METHODS.contains(&known(2)) => {
            let at = child(&child("/paths", known(1)), known(2));
            (raw.pointer(&at).map_or_else(String::new, |node| operation_name(node, known(2), known(1))), 3)
        }
        ("paths", _) if tokens.len() > 1 => (format!("path {}", known(1)), 2),
        _ => ("document".to_owned(), 0),
    };
    let mut at: String = tokens.iter().take(from).fold(String::new(), |at, token| child(&at, token));
    let mut place = String::new();
    let mut tokens = tokens.iter().skip(from).peekable();
    while let Some(key) = tokens.next() {
        at = child(&at, key);
        let list = raw.pointer(&at);
        let holds = matches!(list, Some(Value::Array(_))) || NAMED.contains(&key.as_str());
        match tokens.peek() {
            Some(name) if holds => {
                let item = child(&at, name);
                let label = match (list, raw.pointer(&item), name.parse()) {
                    (Some(Value::Array(_)), Some(node), Ok(index)) => identity(key, index, node, raw),
                    _ => (*name).clone(),
                };
                place = below(&place, key, Some(&label));
                at = item;
                tokens.next();
            }
            _ => place = below(&place, key, None),
        }
    }
    if place.is_empty() { area } else { format!("{area} · {place}") }
}

/// The maps whose keys are names.
const NAMED: [&str; 9] =
    ["properties", "content", "headers", "examples", "links", "callbacks", "encoding", "variables", "mapping"];
