//! What a thing of the document is called in Rust and in a shell: the one place that makes names of the document's, as
//! the generator does.

use heck::{ToPascalCase, ToSnakeCase};

/// The fields, methods and variables that the builder of each call has.
const OF_CALLS: [&str; 10] =
    ["body", "call", "clone", "header", "into_future", "new", "request", "retry", "send", "timeout"];

/// A name of the document in every form.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Names {
    /// The name of a method, a setter or a field: `list_image_tags`.
    pub snake: String,
    /// The name of a type, a builder or a variant: `ListImageTags`.
    pub pascal: String,
    /// The name of a constant: `LIST_IMAGE_TAGS`.
    pub constant: String,
    /// The name of a command or a flag: `list-image-tags`.
    pub flag: String,
}

impl Names {
    /// Of an operation, by its `operationId`.
    #[must_use]
    pub fn of_operation(id: &str) -> Self {
        let snake = identifier(id, Case::Method);
        // The generator makes the builder's name of the method's.
        Self { pascal: identifier(&snake, Case::Builder), constant: snake.to_uppercase(), flag: flag(&snake), snake }
    }

    /// Of a parameter, by `x-ims-name` or its name on the wire.
    #[must_use]
    pub fn of_parameter(name: &str) -> Self {
        let mut names = Self::of_operation(name);
        // As a keyword does, what each builder of a call has already gets a `_`.
        if OF_CALLS.contains(&names.snake.as_str()) {
            names.snake.push('_');
        }
        names
    }

    /// Of a property.
    #[must_use]
    pub fn of_property(name: &str) -> Self {
        let snake = identifier(name, Case::Field);
        Self { pascal: identifier(name, Case::Type), constant: snake.to_uppercase(), flag: flag(&snake), snake }
    }

    /// Of a component, or of a schema that is named after its title or its place.
    #[must_use]
    pub fn of_type(name: &str) -> Self {
        Self::of_property(name)
    }

    /// Of a reason phrase such as `Not Found`: a row of the error table.
    #[must_use]
    pub fn of_reason(status: u16, reason: &str) -> Self {
        let pascal = reason.to_pascal_case();
        let pascal = if syn::parse_str::<syn::Ident>(&pascal).is_ok() { pascal } else { format!("Status{status}") };
        // `Continue` is a variant, `continue` no method.
        let snake = identifier(&pascal, Case::Method);
        Self { constant: snake.trim_end_matches('_').to_uppercase(), flag: flag(&snake), pascal, snake }
    }
}

/// `image-id` of `image_id`.
fn flag(snake: &str) -> String {
    let kebab = snake.trim_matches('_').replace('_', "-");
    if kebab.is_empty() { "x".to_owned() } else { kebab }
}

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
    // Only words in one case are Rust's own; to ask syn takes longer than all the rest. `gen` is one of the next edition.
    let may_be_taken = named == "Self" || named.bytes().all(|byte| byte.is_ascii_lowercase());
    let taken = may_be_taken && (named == "gen" || syn::parse_str::<syn::Ident>(&named).is_err());
    if taken { format!("{named}_") } else { named }
}
