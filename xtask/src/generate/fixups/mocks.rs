//! The typed mocks: inside the crate, and right for every value.

use syn::parse_quote;
use syn::visit_mut::{self, VisitMut};

use super::{Context, in_items, inherent, methods};
use crate::generate::model::Operation;

pub(super) fn imports(file: &mut syn::File, _: &Context<'_>) -> usize {
    let mut count = 0;
    for item in in_items(&mut file.items, "operations").into_iter().flatten() {
        if matches!(item, syn::Item::Use(_)) {
            *item = parse_quote!(
                use crate::{path::encode, types};
            );
            count += 1;
        }
    }
    count
}

/// `format!("^/v2/{}/images/.*/tags$", value.to_string())`: the value as it looks on the wire, escaped, and one segment
/// for each of the others.
pub(super) fn path_values(file: &mut syn::File, context: &Context<'_>) -> usize {
    let mut count = 0;
    for (_, block) in whens(file, context) {
        for method in methods(block) {
            let mut values = PathValues { found: 0 };
            values.visit_impl_item_fn_mut(method);
            count += values.found;
        }
    }
    count
}

struct PathValues {
    found: usize,
}

impl VisitMut for PathValues {
    fn visit_expr_macro_mut(&mut self, node: &mut syn::ExprMacro) {
        visit_mut::visit_expr_macro_mut(self, node);
        let tokens = node.mac.tokens.to_string();
        if node.mac.path.is_ident("format") && tokens.starts_with("\"^") && tokens.contains("value . to_string ()") {
            let mended = tokens
                .replace(".*", "[^/]*")
                .replace("value . to_string ()", "regex::escape(&encode(&value.to_string()))");
            if let Ok(tokens) = mended.parse() {
                node.mac.tokens = tokens;
                self.found += 1;
            }
        }
    }
}

/// Query parameters are matched by their names on the wire: where one is, and where none is.
pub(super) fn wire_names(file: &mut syn::File, context: &Context<'_>) -> usize {
    let mut count = 0;
    for (operation, block) in whens(file, context) {
        for method in methods(block) {
            let called = method.sig.ident.to_string();
            for field in operation.renamed().filter(|field| field.snake() == called) {
                let alias = field.alias.clone().unwrap_or_default();
                let mut names = WireNames { alias, name: &field.name, found: 0 };
                names.visit_impl_item_fn_mut(method);
                count += names.found;
            }
        }
    }
    count
}

/// A body is compared and answered by reference, whatever its type.
pub(super) fn bodies(file: &mut syn::File, _: &Context<'_>) -> usize {
    let mut bodies = Bodies { found: 0 };
    bodies.visit_file_mut(file);
    bodies.found
}

struct Bodies {
    found: usize,
}

impl VisitMut for Bodies {
    fn visit_expr_method_call_mut(&mut self, node: &mut syn::ExprMethodCall) {
        visit_mut::visit_expr_method_call_mut(self, node);
        if node.method == "json_body_obj" {
            node.args.iter_mut().for_each(|value| *value = parse_quote!(&#value));
            self.found += 1;
        }
    }
}

/// The halves of the mocks that say which requests they answer, each with its operation.
fn whens<'a>(
    file: &'a mut syn::File,
    context: &'a Context<'_>,
) -> impl Iterator<Item = (&'a Operation, &'a mut syn::ItemImpl)> {
    let blocks = in_items(&mut file.items, "operations").into_iter().flat_map(|items| inherent(items));
    blocks.filter_map(|(name, block)| Some((context.model.built_by(name.strip_suffix("When")?)?, block)))
}

struct WireNames<'a> {
    alias: String,
    name: &'a str,
    found: usize,
}

impl VisitMut for WireNames<'_> {
    fn visit_lit_str_mut(&mut self, literal: &mut syn::LitStr) {
        if literal.value() == self.alias {
            *literal = syn::LitStr::new(self.name, literal.span());
            self.found += 1;
        }
    }
}
