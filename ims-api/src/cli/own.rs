//! What the command line has besides the document's operations: global flags, tasks, and flags of several operations.

use std::time::Duration;

use clap::{Arg, ArgAction, Command};

use super::exit::Exit;
use super::language::{Language, said};
use super::model::Text;
use super::settings::Form;

/// Arguments that people try, and where such a secret belongs; what a password is exchanged for is a token.
pub(crate) const SECRETS: &[(&str, &str)] = &[
    ("--token", "HW_AUTH_TOKEN"),
    ("--ak", "HUAWEICLOUD_SDK_AK"),
    ("--sk", "HUAWEICLOUD_SDK_SK"),
    ("--access-key", "HUAWEICLOUD_SDK_AK"),
    ("--secret-key", "HUAWEICLOUD_SDK_SK"),
    ("--security-token", "HUAWEICLOUD_SDK_SECURITY_TOKEN"),
    ("--password", "HW_AUTH_TOKEN"),
];

/// The order of every help.
pub(crate) fn template(language: Language) -> String {
    format!("{{before-help}}{}{{usage}}\n\n{{all-args}}{{after-help}}", language.pick("Usage: ", "用法："))
}

/// A flag with a value of this form.
pub(crate) fn option(name: &'static str, form: &'static str) -> Arg {
    word(name, form).long(name)
}

/// A word that stands where it belongs.
fn word(name: &'static str, form: &'static str) -> Arg {
    Arg::new(name).value_name(form).hide_possible_values(true)
}

/// A flag without a value.
pub(crate) fn switch(name: &'static str) -> Arg {
    Arg::new(name).long(name).action(ArgAction::SetTrue)
}

/// A flag that may be repeated.
fn list(name: &'static str, form: &'static str) -> Arg {
    option(name, form).action(ArgAction::Append)
}

/// The flags of every command.
pub(crate) fn globals(language: Language) -> impl Iterator<Item = Arg> {
    let say = |english, chinese| language.pick(english, chinese);
    let args = [
        option("region", "REGION").help(say(
            "The region, for example cn-north-4; else HW_REGION_NAME",
            "区域，例如 cn-north-4；默认取 HW_REGION_NAME",
        )),
        option("endpoint", "URL").help(say(
            "The service's address, in place of the region's; else IMS_ENDPOINT",
            "服务地址，代替区域的终端节点；默认取 IMS_ENDPOINT",
        )),
        option("profile", "NAME").help(say(
            "The section of the profile file with the credentials, in place of all other sources",
            "配置文件中凭证所在的节，代替其他所有凭证来源",
        )),
        option("project-id", "ID").help(say(
            "The project; else that of the credentials, else looked up by the region",
            "项目ID；默认取凭证所属项目，否则按区域查询",
        )),
        option("output", "FORM").short('o').value_parser(clap::value_parser!(Form)).help(say(
            "json (as the service sends it; the default), table, yaml, or tsv (the list's rows)",
            "json（服务返回的原文，默认）、table、yaml 或 tsv（仅列表各行）",
        )),
        switch("header").help(say("With tsv: the first row names the columns", "用于tsv：首行为列名")),
        option("query", "JMESPATH").help(say(
            "Print only this part of the result, for example 'tags[].key' (jmespath.org)",
            "只输出结果中的这一部分，例如 'tags[].key'（见 jmespath.org）",
        )),
        option("timeout", "SECONDS").value_parser(seconds).help(say(
            "How long the call may take with all its attempts; 120 if not given",
            "整个调用（含重试）的最长时间，默认120秒",
        )),
        switch("dry-run").help(say(
            "Print the signed request with its secrets masked, and as curl; send nothing",
            "只打印已签名的请求（隐去密钥）及等价的curl命令，不发送",
        )),
        switch("allow-unknown").help(say(
            "Send fields and values that the document doesn't name, unchecked",
            "照原样发送接口文档未列出的字段和取值，不做检查",
        )),
        switch("verbose").short('v').help(say(
            "Show requests and answers on standard error, secrets masked",
            "在标准错误输出上显示请求和响应（隐去密钥）",
        )),
        option("lang", "LANG").value_parser(["en", "zh"]).help(say(
            "Language of helps and refusals: en or zh; else as the locale says",
            "帮助和错误提示的语言：en 或 zh，默认由区域设置（locale）决定",
        )),
        Arg::new("help").long("help").short('h').action(ArgAction::Help).help(say("Print help", "显示帮助")),
    ];
    args.into_iter().map(|arg| arg.global(true))
}

/// Parses a number of seconds.
fn seconds(word: &str) -> Result<Duration, Text> {
    let seconds: f64 = word.parse().map_err(|_| said!("isn't a number of seconds", "不是秒数"))?;
    match Duration::try_from_secs_f64(seconds) {
        Ok(duration) if !duration.is_zero() && seconds <= 86_400.0 => Ok(duration),
        _ => Err(said!("must be more than 0 and at most 86400 seconds", "须大于0且不超过86400秒")),
    }
}

pub(crate) fn epilogue(language: Language) -> String {
    let variables = language.pick(
        "Credentials are never arguments, which others could see in the list of processes:
  HW_AUTH_TOKEN                              a token of IAM
  HUAWEICLOUD_SDK_AK, HUAWEICLOUD_SDK_SK     an access key
  HUAWEICLOUD_SDK_SECURITY_TOKEN             with a temporary access key
  HUAWEICLOUD_SDK_PROJECT_ID                 its project
  ~/.huaweicloud/credentials                 the same below [basic]
Without them, the agency of an ECS. `ims doctor` tells which of these is used, and checks all else.",
        "凭证不能作为命令行参数（会出现在进程列表中），请使用：
  HW_AUTH_TOKEN                              IAM用户Token
  HUAWEICLOUD_SDK_AK, HUAWEICLOUD_SDK_SK     访问密钥
  HUAWEICLOUD_SDK_SECURITY_TOKEN             临时访问密钥的安全令牌
  HUAWEICLOUD_SDK_PROJECT_ID                 所属项目ID
  ~/.huaweicloud/credentials                 [basic]下的同类配置
以上均未设置时使用ECS的委托。`ims doctor` 会说明实际使用哪一种，并检查其余配置。",
    );
    let codes = language.pick("Exit codes:", "退出码：");
    format!("{variables}\n\n{codes}\n{}", Exit::table(language))
}

pub(crate) fn commands(language: Language) -> Vec<Command> {
    let say = |english, chinese| language.pick(english, chinese);
    let command = |name: &'static str, about: &'static str| Command::new(name).about(about);
    let id = || word("image", "IMAGE").help(say("The image's id", "镜像ID")).required(true);
    let spans = || {
        let texts = [
            ("timeout", say("How long to wait in all; 1200 if not given", "最长等待时间，默认1200秒")),
            ("interval", say("How long between two looks; 10 if not given", "查询间隔，默认10秒")),
        ];
        texts.map(|(name, help)| option(name, "SECONDS").help(help).value_parser(seconds))
    };
    let condition = say("KEY[=VALUE[,VALUE…]]", "键[=值[,值…]]");
    let tags = [command(
        "ensure",
        say("Sets these tags and deletes all others, in as few calls as needed", "设置这些标签并删除其他标签"),
    )
    .arg(id())
    .arg(word("tag", "KEY=VALUE").help(say("The tags it should have", "期望的标签")).num_args(0..))
    .arg(switch("plan").help(say("Only tell what would be done", "只显示将执行的操作")))
    .arg(switch("keep-others").help(say("Leave tags of other keys alone", "保留其他键的标签")))];
    let until = option("until", "STATE").required(true).value_parser(["active", "gone"]);
    let images = [
        command("show", say("Shows an image", "查看镜像")).arg(id()),
        command("wait", say("Waits until an image can be used, or is gone", "等待镜像可用或已删除"))
            .arg(id())
            .arg(until.help(say("active or gone", "active（可用）或 gone（已删除）")))
            .args(spans()),
        command("delete", say("Deletes an image", "删除镜像"))
            .arg(id())
            .arg(switch("wait").help(say("Wait until it is gone", "等待删除完成")))
            .args(spans()),
        command(
            "change",
            say("Changes properties of an image, whether it has them or not", "修改镜像属性，不论是否已有"),
        )
        .arg(id())
        .arg(option("name", "NAME").help(say("Its new name", "新名称")))
        .arg(option("description", "TEXT").help(say("Its new description", "新描述")))
        .arg(list("set", "PROPERTY=VALUE").help(say("Gives a property this value", "设置属性的值")))
        .arg(list("remove", "PROPERTY").help(say("Takes this property away", "移除属性"))),
        command("find", say("Finds images by their tags and their name", "按标签和名称查找镜像"))
            .arg(list("tag", condition).help(say(
                "Has this tag with one of the values, if any; all of several",
                "具有该标签（值为其中之一）；多个时须全部满足",
            )))
            .arg(list("any-tag", condition).help(say("Has one of the tags given so", "具有其中任一标签")))
            .arg(list("no-tag", condition).help(say("Has none of the tags given so", "不具有其中任何标签")))
            .arg(option("name", "NAME").help(say("The image's name", "镜像名称")))
            .arg(
                switch("untagged")
                    .help(say("Has no tag at all", "没有任何标签"))
                    .conflicts_with_all(["tag", "any-tag", "no-tag"]),
            )
            .arg(switch("count").help(say("Only count them", "只统计数量"))),
    ];
    let all = [
        command("tags", say("Makes the tags of an image what they should be", "使镜像标签与期望一致"))
            .subcommands(tags),
        command(
            "images",
            say("Finds, shows, waits for, changes and deletes images", "查找、查看、等待、修改和删除镜像"),
        )
        .subcommands(images),
        command("wait", say("Waits until a job has ended", "等待任务结束"))
            .arg(word("job", "JOB").help(say("The job's id", "任务ID")).required(true))
            .args(spans()),
        command("help", say("Prints the help of a command", "显示命令的帮助"))
            .arg(word("command", say("COMMAND", "命令")).help(say("The command", "命令")).num_args(0..)),
        command(
            "doctor",
            say(
                "Tells which credentials are used, and checks clock, endpoint and project",
                "说明所用凭证来源，并检查时钟、终端节点和项目",
            ),
        ),
        command("completions", say("Prints a script that completes commands and flags", "输出命令补全脚本")).arg(
            word("shell", "SHELL")
                .help("bash, elvish, fish, powershell, zsh")
                .required(true)
                .value_parser(clap::value_parser!(clap_complete::Shell)),
        ),
        command("man", say("Prints a manual page for `man -l -`", "输出手册页，可用 `man -l -` 查看")).arg(
            word("command", say("COMMAND", "命令"))
                .help(say("The command that is described; `ims` itself without it", "要说明的命令，默认为 ims 本身")),
        ),
    ];
    all.map(|command| dressed(command, language)).into()
}

/// What the helps of all commands have.
fn dressed(command: Command, language: Language) -> Command {
    let about = command.get_about().cloned().unwrap_or_default();
    let group = command.has_subcommands();
    command
        .before_help(about)
        .help_template(template(language))
        .subcommand_required(group)
        .subcommand_help_heading(language.pick("Commands", "命令"))
        .mut_args(|arg| arg.help_heading(language.pick("Arguments", "参数")))
        .mut_subcommands(|below| dressed(below, language))
}

/// The flags of an operation that starts a job.
pub(crate) fn waiting(language: Language) -> [Arg; 4] {
    let say = |english, chinese| language.pick(english, chinese);
    let span = |name| option(name, "SECONDS").value_parser(seconds).requires("wait");
    [
        switch("wait")
            .overrides_with("no-wait")
            .help(say("Wait until the job has ended, and print it as the result", "等待任务结束，并输出该任务")),
        switch("no-wait").overrides_with("wait").help(say(
            "Print the job's id at once (the default); `ims wait` waits for it later",
            "立即输出任务ID（默认）；之后可用 `ims wait` 等待",
        )),
        span("wait-timeout").help(say(
            "With --wait: how long in all, 1200 if not given; the job goes on after that",
            "用于 --wait：最长等待时间，默认1200秒；超时后任务仍会继续",
        )),
        span("wait-interval")
            .help(say("With --wait: how long between two looks, 10 if not given", "用于 --wait：查询间隔，默认10秒")),
    ]
}

/// The flags of an operation whose answer is a page of a list.
pub(crate) fn paging(language: Language) -> [Arg; 2] {
    let say = |english, chinese| language.pick(english, chinese);
    let all = switch("page-all").help(say(
        "Read all pages as one list; json is printed while they arrive",
        "读取全部分页并合并为一个列表；json格式边读取边输出",
    ));
    let count = |word: &str| word.parse().ok().filter(|count: &u64| *count > 0);
    let most = option("max-items", "NUMBER")
        .value_parser(move |word: &str| count(word).ok_or_else(|| said!("isn't a number from 1", "不是大于0的整数")))
        .help(say("As --page-all, but no more than so many items", "同 --page-all，但最多读取该数量"));
    [all, most]
}
