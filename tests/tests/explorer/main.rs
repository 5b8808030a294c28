//! The practice service and whoever talks to it: the explorer's page, the demo, the command `ims`, other people's clients.

mod browser;
mod demo;
mod explore;
mod ims_command;
mod ims_process;
mod peers;
mod service;
mod snippets;
