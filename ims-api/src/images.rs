//! One image: found, waited for and changed. Each method names the calls it makes.

mod change;
mod wait;

use crate::types::ImageInfo;
use crate::{Client, Error, operations};

pub use change::ChangeImage;
pub use wait::WaitForImage;

impl Client {
    /// An image by its id, in whatever enterprise project; `None` if there is none that this account may see.
    ///
    /// Calls `ListImages` once.
    ///
    /// # Errors
    /// Those of `ListImages`; an empty id.
    pub async fn image(&self, id: &str) -> Result<Option<ImageInfo>, Error> {
        if id.is_empty() {
            // The service would take it for no condition at all.
            return Err(Error::invalid_request(&operations::LIST_IMAGES, "the image's id is empty".to_owned()));
        }
        let answer = self.list_images().id(id).enterprise_project_id("all_granted_eps").send().await?.into_inner();
        Ok(answer.images.into_iter().find(|image| image.id == id))
    }

    /// Waits until an image can be used, or is gone: see [`WaitForImage`].
    ///
    /// ```no_run
    /// # async fn run(client: ims_api::Client) -> Result<(), ims_api::Error> {
    /// let image = "67e17426-359e-49fb-aa12-0bd1756ec240";
    /// let active = client.wait_for_image(image).until_active().await?;
    /// println!("{:?} needs {:?} GB", active.name, active.min_disk);
    /// client.glance_delete_image().image_id(image).await?;
    /// client.wait_for_image(image).until_gone().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn wait_for_image(&self, id: impl Into<String>) -> WaitForImage {
        WaitForImage::new(self.clone(), id.into())
    }

    /// Changes properties of an image, whether it has them or not: see [`ChangeImage`].
    ///
    /// ```no_run
    /// # async fn run(client: ims_api::Client) -> Result<(), ims_api::Error> {
    /// let image = client
    ///     .change_image("67e17426-359e-49fb-aa12-0bd1756ec240")
    ///     .name("web, spring")
    ///     .set("min_ram", "1024")
    ///     .remove("max_ram")
    ///     .await?;
    /// println!("{:?}", image.name);
    /// # Ok(())
    /// # }
    /// ```
    pub fn change_image(&self, id: impl Into<String>) -> ChangeImage {
        ChangeImage::new(self.clone(), id.into())
    }
}
