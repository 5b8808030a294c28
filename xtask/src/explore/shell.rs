//! A call as commands of a shell: the `ims` command, and curl.

use super::call::{Call, Credential};
use crate::document::Document;
use crate::generate;
use crate::service::{Operation, Received};

/// The `ims` command; credentials go by the environment, where no process list shows them.
pub(super) fn ims(spec: &Document, operation: &Operation, call: &Call, endpoint: &str) -> String {
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
    let (name, flags) = generate::names(spec, &operation.model.id).unwrap_or_default();
    let mut arguments = String::new();
    for (parameter, text) in call.values(operation) {
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
