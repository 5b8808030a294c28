//! What a Rust user can call and match on, read from the generated code: the Rust side of locks and review.
//!
//! Read from the text of the files and not from the document, so that a wrong generator or an edit by
//! hand shows. A builder's mandatory setters are items of their own kind: making an optional parameter mandatory changes
//! no signature, but breaks every caller.

mod print;

use std::collections::{BTreeMap, HashSet};

use crate::diagnostic::Diagnostic;
use crate::document::Document;
use crate::generate::{self, Files};
use print::{attributes, function, text};

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
        let mut reader = Reader::default();
        for (name, text) in files.iter().filter(|(name, _)| name.ends_with(".rs")) {
            let file = syn::parse_file(text).map_err(|error| format!("{name}: {error}"))?;
            file.items.iter().for_each(|item| reader.item(root(name), item));
        }
        Ok(reader.finish())
    }

    /// What a document generates, without printing and reading it again, which for a large document takes half the time.
    ///
    /// # Errors
    /// As [`generate::render`].
    pub fn of_document(spec: &Document) -> Result<Self, Vec<Diagnostic>> {
        let mut reader = Reader::default();
        generate::each_item(spec, |name, modules, item| {
            let path = modules.iter().fold(root(name).to_owned(), |path, module| join(&path, module));
            reader.item(&path, &item);
        })?;
        Ok(reader.finish())
    }

    /// The items as documents, each readable alone: one for each operation (its method, builder, constants and mocks),
    /// one for each type (with its builder), and `shared` for the rest.
    #[must_use]
    pub fn documents(&self) -> BTreeMap<String, String> {
        let pascal = |name: &str| heck::AsPascalCase(name).to_string();
        let methods = self.items.iter().filter(|(_, item)| item.kind == Kind::Operation);
        let operations: HashSet<String> =
            methods.filter_map(|(path, _)| Some(pascal(path.rsplit("::").next()?))).collect();
        // Each name that an operation gives to something: its own in some case, or that of its mocks.
        let operation = |segment: &str| {
            let name = pascal(segment);
            let mock = name.strip_suffix("When").or_else(|| name.strip_suffix("Then")).map(str::to_owned);
            [name].into_iter().chain(mock).find(|name| operations.contains(name))
        };
        let mut documents: BTreeMap<String, String> = BTreeMap::new();
        for (path, item) in &self.items {
            let mut segments = path.split(['.', ' ']).next().unwrap_or(path).split("::");
            let (name, head) = match (owner_type(path), segments.find_map(operation)) {
                (Some(ty), _) => (format!("type-{ty}"), format!("# Rust surface of type {ty}")),
                (None, Some(id)) => (format!("operation-{id}"), format!("# Rust surface of operation {id}")),
                (None, None) => {
                    ("shared".to_owned(), "# Rust surface that belongs to no single operation or type".to_owned())
                }
            };
            let mandatory = if item.mandatory { " (mandatory)" } else { "" };
            let text = match (item.kind, item.text.as_str()) {
                (Kind::Constant, text) => text.lines().map(|line| format!("\n    {line}")).collect(),
                (_, "") => mandatory.to_owned(),
                (_, text) => format!("{mandatory}: {text}"),
            };
            *documents.entry(name).or_insert_with(|| head + "\n\n") += &format!("{path}{text}\n");
        }
        documents
    }
}

/// What was read so far.
#[derive(Default)]
struct Reader {
    items: BTreeMap<String, Item>,
    /// The setters that must be called.
    required: Vec<String>,
}

impl Reader {
    fn finish(mut self) -> Surface {
        for setter in self.required {
            self.items.entry(setter).and_modify(|setter| setter.mandatory = true);
        }
        Surface { items: self.items }
    }

    fn item(&mut self, path: &str, item: &syn::Item) {
        match item {
            syn::Item::Mod(syn::ItemMod { vis, ident, content: Some((_, items)), .. }) if public(vis) => {
                let path = join(path, ident);
                items.iter().for_each(|item| self.item(&path, item));
            }
            syn::Item::Struct(item) => {
                let fields = item.fields.iter().filter(|field| text(&field.ty).starts_with("Required<"));
                let setters = fields.filter_map(|field| Some(join(&join(path, &item.ident), field.ident.as_ref()?)));
                self.required.extend(setters);
                if public(&item.vis) {
                    self.structure(&join(path, &item.ident), item);
                }
            }
            syn::Item::Enum(item) if public(&item.vis) => {
                let name = join(path, &item.ident);
                self.add(&name, Kind::Type, format!("enum{}", attributes(&item.attrs)));
                for variant in &item.variants {
                    let fields: Vec<String> = variant.fields.iter().map(|field| text(&field.ty)).collect();
                    let fields = if fields.is_empty() { String::new() } else { format!("({})", fields.join(", ")) };
                    let said = format!("variant{fields}{}", attributes(&variant.attrs));
                    self.add(&join(&name, &variant.ident), Kind::Variant, said);
                }
            }
            syn::Item::Trait(item) if public(&item.vis) => {
                let name = join(path, &item.ident);
                self.add(&name, Kind::Type, "trait".to_owned());
                for member in &item.items {
                    if let syn::TraitItem::Fn(method) = member {
                        self.add(&join(&name, &method.sig.ident), Kind::Function, function(&method.sig));
                    }
                }
            }
            syn::Item::Impl(block) => self.implementation(path, block),
            syn::Item::Fn(item) if public(&item.vis) => {
                self.add(&join(path, &item.sig.ident), Kind::Function, function(&item.sig));
            }
            syn::Item::Type(item) if public(&item.vis) => {
                self.add(&join(path, &item.ident), Kind::Type, format!("= {}", text(&item.ty)));
            }
            syn::Item::Static(syn::ItemStatic { ident, expr, .. })
            | syn::Item::Const(syn::ItemConst { ident, expr, .. }) => {
                self.add(&join(path, ident), Kind::Constant, print::lines(expr).join("\n"));
            }
            syn::Item::Macro(item) => self.given_by_macro(path, item),
            _ => {}
        }
    }

    fn structure(&mut self, name: &str, item: &syn::ItemStruct) {
        let shape = match &item.fields {
            syn::Fields::Named(_) => "struct",
            syn::Fields::Unnamed(_) => "newtype",
            syn::Fields::Unit => "unit struct",
        };
        self.add(name, Kind::Type, format!("{shape}{}", attributes(&item.attrs)));
        for (field, member) in item.fields.iter().zip(item.fields.members()).filter(|(field, _)| public(&field.vis)) {
            let said = format!("{}{}", text(&field.ty), attributes(&field.attrs));
            self.add(&format!("{name}.{}", text(&member)), Kind::Field, said);
        }
    }

    fn implementation(&mut self, path: &str, block: &syn::ItemImpl) {
        let this = text(&block.self_ty).replace("<'a>", "");
        let owner = join(path, &this);
        if let Some((implemented, _)) = &block.trait_ {
            let name = text(implemented);
            // `From<ImageId> for String` belongs to `ImageId`; what belongs to other crates' types is theirs to show.
            if this == "String" || this.starts_with("::") {
                if let Some(from) = name.strip_prefix("From<") {
                    let from = join(path, &from.trim_end_matches('>'));
                    self.add(&format!("{from} : Into<{this}>"), Kind::Implementation, String::new());
                }
                return;
            }
            let associated = block.items.iter().filter_map(|item| match item {
                syn::ImplItem::Type(ty) => Some(format!("{} = {}", ty.ident, text(&ty.ty))),
                _ => None,
            });
            let associated = associated.collect::<Vec<_>>().join(", ");
            return self.add(&format!("{owner} : {name}"), Kind::Implementation, associated);
        }
        for item in &block.items {
            if let syn::ImplItem::Fn(method) = item
                && public(&method.vis)
            {
                let kind = match owner.as_str() {
                    "Client" => Kind::Operation,
                    _ if owner.contains("builder::") && method.sig.inputs.len() == 2 => Kind::Setter,
                    _ => Kind::Function,
                };
                let said = function(&method.sig) + &attributes(&method.attrs);
                self.add(&join(&owner, &method.sig.ident), kind, said);
            }
        }
    }

    /// What a macro of the crate gives a type: conversions, or what each call can do.
    fn given_by_macro(&mut self, path: &str, item: &syn::ItemMacro) {
        let tokens = item.mac.tokens.to_string();
        let is_type = |word: &&str| word.starts_with(char::is_uppercase);
        let (Some(by), Some(of)) = (item.mac.path.segments.last(), tokens.split_whitespace().find(is_type)) else {
            return;
        };
        // `open` or `closed`, before the name of an enum.
        let how = tokens.split_whitespace().next().filter(|word| !is_type(word)).unwrap_or_default();
        let given = if by.ident == "object" { "Deserialize".to_owned() } else { format!("{}!", by.ident) };
        self.add(&format!("{} : {given}", join(path, &of)), Kind::Implementation, how.to_owned());
    }

    fn add(&mut self, path: &str, kind: Kind, text: String) {
        // The kinds of errors are re-exported from the crate's root; the tables themselves aren't.
        let root = path.strip_prefix("error_table::").filter(|rest| rest.starts_with("ErrorKind"));
        self.items.insert(root.unwrap_or(path).to_owned(), Item { kind, text, mandatory: false });
    }
}

/// The module of a file's items, from the root of the crate.
fn root(file: &str) -> &str {
    match file.trim_end_matches(".rs") {
        // What users reach from there.
        "client" => "",
        other => other,
    }
}

/// `ResourceTag` of `types::ResourceTag.key` and of `types::builder::ResourceTag::key`.
fn owner_type(path: &str) -> Option<&str> {
    let rest = path.strip_prefix("types::")?;
    let rest = rest.strip_prefix("builder::").unwrap_or(rest);
    rest.split(['.', ':', ' ']).next().filter(|_| !rest.starts_with("error::"))
}

fn join(path: &str, name: &impl ToString) -> String {
    if path.is_empty() { name.to_string() } else { format!("{path}::{}", name.to_string()) }
}

fn public(visibility: &syn::Visibility) -> bool {
    matches!(visibility, syn::Visibility::Public(_))
}
