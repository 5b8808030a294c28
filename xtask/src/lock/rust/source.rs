//! The public surface of a crate's own source, for one set of features: modules, re-exports and `cfg` as rustc sees them.
//!
//! Tools that read rustdoc's JSON need a nightly compiler; this reads the source with syn, so it works on stable.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::{Surface, join, public};

/// A module's items after `cfg`.
type Modules = BTreeMap<String, Vec<syn::Item>>;

impl Surface {
    /// Reads the source below `source`, a crate's `src`, as compiled with `features`; modules named in `without` are
    /// left out.
    ///
    /// # Errors
    /// A file that can't be read or isn't Rust, with its name.
    pub fn of_source(source: &Path, features: &[&str], without: &[&str]) -> Result<Self, String> {
        let features: BTreeSet<&str> = features.iter().copied().collect();
        let mut modules = Modules::new();
        load(&source.join("lib.rs"), source, "", &features, without, &mut modules)?;
        let mut surface = Self::default();
        let mut exported = BTreeMap::new();
        reach("", "", &modules, &mut exported);
        for (path, (module, name)) in &exported {
            let public_module = path.rsplit_once("::").map_or("", |(module, _)| module);
            for item in modules.get(module).into_iter().flatten().filter(|item| name_of(item) == Some(name.clone())) {
                let mut item = item.clone();
                rename(&mut item, path.rsplit("::").next().unwrap_or(path));
                surface.module(public_module, &[item]);
            }
        }
        for items in modules.values() {
            for item in items {
                let syn::Item::Impl(block) = item else { continue };
                let Some(name) = self_name(block) else { continue };
                // A type's methods may stand in any module.
                if let Some((path, _)) = exported.iter().find(|(_, (_, exported))| *exported == name) {
                    surface.implementation(path.rsplit_once("::").map_or("", |(module, _)| module), block);
                }
            }
        }
        Ok(surface)
    }

    /// All items, a line each.
    #[must_use]
    pub fn listing(&self) -> String {
        self.items.iter().map(|(path, item)| super::line(path, item) + "\n").collect()
    }
}

/// Loads a module's file and those of its modules.
fn load(
    file: &Path,
    folder: &Path,
    path: &str,
    features: &BTreeSet<&str>,
    without: &[&str],
    modules: &mut Modules,
) -> Result<(), String> {
    let text = std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let parsed = syn::parse_file(&text).map_err(|error| format!("{}: {error}", file.display()))?;
    take(parsed.items, folder, path, features, without, modules)
}

fn take(
    items: Vec<syn::Item>,
    folder: &Path,
    path: &str,
    features: &BTreeSet<&str>,
    without: &[&str],
    modules: &mut Modules,
) -> Result<(), String> {
    let items: Vec<syn::Item> = items.into_iter().filter(|item| compiled(attributes_of(item), features)).collect();
    for item in &items {
        let syn::Item::Mod(module) = item else { continue };
        let name = module.ident.to_string();
        if without.contains(&name.as_str()) {
            continue;
        }
        let below = join(path, &name);
        let inner: PathBuf = folder.join(&name);
        match &module.content {
            Some((_, items)) => take(items.clone(), &inner, &below, features, without, modules)?,
            None => load(&folder.join(format!("{name}.rs")), &inner, &below, features, without, modules)?,
        }
    }
    modules.insert(path.to_owned(), items);
    Ok(())
}

/// Fills `exported`: public path → the module that holds the item, and its name there.
fn reach(module: &str, public_path: &str, modules: &Modules, exported: &mut BTreeMap<String, (String, String)>) {
    for item in modules.get(module).into_iter().flatten() {
        match item {
            syn::Item::Mod(inner) if public(&inner.vis) => {
                let name = inner.ident.to_string();
                reach(&join(module, &name), &join(public_path, &name), modules, exported);
            }
            syn::Item::Use(item) if public(&item.vis) => {
                let mut uses = Vec::new();
                flatten(&item.tree, String::new(), &mut uses);
                for (target, name) in uses {
                    let (from, original) = target.rsplit_once("::").unwrap_or(("", &target));
                    let from = from.trim_start_matches("crate::").trim_start_matches("self::");
                    // A path is relative to its own module or to the crate's root.
                    let own = if from.is_empty() { module.to_owned() } else { join(module, from) };
                    let holder = if modules.contains_key(&own) { own } else { from.to_owned() };
                    exported.insert(join(public_path, &name), (holder, original.to_owned()));
                }
            }
            other => {
                if let (Some(name), true) = (name_of(other), is_public(other)) {
                    exported.insert(join(public_path, &name), (module.to_owned(), name));
                }
            }
        }
    }
}

fn flatten(tree: &syn::UseTree, prefix: String, uses: &mut Vec<(String, String)>) {
    match tree {
        syn::UseTree::Path(path) => flatten(&path.tree, join(&prefix, &path.ident.to_string()), uses),
        syn::UseTree::Name(name) => uses.push((join(&prefix, &name.ident.to_string()), name.ident.to_string())),
        syn::UseTree::Rename(name) => uses.push((join(&prefix, &name.ident.to_string()), name.rename.to_string())),
        syn::UseTree::Group(group) => group.items.iter().for_each(|tree| flatten(tree, prefix.clone(), uses)),
        // A glob would hide what it exports from whoever reads the lock: the crate has none.
        syn::UseTree::Glob(_) => uses.push((join(&prefix, "*"), "*".to_owned())),
    }
}

/// Whether an item is compiled with these features.
fn compiled(attributes: &[syn::Attribute], features: &BTreeSet<&str>) -> bool {
    attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("cfg"))
        .all(|attribute| attribute.parse_args::<syn::Meta>().is_ok_and(|condition| holds(&condition, features)))
}

fn holds(condition: &syn::Meta, features: &BTreeSet<&str>) -> bool {
    match condition {
        syn::Meta::NameValue(pair) if pair.path.is_ident("feature") => match &pair.value {
            syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(name), .. }) => features.contains(name.value().as_str()),
            _ => false,
        },
        syn::Meta::List(list) => {
            let parser = syn::punctuated::Punctuated::<syn::Meta, syn::Token![,]>::parse_terminated;
            let Ok(inner) = list.parse_args_with(parser) else { return false };
            let mut inner = inner.iter().map(|condition| holds(condition, features));
            if list.path.is_ident("not") {
                !inner.all(|holds| holds)
            } else if list.path.is_ident("any") {
                inner.any(|holds| holds)
            } else {
                inner.all(|holds| holds)
            }
        }
        // `test`, and targets that only tests care about.
        _ => false,
    }
}

fn self_name(block: &syn::ItemImpl) -> Option<String> {
    match &*block.self_ty {
        syn::Type::Path(path) => path.path.segments.last().map(|segment| segment.ident.to_string()),
        _ => None,
    }
}

fn name_of(item: &syn::Item) -> Option<String> {
    Some(
        match item {
            syn::Item::Struct(item) => &item.ident,
            syn::Item::Enum(item) => &item.ident,
            syn::Item::Trait(item) => &item.ident,
            syn::Item::Type(item) => &item.ident,
            syn::Item::Fn(item) => &item.sig.ident,
            syn::Item::Const(item) => &item.ident,
            syn::Item::Static(item) => &item.ident,
            _ => return None,
        }
        .to_string(),
    )
}

fn is_public(item: &syn::Item) -> bool {
    match item {
        syn::Item::Struct(item) => public(&item.vis),
        syn::Item::Enum(item) => public(&item.vis),
        syn::Item::Trait(item) => public(&item.vis),
        syn::Item::Type(item) => public(&item.vis),
        syn::Item::Fn(item) => public(&item.vis),
        syn::Item::Const(item) => public(&item.vis),
        syn::Item::Static(item) => public(&item.vis),
        _ => false,
    }
}

fn attributes_of(item: &syn::Item) -> &[syn::Attribute] {
    match item {
        syn::Item::Struct(item) => &item.attrs,
        syn::Item::Enum(item) => &item.attrs,
        syn::Item::Trait(item) => &item.attrs,
        syn::Item::Type(item) => &item.attrs,
        syn::Item::Fn(item) => &item.attrs,
        syn::Item::Const(item) => &item.attrs,
        syn::Item::Static(item) => &item.attrs,
        syn::Item::Impl(item) => &item.attrs,
        syn::Item::Mod(item) => &item.attrs,
        syn::Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

/// Gives an item the name under which it is exported.
fn rename(item: &mut syn::Item, name: &str) {
    let ident = quote::format_ident!("{name}");
    match item {
        syn::Item::Struct(item) => item.ident = ident,
        syn::Item::Enum(item) => item.ident = ident,
        syn::Item::Trait(item) => item.ident = ident,
        syn::Item::Type(item) => item.ident = ident,
        syn::Item::Fn(item) => item.sig.ident = ident,
        _ => {}
    }
}
