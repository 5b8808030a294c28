//! The document: read, checked for being what it seems, with the line and column of every node.

mod check;
pub(crate) mod grammar;
mod names;
mod node;
mod operation;
mod paging;
mod pointer;
mod positions;
mod reach;
mod read;
mod references;
mod schema;
mod text;
mod types;
pub(crate) mod walk;

pub(crate) use grammar::{nearest, shown};
pub use names::Names;
pub(crate) use names::{Case, identifier};
pub use operation::{
    Body, ErrorRow, Location, METHODS, Media, Operation, Parameter, Response, Sample, SampleRequest, is_json,
};
pub use paging::{Paging, Style};
pub(crate) use pointer::push;
pub use pointer::{child, last, tokens};
pub(crate) use reach::{Directions, Reach, owner};
pub use read::{Document, SecurityScheme};
pub(crate) use references::{keep_reached, local, resolve};
pub use schema::{Additional, Kind, Limits, Property, Schema};
pub(crate) use schema::{OddValue, component_at, odd_value};
pub use text::{Text, split};
pub(crate) use types::Clash;
