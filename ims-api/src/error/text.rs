//! Text of others made fit to show: credentials masked, control and bidirectional characters escaped, length bounded.

use reqwest::header::HeaderValue;
use std::fmt::Write;

/// A fragment of a secret this long at the end of a cut text is masked, too.
const FRAGMENT: usize = 4;

/// The secrets a call has sent, which no kept text may show.
#[derive(Clone, Default)]
pub(crate) struct Mask(Vec<HeaderValue>);

impl Mask {
    /// Hides these values from now on.
    pub(crate) fn hide_all(&mut self, secrets: impl IntoIterator<Item = Option<HeaderValue>>) {
        for secret in secrets.into_iter().flatten() {
            if !secret.is_empty() && !self.0.contains(&secret) {
                self.0.push(secret);
            }
        }
    }

    fn secrets(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|value| std::str::from_utf8(value.as_bytes()).ok())
    }

    /// The text, masked and escaped, of at most `limit` characters.
    pub(crate) fn show(&self, text: &str, limit: usize) -> String {
        escape(&self.apply(text), limit)
    }

    /// The text without the secrets; also without the beginning of one that the text's end cuts off.
    pub(crate) fn apply(&self, text: &str) -> String {
        let mut masked = text.to_owned();
        for secret in self.secrets() {
            for form in forms(secret) {
                if masked.contains(&form) {
                    masked = masked.replace(&form, "***");
                }
            }
            let bytes = secret.as_bytes();
            let cut = (FRAGMENT..bytes.len()).rev().find(|length| masked.as_bytes().ends_with(&bytes[..*length]));
            if let Some(length) = cut {
                // The fragment is ASCII, so this is a character boundary.
                masked.truncate(masked.len() - length);
                masked.push_str("***");
            }
        }
        masked
    }
}

impl std::fmt::Debug for Mask {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Mask")
    }
}

/// How a server may write a secret back: as it is, as a JSON string, percent-encoded.
fn forms(secret: &str) -> Vec<String> {
    let mut forms = vec![secret.to_owned()];
    for other in [
        secret.replace('/', "\\/"),
        secret.replace('\\', "\\\\").replace('"', "\\\""),
        crate::path::encode(secret).to_string(),
    ] {
        if !forms.contains(&other) {
            forms.push(other);
        }
    }
    forms
}

/// One line that no terminal takes for a command; longer text ends in `…`.
pub(crate) fn escape(text: &str, limit: usize) -> String {
    let mut shown = String::with_capacity(text.len().min(limit));
    for (at, c) in text.trim().chars().enumerate() {
        if at == limit {
            shown.push('…');
            break;
        }
        if matches!(c, '\n' | '\r' | '\t') {
            shown.push(' ');
        } else if is_hidden(c) {
            // Writing to a string cannot fail.
            let _ = write!(shown, "\\u{{{:x}}}", u32::from(c));
        } else {
            shown.push(c);
        }
    }
    shown
}

/// Characters that move the cursor, reorder or hide text.
pub(crate) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_hidden_in_every_form_and_when_cut() {
        let mut mask = Mask::default();
        mask.hide_all([Some(HeaderValue::from_static("s3/cr+et\"=="))]);
        for (text, shown) in [
            ("token s3/cr+et\"== refused", "token *** refused"),
            (r#"token s3\/cr+et"== refused"#, "token *** refused"),
            (r#"token s3/cr+et\"== refused"#, "token *** refused"),
            ("token s3%2Fcr%2Bet%22%3D%3D refused", "token *** refused"),
            ("token s3/cr+e", "token ***"),
            ("token s3/", "token s3/"),
        ] {
            assert_eq!(mask.show(text, 100), shown);
        }
    }

    #[test]
    fn what_steers_a_terminal_is_escaped() {
        for (text, shown) in [
            ("a\u{1b}[31mb", "a\\u{1b}[31mb"),
            ("a\u{202e}b", "a\\u{202e}b"),
            ("a\r\nb", "a  b"),
            ("镜像不存在", "镜像不存在"),
            ("abcdef", "abcd…"),
        ] {
            assert_eq!(escape(text, if shown.ends_with('…') { 4 } else { 40 }), shown);
        }
    }
}
