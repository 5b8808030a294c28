//! A result in the form that was asked for.

use clap::builder::styling::Style;
use comfy_table::{ContentArrangement, Table, presets};
use serde_json::Value;

use super::Stream;
use super::stop::Stop;
use crate::error::text::{escape, is_hidden};

/// The form of a result.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Form {
    Json,
    Table,
    Yaml,
    Tsv,
}

/// How a result is printed.
#[derive(Clone, Copy)]
pub(crate) struct Layout {
    pub(crate) form: Form,
    /// Whether TSV begins with the names of its columns.
    pub(crate) header: bool,
    /// The columns of the document's lists by name, the answer itself without a name; others follow as they come.
    pub(crate) lists: &'static [(&'static str, &'static [&'static str])],
}

impl Layout {
    fn columns(self, list: &str) -> &'static [&'static str] {
        self.lists.iter().find(|(name, _)| *name == list).map_or(&[], |(_, columns)| columns)
    }
}

/// Prints a result; `raw` is what the service sent, if the value is all of it.
pub(crate) fn print(value: &Value, raw: Option<&[u8]>, layout: Layout, output: &mut Stream<'_>) -> Result<(), Stop> {
    let form = layout.form;
    let text = match (form, raw) {
        (Form::Json, Some(raw)) if !output.terminal => {
            output.to.write_all(raw.trim_ascii_end())?;
            "\n".to_owned()
        }
        (Form::Json, _) => json(value, output.terminal) + "\n",
        (Form::Yaml, _) => {
            let text = serde_yaml::to_string(value).map_err(|error| Stop::Output(std::io::Error::other(error)))?;
            shown(text, output.terminal)
        }
        (Form::Table, _) => table(value, layout, output.color),
        (Form::Tsv, _) => tsv(value, layout),
    };
    Ok(output.to.write_all(text.as_bytes())?)
}

/// JSON, pretty for people, who are also spared what steers a terminal.
pub(crate) fn json(value: &Value, pretty: bool) -> String {
    if !pretty {
        return value.to_string();
    }
    let mut text = String::new();
    for c in format!("{value:#}").chars() {
        if c == '\n' || !is_hidden(c) {
            text.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            text.push_str(&format!("\\u{unit:04x}"));
        }
    }
    text
}

/// Programs get the text as it is, people without what steers a terminal.
fn shown(text: String, terminal: bool) -> String {
    if !terminal {
        return text;
    }
    let escaped = |c: char| -> String {
        if c != '\n' && c != '\t' && is_hidden(c) { format!("\\u{{{:x}}}", u32::from(c)) } else { c.to_string() }
    };
    text.chars().map(escaped).collect()
}

/// The single values of an object as two columns, then each of its lists with a column for each member of its items.
fn table(value: &Value, layout: Layout, color: bool) -> String {
    let Value::Object(members) = value else { return grid(value, "value", layout.columns(""), color) };
    let (lists, singles): (Vec<_>, Vec<_>) = members.iter().partition(|(_, member)| member.is_array());
    let mut parts = Vec::new();
    if !singles.is_empty() {
        let rows = singles.into_iter().map(|(name, value)| vec![escape(name, 200), cell(value)]);
        parts.push(drawn(vec!["name".to_owned(), "value".to_owned()], rows.collect(), color));
    }
    parts.extend(lists.into_iter().map(|(name, list)| grid(list, name, layout.columns(name), color)));
    parts.join("\n")
}

fn grid(list: &Value, name: &str, known: &[&str], color: bool) -> String {
    let columns = columns(list, known);
    let rows = items(list).into_iter().map(|item| cells(item, &columns).iter().map(cell).collect()).collect();
    drawn(heads(columns, name), rows, color)
}

fn drawn(columns: Vec<String>, rows: Vec<Vec<String>>, color: bool) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(columns.into_iter().map(|column| column.to_uppercase()));
    rows.into_iter().for_each(|row| {
        table.add_row(row);
    });
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

/// The rows of the list, or of the value itself, parted by tabs; what steers a terminal or parts cells is escaped.
fn tsv(value: &Value, layout: Layout) -> String {
    let (name, list) = match value {
        Value::Object(members) => members
            .iter()
            .find(|(_, member)| member.is_array())
            .map_or(("value", value), |(name, list)| (&**name, list)),
        Value::Array(_) => ("", value),
        other => ("value", other),
    };
    let columns = columns(list, layout.columns(name));
    let escaped = |cell: String| {
        let mut text = String::new();
        for c in cell.chars() {
            match c {
                '\\' => text.push_str("\\\\"),
                '\t' => text.push_str("\\t"),
                '\n' => text.push_str("\\n"),
                '\r' => text.push_str("\\r"),
                c if is_hidden(c) => text.push_str(&format!("\\u{{{:x}}}", u32::from(c))),
                c => text.push(c),
            }
        }
        text
    };
    let line = |row: Vec<String>| row.into_iter().map(escaped).collect::<Vec<_>>().join("\t") + "\n";
    let items = if list.is_null() { Vec::new() } else { items(list) };
    let rows: Vec<String> =
        items.into_iter().map(|item| line(cells(item, &columns).iter().map(plain).collect())).collect();
    let head =
        if layout.header { line(heads(columns, if name.is_empty() { "value" } else { name })) } else { String::new() };
    head + &rows.concat()
}

fn heads(columns: Option<Vec<String>>, name: &str) -> Vec<String> {
    columns.unwrap_or_else(|| vec![name.to_owned()]).iter().map(|name| escape(name, 200)).collect()
}

fn items(list: &Value) -> Vec<&Value> {
    list.as_array().map_or_else(|| vec![list], |items| items.iter().collect())
}

/// The columns that the document knows, so that the order never depends on what came, then those of the items.
fn columns(list: &Value, known: &[&str]) -> Option<Vec<String>> {
    let mut columns: Vec<String> = known.iter().map(|name| (*name).to_owned()).collect();
    for item in items(list) {
        for name in item.as_object()?.keys().filter(|name| !known.contains(&name.as_str())) {
            if !columns.contains(name) {
                columns.push(name.clone());
            }
        }
    }
    (!columns.is_empty()).then_some(columns)
}

fn cells(item: &Value, columns: &Option<Vec<String>>) -> Vec<Value> {
    match columns {
        None => item.as_array().cloned().unwrap_or_else(|| vec![item.clone()]),
        Some(columns) => columns.iter().map(|name| item.get(name).cloned().unwrap_or_default()).collect(),
    }
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
