//! Samples: they are there, they fit their operation, and they are valid for their schemas.

use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::run::Run;
use crate::document::{Location, Media, Operation, child};
use crate::validate::validate;

pub(super) fn check(run: &mut Run<'_>) {
    for operation in &run.spec.operations {
        for media in operation.body.iter().flat_map(|body| &body.content) {
            samples(run, media);
        }
        for response in &operation.responses {
            for media in &response.content {
                let is_success = operation.successes().any(|success| success.status == response.status);
                if media.samples.is_empty() && is_success {
                    let message = format!("the answer {} of `{}` has no sample", response.status, operation.name());
                    run.report("sample-response", &media.pointer, message);
                }
                samples(run, media);
            }
        }
        request(run, operation);
    }
}

fn samples(run: &mut Run<'_>, media: &Media) {
    for sample in &media.samples {
        valid(run, &sample.pointer, media, &sample.value);
    }
}

fn valid(run: &mut Run<'_>, at: &str, media: &Media, sample: &Value) {
    for problem in validate(run.spec, &child(&media.pointer, "schema"), sample) {
        let message = format!("the sample is not valid: {}", problem.text.english);
        run.report("sample-invalid", &format!("{at}{}", problem.at), message);
    }
}

fn request(run: &mut Run<'_>, operation: &Operation) {
    let name = operation.name();
    let Some(sample) = &operation.sample else {
        let (at, what) = match run.written(&operation.pointer, "x-ims-sample-request") {
            None => (operation.pointer.clone(), format!("`{name}` has no sample request")),
            Some(_) => (
                child(&operation.pointer, "x-ims-sample-request"),
                format!("the sample request of `{name}` lacks its method or url"),
            ),
        };
        return run.report("sample-request", &at, what);
    };
    if !sample.method.eq_ignore_ascii_case(operation.method) {
        let message = format!("`{name}` is {}, not {}", operation.method.to_uppercase(), sample.method);
        run.report("sample-request-url", &child(&sample.pointer, "method"), message);
    }
    address(run, operation, &child(&sample.pointer, "url"), &sample.url);
    match (&operation.body, &sample.body) {
        (None, Some(_)) => {
            let message = format!("`{name}` takes no body, but its sample has one");
            run.report("sample-request", &child(&sample.pointer, "body"), message);
        }
        (Some(body), None) if body.required => {
            run.report("sample-request", &sample.pointer, format!("the sample request of `{name}` has no body"));
        }
        (Some(body), Some(sent)) => {
            if let Some(media) = body.media() {
                valid(run, &child(&sample.pointer, "body"), media, sent);
            }
        }
        (_, None) => {}
    }
}

fn address(run: &mut Run<'_>, operation: &Operation, at: &str, url: &str) {
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
            Some(name) => parameter(run, operation, at, Location::Path, name, given),
            None if wanted == given => {}
            None => {
                let message = format!("`{path}` is no path of `{}`: `{given}` stands for `{wanted}`", operation.path);
                return run.report("sample-request-url", at, message);
            }
        }
    }
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        parameter(run, operation, at, Location::Query, name, value);
    }
}

fn parameter(run: &mut Run<'_>, operation: &Operation, at: &str, location: Location, name: &str, given: &str) {
    let Some(parameter) = operation.parameters_in(location).find(|parameter| parameter.name == name) else {
        let message = format!("`{}` has no {} parameter `{name}`", operation.name(), location.as_str());
        return run.report("sample-request-url", at, message);
    };
    let given = percent_decode_str(given).decode_utf8_lossy().into_owned();
    let schema = child(&parameter.pointer, "schema");
    let as_json = serde_json::from_str(&given).ok().filter(|value: &Value| value.is_number() || value.is_boolean());
    let problems = validate(run.spec, &schema, &Value::String(given));
    let fits = problems.is_empty() || as_json.is_some_and(|value| validate(run.spec, &schema, &value).is_empty());
    if let (false, Some(problem)) = (fits, problems.first()) {
        run.report("sample-request-url", at, format!("`{name}`: {}", problem.text.english));
    }
}
