//! Which operation of the head is which of the base, and the two compared.

use std::collections::{BTreeMap, BTreeSet};

use super::super::view::{Item, View};
use super::{At, Comparer};
use crate::document::{Document, Location, METHODS, Operation, child, grammar};
use crate::lock::wire::request;

impl<'a> Comparer<'a> {
    /// Pairs operations by their path, then by its shape, since a variable's name is never sent, then by their id.
    pub(super) fn operations(&mut self) {
        let mut bs: Vec<&'a Operation> = self.base.operations.iter().collect();
        let mut hs: Vec<&'a Operation> = self.head.operations.iter().collect();
        let same: [fn(&Operation) -> Option<String>; 3] =
            [|it| Some(request(it)), |it| Some(format!("{} {}", it.method, shape(&it.path))), |it| it.id.clone()];
        for name in same {
            let known = hs.iter().rev().filter_map(|it| Some((name(it)?, *it)));
            let mut known: BTreeMap<String, &'a Operation> = known.collect();
            bs.retain(|b| {
                let Some(h) = name(b).and_then(|name| known.remove(&name)) else { return true };
                hs.retain(|other| other.pointer != h.pointer);
                self.enter(h);
                self.operation(b, h);
                false
            });
        }
        for b in bs {
            self.enter(b);
            self.note("endpoint-removed", &At::default(), &child("/paths", &b.path), Some(request(b)), None);
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
        let moved = shape(&b.path) != shape(&h.path);
        let views = (view(self.base, b, moved), view(self.head, h, moved));
        let (Some(mut bv), Some(mut hv)) = views else { return };
        let before = self.found.len();
        if b.path != h.path {
            let rule = if moved { "operation-moved" } else { "path-parameter-renamed" };
            self.note(rule, &At::default(), &h.pointer, Some(b.path.clone()), Some(h.path.clone()));
        }
        if moved {
            // Which variables there are, the paths themselves tell.
            let told = |(_, name): &(&str, String)| name.starts_with("path ");
            bv.nodes.retain(|key, _| !told(key) || hv.nodes.contains_key(key));
            hv.nodes.retain(|key, _| !told(key) || bv.nodes.contains_key(key));
        }
        // A component parameter that goes by another name is told as the component's.
        for (name, item) in hv.nodes.iter().filter(|(_, item)| item.target().is_some()) {
            let same = |(key, old): &(&_, &Item<'a>)| !hv.nodes.contains_key(*key) && old.target() == item.target();
            if !bv.nodes.contains_key(name)
                && let Some(old) = bv.nodes.iter().find(same).map(|(key, _)| key.clone())
                && let Some(moved) = bv.nodes.remove(&old)
            {
                bv.nodes.insert(name.clone(), moved);
            }
        }
        let (bi, hi) = (bv.item.clone(), hv.item.clone());
        self.members(bv, hv, &At::default());
        // What a path item says holds for each of its operations.
        let (Some(bp), Some(hp)) = (path_item(self.base, b), path_item(self.head, h)) else { return };
        let same = bi.value == hi.value && bp.item.value.get("parameters") == hp.item.value.get("parameters");
        self.members(bp, hp, &At { place: "path".to_owned(), ..At::default() });
        self.differently(before, same, &hi);
    }
}

/// An operation with the parameters of its path item, a path's by their position in the path, or by name if it moved.
fn view<'a>(spec: &'a Document, operation: &'a Operation, moved: bool) -> Option<View<'a>> {
    let item = Item::at(spec, &operation.pointer, Some(&grammar::ANY_OPERATION))?;
    let mut view = View::of(&item, &BTreeSet::new());
    view.nodes.retain(|(key, _), _| *key != "parameters");
    for parameter in &operation.parameters {
        let name = match parameter.location {
            Location::Path if moved => format!("path {}", parameter.name),
            Location::Path => match operation.path.split_once(&format!("{{{}}}", parameter.name)) {
                Some((before, _)) => format!("path variable {}", before.matches('{').count() + 1),
                None => format!("path {}", parameter.name),
            },
            Location::Header => format!("header {}", parameter.name.to_ascii_lowercase()),
            other => format!("{} {}", other.as_str(), parameter.name),
        };
        let node = Item::at(spec, &parameter.listed, Some(&grammar::ANY_PARAMETER));
        view.nodes.extend(node.map(|node| (("parameters", name), node)));
    }
    Some(view)
}

/// What stands beside the operations of a path.
fn path_item<'a>(spec: &'a Document, operation: &Operation) -> Option<View<'a>> {
    let item = Item::at(spec, &child("/paths", &operation.path), Some(&grammar::ANY_PATH_ITEM))?;
    let mut view = View::of(&item, &BTreeSet::new());
    view.nodes.retain(|(key, _), _| *key != "parameters" && !METHODS.contains(key));
    Some(view)
}

/// A path without the names of its variables.
fn shape(path: &str) -> String {
    path.split('{').map(|part| part.split_once('}').map_or(part, |(_, rest)| rest)).collect::<Vec<_>>().join("{}")
}
