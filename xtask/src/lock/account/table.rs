//! The one table that decides what becomes of each kind of node.

use super::Class::{self, Documented, Dropped, Lint, Represented, Runtime, Stage};

const READERS: Class = Dropped("for readers of the document");
const GROUPS: Class = Dropped("groups operations for readers; in Rust all are methods of one client");
const CREDENTIALS: Class = Runtime("ClientBuilder::credentials");
const SENT: Class = Stage("the check of each request before it is sent");

/// What becomes of some keys of an object of OpenAPI; `*` stands for names that the document chooses.
#[rustfmt::skip]
pub(super) static TABLE: &[(&str, &str, Class)] = &[
    ("document", "openapi", Lint("spec-version")),
    ("document", "tags", READERS),
    ("document", "security", CREDENTIALS),
    ("info", "title", Documented),
    ("info", "version", Dropped("the crate's own version, which the review compares with the change, is Cargo's")),
    ("info", "description", READERS),
    ("externalDocs of document", "url description", READERS),
    ("server", "url", Runtime("ClientBuilder::region")),
    ("server", "description", READERS),
    ("server variable", "default enum", Dropped("the region is the caller's; none is assumed")),
    ("server variable", "description", READERS),
    ("tag", "name description", GROUPS),
    ("security scheme", "type name in", CREDENTIALS),
    ("security scheme", "description", READERS),
    // Operations.
    ("path item", "get put post delete options head patch trace", Represented),
    ("path item", "parameters", Represented),
    ("operation", "operationId parameters requestBody deprecated", Represented),
    ("operation", "x-ims-idempotent x-ims-job x-ims-page x-ims-paging", Represented),
    ("operation", "tags", GROUPS),
    ("operation", "summary description x-ims-permissions", Documented),
    ("externalDocs of operation", "url description", Documented),
    ("operation", "security", CREDENTIALS),
    ("operation", "x-ims-sample-request", Lint("sample-request-url")),
    ("parameter", "name in required schema x-ims-default x-ims-name", Represented),
    ("parameter", "description", Documented),
    ("parameter", "style", Lint("parameter-style")),
    ("parameter", "explode", Lint("parameter-type")),
    ("parameter", "example examples", Lint("sample-invalid")),
    ("request body", "required content", Represented),
    ("request body", "description", Documented),
    ("media type", "schema", Represented),
    ("media type", "example examples", Lint("sample-invalid")),
    ("example", "value", Lint("sample-invalid")),
    ("example", "summary description", READERS),
    ("responses", "*", Represented),
    ("response", "content", Represented),
    ("response", "description", Documented),
    // Schemas.
    ("schema", "type format required enum nullable default", Represented),
    ("schema", "items properties additionalProperties allOf oneOf", Represented),
    ("schema", "pattern minLength maxLength minimum x-ims-open", Represented),
    ("schema", "maximum x-ims-integer", Represented),
    ("schema", "minItems maxItems uniqueItems x-ims-unique", SENT),
    ("schema", "x-ims-free-text", Lint("path-parameter-pattern")),
    ("schema", "description title", Documented),
    ("schema", "example", Lint("sample-invalid")),
];
