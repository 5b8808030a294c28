//! From the built request on, everything is the runtime's: client, endpoint, path encoding, sending, refusals.

use quote::format_ident;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, Stmt, parse_quote};

use super::{Context, inherent, methods, module, type_name};
use crate::generate::model::Field;

/// The items that [`prune`] takes away: two `use`s, the struct, its constructors, `ClientInfo`, the hook assertion and
/// the prelude.
pub(super) const PRUNED: usize = 7;

pub(super) fn prune(file: &mut syn::File, _: &Context<'_>) -> usize {
    let before = file.items.len();
    file.items.retain(|item| match item {
        syn::Item::Use(_) | syn::Item::Const(_) | syn::Item::Struct(_) => false,
        syn::Item::Mod(module) => module.ident != "prelude",
        syn::Item::Impl(block) => {
            let constructors =
                block.items.iter().any(|item| matches!(item, syn::ImplItem::Fn(f) if f.sig.ident == "new"));
            block.trait_.is_none() && !constructors
        }
        _ => true,
    });
    let pruned = before - file.items.len();
    file.items.insert(
        0,
        parse_quote!(
            use crate::{Client, Error, ResponseValue};
        ),
    );
    if let Some(items) = module(file, "builder") {
        // progenitor's `use super::types` stays; its runtime's items are ours now.
        items.retain(|item| !matches!(item, syn::Item::Use(u) if !u.attrs.is_empty()));
        items.insert(
            0,
            parse_quote!(
                use super::{Error, ResponseValue, operations};
            ),
        );
        items.insert(
            0,
            parse_quote!(
                use crate::path::encode;
            ),
        );
    }
    pruned
}

pub(super) fn dispatch(file: &mut syn::File, context: &Context<'_>) -> usize {
    let mut count = 0;
    each_send(file, |name, send| {
        let Some(operation) = context.model.built_by(name) else {
            return;
        };
        let syn::ReturnType::Type(_, output) = &mut send.sig.output else {
            return;
        };
        let Some(value) = first_argument(output) else {
            return;
        };
        let cut = send.block.stmts.iter().position(|statement| local_name(statement).as_deref() == Some("info"));
        let Some(cut) = cut else { return };
        send.block.stmts.truncate(cut);
        let constant = format_ident!("{}", operation.constant());
        send.block.stmts.insert(1, parse_quote!(let operation = &operations::#constant;));
        let empty = matches!(&first_argument(&value), Some(syn::Type::Tuple(tuple)) if tuple.elems.is_empty());
        let call: Expr = if empty {
            parse_quote!(client.call_empty(operation, request).await)
        } else {
            parse_quote!(client.call(operation, request).await)
        };
        send.block.stmts.push(Stmt::Expr(call, None));
        **output = parse_quote!(Result<#value, Error>);
        count += 1;
    });
    count
}

pub(super) fn drop_api_version(file: &mut syn::File, _: &Context<'_>) -> usize {
    let mut count = 0;
    each_send(file, |_, send| {
        let statements = &mut send.block.stmts;
        let before = statements.len();
        // Only an expression appends to the headers; the `let`s, which are most statements, needn't be printed.
        let says =
            |statement: &Stmt, words: &str| matches!(statement, Stmt::Expr(..)) && text(statement).contains(words);
        statements.retain(|statement| !says(statement, "\"api-version\""));
        count += before - statements.len();
        if !statements.iter().any(|statement| says(statement, "header_map . append")) {
            statements.retain(|statement| local_name(statement).as_deref() != Some("header_map"));
            each_expression(send, |expression| {
                if let Expr::MethodCall(call) = expression
                    && call.method == "headers"
                {
                    *expression = (*call.receiver).clone();
                }
            });
        }
    });
    count
}

pub(super) fn base_url(file: &mut syn::File, _: &Context<'_>) -> usize {
    let mut count = 0;
    each_send(file, |_, send| {
        for statement in &mut send.block.stmts {
            if local_name(statement).as_deref() == Some("url") {
                // The URL is made by `format!`, whose arguments syn leaves unparsed.
                let Stmt::Local(local) = statement else {
                    continue;
                };
                let Some(init) = &mut local.init else {
                    continue;
                };
                let Expr::Macro(macro_) = &mut *init.expr else {
                    continue;
                };
                let tokens = macro_.mac.tokens.to_string().replace("client . baseurl", "client . endpoint ()");
                if let Ok(tokens) = tokens.parse() {
                    macro_.mac.tokens = tokens;
                    count += 1;
                }
            }
        }
        each_expression(send, |expression| {
            if let Expr::Field(field) = expression
                && matches!(&field.member, syn::Member::Named(name) if name == "client")
                && text(&field.base) == "client"
            {
                *expression = parse_quote!(client.http());
                count += 1;
            }
        });
    });
    count
}

pub(super) fn path_encoding(file: &mut syn::File, _: &Context<'_>) -> usize {
    let mut count = 0;
    each_send(file, |_, send| {
        for statement in &mut send.block.stmts {
            if local_name(statement).as_deref() != Some("url") {
                continue;
            }
            let Stmt::Local(local) = statement else {
                continue;
            };
            let Some(init) = &mut local.init else {
                continue;
            };
            let Expr::Macro(macro_) = &mut *init.expr else {
                continue;
            };
            let before = macro_.mac.tokens.to_string();
            let applied = before.matches("encode_path (").count();
            if let Ok(tokens) = before.replace("encode_path (", "encode (").parse() {
                macro_.mac.tokens = tokens;
                count += applied;
            }
        }
    });
    count
}

pub(super) fn typed_refusals(file: &mut syn::File, _: &Context<'_>) -> usize {
    let mut count = 0;
    each_send(file, |_, send| {
        each_expression(send, |expression| {
            if let Expr::MethodCall(call) = expression
                && call.method == "map_err"
                && call.args.first().is_some_and(|argument| text(argument) == "Error :: InvalidRequest")
            {
                call.args = parse_quote!(|reason| Error::invalid_request(operation, reason));
                count += 1;
            }
            if let Expr::Try(attempt) = expression
                && let Expr::MethodCall(call) = &*attempt.expr
            {
                let inner = &attempt.expr;
                if call.method == "build" {
                    *expression = parse_quote!(#inner.map_err(|source| Error::unbuildable(operation, source))?);
                } else if call.method == "try_into" {
                    *expression = parse_quote!(
                        #inner.map_err(|_| Error::invalid_request(operation, "a header value holds a character that headers can't carry".to_string()))?
                    );
                    count += 1;
                }
            }
        });
        for statement in &mut send.block.stmts {
            if local_name(statement).as_deref() == Some("request")
                && let Stmt::Local(local) = statement
            {
                local.attrs.clear();
                local.pat = parse_quote!(request);
            }
        }
    });
    count
}

/// A query parameter is sent under its name on the wire.
pub(super) fn wire_names(file: &mut syn::File, context: &Context<'_>) -> usize {
    let mut count = 0;
    each_send(file, |name, send| {
        let operation = context.model.built_by(name);
        let renamed: Vec<&Field> = operation.into_iter().flat_map(|operation| operation.renamed()).collect();
        if renamed.is_empty() {
            return;
        }
        each_expression(send, |expression| {
            if let Expr::Call(call) = expression
                && text(&call.func).ends_with("QueryParam :: new")
                && let Some(Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(literal), .. })) = call.args.first_mut()
                && let Some(field) = renamed.iter().find(|field| field.alias.as_ref() == Some(&literal.value()))
            {
                *literal = syn::LitStr::new(&field.name, literal.span());
                count += 1;
            }
        });
    });
    count
}

/// Calls `change` for the `send` of each operation's builder.
fn each_send(file: &mut syn::File, mut change: impl FnMut(&str, &mut syn::ImplItemFn)) {
    for (name, block) in module(file, "builder").into_iter().flat_map(|items| inherent(items)) {
        for method in methods(block).filter(|method| method.sig.ident == "send") {
            change(&name, method);
        }
    }
}

/// Calls `change` for every expression of a method, innermost first.
fn each_expression(method: &mut syn::ImplItemFn, change: impl FnMut(&mut Expr)) {
    struct Each<F>(F);
    impl<F: FnMut(&mut Expr)> VisitMut for Each<F> {
        fn visit_expr_mut(&mut self, expression: &mut Expr) {
            visit_mut::visit_expr_mut(self, expression);
            (self.0)(expression);
        }
    }
    Each(change).visit_impl_item_fn_mut(method);
}

/// The name that a `let` binds.
pub(super) fn local_name(statement: &Stmt) -> Option<String> {
    match statement {
        Stmt::Local(local) => match &local.pat {
            syn::Pat::Ident(ident) => Some(ident.ident.to_string()),
            _ => None,
        },
        _ => None,
    }
}

/// The first generic argument of a type, for example `T` of `ResponseValue<T>`.
fn first_argument(ty: &syn::Type) -> Option<syn::Type> {
    type_name(ty)?;
    let syn::Type::Path(path) = ty else {
        return None;
    };
    match &path.path.segments.last()?.arguments {
        syn::PathArguments::AngleBracketed(arguments) => arguments.args.iter().find_map(|argument| match argument {
            syn::GenericArgument::Type(ty) => Some(ty.clone()),
            _ => None,
        }),
        _ => None,
    }
}

fn text(tokens: &impl quote::ToTokens) -> String {
    tokens.to_token_stream().to_string()
}
