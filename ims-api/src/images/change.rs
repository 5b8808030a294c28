//! Changing properties of an image without knowing which of them it has.

use std::pin::Pin;

use crate::types::{ChangeKind, ImageChange, ImageDescription, ImageInfo, ImageName};
use crate::{Client, Error, Failure, operations};

/// The service's code for replacing or removing a property that the image lacks.
const LACKING: &str = "IMG.0035";

/// Changes of an image's properties, made by [`Client::change_image`]; awaiting them gives the image as it is then.
///
/// The service replaces only properties that an image has, and adds only those that it lacks. So all changes are sent in
/// one `UpdateImage` as replacements; if the service finds a property lacking (`IMG.0035`), each is sent by itself, and is
/// added where it can't be replaced. Removing what isn't there is no error. Changes are made in the order given; after a
/// failure half-way, send them again.
#[derive(Debug, Clone)]
#[must_use = "nothing is sent until this is awaited"]
pub struct ChangeImage {
    client: Client,
    image: String,
    /// A property's name and its new value; `None` removes it.
    changes: Vec<(String, Option<String>)>,
}

impl ChangeImage {
    pub(super) fn new(client: Client, image: String) -> Self {
        Self { client, image, changes: Vec::new() }
    }

    /// The image's name, by the rule of [`ImageName`].
    pub fn name(self, name: impl Into<String>) -> Self {
        self.set("name", name)
    }

    /// The image's description, by the rule of [`ImageDescription`]; the property is called `__description`.
    pub fn description(self, description: impl Into<String>) -> Self {
        self.set("__description", description)
    }

    /// A property by the service's name, for example `min_ram` or one of your own. Numbers are given as text, too.
    pub fn set(mut self, property: impl Into<String>, value: impl Into<String>) -> Self {
        self.changes.push((property.into(), Some(value.into())));
        self
    }

    /// Takes a property from the image.
    pub fn remove(mut self, property: impl Into<String>) -> Self {
        self.changes.push((property.into(), None));
        self
    }

    /// Sends the changes; awaiting the builder is the same.
    ///
    /// # Errors
    /// Those of `UpdateImage` and, if there was nothing left to change, of `ListImages`; no change, or one that no request can
    /// carry.
    pub async fn send(self) -> Result<ImageInfo, Error> {
        let refuse = |reason: String| Error::invalid_request(&operations::UPDATE_IMAGE, reason);
        let changes: Result<Vec<_>, String> = self.changes.iter().map(change).collect();
        let changes = changes.map_err(refuse)?;
        if changes.is_empty() {
            return Err(refuse("no change is given".to_owned()));
        }
        match self.update(changes.clone()).await {
            Err(error) if error.code() == Some(LACKING) => {}
            answer => return answer,
        }
        let mut last = None;
        for change in changes {
            last = match (self.update(vec![change.clone()]).await, change.op) {
                (Err(error), ChangeKind::Remove) if error.code() == Some(LACKING) => last,
                (Err(error), _) if error.code() == Some(LACKING) => {
                    Some(self.update(vec![ImageChange { op: ChangeKind::Add, ..change }]).await?)
                }
                (answer, _) => Some(answer?),
            };
        }
        match last {
            Some(image) => Ok(image),
            None => self.client.image(&self.image).await?.ok_or_else(|| {
                let reason = format!("image {} is not there", self.image);
                Error::new(Failure::Image, Some(&operations::LIST_IMAGES), crate::error::text::escape(&reason, 512))
            }),
        }
    }

    async fn update(&self, changes: Vec<ImageChange>) -> Result<ImageInfo, Error> {
        Ok(self.client.update_image().image_id(&*self.image).body(changes).send().await?.into_inner())
    }
}

impl IntoFuture for ChangeImage {
    type Output = Result<ImageInfo, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    #[inline]
    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

/// A change as a replacement, or a removal.
fn change((property, value): &(String, Option<String>)) -> Result<ImageChange, String> {
    let refused = |reason: String| format!("{}: {reason}", property.escape_debug());
    match (property.as_str(), value) {
        ("", _) => return Err("a property's name is empty".to_owned()),
        ("name", Some(name)) => drop(ImageName::try_from(name).map_err(|reason| refused(reason.to_string()))?),
        ("__description", Some(text)) => {
            drop(ImageDescription::try_from(text).map_err(|reason| refused(reason.to_string()))?);
        }
        _ => {}
    }
    let change = ImageChange::builder()
        .op(if value.is_some() { ChangeKind::Replace } else { ChangeKind::Remove })
        // A JSON pointer, in which both signs have a meaning.
        .path(format!("/{}", property.replace('~', "~0").replace('/', "~1")))
        .maybe_value(value.clone());
    change.build().map_err(|reason| refused(reason.to_string()))
}
