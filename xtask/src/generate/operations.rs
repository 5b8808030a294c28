//! The operations: a method of the client and a builder for each, whose `send` comes from one template; the same as data;
//! and the error tables.

use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::calls::{Argument, Call, inner};
use super::items::Output;
use super::types::{Shape, Types, name_of};
use super::{docs, limits, paging, setters};
use crate::document::{Document, ErrorRow, Location, Operation};

/// The methods, the builders and the module of operations.
///
/// # Errors
/// What of it is no Rust.
pub(super) fn client(
    document: &Document,
    calls: &[Call<'_>],
    types: &Types<'_>,
    limited: &BTreeSet<&str>,
    out: &mut Output<'_, '_>,
) -> syn::Result<()> {
    let methods = calls.iter().map(|Call { operation, .. }| {
        let (method, builder) =
            (format_ident!("{}", operation.names.snake), format_ident!("{}", operation.names.pascal));
        let doc = docs::doc(&docs::operation(document, operation));
        let deprecated = operation.deprecated.then(|| docs::deprecated(&operation.description));
        quote! {
            #doc
            #deprecated
            #[inline]
            pub fn #method(&self) -> builder::#builder {
                builder::#builder::new(self)
            }
        }
    });
    let start = quote! {
        impl Client { #(#methods)* }
        /// The arguments of each call. Each setter takes what converts to its argument's type; of a list, anything whose
        /// items convert. An argument that may be left out has a second one, `maybe_…`, that takes an `Option`.
        pub mod builder {
            use std::fmt::Display;
            use super::{operations, types};
            use crate::request::{Call, Optional, Required, call, given};
            #[allow(unused_imports, reason = "only some documents have lists as bodies")]
            use crate::request::items;
            use crate::{Client, ResponseFuture};
        }
    };
    out.add(&[], start)?;
    for call in calls {
        out.add(&["builder"], builder(call, types, limited))?;
    }
    out.add(&[], data(calls))?;
    out.add(&[], jobs(calls, types))
}

fn builder(call: &Call<'_>, types: &Types<'_>, limited: &BTreeSet<&str>) -> TokenStream {
    let Call { operation, arguments, answer } = call;
    let names = &operation.names;
    let (name, constant) = (format_ident!("{}", names.pascal), format_ident!("{}", names.constant));
    let doc = docs::doc(&format!(
        "Arguments of [`Client::{method}`](super::Client::{method}), sent by [`send`](Self::send).",
        method = names.snake
    ));
    let fields: Vec<_> = arguments.iter().map(|argument| &argument.name).collect();
    let kinds = arguments.iter().map(|Argument { ty, required, .. }| {
        let kind = if *required { quote!(Required) } else { quote!(Optional) };
        quote!(#kind<#ty>)
    });
    let setters = arguments.iter().map(|argument| setter(operation, argument, types));
    let send = send(call, limited);
    let stream = operation.paging.as_ref().and_then(|paging| paging::stream(call, paging, types));
    quote! {
        #doc
        #[derive(Debug, Clone)]
        #[must_use = "nothing is sent before it is awaited"]
        pub struct #name { call: Call, #(#fields: #kinds,)* }
        impl #name {
            #[inline]
            pub(crate) fn new(client: &Client) -> Self {
                Self { call: Call::new(client, &operations::#constant), #(#fields: None,)* }
            }
            #(#setters)*
            #send
            #stream
        }
        call!(#name, #answer);
    }
}

fn setter(operation: &Operation, argument: &Argument<'_>, types: &Types<'_>) -> TokenStream {
    let Argument { wire, name, ty, required, parameter } = argument;
    let wrapped = match types.shape_of(ty) {
        Some(Shape::Wrapper(of)) => inner(of, "Vec").map(|item| types.through("types", item)),
        _ => None,
    };
    let (docs, deprecated) = match (parameter, &operation.body) {
        (Some(it), _) => (docs::parameter(it), it.deprecated.then(|| docs::deprecated(&it.text))),
        (None, body) => (body.as_ref().map(|body| docs::body(&body.text)).unwrap_or_default(), None),
    };
    let maybe = !required && wrapped.is_none() && inner(ty, "Vec").is_none();
    setters::setter([Some(docs::doc(&docs)), deprecated], wire, name, ty, wrapped.as_ref(), maybe)
}

/// The template of `send`.
fn send(call: &Call<'_>, limited: &BTreeSet<&str>) -> TokenStream {
    let Call { operation, arguments, answer } = call;
    let arguments = arguments.iter().map(|Argument { wire, name, parameter, .. }| {
        let Some(parameter) = parameter else { return body(operation, limited) };
        let required = parameter.required.then(|| quote!(let #name = request.require(#wire, #name);));
        match parameter.location {
            Location::Path if parameter.defaults_to_project => quote!(request.project(#wire, #name);),
            Location::Path => quote!(request.path(#wire, #name);),
            Location::Query => quote!(#required request.query(#wire, #name);),
            Location::Header | Location::Cookie => quote!(#required request.header(#wire, #name);),
        }
    });
    let fields = operation.parameters.iter().map(|parameter| format_ident!("{}", parameter.names.snake));
    let body_field = operation.body.is_some().then(|| quote!(body,));
    let doc = docs::doc(&docs::send(operation));
    let end = if call.is_empty() {
        quote!(request.send_empty())
    } else {
        let media = operation.answer().and_then(|answer| answer.media());
        let media_type = media.map_or("application/json", |media| &media.media_type);
        quote!(request.send(#media_type))
    };
    let mutable = (!call.arguments.is_empty()).then(|| quote!(mut));
    quote! {
        #doc
        #[inline]
        pub fn send(self) -> ResponseFuture<#answer> {
            let Self { call, #(#fields,)* #body_field } = self;
            let #mutable request = call.request();
            #(#arguments)*
            #end
        }
    }
}

fn body(operation: &Operation, limited: &BTreeSet<&str>) -> TokenStream {
    let Some((body, media)) = operation.body.as_ref().and_then(|body| Some((body, body.media()?))) else {
        return TokenStream::new();
    };
    let required = body.required.then(|| quote!(let body = request.require("body", body);));
    let is_limited = media.schema.as_ref().is_some_and(|schema| limits::leads_to(schema, limited));
    let check = if is_limited { quote!(crate::limits::Check::check) } else { quote!(|_| Ok(())) };
    let media_type = &media.media_type;
    quote!(#required request.body(#media_type, body, #check);)
}

/// The answers that name a job can wait for it.
fn jobs(calls: &[Call<'_>], types: &Types<'_>) -> TokenStream {
    let mut done = BTreeSet::new();
    let jobs = calls.iter().filter_map(|Call { operation, answer, .. }| {
        let Shape::Struct(fields) = types.shape_of(answer)? else { return None };
        let job = operation.job.as_ref()?;
        let name = &fields.iter().find(|field| field.wire == *job)?.name;
        done.insert(name_of(answer)?).then(|| {
            quote! {
                impl #answer {
                    /// Waits until the job is done: its outcome, or the error it failed with.
                    #[inline]
                    pub fn wait(&self, client: &Client) -> crate::jobs::WaitForJob {
                        client.wait_for_job(self.#name.to_string())
                    }
                }
            }
        })
    });
    jobs.collect()
}

/// The module with one constant per operation.
fn data(calls: &[Call<'_>]) -> TokenStream {
    let statics = calls.iter().map(|Call { operation, .. }| {
        let Operation { method, path, idempotent, page, names, .. } = operation;
        let (id, method) = (operation.name(), method.to_uppercase());
        let (name, doc) = (format_ident!("{}", names.constant), docs::doc(&format!("`{method} {path}`")));
        let success = operation.successes().filter_map(|success| success.codes());
        let mut success: Vec<(u16, u16)> = success.map(std::ops::RangeInclusive::into_inner).collect();
        success.sort_unstable();
        if success.is_empty() {
            success.push((200, 299));
        }
        let success = success.into_iter().map(|(from, to)| quote!(#from..=#to));
        let needs_credentials = !operation.security.is_empty();
        quote! {
            #doc
            pub static #name: Operation = Operation {
                id: #id,
                method: #method,
                path: #path,
                idempotent: #idempotent,
                needs_credentials: #needs_credentials,
                success: &[#(#success),*],
                errors: error_table::#name,
                page: #page,
            };
        }
    });
    let names = calls.iter().map(|call| format_ident!("{}", call.operation.names.constant));
    quote! {
        /// The operations of the document, as data.
        pub mod operations {
            use crate::Operation;
            use crate::generated::error_table;
            #(#statics)*
            /// All operations, by path.
            pub static ALL: &[&Operation] = &[#(&#names),*];
        }
    }
}

/// The file `error_table.rs`.
pub(super) fn error_table(calls: &[Call<'_>]) -> TokenStream {
    let tables: Vec<(&Operation, Vec<ErrorRow>)> =
        calls.iter().map(|call| (call.operation, call.operation.errors())).collect();
    let (mut rows, mut kinds) = (Vec::<(&ErrorRow, Ident)>::new(), Vec::<&ErrorRow>::new());
    for row in tables.iter().flat_map(|(_, rows)| rows) {
        if rows.iter().any(|(known, _)| *known == row) {
            continue;
        }
        // Its kind, with a number where several rows share one.
        let base = &row.names.constant;
        rows.push(match rows.iter().filter(|(known, _)| known.names == row.names).count() {
            0 => (row, format_ident!("{base}_ROW")),
            others => (row, format_ident!("{base}_ROW_{}", others + 1)),
        });
        if kinds.iter().all(|known| known.names != row.names) {
            kinds.push(row);
        }
    }
    kinds.sort_by_key(|row| row.status);
    let variants = kinds.iter().map(|row| {
        let name = format_ident!("{}", row.names.pascal);
        let (english, chinese) = (docs::one_line(&row.text.english), docs::one_line(&row.text.chinese));
        let doc = docs::doc(&format!("`{} {}`: {english}\n\n{chinese}", row.status, row.reason));
        quote!(#doc #name)
    });
    let consts = rows.iter().map(|(row, name)| {
        let kind = format_ident!("{}", row.names.pascal);
        let ErrorRow { status, reason, text, .. } = row;
        let (english, chinese) = (&text.english, &text.chinese);
        quote! {
            const #name: ErrorRow = ErrorRow {
                status: #status,
                reason: #reason,
                kind: ErrorKind::#kind,
                english: #english,
                chinese: #chinese,
            };
        }
    });
    let tables = tables.iter().map(|(operation, sorted)| {
        let name = format_ident!("{}", operation.names.constant);
        let doc = docs::doc(&format!("The error table of `{}`.", operation.name()));
        let names = sorted.iter().filter_map(|row| rows.iter().find(|(known, _)| *known == row)).map(|(_, name)| name);
        quote! {
            #doc
            pub(crate) static #name: &[ErrorRow] = &[#(#names),*];
        }
    });
    quote! {
        use crate::ErrorRow;

        /// Which row of the error table an answer belongs to.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum ErrorKind { #(#variants),* }

        #(#consts)*
        #(#tables)*
    }
}

/// The file `dynamic.rs`: calls by operation id with JSON arguments, a function each.
pub(super) fn dynamic(calls: &[Call<'_>], types: &Types<'_>) -> TokenStream {
    let calls = calls.iter().map(|Call { operation, arguments, .. }| {
        let method = format_ident!("{}", operation.names.snake);
        let setters = arguments.iter().map(|Argument { wire, name, ty, parameter, .. }| {
            let value = match parameter {
                Some(_) => quote!(arguments.parameter::<#ty>(#wire)?),
                None => quote!(arguments.body::<#ty>()?),
            };
            let take = match types.shape_of(ty) {
                Some(Shape::Wrapper(of)) if inner(of, "Vec").is_some() => quote!(value.0),
                _ => quote!(value),
            };
            quote!(if let Some(value) = #value { call = call.#name(#take); })
        });
        let mutable = (!arguments.is_empty()).then(|| quote!(mut));
        quote! {
            |client, #mutable arguments| Box::pin(async move {
                let #mutable call = client.#method();
                #(#setters)*
                arguments.finish()?;
                untyped(call.send().await?)
            })
        }
    });
    quote! {
        use crate::dynamic::{Calling, untyped};
        #[allow(unused_imports, reason = "only some documents have types of their own")]
        use crate::generated::client::types;

        /// How each of [`crate::operations::ALL`] is called.
        pub(crate) static CALLS: &[Calling] = &[#(#calls),*];
    }
}
