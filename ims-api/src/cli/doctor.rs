//! `ims doctor`: which settings would be used, whether they work, and why others would not be. Reads only.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use serde_json::Map;

use super::Io;
use super::exit::Exit;
use super::language::{padded, said};
use super::model::Text;
use super::settings::Settings;
use super::stop::Stop;
use crate::credentials::{Cached, Chain, Context, Credentials, Kind, Profile};
use crate::error::root_cause;
use crate::error::text::escape;
use crate::generated::COMMAND_LINE;
use crate::project::{ProjectError, Projects};
use crate::region::{Endpoint, Region};
use crate::{ClientBuilder, Environment, Failure, Retry, dynamic};

/// A signature is taken for this long around the service's clock.
const SIGNATURE_WINDOW: Duration = Duration::from_secs(15 * 60);
/// `Date` has whole seconds, and the answer took a moment.
const UNIMPORTANT: Duration = Duration::from_secs(5);
const PATIENCE: Duration = Duration::from_secs(10);

/// Prints what was found.
pub(crate) async fn examine(settings: &Settings, io: &mut Io<'_>) -> Result<(), Stop> {
    let http = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(settings.timeout.unwrap_or(PATIENCE))
        .build()
        .map_err(|error| {
            let error = error.without_url();
            Stop::usage(said!("the HTTP client cannot be built: {error}", "无法创建HTTP客户端：{error}"))
        })?;
    let environment = io.environment.clone();
    let mut doctor = Doctor { settings, environment, http, lines: String::new(), problem: None };
    let region = doctor.region();
    let endpoint = doctor.endpoint(region.as_ref());
    let credentials = doctor.credentials().await;
    let reached = doctor.reach(endpoint).await;
    let project = doctor.project(region, credentials.as_ref().map(|(credentials, _)| credentials)).await;
    if let (Some(()), Some((credentials, setting))) = (reached, credentials) {
        doctor.access(credentials, setting, project).await;
    }
    io.output.to.write_all(doctor.lines.as_bytes())?;
    match doctor.problem {
        None => Ok(()),
        Some(exit) => Err(Stop::Reason(exit, said!("not all is well: see PROBLEM above", "存在问题：见上文“问题”行"))),
    }
}

/// Looks at one thing after the other.
struct Doctor<'a> {
    settings: &'a Settings,
    environment: Environment,
    http: reqwest::Client,
    /// What was found so far.
    lines: String,
    /// The first problem decides the exit code.
    problem: Option<Exit>,
}

impl Doctor<'_> {
    fn fine<T>(&mut self, what: &str, text: Text, found: T) -> Option<T> {
        self.line("ok", "正常", what, &text);
        Some(found)
    }

    /// Nothing that is wrong.
    fn note<T>(&mut self, what: &str, text: Text) -> Option<T> {
        self.line("-", "-", what, &text);
        None
    }

    fn problem<T>(&mut self, exit: Exit, what: &str, text: Text) -> Option<T> {
        self.problem.get_or_insert(exit);
        self.line("PROBLEM", "问题", what, &text);
        None
    }

    fn line(&mut self, english: &str, chinese: &str, what: &str, text: &Text) {
        let language = self.settings.language;
        let title = TITLES.iter().find(|(title, _)| *title == what).map_or(what, |title| language.pick(what, title.1));
        let (mark, what) = (padded(language.pick(english, chinese), 8), padded(title, 12));
        self.lines.push_str(&format!("{mark} {what} {}\n", escape(text.pick(language), 600)));
    }

    fn region(&mut self) -> Option<Region> {
        let (name, place) = match (&self.settings.region, self.environment.variable("HW_REGION_NAME")) {
            (Some(name), _) => (name.clone(), "--region"),
            (None, Ok(Some(name))) => (name.to_string(), "HW_REGION_NAME"),
            (None, Err(reason)) => return self.problem(Exit::Usage, "region", Text::same(reason)),
            (None, Ok(None)) => {
                let text = said!(
                    "none: set HW_REGION_NAME or give --region, for example cn-north-4",
                    "无：请设置 HW_REGION_NAME 或指定 --region，例如 cn-north-4"
                );
                let needed = self.settings.endpoint.is_none();
                return if needed { self.problem(Exit::Usage, "region", text) } else { self.note("region", text) };
            }
        };
        match Region::new(name) {
            Ok(region) => self.fine("region", said!("{region} ({place})", "{region}（{place}）"), region),
            Err(error) => self.problem(Exit::Usage, "region", said!("{place}: {error}", "{place}：{error}")),
        }
    }

    fn endpoint(&mut self, region: Option<&Region>) -> Option<Endpoint> {
        let (endpoint, from) = match (&self.settings.endpoint, region) {
            (Some(text), _) => (Endpoint::parse(text), Text::same("--endpoint")),
            (None, region) => (Endpoint::of_region(region?, &self.environment), said!("of the region", "由区域得出")),
        };
        let Text(english, chinese) = from;
        match endpoint {
            Ok(endpoint) => self.fine("endpoint", said!("{endpoint} ({english})", "{endpoint}（{chinese}）"), endpoint),
            Err(error) => self.problem(Exit::Usage, "endpoint", Text::same(error)),
        }
    }

    /// Asks the sources as a client would: until one answers, or is set wrongly. With where the credentials were set.
    async fn credentials(&mut self) -> Option<(Credentials, &'static str)> {
        let chain = match &self.settings.profile {
            Some(profile) => Chain::of(vec![Arc::new(Profile::section(self.environment.clone(), profile))]),
            None => Chain::standard(&self.environment),
        };
        // What came of the search, once it has ended.
        let mut found = None;
        for source in chain.sources() {
            let name = source.name();
            if found.is_some() {
                self.line("-", "-", name, &said!("not asked: the search ended before", "未查询：查找已在此之前结束"));
                continue;
            }
            match source.provide(Context::new(&self.http)).await {
                Ok(credentials) => {
                    let text = said!("used: ", "使用：").and(described(&credentials));
                    let setting = setting(&credentials, name);
                    found = Some(self.fine(name, text, (credentials, setting)));
                }
                Err(error) if error.is_not_configured() => {
                    self.line("-", "-", name, &said!("declined: {error}", "未采用：{error}"));
                }
                Err(error) => found = Some(self.problem(Exit::Credentials, name, Text::same(error))),
            }
        }
        found.unwrap_or_else(|| {
            let text = said!("no source has any: set one of those above", "所有来源均无凭证：请设置以上其中之一");
            self.problem(Exit::Credentials, "credentials", text)
        })
    }

    /// Any answer shows that the service is there, and its date shows whether this machine's clock is right.
    async fn reach(&mut self, endpoint: Option<Endpoint>) -> Option<()> {
        let answer = match self.http.get(format!("{}/", endpoint?)).send().await {
            Ok(answer) => answer,
            Err(error) => {
                let exit = if error.is_timeout() { Exit::Timeout } else { Exit::NotReached };
                let reason = root_cause(&error.without_url());
                let text = said!(
                    "doesn't answer: {reason}: check the endpoint, the network and the proxy",
                    "无应答：{reason}：请检查终端节点、网络和代理"
                );
                return self.problem(exit, "service", text);
            }
        };
        let status = answer.status().as_u16();
        let text = if status < 400 {
            said!("answers", "有应答")
        } else {
            said!(
                "answers (with {status}, since this question has no credentials)",
                "有应答（状态码{status}，因为该请求不带凭证）"
            )
        };
        let reached = self.fine("service", text, ());
        let date = answer.headers().get(reqwest::header::DATE).and_then(|date| date.to_str().ok());
        match date.and_then(|date| httpdate::parse_http_date(date).ok()) {
            Some(date) => self.clock(date),
            None => self.note("clock", said!("unknown: the service gave no date", "未知：服务未返回日期")),
        };
        reached
    }

    fn clock(&mut self, service: SystemTime) -> Option<()> {
        let (off, side, chinese_side) = match SystemTime::now().duration_since(service) {
            Ok(ahead) => (ahead, "ahead of", "快"),
            Err(behind) => (behind.duration(), "behind", "慢"),
        };
        let (count, unit, chinese_unit) = match off.as_secs() {
            seconds @ ..120 => (seconds, "s", "秒"),
            seconds => ((seconds + 30) / 60, "min", "分钟"),
        };
        if off <= UNIMPORTANT {
            return self.fine("clock", said!("as the service's", "与服务一致"), ());
        }
        let said = said!("{count} {unit} {side} the service's", "比服务{chinese_side}{count}{chinese_unit}");
        if off < SIGNATURE_WINDOW {
            return self.fine("clock", said, ());
        }
        let text = said.and(said!(
            ": set this machine's clock, or each signature is refused once before the service's time is taken",
            "：请校准本机时钟，否则每次签名都会先被拒绝一次，再按服务的时间重签"
        ));
        self.problem(Exit::Credentials, "clock", text)
    }

    /// The project that calls would be about, if it is known.
    async fn project(&mut self, region: Option<Region>, credentials: Option<&Credentials>) -> Option<String> {
        if let Some(id) = &self.settings.project_id {
            return match crate::types::ProjectId::try_from(id.as_str()) {
                Ok(_) => self.fine("project", said!("{id} (--project-id)", "{id}（--project-id）"), id.clone()),
                Err(error) => {
                    self.problem(Exit::Usage, "project", said!("--project-id: {error}", "--project-id：{error}"))
                }
            };
        }
        let Some(credentials) = credentials else {
            return self.note("project", said!("not looked up: there are no credentials", "未查询：没有凭证"));
        };
        let iam = match region.as_ref().map(|region| Endpoint::iam(region, &self.environment)).transpose() {
            Ok(iam) => iam,
            Err(error) => return self.problem(Exit::Usage, "project", Text::same(error)),
        };
        let projects = Projects::new(region.zip(iam));
        match projects.id(&self.http, &Cached::new(credentials.clone()), SystemTime::now()).await {
            Ok(id) => {
                let text = match credentials.project_id() {
                    Some(_) => said!("{id} (of the credentials)", "{id}（来自凭证）"),
                    None => said!("{id} (looked up by the region)", "{id}（按区域查询）"),
                };
                self.fine("project", text, id.to_owned())
            }
            Err(ProjectError { reason, .. }) if reason.is_not_configured() => self.note("project", Text::same(reason)),
            Err(ProjectError { reason, .. }) => self.problem(Exit::Credentials, "project", Text::same(reason)),
        }
    }

    /// Makes the document's first call that reads, needs no argument and asks for a permission: whether the credentials
    /// are taken.
    async fn access(&mut self, credentials: Credentials, setting: &str, project: Option<String>) -> Option<()> {
        let mut commands = COMMAND_LINE.commands.iter().filter(|command| !command.permissions.is_empty());
        let command = commands.find(|command| {
            dynamic::find(&command.operation).is_ok_and(|(known, _)| {
                known.method == "GET" && (project.is_some() || !known.path.contains("{project_id}"))
            }) && !command.parameters.iter().any(|flag| flag.required)
        })?;
        let (name, permissions) = (&command.name, command.permissions.join(", "));
        let builder = self.settings.builder(&self.environment).ok()?.credentials(credentials).retry(Retry::off());
        let builder = builder.total_timeout(self.settings.timeout.unwrap_or(PATIENCE));
        let answer = match project.iter().fold(builder, ClientBuilder::project_id).build() {
            Ok(client) => dynamic::call(&client, &command.operation, &Map::new()).await,
            Err(error) => Err(error),
        };
        let Err(error) = answer else {
            return self.fine("access", said!("granted: {name} answers", "已授权：{name} 有应答"), ());
        };
        // A service's words may go on with all it has computed.
        let said = error.message().map(|message| format!(": {}", escape(message, 160))).unwrap_or_default();
        let reason = error.summary() + &said;
        match (error.failure(), error.status()) {
            (Failure::Refused, Some(403)) => {
                let text = said!(
                    "the credentials are taken, {name} needs {permissions}: {reason}",
                    "凭证有效，{name} 需要 {permissions}：{reason}"
                );
                self.note("access", text)
            }
            (Failure::Refused, Some(401)) => {
                self.problem(Exit::Denied, "access", said!("{reason}; check {setting}", "{reason}；请检查 {setting}"))
            }
            _ => self.problem(Exit::of(&error), "access", Text::same(reason)),
        }
    }
}

/// What lines are about, sources of credentials by their names.
const TITLES: &[(&str, &str)] = &[
    ("region", "区域"),
    ("endpoint", "终端节点"),
    ("environment", "环境变量"),
    ("profile", "配置文件"),
    ("metadata", "ECS元数据"),
    ("credentials", "凭证"),
    ("service", "服务"),
    ("clock", "时钟"),
    ("project", "项目"),
    ("access", "访问"),
];

fn described(credentials: &Credentials) -> Text {
    let said = match credentials.kind() {
        Kind::Token(_) => said!("a token", "Token"),
        Kind::Key { access, security_token, .. } => {
            // Enough to tell two keys apart.
            let shown: String = access.chars().take(4).collect();
            match security_token {
                Some(_) => said!("access key {shown}… with a security token", "访问密钥 {shown}…，带安全令牌"),
                None => said!("access key {shown}…", "访问密钥 {shown}…"),
            }
        }
    };
    let left = credentials.expires().map(|expires| expires.duration_since(SystemTime::now()).unwrap_or_default());
    let left = left.map(|left| left.as_secs() / 60);
    left.map(|left| said!(", valid for {left} min", "，{left}分钟内有效")).into_iter().fold(said, Text::and)
}

/// Where refused credentials were set.
fn setting(credentials: &Credentials, source: &str) -> &'static str {
    match (source, credentials.kind()) {
        ("environment", Kind::Token(_)) => "HW_AUTH_TOKEN",
        ("environment", Kind::Key { security_token: Some(_), .. }) => {
            "HUAWEICLOUD_SDK_SK, HUAWEICLOUD_SDK_AK, HUAWEICLOUD_SDK_SECURITY_TOKEN"
        }
        ("environment", Kind::Key { .. }) => "HUAWEICLOUD_SDK_SK, HUAWEICLOUD_SDK_AK",
        ("profile", _) => "sk, ak, security_token (profile)",
        _ => "the agency of this ECS",
    }
}
