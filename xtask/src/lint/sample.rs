//! Samples: they are there, they fit their operation, and they are valid for their schemas.

use serde_json::Value;

use super::rules::Run;
use crate::document::{Location, Media, Operation, SampleRequest, child};
use crate::validate::problems;

pub(super) fn check(run: &mut Run<'_>) {
    for operation in &run.spec.operations {
        for response in operation.successes() {
            for media in response.content.iter().filter(|media| media.samples.is_empty()) {
                let message = format!("the answer {} of `{}` has no sample", response.status, operation.name());
                run.report("sample-response", &media.pointer, message);
            }
        }
        let bodies = operation.body.iter().flat_map(|body| &body.content);
        for media in bodies.chain(operation.responses.iter().flat_map(|response| &response.content)) {
            media.samples.iter().for_each(|sample| valid(run, &sample.pointer, media, &sample.value));
        }
        request(run, operation);
    }
}

fn valid(run: &mut Run<'_>, at: &str, media: &Media, sample: &Value) {
    for problem in media.schema.iter().flat_map(|schema| problems(run.spec, schema, sample)) {
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
    address(run, operation, sample);
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

fn address(run: &mut Run<'_>, operation: &Operation, sample: &SampleRequest) {
    let (at, url) = (child(&sample.pointer, "url"), &sample.url);
    let target = url.split_once("://").and_then(|(_, rest)| rest.find('/').map(|start| &rest[start..]));
    let Some(path) = target.and_then(|target| target.split('?').next()) else {
        return run.report("sample-request-url", &at, format!("`{url}` is no URL with a path"));
    };
    let (template, given): (Vec<_>, Vec<_>) = (operation.path.split('/').collect(), path.split('/').collect());
    let other = template.iter().zip(&given).find(|(wanted, given)| !wanted.starts_with('{') && wanted != given);
    let but = match other {
        _ if template.len() != given.len() => Some(String::new()),
        other => other.map(|(wanted, given)| format!(": `{given}` stands for `{wanted}`")),
    };
    if let Some(but) = but {
        return run.report("sample-request-url", &at, format!("`{path}` is no path of `{}`{but}", operation.path));
    }
    for (name, given) in &sample.values {
        let in_path = template.contains(&&*format!("{{{name}}}"));
        let location = if in_path { Location::Path } else { Location::Query };
        let Some(parameter) = operation.parameters_in(location).find(|parameter| parameter.name == *name) else {
            let message = format!("`{}` has no {} parameter `{name}`", operation.name(), location.as_str());
            run.report("sample-request-url", &at, message);
            continue;
        };
        let Some(schema) = &parameter.schema else { continue };
        let as_json = serde_json::from_str(given).ok().filter(|value: &Value| value.is_number() || value.is_boolean());
        let found = problems(run.spec, schema, &given.as_str().into());
        let fits = found.is_empty() || as_json.is_some_and(|value| problems(run.spec, schema, &value).is_empty());
        if let (false, Some(problem)) = (fits, found.first()) {
            run.report("sample-request-url", &at, format!("`{name}`: {}", problem.text.english));
        }
    }
}
