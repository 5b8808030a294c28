//! Waiting for jobs, in virtual time: the good end, the bad one, failures on the way, the deadline, and giving up.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use ims_api::{Client, Environment, Error, Failure, Job, Retry};
use ims_tests::server::{Act, Server};
use ims_tests::virtual_time;
use serde_json::json;

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

const JOB: &str = "ff8080814dbd65d7014dbe0d84db0013";

fn at(status: &str, done: f64) -> Act {
    Act::Answer(200, json!({"status": status, "entities": {"process_percent": done, "image_id": "i"}}).to_string())
}

/// What a wait gives against these answers, the last repeated; how long it took, and how often it asked.
async fn wait(acts: Vec<Act>, deadline: u64) -> Outcome<(Result<Job, Error>, Duration, usize, Vec<f64>)> {
    let server = Server::in_turn(acts).await?;
    let builder = Client::builder().environment(Environment::fixed([], [])).endpoint(server.endpoint());
    let client = builder.token("a-token").project_id("p").retry(Retry::off()).build()?;
    let seen = Arc::new(Mutex::new(Vec::new()));
    let shares = Arc::clone(&seen);
    let look = move |job: &Job| shares.lock().map(|mut seen| seen.extend(job.share_done())).unwrap_or_default();
    let wait = client.wait_for_job(JOB).deadline(Duration::from_secs(deadline)).on_progress(look);
    let (ended, took) = virtual_time::run(&server.activity, wait.into_future()).await;
    let seen = seen.lock().map(|seen| seen.clone()).unwrap_or_default();
    Ok((ended, took, server.requests().len(), seen))
}

#[tokio::test(start_paused = true)]
async fn a_job_is_asked_for_until_it_ends() -> Outcome {
    let acts = vec![at("INIT", 0.0), at("RUNNING", 0.45), at("a new status", 0.8), at("SUCCESS", 1.0)];
    let (ended, took, asked, seen) = wait(acts, 1200).await?;
    let job = ended?;
    assert_eq!((job.id(), job.image_id(), asked), (JOB, Some("i"), 4));
    assert_eq!(seen, [0.0, 0.45, 0.8, 1.0]);
    assert!((27..=34).contains(&took.as_secs()), "three pauses of about 10 s: {took:?}");
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn a_failed_job_is_an_error_with_its_words() -> Outcome {
    let failed = json!({"status": "FAIL", "error_code": "IMG.0144", "fail_reason": "no space\u{1b} left", "entities": {"subJobId": "below"}});
    let (ended, _, asked, _) = wait(vec![Act::Answer(200, failed.to_string())], 1200).await?;
    let error = ended.err().ok_or("it is no success")?;
    assert_eq!((error.failure(), error.job(), asked), (Failure::Job, Some(JOB), 1));
    assert_eq!((error.code(), error.may_retry()), (Some("IMG.0144"), false));
    let says =
        format!("ShowJobProgress: job {JOB} failed in the job below below it · IMG.0144 · no space\\u{{1b}} left");
    assert_eq!(error.to_string(), says);
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn what_passes_is_waited_out() -> Outcome {
    let busy = || Act::Answer(429, String::new());
    let acts = vec![Act::Reset, busy(), Act::Answer(503, String::new()), at("RUNNING", 0.1), at("SUCCESS", 1.0)];
    let (ended, took, asked, _) = wait(acts, 1200).await?;
    ended?;
    assert_eq!(asked, 5);
    assert!((130..=170).contains(&took.as_secs()), "20, 40 and 80 s, then 10: {took:?}");
    let (ended, _, asked, _) = wait(vec![Act::Answer(403, String::new())], 1200).await?;
    let error = ended.err().ok_or("it is no success")?;
    assert_eq!((error.is_forbidden(), error.job(), asked), (true, Some(JOB), 1));
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn at_the_deadline_the_id_is_kept_and_the_last_failure_told() -> Outcome {
    let (ended, took, _, _) = wait(vec![at("RUNNING", 1.0)], 60).await?;
    let error = ended.err().ok_or("it is no success")?;
    assert!(error.is_timeout() && error.job() == Some(JOB) && took <= Duration::from_secs(60), "{took:?}");
    let says = format!(
        "ShowJobProgress: job {JOB} had no end within 60s · the job goes on: wait for it again, or with a longer deadline"
    );
    assert_eq!(error.to_string(), says);
    let (ended, ..) = wait(vec![Act::Answer(503, String::new())], 60).await?;
    let error = ended.err().ok_or("it is no success")?.to_string();
    assert!(error.contains("the last time it was asked for: ShowJobProgress: 503 Service Unavailable"), "{error}");
    let (ended, took, ..) = wait(vec![Act::Stall], 30).await?;
    assert!(ended.is_err_and(|error| error.is_timeout()) && took <= Duration::from_secs(31), "{took:?}");
    Ok(())
}

/// Who stops waiting loses nothing: another wait goes on where the job is.
#[tokio::test(start_paused = true)]
async fn a_dropped_wait_loses_nothing() -> Outcome {
    let mut answers = vec![at("RUNNING", 0.1), at("SUCCESS", 1.0)].into_iter();
    let server = Server::start(move |_| answers.next().unwrap_or(Act::Reset)).await?;
    let builder = Client::builder().environment(Environment::fixed([], [])).endpoint(server.endpoint());
    let client = builder.token("a-token").project_id("p").build()?;
    let first = tokio::time::timeout(Duration::from_secs(3), client.wait_for_job(JOB).into_future());
    assert!(virtual_time::run(&server.activity, first).await.0.is_err(), "nobody waited");
    assert_eq!(server.requests().len(), 1);
    let (ended, _) = virtual_time::run(&server.activity, client.wait_for_job(JOB).into_future()).await;
    assert_eq!(ended?.share_done(), Some(1.0));
    Ok(())
}
