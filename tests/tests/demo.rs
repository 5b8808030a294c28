//! What `cargo xtask demo` prints, as a newcomer sees it.

use std::process::Command;

use ims_tests::{lock, root};

type Outcome = Result<(), Box<dyn std::error::Error>>;

#[test]
fn the_demo_shows_the_request_the_answer_and_every_error() -> Outcome {
    let output = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--package", "xtask", "--features", "service", "--", "demo"])
        .current_dir(root())
        .env("NO_COLOR", "1")
        .output()?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    lock("demo", &masked(&String::from_utf8(output.stdout)?));
    Ok(())
}

/// Without what differs from run to run: the port, and the versions of the crate.
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
