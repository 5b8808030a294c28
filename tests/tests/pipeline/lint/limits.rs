//! The limits of the generator as documents: one that is refused beside its nearest neighbour that is accepted.

use Does::{Fails, Ignores, Loses, Panics, Twice, Unfit, Writes};

/// What the generator does with a document that the lint refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Does {
    /// It returns an error.
    Fails,
    /// It panics.
    Panics,
    /// It defines a name twice, or uses a name that is taken: rustc refuses the code.
    Twice,
    /// It writes the same code as for the accepted neighbour: what the document says is ignored.
    Ignores,
    /// It writes code that holds this text, which is wrong; the neighbour's code doesn't.
    Writes(&'static str),
    /// It writes code without this text, which the neighbour's code has.
    Loses(&'static str),
    /// It copes, but what our fixups make of its output doesn't fit: they say so, or `client.rs` holds this text.
    Unfit(&'static str),
}

/// Rule, what the generator does, a document that is refused, its nearest neighbour that is accepted.
pub(crate) fn cases() -> Vec<(&'static str, Does, String, String)> {
    vec![
        (
            "path-item-ref",
            Fails,
            document(
                "/a: {$ref: '#/paths/~1b'}, /b: {get: {operationId: B, responses: {'204': {description: x}}}}",
                "",
            ),
            document("/b: {get: {operationId: B, responses: {'204': {description: x}}}}", ""),
        ),
        ("path-template", Fails, at("/a/{id", ""), at("/a/id", "")),
        ("path-template", Fails, at("/a/id}", ""), at("/a/id", "")),
        ("path-template", Fails, at("/a/{i{d}", ""), at("/a/id", "")),
        ("path-template", Panics, at("/a/{}", ""), at("/a/id", "")),
        (
            "path-parameter-undeclared",
            Panics,
            at("/a/{id}", ""),
            at("/a/{id}", &parameter("id, in: path, required: true")),
        ),
        (
            "path-parameter-unused",
            Panics,
            at("/a/{id}", &parameters(&["id, in: path, required: true", "no, in: path, required: true"])),
            at("/a/{id}/{no}", &parameters(&["id, in: path, required: true", "no, in: path, required: true"])),
        ),
        (
            "path-parameter-unused",
            Loses("encode_path (&"),
            at("/a", &parameter("id, in: path, required: true")),
            at("/a/{id}", &parameter("id, in: path, required: true")),
        ),
        (
            "path-parameter-optional",
            Panics,
            at("/a/{id}", &parameter("id, in: path")),
            at("/a/{id}", &parameter("id, in: path, required: true")),
        ),
        (
            "operation-id-missing",
            Fails,
            document("/a: {get: {responses: {'204': {description: x}}}}", ""),
            document("/a: {get: {operationId: A, responses: {'204': {description: x}}}}", ""),
        ),
        (
            "operation-id-duplicate",
            Fails,
            two_operations("ListThings", "ListThings"),
            two_operations("ListThings", "ShowThings"),
        ),
        (
            "operation-id-duplicate",
            Twice,
            two_operations("ListThings", "list_things"),
            two_operations("ListThings", "list_thing"),
        ),
        (
            "operation-id-reserved",
            Unfit("pub fn transport(&self)"),
            two_operations("ListThings", "Transport"),
            two_operations("ListThings", "Transports"),
        ),
        (
            "operation-websocket",
            Fails,
            at("/a", "x-dropshot-websocket: {}, responses: {'204': {description: x}}"),
            at("/a", "responses: {'204': {description: x}}"),
        ),
        ("parameter-cookie", Fails, at("/a", &parameter("id, in: cookie")), at("/a", &parameter("id, in: header"))),
        (
            "parameter-style",
            Fails,
            at("/a", &parameter("id, in: query, style: deepObject")),
            at("/a", &parameter("id, in: query, style: form")),
        ),
        (
            "parameter-style",
            Fails,
            at("/a/{id}", &parameter("id, in: path, required: true, style: label")),
            at("/a/{id}", &parameter("id, in: path, required: true, style: simple")),
        ),
        (
            "parameter-content",
            Fails,
            at("/a", "parameters: [{name: q, in: query, content: {application/json: {schema: {type: string}}}}]"),
            at("/a", &parameter("q, in: query")),
        ),
        // A list has no `Display`, by which a header and a mock's query are written.
        (
            "parameter-type",
            Unfit("impl IntoIterator"),
            of("q, in: header", "{type: array, items: {type: string}}"),
            of("q, in: header", "{type: string}"),
        ),
        (
            "parameter-type",
            Unfit("impl IntoIterator"),
            of("q, in: query, explode: false", "{type: array, items: {type: string}}"),
            of("q, in: query, explode: false", "{type: string}"),
        ),
        (
            "parameter-type",
            Loses("Display for DoItQ"),
            of("q, in: query", "{oneOf: [{type: integer}, {type: array, items: {type: integer}}]}"),
            of("q, in: query", "{oneOf: [{type: integer}, {type: boolean}]}"),
        ),
        (
            "parameter-type",
            Unfit("impl IntoIterator"),
            of("q, in: query", "{items: {type: string}}"),
            of("q, in: query", "{allOf: [{type: string}]}"),
        ),
        ("parameter-type", Panics, of("q, in: query", "{properties: {a: {type: string}}}"), of("q, in: query", "{}")),
        (
            "parameter-name-collision",
            Twice,
            at("/a", &parameters(&["page-size, in: query", "page_size, in: query"])),
            at("/a", &parameters(&["page-size, in: query", "page_sizes, in: query"])),
        ),
        (
            "parameter-name-collision",
            Loses("QueryParam"),
            at("/a", &parameters(&["q, in: query", "q, in: header"])),
            at("/a", &parameters(&["q, in: query", "r, in: header"])),
        ),
        (
            "request-media-types",
            Panics,
            at("/a", &body("application/json: {schema: {type: object}}, text/plain: {schema: {type: string}}")),
            at("/a", &body("application/json: {schema: {type: object}}")),
        ),
        (
            "request-media-type",
            Fails,
            at("/a", &body("multipart/form-data: {schema: {type: object}}")),
            at("/a", &body("application/json: {schema: {type: object}}")),
        ),
        (
            "request-media-type",
            Unfit("generator-output"),
            at("/a", &body("application/x-www-form-urlencoded: {schema: {type: object}}")),
            at("/a", &body("application/json: {schema: {type: object}}")),
        ),
        (
            "request-schema",
            Fails,
            at("/a", &body("application/json: {}")),
            at("/a", &body("application/json: {schema: {}}")),
        ),
        (
            "request-media-type",
            Unfit("generator-output"),
            at("/a", &body("text/plain: {schema: {type: string}}")),
            at("/a", &body("application/json: {schema: {type: string}}")),
        ),
        (
            "request-media-type",
            Unfit("generator-refused"),
            at("/a", &body("application/octet-stream: {schema: {type: string, format: binary}}")),
            at("/a", &body("application/json: {schema: {type: string}}")),
        ),
        (
            "response-media-type",
            Unfit("generator-output"),
            at("/a", "responses: {'200': {description: x, content: {text/plain: {schema: {type: string}}}}}"),
            at("/a", "responses: {'200': {description: x, content: {application/json: {schema: {type: string}}}}}"),
        ),
        (
            "response-success",
            Writes("ResponseValue < ByteStream > , Error"),
            at("/a", "responses: {'400': {description: x}}"),
            at("/a", "responses: {'204': {description: x}}"),
        ),
        (
            "media-encoding",
            Panics,
            at("/a", &body("application/json: {schema: {type: object}, encoding: {a: {contentType: text/plain}}}")),
            at("/a", &body("application/json: {schema: {type: object}}")),
        ),
        ("response-types", Panics, answers("'200': X, '204': null"), answers("'200': X, '201': X")),
        ("response-types", Panics, answers("'200': X, '201': Y"), answers("'200': X, '201': X")),
        (
            "response-schema",
            Panics,
            at("/a", "responses: {'200': {description: x, content: {application/json: {}}}}"),
            at("/a", "responses: {'200': {description: x, content: {application/json: {schema: {}}}}}"),
        ),
        (
            "ref-target",
            Panics,
            schemas(
                "X: {type: object, properties: {a: {type: string}}}, Y: {$ref: '#/components/schemas/X/properties/a'}",
            ),
            schemas("X: {type: object}, Y: {$ref: '#/components/schemas/X'}"),
        ),
        (
            "schema-enum",
            Fails,
            schemas("X: {type: string, enum: [a, 1]}"),
            schemas("X: {type: string, enum: [a, '1']}"),
        ),
        ("schema-enum", Panics, schemas("X: {enum: [a, 1]}"), schemas("X: {enum: [a, b]}")),
        ("schema-enum", Panics, schemas("X: {enum: [1, a]}"), schemas("X: {enum: [null]}")),
        (
            "schema-enum",
            Twice,
            schemas("X: {enum: [a, null]}"),
            schemas("X: {type: object, properties: {a: {type: string, enum: [b, null]}, c: {enum: [d, null]}}}"),
        ),
        (
            "schema-enum",
            Twice,
            schemas("X: {type: string, enum: [a, null]}"),
            schemas("X: {type: string, nullable: true, enum: [a, null]}"),
        ),
        ("schema-format", Panics, schemas("X: {type: object, format: f}"), schemas("X: {type: object}")),
        ("schema-format", Panics, schemas("X: {type: array, format: f}"), schemas("X: {type: array}")),
        ("schema-format", Panics, schemas("X: {type: boolean, format: f}"), schemas("X: {type: boolean}")),
        ("schema-not", Panics, schemas("X: {not: {type: string}}"), schemas("X: {type: string}")),
        (
            "schema-pattern",
            Fails,
            schemas("X: {type: string, pattern: '('}"),
            schemas("X: {type: string, pattern: '()'}"),
        ),
        (
            "schema-pattern-portable",
            Unfit("which isn't checked here"),
            schemas("X: {type: string, pattern: '^(?!a)b$'}"),
            schemas("X: {type: string, pattern: '^(?:a)b$'}"),
        ),
        (
            "schema-default",
            Fails,
            schemas("X: {type: object, properties: {a: {type: integer, default: b}}}"),
            schemas("X: {type: object, properties: {a: {type: integer, default: 1}}}"),
        ),
        (
            "schema-bounds",
            Ignores,
            schemas("X: {type: integer, exclusiveMinimum: true}"),
            schemas("X: {type: integer}"),
        ),
        (
            "schema-bounds",
            Ignores,
            schemas("X: {type: integer, minimum: 5, maximum: 3}"),
            schemas("X: {type: integer, minimum: 3, maximum: 5}"),
        ),
        ("schema-untyped", Panics, schemas("X: {minimum: 1}"), schemas("X: {type: integer, minimum: 1}")),
        ("schema-untyped", Panics, schemas("X: {format: ipv4}"), schemas("X: {type: string, format: ipv4}")),
        (
            "schema-name-collision",
            Twice,
            schemas("FooBar: {type: object}, foo_bar: {type: object}"),
            schemas("FooBar: {type: object}, foo_bars: {type: object}"),
        ),
        (
            "schema-name-taken",
            Twice,
            schemas(
                "Foo: {type: object, properties: {bar: {type: object, properties: {d: {type: string}}}}}, FooBar: {type: object, properties: {z: {type: string}}}",
            ),
            schemas(
                "Foo: {type: object, properties: {bar: {type: object, properties: {d: {type: string}}}}}, FooBars: {type: object, properties: {z: {type: string}}}",
            ),
        ),
        (
            "schema-name-taken",
            Twice,
            schemas(
                "Foo: {type: object, properties: {b: {type: object, properties: {d: {type: string}}}}}, FooB: {type: object, properties: {d: {type: string}}}",
            ),
            schemas(
                "Foo: {type: object, properties: {b: {type: object, properties: {d: {type: string}}}}}, FooC: {type: object, properties: {d: {type: string}}}",
            ),
        ),
        (
            "property-name-collision",
            Twice,
            schemas("X: {type: object, properties: {fooBar: {type: string}, foo_bar: {type: string}}}"),
            schemas("X: {type: object, properties: {fooBar: {type: string}, foo_bars: {type: string}}}"),
        ),
        (
            "property-name-collision",
            Twice,
            schemas("X: {type: object, properties: {1a: {type: string}, x1a: {type: string}}}"),
            schemas("X: {type: object, properties: {1a: {type: string}, x1b: {type: string}}}"),
        ),
        (
            "property-name-collision",
            Twice,
            schemas("X: {type: object, properties: {extra: {type: string}}, additionalProperties: {type: string}}"),
            schemas("X: {type: object, properties: {other: {type: string}}, additionalProperties: {type: string}}"),
        ),
        (
            "enum-value-collision",
            Panics,
            schemas("X: {type: string, enum: [a-b, a.b]}"),
            schemas("X: {type: string, enum: [ab_c, abC]}"),
        ),
        ("info-version", Writes("版本"), versioned("版本"), versioned("1.0")),
        (
            "parameter-allow-reserved",
            Ignores,
            at("/a", &parameter("q, in: query, allowReserved: true")),
            at("/a", &parameter("q, in: query")),
        ),
        (
            "response-range-shadow",
            Writes(
                "400u16 ..= 499u16 => { Err (Error :: ErrorResponse (ResponseValue :: from_response (response) . await ?)) } 404u16",
            ),
            answers("'204': null, '4XX': X, '404': X"),
            answers("'204': null, '400': X, '404': X"),
        ),
        (
            "response-media-types",
            Ignores,
            at(
                "/a",
                "responses: {'200': {description: x, content: {application/json: {schema: {type: string}}, text/plain: {schema: {type: string}}}}}",
            ),
            at("/a", "responses: {'200': {description: x, content: {application/json: {schema: {type: string}}}}}"),
        ),
        (
            "schema-kind-keywords",
            Ignores,
            schemas("X: {type: object, maxLength: 3, properties: {a: {type: string}}}"),
            schemas("X: {type: object, properties: {a: {type: string}}}"),
        ),
    ]
}

/// A document of these paths and components.
fn document(paths: &str, schemas: &str) -> String {
    format!(
        "openapi: 3.0.3\ninfo: {{title: t, version: '1'}}\npaths: {{{paths}}}\ncomponents:\n  schemas: {{{schemas}}}\n"
    )
}

fn versioned(version: &str) -> String {
    at("/a", "").replace("version: '1'", &format!("version: '{version}'"))
}

/// A document with one operation at a path.
fn at(path: &str, members: &str) -> String {
    let responses = if members.contains("responses:") { "" } else { ", responses: {'204': {description: x}}" };
    let members = if members.is_empty() { String::new() } else { format!(", {members}") };
    document(&format!("'{path}': {{post: {{operationId: DoIt{members}{responses}}}}}"), "")
}

fn two_operations(first: &str, second: &str) -> String {
    let operation = |id: &str| format!("{{operationId: {id}, responses: {{'204': {{description: x}}}}}}");
    document(&format!("/a: {{get: {}, put: {}}}", operation(first), operation(second)), "")
}

fn parameter(members: &str) -> String {
    parameters(&[members])
}

fn parameters(all: &[&str]) -> String {
    let all: Vec<_> = all.iter().map(|members| format!("{{name: {members}, schema: {{type: string}}}}")).collect();
    format!("parameters: [{}]", all.join(", "))
}

/// A parameter of this schema.
fn of(members: &str, schema: &str) -> String {
    at("/a", &format!("parameters: [{{name: {members}, schema: {schema}}}]"))
}

fn body(content: &str) -> String {
    format!("requestBody: {{required: true, content: {{{content}}}}}")
}

/// A document whose one operation has these answers: `null` is empty, a name is a schema.
fn answers(responses: &str) -> String {
    let mut shown = Vec::new();
    for response in responses.split(", ") {
        let (status, schema) = response.split_once(": ").unwrap_or((response, "null"));
        let content = match schema {
            "null" => String::new(),
            name => format!(", content: {{application/json: {{schema: {{$ref: '#/components/schemas/{name}'}}}}}}"),
        };
        shown.push(format!("{status}: {{description: x{content}}}"));
    }
    document(
        &format!("/a: {{get: {{operationId: DoIt, responses: {{{}}}}}}}", shown.join(", ")),
        "X: {type: object, properties: {x: {type: string}}}, Y: {type: object, properties: {y: {type: string}}}",
    )
}

fn schemas(schemas: &str) -> String {
    document("", schemas)
}
