//! Shapes of documents that once came out wrong: each generates, and its client says what it should.

use xtask::document::Document;
use xtask::generate;

type Outcome = Result<(), Box<dyn std::error::Error>>;

const HEAD: &str = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths:\n  /a:\n";
const OK: &str = "responses: {'204': {description: ok}}";

/// What it is, the item of the path `/a`, the components, and a text of `client.rs`.
#[rustfmt::skip]
const CASES: &[(&str, &str, &str, &str)] = &[
    ("a body by reference", "post: {operationId: MakeA, requestBody: {$ref: '#/components/requestBodies/B'}, OK}", "requestBodies: {B: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/S'}}}}}, schemas: {S: {type: object, properties: {x: {type: string}}}}", "body: Required<types::S>"),
    ("a body in place with a title", "post: {operationId: MakeA, requestBody: {required: true, content: {application/json: {schema: {title: MakeARequest, type: object, properties: {x: {type: string}}}}}}, OK}", "schemas: {}", "body: Required<types::MakeABody>"),
    ("a body that is any of one", "post: {operationId: MakeA, requestBody: {required: true, content: {application/json: {schema: {anyOf: [{$ref: '#/components/schemas/S'}]}}}}, OK}", "schemas: {S: {type: object, properties: {x: {type: string}}}}", "body: Required<types::S>"),
    ("a charset beside the media type", "post: {operationId: MakeA, requestBody: {required: true, content: {'application/json; charset=utf-8': {schema: {$ref: '#/components/schemas/S'}}}}, OK}", "schemas: {S: {type: object, properties: {x: {type: string}}}}", "\"application/json; charset=utf-8\""),
    ("a body that may be left out", "delete: {operationId: DropA, requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/S'}}}}, OK}", "schemas: {S: {type: object, properties: {x: {type: string}}}}", "body: Optional<types::S>"),
    ("a list as body and as answer", "patch: {operationId: EditA, requestBody: {required: true, content: {application/x-json-patch: {schema: {type: array, items: {$ref: '#/components/schemas/S'}}}}}, responses: {'200': {description: ok, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/S'}}}}}}}", "schemas: {S: {type: object, properties: {x: {type: string}}}}", "ResponseFuture<::std::vec::Vec<types::S>>"),
    ("300 as the only success", "get: {operationId: GetA, responses: {'300': {description: ok, content: {application/json: {schema: {type: object, properties: {x: {type: string}}}}}}}}", "schemas: {}", "success: &[300u16..=300u16]"),
    ("no success", "get: {operationId: GetA, responses: {'404': {description: gone}}}", "schemas: {}", "request.send_empty()"),
    ("101 beside 200", "get: {operationId: GetA, responses: {'101': {description: up}, '200': {description: ok}}}", "schemas: {}", "success: &[200u16..=200u16]"),
    ("a nullable component titled like itself", "get: {operationId: GetA, responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/auto-merge'}}}}}}", "schemas: {auto-merge: {type: object, title: Auto merge, nullable: true, properties: {x: {type: string}}}}", "Option<types::AutoMerge>"),
    ("a nullable component titled like another", "get: {operationId: GetA, responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/nullable-license'}}}}}}", "schemas: {nullable-license: {type: object, title: License, nullable: true, properties: {x: {type: string}}}, license: {type: object, title: License, properties: {y: {type: string}}}}", "Option<types::NullableLicense>"),
    ("a parameter that may be null", "get: {operationId: GetA, parameters: [{name: g, in: query, schema: {$ref: '#/components/schemas/G'}}], OK}", "schemas: {G: {type: string, nullable: true}}", "g: Optional<types::G>"),
    ("an optional list of different items", "post: {operationId: MakeA, requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/S'}}}}, OK}", "schemas: {S: {type: object, properties: {x: {type: array, uniqueItems: true, items: {type: string}}}}}", "crate::limits::unique(\"x\", \"value\", list)"),
    ("a date and a look-ahead", "post: {operationId: MakeA, requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/S'}}}}, OK}", "schemas: {S: {type: object, properties: {d: {type: string, format: date-time}, p: {type: string, pattern: '^(?!a)b$'}}}}", "/// Format: `date-time`."),
    ("a deprecated operation", "get: {operationId: GetA, deprecated: true, OK}", "schemas: {}", "#[deprecated = \"The service has deprecated it.\"]"),
    ("a parameter with a name of the builder", "get: {operationId: GetA, parameters: [{name: timeout, in: query, schema: {type: string}}], OK}", "schemas: {}", "pub fn timeout_("),
    ("what the document doesn't name is kept", "get: {operationId: GetA, responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/S'}}}}}}", "schemas: {S: {type: object, additionalProperties: true, properties: {x: {type: string}}}}", "pub extra: "),
    ("a list by markers", "get: {operationId: ListA, x-ims-paging: {style: marker, limit: limit, marker: marker, size: 100, items: images, next: page_info.next_marker, last: id}, parameters: [{name: limit, in: query, schema: {type: integer}}, {name: marker, in: query, schema: {type: string}}], responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/L'}}}}}}", "schemas: {L: {type: object, properties: {images: {type: array, items: {$ref: '#/components/schemas/I'}}, page_info: {type: object, properties: {next_marker: {type: string}}}}}, I: {type: object, properties: {id: {type: string}}}}", "&answer.page_info"),
    ("a list by links", "get: {operationId: ListA, x-ims-paging: {style: link, limit: limit, marker: marker, size: 25, items: images, next: next}, parameters: [{name: limit, in: query, schema: {type: integer}}, {name: marker, in: query, schema: {type: string}}], responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/L'}}}}}}", "schemas: {L: {type: object, properties: {images: {type: array, items: {$ref: '#/components/schemas/I'}}, next: {type: string}}}, I: {type: object, properties: {id: {type: string}}}}", "crate::paging::marker_of_link"),
    ("an answer that names a job", "post: {operationId: StartA, x-ims-job: job_id, responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/J'}}}}}}", "schemas: {J: {type: object, required: [job_id], properties: {job_id: {type: string}}}}", "crate::jobs::WaitForJob"),
    ("errors of different bodies, and a default beside a success", "get: {operationId: GetA, responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/S'}}}}, '404': {description: gone, content: {application/json: {schema: {type: object, properties: {y: {type: string}}}}}}, '409': {description: other}, default: {description: bad, content: {application/json: {schema: {$ref: '#/components/schemas/E'}}}}}}", "schemas: {S: {type: object, properties: {x: {type: string}}}, E: {type: object, properties: {e: {type: string}}}}", "call!(GetA, types::S)"),
    ("bodies that may be anything", "post: {operationId: MakeA, requestBody: {required: true, content: {application/json: {}}}, responses: {'200': {description: ok, content: {application/json: {}}}}}", "schemas: {}", "ResponseFuture<::serde_json::Value>"),
    ("two schemas in place of one title", "post: {operationId: MakeA, requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/S'}}}}, OK}", "schemas: {S: {type: object, properties: {a: {type: string, enum: [x], title: Bar}, b: {type: string, enum: [y], title: Bar}}}}", "pub enum SB {"),
    ("a schema in place that is called like a component", "post: {operationId: MakeA, requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/S'}}}}, OK}", "schemas: {S: {type: object, properties: {a: {type: object, properties: {x: {type: string}}}, b: {$ref: '#/components/schemas/s_a'}}}, s_a: {type: object, properties: {y: {type: string}}}}", "pub struct SA2 {"),
    ("values that are one name in Rust, or of several types", "post: {operationId: MakeA, requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/S'}}}}, OK}", "schemas: {S: {type: object, properties: {a: {type: string, enum: [a-b, a.b]}, b: {type: string, enum: [x, 1]}}}}", "pub a: ::std::option::Option<::std::string::String>"),
    ("a default that is wrong", "post: {operationId: MakeA, requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/S'}}}}, OK}", "schemas: {S: {type: object, properties: {a: {type: integer, default: b}}}}", "pub a: ::std::option::Option<i64>"),
    ("keywords of other types, and of none", "post: {operationId: MakeA, requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/S'}}}}, OK}", "schemas: {S: {type: object, format: f, properties: {a: {minimum: 1}, b: {type: string, items: {type: string}, minimum: 1}, c: {not: {type: string}}}}}", "pub b: ::std::option::Option<::std::string::String>"),
    ("an object that is all of itself", "post: {operationId: MakeA, requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/S'}}}}, OK}", "schemas: {S: {oneOf: [{type: object, properties: {x: {type: string}}}, {allOf: [{$ref: '#/components/schemas/S'}]}]}}", "pub enum S {"),
    ("a parameter that is any text, or one with limits", "get: {operationId: GetA, parameters: [{name: n, in: query, schema: {$ref: '#/components/schemas/N'}}], OK}", "schemas: {N: {oneOf: [{type: string, format: uuid}, {type: string, maxLength: 9}]}}", "impl ::std::str::FromStr for N {"),
    ("a parameter that is one of some numbers", "get: {operationId: GetA, parameters: [{name: n, in: query, schema: {type: integer, enum: [0, 1]}}], OK}", "schemas: {}", "impl ::std::str::FromStr for GetAn {"),
    ("a value that is called Error", "post: {operationId: MakeA, requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/S'}}}}, OK}", "schemas: {S: {type: object, properties: {x: {type: string, enum: [none, error]}}}}", "Error = \"error\""),
    ("what is an object and a text at once", "post: {operationId: MakeA, requestBody: {required: true, content: {application/json: {schema: {allOf: [{type: string}, {type: object, properties: {x: {type: string}}}]}}}}, OK}", "schemas: {}", "pub enum MakeABody {}"),
    ("an answer whose fields have defaults of their own", "get: {operationId: GetA, responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/S'}}}}}}", "schemas: {S: {type: object, properties: {x: {type: string, enum: [l, r], default: r}, y: {type: boolean, default: true}}}}", "impl ::std::default::Default for S {"),
    ("what may be null, and is called like a component", "get: {operationId: GetA, responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/S'}}}}}}", "schemas: {S: {type: object, properties: {a: {nullable: true, anyOf: [{type: string, maxLength: 9}, {$ref: '#/components/schemas/s_a'}]}}}, s_a: {type: object, properties: {x: {type: string}}}}", "Option<SA2>"),
];

#[test]
fn each_comes_out_right() -> Outcome {
    let mut wrong = Vec::new();
    for (what, operation, components, expected) in CASES {
        let operation = operation.replace("OK", OK).replace("x-json-patch", "openstack-images-v2.1-json-patch");
        let text = format!("{HEAD}    {operation}\ncomponents: {{{components}}}\n").replace("    get: {", "    get: {");
        let document =
            Document::parse_foreign("t.yaml", &text).map_err(|found| format!("{what}: {found:?}\n{text}"))?;
        match generate::render(&document) {
            Ok(files) if files["client.rs"].contains(expected) => {}
            Ok(files) => wrong.push(format!("{what}: no {expected:?} in\n{}", files["client.rs"])),
            Err(found) => wrong.push(format!("{what}: {found:?}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    Ok(())
}
