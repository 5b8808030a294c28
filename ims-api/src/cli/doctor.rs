//! `ims doctor`: which settings would be used, whether they work, and why others would not be. Reads only.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use serde_json::Map;

use super::Io;
use super::exit::Exit;
use super::language::{Language, Said, padded, said};
use super::model::Command;
use super::settings::Settings;
use super::stop::Stop;
use crate::credentials::{Cached, Chain, Context, Credentials, Kind, Profile};
use crate::error::text::escape;
use crate::generated::cli::COMMANDS;
use crate::project::{ProjectError, Projects};
use crate::region::{Endpoint, Region};
use crate::{Environment, Failure, Retry};

/// A signature is taken for this long around the service's clock.
const SIGNATURE_WINDOW: Duration = Duration::from_secs(15 * 60);
/// `Date` has whole seconds, and the answer took a moment.
const UNIMPORTANT: Duration = Duration::from_secs(5);
const PATIENCE: Duration = Duration::from_secs(10);

/// What was found so far, a line each.
struct Findings {
    language: Language,
    lines: Vec<String>,
    /// The first problem decides the exit code.
    problem: Option<Exit>,
}

impl Findings {
    fn take<T>(&mut self, what: &str, found: Found<T>) -> Option<T> {
        match found {
            Found::Fine(value, text) => {
                self.fine(what, text);
                return Some(value);
            }
            Found::Note(text) => self.note(what, text),
            Found::Problem(exit, text) => self.problem(exit, what, text),
        }
        None
    }

    fn fine(&mut self, what: &str, text: Said) {
        self.line("ok", "正常", what, text);
    }

    fn note(&mut self, what: &str, text: Said) {
        self.line("-", "-", what, text);
    }

    fn problem(&mut self, exit: Exit, what: &str, text: Said) {
        self.problem.get_or_insert(exit);
        self.line("PROBLEM", "问题", what, text);
    }

    fn line(&mut self, english: &'static str, chinese: &'static str, what: &str, text: Said) {
        let mark = padded(self.language.pick(english, chinese), 8);
        let what = padded(title(what, self.language), 12);
        self.lines.push(format!("{mark} {what} {}\n", escape(&text.into(self.language), 600)));
    }
}

/// What came of a look.
enum Found<T> {
    Fine(T, Said),
    /// Nothing that is wrong.
    Note(Said),
    Problem(Exit, Said),
}

/// What a line is about; a source of credentials by its name.
fn title(what: &str, language: Language) -> &str {
    let chinese = match what {
        "region" => "区域",
        "endpoint" => "终端节点",
        "environment" => "环境变量",
        "profile" => "配置文件",
        "metadata" => "ECS元数据",
        "credentials" => "凭证",
        "service" => "服务",
        "clock" => "时钟",
        "project" => "项目",
        "access" => "访问",
        _ => what,
    };
    if language == Language::Chinese { chinese } else { what }
}

/// Prints what was found.
pub(crate) async fn examine(settings: &Settings, language: Language, io: &mut Io<'_>) -> Result<(), Stop> {
    let mut findings = Findings { language, lines: Vec::new(), problem: None };
    let region = findings.take("region", region(settings, &io.environment));
    let endpoint = endpoint(settings, region.as_ref(), &io.environment);
    let endpoint = endpoint.and_then(|endpoint| findings.take("endpoint", endpoint));
    let http = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(settings.timeout.unwrap_or(PATIENCE))
        .build()
        .map_err(|error| {
            let error = error.without_url();
            Stop::usage(said!("the HTTP client cannot be built: {error}", "无法创建HTTP客户端：{error}"))
        })?;
    let credentials = credentials(settings, &io.environment, &http, &mut findings).await;
    let reached = match &endpoint {
        Some(endpoint) => reach(endpoint, &http, &mut findings).await,
        None => false,
    };
    let known = credentials.as_ref().map(|(credentials, _)| credentials);
    let project = findings.take("project", project(settings, region, known, &io.environment, &http).await);
    if let (true, Some((credentials, setting))) = (reached, credentials) {
        access(settings, credentials, setting, project, io, &mut findings).await?;
    }
    io.output.to.write_all(findings.lines.concat().as_bytes())?;
    match findings.problem {
        None => Ok(()),
        Some(exit) => Err(Stop::Reason(exit, said!("not all is well: see PROBLEM above", "存在问题：见上文“问题”行"))),
    }
}

fn region(settings: &Settings, environment: &Environment) -> Found<Region> {
    let (name, place) = match (&settings.region, environment.variable("HW_REGION_NAME")) {
        (Some(name), _) => (name.clone(), "--region"),
        (None, Ok(Some(name))) => (name.to_string(), "HW_REGION_NAME"),
        (None, Err(reason)) => return Found::Problem(Exit::Usage, Said::same(reason)),
        (None, Ok(None)) => {
            let text = said!(
                "none: set HW_REGION_NAME or give --region, for example cn-north-4",
                "无：请设置 HW_REGION_NAME 或指定 --region，例如 cn-north-4"
            );
            return if settings.endpoint.is_some() { Found::Note(text) } else { Found::Problem(Exit::Usage, text) };
        }
    };
    match Region::new(name) {
        Ok(region) => {
            let text = said!("{region} ({place})", "{region}（{place}）");
            Found::Fine(region, text)
        }
        Err(error) => Found::Problem(Exit::Usage, said!("{place}: {error}", "{place}：{error}")),
    }
}

fn endpoint(settings: &Settings, region: Option<&Region>, environment: &Environment) -> Option<Found<Endpoint>> {
    let (endpoint, Said { english, chinese }) = match (&settings.endpoint, region) {
        (Some(text), _) => (Endpoint::parse(text), Said::same("--endpoint")),
        (None, Some(region)) => (Endpoint::of_region(region, environment), said!("of the region", "由区域得出")),
        (None, None) => return None,
    };
    Some(match endpoint {
        Ok(endpoint) => {
            let text = said!("{endpoint} ({english})", "{endpoint}（{chinese}）");
            Found::Fine(endpoint, text)
        }
        Err(error) => Found::Problem(Exit::Usage, Said::same(error)),
    })
}

/// Asks the sources as a client would: until one answers, or is set wrongly.
async fn credentials(
    settings: &Settings,
    environment: &Environment,
    http: &reqwest::Client,
    findings: &mut Findings,
) -> Option<(Credentials, &'static str)> {
    let chain = match &settings.profile {
        Some(profile) => Chain::of(vec![Arc::new(Profile::section(environment.clone(), profile))]),
        None => Chain::standard(environment),
    };
    let mut found = None;
    let mut ended = false;
    for source in chain.sources() {
        if ended {
            findings.note(source.name(), said!("not asked: the search ended before", "未查询：查找已在此之前结束"));
            continue;
        }
        match source.provide(Context::new(http)).await {
            Ok(credentials) => {
                let Said { english, chinese } = described(&credentials);
                findings.fine(source.name(), said!("used: {english}", "使用：{chinese}"));
                let setting = setting(&credentials, source.name());
                found = Some((credentials, setting));
                ended = true;
            }
            Err(error) if error.is_not_configured() => {
                findings.note(source.name(), said!("declined: {error}", "未采用：{error}"));
            }
            Err(error) => {
                findings.problem(Exit::Credentials, source.name(), Said::same(error));
                ended = true;
            }
        }
    }
    if !ended {
        let text = said!("no source has any: set one of those above", "所有来源均无凭证：请设置以上其中之一");
        findings.problem(Exit::Credentials, "credentials", text);
    }
    found
}

fn described(credentials: &Credentials) -> Said {
    let mut said = match credentials.kind() {
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
    if let Some(expires) = credentials.expires() {
        let left = expires.duration_since(SystemTime::now()).unwrap_or_default().as_secs() / 60;
        said.english.push_str(&format!(", valid for {left} min"));
        said.chinese.push_str(&format!("，{left}分钟内有效"));
    }
    said
}

/// Any answer shows that the service is there, and its date shows whether this machine's clock is right.
async fn reach(endpoint: &Endpoint, http: &reqwest::Client, findings: &mut Findings) -> bool {
    let answer = match http.get(format!("{endpoint}/")).send().await {
        Ok(answer) => answer,
        Err(error) => {
            let exit = if error.is_timeout() { Exit::Timeout } else { Exit::NotReached };
            let reason = root_cause(&error.without_url());
            let text = said!(
                "doesn't answer: {reason}: check the endpoint, the network and the proxy",
                "无应答：{reason}：请检查终端节点、网络和代理"
            );
            findings.problem(exit, "service", text);
            return false;
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
    findings.fine("service", text);
    let date = answer.headers().get(reqwest::header::DATE).and_then(|date| date.to_str().ok());
    match date.and_then(|date| httpdate::parse_http_date(date).ok()) {
        Some(date) => clock(date, findings),
        None => findings.note("clock", said!("unknown: the service gave no date", "未知：服务未返回日期")),
    }
    true
}

fn clock(service: SystemTime, findings: &mut Findings) {
    let (off, ahead) = match SystemTime::now().duration_since(service) {
        Ok(ahead) => (ahead, true),
        Err(behind) => (behind.duration(), false),
    };
    if off <= UNIMPORTANT {
        return findings.fine("clock", said!("as the service's", "与服务一致"));
    }
    let seconds = off.as_secs();
    let (count, unit, chinese) =
        if seconds < 120 { (seconds, "s", "秒") } else { ((seconds + 30) / 60, "min", "分钟") };
    let (side, chinese_side) = if ahead { ("ahead of", "快") } else { ("behind", "慢") };
    let said = said!("{count} {unit} {side} the service's", "比服务{chinese_side}{count}{chinese}");
    if off < SIGNATURE_WINDOW {
        return findings.fine("clock", said);
    }
    let Said { english, chinese } = said;
    let text = said!(
        "{english}: set this machine's clock, or each signature is refused once before the service's time is taken",
        "{chinese}：请校准本机时钟，否则每次签名都会先被拒绝一次，再按服务的时间重签"
    );
    findings.problem(Exit::Credentials, "clock", text);
}

/// The project that calls would be about, if it is known.
async fn project(
    settings: &Settings,
    region: Option<Region>,
    credentials: Option<&Credentials>,
    environment: &Environment,
    http: &reqwest::Client,
) -> Found<String> {
    if let Some(id) = &settings.project_id {
        return match crate::types::ProjectId::try_from(id.as_str()) {
            Ok(_) => Found::Fine(id.clone(), said!("{id} (--project-id)", "{id}（--project-id）")),
            Err(error) => Found::Problem(Exit::Usage, said!("--project-id: {error}", "--project-id：{error}")),
        };
    }
    let Some(credentials) = credentials else {
        return Found::Note(said!("not looked up: there are no credentials", "未查询：没有凭证"));
    };
    let iam = match region.as_ref().map(|region| Endpoint::iam(region, environment)).transpose() {
        Ok(iam) => iam,
        Err(error) => return Found::Problem(Exit::Usage, Said::same(error)),
    };
    let projects = Projects::new(None, region.zip(iam));
    match projects.id(http, &Cached::new(credentials.clone()), SystemTime::now()).await {
        Ok(id) if credentials.project_id().is_some() => {
            Found::Fine(id.to_owned(), said!("{id} (of the credentials)", "{id}（来自凭证）"))
        }
        Ok(id) => Found::Fine(id.to_owned(), said!("{id} (looked up by the region)", "{id}（按区域查询）")),
        Err(error @ ProjectError::NoRegion) => Found::Note(Said::same(error)),
        Err(error) => Found::Problem(Exit::Credentials, Said::same(error)),
    }
}

/// Makes the document's first call that reads, needs no argument and asks for a permission: whether the credentials are
/// taken.
async fn access(
    settings: &Settings,
    credentials: Credentials,
    setting: &str,
    project: Option<String>,
    io: &Io<'_>,
    findings: &mut Findings,
) -> Result<(), Stop> {
    let harmless = |command: &&Command| {
        command.operation.method == "GET"
            && !command.permissions.is_empty()
            && !command.parameters.iter().any(|flag| flag.required)
            && (project.is_some() || !command.operation.path.contains("{project_id}"))
    };
    let Some(command) = COMMANDS.iter().find(harmless) else { return Ok(()) };
    let (name, permissions) = (command.name, command.permissions.join(", "));
    let mut builder = settings
        .builder(io)?
        .credentials(credentials)
        .retry(Retry::off())
        .total_timeout(settings.timeout.unwrap_or(PATIENCE));
    if let Some(id) = project {
        builder = builder.project_id(id);
    }
    let answer = match builder.build() {
        Ok(client) => crate::dynamic::call(&client, command.operation.id, &Map::new()).await,
        Err(error) => Err(error),
    };
    let error = match answer {
        Ok(_) => {
            findings.fine("access", said!("granted: {name} answers", "已授权：{name} 有应答"));
            return Ok(());
        }
        Err(error) => error,
    };
    // A service's words may go on with all it has computed.
    let said = error.message().map(|message| format!(": {}", escape(message, 160))).unwrap_or_default();
    let reason = error.summary() + &said;
    match (error.failure(), error.status()) {
        (Failure::Refused, Some(403)) => findings.note(
            "access",
            said!(
                "the credentials are taken, {name} needs {permissions}: {reason}",
                "凭证有效，{name} 需要 {permissions}：{reason}"
            ),
        ),
        (Failure::Refused, Some(401)) => {
            findings.problem(Exit::Denied, "access", said!("{reason}; check {setting}", "{reason}；请检查 {setting}"));
        }
        _ => findings.problem(Exit::of(&error), "access", Said::same(reason)),
    }
    Ok(())
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

fn root_cause(error: &reqwest::Error) -> String {
    let mut root: &dyn std::error::Error = error;
    while let Some(source) = root.source() {
        root = source;
    }
    root.to_string()
}
