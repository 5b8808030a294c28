//! Jobs: what the service goes on with after its answer, waited for.

use crate::polling::Pace;
use crate::types::{JobEntities, JobProgress, JobStatus};
use crate::{Client, Error, Failure, operations};
use std::fmt;
use std::pin::Pin;
use std::time::Duration;

impl Client {
    /// Waits until a job has ended. Asks every 10 s for 20 min, unless told otherwise.
    ///
    /// Calls `ShowJobProgress`, once a look. A failure that passes, such as throttling or a lost connection, is waited out.
    /// Dropping the wait ends it and nothing else: the job goes on, and can be waited for again.
    ///
    /// ```no_run
    /// # async fn run(client: ims_api::Client, job_id: String) -> Result<(), ims_api::Error> {
    /// use std::time::Duration;
    ///
    /// let job = client
    ///     .wait_for_job(&job_id)
    ///     .every(Duration::from_secs(5))
    ///     .deadline(Duration::from_secs(3600))
    ///     .on_progress(|job| println!("{:?} of 1", job.share_done()))
    ///     .await?;
    /// println!("made image {:?}", job.image_id());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Those of `ShowJobProgress` that don't pass; [`Failure::Job`](crate::Failure::Job) if the job failed, with its code
    /// and reason; [`Failure::Timeout`](crate::Failure::Timeout) at the deadline. [`Error::job`] has the id in both.
    pub fn wait_for_job(&self, id: impl Into<String>) -> WaitForJob {
        WaitForJob { client: self.clone(), id: id.into(), pace: Pace::default(), on_progress: None }
    }
}

type Look = dyn FnMut(&Job) + Send;

/// A wait for a job's end, made by [`Client::wait_for_job`]; awaiting it gives the finished [`Job`].
#[must_use = "nothing is sent until this is awaited"]
pub struct WaitForJob {
    client: Client,
    id: String,
    pace: Pace,
    on_progress: Option<Box<Look>>,
}

impl WaitForJob {
    /// How long to pause between two looks, about; longer while the service can't answer. Default 10 s.
    pub fn every(mut self, pause: Duration) -> Self {
        self.pace.every = pause;
        self
    }

    /// How long to wait in all. Default 20 min: copies to other regions may take more.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.pace.deadline = deadline;
        self
    }

    /// Is shown the job at each look, the last included.
    pub fn on_progress(mut self, look: impl FnMut(&Job) + Send + 'static) -> Self {
        self.on_progress = Some(Box::new(look));
        self
    }

    async fn wait(self) -> Result<Job, Error> {
        let Self { client, id, pace, mut on_progress } = self;
        let operation = &operations::SHOW_JOB_PROGRESS;
        let ask = || async { Ok(client.show_job_progress().job_id(id.as_str()).send().await?.into_inner()) };
        let judge = |progress: JobProgress| {
            let job = Job { id: id.clone(), progress };
            if let Some(look) = &mut on_progress {
                look(&job);
            }
            match &job.progress.status {
                Some(JobStatus::Success) => Ok(Some(job)),
                Some(JobStatus::Fail) => Err(job.failed()),
                _ => Ok(None),
            }
        };
        let ended = pace.until(operation, &format!("job {} had no end", id.escape_debug()), ask, judge).await;
        ended.map_err(|mut error| {
            error.inner().job = Some(id);
            error
        })
    }
}

impl IntoFuture for WaitForJob {
    type Output = Result<Job, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    #[inline]
    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.wait())
    }
}

impl fmt::Debug for WaitForJob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WaitForJob").field("id", &self.id).field("pace", &self.pace).finish_non_exhaustive()
    }
}

/// A job as it was at one look.
#[derive(Debug, Clone)]
pub struct Job {
    id: String,
    progress: JobProgress,
}

impl Job {
    /// The job's id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The image that was made, or is being worked on; `None` for jobs of several images.
    #[must_use]
    pub fn image_id(&self) -> Option<&str> {
        self.entities()?.image_id.as_deref()
    }

    /// How much is done, if the service says so, as a share of 1: so the samples of its pages have it, though the field is
    /// called `process_percent`.
    #[must_use]
    pub fn share_done(&self) -> Option<f64> {
        self.entities()?.process_percent
    }

    /// All that the service answered.
    #[must_use]
    pub fn progress(&self) -> &JobProgress {
        &self.progress
    }

    fn entities(&self) -> Option<&JobEntities> {
        self.progress.entities.as_ref()
    }

    fn failed(&self) -> Error {
        let below = self.entities().and_then(|entities| entities.sub_job_id.as_deref());
        let below = below.map(|id| format!(" in the job {id} below it")).unwrap_or_default();
        let mut error = Error::new(
            Failure::Job,
            Some(&operations::SHOW_JOB_PROGRESS),
            crate::error::text::escape(&format!("job {} failed{below}", self.id), 512),
        );
        let told = |text: &Option<String>| text.as_deref().map(|text| crate::error::text::escape(text, 2000));
        error.inner().code = told(&self.progress.error_code);
        error.inner().message = told(&self.progress.fail_reason);
        error.inner().sent = true;
        error
    }
}
