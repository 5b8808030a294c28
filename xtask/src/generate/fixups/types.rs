//! The types of the document's schemas.

use syn::parse_quote;

use super::{Context, in_items, inherent, module};

pub(super) fn non_exhaustive(file: &mut syn::File, _: &Context<'_>) -> usize {
    let mut count = 0;
    for item in module(file, "types").into_iter().flatten() {
        if let syn::Item::Struct(item) = item
            && matches!(item.fields, syn::Fields::Named(_))
        {
            item.attrs.push(parse_quote!(#[non_exhaustive]));
            count += 1;
        }
    }
    count
}

pub(super) fn build(file: &mut syn::File, _: &Context<'_>) -> usize {
    let mut count = 0;
    let builders = module(file, "types").and_then(|items| in_items(items, "builder"));
    for (name, block) in builders.into_iter().flat_map(|items| inherent(items)) {
        let built = quote::format_ident!("{name}");
        let doc = format!(" Builds the [`{name}`](super::{name}).");
        block.items.push(parse_quote! {
            #[doc = #doc]
            ///
            /// # Errors
            /// A field that is mandatory and was not set, or a value that its type refuses.
            pub fn build(self) -> ::std::result::Result<super::#built, super::error::ConversionError> {
                self.try_into()
            }
        });
        count += 1;
    }
    count
}
