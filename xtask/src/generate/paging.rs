//! Operations whose answer comes in pieces: a stream of all items.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Type;

use super::context::Context;
use super::docs;
use super::signatures::inner;
use super::types::{Field, Presence, Shape, qualified};
use crate::document::{Names, Operation, Paging, Style};

/// The method `stream` of an operation's builder.
///
/// # Errors
/// What the document says of paging that isn't so.
pub(super) fn stream(context: &Context<'_>, operation: &Operation, paging: &Paging) -> Result<TokenStream, String> {
    let answer = context.signatures.get(&operation.names.snake).map(|signature| &signature.answer);
    let Some(Shape::Struct(fields)) = answer.and_then(|answer| context.types.shape_of(answer)) else {
        return Err(format!("{}: x-ims-paging, but the answer is no object", operation.name()));
    };
    let field = |wire: &str| {
        let missing = || format!("{}: x-ims-paging names {wire}, which the answer doesn't have", operation.name());
        fields.iter().find(|field| field.wire == wire).ok_or_else(missing)
    };
    let list = field(&paging.items)?;
    let item = inner(&list.ty, "Vec").map(qualified);
    let item: Type = item.ok_or_else(|| format!("{}: {} is no list", operation.name(), paging.items))?;
    let items = or_default(list);
    let total = paging.total.as_deref().map(field).transpose()?.map(|total| {
        let name = &total.name;
        match total.presence {
            Presence::Optional => quote!(answer.#name.and_then(|total| u64::try_from(total).ok())),
            Presence::Required | Presence::Defaulted(_) | Presence::Rest => quote!(u64::try_from(answer.#name).ok()),
        }
    });
    let total = total.unwrap_or_else(|| quote!(None));
    let marker = match &paging.style {
        Style::Offset(_) | Style::Page(_) => quote!(None),
        Style::Marker { next, last, .. } => {
            let last = match last {
                Some(last) => quote!(items.last().map(|item| (item, #last))),
                None => quote!(None::<(&(), &str)>),
            };
            next_marker(next.as_deref().unwrap_or_default(), &last, &field)?
        }
        Style::Link { marker, next } => {
            let link = next_marker(next, &quote!(None::<(&(), &str)>), &field)?;
            quote!(#link.and_then(|link| crate::paging::marker_of_link(&link, #marker)))
        }
    };
    let (limit, place, size) = (name(&paging.limit, operation), name(paging.place(), operation), paging.size);
    let (style, first) = match &paging.style {
        Style::Offset(_) => (quote!(Offset), 0_u64),
        Style::Page(_) => (quote!(Number), 1),
        Style::Marker { .. } | Style::Link { .. } => (quote!(Marker), 0),
    };
    let by_marker = matches!(paging.style, Style::Marker { .. } | Style::Link { .. });
    let in_query = operation.parameters.iter().any(|parameter| parameter.name == paging.limit);
    let (window, request) = match (in_query, by_marker) {
        (true, true) => (
            quote! {
                beginning(&self.#place)
                    .and_then(|marker| Ok(Window { place: 0, marker, size: number(&self.#limit, #size)? }))
            },
            quote! {
                let mut request = self.clone().#limit(window.size);
                request.#place = window.marker.and_then(|marker| given("marker", marker));
            },
        ),
        (true, false) => (
            quote! {
                number(&self.#place, #first)
                    .and_then(|place| Ok(Window { place, marker: None, size: number(&self.#limit, #size)? }))
            },
            quote!(let request = self.clone().#limit(window.size).#place(window.place);),
        ),
        (false, _) => {
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
    let readers = match in_query && by_marker {
        true => vec![quote!(number), quote!(beginning)],
        false => vec![quote!(number)],
    };
    let doc = docs::doc(&format!(
        "All items of the list, page by page: `{}` of each answer. Starts at `{}` and asks for `{}` items a page, {size} if not given.",
        paging.items,
        paging.place(),
        paging.limit
    ));
    Ok(quote! {
        #doc
        pub fn stream(self) -> crate::paging::Items<#item> {
            use crate::paging::{Items, Page, Style, Window, #(#readers),*};
            let window = #window;
            Items::new(self.call.operation(), Style::#style, window, move |window| {
                #request
                Box::pin(async move {
                    let answer = request.send().await?.into_inner();
                    let items = #items;
                    Ok(Page { total: #total, marker: #marker, items })
                })
            })
        }
    })
}

fn or_default(list: &Field) -> TokenStream {
    let name = &list.name;
    match list.presence {
        Presence::Optional => quote!(answer.#name.unwrap_or_default()),
        Presence::Required | Presence::Defaulted(_) | Presence::Rest => quote!(answer.#name),
    }
}

/// What is found at a way into the answer, or else of its last item.
fn next_marker<'f>(
    way: &[String],
    last: &TokenStream,
    field: &impl Fn(&str) -> Result<&'f Field, String>,
) -> Result<TokenStream, String> {
    let Some((first, rest)) = way.split_first() else { return Ok(quote!(crate::paging::marker(&(), &[], #last))) };
    let name = &field(first)?.name;
    Ok(quote!(crate::paging::marker(&answer.#name, &[#(#rest),*], #last)))
}

/// The name in Rust of a parameter, or of a property of the body.
fn name(wire: &str, operation: &Operation) -> proc_macro2::Ident {
    let parameter = operation.parameters.iter().find(|parameter| parameter.name == wire);
    let names = parameter.map_or_else(|| Names::of_property(wire), |parameter| parameter.names.clone());
    format_ident!("{}", names.snake)
}
