//! Comparing paths: by their template, since a variable's name is never sent; parameters with those of the path item.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde_json::{Map, Value};

use super::compare::{Comparer, Direction, Side, operation_name};
use crate::document::METHODS;
use crate::document::grammar::{Kind, Shape};
use crate::lock::wire::identity;

impl<'a> Comparer<'a> {
    pub(super) fn paths(
        &mut self,
        shape: &'static Shape,
        bm: &'a Map<String, Value>,
        hm: &'a Map<String, Value>,
        (b, h): (&Side<'a>, &Side<'a>),
    ) {
        let heads: HashMap<String, &String> = hm.keys().map(|path| (template(path), path)).collect();
        let mut met = HashSet::new();
        for path in bm.keys() {
            let Some((bs, kind)) = b.at(path).zip(shape.kind_of(path)) else {
                let sides = (b.at(path), h.at(path));
                self.leaf(shape, path, (sides.0.as_ref(), sides.1.as_ref()), Direction::Neither);
                met.insert(path.clone());
                continue;
            };
            let Kind::Object(item) = kind else { continue };
            match heads.get(&template(path)).and_then(|other| Some((*other, h.at(other)?))) {
                Some((other, hs)) => {
                    met.insert(other.clone());
                    self.path_item(item, (path, other), &bs, &hs);
                }
                None => self.whole_path(item, path, (Some(&bs), None), (b, h)),
            }
        }
        for path in hm.keys().filter(|path| !met.contains(*path)) {
            match (h.at(path), shape.kind_of(path)) {
                (Some(hs), Some(Kind::Object(item))) => self.whole_path(item, path, (None, Some(&hs)), (b, h)),
                (hs, _) => self.leaf(shape, path, (None, hs.as_ref()), Direction::Neither),
            }
        }
    }

    fn whole_path(
        &mut self,
        item: &'static Shape,
        path: &str,
        sides: (Option<&Side<'a>>, Option<&Side<'a>>),
        (b, h): (&Side<'a>, &Side<'a>),
    ) {
        let Some(side) = sides.0.or(sides.1) else { return };
        let mut any = false;
        for method in METHODS {
            let Some(operation) = side.at(method) else { continue };
            any = true;
            self.operation = Some(operation_name(operation.value, method, path));
            let sides = if sides.0.is_some() { (Some(&operation), None) } else { (None, Some(&operation)) };
            self.one(item, method, sides, (b, h), Direction::Neither);
            self.operation = None;
        }
        if !any {
            self.leaf(item, "holds", sides, Direction::Neither);
        }
    }

    fn path_item(&mut self, shape: &'static Shape, (from, to): (&String, &String), b: &Side<'a>, h: &Side<'a>) {
        let renamed = from != to;
        if renamed {
            let (before, after) = (Value::from(from.as_str()), Value::from(to.as_str()));
            self.note(
                "path-parameter-renamed",
                (&b.pointer, &h.pointer),
                (Some(&before), Some(&after)),
                Direction::Neither,
            );
        }
        let keys: BTreeSet<&str> = [b, h]
            .into_iter()
            .flat_map(|side| side.value.as_object().into_iter().flat_map(Map::keys))
            .map(String::as_str)
            .collect();
        for key in keys.into_iter().filter(|key| *key != "parameters") {
            let method = METHODS.contains(&key);
            let (bs, hs) = (b.at(key), h.at(key));
            if method {
                let node = hs.as_ref().or(bs.as_ref());
                self.operation = node.map(|node| operation_name(node.value, key, to));
            }
            match (&bs, &hs) {
                (Some(bo), Some(ho)) if method => {
                    if let Some(Kind::Object(operation)) = shape.kind_of(key) {
                        self.object(operation, bo, ho, Direction::Neither);
                        self.parameters(operation, (from, to), (b, bo), (h, ho));
                    }
                }
                (Some(bs), Some(hs)) => match shape.kind_of(key) {
                    Some(kind) => self.value(kind, (bs, hs), (shape, key), Direction::Neither),
                    None => self.leaf(shape, key, (Some(bs), Some(hs)), Direction::Neither),
                },
                _ => self.one(shape, key, (bs.as_ref(), hs.as_ref()), (b, h), Direction::Neither),
            }
            self.operation = None;
        }
    }

    /// The parameters of an operation with those of its path item, a path's by their position in the path.
    fn parameters(
        &mut self,
        shape: &'static Shape,
        (from, to): (&String, &String),
        (b_item, b): (&Side<'a>, &Side<'a>),
        (h_item, h): (&Side<'a>, &Side<'a>),
    ) {
        let Some(Kind::List(kind)) = shape.kind_of("parameters") else { return };
        let all = |raw: &'a Value, path: &str, item: &Side<'a>, operation: &Side<'a>| {
            let mut all: Vec<(String, Side<'a>)> = Vec::new();
            for list in [operation, item].into_iter().filter_map(|side| side.at("parameters")) {
                for index in 0..list.value.as_array().map_or(0, Vec::len) {
                    let Some(parameter) = list.at(&index.to_string()) else { continue };
                    let mut name = identity("parameters", index, parameter.value, raw);
                    if let Some(variable) = name.strip_prefix("path ")
                        && let Some(at) = path.find(&format!("{{{variable}}}"))
                    {
                        name = format!("path variable {}", path[..at].matches('{').count());
                    } else if let Some(header) = name.strip_prefix("header ") {
                        name = format!("header {}", header.to_ascii_lowercase());
                    }
                    if !all.iter().any(|(known, _)| *known == name) {
                        all.push((name, parameter));
                    }
                }
            }
            all
        };
        let (bs, hs) = (all(self.base, from, b_item, b), all(self.head, to, h_item, h));
        let mut order = Vec::new();
        for (name, parameter) in &bs {
            match hs.iter().position(|(other, _)| other == name) {
                Some(at) => {
                    order.push(at);
                    let own = [(parameter, b), (&hs[at].1, h)].map(|(side, of)| side.pointer.starts_with(&of.pointer));
                    if own[0] != own[1] {
                        let at = (parameter.pointer.as_str(), hs[at].1.pointer.as_str());
                        self.note("parameter-moved", at, (None, None), Direction::Neither);
                    }
                    self.value(kind, (parameter, &hs[at].1), (shape, "parameters"), Direction::Request);
                }
                None => self.one(shape, "parameters", (Some(parameter), None), (b, h), Direction::Request),
            }
        }
        for (at, (_, parameter)) in hs.iter().enumerate() {
            if !order.contains(&at) {
                self.one(shape, "parameters", (None, Some(parameter)), (b, h), Direction::Request);
            }
        }
        let names =
            |these: &[(String, Side<'a>)]| Value::from(these.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>());
        if !order.is_sorted() {
            let (before, after) = (names(&bs), names(&hs));
            self.note("list-reordered", (&b.pointer, &h.pointer), (Some(&before), Some(&after)), Direction::Neither);
        }
    }
}

fn template(path: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in path.chars() {
        inside = (inside || c == '{') && c != '}';
        if !inside || c == '{' {
            out.push(c);
        }
    }
    out
}
