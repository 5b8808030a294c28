//! What the document says about operations and errors, as Rust: the `operations` module and `error_table.rs`.

use heck::ToShoutySnakeCase;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::model::{Model, Operation, Row};

/// The module with one constant per operation.
pub(crate) fn operations(model: &Model) -> TokenStream {
    let statics = model.operations.iter().map(|operation| {
        let name = format_ident!("{}", operation.constant());
        let doc = format!(" `{} {}`", operation.method, operation.path);
        let Operation { id, method, path, idempotent, page, .. } = operation;
        let success = operation.success.iter().map(|(from, to)| quote!(#from..=#to));
        quote! {
            #[doc = #doc]
            pub static #name: Operation = Operation {
                id: #id,
                method: #method,
                path: #path,
                idempotent: #idempotent,
                success: &[#(#success),*],
                errors: error_table::#name,
                page: #page,
            };
        }
    });
    let all = model.operations.iter().map(|operation| format_ident!("{}", operation.constant()));
    quote! {
        /// The operations of the document, as data.
        pub mod operations {
            use crate::Operation;
            use crate::generated::error_table;
            #(#statics)*
            /// All operations, by path.
            pub static ALL: &[&Operation] = &[#(&#all),*];
        }
    }
}

/// The file `error_table.rs`.
pub(crate) fn error_table(model: &Model) -> TokenStream {
    let mut rows: Vec<&Row> = Vec::new();
    for row in model.operations.iter().flat_map(|operation| &operation.rows) {
        if !rows.contains(&row) {
            rows.push(row);
        }
    }
    let mut kinds: Vec<&Row> = Vec::new();
    for row in &rows {
        if kinds.iter().all(|known| known.kind() != row.kind()) {
            kinds.push(row);
        }
    }
    kinds.sort_by_key(|row| row.status);
    let variants = kinds.iter().map(|row| {
        let name = format_ident!("{}", row.kind());
        let doc = format!(" `{} {}`: {}", row.status, row.reason, one_line(&row.text.english));
        let chinese = (!row.text.chinese.is_empty()).then(|| {
            let chinese = format!(" {}", one_line(&row.text.chinese));
            quote!(#[doc = ""] #[doc = #chinese])
        });
        quote!(#[doc = #doc] #chinese #name)
    });
    let consts = rows.iter().map(|row| {
        let name = constant(&rows, row);
        let kind = format_ident!("{}", row.kind());
        let Row { status, reason, text } = row;
        let (english, chinese) = (&text.english, &text.chinese);
        quote! {
            const #name: ErrorRow = ErrorRow {
                status: #status,
                reason: #reason,
                kind: ErrorKind::#kind,
                english: #english,
                chinese: #chinese,
            };
        }
    });
    let tables = model.operations.iter().map(|operation| {
        let name = format_ident!("{}", operation.constant());
        let doc = format!(" The error table of `{}`.", operation.id);
        let mut sorted: Vec<&Row> = operation.rows.iter().collect();
        sorted.sort_by_key(|row| row.status);
        let names = sorted.into_iter().map(|row| constant(&rows, row));
        quote! {
            #[doc = #doc]
            pub(crate) static #name: &[ErrorRow] = &[#(#names),*];
        }
    });
    quote! {
        use crate::ErrorRow;

        /// Which row of the error table an answer belongs to.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum ErrorKind { #(#variants),* }

        #(#consts)*
        #(#tables)*
    }
}

/// The name of a row's constant: its kind, with a number where several rows share one.
fn constant(rows: &[&Row], row: &Row) -> proc_macro2::Ident {
    let same: Vec<&&Row> = rows.iter().filter(|other| other.kind() == row.kind()).collect();
    let base = row.kind().to_shouty_snake_case();
    match same.iter().position(|other| **other == row) {
        None | Some(0) => format_ident!("{base}_ROW"),
        Some(position) => format_ident!("{base}_ROW_{}", position + 1),
    }
}

pub(crate) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
