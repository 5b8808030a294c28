//! Comparing schemas and single keys: `allOf` flattened, bounds ordered, defaults of OpenAPI taken as written out.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde_json::{Map, Value};

use super::compare::{Comparer, Direction, Side, operation_name};
use super::rules::{self, Change as Happened};
use crate::document::METHODS;
use crate::document::child;
use crate::document::grammar::{ANY_SCHEMA, Kind, Shape};
use crate::document::local;
use crate::lock::wire::{canonical, component_of, describes};

/// What a schema and all parts of its `allOf` say together.
#[derive(Default)]
struct Flat<'a> {
    keys: BTreeMap<String, Side<'a>>,
    properties: BTreeMap<String, Side<'a>>,
    required: BTreeSet<String>,
}

impl<'a> Flat<'a> {
    fn add(&mut self, side: &Side<'a>, raw: &'a Value, seen: &mut HashSet<String>) {
        let side = side.resolved(raw);
        if !seen.insert(side.pointer.clone()) {
            return;
        }
        for key in side.value.as_object().into_iter().flat_map(Map::keys) {
            let Some(node) = side.at(key) else { continue };
            match (key.as_str(), node.value) {
                // What the schema says itself comes first, wherever its `allOf` stands.
                ("allOf", Value::Array(_)) => {}
                ("properties", Value::Object(members)) => {
                    for name in members.keys() {
                        if let Some(property) = node.at(name) {
                            self.properties.entry(name.clone()).or_insert(property);
                        }
                    }
                }
                ("required", Value::Array(names)) => {
                    self.required.extend(names.iter().filter_map(Value::as_str).map(str::to_owned));
                }
                _ => {
                    self.keys.entry(key.clone()).or_insert(node);
                }
            }
        }
        if let Some((parts, node)) = side.value.get("allOf").and_then(Value::as_array).zip(side.at("allOf")) {
            let parts = (0..parts.len()).filter_map(|index| node.at(&index.to_string()));
            parts.for_each(|part| self.add(&part, raw, seen));
        }
    }

    /// Whether a reader or server that checks would refuse a property it doesn't know.
    fn is_closed(&self) -> bool {
        self.keys.get("additionalProperties").is_some_and(|side| *side.value == Value::Bool(false))
    }
}

impl<'a> Comparer<'a> {
    pub(super) fn schema(&mut self, b: &Side<'a>, h: &Side<'a>, direction: Direction) {
        let Kind::Ref(shape) = &ANY_SCHEMA else { return };
        let before = self.found();
        let (mut bf, mut hf) = (Flat::default(), Flat::default());
        bf.add(b, self.base, &mut HashSet::new());
        hf.add(h, self.head, &mut HashSet::new());
        let keys: BTreeSet<&String> = bf.keys.keys().chain(hf.keys.keys()).collect();
        for key in keys {
            match (bf.keys.get(key), hf.keys.get(key)) {
                (Some(bs), Some(hs)) => match shape.kind_of(key) {
                    Some(Kind::FlagOrSchema) if bs.value.is_object() && hs.value.is_object() => {
                        self.value(&ANY_SCHEMA, (bs, hs), (shape, key), direction);
                    }
                    Some(kind) if key != "not" => self.value(kind, (bs, hs), (shape, key), direction),
                    _ => self.leaf(shape, key, (Some(bs), Some(hs)), direction),
                },
                (bs, hs) => {
                    let around = (bs.map_or(b, |side| side), hs.map_or(h, |side| side));
                    self.at_key(shape, key, (bs, hs), around, direction);
                }
            }
        }
        let names: BTreeSet<&String> = bf.properties.keys().chain(hf.properties.keys()).collect();
        for name in names {
            let (must_b, must_h) = (bf.required.contains(name), hf.required.contains(name));
            match (bf.properties.get(name), hf.properties.get(name)) {
                (Some(bs), Some(hs)) => {
                    let direction = self.travels((bs, hs), direction);
                    self.value(&ANY_SCHEMA, (bs, hs), (shape, "properties"), direction);
                    self.requirement((must_b, must_h), (bs, hs), direction);
                }
                (Some(bs), None) => {
                    let id = match (hf.is_closed(), must_b) {
                        (true, false) => "property-removed-closed",
                        (true, true) => "property-removed-required-closed",
                        (false, true) => "property-removed-required",
                        (false, false) => "property-removed-optional",
                    };
                    let direction = self.travels((bs, bs), direction);
                    self.note(id, (&bs.pointer, &h.pointer), (Some(bs.value), None), direction);
                }
                (None, Some(hs)) => {
                    let id = match (bf.is_closed(), must_h) {
                        (true, false) => "property-added-closed",
                        (true, true) => "property-added-required-closed",
                        (false, true) => "property-added-required",
                        (false, false) => "property-added-optional",
                    };
                    let direction = self.travels((hs, hs), direction);
                    self.note(id, (&b.pointer, &hs.pointer), (None, Some(hs.value)), direction);
                }
                (None, None) => {}
            }
        }
        // Names that no property of this schema has: maps, or a mistake.
        let loose = |flat: &Flat<'_>| -> BTreeSet<String> {
            flat.required.iter().filter(|name| !flat.properties.contains_key(*name)).cloned().collect()
        };
        for name in loose(&bf).symmetric_difference(&loose(&hf)) {
            if !bf.properties.contains_key(name) && !hf.properties.contains_key(name) {
                let both = (bf.required.contains(name), hf.required.contains(name));
                self.requirement(both, (b, h), direction);
            }
        }
        if self.found() == before && canonical(b.value) != canonical(h.value) {
            self.rearranged(b, h);
        }
    }

    /// Where a property travels: never in a request if both sides say it is read-only, never in a response if
    /// write-only.
    fn travels(&self, (b, h): (&Side<'a>, &Side<'a>), direction: Direction) -> Direction {
        let both = |key: &str| {
            let says = |side: &Side<'a>, raw: &'a Value| side.resolved(raw).value.get(key) == Some(&Value::Bool(true));
            // A property that only one side has stands for both here.
            (says(b, self.base) || says(b, self.head)) && (says(h, self.head) || says(h, self.base))
        };
        match direction {
            Direction::Request if both("readOnly") => Direction::Nowhere,
            Direction::Response if both("writeOnly") => Direction::Nowhere,
            other => other,
        }
    }

    fn requirement(&mut self, must: (bool, bool), (b, h): (&Side<'a>, &Side<'a>), direction: Direction) {
        let said = (Value::from("optional"), Value::from("required"));
        match must {
            (false, true) => {
                self.note("became-required", (&b.pointer, &h.pointer), (Some(&said.0), Some(&said.1)), direction);
            }
            (true, false) => {
                self.note("became-optional", (&b.pointer, &h.pointer), (Some(&said.1), Some(&said.0)), direction);
            }
            _ => {}
        }
    }

    /// Says that two schemas differ although no part of what they say does.
    fn rearranged(&mut self, b: &Side<'a>, h: &Side<'a>) {
        let key = |side: &Side<'a>, key: &str| side.value.get(key).map(canonical);
        let at = (b.pointer.as_str(), h.pointer.as_str());
        if key(b, "allOf") != key(h, "allOf") {
            self.note("all-of-restructured", at, (b.value.get("allOf"), h.value.get("allOf")), Direction::Neither);
        } else if key(b, "required") != key(h, "required") {
            self.note("list-reordered", at, (b.value.get("required"), h.value.get("required")), Direction::Neither);
        }
    }

    fn at_key(
        &mut self,
        shape: &'static Shape,
        key: &str,
        (bs, hs): (Option<&Side<'a>>, Option<&Side<'a>>),
        (b, h): (&Side<'a>, &Side<'a>),
        direction: Direction,
    ) {
        let present = (bs.map(|side| side.value), hs.map(|side| side.value));
        self.leaf_at(shape, key, present, (&b.pointer, &h.pointer), direction);
    }

    /// A key whose value is compared as a whole.
    pub(super) fn leaf(
        &mut self,
        shape: &'static Shape,
        key: &str,
        (b, h): (Option<&Side<'a>>, Option<&Side<'a>>),
        direction: Direction,
    ) {
        let pointer = |side: Option<&Side<'a>>| side.map(|side| side.pointer.clone());
        let (bp, hp) = (pointer(b), pointer(h));
        let fallback = bp.clone().or_else(|| hp.clone()).unwrap_or_default();
        let pointers = (bp.unwrap_or_else(|| fallback.clone()), hp.unwrap_or(fallback));
        let values = (b.map(|side| side.value), h.map(|side| side.value));
        self.leaf_at(shape, key, values, (&pointers.0, &pointers.1), direction);
    }

    fn leaf_at(
        &mut self,
        shape: &'static Shape,
        key: &str,
        (b, h): (Option<&Value>, Option<&Value>),
        at: (&str, &str),
        direction: Direction,
    ) {
        if b.map(canonical) == h.map(canonical) {
            return;
        }
        if shape.name == "schema" && key == "enum" && b.is_some() && h.is_some() {
            return self.enumeration(b, h, at, direction);
        }
        if key == "security" {
            return self.security(shape, b, h, at);
        }
        if shape.name == "parameter" && key == "name" {
            // Only a path's variable and a header's case leave it the same parameter.
            let same = b.zip(h).and_then(|(b, h)| Some((b.as_str()?, h.as_str()?)));
            let recased = same.is_some_and(|(b, h)| b.eq_ignore_ascii_case(h));
            let id = if recased { "name-case-changed" } else { "path-parameter-renamed" };
            return self.note(id, at, (b, h), direction);
        }
        let (eb, eh) = (b.cloned().or_else(|| implied(shape, key)), h.cloned().or_else(|| implied(shape, key)));
        let id = if eb == eh {
            "default-spelled-out"
        } else {
            match (&eb, &eh) {
                (Some(Value::Bool(_)), Some(Value::Bool(on))) if key != "explode" && key != "allowReserved" => {
                    // `additionalProperties: true` takes a limit away; every other flag adds something.
                    let adds = *on != (key == "additionalProperties");
                    rules::of_key(shape.name, key, if adds { Happened::Added } else { Happened::Removed })
                }
                (Some(before), Some(after)) if shape.name == "schema" => changed(key, before, after),
                (None, Some(_)) => rules::of_key(shape.name, key, Happened::Added),
                (Some(_), None) => rules::of_key(shape.name, key, Happened::Removed),
                _ => rules::of_key(shape.name, key, Happened::Changed),
            }
        };
        self.note(id, at, (b, h), direction);
    }

    fn enumeration(&mut self, b: Option<&Value>, h: Option<&Value>, at: (&str, &str), direction: Direction) {
        let list = |value: Option<&Value>| value.and_then(Value::as_array).cloned().unwrap_or_default();
        let (b, h) = (list(b), list(h));
        for gone in b.iter().filter(|value| !h.contains(value)) {
            self.note("enum-value-removed", at, (Some(gone), None), direction);
        }
        for new in h.iter().filter(|value| !b.contains(value)) {
            self.note("enum-value-added", at, (None, Some(new)), direction);
        }
        let kept = |these: &[Value], those: &[Value]| -> Vec<Value> {
            these.iter().filter(|value| those.contains(value)).cloned().collect()
        };
        if kept(&b, &h) != kept(&h, &b) {
            self.note("list-reordered", at, (Some(&b.into()), Some(&h.into())), Direction::Neither);
        }
    }

    /// A scheme by its name or, if the other side has no such name, by what it says: names are not sent.
    fn scheme(&self, raw: &Value, name: &str) -> String {
        let schemes = |raw: &'a Value| raw.pointer("/components/securitySchemes");
        if [self.base, self.head].into_iter().all(|raw| schemes(raw).is_some_and(|schemes| schemes.get(name).is_some()))
        {
            return name.to_owned();
        }
        let mut says = raw.pointer(&child("/components/securitySchemes", name)).map(canonical).unwrap_or_default();
        if let Some(members) = says.as_object_mut() {
            members.retain(|key, _| !describes(key));
        }
        // A scheme under another name is the same scheme; the shorter list of names wins.
        let twin = |other: &&String| {
            let node = schemes(self.base).and_then(|schemes| schemes.get(other.as_str())).map(canonical);
            node.is_some_and(|mut node| {
                if let Some(members) = node.as_object_mut() {
                    members.retain(|key, _| !describes(key));
                }
                node == says
            })
        };
        let known = schemes(self.base).and_then(Value::as_object).into_iter().flat_map(Map::keys).find(twin);
        known.map_or_else(|| name.to_owned(), Clone::clone)
    }

    /// Requirements are alternatives; no requirement and `{}` both let anybody in.
    fn security(&mut self, shape: &Shape, b: Option<&Value>, h: Option<&Value>, at: (&str, &str)) {
        // What an operation doesn't say, the document says.
        let effective = |own: Option<&Value>, raw: &Value| -> BTreeMap<String, Value> {
            let inherited = if shape.name == "operation" { raw.get("security") } else { None };
            let list = own.or(inherited).and_then(Value::as_array).cloned().unwrap_or_default();
            let names = |item: &Value| {
                let names = item.as_object().into_iter().flat_map(Map::keys);
                let mut names: Vec<String> = names.map(|name| self.scheme(raw, name)).collect();
                names.sort();
                names.join(" and ")
            };
            list.into_iter().map(|item| (names(&item), item)).collect()
        };
        let (eb, eh) = (effective(b, self.base), effective(h, self.head));
        let open = |these: &BTreeMap<String, Value>| these.is_empty() || these.contains_key("");
        let renamed = |b: Option<&Value>, h: Option<&Value>| {
            let names = |list: Option<&Value>| -> BTreeSet<String> {
                let items = list.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object);
                items.flat_map(Map::keys).cloned().collect()
            };
            eb.keys().eq(eh.keys()) && b.is_some() && h.is_some() && names(b) != names(h)
        };
        let ids = match (open(&eb), open(&eh)) {
            (true, false) => vec!["security-became-required"],
            (false, true) => vec!["security-became-optional"],
            _ if renamed(b, h) => vec!["reference-renamed"],
            _ if eb == eh && b.is_some() == h.is_some() => vec!["list-reordered"],
            _ if eb == eh => vec!["default-spelled-out"],
            _ => {
                let gone = eb.keys().any(|name| !eh.contains_key(name));
                let new = eh.keys().any(|name| !eb.contains_key(name));
                let scopes = eb.iter().any(|(name, item)| eh.get(name).is_some_and(|other| other != item));
                [
                    (gone, "security-alternative-removed"),
                    (new, "security-alternative-added"),
                    (scopes, "security-scopes-changed"),
                ]
                .into_iter()
                .filter_map(|(holds, id)| holds.then_some(id))
                .collect()
            }
        };
        ids.into_iter().for_each(|id| self.note(id, at, (b, h), Direction::Neither));
    }
}

/// The rule of a schema's key with a value on both sides.
fn changed(key: &str, before: &Value, after: &Value) -> &'static str {
    let looser = match key {
        "type" => match (before.as_str(), after.as_str()) {
            (Some("integer"), Some("number")) => return "type-widened",
            (Some("number"), Some("integer")) => return "type-narrowed",
            _ => return "type-changed",
        },
        "format" => match (before.as_str(), after.as_str()) {
            (Some("int32"), Some("int64")) | (Some("float"), Some("double")) => return "type-widened",
            (Some("int64"), Some("int32")) | (Some("double"), Some("float")) => return "type-narrowed",
            _ => return "format-changed",
        },
        "additionalProperties" => match (before, after) {
            (Value::Bool(true), _) | (_, Value::Bool(false)) => return "additional-properties-closed",
            _ => return "additional-properties-opened",
        },
        "maximum" | "maxLength" | "maxItems" | "maxProperties" => after.as_f64() > before.as_f64(),
        "minimum" | "minLength" | "minItems" | "minProperties" => after.as_f64() < before.as_f64(),
        "multipleOf" => matches!((before.as_f64(), after.as_f64()), (Some(b), Some(a)) if b % a == 0.0),
        _ => return rules::of_key("schema", key, Happened::Changed),
    };
    if looser { "constraint-loosened" } else { "constraint-tightened" }
}

/// What a missing key means.
fn implied(shape: &Shape, key: &str) -> Option<Value> {
    Some(match (shape.name, key) {
        (
            _,
            "deprecated" | "nullable" | "readOnly" | "writeOnly" | "uniqueItems" | "exclusiveMinimum"
            | "exclusiveMaximum" | "allowReserved" | "allowEmptyValue" | "attribute" | "wrapped",
        ) => false.into(),
        ("parameter" | "header" | "request body", "required") => false.into(),
        ("schema", "additionalProperties") => true.into(),
        ("schema", "minLength" | "minItems" | "minProperties") => 0.into(),
        _ => return None,
    })
}

/// The operations that reach each component (`schema ResourceTag`), over all documents.
pub(super) fn reached(documents: &[&Value]) -> BTreeMap<String, BTreeSet<String>> {
    let mut reached: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for raw in documents {
        let mut direct: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (path, item) in raw.get("paths").and_then(Value::as_object).into_iter().flatten() {
            for method in METHODS {
                let Some(operation) = item.get(method) else { continue };
                let name = operation_name(operation, method, path);
                let mut todo = BTreeSet::new();
                references(operation, &mut todo);
                item.get("parameters").into_iter().for_each(|node| references(node, &mut todo));
                let mut done = BTreeSet::new();
                while let Some(pointer) = todo.pop_first() {
                    let Some(component) = component_of(&pointer) else { continue };
                    if !done.insert(pointer.clone()) {
                        continue;
                    }
                    let below = direct.entry(pointer.clone()).or_insert_with(|| {
                        let mut below = BTreeSet::new();
                        raw.pointer(&pointer).into_iter().for_each(|node| references(node, &mut below));
                        below
                    });
                    todo.extend(below.difference(&done).cloned());
                    reached
                        .entry(format!("{} {}", component.section, component.name))
                        .or_default()
                        .insert(name.clone());
                }
            }
        }
    }
    reached
}

fn references(node: &Value, out: &mut BTreeSet<String>) {
    match node {
        Value::Object(members) => {
            if let Some(target) = members.get("$ref").and_then(Value::as_str).and_then(local) {
                out.insert(target);
            }
            members.values().for_each(|value| references(value, out));
        }
        Value::Array(items) => items.iter().for_each(|value| references(value, out)),
        _ => {}
    }
}
