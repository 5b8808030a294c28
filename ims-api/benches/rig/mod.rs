//! What the benches share: the contenders, the server they call, and the clocks.

pub(crate) mod contenders;
pub(crate) mod meter;
pub(crate) mod server;

pub(crate) type Outcome<T = ()> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// Whether one iteration of everything is enough: asked for with `--smoke`, and whenever it isn't `cargo bench` that runs.
pub(crate) fn is_smoke() -> bool {
    let has = |flag: &str| std::env::args().any(|argument| argument == flag);
    has("--smoke") || !has("--bench")
}

/// The runtime of every contender: one thread, which is one core.
pub(crate) fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()
}
