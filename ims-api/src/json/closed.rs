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

/// The known word that a few edits lead to, whatever the case.
pub(crate) fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let distance = |name: &str| strsim::damerau_levenshtein(&word.to_ascii_lowercase(), &name.to_ascii_lowercase());
    let distances = known.iter().map(|name| (distance(name), *name));
    distances.min().filter(|(distance, name)| *distance <= 1 + name.chars().count() / 4).map(|(_, name)| name)
}
