//! Samples: they are there, they fit their operation, and they are valid for their schemas.

use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::Run;
use super::view::{self, Operation, members};
use crate::document::child;
use crate::validate::validate;

pub(super) fn check(run: &mut Run<'_>, operations: &[Operation<'_>]) {
    for operation in operations {
        responses(run, operation);
        request(run, operation);
    }
}

fn responses(run: &mut Run<'_>, operation: &Operation<'_>) {
    for response in operation.responses(run.spec) {
        for content in view::contents(&response.pointer, response.node) {
            let samples = samples(&content.pointer, content.node);
            let success = response.status.starts_with('2');
            if samples.is_empty() && success {
                let (name, status) = (operation.name(), response.status);
                run.report(
                    "sample-response",
                    &content.pointer,
                    format!("the answer {status} of `{name}` has no sample"),
                );
            }
            for (at, sample) in samples {
                valid(run, &at, &child(&content.pointer, "schema"), sample);
            }
        }
    }
}

/// `example` and each of `examples`.
fn samples<'a>(at: &str, media: &'a Value) -> Vec<(String, &'a Value)> {
    let one = media.get("example").map(|sample| (child(at, "example"), sample));
    let many = members(media.get("examples")).filter_map(|(name, example)| {
        Some((format!("{}/value", child(&child(at, "examples"), name)), example.get("value")?))
    });
    one.into_iter().chain(many).collect()
}

fn valid(run: &mut Run<'_>, at: &str, schema: &str, sample: &Value) {
    for (inner, reason) in validate(run.spec, schema, sample) {
        run.report("sample-invalid", &format!("{at}{inner}"), format!("the sample is not valid: {reason}"));
    }
}

fn request(run: &mut Run<'_>, operation: &Operation<'_>) {
    let at = child(&operation.pointer, "x-ims-sample-request");
    let name = operation.name();
    let Some(sample) = operation.node.get("x-ims-sample-request") else {
        return run.report("sample-request", &operation.pointer, format!("`{name}` has no sample request"));
    };
    let text = |key: &str| sample.get(key).and_then(Value::as_str);
    let (Some(method), Some(url)) = (text("method"), text("url")) else {
        return run.report("sample-request", &at, format!("the sample request of `{name}` lacks its method or url"));
    };
    if !method.eq_ignore_ascii_case(operation.method) {
        let wanted = operation.method.to_uppercase();
        run.report("sample-request-url", &child(&at, "method"), format!("`{name}` is {wanted}, not {method}"));
    }
    address(run, operation, &child(&at, "url"), url);
    match (operation.body(run.spec), sample.get("body")) {
        (None, Some(_)) => {
            run.report(
                "sample-request",
                &child(&at, "body"),
                format!("`{name}` takes no body, but its sample has one"),
            );
        }
        (Some(_), None) => run.report("sample-request", &at, format!("the sample request of `{name}` has no body")),
        (Some((body_at, body)), Some(sent)) => {
            if let Some(content) = view::contents(&body_at, body).first() {
                valid(run, &child(&at, "body"), &child(&content.pointer, "schema"), sent);
            }
        }
        (None, None) => {}
    }
}

fn address(run: &mut Run<'_>, operation: &Operation<'_>, at: &str, url: &str) {
    let target = url.split_once("://").and_then(|(_, rest)| rest.find('/').map(|start| &rest[start..]));
    let Some(target) = target else {
        return run.report("sample-request-url", at, format!("`{url}` is no URL with a path"));
    };
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let (template, given): (Vec<_>, Vec<_>) = (operation.path.split('/').collect(), path.split('/').collect());
    if template.len() != given.len() {
        return run.report("sample-request-url", at, format!("`{path}` is no path of `{}`", operation.path));
    }
    for (wanted, given) in template.iter().zip(&given) {
        match wanted.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
            Some(name) => parameter(run, operation, at, "path", name, given),
            None if wanted == given => {}
            None => {
                let message = format!("`{path}` is no path of `{}`: `{given}` stands for `{wanted}`", operation.path);
                return run.report("sample-request-url", at, message);
            }
        }
    }
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        parameter(run, operation, at, "query", name, value);
    }
}

fn parameter(run: &mut Run<'_>, operation: &Operation<'_>, at: &str, location: &str, name: &str, given: &str) {
    let known = operation.parameters.iter().find(|parameter| parameter.location == location && parameter.name == name);
    let Some(parameter) = known else {
        let owner = operation.name();
        return run.report("sample-request-url", at, format!("`{owner}` has no {location} parameter `{name}`"));
    };
    let given = percent_decode_str(given).decode_utf8_lossy().into_owned();
    let schema = child(&parameter.pointer, "schema");
    let as_number = serde_json::from_str(&given).ok().filter(Value::is_number);
    let problems = validate(run.spec, &schema, &Value::String(given));
    let fits = problems.is_empty() || as_number.is_some_and(|number| validate(run.spec, &schema, &number).is_empty());
    if let (false, Some((_, reason))) = (fits, problems.first()) {
        run.report("sample-request-url", at, format!("`{name}`: {reason}"));
    }
}
