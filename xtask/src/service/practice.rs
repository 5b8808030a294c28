//! The model of the real service that practice needs: tags of images, images by their tags, images that are deleted,
//! jobs that take their time. The one place that knows operations by name; any other answers the document's sample.
//!
//! An image that nobody has written to has the tags of the sample. A question about all images that is the document's
//! sample request gets the sample's answer until something is written, and whenever there would be nothing to show.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::Answer;
use super::check::Values;
use super::prefer::Prefer;
use crate::document::{Document, Operation, Style};

/// What the service remembers.
#[derive(Debug, Default)]
pub(super) struct Practice {
    images: Vec<Image>,
    /// The tags of an image that nobody has written to.
    fresh: Vec<Tag>,
    written: bool,
    /// How many tags an image may have.
    quota: usize,
    deleted: Vec<String>,
    jobs: Vec<Job>,
}

#[derive(Debug)]
struct Image {
    id: String,
    name: String,
    tags: Vec<Tag>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Tag {
    key: String,
    #[serde(default)]
    value: String,
}

#[derive(Debug)]
struct Job {
    id: String,
    polls: usize,
    fails: bool,
}

impl Practice {
    /// What the samples say.
    pub(super) fn new(spec: &Document, quota: usize) -> Self {
        let sample = |operation: &str| spec.operation(operation).and_then(sample_answer).cloned().unwrap_or_default();
        let image = |resource: &Value| {
            let id = resource["resource_id"].as_str()?.to_owned();
            let name = resource["resource_name"].as_str().unwrap_or(&id).to_owned();
            Some(Image { id, name, tags: Deserialize::deserialize(&resource["tags"]).ok()? })
        };
        let resources = sample("ListImageByTags")["resources"].take();
        Self {
            images: resources.as_array().into_iter().flatten().filter_map(image).collect(),
            fresh: Deserialize::deserialize(&sample("ListImageTags")["tags"]).unwrap_or_default(),
            quota,
            ..Self::default()
        }
    }

    /// Does what the operation does; the body of its success.
    pub(super) fn call(
        &mut self,
        operation: &Operation,
        values: &Values,
        prefer: &Prefer,
    ) -> Result<Option<Value>, Answer> {
        let text = |name: &str| values.text(name).unwrap_or_default();
        let image = text("image_id");
        let sample = || page(operation, values, sample_answer(operation).cloned().unwrap_or_default());
        let mut answer = match operation.id.as_deref().unwrap_or_default() {
            "ListImageTags" => json!({"tags": self.image(&image).tags}),
            "AddImageTag" | "CreateOrUpdateTags" | "GlanceCreateTag" => return self.put(&image, tags(values)?),
            "BatchAddOrDeleteTags" if text("action") == "create" => return self.put(&image, tags(values)?),
            "BatchAddOrDeleteTags" | "BatchDeleteTags" => return self.delete(&image, &tags(values)?, false),
            "DeleteImageTag" | "GlanceDeleteTag" => return self.delete(&image, &tags(values)?, true),
            "ListTags" => {
                let images = self.images.iter().filter(|image| text("id").is_empty() || image.id == text("id"));
                let tags: Vec<Value> = images.flat_map(|image| &image.tags).map(Tag::joined).collect();
                self.question(operation, values, json!({"tags": tags}))
            }
            "ListImagesTags" => self.question(operation, values, json!({"tags": grouped(&self.images)})),
            "ListImageByTags" => {
                let body = values.body.as_ref().unwrap_or(&Value::Null);
                let found: Vec<Value> =
                    self.images.iter().filter(|image| image.fits(body)).map(Image::resource).collect();
                let mut answer = json!({"total_count": found.len()});
                if text("action") == "filter" {
                    answer["resources"] = found.into();
                }
                self.question(operation, values, answer)
            }
            "GlanceDeleteImage" => {
                self.images.retain(|known| known.id != image);
                self.deleted.push(image);
                return Ok(None);
            }
            "ListImages" => self.listed(values, sample()),
            "ShowJob" | "ShowJobProgress" => self.progress(&text("job_id"), sample()),
            _ if sample_answer(operation).is_none() => return Ok(None),
            _ => sample(),
        };
        if let Some(job) = operation.job.as_ref().and_then(|name| answer.get_mut(name)) {
            let id = new_id(job.as_str().unwrap_or_default(), self.jobs.len());
            *job = Value::from(id.as_str());
            self.jobs.push(Job { id, polls: 0, fails: prefer.job_fails });
        }
        Ok(Some(answer))
    }

    /// Images by their ids, with the tags that they were given: any image is there until it is deleted.
    fn listed(&self, values: &Values, mut answer: Value) -> Value {
        let is_there = |image: &Value| image["id"].as_str().is_none_or(|id| !self.deleted.iter().any(|one| one == id));
        if let Some(images) = answer["images"].as_array_mut() {
            if let Some(id) = values.text("id") {
                images.truncate(1);
                images.iter_mut().for_each(|image| image["id"] = id.as_str().into());
            }
            images.retain(is_there);
            for image in images {
                if let Some(known) = self.images.iter().find(|known| image["id"] == *known.id) {
                    image["tags"] = known.tags.iter().map(Tag::joined).collect();
                }
            }
        }
        answer
    }

    /// A job is new at the first look, runs for two more, and is then over.
    fn progress(&mut self, id: &str, mut answer: Value) -> Value {
        let Some(number) = self.jobs.iter().position(|job| job.id == id) else { return answer };
        let job = &mut self.jobs[number];
        job.polls += 1;
        let (status, done) = match job.polls {
            1 => ("INIT", 0.0),
            2 => ("RUNNING", 0.4),
            3 => ("RUNNING", 0.8),
            _ if job.fails => ("FAIL", 0.8),
            _ => ("SUCCESS", 1.0),
        };
        answer["job_id"] = id.into();
        answer["status"] = status.into();
        for (name, failed) in [("error_code", "IMG.0082"), ("fail_reason", "the job was asked to fail")] {
            match (status, answer.get_mut(name)) {
                ("FAIL", _) => answer[name] = failed.into(),
                (_, Some(value)) => *value = Value::Null,
                _ => {}
            }
        }
        if let Some(entities) = answer["entities"].as_object_mut() {
            entities.insert("process_percent".to_owned(), done.into());
            match entities.get_mut("image_id") {
                // Each job makes an image of its own, which none has deleted.
                Some(image) if status == "SUCCESS" => {
                    *image = new_id(image.as_str().unwrap_or_default(), number).into();
                }
                _ => drop(entities.shift_remove("image_id")),
            }
        }
        answer
    }

    /// The answer to a question about all images.
    fn question(&self, operation: &Operation, values: &Values, answer: Value) -> Value {
        let answer = page(operation, values, answer);
        let is_empty = |value: &Value| value.as_array().is_some_and(Vec::is_empty) || *value == 0;
        let nothing = answer.as_object().is_some_and(|members| members.values().all(is_empty));
        let sample = sample_answer(operation).filter(|_| (nothing || !self.written) && is_sample(operation, values));
        sample.cloned().unwrap_or(answer)
    }

    fn image(&mut self, id: &str) -> &mut Image {
        let at = self.images.iter().position(|image| image.id == id).unwrap_or_else(|| {
            self.images.push(Image { id: id.to_owned(), name: id.to_owned(), tags: self.fresh.clone() });
            self.images.len() - 1
        });
        &mut self.images[at]
    }

    /// All or nothing: a quota that the last tag would break leaves the first out, too.
    fn put(&mut self, image: &str, tags: Vec<Tag>) -> Result<Option<Value>, Answer> {
        let quota = self.quota;
        let image = self.image(image);
        let mut after = image.tags.clone();
        for tag in tags {
            match after.iter_mut().find(|known| known.key == tag.key) {
                Some(known) => known.value = tag.value,
                None => after.push(tag),
            }
        }
        if after.len() > quota {
            return Err(Answer::invalid("IMG.0116", &format!("an image has at most {quota} tags")));
        }
        image.tags = after;
        self.written = true;
        Ok(None)
    }

    fn delete(&mut self, image: &str, tags: &[Tag], strict: bool) -> Result<Option<Value>, Answer> {
        let image = self.image(image);
        let is_there = |tag: &&Tag| image.tags.iter().any(|known| known.key == tag.key);
        if let Some(missing) = tags.iter().find(|tag| strict && !is_there(tag)) {
            let message = format!("the image has no tag \"{}\"", missing.key.escape_debug());
            return Err(Answer::service(404, "IMG.0115", &message));
        }
        image.tags.retain(|known| tags.iter().all(|tag| tag.key != known.key));
        self.written = true;
        Ok(None)
    }
}

impl Tag {
    fn joined(&self) -> Value {
        if self.value.is_empty() { self.key.clone() } else { format!("{}.{}", self.key, self.value) }.into()
    }
}

impl Image {
    fn resource(&self) -> Value {
        json!({
            "resource_name": self.name,
            "resource_detail": {"status": "active"},
            "tags": self.tags,
            "resource_id": self.id,
        })
    }

    /// The filter of this cloud's tag services: the four lists narrow each other; within a key, values are alternatives
    /// and none means any; `without_any_tag` leaves the four aside.
    fn fits(&self, filter: &Value) -> bool {
        let list = |name: &str| filter[name].as_array();
        let has = |wanted: &Value| {
            let values = wanted["values"].as_array().filter(|values| !values.is_empty());
            let is_value = |tag: &Tag| values.is_none_or(|values| values.iter().any(|value| *value == tag.value));
            self.tags.iter().any(|tag| wanted["key"] == tag.key && is_value(tag))
        };
        let tags = if filter["without_any_tag"] == true {
            self.tags.is_empty()
        } else {
            list("tags").is_none_or(|all| all.iter().all(has))
                && list("tags_any").is_none_or(|all| all.iter().any(has))
                && list("not_tags").is_none_or(|all| !all.iter().all(has))
                && list("not_tags_any").is_none_or(|all| !all.iter().any(has))
        };
        let matches = list("matches").into_iter().flatten().all(|wanted| {
            let value = wanted["value"].as_str().unwrap_or_default();
            if wanted["key"] == "resource_id" { self.id == value } else { self.name.contains(value) }
        });
        tags && matches
    }
}

/// The tags that a request means: a list of them, one, one as `key.value`, or one by its key alone.
fn tags(values: &Values) -> Result<Vec<Tag>, Answer> {
    let tag = |key: &str, value: &str| Tag { key: key.to_owned(), value: value.to_owned() };
    let meant = ["tags", "tag", "image_tag", "key"].into_iter().find_map(|name| values.get(name));
    let tags = match meant.unwrap_or(&Value::Null) {
        Value::String(key) if values.body.is_none() => vec![tag(key, "")],
        Value::String(joined) => {
            let (key, value) = joined.split_once('.').unwrap_or((joined, ""));
            vec![tag(key, value)]
        }
        Value::Array(all) => all.iter().filter_map(|one| Tag::deserialize(one).ok()).collect(),
        one => Tag::deserialize(one).into_iter().collect(),
    };
    if tags.iter().any(|tag| tag.key.trim().is_empty()) {
        return Err(Answer::invalid("IMG.0115", "the key of a tag is empty"));
    }
    Ok(tags)
}

/// Every key of the images' tags, each with all its values.
fn grouped(images: &[Image]) -> Vec<Value> {
    let mut groups: Map<String, Value> = Map::new();
    for tag in images.iter().flat_map(|image| &image.tags) {
        let values = groups.entry(&tag.key).or_insert_with(|| json!([]));
        if let Some(values) = values.as_array_mut().filter(|values| !values.iter().any(|value| *value == tag.value)) {
            values.push(tag.value.as_str().into());
        }
    }
    groups.into_iter().map(|(key, values)| json!({"values": values, "key": key})).collect()
}

/// Leaves the piece of a list that a request wants. The samples are first pages: behind a marker there is nothing.
fn page(operation: &Operation, values: &Values, mut answer: Value) -> Value {
    let Some(paging) = &operation.paging else { return answer };
    let count = |name: &str| values.text(name).and_then(|text| text.parse::<usize>().ok());
    let limit = count(&paging.limit);
    let (skipped, limit, next): (usize, _, &[String]) = match &paging.style {
        Style::Offset(offset) => (count(offset).unwrap_or(0), limit, &[]),
        Style::Page(page) => {
            (count(page).unwrap_or(1).saturating_sub(1).saturating_mul(limit.unwrap_or(0)), limit, &[])
        }
        Style::Marker { .. } | Style::Link { .. } if values.get(paging.place()).is_none() => return answer,
        Style::Marker { next, .. } => (usize::MAX, None, next.as_deref().unwrap_or_default()),
        Style::Link { next, .. } => (usize::MAX, None, next),
    };
    if let Some(items) = answer.get_mut(&paging.items).and_then(Value::as_array_mut) {
        *items = items.drain(..).skip(skipped).take(limit.unwrap_or(usize::MAX)).collect();
    }
    if let Some((last, way)) = next.split_last() {
        let holder = way.iter().try_fold(&mut answer, |holder, name| holder.get_mut(name));
        if let Some(holder) = holder.and_then(Value::as_object_mut) {
            holder.shift_remove(last);
        }
    }
    answer
}

fn sample_answer(operation: &Operation) -> Option<&Value> {
    Some(&operation.answer()?.media()?.samples.first()?.value)
}

/// Whether the request asks what the document's sample asks, whatever its path says.
fn is_sample(operation: &Operation, values: &Values) -> bool {
    let Some(sample) = &operation.sample else { return false };
    let is_path = |name: &str| operation.path.contains(&format!("{{{name}}}"));
    let mut wanted = sample.values.iter().filter(|(name, _)| !is_path(name));
    let given: Vec<(&str, String)> = values.query().collect();
    given.len() == wanted.clone().count()
        && wanted.all(|(name, value)| given.iter().any(|(known, given)| known == name && given == value))
        && sample.body == values.body
}

/// An id in the form of the sample's.
fn new_id(sample: &str, number: usize) -> String {
    let kept = sample.len().saturating_sub(4);
    format!("{}{:04x}", sample.get(..kept).unwrap_or_default(), number + 1)
}
