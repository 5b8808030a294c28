//! Names and forms that the repository's own document doesn't have.

use serde_json::{Value, json};

use super::model::{Command, Kind};
use super::words;
use crate::document::Document;
use crate::generate::SampleCall;

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// A document with one operation of these parameters and this body.
fn document(id: &str, parameters: &Value, body: &Value) -> Result<Document, String> {
    let document = json!({
        "openapi": "3.0.3",
        "info": {"title": "t", "version": "1"},
        "paths": {"/things": {"post": {
            "operationId": id,
            "parameters": parameters,
            "requestBody": {"content": {"application/json": {"schema": body}}},
            "responses": {"204": {"description": "d"}},
        }}},
        "components": {"schemas": {
            "Tree": {"type": "object", "properties": {"name": {"type": "string"}, "below": {"$ref": "#/components/schemas/Tree"}}},
            "Named": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}},
        }},
    });
    Document::parse("t.json", &document.to_string())
        .map_err(|findings| findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
}

fn command(spec: &Document) -> Option<Command> {
    spec.operations.first().map(|operation| super::command(spec, operation))
}

#[test]
fn a_name_that_is_taken_gives_way() -> Outcome {
    let text = |name: &str, place: &str| json!({"name": name, "in": place, "schema": {"type": "string"}});
    let parameters = json!([
        text("query", "query"),
        text("X-Trace", "header"),
        text("x_trace", "query"),
        text("token", "header"),
        text("*", "query"),
    ]);
    let body = json!({"type": "object", "properties": {
        "output": {"type": "string"}, "X-Trace": {"type": "string"}, "body": {"type": "object", "properties": {"a b": {"type": "integer"}}},
    }});
    let spec = document("Doctor", &parameters, &body)?;
    let command = command(&spec).ok_or("no command")?;
    assert_eq!(command.name, "doctor-operation");
    let flags: Vec<&str> = command.parameters.iter().map(|flag| flag.flag.as_str()).collect();
    assert_eq!(flags, ["query-query", "x-trace", "x-trace-2", "header-token", "x"]);
    let body = command.body.ok_or("no body")?;
    let flags: Vec<&str> = body.flags.iter().map(|flag| flag.flag.as_str()).collect();
    assert_eq!(flags, ["x-trace-3", "body-a-b", "body-output"]);
    Ok(())
}

#[test]
fn what_no_flag_can_say_is_json() -> Outcome {
    let tree = json!({"$ref": "#/components/schemas/Tree"});
    let spec = document("Plant", &json!([]), &tree)?;
    let command = command(&spec).ok_or("no command")?;
    let body = command.body.ok_or("no body")?;
    let deepest = body.flags.iter().map(|flag| flag.path.len()).max();
    assert_eq!(deepest, Some(super::DEPTH), "a tree ends");
    for (schema, kind) in [
        (
            json!({"type": "object", "properties": {"f": {"type": "array", "items": {"type": "array", "items": {"type": "integer"}}}}}),
            "list",
        ),
        (json!({"type": "object", "properties": {"f": {"type": "object", "additionalProperties": true}}}), "json"),
        (json!({"type": "object", "properties": {"f": {}}}), "json"),
    ] {
        let spec = document("Plant", &json!([]), &schema)?;
        let command = self::command(&spec).ok_or("no command")?;
        let body = command.body.ok_or("no body")?;
        let flag = body.flags.first().ok_or("no flag")?;
        let found = match flag.schema.kind {
            Kind::Json => "json",
            Kind::List(_) => "list",
            _ => "other",
        };
        assert_eq!(found, kind, "{schema}");
    }
    Ok(())
}

#[test]
fn bodies_as_words() -> Outcome {
    let item = json!({"type": "object", "required": ["k", "vs"], "properties": {
        "k": {"type": "string"}, "vs": {"type": "array", "items": {"type": "string"}}, "n": {"type": "integer"},
    }});
    let object = json!({
        "allOf": [{"$ref": "#/components/schemas/Named"}],
        "properties": {
            "on": {"type": "boolean"},
            "words": {"type": "array", "items": {"type": "string"}},
            "pairs": {"type": "array", "items": item},
        },
    });
    let list = json!({"type": "array", "items": {"type": "string"}});
    let cases: [(&Value, Value, &[&str], bool); 9] = [
        (&object, json!({"name": "n", "on": true}), &["--name", "n", "--on", "true"], false),
        (&object, json!({"name": "-n"}), &["--name=-n"], false),
        (&object, json!({"words": ["a,b", ""]}), &["--words", "a,b", "--words", ""], false),
        (&object, json!({"pairs": [{"k": "a", "vs": ["x", "y"]}]}), &["--pairs", "k=a,vs=x,vs=y"], false),
        (&object, json!({"pairs": [{"k": "a", "vs": [], "n": 1}]}), &["--pairs", "k=a,n=1"], false),
        (&object, json!({"pairs": [{"k": "a,b", "vs": []}]}), &["--pairs", r#"{"k":"a,b","vs":[]}"#], false),
        (&object, json!({"pairs": [{"k": "a", "later": 1}]}), &["--pairs", r#"{"k":"a","later":1}"#], false),
        (&object, json!({"name": "n", "later": 1}), &["--body", "-"], true),
        (&list, json!(["a"]), &["--body", "-"], true),
    ];
    for (schema, body, flags, apart) in cases {
        let spec = document("Plant", &json!([]), schema)?;
        let arguments = [("body".to_owned(), body.clone())].into_iter().collect();
        let words = words(&spec, &SampleCall { operation: "Plant".to_owned(), arguments }).ok_or("no words")?;
        assert_eq!(words.words, [&["plant"][..], flags].concat(), "{body}");
        assert_eq!(words.body, apart.then_some(body));
    }
    Ok(())
}
