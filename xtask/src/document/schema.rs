//! Schemas of the document, each with its pointer.

use std::collections::HashMap;

use serde_json::Value;

use super::names::{Case, Names, identifier};
use super::node::Node;
use super::references::local;
use super::text::Text;

/// A schema as it is written. One that only refers says so and nothing else; [`Document::schema`](super::Document::schema)
/// leads to what it means.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Schema {
    /// Where it is written.
    pub pointer: String,
    /// The pointer that its `$ref` holds.
    pub reference: Option<String>,
    /// `type`.
    pub kind: Option<Kind>,
    /// `description`.
    pub text: Text,
    /// `format`.
    pub format: Option<String>,
    /// `nullable: true`.
    pub nullable: bool,
    /// `deprecated: true`.
    pub deprecated: bool,
    /// `enum`.
    pub values: Option<Vec<Value>>,
    /// `default`.
    pub default: Option<Value>,
    /// `pattern`, a regular expression of ECMAScript.
    pub pattern: Option<String>,
    /// `minLength` and `maxLength`, in characters.
    pub length: Limits<u64>,
    /// `minItems` and `maxItems`.
    pub count: Limits<u64>,
    /// `minimum` and `maximum` where they are whole numbers.
    pub bounds: Limits<i128>,
    /// `minimum` and `maximum`, whole numbers or not.
    pub range: Limits<f64>,
    /// `exclusiveMinimum` and `exclusiveMaximum`.
    pub exclusive: (bool, bool),
    /// `multipleOf`.
    pub step: Option<f64>,
    /// `uniqueItems: true`.
    pub unique_items: bool,
    /// `minProperties` and `maxProperties`.
    pub size: Limits<u64>,
    /// `required`.
    pub required: Vec<String>,
    /// `properties`, as they are written.
    pub properties: Vec<Property>,
    /// `items`.
    pub items: Option<Box<Schema>>,
    /// `additionalProperties`.
    pub additional: Additional,
    /// `allOf`.
    pub all_of: Vec<Schema>,
    /// `oneOf`.
    pub one_of: Vec<Schema>,
    /// `anyOf`.
    pub any_of: Vec<Schema>,
    /// `not`.
    pub not: Option<Box<Schema>>,
    /// `x-ims-open: true`: the values are those known, not all there are.
    pub open: bool,
    /// `x-ims-integer`: the text is a whole number within these bounds.
    pub integer: Option<Limits<i128>>,
    /// `x-ims-unique`: the field that no two items share.
    pub unique: Option<String>,
    /// `x-ims-free-text: true`: a path parameter that may hold anything.
    pub free_text: bool,
}

/// `type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `string`
    Text,
    /// `integer`
    Integer,
    /// `number`
    Number,
    /// `boolean`
    Boolean,
    /// `array`
    List,
    /// `object`
    Object,
}

/// A lower and an upper bound.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Limits<T> {
    /// The least that is allowed.
    pub least: Option<T>,
    /// The most that is allowed.
    pub most: Option<T>,
}

/// A property of an object.
#[derive(Debug, Clone, PartialEq)]
pub struct Property {
    /// The name on the wire.
    pub name: String,
    /// What it is called elsewhere.
    pub names: Names,
    /// Whether the object lists it under `required`.
    pub required: bool,
    /// What it holds.
    pub schema: Schema,
}

/// `additionalProperties`.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Additional {
    /// It isn't said.
    #[default]
    Unsaid,
    /// `true` or `false`.
    Allowed(bool),
    /// Each of them is one of these.
    Schema(Box<Schema>),
}

/// The name of the component that stands at a pointer.
pub(crate) fn component_at(pointer: &str) -> Option<&str> {
    pointer.strip_prefix("/components/schemas/").filter(|name| !name.contains('/'))
}

impl Schema {
    pub(super) fn read(node: &Node<'_>) -> Self {
        let pointer = node.pointer.clone();
        if let Some(reference) = node.str("$ref") {
            let reference = local(reference).unwrap_or_else(|| reference.to_owned());
            return Self { pointer, reference: Some(reference), ..Self::default() };
        }
        let count = |least: &str, most: &str| Limits { least: node.count(least), most: node.count(most) };
        let number = |key: &str| node.value.get(key).and_then(Value::as_f64);
        let inner = |key: &str| node.child(key).map(|node| Box::new(Self::read(&node)));
        let parts = |key: &str| node.items(key).map(|node| Self::read(&node)).collect();
        let required = node.strings("required");
        let properties = node.members("properties").map(|(name, node)| Property {
            name: name.to_owned(),
            names: Names::of_property(name),
            required: required.iter().any(|required| required == name),
            schema: Self::read(&node),
        });
        Self {
            kind: node.str("type").and_then(Kind::of),
            text: node.text("description"),
            format: node.string("format"),
            nullable: node.flag("nullable"),
            deprecated: node.flag("deprecated"),
            values: node.value.get("enum").and_then(Value::as_array).cloned(),
            default: node.value.get("default").cloned(),
            pattern: node.string("pattern"),
            length: count("minLength", "maxLength"),
            count: count("minItems", "maxItems"),
            bounds: bounds(node.value),
            range: Limits { least: number("minimum"), most: number("maximum") },
            exclusive: (node.flag("exclusiveMinimum"), node.flag("exclusiveMaximum")),
            step: number("multipleOf"),
            unique_items: node.flag("uniqueItems"),
            size: count("minProperties", "maxProperties"),
            properties: properties.collect(),
            items: inner("items"),
            additional: match node.value.get("additionalProperties") {
                Some(Value::Bool(allowed)) => Additional::Allowed(*allowed),
                _ => inner("additionalProperties").map_or(Additional::Unsaid, Additional::Schema),
            },
            all_of: parts("allOf"),
            one_of: parts("oneOf"),
            any_of: parts("anyOf"),
            not: inner("not"),
            open: node.flag("x-ims-open"),
            integer: node.value.get("x-ims-integer").filter(|bounds| bounds.is_object()).map(bounds),
            unique: node.string("x-ims-unique"),
            free_text: node.flag("x-ims-free-text"),
            reference: None,
            required,
            pointer,
        }
    }

    /// The name of the component that its `$ref` means as a whole.
    #[must_use]
    pub fn component(&self) -> Option<&str> {
        component_at(self.reference.as_deref()?)
    }

    /// The name of the component that it is.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        component_at(&self.pointer)
    }

    /// The schemas directly inside this one.
    pub fn inner(&self) -> impl Iterator<Item = &Schema> {
        let properties = self.properties.iter().map(|property| &property.schema);
        properties.chain(self.parts()).chain(self.items.as_deref()).chain(self.additional.schema())
    }

    /// The parts of `allOf`, `oneOf` and `anyOf`.
    pub fn parts(&self) -> impl Iterator<Item = &Schema> {
        self.all_of.iter().chain(&self.one_of).chain(&self.any_of)
    }

    /// The property of this name.
    #[must_use]
    pub fn property(&self, name: &str) -> Option<&Property> {
        self.properties.iter().find(|property| property.name == name)
    }
}

impl Additional {
    /// What each of them is.
    #[must_use]
    pub fn schema(&self) -> Option<&Schema> {
        match self {
            Self::Schema(schema) => Some(schema),
            Self::Unsaid | Self::Allowed(_) => None,
        }
    }
}

impl Kind {
    /// As the document has it: `string`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "string",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::List => "array",
            Self::Object => "object",
        }
    }

    pub(crate) fn of(name: &str) -> Option<Self> {
        use Kind::{Boolean, Integer, List, Number, Object, Text};
        [Text, Integer, Number, Boolean, List, Object].into_iter().find(|kind| kind.as_str() == name)
    }
}

/// Why values are those of no enum in Rust.
#[derive(Debug)]
pub(crate) enum OddValue<'a> {
    /// It has another type than the schema, or than the first value where the schema doesn't say.
    Type(&'a Value),
    /// Two values have one name.
    Name(&'a str, &'a str, String),
}

/// The first of an enum's values without `null` that keeps it from being one in Rust.
pub(crate) fn odd_value(kind: Option<Kind>, values: &[Value]) -> Option<OddValue<'_>> {
    let fits = |value: &&Value| match kind {
        Some(Kind::Text) => value.is_string(),
        Some(Kind::Integer) => value.is_i64() || value.is_u64(),
        Some(Kind::Number) => value.is_number(),
        Some(Kind::Boolean) => value.is_boolean(),
        Some(_) => false,
        None => std::mem::discriminant(&values[0]) == std::mem::discriminant(value),
    };
    if let Some(odd) = values.iter().find(|value| !fits(value)) {
        return Some(OddValue::Type(odd));
    }
    let texts: Vec<&str> = values.iter().filter_map(Value::as_str).collect();
    // The generator tries PascalCase, then again with `X` for what no identifier may hold.
    let marked = |text: &str| text.replace(|c| c == '_' || !unicode_ident::is_xid_continue(c), "X");
    twice(&texts, |text| identifier(text, Case::Type))?;
    let (first, second, rust) = twice(&texts, |text| identifier(&marked(text), Case::Type))?;
    Some(OddValue::Name(first, second, rust))
}

/// The first two texts that `name` makes the same.
fn twice<'a>(texts: &[&'a str], name: impl Fn(&str) -> String) -> Option<(&'a str, &'a str, String)> {
    let mut seen: HashMap<String, &str> = HashMap::new();
    texts.iter().find_map(|text| {
        let rust = name(text);
        let first = seen.insert(rust.clone(), text)?;
        Some((first, *text, rust))
    })
}

fn bounds(node: &Value) -> Limits<i128> {
    let whole = |key: &str| {
        let number = node.get(key)?;
        number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from))
    };
    Limits { least: whole("minimum"), most: whole("maximum") }
}
