//! The lint, seen from both sides: what it refuses really fails in the pinned generator, and what it says of a bad
//! document reads as a document.

use std::collections::{BTreeSet, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use progenitor::{GenerationSettings, Generator, InterfaceStyle, TagStyle};
use quote::ToTokens;
use syn::visit::Visit;
use syn::visit_mut::VisitMut;
use xtask::diagnostic::{Diagnostic, Format, Report};
use xtask::lint::{Kind, Mode, check, rules};
use xtask::spec::Spec;

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// What the generator does with a document that the lint refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Does {
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

use Does::{Fails, Ignores, Loses, Panics, Twice, Unfit, Writes};

/// Rule, what the generator does, a document that is refused, its nearest neighbour that is accepted.
fn cases() -> Vec<(&'static str, Does, String, String)> {
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
        (
            "parameter-name-reserved",
            Unfit("fixup-count"),
            at("/a", &parameter("url, in: query")),
            at("/a", &parameter("uri, in: query")),
        ),
        (
            "parameter-name-reserved",
            Unfit("fixup-count"),
            at("/a", &parameter("info, in: query")),
            at("/a", &parameter("infos, in: query")),
        ),
        (
            "parameter-name-reserved",
            Unfit("fixup-count"),
            at("/a", &parameter("header-map, in: query")),
            at("/a", &parameter("map, in: query")),
        ),
        (
            "parameter-name-reserved",
            Unfit("let operation = operation\n"),
            at("/a", &parameter("operation, in: query")),
            at("/a", &parameter("operations, in: query")),
        ),
        (
            "parameter-name-reserved",
            Unfit("let mut _request"),
            at("/a", &parameter("request, in: query")),
            at("/a", &parameter("requests, in: query")),
        ),
        (
            "parameter-name-reserved",
            Unfit("fixup-count"),
            at("/a", &parameter("client, in: query")),
            at("/a", &parameter("clients, in: query")),
        ),
        (
            "parameter-name-reserved",
            Twice,
            at("/a", &parameter("New, in: header")),
            at("/a", &parameter("newer, in: header")),
        ),
        (
            "parameter-name-reserved",
            Twice,
            at("/a", &parameter("send, in: query")),
            at("/a", &parameter("sent, in: query")),
        ),
        (
            "parameter-name-reserved",
            Twice,
            at(
                "/a",
                &format!("{}, {}", parameter("body, in: query"), body("application/json: {schema: {type: object}}")),
            ),
            at(
                "/a",
                &format!("{}, {}", parameter("part, in: query"), body("application/json: {schema: {type: object}}")),
            ),
        ),
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
            at("/a", &body("application/x-www-form-urlencoded: {schema: {type: object}}")),
        ),
        (
            "request-media-type",
            Fails,
            at("/a", &body("application/merge-patch+json: {schema: {type: object}}")),
            at("/a", &body("application/json: {schema: {type: object}}")),
        ),
        (
            "request-schema",
            Fails,
            at("/a", &body("application/json: {}")),
            at("/a", &body("application/json: {schema: {}}")),
        ),
        (
            "request-schema",
            Fails,
            at("/a", &body("text/plain: {schema: {type: string, maxLength: 9}}")),
            at("/a", &body("text/plain: {schema: {type: string}}")),
        ),
        (
            "request-schema",
            Fails,
            at("/a", &body("application/octet-stream: {schema: {type: string}}")),
            at("/a", &body("application/octet-stream: {schema: {type: string, format: binary}}")),
        ),
        (
            "media-encoding",
            Panics,
            at(
                "/a",
                &body(
                    "application/x-www-form-urlencoded: {schema: {type: object}, encoding: {a: {contentType: text/plain}}}",
                ),
            ),
            at("/a", &body("application/x-www-form-urlencoded: {schema: {type: object}}")),
        ),
        ("response-types", Panics, answers("'200': X, '204': null"), answers("'200': X, '201': X")),
        ("response-types", Panics, answers("'200': X, '201': Y"), answers("'200': X, '201': X")),
        ("response-types", Panics, answers("'200': X, default: Y"), answers("'2XX': X, default: Y")),
        (
            "response-types",
            Panics,
            answers("'204': null, '400': X, '404': Y"),
            answers("'204': null, '4XX': X, '5XX': X"),
        ),
        (
            "response-types",
            Panics,
            answers("'204': null, '400': X, '404': null"),
            answers("'204': null, '400': X, '404': X"),
        ),
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
        ("schema-not", Panics, schemas("X: {not: {type: string}}"), schemas("X: {not: {type: string, enum: [a]}}")),
        ("schema-not", Panics, schemas("X: {not: {enum: [a, 1]}}"), schemas("X: {not: {enum: [a, b]}}")),
        (
            "schema-pattern",
            Fails,
            schemas("X: {type: string, pattern: '('}"),
            schemas("X: {type: string, pattern: '()'}"),
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
        ("schema-untyped", Panics, schemas("X: {format: date}"), schemas("X: {type: string, format: date}")),
        (
            "schema-name-collision",
            Twice,
            schemas("FooBar: {type: object}, foo_bar: {type: object}"),
            schemas("FooBar: {type: object}, foo_bars: {type: object}"),
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
            "request-optional",
            Ignores,
            at("/a", "requestBody: {content: {application/json: {schema: {type: object}}}}"),
            at("/a", &body("application/json: {schema: {type: object}}")),
        ),
        ("parameter-explode", Ignores, at("/a", &list_parameter(", explode: false")), at("/a", &list_parameter(""))),
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

#[test]
fn what_the_lint_refuses_fails_in_the_generator() -> Outcome {
    let mut wrong = Vec::new();
    let mut tried = BTreeSet::new();
    for (rule, does, refused, accepted) in cases() {
        tried.insert(rule);
        let found = limits(&refused)?;
        if !found.iter().any(|finding| finding.rule == rule) {
            wrong.push(format!("{rule}: not refused\n{refused}\n{}", Report::new(found).render(Format::Text)));
        }
        let found = limits(&accepted)?;
        if !found.is_empty() {
            wrong.push(format!("{rule}: refused\n{accepted}\n{}", Report::new(found).render(Format::Text)));
        }
        let good = match generate(&accepted)? {
            Made::Code(code, None) => code,
            made => {
                wrong.push(format!("{rule}: the neighbour fails: {made:?}\n{accepted}"));
                continue;
            }
        };
        let seen = match (generate(&refused)?, does) {
            (Made::Failed(_), Fails) | (Made::Panicked(_), Panics) | (Made::Code(_, Some(_)), Twice) => true,
            (Made::Code(code, None), Ignores) => code == good,
            (Made::Code(code, None), Writes(text)) => code.contains(text) && !good.contains(text),
            (Made::Code(code, None), Loses(text)) => !code.contains(text) && good.contains(text),
            (Made::Code(_, None), Unfit(text)) => fixed(&refused)?.contains(text) && !fixed(&accepted)?.contains(text),
            (made, _) => {
                wrong.push(format!("{rule}: the generator does otherwise than {does:?}: {made:?}\n{refused}"));
                true
            }
        };
        if !seen {
            wrong.push(format!("{rule}: the generator's code does not show {does:?}\n{refused}"));
        }
    }
    let untried: Vec<_> = rules()
        .iter()
        .filter(|rule| matches!(rule.kind, Kind::Limit | Kind::Loss) && !tried.contains(rule.id))
        .map(|rule| rule.id)
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    assert!(untried.is_empty(), "rules without a case: {untried:?}");
    Ok(())
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

fn list_parameter(members: &str) -> String {
    format!("parameters: [{{name: q, in: query{members}, schema: {{type: array, items: {{type: string}}}}}}]")
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

/// What the lint says of the generator's limits.
fn limits(text: &str) -> Result<Vec<Diagnostic>, String> {
    let spec = Spec::parse_foreign("tiny.yaml", text).map_err(|findings| Report::new(findings).render(Format::Text))?;
    let limit = |finding: &Diagnostic| {
        rules().iter().any(|rule| rule.id == finding.rule && matches!(rule.kind, Kind::Limit | Kind::Loss))
    };
    Ok(check(&spec, Mode::Foreign).into_iter().filter(limit).collect())
}

/// What the whole pipeline makes of a document: `client.rs`, or the findings.
fn fixed(text: &str) -> Result<String, Box<dyn std::error::Error>> {
    let spec = Spec::parse_foreign("tiny.yaml", text).map_err(|findings| Report::new(findings).render(Format::Text))?;
    Ok(match xtask::generate::render(&spec) {
        Ok(mut files) => files.remove("client.rs").unwrap_or_default(),
        Err(findings) => Report::new(findings).render(Format::Text),
    })
}

#[derive(Debug)]
enum Made {
    /// The code, and why it can't compile.
    Code(String, Option<String>),
    Failed(#[expect(dead_code, reason = "shown when a case fails")] String),
    Panicked(#[expect(dead_code, reason = "shown when a case fails")] String),
}

/// Runs the generator itself, with the settings of the pipeline and without anything of ours behind it.
fn generate(text: &str) -> Result<Made, Box<dyn std::error::Error>> {
    let document: openapiv3::OpenAPI = serde_yaml::from_str(text)?;
    let mut settings = GenerationSettings::new();
    settings.with_interface(InterfaceStyle::Builder).with_tag(TagStyle::Merged).with_derive("PartialEq");
    let run = || Generator::new(&settings).generate_tokens(&document).map_err(|error| error.to_string());
    let tokens = match catch_unwind(AssertUnwindSafe(run)) {
        Ok(Ok(tokens)) => tokens,
        Ok(Err(error)) => return Ok(Made::Failed(error)),
        Err(panic) => {
            let said = panic.downcast_ref::<String>().cloned();
            return Ok(Made::Panicked(said.unwrap_or_default()));
        }
    };
    let mut file: syn::File = match syn::parse2(tokens) {
        Ok(file) => file,
        Err(error) => return Ok(Made::Code(String::new(), Some(error.to_string()))),
    };
    // The schema is quoted in the documentation: what counts is the code.
    Undocumented.visit_file_mut(&mut file);
    let code = file.to_token_stream().to_string();
    let mut names = Names::default();
    names.visit_file(&file);
    Ok(Made::Code(code, names.twice))
}

struct Undocumented;

impl VisitMut for Undocumented {
    fn visit_attributes_mut(&mut self, attributes: &mut Vec<syn::Attribute>) {
        attributes.retain(|attribute| !attribute.path().is_ident("doc"));
    }
}

/// Finds the first name that one scope defines twice.
#[derive(Default)]
struct Names {
    twice: Option<String>,
}

impl Names {
    fn scope<'a>(&mut self, names: impl Iterator<Item = &'a syn::Ident>) {
        let mut seen = HashSet::new();
        for name in names {
            if !seen.insert(name) {
                self.twice = Some(name.to_string());
            }
        }
    }

    fn items<'a>(&mut self, items: impl Iterator<Item = &'a syn::Item>) {
        self.scope(items.filter_map(|item| match item {
            syn::Item::Struct(item) => Some(&item.ident),
            syn::Item::Enum(item) => Some(&item.ident),
            _ => None,
        }));
    }
}

impl<'ast> Visit<'ast> for Names {
    fn visit_file(&mut self, node: &'ast syn::File) {
        self.items(node.items.iter());
        syn::visit::visit_file(self, node);
    }

    fn visit_item_mod(&mut self, node: &'ast syn::ItemMod) {
        self.items(node.content.iter().flat_map(|(_, items)| items));
        syn::visit::visit_item_mod(self, node);
    }

    fn visit_item_struct(&mut self, node: &'ast syn::ItemStruct) {
        self.scope(node.fields.iter().filter_map(|field| field.ident.as_ref()));
        syn::visit::visit_item_struct(self, node);
    }

    fn visit_item_enum(&mut self, node: &'ast syn::ItemEnum) {
        self.scope(node.variants.iter().map(|variant| &variant.ident));
        syn::visit::visit_item_enum(self, node);
    }

    fn visit_item_impl(&mut self, node: &'ast syn::ItemImpl) {
        self.scope(node.items.iter().filter_map(|item| match item {
            syn::ImplItem::Fn(method) => Some(&method.sig.ident),
            _ => None,
        }));
        syn::visit::visit_item_impl(self, node);
    }
}
