//! The README's promises: every command in it is run, here or by the gate, and what it names exists.

use std::path::{Path, PathBuf};

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// The commands are the lines of the README's `sh` blocks. Those that are the test command itself or start cargo again are
/// run by the gate, which this test holds to it; a new command belongs to one of the two lists.
#[test]
fn every_command_is_run() -> Outcome {
    let readme = std::fs::read_to_string(root().join("README.md"))?;
    let gate = std::fs::read_to_string(root().join(".ci/run"))?;
    let commands = commands(&readme);
    assert!(!commands.is_empty());
    for command in commands {
        // The gate installs without optimizing and below target/.
        let gate = gate.replace(" --debug", "").replace(" --root target/installed", "");
        let in_gate = gate.lines().any(|line| line.trim() == command);
        let in_tests = RUN_BY_TESTS.contains(&command.as_str());
        assert!(in_gate || in_tests, "`{command}` stands in the README, but nothing runs it: add it to .ci/run");
    }
    Ok(())
}

/// Run by `xtask/tests/command_line.rs`, on a copy of the workspace; the explorer by `explore.rs` and `browser.rs`.
const RUN_BY_TESTS: &[&str] = &["cargo xtask generate", "cargo xtask explore --open"];

#[test]
fn every_link_and_folder_exists() -> Outcome {
    let readme = std::fs::read_to_string(root().join("README.md"))?;
    let links = readme.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    for link in links.filter(|link| !link.starts_with("http") && !link.starts_with('#')) {
        assert!(root().join(link).exists(), "the README links to {link}");
    }
    for folder in ["openapi/", "ims-api/", "xtask/", "tests/"] {
        assert!(readme.contains(&format!("`{folder}`")) && root().join(folder).is_dir(), "{folder} is laid out");
    }
    Ok(())
}

/// The lines of all blocks fenced as `sh`.
fn commands(text: &str) -> Vec<String> {
    let mut commands = Vec::new();
    let mut inside = false;
    for line in text.lines().map(str::trim) {
        match line {
            "```sh" => inside = true,
            "```" => inside = false,
            _ if inside && !line.is_empty() => commands.push(line.to_owned()),
            _ => {}
        }
    }
    commands
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}
