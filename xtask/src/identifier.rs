//! The Rust identifiers that the generator makes of a document's names: what its output is matched by, and what shows
//! a collision before it happens.

use heck::{ToPascalCase, ToSnakeCase};

/// Which of the generator's two parts names the thing, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Case {
    /// A method or parameter, named by progenitor.
    Method,
    /// The builder of an operation, named by progenitor.
    Builder,
    /// A property, named by typify.
    Field,
    /// A schema or a value of an enum, named by typify.
    Type,
}

/// The identifier of a name.
#[must_use]
pub(crate) fn identifier(name: &str, case: Case) -> String {
    let pascal = matches!(case, Case::Builder | Case::Type);
    let plain = name.replace('\'', "").replace(|c| !unicode_ident::is_xid_continue(c), "-");
    let cased = match name {
        "+1" => "plus1".to_owned(),
        "-1" => "minus1".to_owned(),
        _ if pascal => plain.to_pascal_case(),
        _ => plain.to_snake_case(),
    };
    let named = match cased.chars().next() {
        None if pascal => "X".to_owned(),
        None => "x".to_owned(),
        Some(first) if unicode_ident::is_xid_start(first) => cased,
        Some(_) => match case {
            Case::Method | Case::Builder => format!("_{cased}"),
            Case::Field => format!("x{cased}"),
            Case::Type => format!("X{cased}"),
        },
    };
    // Words that future editions reserve count as taken, too.
    let taken = named == "gen" || syn::parse_str::<syn::Ident>(&named).is_err();
    if taken { format!("{named}_") } else { named }
}

#[cfg(test)]
mod tests {
    use super::{Case, identifier};

    #[test]
    fn names_become_identifiers() {
        for (name, method, r#type) in [
            ("ListImageTags", "list_image_tags", "ListImageTags"),
            ("page-size", "page_size", "PageSize"),
            ("type", "type_", "Type"),
            ("gen", "gen_", "Gen"),
            ("self", "self_", "Self_"),
            ("1a", "_1a", "X1a"),
            ("+1", "plus1", "plus1"),
            ("标签", "标签", "标签"),
            ("中 文", "中_文", "中文"),
            ("", "x", "X"),
            ("*", "x", "X"),
            ("it's", "its", "Its"),
        ] {
            assert_eq!(identifier(name, Case::Method), method, "{name:?}");
            assert_eq!(identifier(name, Case::Type), r#type, "{name:?}");
        }
        assert_eq!(identifier("1a", Case::Field), "x1a");
        assert_eq!(identifier("2fa", Case::Builder), "_2fa");
    }
}
