//! What breaks and what doesn't: small edits of a tiny document, each with its full report, grouped by theme.
//!
//! A case names a node and what stands there before and after (`-` is nothing), or texts of the whole document. The snapshots are the specification of
//! the review; accept a wanted difference with `cargo insta review`.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;

use serde_json::Value;
use xtask::diff::Severity::{Breaking, Info, Warning};
use xtask::diff::{Format, Report, Severity};
use xtask::document::Document;

type Case = (&'static str, &'static str, &'static str, &'static str, &'static str, Severity);

const GET: &str = "/paths/~1items~1{id}/get";
const QUERY: &str = "/paths/~1items~1{id}/get/parameters/1";
const OK: &str = "/paths/~1items~1{id}/get/responses/200";
const PUT: &str = "/paths/~1items~1{id}/put";
const IN: &str = "/components/schemas/In/properties/a";
const OUT: &str = "/components/schemas/Out/properties/a";

/// Theme, name, node, before, after, the worst severity on the wire. `@NAME` stands for a constant above.
#[rustfmt::skip]
const CASES: &[Case] = &[
    ("operations", "add an operation", "@GET/../delete", "-", r#"{"operationId": "Drop", "responses": {"204": {"description": "d"}}}"#, Info),
    ("operations", "remove an operation", "@GET/../delete", r#"{"operationId": "Drop", "responses": {"204": {"description": "d"}}}"#, "-", Breaking),
    ("operations", "add a path", "/paths/~1new", "-", r#"{"get": {"operationId": "New", "responses": {"204": {"description": "d"}}}}"#, Info),
    ("operations", "remove a path", "/paths/~1new", r#"{"get": {"operationId": "New", "responses": {"204": {"description": "d"}}}}"#, "-", Breaking),
    ("operations", "rename an operation id", "@GET/operationId", r#""A""#, r#""B""#, Info),
    ("operations", "deprecate", "@GET/deprecated", "-", "true", Info),
    ("operations", "take deprecation back", "@GET/deprecated", "true", "-", Info),
    ("operations", "spell out that it is not deprecated", "@GET/deprecated", "-", "false", Info),
    ("parameters", "add an optional parameter", "@GET/parameters/2", "-", r#"{"name": "q", "in": "query", "schema": {"type": "string"}}"#, Info),
    ("parameters", "add a required parameter", "@GET/parameters/2", "-", r#"{"name": "q", "in": "query", "required": true, "schema": {"type": "string"}}"#, Breaking),
    ("parameters", "remove a parameter", "@GET/parameters/2", r#"{"name": "q", "in": "query", "schema": {"type": "string"}}"#, "-", Warning),
    ("parameters", "move from query to header", "@QUERY/in", r#""query""#, r#""header""#, Warning),
    ("parameters", "become required", "@QUERY/required", "-", "true", Breaking),
    ("parameters", "become optional", "@QUERY/required", "true", "-", Info),
    ("parameters", "spell out that it is optional", "@QUERY/required", "-", "false", Info),
    ("parameters", "change the style", "@QUERY/style", r#""form""#, r#""pipeDelimited""#, Breaking),
    ("parameters", "change explode", "@QUERY/explode", "true", "false", Breaking),
    ("parameters", "raise the maximum", "@QUERY/schema/maximum", "10", "20", Info),
    ("parameters", "lower the maximum", "@QUERY/schema/maximum", "20", "10", Breaking),
    ("parameters", "raise the minimum", "@QUERY/schema/minimum", "1", "2", Breaking),
    ("parameters", "lower the minimum", "@QUERY/schema/minimum", "2", "1", Info),
    ("parameters", "add a maximum", "@QUERY/schema/maximum", "-", "20", Breaking),
    ("parameters", "remove a maximum", "@QUERY/schema/maximum", "20", "-", Info),
    ("parameters", "integer to number", "@QUERY/schema/type", r#""integer""#, r#""number""#, Info),
    ("parameters", "number to integer", "@QUERY/schema/type", r#""number""#, r#""integer""#, Breaking),
    ("parameters", "integer to string", "@QUERY/schema/type", r#""integer""#, r#""string""#, Breaking),
    ("parameters", "add a default", "@QUERY/schema/default", "-", "5", Warning),
    ("parameters", "change the default", "@QUERY/schema/default", "5", "6", Warning),
    ("parameters", "remove the default", "@QUERY/schema/default", "5", "-", Warning),
    ("parameters", "the default becomes a text", "@QUERY/schema/default", "5", r#""5""#, Warning),
    ("request", "body becomes required", "@PUT/requestBody/required", "-", "true", Breaking),
    ("request", "body becomes optional", "@PUT/requestBody/required", "true", "-", Info),
    ("request", "add an optional property", "/components/schemas/In/properties/b", "-", r#"{"type": "string"}"#, Info),
    ("request", "remove an optional property", "/components/schemas/In/properties/b", r#"{"type": "string"}"#, "-", Warning),
    ("request", "property becomes required", "/components/schemas/In/required", "-", r#"["a"]"#, Breaking),
    ("request", "property becomes optional", "/components/schemas/In/required", r#"["a"]"#, "-", Info),
    ("request", "retype a property", "@IN/type", r#""string""#, r#""integer""#, Breaking),
    ("request", "add an enum value", "@IN/enum", r#"["x"]"#, r#"["x", "y"]"#, Info),
    ("request", "remove an enum value", "@IN/enum", r#"["x", "y"]"#, r#"["x"]"#, Breaking),
    ("request", "swap enum values", "@IN/enum", r#"["x", "y"]"#, r#"["y", "x"]"#, Info),
    ("request", "become an enum", "@IN/enum", "-", r#"["x"]"#, Breaking),
    ("request", "stop being an enum", "@IN/enum", r#"["x"]"#, "-", Info),
    ("request", "allow null", "@IN/nullable", "-", "true", Info),
    ("request", "refuse null", "@IN/nullable", "true", "-", Breaking),
    ("request", "add a pattern", "@IN/pattern", "-", r#""^a$""#, Breaking),
    ("request", "change a pattern", "@IN/pattern", r#""^a$""#, r#""^b$""#, Breaking),
    ("request", "remove a pattern", "@IN/pattern", r#""^a$""#, "-", Info),
    ("request", "longer text", "@IN/maxLength", "5", "6", Info),
    ("request", "shorter text", "@IN/maxLength", "6", "5", Breaking),
    ("request", "add a least length", "@IN/minLength", "-", "1", Breaking),
    ("request", "remove a least length", "@IN/minLength", "1", "-", Info),
    ("request", "close the object", "/components/schemas/In/additionalProperties", "-", "false", Breaking),
    ("request", "open the object", "/components/schemas/In/additionalProperties", "false", "true", Info),
    ("request", "become read-only", "@IN/readOnly", "-", "true", Warning),
    ("response", "add an optional property", "/components/schemas/Out/properties/b", "-", r#"{"type": "string"}"#, Info),
    ("response", "remove an optional property", "/components/schemas/Out/properties/b", r#"{"type": "string"}"#, "-", Warning),
    ("response", "property becomes required", "/components/schemas/Out/required", "-", r#"["a"]"#, Info),
    ("response", "property becomes optional", "/components/schemas/Out/required", r#"["a"]"#, "-", Breaking),
    ("response", "retype a property", "@OUT/type", r#""string""#, r#""integer""#, Breaking),
    ("response", "add an enum value", "@OUT/enum", r#"["x"]"#, r#"["x", "y"]"#, Warning),
    ("response", "remove an enum value", "@OUT/enum", r#"["x", "y"]"#, r#"["x"]"#, Info),
    ("response", "allow null", "@OUT/nullable", "-", "true", Breaking),
    ("response", "list null where it is allowed anyway", "@OUT", r#"{"type": "string", "nullable": true, "enum": ["a"]}"#, r#"{"type": "string", "nullable": true, "enum": ["a", null]}"#, Info),
    ("response", "refuse null", "@OUT/nullable", "true", "-", Info),
    ("response", "longer text", "@OUT/maxLength", "5", "6", Warning),
    ("response", "shorter text", "@OUT/maxLength", "6", "5", Info),
    ("response", "add a format", "@OUT/format", "-", r#""uuid""#, Info),
    ("response", "remove a pattern", "@OUT/pattern", r#""^a$""#, "-", Warning),
    ("response", "change a format", "@OUT/format", r#""date""#, r#""date-time""#, Breaking),
    ("response", "become write-only", "@OUT/writeOnly", "-", "true", Breaking),
    ("response", "close the object", "/components/schemas/Out/additionalProperties", "-", "false", Info),
    ("response", "add an error status", "@GET/responses/404", "-", r#"{"description": "d"}"#, Info),
    ("response", "remove an error status", "@GET/responses/404", r#"{"description": "d"}"#, "-", Info),
    ("response", "remove a success status", "@GET/responses/202", r#"{"description": "d"}"#, "-", Breaking),
    ("response", "add a success status", "@GET/responses/202", "-", r#"{"description": "d"}"#, Warning),
    ("response", "add a header", "@OK/headers/X-A", "-", r#"{"schema": {"type": "string"}}"#, Info),
    ("response", "remove an optional header", "@OK/headers/X-A", r#"{"schema": {"type": "string"}}"#, "-", Warning),
    ("response", "remove a required header", "@OK/headers/X-A", r#"{"required": true, "schema": {"type": "string"}}"#, "-", Breaking),
    ("shape", "extract a component", "@OUT", r#"{"type": "string"}"#, r##"{"$ref": "#/components/schemas/Text"}"##, Info),
    ("shape", "inline a component", "@OUT", r##"{"$ref": "#/components/schemas/Text"}"##, r#"{"type": "string"}"#, Info),
    ("shape", "split into allOf", "/components/schemas/Out", r#"{"type": "object", "properties": {"a": {"type": "string"}}}"#, r#"{"allOf": [{"type": "object"}, {"properties": {"a": {"type": "string"}}}]}"#, Info),
    ("shape", "add an alternative to send", "@IN", r#"{"oneOf": [{"type": "string"}]}"#, r#"{"oneOf": [{"type": "string"}, {"type": "integer"}]}"#, Info),
    ("shape", "add an alternative to receive", "@OUT", r#"{"oneOf": [{"type": "string"}]}"#, r#"{"oneOf": [{"type": "string"}, {"type": "integer"}]}"#, Breaking),
    ("shape", "edit a component nobody uses", "/components/schemas/Unused", r#"{"type": "string"}"#, r#"{"type": "integer"}"#, Info),
    ("document", "reword a description", "@OUT/description", r#""One.""#, r#""Two.""#, Info),
    ("document", "add a sample", "@OUT/example", "-", r#""x""#, Info),
    ("document", "raise the version", "/info/version", r#""0.1.0""#, r#""0.2.0""#, Info),
    ("document", "change an extension", "@GET/x-a", "1", "2", Info),
    ("document", "change the end of a long extension", "@GET/x-a", r#"{"a": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "b": 1}"#, r#"{"a": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "b": 2}"#, Info),
    ("document", "add a tag", "@GET/tags", "-", r#"["a"]"#, Info),
    ("document", "add a server", "/servers", r#"[{"url": "/a"}]"#, r#"[{"url": "/a"}, {"url": "/b"}]"#, Info),
    ("document", "remove a server", "/servers", r#"[{"url": "/a"}, {"url": "/b"}]"#, r#"[{"url": "/a"}]"#, Breaking),
    ("document", "require authentication", "/security", "-", r#"[{"t": []}]"#, Breaking),
    ("document", "no longer require authentication", "/security", r#"[{"t": []}]"#, "-", Info),
    ("document", "add a way to authenticate", "/security", r#"[{"t": []}]"#, r#"[{"t": []}, {"u": []}]"#, Info),
    ("document", "remove a way to authenticate", "/security", r#"[{"t": []}, {"u": []}]"#, r#"[{"t": []}]"#, Breaking),
    ("document", "reorder ways to authenticate", "/security", r#"[{"t": []}, {"u": []}]"#, r#"[{"u": []}, {"t": []}]"#, Info),
    ("operations", "rename a path parameter", "text", r#"{id}": {=>"name": "id""#, r#"{key}": {=>"name": "key""#, Info),
    ("parameters", "write a header's name in another case", "@GET/parameters/2", r#"{"name": "X-A", "in": "header", "schema": {"type": "string"}}"#, r#"{"name": "x-a", "in": "header", "schema": {"type": "string"}}"#, Info),
    ("parameters", "move a parameter to the path item", "text", r#""put": {"operationId": "Put", "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],=>{"/items/{id}": {"#, r#""put": {"operationId": "Put",=>{"/items/{id}": {"parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],"#, Info),
    ("request", "add an optional property to a closed object", "@IN/../..", r#"{"type": "object", "additionalProperties": false, "properties": {"a": {}}}"#, r#"{"type": "object", "additionalProperties": false, "properties": {"a": {}, "b": {}}}"#, Info),
    ("request", "remove an optional property of a closed object", "@IN/../..", r#"{"type": "object", "additionalProperties": false, "properties": {"a": {}, "b": {}}}"#, r#"{"type": "object", "additionalProperties": false, "properties": {"a": {}}}"#, Breaking),
    ("request", "a read-only property becomes required", "@IN/../..", r#"{"type": "object", "properties": {"a": {"type": "string", "readOnly": true}}}"#, r#"{"type": "object", "required": ["a"], "properties": {"a": {"type": "string", "readOnly": true}}}"#, Info),
    ("request", "wider integers", "@IN", r#"{"type": "integer", "format": "int32"}"#, r#"{"type": "integer", "format": "int64"}"#, Info),
    ("request", "add a media type", "@PUT/requestBody/content/text~1plain", "-", r#"{"schema": {"type": "string"}}"#, Info),
    ("request", "remove a media type", "@PUT/requestBody/content/text~1plain", r#"{"schema": {"type": "string"}}"#, "-", Breaking),
    ("request", "write a media type in another case", "text", "application/json", "Application/JSON", Info),
    ("response", "wider integers", "@OUT", r#"{"type": "integer", "format": "int32"}"#, r#"{"type": "integer", "format": "int64"}"#, Breaking),
    ("response", "narrower integers", "@OUT", r#"{"type": "integer", "format": "int64"}"#, r#"{"type": "integer", "format": "int32"}"#, Info),
    ("response", "add an optional property to a closed object", "@OUT/../..", r#"{"type": "object", "additionalProperties": false, "properties": {"a": {}}}"#, r#"{"type": "object", "additionalProperties": false, "properties": {"a": {}, "b": {}}}"#, Breaking),
    ("response", "tell a status by its range", "text", r#""204": {"#, r#""2XX": {"#, Info),
    ("response", "add a default answer", "@GET/responses/default", "-", r#"{"description": "d"}"#, Info),
    ("shape", "rename a component", "text", "schemas/Out=>\"Out\": {", "schemas/Result=>\"Result\": {", Info),
    ("shape", "rename a component and retype its property", "text", r#"schemas/Out=>"Out": {"type": "object", "properties": {"a": {"type": "string"}}}"#, r#"schemas/Result=>"Result": {"type": "object", "properties": {"a": {"type": "integer"}}}"#, Breaking),
    ("shape", "wrap a reference in allOf", "@OUT", r##"{"$ref": "#/components/schemas/Text"}"##, r##"{"allOf": [{"$ref": "#/components/schemas/Text"}]}"##, Info),
    ("shape", "remove an alternative to receive", "@OUT", r#"{"oneOf": [{"type": "string"}, {"type": "integer"}]}"#, r#"{"oneOf": [{"type": "string"}]}"#, Info),
    ("shape", "reorder alternatives", "@OUT", r#"{"oneOf": [{"type": "string"}, {"type": "integer"}]}"#, r#"{"oneOf": [{"type": "integer"}, {"type": "string"}]}"#, Info),
    ("shape", "exclude a value to send", "@IN/not", "-", r#"{"enum": ["x"]}"#, Breaking),
    ("shape", "name a form of the discriminator", "@OUT", r#"{"oneOf": [{"type": "object"}], "discriminator": {"propertyName": "p", "mapping": {"a": "A"}}}"#, r#"{"oneOf": [{"type": "object"}], "discriminator": {"propertyName": "p", "mapping": {"a": "A", "b": "A"}}}"#, Warning),
    ("shape", "add a discriminator", "@OUT", r#"{"oneOf": [{"type": "object"}, {"type": "string"}]}"#, r#"{"oneOf": [{"type": "object"}, {"type": "string"}], "discriminator": {"propertyName": "p"}}"#, Info),
    ("shape", "change the discriminator", "@OUT", r#"{"oneOf": [{"type": "object"}], "discriminator": {"propertyName": "p"}}"#, r#"{"oneOf": [{"type": "object"}], "discriminator": {"propertyName": "q"}}"#, Breaking),
    ("shape", "a list of texts becomes a list of numbers", "@OUT", r#"{"type": "array", "items": {"type": "string"}}"#, r#"{"type": "array", "items": {"type": "number"}}"#, Breaking),
    ("shape", "a map of texts becomes a map of numbers", "@OUT", r#"{"type": "object", "additionalProperties": {"type": "string"}}"#, r#"{"type": "object", "additionalProperties": {"type": "number"}}"#, Breaking),
    ("shape", "a recursive schema's property is retyped", "text", r##""Out": {"type": "object", "properties": {"a": {"type": "string"}}}"##, r##""Out": {"type": "object", "properties": {"a": {"type": "integer"}, "next": {"$ref": "#/components/schemas/Out"}}}"##, Breaking),
    // Two paths of one shape; a document that has them doesn't differ from itself.
    ("paths", "add a path of the same shape", "/paths/~1items~1{key}", "-", r#"{"delete": {"operationId": "Drop", "parameters": [{"name": "key", "in": "path", "required": true, "schema": {"type": "string"}}], "responses": {"204": {"description": "d"}}}}"#, Info),
    ("paths", "move an operation", "text", r#""/items/{id}": {=>"operationId": "Get""#, r#""/things/{id}": {=>"operationId": "Get""#, Breaking),
    ("paths", "move operations into boxes", "text", r#""/items/{id}": {=>"operationId": "Get", "parameters": [=>"operationId": "Put", "parameters": ["#, r#""/boxes/{box}/items/{id}": {=>"operationId": "Get", "parameters": [{"name": "box", "in": "path", "required": true, "schema": {"type": "string"}}, =>"operationId": "Put", "parameters": [{"name": "box", "in": "path", "required": true, "schema": {"type": "string"}}, "#, Breaking),
    ("parameters", "add a component parameter", "/components/parameters", r#"{}"#, r#"{"q": {"name": "q", "in": "query", "required": true, "schema": {"type": "string"}}}"#, Info),
    ("parameters", "remove a component parameter", "/components/parameters", r#"{"q": {"name": "q", "in": "query", "required": true, "schema": {"type": "string"}}}"#, r#"{}"#, Info),
    ("parameters", "extract a parameter", "text", r#"{"name": "limit", "in": "query", "schema": {"type": "integer"}}=>"components": {"#, r##"{"$ref": "#/components/parameters/Limit"}=>"components": {"parameters": {"Limit": {"name": "limit", "in": "query", "schema": {"type": "integer"}}},"##, Info),
    ("parameters", "spell out how a query is written", "@QUERY/explode", "-", "true", Info),
    ("request", "a required property becomes one of two", "@IN", r#"{"type": "object", "required": ["x"], "properties": {"x": {"type": "string"}, "y": {"type": "string"}}}"#, r#"{"type": "object", "anyOf": [{"required": ["x"]}, {"required": ["y"]}], "properties": {"x": {"type": "string"}, "y": {"type": "string"}}}"#, Info),
    ("request", "a text may be an object, too", "@IN", r#"{"type": "string"}"#, r#"{"oneOf": [{"type": "string"}, {"type": "object"}]}"#, Info),
    ("request", "name the width of an integer", "@IN", r#"{"type": "integer"}"#, r#"{"type": "integer", "format": "int64"}"#, Info),
    ("request", "name a width below the bounds", "@IN", r#"{"type": "integer", "maximum": 5000000000}"#, r#"{"type": "integer", "maximum": 5000000000, "format": "int32"}"#, Breaking),
    ("request", "empty a pattern", "@IN/pattern", r#""^a$""#, r#""""#, Info),
    ("response", "an enumeration in two parts", "@OUT", r#"{"type": "string", "enum": ["a", "b"]}"#, r#"{"oneOf": [{"type": "string", "enum": ["a"]}, {"type": "string", "enum": ["b"]}]}"#, Info),
    ("response", "a text may be an object, too", "@OUT", r#"{"type": "string"}"#, r#"{"oneOf": [{"type": "string"}, {"type": "object"}]}"#, Breaking),
    ("shape", "refer to a component that lacks properties", "@OUT", r##"{"$ref": "#/components/schemas/Maybe"}"##, r##"{"$ref": "#/components/schemas/In"}"##, Breaking),
    ("shape", "retype a component that two properties refer to", "/components/schemas", r##"{"In": {"type": "object"}, "Out": {"type": "object", "properties": {"a": {"$ref": "#/components/schemas/Text"}, "b": {"$ref": "#/components/schemas/Text"}}}, "Text": {"type": "string"}}"##, r##"{"In": {"type": "object"}, "Out": {"type": "object", "properties": {"a": {"$ref": "#/components/schemas/Text"}, "b": {"$ref": "#/components/schemas/Text"}}}, "Text": {"type": "integer"}}"##, Breaking),
    ("shape", "one component becomes one of two", "@OUT", r##"{"$ref": "#/components/schemas/In"}"##, r##"{"oneOf": [{"$ref": "#/components/schemas/In"}, {"$ref": "#/components/schemas/Text"}]}"##, Breaking),
    ("shape", "two forms to send become one of both", "@IN", r#"{"oneOf": [{"type": "object", "properties": {"l": {"type": "string"}}}, {"type": "object", "properties": {"l": {"type": "integer"}}}]}"#, r#"{"oneOf": [{"type": "object", "properties": {"l": {"oneOf": [{"type": "string"}, {"type": "integer"}]}}}]}"#, Info),
    ("shape", "another form to receive that fits the old one", "@OUT", r#"{"oneOf": [{"type": "object", "properties": {"k": {"type": "string"}}}]}"#, r#"{"oneOf": [{"type": "object", "properties": {"k": {"type": "string"}}}, {"type": "object", "properties": {"k": {"type": "string"}, "l": {"type": "string"}}}]}"#, Warning),
    ("shape", "one of two becomes another of its title", "@OUT", r#"{"oneOf": [{"type": "object", "title": "A", "nullable": true, "required": ["a"], "properties": {"a": {"type": "string"}}}, {"type": "string"}]}"#, r#"{"oneOf": [{"type": "object", "title": "A", "required": ["a"], "properties": {"a": {"type": "string"}}}, {"type": "object", "title": "B"}]}"#, Breaking),
    ("shape", "write out a reference beside which null is allowed", "@OUT", r##"{"$ref": "#/components/schemas/Text", "nullable": true}"##, r#"{"type": "string", "nullable": true}"#, Info),
    ("shape", "write out what a reference said", "@OUT", r##"{"$ref": "#/components/schemas/In"}"##, r#"{"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}, "b": {"type": "string"}}}"#, Info),
    ("shape", "wrap a nullable reference so that null is forbidden", "@IN", r##"{"$ref": "#/components/schemas/Maybe"}"##, r##"{"allOf": [{"$ref": "#/components/schemas/Maybe"}, {"type": "object"}]}"##, Breaking),
    ("shape", "wrap a nullable reference that stays nullable", "@IN", r##"{"$ref": "#/components/schemas/Maybe"}"##, r##"{"allOf": [{"$ref": "#/components/schemas/Maybe"}]}"##, Info),
];

/// A document compared with itself differs in nothing, whatever its paths look like.
#[test]
fn a_document_equals_itself() -> Result<(), Box<dyn Error>> {
    let drop = r#"{"delete": {"operationId": "Drop", "parameters": [{"name": "key", "in": "path", "required": true, "schema": {"type": "string"}}], "responses": {"204": {"description": "d"}}}}"#;
    for base in [parse("tiny", TINY)?, edited("/paths/~1items~1{key}", drop)?, ims_tests::document()?.clone()] {
        let report = Report::of(&base, &base);
        assert!(report.changes.is_empty() && report.rust.is_empty(), "{}", report.render(Format::Text, true));
        assert_eq!(report.render(Format::Text, false), "no change of the contract\n");
    }
    Ok(())
}

/// Whatever the order of the names: what only a component refers to is looked for once that is compared.
#[test]
fn a_component_that_only_another_refers_to_may_go_by_another_name() -> Result<(), Box<dyn Error>> {
    let of = |name: &str| {
        let text = TINY.replacen(
            r#"{"a": {"type": "string"}}"#,
            &format!(r##"{{"a": {{"$ref": "#/components/schemas/{name}"}}}}"##),
            1,
        );
        parse(name, &text.replace(r#""schemas": {"#, &format!(r#""schemas": {{"{name}": {{"type": "string"}},"#)))
    };
    for (before, after) in [("Early", "Fresh"), ("Late", "Zone"), ("Zone", "Early")] {
        let changes = Report::of(&of(before)?, &of(after)?).changes;
        let told: Vec<_> = changes.iter().map(|change| (change.rule, change.after.as_deref())).collect();
        assert_eq!(told, [("component-renamed", Some(format!("schema {after}").as_str()))], "{before}");
    }
    Ok(())
}

#[test]
fn gallery() -> Result<(), Box<dyn Error>> {
    let mut documents: BTreeMap<String, String> = BTreeMap::new();
    let mut wrong = Vec::new();
    for (theme, name, node, before, after, severity) in CASES {
        let (base, head) = match *node {
            "text" => (parse(node, TINY)?, parse(node, &rewritten(before, after)?)?),
            _ => (edited(node, before)?, edited(node, after)?),
        };
        let report = Report::of(&base, &head);
        if report.verdict.wire != *severity || report.changes.is_empty() {
            wrong.push(format!(
                "{theme}: {name}: {} instead of {severity}\n{}",
                report.verdict.wire,
                report.render(Format::Text, true)
            ));
        }
        let text = documents
            .entry(format!("{theme}-{severity}"))
            .or_insert_with(|| format!("# Review of changes: {theme}, {severity}\n"));
        write!(text, "\n## {name}\n\n{}", report.render(Format::Text, true))?;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(CASES.len() >= 80 && CASES.iter().filter(|case| case.5 != Breaking).count() >= 30);
    ims_tests::lock_all("diff", &documents);
    Ok(())
}

/// The summary comes first in every form; the same change at many places is one row, below the operation or component
/// that it belongs to; what no operation reaches stands apart; places unfold, and `--all` shows them with the words.
#[test]
fn forms() -> Result<(), Box<dyn Error>> {
    let schema = |kind: &str| {
        let names = ["b", "c", "d", "e", "f"]
            .map(|name| format!(r#""{name}": {{"type": "object", "properties": {{"same": {{"type": "{kind}"}}}}}}"#));
        format!(r#"{{"type": "object", "properties": {{{}}}}}"#, names.join(", "))
    };
    let head =
        TINY.replace(r#"{"name": "limit", "in": "query","#, r#"{"name": "limit", "in": "query", "required": true,"#);
    let out = r#""Out": {"type": "object", "properties": {"a": {"type": "string"}}}"#;
    let base = parse("forms", &TINY.replace(out, &format!(r#""Out": {}"#, schema("string"))))?;
    let head = head.replace(out, &format!(r#""Out": {}"#, schema("integer")));
    let head =
        head.replace(r#""Text": {"type": "string"}"#, r#""Text": {"type": "integer", "description": "Unused."}"#);
    let report = Report::of(&base, &parse("forms", &head)?);
    let json: Value = serde_json::from_str(&report.render(Format::Json, false))?;
    let summary = serde_json::json!({"summary": json["summary"], "verdict": json["verdict"]});
    let order = report.render(Format::Json, false);
    assert!(order.find("\"summary\"") < order.find("\"changes\""), "{order}");
    let documents = [
        ("text", report.render(Format::Text, false)),
        ("text-all", report.render(Format::Text, true)),
        ("markdown", report.render(Format::Markdown, false)),
        ("github", report.render(Format::Github, false)),
        ("json", serde_json::to_string_pretty(&summary)? + "\n"),
    ];
    let documents = documents.map(|(form, text)| (form.to_owned(), text)).into();
    ims_tests::lock_all("review", &documents);
    Ok(())
}

fn edited(node: &str, value: &str) -> Result<Document, Box<dyn Error>> {
    let mut document: Value = serde_json::from_str(TINY)?;
    let mut pointer = node.to_owned();
    for (name, text) in [("@GET", GET), ("@QUERY", QUERY), ("@OK", OK), ("@PUT", PUT), ("@IN", IN), ("@OUT", OUT)] {
        pointer = pointer.replace(name, text);
    }
    let pointer = pointer.replace("/get/../", "/").replace("/properties/a/../..", "");
    let (parent, last) = pointer.rsplit_once('/').ok_or("no pointer")?;
    let last = &*last.replace("~1", "/");
    if document.pointer(parent).is_none() {
        let (above, key) = parent.rsplit_once('/').ok_or("no pointer")?;
        document
            .pointer_mut(above)
            .and_then(Value::as_object_mut)
            .ok_or(above.to_owned())?
            .insert(key.to_owned(), serde_json::json!({}));
    }
    match document.pointer_mut(parent).ok_or(parent.to_owned())? {
        Value::Object(members) if value == "-" => drop(members.remove(last)),
        Value::Object(members) => drop(members.insert(last.to_owned(), serde_json::from_str(value)?)),
        Value::Array(items) if value != "-" => items.push(serde_json::from_str(value)?),
        _ => {}
    }
    parse(node, &serde_json::to_string_pretty(&document)?)
}

/// The tiny document with texts replaced; `=>` stands between several of them.
fn rewritten(before: &str, after: &str) -> Result<String, Box<dyn Error>> {
    let mut text = TINY.to_owned();
    for (from, to) in before.split("=>").zip(after.split("=>")) {
        if !text.contains(from) {
            return Err(format!("the tiny document has no {from}").into());
        }
        text = text.replace(from, to);
    }
    Ok(text)
}

fn parse(node: &str, text: &str) -> Result<Document, Box<dyn Error>> {
    Document::parse_foreign("tiny.yaml", text).map_err(|findings| format!("{node}: {findings:?}").into())
}

const TINY: &str = r##"{
  "openapi": "3.0.3", "info": {"title": "Tiny", "version": "0.1.0"},
  "paths": {"/items/{id}": {
    "get": {"operationId": "Get", "parameters": [
        {"name": "id", "in": "path", "required": true, "schema": {"type": "string"}},
        {"name": "limit", "in": "query", "schema": {"type": "integer"}}],
      "responses": {"200": {"description": "d", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Out"}}}}}},
    "put": {"operationId": "Put", "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
      "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/In"}}}},
      "responses": {"204": {"description": "d"}}}}},
  "components": {
    "schemas": {
      "In": {"type": "object", "properties": {"a": {"type": "string"}}},
      "Out": {"type": "object", "properties": {"a": {"type": "string"}}},
      "Maybe": {"type": "object", "nullable": true, "required": ["id"], "properties": {"id": {"type": "string"}, "n": {"type": "integer"}}},
      "Text": {"type": "string"}},
    "securitySchemes": {"t": {"type": "apiKey", "in": "header", "name": "T"}, "u": {"type": "apiKey", "in": "header", "name": "U"}}}
}"##;
