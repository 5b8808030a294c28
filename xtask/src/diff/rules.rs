//! The rule table: what each kind of change does to those who send and to those who receive.

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
    "path-parameter-renamed" I I "path parameter renamed", "The name of a path parameter is never sent; only its place in the path is. The setter in Rust has another name.", "/a/{id} → /a/{key}";
    "path-item-changed" I I "path item without operations changed", "Nothing can be called there.", "add an empty path";
    "operation-id-changed" I I "operation id changed", "The id is not sent; the method in Rust has another name.", "operationId: A → B";
    "deprecated" I I "deprecated", "It still works; a later removal breaks.", "add `deprecated: true`";
    "undeprecated" I I "no longer deprecated", "Nothing was taken away.", "remove `deprecated: true`";
    "callback-added" W W "callback added", "Servers may begin to call; a client that listens must know the request.", "add a callback";
    "callback-removed" B B "callback removed", "A client that waits for the call waits forever.", "remove a callback";
    "parameter-added-optional" I I "optional parameter added", "Old requests stay valid.", "add a query parameter";
    "parameter-added-required" B B "required parameter added", "Old requests lack it.", "add a query parameter with `required: true`";
    "parameter-moved" I I "moved between an operation and its path", "It is sent as before. Other operations of the path are reported by themselves.", "get.parameters → parameters of the path";
    "parameter-removed" W W "parameter removed", "Most servers ignore what they don't know, strict ones refuse it; what it asked for is no longer done.", "remove a query parameter";
    "parameter-style-changed" B B "way of writing the parameter changed", "The same value is written differently in the URL or header. Spelling a default out is not a change.", "explode: true → false";
    "became-required" B I "became required", "Old requests may lack it; in an answer it is one more promise.", "add `required: true`";
    "became-optional" I B "became optional", "A sender need not change; a reader that relies on it finds nothing.", "remove a name from `required`";
    "empty-value-allowed" I W "empty value allowed", "Senders may go on; readers may meet an empty value.", "allowEmptyValue: true";
    "empty-value-refused" B I "empty value refused", "Requests with the empty value were valid.", "allowEmptyValue: false";
    "request-body-added-optional" I I "optional request body added", "Requests without body stay valid.", "add requestBody";
    "request-body-added-required" B B "required request body added", "Old requests have no body.", "add requestBody with required";
    "request-body-removed" W W "request body removed", "A strict server refuses a body it doesn't expect; others ignore what it asked for.", "remove requestBody";
    "media-type-added" I W "media type added", "Senders may choose it; a reader may receive it unless it asked for another with Accept.", "add application/xml";
    "media-type-removed" B B "media type removed", "Those who send it are refused; those who read it get something else.", "remove application/json";
    "encoding-changed" B B "encoding of a part changed", "The same form is written differently.", "encoding: contentType";
    "response-success-added" W W "success status added", "A client that knows only the others takes it for an error.", "add '202'";
    "response-success-removed" B B "success status removed", "A client waits for a status that never comes.", "remove '200'";
    "response-error-added" I I "error status added", "Clients must expect any error status anyway.", "add '409'";
    "response-error-removed" I I "error status removed", "No answer that a client handles became invalid.", "remove '409'";
    "response-status-regrouped" I I "status told by its range, or the other way round", "A client of 4XX handles 404 and the other way round; what the answers say is compared.", "'404' → 4XX";
    "name-case-changed" I I "name in another case", "Headers and media types don't distinguish case.", "X-Id → x-id";
    "header-added-optional" I I "optional header added", "Nobody relies on it.", "add a response header";
    "header-added-required" B I "required header added", "Old requests lack it; in an answer it is one more promise.", "add a required header";
    "header-removed-optional" I W "optional header removed", "It was never promised, but some read it.", "remove a response header";
    "header-removed-required" W B "required header removed", "Readers rely on it.", "remove a required response header";
    "link-changed" I I "link changed", "Links describe relations; they change no message.", "edit links";
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
    "alternative-added" I B "alternative added", "Senders may go on; a reader meets a form that it doesn't know.", "add to oneOf";
    "alternative-removed" B I "alternative removed", "Those who send it are refused.", "remove from oneOf";
    "not-changed" B W "excluded schema changed", "Some old values may be excluded now.", "edit not";
    "discriminator-changed" B B "discriminator changed", "The form of a message is told by something else.", "discriminator: propertyName";
    "discriminator-mapping-changed" W W "names of the discriminator's forms changed", "One more name is harmless to send and unknown to a reader; one less is refused. Which it is depends on who uses the name.", "discriminator: mapping";
    "xml-changed" B B "XML form changed", "The same value is written differently in XML.", "xml: name";
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
    "reference-renamed" I I "refers to another component", "What the components say is compared; their names are not sent. In Rust the type has another name.", "$ref: A → B";
    "reference-extracted" I I "extracted into a component", "The same is said at another place. In Rust the type may have another name.", "inline schema → $ref";
    "reference-inlined" I I "inlined from a component", "The same is said at another place. In Rust the type may have another name.", "$ref → inline schema";
    "all-of-restructured" I I "allOf arranged differently", "What all parts say together is compared. In Rust the type may be another.", "split a schema into allOf";
    "list-reordered" I I "order changed", "The order means nothing on the wire.", "swap two enum values";
    "default-spelled-out" I I "a default of OpenAPI written out or left out", "It holds either way.", "add required: false to a query parameter";
    "openapi-version-changed" I I "version of OpenAPI changed", "The form of the document is no message.", "openapi: 3.0.3 → 3.0.4";
    "api-version-changed" I I "version of the API changed", "The verdict compares it with what the changes require.", "info.version: 0.1.0 → 0.2.0";
    "description-changed" I I "wording changed", "Words are for people.", "edit a description, summary, title or externalDocs";
    "example-changed" I I "sample changed", "Samples are for people and tests.", "edit example";
    "tag-changed" I I "tag changed", "Tags group operations for readers.", "edit tags";
    "info-changed" I I "information about the document changed", "Contact, licence and terms are no message.", "edit info.contact";
    "extension-changed" I I "extension changed", "An extension means what its reader makes of it; the Rust effect shows ours.", "edit x-anything";
    "unknown-key-changed" W W "key unknown to OpenAPI 3.0 changed", "What a tool makes of it can't be known.", "edit a misspelt key";
}

/// The rule of a changed key; total over node kinds and keys.
pub(super) fn of_key(shape: &str, key: &str, change: Change) -> &'static str {
    use Change::{Added, Changed, Removed};
    let pick = |added, removed, changed| match change {
        Added => added,
        Removed => removed,
        Changed => changed,
    };
    match (shape, key) {
        (_, key) if key.starts_with("x-") => "extension-changed",
        ("document", "openapi") => "openapi-version-changed",
        ("info", "version") => "api-version-changed",
        (_, "description" | "summary" | "externalDocs") | ("schema" | "info", "title") => "description-changed",
        ("externalDocs" | "example", "url" | "externalValue") => "description-changed",
        (_, "example" | "examples") | ("example", "value") => "example-changed",
        ("info", "contact" | "license" | "termsOfService") | ("contact" | "license", _) => "info-changed",
        ("tag", _) | (_, "tags") => "tag-changed",
        (_, "operationId") if shape == "operation" => "operation-id-changed",
        (_, "deprecated") => pick("deprecated", "undeprecated", "undeprecated"),
        (_, "callbacks") | ("callback", _) => pick("callback-added", "callback-removed", "callback-removed"),
        (_, "links") | ("link", _) => "link-changed",
        (_, "servers") => pick("server-added", "server-removed", "server-changed"),
        ("server" | "server variable", _) => "server-changed",
        (_, "xml") | ("xml", _) => "xml-changed",
        ("discriminator", "mapping") => "discriminator-mapping-changed",
        (_, "discriminator") | ("discriminator", _) => "discriminator-changed",
        ("parameter" | "header", "name" | "in" | "style" | "explode" | "allowReserved" | "content") => {
            "parameter-style-changed"
        }
        (_, "encoding") | ("encoding", _) => "encoding-changed",
        ("parameter" | "header" | "request body", "required") => {
            pick("became-required", "became-optional", "became-optional")
        }
        (_, "allowEmptyValue") => pick("empty-value-allowed", "empty-value-refused", "empty-value-refused"),
        (_, "securitySchemes") => pick("security-scheme-added", "security-scheme-removed", "security-scheme-changed"),
        ("security scheme" | "flows" | "flow", _) => "security-scheme-changed",
        (_, "content") | ("media type", "holds") => {
            pick("media-type-added", "media-type-removed", "media-type-removed")
        }
        ("components", _) => pick("component-added", "component-removed", "component-removed"),
        ("paths" | "path item", _) => "path-item-changed",
        ("schema", "type") => pick("type-narrowed", "type-widened", "type-changed"),
        ("schema", "format") => pick("format-added", "format-removed", "format-changed"),
        ("schema", "pattern") => pick("constraint-added", "constraint-removed", "pattern-changed"),
        ("schema", "enum") => pick("enum-added", "enum-removed", "enum-value-removed"),
        ("schema", "default") => pick("default-added", "default-removed", "default-changed"),
        ("schema", "nullable") => pick("nullable-added", "nullable-removed", "nullable-removed"),
        ("schema", "readOnly") => pick("read-only-added", "read-only-removed", "read-only-removed"),
        ("schema", "writeOnly") => pick("write-only-added", "write-only-removed", "write-only-removed"),
        ("schema", "not") => pick("constraint-schema-added", "constraint-schema-removed", "not-changed"),
        ("schema", "additionalProperties") => {
            pick("additional-properties-closed", "additional-properties-opened", "additional-properties-closed")
        }
        ("schema", "items" | "oneOf" | "anyOf" | "allOf") | (_, "schema") => {
            pick("constraint-schema-added", "constraint-schema-removed", "type-changed")
        }
        (
            "schema",
            "maximum" | "minimum" | "exclusiveMaximum" | "exclusiveMinimum" | "maxLength" | "minLength" | "maxItems"
            | "minItems" | "maxProperties" | "minProperties" | "multipleOf" | "uniqueItems",
        ) => pick("constraint-added", "constraint-removed", "constraint-tightened"),
        _ => "unknown-key-changed",
    }
}

/// What happened to a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    Added,
    Removed,
    Changed,
}
