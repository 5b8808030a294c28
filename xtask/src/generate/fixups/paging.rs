//! Operations whose answer comes in pages: a stream of all items.

use heck::ToSnakeCase;
use quote::{format_ident, quote};
use syn::parse_quote;

use super::{Context, inherent, module};

pub(super) fn streams(file: &mut syn::File, context: &Context<'_>) -> usize {
    let mut count = 0;
    for (name, block) in module(file, "builder").into_iter().flat_map(|items| inherent(items)) {
        let Some(operation) = context.model.built_by(&name) else { continue };
        let Some(paging) = &operation.paging else { continue };
        let constant = format_ident!("{}", operation.constant());
        let (limit, place) =
            (format_ident!("{}", paging.limit.to_snake_case()), format_ident!("{}", paging.place.to_snake_case()));
        let items = format_ident!("{}", paging.items.to_snake_case());
        let item = paging.item.as_ref().map_or_else(
            || quote!(::std::string::String),
            |name| {
                let name = format_ident!("{name}");
                quote!(types::#name)
            },
        );
        let total = paging.total.as_ref().map_or_else(
            || quote!(None),
            |total| {
                let total = format_ident!("{}", total.to_snake_case());
                quote!(u64::try_from(page.#total).ok())
            },
        );
        let (size, first) = (paging.size, u64::from(paging.by_page));
        let style = format_ident!("{}", if paging.by_page { "Number" } else { "Offset" });
        let (window, request) = if context.builds_body(operation) {
            let body = format_ident!("{}", operation.body_type().unwrap_or_default());
            let window = quote! {
                self.body.clone().and_then(|body| types::#body::try_from(body).map_err(|e| e.to_string())).map(|body| {
                    Window {
                        place: body.#place.map_or(#first, |place| place.get()),
                        size: body.#limit.map_or(#size, |size| size.get()),
                    }
                })
            };
            let request = quote! {
                let (size, place) = (window.size.try_into().ok(), window.place.try_into().ok());
                let request = self.clone().body_map(|body| body.#limit::<Option<_>>(size).#place::<Option<_>>(place));
            };
            (window, request)
        } else {
            let window = quote! {
                self.#limit.clone().and_then(|limit| self.#place.clone().map(|place| (limit, place))).map(|(limit, place)| {
                    Window {
                        place: place.map_or(#first, |place| place.get()),
                        size: limit.map_or(#size, |limit| limit.get()),
                    }
                })
            };
            let request = quote! {
                let request = self.clone().#limit(window.size).#place(window.place);
            };
            (window, request)
        };
        let docs = format!(
            " All items of the list, page by page: `{}` of each answer. Starts at `{}` and asks for `{}` items a page, {size} if not given.",
            paging.items, paging.place, paging.limit
        );
        block.items.push(parse_quote! {
            #[doc = #docs]
            pub fn stream(self) -> crate::paging::Items<'a, #item> {
                use crate::paging::{Items, Page, Style, Window};
                let window = #window;
                Items::new(&operations::#constant, Style::#style, window, move |window| {
                    #request
                    Box::pin(async move {
                        let page = request.send().await?.into_inner();
                        Ok(Page { total: #total, items: page.#items })
                    })
                })
            }
        });
        count += 1;
    }
    count
}
