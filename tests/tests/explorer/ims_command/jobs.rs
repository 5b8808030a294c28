//! Jobs: `--wait` on what starts one, and `ims wait` on one that goes on.

use ims_tests::server::{Act, Server};
use ims_tests::{SampleCall, sample_calls, words};
use serde_json::{Value, json};

use super::{IMAGE, Outcome, PROJECT, anonymous, call, service, with_token};
use ims_tests::lock;

const JOB: &str = "edc89b490d7d4392898e19b2deb34797";
const EXPORT: [&str; 7] =
    ["export-image", "--image-id", IMAGE, "--bucket-url", "ims-image:a.qcow2", "--file-format", "qcow2"];

/// Each operation that starts a job can wait for it, on the practice service that makes them all take three looks.
#[tokio::test]
async fn every_job_is_waited_for_on_demand() -> Outcome {
    let spec = ims_tests::document()?;
    let jobs: Vec<SampleCall> = sample_calls(spec)
        .into_iter()
        .filter(|call| spec.operation(&call.operation).is_some_and(|operation| operation.job.is_some()))
        .collect();
    assert_eq!(jobs.len(), 16, "the operations that start a job");
    for job in &jobs {
        let service = service().await?;
        let written = words(spec, &job.operation, &job.arguments).ok_or("no such operation")?.words;
        let said: Vec<&str> = written.iter().map(String::as_str).collect();
        let started = call(&service.endpoint(), &said).await;
        let id = serde_json::from_str::<Value>(&started.out)?["job_id"].clone();
        assert!(id.is_string(), "{}: {}", job.operation, started.err);
        assert_eq!(service.requests().len(), 1, "nobody waits unless told to");
        let ran = call(&service.endpoint(), &[&said[..], &["--wait", "--wait-interval", "0.01"]].concat()).await;
        let ended: Value = serde_json::from_str(&ran.out)?;
        assert_eq!((ran.code, &ended["status"]), (0, &json!("SUCCESS")), "{}: {}", job.operation, ran.err);
        assert_eq!(ran.err.lines().count(), 4, "a line a look, where nobody watches: {}", ran.err);
        assert!(ran.err.contains("RUNNING, 40 %"), "{}", ran.err);
    }
    Ok(())
}

/// How a wait ends, and what it says then.
#[tokio::test]
async fn how_waits_end() -> Outcome {
    let looks = |statuses: &'static [&'static str]| {
        let mut looks = 0;
        move |request: &ims_tests::server::Request| {
            if request.method != "GET" {
                return Act::Answer(200, json!({"job_id": JOB}).to_string());
            }
            looks += 1;
            let status = statuses[(looks - 1).min(statuses.len() - 1)];
            let failed = status == "FAIL";
            Act::Answer(
                200,
                json!({
                    "job_id": JOB, "job_type": "ims_export", "status": status, "begin_time": "", "end_time": "",
                    "error_code": if failed { "IMG.0082".into() } else { Value::Null },
                    "fail_reason": if failed { "the bucket is full".into() } else { Value::Null },
                    "entities": {"subJobId": "ff8080815af4cfdd015af4d8a7a90d4b", "process_percent": 0.4},
                })
                .to_string(),
            )
        }
    };
    let quick = ["--wait-interval", "0.01"];
    let waiting = [&EXPORT[..], &["--wait"], &quick].concat();
    let mut text = "# How waits for jobs end\n".to_owned();
    #[rustfmt::skip]
    let cases: &[(&str, &'static [&'static str], Vec<&str>, u8)] = &[
        ("success", &["INIT", "RUNNING", "RUNNING", "SUCCESS"], waiting.clone(), 0),
        ("success, as a table", &["SUCCESS"], [&waiting[..], &["-o", "table"]].concat(), 0),
        ("a part of the finished job", &["SUCCESS"], [&waiting[..], &["--query", "entities.subJobId"]].concat(), 0),
        ("failure", &["RUNNING", "FAIL"], waiting.clone(), 12),
        ("failure, in Chinese", &["FAIL"], [&["--lang", "zh"][..], &waiting].concat(), 12),
        ("no end in time", &["RUNNING"], [&waiting[..], &["--wait-timeout", "0.1"]].concat(), 10),
        ("no end in time, in Chinese", &["RUNNING"], [&["--lang", "zh"][..], &waiting, &["--wait-timeout", "0.1"]].concat(), 10),
        ("`ims wait`, success", &["RUNNING", "SUCCESS"], vec!["wait", JOB, "--interval", "0.01"], 0),
        ("`ims wait`, no end in time", &["RUNNING"], vec!["wait", JOB, "--timeout", "0.1", "--interval", "0.01"], 10),
        ("no wait", &["FAIL"], [&EXPORT[..], &["--wait", "--no-wait"]].concat(), 0),
    ];
    for (case, statuses, args, code) in cases {
        let server = Server::start(looks(statuses)).await?;
        let ran = call(&server.endpoint(), args).await;
        assert_eq!(ran.code, *code, "{case}: {}{}", ran.out, ran.err);
        assert!(*code == 0 || ran.out.is_empty() && ran.err.contains(JOB), "{case}: {}", ran.err);
        let shown = anonymous(&format!("{}{}", ran.err, ran.out), &server.endpoint());
        text.push_str(&format!("\n## {case}: {code}\n\n{shown}"));
    }
    lock("ims-waits", &text);

    let server = Server::start(looks(&["RUNNING", "RUNNING", "SUCCESS"])).await?;
    let endpoint = server.endpoint();
    let args = [&["--endpoint", &*endpoint, "--project-id", PROJECT][..], &waiting].concat();
    let ran = with_token().watched().ims(&args).await;
    assert_eq!((ran.code, &*ran.err), (0, ""), "the bar stands for the lines");
    let drawn = ran.drawn.iter().any(|line| line.contains(JOB) && line.contains("RUNNING") && line.contains("40 %"));
    assert!(drawn && ran.drawn.last().is_some_and(|line| line.trim().is_empty()), "{:?}", ran.drawn);
    let ran = call(&endpoint, &[&EXPORT[..], &["--wait", "--dry-run"]].concat()).await;
    assert!(ran.code == 0 && ran.out.starts_with("POST "), "{}{}", ran.out, ran.err);

    let nameless = Server::start(|_| Act::Answer(200, "{}".to_owned())).await?;
    let ran = call(&nameless.endpoint(), &[&EXPORT[..], &["--wait", "--allow-unknown"]].concat()).await;
    assert!(ran.code == 11 && ran.err.contains("job_id"), "{}", ran.err);
    Ok(())
}
