//! Answers that go on elsewhere: what `x-ims-paging` and `x-ims-job` name is there.

use super::rules::Run;
use crate::document::{Document, Kind, Location, Operation, Paging, Schema, Style, child};

pub(super) fn check(run: &mut Run<'_>) {
    for operation in &run.spec.operations {
        let at = child(&operation.pointer, "x-ims-paging");
        for (key, problem) in operation.paging.iter().flat_map(|paging| problems(run.spec, operation, paging)) {
            run.report("extension-paging", &child(&at, key), problem);
        }
        if operation.paging.is_none() && run.written(&operation.pointer, "x-ims-paging").is_some() {
            run.report("extension-paging", &at, "this says no way to page");
        }
        let at = child(&operation.pointer, "x-ims-job");
        match &operation.job {
            Some(job) if answered(run.spec, operation, job).is_none() => {
                run.report("extension-job", &at, format!("the answer has no property `{job}`"));
            }
            None if run.written(&operation.pointer, "x-ims-job").is_some() => {
                run.report("extension-job", &at, "this names no property of the answer");
            }
            _ => {}
        }
    }
}

/// The keys that name what isn't there.
fn problems(spec: &Document, operation: &Operation, paging: &Paging) -> Vec<(&'static str, String)> {
    let mut problems = Vec::new();
    let place = match &paging.style {
        Style::Offset(_) => "offset",
        Style::Page(_) => "page",
        Style::Marker { .. } | Style::Link { .. } => "marker",
    };
    for (key, name) in [("limit", paging.limit.as_str()), (place, paging.place())] {
        if !is_asked(spec, operation, name) {
            problems.push((key, format!("neither the query nor the body has `{name}`")));
        }
    }
    let items = answered(spec, operation, &paging.items).filter(|items| items.kind == Some(Kind::List));
    if items.is_none() {
        problems.push(("items", format!("the answer has no list `{}`", paging.items)));
    }
    let (next, last) = match &paging.style {
        Style::Marker { next, last, .. } => (next.as_deref(), last.as_ref()),
        Style::Link { next, .. } => (Some(next.as_slice()), None),
        Style::Offset(_) | Style::Page(_) => (None, None),
    };
    let follow = |way: &[String]| {
        let (first, rest) = way.split_first()?;
        rest.iter().try_fold(answered(spec, operation, first)?, |schema, name| spec.property(schema, name))
    };
    for (key, way) in [("total", paging.total.as_ref().map(std::slice::from_ref)), ("next", next)] {
        if let Some(way) = way.filter(|way| follow(way).is_none()) {
            problems.push((key, format!("the answer has no property `{}`", way.join("."))));
        }
    }
    let item = items.and_then(|items| items.items.as_deref());
    if let Some(last) = last.filter(|last| item.is_none_or(|item| spec.property(item, last).is_none())) {
        problems.push(("last", format!("an item has no property `{last}`")));
    }
    if matches!((&paging.style, next, last), (Style::Marker { .. }, None, None)) {
        problems.push(("style", "neither `next` nor `last` says where the next marker stands".to_owned()));
    }
    problems
}

/// Whether the query or the body has it.
fn is_asked(spec: &Document, operation: &Operation, name: &str) -> bool {
    let body = operation.body.as_ref().and_then(|body| body.media()?.schema.as_ref());
    operation.parameters_in(Location::Query).any(|parameter| parameter.name == name)
        || body.is_some_and(|schema| spec.property(schema, name).is_some())
}

/// A property of the answer.
fn answered<'a>(spec: &'a Document, operation: &'a Operation, name: &str) -> Option<&'a Schema> {
    spec.property(operation.answer()?.media()?.schema.as_ref()?, name)
}
