//! Which operations reach a component, and on which way: sent by clients, received by them, or both.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::operation::METHODS;
use super::pointer::{child, tokens};
use super::read::Document;
use super::references::local;

/// Who sends a node, seen from a client; both, or nobody.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Directions {
    pub(crate) request: bool,
    pub(crate) response: bool,
}

impl Directions {
    pub(crate) const REQUEST: Self = Self { request: true, response: false };
    pub(crate) const RESPONSE: Self = Self { request: false, response: true };
}

/// What refers to each component, by pointer.
#[derive(Default)]
pub(crate) struct Reach(BTreeMap<String, BTreeSet<User>>);

/// What refers to a component.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum User {
    Operation(String, Directions),
    Component(String),
}

impl Reach {
    pub(crate) fn of(documents: &[&Document]) -> Self {
        let mut reach = Self::default();
        for spec in documents {
            let names: BTreeMap<&str, String> =
                spec.operations.iter().map(|operation| (&*operation.pointer, operation.name())).collect();
            spec.references(|pointer, reference| {
                let Some(target) = local(reference) else { return };
                let tokens: Vec<_> = tokens(pointer).collect();
                let users = reach.0.entry(target).or_default();
                match tokens.iter().map(|token| &**token).collect::<Vec<_>>()[..] {
                    ["components", section, name, ..] => {
                        let component = child(&child("/components", section), name);
                        users.insert(User::Component(component));
                    }
                    ["paths", path, ref below @ ..] => {
                        let callback = below.contains(&"callbacks");
                        let answer = below.contains(&"responses") != callback;
                        let directions = if answer { Directions::RESPONSE } else { Directions::REQUEST };
                        // What a path item says holds for each of its operations.
                        let own = below.first().filter(|method| METHODS.contains(method));
                        for method in METHODS.iter().filter(|method| own.is_none_or(|own| own == *method)) {
                            if let Some(name) = names.get(&*child(&child("/paths", path), method)) {
                                users.insert(User::Operation(name.clone(), directions));
                            }
                        }
                    }
                    _ => {}
                }
            });
        }
        reach
    }

    /// The operations whose messages a component is part of.
    pub(crate) fn of_component(&self, pointer: &str) -> (BTreeSet<String>, Directions) {
        let (mut operations, mut directions) = (BTreeSet::new(), Directions::default());
        let (mut seen, mut waiting) = (HashSet::new(), vec![pointer]);
        while let Some(component) = waiting.pop() {
            for user in self.0.get(component).into_iter().flatten() {
                match user {
                    User::Operation(name, Directions { request, response }) => {
                        operations.insert(name.clone());
                        directions.request |= request;
                        directions.response |= response;
                    }
                    User::Component(user) if seen.insert(user.as_str()) => waiting.push(user),
                    User::Component(_) => {}
                }
            }
        }
        (operations, directions)
    }
}
