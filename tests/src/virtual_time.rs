//! Virtual time beside real sockets. tokio's paused clock jumps whenever its runtime would wait, and a runtime that waits
//! for a socket looks just the same; so the clock is moved by hand here, and only while both ends are quiet.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// How far the clock moves at a time.
const STEP: Duration = Duration::from_millis(250);
/// Quiet is what lasts for so many turns of the runtime, each of which asks all sockets, and for so long in real time: loopback
/// delivers within both. A machine that is busy slows the turns, too, and so can't make time pass early.
const TURNS: u32 = 64;
const MOMENT: Duration = Duration::from_micros(500);

/// Counts what a server does with its sockets; clones share the count.
#[derive(Clone, Debug, Default)]
pub struct Activity(Arc<AtomicU64>);

impl Activity {
    /// Something was read or written.
    pub fn happened(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// Runs `work` while time passes whenever nothing else does; says how long it took by that clock. The runtime has one
/// thread and its clock is paused.
pub async fn run<T>(activity: &Activity, work: impl Future<Output = T>) -> (T, Duration) {
    let mover = tokio::spawn(pass(activity.clone()));
    let start = tokio::time::Instant::now();
    let done = work.await;
    mover.abort();
    (done, start.elapsed())
}

async fn pass(activity: Activity) {
    loop {
        let (mut turns, mut since, mut seen) = (0, Instant::now(), activity.0.load(Ordering::Relaxed));
        while turns < TURNS || since.elapsed() < MOMENT {
            tokio::task::yield_now().await;
            let now = activity.0.load(Ordering::Relaxed);
            if now == seen {
                turns += 1;
            } else {
                (turns, since, seen) = (0, Instant::now(), now);
            }
        }
        tokio::time::advance(STEP).await;
    }
}
