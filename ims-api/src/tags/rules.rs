//! The rules that the service's documents state for tags. They contradict each other, so none is applied unasked.

use std::collections::BTreeMap;
use std::fmt;

/// One document's rules for tags.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TagRules {
    /// The page on tag formats of 2022: 10 tags; keys of at most 36 digits, letters, `_`, `-` and Chinese; values of at
    /// most 43 of those and `.`.
    Reference2022,
    /// The page as it is now: 20 tags; keys of 1 to 128 and values of at most 255 letters, digits, Chinese, spaces and
    /// `_.:+-@`, values also `/`; no space at either end.
    Live,
    /// The page of eu-west-0: keys of at most 36, values of at most 43 characters, none of `=*<>\,|/`; no space at
    /// either end.
    EuWest0,
    /// The page of Open Telekom Cloud: 10 tags; keys of at most 36 ASCII digits, letters, `_` and `-`; values of at most 43
    /// of those and `.`.
    OpenTelekomCloud,
}

/// A rule that a tag breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breach {
    /// The tag's key; `None` if it is about all tags together.
    pub key: Option<String>,
    /// What is wrong.
    pub reason: String,
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.key {
            Some(key) => write!(f, "tag \"{}\": {}", key.escape_debug(), self.reason),
            None => f.write_str(&self.reason),
        }
    }
}

impl TagRules {
    /// All breaches by `tags`, the complete tags of one image.
    #[must_use]
    pub fn check(self, tags: &BTreeMap<String, String>) -> Vec<Breach> {
        let mut breaches = Vec::new();
        if let Some(most) = self.tags().filter(|&most| tags.len() > most) {
            breaches.push(Breach { key: None, reason: format!("{} tags, at most {most} are allowed", tags.len()) });
        }
        for (key, value) in tags {
            let mut breach = |reason| breaches.push(Breach { key: Some(key.clone()), reason });
            if key.trim().is_empty() {
                breach("the key is empty or blank".to_owned());
            }
            let (longest_key, longest_value) = self.lengths();
            for (what, text, longest) in [("key", key, longest_key), ("value", value, longest_value)] {
                let length = text.chars().count();
                if length > longest {
                    breach(format!("the {what} has {length} characters, at most {longest} are allowed"));
                }
                if let Some(character) = text.chars().find(|&character| !self.allows(character, what == "value")) {
                    breach(format!("the {what} holds '{}'", character.escape_debug()));
                }
                if self.allows(' ', what == "value") && text.trim_matches(' ') != text {
                    breach(format!("the {what} begins or ends with a space"));
                }
            }
        }
        breaches
    }

    fn tags(self) -> Option<usize> {
        match self {
            Self::Reference2022 | Self::OpenTelekomCloud => Some(10),
            Self::Live => Some(20),
            Self::EuWest0 => None,
        }
    }

    fn lengths(self) -> (usize, usize) {
        match self {
            Self::Reference2022 | Self::EuWest0 | Self::OpenTelekomCloud => (36, 43),
            Self::Live => (128, 255),
        }
    }

    fn allows(self, character: char, value: bool) -> bool {
        let word = character.is_ascii_alphanumeric() || matches!(character, '\u{4E00}'..='\u{9FFF}' | '_' | '-');
        match self {
            Self::Reference2022 => word || (value && character == '.'),
            Self::OpenTelekomCloud => character.is_ascii() && (word || (value && character == '.')),
            Self::Live => word || matches!(character, ' ' | '.' | ':' | '+' | '@') || (value && character == '/'),
            Self::EuWest0 => !matches!(character, '=' | '*' | '<' | '>' | '\\' | ',' | '|' | '/'),
        }
    }
}
