//! The command line's data, for names and forms that the repository's own document doesn't have.

use ims_tests::{findings, words};
use serde_json::{Value, json};
use xtask::document::Document;
use xtask::generate;

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
    Document::parse("t.json", &document.to_string()).map_err(findings)
}

/// The operation as `cli.json` has it.
fn command(spec: &Document) -> Result<Value, Box<dyn std::error::Error>> {
    let files = generate::render(spec).map_err(findings)?;
    let mut data: Value = serde_json::from_str(files.get("cli.json").ok_or("no cli.json")?)?;
    Ok(data["commands"][0].take())
}

fn flags(of: &Value) -> Vec<&str> {
    of.as_array().into_iter().flatten().filter_map(|flag| flag["flag"].as_str()).collect()
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
    let command = command(&document("Doctor", &parameters, &body)?)?;
    assert_eq!(command["name"], "doctor-operation");
    assert_eq!(flags(&command["parameters"]), ["query-query", "x-trace", "x-trace-2", "header-token", "x"]);
    assert_eq!(flags(&command["body"]["flags"]), ["x-trace-3", "body-a-b", "body-output"]);
    Ok(())
}

#[test]
fn what_no_flag_can_say_is_json() -> Outcome {
    let tree = json!({"$ref": "#/components/schemas/Tree"});
    let command = command(&document("Plant", &json!([]), &tree)?)?;
    let ways = command["body"]["flags"].as_array().ok_or("no flags")?.iter();
    let deepest = ways.filter_map(|flag| flag["path"].as_array()).map(Vec::len).max();
    assert_eq!(deepest, Some(4), "a tree ends");
    for (schema, kind) in [
        (json!({"type": "array", "items": {"type": "array", "items": {"type": "integer"}}}), "List"),
        (json!({"type": "object", "additionalProperties": true}), "Json"),
        (json!({}), "Json"),
    ] {
        let body = json!({"type": "object", "properties": {"f": schema}});
        let command = self::command(&document("Plant", &json!([]), &body)?)?;
        let found = &command["body"]["flags"][0]["schema"]["kind"];
        assert!(found == kind || found.get(kind).is_some(), "{schema}: {found}");
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
        let words = words(&spec, "Plant", &arguments).ok_or("no words")?;
        assert_eq!(words.words, [&["plant"][..], flags].concat(), "{body}");
        assert_eq!(words.body, apart.then_some(body));
    }
    Ok(())
}
