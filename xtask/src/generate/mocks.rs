//! The typed mocks: for each operation which requests are meant, what is answered, and a method that mocks it.

use axum::http::StatusCode;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Type;

use super::context::Context;
use super::docs::{doc, one_line};
use super::operations::parameters;
use super::signatures::{Signature, inner};
use super::types::{Shape, name_of};
use crate::document::{Location, Names, Operation, Parameter, Response};

/// The file `httpmock.rs`.
///
/// # Errors
/// An operation or parameter that progenitor has another name for.
pub(super) fn mocks(context: &Context<'_>) -> Result<TokenStream, String> {
    let (mut halves, mut declared, mut defined) = (TokenStream::new(), TokenStream::new(), TokenStream::new());
    for operation in &context.operations {
        let signature = context.signature(operation)?;
        let method = format_ident!("{}", operation.names.snake);
        let [when, then] = ["When", "Then"].map(|half| format_ident!("{}{half}", operation.names.pascal));
        let text = format!("Mocks `{}`: `{} {}`.", operation.name(), operation.method.to_uppercase(), operation.path);
        let doc = doc(&text);
        halves.extend(self::when(context, operation, signature)?);
        halves.extend(self::then(context, operation, signature));
        declared.extend(quote! {
            #doc
            fn #method<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
            where
                F: FnOnce(operations::#when, operations::#then);
        });
        defined.extend(quote! {
            fn #method<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
            where
                F: FnOnce(operations::#when, operations::#then)
            {
                self.mock(|when, then| config_fn(operations::#when::new(when), operations::#then::new(then)))
            }
        });
    }
    Ok(quote! {
        /// [`When`](::httpmock::When) and [`Then`](::httpmock::Then) of each operation: what the document allows.
        /// `into_inner` gives the untyped half, to leave it.
        pub mod operations {
            #[allow(unused_imports, reason = "only some documents have parameters of each kind")]
            use crate::mocks::{answer, header, path, query};
            #[allow(unused_imports, reason = "only some documents have types of their own")]
            use crate::types;
            #halves
        }
        /// A method of [`MockServer`](::httpmock::MockServer) for each operation, as
        /// [`mock()`](::httpmock::MockServer::mock) with types.
        pub trait MockServerExt { #declared }
        impl MockServerExt for ::httpmock::MockServer { #defined }
    })
}

/// Which requests are meant.
fn when(context: &Context<'_>, operation: &Operation, signature: &Signature) -> Result<TokenStream, String> {
    let name = format_ident!("{}When", operation.names.pascal);
    let about = doc(&format!("Which requests of `{}` the mock answers.", operation.name()));
    let (method, template) = (format_ident!("{}", operation.method.to_uppercase()), &operation.path);
    let parameters = parameters(operation).into_iter().map(|parameter| {
        let Parameter { names, name: wire, location, required, .. } = parameter;
        let (setter, ty) = (format_ident!("{}", names.snake), signature.argument(operation, &names.snake)?);
        let about = doc(&format!("Only requests whose `{wire}` is this."));
        let of = match location {
            Location::Path => None,
            Location::Query => Some(quote!(query)),
            Location::Header | Location::Cookie => Some(quote!(header)),
        };
        let (generics, takes, value) = if *required || of.is_none() {
            (None, handed(context, ty, None), quote!(Some(value)))
        } else {
            let takes = handed(context, ty, Some(&quote!('a)));
            let lifetime = takes.to_string().starts_with('&').then(|| quote!('a,));
            (Some(quote!(<#lifetime T: Into<Option<#takes>>>)), quote!(T), quote!(value.into()))
        };
        let matched = match of {
            Some(of) => quote!(#of(self.0, #wire, #value)),
            None => quote!(path(self.0, #template, #wire, value)),
        };
        Ok(quote! {
            #about
            pub fn #setter #generics (self, value: #takes) -> Self {
                Self(#matched)
            }
        })
    });
    let parameters: Vec<TokenStream> = parameters.collect::<Result<_, String>>()?;
    let body = operation.body.is_some().then(|| signature.argument(operation, "body")).transpose()?.map(|ty| {
        let takes = handed(context, ty, None);
        quote! {
            /// Only requests with this body.
            pub fn body(self, value: #takes) -> Self {
                Self(self.0.json_body_obj(&value))
            }
        }
    });
    Ok(quote! {
        #about
        pub struct #name(::httpmock::When);
        impl #name {
            /// Wraps the untyped half of a mock.
            pub fn new(inner: ::httpmock::When) -> Self {
                Self(path(inner.method(::httpmock::Method::#method), #template, "", ""))
            }
            /// The untyped half, to leave what the document allows.
            pub fn into_inner(self) -> ::httpmock::When {
                self.0
            }
            #(#parameters)*
            #body
        }
    })
}

/// What is answered.
fn then(context: &Context<'_>, operation: &Operation, signature: &Signature) -> TokenStream {
    let name = format_ident!("{}Then", operation.names.pascal);
    let about = doc(&format!("What the mock of `{}` answers.", operation.name()));
    let mut responses: Vec<_> = operation.responses.iter().collect();
    responses.sort_by(|a, b| a.status.cmp(&b.status));
    let answers = responses.into_iter().filter_map(|response| answer(context, operation, signature, response));
    quote! {
        #about
        pub struct #name(::httpmock::Then);
        impl #name {
            /// Wraps the untyped half of a mock.
            pub fn new(inner: ::httpmock::Then) -> Self {
                Self(inner)
            }
            /// The untyped half, to leave what the document allows.
            pub fn into_inner(self) -> ::httpmock::Then {
                self.0
            }
            #(#answers)*
        }
    }
}

fn answer(
    context: &Context<'_>,
    operation: &Operation,
    signature: &Signature,
    response: &Response,
) -> Option<TokenStream> {
    let (first, last) = response.codes()?.into_inner();
    let about = doc(&match response.error_row() {
        Some(row) => format!("Answers {} {}: {}", row.status, row.reason, one_line(&row.text.english)),
        None if matches!(first, 400..) => format!("Answers {}.", response.status),
        None => "Answers with success.".to_owned(),
    });
    let (name, argument, check, status) = if first == last {
        let reason = StatusCode::from_u16(first).ok().and_then(|status| status.canonical_reason());
        (Names::of_reason(first, reason.unwrap_or_default()).snake, None, None, quote!(#first))
    } else {
        let class = first / 100;
        let name = match class {
            2 => "success",
            3 => "redirect",
            4 => "client_error",
            5 => "server_error",
            _ => return None,
        };
        let check = quote!(assert_eq!(status / 100, #class););
        (name.to_owned(), Some(quote!(status: u16,)), Some(check), quote!(status))
    };
    let name = format_ident!("{name}");
    let is_answer = operation.answer().is_some_and(|answer| answer.status == response.status);
    let component = response.media().and_then(|media| media.schema.as_ref()?.component());
    // Of a schema that is no component, only that of the answer has a type.
    let value = match component {
        _ if is_answer => (!signature.is_empty()).then(|| handed(context, &signature.answer, None)),
        Some(component) => {
            let ty = format_ident!("{}", Names::of_type(component).pascal);
            Some(handed(context, &syn::parse_quote!(types::#ty), None))
        }
        None => None,
    };
    let (value, answer) = match value {
        Some(ty) => (Some(quote!(value: #ty)), quote!(answer(self.0, #status, &value))),
        None => (None, quote!(self.0.status(#status))),
    };
    Some(quote! {
        #about
        pub fn #name(self, #argument #value) -> Self {
            #check
            Self(#answer)
        }
    })
}

/// The type by which a value is handed over: what is small as it is, the rest by reference.
fn handed(context: &Context<'_>, ty: &Type, lifetime: Option<&TokenStream>) -> TokenStream {
    if let Some(of) = inner(ty, "Option") {
        let of = handed(context, of, lifetime);
        return quote!(Option<#of>);
    }
    match (name_of(ty), context.types.shape_of(ty)) {
        (_, Some(Shape::Values(_))) => quote!(#ty),
        (Some(name), _) if name.starts_with(char::is_lowercase) || name.starts_with("NonZero") => quote!(#ty),
        (Some(name), _) if name == "String" => quote!(&#lifetime str),
        _ => quote!(&#lifetime #ty),
    }
}
