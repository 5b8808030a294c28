//! The document's operations as commands with flags, checks and texts: the one form of this data, which the generator
//! writes as JSON (`xtask/src/generate/cli.rs` compiles this file, too) and the command reads.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A text in English and Chinese; one of them is empty if the document has only the other.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
pub(crate) struct Text(pub(crate) String, pub(crate) String);

/// All of it.
#[derive(Default, Deserialize, Serialize)]
#[serde(default)]
pub(crate) struct CommandLine {
    /// What all commands are for.
    pub(crate) about: Text,
    /// The groups of commands and what they are about, as the document lists them.
    pub(crate) groups: Vec<(String, Text)>,
    /// A command for each operation, by path.
    pub(crate) commands: Vec<Command>,
}

/// An operation as a command.
#[derive(Default, Deserialize, Serialize)]
#[serde(default)]
pub(crate) struct Command {
    /// The operation id.
    pub(crate) operation: String,
    /// The same in kebab-case.
    pub(crate) name: String,
    /// The group that it belongs to; empty if it belongs to none.
    pub(crate) group: String,
    pub(crate) deprecated: bool,
    pub(crate) summary: Text,
    pub(crate) description: Text,
    /// What the caller must be granted in IAM.
    pub(crate) permissions: Vec<String>,
    pub(crate) parameters: Vec<Flag>,
    pub(crate) body: Option<Body>,
    /// The parameters that are headers, by name.
    pub(crate) headers: Vec<String>,
    /// The media type of a success; `None` if it carries nothing.
    pub(crate) answer: Option<String>,
    /// The lists of the answer by name, each with the members of its items; without a name the answer itself.
    pub(crate) lists: Vec<(String, Vec<String>)>,
    pub(crate) paging: Option<Paging>,
    /// The field of the answer that names the job it started.
    pub(crate) job: Option<String>,
    pub(crate) example: Option<Example>,
}

/// A request body: its fields as flags and the forms it may have; without any, it is given as JSON of the schema.
#[derive(Default, Deserialize, Serialize)]
#[serde(default)]
pub(crate) struct Body {
    pub(crate) required: bool,
    pub(crate) media_type: String,
    pub(crate) flags: Vec<Flag>,
    pub(crate) forms: Vec<Form>,
    pub(crate) schema: Schema,
}

/// A form of a body: the names of its flags.
#[derive(Default, Deserialize, Serialize)]
#[serde(default)]
pub(crate) struct Form {
    pub(crate) mandatory: Vec<String>,
    pub(crate) optional: Vec<String>,
}

impl Form {
    pub(crate) fn has(&self, flag: &str) -> bool {
        self.mandatory.iter().chain(&self.optional).any(|name| name == flag)
    }
}

/// A parameter, or a field of the body.
#[derive(Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub(crate) struct Flag {
    /// Its name on the command line.
    pub(crate) flag: String,
    /// The parameter's name on the wire, or the way to the field in the body.
    pub(crate) path: Vec<String>,
    pub(crate) required: bool,
    pub(crate) text: Text,
    pub(crate) schema: Schema,
}

impl Flag {
    /// Takes this field's value out of a body.
    pub(crate) fn take(&self, body: &mut Value) -> Option<Value> {
        let (name, way) = self.path.split_last()?;
        way.iter().try_fold(body, |at, name| at.get_mut(name))?.as_object_mut()?.shift_remove(name)
    }
}

/// What a value must be; by default any text.
#[derive(Clone, Default, PartialEq, Deserialize, Serialize)]
#[serde(default)]
pub(crate) struct Schema {
    pub(crate) kind: Kind,
    /// The known values, and whether there may be others.
    pub(crate) values: Vec<String>,
    pub(crate) open: bool,
    pub(crate) pattern: Option<Pattern>,
    /// Lengths in characters.
    pub(crate) shortest: Option<u64>,
    pub(crate) longest: Option<u64>,
    /// Bounds of a number.
    pub(crate) least: Option<i64>,
    pub(crate) most: Option<i64>,
    /// What the service takes without it.
    pub(crate) default: Option<String>,
}

/// A pattern in the document's words, and as the client's engine compiles it.
#[derive(Clone, PartialEq, Deserialize, Serialize)]
pub(crate) struct Pattern {
    pub(crate) written: String,
    pub(crate) portable: String,
    /// What the document says of such values.
    pub(crate) words: Text,
}

/// What a value is on the wire.
#[derive(Clone, Default, PartialEq, Deserialize, Serialize)]
pub(crate) enum Kind {
    #[default]
    Text,
    Integer,
    /// An integer that is a string on the wire.
    IntegerText,
    Number,
    Boolean,
    /// The flag is repeated, once for each item.
    List(Box<Schema>),
    /// An object in a list, as `name=value,name=value` or JSON.
    Object(Vec<Member>),
    Json,
}

/// A member of an object in a list.
#[derive(Clone, Default, PartialEq, Deserialize, Serialize)]
#[serde(default)]
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) required: bool,
    pub(crate) schema: Schema,
}

/// How a list is read page by page, in names on the wire.
#[derive(Default, Deserialize, Serialize)]
#[serde(default)]
pub(crate) struct Paging {
    pub(crate) style: Style,
    /// Whether limit and place are fields of the body, and not parameters.
    pub(crate) in_body: bool,
    pub(crate) limit: String,
    pub(crate) place: String,
    /// How many items are asked for if the caller doesn't say.
    pub(crate) size: u64,
    /// The field of the answer that holds the items, and the one with the number of all.
    pub(crate) items: String,
    pub(crate) total: Option<String>,
    /// The way to the next page's marker in the answer, or to a link that has it.
    pub(crate) next: Vec<String>,
    /// The field of the last item that is the marker where the answer has none of its own.
    pub(crate) last: Option<String>,
}

/// What the place of a page is: how many items come before it, its number, a marker, or a marker in a link.
#[derive(Clone, Copy, Default, PartialEq, Deserialize, Serialize)]
pub(crate) enum Style {
    #[default]
    Offset,
    Number,
    Marker,
    Link,
}

/// The page's sample request as words.
#[derive(Default, Deserialize, Serialize)]
#[serde(default)]
pub(crate) struct Example {
    /// The command with its parameters.
    pub(crate) call: Vec<String>,
    /// The body as flags, if they can say all of it.
    pub(crate) fields: Vec<String>,
    /// The body as JSON.
    pub(crate) body: Option<String>,
}
