//! The grammar of OpenAPI 3.0.3 as a table: which object has which keys with which types. Finds unknown keys, wrong
//! types and missing keys at their place, where serde would only say that no variant of an enum fits.

use serde_json::Value;

/// What may stand at a place.
pub(crate) enum Kind {
    Any,
    Text,
    Flag,
    Number,
    Count,
    OneOf(&'static [&'static str]),
    Object(&'static Shape),
    /// The object or a reference to one.
    Ref(&'static Shape),
    /// `true`, `false`, or a schema.
    FlagOrSchema,
    List(&'static Kind),
    Map(&'static Kind),
}

/// An object: its name in the OpenAPI specification and its keys.
pub(crate) struct Shape {
    pub(crate) name: &'static str,
    pub(crate) required: &'static [&'static str],
    pub(crate) fields: &'static [(&'static str, Kind)],
    rest: Rest,
}

/// Which keys an object may have beside its fields.
enum Rest {
    Extensions,
    Paths,
    Statuses,
    Callback,
}

use Kind::{Any, Count, Flag, FlagOrSchema, List, Map, Number, Object, OneOf, Ref, Text};

macro_rules! shape {
    ($static:ident, $name:literal, $rest:ident, [$($required:literal),*], {$($key:literal: $kind:expr),* $(,)?}) => {
        static $static: Shape = Shape {
            name: $name,
            required: &[$($required),*],
            fields: &[$(($key, $kind)),*],
            rest: Rest::$rest,
        };
    };
}

shape!(DOCUMENT, "document", Extensions, ["openapi", "info", "paths"], {
    "openapi": Text, "info": Object(&INFO), "servers": List(&Object(&SERVER)), "paths": Object(&PATHS),
    "components": Object(&COMPONENTS), "security": List(&Map(&List(&Text))), "tags": List(&Object(&TAG)),
    "externalDocs": Object(&EXTERNAL_DOCS),
});
shape!(INFO, "info", Extensions, ["title", "version"], {
    "title": Text, "description": Text, "termsOfService": Text, "contact": Object(&CONTACT),
    "license": Object(&LICENSE), "version": Text,
});
shape!(CONTACT, "contact", Extensions, [], {"name": Text, "url": Text, "email": Text});
shape!(LICENSE, "license", Extensions, ["name"], {"name": Text, "url": Text});
shape!(SERVER, "server", Extensions, ["url"], {
    "url": Text, "description": Text, "variables": Map(&Object(&SERVER_VARIABLE)),
});
shape!(SERVER_VARIABLE, "server variable", Extensions, ["default"], {
    "enum": List(&Text), "default": Text, "description": Text,
});
shape!(COMPONENTS, "components", Extensions, [], {
    "schemas": Map(&Ref(&SCHEMA)), "responses": Map(&Ref(&RESPONSE)), "parameters": Map(&Ref(&PARAMETER)),
    "examples": Map(&Ref(&EXAMPLE)), "requestBodies": Map(&Ref(&REQUEST_BODY)), "headers": Map(&Ref(&HEADER)),
    "securitySchemes": Map(&Ref(&SECURITY_SCHEME)), "links": Map(&Ref(&LINK)),
    "callbacks": Map(&Ref(&CALLBACK)),
});
shape!(PATHS, "paths", Paths, [], {});
shape!(PATH_ITEM, "path item", Extensions, [], {
    "$ref": Text, "summary": Text, "description": Text, "get": Object(&OPERATION), "put": Object(&OPERATION),
    "post": Object(&OPERATION), "delete": Object(&OPERATION), "options": Object(&OPERATION),
    "head": Object(&OPERATION), "patch": Object(&OPERATION), "trace": Object(&OPERATION),
    "servers": List(&Object(&SERVER)), "parameters": List(&Ref(&PARAMETER)),
});
shape!(OPERATION, "operation", Extensions, ["responses"], {
    "tags": List(&Text), "summary": Text, "description": Text, "externalDocs": Object(&EXTERNAL_DOCS),
    "operationId": Text, "parameters": List(&Ref(&PARAMETER)), "requestBody": Ref(&REQUEST_BODY),
    "responses": Object(&RESPONSES), "callbacks": Map(&Ref(&CALLBACK)), "deprecated": Flag,
    "security": List(&Map(&List(&Text))), "servers": List(&Object(&SERVER)),
});
shape!(EXTERNAL_DOCS, "externalDocs", Extensions, ["url"], {"description": Text, "url": Text});
shape!(PARAMETER, "parameter", Extensions, ["name", "in"], {
    "name": Text, "in": OneOf(&["path", "query", "header", "cookie"]), "description": Text, "required": Flag,
    "deprecated": Flag, "allowEmptyValue": Flag,
    "style": OneOf(&["matrix", "label", "form", "simple", "spaceDelimited", "pipeDelimited", "deepObject"]),
    "explode": Flag, "allowReserved": Flag, "schema": Ref(&SCHEMA), "example": Any,
    "examples": Map(&Ref(&EXAMPLE)), "content": Map(&Object(&MEDIA_TYPE)),
});
shape!(HEADER, "header", Extensions, [], {
    "description": Text, "required": Flag, "deprecated": Flag, "allowEmptyValue": Flag, "style": OneOf(&["simple"]),
    "explode": Flag, "allowReserved": Flag, "schema": Ref(&SCHEMA), "example": Any,
    "examples": Map(&Ref(&EXAMPLE)), "content": Map(&Object(&MEDIA_TYPE)),
});
shape!(REQUEST_BODY, "request body", Extensions, ["content"], {
    "description": Text, "content": Map(&Object(&MEDIA_TYPE)), "required": Flag,
});
shape!(MEDIA_TYPE, "media type", Extensions, [], {
    "schema": Ref(&SCHEMA), "example": Any, "examples": Map(&Ref(&EXAMPLE)), "encoding": Map(&Object(&ENCODING)),
});
shape!(ENCODING, "encoding", Extensions, [], {
    "contentType": Text, "headers": Map(&Ref(&HEADER)), "style": Text, "explode": Flag, "allowReserved": Flag,
});
shape!(RESPONSES, "responses", Statuses, [], {"default": Ref(&RESPONSE)});
shape!(RESPONSE, "response", Extensions, ["description"], {
    "description": Text, "headers": Map(&Ref(&HEADER)), "content": Map(&Object(&MEDIA_TYPE)),
    "links": Map(&Ref(&LINK)),
});
shape!(CALLBACK, "callback", Callback, [], {});
shape!(EXAMPLE, "example", Extensions, [], {
    "summary": Text, "description": Text, "value": Any, "externalValue": Text,
});
shape!(LINK, "link", Extensions, [], {
    "operationRef": Text, "operationId": Text, "parameters": Map(&Any), "requestBody": Any, "description": Text,
    "server": Object(&SERVER),
});
shape!(TAG, "tag", Extensions, ["name"], {
    "name": Text, "description": Text, "externalDocs": Object(&EXTERNAL_DOCS),
});
shape!(SCHEMA, "schema", Extensions, [], {
    "title": Text, "multipleOf": Number, "maximum": Number, "exclusiveMaximum": Flag, "minimum": Number,
    "exclusiveMinimum": Flag, "maxLength": Count, "minLength": Count, "pattern": Text, "maxItems": Count,
    "minItems": Count, "uniqueItems": Flag, "maxProperties": Count, "minProperties": Count,
    "required": List(&Text), "enum": List(&Any),
    "type": OneOf(&["string", "number", "integer", "boolean", "array", "object"]),
    "allOf": List(&Ref(&SCHEMA)), "oneOf": List(&Ref(&SCHEMA)), "anyOf": List(&Ref(&SCHEMA)),
    "not": Ref(&SCHEMA), "items": Ref(&SCHEMA), "properties": Map(&Ref(&SCHEMA)),
    "additionalProperties": FlagOrSchema, "description": Text, "format": Text, "default": Any, "nullable": Flag,
    "discriminator": Object(&DISCRIMINATOR), "readOnly": Flag, "writeOnly": Flag, "xml": Object(&XML),
    "externalDocs": Object(&EXTERNAL_DOCS), "example": Any, "deprecated": Flag,
});
shape!(DISCRIMINATOR, "discriminator", Extensions, ["propertyName"], {
    "propertyName": Text, "mapping": Map(&Text),
});
shape!(XML, "xml", Extensions, [], {
    "name": Text, "namespace": Text, "prefix": Text, "attribute": Flag, "wrapped": Flag,
});
shape!(SECURITY_SCHEME, "security scheme", Extensions, ["type"], {
    "type": OneOf(&["apiKey", "http", "oauth2", "openIdConnect"]), "description": Text, "name": Text,
    "in": OneOf(&["query", "header", "cookie"]), "scheme": Text, "bearerFormat": Text, "flows": Object(&FLOWS),
    "openIdConnectUrl": Text,
});
shape!(FLOWS, "flows", Extensions, [], {
    "implicit": Object(&FLOW), "password": Object(&FLOW), "clientCredentials": Object(&FLOW),
    "authorizationCode": Object(&FLOW),
});
shape!(FLOW, "flow", Extensions, ["scopes"], {
    "authorizationUrl": Text, "tokenUrl": Text, "refreshUrl": Text, "scopes": Map(&Text),
});

impl Shape {
    /// What stands at a key of this object; `None` if OpenAPI 3.0 says nothing about it.
    pub(crate) fn kind_of(&self, key: &str) -> Option<&'static Kind> {
        let field = self.fields.iter().find(|(field, _)| *field == key).map(|(_, kind)| kind);
        field.or(match self.rest {
            _ if key.starts_with("x-") => None,
            Rest::Paths | Rest::Callback => Some(&ANY_PATH_ITEM),
            Rest::Statuses => Some(&ANY_RESPONSE),
            Rest::Extensions => None,
        })
    }

    /// What is wrong with a key, and what to write instead.
    pub(super) fn unknown(&self, key: &str) -> Option<(String, String)> {
        if key.starts_with("x-") || self.fields.iter().any(|(field, _)| *field == key) {
            return None;
        }
        Some(match self.rest {
            Rest::Callback => return None,
            Rest::Paths if key.starts_with('/') => return None,
            Rest::Paths => (format!("the path `{key}` does not begin with `/`"), format!("write `/{key}`")),
            Rest::Statuses if is_status(key) => return None,
            Rest::Statuses => {
                (format!("`{key}` is not a status"), "write a code like '404', a range like 4XX, or default".to_owned())
            }
            Rest::Extensions => {
                let help = match nearest(key, self.fields.iter().map(|(field, _)| *field)) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "remove it; extensions begin with `x-`".to_owned(),
                };
                let article = if self.name.starts_with(['a', 'e', 'i', 'o']) { "an" } else { "a" };
                (format!("{article} {} has no key `{key}`", self.name), help)
            }
        })
    }
}

impl Kind {
    /// What should stand in place of a value.
    pub(super) fn wanted(&self, value: &Value) -> Option<String> {
        let (fits, wanted) = match self {
            Any => return None,
            Text => (value.is_string(), "a string"),
            Flag => (value.is_boolean(), "true or false"),
            Number => (value.is_number(), "a number"),
            Count => (value.as_u64().is_some(), "a whole number from 0"),
            OneOf(words) => {
                let fits = value.as_str().is_some_and(|text| words.contains(&text));
                return (!fits).then(|| format!("one of {}", words.join(", ")));
            }
            Object(shape) | Ref(shape) => return (!value.is_object()).then(|| format!("a {} object", shape.name)),
            FlagOrSchema => (value.is_boolean() || value.is_object(), "true, false or a schema"),
            List(_) => (value.is_array(), "a list"),
            Map(_) => (value.is_object(), "an object"),
        };
        (!fits).then(|| wanted.to_owned())
    }

    /// The object that may stand here.
    pub(crate) fn shape(&self) -> Option<&'static Shape> {
        match self {
            Object(shape) | Ref(shape) => Some(shape),
            FlagOrSchema => Some(&SCHEMA),
            _ => None,
        }
    }

    /// Whether a list or map of this kind holds nodes rather than data.
    pub(crate) fn holds_nodes(&self) -> bool {
        matches!(self, Object(_) | Ref(_) | Map(_) | FlagOrSchema)
    }
}

/// `components`: its sections.
pub(crate) fn components() -> &'static Shape {
    &COMPONENTS
}

/// The grammar's start: the whole document.
pub(crate) static DOCUMENT_KIND: Kind = Object(&DOCUMENT);

pub(crate) static ANY_PATH_ITEM: Kind = Object(&PATH_ITEM);
pub(crate) static ANY_OPERATION: Kind = Object(&OPERATION);
pub(crate) static ANY_PARAMETER: Kind = Ref(&PARAMETER);
static ANY_RESPONSE: Kind = Ref(&RESPONSE);

/// The known word that a misspelt one most likely means.
pub(crate) fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known
        .map(|candidate| (strsim::damerau_levenshtein(word, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= 1 + candidate.chars().count() / 4)
        .min()
        .map(|(_, candidate)| candidate)
}

fn is_status(key: &str) -> bool {
    matches!(key.as_bytes(), [b'1'..=b'5', b'X', b'X'] | [b'1'..=b'5', b'0'..=b'9', b'0'..=b'9'])
}

/// A value as a message shows it: short, whatever its size.
pub(crate) fn shown(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
        Value::String(text) if text.chars().count() > 40 => {
            let short: String = text.chars().take(40).collect();
            format!("the string \"{}…\"", short.escape_debug())
        }
        Value::String(text) => format!("the string \"{}\"", text.escape_debug()),
        Value::Number(number) => format!("the number {number}"),
        Value::Bool(flag) => format!("the boolean {flag}"),
    }
}
