//! Objects of a request: a member that no field takes is refused, with the field that is most like it.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IntoDeserializer, MapAccess, Visitor};

use super::Strict;

/// The visitor of a struct with these fields.
pub(super) struct Object<V> {
    pub(super) visitor: V,
    pub(super) fields: &'static [&'static str],
}

struct Members<A> {
    members: A,
    fields: &'static [&'static str],
}

/// What a member's name is read into.
struct Name<S> {
    seed: S,
    fields: &'static [&'static str],
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Object<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.visitor.expecting(f)
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<V::Value, A::Error> {
        self.visitor.visit_map(Members { members, fields: self.fields })
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Members<A> {
    type Error = A::Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        self.members.next_key_seed(Name { seed, fields: self.fields })
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        self.members.next_value_seed(Strict(seed))
    }
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Name<S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<S::Value, D::Error> {
        let name = <String as serde::Deserialize>::deserialize(json)?;
        if !self.fields.contains(&name.as_str()) {
            let shown = name.escape_debug();
            return Err(D::Error::custom(match nearest(&name, self.fields) {
                Some(field) => format!("there is no field {shown}; did you mean {field}?"),
                None => format!("there is no field {shown}; there are {}", self.fields.join(", ")),
            }));
        }
        self.seed.deserialize(name.into_deserializer())
    }
}

/// The field that a few edits lead to.
fn nearest(name: &str, fields: &[&'static str]) -> Option<&'static str> {
    let distances = fields.iter().map(|field| (distance(name, field), *field));
    distances.min().filter(|(distance, field)| *distance <= 1 + field.chars().count() / 4).map(|(_, field)| field)
}

/// How many characters must be put in, taken out or changed.
fn distance(from: &str, to: &str) -> usize {
    let mut row: Vec<usize> = (0..=to.chars().count()).collect();
    for (index, a) in from.chars().enumerate() {
        let mut before = std::mem::replace(&mut row[0], index + 1);
        for (at, b) in to.chars().enumerate() {
            let changed = before + usize::from(a != b);
            before = row[at + 1];
            row[at + 1] = changed.min(before + 1).min(row[at] + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}
