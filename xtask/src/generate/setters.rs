//! The setters of a builder, of calls as of types: one template.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::Type;

use super::calls::inner;
use super::docs;

/// The setter of a field, which is called `wire` in JSON; `wrapped` is the type of the items where the field is a list
/// under a name of its own, and `maybe` whether there is a second setter, that takes an `Option`.
pub(super) fn setter(
    [docs, deprecated]: [Option<TokenStream>; 2],
    wire: &str,
    name: &Ident,
    ty: &Type,
    wrapped: Option<&Type>,
    maybe: bool,
) -> TokenStream {
    let maybe = maybe.then(|| {
        let maybe = format_ident!("maybe_{name}");
        let doc = docs::doc(&format!("As [`{name}`](Self::{name}), where there is a value."));
        quote! {
            #doc
            #deprecated
            pub fn #maybe(mut self, value: Option<impl TryInto<#ty, Error: Display>>) -> Self {
                self.#name = value.and_then(|value| given(#wire, value));
                self
            }
        }
    });
    let convert = wrapped.map(|_| quote!(.map(|list| list.map(Into::into))));
    let (takes, take) = match wrapped.or_else(|| inner(ty, "Vec")) {
        Some(item) => (quote!(impl IntoIterator<Item: TryInto<#item, Error: Display>>), quote!(items)),
        None => (quote!(impl TryInto<#ty, Error: Display>), quote!(given)),
    };
    quote! {
        #docs
        #deprecated
        pub fn #name(mut self, value: #takes) -> Self {
            self.#name = #take(#wire, value)#convert;
            self
        }
        #maybe
    }
}
