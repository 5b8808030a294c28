//! The document as it is now: read again when the file changes, while the last good one goes on being served.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::FromRef;
use tokio::sync::watch;

use crate::diagnostic::Diagnostic;
use crate::document::Document;
use crate::lint;
use crate::service::{Options, Service};

/// How often the file is looked at.
const PERIOD: Duration = Duration::from_millis(250);

/// What is served, and what is wrong with the document's file; clones share it.
#[derive(Clone)]
pub(super) struct Live(pub(super) Arc<watch::Sender<(Service, Vec<Diagnostic>)>>);

impl FromRef<Live> for Service {
    fn from_ref(live: &Live) -> Self {
        live.0.borrow().0.clone()
    }
}

impl Live {
    pub(super) fn new(spec: &Document, options: Options) -> Self {
        Self(Arc::new(watch::Sender::new((Service::new(spec, options), lint::check(spec)))))
    }

    /// Looks at the document's file for as long as the runtime lives.
    pub(super) async fn watch(self, path: PathBuf) {
        let name = path.display().to_string();
        let mut last = std::fs::read(&path).ok();
        loop {
            tokio::time::sleep(PERIOD).await;
            // A file that an editor is just replacing is there again the next time.
            let Ok(bytes) = std::fs::read(&path) else { continue };
            if last.as_ref() == Some(&bytes) {
                continue;
            }
            let parsed = Document::parse(&name, &String::from_utf8_lossy(&bytes));
            self.0.send_modify(|(service, findings)| match parsed {
                Ok(spec) => {
                    *findings = lint::check(&spec);
                    *service = service.renewed(spec);
                }
                Err(found) => *findings = found,
            });
            let told = if self.0.borrow().1.is_empty() { "no findings" } else { "the page shows the findings" };
            anstream::eprintln!("{name} has changed: {told}");
            last = Some(bytes);
        }
    }
}
