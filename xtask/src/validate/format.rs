//! The string formats that can be decided; any other format accepts every string.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::LazyLock;

use regex_lite::Regex;

/// Formats by their expressions: dates and times as RFC 3339 has them, up to months of 31 days.
static EXPRESSIONS: LazyLock<Vec<(&str, Regex)>> = LazyLock::new(|| {
    const DATE: &str = r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])";
    const TIME: &str = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\.[0-9]+)?";
    const OFFSET: &str = r"(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])";
    let expressions = [
        ("date", DATE.to_owned()),
        ("date-time", format!("{DATE}[Tt]{TIME}{OFFSET}")),
        ("uuid", "[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}".to_owned()),
        ("byte", "(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?".to_owned()),
    ];
    let compiled = expressions.into_iter().filter_map(|(name, of)| Some((name, Regex::new(&format!("^{of}$")).ok()?)));
    compiled.collect()
});

/// Whether `text` has the format called `name`.
pub(super) fn accepts(name: &str, text: &str) -> bool {
    match name {
        "ipv4" => text.parse::<Ipv4Addr>().is_ok(),
        "ipv6" => text.parse::<Ipv6Addr>().is_ok(),
        _ => EXPRESSIONS.iter().all(|(known, expression)| *known != name || expression.is_match(text)),
    }
}
