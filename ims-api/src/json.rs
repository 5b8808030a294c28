//! Reads JSON as a schema means it: a struct is an object, never a list of its fields, and a request has no other members
//! than those of the document. serde's own derive knows neither, and was a third of what the compiler checks.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};

/// A request body, or the place where it isn't what `T` is; members that `T` doesn't name are refused.
#[cfg(feature = "dynamic")]
pub(crate) fn decode_request<T: serde::de::DeserializeOwned>(body: &serde_json::Value) -> Result<T, String> {
    crate::open::closed(|| serde_path_to_error::deserialize(body)).map_err(|reason| {
        let place = match reason.path().to_string() {
            whole if whole == "." => "body".to_owned(),
            inside if inside.starts_with('[') => format!("body{inside}"),
            inside => format!("body.{inside}"),
        };
        format!("{place}: {}", reason.into_inner())
    })
}

/// A struct that is written as a JSON object. [`object!`] implements it.
pub(crate) trait Object: Sized {
    const NAME: &'static str;
    /// The names of the members that have a field.
    const MEMBERS: &'static [&'static str];
    const OTHERS: Others;

    fn read<'de, A: MapAccess<'de>>(members: &mut Members<A>) -> Result<Self, A::Error>;
}

/// What happens to a member that has no field.
#[derive(Clone, Copy, PartialEq)]
#[allow(dead_code, reason = "which of these a document needs depends on its schemas")]
pub(crate) enum Others {
    /// It is passed over, unless a request is read.
    Ignored,
    /// The schema allows no other members.
    Refused,
    /// The struct has a map for it.
    Kept,
}

pub(crate) fn read<'de, T: Object, D: Deserializer<'de>>(json: D) -> Result<T, D::Error> {
    json.deserialize_map(OfObject(PhantomData))
}

struct OfObject<T>(PhantomData<T>);

impl<'de, T: Object> Visitor<'de> for OfObject<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "struct {}", T::NAME)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::read(&mut Members { map, names: T::MEMBERS, others: T::OTHERS, at: 0, other: String::new() })
    }
}

/// The members of an object, one after the other.
pub(crate) struct Members<A> {
    map: A,
    names: &'static [&'static str],
    others: Others,
    /// The member that is read, and its name if it has no field.
    at: usize,
    other: String,
}

#[allow(dead_code, reason = "which of these a document needs depends on its schemas")]
impl<'de, A: MapAccess<'de>> Members<A> {
    /// The number of the next member: of one without a field, how many there are.
    pub(crate) fn next(&mut self) -> Result<Option<usize>, A::Error> {
        let seed = Name { names: self.names, others: self.others, other: &mut self.other };
        let next = self.map.next_key_seed(seed)?;
        self.at = next.unwrap_or_default();
        Ok(next)
    }

    /// Reads a member into its field.
    pub(crate) fn value<T: Deserialize<'de>>(&mut self, field: &mut Option<T>) -> Result<(), A::Error> {
        self.once(field)?;
        *field = Some(self.map.next_value()?);
        Ok(())
    }

    /// Reads a member that may be null.
    pub(crate) fn nullable<T: Deserialize<'de>>(&mut self, field: &mut Option<T>) -> Result<(), A::Error> {
        self.once(field)?;
        *field = self.map.next_value()?;
        Ok(())
    }

    /// Passes a member over.
    pub(crate) fn ignore(&mut self) -> Result<(), A::Error> {
        self.map.next_value::<IgnoredAny>().map(drop)
    }

    /// Keeps a member that has no field.
    pub(crate) fn keep<K, V, M>(&mut self, kept: &mut M) -> Result<(), A::Error>
    where
        K: Deserialize<'de>,
        V: Deserialize<'de>,
        M: Extend<(K, V)> + IntoIterator<Item = (K, V)>,
    {
        let name = std::mem::take(&mut self.other);
        let key = K::deserialize(serde::de::value::StringDeserializer::new(name))?;
        kept.extend([(key, self.map.next_value()?)]);
        Ok(())
    }

    fn once<T>(&self, field: &Option<T>) -> Result<(), A::Error> {
        if field.is_some() { Err(A::Error::duplicate_field(self.names[self.at])) } else { Ok(()) }
    }
}

/// What a member's name is read into.
struct Name<'a> {
    names: &'static [&'static str],
    others: Others,
    other: &'a mut String,
}

impl<'de> DeserializeSeed<'de> for Name<'_> {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<usize, D::Error> {
        json.deserialize_identifier(self)
    }
}

impl Visitor<'_> for Name<'_> {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a member")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<usize, E> {
        match self.names.iter().position(|known| *known == name) {
            Some(at) => return Ok(at),
            None if self.others == Others::Kept => name.clone_into(self.other),
            None if self.others == Others::Refused || crate::open::is_closed() => {
                return Err(E::custom(refusal(name, self.names)));
            }
            None => {}
        }
        Ok(self.names.len())
    }
}

fn refusal(name: &str, known: &[&str]) -> String {
    let shown = name.escape_debug();
    #[cfg(feature = "dynamic")]
    if let Some(field) = nearest(name, known) {
        return format!("there is no field {shown}; did you mean {field}?");
    }
    format!("there is no field {shown}; there are {}", known.join(", "))
}

/// The known word that a few edits lead to, whatever the case.
#[cfg(feature = "dynamic")]
pub(crate) fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let distance = |name: &str| strsim::damerau_levenshtein(&word.to_ascii_lowercase(), &name.to_ascii_lowercase());
    let distances = known.iter().map(|name| (distance(name), *name));
    distances.min().filter(|(distance, name)| *distance <= 1 + name.chars().count() / 4).map(|(_, name)| name)
}

/// Implements [`Object`] and `Deserialize`: what happens to other members, then of each field its number, its name, the
/// name on the wire, and whether it is `required`, `optional` (an `Option`), or else what it is `(or)` without a value.
/// `null` counts as no value where the field is `optional` or `nullable`.
macro_rules! object {
    ($name:ident: $others:ident $($rest:ident)? {
        $($at:literal $field:ident $wire:literal $kind:tt $($default:path)?,)*
    }) => {
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
                crate::json::read(json)
            }
        }

        impl crate::json::Object for $name {
            const NAME: &'static str = stringify!($name);
            const MEMBERS: &'static [&'static str] = &[$($wire),*];
            const OTHERS: crate::json::Others = crate::json::Others::$others;

            fn read<'de, A: serde::de::MapAccess<'de>>(
                members: &mut crate::json::Members<A>,
            ) -> Result<Self, A::Error> {
                $(let mut $field = None;)*
                $(let mut $rest = Default::default();)?
                while let Some(member) = members.next()? {
                    match member {
                        $($at => crate::json::object!(@read $kind members $field),)*
                        _ => crate::json::object!(@other members $($rest)?),
                    }
                }
                Ok(Self {
                    $($field: crate::json::object!(@made $kind $field $wire $($default)?),)*
                    $($rest)?
                })
            }
        }
    };
    (@read required $members:ident $field:ident) => { $members.value(&mut $field)? };
    (@read defaulted $members:ident $field:ident) => { $members.value(&mut $field)? };
    (@read $kind:ident $members:ident $field:ident) => { $members.nullable(&mut $field)? };
    (@other $members:ident) => { $members.ignore()? };
    (@other $members:ident $rest:ident) => { $members.keep(&mut $rest)? };
    (@made required $field:ident $wire:literal) => {
        $field.ok_or_else(|| serde::de::Error::missing_field($wire))?
    };
    (@made optional $field:ident $wire:literal) => { $field };
    (@made $kind:ident $field:ident $wire:literal) => { $field.unwrap_or_default() };
    (@made $kind:ident $field:ident $wire:literal $default:path) => { $field.unwrap_or_else($default) };
}
pub(crate) use object;

#[cfg(test)]
mod tests;
