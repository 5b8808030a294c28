//! Which operations reach a component, and on which way: sent by clients, received by them, or both.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::pointer::child;
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

/// What refers to each component, all by pointer.
#[derive(Default)]
pub(crate) struct Reach {
    /// A component, an operation, or the parameters that operations of a path share, and which way it goes there.
    users: BTreeMap<String, BTreeSet<(String, Directions)>>,
    /// The operations that such a user belongs to.
    names: BTreeMap<String, BTreeSet<String>>,
}

impl Reach {
    pub(crate) fn of(documents: &[&Document]) -> Self {
        let mut reach = Self::default();
        for spec in documents {
            for operation in &spec.operations {
                let shared = child(&child("/paths", &operation.path), "parameters");
                for pointer in [operation.pointer.clone(), shared] {
                    reach.names.entry(pointer).or_default().insert(operation.name());
                }
            }
            spec.references(|pointer, reference| {
                let Some(target) = local(reference) else { return };
                let is_below = |key| pointer.split('/').skip(4).any(|token| token == key);
                let is_answer = is_below("responses") != is_below("callbacks");
                let directions = if is_answer { Directions::RESPONSE } else { Directions::REQUEST };
                reach.users.entry(target).or_default().insert((owner(pointer).to_owned(), directions));
            });
        }
        reach
    }

    /// The operations whose messages a component is part of.
    pub(crate) fn of_component(&self, pointer: &str) -> (BTreeSet<String>, Directions) {
        let (mut operations, mut directions) = (BTreeSet::new(), Directions::default());
        let (mut seen, mut waiting) = (HashSet::new(), vec![pointer]);
        while let Some(component) = waiting.pop() {
            for (user, Directions { request, response }) in self.users.get(component).into_iter().flatten() {
                if let Some(names) = self.names.get(user) {
                    operations.extend(names.iter().cloned());
                    directions.request |= request;
                    directions.response |= response;
                } else if seen.insert(user.as_str()) {
                    waiting.push(user);
                }
            }
        }
        (operations, directions)
    }
}

/// The operation or the component that a node belongs to: the first three tokens of its pointer.
pub(crate) fn owner(pointer: &str) -> &str {
    pointer.match_indices('/').nth(3).map_or(pointer, |(end, _)| &pointer[..end])
}
