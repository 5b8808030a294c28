//! The model of the real service that practice needs: tags of images, images by their tags, images that are deleted,
//! jobs that take their time. The one place that knows operations by name; any other answers the document's sample.
//!
//! An image that nobody has written to has the tags of the sample. A question about all images that is the document's
//! sample request gets the sample's answer until something is written, and whenever there would be nothing to show.

use serde_json::{Value, json};

use super::Answer;
use super::check::Values;
use super::prefer::Prefer;
use crate::document::{Document, Operation, Style};

/// What the service remembers.
#[derive(Debug, Default)]
pub(super) struct Practice {
    /// As `ListImageByTags` answers them.
    images: Vec<Value>,
    /// The tags of an image that nobody has written to.
    fresh: Value,
    written: bool,
    /// How many tags an image may have.
    quota: usize,
    deleted: Vec<String>,
    jobs: Vec<Job>,
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
        let sample = |operation: &str, list: &str| {
            spec.operation(operation).and_then(sample_answer).map(|answer| answer[list].clone()).unwrap_or_default()
        };
        Self {
            images: list(&sample("ListImageByTags", "resources")).to_vec(),
            fresh: sample("ListImageTags", "tags"),
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
            "ListImageTags" => json!({"tags": self.image(&image)["tags"]}),
            "AddImageTag" | "CreateOrUpdateTags" | "GlanceCreateTag" => return self.put(&image, &tags(values)?),
            "BatchAddOrDeleteTags" if text("action") == "create" => return self.put(&image, &tags(values)?),
            "BatchAddOrDeleteTags" | "BatchDeleteTags" => return self.delete(&image, &tags(values)?, false),
            "DeleteImageTag" | "GlanceDeleteTag" => return self.delete(&image, &tags(values)?, true),
            "ListTags" => {
                let is_meant = |image: &&Value| text("id").is_empty() || image["resource_id"] == *text("id");
                let tags: Vec<Value> = self.images.iter().filter(is_meant).flat_map(joined).collect();
                self.question(operation, values, json!({"tags": tags}))
            }
            "ListImagesTags" => self.question(operation, values, json!({"tags": self.grouped()})),
            "ListImageByTags" => {
                let body = values.body.as_ref().unwrap_or(&Value::Null);
                let found: Vec<_> = self.images.iter().filter(|image| fits(image, body)).cloned().collect();
                let mut answer = json!({"total_count": found.len()});
                if text("action") == "filter" {
                    answer["resources"] = found.into();
                }
                self.question(operation, values, answer)
            }
            "GlanceDeleteImage" => {
                self.images.retain(|known| known["resource_id"] != *image);
                self.deleted.push(image);
                return Ok(None);
            }
            "ListImages" => self.listed(values, sample()),
            "ShowJob" | "ShowJobProgress" => self.progress(&text("job_id"), sample()),
            _ if sample_answer(operation).is_none() => return Ok(None),
            _ => sample(),
        };
        if let Some(job) = operation.job.as_ref().and_then(|name| answer.get_mut(name)) {
            let id = new_id(job, self.jobs.len());
            *job = id.as_str().into();
            self.jobs.push(Job { id, polls: 0, fails: prefer.job_fails });
        }
        Ok(Some(answer))
    }

    /// Images by their ids, with the tags that they were given: any image is there until it is deleted.
    fn listed(&self, values: &Values, mut answer: Value) -> Value {
        if let Some(images) = answer["images"].as_array_mut() {
            if let Some(id) = values.text("id") {
                images.truncate(1);
                images.iter_mut().for_each(|image| image["id"] = id.as_str().into());
            }
            images.retain(|image| !self.deleted.iter().any(|deleted| image["id"] == **deleted));
            for image in images {
                if let Some(known) = self.images.iter().find(|known| image["id"] == known["resource_id"]) {
                    image["tags"] = joined(known).collect();
                }
            }
        }
        answer
    }

    /// A job is new at the first look, runs for two more, and is then over.
    fn progress(&mut self, id: &str, mut answer: Value) -> Value {
        let Some((number, job)) = self.jobs.iter_mut().enumerate().find(|(_, job)| job.id == id) else { return answer };
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
        let failed = |text| (status == "FAIL").then_some(text);
        answer["error_code"] = failed("IMG.0082").into();
        answer["fail_reason"] = failed("the job was asked to fail").into();
        if let Some(entities) = answer["entities"].as_object_mut() {
            entities.insert("process_percent".to_owned(), done.into());
            // Each job makes an image of its own, which none has deleted.
            let image = entities.shift_remove("image_id").filter(|_| status == "SUCCESS");
            entities.extend(image.map(|image| ("image_id".to_owned(), new_id(&image, number).into())));
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

    fn image(&mut self, id: &str) -> &mut Value {
        let at = self.images.iter().position(|image| image["resource_id"] == id).unwrap_or_else(|| {
            let detail = json!({"status": "active"});
            let image = json!({"resource_id": id, "resource_name": id, "resource_detail": detail, "tags": self.fresh});
            self.images.push(image);
            self.images.len() - 1
        });
        &mut self.images[at]
    }

    /// All or nothing: a quota that the last tag would break leaves the first out, too.
    fn put(&mut self, image: &str, tags: &[Value]) -> Result<Option<Value>, Answer> {
        let quota = self.quota;
        let image = self.image(image);
        let mut after = list(&image["tags"]).to_vec();
        for tag in tags {
            match after.iter_mut().find(|known| known["key"] == tag["key"]) {
                Some(known) => *known = tag.clone(),
                None => after.push(tag.clone()),
            }
        }
        if after.len() > quota {
            return Err(Answer::refusal(400, "IMG.0116", &format!("an image has at most {quota} tags")));
        }
        image["tags"] = after.into();
        self.written = true;
        Ok(None)
    }

    fn delete(&mut self, image: &str, tags: &[Value], strict: bool) -> Result<Option<Value>, Answer> {
        let image = self.image(image);
        let is_in = |list: &[Value], tag: &Value| list.iter().any(|known| known["key"] == tag["key"]);
        if let Some(missing) = tags.iter().find(|tag| strict && !is_in(list(&image["tags"]), tag)) {
            let message = format!("the image has no tag {}", missing["key"]);
            return Err(Answer::refusal(404, "IMG.0115", &message));
        }
        image["tags"] = list(&image["tags"]).iter().filter(|tag| !is_in(tags, tag)).cloned().collect();
        self.written = true;
        Ok(None)
    }

    /// Every key of the images' tags, each with all its values.
    fn grouped(&self) -> Vec<Value> {
        let mut groups: Vec<(&Value, Vec<&Value>)> = Vec::new();
        for tag in self.images.iter().flat_map(|image| list(&image["tags"])) {
            match groups.iter_mut().find(|(key, _)| **key == tag["key"]) {
                Some((_, values)) if values.contains(&&tag["value"]) => {}
                Some((_, values)) => values.push(&tag["value"]),
                None => groups.push((&tag["key"], vec![&tag["value"]])),
            }
        }
        groups.into_iter().map(|(key, values)| json!({"values": values, "key": key})).collect()
    }
}

/// The filter of this cloud's tag services: the four lists narrow each other; within a key, values are alternatives and
/// none means any; `without_any_tag` leaves the four aside.
fn fits(image: &Value, filter: &Value) -> bool {
    let tags = list(&image["tags"]);
    let has = |wanted: &Value| {
        let values = list(&wanted["values"]);
        tags.iter().any(|tag| tag["key"] == wanted["key"] && (values.is_empty() || values.contains(&tag["value"])))
    };
    let wanted = |name: &str| filter[name].as_array();
    let by_tags = if filter["without_any_tag"] == true {
        tags.is_empty()
    } else {
        wanted("tags").is_none_or(|all| all.iter().all(has))
            && wanted("tags_any").is_none_or(|all| all.iter().any(has))
            && wanted("not_tags").is_none_or(|all| !all.iter().all(has))
            && wanted("not_tags_any").is_none_or(|all| !all.iter().any(has))
    };
    by_tags
        && list(&filter["matches"]).iter().all(|wanted| {
            let value = wanted["value"].as_str().unwrap_or_default();
            let name = image["resource_name"].as_str().unwrap_or_default();
            if wanted["key"] == "resource_id" { image["resource_id"] == value } else { name.contains(value) }
        })
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// An image's tags as `key.value`.
fn joined(image: &Value) -> impl Iterator<Item = Value> {
    list(&image["tags"]).iter().map(|tag| match (tag["key"].as_str().unwrap_or_default(), tag["value"].as_str()) {
        (key, None | Some("")) => key.into(),
        (key, Some(value)) => format!("{key}.{value}").into(),
    })
}

/// The tags that a request means: a list of them, one, one as `key.value`, or one by its key alone.
fn tags(values: &Values) -> Result<Vec<Value>, Answer> {
    let meant = ["tags", "tag", "image_tag", "key"].into_iter().find_map(|name| values.get(name));
    let tag = |(key, value): (&str, &str)| json!({"key": key, "value": value});
    let tags: Vec<Value> = match meant {
        None => Vec::new(),
        Some(Value::String(key)) if values.body.is_none() => vec![tag((key, ""))],
        Some(Value::String(joined)) => vec![tag(joined.split_once('.').unwrap_or((joined, "")))],
        Some(Value::Array(tags)) => tags.clone(),
        Some(one) => vec![one.clone()],
    };
    if tags.iter().any(|tag| tag["key"].as_str().is_some_and(|key| key.trim().is_empty())) {
        return Err(Answer::refusal(400, "IMG.0115", "the key of a tag is empty"));
    }
    Ok(tags)
}

/// Leaves the piece of a list that a request wants. The samples are first pages: behind a marker there is nothing.
fn page(operation: &Operation, values: &Values, mut answer: Value) -> Value {
    let Some(paging) = &operation.paging else { return answer };
    let count = |name: &str| values.text(name).and_then(|text| text.parse::<usize>().ok());
    let limit = count(&paging.limit);
    let (skipped, next): (_, &[String]) = match &paging.style {
        Style::Offset(offset) => (count(offset).unwrap_or(0), &[]),
        Style::Page(page) => (count(page).unwrap_or(1).saturating_sub(1).saturating_mul(limit.unwrap_or(0)), &[]),
        Style::Marker { .. } | Style::Link { .. } if values.get(paging.place()).is_none() => return answer,
        Style::Marker { next, .. } => (usize::MAX, next.as_deref().unwrap_or_default()),
        Style::Link { next, .. } => (usize::MAX, next),
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
    let mut wanted: Vec<_> = sample.values.iter().filter(|(name, _)| !is_path(name)).collect();
    let mut given: Vec<_> = values.query.iter().collect();
    wanted.sort();
    given.sort();
    wanted == given && sample.body == values.body
}

/// An id in the form of the sample's.
fn new_id(sample: &Value, number: usize) -> String {
    let sample = sample.as_str().unwrap_or_default();
    let kept = sample.len().saturating_sub(4);
    format!("{}{:04x}", sample.get(..kept).unwrap_or_default(), number + 1)
}
