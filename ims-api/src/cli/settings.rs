//! The flags of all commands: what the client is made of, and how a result is printed.

use std::time::Duration;

use clap::ArgMatches;

use super::language::{Language, said};
use super::model::Text;
use super::query;
use super::stop::Stop;
use crate::credentials::Profile;
use crate::{Client, ClientBuilder, Environment};

/// The variable of the service's address.
const ENDPOINT: &str = "IMS_ENDPOINT";

/// The form of a result.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Form {
    Json,
    Table,
    Yaml,
    Tsv,
}

/// The global flags.
pub(crate) struct Settings {
    pub(crate) language: Language,
    pub(crate) region: Option<String>,
    pub(crate) endpoint: Option<String>,
    pub(crate) project_id: Option<String>,
    pub(crate) timeout: Option<Duration>,
    pub(crate) profile: Option<String>,
    /// The form that was asked for.
    pub(crate) form: Option<Form>,
    /// Whether TSV begins with the names of its columns.
    pub(crate) header: bool,
    /// Whether fields and values go out that the document doesn't name.
    pub(crate) lenient: bool,
    pub(crate) query: Option<String>,
    pub(crate) dry_run: bool,
    pub(crate) verbose: bool,
}

impl Settings {
    pub(crate) fn of(matches: &ArgMatches, language: Language, environment: &Environment) -> Result<Self, Stop> {
        let text = |name: &str| matches.get_one::<String>(name).cloned();
        let query = text("query");
        query.as_deref().map(query::compiled).transpose()?;
        let endpoint = environment.variable(ENDPOINT).map_err(|reason| Stop::usage(Text::same(reason)))?;
        Ok(Self {
            language,
            region: text("region"),
            endpoint: text("endpoint").or(endpoint.map(|endpoint| endpoint.to_string())),
            profile: text("profile"),
            header: matches.get_flag("header"),
            lenient: matches.get_flag("allow-unknown"),
            project_id: text("project-id"),
            timeout: matches.get_one("timeout").copied(),
            form: matches.get_one("output").copied(),
            query,
            dry_run: matches.get_flag("dry-run"),
            verbose: matches.get_flag("verbose"),
        })
    }

    /// A builder of the client that the flags describe.
    pub(crate) fn builder(&self, environment: &Environment) -> Result<ClientBuilder, Stop> {
        let region = environment.variable("HW_REGION_NAME").map_err(|reason| Stop::usage(Text::same(reason)))?;
        if self.region.is_none() && self.endpoint.is_none() && region.is_none() {
            return Err(Stop::usage(said!(
                "neither region nor endpoint is known: give --region, for example cn-north-4, or --endpoint, or set HW_REGION_NAME; `ims doctor` tells what else is missing",
                "区域和终端节点均未知：请指定 --region（例如 cn-north-4）或 --endpoint，或设置 HW_REGION_NAME；`ims doctor` 会说明还缺少什么"
            )));
        }
        let builder = Client::builder().environment(environment.clone());
        let builder = builder.user_agent(concat!("ims/", env!("CARGO_PKG_VERSION")));
        let builder = self.region.iter().fold(builder, |builder, region| builder.region(region.as_str()));
        let builder = self.endpoint.iter().fold(builder, |builder, endpoint| builder.endpoint(endpoint.as_str()));
        let builder = self.project_id.iter().fold(builder, ClientBuilder::project_id);
        let builder = self.timeout.into_iter().fold(builder, ClientBuilder::total_timeout);
        let profile = self.profile.iter().map(|profile| Profile::section(environment.clone(), profile));
        Ok(profile.fold(builder, ClientBuilder::credentials))
    }
}
