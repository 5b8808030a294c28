//! Text of others made fit to show: credentials masked, control and bidirectional characters escaped, length bounded.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use reqwest::header::HeaderValue;
use std::fmt::Write;

pub(crate) const MESSAGE_LIMIT: usize = 2000;
pub(crate) const EXCERPT_LIMIT: usize = 500;
pub(crate) const REQUEST_ID_LIMIT: usize = 128;
/// A shorter secret also stands in texts that don't hold it: `t` is in `type`. None that is worth hiding is as short.
const SHORTEST: usize = 8;
/// A fragment of a secret this long at the end of a cut text is masked, too.
const FRAGMENT: usize = 4;

/// The secrets a call has sent, which no kept text may show.
#[derive(Clone, Default)]
pub(crate) struct Mask(Vec<HeaderValue>);

impl Mask {
    /// Hides these values from now on.
    pub(crate) fn hide_all(&mut self, secrets: impl IntoIterator<Item = Option<HeaderValue>>) {
        for secret in secrets.into_iter().flatten() {
            if secret.len() >= SHORTEST && !self.0.contains(&secret) {
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
            let bytes = secret.as_bytes();
            // No form is shorter than the secret itself, and most texts are: a token has thousands of bytes.
            if masked.len() >= bytes.len() {
                for form in forms(secret) {
                    if masked.contains(&form) {
                        masked = masked.replace(&form, "***");
                    }
                }
                for form in encoded_forms(secret) {
                    masked = without_runs(masked, &form);
                }
            }
            let longest = bytes.len().min(masked.len() + 1);
            let cut = (FRAGMENT..longest).rev().find(|length| masked.as_bytes().ends_with(&bytes[..*length]));
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

/// How a server may write a secret back: as it is, as a JSON string, percent-encoded. Base64 is searched for besides; what
/// is encoded twice, hexadecimal, or broken into lines inside the encoding, is not found.
fn forms(secret: &str) -> Vec<String> {
    let mut forms = vec![secret.to_owned()];
    for other in [
        secret.replace('/', "\\/"),
        secret.replace('\\', "\\\\").replace('"', "\\\""),
        crate::path::encode(secret).into_owned(),
    ] {
        if !forms.contains(&other) {
            forms.push(other);
        }
    }
    forms
}

/// What base64 and base64url make of a secret that stands anywhere in what was encoded: three bytes become four
/// characters, so there are three ways to fall into them, each without the characters that its neighbours share.
fn encoded_forms(secret: &str) -> Vec<String> {
    let mut forms = Vec::new();
    for before in 0..3 {
        let bytes = [&[0; 2][..before], secret.as_bytes()].concat();
        let whole = (bytes.len() * 8).div_euclid(6);
        let first = [0, 2, 3][before];
        for engine in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
            let encoded = engine.encode(&bytes);
            let form = encoded.get(first..whole).unwrap_or_default().to_owned();
            if !form.is_empty() && !forms.contains(&form) {
                forms.push(form);
            }
        }
    }
    forms
}

/// Masks each run of base64 that holds the form: what stands around it shares characters with the secret.
fn without_runs(text: String, form: &str) -> String {
    let of_run = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '-' | '_');
    let mut rest = text.as_str();
    let mut masked = String::new();
    while let Some(at) = rest.find(form) {
        let before = rest[..at].chars().rev().take_while(of_run).count();
        let after = rest[at + form.len()..].chars().take_while(|c| of_run(c) || *c == '=').count();
        masked.push_str(&rest[..at - before]);
        masked.push_str("***");
        rest = &rest[at + form.len() + after..];
    }
    if masked.is_empty() { text } else { masked + rest }
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
mod tests;
