//! The command line as clap has it: the document's commands beside our own (`own`), in one language.

use std::ffi::OsStr;

use clap::builder::{PossibleValue, TypedValueParser, ValueParser};
use clap::{Arg, ArgAction, Command};
use serde_json::Value;

use super::arguments::forms;
use super::language::{Language, unbroken};
use super::model::{self, Example, Flag, Kind, Schema};
use super::own;
use super::shell::quoted;
use super::value::value;
use crate::dynamic;
use crate::generated::COMMAND_LINE;

/// What decides how the command line is built before its arguments are parsed.
#[derive(Clone, Copy)]
pub(crate) struct Setup<'a> {
    /// The words of the command line: an operation that none of them names needs no flags.
    pub(crate) words: &'a [String],
    pub(crate) language: Language,
    /// The width of helps; the terminal's if it isn't given.
    pub(crate) width: Option<usize>,
    /// Whether values are let through that the document doesn't name.
    pub(crate) lenient: bool,
}

impl Setup<'_> {
    /// Whether this operation is called or explained, by itself or with all others.
    fn needs(&self, operation: &model::Command) -> bool {
        let says = |name: &str| self.words.iter().any(|word| word == name);
        // The page of one command shows no other.
        let of_all = || says("man") && !COMMAND_LINE.commands.iter().any(|other| says(&other.name));
        says(&operation.name) || says("completions") || of_all()
    }
}

/// All of it.
pub(crate) fn command(setup: Setup<'_>) -> Command {
    let Setup { language, width, .. } = setup;
    let say = |english, chinese| language.pick(english, chinese);
    let about = COMMAND_LINE.about.pick(language);
    let mut command = Command::new("ims")
        .version(env!("CARGO_PKG_VERSION"))
        .about(about)
        .before_help(about)
        .subcommand_required(true)
        .disable_help_flag(true)
        .disable_version_flag(true)
        .disable_help_subcommand(true)
        .subcommand_value_name(say("COMMAND", "命令"))
        .help_template(own::template(language).replace("{all-args}", &listing(language)))
        .after_help(own::epilogue(language))
        .next_help_heading(say("Global options", "全局选项"))
        .args(own::globals(language))
        .next_help_heading(say("Options", "选项"))
        .arg(own::switch("version").short('V').action(ArgAction::Version).help(say("Print the version", "显示版本")))
        .subcommands(COMMAND_LINE.commands.iter().map(|operation| subcommand(operation, setup)))
        .subcommands(own::commands(language));
    if let Some(width) = width {
        command = command.term_width(width);
    }
    command
}

/// The commands by group, then the options: clap knows no groups of commands.
fn listing(language: Language) -> String {
    let width = COMMAND_LINE.commands.iter().map(|command| command.name.len()).max().unwrap_or_default();
    let section = |title: &str, commands: Vec<(&str, String)>| {
        let title = (!commands.is_empty()).then(|| format!("{}:\n", title.trim_end_matches(['.', '。'])));
        let lines: String = commands.iter().map(|(name, about)| format!("  {name:width$}  {about}\n")).collect();
        title.map(|title| title + &lines + "\n").unwrap_or_default()
    };
    let own = own::commands(language);
    let about_own = |command: &Command| command.get_about().map(ToString::to_string).unwrap_or_default();
    let own = own.iter().map(|command| (command.get_name(), about_own(command))).collect();
    let mut text = section(language.pick("Tasks", "任务"), own);
    let other = ("", language.pick("Other operations", "其他操作").to_owned());
    let named = COMMAND_LINE.groups.iter();
    let named = named.map(|(name, about)| (name.as_str(), format!("{name}: {}", about.pick(language))));
    for (group, title) in named.chain([other]) {
        let inside = COMMAND_LINE.commands.iter().filter(|command| command.group == group);
        let mut inside: Vec<_> = inside.map(|command| (command.name.as_str(), about(command, language))).collect();
        inside.sort_unstable();
        text += &section(&title, inside);
    }
    // clap would take a brace for the beginning of a placeholder.
    text.replace(['{', '}'], "") + language.pick("Global options:", "全局选项:") + "\n{options}"
}

/// A line about an operation.
fn about(operation: &model::Command, language: Language) -> String {
    let deprecated = if operation.deprecated { language.pick("Deprecated. ", "已废弃。") } else { "" };
    format!("{deprecated}{}", operation.summary.pick(language))
}

fn subcommand(operation: &'static model::Command, setup: Setup<'_>) -> Command {
    let language = setup.language;
    let say = |english, chinese| language.pick(english, chinese);
    let mut command = Command::new(operation.name.as_str()).about(about(operation, language));
    if !setup.needs(operation) {
        return command;
    }
    command = command
        .before_help({
            let deprecated = if operation.deprecated { say("DEPRECATED. ", "【已废弃】") } else { "" };
            format!("{deprecated}{}", operation.description.pick(language))
        })
        .help_template(own::template(language))
        .after_help(footnotes(operation, language));
    let unless: &[&str] = if operation.body.is_some() { &["body-skeleton"] } else { &[] };
    let parameters = operation.parameters.iter().map(|flag| argument(flag, setup, flag.required, unless));
    command = command.next_help_heading(say("Parameters", "参数")).args(parameters);
    if let Some(body) = &operation.body {
        let field = |flag| argument(flag, setup, body.required && flag.required, &["body", "body-skeleton"]);
        let fields = body.flags.iter().map(|flag| field(flag).conflicts_with("body"));
        let mut arg = own::option("body", "JSON").help(say(
            "The whole body as JSON: written here, of a file as @FILE, or of standard input as -",
            "完整的JSON请求体：直接写出，或用 @文件名，或用 - 从标准输入读取",
        ));
        if body.required && body.flags.is_empty() {
            arg = arg.required_unless_present("body-skeleton");
        }
        let skeleton = own::switch("body-skeleton")
            .help(say("Print a body to fill in, and send nothing", "输出待填写的请求体，不发送请求"));
        command = command.next_help_heading(say("Request body", "请求体")).args(fields).args([arg, skeleton]);
    }
    if operation.job.is_some() {
        command = command.next_help_heading(say("Job", "任务")).args(own::waiting(language));
    }
    if operation.paging.is_some() {
        command = command.next_help_heading(say("Parameters", "参数")).args(own::paging(language));
    }
    command
}

/// The parser of a flag's value, which also knows what a shell may complete.
#[derive(Clone)]
struct Parser {
    schema: &'static Schema,
    /// Whether values are let through that the document doesn't name.
    lenient: bool,
}

impl TypedValueParser for Parser {
    type Value = Value;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, word: &OsStr) -> Result<Value, clap::Error> {
        let Self { schema, lenient } = *self;
        (move |word: &str| value(schema, word, lenient)).parse_ref(command, arg, word)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let schema = if let Kind::List(items) = &self.schema.kind { items } else { self.schema };
        let values = schema.values.iter().map(PossibleValue::new);
        (!schema.values.is_empty()).then(|| -> Box<dyn Iterator<Item = PossibleValue>> { Box::new(values) })
    }
}

/// A flag that is required unless one of the others is there.
fn argument(flag: &'static Flag, setup: Setup<'_>, required: bool, unless: &[&'static str]) -> Arg {
    let schema = &flag.schema;
    let is_list = matches!(schema.kind, Kind::List(_));
    let arg = Arg::new(flag.flag.as_str())
        .long(flag.flag.as_str())
        .value_name(form(schema))
        .required(required && unless.is_empty())
        .required_unless_present_any(unless.iter().filter(|_| required))
        .action(if is_list { ArgAction::Append } else { ArgAction::Set })
        .hide_possible_values(true)
        .value_parser(ValueParser::new(Parser { schema, lenient: setup.lenient }))
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
    match &schema.kind {
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
    let say = |english, chinese| language.pick(english, chinese).to_owned();
    let (repeated, schema) = match &flag.schema.kind {
        Kind::List(items) => (true, &**items),
        _ => (false, &flag.schema),
    };
    let fields = match &schema.kind {
        Kind::Object(members) if members.len() > MOST_MEMBERS => {
            let names: Vec<&str> = members.iter().map(|member| member.name.as_str()).collect();
            Some(say("fields ", "字段：") + &names.join(", "))
        }
        _ => None,
    };
    let bounds = match (schema.least, schema.most) {
        (Some(least), Some(most)) => Some(format!("{least}{}{most}", say(" to ", "至"))),
        (Some(least), None) => Some(format!("≥ {least}")),
        (None, Some(most)) => Some(format!("≤ {most}")),
        (None, None) => None,
    };
    let notes = [
        required.then(|| say("required", "必填")),
        repeated.then(|| say("may be repeated", "可重复")),
        fields,
        (!schema.values.is_empty()).then(|| say("one of ", "可选值：") + &schema.values.join(", ")),
        bounds,
        schema.default.as_ref().map(|default| say("default ", "默认 ") + default),
    ];
    let notes = notes.into_iter().flatten().collect::<Vec<_>>().join("; ");
    let text = flag.text.pick(language);
    if notes.is_empty() { text.to_owned() } else { format!("{text} [{notes}]") }
}

/// Permission, page and examples.
fn footnotes(operation: &model::Command, language: Language) -> String {
    let say = |english, chinese| language.pick(english, chinese);
    let mut lines = Vec::new();
    if let Some(body) = operation.body.as_ref().filter(|body| body.forms.len() > 1) {
        lines.push(format!("{}{}\n", say("The body is one of: ", "请求体为其中之一："), unbroken(&forms(body))));
    }
    let near = |other: &&model::Command| {
        other.name != operation.name && strsim::levenshtein(&other.name, &operation.name) <= 2
    };
    for other in COMMAND_LINE.commands.iter().filter(near) {
        let about = about(other, language);
        lines.push(format!("{}{}: {about}", say("Not to be confused with ", "请勿混淆："), other.name));
    }
    if !operation.permissions.is_empty() {
        lines.push(format!("{}{}", say("Permission: ", "所需权限："), operation.permissions.join(", ")));
    }
    if let Ok((known, _)) = dynamic::find(&operation.operation)
        && !known.page.is_empty()
    {
        lines.push(unbroken(&format!("{}{}", say("Page: ", "接口文档："), known.page)));
    }
    if let Some(Example { call, fields, body }) = &operation.example {
        let line = |words: &[String]| words.iter().map(|word| format!(" {}", quoted(word))).collect::<String>();
        let call = line(call);
        lines.push(format!("\n{}", say("Examples:", "示例：")));
        if body.is_none() || !fields.is_empty() {
            lines.push(format!("  {}", unbroken(&format!("ims{call}{}", line(fields)))));
        }
        let piped = body.as_ref().map(|body| format!("echo {} | ims{call} --body -", quoted(body)));
        lines.extend(piped.map(|line| format!("  {}", unbroken(&line))));
    }
    lines.into_iter().map(|line| line + "\n").collect()
}
