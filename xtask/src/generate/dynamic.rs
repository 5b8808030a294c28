//! Calls by operation id with JSON arguments: what a command line and the behaviour locks need, as one `match`.
//!
//! The types of the arguments are read from the builders as they come out of the fixups, so no rule of progenitor's is
//! written here a second time.

use std::collections::HashMap;

use heck::ToSnakeCase;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::model::{Model, Operation};

/// The file `dynamic.rs` for the operations whose builders are in `client`.
///
/// # Errors
/// An argument whose setter isn't among the builders, by name.
pub(super) fn dynamic(model: &Model, client: &syn::File) -> Result<TokenStream, String> {
    let builders = builders(client);
    let arms = model.operations.iter().map(|operation| arm(operation, &builders));
    let arms: Vec<TokenStream> = arms.collect::<Result<_, _>>()?;
    Ok(quote! {
        use serde_json::{Map, Value};

        use crate::dynamic::{Arguments, answer, unknown};
        use crate::generated::client::{operations, types};
        use crate::{Client, Error, ResponseValue};

        pub(crate) async fn call(
            client: &Client,
            operation: &str,
            arguments: &Map<String, Value>,
        ) -> Result<ResponseValue<Value>, Error> {
            match operation {
                #(#arms)*
                other => Err(unknown(other)),
            }
        }
    })
}

fn arm(operation: &Operation, builders: &Builders<'_>) -> Result<TokenStream, String> {
    let (id, method) = (&operation.id, format_ident!("{}", operation.snake()));
    let constant = format_ident!("{}", operation.constant());
    let fields = operation.parameters.iter().map(|field| (field.name.as_str(), field.snake()));
    let body = operation.body.then_some(("body", "body"));
    let setters: Vec<TokenStream> = fields
        .chain(body)
        .map(|(name, setter)| {
            let ty = argument_type(builders, operation.pascal(), setter)
                .ok_or_else(|| format!("{id}: no setter of {name} that takes a value"))?;
            let setter = format_ident!("{setter}");
            Ok(quote! {
                if let Some(value) = arguments.take::<#ty>(#name)? {
                    call = call.#setter(value);
                }
            })
        })
        .collect::<Result<_, String>>()?;
    let mutable = (!setters.is_empty()).then(|| quote!(mut));
    Ok(quote! {
        #id => {
            let mut arguments = Arguments::new(&operations::#constant, arguments);
            let #mutable call = client.#method();
            #(#setters)*
            arguments.finish()?;
            answer(call.send().await?)
        }
    })
}

/// The builders of operations by their names.
fn builders(client: &syn::File) -> Builders<'_> {
    let items = client.items.iter().filter_map(|item| match item {
        syn::Item::Mod(module) if module.ident == "builder" => module.content.as_ref().map(|(_, items)| items),
        _ => None,
    });
    let blocks = items.flatten().filter_map(|item| match item {
        syn::Item::Impl(block) if block.trait_.is_none() => Some((super::fixups::type_name(&block.self_ty)?, block)),
        _ => None,
    });
    blocks.collect()
}

type Builders<'a> = HashMap<String, &'a syn::ItemImpl>;

/// `types::ImageId` of a setter's bound `V: TryInto<types::ImageId>`.
fn argument_type(builders: &Builders<'_>, builder: &str, setter: &str) -> Option<syn::Type> {
    let method = builders.get(builder)?.items.iter().find_map(|item| match item {
        syn::ImplItem::Fn(method) if method.sig.ident.to_string().to_snake_case() == setter.to_snake_case() => {
            Some(method)
        }
        _ => None,
    })?;
    let bounds = method.sig.generics.where_clause.as_ref()?.predicates.iter();
    bounds
        .filter_map(|predicate| match predicate {
            syn::WherePredicate::Type(bound) => Some(&bound.bounds),
            _ => None,
        })
        .flatten()
        .find_map(|bound| {
            let syn::TypeParamBound::Trait(bound) = bound else { return None };
            let segment = bound.path.segments.last().filter(|segment| segment.ident == "TryInto")?;
            let syn::PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
            arguments.args.iter().find_map(|argument| match argument {
                syn::GenericArgument::Type(ty) => Some(ty.clone()),
                _ => None,
            })
        })
}
