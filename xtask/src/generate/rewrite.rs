//! What users get in place of typify's items: conversions, builders and checks, one template each.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::punctuated::Punctuated;
use syn::{Attribute, Ident, Item, Type, parse_quote};

use super::calls::inner;
use super::items::Output;
use super::types::{Field, Presence, Shape, Types, mentioned, name_of, told};
use super::{docs, setters, texts};

/// The types of numbers.
const NUMBERS: [&str; 10] = ["i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "f32", "f64"];

impl Types<'_> {
    /// Makes of typify's items the module that users get, with these limits and aliases.
    ///
    /// # Errors
    /// What of it is no Rust.
    pub(super) fn write(
        &self,
        mut items: Vec<Item>,
        limits: TokenStream,
        aliases: TokenStream,
        out: &mut Output<'_, '_>,
    ) -> syn::Result<()> {
        let checks: BTreeMap<String, TokenStream> = items.iter().filter_map(texts::checks).collect();
        let implemented: BTreeSet<(String, String)> = items.iter().filter_map(implementation).collect();
        let has = |name: &str, implementing: &str| implemented.contains(&(name.to_owned(), implementing.to_owned()));
        let is_replaced =
            |(name, _): (String, String)| matches!(self.shape(&name), Some(Shape::Text | Shape::Values(_)));
        items.retain(|item| !implementation(item).is_some_and(is_replaced));
        let hashed = self.all_of(|shape, unfit| {
            let is_unfit = |name: String| unfit.contains(&name) || ["f32", "f64", "HashMap"].contains(&name.as_str());
            !shape.types().flat_map(mentioned).any(is_unfit) && !matches!(shape, Shape::Other)
        });
        let defaulted = self.all_of(|shape, unfit| self.has_default(shape, unfit));
        let (mut made, mut builders) = (TokenStream::new(), TokenStream::new());
        for item in items.iter_mut() {
            let (name, attributes) = match item {
                Item::Struct(item) => (item.ident.to_string(), &mut item.attrs),
                Item::Enum(item) => (item.ident.to_string(), &mut item.attrs),
                _ => continue,
            };
            let shape = self.shape(&name).unwrap_or(&Shape::Other);
            let is_unread = self.requests.contains(&name) && !has(&name, "FromStr");
            let is_hashed = hashed.contains(&name) && !matches!(shape, Shape::Text | Shape::Values(_));
            // Only tests make answers, so only answers have a start without values.
            let is_answer = self.answers.contains(&name) && !self.requests.contains(&name);
            let is_defaulted = is_answer && defaulted.contains(&name) && !has(&name, "Default");
            let more = [("Eq", is_hashed), ("Hash", is_hashed), ("Default", is_defaulted)];
            derive(attributes, more.into_iter().filter(|(_, is)| *is).map(|(name, _)| name));
            match (item, shape) {
                (Item::Struct(item), Shape::Struct(fields)) => {
                    made.extend(self.object(item, fields));
                    made.extend(self.built(&item.ident, fields));
                    builders.extend(self.builder(&item.ident, fields));
                }
                (Item::Struct(item), Shape::Text) => made.extend(texts::text(item, checks.get(&name))),
                (Item::Struct(item), Shape::Wrapper(of)) if is_unread && is_one_of(of, &NUMBERS) => {
                    made.extend(number(&item.ident, of));
                }
                (Item::Enum(item), shape) => {
                    for variant in item.variants.iter_mut().filter(|variant| !docs::has(&variant.attrs)) {
                        let text = format!("`{}`", told(&variant.ident, &variant.attrs).wire);
                        variant.attrs.splice(0..0, docs::lines(&text));
                    }
                    match shape {
                        Shape::Values(values) => made.extend(self.values(item, values)),
                        Shape::Union(parts) => {
                            made.extend(self.union(&item.ident, parts));
                            made.extend(self.read(&item.ident, parts).filter(|_| is_unread));
                        }
                        _ => {}
                    }
                }
                _ => {}
            }
        }
        let start = quote! {
            use crate::Client;
            /// Types used as operation parameters and responses.
            pub mod types {}
        };
        out.add(&[], start)?;
        items.into_iter().for_each(|item| (out.take)(out.file, &["types".to_owned()], item));
        out.add(&["types"], made)?;
        out.add(&["types"], limits)?;
        let start = quote! {
            /// Builders of the types. Each setter takes what converts to its field's type; of a list, anything whose
            /// items convert. A field that may be left out has a second one, `maybe_…`, that takes an `Option`.
            pub mod builder {
                use std::fmt::Display;
                use crate::request::{Optional, Required, given, items, required};
                use super::error::ConversionError;
            }
        };
        out.add(&["types"], start)?;
        out.add(&["types", "builder"], builders)?;
        out.add(&["types"], aliases)
    }

    /// An object may gain fields, and an answer's lists may be null. serde writes it; how it is read, `object!` says.
    fn object(&self, item: &mut syn::ItemStruct, fields: &[Field]) -> TokenStream {
        let is_closed = only_written(&mut item.attrs).iter().any(|option| option == "deny_unknown_fields");
        let others = if is_closed { quote!(Refused) } else { quote!(Ignored) };
        item.attrs.push(parse_quote!(#[non_exhaustive]));
        let answered = self.answers.contains(&item.ident.to_string());
        for (field, of) in item.fields.iter_mut().zip(fields) {
            only_written(&mut field.attrs);
            field.attrs.retain(|attribute| !attribute.path().is_ident("doc"));
            field.attrs.splice(0..0, self.docs_of(of));
        }
        let (rest, members): (Vec<_>, Vec<_>) =
            fields.iter().partition(|field| matches!(field.presence, Presence::Rest));
        let others = rest.first().map_or(others, |Field { name, .. }| quote!(Kept #name));
        let members = members.iter().enumerate().map(|(at, Field { name, wire, presence, .. })| {
            let at = proc_macro2::Literal::usize_unsuffixed(at);
            let kind = match presence {
                Presence::Required => quote!(required),
                Presence::Optional => quote!(optional),
                Presence::Defaulted(None) if answered => quote!(nullable),
                Presence::Defaulted(default) => quote!(defaulted #default),
                Presence::Rest => TokenStream::new(),
            };
            quote!(#at #name #wire #kind)
        });
        let name = &item.ident;
        quote!(crate::json::object! { #name: #others { #(#members,)* } })
    }

    /// Defaults of an object: what must be there has one of its own.
    fn has_default(&self, shape: &Shape, unfit: &BTreeSet<String>) -> bool {
        let Shape::Struct(fields) = shape else { return false };
        fields.iter().filter(|field| matches!(field.presence, Presence::Required)).all(|Field { ty, .. }| {
            is_one_of(ty, &["String", "Vec", "Map", "HashMap", "bool", "i32", "i64", "u32", "u64", "f32", "f64"])
                || name_of(ty).is_some_and(|name| self.shapes.contains_key(&name) && !unfit.contains(&name))
        })
    }

    /// The documentation of a field; one that is a reference has no words of its own: its type has.
    fn docs_of(&self, field: &Field) -> Vec<Attribute> {
        if !field.docs.is_empty() {
            return field.docs.clone();
        }
        let wire = &field.wire;
        let known = mentioned(&field.ty).into_iter().find(|name| self.shapes.contains_key(name));
        let text =
            known.map_or_else(|| format!("`{wire}`."), |of| format!("`{wire}`: see [`{of}`](crate::types::{of})."));
        docs::lines(&text)
    }

    /// Only tests build what no request holds.
    fn when_built(&self, name: &Ident) -> Option<TokenStream> {
        (!self.requests.contains(&name.to_string())).then(|| quote!(#[cfg(feature = "httpmock")]))
    }

    /// What a struct has for its builder, and, where all it needs is a key and its value, for a pair of them: an optional
    /// field that comes later doesn't take the pair away.
    fn built(&self, name: &Ident, fields: &[Field]) -> TokenStream {
        let condition = self.when_built(name);
        let doc = format!(" Starts a [`{name}`](builder::{name}) without any field set.");
        let is_text = |ty: &Type| is_one_of(ty, &["String"]) || matches!(self.shape_of(ty), Some(Shape::Text));
        let mut needed: Vec<&Field> = fields.iter().filter(|it| matches!(it.presence, Presence::Required)).collect();
        let is_pair = needed.iter().map(|field| &*field.wire).eq(["key", "value"]);
        needed.retain(|field| is_pair && is_text(&field.ty));
        let pair = <[&Field; 2]>::try_from(needed).ok().map(|[key, value]| {
            let (key, value) = (&key.ty, &value.ty);
            quote! {
                #condition
                /// `key` and `value`.
                impl<A: TryInto<#key, Error: ::std::fmt::Display>, B: TryInto<#value, Error: ::std::fmt::Display>>
                    TryFrom<(A, B)> for #name
                {
                    type Error = error::ConversionError;
                    #[inline]
                    fn try_from((first, second): (A, B)) -> ::std::result::Result<Self, Self::Error> {
                        Self::builder().key(first).value(second).build()
                    }
                }
            }
        });
        let conversion = conversion(condition.as_ref(), name, &quote!(builder::#name), &quote!(value.build()));
        quote! {
            #condition
            impl #name {
                #[doc = #doc]
                #[inline]
                pub fn builder() -> builder::#name {
                    Default::default()
                }
            }
            #conversion
            #pair
        }
    }

    fn builder(&self, name: &Ident, fields: &[Field]) -> TokenStream {
        let condition = self.when_built(name);
        let doc = format!(" Builds a [`{name}`](super::{name}), field by field.");
        let names: Vec<&Ident> = fields.iter().map(|field| &field.name).collect();
        let types: Vec<Type> = fields.iter().map(|field| self.through("super", &field.ty)).collect();
        let kinds = fields.iter().map(|field| match field.presence {
            Presence::Required => quote!(Required),
            Presence::Optional | Presence::Defaulted(_) | Presence::Rest => quote!(Optional),
        });
        let setters = fields.iter().zip(&types).map(|(field, ty)| self.setter(name, field, ty));
        let values = fields.iter().map(|Field { name, wire, presence, .. }| match presence {
            Presence::Required => quote!(required(#wire, self.#name)?),
            Presence::Optional => quote!(self.#name.transpose()?),
            Presence::Defaulted(default) => {
                let default = default.as_ref().map_or(quote!(Default::default), |path| quote!(super::#path));
                quote!(self.#name.transpose()?.unwrap_or_else(#default))
            }
            Presence::Rest => quote!(self.#name.transpose()?.unwrap_or_default()),
        });
        let built = format!(" The [`{name}`](super::{name}).");
        quote! {
            #condition
            #[doc = #doc]
            #[derive(Clone, Debug, Default)]
            #[must_use = "it is built by `build`, or where it is handed over"]
            pub struct #name { #(#names: #kinds<#types>,)* }
            #condition
            impl #name {
                #(#setters)*
                #[doc = #built]
                /// # Errors
                /// A field that is mandatory and was not set, or a value that its type refuses.
                #[inline]
                pub fn build(self) -> Result<super::#name, ConversionError> {
                    Ok(super::#name { #(#names: #values,)* })
                }
            }
        }
    }

    fn setter(&self, of: &Ident, field: &Field, ty: &Type) -> TokenStream {
        let Field { name, wire, presence, .. } = field;
        let docs = self.docs_of(field);
        let property = self.components.get(&of.to_string()).and_then(|schema| schema.property(wire));
        let property = property.filter(|property| property.schema.deprecated);
        let deprecated = property.map(|property| docs::deprecated(&property.schema.text));
        let maybe = format!("maybe_{name}");
        let is_taken =
            matches!(self.shape(&of.to_string()), Some(Shape::Struct(all)) if all.iter().any(|one| one.name == maybe));
        let maybe = matches!(presence, Presence::Optional) && !is_taken;
        setters::setter([Some(quote!(#(#docs)*)), deprecated], wire, name, ty, None, maybe)
    }

    fn values(&self, item: &mut syn::ItemEnum, values: &[(Ident, String)]) -> TokenStream {
        let name = &item.ident;
        let open = self.components.get(&name.to_string()).is_some_and(|schema| schema.open);
        let kind = if open { quote!(open) } else { quote!(closed) };
        let (variants, texts): (Vec<&Ident>, Vec<&String>) =
            values.iter().map(|(variant, text)| (variant, text)).unzip();
        item.attrs.retain(|attribute| attribute.path().is_ident("doc"));
        let copy = (!open).then(|| quote!(Copy,));
        item.attrs.push(parse_quote!(#[derive(Clone, #copy Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]));
        item.variants.iter_mut().for_each(|variant| variant.attrs.retain(|attribute| attribute.path().is_ident("doc")));
        if open {
            item.attrs.push(parse_quote!(#[non_exhaustive]));
            item.variants.push(parse_quote! {
                /// A value that the document doesn't name, kept as it came.
                Unknown(crate::UnknownValue)
            });
        }
        let is_flag = texts.iter().all(|text| ["true", "false"].contains(&text.as_str()));
        let flag = is_flag.then(|| conversion(None, name, &quote!(bool), &quote!(value.to_string().parse())));
        quote! {
            crate::text::values! { #kind #name { #(#variants = #texts),* } }
            #flag
        }
    }

    /// A builder is taken where a value of one of the types is.
    fn union(&self, name: &Ident, parts: &[(Ident, Type)]) -> TokenStream {
        let structs = parts.iter().filter(|(_, ty)| matches!(self.shape_of(ty), Some(Shape::Struct(_))));
        let condition = self.when_built(name);
        let conversions = structs.filter_map(|(variant, ty)| {
            let part = format_ident!("{}", name_of(ty)?);
            let build = quote!(value.build().map(Self::#variant));
            Some(conversion(condition.as_ref(), name, &quote!(builder::#part), &build))
        });
        conversions.collect()
    }

    /// A text is read as the first of the types that takes it; typify leaves that out where one of them takes any.
    fn read(&self, name: &Ident, parts: &[(Ident, Type)]) -> Option<TokenStream> {
        let is_read = |ty: &Type| match self.shape_of(ty) {
            Some(shape) => matches!(shape, Shape::Text | Shape::Values(_)),
            None => is_one_of(ty, &["String", "bool"]) || is_one_of(ty, &NUMBERS),
        };
        let variants = parts.iter().map(|(variant, _)| variant);
        let conversions = [quote!(&str), quote!(::std::string::String)];
        let conversions = conversions.iter().map(|from| conversion(None, name, from, &quote!(value.parse())));
        parts.iter().all(|(_, ty)| is_read(ty)).then(|| {
            quote! {
                impl ::std::str::FromStr for #name {
                    type Err = error::ConversionError;
                    #[inline]
                    fn from_str(value: &str) -> ::std::result::Result<Self, error::ConversionError> {
                        #(if let Ok(value) = value.parse() { return Ok(Self::#variants(value)); })*
                        Err("it is none of the types that the document allows".into())
                    }
                }
                #(#conversions)*
            }
        })
    }
}

/// A value may be called `Error` as the trait's type is, so that the signature doesn't say `Self::Error`.
fn conversion(
    condition: Option<&TokenStream>,
    name: &Ident,
    from: &TokenStream,
    conversion: &TokenStream,
) -> TokenStream {
    quote! {
        #condition
        impl TryFrom<#from> for #name {
            type Error = error::ConversionError;
            #[inline]
            fn try_from(value: #from) -> ::std::result::Result<Self, error::ConversionError> {
                #conversion
            }
        }
    }
}

/// A number with limits or with values, which typify neither shows nor reads.
fn number(name: &Ident, of: &Type) -> TokenStream {
    quote! {
        impl ::std::fmt::Display for #name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                self.0.fmt(f)
            }
        }
        impl ::std::str::FromStr for #name {
            type Err = error::ConversionError;
            fn from_str(value: &str) -> ::std::result::Result<Self, Self::Err> {
                value.parse::<#of>().map_err(|error| error.to_string())?.try_into()
            }
        }
    }
}

/// The type that an implementation is about and the trait: `ImageId` and `From` of `impl From<ImageId> for String`.
fn implementation(item: &Item) -> Option<(String, String)> {
    let Item::Impl(block) = item else { return None };
    let owner = name_of(&block.self_ty)?;
    let Some((path, _)) = &block.trait_ else { return Some((owner, String::new())) };
    let implemented = Type::Path(syn::TypePath { attrs: Vec::new(), qself: None, path: path.clone() });
    let of = inner(&implemented, "From").filter(|_| owner == "String");
    Some((of.and_then(name_of).unwrap_or(owner), name_of(&implemented)?))
}

fn is_one_of(ty: &Type, names: &[&str]) -> bool {
    name_of(ty).is_some_and(|name| names.contains(&name.as_str()))
}

/// Adds derives to those that are there, all by names short enough for one line.
fn derive(attributes: &mut [Attribute], names: impl Iterator<Item = &'static str>) {
    let Some(derives) = attributes.iter_mut().find(|attribute| attribute.path().is_ident("derive")) else { return };
    let parser = Punctuated::<syn::Path, syn::Token![,]>::parse_terminated;
    let Ok(mut paths) = derives.parse_args_with(parser) else { return };
    paths.iter_mut().for_each(|path| path.leading_colon = None);
    for name in names {
        if !paths.iter().any(|path| path.is_ident(name)) {
            paths.push(format_ident!("{name}").into());
        }
    }
    *derives = parse_quote!(#[derive(#paths)]);
}

/// Takes away what is only about reading, and says what that was.
fn only_written(attributes: &mut Vec<Attribute>) -> Vec<String> {
    let parser = Punctuated::<syn::Meta, syn::Token![,]>::parse_terminated;
    let mut taken = Vec::new();
    attributes.retain_mut(|attribute| {
        let path = attribute.path().clone();
        let Some(options) = attribute.parse_args_with(parser).ok().filter(|_| !path.is_ident("doc")) else {
            return true;
        };
        let is_kept = |option: &syn::Meta| {
            let name = option.path().segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
            let is_kept = !["Deserialize", "default", "deny_unknown_fields"].contains(&name.as_str());
            taken.extend((!is_kept).then_some(name));
            is_kept
        };
        let kept: Punctuated<_, syn::Token![,]> = options.into_iter().filter(is_kept).collect();
        *attribute = parse_quote!(#[#path(#kept)]);
        !kept.is_empty()
    });
    taken
}
