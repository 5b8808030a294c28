//! The typed mocks: for each operation which requests are meant, what is answered, and a method that mocks it.

use axum::http::StatusCode;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Type;

use super::calls::{Argument, Call, inner};
use super::docs::{doc, one_line};
use super::items::Output;
use super::types::{Shape, Types, name_of};
use crate::document::{Location, Names, Response};

/// The file `httpmock.rs`.
///
/// # Errors
/// What of it is no Rust.
pub(super) fn mocks(calls: &[Call<'_>], types: &Types<'_>, out: &mut Output<'_, '_>) -> syn::Result<()> {
    let start = quote! {
        /// [`When`](::httpmock::When) and [`Then`](::httpmock::Then) of each operation: what the document allows.
        /// `into_inner` gives the untyped half, to leave it.
        pub mod operations {
            #[allow(unused_imports, reason = "only some documents have parameters of each kind")]
            use crate::mocks::{answer, header, path, query};
            #[allow(unused_imports, reason = "only some documents have types of their own")]
            use crate::types;
        }
    };
    out.add(&[], start)?;
    let (mut declared, mut defined) = (TokenStream::new(), TokenStream::new());
    for call in calls {
        let operation = call.operation;
        let method = format_ident!("{}", operation.names.snake);
        let [when, then] = ["When", "Then"].map(|half| format_ident!("{}{half}", operation.names.pascal));
        let text = format!("Mocks `{}`: `{} {}`.", operation.name(), operation.method.to_uppercase(), operation.path);
        let doc = doc(&text);
        out.add(&["operations"], self::when(call, types))?;
        out.add(&["operations"], self::then(call, types))?;
        let signature = quote! {
            fn #method<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
            where
                F: FnOnce(operations::#when, operations::#then)
        };
        declared.extend(quote!(#doc #signature;));
        defined.extend(quote! {
            #signature {
                self.mock(|when, then| config_fn(operations::#when::new(when), operations::#then::new(then)))
            }
        });
    }
    let end = quote! {
        /// A method of [`MockServer`](::httpmock::MockServer) for each operation, as
        /// [`mock()`](::httpmock::MockServer::mock) with types.
        pub trait MockServerExt { #declared }
        impl MockServerExt for ::httpmock::MockServer { #defined }
    };
    out.add(&[], end)
}

/// Which requests are meant.
fn when(Call { operation, arguments, .. }: &Call<'_>, types: &Types<'_>) -> TokenStream {
    let about = format!("Which requests of `{}` the mock answers.", operation.name());
    let (method, template) = (format_ident!("{}", operation.method.to_uppercase()), &operation.path);
    let setters = arguments.iter().map(|Argument { wire, name, ty, parameter, .. }| {
        let Some(parameter) = parameter else {
            let takes = handed(types, ty, None);
            return quote! {
                /// Only requests with this body.
                pub fn body(self, value: #takes) -> Self {
                    Self(self.0.json_body_obj(&value))
                }
            };
        };
        let about = doc(&format!("Only requests whose `{wire}` is this."));
        let of = match parameter.location {
            Location::Path => None,
            Location::Query => Some(quote!(query)),
            Location::Header | Location::Cookie => Some(quote!(header)),
        };
        let (generics, takes, value) = if parameter.required || of.is_none() {
            (None, handed(types, ty, None), quote!(Some(value)))
        } else {
            let takes = handed(types, ty, Some(&quote!('a)));
            let lifetime = takes.to_string().starts_with('&').then(|| quote!('a,));
            (Some(quote!(<#lifetime T: Into<Option<#takes>>>)), quote!(T), quote!(value.into()))
        };
        let matched = match of {
            Some(of) => quote!(#of(self.0, #wire, #value)),
            None => quote!(path(self.0, #template, #wire, value)),
        };
        quote! {
            #about
            pub fn #name #generics (self, value: #takes) -> Self {
                Self(#matched)
            }
        }
    });
    let new = quote!(path(inner.method(::httpmock::Method::#method), #template, "", ""));
    half("When", &operation.names, &about, &new, setters.collect())
}

/// What is answered.
fn then(call: &Call<'_>, types: &Types<'_>) -> TokenStream {
    let about = format!("What the mock of `{}` answers.", call.operation.name());
    let mut responses: Vec<_> = call.operation.responses.iter().collect();
    responses.sort_by(|a, b| a.status.cmp(&b.status));
    let answers = responses.into_iter().filter_map(|response| answer(call, types, response)).collect();
    half("Then", &call.operation.names, &about, &quote!(inner), answers)
}

/// A type around one half of a mock.
fn half(half: &str, names: &Names, about: &str, new: &TokenStream, methods: TokenStream) -> TokenStream {
    let (name, half, about) = (format_ident!("{}{half}", names.pascal), format_ident!("{half}"), doc(about));
    quote! {
        #about
        pub struct #name(::httpmock::#half);
        impl #name {
            /// Wraps the untyped half of a mock.
            pub fn new(inner: ::httpmock::#half) -> Self {
                Self(#new)
            }
            /// The untyped half, to leave what the document allows.
            pub fn into_inner(self) -> ::httpmock::#half {
                self.0
            }
            #methods
        }
    }
}

fn answer(call: &Call<'_>, types: &Types<'_>, response: &Response) -> Option<TokenStream> {
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
        let names = ["success", "redirect", "client_error", "server_error"];
        let name = *names.get(usize::from(class).checked_sub(2)?)?;
        let check = quote!(assert_eq!(status / 100, #class););
        (name.to_owned(), Some(quote!(status: u16,)), Some(check), quote!(status))
    };
    let name = format_ident!("{name}");
    let is_answer = call.operation.answer().is_some_and(|answer| answer.status == response.status);
    let component = response.media().and_then(|media| media.schema.as_ref()?.component());
    // Of a schema that is no component, only that of the answer has a type.
    let value = match component {
        _ if is_answer => (!call.is_empty()).then(|| handed(types, &call.answer, None)),
        Some(component) => {
            let ty = format_ident!("{}", Names::of_type(component).pascal);
            Some(handed(types, &syn::parse_quote!(types::#ty), None))
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
fn handed(types: &Types<'_>, ty: &Type, lifetime: Option<&TokenStream>) -> TokenStream {
    if let Some(of) = inner(ty, "Option") {
        let of = handed(types, of, lifetime);
        return quote!(Option<#of>);
    }
    match (name_of(ty), types.shape_of(ty)) {
        (_, Some(Shape::Values(_))) => quote!(#ty),
        (Some(name), _) if name.starts_with(char::is_lowercase) || name.starts_with("NonZero") => quote!(#ty),
        (Some(name), _) if name == "String" => quote!(&#lifetime str),
        _ => quote!(&#lifetime #ty),
    }
}
