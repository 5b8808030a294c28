//! The compiled client over real sockets: what it sends, what it makes of every answer and every failure, and what it
//! refuses to send.

mod behaviour;
mod concurrency;
mod credentials;
mod ensure_tags;
mod errors;
mod family;
mod faults;
mod images;
mod jobs;
mod limits;
mod list_image_tags;
mod pagination;
mod project;
mod signing;
mod tls;
mod upstream_samples;
