//! Exit codes: the one table that the command's help shows and every failure goes through.

use super::language::Language;
use crate::{Error, Failure};

macro_rules! exits {
    ($($exit:ident = $code:literal, $english:literal, $chinese:literal;)*) => {
        /// How the command ends.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        #[repr(u8)]
        pub(crate) enum Exit {
            $($exit = $code),*
        }

        const TABLE: &[(Exit, &str, &str)] = &[$((Exit::$exit, $english, $chinese)),*];
    };
}

exits! {
    Success = 0, "done", "成功";
    Output = 1, "the result could not be written", "无法写出结果";
    Usage = 2, "arguments, body or settings are refused; nothing was sent", "参数、请求体或配置有误，未发送请求";
    Credentials = 3, "no usable credentials or no project id", "没有可用的凭证或项目ID";
    Refused = 4, "refused by the service: 400, or any status not below", "服务拒绝：400，或下面未列出的状态码";
    Denied = 5, "refused: 401 or 403", "服务拒绝：401或403";
    NotFound = 6, "refused: 404", "服务拒绝：404";
    Throttled = 7, "refused: 429, too many requests", "服务拒绝：429，请求过多";
    Service = 8, "the service failed: 500 to 599", "服务故障：500至599";
    NotReached = 9, "the service was not reached, or the connection was lost", "无法连接服务，或连接中断";
    Timeout = 10, "no answer in time, or what was waited for has not come in time", "请求超时，或等待未在时限内结束";
    BadAnswer = 11, "an answer that the document doesn't describe", "响应与接口文档不符";
    Waited = 12, "the job or image that was waited for has failed", "所等待的任务或镜像失败";
    Interrupted = 130, "interrupted (Ctrl-C)", "被中断（Ctrl-C）";
    ClosedPipe = 141, "the reader of the output went away", "输出管道已关闭";
}

impl Exit {
    pub(crate) fn of(error: &Error) -> Self {
        match (error.failure(), error.status()) {
            (Failure::Configuration | Failure::InvalidRequest, _) => Self::Usage,
            (Failure::Credentials | Failure::Project, _) => Self::Credentials,
            (Failure::Unreachable | Failure::Interrupted, _) => Self::NotReached,
            (Failure::Timeout, _) => Self::Timeout,
            (Failure::Refused, Some(401 | 403)) => Self::Denied,
            (Failure::Refused, Some(404)) => Self::NotFound,
            (Failure::Refused, Some(429)) => Self::Throttled,
            (Failure::Refused, Some(500..=599)) => Self::Service,
            (Failure::Job | Failure::Image, _) => Self::Waited,
            (Failure::Refused, _) => Self::Refused,
            (Failure::Unexpected | Failure::Decode | Failure::TooLong, _) => Self::BadAnswer,
        }
    }

    /// The table as lines.
    pub(crate) fn table(language: Language) -> String {
        let row = |(exit, english, chinese): &(Self, &'static str, &'static str)| {
            format!("  {:>3}  {}\n", *exit as u8, language.pick(english, chinese))
        };
        TABLE.iter().map(row).collect()
    }
}
