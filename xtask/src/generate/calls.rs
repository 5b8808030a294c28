//! What progenitor made of each operation: the types of its arguments and of its answer.

use std::collections::HashMap;

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::format_ident;
use syn::parse::{ParseStream, Parser as _};
use syn::{Attribute, FnArg, GenericArgument, Item, Pat, PathArguments, ReturnType, Type, Visibility, parse_quote};

use super::items;
use crate::document::{Operation, Parameter};

/// An operation with its types.
pub(super) struct Call<'a> {
    pub(super) operation: &'a Operation,
    /// Its parameters by name, since their order in the document says nothing; then the body.
    pub(super) arguments: Vec<Argument<'a>>,
    pub(super) answer: Type,
}

/// An argument of a call: a parameter, or the body.
pub(super) struct Argument<'a> {
    /// The name on the wire.
    pub(super) wire: &'a str,
    pub(super) name: Ident,
    pub(super) ty: Type,
    pub(super) required: bool,
    /// `None` for the body.
    pub(super) parameter: Option<&'a Parameter>,
}

/// The signatures of progenitor's methods by name.
pub(super) type Methods = HashMap<String, syn::Signature>;

/// The types and the methods among the tokens that progenitor wrote.
///
/// # Errors
/// What of them is no Rust.
pub(super) fn read(tokens: TokenStream) -> syn::Result<(Vec<Item>, Methods)> {
    let (mut types, mut methods) = (Vec::new(), Methods::new());
    for mut item in items::split(tokens) {
        // Taken out, so that what reads it needs no copy.
        let body = match item.pop() {
            Some(TokenTree::Group(body)) => body.stream(),
            _ => continue,
        };
        let [.., TokenTree::Ident(keyword), TokenTree::Ident(name)] = &item[..] else { continue };
        if keyword == "mod" && name == "types" {
            types = items::split(body).map(|item| syn::parse2(item.into_iter().collect())).collect::<Result<_, _>>()?;
        } else if keyword == "impl" && name == "Client" {
            for mut method in items::split(body) {
                // To read their bodies, which nobody needs, would take most of the time.
                method.pop();
                let signature = |input: ParseStream<'_>| {
                    input.call(Attribute::parse_outer)?;
                    input.parse::<Visibility>()?;
                    input.parse::<syn::Signature>()
                };
                let signature = signature.parse2(method.into_iter().collect())?;
                methods.insert(signature.ident.to_string(), signature);
            }
        }
    }
    Ok((types, methods))
}

impl<'a> Call<'a> {
    /// # Errors
    /// progenitor has another name for something, or only it could send or read it.
    pub(super) fn of(operation: &'a Operation, methods: &Methods) -> Result<Self, String> {
        let (id, method) = (operation.name(), &operation.names.snake);
        let bodies = operation.body.iter().filter_map(|body| body.media());
        let answer = operation.answer().and_then(|answer| answer.media());
        if let Some(media) = bodies.chain(answer).find(|media| !media.is_json()) {
            return Err(format!("{id}: a body is {}, and only JSON is sent and read", media.media_type));
        }
        let signature = methods.get(method).filter(|signature| signature.asyncness.is_some());
        let answer = signature.and_then(|signature| match &signature.output {
            ReturnType::Type(_, result) => inner(inner(result, "Result")?, "ResponseValue").cloned(),
            ReturnType::Default => None,
        });
        let (Some(signature), Some(answer)) = (signature, answer) else {
            return Err(format!("progenitor has no operation {method}"));
        };
        let types = signature.inputs.iter().filter_map(|argument| match argument {
            FnArg::Typed(argument) => match &*argument.pat {
                Pat::Ident(name) => Some((name.ident.to_string(), owned(&argument.ty))),
                _ => None,
            },
            FnArg::Receiver(_) => None,
        });
        let types: HashMap<String, Type> = types.collect();
        let argument = |wire: &'a str, name: &str, required, parameter: Option<&'a Parameter>| {
            let ty = types.get(name).or_else(|| types.get(name.trim_end_matches('_')));
            let ty = ty.cloned().ok_or_else(|| format!("{id}: progenitor has no argument {name}"))?;
            Ok(Argument { wire, name: format_ident!("{name}"), ty, required, parameter })
        };
        let mut parameters: Vec<&Parameter> = operation.parameters.iter().collect();
        parameters.sort_by(|a, b| a.names.snake.cmp(&b.names.snake));
        let parameters = parameters.into_iter().map(|parameter| {
            let required = parameter.required && !parameter.defaults_to_project;
            argument(&parameter.name, &parameter.names.snake, required, Some(parameter))
        });
        let body = operation.body.iter().map(|body| argument("body", "body", body.required, None));
        Ok(Self { operation, arguments: parameters.chain(body).collect::<Result<_, String>>()?, answer })
    }

    /// Whether success carries nothing.
    pub(super) fn is_empty(&self) -> bool {
        matches!(&self.answer, Type::Tuple(unit) if unit.elems.is_empty())
    }
}

/// The type of a value, of the type by which it is handed over: `ImageId` of `Option<&'a ImageId>`.
fn owned(ty: &Type) -> Type {
    match ty {
        Type::Reference(reference) => match &*reference.elem {
            Type::Path(path) if path.path.is_ident("str") => parse_quote!(::std::string::String),
            other => other.clone(),
        },
        _ => inner(ty, "Option").map_or_else(|| ty.clone(), owned),
    }
}

/// `T` of `Option<T>`, or of another type of this name.
pub(super) fn inner<'a>(ty: &'a Type, name: &str) -> Option<&'a Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last().filter(|last| last.ident == name)?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}
