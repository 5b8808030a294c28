//! Limits of a request's lists, which Rust types don't express: checked before it is sent.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::types::{Field, Presence, Shape, Types};
use crate::document::{Names, Property, Schema};

/// The components in requests that have such limits, or hold what has, by pointer.
pub(super) fn limited<'a>(types: &Types<'a>) -> BTreeSet<&'a str> {
    let sent = types.components.iter().filter(|(name, _)| types.requests.contains(*name)).map(|(_, schema)| *schema);
    let (mut limited, mut others) = (BTreeSet::new(), sent.collect::<Vec<&Schema>>());
    loop {
        let is_limited = |schema: &&Schema| {
            schema.properties.iter().any(|property| own(property).is_some())
                || schema.inner().any(|inner| leads_to(inner, &limited))
        };
        let (more, rest): (Vec<_>, Vec<_>) = others.into_iter().partition(is_limited);
        if more.is_empty() {
            return limited;
        }
        limited.extend(more.into_iter().map(|schema| schema.pointer.as_str()));
        others = rest;
    }
}

/// Whether a schema is one of these, or a list of them.
pub(super) fn leads_to(schema: &Schema, limited: &BTreeSet<&str>) -> bool {
    schema.reference.as_deref().is_some_and(|reference| limited.contains(reference))
        || schema.items.as_ref().is_some_and(|items| leads_to(items, limited))
}

/// The limits of the types that have some.
pub(super) fn checks(types: &Types<'_>, limited: &BTreeSet<&str>) -> TokenStream {
    let components = types.components.iter().filter(|(_, schema)| limited.contains(schema.pointer.as_str()));
    let checks = components.filter_map(|(name, schema)| {
        let ident = format_ident!("{name}");
        let check = match types.shape(name)? {
            Shape::Struct(fields) => {
                let fields = fields.iter().filter_map(|field| check(field, schema.property(&field.wire)?, limited));
                quote!(#(#fields)* Ok(()))
            }
            Shape::Union(parts) => {
                let arms = parts.iter().zip(schema.parts()).map(|((variant, _), part)| {
                    if leads_to(part, limited) {
                        quote!(Self::#variant(value) => value.check())
                    } else {
                        quote!(Self::#variant(_) => Ok(()))
                    }
                });
                quote!(match self { #(#arms,)* })
            }
            Shape::Wrapper(_) => quote!(self.0.check()),
            Shape::Text | Shape::Values(_) | Shape::Other => return None,
        };
        Some(quote! {
            impl crate::limits::Check for #ident {
                fn check(&self) -> ::std::result::Result<(), ::std::string::String> { #check }
            }
        })
    });
    checks.collect()
}

/// A list's own limits: how many items it has at least and at most, and what of them isn't there twice.
fn own(property: &Property) -> Option<(u64, Option<u64>, Option<&str>)> {
    let schema = &property.schema;
    schema.items.as_ref()?;
    // An optional list without items isn't sent.
    let least = schema.count.least.filter(|_| property.required).unwrap_or(0);
    let unique = schema.unique.as_deref().or(schema.unique_items.then_some(""));
    (least > 0 || schema.count.most.is_some() || unique.is_some()).then_some((least, schema.count.most, unique))
}

fn check(field: &Field, property: &Property, limited: &BTreeSet<&str>) -> Option<TokenStream> {
    let Field { name, wire, .. } = field;
    let nested = leads_to(&property.schema, limited).then(|| quote!(crate::limits::field(#wire, &self.#name)?;));
    let Some((least, most, unique)) = own(property) else { return nested };
    let size = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
    let (least, most) = (size(least), most.map(size));
    let counted = (least > 0 || most.is_some()).then(|| {
        let most = most.map_or_else(|| quote!(None), |most| quote!(Some(#most)));
        quote!(crate::limits::count(#wire, list.len(), #least, #most)?;)
    });
    let unique = unique.map(|key| match key {
        "" => quote!(crate::limits::unique(#wire, "value", list)?;),
        key => {
            let member = format_ident!("{}", Names::of_property(key).snake);
            quote!(crate::limits::unique(#wire, #key, list.iter().map(|item| &item.#member))?;)
        }
    });
    let list = match field.presence {
        Presence::Optional => quote!(if let Some(list) = &self.#name { #counted #unique }),
        _ => quote!(let list = &self.#name; #counted #unique),
    };
    Some(quote!(#list #nested))
}
