//! The language of helps: English or Chinese, by `--lang` or the locale.

use super::model::Text;
use crate::Surroundings;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Language {
    English,
    Chinese,
}

impl Language {
    /// `--lang` among the arguments, else the locale's variables by their precedence. It is needed before the arguments
    /// are parsed, since what explains them depends on it; a value that is neither is refused with the others.
    pub(crate) fn of(args: &[String], surroundings: &Surroundings) -> Self {
        let mut words = args.iter().take_while(|word| *word != "--");
        let mut asked = None;
        while let Some(word) = words.next() {
            if word == "--lang" {
                asked = words.next().cloned();
            } else if let Some(value) = word.strip_prefix("--lang=") {
                asked = Some(value.to_owned());
            }
        }
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
            .iter()
            .find_map(|name| surroundings.variable(name).ok().flatten())
            .map(|value| value.to_string());
        match asked.or(locale) {
            Some(language) if language.to_ascii_lowercase().starts_with("zh") => Self::Chinese,
            _ => Self::English,
        }
    }

    /// Of two texts the one in this language.
    pub(crate) fn pick(self, english: &'static str, chinese: &'static str) -> &'static str {
        match self {
            Self::Chinese if !chinese.is_empty() => chinese,
            Self::English if !english.is_empty() => english,
            _ if english.is_empty() => chinese,
            _ => english,
        }
    }

    pub(crate) fn text(self, text: Text) -> &'static str {
        self.pick(text.english, text.chinese)
    }
}
