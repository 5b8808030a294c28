//! What `ims` teaches: help, completions, manual pages.

use std::collections::BTreeMap;

use ims_api::operations;
use ims_tests::lock_all;
use ims_tests::shell::Shell;
use ims_tests::{sample_calls, words};
use xtask::generate::RESERVED;

use super::Outcome;

/// Each command's help in both languages; what is the same in all of them is shown once, with `ims` itself.
#[tokio::test]
async fn helps() -> Outcome {
    let shell = Shell::default();
    let plain = shell.ims(&["--help"]).await;
    let listed = plain.out.lines().take_while(|line| *line != "Global options:").filter(|line| line.starts_with("  "));
    let mut commands: Vec<String> =
        listed.filter_map(|line| line.split_whitespace().next().map(str::to_owned)).collect();
    commands.extend(
        ["tags ensure", "images find", "images show", "images wait", "images delete", "images change"]
            .map(str::to_owned),
    );
    assert!(commands.len() > operations::ALL.len(), "{commands:?}");
    let mut documents = BTreeMap::new();
    for (language, heading) in [("en", "Global options:"), ("zh", "全局选项:")] {
        let root = shell.ims(&["--lang", language, "--help"]).await;
        assert_eq!((root.code, root.err.as_str()), (0, ""));
        let mut add = |command: &str, text: String| {
            let document: &mut String = documents.entry(command.to_owned()).or_default();
            document.push_str(&format!("# {command}, --lang {language}\n\n{text}\n"));
        };
        add("ims", root.out);
        for command in &commands {
            let words: Vec<&str> = command.split(' ').collect();
            let ran = shell.ims(&[&words[..], &["--lang", language, "--help"]].concat()).await;
            assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{command}");
            let told = shell.ims(&[&["--lang", language, "help"], &words[..]].concat()).await;
            assert_eq!((told.code, &told.out), (0, &ran.out), "help {command}");
            let globals = ran.out.find(heading).ok_or("no global options")?;
            let after = ran.out[globals..].split_once("\n\n").map_or("", |(_, after)| after);
            add(&command.replace(' ', "-"), format!("{}{after}", &ran.out[..globals]));
        }
    }
    lock_all("help", &documents);
    for locale in [("LANG", "zh_CN.UTF-8"), ("LC_ALL", "zh_TW"), ("LC_MESSAGES", "zh")] {
        let ran = Shell::default().variable(locale.0, locale.1).ims(&["--help"]).await;
        assert!(ran.out.contains("全局选项"), "{locale:?}");
        let ran = Shell::default().variable(locale.0, locale.1).ims(&["--help", "--lang=en"]).await;
        assert_eq!(ran.out, plain.out, "{locale:?}");
    }
    Ok(())
}

/// A flag of the document never stands for one of the command's own: the generator knows all of those.
#[tokio::test]
async fn own_flags_are_reserved() -> Outcome {
    let shell = Shell::default();
    let mut help = shell.ims(&["--help"]).await.out;
    for command in ["list-image-by-tags", "export-image"] {
        help += &shell.ims(&[command, "--help"]).await.out;
    }
    let shown = help.lines().filter_map(|line| line.trim_start().split("--").nth(1)?.split([' ', ',']).next());
    let globals: Vec<&str> = shown.filter(|flag| RESERVED.contains(flag)).collect();
    for flag in RESERVED {
        let refused = shell.ims(&[&format!("--{flag}=x")]).await.err.contains("is not taken");
        assert!(refused || globals.contains(flag), "{flag} is reserved for nothing");
    }
    for line in shell.ims(&["--help"]).await.out.lines().filter(|line| line.trim_start().starts_with("--")) {
        let flag = line.trim_start().trim_start_matches("--").split(' ').next().unwrap_or_default();
        assert!(RESERVED.contains(&flag), "{flag} isn't reserved");
    }
    for flag in ["--token", "--ak", "--sk", "--access-key", "--secret-key", "--security-token", "--password"] {
        assert!(RESERVED.contains(&flag.trim_start_matches("--")), "{flag} isn't reserved");
    }
    Ok(())
}

#[tokio::test]
async fn completions_and_manual_pages_name_every_operation() -> Outcome {
    let spec = ims_tests::document()?;
    let commands: Vec<String> = sample_calls(spec)
        .iter()
        .filter_map(|call| {
            words(spec, &call.operation, &call.arguments)?
                .words
                .into_iter()
                .find(|word| word.contains('-') && !word.starts_with("--"))
        })
        .collect();
    assert_eq!(commands.len(), operations::ALL.len());
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let ran = Shell::default().ims(&["completions", shell]).await;
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        // Those that complete values know those of the document.
        assert!(matches!(shell, "elvish" | "powershell") || ran.out.contains("disk_format"), "{shell}");
        assert!(commands.iter().all(|command| ran.out.contains(command)), "{shell}");
    }
    let ran = Shell::default().ims(&["man"]).await;
    let hyphenated = |command: &String| command.replace('-', "\\-");
    assert!(commands.iter().all(|command| ran.out.contains(&hyphenated(command))), "{}", ran.out);
    for command in &commands {
        let ran = Shell::default().ims(&["man", command]).await;
        assert!(ran.code == 0 && ran.out.contains(".TH"), "{command}: {}", ran.err);
    }
    Ok(())
}
