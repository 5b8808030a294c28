//! The command line as clap has it: the document's commands and our own, in one language.

use std::ffi::OsStr;
use std::fmt::Write as _;

use clap::builder::{PossibleValue, TypedValueParser, ValueParser};
use clap::{Arg, ArgAction, Command};

use super::exit::Exit;
use super::language::{Language, Said, said, unbroken};
use super::model::{self, Example, Flag, Kind, Schema};
use super::output::Form;
use super::value::{Checked, value};
use crate::generated::cli::{ABOUT, COMMANDS, GROUPS};

/// What decides how the command line is built before its arguments are parsed.
#[derive(Clone, Copy)]
pub(crate) struct Setup {
    pub(crate) language: Language,
    /// The width of helps; the terminal's if it isn't given.
    pub(crate) width: Option<usize>,
    /// Whether values are let through that the document doesn't name.
    pub(crate) lenient: bool,
}

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

/// All of it.
pub(crate) fn command(setup: Setup) -> Command {
    let Setup { language, width, .. } = setup;
    let say = |english, chinese| language.pick(english, chinese);
    let about = language.text(ABOUT);
    let mut command = Command::new("ims")
        .version(env!("CARGO_PKG_VERSION"))
        .about(about)
        .before_help(about)
        .subcommand_required(true)
        .disable_help_flag(true)
        .disable_version_flag(true)
        .disable_help_subcommand(true)
        .subcommand_value_name(say("COMMAND", "命令"))
        .help_template(
            format!("{}{{all-args}}{{after-help}}", heading(language)).replace("{all-args}", &listing(language)),
        )
        .after_help(epilogue(language))
        .args(globals(language))
        .arg(
            Arg::new("version")
                .long("version")
                .short('V')
                .action(ArgAction::Version)
                .help(say("Print the version", "显示版本"))
                .help_heading(say("Options", "选项")),
        )
        .subcommands(COMMANDS.iter().map(|operation| subcommand(operation, setup)))
        .subcommands(own(language));
    if let Some(width) = width {
        command = command.term_width(width);
    }
    command
}

/// The command of an operation by its name.
pub(crate) fn operation(name: &str) -> Option<&'static model::Command> {
    COMMANDS.iter().find(|command| command.name == name)
}

fn heading(language: Language) -> String {
    format!("{{before-help}}{}{{usage}}\n\n", language.pick("Usage: ", "用法："))
}

fn template(language: Language) -> String {
    heading(language) + "{all-args}{after-help}"
}

/// The commands by group, then the options: clap knows no groups of commands.
fn listing(language: Language) -> String {
    let own = own(language);
    let own = own.iter().map(|command| (command.get_name(), command.get_about().map(ToString::to_string)));
    let mut groups = vec![(language.pick("Tasks", "任务").to_owned(), own.collect::<Vec<_>>())];
    let named = GROUPS.iter().map(|(name, about)| (*name, format!("{name}: {}", language.text(*about))));
    for (group, title) in named.chain([("", language.pick("Other operations", "其他操作").to_owned())]) {
        let inside = COMMANDS.iter().filter(|command| command.group == group);
        let mut inside: Vec<_> = inside.map(|command| (command.name, Some(about(command, language)))).collect();
        inside.sort_unstable();
        groups.push((title, inside));
    }
    let width = COMMANDS.iter().map(|command| command.name.len()).max().unwrap_or_default();
    let mut text = String::new();
    for (title, commands) in groups.into_iter().filter(|(_, commands)| !commands.is_empty()) {
        let _ = writeln!(text, "{}:", title.trim_end_matches(['.', '。']));
        for (name, about) in commands {
            let _ = writeln!(text, "  {name:width$}  {}", about.unwrap_or_default());
        }
        text.push('\n');
    }
    // clap would take a brace for the beginning of a placeholder.
    text.replace(['{', '}'], "") + language.pick("Global options:", "全局选项:") + "\n{options}"
}

/// A line about an operation.
fn about(operation: &model::Command, language: Language) -> String {
    let deprecated = if operation.deprecated { language.pick("Deprecated. ", "已废弃。") } else { "" };
    format!("{deprecated}{}", language.text(operation.summary))
}

fn globals(language: Language) -> Vec<Arg> {
    let say = |english, chinese| language.pick(english, chinese);
    let heading = say("Global options", "全局选项");
    let value =
        |name: &'static str, form: &'static str| Arg::new(name).long(name).value_name(form).hide_possible_values(true);
    let flag = |name: &'static str| Arg::new(name).long(name).action(ArgAction::SetTrue);
    let args = vec![
        value("region", "REGION").help(say(
            "The region, for example cn-north-4; else HW_REGION_NAME",
            "区域，例如 cn-north-4；默认取 HW_REGION_NAME",
        )),
        value("endpoint", "URL").help(say(
            "The service's address, in place of the region's; else IMS_ENDPOINT",
            "服务地址，代替区域的终端节点；默认取 IMS_ENDPOINT",
        )),
        value("profile", "NAME").help(say(
            "The section of the profile file with the credentials, in place of all other sources",
            "配置文件中凭证所在的节，代替其他所有凭证来源",
        )),
        value("project-id", "ID").help(say(
            "The project; else that of the credentials, else looked up by the region",
            "项目ID；默认取凭证所属项目，否则按区域查询",
        )),
        value("output", "FORM").short('o').value_parser(clap::value_parser!(Form)).help(say(
            "json (as the service sends it; the default), table, yaml, or tsv (the list's rows)",
            "json（服务返回的原文，默认）、table、yaml 或 tsv（仅列表各行）",
        )),
        flag("header").help(say("With tsv: the first row names the columns", "用于tsv：首行为列名")),
        value("query", "JMESPATH").help(say(
            "Print only this part of the result, for example 'tags[].key' (jmespath.org)",
            "只输出结果中的这一部分，例如 'tags[].key'（见 jmespath.org）",
        )),
        value("timeout", "SECONDS").value_parser(time(language)).help(say(
            "How long the call may take with all its attempts; 120 if not given",
            "整个调用（含重试）的最长时间，默认120秒",
        )),
        flag("dry-run").help(say(
            "Print the signed request with its secrets masked, and as curl; send nothing",
            "只打印已签名的请求（隐去密钥）及等价的curl命令，不发送",
        )),
        flag("allow-unknown").help(say(
            "Send fields and values that the document doesn't name, unchecked",
            "照原样发送接口文档未列出的字段和取值，不做检查",
        )),
        flag("verbose").short('v').help(say(
            "Show requests and answers on standard error, secrets masked",
            "在标准错误输出上显示请求和响应（隐去密钥）",
        )),
        value("lang", "LANG").value_parser(["en", "zh"]).help(say(
            "Language of helps and refusals: en or zh; else as the locale says",
            "帮助和错误提示的语言：en 或 zh，默认由区域设置（locale）决定",
        )),
        Arg::new("help").long("help").short('h').action(ArgAction::Help).help(say("Print help", "显示帮助")),
    ];
    args.into_iter().map(|arg| arg.global(true).help_heading(heading)).collect()
}

/// Parses a number of seconds.
fn time(language: Language) -> ValueParser {
    ValueParser::new(move |word: &str| seconds(word).map_err(|reason| reason.into(language)))
}

fn seconds(word: &str) -> Result<std::time::Duration, Said> {
    let seconds: f64 = word.parse().map_err(|_| said!("isn't a number of seconds", "不是秒数"))?;
    match std::time::Duration::try_from_secs_f64(seconds) {
        Ok(duration) if !duration.is_zero() && seconds <= 86_400.0 => Ok(duration),
        _ => Err(said!("must be more than 0 and at most 86400 seconds", "须大于0且不超过86400秒")),
    }
}

fn epilogue(language: Language) -> String {
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

fn own(language: Language) -> Vec<Command> {
    let say = |english, chinese| language.pick(english, chinese);
    let template = template(language);
    let command = |name: &'static str, about: &'static str| {
        Command::new(name).about(about).before_help(about).help_template(template.clone())
    };
    let heading = say("Arguments", "参数");
    let words = |name: &'static str, form: &'static str, help: &'static str| {
        Arg::new(name).value_name(form).help_heading(heading).help(help)
    };
    let many = |name: &'static str, form: &'static str, help: &'static str| {
        words(name, form, help).long(name).action(ArgAction::Append)
    };
    let id = || words("image", "IMAGE", say("The image's id", "镜像ID")).required(true);
    let image = |name: &'static str, about: &'static str| command(name, about).arg(id());
    let spans = || {
        let texts = [
            ("timeout", say("How long to wait in all; 1200 if not given", "最长等待时间，默认1200秒")),
            ("interval", say("How long between two looks; 10 if not given", "查询间隔，默认10秒")),
        ];
        texts.map(|(name, help)| words(name, "SECONDS", help).long(name).value_parser(time(language)))
    };
    let switch = |name: &'static str, help: &'static str| {
        Arg::new(name).long(name).action(ArgAction::SetTrue).help_heading(heading).help(help)
    };
    let group = |name: &'static str, about: &'static str| {
        command(name, about).subcommand_required(true).subcommand_help_heading(say("Commands", "命令"))
    };
    let condition = say("KEY[=VALUE[,VALUE…]]", "键[=值[,值…]]");
    vec![
        group("tags", say("Makes the tags of an image what they should be", "使镜像标签与期望一致")).subcommand(
            command(
                "ensure",
                say("Sets these tags and deletes all others, in as few calls as needed", "设置这些标签并删除其他标签"),
            )
            .arg(id())
            .arg(words("tag", "KEY=VALUE", say("The tags it should have", "期望的标签")).num_args(0..))
            .arg(switch("plan", say("Only tell what would be done", "只显示将执行的操作")))
            .arg(switch("keep-others", say("Leave tags of other keys alone", "保留其他键的标签"))),
        ),
        group("images", say("Finds, shows, waits for, changes and deletes images", "查找、查看、等待、修改和删除镜像"))
            .subcommand(image("show", say("Shows an image", "查看镜像")))
            .subcommand(
                image("wait", say("Waits until an image can be used, or is gone", "等待镜像可用或已删除"))
                    .arg(
                        words("until", "STATE", say("active or gone", "active（可用）或 gone（已删除）"))
                            .long("until")
                            .required(true)
                            .value_parser(["active", "gone"])
                            .hide_possible_values(true),
                    )
                    .args(spans()),
            )
            .subcommand(
                image("delete", say("Deletes an image", "删除镜像"))
                    .arg(switch("wait", say("Wait until it is gone", "等待删除完成")))
                    .args(spans()),
            )
            .subcommand(
                image(
                    "change",
                    say("Changes properties of an image, whether it has them or not", "修改镜像属性，不论是否已有"),
                )
                .arg(words("name", "NAME", say("Its new name", "新名称")).long("name"))
                .arg(words("description", "TEXT", say("Its new description", "新描述")).long("description"))
                .arg(many("set", "PROPERTY=VALUE", say("Gives a property this value", "设置属性的值")))
                .arg(many("remove", "PROPERTY", say("Takes this property away", "移除属性"))),
            )
            .subcommand(
                command("find", say("Finds images by their tags and their name", "按标签和名称查找镜像"))
                    .arg(many(
                        "tag",
                        condition,
                        say(
                            "Has this tag with one of the values, if any; all of several",
                            "具有该标签（值为其中之一）；多个时须全部满足",
                        ),
                    ))
                    .arg(many("any-tag", condition, say("Has one of the tags given so", "具有其中任一标签")))
                    .arg(many("no-tag", condition, say("Has none of the tags given so", "不具有其中任何标签")))
                    .arg(words("name", "NAME", say("The image's name", "镜像名称")).long("name"))
                    .arg(
                        switch("untagged", say("Has no tag at all", "没有任何标签"))
                            .conflicts_with_all(["tag", "any-tag", "no-tag"]),
                    )
                    .arg(switch("count", say("Only count them", "只统计数量"))),
            ),
        command("wait", say("Waits until a job has ended", "等待任务结束"))
            .arg(words("job", "JOB", say("The job's id", "任务ID")).required(true))
            .args(spans()),
        command("help", say("Prints the help of a command", "显示命令的帮助"))
            .arg(words("command", say("COMMAND", "命令"), say("The command", "命令")).num_args(0..)),
        command(
            "doctor",
            say(
                "Tells which credentials are used, and checks clock, endpoint and project",
                "说明所用凭证来源，并检查时钟、终端节点和项目",
            ),
        ),
        command("completions", say("Prints a script that completes commands and flags", "输出命令补全脚本")).arg(
            Arg::new("shell")
                .required(true)
                .value_name("SHELL")
                .value_parser(clap::value_parser!(clap_complete::Shell))
                .hide_possible_values(true)
                .help_heading(heading)
                .help("bash, elvish, fish, powershell, zsh"),
        ),
        command("man", say("Prints a manual page for `man -l -`", "输出手册页，可用 `man -l -` 查看")).arg(
            Arg::new("command")
                .value_name(say("COMMAND", "命令"))
                .help_heading(heading)
                .help(say("The command that is described; `ims` itself without it", "要说明的命令，默认为 ims 本身")),
        ),
    ]
}

fn subcommand(operation: &'static model::Command, setup: Setup) -> Command {
    let language = setup.language;
    let say = |english, chinese| language.pick(english, chinese);
    let mut command = Command::new(operation.name)
        .about(about(operation, language))
        .before_help({
            let deprecated = if operation.deprecated { say("DEPRECATED. ", "【已废弃】") } else { "" };
            format!("{deprecated}{}", language.text(operation.description))
        })
        .help_template(template(language))
        .after_help(footnotes(operation, language));
    for flag in operation.parameters {
        let mut arg = argument(flag, setup, flag.required);
        if flag.required && operation.body.is_some() {
            arg = arg.required(false).required_unless_present("body-skeleton");
        }
        command = command.arg(arg.help_heading(say("Parameters", "参数")));
    }
    if let Some(body) = &operation.body {
        for flag in body.flags {
            let required = body.required && flag.required;
            let mut arg = argument(flag, setup, required).required(false).conflicts_with("body");
            if required {
                arg = arg.required_unless_present_any(["body", "body-skeleton"]);
            }
            command = command.arg(arg.help_heading(say("Request body", "请求体")));
        }
        let mut arg =
            Arg::new("body").long("body").value_name("JSON").help_heading(say("Request body", "请求体")).help(say(
                "The whole body as JSON: written here, of a file as @FILE, or of standard input as -",
                "完整的JSON请求体：直接写出，或用 @文件名，或用 - 从标准输入读取",
            ));
        if body.required && body.flags.is_empty() {
            arg = arg.required_unless_present("body-skeleton");
        }
        let skeleton = Arg::new("body-skeleton").long("body-skeleton").action(ArgAction::SetTrue);
        command = command.arg(arg).arg(
            skeleton
                .help_heading(say("Request body", "请求体"))
                .help(say("Print a body to fill in, and send nothing", "输出待填写的请求体，不发送请求")),
        );
    }
    if operation.job.is_some() {
        command = command.args(waiting(language));
    }
    if operation.paging.is_some() {
        command = command.arg(
            Arg::new("page-all")
                .long("page-all")
                .action(ArgAction::SetTrue)
                .help_heading(say("Parameters", "参数"))
                .help(say(
                    "Read all pages as one list; json is printed while they arrive",
                    "读取全部分页并合并为一个列表；json格式边读取边输出",
                )),
        );
        let most = Arg::new("max-items").long("max-items").value_name("NUMBER").help_heading(say("Parameters", "参数"));
        command = command.arg(
            most.value_parser(clap::value_parser!(u64).range(1..))
                .help(say("As --page-all, but no more than so many items", "同 --page-all，但最多读取该数量")),
        );
    }
    command
}

/// The flags of an operation that starts a job.
fn waiting(language: Language) -> Vec<Arg> {
    let say = |english, chinese| language.pick(english, chinese);
    let switch = |name: &'static str, other: &'static str| {
        Arg::new(name).long(name).action(ArgAction::SetTrue).overrides_with(other)
    };
    let span = |name: &'static str| {
        Arg::new(name).long(name).value_name("SECONDS").value_parser(time(language)).requires("wait")
    };
    let args = vec![
        switch("wait", "no-wait")
            .help(say("Wait until the job has ended, and print it as the result", "等待任务结束，并输出该任务")),
        switch("no-wait", "wait").help(say(
            "Print the job's id at once (the default); `ims wait` waits for it later",
            "立即输出任务ID（默认）；之后可用 `ims wait` 等待",
        )),
        span("wait-timeout").help(say(
            "With --wait: how long in all, 1200 if not given; the job goes on after that",
            "用于 --wait：最长等待时间，默认1200秒；超时后任务仍会继续",
        )),
        span("wait-interval")
            .help(say("With --wait: how long between two looks, 10 if not given", "用于 --wait：查询间隔，默认10秒")),
    ];
    args.into_iter().map(|arg| arg.help_heading(say("Job", "任务"))).collect()
}

/// The parser of a flag's value, which also knows what a shell may complete.
#[derive(Clone)]
struct Parser {
    schema: &'static Schema,
    setup: Setup,
}

impl TypedValueParser for Parser {
    type Value = Checked;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, word: &OsStr) -> Result<Checked, clap::Error> {
        let (schema, Setup { language, lenient, .. }) = (self.schema, self.setup);
        let check = move |word: &str| value(schema, word, lenient).map(Checked).map_err(|reason| reason.into(language));
        check.parse_ref(command, arg, word)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let schema = if let Kind::List(items) = self.schema.kind { items } else { self.schema };
        let values = schema.values.iter().map(PossibleValue::new);
        (!schema.values.is_empty()).then(|| -> Box<dyn Iterator<Item = PossibleValue>> { Box::new(values) })
    }
}

fn argument(flag: &'static Flag, setup: Setup, required: bool) -> Arg {
    let schema: &'static Schema = &flag.schema;
    let is_list = matches!(schema.kind, Kind::List(_));
    let arg = Arg::new(flag.flag)
        .long(flag.flag)
        .value_name(form(schema))
        .required(required)
        .action(if is_list { ArgAction::Append } else { ArgAction::Set })
        .hide_possible_values(true)
        .value_parser(ValueParser::new(Parser { schema, setup }))
        .help(describe(flag, setup.language, required));
    match schema.kind {
        Kind::Boolean => arg.num_args(0..=1).default_missing_value("true"),
        _ => arg,
    }
}

/// How many members of an object the form of its flag shows.
const MOST_MEMBERS: usize = 5;

/// How a value is written.
fn form(schema: &Schema) -> String {
    match schema.kind {
        Kind::Text => "TEXT".to_owned(),
        Kind::Integer | Kind::IntegerText | Kind::Number => "NUMBER".to_owned(),
        Kind::Boolean => "true|false".to_owned(),
        Kind::List(items) => form(items),
        Kind::Object(members) => {
            // As many as leave room for what is said of them: `describe` lists them all.
            let shown = members.iter().take(MOST_MEMBERS).map(|member| format!("{}=…", member.name));
            let more = (members.len() > MOST_MEMBERS).then(|| "…".to_owned());
            shown.chain(more).collect::<Vec<_>>().join(",")
        }
        Kind::Json => "JSON".to_owned(),
    }
}

/// The document's text, and what of the rules it can't be expected to say.
fn describe(flag: &Flag, language: Language, required: bool) -> String {
    let say = |english, chinese| language.pick(english, chinese);
    let mut notes = Vec::new();
    if required {
        notes.push(say("required", "必填").to_owned());
    }
    let schema = match flag.schema.kind {
        Kind::List(items) => {
            notes.push(say("may be repeated", "可重复").to_owned());
            items
        }
        _ => &flag.schema,
    };
    if let Kind::Object(members) = schema.kind
        && members.len() > MOST_MEMBERS
    {
        let names = members.iter().map(|member| member.name).collect::<Vec<_>>().join(", ");
        notes.push(format!("{}{names}", say("fields ", "字段：")));
    }
    if !schema.values.is_empty() {
        notes.push(format!("{}{}", say("one of ", "可选值："), schema.values.join(", ")));
    }
    match (schema.least, schema.most) {
        (Some(least), Some(most)) => notes.push(match language {
            Language::English => format!("{least} to {most}"),
            Language::Chinese => format!("{least}至{most}"),
        }),
        (Some(least), None) => notes.push(format!("≥ {least}")),
        (None, Some(most)) => notes.push(format!("≤ {most}")),
        (None, None) => {}
    }
    if let Some(default) = schema.default {
        notes.push(format!("{}{default}", say("default ", "默认 ")));
    }
    let text = language.text(flag.text);
    if notes.is_empty() { text.to_owned() } else { format!("{text} [{}]", notes.join("; ")) }
}

/// Permission, page and examples.
fn footnotes(operation: &model::Command, language: Language) -> String {
    let say = |english, chinese| language.pick(english, chinese);
    let mut text = String::new();
    // Writing to a string cannot fail.
    if let Some(body) = operation.body.as_ref().filter(|body| body.forms.len() > 1) {
        let forms = body.forms();
        let _ = writeln!(text, "{}{}\n", say("The body is one of: ", "请求体为其中之一："), unbroken(&forms));
    }
    let near =
        |other: &&model::Command| other.name != operation.name && strsim::levenshtein(other.name, operation.name) <= 2;
    for other in COMMANDS.iter().filter(near) {
        let _ = writeln!(
            text,
            "{}{}: {}",
            say("Not to be confused with ", "请勿混淆："),
            other.name,
            about(other, language)
        );
    }
    if !operation.permissions.is_empty() {
        let _ = writeln!(text, "{}{}", say("Permission: ", "所需权限："), operation.permissions.join(", "));
    }
    if !operation.operation.page.is_empty() {
        let page = format!("{}{}", say("Page: ", "接口文档："), operation.operation.page);
        let _ = writeln!(text, "{}", unbroken(&page));
    }
    if let Some(Example { call, fields, body }) = &operation.example {
        let line = |words: &[&str]| words.iter().map(|word| format!(" {}", quoted(word))).collect::<String>();
        let call = line(call);
        let mut examples = Vec::new();
        if body.is_none() || !fields.is_empty() {
            examples.push(format!("ims{call}{}", line(fields)));
        }
        examples.extend(body.map(|body| format!("echo {} | ims{call} --body -", quoted(body))));
        let _ = writeln!(text, "\n{}", say("Examples:", "示例："));
        for example in examples {
            let _ = writeln!(text, "  {}", unbroken(&example));
        }
    }
    text
}

/// A word as a shell reads it back.
pub(crate) fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,@%+".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}
