//! What a Rust user can call and match on, read from the generated code: the Rust side of locks and review.
//!
//! Read from the text of the files and not from the document, so that a wrong generator or an edit by
//! hand shows. A builder's mandatory setters are items of their own kind: making an optional parameter mandatory changes
//! no signature, but breaks every caller.

mod print;

use std::collections::{BTreeMap, HashMap};

use crate::diagnostic::Diagnostic;
use crate::document::Document;
use crate::generate::{self, Files};
use print::{attributes, derives, function, type_text};

/// Everything public in a set of generated files.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Surface {
    /// The items by path, for example `types::ResourceTag.value`.
    pub items: BTreeMap<String, Item>,
}

/// One public item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// What it is.
    pub kind: Kind,
    /// Its signature or type, with what matters to users: `String`, `async fn send(self) -> …`.
    pub text: String,
    /// Whether a builder must be told this before it sends or builds.
    pub mandatory: bool,
}

/// What a public item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A method of the client: an operation.
    Operation,
    /// A method of a builder that takes an argument.
    Setter,
    /// Another function or method.
    Function,
    /// A struct, enum or trait.
    Type,
    /// A field of a struct.
    Field,
    /// A variant of an enum.
    Variant,
    /// A trait that a type implements.
    Implementation,
    /// A constant with its value.
    Constant,
}

impl Surface {
    /// Reads the files.
    ///
    /// # Errors
    /// A file that isn't Rust, with its name and the parser's reason.
    pub fn of(files: &Files) -> Result<Self, String> {
        let mut surface = Self::default();
        for (name, text) in files.iter().filter(|(name, _)| **name != generate::OVERVIEW) {
            surface.file(name, &syn::parse_file(text).map_err(|error| format!("{name}: {error}"))?);
        }
        Ok(surface)
    }

    /// What a document generates, without printing and reading it again, which for a large document takes half the time.
    ///
    /// # Errors
    /// As [`generate::render`].
    pub fn of_document(spec: &Document) -> Result<Self, Vec<Diagnostic>> {
        let mut surface = Self::default();
        generate::each_tree(spec, |tree| surface.file(tree.name, &tree.file))?;
        Ok(surface)
    }

    fn file(&mut self, name: &str, file: &syn::File) {
        let root = match name.trim_end_matches(".rs") {
            // What users reach from the crate's root.
            "client" => "",
            // It is read by people, not by Rust: its helps are its lock.
            _ if name == generate::COMMAND_LINE => return,
            other => other,
        };
        self.module(root, &file.items);
    }

    /// The items as documents, each readable alone: one for each operation (its method, builder, constants and mocks),
    /// one for each type (with its builder), and `shared` for the rest.
    #[must_use]
    pub fn documents(&self) -> BTreeMap<String, String> {
        let methods = self.items.iter().filter(|(_, item)| item.kind == Kind::Operation);
        // Every name that an operation gives to something, with the operation.
        let mut operations: HashMap<String, String> = HashMap::new();
        for (path, _) in methods {
            let method = path.rsplit("::").next().unwrap_or(path);
            let pascal = heck::AsPascalCase(method).to_string();
            let shouty = heck::AsShoutySnakeCase(method).to_string();
            let mocks = ["When", "Then"].map(|end| format!("{pascal}{end}"));
            let names = [method.to_owned(), pascal.clone(), shouty].into_iter().chain(mocks);
            operations.extend(names.map(|name| (name, pascal.clone())));
        }
        let mut documents: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (path, item) in &self.items {
            let mut segments = path.split(['.', ' ']).next().unwrap_or(path).split("::");
            let name = match (owner_type(path), segments.find_map(|segment| operations.get(segment))) {
                (Some(ty), _) => format!("type {ty}"),
                (None, Some(operation)) => format!("operation {operation}"),
                (None, None) => "shared".to_owned(),
            };
            documents.entry(name).or_default().push(line(path, item));
        }
        documents
            .into_iter()
            .map(|(name, lines)| {
                let head = match name.split_once(' ') {
                    Some((what, which)) => format!("# Rust surface of {what} {which}"),
                    None => "# Rust surface that belongs to no single operation or type".to_owned(),
                };
                (name.replace(' ', "-"), format!("{head}\n\n{}\n", lines.join("\n")))
            })
            .collect()
    }

    fn module(&mut self, path: &str, items: &[syn::Item]) {
        for item in items {
            match item {
                syn::Item::Mod(module) if public(&module.vis) => {
                    if let Some((_, items)) = &module.content {
                        self.module(&join(path, &module.ident.to_string()), items);
                    }
                }
                syn::Item::Struct(item) if public(&item.vis) => self.structure(path, item),
                syn::Item::Enum(item) if public(&item.vis) => self.enumeration(path, item),
                syn::Item::Trait(item) if public(&item.vis) => {
                    let name = join(path, &item.ident.to_string());
                    self.add(name.clone(), Kind::Type, "trait".to_owned());
                    for member in &item.items {
                        if let syn::TraitItem::Fn(method) = member {
                            self.add(join(&name, &method.sig.ident.to_string()), Kind::Function, function(&method.sig));
                        }
                    }
                }
                syn::Item::Impl(block) => self.implementation(path, block),
                syn::Item::Fn(item) if public(&item.vis) => {
                    self.add(join(path, &item.sig.ident.to_string()), Kind::Function, function(&item.sig));
                }
                syn::Item::Type(item) if public(&item.vis) => {
                    self.add(join(path, &item.ident.to_string()), Kind::Type, format!("= {}", type_text(&item.ty)));
                }
                syn::Item::Static(syn::ItemStatic { ident, expr, .. })
                | syn::Item::Const(syn::ItemConst { ident, expr, .. }) => {
                    self.add(join(path, &ident.to_string()), Kind::Constant, print::expression(expr));
                }
                syn::Item::Macro(item) => self.given_by_macro(path, item),
                _ => {}
            }
        }
        self.mark_mandatory(path, items);
    }

    fn structure(&mut self, path: &str, item: &syn::ItemStruct) {
        let name = join(path, &item.ident.to_string());
        let shape = match &item.fields {
            syn::Fields::Named(_) => "struct",
            syn::Fields::Unnamed(_) => "newtype",
            syn::Fields::Unit => "unit struct",
        };
        self.add(name.clone(), Kind::Type, format!("{shape}{}{}", attributes(&item.attrs), derives(&item.attrs)));
        for (index, field) in item.fields.iter().enumerate().filter(|(_, field)| public(&field.vis)) {
            let field_name = field.ident.as_ref().map_or_else(|| index.to_string(), ToString::to_string);
            let text = format!("{}{}", type_text(&field.ty), attributes(&field.attrs));
            self.add(format!("{name}.{field_name}"), Kind::Field, text);
        }
    }

    fn enumeration(&mut self, path: &str, item: &syn::ItemEnum) {
        let name = join(path, &item.ident.to_string());
        self.add(name.clone(), Kind::Type, format!("enum{}{}", attributes(&item.attrs), derives(&item.attrs)));
        for variant in &item.variants {
            let fields: Vec<String> = variant.fields.iter().map(|field| type_text(&field.ty)).collect();
            let fields = if fields.is_empty() { String::new() } else { format!("({})", fields.join(", ")) };
            let text = format!("variant{fields}{}", attributes(&variant.attrs));
            self.add(format!("{name}::{}", variant.ident), Kind::Variant, text);
        }
    }

    fn implementation(&mut self, path: &str, block: &syn::ItemImpl) {
        let this = type_text(&block.self_ty).replace("<'a>", "").replace("super::", "");
        let owner = join(path, &this);
        if let Some((implemented, _)) = &block.trait_ {
            // `From<ImageId> for String` belongs to `ImageId`; what belongs to other crates' types is theirs to show.
            if this == "String" || this.starts_with("::") {
                if let Some(from) = print::path(implemented).strip_prefix("From<") {
                    let from = join(path, from.trim_end_matches('>'));
                    self.add(format!("{from} : Into<{this}>"), Kind::Implementation, String::new());
                }
                return;
            }
            let associated = block.items.iter().filter_map(|item| match item {
                syn::ImplItem::Type(ty) => Some(format!("{} = {}", ty.ident, type_text(&ty.ty))),
                _ => None,
            });
            let associated: Vec<String> = associated.collect();
            let name = print::path(implemented);
            self.add(format!("{owner} : {name}"), Kind::Implementation, associated.join(", "));
            return;
        }
        for item in &block.items {
            if let syn::ImplItem::Fn(method) = item
                && public(&method.vis)
            {
                let takes_argument = method.sig.inputs.len() == 2;
                let kind = match (owner.as_str(), takes_argument) {
                    ("Client", _) => Kind::Operation,
                    (_, true) if owner.contains("builder::") => Kind::Setter,
                    _ => Kind::Function,
                };
                self.add(
                    join(&owner, &method.sig.ident.to_string()),
                    kind,
                    function(&method.sig) + &attributes(&method.attrs),
                );
            }
        }
    }

    /// What a macro of the crate gives a type: conversions, or what each call can do.
    fn given_by_macro(&mut self, path: &str, item: &syn::ItemMacro) {
        let Some(by) = item.mac.path.segments.last() else { return };
        let words: Vec<String> = item.mac.tokens.to_string().split_whitespace().map(str::to_owned).collect();
        let is_type = |word: &&String| word.starts_with(char::is_uppercase);
        let Some(of) = words.iter().find(is_type) else { return };
        // `open` or `closed`, before the name of an enum.
        let how = words.first().filter(|word| !is_type(word)).map(String::as_str).unwrap_or_default();
        self.add(format!("{} : {}!", join(path, of), by.ident), Kind::Implementation, how.to_owned());
    }

    /// Setters of what is required: nothing is sent before they are called.
    fn mark_mandatory(&mut self, path: &str, items: &[syn::Item]) {
        for item in items {
            let syn::Item::Struct(builder) = item else { continue };
            let required = builder.fields.iter().filter(|field| type_text(&field.ty).starts_with("Required<"));
            for field in required.filter_map(|field| field.ident.as_ref()) {
                let setter = join(&join(path, &builder.ident.to_string()), &field.to_string());
                if let Some(setter) = self.items.get_mut(&setter) {
                    setter.mandatory = true;
                }
            }
        }
    }

    fn add(&mut self, path: String, kind: Kind, text: String) {
        self.items.insert(reexported(&path), Item { kind, text, mandatory: false });
    }
}

fn line(path: &str, item: &Item) -> String {
    let mandatory = if item.mandatory { " (mandatory)" } else { "" };
    let separator = if item.text.is_empty() { "" } else { ": " };
    match item.kind {
        Kind::Constant => format!("{path}\n{}", indent(&item.text)),
        _ => format!("{path}{mandatory}{separator}{}", item.text),
    }
}

/// The kinds of errors are re-exported from the crate's root; the tables themselves aren't.
fn reexported(path: &str) -> String {
    path.strip_prefix("error_table::").filter(|rest| rest.starts_with("ErrorKind")).unwrap_or(path).to_owned()
}

fn indent(text: &str) -> String {
    text.lines().map(|line| format!("    {line}")).collect::<Vec<_>>().join("\n")
}

/// `ResourceTag` of `types::ResourceTag.key` and of `types::builder::ResourceTag::key`.
fn owner_type(path: &str) -> Option<&str> {
    let rest = path.strip_prefix("types::")?;
    let rest = rest.strip_prefix("builder::").unwrap_or(rest);
    let end = rest.find(['.', ':', ' ']).unwrap_or(rest.len());
    (!rest.starts_with("error::")).then_some(&rest[..end])
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}::{name}") }
}

fn public(visibility: &syn::Visibility) -> bool {
    matches!(visibility, syn::Visibility::Public(_))
}
