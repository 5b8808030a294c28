//! Waiting for an image: until it can be used, or until it is gone.

use std::fmt;
use std::time::Duration;

use crate::polling::Pace;
use crate::types::{ImageInfo, ImageStatus};
use crate::{Client, Error, Failure, operations};

/// How many looks in a row may miss an image that is to become active: what was just made may not be listed yet.
const MISSES: u32 = 3;

type Look = dyn FnMut(Option<&ImageInfo>) + Send;

/// A wait for an image, made by [`Client::wait_for_image`]. Asks every 10 s for 20 min, unless told otherwise.
///
/// Calls `ListImages`, once a look. A failure that passes, such as throttling or a lost connection, is waited out.
#[must_use = "nothing is sent until `until_active` or `until_gone` is awaited"]
pub struct WaitForImage {
    client: Client,
    id: String,
    pace: Pace,
    on_progress: Option<Box<Look>>,
}

impl WaitForImage {
    pub(super) fn new(client: Client, id: String) -> Self {
        Self { client, id, pace: Pace::default(), on_progress: None }
    }

    /// How long to pause between two looks, about; longer while the service can't answer. Default 10 s.
    pub fn every(mut self, pause: Duration) -> Self {
        self.pace.every = pause;
        self
    }

    /// How long to wait in all. Default 20 min.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.pace.deadline = deadline;
        self
    }

    /// Is shown the image at each look, the last included; `None` while there is none.
    pub fn on_progress(mut self, look: impl FnMut(Option<&ImageInfo>) + Send + 'static) -> Self {
        self.on_progress = Some(Box::new(look));
        self
    }

    /// Waits until servers can be made from the image.
    ///
    /// # Errors
    /// Those of `ListImages` that don't pass; [`Failure::Image`] if the image is killed, deleted, or not there three times in
    /// a row; [`Failure::Timeout`] at the deadline.
    pub async fn until_active(self) -> Result<ImageInfo, Error> {
        let (name, mut misses) = (self.named(), 0);
        self.until("wasn't active", move |image| {
            misses = if image.is_some() { 0 } else { misses + 1 };
            let end = match image.as_ref().and_then(|image| image.status.as_ref()) {
                Some(ImageStatus::Active) => return Ok(image),
                Some(end @ (ImageStatus::Killed | ImageStatus::Deleted)) => end.to_string(),
                _ if misses >= MISSES => "not there".to_owned(),
                _ => return Ok(None),
            };
            let mut error = Error::new(Failure::Image, Some(&operations::LIST_IMAGES), format!("{name} is {end}"));
            error.inner().sent = true;
            Err(error)
        })
        .await
    }

    /// Waits until the image is deleted. That it was never there is no error.
    ///
    /// # Errors
    /// Those of `ListImages` that don't pass; [`Failure::Timeout`] at the deadline.
    pub async fn until_gone(self) -> Result<(), Error> {
        let gone = |image: Option<ImageInfo>| match image.as_ref().map(|image| &image.status) {
            None | Some(Some(ImageStatus::Deleted)) => Ok(Some(())),
            Some(_) => Ok(None),
        };
        self.until("wasn't gone", gone).await
    }

    fn named(&self) -> String {
        crate::error::text::escape(&format!("image {}", self.id), 512)
    }

    async fn until<T>(
        self,
        unmet: &str,
        mut judge: impl FnMut(Option<ImageInfo>) -> Result<Option<T>, Error>,
    ) -> Result<T, Error> {
        let what = format!("{} {unmet}", self.named());
        let Self { client, id, pace, mut on_progress } = self;
        let look = |image: Option<ImageInfo>| {
            if let Some(look) = &mut on_progress {
                look(image.as_ref());
            }
            judge(image)
        };
        pace.until(&operations::LIST_IMAGES, &what, || client.image(&id), look).await
    }
}

impl fmt::Debug for WaitForImage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WaitForImage").field("id", &self.id).field("pace", &self.pace).finish_non_exhaustive()
    }
}
