//! What one does with tags most often, on top of the generated operations. Each method names the calls it makes.

mod ensure;
mod find;

use std::collections::BTreeMap;

use crate::{Client, Error};

pub use ensure::{EnsureError, EnsureTags, TagCall, TagPlan, TagReport};
pub use find::{ImageQuery, QueryError, TagCondition, Untagged};

impl Client {
    /// The tags of an image by key. Should the service give a key twice, its last value counts.
    ///
    /// Calls `ListImageTags` once.
    ///
    /// # Errors
    /// Those of `ListImageTags`.
    pub async fn image_tags(&self, image: &str) -> Result<BTreeMap<String, String>, Error> {
        let answer = self.list_image_tags().image_id(image).send().await?.into_inner();
        Ok(answer.tags.into_iter().map(|tag| (tag.key, tag.value)).collect())
    }

    /// Makes the tags of an image those of `desired`, with as few calls as possible: see [`EnsureTags`].
    ///
    /// ```no_run
    /// # async fn run(client: ims_api::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let image = "67e17426-359e-49fb-aa12-0bd1756ec240";
    /// let wish = client.ensure_tags(image, [("stage", "prod"), ("team", "images")]);
    /// println!("{}", wish.plan().await?);
    /// let report = wish.apply().await?;
    /// println!("{} calls", report.done.len());
    /// # Ok(())
    /// # }
    /// ```
    pub fn ensure_tags<K: Into<String>, V: Into<String>>(
        &self,
        image: &str,
        desired: impl IntoIterator<Item = (K, V)>,
    ) -> EnsureTags<'_> {
        EnsureTags::new(self, image, desired.into_iter().map(|(key, value)| (key.into(), value.into())).collect())
    }
}
