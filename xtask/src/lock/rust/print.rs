//! Signatures, types and attributes as one would write them: standard paths short, one line.

use quote::ToTokens;
use syn::visit_mut::{self, VisitMut};

/// A type, for example `Option<String>`.
pub(super) fn type_text(ty: &syn::Type) -> String {
    let mut ty = ty.clone();
    Short.visit_type_mut(&mut ty);
    tidy(&ty.to_token_stream().to_string())
}

/// The path of a trait, for example `TryFrom<&str>`.
pub(super) fn path(path: &syn::Path) -> String {
    let mut path = path.clone();
    Short.visit_path_mut(&mut path);
    tidy(&path.to_token_stream().to_string())
}

/// A signature; a setter's `V: TryInto<T>` is shown where it is used.
pub(super) fn function(signature: &syn::Signature) -> String {
    let mut signature = signature.clone();
    let parameters =
        signature.generics.type_params().map(|parameter| (parameter.ident.to_string(), bounds(&parameter.bounds)));
    let mut bounds: Vec<(String, String)> = parameters.filter(|(_, bounds)| !bounds.is_empty()).collect();
    let clauses = signature.generics.where_clause.take().into_iter().flat_map(|clause| clause.predicates).filter_map(
        |predicate| match predicate {
            syn::WherePredicate::Type(bound) => Some((type_text(&bound.bounded_ty), self::bounds(&bound.bounds))),
            _ => None,
        },
    );
    bounds.extend(clauses);
    let output = match &signature.output {
        syn::ReturnType::Default => String::new(),
        syn::ReturnType::Type(_, ty) => format!(" -> {}", type_text(ty)),
    };
    let inputs: Vec<String> = signature
        .inputs
        .iter()
        .map(|input| match input {
            syn::FnArg::Receiver(receiver) => tidy(&receiver.to_token_stream().to_string()).replace("mut self", "self"),
            syn::FnArg::Typed(argument) => {
                let ty = type_text(&argument.ty);
                bounds.iter().find(|(name, _)| *name == ty).map_or(ty, |(_, bounds)| format!("impl {bounds}"))
            }
        })
        .collect();
    let asynchronous = if signature.asyncness.is_some() { "async " } else { "" };
    format!("{asynchronous}fn({}){output}", inputs.join(", "))
}

/// The derives, in alphabetical order.
pub(super) fn derives(attributes: &[syn::Attribute]) -> String {
    let mut names = Vec::new();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("derive")) {
        let _ = attribute.parse_nested_meta(|meta| {
            names.extend(meta.path.segments.last().map(|segment| segment.ident.to_string()));
            Ok(())
        });
    }
    names.sort();
    if names.is_empty() { String::new() } else { format!(", derives {}", names.join(" ")) }
}

/// The attributes that users notice: what serde reads and writes, and whether more may come.
pub(super) fn attributes(attributes: &[syn::Attribute]) -> String {
    attributes
        .iter()
        .filter(|attribute| {
            ["serde", "non_exhaustive", "must_use", "deprecated"].iter().any(|name| attribute.path().is_ident(name))
        })
        .map(|attribute| format!(", {}", tidy(&attribute.meta.to_token_stream().to_string())))
        .collect()
}

/// The value of a constant, a field a line.
pub(super) fn expression(expression: &syn::Expr) -> String {
    match expression {
        syn::Expr::Struct(value) => value
            .fields
            .iter()
            .map(|field| {
                let name = field.member.to_token_stream().to_string();
                format!("{name}: {}", tidy(&field.expr.to_token_stream().to_string()))
            })
            .collect::<Vec<_>>()
            .join("\n"),
        syn::Expr::Reference(reference) => match &*reference.expr {
            syn::Expr::Array(array) => array
                .elems
                .iter()
                .map(|element| tidy(&element.to_token_stream().to_string()))
                .collect::<Vec<_>>()
                .join("\n"),
            other => tidy(&other.to_token_stream().to_string()),
        },
        other => tidy(&other.to_token_stream().to_string()),
    }
}

fn bounds(bounds: &syn::punctuated::Punctuated<syn::TypeParamBound, syn::Token![+]>) -> String {
    let texts = bounds.iter().map(|bound| {
        let mut bound = bound.clone();
        Short.visit_type_param_bound_mut(&mut bound);
        tidy(&bound.to_token_stream().to_string())
    });
    texts.collect::<Vec<_>>().join(" + ")
}

/// Takes the path off everything of the standard library.
struct Short;

impl VisitMut for Short {
    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        visit_mut::visit_path_mut(self, path);
        let standard = path.segments.first().is_some_and(|first| first.ident == "std" || first.ident == "serde");
        if standard && path.segments.len() > 1 {
            path.leading_colon = None;
            if let Some(last) = path.segments.last().cloned() {
                path.segments = std::iter::once(last).collect();
            }
        }
    }
}

/// Tokens without the spaces that printing them leaves.
fn tidy(tokens: &str) -> String {
    let mut text = tokens.split_whitespace().collect::<Vec<_>>().join(" ");
    for (from, to) in [
        (" :: ", "::"),
        (":: ", "::"),
        (" < ", "<"),
        (" <", "<"),
        ("< ", "<"),
        (" >", ">"),
        (" ,", ","),
        ("& ", "&"),
        (" (", "("),
        ("( ", "("),
        (" )", ")"),
        ("' ", "'"),
        (" ..= ", "..="),
        (",>", ">"),
        (", >", ">"),
        ("::std::option::", ""),
        ("::std::vec::", ""),
        ("self::", ""),
        ("super::", ""),
        ("<Item =(", "<Item = ("),
    ] {
        text = text.replace(from, to);
    }
    text
}
