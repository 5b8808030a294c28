//! The official SDKs' regions file. It has one small shape, and a YAML library would double what a user of this
//! crate compiles; so it is read line by line, and whatever isn't that shape is an error that names the line:
//!
//! ```yaml
//! IMS:                      # a service, in any case
//!   - id: 'cn-north-4'
//!     endpoint: 'https://ims.example.com'
//!   - id: cn-north-9
//!     endpoints:
//!       - 'https://ims.example.org'
//! ```

use super::{Endpoint, EndpointError, Region, shown};
use crate::Environment;
use std::path::PathBuf;

const VARIABLE: &str = "HUAWEICLOUD_SDK_REGIONS_FILE";

/// The service's first endpoint in the region, if there is a file and it has one.
pub(super) fn endpoint(
    service: &str,
    region: &Region,
    environment: &Environment,
) -> Result<Option<Endpoint>, EndpointError> {
    let named = environment.variable(VARIABLE).map_err(EndpointError)?;
    let Some(path) =
        named.as_ref().map(|path| PathBuf::from(path.as_str())).or_else(|| environment.in_home("regions.yaml"))
    else {
        return Ok(None);
    };
    let place = path.display();
    let text = match environment.file(&path) {
        Ok(Some(text)) => text,
        Ok(None) if named.is_none() => return Ok(None),
        Ok(None) => {
            return Err(EndpointError(format!("{VARIABLE}: there is no file {place}")));
        }
        Err(error) => return Err(EndpointError(format!("{place}: cannot be read: {error}"))),
    };
    let fault = |line: usize, reason: String| EndpointError(format!("{place}:{line}: {reason}"));
    let entries = parse(&text).map_err(|(line, reason)| fault(line, reason))?;
    let entry = entries.iter().find(|entry| entry.service.eq_ignore_ascii_case(service) && entry.id == region.as_str());
    let Some(entry) = entry else {
        return Ok(None);
    };
    match &entry.endpoint {
        Some(text) => Endpoint::parse(text).map(Some).map_err(|error| fault(entry.line, error.0)),
        None => {
            Err(fault(entry.line, format!("region {} has no endpoint: add `endpoint: 'https://…'`", shown(&entry.id))))
        }
    }
}

#[derive(Default)]
struct Entry {
    service: String,
    id: String,
    endpoint: Option<String>,
    line: usize,
}

fn parse(text: &str) -> Result<Vec<Entry>, (usize, String)> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut service: Option<String> = None;
    // Columns of the entries' hyphens and of the hyphens below `endpoints:`.
    let (mut entry_column, mut in_endpoints) = (None, false);
    for (line, raw) in (1..).zip(text.lines()) {
        let fail = |reason: &str| Err((line, reason.to_owned()));
        let body = without_comment(raw).trim_end();
        let content = body.trim_start_matches(' ');
        if content.is_empty() || (line == 1 && body == "---") {
            continue;
        }
        if content.starts_with('\t') {
            return fail("a tab indents this line: use spaces");
        }
        let column = body.len() - content.len();
        let item = content.strip_prefix("- ").map(str::trim_start);
        let (pair, is_first) = match (item, &service) {
            (None, _) if column == 0 => {
                let Some(name) = content.strip_suffix(':') else {
                    return fail("expected a service such as `IMS:`");
                };
                service = Some(scalar(name).map_err(|reason| (line, reason))?);
                (entry_column, in_endpoints) = (None, false);
                continue;
            }
            (_, None) => return fail("expected a service such as `IMS:` first"),
            (Some(item), Some(service)) if entry_column.is_none_or(|at| at == column) => {
                entry_column = Some(column);
                entries.push(Entry { service: service.clone(), line, ..Entry::default() });
                (item, true)
            }
            (Some(item), _) if in_endpoints && entry_column < Some(column) => {
                let value = scalar(item).map_err(|reason| (line, reason))?;
                if let Some(entry) = entries.last_mut() {
                    entry.endpoint.get_or_insert(value);
                }
                continue;
            }
            (Some(_), _) => return fail("this `-` stands in no list: align it with the one above"),
            (None, _) => (content, false),
        };
        let (Some(entry), Some(at)) = (entries.last_mut(), entry_column) else {
            return fail("expected `- id: …` below the service");
        };
        if !is_first && column <= at {
            return fail("indent this line below the `-` of its region");
        }
        let Some((key, value)) = pair.split_once(':') else {
            return fail("expected `id: …`, `endpoint: …` or `endpoints:`");
        };
        in_endpoints = false;
        match (key.trim_end(), value.trim()) {
            ("id", value) => entry.id = scalar(value).map_err(|reason| (line, reason))?,
            ("endpoint", value) => {
                entry.endpoint = Some(scalar(value).map_err(|reason| (line, reason))?);
            }
            ("endpoints", "") => in_endpoints = true,
            ("endpoints", _) => return fail("write the endpoints below, each after a `-`"),
            _ => return fail("unknown key: expected `id`, `endpoint` or `endpoints`"),
        }
    }
    Ok(entries)
}

/// A `#` starts a comment at the start of a line or after a space; no id or endpoint has a space.
fn without_comment(line: &str) -> &str {
    let comment = line.char_indices().find(|&(at, c)| c == '#' && (at == 0 || line[..at].ends_with([' ', '\t'])));
    comment.map_or(line, |(at, _)| &line[..at])
}

fn scalar(text: &str) -> Result<String, String> {
    let quote = text.chars().next().filter(|c| matches!(c, '\'' | '"'));
    let inner = match quote {
        Some(quote) => {
            text.get(1..).and_then(|rest| rest.strip_suffix(quote)).ok_or("a quote is not closed on this line")?
        }
        None => text,
    };
    let plain = !inner.is_empty()
        && !inner.contains(['\'', '"', '\\', ' ', '\t'])
        && (quote.is_some() || !inner.starts_with(['[', '{', '&', '*', '!', '|', '>', '%', '@', '`']));
    if plain { Ok(inner.to_owned()) } else { Err("expected one word, plain or in quotes".to_owned()) }
}
