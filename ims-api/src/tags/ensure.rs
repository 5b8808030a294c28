//! Making the tags of an image what they should be.

use std::collections::BTreeMap;
use std::fmt;

use crate::{Client, Error, ErrorKind, operations, types};

/// How many tags go into one batch: as many as an image may have by the operations' pages, which state no other limit.
const BATCH: usize = 10;

/// A wish for an image's tags, made by [`Client::ensure_tags`].
///
/// Deletions come before additions, so that the number of tags never exceeds both what is there and what is wished.
/// Every call only names keys that must change. After a failure half-way, [`apply`](Self::apply) again: it reads what
/// is there and does the rest.
#[derive(Debug, Clone)]
#[must_use = "nothing is sent until `apply` is awaited"]
pub struct EnsureTags<'a> {
    client: &'a Client,
    image: String,
    desired: BTreeMap<String, String>,
    keep_others: bool,
}

impl<'a> EnsureTags<'a> {
    pub(super) fn new(client: &'a Client, image: &str, desired: BTreeMap<String, String>) -> Self {
        Self { client, image: image.to_owned(), desired, keep_others: false }
    }

    /// Leaves tags alone whose key isn't among the wished ones; otherwise they are deleted.
    pub fn keep_others(mut self) -> Self {
        self.keep_others = true;
        self
    }

    /// What [`apply`](Self::apply) would do now: a dry run.
    ///
    /// Calls `ListImageTags` once.
    ///
    /// # Errors
    /// Those of `ListImageTags`; a wish that no request can carry.
    pub async fn plan(&self) -> Result<TagPlan, Error> {
        let refuse = |reason| Error::invalid_request(&operations::BATCH_ADD_OR_DELETE_TAGS, reason);
        // A tag that can't be sent is found now, and not after the deletions.
        for (key, value) in &self.desired {
            tag(key, value).map_err(refuse)?;
        }
        let found = self.client.image_tags(&self.image).await?;
        Ok(TagPlan::of(&found, &self.desired, self.keep_others))
    }

    /// Reads the tags, computes the plan and carries it out.
    ///
    /// Calls `ListImageTags` once, then what [`TagPlan::calls`] lists: `BatchAddOrDeleteTags` once for every ten keys to
    /// delete and once for every ten to set, and `DeleteImageTag` for keys that no batch takes.
    ///
    /// # Errors
    /// The first call that failed, with what was done before it.
    pub async fn apply(&self) -> Result<TagReport, EnsureError> {
        let failed = |done, error| EnsureError { report: TagReport { done }, error };
        let plan = self.plan().await.map_err(|error| failed(Vec::new(), error))?;
        let mut done = Vec::new();
        for call in plan.calls() {
            match self.send(&call).await {
                Ok(()) => done.push(call),
                Err(error) => return Err(failed(done, error)),
            }
        }
        Ok(TagReport { done })
    }

    async fn send(&self, call: &TagCall) -> Result<(), Error> {
        let (tags, action) = match call {
            TagCall::DeleteOne(key) => {
                let outcome = self.client.delete_image_tag().image_id(&*self.image).key(&**key).send().await;
                return match outcome {
                    // Somebody else was quicker, or the answer of an earlier attempt was lost: it is gone.
                    Err(error) if error.kind() == Some(ErrorKind::NotFound) => Ok(()),
                    outcome => outcome.map(drop),
                };
            }
            TagCall::Delete(tags) => (tags, types::BatchAction::Delete),
            TagCall::Set(tags) => (tags, types::BatchAction::Create),
        };
        let tags: Result<Vec<_>, String> = tags.iter().map(|(key, value)| tag(key, value)).collect();
        let tags = tags.map_err(|reason| Error::invalid_request(&operations::BATCH_ADD_OR_DELETE_TAGS, reason))?;
        let body = types::BatchAddOrDeleteTagsRequest::builder().tags(tags).action(action);
        self.client.batch_add_or_delete_tags().image_id(&*self.image).body(body).await.map(drop)
    }
}

fn tag(key: &str, value: &str) -> Result<types::TagInput, String> {
    let tag = types::TagInput::builder().key(key).value(value).build();
    tag.map_err(|reason| format!("tag \"{}\": {reason}", key.escape_debug()))
}

/// The calls that make the tags of an image what they should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagPlan {
    /// The keys to delete, with the values they have.
    pub delete: BTreeMap<String, String>,
    /// The tags to add, or to give another value.
    pub set: BTreeMap<String, String>,
}

/// One call of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum TagCall {
    /// `BatchAddOrDeleteTags` with `delete`: keys and their values.
    Delete(Vec<(String, String)>),
    /// `DeleteImageTag`, for a tag of earlier times that no batch takes.
    DeleteOne(String),
    /// `BatchAddOrDeleteTags` with `create`: keys and their new values.
    Set(Vec<(String, String)>),
}

impl TagPlan {
    /// The difference between what is there and what is wished.
    fn of(found: &BTreeMap<String, String>, desired: &BTreeMap<String, String>, keep_others: bool) -> Self {
        let owned = |(key, value): (&String, &String)| (key.clone(), value.clone());
        Self {
            delete: found.iter().filter(|(key, _)| !keep_others && !desired.contains_key(*key)).map(owned).collect(),
            set: desired.iter().filter(|(key, value)| found.get(*key) != Some(*value)).map(owned).collect(),
        }
    }

    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.delete.is_empty() && self.set.is_empty()
    }

    /// The calls in the order in which they are made, each naming at most ten keys.
    #[must_use]
    pub fn calls(&self) -> Vec<TagCall> {
        let owned = |(key, value): (&String, &String)| (key.clone(), value.clone());
        let (batch, single): (Vec<_>, Vec<_>) =
            self.delete.iter().map(owned).partition(|(key, value)| tag(key, value).is_ok());
        let set: Vec<_> = self.set.iter().map(owned).collect();
        let mut calls: Vec<TagCall> = batch.chunks(BATCH).map(|tags| TagCall::Delete(tags.to_vec())).collect();
        calls.extend(single.into_iter().map(|(key, _)| TagCall::DeleteOne(key)));
        calls.extend(set.chunks(BATCH).map(|tags| TagCall::Set(tags.to_vec())));
        calls
    }
}

impl fmt::Display for TagPlan {
    /// One line a tag: `- key=value` is deleted, `+ key=value` is set.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lines = self.delete.iter().map(|tag| ('-', tag)).chain(self.set.iter().map(|tag| ('+', tag)));
        if let Some((sign, (key, value))) = lines.next() {
            write!(f, "{sign} {}={}", key.escape_debug(), value.escape_debug())?;
        }
        lines.try_for_each(|(sign, (key, value))| write!(f, "\n{sign} {}={}", key.escape_debug(), value.escape_debug()))
    }
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TagReport {
    /// The calls that succeeded, in their order.
    pub done: Vec<TagCall>,
}

/// A call failed; what was done before it stays done.
pub struct EnsureError {
    /// What was done.
    pub report: TagReport,
    /// Why the next call failed.
    pub error: Error,
}

impl fmt::Display for EnsureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "after {} successful calls: {}", self.report.done.len(), self.error)
    }
}

/// The sentence, for a `main` that returns it.
impl fmt::Debug for EnsureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for EnsureError {}
