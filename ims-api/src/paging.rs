//! Lists read page by page as one stream of items.

use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::future::Future;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use serde::Serialize;
use serde_json::Value;

use crate::error::{Error, Failure};
use crate::operation::Operation;
use crate::request::Optional;

/// No list of this service is as long as this many pages; a server that sends more would never end.
const MOST_PAGES: usize = 100_000;

pub(crate) struct Page<T> {
    pub(crate) items: Vec<T>,
    pub(crate) total: Option<u64>,
    /// What begins the next page, where pages have markers; `None` at the end.
    pub(crate) marker: Option<String>,
}

/// How the next page's place follows from this one's.
#[allow(dead_code, reason = "which of the styles a document needs depends on its operations")]
#[derive(Debug, Clone, Copy)]
pub(crate) enum Style {
    /// The place counts the items before the page.
    Offset,
    /// The place is the number of the page.
    Number,
    /// The place is a text that the page before gave.
    Marker,
}

/// Where a page begins, and how many items it has.
#[derive(Debug, Clone, Default)]
pub(crate) struct Window {
    pub(crate) place: u64,
    pub(crate) marker: Option<String>,
    pub(crate) size: u64,
}

/// A number that a list may be told where it begins or how long a page is.
#[allow(dead_code, reason = "which of the styles a document needs depends on its operations")]
pub(crate) fn number<T: fmt::Display>(given: &Optional<T>, default: u64) -> Result<u64, String> {
    match given {
        None => Ok(default),
        Some(Ok(number)) => number.to_string().parse().map_err(|_| format!("{number} is no count")),
        Some(Err(reason)) => Err(reason.clone()),
    }
}

/// A marker that a list may be told where it begins.
#[allow(dead_code, reason = "which of the styles a document needs depends on its operations")]
pub(crate) fn beginning<T: fmt::Display>(given: &Optional<T>) -> Result<Option<String>, String> {
    given.as_ref().map(|given| given.as_ref().map(ToString::to_string)).transpose().map_err(Clone::clone)
}

/// The marker of the next page: what the answer says at `way` below `holder`, or the last item's own property where
/// the answer says nothing.
#[allow(dead_code, reason = "which of the styles a document needs depends on its operations")]
pub(crate) fn marker(holder: &impl Serialize, way: &[&str], last: Option<(&impl Serialize, &str)>) -> Option<String> {
    let found = serde_json::to_value(holder).unwrap_or_default();
    if found.is_null() {
        let (item, name) = last?;
        return text(serde_json::to_value(item).ok()?.get(name)?);
    }
    // Some pages of the service put what is one object into a list.
    let first = |value: &Value| value.get(0).cloned();
    let found = way.iter().try_fold(found, |at, name| first(&at).unwrap_or(at).get(name).cloned())?;
    text(&found)
}

/// The marker in the query of a link to the next page.
#[allow(dead_code, reason = "which of the styles a document needs depends on its operations")]
pub(crate) fn marker_of_link(link: &str, name: &str) -> Option<String> {
    let link = reqwest::Url::parse("http://-").and_then(|base| base.join(link)).ok()?;
    link.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

type Fetching<T> = Pin<Box<dyn Future<Output = Result<Page<T>, Error>> + Send>>;

/// The items of a list, a [`Stream`]: [`next`](Self::next) needs no other crate.
///
/// A page is requested when its first item is wanted, once, and none after the end: to stop early, drop the stream.
/// Items before an error are delivered first, then the error, once. Dropping a pending `next` loses nothing.
///
/// # Errors
/// Those of the operation; [`Failure::Unexpected`] if the server repeats a page or never ends.
#[must_use = "nothing is requested before an item is wanted"]
pub struct Items<T> {
    operation: &'static Operation,
    style: Style,
    /// What to fetch next; `None` after the end.
    next: Option<Result<Window, String>>,
    fetch: Box<dyn FnMut(Window) -> Fetching<T> + Send>,
    fetching: Option<Fetching<T>>,
    ready: VecDeque<T>,
    delivered: u64,
    pages: usize,
    seen: HashSet<u64>,
}

impl<T: Serialize> Items<T> {
    pub(crate) fn new(
        operation: &'static Operation,
        style: Style,
        window: Result<Window, String>,
        fetch: impl FnMut(Window) -> Fetching<T> + Send + 'static,
    ) -> Self {
        Self {
            operation,
            style,
            next: Some(window),
            fetch: Box::new(fetch),
            fetching: None,
            ready: VecDeque::new(),
            delivered: 0,
            pages: 0,
            seen: HashSet::new(),
        }
    }

    /// The next item; `None` at the end.
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        std::future::poll_fn(|context| self.poll(context)).await
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<T, Error>>> {
        loop {
            if let Some(item) = self.ready.pop_front() {
                return Poll::Ready(Some(Ok(item)));
            }
            let window = match &self.next {
                None => return Poll::Ready(None),
                Some(Ok(window)) => window.clone(),
                Some(Err(reason)) => {
                    let error = Error::invalid_request(self.operation, reason.clone());
                    self.next = None;
                    return Poll::Ready(Some(Err(error)));
                }
            };
            let fetching = self.fetching.get_or_insert_with(|| (self.fetch)(window.clone()));
            let Poll::Ready(page) = fetching.as_mut().poll(context) else {
                return Poll::Pending;
            };
            self.fetching = None;
            self.next = None;
            match page.and_then(|page| self.take(window, page)) {
                Ok(()) => {}
                Err(error) => return Poll::Ready(Some(Err(error))),
            }
        }
    }

    /// Takes a page in and decides whether another follows.
    fn take(&mut self, window: Window, page: Page<T>) -> Result<(), Error> {
        let count = page.items.len() as u64;
        if count == 0 {
            return Ok(());
        }
        let repeats = !self.seen.insert(fingerprint(&page.items))
            || page.marker.as_ref().is_some_and(|marker| !self.seen.insert(fingerprint(&("marker", marker))));
        let problem = if repeats {
            let place = window.marker.unwrap_or_else(|| window.place.to_string());
            format!("the page at {place}, or what follows it, is one that came before: the server repeats itself")
        } else if self.pages == MOST_PAGES {
            format!("more than {MOST_PAGES} pages came: the server doesn't end")
        } else {
            self.pages += 1;
            self.ready.extend(page.items);
            self.delivered += count;
            let place = match self.style {
                Style::Offset => window.place.saturating_add(count),
                Style::Number | Style::Marker => window.place.saturating_add(1),
            };
            let more = match (page.total, self.style) {
                (_, Style::Marker) => page.marker.is_some(),
                (Some(total), Style::Offset) => place < total,
                (Some(total), Style::Number) => self.delivered < total,
                // Without a total, only a full page can have a successor.
                (None, _) => count >= window.size,
            };
            self.next = more.then_some(Ok(Window { place, marker: page.marker, ..window }));
            return Ok(());
        };
        Err(Error::new(Failure::Unexpected, Some(self.operation), problem))
    }
}

// The items are never pinned.
impl<T> Unpin for Items<T> {}

impl<T: Serialize> Stream for Items<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll(context)
    }
}

impl<T> fmt::Debug for Items<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("operation", &self.operation.id)
            .field("style", &self.style)
            .field("delivered", &self.delivered)
            .field("ready", &self.ready.len())
            .finish_non_exhaustive()
    }
}

/// Enough to tell pages apart: a collision would need two pages with one 64-bit hash in the same list.
fn fingerprint(items: &impl Serialize) -> u64 {
    let mut hasher = DefaultHasher::new();
    serde_json::to_vec(items).unwrap_or_default().hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests;
