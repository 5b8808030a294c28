//! JSON values broken in every way: what a form, a script or a typing error makes of a sample.

use serde_json::{Map, Value, json};

/// The value with one node replaced, doubled, emptied, taken away or added, for each node and way.
#[must_use]
pub fn values(value: &Value) -> Vec<Value> {
    let mut broken = nodes(value);
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let with = |member| {
                    let mut members = members.clone();
                    members.insert(name.clone(), member);
                    Value::Object(members)
                };
                broken.extend(values(member).into_iter().map(with));
                let without = members.iter().filter(|(known, _)| *known != name);
                broken.push(Value::Object(without.map(|(name, member)| (name.clone(), member.clone())).collect()));
            }
            let mut more: Map<String, Value> = members.clone();
            more.insert("unknown".to_owned(), json!(1));
            broken.push(Value::Object(more));
            broken.push(Value::Array(members.values().cloned().collect()));
        }
        Value::Array(items) => {
            if let Some(first) = items.first() {
                let with = |item| Value::Array([item].into_iter().chain(items.iter().skip(1).cloned()).collect());
                broken.extend(values(first).into_iter().map(with));
                broken.push(Value::Array(items.iter().chain(items).cloned().collect()));
                broken.push(Value::Array(vec![first.clone(); 12]));
            }
        }
        _ => {}
    }
    broken
}

/// What may stand in the place of any node.
fn nodes(value: &Value) -> Vec<Value> {
    let all = [
        json!(null),
        json!(true),
        json!(1),
        json!(-1),
        json!(1.5),
        json!(u64::MAX),
        json!(""),
        json!("  "),
        json!("0"),
        json!("1001"),
        json!("zzz"),
        json!("x".repeat(300)),
        json!([]),
        json!([[]]),
        json!({}),
        json!({"zzz": null}),
    ];
    all.into_iter().filter(|other| other != value).collect()
}
