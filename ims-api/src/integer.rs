//! Integers with bounds, as requests carry them: as numbers, or as strings.

use std::fmt;
use std::str::FromStr;

use serde::de::{Error as _, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An integer from `MIN` to `MAX`, a number on the wire.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Integer<const MIN: u64, const MAX: u64>(u64);

/// An integer from `MIN` to `MAX`, a string on the wire, such as `"10"`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TextInteger<const MIN: u64, const MAX: u64>(u64);

/// A value outside the bounds, or text that is no integer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IntegerError(String);

impl fmt::Display for IntegerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for IntegerError {}

fn within(value: u64, min: u64, max: u64) -> Result<u64, IntegerError> {
    if value < min {
        Err(IntegerError(format!("{value} is less than {min}")))
    } else if value > max {
        Err(IntegerError(format!("{value} is more than {max}")))
    } else {
        Ok(value)
    }
}

/// Of the numbers that are taken, only negative ones are no `u64`.
fn of_number<N: Copy + fmt::Display + TryInto<u64>>(number: N, min: u64, max: u64) -> Result<u64, IntegerError> {
    let value = number.try_into().map_err(|_| IntegerError(format!("{number} is less than {min}")))?;
    within(value, min, max)
}

fn parse(text: &str, min: u64, max: u64) -> Result<u64, IntegerError> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match text.parse() {
        Ok(value) if digits => within(value, min, max),
        _ => Err(IntegerError(format!("\"{}\" is no integer from {min} to {max}", text.escape_debug()))),
    }
}

/// Takes what a service may write for an integer: a number or a string.
struct Either;

impl Visitor<'_> for Either {
    type Value = u64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an integer, as a number or as a string")
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<u64, E> {
        Ok(value)
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<u64, E> {
        parse(text, 0, u64::MAX).map_err(|_| E::invalid_value(Unexpected::Str(text), &self))
    }
}

macro_rules! integer {
    ($name:ident, $serialize:expr) => {
        impl<const MIN: u64, const MAX: u64> $name<MIN, MAX> {
            /// The least value.
            pub const MIN: u64 = MIN;
            /// The greatest value.
            pub const MAX: u64 = MAX;

            /// The value.
            #[must_use]
            pub const fn get(self) -> u64 {
                self.0
            }
        }

        // An integer literal without a suffix is an `i32`.
        integer!(@of $name: u64, u32, i32, usize);

        impl<const MIN: u64, const MAX: u64> FromStr for $name<MIN, MAX> {
            type Err = IntegerError;

            fn from_str(text: &str) -> Result<Self, IntegerError> {
                parse(text, MIN, MAX).map(Self)
            }
        }

        impl<const MIN: u64, const MAX: u64> TryFrom<&str> for $name<MIN, MAX> {
            type Error = IntegerError;

            fn try_from(text: &str) -> Result<Self, IntegerError> {
                text.parse()
            }
        }

        impl<const MIN: u64, const MAX: u64> fmt::Display for $name<MIN, MAX> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl<const MIN: u64, const MAX: u64> fmt::Debug for $name<MIN, MAX> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl<const MIN: u64, const MAX: u64> Serialize for $name<MIN, MAX> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $serialize(self.0, serializer)
            }
        }

        impl<'de, const MIN: u64, const MAX: u64> Deserialize<'de> for $name<MIN, MAX> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let value = deserializer.deserialize_any(Either)?;
                within(value, MIN, MAX).map(Self).map_err(D::Error::custom)
            }
        }
    };
    (@of $name:ident: $($number:ty),*) => {$(
        impl<const MIN: u64, const MAX: u64> TryFrom<$number> for $name<MIN, MAX> {
            type Error = IntegerError;

            fn try_from(value: $number) -> Result<Self, IntegerError> {
                of_number(value, MIN, MAX).map(Self)
            }
        }
    )*};
}

integer!(Integer, |value: u64, serializer: S| serializer.serialize_u64(value));
integer!(TextInteger, |value: u64, serializer: S| serializer.collect_str(&value));
