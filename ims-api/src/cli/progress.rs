//! A bar where a person looks while something goes on.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::Io;

/// The bar of this command, which has one at most; hidden where nobody looks.
pub(crate) fn bar(length: Option<u64>, template: &str, io: &mut Io<'_>) -> ProgressBar {
    let target = std::mem::replace(&mut io.progress, ProgressDrawTarget::hidden());
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::with_draw_target(length, target).with_style(style)
}
