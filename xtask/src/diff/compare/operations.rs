//! Which operation of the head is which of the base, and the two compared.

use std::collections::{BTreeMap, BTreeSet};

use super::super::view::{Item, View};
use super::{At, Comparer, item};
use crate::document::{Document, Location, Operation, child, grammar};

impl<'a> Comparer<'a> {
    /// Pairs operations by their path, then by its shape, since a variable's name is never sent, then by their id.
    pub(super) fn operations(&mut self) {
        let mut bs: Vec<&'a Operation> = self.base.operations.iter().collect();
        let mut hs: Vec<&'a Operation> = self.head.operations.iter().collect();
        let mut pairs = Vec::new();
        let same: [fn(&Operation) -> Option<String>; 3] = [
            |it| Some(format!("{} {}", it.method, it.path)),
            |it| Some(format!("{} {}", it.method, shape(&it.path))),
            |it| it.id.clone(),
        ];
        for name in same {
            let mut known: BTreeMap<String, &'a Operation> = BTreeMap::new();
            hs.iter().rev().filter_map(|it| Some((name(it)?, *it))).for_each(|(name, it)| {
                known.insert(name, it);
            });
            bs.retain(|b| match name(b).and_then(|name| known.remove(&name)) {
                Some(h) => {
                    hs.retain(|other| other.pointer != h.pointer);
                    pairs.push((*b, h));
                    false
                }
                None => true,
            });
        }
        for (b, h) in pairs {
            self.enter(h);
            self.operation(b, h);
        }
        for b in bs {
            self.enter(b);
            let nearest = child("/paths", &b.path);
            self.note("endpoint-removed", &At::default(), &nearest, Some(request(b)), None);
        }
        for h in hs {
            self.enter(h);
            self.note("endpoint-added", &At::default(), &h.pointer, None, Some(request(h)));
        }
    }

    fn enter(&mut self, operation: &Operation) {
        self.area = (operation.name(), Some(request(operation)), BTreeSet::from([operation.name()]));
        self.explained = false;
    }

    fn operation(&mut self, b: &'a Operation, h: &'a Operation) {
        let path_item = |spec: &'a Document, operation: &Operation| {
            item(spec, &child("/paths", &operation.path), &grammar::ANY_PATH_ITEM)
        };
        let kind = &grammar::ANY_OPERATION;
        let (Some(bi), Some(hi)) = (item(self.base, &b.pointer, kind), item(self.head, &h.pointer, kind)) else {
            return;
        };
        let (Some(bp), Some(hp)) = (path_item(self.base, b), path_item(self.head, h)) else { return };
        let before = self.found.len();
        if b.path != h.path {
            let rule = if shape(&b.path) == shape(&h.path) { "path-parameter-renamed" } else { "operation-moved" };
            self.note(rule, &At::default(), &h.pointer, Some(b.path.clone()), Some(h.path.clone()));
        }
        let view = |spec: &'a Document, item: &Item<'a>, operation: &'a Operation| {
            let mut view = View::of(&spec.raw, item, &BTreeSet::new());
            // With those of the path item, a path's by their position in the path.
            view.nodes.retain(|(key, _), _| *key != "parameters");
            for parameter in &operation.parameters {
                let name = match parameter.location {
                    Location::Path => match operation.path.find(&format!("{{{}}}", parameter.name)) {
                        Some(at) => format!("path variable {}", operation.path[..at].matches('{').count() + 1),
                        None => format!("path {}", parameter.name),
                    },
                    Location::Header => format!("header {}", parameter.name.to_ascii_lowercase()),
                    other => format!("{} {}", other.as_str(), parameter.name),
                };
                let node = self::item(spec, &parameter.listed, &grammar::ANY_PARAMETER);
                view.nodes.extend(node.map(|node| (("parameters", name), node)));
            }
            view
        };
        let (mut bv, hv) = (view(self.base, &bi, b), view(self.head, &hi, h));
        // A component parameter that goes by another name is told as the component's.
        for (name, item) in hv
            .nodes
            .iter()
            .filter(|(name, item)| !bv.nodes.contains_key(*name) && item.target().is_some())
            .collect::<Vec<_>>()
        {
            let same = |(key, old): &(&_, &Item<'a>)| !hv.nodes.contains_key(*key) && old.target() == item.target();
            if let Some(old) = bv.nodes.iter().find(same).map(|(key, _)| key.clone()) {
                let moved = bv.nodes.remove(&old);
                bv.nodes.extend(moved.map(|moved| (name.clone(), moved)));
            }
        }
        self.members((&bi, bv), (&hi, hv), &At::default());
        let own = |spec: &'a Document, item: &Item<'a>| {
            let mut view = View::of(&spec.raw, item, &BTreeSet::new());
            view.nodes.retain(|(key, _), _| *key != "parameters" && !crate::document::METHODS.contains(key));
            view
        };
        let (bv, hv) = (own(self.base, &bp), own(self.head, &hp));
        self.members((&bp, bv), (&hp, hv), &At { place: "path".to_owned(), ..At::default() });
        let parameters = |item: &Item<'a>| item.get("parameters");
        let same = bi.value == hi.value && parameters(&bp) == parameters(&hp);
        self.differently(before, same, &hi);
    }
}

fn request(operation: &Operation) -> String {
    format!("{} {}", operation.method.to_uppercase(), operation.path)
}

/// A path without the names of its variables.
fn shape(path: &str) -> String {
    path.split('{').map(|part| part.split_once('}').map_or(part, |(_, rest)| rest)).collect::<Vec<_>>().join("{}")
}
