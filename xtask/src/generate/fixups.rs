//! Fixups: what is mended in progenitor's output, one function each, counted against the document.
//!
//! Each says how often it must apply, computed from the document; any other count is an error that shows both, so a
//! new release of the generator cannot silently turn a fixup into nothing.

mod builders;
mod dispatch;
mod docs;
mod mocks;
mod paging;
#[cfg(test)]
mod tests;
mod types;

use std::collections::BTreeSet;

use super::model::{Model, Operation};

/// What a fixup may look at besides the code.
pub(crate) struct Context<'a> {
    /// The operations of the document.
    pub model: &'a Model,
    /// The structs that typify made of the document's schemas.
    pub structs: &'a BTreeSet<String>,
}

impl Context<'_> {
    /// Whether the generator gives the body of an operation a builder: it does for every struct.
    pub(crate) fn builds_body(&self, operation: &Operation) -> bool {
        // A body that is written in place is named after its operation.
        let name = operation.body_type().unwrap_or_else(|| format!("{}Body", operation.pascal()));
        let may_be_null = operation.body_node.as_ref().is_some_and(|body| body["nullable"] == true);
        operation.body && !may_be_null && self.structs.contains(&name)
    }
}

/// One fixup.
pub(crate) struct Fixup {
    /// A stable name for messages.
    pub id: &'static str,
    /// Why progenitor's own output is not what users deserve.
    pub why: &'static str,
    /// How often it must apply.
    pub expected: fn(&Context<'_>) -> usize,
    /// Applies it and returns how often it did.
    pub apply: fn(&mut syn::File, &Context<'_>) -> usize,
}

/// A fixup that applied another number of times than the document demands.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Miscount {
    pub id: &'static str,
    pub why: &'static str,
    pub expected: usize,
    pub found: usize,
}

/// The fixups of `client.rs`, in the order in which they apply.
pub(crate) const CLIENT: &[Fixup] = &[
    Fixup {
        id: "safe-client-only",
        why: "progenitor's own constructors follow redirects and panic without TLS; its hooks lose the status of bad bodies",
        expected: |_| dispatch::PRUNED,
        apply: dispatch::prune,
    },
    Fixup {
        id: "dispatch",
        why: "a request ends in our runtime, which signs, retries, bounds and decodes",
        expected: |context| context.model.operations.len(),
        apply: dispatch::dispatch,
    },
    Fixup {
        id: "no-api-version",
        why: "the service documents no `api-version` header",
        expected: |context| context.model.operations.len(),
        apply: dispatch::drop_api_version,
    },
    Fixup {
        id: "base-url",
        why: "the endpoint belongs to the runtime",
        expected: |context| 2 * context.model.operations.len(),
        apply: dispatch::base_url,
    },
    Fixup {
        id: "path-encoding",
        why: "progenitor's encoder lets `\\` through and encodes less than what is signed",
        expected: |context| context.model.parameters().filter(|parameter| parameter.location == "path").count(),
        apply: dispatch::path_encoding,
    },
    Fixup {
        id: "typed-refusals",
        why: "a refused argument is our error with the operation's name",
        expected: |context| {
            context.model.parameters().count()
                + context.model.operations.iter().filter(|operation| operation.body).count()
                + context.model.parameters().filter(|parameter| parameter.location == "header").count()
        },
        apply: dispatch::typed_refusals,
    },
    Fixup {
        id: "setter-reasons",
        why: "progenitor's setters drop the reason of a refusal",
        expected: |context| {
            context.model.parameters().count()
                + context.model.operations.iter().filter(|operation| operation.body).count()
        },
        apply: builders::setter_reasons,
    },
    Fixup {
        id: "private-new",
        why: "a builder is made by its client only",
        expected: |context| context.model.operations.len(),
        apply: builders::private_new,
    },
    Fixup {
        id: "wire-names",
        why: "a query parameter whose name reads badly in Rust is sent under the service's name",
        expected: |context| context.model.operations.iter().map(|operation| operation.renamed().count()).sum(),
        apply: dispatch::wire_names,
    },
    Fixup {
        id: "light-patterns",
        why: "progenitor's engine for patterns costs users a twentieth of their build, and every call its time",
        expected: |context| context.model.patterns.len(),
        apply: types::patterns,
    },
    Fixup {
        id: "open-enums",
        why: "progenitor's enums refuse the whole answer for one value that the service added",
        expected: |context| context.model.opens.len(),
        apply: types::open_enums,
    },
    Fixup {
        id: "integer-names",
        why: "bounded integers are types of the crate; the document's names lead to them",
        expected: |context| context.model.integers.len(),
        apply: types::integers,
    },
    Fixup {
        id: "list-limits",
        why: "progenitor drops minItems, maxItems and uniqueItems, and knows no unique keys",
        expected: |context| {
            let limited = |name: &String| context.model.limited.iter().any(|limited| limited.name == *name);
            let bodies = context.model.operations.iter().filter_map(|operation| operation.body_type());
            context.model.limited.len() + bodies.filter(limited).count()
        },
        apply: types::limits,
    },
    Fixup {
        id: "project-default",
        why: "the project is the client's unless one is given, and looked up after every check",
        expected: |context| context.model.parameters().filter(|parameter| parameter.defaults_to_project).count(),
        apply: builders::project_default,
    },
    Fixup {
        id: "streams",
        why: "progenitor pages only where the answer has its own two fields",
        expected: |context| context.model.operations.iter().filter(|operation| operation.paging.is_some()).count(),
        apply: paging::streams,
    },
    Fixup {
        id: "non-exhaustive",
        why: "a field that the service adds later must not break users' code",
        expected: |context| context.structs.len(),
        apply: types::non_exhaustive,
    },
    Fixup {
        id: "build",
        why: "`try_into` needs a type annotation; `build` doesn't",
        expected: |context| context.structs.len(),
        apply: types::build,
    },
    Fixup {
        id: "operation-docs",
        why: "progenitor prints no error table, no links, no second language and no example that compiles",
        expected: |context| {
            2 * context.model.operations.len()
                + context.model.parameters().count()
                + context.model.operations.iter().filter(|operation| operation.body).count()
                + context.model.operations.iter().filter(|operation| context.builds_body(operation)).count()
        },
        apply: docs::operations,
    },
    Fixup {
        id: "type-docs",
        why: "progenitor leaves builders and their setters without a word",
        expected: |context| context.structs.len(),
        apply: docs::types,
    },
];

/// The fixups of `httpmock.rs`.
pub(crate) const MOCKS: &[Fixup] = &[
    Fixup { id: "mock-imports", why: "the mocks live inside the crate", expected: |_| 1, apply: mocks::imports },
    Fixup {
        id: "mock-path-values",
        why: "progenitor puts path values unescaped into a regular expression that crosses segments",
        expected: |context| context.model.parameters().filter(|parameter| parameter.location == "path").count(),
        apply: mocks::path_values,
    },
    Fixup {
        id: "mock-wire-names",
        why: "a mock matches the service's names of query parameters",
        expected: |context| {
            2 * context.model.operations.iter().map(|operation| operation.renamed().count()).sum::<usize>()
        },
        apply: mocks::wire_names,
    },
    Fixup {
        id: "mock-bodies",
        why: "progenitor hands booleans and numbers over by value, and httpmock wants a reference",
        expected: |context| context.model.operations.iter().map(|operation| operation.json_bodies).sum(),
        apply: mocks::bodies,
    },
    Fixup {
        id: "mock-docs",
        why: "progenitor leaves the mocks without a word",
        expected: |context| 3 * context.model.operations.len(),
        apply: docs::mocks,
    },
];

/// Applies `fixups` in order; all miscounts are returned, not only the first.
pub(crate) fn apply(fixups: &[Fixup], file: &mut syn::File, context: &Context<'_>) -> Vec<Miscount> {
    let mut miscounts = Vec::new();
    for fixup in fixups {
        let expected = (fixup.expected)(context);
        let found = (fixup.apply)(file, context);
        if found != expected {
            miscounts.push(Miscount { id: fixup.id, why: fixup.why, expected, found });
        }
    }
    docs::one_line_each(file);
    miscounts
}

/// The items of a top-level module of the file.
fn module<'a>(file: &'a mut syn::File, name: &str) -> Option<&'a mut Vec<syn::Item>> {
    in_items(&mut file.items, name)
}

/// The items of a module among `items`.
fn in_items<'a>(items: &'a mut [syn::Item], name: &str) -> Option<&'a mut Vec<syn::Item>> {
    items.iter_mut().find_map(|item| match item {
        syn::Item::Mod(module) if module.ident == name => module.content.as_mut().map(|(_, items)| items),
        _ => None,
    })
}

/// The last segment of a type's path, for example `ResourceTag`.
pub(super) fn type_name(ty: &syn::Type) -> Option<String> {
    match ty {
        syn::Type::Path(path) => path.path.segments.last().map(|segment| segment.ident.to_string()),
        _ => None,
    }
}

/// The inherent implementations among `items`, with the name of their type.
fn inherent(items: &mut [syn::Item]) -> impl Iterator<Item = (String, &mut syn::ItemImpl)> {
    items.iter_mut().filter_map(|item| match item {
        syn::Item::Impl(block) if block.trait_.is_none() => Some((type_name(&block.self_ty)?, block)),
        _ => None,
    })
}

/// The methods of an implementation.
fn methods(block: &mut syn::ItemImpl) -> impl Iterator<Item = &mut syn::ImplItemFn> {
    block.items.iter_mut().filter_map(|item| match item {
        syn::ImplItem::Fn(method) => Some(method),
        _ => None,
    })
}
