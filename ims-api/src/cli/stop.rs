//! Why the command ends early, and what it says then: at most ten lines, with the next step.

use std::io;

use clap::builder::styling::{AnsiColor, Style};
use clap::error::{ContextKind, ContextValue};

use super::Io;
use super::exit::Exit;
use super::language::{Language, padded, rejoined, said};
use super::model::Text;
use super::shell::quoted;
use crate::error::text::escape;
use crate::generated::COMMAND_LINE;
use crate::{Error, Failure};

/// No failure says more.
const MOST_LINES: usize = 10;
const MOST_SUGGESTIONS: usize = 3;

pub(crate) enum Stop {
    /// What clap says: a help, the version, or arguments that it refuses.
    Clap(Box<clap::Error>),
    /// A reason of ours, one line with the next step.
    Reason(Exit, Text),
    /// A call that failed.
    Call(Error),
    /// The result could not be written.
    Output(io::Error),
    /// Ctrl-C; of a wait with the command that goes on waiting.
    Interrupted(Option<String>),
}

impl Stop {
    pub(crate) fn usage(reason: Text) -> Self {
        Self::Reason(Exit::Usage, reason)
    }

    /// Says it, and tells how the command ends.
    pub(crate) fn report(self, io: &mut Io<'_>, language: Language) -> Exit {
        let one = |said: Text| vec![said.pick(language).to_owned()];
        let (exit, lines) = match self {
            Self::Clap(error) if !error.use_stderr() => {
                let text = error.render();
                let text = if io.output.color { text.ansi().to_string() } else { text.to_string() };
                return match io.output.to.write_all(rejoined(&text).as_bytes()).and_then(|()| io.output.to.flush()) {
                    Ok(()) => Exit::Success,
                    Err(error) => Self::Output(error).report(io, language),
                };
            }
            Self::Clap(error) => {
                let error = readable(*error);
                let chinese = (language == Language::Chinese).then(|| super::refusal::chinese(&error)).flatten();
                let lines = chinese.unwrap_or_else(|| {
                    let text = error.render().to_string();
                    text.strip_prefix("error: ").unwrap_or(&text).lines().map(str::to_owned).collect()
                });
                (Exit::Usage, lines.iter().map(|line| safe(line, 400)).collect())
            }
            Self::Reason(exit, reason) => (exit, vec![escape(reason.pick(language), 1000)]),
            Self::Call(error) => (Exit::of(&error), lines(&error, language)),
            Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => return Exit::ClosedPipe,
            Self::Output(error) => {
                (Exit::Output, one(said!("the result could not be written: {error}", "无法写出结果：{error}")))
            }
            Self::Interrupted(None) => (
                Exit::Interrupted,
                one(said!("interrupted: what was sent may have been done", "被中断：已发送的操作可能已生效")),
            ),
            Self::Interrupted(Some(again)) => {
                let mut lines = one(said!("interrupted: what was waited for goes on", "被中断：所等待的操作仍在继续"));
                lines.push(row("next", "下一步", going_on(&again).pick(language), language));
                (Exit::Interrupted, lines)
            }
        };
        let mut text = String::new();
        let style = if io.errors.color { AnsiColor::Red.on_default().bold() } else { Style::new() };
        let label = format!("{style}{}{style:#}", language.pick("error: ", "错误："));
        // A blank line separates nothing on a screen that is read from its end.
        let shown = lines.iter().filter(|line| !line.trim().is_empty()).take(MOST_LINES);
        for (at, line) in shown.enumerate() {
            let head = if at == 0 { label.clone() } else { String::new() };
            text.push_str(&format!("{head}{line}\n"));
        }
        // Nobody is left to tell if this fails, too.
        let _ = io.errors.to.write_all(text.as_bytes()).and_then(|()| io.errors.to.flush());
        exit
    }
}

/// A refusal without the list of all commands, and with no more suggestions than help.
fn readable(mut error: clap::Error) -> clap::Error {
    error.remove(ContextKind::ValidSubcommand);
    if let Some(ContextValue::Strings(mut near)) = error.remove(ContextKind::SuggestedSubcommand) {
        // The nearest comes last.
        near = near.split_off(near.len().saturating_sub(MOST_SUGGESTIONS));
        near.reverse();
        error.insert(ContextKind::SuggestedSubcommand, ContextValue::Strings(near));
    }
    error
}

/// A line whose indent is kept.
fn safe(line: &str, limit: usize) -> String {
    let indent: String = line.chars().take_while(|c| *c == ' ').collect();
    indent + &escape(line, limit)
}

fn lines(error: &Error, language: Language) -> Vec<String> {
    let mut lines = vec![escape(&error.summary(), 600)];
    let mut add = |english, chinese, value: Option<String>| {
        lines.extend(value.map(|value| row(english, chinese, &value, language)));
    };
    add("job", "任务", error.job().map(|job| escape(job, 200)));
    add("code", "错误码", error.code().map(str::to_owned));
    add("message", "消息", error.message().or(error.excerpt()).map(|text| escape(text, 600)));
    add("meaning", "含义", error.row().map(|row| language.pick(row.english, row.chinese).to_owned()));
    add("request id", "请求ID", error.request_id().map(str::to_owned));
    add("attempts", "尝试次数", (error.attempts() > 1).then(|| error.attempts().to_string()));
    let wait = error.retry_after().map(|wait| wait.as_secs());
    let wait = wait.map(|wait| said!("{wait} s, the service asks", "服务要求等待{wait}秒"));
    add("wait", "等待", wait.map(|wait| wait.pick(language).to_owned()));
    add("next", "下一步", next_step(error).map(|step| step.pick(language).to_owned()));
    lines
}

/// How to wait again.
fn going_on(again: &str) -> Text {
    said!("`{again}` goes on waiting", "可用 `{again}` 继续等待")
}

/// A line below the first one.
fn row(english: &str, chinese: &str, value: &str, language: Language) -> String {
    format!("  {}{value}", padded(language.pick(english, chinese), 12))
}

fn next_step(error: &Error) -> Option<Text> {
    let granted = error
        .operation()
        .and_then(|called| COMMAND_LINE.commands.iter().find(|command| command.operation == called.id))
        .map(|called| &*called.permissions);
    let (all, listed) = (granted.unwrap_or_default().join(" and "), granted.unwrap_or_default().join("、"));
    let advice = error.next_step().map(|[english, chinese]| said!("{english}", "{chinese}"));
    Some(match (error.failure(), error.status()) {
        (Failure::Timeout, _) if error.job().is_some() => going_on(&format!("ims wait {}", quoted(error.job()?))),
        (Failure::Job, _) => said!("correct what the reason names, then start it again", "请按原因改正后重新发起"),
        (Failure::Timeout, _) if error.may_retry() => {
            said!("try again, or allow more time with --timeout", "重试，或用 --timeout 延长时间")
        }
        (Failure::TooLong, _) => said!("ask for fewer items, or read page by page", "减少每次查询的数量，或分页读取"),
        (Failure::Credentials, _) => {
            said!("`ims doctor` tells where credentials were looked for", "`ims doctor` 会说明查找凭证的位置")
        }
        (Failure::Project, _) => said!("give --project-id", "请指定 --project-id"),
        (Failure::Unreachable, _) => said!(
            "check the endpoint, the network and the proxy; `ims doctor` does",
            "检查终端节点、网络和代理；可使用 `ims doctor`"
        ),
        (Failure::InvalidRequest, _) => {
            said!("nothing was sent: correct the arguments (--help)", "未发送请求：请改正参数（见 --help）")
        }
        (Failure::Refused, Some(401)) => said!(
            "`ims doctor` checks the credentials, the project and this machine's clock",
            "`ims doctor` 可检查凭证、项目和本机时钟"
        ),
        (Failure::Refused, Some(403)) if !all.is_empty() => {
            said!("have {all} granted in IAM", "在IAM中授予 {listed}")
        }
        (Failure::Refused, _) if advice.is_none() => {
            let page = error.operation()?.page;
            said!("correct what the message names; {page}", "请按消息改正；{page}")
        }
        _ => return advice,
    })
}

impl From<clap::Error> for Stop {
    fn from(error: clap::Error) -> Self {
        Self::Clap(Box::new(error))
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Call(error)
    }
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}
