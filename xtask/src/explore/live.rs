//! The document as it is now: read again when the file changes, while the last good one goes on being served.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::watch;

use super::document;
use crate::diagnostic::{Diagnostic, Report};
use crate::document::Document;
use crate::lint;
use crate::service::{Options, Service};

/// How often the file is looked at.
const PERIOD: Duration = Duration::from_millis(250);

/// What is served; clones share it.
#[derive(Clone)]
pub(super) struct Live(Arc<watch::Sender<State>>);

/// The service, and what the page shows of its document, as JSON.
#[derive(Clone)]
pub(super) struct State {
    service: Service,
    document: Arc<str>,
}

impl Live {
    pub(super) fn new(spec: &Document, options: Options) -> Self {
        let (service, document) = (Service::new(spec, options), shown(spec, &lint::check(spec)).into());
        Self(Arc::new(watch::Sender::new(State { service, document })))
    }

    pub(super) fn service(&self) -> Service {
        self.0.borrow().service.clone()
    }

    pub(super) fn document(&self) -> String {
        self.0.borrow().document.to_string()
    }

    /// Tells each change of the document.
    pub(super) fn changes(&self) -> watch::Receiver<State> {
        self.0.subscribe()
    }

    /// Looks at the document's file for as long as anybody is served.
    pub(super) fn watch(&self, path: PathBuf) -> impl Future<Output = ()> + use<> {
        let served = Arc::downgrade(&self.0);
        async move {
            let mut last = std::fs::read(&path).ok();
            loop {
                tokio::time::sleep(PERIOD).await;
                let Some(live) = served.upgrade().map(Self) else { return };
                // A file that an editor is just replacing is there again the next time.
                let Ok(bytes) = std::fs::read(&path) else { continue };
                if last.as_ref() != Some(&bytes) {
                    live.renew(&path, &String::from_utf8_lossy(&bytes));
                    last = Some(bytes);
                }
            }
        }
    }

    fn renew(&self, path: &Path, text: &str) {
        let name = path.display().to_string();
        let before = self.service();
        let (service, findings) = match Document::parse(&name, text) {
            Ok(spec) => (before.renewed(&spec), lint::check(&spec)),
            Err(findings) => (before, findings),
        };
        let document = shown(service.spec(), &findings).into();
        self.0.send_replace(State { service, document });
        let told = if findings.is_empty() { "no findings" } else { "the page shows the findings" };
        anstream::eprintln!("{name} has changed: {told}");
    }
}

/// The document for the page, with what is wrong with it.
fn shown(spec: &Document, findings: &[Diagnostic]) -> String {
    let finding = |finding: &Diagnostic| {
        json!({
            "place": finding.place.to_string(),
            "level": finding.level.to_string(),
            "rule": finding.rule,
            "message": finding.message,
            "help": finding.help,
        })
    };
    let findings: Vec<Value> = Report::new(findings.to_vec()).diagnostics().iter().map(finding).collect();
    let mut document = document::of(spec);
    document["findings"] = findings.into();
    document.to_string()
}
