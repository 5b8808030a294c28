//! Which operation of the document a request means.

use std::collections::BTreeSet;

use percent_encoding::percent_decode_str;

use super::{Answer, Received};
use crate::document::{Document, Operation};

/// The operation that a request means.
pub(super) fn find<'a>(spec: &'a Document, request: &Received) -> Result<&'a Operation, Answer> {
    let path: Vec<&str> = request.path_and_query().0.split('/').collect();
    let mut matching: Vec<&Operation> = spec.operations.iter().filter(|one| fits(&one.path, &path)).collect();
    // OpenAPI matches concrete paths first: of two templates that fit, the one whose parameters come later.
    matching.sort_by_cached_key(|operation| shape(&operation.path));
    let found = matching.iter().find(|operation| operation.method.eq_ignore_ascii_case(&request.method));
    if let Some(operation) = found {
        return Ok(operation);
    }
    let Some(first) = matching.first() else {
        return Err(Answer::refusal(404, "APIGW.0101", "The API does not exist or has not been published"));
    };
    // The methods of the most specific path are the resource's own.
    let own = matching.iter().filter(|operation| shape(&operation.path) == shape(&first.path));
    let methods: BTreeSet<String> = own.map(|operation| operation.method.to_uppercase()).collect();
    let answer = Answer::refusal(405, "APIGW.0101", "The API does not have this method");
    Err(answer.with("allow", methods.into_iter().collect::<Vec<_>>().join(", ")))
}

/// The decoded values of a request's path by parameter.
pub(super) fn values<'a>(operation: &'a Operation, request: &Received) -> Result<Vec<(&'a str, String)>, Answer> {
    let segments = operation.path.split('/').zip(request.path_and_query().0.split('/'));
    let values = segments.filter_map(|(segment, text)| Some((parameter(segment)?, text)));
    let decode = |(name, text): (&'a str, &str)| {
        let text = percent_decode_str(text).decode_utf8();
        let text =
            text.map_err(|_| Answer::refusal(400, "IMG.0017", &format!("path parameter {name} is not UTF-8")))?;
        Ok((name, text.into_owned()))
    };
    values.map(decode).collect()
}

fn fits(template: &str, path: &[&str]) -> bool {
    let segments: Vec<&str> = template.split('/').collect();
    segments.len() == path.len()
        && segments.iter().zip(path).all(|(segment, text)| segment == text || parameter(segment).is_some())
}

/// Which segments of a template are parameters.
fn shape(template: &str) -> Vec<bool> {
    template.split('/').map(|segment| parameter(segment).is_some()).collect()
}

fn parameter(segment: &str) -> Option<&str> {
    segment.strip_prefix('{')?.strip_suffix('}')
}
