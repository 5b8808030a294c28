//! Makes an image of a server, waits for it, and gives it a description.
//!
//! `HW_REGION_NAME=cn-north-4 HW_AUTH_TOKEN=… cargo run -p ims-api --example make_image -- SERVER_ID NAME`

use ims_api::types::ImageFromServer;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let server = arguments.next().ok_or("pass the id of a server")?;
    let name = arguments.next().ok_or("pass a name for the image")?;
    let client = ims_api::Client::from_env()?;
    let started = client.create_image().body(ImageFromServer::builder().instance_id(server).name(name)).await?;
    let job = started.wait(&client).on_progress(|job| println!("{:?} of 1", job.share_done())).await?;
    let image = job.image_id().ok_or("the job has no image")?;
    client.wait_for_image(image).until_active().await?;
    let image = client.change_image(image).description("made by an example").await?;
    println!("{}: {:?}", image.id, image.status);
    Ok(())
}
