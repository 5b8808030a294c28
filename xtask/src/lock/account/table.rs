//! The one table that decides what becomes of each kind of node.

use super::Class::{self, Documented, Dropped, Enforced, Represented};
use super::Rule::{Lint, Runtime, Stage};

/// What holds for some keys of an object of OpenAPI.
pub(super) struct Row {
    /// The object, as the OpenAPI specification names it.
    pub(super) object: &'static str,
    /// The keys; `*` for names that the document chooses.
    pub(super) keys: &'static [&'static str],
    pub(super) class: Class,
}

const fn row(object: &'static str, keys: &'static [&'static str], class: Class) -> Row {
    Row { object, keys, class }
}

const READERS: Class = Dropped("for readers of the document");

pub(super) const TABLE: &[Row] = &[
    row("document", &["openapi"], Enforced(Lint("spec-version"))),
    row("document", &["tags"], READERS),
    row("document", &["security"], Enforced(Runtime("ClientBuilder::credentials"))),
    row("info", &["title"], Documented),
    row(
        "info",
        &["version"],
        Dropped("the crate's own version, which the review compares with the change, is Cargo's"),
    ),
    row("info", &["description"], READERS),
    row("externalDocs of document", &["url", "description"], READERS),
    row("server", &["url"], Enforced(Runtime("ClientBuilder::region"))),
    row("server", &["description"], READERS),
    row("server variable", &["default", "enum"], Dropped("the region is the caller's; none is assumed")),
    row("server variable", &["description"], READERS),
    row(
        "tag",
        &["name", "description"],
        Dropped("groups operations for readers; in Rust all are methods of one client"),
    ),
    row("security scheme", &["type", "name", "in"], Enforced(Runtime("ClientBuilder::credentials"))),
    row("security scheme", &["description"], READERS),
    // Operations.
    row("path item", &["get", "put", "post", "delete", "options", "head", "patch", "trace"], Represented),
    row("path item", &["parameters"], Represented),
    row(
        "operation",
        &[
            "operationId",
            "parameters",
            "requestBody",
            "deprecated",
            "x-ims-idempotent",
            "x-ims-job",
            "x-ims-page",
            "x-ims-paging",
        ],
        Represented,
    ),
    row("operation", &["tags"], Dropped("groups operations for readers; in Rust all are methods of one client")),
    row("operation", &["summary", "description", "x-ims-permissions"], Documented),
    row("externalDocs of operation", &["url", "description"], Documented),
    row("operation", &["security"], Enforced(Runtime("ClientBuilder::credentials"))),
    row("operation", &["x-ims-sample-request"], Enforced(Lint("sample-request-url"))),
    row("parameter", &["name", "in", "required", "schema", "x-ims-default", "x-ims-name"], Represented),
    row("parameter", &["description"], Documented),
    row("parameter", &["style"], Enforced(Lint("parameter-style"))),
    row("parameter", &["explode"], Enforced(Lint("parameter-type"))),
    row("parameter", &["example", "examples"], Enforced(Lint("sample-invalid"))),
    row("request body", &["required", "content"], Represented),
    row("request body", &["description"], Documented),
    row("media type", &["schema"], Represented),
    row("media type", &["example", "examples"], Enforced(Lint("sample-invalid"))),
    row("example", &["value"], Enforced(Lint("sample-invalid"))),
    row("example", &["summary", "description"], READERS),
    row("responses", &["*"], Represented),
    row("response", &["content"], Represented),
    row("response", &["description"], Documented),
    // Schemas.
    row("schema", &["type", "format", "required", "enum", "nullable", "default"], Represented),
    row("schema", &["items", "properties", "additionalProperties", "allOf", "oneOf"], Represented),
    row("schema", &["pattern", "minLength", "maxLength", "minimum", "x-ims-open"], Represented),
    row("schema", &["maximum", "x-ims-integer"], Represented),
    row(
        "schema",
        &["minItems", "maxItems", "uniqueItems", "x-ims-unique"],
        Enforced(Stage("the check of each request before it is sent")),
    ),
    row("schema", &["x-ims-free-text"], Enforced(Lint("path-parameter-pattern"))),
    row("schema", &["description", "title"], Documented),
    row("schema", &["example"], Enforced(Lint("sample-invalid"))),
];
