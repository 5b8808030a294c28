//! `--query`: a part of the result, in JMESPath.

use jmespath::Expression;
use serde_json::Value;

use super::model::Text;
use super::stop::Stop;

/// The query of this text.
pub(crate) fn compiled(text: &str) -> Result<Expression<'static>, Stop> {
    jmespath::compile(text).map_err(refused)
}

/// What the query finds, with fields in the order of the query, then of the answer: the engine sorts them.
pub(crate) fn queried(query: &str, value: &Value) -> Result<Value, Stop> {
    let found = compiled(query)?.search(value).map_err(refused)?;
    let mut found = serde_json::to_value(&*found).map_err(refused)?;
    let answer = value.to_string();
    let place = |name: &str| match query.find(&format!("{name}:")) {
        Some(at) => (0, at),
        None => (1, answer.find(&format!("\"{name}\":")).unwrap_or(usize::MAX)),
    };
    reorder(&mut found, &place);
    Ok(found)
}

fn refused(error: impl ToString) -> Stop {
    Stop::usage(Text::same(format!("--query: {}", error.to_string().lines().next().unwrap_or_default())))
}

fn reorder(value: &mut Value, place: &impl Fn(&str) -> (u8, usize)) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| reorder(item, place)),
        Value::Object(members) => {
            let mut sorted: Vec<(String, Value)> = std::mem::take(members).into_iter().collect();
            sorted.sort_by_key(|(name, _)| place(name));
            sorted.iter_mut().for_each(|(_, member)| reorder(member, place));
            members.extend(sorted);
        }
        _ => {}
    }
}
