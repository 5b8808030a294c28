//! Finding images by their tags: what the service would refuse can't be asked.

use std::fmt;

use crate::paging::Items;
use crate::{Client, Error, Failure, operations, types};

/// How many conditions a list takes, and how many values a condition.
const MOST: usize = 10;

/// A key, and the values it may have.
#[derive(Debug, Clone, PartialEq)]
pub struct TagCondition(types::TagFilter);

impl TagCondition {
    /// The key with any value.
    ///
    /// # Errors
    /// A key that is empty or longer than 127 characters.
    pub fn any_value(key: &str) -> Result<Self, QueryError> {
        Self::new(key, Vec::new())
    }

    /// The key with one of these values: one to ten different ones.
    ///
    /// # Errors
    /// As [`any_value`](Self::any_value); no value, more than ten, one twice, one longer than 255 characters.
    pub fn one_of<V: AsRef<str>>(key: &str, values: impl IntoIterator<Item = V>) -> Result<Self, QueryError> {
        let values: Vec<V> = values.into_iter().collect();
        if values.is_empty() {
            return Err(QueryError(format!("{key:?}: no value is given: `any_value` asks for the key alone")));
        }
        Self::new(key, values.iter().map(AsRef::as_ref).collect())
    }

    fn new(key: &str, values: Vec<&str>) -> Result<Self, QueryError> {
        if values.len() > MOST {
            return Err(QueryError(format!("{key:?}: {} values, at most {MOST} are allowed", values.len())));
        }
        if let Some(twice) = values.iter().enumerate().find(|(at, value)| values[..*at].contains(value)) {
            return Err(QueryError(format!("{key:?}: the value {:?} is there twice", twice.1)));
        }
        let values: Result<Vec<types::TagFilterValue>, _> = values.into_iter().map(TryInto::try_into).collect();
        let values = values.map_err(|reason| QueryError(format!("{key:?}: {reason}")))?;
        let filter = types::TagFilter::builder().key(key).values(values).build();
        filter.map(Self).map_err(|reason| QueryError(reason.to_string()))
    }
}

/// A question for images by their tags. All conditions that are given must hold.
///
/// ```no_run
/// # async fn run(client: ims_api::Client) -> Result<(), Box<dyn std::error::Error>> {
/// use ims_api::tags::{ImageQuery, TagCondition};
///
/// let query = ImageQuery::new()
///     .all_of(TagCondition::one_of("stage", ["prod", "test"])?)?
///     .none_of(TagCondition::any_value("deprecated")?)?;
/// let mut images = query.stream(&client);
/// while let Some(image) = images.next().await {
///     println!("{}", image?.resource_id);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ImageQuery {
    all: Vec<types::TagFilter>,
    any: Vec<types::TagFilter>,
    not_all: Vec<types::TagFilter>,
    none: Vec<types::TagFilter>,
    without_any: bool,
    name: Option<String>,
    id: Option<String>,
}

macro_rules! condition {
    ($name:ident, $list:ident, $wire:literal, $doc:literal) => {
        #[doc = $doc]
        ///
        /// # Errors
        /// An eleventh condition in this list, or a key that it has already.
        pub fn $name(mut self, condition: TagCondition) -> Result<Self, QueryError> {
            add(&mut self.$list, $wire, condition)?;
            Ok(self)
        }
    };
}

impl ImageQuery {
    /// A question without conditions: all images.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Images that have no tag at all; conditions on tags make no sense beside it, so it takes none.
    #[must_use]
    pub fn untagged() -> Untagged {
        Untagged(Self { without_any: true, ..Self::default() })
    }

    condition!(all_of, all, "tags", "The image has this tag, and all others given by this method (`tags`).");
    condition!(any_of, any, "tags_any", "The image has one of the tags given by this method (`tags_any`).");
    condition!(not_all_of, not_all, "not_tags", "The image lacks one of the tags given by this method (`not_tags`).");
    condition!(none_of, none, "not_tags_any", "The image has none of the tags given by this method (`not_tags_any`).");

    /// The image's name, as the service matches it (`resource_name`).
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// The image's id (`resource_id`).
    #[must_use]
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// The images that fit. Calls `ListImageByTags` with `filter`, once a page of 100.
    #[inline]
    pub fn stream(&self, client: &Client) -> Items<types::TaggedImage> {
        client.list_image_by_tags().body(self.body(types::FindAction::Filter)).stream()
    }

    /// How many images fit. Calls `ListImageByTags` with `count`, once.
    ///
    /// # Errors
    /// Those of `ListImageByTags`.
    pub async fn count(&self, client: &Client) -> Result<u64, Error> {
        let answer = client.list_image_by_tags().body(self.body(types::FindAction::Count)).send().await?;
        let total = answer.total_count.ok_or_else(|| {
            let reason = "the answer has no `total_count`, so nothing was counted".to_owned();
            let mut error = Error::new(Failure::Decode, Some(&operations::LIST_IMAGE_BY_TAGS), reason);
            error.inner().sent = true;
            error
        })?;
        // The service never counts below none.
        Ok(total.try_into().unwrap_or_default())
    }

    fn body(&self, action: types::FindAction) -> types::builder::ListImageByTagsRequest {
        let given = [(types::MatchKey::ResourceName, &self.name), (types::MatchKey::ResourceId, &self.id)];
        let matches = given
            .into_iter()
            .filter_map(|(key, value)| Some(types::ResourceMatch::builder().key(key).value(value.as_deref()?)));
        let body = types::ListImageByTagsRequest::builder().action(action).matches(matches);
        let body = body.tags(self.all.clone()).tags_any(self.any.clone());
        let body = body.not_tags(self.not_all.clone()).not_tags_any(self.none.clone());
        body.maybe_without_any_tag(self.without_any.then_some(true))
    }
}

/// A question for images without any tag, made by [`ImageQuery::untagged`].
#[derive(Debug, Clone, PartialEq)]
pub struct Untagged(ImageQuery);

impl Default for Untagged {
    fn default() -> Self {
        ImageQuery::untagged()
    }
}

impl Untagged {
    /// The image's name, as the service matches it (`resource_name`).
    #[must_use]
    pub fn name(self, name: impl Into<String>) -> Self {
        Self(self.0.name(name))
    }

    /// The images that fit. Calls `ListImageByTags` with `filter`, once a page of 100.
    #[inline]
    pub fn stream(&self, client: &Client) -> Items<types::TaggedImage> {
        self.0.stream(client)
    }

    /// How many images fit. Calls `ListImageByTags` with `count`, once.
    ///
    /// # Errors
    /// Those of `ListImageByTags`.
    pub async fn count(&self, client: &Client) -> Result<u64, Error> {
        self.0.count(client).await
    }
}

fn add(list: &mut Vec<types::TagFilter>, wire: &str, condition: TagCondition) -> Result<(), QueryError> {
    let key = condition.0.key.to_string();
    if list.iter().any(|known| known.key == condition.0.key) {
        return Err(QueryError(format!("{wire}: the key {key:?} is there twice")));
    }
    if list.len() == MOST {
        return Err(QueryError(format!("{wire}: {key:?} is one condition more than the {MOST} that are allowed")));
    }
    list.push(condition.0);
    Ok(())
}

/// A question that the service would refuse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryError(String);

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for QueryError {}
