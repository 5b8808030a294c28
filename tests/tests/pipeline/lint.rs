//! The lint, seen from both sides: what it refuses really fails in the pinned generator, and what it says of a bad
//! document reads as a document.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use progenitor::{GenerationSettings, Generator, InterfaceStyle, TagStyle};
use quote::ToTokens;
use syn::visit::Visit;
use syn::visit_mut::VisitMut;
use xtask::diagnostic::{Diagnostic, Format, Level, Report};
use xtask::document::Document;
use xtask::lint::{CLIENT_METHODS, Category, check, rules};

mod limits;

use limits::Does::{Fails, Ignores, Loses, Panics, Twice, Unfit, Writes};
use limits::cases;

type Outcome = Result<(), Box<dyn std::error::Error>>;

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
        .filter(|rule| matches!(rule.category, Category::Limit | Category::Loss) && !tried.contains(rule.id))
        .map(|rule| rule.id)
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    assert!(untried.is_empty(), "rules without a case: {untried:?}");
    Ok(())
}

/// Edits of a document that breaks no rule: what is said of each.
const EDITS: &[(&str, &str, &str)] = &[
    ("An operationId in snake_case", "operationId: ShowThing", "operationId: show_thing"),
    ("No summary", "      summary: Shows a thing. 查询事物。\n", ""),
    ("English alone", "summary: Shows a thing. 查询事物。", "summary: Shows a thing."),
    ("Chinese alone", "description: Name. 名称。", "description: 名称。"),
    ("A property without description", "name: {type: string, description: Name. 名称。}", "name: {type: string}"),
    ("A parameter without description", "          description: Thing ID. 事物ID。\n", ""),
    ("A path parameter without pattern", "{type: string, pattern: '^[a-z0-9-]{1,9}$'}", "{type: string}"),
    ("A pattern that lets `..` through", "'^[a-z0-9-]{1,9}$'", "'^[a-z0-9.-]{1,9}$'"),
    ("A pattern that lets `/` through", "'^[a-z0-9-]{1,9}$'", "'^x[^.]{1,9}$'"),
    ("A pattern without its ends", "'^[a-z0-9-]{1,9}$'", "'^[a-z]{1,9}'"),
    ("The 404 row is gone", "        '404': {$ref: '#/components/responses/NotFound'}\n", ""),
    (
        "A row in place",
        "'404': {$ref: '#/components/responses/NotFound'}",
        "'404': {description: \"Not Found\\n\\nNot found. 找不到资源。\"}",
    ),
    ("A row with another reason phrase", "Not Found\\n", "Missing\\n"),
    ("A row without Chinese", "Not found. 找不到资源。", "Not found."),
    ("No sample response", "              example: {name: a, state: new}\n", ""),
    ("A sample response of the wrong type", "example: {name: a, state: new}", "example: {name: 1, state: new}"),
    ("A sample response that lacks a property", "example: {name: a, state: new}", "example: {state: new}"),
    ("No sample request", "      x-ims-sample-request: {method: GET, url: 'https://{Endpoint}/things/a-1'}\n", ""),
    ("A sample request without url", "{method: GET, url: 'https://{Endpoint}/things/a-1'}", "{method: GET}"),
    ("A sample request with another method", "{method: GET,", "{method: PUT,"),
    ("A sample request of another path", "https://{Endpoint}/things/a-1", "https://{Endpoint}/thing/a-1"),
    ("A sample request that breaks the pattern", "https://{Endpoint}/things/a-1", "https://{Endpoint}/things/A_1"),
    ("A sample request with a query that is not declared", "things/a-1'", "things/a-1?x=1'"),
    ("A length limit on what the service sends", "name: {type: string,", "name: {type: string, maxLength: 9,"),
    (
        "Limits of numbers and lists that the service sends",
        "      properties:\n",
        "      properties:\n        size: {type: integer, minimum: 0, maximum: 9, description: Size. 大小。}\n        parts: {type: array, maxItems: 9, items: {type: string}, description: Parts. 部分。}\n",
    ),
    (
        "Bounds of an integer in a parameter",
        "      parameters:\n",
        "      parameters:\n        - {name: size, in: query, description: Size. 大小。, schema: {type: integer, minimum: 1, maximum: 9}}\n",
    ),
    (
        "Bounds of an integer that is a string, in a parameter",
        "      parameters:\n",
        "      parameters:\n        - {name: size, in: query, description: Size. 大小。, schema: {type: string, x-ims-integer: {minimum: 1}}}\n",
    ),
    (
        "An open enum in place",
        "{$ref: '#/components/schemas/State'}",
        "{type: string, enum: [new], x-ims-open: true, description: State. 状态。}",
    ),
    ("An answer that requires more than what identifies the thing", "required: [name]", "required: [name, state]"),
    (
        "An answer that requires a name beside an id",
        "      properties:\n        name:",
        "      properties:\n        id: {type: string, description: ID. 标识。}\n        name:",
    ),
    ("A closed enum in what the service sends", " x-ims-open: true,", ""),
    ("No idempotence", "      x-ims-idempotent: true\n", ""),
    ("Idempotence that is no boolean", "x-ims-idempotent: true", "x-ims-idempotent: 'yes'"),
    ("No page", "      x-ims-page: https://example.com/things\n", ""),
    ("No answer that says it succeeded", "        '200':\n", "        '409':\n"),
    ("Deprecated without a way on", "      summary:", "      deprecated: true\n      summary:"),
    (
        "Paging by what is not there",
        "      parameters:\n",
        "      x-ims-paging: {style: marker, marker: marker, last: id, limit: limit, size: 9, items: name, total: page.count}\n      parameters:\n",
    ),
    (
        "Paging in no known style",
        "      parameters:\n",
        "      x-ims-paging: {style: cursor, limit: limit, size: 9, items: things}\n      parameters:\n",
    ),
    ("A job that the answer does not name", "      parameters:\n", "      x-ims-job: job_id\n      parameters:\n"),
    ("No permissions", "      x-ims-permissions: ['things:show']\n", ""),
    ("A misspelt extension", "x-ims-open: true", "x-ims-opne: true"),
    ("An unknown extension", "servers:", "x-own: 1\nservers:"),
    ("An unused component", "    Thing:\n", "    Other: {type: string, description: Other. 其他。}\n    Thing:\n"),
];

#[test]
fn diagnostics_read_as_a_document() -> Outcome {
    let clean = std::fs::read_to_string(fixture())?;
    assert_eq!(house(&clean), "", "the document breaks no rule before it is edited");
    let mut documents: BTreeMap<String, String> = BTreeMap::new();
    for (title, from, to) in EDITS {
        assert_eq!(clean.matches(from).count(), 1, "{title}: {from:?} stands there once");
        let said = house(&clean.replace(from, to));
        assert!(!said.is_empty(), "{title}: nothing was found");
        // By the first word of the rule: `sample`, `operation` …
        let rule = said.split(['[', ']']).nth(1).ok_or("a finding without a rule")?;
        let group = rule.split('-').next().unwrap_or(rule).to_owned();
        let document = documents.entry(group).or_insert_with_key(|group| {
            format!("# What the lint says of edits of tests/fixtures/clean.yaml: rules on `{group}`\n")
        });
        document.push_str(&format!("\n## {title}\n\n{said}"));
    }
    let all: String = documents.values().map(String::as_str).collect();
    let silent: Vec<_> = rules()
        .iter()
        .filter(|rule| rule.category == Category::Convention && !all.contains(&format!("[{}]", rule.id)))
        .map(|rule| rule.id)
        .collect();
    assert!(silent.is_empty(), "house rules without an edit that breaks them: {silent:?}");
    ims_tests::lock_all("diagnostics", &documents);
    Ok(())
}

#[test]
fn conventions_are_warnings_in_another_document() -> Outcome {
    let text = std::fs::read_to_string(fixture())?.replace("operationId: ShowThing", "operationId: show_thing");
    for (document, errors, warnings) in
        [(Document::parse("x", &text), 1, 0), (Document::parse_foreign("x", &text), 0, 1)]
    {
        let report = Report::new(check(&document.map_err(|found| Report::new(found).render(Format::Text))?));
        assert_eq!((report.count(Level::Error), report.count(Level::Warning)), (errors, warnings));
    }
    Ok(())
}

#[test]
fn our_own_document_breaks_no_rule() -> Outcome {
    let text = std::fs::read_to_string(xtask::root().join(xtask::DOCUMENT))?;
    assert_eq!(house(&text), "");
    Ok(())
}

/// An operation is a method beside those that `ims-api` has by hand.
#[test]
fn every_method_of_the_client_is_reserved() -> Outcome {
    let mut methods = BTreeSet::from(["clone".to_owned()]);
    for entry in std::fs::read_dir(xtask::root().join("ims-api/src"))? {
        let path = entry?.path();
        if path.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        for item in syn::parse_file(&std::fs::read_to_string(path)?)?.items {
            let syn::Item::Impl(block) = item else { continue };
            if block.trait_.is_none() && block.self_ty.to_token_stream().to_string() == "Client" {
                methods.extend(block.items.iter().filter_map(|item| match item {
                    syn::ImplItem::Fn(method) => Some(method.sig.ident.to_string()),
                    _ => None,
                }));
            }
        }
    }
    let reserved: BTreeSet<String> = CLIENT_METHODS.iter().map(|&name| name.to_owned()).collect();
    assert_eq!(reserved, methods, "put them into CLIENT_METHODS of xtask/src/lint/operation.rs");
    Ok(())
}

/// openapi/README.md shows every rule, in the words of the lint.
#[test]
fn the_readme_shows_every_rule() -> Outcome {
    let readme = std::fs::read_to_string(xtask::root().join("openapi/README.md"))?;
    let (_, shown) = readme.split_once("to\nthe lint.\n\n").ok_or("the section on rules has another beginning")?;
    let tables = tables();
    for (written, wanted) in shown.lines().zip(tables.lines()) {
        assert_eq!(written, wanted, "openapi/README.md: write the second line in place of the first, or before it");
    }
    assert_eq!(shown.len(), tables.len(), "openapi/README.md: the section on rules has another end");
    Ok(())
}

/// A table of rules for each kind, the house's first.
fn tables() -> String {
    let mut text = String::new();
    for (category, title) in [
        (Category::Convention, "What we ask of our document"),
        (Category::Limit, "What the generator cannot do"),
        (Category::Loss, "What the generator silently loses"),
        (Category::Document, "What no document may be"),
    ] {
        text.push_str(&format!("### {title}\n\n| Id | Rule | What to do |\n|---|---|---|\n"));
        for rule in rules().iter().filter(|rule| rule.category == category) {
            let cell = |text: &str| text.replace('|', "\\|");
            text.push_str(&format!("| `{}` | {} | {} |\n", rule.id, cell(rule.sentence), cell(rule.help)));
        }
        text.push('\n');
    }
    text.truncate(text.trim_end().len());
    text + "\n"
}

/// What is said of a document of ours.
fn house(text: &str) -> String {
    let findings = Document::parse("clean.yaml", text).map(|spec| check(&spec));
    Report::new(findings.unwrap_or_else(|findings| findings)).render(Format::Text)
}

fn fixture() -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/clean.yaml")
}

/// What the lint says of the generator's limits.
fn limits(text: &str) -> Result<Vec<Diagnostic>, String> {
    let spec =
        Document::parse_foreign("tiny.yaml", text).map_err(|findings| Report::new(findings).render(Format::Text))?;
    let limit = |finding: &Diagnostic| {
        rules().iter().any(|rule| rule.id == finding.rule && matches!(rule.category, Category::Limit | Category::Loss))
    };
    Ok(check(&spec).into_iter().filter(limit).collect())
}

/// What the whole pipeline makes of a document: `client.rs`, or the findings.
fn fixed(text: &str) -> Result<String, Box<dyn std::error::Error>> {
    let spec =
        Document::parse_foreign("tiny.yaml", text).map_err(|findings| Report::new(findings).render(Format::Text))?;
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
