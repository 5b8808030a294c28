//! The rule table: what each kind of change does to those who send and to those who receive.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Severity::{self, Breaking as B, Info as I, Warning as W};

/// One rule.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// The stable kebab-case id.
    pub id: &'static str,
    /// The severity where clients send the node.
    pub request: Severity,
    /// The severity where clients receive the node.
    pub response: Severity,
    /// What happened, as a sentence's predicate.
    pub sentence: &'static str,
    /// Why the severities are what they are.
    pub why: &'static str,
    /// An edit that the rule is about.
    pub example: &'static str,
}

/// The rule of an id.
#[must_use]
pub fn rule(id: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.id == id)
}

macro_rules! rules {
    ($($id:literal $request:ident $response:ident $sentence:literal, $why:literal, $example:literal;)*) => {
        /// All rules, by theme.
        pub static RULES: &[Rule] = &[$(Rule {
            id: $id, request: $request, response: $response, sentence: $sentence, why: $why, example: $example,
        }),*];
    };
}

rules! {
    "endpoint-added" I I "operation added", "Nobody calls it yet.", "add `post:` to a path";
    "endpoint-removed" B B "operation removed", "Every caller gets 404 or 405.", "delete `get:` of a path";
    "operation-moved" B B "operation moved to another path", "Calls to the old path get 404; it has the same id.", "/a → /b with the same operationId";
    "path-parameter-renamed" I I "path parameter renamed", "The name of a path parameter is never sent; only its place in the path is. The setter in Rust has another name.", "/a/{id} → /a/{key}";
    "operation-id-changed" I I "operation id changed", "The id is not sent; the method in Rust has another name.", "operationId: A → B";
    "deprecated" I I "deprecated", "It still works; a later removal breaks.", "add `deprecated: true`";
    "undeprecated" I I "no longer deprecated", "Nothing was taken away.", "remove `deprecated: true`";
    "parameter-added-optional" I I "optional parameter added", "Old requests stay valid.", "add a query parameter";
    "parameter-added-required" B B "required parameter added", "Old requests lack it.", "add a query parameter with `required: true`";
    "parameter-removed" W W "parameter removed", "Most servers ignore what they don't know, strict ones refuse it; what it asked for is no longer done.", "remove a query parameter";
    "parameter-style-changed" B B "way of writing the parameter changed", "The same value is written differently in the URL or header. Spelling a default out is not a change.", "explode: true → false";
    "became-required" B I "became required", "Old requests may lack it; in an answer it is one more promise.", "add `required: true`";
    "became-optional" I B "became optional", "A sender need not change; a reader that relies on it finds nothing.", "remove a name from `required`";
    "request-body-added-optional" I I "optional request body added", "Requests without body stay valid.", "add requestBody";
    "request-body-added-required" B B "required request body added", "Old requests have no body.", "add requestBody with required";
    "request-body-removed" W W "request body removed", "A strict server refuses a body it doesn't expect; others ignore what it asked for.", "remove requestBody";
    "media-type-added" I W "media type added", "Senders may choose it; a reader may receive it unless it asked for another with Accept.", "add application/xml";
    "media-type-removed" B B "media type removed", "Those who send it are refused; those who read it get something else.", "remove application/json";
    "response-success-added" W W "success status added", "A client that knows only the others takes it for an error.", "add '202'";
    "response-success-removed" B B "success status removed", "A client waits for a status that never comes.", "remove '200'";
    "response-error-added" I I "error status added", "Clients must expect any error status anyway.", "add '409'";
    "response-error-removed" I I "error status removed", "No answer that a client handles became invalid.", "remove '409'";
    "header-added-optional" I I "optional header added", "Nobody relies on it.", "add a response header";
    "header-added-required" B I "required header added", "Old requests lack it; in an answer it is one more promise.", "add a required header";
    "header-removed-optional" I W "optional header removed", "It was never promised, but some read it.", "remove a response header";
    "header-removed-required" W B "required header removed", "Readers rely on it.", "remove a required response header";
    "property-added-optional" I I "optional property added", "Old requests stay valid; readers ignore what they don't know.", "add a property";
    "property-added-required" B I "required property added", "Old requests lack it; readers ignore what they don't know.", "add a property and its name to required";
    "property-removed-optional" W W "optional property removed", "It may be refused or missed; nothing that was promised is gone.", "remove an optional property";
    "property-removed-required" W B "required property removed", "Readers rely on it; a sender's extra property is usually ignored.", "remove a required property";
    "property-added-closed" I B "optional property added to a closed object", "Old requests stay valid; a reader that holds to `additionalProperties: false` refuses it.", "add a property beside additionalProperties: false";
    "property-added-required-closed" B B "required property added to a closed object", "Old requests lack it; a reader that holds to `additionalProperties: false` refuses it.", "add a required property beside additionalProperties: false";
    "property-removed-closed" B W "optional property removed from a closed object", "Those who send it are refused, because the object allows no other.", "remove a property beside additionalProperties: false";
    "property-removed-required-closed" B B "required property removed from a closed object", "Those who send it are refused, and readers rely on it.", "remove a required property beside additionalProperties: false";
    "type-changed" B B "type changed", "Values of the old type are no longer valid.", "type: string → integer";
    "type-widened" I B "type widened", "All old values stay valid to send; a reader meets values that it can't hold.", "type: integer → number";
    "type-narrowed" B I "type narrowed", "Some old values are no longer valid to send; those received all fit.", "type: number → integer";
    "type-replaced" B B "another type with several differences", "The severity is that of the worst difference; the component that stood here did not change.", "$ref: A → B";
    "number-format-changed" I I "width of a number named", "JSON has one number; only bounds forbid a value, and those allow no less than before.", "add format: int64";
    "format-changed" B B "format changed", "Old values are written in another form or range.", "format: date → date-time";
    "format-added" B I "format added", "Some old values may no longer be valid.", "add format: uuid";
    "format-removed" I W "format removed", "Readers that parse the form may fail.", "remove format: uuid";
    "constraint-added" B I "limit added", "Values beyond it were valid to send.", "add maxLength: 64";
    "constraint-removed" I W "limit removed", "Senders may go on; a reader with fixed room may meet more than it holds.", "remove maxLength: 64";
    "constraint-tightened" B I "limit tightened", "Values between the two were valid to send.", "maxLength: 64 → 32";
    "constraint-loosened" I W "limit loosened", "Senders may go on; a reader with fixed room may meet more than it holds.", "maxLength: 32 → 64";
    "pattern-changed" B W "pattern changed", "Whether one pattern contains the other can't be decided in general, so some old value may be refused.", "pattern: ^a$ → ^b$";
    "enum-value-added" I W "enum value added", "Senders may go on; a reader that matches all values meets a new one. Readers should keep enums open.", "enum: [a] → [a, b]";
    "enum-value-removed" B I "enum value removed", "Those who send it are refused.", "enum: [a, b] → [a]";
    "enum-added" B I "became an enum", "Other values were valid.", "add enum: [a]";
    "enum-removed" I W "no longer an enum", "A reader that matches all values meets others.", "remove enum";
    "default-added" W I "default added", "Leaving it out now means something definite.", "add default: 10";
    "default-removed" W W "default removed", "Leaving it out now means something else.", "remove default: 10";
    "default-changed" W W "default changed", "The same request now means something else.", "default: 10 → 20";
    "nullable-added" I B "null allowed", "Senders may go on; a reader meets null.", "nullable: true";
    "nullable-removed" B I "null no longer allowed", "Those who send null are refused.", "nullable: false";
    "read-only-added" W I "became read-only", "What is sent in it is ignored or refused.", "readOnly: true";
    "read-only-removed" I I "no longer read-only", "One may send it now.", "readOnly: false";
    "write-only-added" I B "became write-only", "Readers no longer receive it.", "writeOnly: true";
    "write-only-removed" I I "no longer write-only", "Readers receive one more property.", "writeOnly: false";
    "additional-properties-closed" B I "other properties no longer allowed", "Those who send others are refused.", "additionalProperties: false";
    "additional-properties-opened" I I "other properties allowed", "Readers ignore what they don't know.", "additionalProperties: true";
    "constraint-schema-added" B I "schema added where anything was allowed", "Other values were valid to send.", "add items or schema";
    "constraint-schema-removed" I B "schema removed: anything is allowed", "Readers may meet any value.", "remove items or schema";
    "alternative-added" I B "alternative added", "Senders may go on; a reader meets a form that it doesn't know. A warning where it fits one that was there.", "add to oneOf";
    "alternative-removed" B I "alternative removed", "Those who send it are refused, unless it fits another that is there.", "remove from oneOf";
    "discriminator-added" I I "discriminator added", "It tells which form is meant; what may be sent stays what it was.", "add `discriminator` to a oneOf";
    "discriminator-changed" B B "discriminator changed", "The form of a message is told by something else.", "discriminator: propertyName";
    "server-added" I I "server added", "Nobody must use it.", "add to servers";
    "server-removed" B B "server removed", "Those who use it find nothing.", "remove from servers";
    "server-changed" W W "server's variables changed", "An address that was built from them may be another.", "variables: default";
    "security-alternative-added" I I "way to authenticate added", "The old ways still work.", "add to security";
    "security-alternative-removed" B B "way to authenticate removed", "Those who use it are refused.", "remove from security";
    "security-became-required" B B "authentication became required", "Calls without credentials are refused.", "add security";
    "security-became-optional" I I "authentication no longer required", "Credentials may still be sent.", "add {} to security";
    "security-scopes-changed" W W "required scopes changed", "A token with the old scopes may be refused.", "oauth: [read] → [write]";
    "security-scheme-changed" B B "security scheme changed", "Credentials are sent differently.", "name: X-Auth-Token → X-Token";
    "security-scheme-added" I I "security scheme added", "Only a requirement makes use of it.", "add to securitySchemes";
    "security-scheme-removed" I I "security scheme removed", "What required it is reported by itself.", "remove from securitySchemes";
    "component-added" I I "component added", "Only what refers to it is on the wire.", "add to components";
    "component-removed" I I "component removed", "Only what referred to it was on the wire, and is reported by itself. In Rust its type is gone.", "remove from components";
    "component-renamed" I I "component goes by another name", "Names of components are not sent. In Rust the type has another name.", "schemas: A → B";
    "reference-changed" I I "said at another place", "What it says there is the same. In Rust the type may have another name.", "inline schema → $ref";
    "api-version-changed" I I "version of the API changed", "The verdict compares it with what the changes require.", "info.version: 0.1.0 → 0.2.0";
    "description-changed" I I "wording changed", "Words are for people.", "edit a description, summary, title or externalDocs";
    "example-changed" I I "sample changed", "Samples are for people and tests.", "edit example";
    "tag-changed" I I "tag changed", "Tags group operations for readers.", "edit tags";
    "extension-changed" I I "extension changed", "An extension means what its reader makes of it; the Rust effect shows ours.", "edit x-anything";
    "written-differently" I I "written differently, says the same", "Orders, defaults of OpenAPI, cases of header names and the like mean nothing on the wire.", "swap two enum values";
    "other-changed" W W "something rarely used changed", "No rule knows what those who use it make of it: read it.", "edit xml, links, encoding or a key unknown to OpenAPI";
}

/// How often each rule applies, the most frequent first: `type-changed 6, became-required 1`.
pub(super) fn tally<'a>(ids: impl Iterator<Item = &'a str>) -> String {
    let mut rules: BTreeMap<&str, usize> = BTreeMap::new();
    ids.for_each(|id| *rules.entry(id).or_default() += 1);
    let mut rules: Vec<(&str, usize)> = rules.into_iter().collect();
    rules.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    rules.iter().map(|(id, count)| format!("{id} {count}")).collect::<Vec<_>>().join(", ")
}

/// What happened to a node or fact, in the order of the table's columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Happened {
    Added,
    Removed,
    Changed,
}

/// The rules of what is added, removed or changed, by the object of OpenAPI that holds it and its key; `*` stands for the
/// rest of a word. The first row that fits counts.
#[rustfmt::skip]
static TABLE: &[(&str, &str, [&str; 3])] = &[
    ("example", "*", ["example-changed"; 3]),
    ("*", "example examples", ["example-changed"; 3]),
    ("*", "x-*", ["extension-changed"; 3]),
    ("document", "openapi", ["written-differently"; 3]),
    ("info", "version", ["api-version-changed"; 3]),
    ("info", "title contact license termsOfService", ["description-changed"; 3]),
    ("externalDocs contact license", "*", ["description-changed"; 3]),
    ("*", "description summary externalDocs", ["description-changed"; 3]),
    ("tag", "*", ["tag-changed"; 3]),
    ("*", "tags", ["tag-changed"; 3]),
    ("components", "securitySchemes", ["security-scheme-added", "security-scheme-removed", "security-scheme-changed"]),
    ("components", "*", ["component-added", "component-removed", "component-renamed"]),
    ("operation", "operationId", ["operation-id-changed"; 3]),
    ("operation path*", "parameters", ["parameter-added-optional", "parameter-removed", "parameter-style-changed"]),
    ("operation", "requestBody", ["request-body-added-optional", "request-body-removed", "media-type-removed"]),
    ("*", "headers", ["header-added-optional", "header-removed-optional", "type-changed"]),
    ("responses", "2*", ["response-success-added", "response-success-removed", "other-changed"]),
    ("responses", "*", ["response-error-added", "response-error-removed", "other-changed"]),
    ("*", "content", ["media-type-added", "media-type-removed", "media-type-removed"]),
    ("media type", "holds", ["media-type-added", "media-type-removed", "media-type-removed"]),
    ("*", "servers", ["server-added", "server-removed", "server-changed"]),
    ("server*", "*", ["server-changed"; 3]),
    ("security*", "*", ["security-scheme-changed"; 3]),
    ("flow*", "*", ["security-scheme-changed"; 3]),
    ("parameter header", "name in style explode allowReserved", ["parameter-style-changed"; 3]),
    ("parameter header", "required", ["became-required", "became-optional", "became-optional"]),
    ("request body", "required", ["became-required", "became-optional", "became-optional"]),
    ("*", "deprecated", ["deprecated", "undeprecated", "undeprecated"]),
    ("*", "discriminator", ["discriminator-added", "discriminator-changed", "discriminator-changed"]),
    ("discriminator", "propertyName", ["discriminator-changed"; 3]),
    ("*", "properties", ["property-added-optional", "property-removed-optional", "property-added-optional"]),
    ("*", "schema", ["constraint-schema-added", "constraint-schema-removed", "type-changed"]),
    ("schema", "not items", ["constraint-schema-added", "constraint-schema-removed", "type-changed"]),
    ("schema", "title", ["description-changed"; 3]),
    ("schema", "type", ["type-narrowed", "type-widened", "type-changed"]),
    ("schema", "format", ["format-added", "format-removed", "format-changed"]),
    ("schema", "pattern", ["constraint-added", "constraint-removed", "pattern-changed"]),
    ("schema", "enum", ["enum-added", "enum-removed", "enum-value-removed"]),
    ("schema", "default", ["default-added", "default-removed", "default-changed"]),
    ("schema", "readOnly", ["read-only-added", "read-only-removed", "read-only-removed"]),
    ("schema", "writeOnly", ["write-only-added", "write-only-removed", "write-only-removed"]),
    ("schema", "additionalProperties", ["additional-properties-closed", "additional-properties-opened", "additional-properties-closed"]),
    ("schema", "max* min* exclusive* multipleOf uniqueItems", ["constraint-added", "constraint-removed", "constraint-tightened"]),
];

/// What the table names, for a test to look it up.
pub fn named() -> impl Iterator<Item = &'static str> {
    TABLE.iter().flat_map(|(.., ids)| *ids)
}

/// The rule of a key; total over kinds of nodes and keys.
pub(super) fn of_key(shape: &str, key: &str, happened: Happened) -> &'static str {
    let fits = |patterns: &str, word: &str| {
        patterns == word
            || patterns.split(' ').any(|it| it == word || it.strip_suffix('*').is_some_and(|it| word.starts_with(it)))
    };
    let row = TABLE.iter().find(|(shapes, keys, _)| fits(shapes, shape) && fits(keys, key));
    row.map_or("other-changed", |(.., ids)| ids[happened as usize])
}

/// The rule of a node that came, went, or was data before. What must be there, and what an object that allows nothing
/// else has or lacked, have rules of their own, of which the ids tell.
pub(super) fn of_node(shape: &str, key: &str, happened: Happened, required: bool, closed: bool) -> &'static str {
    let id = of_key(shape, key, happened);
    let Some(stem) = id.strip_suffix("-optional") else { return id };
    let end = match (required, closed) {
        (false, false) => return id,
        (true, false) => "required",
        (false, true) => "closed",
        (true, true) => "required-closed",
    };
    rule(&format!("{stem}-{end}")).map_or(id, |rule| rule.id)
}

/// The rule of data, by what the sides say and mean; `holder` is the object that says it now.
pub(super) fn of_fact(
    shape: &str,
    key: &str,
    before: Option<&Value>,
    after: Option<&Value>,
    holder: &Value,
) -> &'static str {
    let numbers = before.and_then(Value::as_f64).zip(after.and_then(Value::as_f64));
    let texts = (before.and_then(Value::as_str), after.and_then(Value::as_str));
    let happened = match (before, after) {
        (None, _) => Happened::Added,
        (_, None) => Happened::Removed,
        // `additionalProperties: true` takes a limit away; every other flag adds something.
        (Some(Value::Bool(_)), Some(Value::Bool(on))) if !matches!(key, "explode" | "allowReserved") => {
            if *on == (key == "additionalProperties") { Happened::Removed } else { Happened::Added }
        }
        _ => Happened::Changed,
    };
    let looser = match (shape, key, numbers) {
        // Nothing said means at least 0.
        ("schema", "minLength" | "minItems" | "minProperties", Some((0.0, _))) => return "constraint-added",
        ("schema", "minLength" | "minItems" | "minProperties", Some((_, 0.0))) => return "constraint-removed",
        ("schema", "maximum" | "maxLength" | "maxItems" | "maxProperties", Some((before, after))) => after > before,
        ("schema", "minimum" | "minLength" | "minItems" | "minProperties", Some((before, after))) => after < before,
        ("schema", "multipleOf", Some((before, after))) => before % after == 0.0,
        ("schema", "format", _) => match texts {
            (Some("int32"), Some("int64")) | (Some("float"), Some("double")) => return "type-widened",
            (Some("int64"), Some("int32")) | (Some("double"), Some("float")) => return "type-narrowed",
            (Some("int32" | "int64" | "float" | "double"), None) => return "number-format-changed",
            (None, Some(format)) if holds(format, holder) => return "number-format-changed",
            _ => return of_key(shape, key, happened),
        },
        _ => return of_key(shape, key, happened),
    };
    if looser { "constraint-loosened" } else { "constraint-tightened" }
}

/// Whether a format of numbers takes whatever the bounds of its schema allow.
fn holds(format: &str, schema: &Value) -> bool {
    let most = match format {
        "int32" => 2f64.powi(31),
        "int64" => 2f64.powi(63),
        "float" | "double" => f64::MAX,
        _ => return false,
    };
    let within = |key: &str| schema.get(key).and_then(Value::as_f64).is_none_or(|bound| bound.abs() <= most);
    within("minimum") && within("maximum")
}

/// What a missing key means.
pub(super) fn implied(shape: &str, key: &str, holder: &Value) -> Option<Value> {
    Some(match (shape, key) {
        (
            _,
            "deprecated" | "nullable" | "readOnly" | "writeOnly" | "uniqueItems" | "exclusiveMinimum"
            | "exclusiveMaximum" | "allowReserved" | "allowEmptyValue" | "attribute" | "wrapped",
        )
        | ("parameter" | "header" | "request body", "required") => false.into(),
        ("parameter" | "header", "style") => match holder.get("in").and_then(Value::as_str) {
            Some("query" | "cookie") => "form".into(),
            _ => "simple".into(),
        },
        ("parameter" | "header", "explode") => {
            let style = holder.get("style").cloned().or_else(|| implied(shape, "style", holder));
            (style.is_some_and(|style| style == "form")).into()
        }
        ("schema", "additionalProperties") => true.into(),
        ("schema", "minLength" | "minItems" | "minProperties") => 0.into(),
        _ => return None,
    })
}
