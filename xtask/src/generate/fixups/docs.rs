//! Documentation of generated items: from the document, in both languages, with an example that compiles.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use proc_macro2::Span;
use quote::format_ident;
use syn::visit_mut::VisitMut;
use syn::{AttrStyle, Attribute, Ident, Lit, LitStr, Meta, MetaNameValue};

use super::{Context, in_items, inherent, methods, module};
use crate::generate::model::{Field, Operation, Text};
use crate::generate::operations::one_line;

pub(super) fn operations(file: &mut syn::File, context: &Context<'_>) -> usize {
    let mut count = 0;
    let by_method: HashMap<&str, &Operation> =
        context.model.operations.iter().map(|operation| (operation.snake(), operation)).collect();
    for (_, block) in inherent(&mut file.items).filter(|(name, _)| name == "Client") {
        for item in methods(block) {
            if let Some(operation) = by_method.get(item.sig.ident.to_string().as_str()) {
                document(&mut item.attrs, &operation_docs(operation));
                count += 1;
            }
        }
    }
    if let Some(items) = module(file, "builder") {
        for item in items.iter_mut() {
            if let syn::Item::Struct(item) = item
                && let Some(operation) = context.model.built_by(&item.ident.to_string())
            {
                let method = operation.snake();
                let text = format!(
                    "Arguments of [`Client::{method}`](super::Client::{method}), sent by [`send`](Self::send)."
                );
                document(&mut item.attrs, &text);
                count += 1;
            }
        }
        for (name, block) in inherent(items) {
            let Some(operation) = context.model.built_by(&name) else {
                continue;
            };
            for item in methods(block) {
                let name = item.sig.ident.to_string();
                let docs = match name.as_str() {
                    "new" => continue,
                    "send" => send_docs(operation),
                    "body" if operation.body => {
                        let mut docs = "The request body.\n\n".to_owned();
                        paragraphs(&mut docs, &operation.body_text);
                        docs
                    }
                    "body_map" if operation.body => "Changes the request body through its builder.".to_owned(),
                    _ => match operation.parameters.iter().find(|field| field.snake() == name) {
                        Some(field) => field_docs(field),
                        None => continue,
                    },
                };
                document(&mut item.attrs, &docs);
                count += usize::from(name != "send");
            }
        }
    }
    count
}

fn operation_docs(operation: &Operation) -> String {
    let mut docs = String::new();
    paragraphs(&mut docs, &operation.summary);
    if operation.description != operation.summary {
        paragraphs(&mut docs, &operation.description);
    }
    let _ = write!(docs, "`{} {}`, ", operation.method, operation.path);
    docs.push_str(if operation.idempotent {
        "idempotent: repeated where an answer was lost"
    } else {
        "not idempotent: repeated only if it was never sent"
    });
    if !operation.permissions.is_empty() {
        let names: Vec<String> = operation.permissions.iter().map(|name| format!("`{name}`")).collect();
        let _ = write!(docs, "; needs the permission {}", names.join(" and "));
    }
    docs.push_str(".\n\n");
    if !operation.page.is_empty() {
        let _ = writeln!(docs, "- [The service's page]({})", operation.page);
    }
    for (text, url) in &operation.links {
        let _ = writeln!(docs, "- [{}]({url})", one_line(text));
    }
    if !operation.rows.is_empty() {
        docs.push_str("\n# Errors\nThe error table of the page; see [`Error`] for all that can go wrong.\n\n");
        docs.push_str("| status | kind | meaning | 说明 |\n|---|---|---|---|\n");
        for row in &operation.rows {
            let (english, chinese) = (one_line(&row.text.english), one_line(&row.text.chinese));
            let kind = row.kind();
            let _ = writeln!(
                docs,
                "| {} {} | [`{kind}`](crate::ErrorKind::{kind}) | {english} | {chinese} |",
                row.status, row.reason
            );
        }
    }
    docs.push_str(&example(operation));
    docs
}

/// The sample request of the page as code.
fn example(operation: &Operation) -> String {
    let Some(sample) = &operation.sample else {
        return String::new();
    };
    let mut code = String::from("\n# Examples\n```no_run\n");
    code.push_str("# async fn example(client: &ims_api::Client) -> Result<(), Box<dyn std::error::Error>> {\n");
    let _ = write!(code, "let answer = client\n    .{}()\n", operation.snake());
    for field in operation.parameters.iter().filter(|field| !field.defaults_to_project) {
        if let Some((_, value)) = sample.values.iter().find(|(name, _)| *name == field.name) {
            let number = field.location != "path" && value.parse::<u32>().is_ok();
            let value = if number { format!("{value}_u32") } else { format!("{value:?}") };
            let _ = writeln!(code, "    .{}({value})", field.snake());
        }
    }
    if let (Some(body), Some(_)) = (&sample.body, &operation.body_schema) {
        let body = serde_json::to_string(body).unwrap_or_default();
        let _ = writeln!(
            code,
            "    .body(serde_json::from_str::<ims_api::types::{}>(r#\"{body}\"#)?)",
            operation.body_type().unwrap_or_default()
        );
    }
    code.push_str("    .send()\n    .await?;\n");
    code.push_str("println!(\"{}: {:?}\", answer.status(), answer.into_inner());\n# Ok(())\n# }\n```\n");
    code
}

fn send_docs(operation: &Operation) -> String {
    let answer = one_line(&operation.success_text);
    let end = if answer.ends_with(['.', '。']) { "" } else { "." };
    format!(
        "Sends `{} {}`{}{end}\n\n# Errors\nAn argument that is missing or refused, or anything [`Error`] names.",
        operation.method,
        operation.path,
        if answer.is_empty() { String::new() } else { format!(" and answers: {answer}") }
    )
}

fn field_docs(field: &Field) -> String {
    let mut docs = String::new();
    paragraphs(&mut docs, &field.text);
    if docs.is_empty() {
        let _ = write!(docs, "`{}`.", field.name);
    }
    docs.truncate(docs.trim_end().len());
    docs.push_str(match (field.defaults_to_project, field.required) {
        (true, _) => "\n\nThe client's own project if not given.",
        (false, true) => "\n\nMandatory.",
        (false, false) => "\n\nOptional.",
    });
    docs
}

fn paragraphs(docs: &mut String, text: &Text) {
    for part in [&text.english, &text.chinese] {
        if !part.is_empty() {
            let _ = write!(docs, "{part}\n\n");
        }
    }
}

/// Builders of types: each setter says what its field says.
pub(super) fn types(file: &mut syn::File, _: &Context<'_>) -> usize {
    let mut count = 0;
    let Some(items) = module(file, "types") else {
        return 0;
    };
    let mut fields: BTreeMap<(String, String), Vec<Attribute>> = BTreeMap::new();
    let known = items.iter().enumerate().filter_map(|(at, item)| match item {
        syn::Item::Struct(item) => Some((item.ident.to_string(), at)),
        syn::Item::Enum(item) => Some((item.ident.to_string(), at)),
        _ => None,
    });
    let known: HashMap<String, usize> = known.collect();
    for item in items.iter_mut() {
        match item {
            syn::Item::Struct(item) => {
                for field in &mut item.fields {
                    let Some(name) = field.ident.as_ref().map(ToString::to_string) else {
                        continue;
                    };
                    if !documented(&field.attrs) {
                        // A property that is a reference has no words of its own: its type has.
                        let ty = quote::ToTokens::to_token_stream(&field.ty).to_string();
                        let of = ty.split(' ').filter(|part| known.contains_key(*part)).min_by_key(|part| known[*part]);
                        let text = of.map_or_else(
                            || format!("`{name}`."),
                            |of| format!("`{name}`: see [`{of}`](crate::types::{of})."),
                        );
                        document(&mut field.attrs, &text);
                    }
                    let docs = field.attrs.iter().filter(|attribute| attribute.path().is_ident("doc")).cloned();
                    fields.insert((item.ident.to_string(), name), docs.collect());
                }
            }
            syn::Item::Enum(item) => {
                for variant in item.variants.iter_mut().filter(|variant| !documented(&variant.attrs)) {
                    let text = format!("`{}`", wire_name(variant));
                    document(&mut variant.attrs, &text);
                }
            }
            _ => {}
        }
    }
    for (name, block) in inherent(items) {
        for method in methods(block).filter(|method| method.sig.ident == "builder") {
            document(&mut method.attrs, &format!("Starts a [`{name}`](builder::{name}) without any field set."));
        }
    }
    let Some(items) = in_items(items, "builder") else {
        return 0;
    };
    for item in items.iter_mut() {
        if let syn::Item::Struct(item) = item {
            let name = format_ident!("{}", item.ident);
            document(&mut item.attrs, &format!("Builds a [`{name}`](super::{name}), field by field."));
            count += 1;
        }
    }
    for (name, block) in inherent(items) {
        for method in methods(block) {
            if let Some(docs) = fields.get(&(name.clone(), method.sig.ident.to_string())) {
                method.attrs.splice(0..0, docs.iter().cloned());
            }
        }
    }
    count
}

/// The value of an enum's variant on the wire.
pub(super) fn wire_name(variant: &syn::Variant) -> String {
    let mut name = variant.ident.to_string();
    for attribute in variant.attrs.iter().filter(|attribute| attribute.path().is_ident("serde")) {
        let _ = attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("rename") {
                name = meta.value()?.parse::<syn::LitStr>()?.value();
            }
            Ok(())
        });
    }
    name
}

pub(super) fn mocks(file: &mut syn::File, context: &Context<'_>) -> usize {
    let mut count = 0;
    let by_method: HashMap<&str, &Operation> =
        context.model.operations.iter().map(|operation| (operation.snake(), operation)).collect();
    // A half of a mock: `…When` says which requests, `…Then` what is answered.
    let half = |name: &str| {
        let when = name.strip_suffix("When").and_then(|builder| context.model.built_by(builder));
        let then = || name.strip_suffix("Then").and_then(|builder| context.model.built_by(builder));
        when.map(|operation| (operation, true)).or_else(|| Some((then()?, false)))
    };
    for item in &mut file.items {
        if let syn::Item::Trait(item) = item {
            for member in &mut item.items {
                if let syn::TraitItem::Fn(method) = member
                    && let Some(operation) = by_method.get(method.sig.ident.to_string().as_str())
                {
                    let text = format!("Mocks `{}`: `{} {}`.", operation.id, operation.method, operation.path);
                    document(&mut method.attrs, &text);
                    count += 1;
                }
            }
        }
    }
    if let Some(items) = in_items(&mut file.items, "operations") {
        for item in items.iter_mut() {
            if let syn::Item::Struct(item) = item {
                let text = match half(&item.ident.to_string()) {
                    Some((operation, true)) => format!("Which requests of `{}` the mock answers.", operation.id),
                    Some((operation, false)) => format!("What the mock of `{}` answers.", operation.id),
                    None => continue,
                };
                document(&mut item.attrs, &text);
                count += 1;
            }
        }
        for (name, block) in inherent(items) {
            let Some((operation, is_when)) = half(&name) else {
                continue;
            };
            for method in methods(block) {
                let called = method.sig.ident.to_string();
                let text = match called.as_str() {
                    "new" => "Wraps the untyped half of a mock.".to_owned(),
                    "into_inner" => "The untyped half, to leave what the document allows.".to_owned(),
                    "body" => "Only requests with this body.".to_owned(),
                    _ if is_when => match operation.parameters.iter().find(|field| field.snake() == called) {
                        Some(field) => format!("Only requests whose `{}` is this.", field.name),
                        None => continue,
                    },
                    _ => {
                        let row =
                            operation.rows.iter().find(|row| row.kind() == heck::AsPascalCase(&called).to_string());
                        row.map_or_else(
                            || "Answers with success.".to_owned(),
                            |row| format!("Answers {} {}: {}", row.status, row.reason, one_line(&row.text.english)),
                        )
                    }
                };
                document(&mut method.attrs, &text);
            }
        }
    }
    count
}

fn documented(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| attribute.path().is_ident("doc"))
}

/// Replaces the documentation of an item.
fn document(attributes: &mut Vec<Attribute>, text: &str) {
    attributes.retain(|attribute| !attribute.path().is_ident("doc"));
    let text = text.trim_end();
    attributes.insert(0, doc(text));
}

/// `#[doc = "…"]`, made and not parsed: documentation is a large part of all tokens.
fn doc(text: &str) -> Attribute {
    let text = LitStr::new(text, Span::call_site());
    Attribute {
        pound_token: Default::default(),
        style: AttrStyle::Outer,
        bracket_token: Default::default(),
        meta: Meta::NameValue(MetaNameValue {
            path: Ident::new("doc", Span::call_site()).into(),
            eq_token: Default::default(),
            value: syn::Expr::Lit(syn::ExprLit { attrs: Vec::new(), lit: Lit::Str(text) }),
        }),
    }
}

/// One attribute a line, as a person would write it; otherwise printing makes block comments out of them.
pub(super) fn one_line_each(file: &mut syn::File) {
    struct Lines;
    impl VisitMut for Lines {
        fn visit_attributes_mut(&mut self, attributes: &mut Vec<Attribute>) {
            let is_done = |attribute: &Attribute| {
                doc_text(attribute).is_none_or(|text| text.starts_with(' ') && !text.contains('\n'))
            };
            if attributes.iter().all(is_done) {
                return;
            }
            let split = std::mem::take(attributes).into_iter().flat_map(|attribute| {
                let Some(text) = doc_text(&attribute) else {
                    return vec![attribute];
                };
                text.lines()
                    .map(|line| {
                        let indented = line.is_empty() || line.starts_with(' ');
                        let line = if indented { doc(line) } else { doc(&format!(" {line}")) };
                        Attribute { style: attribute.style, ..line }
                    })
                    .collect()
            });
            *attributes = split.collect();
        }
    }
    Lines.visit_file_mut(file);
}

fn doc_text(attribute: &Attribute) -> Option<String> {
    let syn::Meta::NameValue(meta) = &attribute.meta else {
        return None;
    };
    if !meta.path.is_ident("doc") {
        return None;
    }
    match &meta.value {
        syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => Some(text.value()),
        _ => None,
    }
}
