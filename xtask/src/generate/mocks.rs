//! The typed mocks: inside the crate, right for every value, with documentation.

use std::collections::BTreeMap;

use syn::parse_quote;
use syn::visit_mut::{self, VisitMut};
use syn::{ImplItem, Item, TraitItem};

use super::docs;
use super::types::name_of;
use crate::document::{Location, Operation};

/// Rewrites progenitor's mocks of these operations.
pub(super) fn rewrite(file: &mut syn::File, operations: &[&Operation]) {
    let by_method: BTreeMap<&str, &Operation> =
        operations.iter().map(|operation| (operation.names.snake.as_str(), *operation)).collect();
    let by_builder: BTreeMap<&str, &Operation> =
        operations.iter().map(|operation| (operation.names.pascal.as_str(), *operation)).collect();
    for item in &mut file.items {
        match item {
            Item::Trait(item) => {
                for member in &mut item.items {
                    if let TraitItem::Fn(method) = member
                        && let Some(operation) = by_method.get(method.sig.ident.to_string().as_str())
                    {
                        let (name, method_, path) =
                            (operation.name(), operation.method.to_uppercase(), &operation.path);
                        method.attrs.insert(0, docs::doc(&format!("Mocks `{name}`: `{method_} {path}`.")));
                    }
                }
            }
            Item::Mod(module) => {
                for item in module.content.iter_mut().flat_map(|(_, items)| items) {
                    self::item(item, &by_builder);
                }
            }
            _ => {}
        }
    }
}

fn item(item: &mut Item, operations: &BTreeMap<&str, &Operation>) {
    // A half of a mock: `…When` says which requests, `…Then` what is answered.
    let half = |name: &str| {
        let when = name.strip_suffix("When").and_then(|builder| operations.get(builder));
        let then = name.strip_suffix("Then").and_then(|builder| operations.get(builder));
        when.map(|operation| (*operation, true)).or(then.map(|operation| (*operation, false)))
    };
    match item {
        Item::Use(item) => {
            *item = parse_quote!(
                use crate::{path::encode, types};
            );
        }
        Item::Struct(item) => {
            if let Some((operation, is_when)) = half(&item.ident.to_string()) {
                let name = operation.name();
                let text = if is_when {
                    format!("Which requests of `{name}` the mock answers.")
                } else {
                    format!("What the mock of `{name}` answers.")
                };
                item.attrs.insert(0, docs::doc(&text));
            }
        }
        Item::Impl(block) => {
            let Some((operation, is_when)) = name_of(&block.self_ty).and_then(|name| half(&name)) else { return };
            for member in &mut block.items {
                let ImplItem::Fn(method) = member else { continue };
                let called = method.sig.ident.to_string();
                let parameter = operation.parameters.iter().find(|parameter| parameter.names.snake == called);
                let parameter = parameter.filter(|_| is_when);
                let renamed = parameter.filter(|parameter| parameter.location != Location::Path);
                let mut right = Right { names: renamed.map(|of| (of.names.snake.as_str(), of.name.as_str())) };
                right.visit_impl_item_fn_mut(method);
                let text = match (called.as_str(), parameter) {
                    ("new", None) => "Wraps the untyped half of a mock.".to_owned(),
                    ("into_inner", None) => "The untyped half, to leave what the document allows.".to_owned(),
                    (_, Some(parameter)) => format!("Only requests whose `{}` is this.", parameter.name),
                    ("body", None) if is_when => "Only requests with this body.".to_owned(),
                    _ => {
                        let rows = operation.errors();
                        let row = rows.iter().find(|row| row.names.snake == called);
                        row.map_or_else(
                            || "Answers with success.".to_owned(),
                            |row| {
                                let text = docs::one_line(&row.text.english);
                                format!("Answers {} {}: {text}", row.status, row.reason)
                            },
                        )
                    }
                };
                method.attrs.insert(0, docs::doc(&text));
            }
        }
        _ => {}
    }
}

/// Values of the path are escaped, names are those on the wire, and bodies are handed over by reference.
struct Right<'a> {
    names: Option<(&'a str, &'a str)>,
}

impl VisitMut for Right<'_> {
    fn visit_expr_call_mut(&mut self, call: &mut syn::ExprCall) {
        visit_mut::visit_expr_call_mut(self, call);
        // `Regex::new(&format!("^/v2/{}/images/.*/tags$", value.to_string()))`: one segment for each of the others.
        let is_regex = matches!(&*call.func, syn::Expr::Path(path) if path.path.segments.first().is_some_and(|first| first.ident == "regex"));
        let template = match call.args.first() {
            Some(syn::Expr::Reference(reference)) => match &*reference.expr {
                syn::Expr::Macro(format) => format.mac.parse_body_with(|input: syn::parse::ParseStream<'_>| {
                    let template = input.parse::<syn::LitStr>()?;
                    input.parse::<proc_macro2::TokenStream>()?;
                    Ok(template)
                }),
                _ => return,
            },
            _ => return,
        };
        if let (true, Ok(template)) = (is_regex, template) {
            let template = template.value().replace(".*", "[^/]*");
            call.args = parse_quote!(&format!(#template, regex::escape(&encode(&value.to_string()))));
        }
    }

    fn visit_expr_method_call_mut(&mut self, call: &mut syn::ExprMethodCall) {
        visit_mut::visit_expr_method_call_mut(self, call);
        if call.method == "json_body_obj" {
            call.args.iter_mut().for_each(|value| *value = parse_quote!(&#value));
        }
    }

    fn visit_lit_str_mut(&mut self, literal: &mut syn::LitStr) {
        if let Some((_, wire)) = self.names.filter(|(name, _)| literal.value() == *name) {
            *literal = syn::LitStr::new(wire, literal.span());
        }
    }
}
