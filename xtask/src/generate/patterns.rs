//! Patterns of texts: those that only say which characters a text has are looked at, the others compiled by a small engine.
//! progenitor's own engine costs users a twentieth of their build, and every call its time. Refusals keep the document's
//! words.

use quote::format_ident;
use syn::parse_quote;
use syn::visit::Visit;
use syn::visit_mut::{self, VisitMut};

use crate::pattern::{self, Characters};

/// Rewrites the checks of all texts.
pub(super) fn rewrite(items: &mut [syn::Item]) {
    items.iter_mut().for_each(|item| Engine.visit_item_mut(item));
}

struct Engine;

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
    let length: Option<syn::Expr> = match characters.maximum {
        Some(maximum) => {
            let maximum = maximum as usize;
            Some(parse_quote!((#minimum..=#maximum).contains(&value.chars().count())))
        }
        None if minimum == 0 => None,
        None => Some(parse_quote!(value.chars().count() >= #minimum)),
    };
    let length = length.iter();
    parse_quote!(!(#(#length &&)* value.chars().all(|c| matches!(c, #(#ranges)|*))))
}
