//! What the generated file says of the document: an operation as a command, with flags, checks and texts.

#![allow(dead_code, reason = "which of these a document needs depends on its operations")]

use crate::Operation;
pub(crate) use crate::paging::Style;

/// A text in English and Chinese; one of them is empty if the document has only the other.
#[derive(Clone, Copy)]
pub(crate) struct Text(pub(crate) &'static str, pub(crate) &'static str);

/// An operation as a command.
pub(crate) struct Command {
    pub(crate) operation: &'static Operation,
    /// The operation id in kebab-case.
    pub(crate) name: &'static str,
    /// The group that it belongs to; empty if it belongs to none.
    pub(crate) group: &'static str,
    pub(crate) deprecated: bool,
    pub(crate) summary: Text,
    pub(crate) description: Text,
    /// What the caller must be granted in IAM.
    pub(crate) permissions: &'static [&'static str],
    pub(crate) parameters: &'static [Flag],
    pub(crate) body: Option<&'static Body>,
    /// The parameters that are headers, by name.
    pub(crate) headers: &'static [&'static str],
    /// The media type of a success; `None` if it carries nothing.
    pub(crate) answer: Option<&'static str>,
    /// The lists of the answer by name, each with the members of its items; without a name the answer itself.
    pub(crate) lists: &'static [(&'static str, &'static [&'static str])],
    pub(crate) paging: Option<Paging>,
    /// The field of the answer that names the job it started.
    pub(crate) job: Option<&'static str>,
    pub(crate) example: Option<Example>,
}

/// A request body: its fields as flags and the forms it may have; without any, it is given as JSON of the schema.
pub(crate) struct Body {
    pub(crate) required: bool,
    pub(crate) media_type: &'static str,
    pub(crate) flags: &'static [Flag],
    pub(crate) forms: &'static [Form],
    pub(crate) schema: Schema,
}

/// A form of a body: the names of its flags, with a space between two.
pub(crate) struct Form {
    pub(crate) mandatory: &'static str,
    pub(crate) optional: &'static str,
}

/// A parameter, or a field of the body.
pub(crate) struct Flag {
    /// Its name on the command line.
    pub(crate) flag: &'static str,
    /// The parameter's name on the wire, or the way to the field in the body.
    pub(crate) path: &'static [&'static str],
    pub(crate) required: bool,
    pub(crate) text: Text,
    pub(crate) schema: Schema,
}

/// What a value must be.
#[derive(Clone, Copy)]
pub(crate) struct Schema {
    pub(crate) kind: Kind,
    /// The known values, and whether there may be others.
    pub(crate) values: &'static [&'static str],
    pub(crate) open: bool,
    pub(crate) pattern: Option<Pattern>,
    /// Lengths in characters.
    pub(crate) shortest: Option<u64>,
    pub(crate) longest: Option<u64>,
    /// Bounds of a number.
    pub(crate) least: Option<i64>,
    pub(crate) most: Option<i64>,
    /// What the service takes without it.
    pub(crate) default: Option<&'static str>,
}

/// A pattern in the document's words, and as the client's engine compiles it.
#[derive(Clone, Copy)]
pub(crate) struct Pattern {
    pub(crate) written: &'static str,
    pub(crate) portable: &'static str,
    /// What the document says of such values.
    pub(crate) words: Text,
}

impl Body {
    /// The mandatory flags of each form.
    pub(crate) fn forms(&self) -> String {
        let form =
            |form: &Form| form.mandatory.split(' ').map(|flag| format!("--{flag}")).collect::<Vec<_>>().join(" ");
        self.forms.iter().map(form).collect::<Vec<_>>().join(" | ")
    }
}

impl Form {
    /// Whether it has all these flags.
    pub(crate) fn has(&self, flags: &[&str]) -> bool {
        flags.iter().all(|flag| self.mandatory.split(' ').chain(self.optional.split(' ')).any(|name| name == *flag))
    }

    /// Whether nothing mandatory is missing.
    pub(crate) fn is_whole(&self, flags: &[&str]) -> bool {
        self.mandatory.split(' ').all(|name| name.is_empty() || flags.contains(&name))
    }
}

impl Schema {
    /// Any text.
    pub(crate) const TEXT: Self = Self {
        kind: Kind::Text,
        values: &[],
        open: false,
        pattern: None,
        shortest: None,
        longest: None,
        least: None,
        most: None,
        default: None,
    };
}

/// What a value is on the wire.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Text,
    Integer,
    /// An integer that is a string on the wire.
    IntegerText,
    Number,
    Boolean,
    /// The flag is repeated, once for each item.
    List(&'static Schema),
    /// An object in a list, as `name=value,name=value` or JSON.
    Object(&'static [Member]),
    Json,
}

/// A member of an object in a list.
pub(crate) struct Member {
    pub(crate) name: &'static str,
    pub(crate) required: bool,
    pub(crate) schema: Schema,
}

/// How a list is read page by page, in names on the wire.
pub(crate) struct Paging {
    pub(crate) style: Style,
    /// Whether limit and place are fields of the body, and not parameters.
    pub(crate) in_body: bool,
    pub(crate) limit: &'static str,
    pub(crate) place: &'static str,
    /// How many items are asked for if the caller doesn't say.
    pub(crate) size: u64,
    /// The field of the answer that holds the items, and the one with the number of all.
    pub(crate) items: &'static str,
    pub(crate) total: Option<&'static str>,
    /// The way to the next page's marker in the answer, or to a link that has it.
    pub(crate) next: &'static [&'static str],
    pub(crate) linked: bool,
    /// The field of the last item that is the marker where the answer has none of its own.
    pub(crate) last: Option<&'static str>,
}

/// The page's sample request as words.
pub(crate) struct Example {
    /// The command with its parameters.
    pub(crate) call: &'static [&'static str],
    /// The body as flags, if they can say all of it.
    pub(crate) fields: &'static [&'static str],
    /// The body as JSON.
    pub(crate) body: Option<&'static str>,
}
