//! What progenitor made of each operation: the types of its arguments and of its answer.

use std::collections::BTreeMap;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use syn::{FnArg, GenericArgument, Pat, PathArguments, ReturnType, Type, parse_quote};

use crate::document::Operation;

/// The types of an operation's arguments, by their names in Rust, and of what it answers.
#[derive(Debug)]
pub(super) struct Signature {
    pub(super) arguments: BTreeMap<String, Type>,
    pub(super) answer: Type,
}

impl Signature {
    /// The type of an argument of this name.
    ///
    /// # Errors
    /// progenitor has another name for it.
    pub(super) fn argument(&self, operation: &Operation, name: &str) -> Result<&Type, String> {
        let missing = || format!("{}: progenitor has no argument {name}", operation.name());
        self.arguments.get(name).or_else(|| self.arguments.get(name.trim_end_matches('_'))).ok_or_else(missing)
    }

    /// Whether success carries nothing.
    pub(super) fn is_empty(&self) -> bool {
        matches!(&self.answer, Type::Tuple(unit) if unit.elems.is_empty())
    }
}

/// The signatures of the client's methods, by name.
pub(super) fn signatures(file: &syn::File) -> BTreeMap<String, Signature> {
    let blocks = file.items.iter().filter_map(|item| match item {
        syn::Item::Impl(block) if block.trait_.is_none() => Some(&block.items),
        _ => None,
    });
    let methods = blocks.flatten().filter_map(|item| match item {
        syn::ImplItem::Fn(method) if method.sig.asyncness.is_some() => Some(&method.sig),
        _ => None,
    });
    methods.filter_map(|signature| Some((signature.ident.to_string(), of(signature)?))).collect()
}

fn of(signature: &syn::Signature) -> Option<Signature> {
    let arguments = signature.inputs.iter().filter_map(|argument| match argument {
        FnArg::Typed(argument) => match &*argument.pat {
            Pat::Ident(name) => Some((name.ident.to_string(), owned(&argument.ty))),
            _ => None,
        },
        FnArg::Receiver(_) => None,
    });
    let ReturnType::Type(_, result) = &signature.output else { return None };
    let answer = inner(inner(result, "Result")?, "ResponseValue")?.clone();
    Some(Signature { arguments: arguments.collect(), answer })
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

/// The tokens without the bodies of the client's methods, which nobody needs: reading them would take most of the time.
pub(super) fn without_bodies(tokens: TokenStream) -> TokenStream {
    let mut before: [Option<String>; 2] = [None, None];
    let of_client = |before: &[Option<String>; 2]| *before == [Some("impl".to_owned()), Some("Client".to_owned())];
    tokens
        .into_iter()
        .map(|token| {
            let token = match token {
                TokenTree::Group(group) if group.delimiter() == Delimiter::Brace && of_client(&before) => {
                    emptied(&group).into()
                }
                other => other,
            };
            before.rotate_left(1);
            before[1] = matches!(&token, TokenTree::Ident(_)).then(|| token.to_string());
            token
        })
        .collect()
}

fn emptied(block: &Group) -> Group {
    let is_body = |token: &TokenTree| matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
    let empty = || TokenTree::from(Group::new(Delimiter::Brace, TokenStream::new()));
    let inner = block.stream().into_iter().map(|token| if is_body(&token) { empty() } else { token });
    Group::new(Delimiter::Brace, inner.collect())
}
