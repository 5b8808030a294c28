//! A result in the form that was asked for.

use std::io;

use clap::builder::styling::Style;
use comfy_table::{ContentArrangement, Table, presets};
use serde::Serialize;
use serde_json::Value;

use super::query::queried;
use super::settings::{Form, Settings};
use super::stop::Stop;
use super::{Io, Stream};
use crate::error::text::{escape, is_hidden};

/// The lists of an answer by name, the answer itself without a name, each with the columns that the document knows.
pub(crate) type Lists<'a> = &'a [(String, Vec<String>)];

impl Settings {
    /// Prints a value of the crate's.
    pub(crate) fn print_typed(&self, value: &impl Serialize, lists: Lists<'_>, io: &mut Io<'_>) -> Result<(), Stop> {
        self.print(&serde_json::to_value(value).map_err(io::Error::from)?, None, lists, io)
    }

    /// Prints a value in the form that was asked for; `raw` is what the service sent, if the value is all of it.
    pub(crate) fn print(
        &self,
        value: &Value,
        raw: Option<&[u8]>,
        lists: Lists<'_>,
        io: &mut Io<'_>,
    ) -> Result<(), Stop> {
        let found = self.query.as_ref().map(|query| queried(query, value)).transpose()?;
        // What a query makes of the answer has no columns of the document's.
        let (value, raw, lists) = found.as_ref().map_or((value, raw, lists), |found| (found, None, &[]));
        let Stream { to, terminal, color } = &mut io.output;
        let text = match (self.form.unwrap_or(Form::Json), raw) {
            (Form::Json, Some(raw)) if !*terminal => {
                to.write_all(raw.trim_ascii_end())?;
                "\n".to_owned()
            }
            (Form::Json, _) => json(value, *terminal) + "\n",
            (Form::Yaml, _) => {
                let text = serde_yaml::to_string(value).map_err(io::Error::other)?;
                // Programs get the text as it is, people without what steers a terminal.
                let steers = |c: char| *terminal && c != '\n' && c != '\t' && is_hidden(c);
                escaped(&text, steers, |c| c.escape_unicode().to_string())
            }
            (Form::Table, _) => table(value, lists, *color),
            (Form::Tsv, _) => tsv(value, lists, self.header),
        };
        Ok(to.write_all(text.as_bytes())?)
    }
}

/// JSON, pretty for people, who are also spared what steers a terminal.
pub(crate) fn json(value: &Value, pretty: bool) -> String {
    if !pretty {
        return value.to_string();
    }
    let code = |c: char| c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect();
    escaped(&format!("{value:#}"), |c| c != '\n' && is_hidden(c), code)
}

/// The text with a code in place of some characters.
fn escaped(text: &str, which: impl Fn(char) -> bool, code: impl Fn(char) -> String) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if which(c) {
            escaped.push_str(&code(c));
        } else {
            escaped.push(c);
        }
    }
    escaped
}

/// The single values of an object as two columns, then each of its lists with a column for each member of its items.
fn table(value: &Value, lists: Lists<'_>, color: bool) -> String {
    let Value::Object(members) = value else { return drawn(grid(value, None, lists), color) };
    let (inside, singles): (Vec<_>, Vec<_>) = members.iter().partition(|(_, member)| member.is_array());
    let singles = singles.into_iter().map(|(name, value)| vec![escape(name, 200).into(), value.clone()]);
    let singles = (["name", "value"].map(str::to_owned).into(), singles.collect());
    let inside = inside.into_iter().map(|(name, list)| grid(list, Some(name), lists));
    let grids = [singles].into_iter().filter(|(_, rows): &Grid| !rows.is_empty()).chain(inside);
    grids.map(|grid| drawn(grid, color)).collect::<Vec<_>>().join("\n")
}

fn drawn((heads, rows): Grid, color: bool) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    table
        .set_header(heads.into_iter().map(|head| head.to_uppercase()))
        .add_rows(rows.iter().map(|row| row.iter().map(cell)));
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    let mut text = String::new();
    for (at, line) in table.lines().enumerate() {
        let line = line.trim_end();
        let style = if color && at == 0 { Style::new().bold() } else { Style::new() };
        text.push_str(&format!("{style}{line}{style:#}\n"));
    }
    text
}

/// The rows of the first list, or of the value itself, parted by tabs; what steers a terminal or parts cells is escaped.
fn tsv(value: &Value, lists: Lists<'_>, header: bool) -> String {
    let list = value.as_object().and_then(|members| members.iter().find(|(_, member)| member.is_array()));
    let (name, list) = list.map_or((None, value), |(name, list)| (Some(name.as_str()), list));
    let (heads, rows) = grid(list, name, lists);
    let code = |c: char| match c {
        '\\' | '\t' | '\n' | '\r' => c.escape_default().to_string(),
        _ => c.escape_unicode().to_string(),
    };
    let line = |row: Vec<String>| {
        let cells = row.iter().map(|cell| escaped(cell, |c| c == '\\' || is_hidden(c), code));
        cells.collect::<Vec<_>>().join("\t") + "\n"
    };
    let head = header.then_some(heads);
    let rows = rows.iter().filter(|_| !list.is_null()).map(|row| row.iter().map(plain).collect());
    head.into_iter().chain(rows).map(line).collect()
}

/// The heads of columns, and rows of cells.
type Grid = (Vec<String>, Vec<Vec<Value>>);

/// A list, or a value as a list of one. The columns are those that the document knows, so that their order never depends
/// on what came, then those of the items.
fn grid(list: &Value, name: Option<&str>, lists: Lists<'_>) -> Grid {
    let items: Vec<&Value> = list.as_array().map_or_else(|| vec![list], |items| items.iter().collect());
    let known = lists.iter().find(|(list, _)| list == name.unwrap_or_default());
    let mut columns = known.map(|(_, columns)| columns.clone()).unwrap_or_default();
    for name in items.iter().filter_map(|item| item.as_object()).flat_map(|item| item.keys()) {
        if !columns.contains(name) {
            columns.push(name.clone());
        }
    }
    if columns.is_empty() || !items.iter().all(|item| item.is_object()) {
        let row = |item: &Value| item.as_array().cloned().unwrap_or_else(|| vec![item.clone()]);
        return (vec![escape(name.unwrap_or("value"), 200)], items.into_iter().map(row).collect());
    }
    let row = |item: &Value| columns.iter().map(|name| item.get(name).cloned().unwrap_or_default()).collect();
    let rows = items.into_iter().map(row).collect();
    (columns.iter().map(|name| escape(name, 200)).collect(), rows)
}

/// What lies in a cell is folded: a table is for looking.
fn cell(value: &Value) -> String {
    let nested = value.is_object() || value.as_array().is_some_and(|items| !items.iter().all(Value::is_string));
    escape(&plain(value), if nested { 40 } else { 1000 })
}

/// A string as it is, nothing for null, a list of strings with commas, anything else as JSON.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) if items.iter().all(Value::is_string) => {
            items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(",")
        }
        other => other.to_string(),
    }
}
