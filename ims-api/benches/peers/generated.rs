//! openapi-generator's `rust` as a contender: makes the calls, prints seconds, processor seconds and the most memory in KiB.

use std::time::Instant;

use ims_peer::apis::configuration::{ApiKey, Configuration};
use ims_peer::apis::image_tags_api::list_image_tags;

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [endpoint, project, image, tags, calls, concurrency] = &arguments[..] else { return Err("six arguments".into()) };
    let (tags, calls, concurrency): (usize, usize, usize) = (tags.parse()?, calls.parse()?, concurrency.parse()?);
    let configuration = Configuration {
        base_path: endpoint.clone(),
        api_key: Some(ApiKey { prefix: None, key: "t".repeat(4096) }),
        ..Configuration::default()
    };
    let worker = |count: usize| {
        let (configuration, project, image) = (configuration.clone(), project.clone(), image.clone());
        async move {
            for _ in 0..count {
                let found = list_image_tags(&configuration, &project, &image).await?.tags.len();
                if found != tags {
                    return Err(format!("{found} tags arrived").into());
                }
            }
            Outcome::Ok(())
        }
    };
    worker(1).await?;
    let (started, cpu) = (Instant::now(), cpu()?);
    let mut workers = tokio::task::JoinSet::new();
    for _ in 0..concurrency {
        workers.spawn(worker(calls / concurrency));
    }
    while let Some(done) = workers.join_next().await {
        done??;
    }
    let status = std::fs::read_to_string("/proc/self/status")?;
    let memory = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    println!("{}\t{}\t{}", started.elapsed().as_secs_f64(), self::cpu()? - cpu, memory.trim().trim_end_matches(" kB"));
    Ok(())
}

/// User and system time in hundredths of a second, as Linux counts them.
fn cpu() -> Outcome<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let fields = stat.rsplit(") ").next().unwrap_or_default().split(' ').skip(11).take(2);
    Ok(fields.map(str::parse::<f64>).sum::<Result<f64, _>>()? / 100.0)
}
