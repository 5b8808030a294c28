//! A call as commands of a shell: the `ims` command, and curl.

use super::call::Call;
use crate::generate;
use crate::service::{KEY, REGION, Received};

/// The `ims` command; credentials go by the environment, where no process list shows them.
pub(super) fn ims(call: &Call<'_>, endpoint: &str) -> String {
    let values = call.values().map(|(parameter, text)| (parameter.name.clone(), text.into())).collect();
    let (words, _) = generate::words(call.spec, call.operation, &values, None);
    let mut command = format!("ims --endpoint {}", quoted(endpoint));
    words.iter().for_each(|word| command += &format!(" {}", quoted(word)));
    if let Some(body) = &call.body {
        command += &format!(" --body - <<'BODY'\n{body}\nBODY");
    }
    let export = |[_, name, value]: [&str; 3]| format!("export {name}={}\n", quoted(value));
    call.credential.parts().into_iter().map(export).chain([command, "\n".to_owned()]).collect()
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
