//! The tags that the service keeps in memory, and what an effect does to them.

use serde_json::{Map, Value, json};

use super::Answer;
use super::check::Values;
use super::effect::{Action, Effect};
use super::routes::Operation;

/// The images that were asked about, in that order.
#[derive(Debug, Default)]
pub(super) struct State {
    images: Vec<Image>,
    /// What an image has before anybody writes to it: the sample's tags.
    sample: Vec<Tag>,
    written: bool,
}

#[derive(Debug)]
struct Image {
    id: String,
    tags: Vec<Tag>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Tag {
    key: String,
    value: String,
}

impl Tag {
    fn pair(&self) -> Value {
        json!({"key": self.key, "value": self.value})
    }
}

impl State {
    pub(super) fn new(operations: &[Operation]) -> Self {
        let lists_image = |operation: &&Operation| {
            operation.effects.iter().any(|effect| effect.action == Action::List && effect.image.is_some())
        };
        let sample = operations.iter().filter(lists_image).find_map(|operation| {
            let sample = operation.sample_of(operation.success().0)?.as_object()?;
            let tags = sample.values().find_map(Value::as_array)?;
            tags.iter().map(|tag| tag_of(tag, None).ok()).collect::<Option<Vec<Tag>>>()
        });
        Self { sample: sample.unwrap_or_default(), ..Self::default() }
    }

    /// Does what the operation's effect says; an operation without one answers its sample.
    pub(super) fn apply(&mut self, operation: &Operation, values: &Values) -> Result<Answer, Answer> {
        let (status, schema) = operation.success();
        let Some(effect) = operation.effects.iter().find(|effect| effect.applies(values)) else {
            return match (schema, operation.sample_of(status)) {
                (None, _) => Ok(Answer::new(status, None)),
                (Some(_), Some(sample)) => Ok(Answer::new(status, Some(sample.clone()))),
                (Some(_), None) => {
                    let message = format!("the document has neither a sample nor an effect for {}", operation.model.id);
                    Err(Answer::gateway(500, "APIGW.0601", &message))
                }
            };
        };
        let image = effect.image.as_ref().and_then(|image| image.text(values));
        let body = match (effect.action, &image) {
            (Action::Put | Action::Delete, None) => {
                return Err(Answer::invalid("IMG.0027", "the image id is missing"));
            }
            (Action::Put, Some(image)) => {
                self.put(image, effect, tags_of(effect, values)?)?;
                None
            }
            (Action::Delete, Some(image)) => {
                self.delete(image, effect, &tags_of(effect, values)?)?;
                None
            }
            (Action::List | Action::Find | Action::Count, None) if !self.written && is_sample(operation, values) => {
                operation.sample_of(status).cloned()
            }
            (Action::List, image) => {
                let images = match image {
                    Some(image) => std::slice::from_ref(self.image(image)),
                    None => &self.images,
                };
                let tags: Vec<&Tag> = images.iter().flat_map(|image| &image.tags).collect();
                Some(listed(operation, effect, values, &tags))
            }
            (Action::Find, _) => {
                let found = self.found(effect, values);
                let resources: Vec<Value> = page(effect, values, &found).iter().map(|image| resource(image)).collect();
                Some(json!({"resources": resources, "total_count": found.len()}))
            }
            (Action::Count, _) => Some(json!({"total_count": self.found(effect, values).len()})),
        };
        Ok(Answer::new(status, body))
    }

    fn image(&mut self, id: &str) -> &mut Image {
        let at = self.images.iter().position(|image| image.id == id).unwrap_or_else(|| {
            self.images.push(Image { id: id.to_owned(), tags: self.sample.clone() });
            self.images.len() - 1
        });
        &mut self.images[at]
    }

    /// All or nothing: a quota that the last tag would break leaves the first out, too.
    fn put(&mut self, image: &str, effect: &Effect, tags: Vec<Tag>) -> Result<(), Answer> {
        let image = self.image(image);
        let mut after = image.tags.clone();
        for tag in tags {
            match after.iter_mut().find(|known| known.key == tag.key) {
                Some(known) => known.value = tag.value,
                None => after.push(tag),
            }
        }
        if let Some(quota) = effect.quota.filter(|quota| after.len() > *quota) {
            return Err(Answer::invalid("IMG.0116", &format!("an image has at most {quota} tags")));
        }
        image.tags = after;
        self.written = true;
        Ok(())
    }

    fn delete(&mut self, image: &str, effect: &Effect, tags: &[Tag]) -> Result<(), Answer> {
        let image = self.image(image);
        let is_there = |tag: &&Tag| image.tags.iter().any(|known| known.key == tag.key);
        if let (Some(status), Some(missing)) = (effect.missing, tags.iter().find(|tag| !is_there(tag))) {
            let message = format!("the image has no tag \"{}\"", missing.key.escape_debug());
            return Err(Answer::service(status, "IMG.0115", &message));
        }
        image.tags.retain(|known| tags.iter().all(|tag| tag.key != known.key));
        self.written = true;
        Ok(())
    }

    fn found(&self, effect: &Effect, values: &Values) -> Vec<&Image> {
        let nothing = Value::Null;
        let filter = effect.filter.as_ref().and_then(|filter| filter.of(values)).unwrap_or(&nothing);
        self.images.iter().filter(|image| is_wanted(image, filter)).collect()
    }
}

/// Whether the request asks what the document's sample asks, whatever its path says.
fn is_sample(operation: &Operation, values: &Values) -> bool {
    let Some(sample) = &operation.model.sample else { return false };
    let in_query = values.parameters.iter().filter(|(location, _, _)| location == "query");
    let given: Vec<(&str, String)> = in_query
        .map(|(_, name, value)| (name.as_str(), value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
        .collect();
    let of_query = |name: &str| {
        operation.parameters.iter().any(|parameter| parameter.location == "query" && parameter.name == name)
    };
    let wanted: Vec<_> = sample.values.iter().filter(|(name, _)| of_query(name)).collect();
    given.len() == wanted.len()
        && wanted.iter().all(|(name, value)| given.iter().any(|(known, given)| known == name && given == value))
        && sample.body == values.body
}

/// The tags of a request.
fn tags_of(effect: &Effect, values: &Values) -> Result<Vec<Tag>, Answer> {
    let mut given = effect.tags.iter().filter_map(|expression| expression.of(values));
    let (Some(first), None) = (given.next(), given.next()) else {
        return Err(Answer::invalid("IMG.0115", "the request must name its tags in exactly one way"));
    };
    let separator = effect.separator.as_deref();
    let tags = match first {
        Value::Array(all) => all.iter().map(|tag| tag_of(tag, separator)).collect(),
        one => tag_of(one, separator).map(|tag| vec![tag]),
    };
    tags.map_err(|problem| Answer::invalid("IMG.0115", &problem))
}

fn tag_of(tag: &Value, separator: Option<&str>) -> Result<Tag, String> {
    let text = |key: &str| tag.get(key).and_then(Value::as_str);
    let (key, value) = match tag {
        Value::String(text) => separator.and_then(|separator| text.split_once(separator)).unwrap_or((text, "")),
        _ => (text("key").ok_or("a tag has no key")?, text("value").unwrap_or_default()),
    };
    if key.trim().is_empty() {
        return Err("the key of a tag is empty".to_owned());
    }
    Ok(Tag { key: key.to_owned(), value: value.to_owned() })
}

/// Tags as the success schema writes its list.
fn listed(operation: &Operation, effect: &Effect, values: &Values, tags: &[&Tag]) -> Value {
    let form = operation.list_form();
    let items: Vec<Value> = match form.items {
        Items::Pairs => tags.iter().map(|tag| tag.pair()).collect(),
        Items::Grouped => grouped(tags),
        Items::Strings => tags
            .iter()
            .map(|tag| match &effect.separator {
                Some(separator) if !tag.value.is_empty() => format!("{}{separator}{}", tag.key, tag.value).into(),
                _ => tag.key.as_str().into(),
            })
            .collect(),
    };
    let items: Vec<Value> = page(effect, values, &items).to_vec();
    Value::Object(Map::from_iter([(form.property, Value::Array(items))]))
}

/// How a success schema writes a list of tags.
#[derive(Debug, Clone)]
pub(super) struct ListForm {
    /// The property that holds the list.
    pub(super) property: String,
    pub(super) items: Items,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Items {
    /// `{key, value}`
    Pairs,
    /// `{key, values}`
    Grouped,
    /// `key` or `key.value`
    Strings,
}

fn grouped(tags: &[&Tag]) -> Vec<Value> {
    let mut groups: Vec<(&str, Vec<&str>)> = Vec::new();
    for tag in tags {
        match groups.iter_mut().find(|(key, _)| *key == tag.key) {
            Some((_, values)) if values.contains(&tag.value.as_str()) => {}
            Some((_, values)) => values.push(&tag.value),
            None => groups.push((&tag.key, vec![&tag.value])),
        }
    }
    groups.into_iter().map(|(key, values)| json!({"values": values, "key": key})).collect()
}

/// The piece of a list that the request wants.
fn page<'a, T>(effect: &Effect, values: &Values, all: &'a [T]) -> &'a [T] {
    let count = |expression: &Option<super::effect::Expression>| expression.as_ref().and_then(|one| one.count(values));
    let limit = count(&effect.limit).unwrap_or(all.len());
    let skipped_pages = count(&effect.page).unwrap_or(1).saturating_sub(1).saturating_mul(limit);
    let start = count(&effect.offset).unwrap_or(0).saturating_add(skipped_pages).min(all.len());
    &all[start..start.saturating_add(limit).min(all.len())]
}

/// The filter of this cloud's tag services: the four lists narrow each other; within a key, values are alternatives
/// and none means any; `without_any_tag` leaves the four aside.
fn is_wanted(image: &Image, filter: &Value) -> bool {
    let has = |wanted: &Value| {
        let values: Vec<&str> =
            wanted.get("values").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
        image.tags.iter().any(|tag| {
            wanted.get("key").is_some_and(|key| *key == tag.key)
                && (values.is_empty() || values.contains(&tag.value.as_str()))
        })
    };
    let list = |name: &str| filter.get(name).and_then(Value::as_array);
    let tags = if filter.get("without_any_tag") == Some(&Value::Bool(true)) {
        image.tags.is_empty()
    } else {
        list("tags").is_none_or(|all| all.iter().all(has))
            && list("tags_any").is_none_or(|all| all.iter().any(has))
            && list("not_tags").is_none_or(|all| !all.iter().all(has))
            && list("not_tags_any").is_none_or(|all| !all.iter().any(has))
    };
    // Images of this service are called by their ids.
    let matches = list("matches").into_iter().flatten().all(|wanted| {
        let value = wanted.get("value").and_then(Value::as_str).unwrap_or_default();
        match wanted.get("key").and_then(Value::as_str) {
            Some("resource_id") => image.id == value,
            _ => image.id.contains(value),
        }
    });
    tags && matches
}

fn resource(image: &Image) -> Value {
    json!({
        "resource_name": image.id,
        "resource_detail": {"status": "active"},
        "tags": image.tags.iter().map(Tag::pair).collect::<Vec<_>>(),
        "resource_id": image.id,
    })
}
