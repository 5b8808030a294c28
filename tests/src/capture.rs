//! A tracing subscriber that keeps everything as text, at every level, to search it for what must not be there.

use std::fmt::{Debug, Write};
use std::sync::{Arc, Mutex};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// What was traced; clones share it.
#[derive(Clone, Debug, Default)]
pub struct Capture(Arc<Mutex<String>>);

impl Capture {
    /// All of it so far.
    #[must_use]
    pub fn text(&self) -> String {
        self.0.lock().map(|text| text.clone()).unwrap_or_default()
    }

    fn keep(&self, name: &str, record: impl FnOnce(&mut Fields)) {
        let mut fields = Fields(name.to_owned());
        record(&mut fields);
        if let Ok(mut text) = self.0.lock() {
            text.push_str(&fields.0);
            text.push('\n');
        }
    }
}

struct Fields(String);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let _ = write!(self.0, " {}={value:?}", field.name());
    }
}

impl Subscriber for Capture {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }
    fn new_span(&self, span: &Attributes<'_>) -> Id {
        self.keep(span.metadata().name(), |fields| span.record(fields));
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, values: &Record<'_>) {
        self.keep("record", |fields| values.record(fields));
    }
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, event: &Event<'_>) {
        self.keep("event", |fields| event.record(fields));
    }
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}
