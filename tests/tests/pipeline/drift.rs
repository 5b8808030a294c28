//! `cargo xtask drift`: every kind of event between two sets of definitions in upstream's form, and our document against them.

use std::error::Error;
use std::path::{Path, PathBuf};

use ims_tests::{lock, root};
use xtask::diagnostic::Failure;
use xtask::drift::{Args, run};

type Outcome = Result<(), Box<dyn Error>>;

/// Differs from `before` in what no policy covers, twice: `maker` for `marker`, and no `state`.
const DOCUMENT: &str = "\
openapi: 3.0.3
info: {title: Things, version: 0.1.0}
paths:
  /v1/things:
    get:
      operationId: ListThings
      parameters:
        - {name: limit, in: query, schema: {type: integer, format: int64}}
        - {name: maker, in: query, schema: {type: string}}
        - {name: kind, in: query, schema: {type: string, enum: [big, small, tiny]}}
      responses:
        '200':
          description: Fine.
          content:
            application/json:
              schema: {type: object, properties: {things: {type: array, items: {$ref: '#/components/schemas/Thing'}}}}
        '400': {$ref: '#/components/responses/Refused'}
        '404': {$ref: '#/components/responses/Refused'}
    post:
      operationId: CreateThing
      requestBody:
        required: true
        content:
          application/json:
            schema:
              oneOf:
                - type: object
                  required: [name, owner]
                  properties: {name: {type: string}, owner: {type: string}}
                - type: object
                  required: [name, owner, parent]
                  properties: {name: {type: string}, owner: {type: string}, parent: {type: string}}
      responses:
        '200':
          description: Made.
          content: {application/json: {schema: {type: object, properties: {id: {type: string}}}}}
        '400': {$ref: '#/components/responses/Refused'}
  /v1/things/{thing_id}:
    delete:
      operationId: DeleteThing
      parameters: [{$ref: '#/components/parameters/ThingId'}]
      responses: {'204': {description: Gone.}, '404': {$ref: '#/components/responses/Refused'}}
  /v1/things/{thing_id}/copy:
    post:
      operationId: CopyThing
      parameters: [{$ref: '#/components/parameters/ThingId'}]
      responses: {'204': {description: Gone.}, '404': {$ref: '#/components/responses/Refused'}}
  /v1/things/{thing_id}/show:
    get:
      operationId: ShowThing
      parameters: [{$ref: '#/components/parameters/ThingId'}]
      responses: {'204': {description: Gone.}, '404': {$ref: '#/components/responses/Refused'}}
components:
  parameters:
    ThingId: {name: thing_id, in: path, required: true, schema: {type: string}}
  responses:
    Refused:
      description: Refused.
      content: {application/json: {schema: {type: object, properties: {error: {$ref: '#/components/schemas/Error'}}}}}
  schemas:
    Thing:
      type: object
      required: [id]
      properties: {id: {type: string}, size: {type: integer, format: int64}}
    Error:
      type: object
      properties: {code: {type: string}, message: {type: string}, title: {type: string}}
  securitySchemes:
    Token: {type: apiKey, in: header, name: X-Auth-Token}
";

const LIST: &str = "\
# What differs on purpose.
- operation: ListThings
  fact: parameter query marker
  upstream: present
  ours: absent
  why: Nobody has markers here.
- operation: ListThings
  fact: response 200 · application/json · .things[].state
  upstream: present
  ours: absent
  why: It says nothing.
";

#[test]
fn every_event_is_told_once_and_accepted_once() -> Outcome {
    let workspace = Workspace::new(DOCUMENT, LIST)?;
    let first = workspace.drift("before", true)?;
    assert!(first.1, "{}", first.0);
    assert_eq!(workspace.drift("before", false)?.0.matches("nothing changed since").count(), 1);
    let kept = workspace.lock()?;
    let (report, in_step) = workspace.drift("after", false)?;
    assert!(!in_step);
    assert_eq!(workspace.lock()?, kept, "nothing is written without --accept");
    lock("drift", &report);
    lock("drift-lock", &kept);
    let (report, in_step) = workspace.drift("after", true)?;
    // What was followed by nobody is now between the document and the lock.
    assert!(
        !in_step && report.contains("AddOwner · operation: upstream says present") && !report.contains("changes since"),
        "{report}"
    );
    assert!(workspace.drift("after", false)?.0.contains("nothing changed since"));
    Ok(())
}

#[test]
fn a_renamed_parameter_is_told_with_its_line() -> Outcome {
    let workspace = Workspace::new(&DOCUMENT.replace("name: limit", "name: limits"), LIST)?;
    let (report, in_step) = workspace.drift("before", true)?;
    let wanted = "openapi/ims.yaml:8:11: error[drift]: ListThings · parameter query limit: upstream says present, this document absent";
    assert!(!in_step && report.contains(wanted), "{report}");
    Ok(())
}

#[test]
fn an_entry_that_no_longer_fits_is_an_error_with_its_line() -> Outcome {
    let workspace = Workspace::new(&DOCUMENT.replace("name: maker", "name: marker"), LIST)?;
    let (report, in_step) = workspace.drift("before", true)?;
    let wanted = "openapi/drift.yaml:2:3: error[drift]: ListThings · parameter query marker doesn't differ so any more";
    assert!(!in_step && report.contains(wanted), "{report}");
    let without = LIST.replace("Nobody has markers here.", "''");
    let error = Workspace::new(DOCUMENT, &without)?.drift("before", true).err().ok_or("accepted")?;
    assert!(error.to_string().contains("openapi/drift.yaml:2:3: `why` is empty"), "{error}");
    let error = Workspace::new(DOCUMENT, "- {operation: X}")?.drift("before", true).err().ok_or("accepted")?;
    assert!(error.to_string().contains("openapi/drift.yaml: .[0]: missing field `fact`"), "{error}");
    Ok(())
}

#[test]
fn what_cannot_be_read_is_an_error_and_writes_nothing() -> Outcome {
    let workspace = Workspace::new(DOCUMENT, LIST)?;
    let file = workspace.0.path().join("Thing.json");
    let schema = r#"{"definitions": {"X": {"propertise": {}}}, "paths": {}}"#;
    for (text, said) in [
        ("{", "Thing.json: EOF while parsing"),
        ("{}", "Thing.json: `paths` isn't an object: if this is a new form"),
        (r#"{"definitions": {}, "paths": {"/x": {"get": {}}}}"#, "Thing.json: get /x: no operationId"),
        (r#"{"definitions": {}, "paths": {"/x": {"get": {"operationId": "X"}}}}"#, "`responses` isn't an object"),
        (schema, "`propertise`"),
        (r#"{"definitions": {}, "paths": {}}"#, "holds no operation"),
    ] {
        std::fs::write(&file, text)?;
        let error = workspace.drift_from(workspace.0.path().into(), true).err().ok_or(text)?;
        assert!(error.to_string().contains(said), "{error}");
    }
    let error = workspace.drift_from("/nowhere/at/all".into(), true).err().ok_or("no folder")?;
    assert!(error.to_string().starts_with("cannot read /nowhere/at/all: "), "{error}");
    assert!(workspace.lock().is_err(), "nothing was written");
    std::fs::write(workspace.0.path().join(xtask::drift::LOCK), "ListThings\n  operation\n")?;
    let error = workspace.drift("before", false).err().ok_or("a broken lock")?;
    assert!(error.to_string().contains("openapi/upstream.lock:2: not a line of a lock"), "{error}");
    Ok(())
}

#[test]
fn without_network_the_document_is_compared_all_the_same() -> Outcome {
    let (workspace, home) = (Workspace::new(DOCUMENT, LIST)?, tempfile::tempdir()?);
    workspace.drift("before", true)?;
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_tested-xtask"))
        .arg("drift")
        .env("CARGO_HOME", home.path())
        .env("CARGO_NET_OFFLINE", "true")
        .env("CARGO_MANIFEST_DIR", workspace.0.path().join("xtask"))
        .output()?;
    let report = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{report}");
    assert!(
        report.starts_with("Upstream wasn't asked: cannot bring the crate huawei-cloud-api-definitions-IMS"),
        "{report}"
    );
    assert!(report.ends_with("      0  unexplained\n"), "{report}");
    Ok(())
}

/// What the command reads and writes.
struct Workspace(tempfile::TempDir);

impl Workspace {
    fn new(document: &str, list: &str) -> Result<Self, Box<dyn Error>> {
        let workspace = Self(tempfile::tempdir()?);
        std::fs::create_dir(workspace.0.path().join("openapi"))?;
        std::fs::write(workspace.0.path().join(xtask::DOCUMENT), document)?;
        std::fs::write(workspace.0.path().join("openapi/drift.yaml"), list)?;
        Ok(workspace)
    }

    fn lock(&self) -> std::io::Result<String> {
        let text = std::fs::read_to_string(self.0.path().join(xtask::drift::LOCK))?;
        Ok(text.replace(&definitions("before").display().to_string(), "FOLDER"))
    }

    fn drift(&self, set: &str, accept: bool) -> Result<(String, bool), Box<dyn Error>> {
        let (report, in_step) = self.drift_from(definitions(set), accept)?;
        Ok((report.replace(&definitions(set).display().to_string(), "FOLDER"), in_step))
    }

    fn drift_from(&self, folder: PathBuf, accept: bool) -> Result<(String, bool), Box<dyn Error>> {
        run(&Args { definitions: Some(folder), accept }, self.0.path()).map_err(said)
    }
}

fn said(failure: Failure) -> Box<dyn Error> {
    match failure {
        Failure::Findings(findings) => ims_tests::findings(findings).into(),
        Failure::Other(error) => error.into(),
    }
}

fn definitions(set: &str) -> PathBuf {
    root().join(Path::new("tests/fixtures/drift").join(set))
}

/// Our own document and list: nothing of upstream's lock is missing, or stated otherwise, without a reason.
#[test]
fn everything_is_explained() -> Outcome {
    // Which definitions are read makes no difference to what is locked.
    let args = Args { definitions: Some(definitions("before")), accept: false };
    let (report, _) = run(&args, &xtask::root()).map_err(said)?;
    assert!(report.ends_with("    0  unexplained\n"), "{report}");
    Ok(())
}
