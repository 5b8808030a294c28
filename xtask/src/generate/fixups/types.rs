//! The types of the document's schemas.

use std::collections::BTreeSet;

use heck::ToSnakeCase;
use quote::{format_ident, quote};
use syn::parse_quote;
use syn::visit::Visit;
use syn::visit_mut::{self, VisitMut};

use super::{Context, docs, in_items, inherent, methods, module, type_name};
use crate::generate::model::Text;
use crate::generate::schemas::{Limited, Unique};
use crate::pattern::{self, Characters};

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

/// `pub type ResultLimit = crate::integer::TextInteger<1, 1000>;`: the name that the document gives it.
pub(super) fn integers(file: &mut syn::File, context: &Context<'_>) -> usize {
    let Some(items) = module(file, "types") else { return 0 };
    for integer in &context.model.integers {
        let name = format_ident!("{}", integer.name);
        let of = format_ident!("{}", if integer.text { "TextInteger" } else { "Integer" });
        let (minimum, maximum) = (integer.minimum, integer.maximum);
        let text = described(&integer.docs);
        items.push(parse_quote!(#[doc = #text] pub type #name = crate::integer::#of<#minimum, #maximum>;));
    }
    context.model.integers.len()
}

/// Patterns of characters are looked at, and the others compiled by a small engine; the message of a refusal keeps the
/// document's words.
pub(super) fn patterns(file: &mut syn::File, _: &Context<'_>) -> usize {
    let mut engine = Engine::default();
    engine.visit_file_mut(file);
    engine.mended.len()
}

/// What is mended: the distinct patterns.
#[derive(Default)]
struct Engine {
    mended: BTreeSet<String>,
}

impl VisitMut for Engine {
    fn visit_block_mut(&mut self, block: &mut syn::Block) {
        if let Some(at) = block.stmts.iter().position(|stmt| matches!(stmt, syn::Stmt::Item(syn::Item::Static(_))))
            && let [syn::Stmt::Item(syn::Item::Static(engine)), syn::Stmt::Expr(syn::Expr::If(refusal), _), ..] =
                &mut block.stmts[at..]
            && let Some(pattern) = compiled(engine)
            && let Some(characters) = pattern::characters(&pattern)
        {
            *refusal.cond = other_than(&characters);
            block.stmts.remove(at);
            self.mended.insert(pattern);
        }
        visit_mut::visit_block_mut(self, block);
    }

    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        if let Some(first) = path.segments.first_mut().filter(|first| first.ident == "regress") {
            first.ident = format_ident!("regex_lite");
        }
        visit_mut::visit_path_mut(self, path);
    }

    fn visit_expr_call_mut(&mut self, call: &mut syn::ExprCall) {
        if let (syn::Expr::Path(function), Some(syn::Expr::Lit(argument))) = (&*call.func, call.args.first_mut())
            && function.path.segments.iter().map(|segment| segment.ident.to_string()).eq(["regress", "Regex", "new"])
            && let syn::Lit::Str(literal) = &mut argument.lit
            && let Ok(made) = pattern::portable(&literal.value())
        {
            self.mended.insert(literal.value());
            *literal = syn::LitStr::new(&made, literal.span());
        }
        visit_mut::visit_expr_call_mut(self, call);
    }
}

/// The pattern of `static PATTERN: LazyLock<regress::Regex> = LazyLock::new(|| regress::Regex::new("…").unwrap())`.
fn compiled(item: &syn::ItemStatic) -> Option<String> {
    #[derive(Default)]
    struct Literal(Option<String>);
    impl<'ast> Visit<'ast> for Literal {
        fn visit_lit_str(&mut self, literal: &'ast syn::LitStr) {
            self.0 = Some(literal.value());
        }
    }
    let mut literal = Literal::default();
    literal.visit_expr(&item.expr);
    literal.0.filter(|_| item.ident == "PATTERN")
}

/// The condition that `value` has other characters than these, or more or fewer of them.
fn other_than(characters: &Characters) -> syn::Expr {
    let ranges = characters.ranges.iter().map(|range| -> syn::Pat {
        let (first, last) = (range.start(), range.end());
        if first == last { parse_quote!(#first) } else { parse_quote!(#first..=#last) }
    });
    let minimum = characters.minimum as usize;
    let length: syn::Expr = match characters.maximum {
        Some(maximum) => {
            let maximum = maximum as usize;
            parse_quote!((#minimum..=#maximum).contains(&value.chars().count()))
        }
        None => parse_quote!(value.chars().count() >= #minimum),
    };
    parse_quote!(!(#length && value.chars().all(|c| matches!(c, #(#ranges)|*))))
}

/// An enum that may grow keeps values it doesn't know, and gives them back as they came.
pub(super) fn open_enums(file: &mut syn::File, context: &Context<'_>) -> usize {
    let Some(items) = module(file, "types") else { return 0 };
    let mut count = 0;
    for open in &context.model.opens {
        items.retain(|item| {
            !matches!(item, syn::Item::Impl(block)
                if block.trait_.is_some() && type_name(&block.self_ty).is_some_and(|name| name == open.name))
        });
        let mut made: Vec<syn::Item> = Vec::new();
        for item in items.iter_mut() {
            let syn::Item::Enum(item) = item else { continue };
            if item.ident != open.name {
                continue;
            }
            let name = item.ident.clone();
            let text = described(&open.docs);
            let known: Vec<_> = item.variants.iter().map(|variant| variant.ident.clone()).collect();
            let wire: Vec<_> = item.variants.iter().map(docs::wire_name).collect();
            let variant_docs: Vec<_> = wire.iter().map(|wire| format!(" `{wire}`")).collect();
            *item = parse_quote! {
                #[doc = #text]
                #[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
                #[non_exhaustive]
                pub enum #name {
                    #(#[doc = #variant_docs] #known,)*
                    /// A value that the document doesn't name, kept as it came.
                    Unknown(crate::UnknownValue),
                }
            };
            let of_enum: syn::File = parse_quote! {
                impl #name {
                    /// The value on the wire.
                    pub fn as_str(&self) -> &str {
                        match self {
                            #(Self::#known => #wire,)*
                            Self::Unknown(value) => value.as_str(),
                        }
                    }
                }
                impl ::std::convert::From<&str> for #name {
                    fn from(value: &str) -> Self {
                        match value {
                            #(#wire => Self::#known,)*
                            _ => Self::Unknown(crate::UnknownValue::new(value)),
                        }
                    }
                }
                impl ::std::convert::From<::std::string::String> for #name {
                    fn from(value: ::std::string::String) -> Self {
                        value.as_str().into()
                    }
                }
                impl ::std::str::FromStr for #name {
                    type Err = ::std::convert::Infallible;
                    fn from_str(value: &str) -> ::std::result::Result<Self, Self::Err> {
                        Ok(value.into())
                    }
                }
                impl ::std::fmt::Display for #name {
                    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                        f.write_str(self.as_str())
                    }
                }
                impl ::serde::Serialize for #name {
                    fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error> {
                        serializer.serialize_str(self.as_str())
                    }
                }
                impl<'de> ::serde::Deserialize<'de> for #name {
                    fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                        <::std::string::String as ::serde::Deserialize>::deserialize(deserializer).map(Self::from)
                    }
                }
            };
            made.extend(of_enum.items);
            count += 1;
        }
        items.extend(made);
    }
    count
}

/// Limits of lists are checked before a request is sent: `check` for each limited type, called by `send`.
pub(super) fn limits(file: &mut syn::File, context: &Context<'_>) -> usize {
    let mut count = 0;
    if let Some(items) = module(file, "types") {
        for limited in &context.model.limited {
            items.push(check(limited));
            count += 1;
        }
    }
    for operation in &context.model.operations {
        let body = operation.body_type();
        if !context.model.limited.iter().any(|limited| Some(&limited.name) == body.as_ref()) {
            continue;
        }
        let name = operation.pascal();
        let blocks = module(file, "builder").into_iter().flat_map(|items| inherent(items));
        for (_, block) in blocks.filter(|(of, _)| *of == name) {
            for send in methods(block).filter(|method| method.sig.ident == "send") {
                let statements = &mut send.block.stmts;
                let url = statements
                    .iter()
                    .position(|statement| matches!(statement, syn::Stmt::Local(local) if matches!(&local.pat, syn::Pat::Ident(name) if name.ident == "url")));
                if let Some(url) = url {
                    statements.insert(
                        url,
                        parse_quote!(body.check().map_err(|reason| Error::invalid_request(operation, reason))?;),
                    );
                    count += 1;
                }
            }
        }
    }
    count
}

fn check(limited: &Limited) -> syn::Item {
    let name = format_ident!("{}", limited.name);
    let lists = limited.lists.iter().map(|list| {
        let wire = &list.name;
        let field = format_ident!("{}", list.name.to_snake_case());
        let counted = (list.least > 0 || list.most.is_some()).then(|| {
            let least = usize::try_from(list.least).unwrap_or(usize::MAX);
            let most = list.most.map_or_else(
                || quote!(None),
                |most| {
                    let most = usize::try_from(most).unwrap_or(usize::MAX);
                    quote!(Some(#most))
                },
            );
            quote!(crate::limits::count(#wire, self.#field.len(), #least, #most)?;)
        });
        let unique = match &list.unique {
            Unique::No => None,
            Unique::Items => {
                Some(quote!(crate::limits::unique(#wire, "value", &mut self.#field.iter().map(|item| item.to_string()))?;))
            }
            Unique::Field(key) => {
                let member = format_ident!("{}", key.to_snake_case());
                Some(quote!(crate::limits::unique(#wire, #key, &mut self.#field.iter().map(|item| item.#member.to_string()))?;))
            }
        };
        let nested = list.nested.then(|| {
            let text = format!("{wire}[{{index}}].{{reason}}");
            quote! {
                for (index, item) in self.#field.iter().enumerate() {
                    item.check().map_err(|reason| format!(#text))?;
                }
            }
        });
        quote!(#counted #unique #nested)
    });
    let fields = limited.fields.iter().map(|(wire, mandatory)| {
        let field = format_ident!("{}", wire.to_snake_case());
        let text = format!("{wire}.{{reason}}");
        let check = quote!(value.check().map_err(|reason| format!(#text))?;);
        if *mandatory {
            quote!(let value = &self.#field; #check)
        } else {
            quote!(if let Some(value) = &self.#field { #check })
        }
    });
    parse_quote! {
        impl #name {
            /// Whether it keeps the document's limits, which the types don't express.
            pub(crate) fn check(&self) -> ::std::result::Result<(), ::std::string::String> {
                #(#lists)*
                #(#fields)*
                Ok(())
            }
        }
    }
}

fn described(text: &Text) -> String {
    format!(" {} {}", text.english, text.chinese).trim_end().to_owned()
}
