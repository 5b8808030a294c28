//! The table of rules, and a run of them over a document: what they see, and how they report.

use serde_json::Value;

use crate::diagnostic::{Diagnostic, Level};
use crate::document::Document;

/// What breaking a rule means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Category {
    /// The file is no OpenAPI 3.0 document that this pipeline reads; found by `Document`.
    Document,
    /// The generator fails, panics, or writes code that doesn't compile.
    Limit,
    /// The generator silently loses or changes what the document says.
    Loss,
    /// What we ask of our own document.
    Convention,
}

/// One rule.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// The stable kebab-case id that findings carry.
    pub id: &'static str,
    /// What breaking it means.
    pub category: Category,
    /// The rule, as a sentence.
    pub sentence: &'static str,
    /// What to write instead.
    pub help: &'static str,
}

/// Every rule, by category, then in the order of a reader's interest.
#[must_use]
pub fn rules() -> &'static [Rule] {
    RULES
}

macro_rules! table {
    ($($category:ident $id:literal: $sentence:literal, $help:literal;)*) => {
        &[$(Rule { id: $id, category: Category::$category, sentence: $sentence, help: $help }),*]
    };
}

static RULES: &[Rule] = table! {
    Document "spec-unreadable": "The file can be read.", "name an OpenAPI 3.0 document that exists and is readable";
    Document "spec-not-text": "The file is UTF-8 text.", "save the document as UTF-8 text";
    Document "spec-empty": "The file holds something.", "begin with `openapi: 3.0.3`";
    Document "spec-syntax": "The text is YAML or JSON whose values JSON has.", "write YAML that is also a JSON value";
    Document "spec-version": "The document is OpenAPI 3.0.x.", "write `openapi: 3.0.3`";
    Document "spec-unknown-key": "Every key is one that OpenAPI 3.0 has at its place, or an extension.", "remove it; extensions begin with `x-`";
    Document "spec-missing-key": "Every key that OpenAPI 3.0 requires is there.", "add it";
    Document "spec-type": "Every value has the type that OpenAPI 3.0 asks for.", "write what OpenAPI 3.0 asks for at this place";
    Document "yaml-syntax": "The text is YAML.", "write valid YAML";
    Document "yaml-documents": "A file holds one document.", "keep one document per file";
    Document "yaml-duplicate-key": "No key is given twice.", "keep one of the two";
    Document "yaml-anchor": "There are no anchors.", "share by `$ref` instead";
    Document "yaml-alias": "There are no aliases.", "share by `$ref` instead";
    Document "yaml-merge-key": "There are no merge keys `<<`.", "share by `$ref` instead";
    Document "yaml-tag": "There are no YAML tags.", "remove the tag";
    Document "yaml-key": "Every key is a scalar.", "write a plain key";
    Document "yaml-depth": "Nothing is nested more than 64 deep.", "move inner schemas to components/schemas";
    Document "ref-external": "Every `$ref` stays in the file.", "copy what it names into components/";
    Document "ref-dangling": "Every `$ref` leads somewhere.", "define it, or name something that exists";
    Document "ref-circular": "No `$ref` leads back to itself through references alone.", "let one of them name a schema that says something";

    Limit "path-item-ref": "A path item is written in place, not by `$ref`.", "write the path item here";
    Limit "path-template": "A path template has balanced, named braces.", "write `/path/{name}/more`";
    Limit "path-parameter-undeclared": "Every `{name}` of a path is a declared path parameter.", "declare it under `parameters` with `in: path`";
    Limit "path-parameter-unused": "Every path parameter stands in its path.", "add `{name}` to the path, or remove the parameter";
    Limit "path-parameter-optional": "A path parameter is required.", "add `required: true`";
    Limit "operation-id-missing": "Every operation has an operationId.", "add an operationId in PascalCase, for example ListImageTags";
    Limit "operation-id-duplicate": "An operationId is used once, also after conversion to snake_case.", "choose another operationId";
    Limit "operation-id-reserved": "No operationId is, in snake_case, a method that `Client` has already.", "choose another operationId";
    Limit "operation-websocket": "No operation is a websocket (`x-dropshot-websocket`).", "leave the operation out: the client sends requests";
    Limit "parameter-cookie": "No parameter is a cookie.", "send it as a header, or leave it out";
    Limit "parameter-style": "Parameters have the default style of their place.", "remove `style`: simple for path and header, form for query";
    Limit "parameter-content": "A parameter has a `schema`, not `content`.", "write `schema:`";
    Limit "parameter-type": "A parameter is one plain value: text, a number, a boolean or one of several such; `null` only in a query.", "send its parts as parameters of their own, or leave it out";
    Limit "parameter-name-collision": "Parameter names stay different in snake_case, whatever their place.", "rename one, or leave one out";
    Limit "request-media-type": "A request body is JSON: the client encodes nothing else.", "write application/json";
    Limit "response-media-type": "A success is JSON or has no body: the client decodes nothing else.", "write application/json, or leave the operation out";
    Limit "response-types": "All successes of an operation have one body type.", "give them one schema by `$ref`";
    Limit "ref-target": "A `$ref` names a whole component.", "move what it names to components/ and write `#/components/…/Name`";
    Limit "schema-pattern": "A pattern is a regular expression of ECMAScript.", "correct the expression";
    Limit "schema-name-collision": "Components have different names in Rust, which are their own in PascalCase.", "rename one";
    Limit "property-name-collision": "Property names of an object stay different in snake_case.", "rename one; if the service has both, the generator cannot do it";
    Limit "info-version": "`info.version` can be sent as a header.", "write ASCII, for example 1.0.0";

    Loss "parameter-allow-reserved": "No parameter has `allowReserved: true`, which would be encoded all the same.", "remove `allowReserved`";
    Loss "response-range-shadow": "A range like 4XX does not stand beside a code like 404, which it would shadow.", "list the codes, or keep the range";
    Loss "response-media-types": "A response has one media type.", "keep one";
    Loss "schema-kind-keywords": "A schema holds no keyword of another type, which would change its Rust type.", "remove the keyword, or correct `type`";
    Loss "request-media-types": "A request body has one media type, of which JSON is sent.", "keep one, best application/json";
    Loss "request-schema": "A request body has a schema, or else may be anything.", "add `schema:`";
    Loss "response-success": "An operation has an answer that says it succeeded: 2XX, or else 3XX, or else default.", "add the success to `responses`";
    Loss "media-encoding": "A JSON body has no `encoding`, which says nothing of JSON.", "remove `encoding:`";
    Loss "response-schema": "A JSON response has a schema, or else may be anything.", "add `schema:`";
    Loss "schema-name-taken": "A schema in place has a name of its own in Rust, which is made of where it stands.", "rename one, or move the one in place to components/schemas";
    Loss "schema-format": "Only a string, an integer or a number has a format.", "remove `format`";
    Loss "schema-untyped": "A schema with a format or a number's keywords says its type.", "add `type:`";
    Loss "schema-not": "No schema says `not`, which no Rust type can.", "say what is allowed instead";
    Loss "schema-pattern-portable": "A pattern needs no look-around, back-reference, name, `\\b` or `\\p`: the client's engine for patterns is small.", "write alternatives, as openapi/ims.yaml does for all but `.` and `..`";
    Loss "schema-default": "A default is valid for its schema.", "write a default that the schema allows";
    Loss "schema-bounds": "A lower bound is not above the upper one, and an exclusive bound has its bound.", "correct the bounds";
    Loss "enum-value-collision": "Values of an enum stay different as Rust names.", "leave `enum` out and list the values in the description";
    Loss "schema-enum": "The values of an enum are all of the schema's type.", "write values of one type and say which with `type:`";

    Convention "operation-id-case": "An operationId is PascalCase.", "write it like ListImageTags";
    Convention "operation-summary": "Every operation has a bilingual summary and description.", "add it, English first, then Chinese";
    Convention "operation-deprecated": "A deprecated operation's description names the operation to use instead.", "add `Use OtherOperation instead.`, in both languages";
    Convention "bilingual": "Every description is English, then Chinese.", "write `English. 中文。`, or the Chinese as paragraphs of its own";
    Convention "description-missing": "Whatever may have a description has one.", "add `description: English. 中文。`";
    Convention "path-parameter-pattern": "No path parameter can be empty, `.` or `..`, or hold `/`, `\\` or a control character unless it is `x-ims-free-text: true`.", "restrict it, for example `pattern: ^[A-Za-z0-9_-]{1,64}$`";
    Convention "error-table": "Every operation answers 400, 401, 403, 404, 500 and 503.", "add the row by `$ref` to components/responses";
    Convention "error-row-ref": "An error row is a `$ref` to components/responses.", "move it to components/responses";
    Convention "error-row-text": "An error row's description is the standard reason phrase, a blank line, then English and Chinese.", "write it like the other rows";
    Convention "sample-response": "Every answer with a body has a sample.", "add `example:` beside `schema:`, from the page";
    Convention "sample-request": "Every operation has `x-ims-sample-request` with method, url, and body if it takes one.", "add the page's sample request";
    Convention "sample-request-url": "The sample request's method and URL fit the operation and its parameters.", "copy the page's sample request";
    Convention "sample-invalid": "Samples are valid for their schemas.", "correct the sample or the schema";
    Convention "response-restricted": "What the service sends has no pattern and no limit of length, value or number: the client must accept it.", "state the limit in the description";
    Convention "limit-lost": "Bounds and openness stand where the client keeps them: bounds on an integer from 0, `x-ims-integer` and `x-ims-open` on a string of its own, limits of a list on a property of an object of its own.", "move the schema to components/schemas, and name it by `$ref`; what no client can check goes into the description";
    Convention "response-required": "In an answer nothing is required but what identifies the thing: `id`, `key`, `value`, `..._id`, or the `name` of a thing without an id.", "remove it from `required`; an answer that lacks it is read all the same";
    Convention "response-enum-closed": "An enum in a response is open (`x-ims-open: true`): the service may add values.", "add `x-ims-open: true`";
    Convention "extension-idempotent": "Every operation says `x-ims-idempotent: true` or `false`.", "add it: may the same request be sent twice without a second effect?";
    Convention "extension-page": "Every operation links its page with `x-ims-page`.", "add the https URL of the page";
    Convention "extension-permissions": "Every operation lists its IAM actions in `x-ims-permissions`; `[]` is a list too.", "add it, for example ['ims:images:list']";
    Convention "extension-paging": "What `x-ims-paging` names is there: `style` (offset, page, marker or link) with its parameter, `limit`, `size`, the answer's list `items`, and what else the style needs.", "correct the name; for example {style: offset, offset: offset, limit: limit, size: 100, items: resources, total: total_count}";
    Convention "extension-job": "`x-ims-job` names the property of the answer that holds the job's id.", "write `x-ims-job: job_id`";
    Convention "extension-unknown": "No extension is unknown.", "correct its name, or remove it";
    Convention "component-unused": "Every component is used.", "remove it";
};

/// One run over one document.
pub(super) struct Run<'a> {
    pub(super) spec: &'a Document,
    /// Each with the pointer of its node.
    pub(super) findings: Vec<(Diagnostic, String)>,
}

impl<'a> Run<'a> {
    /// What is written under a key of the node at a pointer.
    pub(super) fn written(&self, pointer: &str, key: &str) -> Option<&'a Value> {
        self.spec.raw.pointer(pointer)?.get(key)
    }

    /// Reports a finding at the key of a node, with the rule's own help.
    pub(super) fn report(&mut self, rule: &'static str, pointer: &str, message: impl Into<String>) {
        self.report_with(rule, pointer, message, None);
    }

    /// Reports a finding at the key of a node, with a help of its own.
    pub(super) fn report_with(
        &mut self,
        rule: &'static str,
        pointer: &str,
        message: impl Into<String>,
        help: Option<String>,
    ) {
        let known = RULES.iter().find(|known| known.id == rule);
        debug_assert!(known.is_some(), "{rule} is not in the table");
        let level = match known.map(|known| known.category) {
            Some(Category::Convention | Category::Loss) if !self.spec.ours => Level::Warning,
            _ => Level::Error,
        };
        let help = help.unwrap_or_else(|| known.map_or("", |known| known.help).to_owned());
        let (place, message) = (self.spec.place(pointer), message.into());
        self.findings.push((Diagnostic { place, level, rule, message, help }, pointer.to_owned()));
    }
}
