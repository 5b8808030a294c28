//! What the snapshots hold: the document's facts (`wire`), what Rust users can call (`rust`), and what becomes of each
//! fact (`account`).

pub mod account;
pub mod rust;
pub mod wire;
