//! Signatures, types and attributes as one would write them: standard paths short, one line.

use std::collections::HashMap;

use quote::ToTokens;

/// What the printer of tokens writes, and what a person would.
const SPACES: [(&str, &str); 19] = [
    (" :: ", "::"),
    (":: ", "::"),
    (" < ", "<"),
    (" <", "<"),
    ("< ", "<"),
    (" >", ">"),
    (" ,", ","),
    ("& ", "&"),
    (" (", "("),
    ("( ", "("),
    (" )", ")"),
    ("' ", "'"),
    (" ..= ", "..="),
    (",>", ">"),
    (", >", ">"),
    ("::std::option::", ""),
    ("::std::vec::", ""),
    ("self::", ""),
    ("super::", ""),
];

/// A type, a path or an expression, for example `Option<String>`: without the modules of the standard library and serde,
/// but for those in a text.
pub(super) fn text(node: &impl ToTokens) -> String {
    let tokens = node.to_token_stream().to_string();
    let mut words = tokens.split_whitespace().peekable();
    let mut kept: Vec<&str> = Vec::new();
    while let Some(word) = words.next() {
        let quoted = kept.last().is_some_and(|last| last.starts_with('"'));
        if matches!(word, "std" | "serde") && words.peek() == Some(&"::") && !quoted {
            kept.pop_if(|last| *last == "::");
            while words.next_if(|next| next.starts_with(|c: char| c == ':' || c.is_lowercase())).is_some() {}
        } else {
            kept.push(word);
        }
    }
    SPACES.iter().fold(kept.join(" "), |text, (from, to)| text.replace(from, to)).replace("<Item =(", "<Item = (")
}

/// A signature; a setter's `V: TryInto<T>` is shown where it is used.
pub(super) fn function(signature: &syn::Signature) -> String {
    let generics = &signature.generics;
    let parameters = generics.type_params().map(|it| (text(&it.ident), text(&it.bounds)));
    let clauses = generics.where_clause.iter().flat_map(|clause| &clause.predicates).filter_map(|it| match it {
        syn::WherePredicate::Type(bound) => Some((text(&bound.bounded_ty), text(&bound.bounds))),
        _ => None,
    });
    let bounds: HashMap<String, String> = parameters.chain(clauses).filter(|(_, bounds)| !bounds.is_empty()).collect();
    let input = |input: &syn::FnArg| match input {
        syn::FnArg::Receiver(receiver) => text(receiver).replace("mut self", "self"),
        syn::FnArg::Typed(argument) => {
            let ty = text(&argument.ty);
            bounds.get(&ty).map_or(ty, |bounds| format!("impl {bounds}"))
        }
    };
    let inputs: Vec<String> = signature.inputs.iter().map(input).collect();
    let output = match &signature.output {
        syn::ReturnType::Default => String::new(),
        syn::ReturnType::Type(_, ty) => format!(" -> {}", text(ty)),
    };
    let asynchronous = if signature.asyncness.is_some() { "async " } else { "" };
    format!("{asynchronous}fn({}){output}", inputs.join(", "))
}

/// The attributes that users notice: what serde reads and writes, whether more may come, and the derives in
/// alphabetical order.
pub(super) fn attributes(attributes: &[syn::Attribute]) -> String {
    let noticed = ["serde", "non_exhaustive", "must_use", "deprecated"];
    let noticed = attributes.iter().filter(|it| noticed.iter().any(|name| it.path().is_ident(name)));
    let mut out: String = noticed.map(|it| format!(", {}", text(&it.meta))).collect();
    let mut derives = Vec::new();
    for attribute in attributes.iter().filter(|it| it.path().is_ident("derive")) {
        let _ = attribute.parse_nested_meta(|meta| {
            derives.extend(meta.path.segments.last().map(|segment| segment.ident.to_string()));
            Ok(())
        });
    }
    derives.sort();
    if !derives.is_empty() {
        out += &format!(", derives {}", derives.join(" "));
    }
    out
}

/// The value of a constant, a field or an item a line.
pub(super) fn lines(value: &syn::Expr) -> Vec<String> {
    match value {
        syn::Expr::Struct(value) => {
            value.fields.iter().map(|field| format!("{}: {}", text(&field.member), text(&field.expr))).collect()
        }
        syn::Expr::Reference(reference) => match &*reference.expr {
            syn::Expr::Array(array) => array.elems.iter().map(text).collect(),
            other => vec![text(other)],
        },
        other => vec![text(other)],
    }
}
