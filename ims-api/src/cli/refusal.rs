//! What clap refuses, in Chinese: clap has no hook for other languages, but tells what it found as kind and context.

use std::error::Error;

use clap::error::{ContextKind, ErrorKind};

use super::model::Text;

/// The lines of a refusal, as clap orders them; `None` for a kind that these commands never meet.
pub(crate) fn chinese(error: &clap::Error) -> Option<Vec<String>> {
    let text = |kind| error.get(kind).map(ToString::to_string).unwrap_or_default();
    let (arg, value) = (text(ContextKind::InvalidArg), text(ContextKind::InvalidValue));
    let mut lines = vec![match error.kind() {
        ErrorKind::InvalidValue if value.is_empty() => format!("{arg} 缺少值"),
        ErrorKind::InvalidValue => format!("{arg} 的值“{value}”无效"),
        ErrorKind::ValueValidation => {
            let reason = error.source().map(|reason| match reason.downcast_ref::<Text>() {
                Some(said) => format!("：{}", said.1),
                None => format!("：{reason}"),
            });
            format!("{arg} 的值“{value}”无效{}", reason.unwrap_or_default())
        }
        ErrorKind::UnknownArgument => format!("未知参数 {arg}"),
        ErrorKind::InvalidSubcommand => format!("未知命令 {}", text(ContextKind::InvalidSubcommand)),
        ErrorKind::MissingSubcommand => "缺少命令".to_owned(),
        ErrorKind::MissingRequiredArgument => format!("缺少必填参数：{arg}"),
        ErrorKind::ArgumentConflict if text(ContextKind::PriorArg) == arg => format!("{arg} 只能出现一次"),
        ErrorKind::ArgumentConflict => format!("{arg} 不能与 {} 同时使用", text(ContextKind::PriorArg)),
        ErrorKind::TooManyValues => format!("{arg} 的值“{value}”是多余的"),
        ErrorKind::InvalidUtf8 => "参数不是有效的Unicode文本".to_owned(),
        _ => return None,
    }];
    for (kind, label) in [
        (ContextKind::ValidValue, "可选值："),
        (ContextKind::SuggestedSubcommand, "是否想输入："),
        (ContextKind::SuggestedArg, "是否想输入："),
        (ContextKind::SuggestedValue, "是否想输入："),
    ] {
        let known = text(kind);
        if !known.is_empty() {
            lines.push(format!("  {label}{known}"));
        }
    }
    // The usage comes written out, with clap's own heading.
    lines.extend(text(ContextKind::Usage).lines().map(|line| line.replacen("Usage: ", "用法：", 1)));
    lines.push("详见 --help。".to_owned());
    Some(lines)
}
