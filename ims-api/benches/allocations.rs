//! Allocations per call, against the same call by hand: `cargo bench -p ims-api --bench allocations`.
//!
//! In a bench of its own, because counting makes every allocation slower.

#[allow(dead_code, reason = "each bench needs another part of it")]
mod rig;

use std::alloc::System;
use std::collections::HashMap;
use std::time::SystemTime;

use rig::contenders::{Contender, NAMES, PROJECT};
use rig::meter::{self, Spread};
use rig::server::{self, Server};
use rig::{Outcome, is_smoke, runtime};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const CALLS: u32 = 1000;

fn main() -> Outcome {
    if server::serve_if_asked()? {
        return Ok(());
    }
    meter::pin(0);
    let server = Server::start()?;
    let runtime = runtime()?;
    println!("contender\tallocations/call\tadded\tbytes/call");
    let mut known = HashMap::new();
    for (name, base) in NAMES {
        let contender = Contender::new(name, &server.endpoint)?;
        let (count, bytes) = runtime.block_on(count(&contender))?;
        known.insert(name, count);
        let added = count - known.get(base).copied().unwrap_or(count);
        println!("{name}\t{count:.1}\t{added:.1}\t{bytes:.0}");
    }
    sign()
}

/// The median of several batches, so that a growing table or a new connection doesn't count.
async fn count(contender: &Contender) -> Outcome<(f64, f64)> {
    let image = server::image(2);
    let (batches, calls) = if is_smoke() { (1, 1) } else { (9, CALLS) };
    contender.call(&image).await?;
    let (mut counts, mut bytes) = (Vec::new(), Vec::new());
    for _ in 0..batches {
        let region = Region::new(ALLOCATOR);
        for _ in 0..calls {
            contender.call(&image).await?;
        }
        let change = region.change();
        counts.push((change.allocations + change.reallocations) as f64 / f64::from(calls));
        bytes.push(change.bytes_allocated as f64 / f64::from(calls));
    }
    Ok((Spread::of(counts).median, Spread::of(bytes).median))
}

fn sign() -> Outcome {
    let url = format!("https://ims.cn-north-4.myhuaweicloud.com/v2/{PROJECT}/images/{}/tags", server::image(2));
    let mut request = reqwest::Request::new(reqwest::Method::GET, url.parse()?);
    let credentials = ims_api::credentials::Credentials::access_key("BENCHACCESSKEY000000", "BenchSecretKey")?;
    ims_api::sign::authorize(&mut request, &credentials, SystemTime::now())?;
    let region = Region::new(ALLOCATOR);
    ims_api::sign::authorize(&mut request, &credentials, SystemTime::now())?;
    let change = region.change();
    println!("sign a GET\t{}\t\t{}", change.allocations + change.reallocations, change.bytes_allocated);
    Ok(())
}
