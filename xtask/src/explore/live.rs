//! The document as it is now: read again when the file changes, while the last good one goes on being served.

use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::watch;

use super::document;
use crate::diagnostic::{Diagnostic, Report};
use crate::document::Document;
use crate::generate::model::Model;
use crate::lint::{self, Mode};
use crate::service::{Options, Service};

/// How often the file is looked at.
const PERIOD: Duration = Duration::from_millis(250);

/// What is served; clones share it.
#[derive(Clone)]
pub(super) struct Live(Arc<Inner>);

struct Inner {
    /// The document's file, if it may change.
    path: Option<PathBuf>,
    state: RwLock<State>,
    changes: watch::Sender<u64>,
}

struct State {
    service: Service,
    /// The generator's view of the document.
    model: Arc<Model>,
    document: Arc<str>,
}

impl Live {
    pub(super) fn new(spec: &Document, options: Options, path: Option<PathBuf>) -> Result<Self, Vec<Diagnostic>> {
        let service = Service::new(spec, options)?;
        let document = Arc::from(shown(&service, &lint::check(spec, Mode::House)));
        let model = Arc::new(Model::of(spec));
        let (changes, _) = watch::channel(0);
        Ok(Self(Arc::new(Inner { path, state: RwLock::new(State { service, model, document }), changes })))
    }

    pub(super) fn service(&self) -> Service {
        self.0.state.read().unwrap_or_else(PoisonError::into_inner).service.clone()
    }

    pub(super) fn model(&self) -> Arc<Model> {
        Arc::clone(&self.0.state.read().unwrap_or_else(PoisonError::into_inner).model)
    }

    pub(super) fn document(&self) -> Arc<str> {
        Arc::clone(&self.0.state.read().unwrap_or_else(PoisonError::into_inner).document)
    }

    /// Counts the changes of the document.
    pub(super) fn changes(&self) -> watch::Receiver<u64> {
        self.0.changes.subscribe()
    }

    /// Looks at the file until the future is dropped.
    pub(super) async fn watch(self) {
        let Some(path) = self.0.path.clone() else { return };
        let mut last = std::fs::read(&path).ok();
        loop {
            tokio::time::sleep(PERIOD).await;
            // A file that an editor is just replacing is there again the next time.
            let Ok(bytes) = std::fs::read(&path) else { continue };
            if last.as_ref() != Some(&bytes) {
                self.renew(&path, &bytes);
                last = Some(bytes);
            }
        }
    }

    fn renew(&self, path: &std::path::Path, bytes: &[u8]) {
        let name = path.display().to_string();
        let before = self.service();
        let read = Document::parse(&name, &String::from_utf8_lossy(bytes)).and_then(|spec| {
            let service = before.renewed(&spec)?;
            Ok((service, lint::check(&spec, Mode::House)))
        });
        let (service, findings) = read.unwrap_or_else(|findings| (before, findings));
        let document = Arc::from(shown(&service, &findings));
        let model = Arc::new(Model::of(service.spec()));
        *self.0.state.write().unwrap_or_else(PoisonError::into_inner) = State { service, model, document };
        self.0.changes.send_modify(|count| *count += 1);
        let findings = Report::new(findings);
        anstream::eprintln!(
            "{name} has changed: {}",
            if findings.diagnostics().is_empty() { "no findings" } else { "the page shows the findings" }
        );
    }
}

/// The document for the page, with what is wrong with it.
fn shown(service: &Service, findings: &[Diagnostic]) -> String {
    let mut document = document::of(service.spec(), service.operations());
    let findings: Vec<Value> = Report::new(findings.to_vec())
        .diagnostics()
        .iter()
        .map(|finding| {
            json!({
                "place": finding.place.to_string(),
                "level": finding.level.to_string(),
                "rule": finding.rule,
                "message": finding.message,
                "help": finding.help,
            })
        })
        .collect();
    document["findings"] = findings.into();
    document.to_string()
}
