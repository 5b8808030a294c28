//! The setters of a builder, of calls as of types: one template.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::Type;

use super::calls::inner;
use super::docs;

/// A setter.
pub(super) struct Setter<'a> {
    /// The name on the wire.
    pub(super) wire: &'a str,
    pub(super) field: &'a Ident,
    pub(super) name: &'a Ident,
    pub(super) docs: TokenStream,
    pub(super) deprecated: Option<TokenStream>,
    /// The type of what is set.
    pub(super) ty: &'a Type,
    /// The type of its items where it is a list under a name of its own.
    pub(super) wrapped: Option<Type>,
    /// Whether there is a second one, that takes an `Option`.
    pub(super) maybe: bool,
}

impl Setter<'_> {
    pub(super) fn tokens(&self) -> TokenStream {
        let Self { wire, field, name, docs, deprecated, ty, wrapped, maybe } = self;
        let maybe = maybe.then(|| {
            let maybe = format_ident!("maybe_{name}");
            let doc = docs::doc(&format!("As [`{name}`](Self::{name}), where there is a value."));
            quote! {
                #doc
                #deprecated
                pub fn #maybe(mut self, value: Option<impl TryInto<#ty, Error: Display>>) -> Self {
                    self.#field = value.and_then(|value| given(#wire, value));
                    self
                }
            }
        });
        let convert = wrapped.as_ref().map(|_| quote!(.map(|list| list.map(Into::into))));
        let (takes, take) = match wrapped.as_ref().or_else(|| inner(ty, "Vec")) {
            Some(item) => (quote!(impl IntoIterator<Item: TryInto<#item, Error: Display>>), quote!(items)),
            None => (quote!(impl TryInto<#ty, Error: Display>), quote!(given)),
        };
        quote! {
            #docs
            #deprecated
            pub fn #name(mut self, value: #takes) -> Self {
                self.#field = #take(#wire, value)#convert;
                self
            }
            #maybe
        }
    }
}
