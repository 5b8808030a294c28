//! The types of the document's schemas, as typify made them: which there are, what each is, and who uses it.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Span, TokenTree};
use quote::ToTokens as _;
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Fields, Ident, Item, Type};

use super::calls::{Call, inner};
use crate::document::{Document, Names, Schema};

/// What the document's schemas became.
pub(super) struct Types<'a> {
    pub(super) shapes: BTreeMap<String, Shape>,
    /// The names of those that requests and answers are made of.
    pub(super) requests: BTreeSet<String>,
    pub(super) answers: BTreeSet<String>,
    /// The components by the names of their types.
    pub(super) components: BTreeMap<String, &'a Schema>,
}

/// What a type is.
pub(super) enum Shape {
    /// An object.
    Struct(Vec<Field>),
    /// A text, with limits or without.
    Text,
    /// One of these texts.
    Values(Vec<(Ident, String)>),
    /// Another type under a name of its own.
    Wrapper(Box<Type>),
    /// One of several types.
    Union(Vec<(Ident, Type)>),
    /// Whatever nobody asks about.
    Other,
}

/// A field of an object.
pub(super) struct Field {
    pub(super) name: Ident,
    /// The name on the wire.
    pub(super) wire: String,
    /// What it holds where it is there.
    pub(super) ty: Type,
    pub(super) presence: Presence,
    pub(super) docs: Vec<Attribute>,
}

/// Whether a field must be there.
pub(super) enum Presence {
    Required,
    /// An `Option`.
    Optional,
    /// It is this if it isn't there; of its type's own default nothing more is said.
    Defaulted(Option<syn::Path>),
    /// The map of all properties that have no field of their own: empty unless it is set.
    Rest,
}

impl<'a> Types<'a> {
    pub(super) fn of(document: &'a Document, items: &[Item], calls: &[Call<'_>]) -> Self {
        let shapes = items.iter().filter_map(|item| match item {
            Item::Struct(item) => Some((item.ident.to_string(), shape_of_struct(item))),
            Item::Enum(item) => Some((item.ident.to_string(), shape_of_enum(item))),
            _ => None,
        });
        let components = document.schemas.iter().map(|(name, schema)| (Names::of_type(name).pascal, schema));
        let mut types = Self {
            shapes: shapes.collect(),
            requests: BTreeSet::new(),
            answers: BTreeSet::new(),
            components: components.collect(),
        };
        types.requests = types.reached(calls.iter().flat_map(|call| &call.arguments).map(|argument| &argument.ty));
        types.answers = types.reached(calls.iter().map(|call| &call.answer));
        types
    }

    /// The shape of the type of this name.
    pub(super) fn shape(&self, name: &str) -> Option<&Shape> {
        self.shapes.get(name)
    }

    /// The shape of a type.
    pub(super) fn shape_of(&self, ty: &Type) -> Option<&Shape> {
        self.shape(&name_of(ty)?)
    }

    fn reached<'t>(&self, from: impl Iterator<Item = &'t Type>) -> BTreeSet<String> {
        let mut reached = BTreeSet::new();
        let mut open: Vec<String> = from.flat_map(mentioned).collect();
        while let Some(name) = open.pop() {
            let Some(shape) = self.shapes.get(&name) else { continue };
            if reached.insert(name) {
                open.extend(shape.types().flat_map(mentioned));
            }
        }
        reached
    }

    /// A type as it is named from elsewhere, through a module of this name.
    pub(super) fn through(&self, module: &str, ty: &Type) -> Type {
        struct Through<'a>(&'a Types<'a>, Ident);
        impl VisitMut for Through<'_> {
            fn visit_path_mut(&mut self, path: &mut syn::Path) {
                visit_mut::visit_path_mut(self, path);
                if path.segments.len() == 1 && self.0.shapes.contains_key(&path.segments[0].ident.to_string()) {
                    path.segments.insert(0, self.1.clone().into());
                }
            }
        }
        let mut ty = ty.clone();
        Through(self, Ident::new(module, Span::call_site())).visit_type_mut(&mut ty);
        ty
    }

    /// The names of those types of which each part is `fit`.
    pub(super) fn all_of(&self, fit: impl Fn(&Shape, &BTreeSet<String>) -> bool) -> BTreeSet<String> {
        let (mut fitting, mut unfit) = (self.shapes.iter().collect::<Vec<_>>(), BTreeSet::new());
        loop {
            let (fits, others): (Vec<_>, Vec<_>) = fitting.into_iter().partition(|(_, shape)| fit(shape, &unfit));
            if others.is_empty() {
                return fits.into_iter().map(|(name, _)| name.clone()).collect();
            }
            unfit.extend(others.into_iter().map(|(name, _)| name.clone()));
            fitting = fits;
        }
    }
}

impl Shape {
    /// The types that it is made of.
    pub(super) fn types(&self) -> impl Iterator<Item = &Type> {
        let types: Vec<&Type> = match self {
            Self::Struct(fields) => fields.iter().map(|field| &field.ty).collect(),
            Self::Union(parts) => parts.iter().map(|(_, ty)| ty).collect(),
            Self::Wrapper(of) => vec![of],
            Self::Text | Self::Values(_) | Self::Other => Vec::new(),
        };
        types.into_iter()
    }
}

fn shape_of_struct(item: &syn::ItemStruct) -> Shape {
    match &item.fields {
        Fields::Named(fields) => Shape::Struct(fields.named.iter().filter_map(field).collect()),
        Fields::Unnamed(fields) => match fields.unnamed.first() {
            Some(of) if name_of(&of.ty).is_some_and(|name| name == "String") => Shape::Text,
            Some(of) => Shape::Wrapper(Box::new(of.ty.clone())),
            None => Shape::Other,
        },
        Fields::Unit => Shape::Other,
    }
}

fn shape_of_enum(item: &syn::ItemEnum) -> Shape {
    let (mut values, mut parts) = (Vec::new(), Vec::new());
    for variant in &item.variants {
        let name = variant.ident.clone();
        match &variant.fields {
            Fields::Unit => values.push((name, told(&variant.ident, &variant.attrs).wire)),
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 => parts.push((name, fields.unnamed[0].ty.clone())),
            _ => return Shape::Other,
        }
    }
    match (values.is_empty(), parts.is_empty()) {
        (false, true) => Shape::Values(values),
        (true, false) => Shape::Union(parts),
        // What nothing can be, such as a text and an object at once, or of both kinds.
        _ => Shape::Other,
    }
}

fn field(field: &syn::Field) -> Option<Field> {
    let name = field.ident.clone()?;
    let Told { wire, default, flat } = told(&name, &field.attrs);
    let (ty, presence) = match (inner(&field.ty, "Option"), default) {
        (Some(of), _) => (of.clone(), Presence::Optional),
        (None, Some(default)) => (field.ty.clone(), Presence::Defaulted(default)),
        (None, None) if flat => (field.ty.clone(), Presence::Rest),
        (None, None) => (field.ty.clone(), Presence::Required),
    };
    let docs = field.attrs.iter().filter(|attribute| attribute.path().is_ident("doc")).cloned().collect();
    Some(Field { name, wire, ty, presence, docs })
}

/// What serde is told of a field or of a variant.
pub(super) struct Told {
    /// The name on the wire.
    pub(super) wire: String,
    /// Whether it may be left out, and the function that then makes it.
    default: Option<Option<syn::Path>>,
    flat: bool,
}

pub(super) fn told(ident: &Ident, attributes: &[Attribute]) -> Told {
    let mut told = Told { wire: ident.to_string(), default: None, flat: false };
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("serde")) {
        let _ = attribute.parse_nested_meta(|meta| {
            let value = meta.value().and_then(|value| value.parse::<syn::LitStr>()).ok();
            told.flat |= meta.path.is_ident("flatten");
            if meta.path.is_ident("default") {
                told.default = Some(value.and_then(|path| path.parse().ok()));
            } else if meta.path.is_ident("rename") {
                told.wire = value.map(|name| name.value()).unwrap_or_default();
            }
            Ok(())
        });
    }
    told
}

/// The last segment of a type's path, for example `ResourceTag`.
pub(super) fn name_of(ty: &Type) -> Option<String> {
    match ty {
        Type::Path(path) => path.path.segments.last().map(|segment| segment.ident.to_string()),
        _ => None,
    }
}

/// The names in a type: `Vec` and `ResourceTag` among those of `::std::vec::Vec<ResourceTag>`.
pub(super) fn mentioned(ty: &Type) -> impl Iterator<Item = String> + use<> {
    let names = ty.to_token_stream().into_iter().filter(|token| matches!(token, TokenTree::Ident(_)));
    names.map(|name| name.to_string())
}
