//! The operations' builders: setters that keep the reason of a refusal, and the project's default.

use std::collections::BTreeMap;

use syn::parse_quote;
use syn::visit_mut::{self, VisitMut};

use super::dispatch::local_name;
use super::{Context, inherent, methods, module, type_name};

pub(super) fn setter_reasons(file: &mut syn::File, context: &Context<'_>) -> usize {
    let mut count = 0;
    for (name, block) in module(file, "builder").into_iter().flat_map(|items| inherent(items)) {
        if let Some(operation) = context.model.built_by(&name) {
            for field in &operation.parameters {
                let setter = field.snake();
                for method in methods(block).filter(|method| method.sig.ident == setter) {
                    let mut reasons = Reasons { name: &field.name, found: 0 };
                    reasons.visit_impl_item_fn_mut(method);
                    if let Some(bounds) = &mut method.sig.generics.where_clause {
                        bounds.predicates.push(parse_quote!(V::Error: std::fmt::Display));
                    }
                    count += reasons.found;
                }
            }
            for method in methods(block).filter(|method| operation.body && method.sig.ident == "body") {
                // A body made by its builder asks for a reason already.
                if let Some(bounds) = &mut method.sig.generics.where_clause
                    && !quote::ToTokens::to_token_stream(bounds).to_string().contains("Display")
                {
                    bounds.predicates.push(parse_quote!(V::Error: std::fmt::Display));
                }
                let mut reasons = Reasons { name: "body", found: 0 };
                reasons.visit_impl_item_fn_mut(method);
                count += reasons.found;
            }
        }
    }
    count
}

/// Rewrites `map_err(|_| "conversion to … failed")`.
struct Reasons<'a> {
    name: &'a str,
    found: usize,
}

impl VisitMut for Reasons<'_> {
    fn visit_expr_method_call_mut(&mut self, call: &mut syn::ExprMethodCall) {
        visit_mut::visit_expr_method_call_mut(self, call);
        if call.method == "map_err" {
            let text = format!("{}: {{reason}}", self.name);
            call.args = parse_quote!(|reason| format!(#text));
            self.found += 1;
        }
    }
}

pub(super) fn project_default(file: &mut syn::File, context: &Context<'_>) -> usize {
    let mut changed: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for item in module(file, "builder").into_iter().flatten() {
        let name = match item {
            syn::Item::Struct(builder) => Some(builder.ident.to_string()),
            syn::Item::Impl(block) if block.trait_.is_none() => type_name(&block.self_ty),
            _ => None,
        };
        let Some(operation) = name.and_then(|name| context.model.built_by(&name)) else { continue };
        for field in operation.parameters.iter().filter(|field| field.defaults_to_project) {
            let ident = quote::format_ident!("{}", field.snake());
            let mut default = ProjectDefault { field: &ident, changed: 0 };
            default.visit_item_mut(item);
            if let syn::Item::Impl(block) = item
                && let Some(send) = methods(block).find(|method| method.sig.ident == "send")
            {
                default.changed += usize::from(look_up_last(send, &ident).is_some());
            }
            *changed.entry((operation.pascal(), field.snake())).or_default() += default.changed;
        }
    }
    // The field, its start in `new`, its setter, its use in `send` and the look-up there.
    changed.into_values().filter(|changed| *changed == 5).count()
}

/// Makes a mandatory builder field one that falls back to the client's project.
struct ProjectDefault<'a> {
    field: &'a syn::Ident,
    changed: usize,
}

impl VisitMut for ProjectDefault<'_> {
    fn visit_field_mut(&mut self, member: &mut syn::Field) {
        if member.ident.as_ref() == Some(self.field) {
            let ty = &member.ty;
            member.ty = parse_quote!(Option<#ty>);
            self.changed += 1;
        }
    }

    fn visit_field_value_mut(&mut self, value: &mut syn::FieldValue) {
        if matches!(&value.member, syn::Member::Named(name) if name == self.field) && value.colon_token.is_some() {
            value.expr = parse_quote!(None);
            self.changed += 1;
        }
    }

    fn visit_expr_assign_mut(&mut self, assign: &mut syn::ExprAssign) {
        if matches!(&*assign.left, syn::Expr::Field(field) if matches!(&field.member, syn::Member::Named(name) if name == self.field))
        {
            let value = &assign.right;
            assign.right = parse_quote!(Some(#value));
            self.changed += 1;
        }
    }

    fn visit_local_mut(&mut self, local: &mut syn::Local) {
        let field = self.field;
        if matches!(&local.pat, syn::Pat::Ident(name) if name.ident == *field)
            && let Some(init) = &mut local.init
        {
            init.expr = parse_quote!(#field.transpose().map_err(|reason| Error::invalid_request(operation, reason))?);
            self.changed += 1;
        }
    }
}

/// Looks the project up where all else is checked, since that may ask IAM: for wrong input nothing is sent to anybody.
fn look_up_last(send: &mut syn::ImplItemFn, field: &syn::Ident) -> Option<()> {
    let statements = &mut send.block.stmts;
    let position = |statements: &[syn::Stmt], name: &str| {
        statements.iter().position(|statement| local_name(statement).as_deref() == Some(name))
    };
    let url = position(statements, "url")?;
    let url = statements.remove(url);
    let request = position(statements, "request")?;
    let look_up = parse_quote! {
        let #field = match #field {
            Some(given) => given,
            None => client.project_id(operation).await?,
        };
    };
    statements.splice(request..request, [look_up, url]);
    Some(())
}

pub(super) fn private_new(file: &mut syn::File, _: &Context<'_>) -> usize {
    let mut count = 0;
    for (_, block) in module(file, "builder").into_iter().flat_map(|items| inherent(items)) {
        for method in methods(block).filter(|method| method.sig.ident == "new") {
            method.vis = parse_quote!(pub(crate));
            count += 1;
        }
    }
    count
}
