//! Texts with limits: what they must pass is typify's, but patterns that only say which characters a text has are looked
//! at, and the others compiled by a small engine. progenitor's own engine costs users a twentieth of their build, and every
//! call its time. Refusals keep the document's words.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::visit::Visit;
use syn::{Expr, Fields, Item, Stmt, parse_quote};

use super::types::name_of;
use crate::pattern::{self, Characters};

/// A text that must pass these checks; all texts share one implementation.
pub(super) fn text(item: &mut syn::ItemStruct, checks: Option<&TokenStream>) -> TokenStream {
    let name = &item.ident;
    item.attrs.retain(|attribute| attribute.path().is_ident("doc"));
    item.attrs.push(parse_quote!(#[derive(
        Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, ::serde::Serialize
    )]));
    item.attrs.push(parse_quote!(#[serde(transparent)]));
    item.fields = Fields::Unnamed(parse_quote!((::std::string::String)));
    let value = checks.map_or_else(|| quote!(_), |_| quote!(value));
    quote! {
        impl #name {
            #[inline]
            fn check(#value: &str) -> ::std::result::Result<(), error::ConversionError> {
                #checks
                Ok(())
            }
        }
        crate::text::text!(#name);
    }
}

/// What a type's text must pass: all but the last statement of typify's `FromStr`, if it is one.
pub(super) fn checks(item: &Item) -> Option<(String, TokenStream)> {
    let Item::Impl(block) = item else { return None };
    let (implemented, _) = block.trait_.as_ref()?;
    implemented.segments.last().filter(|last| last.ident == "FromStr")?;
    let statements = block.items.iter().find_map(|item| match item {
        syn::ImplItem::Fn(method) => Some(&method.block.stmts),
        _ => None,
    })?;
    let (mut characters, mut checks) = (None, TokenStream::new());
    for statement in statements.split_last().map_or(&[][..], |(_, checks)| checks) {
        match statement {
            Stmt::Item(Item::Static(engine)) => {
                let mut literal = Literal(String::new());
                literal.visit_expr(&engine.expr);
                characters = pattern::characters(&literal.0);
                if characters.is_some() {
                    continue;
                }
                // The copy of the document has no other patterns.
                let portable = pattern::portable(&literal.0).unwrap_or_default();
                checks.extend(quote! {
                    static PATTERN: ::std::sync::LazyLock<::regex_lite::Regex> =
                        ::std::sync::LazyLock::new(|| { ::regex_lite::Regex::new(#portable).unwrap() });
                });
            }
            Stmt::Expr(Expr::If(refusal), _) if characters.is_some() => {
                let (unfit, refuse) = (characters.take().as_ref().map(other_than), &refusal.then_branch);
                checks.extend(quote!(if #unfit #refuse));
            }
            other => other.to_tokens(&mut checks),
        }
    }
    (!checks.is_empty()).then_some((name_of(&block.self_ty)?, checks))
}

struct Literal(String);

impl<'ast> Visit<'ast> for Literal {
    fn visit_lit_str(&mut self, literal: &'ast syn::LitStr) {
        self.0 = literal.value();
    }
}

/// The condition that `value` has other characters than these, or more or fewer of them.
fn other_than(characters: &Characters) -> TokenStream {
    let ranges = characters.ranges.iter().map(|range| {
        let (first, last) = (range.start(), range.end());
        if first == last { quote!(#first) } else { quote!(#first..=#last) }
    });
    let minimum = characters.minimum as usize;
    let length = match characters.maximum.map(|maximum| maximum as usize) {
        Some(maximum) => Some(quote!((#minimum..=#maximum).contains(&value.chars().count()) &&)),
        None if minimum == 0 => None,
        None => Some(quote!(value.chars().count() >= #minimum &&)),
    };
    quote!(!(#length value.chars().all(|c| matches!(c, #(#ranges)|*))))
}
