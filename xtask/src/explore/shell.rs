//! A call as commands of a shell: the `ims` command, and curl.

use super::call::{Call, Credential};
use crate::generate;
use crate::service::{KEY, REGION, Received};

/// The `ims` command; credentials go by the environment, where no process list shows them.
pub(super) fn ims(call: &Call<'_>, endpoint: &str) -> String {
    let mut lines = match call.credential {
        Credential::Token(token) => vec![format!("export HW_AUTH_TOKEN={}", quoted(token))],
        Credential::Key(key) => {
            let mut lines = vec![
                format!("export HUAWEICLOUD_SDK_AK={}", quoted(key.access)),
                format!("export HUAWEICLOUD_SDK_SK={}", quoted(key.secret)),
            ];
            lines.extend(
                key.security_token.map(|token| format!("export HUAWEICLOUD_SDK_SECURITY_TOKEN={}", quoted(token))),
            );
            lines
        }
        Credential::Nothing => Vec::new(),
    };
    let mut command = format!("ims --endpoint {}", quoted(endpoint));
    let (name, flags) = generate::names(call.spec, &call.operation.name()).unwrap_or_default();
    let mut arguments = String::new();
    for (parameter, text) in call.values() {
        match flags.get(&parameter.name) {
            Some(flag) => arguments += &format!(" --{flag}={}", quoted(text)),
            // The one parameter without a flag of its own is the project.
            None => command += &format!(" --project-id {}", quoted(text)),
        }
    }
    command += &format!(" {name}{arguments}");
    if let Some(body) = &call.body {
        command += &format!(" --body - <<'BODY'\n{body}\nBODY");
    }
    lines.push(command);
    lines.join("\n") + "\n"
}

/// What sets every client up that reads its environment.
pub(super) fn exports(endpoint: &str, project: &str) -> String {
    let region = REGION.replace('-', "_").to_ascii_uppercase();
    [
        ("HW_REGION_NAME", REGION),
        (&format!("HUAWEICLOUD_SDK_REGION_IMS_{region}"), endpoint),
        ("HUAWEICLOUD_SDK_IAM_ENDPOINT", endpoint),
        ("HUAWEICLOUD_SDK_AK", KEY.access),
        ("HUAWEICLOUD_SDK_SK", KEY.secret),
        ("HUAWEICLOUD_SDK_PROJECT_ID", project),
    ]
    .iter()
    .map(|(name, value)| format!("export {name}={}\n", quoted(value)))
    .collect()
}

/// curl, with the very headers of the request; a signature holds for 15 minutes.
pub(super) fn curl(request: &Received, endpoint: &str) -> String {
    let mut parts = vec![format!(
        "curl --include --request {} {}",
        request.method,
        quoted(&format!("{endpoint}{}", request.target))
    )];
    let headers = request.headers.iter().filter(|(name, _)| name != "host");
    parts.extend(headers.map(|(name, value)| format!("  --header {}", quoted(&format!("{name}: {value}")))));
    if !request.body.is_empty() {
        parts.push(format!("  --data-raw {}", quoted(&String::from_utf8_lossy(&request.body))));
    }
    parts.join(" \\\n") + "\n"
}

/// A word of a POSIX shell that means the text.
fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@%".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}
