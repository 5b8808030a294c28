//! The language of what the command says: English or Chinese, by `--lang` or the locale.

use super::model::Text;
use crate::Environment;

/// A [`Text`] of two format strings.
macro_rules! said {
    ($english:literal, $chinese:literal $(,)?) => {
        $crate::cli::model::Text(format!($english), format!($chinese))
    };
}
pub(crate) use said;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Language {
    English,
    Chinese,
}

impl Language {
    /// `--lang` among the arguments, else the locale's variables by their precedence. It is needed before the arguments
    /// are parsed, since what explains them depends on it; a value that is neither is refused with the others.
    pub(crate) fn of(words: &[String], environment: &Environment) -> Self {
        let asked = words.iter().enumerate().rev().find_map(|(at, word)| match word.strip_prefix("--lang")? {
            "" => words.get(at + 1).map(String::as_str),
            value => value.strip_prefix('='),
        });
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
            .iter()
            .find_map(|name| environment.variable(name).ok().flatten())
            .map(|value| value.to_string());
        let language = asked.map(str::to_owned).or(locale).unwrap_or_default();
        if language.to_ascii_lowercase().starts_with("zh") { Self::Chinese } else { Self::English }
    }

    /// Of two texts the one in this language.
    pub(crate) fn pick<'a>(self, english: &'a str, chinese: &'a str) -> &'a str {
        match self {
            Self::Chinese if !chinese.is_empty() => chinese,
            Self::English if english.is_empty() => chinese,
            _ => english,
        }
    }
}

/// A text filled up to so many columns of a terminal; Han characters take two.
pub(crate) fn padded(text: &str, columns: usize) -> String {
    let taken: usize = text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
    format!("{text}{:rest$}", "", rest = columns.saturating_sub(taken))
}

/// Whoever says something needs not know which language is wanted.
impl Text {
    /// Words that are the same in both: the library's own reasons are English.
    pub(crate) fn same(words: impl ToString) -> Self {
        Self(words.to_string(), words.to_string())
    }

    pub(crate) fn pick(&self, language: Language) -> &str {
        language.pick(&self.0, &self.1)
    }

    /// With more words behind these.
    pub(crate) fn and(self, Self(english, chinese): Self) -> Self {
        Self(self.0 + &english, self.1 + &chinese)
    }

    /// With the value that may have been meant, and how to send this one where others than the document's may be right.
    pub(crate) fn hinting(self, nearest: Option<&str>, escape: bool) -> Self {
        let near = nearest.map(|nearest| said!("; did you mean {nearest}?", "；是否想输入 {nearest}？"));
        let sent = escape.then(|| said!(" (--allow-unknown sends it as it is)", "（--allow-unknown 可照原样发送）"));
        near.into_iter().chain(sent).fold(self, Self::and)
    }
}

/// What a parser of clap's refuses with: shown in English by clap itself, in Chinese by `refusal`.
impl std::error::Error for Text {}

impl std::fmt::Display for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// A line that clap doesn't break, so that it can be copied; [`rejoined`] puts its spaces back.
pub(crate) fn unbroken(line: &str) -> String {
    line.replace(' ', "\u{a0}")
}

/// A help as it is printed.
pub(crate) fn rejoined(help: &str) -> String {
    help.replace('\u{a0}', " ")
}
