//! Documentation of generated items: from the document, in both languages, with an example that compiles.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use syn::parse::Parser as _;
use syn::visit_mut::VisitMut;
use syn::{Attribute, Lit, Meta};

use crate::document::{Document, Operation, Parameter, Text};

/// What the method of an operation says.
pub(super) fn operation(document: &Document, operation: &Operation) -> String {
    let mut docs = paragraphs(&operation.summary);
    if operation.description != operation.summary {
        docs += &paragraphs(&operation.description);
    }
    let _ = write!(docs, "`{} {}`, ", operation.method.to_uppercase(), operation.path);
    docs.push_str(if operation.idempotent {
        "idempotent: repeated where an answer was lost"
    } else {
        "not idempotent: repeated only if it was never sent"
    });
    if !operation.permissions.is_empty() {
        let names: Vec<String> = operation.permissions.iter().map(|name| format!("`{name}`")).collect();
        let _ = write!(docs, "; needs the permission {}", names.join(" and "));
    }
    if operation.security.is_empty() {
        docs.push_str("; needs no credentials");
    }
    docs.push_str(".\n\n");
    if !operation.page.is_empty() {
        let _ = writeln!(docs, "- [The service's page]({})", operation.page);
    }
    if let Some((text, url)) = &operation.link {
        let _ = writeln!(docs, "- [{}]({url})", one_line(text));
    }
    let rows = operation.errors();
    if !rows.is_empty() {
        docs.push_str(
            "\n# Errors\nThe error table of the page; see [`Error`](crate::Error) for all that can go wrong.\n\n",
        );
        docs.push_str("| status | kind | meaning | 说明 |\n|---|---|---|---|\n");
        for row in &rows {
            let (english, chinese) = (one_line(&row.text.english), one_line(&row.text.chinese));
            let (status, reason, kind) = (row.status, &row.reason, &row.names.pascal);
            let _ =
                writeln!(docs, "| {status} {reason} | [`{kind}`](crate::ErrorKind::{kind}) | {english} | {chinese} |");
        }
    }
    if let Some(call) = super::example::call(document, operation) {
        docs.push_str("\n# Examples\n```no_run\n");
        docs.push_str("# async fn example(client: &ims_api::Client) -> Result<(), Box<dyn std::error::Error>> {\n");
        if call.contains("types::") {
            docs.push_str("use ims_api::types;\n\n");
        }
        let _ = writeln!(docs, "{call}");
        docs.push_str("println!(\"{}: {:?}\", answer.status(), answer.into_inner());\n# Ok(())\n# }\n```\n");
    }
    docs
}

/// What `send` says.
pub(super) fn send(operation: &Operation) -> String {
    let answer = operation.answer().map(|answer| one_line(&answer.description)).unwrap_or_default();
    let end = if answer.ends_with(['.', '。']) { "" } else { "." };
    format!(
        "Sends `{} {}`{}{end}\n\n# Errors\nAn argument that is missing or refused, or anything [`Error`](crate::Error) names.",
        operation.method.to_uppercase(),
        operation.path,
        if answer.is_empty() { String::new() } else { format!(" and answers: {answer}") }
    )
}

/// What a parameter's setter says.
pub(super) fn parameter(parameter: &Parameter) -> String {
    let mut docs = paragraphs(&parameter.text);
    if docs.is_empty() {
        docs = format!("`{}`.\n\n", parameter.name);
    }
    docs + match (parameter.defaults_to_project, parameter.required) {
        (true, _) => "The client's own project if not given.",
        (false, true) => "Mandatory.",
        (false, false) => "Optional.",
    }
}

/// What the setter of a body says.
pub(super) fn body(text: &Text) -> String {
    "The request body.\n\n".to_owned() + &paragraphs(text)
}

fn paragraphs(text: &Text) -> String {
    let said = [&text.english, &text.chinese].into_iter().filter(|part| !part.is_empty());
    said.map(|part| format!("{part}\n\n")).collect()
}

/// `#[deprecated]`, with the sentence that says so.
pub(super) fn deprecated(text: &Text) -> TokenStream {
    let says_so = |part: &&str| part.to_ascii_lowercase().contains("deprecated");
    let note = one_line(&text.english);
    let note = note.split_inclusive(". ").find(says_so).unwrap_or("The service has deprecated it.").trim();
    quote!(#[deprecated = #note])
}

pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether an item has documentation.
pub(super) fn has(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| attribute.path().is_ident("doc"))
}

/// `#[doc = "…"]`, one a line as a person would write it; otherwise printing makes block comments of them.
pub(super) fn doc(text: &str) -> TokenStream {
    let lines = text.trim_end().lines().map(|line| {
        let line = literal(&if line.is_empty() { String::new() } else { format!(" {}", line.trim_end()) });
        quote!(#[doc = #line])
    });
    lines.collect()
}

/// A line as a literal; one that needs no escape as it stands: whether each of its characters can be printed isn't asked.
fn literal(line: &str) -> Literal {
    let plain = !line.contains(|c: char| c == '"' || c == '\\' || c.is_control());
    let written = plain.then(|| format!("\"{line}\"").parse().ok()).flatten();
    written.unwrap_or_else(|| Literal::string(line))
}

/// The same as attributes of an item.
pub(super) fn lines(text: &str) -> Vec<Attribute> {
    Attribute::parse_outer.parse2(doc(text)).unwrap_or_default()
}

/// The documentation of typify's items, one attribute a line.
pub(super) fn one_line_each(items: &mut [syn::Item]) {
    struct Lines;
    impl VisitMut for Lines {
        fn visit_attributes_mut(&mut self, attributes: &mut Vec<Attribute>) {
            let split = std::mem::take(attributes).into_iter().flat_map(|attribute| match doc_text(&attribute) {
                // What was written a line at a time has its space already.
                Some(text) if !text.starts_with(' ') || text.contains('\n') => lines(&text),
                _ => vec![attribute],
            });
            *attributes = split.collect();
        }
    }
    items.iter_mut().for_each(|item| Lines.visit_item_mut(item));
}

fn doc_text(attribute: &Attribute) -> Option<String> {
    let Meta::NameValue(meta) = &attribute.meta else { return None };
    match &meta.value {
        syn::Expr::Lit(syn::ExprLit { lit: Lit::Str(text), .. }) if meta.path.is_ident("doc") => Some(text.value()),
        _ => None,
    }
}

/// Which operation does what, by the document's groups, for the page of the crate.
pub(super) fn by_group(document: &Document) -> String {
    let mut groups: BTreeMap<&str, String> = BTreeMap::new();
    for operation in super::in_order(document) {
        let (name, method) = (operation.name(), &operation.names.snake);
        let deprecated = if operation.deprecated { " Deprecated." } else { "" };
        let does = one_line(&operation.summary.english);
        let row = format!("| {does}{deprecated} | [`{method}`](Client::{method}) | {name} |\n");
        let group = operation.tags.first().map_or("Further operations", String::as_str);
        groups.entry(group).or_default().push_str(&row);
    }
    let table = |(group, rows)| format!("\n| {group} | method | operation |\n|---|---|---|\n{rows}");
    groups.into_iter().map(table).collect()
}
