//! What all texts with limits, and all enumerated texts, have in common. A value may be called `Error` as a trait's type is,
//! so that no signature says `Self::Error`.

/// A newtype over `String` whose values must pass its `check`.
macro_rules! text {
    ($name:ident) => {
        impl $name {
            /// The text.
            #[inline]
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::str::FromStr for $name {
            type Err = crate::types::error::ConversionError;

            #[inline]
            fn from_str(value: &str) -> Result<Self, crate::types::error::ConversionError> {
                Self::check(value)?;
                Ok(Self(value.to_owned()))
            }
        }

        impl TryFrom<String> for $name {
            type Error = crate::types::error::ConversionError;

            #[inline]
            fn try_from(value: String) -> Result<Self, crate::types::error::ConversionError> {
                Self::check(&value)?;
                Ok(Self(value))
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.try_into().map_err(serde::de::Error::custom)
            }
        }

        impl From<$name> for String {
            #[inline]
            fn from(value: $name) -> Self {
                value.0
            }
        }

        crate::text::conversions!($name);
    };
}

/// An enum of texts; an open one keeps those that the document doesn't name, where a service answers them.
macro_rules! values {
    (closed $name:ident { $($variant:ident = $text:literal),* $(,)? }) => {
        crate::text::values!(@ $name { $($variant = $text),* } {});

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }
    };
    (open $name:ident { $($variant:ident = $text:literal),* $(,)? }) => {
        crate::text::values!(@ $name { $($variant = $text),* } { Self::Unknown(value) => value.as_str() });

        impl $name {
            /// A value that the document doesn't name, to be sent on purpose.
            #[inline]
            #[must_use]
            pub fn unknown(value: &str) -> Self {
                value.parse().unwrap_or_else(|_| Self::Unknown(crate::UnknownValue::of(value)))
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().or_else(|reason| crate::open::unnamed(reason, &text).map(Self::Unknown))
            }
        }
    };
    (@ $name:ident { $($variant:ident = $text:literal),* } { $($other:pat => $as_str:expr)? }) => {
        impl $name {
            /// The value on the wire.
            #[inline]
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)*
                    $($other => $as_str,)?
                }
            }
        }

        impl std::str::FromStr for $name {
            type Err = crate::types::error::ConversionError;

            #[inline]
            fn from_str(value: &str) -> Result<Self, crate::types::error::ConversionError> {
                match value {
                    $($text => Ok(Self::$variant),)*
                    _ => Err(crate::text::unnamed(value, &[$($text),*]).into()),
                }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        crate::text::parsed!($name, crate::types::error::ConversionError: String);
        crate::text::conversions!($name);
    };
}

/// What any text may be made of, and compared with.
macro_rules! conversions {
    ($name:ident) => {
        crate::text::parsed!($name, crate::types::error::ConversionError: &str, &String);

        impl From<&$name> for $name {
            #[inline]
            fn from(value: &$name) -> Self {
                value.clone()
            }
        }

        impl std::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl AsRef<str> for $name {
            #[inline]
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl PartialEq<str> for $name {
            #[inline]
            fn eq(&self, other: &str) -> bool {
                self.as_str() == other
            }
        }

        impl PartialEq<&str> for $name {
            #[inline]
            fn eq(&self, other: &&str) -> bool {
                self.as_str() == *other
            }
        }
    };
}

/// Made of these types of text as by `FromStr`, whose error this is.
macro_rules! parsed {
    ($name:ident, $error:path: $($text:ty),*) => {$(
        impl TryFrom<$text> for $name {
            type Error = $error;

            #[inline]
            fn try_from(value: $text) -> Result<Self, $error> {
                value.parse()
            }
        }
    )*};
}

pub(crate) use {conversions, parsed, text, values};

pub(crate) fn unnamed(value: &str, known: &[&str]) -> String {
    format!("\"{}\" is none of {}", value.escape_debug(), known.join(", "))
}
