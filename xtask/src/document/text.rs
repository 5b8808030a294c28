//! Bilingual descriptions: English first, then Chinese. This is the one place that says where the Chinese begins.

/// A description in its languages.
#[derive(Debug, Default, Clone, PartialEq, Eq, Hash)]
pub struct Text {
    /// The English, or all of a text that isn't in both languages.
    pub english: String,
    /// The Chinese; empty if there is none.
    pub chinese: String,
}

impl Text {
    /// A text as the document has it.
    #[must_use]
    pub fn of(text: &str) -> Self {
        split(text).map_or_else(
            || Self { english: text.trim().to_owned(), chinese: String::new() },
            |(english, chinese)| Self { english: english.to_owned(), chinese: chinese.to_owned() },
        )
    }

    /// Whether nothing is said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.english.is_empty() && self.chinese.is_empty()
    }
}

/// Splits a description into English and Chinese.
///
/// The Chinese begins at the first paragraph that holds a Han character and, within that paragraph, at its first
/// sentence that does, so both `Image ID. 镜像ID。` and two paragraphs work. `None` if either part is missing.
#[must_use]
pub fn split(text: &str) -> Option<(&str, &str)> {
    let han = text.find(|c| matches!(c, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{323af}'))?;
    let paragraph = text[..han].rfind("\n\n").map_or(0, |end| end + 2);
    let sentence = text[paragraph..han].rfind(". ").map_or(paragraph, |end| paragraph + end + 2);
    let (english, chinese) = (text[..sentence].trim(), text[sentence..].trim());
    (!english.is_empty()).then_some((english, chinese))
}
