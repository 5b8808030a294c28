//! Which operation of the document a request means.

use percent_encoding::percent_decode_str;

use super::{Answer, Received};
use crate::document::{Document, Operation};

/// An operation, and the decoded values of a request's path by parameter.
pub(crate) type Found<'a> = (&'a Operation, Vec<(&'a str, String)>);

/// The operation that a request means, and the decoded values of its path.
pub(crate) fn find<'a>(spec: &'a Document, request: &Received) -> Result<Found<'a>, Answer> {
    let path: Vec<&str> = request.path_and_query().0.split('/').collect();
    let matching = spec.operations.iter().filter_map(|operation| Some((operation, values(&operation.path, &path)?)));
    let mut matching: Vec<_> = matching.collect();
    // OpenAPI matches concrete paths first.
    matching.sort_by_cached_key(|(operation, _)| shape(&operation.path));
    let Some(at) = matching.iter().position(|(operation, _)| operation.method.eq_ignore_ascii_case(&request.method))
    else {
        let Some((first, _)) = matching.first() else {
            return Err(Answer::gateway(404, "APIGW.0101", "The API does not exist or has not been published"));
        };
        // The methods of the most specific path are the resource's own.
        let own = matching.iter().filter(|(operation, _)| shape(&operation.path) == shape(&first.path));
        let mut methods: Vec<String> = own.map(|(operation, _)| operation.method.to_uppercase()).collect();
        methods.sort_unstable();
        methods.dedup();
        let mut answer = Answer::gateway(405, "APIGW.0101", "The API does not have this method");
        answer.headers.push(("allow", methods.join(", ")));
        return Err(answer);
    };
    let (operation, values) = matching.swap_remove(at);
    let decode = |(name, text): (&'a str, &str)| {
        let text = percent_decode_str(text).decode_utf8();
        let text = text.map_err(|_| Answer::invalid("IMG.0017", &format!("path parameter {name} is not UTF-8")))?;
        Ok((name, text.into_owned()))
    };
    Ok((operation, values.into_iter().map(decode).collect::<Result<_, Answer>>()?))
}

/// The values of the template's parameters, still percent-encoded, if the path is the template's.
fn values<'a, 'p>(template: &'a str, path: &[&'p str]) -> Option<Vec<(&'a str, &'p str)>> {
    let segments: Vec<&str> = template.split('/').collect();
    if path.len() != segments.len() {
        return None;
    }
    let mut values = Vec::new();
    for (segment, &text) in segments.into_iter().zip(path) {
        match parameter(segment) {
            Some(name) => values.push((name, text)),
            None if segment == text => {}
            None => return None,
        }
    }
    Some(values)
}

/// Which segments of a template are parameters: of two templates that fit, the lesser is the more specific.
fn shape(template: &str) -> Vec<bool> {
    template.split('/').map(|segment| parameter(segment).is_some()).collect()
}

fn parameter(segment: &str) -> Option<&str> {
    segment.strip_prefix('{')?.strip_suffix('}')
}
