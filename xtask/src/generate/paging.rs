//! Operations whose answer comes in pieces: a stream of all items.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::calls::{Call, inner};
use super::docs;
use super::types::{Field, Presence, Shape, Types};
use crate::document::{Names, Paging, Style};

/// The method `stream` of an operation's builder; none if the document names what isn't there, which the lint tells.
pub(super) fn stream(call: &Call<'_>, paging: &Paging, types: &Types<'_>) -> Option<TokenStream> {
    let Shape::Struct(fields) = types.shape_of(&call.answer)? else { return None };
    let field = |wire: &str| fields.iter().find(|field| field.wire == wire);
    let list = field(&paging.items)?;
    let item = types.through("types", inner(&list.ty, "Vec")?);
    let or_default = matches!(list.presence, Presence::Optional).then(|| quote!(.unwrap_or_default()));
    let items = &list.name;
    let total = match &paging.total {
        None => quote!(None),
        Some(total) => match field(total)? {
            Field { name, presence: Presence::Optional, .. } => {
                quote!(answer.#name.and_then(|total| u64::try_from(total).ok()))
            }
            Field { name, .. } => quote!(u64::try_from(answer.#name).ok()),
        },
    };
    let no_last = quote!(None::<(&(), &str)>);
    // What is found at a way into the answer, or else of its last item.
    let found = |way: &[String], last: &TokenStream| {
        let Some((first, rest)) = way.split_first() else {
            return Some(quote!(crate::paging::marker(&(), &[], #last)));
        };
        let name = &field(first)?.name;
        Some(quote!(crate::paging::marker(&answer.#name, &[#(#rest),*], #last)))
    };
    let (style, first, marker) = match &paging.style {
        Style::Offset(_) => (quote!(Offset), 0_u64, None),
        Style::Page(_) => (quote!(Number), 1, None),
        Style::Marker { next, last, .. } => {
            let last = last.as_ref().map(|last| quote!(items.last().map(|item| (item, #last))));
            let marker = found(next.as_deref().unwrap_or_default(), &last.unwrap_or(no_last))?;
            (quote!(Marker), 0, Some(marker))
        }
        Style::Link { marker, next } => {
            let link = found(next, &no_last)?;
            (quote!(Marker), 0, Some(quote!(#link.and_then(|link| crate::paging::marker_of_link(&link, #marker)))))
        }
    };
    let parameter = |wire: &str| call.arguments.iter().find(|one| one.parameter.is_some() && one.wire == wire);
    let name = |wire: &str| match parameter(wire) {
        Some(argument) => argument.name.clone(),
        None => format_ident!("{}", Names::of_property(wire).snake),
    };
    let (limit, place, size) = (name(&paging.limit), name(paging.place()), paging.size);
    let in_query = parameter(&paging.limit).is_some();
    let mut reader = None;
    let (window, request) = match (in_query, marker.is_some()) {
        (true, true) => {
            reader = Some(quote!(, beginning));
            (
                quote! {
                    beginning(&self.#place)
                        .and_then(|marker| Ok(Window { place: 0, marker, size: number(&self.#limit, #size)? }))
                },
                quote! {
                    let mut request = self.clone().#limit(window.size);
                    request.#place = window.marker.and_then(|marker| given("marker", marker));
                },
            )
        }
        (true, false) => (
            quote! {
                number(&self.#place, #first)
                    .and_then(|place| Ok(Window { place, marker: None, size: number(&self.#limit, #size)? }))
            },
            quote!(let request = self.clone().#limit(window.size).#place(window.place);),
        ),
        (false, by_marker) => {
            let (from, to) = if by_marker {
                (
                    quote!(place: 0, marker: body.#place.map(|marker| marker.to_string())),
                    quote!(window.marker.and_then(|marker| marker.try_into().ok())),
                )
            } else {
                (
                    quote!(place: number(&body.#place.map(Ok), #first)?, marker: None),
                    quote!(window.place.try_into().ok()),
                )
            };
            (
                quote! {
                    crate::request::required("body", self.body.clone())
                        .and_then(|body| Ok(Window { #from, size: number(&body.#limit.map(Ok), #size)? }))
                },
                quote! {
                    let mut request = self.clone();
                    if let Some(Ok(body)) = &mut request.body {
                        body.#limit = window.size.try_into().ok();
                        body.#place = #to;
                    }
                },
            )
        }
    };
    let marker = marker.unwrap_or_else(|| quote!(None));
    let doc = docs::doc(&format!(
        "All items of the list, page by page: `{}` of each answer. Starts at `{}` and asks for `{}` items a page, {size} if not given.",
        paging.items,
        paging.place(),
        paging.limit
    ));
    Some(quote! {
        #doc
        #[inline]
        pub fn stream(self) -> crate::paging::Items<#item> {
            use crate::paging::{Items, Page, Style, Window, number #reader};
            let window = #window;
            Items::new(self.call.operation(), Style::#style, window, move |window| {
                #request
                Box::pin(async move {
                    let answer = request.send().await?.into_inner();
                    let items = answer.#items #or_default;
                    Ok(Page { total: #total, marker: #marker, items })
                })
            })
        }
    })
}
