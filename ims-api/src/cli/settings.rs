//! The flags of all commands: what the client is made of, and how a result is printed.

use std::time::Duration;

use clap::ArgMatches;
use serde::Serialize;
use serde_json::Value;

use super::language::{Said, said};
use super::output::{self, Form, Layout};
use super::stop::Stop;
use super::{Io, query};
use crate::credentials::Profile;
use crate::{Client, ClientBuilder, Environment};

/// The variable of the service's address.
const ENDPOINT: &str = "IMS_ENDPOINT";

/// The global flags.
pub(crate) struct Settings {
    pub(crate) region: Option<String>,
    pub(crate) endpoint: Option<String>,
    pub(crate) project_id: Option<String>,
    pub(crate) timeout: Option<Duration>,
    pub(crate) profile: Option<String>,
    /// Whether a form was asked for.
    pub(crate) formed: bool,
    pub(crate) form: Form,
    header: bool,
    /// Whether fields and values go out that the document doesn't name.
    pub(crate) lenient: bool,
    pub(crate) query: Option<jmespath::Expression<'static>>,
    pub(crate) dry_run: bool,
    pub(crate) verbose: bool,
}

impl Settings {
    pub(crate) fn of(matches: &ArgMatches, environment: &Environment) -> Result<Self, Stop> {
        let variable = |name| environment.variable(name).map_err(|reason| Stop::usage(Said::same(reason)));
        let endpoint = variable(ENDPOINT)?.map(|endpoint| endpoint.to_string());
        let text = |name: &str| matches.get_one::<String>(name).cloned();
        let query = text("query").map(|query| query::compiled(&query));
        Ok(Self {
            region: text("region"),
            endpoint: text("endpoint").or(endpoint),
            profile: text("profile"),
            formed: matches.contains_id("output"),
            header: matches.get_flag("header"),
            lenient: matches.get_flag("allow-unknown"),
            project_id: text("project-id"),
            timeout: matches.get_one::<Duration>("timeout").copied(),
            form: matches.get_one::<Form>("output").copied().unwrap_or(Form::Json),
            query: query.transpose()?,
            dry_run: matches.get_flag("dry-run"),
            verbose: matches.get_flag("verbose"),
        })
    }

    /// A builder of the client that the flags describe.
    pub(crate) fn builder(&self, io: &Io<'_>) -> Result<ClientBuilder, Stop> {
        let region = io.environment.variable("HW_REGION_NAME").map_err(|reason| Stop::usage(Said::same(reason)))?;
        if self.region.is_none() && self.endpoint.is_none() && region.is_none() {
            return Err(Stop::usage(said!(
                "neither region nor endpoint is known: give --region, for example cn-north-4, or --endpoint, or set HW_REGION_NAME; `ims doctor` tells what else is missing",
                "区域和终端节点均未知：请指定 --region（例如 cn-north-4）或 --endpoint，或设置 HW_REGION_NAME；`ims doctor` 会说明还缺少什么"
            )));
        }
        let mut builder = Client::builder()
            .environment(io.environment.clone())
            .user_agent(concat!("ims/", env!("CARGO_PKG_VERSION")));
        if let Some(region) = &self.region {
            builder = builder.region(region.as_str());
        }
        if let Some(endpoint) = &self.endpoint {
            builder = builder.endpoint(endpoint.as_str());
        }
        if let Some(id) = &self.project_id {
            builder = builder.project_id(id);
        }
        if let Some(timeout) = self.timeout {
            builder = builder.total_timeout(timeout);
        }
        if let Some(profile) = &self.profile {
            builder = builder.credentials(Profile::section(io.environment.clone(), profile));
        }
        Ok(builder)
    }

    fn layout(&self, lists: Lists) -> Layout {
        // What a query makes of the answer has no columns of the document's.
        let lists = if self.query.is_some() { &[] } else { lists };
        Layout { form: self.form, header: self.header, lists }
    }

    /// Prints a value in the form that was asked for.
    pub(crate) fn print(&self, value: &Value, raw: Option<&[u8]>, lists: Lists, io: &mut Io<'_>) -> Result<(), Stop> {
        match &self.query {
            None => output::print(value, raw, self.layout(lists), &mut io.output),
            Some(query) => output::print(&query::queried(query, value)?, None, self.layout(lists), &mut io.output),
        }
    }

    /// Prints a value of the crate's.
    pub(crate) fn print_typed(&self, value: &impl Serialize, lists: Lists, io: &mut Io<'_>) -> Result<(), Stop> {
        let value = serde_json::to_value(value).map_err(|error| Stop::Output(std::io::Error::other(error)))?;
        self.print(&value, None, lists, io)
    }
}

/// The lists of an answer, each with its columns.
pub(crate) type Lists = &'static [(&'static str, &'static [&'static str])];
