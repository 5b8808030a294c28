//! Regions and endpoints: which address a request goes to.

mod file;

use crate::Environment;
use reqwest::Url;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A checked text: shown as it is, and made of any text that its `new` or `parse` takes.
macro_rules! text_of {
    ($type:ident, $check:ident) => {
        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $type {
            type Err = EndpointError;

            fn from_str(text: &str) -> Result<Self, EndpointError> {
                Self::$check(text)
            }
        }

        crate::text::parsed!($type, EndpointError: &str, &String, String);

        impl From<$type> for String {
            fn from(text: $type) -> Self {
                text.0
            }
        }
    };
}

/// A region such as `cn-north-4`. Any name that has the form of one is taken: there is no list that could be out of date.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Region(String);

impl Region {
    /// Checks the form: lower-case letters and digits in at least two parts joined by `-`, starting with a letter, 63
    /// characters at most (it becomes a label of a host name).
    ///
    /// # Errors
    /// The name has another form.
    pub fn new(name: impl Into<String>) -> Result<Self, EndpointError> {
        let name = name.into();
        let part = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        let fits = name.len() <= 63
            && name.contains('-')
            && name.starts_with(|first: char| first.is_ascii_lowercase())
            && name.split('-').all(part);
        if fits {
            Ok(Self(name))
        } else {
            Err(EndpointError(format!(
                "region {}: not of the form cn-north-4 (lower-case letters, digits and hyphens)",
                shown(&name)
            )))
        }
    }

    /// The region's name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The European account's regions, `eu-west-1…`, live under `.eu`. The official Python SDK says `.com` for
    /// `eu-west-101`; the Terraform provider and the Packer plugin, which people use there, say `.eu`: so do we.
    fn domain(&self) -> &'static str {
        if self.0.starts_with("eu-west-1") { "myhuaweicloud.eu" } else { "myhuaweicloud.com" }
    }
}

text_of!(Region, new);

/// The address requests go to: scheme, host, port and a path prefix, without a slash at its end. Deserialized as by
/// [`Endpoint::parse`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Endpoint(String);

impl Endpoint {
    /// An endpoint of the user's own. A path is kept as prefix, slashes at its end are dropped. `http` is taken for
    /// this machine only (`localhost`, `127.0.0.0/8`, `::1`), because it would send credentials in clear;
    /// [`Endpoint::insecure`] takes it for any host.
    ///
    /// # Errors
    /// It is no absolute `https` address, or has user information, a query, a fragment or characters that an address
    /// cannot have.
    pub fn parse(text: &str) -> Result<Self, EndpointError> {
        Self::check(text, false)
    }

    /// Like [`Endpoint::parse`], and takes `http` for any host: whoever sees the traffic sees tokens and requests.
    ///
    /// # Errors
    /// Those of [`Endpoint::parse`].
    pub fn insecure(text: &str) -> Result<Self, EndpointError> {
        Self::check(text, true)
    }

    /// The region's IMS endpoint: from `HUAWEICLOUD_SDK_REGION_IMS_{REGION}`, else from the file that
    /// `HUAWEICLOUD_SDK_REGIONS_FILE` names (`~/.huaweicloud/regions.yaml` without it), else
    /// `https://ims.{region}.myhuaweicloud.com` (`.eu` for `eu-west-1…`). Of several endpoints the first is used.
    ///
    /// # Errors
    /// An override is malformed or the file cannot be read.
    pub fn of_region(region: &Region, environment: &Environment) -> Result<Self, EndpointError> {
        Self::of_service("ims", region, environment)
    }

    /// The region's IAM endpoint: from `HUAWEICLOUD_SDK_IAM_ENDPOINT`, else like [`Endpoint::of_region`] with `IAM`.
    ///
    /// # Errors
    /// Those of [`Endpoint::of_region`].
    pub fn iam(region: &Region, environment: &Environment) -> Result<Self, EndpointError> {
        const NAME: &str = "HUAWEICLOUD_SDK_IAM_ENDPOINT";
        match environment.variable(NAME).map_err(EndpointError)? {
            Some(text) => Self::parse(text.trim()).map_err(|error| error.at(NAME)),
            None => Self::of_service("iam", region, environment),
        }
    }

    fn of_service(service: &str, region: &Region, environment: &Environment) -> Result<Self, EndpointError> {
        let variable = format!("HUAWEICLOUD_SDK_REGION_{service}_{region}").replace('-', "_").to_ascii_uppercase();
        if let Some(text) = environment.variable(&variable).map_err(EndpointError)? {
            let first = text.split(',').next().unwrap_or_default();
            return Self::parse(first.trim()).map_err(|error| error.at(&variable));
        }
        if let Some(endpoint) = file::endpoint(service, region, environment)? {
            return Ok(endpoint);
        }
        Ok(Self(format!("https://{service}.{region}.{}", region.domain())))
    }

    /// The address, without a slash at its end.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn check(text: &str, insecure: bool) -> Result<Self, EndpointError> {
        // The text may hold a password before `@` or a token in its query: then only the fault is shown.
        let refuse = |reason: &str| {
            let secretive = text.contains(['@', '?', '#']);
            let name = if secretive { "endpoint".to_owned() } else { format!("endpoint {}", shown(text)) };
            Err(EndpointError(format!("{name}: {reason}")))
        };
        if text.is_empty() {
            return refuse("is empty: write it like https://ims.cn-north-4.myhuaweicloud.com");
        }
        // A URL parser would drop or turn these silently.
        if text.chars().any(|c| c.is_whitespace() || c.is_control() || c == '\\') {
            return refuse("has a space, a control character or a backslash");
        }
        let Ok(url) = Url::parse(text) else {
            return refuse("is no address: write it like https://ims.cn-north-4.myhuaweicloud.com");
        };
        let scheme = url.scheme();
        // A URL parser would also take `https:host` and `https:///host`.
        let host = text.get(scheme.len()..).and_then(|rest| rest.strip_prefix("://"));
        if !matches!(scheme, "https" | "http") || host.is_none_or(|host| host.starts_with('/')) {
            return refuse("starts with neither https:// nor http://");
        }
        if !url.username().is_empty() || url.password().is_some() || text.contains('@') {
            return refuse("has user information before the host: leave it out");
        }
        if text.contains('?') {
            return refuse("has a query: leave it out");
        }
        if text.contains('#') {
            return refuse("has a fragment: leave it out");
        }
        if scheme == "http" && !insecure && !is_loopback(&url) {
            return refuse("http sends credentials in clear: use https (http is taken for this machine only)");
        }
        Ok(Self(url.as_str().trim_end_matches('/').to_owned()))
    }
}

text_of!(Endpoint, parse);

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    host == "localhost" || host.trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// At most 80 characters, quoted and escaped for a terminal.
fn shown(text: &str) -> String {
    let mut short: String = text.chars().take(80).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    format!("`{}`", short.escape_debug())
}

/// Why a region or an endpoint is not taken: one line that names the value or the setting and the next step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndpointError(String);

impl EndpointError {
    fn at(self, place: &str) -> Self {
        Self(format!("{place}: {}", self.0))
    }
}

impl fmt::Display for EndpointError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for EndpointError {}
