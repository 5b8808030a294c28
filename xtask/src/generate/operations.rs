//! The operations: a method of the client and a builder for each, whose `send` comes from one template; the same as data;
//! and the error tables.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Type;

use super::context::Context;
use super::docs;
use super::limits;
use super::signatures::{Signature, inner};
use super::types::{Shape, name_of, qualified};
use crate::document::{ErrorRow, Location, Operation, Parameter};

/// The methods, the builders and the module of operations.
///
/// # Errors
/// An operation or parameter that progenitor has another name for.
pub(super) fn client(context: &Context<'_>) -> Result<TokenStream, String> {
    let limited = limits::limited(context.types);
    let (mut methods, mut builders) = (TokenStream::new(), TokenStream::new());
    for operation in &context.operations {
        let names = &operation.names;
        let (method, builder) = (format_ident!("{}", names.snake), format_ident!("{}", names.pascal));
        let doc = docs::doc(&docs::operation(context.document, operation));
        let deprecated = operation.deprecated.then(|| docs::deprecated(&operation.description));
        methods.extend(quote! {
            #doc
            #deprecated
            pub fn #method(&self) -> builder::#builder {
                builder::#builder::new(self)
            }
        });
        builders.extend(self::builder(context, operation, &limited)?);
    }
    let data = data(&context.operations);
    let jobs = jobs(context);
    Ok(quote! {
        impl Client { #methods }
        /// The arguments of each call. Each setter takes what converts to its argument's type; of a list, anything whose
        /// items convert. An argument that may be left out has a second one, `maybe_…`, that takes an `Option`.
        pub mod builder {
            use std::fmt::Display;
            use super::{operations, types};
            use crate::request::{Call, Optional, Required, call, given};
            #[allow(unused_imports, reason = "only some documents have lists as bodies")]
            use crate::request::items;
            use crate::{Client, Error, Response};
            #builders
        }
        #data
        #jobs
    })
}

/// An argument of a call: a parameter, or the body.
struct Argument<'a> {
    /// The name on the wire.
    wire: &'a str,
    name: &'a str,
    ty: &'a Type,
    required: bool,
    deprecated: Option<TokenStream>,
    docs: String,
}

/// The parameters by name: their order in the document says nothing.
pub(super) fn parameters(operation: &Operation) -> Vec<&Parameter> {
    let mut parameters: Vec<&Parameter> = operation.parameters.iter().collect();
    parameters.sort_by(|a, b| a.names.snake.cmp(&b.names.snake));
    parameters
}

fn arguments<'a>(operation: &'a Operation, signature: &'a Signature) -> Result<Vec<Argument<'a>>, String> {
    let bodies = operation.body.iter().filter_map(|body| body.media());
    let answer = operation.answer().and_then(|answer| answer.media());
    if let Some(media) = bodies.chain(answer).find(|media| !media.is_json()) {
        return Err(format!("{}: a body is {}, and only JSON is sent and read", operation.name(), media.media_type));
    }
    let parameters = parameters(operation).into_iter().map(|parameter| {
        let Parameter { name, names, text, .. } = parameter;
        Ok(Argument {
            wire: name,
            name: &names.snake,
            ty: signature.argument(operation, &names.snake)?,
            required: parameter.required && !parameter.defaults_to_project,
            deprecated: parameter.deprecated.then(|| docs::deprecated(text)),
            docs: docs::parameter(parameter),
        })
    });
    let body = operation.body.iter().map(|body| {
        Ok(Argument {
            wire: "body",
            name: "body",
            ty: signature.argument(operation, "body")?,
            required: body.required,
            deprecated: None,
            docs: docs::body(&body.text),
        })
    });
    parameters.chain(body).collect()
}

fn builder(context: &Context<'_>, operation: &Operation, limited: &BTreeSet<String>) -> Result<TokenStream, String> {
    let names = &operation.names;
    let signature = context.signature(operation)?;
    let arguments = arguments(operation, signature)?;
    let (name, constant) = (format_ident!("{}", names.pascal), format_ident!("{}", names.constant));
    let doc = docs::doc(&format!(
        "Arguments of [`Client::{method}`](super::Client::{method}), sent by [`send`](Self::send).",
        method = names.snake
    ));
    let fields: Vec<_> = arguments.iter().map(|argument| format_ident!("{}", argument.name)).collect();
    let kinds = arguments.iter().map(|Argument { ty, required, .. }| {
        let kind = if *required { quote!(Required) } else { quote!(Optional) };
        quote!(#kind<#ty>)
    });
    let setters = arguments.iter().map(|argument| setter(context, argument));
    let answer = &signature.answer;
    let send = send(operation, signature, limited);
    let stream =
        operation.paging.as_ref().map(|paging| super::paging::stream(context, operation, paging)).transpose()?;
    Ok(quote! {
        #doc
        #[derive(Debug, Clone)]
        #[must_use = "nothing is sent before it is awaited"]
        pub struct #name { call: Call, #(#fields: #kinds,)* }
        impl #name {
            pub(crate) fn new(client: &Client) -> Self {
                Self { call: Call::new(client, &operations::#constant), #(#fields: None,)* }
            }
            #(#setters)*
            #send
            #stream
        }
        call!(#name, #answer);
    })
}

fn setter(context: &Context<'_>, argument: &Argument<'_>) -> TokenStream {
    let Argument { wire, name, ty, required, deprecated, docs } = argument;
    let (field, doc) = (format_ident!("{name}"), docs::doc(docs));
    let wrapped = match context.types.shape_of(ty) {
        Some(Shape::Wrapper(of)) => inner(of, "Vec"),
        _ => None,
    };
    let convert = wrapped.map(|_| quote!(.map(|list| list.map(Into::into))));
    let (takes, take) = match wrapped.map(qualified).or_else(|| inner(ty, "Vec").cloned()) {
        Some(item) => (quote!(impl IntoIterator<Item: TryInto<#item, Error: Display>>), quote!(items)),
        None => (quote!(impl TryInto<#ty, Error: Display>), quote!(given)),
    };
    let maybe = (!required && wrapped.is_none() && inner(ty, "Vec").is_none()).then(|| {
        let maybe = format_ident!("maybe_{name}");
        let doc = docs::doc(&format!("As [`{name}`](Self::{name}), where there is a value."));
        quote! {
            #doc
            #deprecated
            pub fn #maybe(mut self, value: Option<#takes>) -> Self {
                self.#field = value.and_then(|value| given(#wire, value));
                self
            }
        }
    });
    quote! {
        #doc
        #deprecated
        pub fn #field(mut self, value: #takes) -> Self {
            self.#field = #take(#wire, value)#convert;
            self
        }
        #maybe
    }
}

/// The template of `send`.
fn send(operation: &Operation, signature: &Signature, limited: &BTreeSet<String>) -> TokenStream {
    let arguments = parameters(operation).into_iter().map(|parameter| {
        let (field, wire) = (format_ident!("{}", parameter.names.snake), &parameter.name);
        let required = parameter.required.then(|| quote!(let #field = request.require(#wire, #field);));
        match parameter.location {
            Location::Path if parameter.defaults_to_project => quote!(request.project(#wire, #field);),
            Location::Path => quote!(request.path(#wire, #field);),
            Location::Query => quote!(#required request.query(#wire, #field);),
            Location::Header | Location::Cookie => quote!(#required request.header(#wire, #field);),
        }
    });
    let body =
        operation.body.as_ref().zip(operation.body.as_ref().and_then(|body| body.media())).map(|(body, media)| {
            let required = body.required.then(|| quote!(let body = request.require("body", body);));
            let is_limited = media.schema.as_ref().is_some_and(|schema| limits::leads_to(schema, limited));
            let check = if is_limited { quote!(crate::limits::Check::check) } else { quote!(|_| Ok(())) };
            let media_type = &media.media_type;
            quote!(#required request.body(#media_type, body, #check);)
        });
    let fields = operation.parameters.iter().map(|parameter| format_ident!("{}", parameter.names.snake));
    let body_field = operation.body.is_some().then(|| quote!(body,));
    let doc = docs::doc(&docs::send(operation));
    let answer = &signature.answer;
    let end = if signature.is_empty() {
        quote!(request.send_empty().await)
    } else {
        let media = operation.answer().and_then(|answer| answer.media());
        let media_type = media.map_or("application/json", |media| &media.media_type);
        quote!(request.send(#media_type).await)
    };
    let mutable = (!operation.parameters.is_empty() || operation.body.is_some()).then(|| quote!(mut));
    quote! {
        #doc
        pub async fn send(self) -> Result<Response<#answer>, Error> {
            let Self { call, #(#fields,)* #body_field } = self;
            let #mutable request = call.request();
            #(#arguments)*
            #body
            #end
        }
    }
}

/// The answers that name a job can wait for it.
fn jobs(context: &Context<'_>) -> TokenStream {
    let mut done = BTreeSet::new();
    let jobs = context.operations.iter().filter_map(|operation| {
        let answer = &context.signatures.get(&operation.names.snake)?.answer;
        let Shape::Struct(fields) = context.types.shape_of(answer)? else { return None };
        let job = operation.job.as_ref()?;
        let field = fields.iter().find(|field| field.wire == *job)?;
        done.insert(name_of(answer)?).then(|| {
            let name = &field.name;
            quote! {
                impl #answer {
                    /// Waits until the job is done: its outcome, or the error it failed with.
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
fn data(all: &[&Operation]) -> TokenStream {
    let statics = all.iter().map(|operation| {
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
    let names = all.iter().map(|operation| format_ident!("{}", operation.names.constant));
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
pub(super) fn error_table(operations: &[&Operation]) -> TokenStream {
    let tables: Vec<(&&Operation, Vec<ErrorRow>)> =
        operations.iter().map(|operation| (operation, operation.errors_by_status())).collect();
    let mut rows: Vec<&ErrorRow> = Vec::new();
    for row in tables.iter().flat_map(|(_, rows)| rows) {
        if !rows.contains(&row) {
            rows.push(row);
        }
    }
    let mut kinds: Vec<&ErrorRow> = Vec::new();
    for row in &rows {
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
    let consts = rows.iter().map(|row| {
        let (name, kind) = (constant(&rows, row), format_ident!("{}", row.names.pascal));
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
        let names = sorted.iter().map(|row| constant(&rows, row));
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

/// The name of a row's constant: its kind, with a number where several rows share one.
fn constant(rows: &[&ErrorRow], row: &ErrorRow) -> proc_macro2::Ident {
    let mut same = rows.iter().filter(|other| other.names == row.names);
    let base = &row.names.constant;
    match same.position(|other| *other == row) {
        None | Some(0) => format_ident!("{base}_ROW"),
        Some(position) => format_ident!("{base}_ROW_{}", position + 1),
    }
}

/// The file `dynamic.rs`: calls by operation id with JSON arguments, a function each.
pub(super) fn dynamic(context: &Context<'_>) -> Result<TokenStream, String> {
    let calls = context.operations.iter().map(|operation| {
        let signature = context.signature(operation)?;
        let method = format_ident!("{}", operation.names.snake);
        let arguments = arguments(operation, signature)?;
        let setters = arguments.iter().map(|Argument { wire, name, ty, .. }| {
            let setter = format_ident!("{name}");
            let value = if *name == "body" {
                quote!(arguments.body::<#ty>()?)
            } else {
                quote!(arguments.parameter::<#ty>(#wire)?)
            };
            let take = match context.types.shape_of(ty) {
                Some(Shape::Wrapper(of)) if inner(of, "Vec").is_some() => quote!(value.0),
                _ => quote!(value),
            };
            quote!(if let Some(value) = #value { call = call.#setter(#take); })
        });
        let mutable = (!arguments.is_empty()).then(|| quote!(mut));
        Ok(quote! {
            |client, #mutable arguments| Box::pin(async move {
                let #mutable call = client.#method();
                #(#setters)*
                arguments.finish()?;
                untyped(call.send().await?)
            })
        })
    });
    let calls: Vec<TokenStream> = calls.collect::<Result<_, String>>()?;
    Ok(quote! {
        use crate::dynamic::{Calling, untyped};
        #[allow(unused_imports, reason = "only some documents have types of their own")]
        use crate::generated::client::types;

        /// How each of [`crate::operations::ALL`] is called.
        pub(crate) static CALLS: &[Calling] = &[#(#calls),*];
    })
}
