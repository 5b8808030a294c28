//! What `cargo xtask demo` prints, as a newcomer sees it.

use std::process::Command;

use ims_tests::{document, lock};

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// The client is the example that `cargo test --workspace` has built; starting cargo again would build it anew.
#[test]
fn the_demo_shows_the_request_the_answer_and_every_error() -> Outcome {
    let example = std::env::current_exe()?.with_file_name("").join("../examples/demo");
    if !example.exists() {
        eprintln!("SKIPPED: the example is not built (cargo test --workspace --all-features does)");
        return Ok(());
    }
    let (text, success) = xtask::demo::report(document()?, Command::new(example))?;
    assert!(success, "{text}");
    lock("demo", &masked(&text));
    Ok(())
}

/// Without what differs from run to run: the port.
fn masked(text: &str) -> String {
    let mut masked = String::new();
    for (at, piece) in text.split("127.0.0.1:").enumerate() {
        if at > 0 {
            masked += "127.0.0.1:PORT";
        }
        masked += if at > 0 { piece.trim_start_matches(|digit: char| digit.is_ascii_digit()) } else { piece };
    }
    masked
}
