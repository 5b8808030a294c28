//! Lists read page by page as one stream of items.

use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::future::Future;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use serde::Serialize;

use crate::error::{Error, Failure};
use crate::operation::Operation;

/// No list of this service is as long as this many pages; a server that sends more would never end.
const MOST_PAGES: usize = 100_000;

pub(crate) struct Page<T> {
    pub(crate) items: Vec<T>,
    pub(crate) total: Option<u64>,
}

/// How the next page's place follows from this one's.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Style {
    /// The place counts the items before the page.
    Offset,
    /// The place is the number of the page.
    Number,
}

/// Where a list starts, and how many items a page has.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Window {
    pub(crate) place: u64,
    pub(crate) size: u64,
}

type Fetching<'a, T> = Pin<Box<dyn Future<Output = Result<Page<T>, Error>> + Send + 'a>>;

/// The items of a list, a [`Stream`]: [`next`](Self::next) needs no other crate.
///
/// A page is requested when its first item is wanted, once, and none after the end: to stop early, drop the stream.
/// Items before an error are delivered first, then the error, once. Dropping a pending `next` loses nothing.
///
/// # Errors
/// Those of the operation; [`Failure::Unexpected`] if the server repeats a page or never ends.
pub struct Items<'a, T> {
    operation: &'static Operation,
    style: Style,
    /// What to fetch next; `None` after the end.
    next: Option<Result<Window, String>>,
    fetch: Box<dyn FnMut(Window) -> Fetching<'a, T> + Send + 'a>,
    fetching: Option<Fetching<'a, T>>,
    ready: VecDeque<T>,
    delivered: u64,
    seen: HashSet<u64>,
}

impl<'a, T: Serialize> Items<'a, T> {
    pub(crate) fn new(
        operation: &'static Operation,
        style: Style,
        window: Result<Window, String>,
        fetch: impl FnMut(Window) -> Fetching<'a, T> + Send + 'a,
    ) -> Self {
        Self {
            operation,
            style,
            next: Some(window),
            fetch: Box::new(fetch),
            fetching: None,
            ready: VecDeque::new(),
            delivered: 0,
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
                Some(Ok(window)) => *window,
                Some(Err(reason)) => {
                    let error = Error::invalid_request(self.operation, reason.clone());
                    self.next = None;
                    return Poll::Ready(Some(Err(error)));
                }
            };
            let fetching = self.fetching.get_or_insert_with(|| (self.fetch)(window));
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
        let repeated = !self.seen.insert(fingerprint(&page.items));
        let problem = if repeated {
            format!("the page at {} is one that came before: the server repeats itself", window.place)
        } else if self.seen.len() > MOST_PAGES {
            format!("more than {MOST_PAGES} pages came: the server doesn't end")
        } else {
            self.ready.extend(page.items);
            self.delivered += count;
            let place = match self.style {
                Style::Offset => window.place.saturating_add(count),
                Style::Number => window.place.saturating_add(1),
            };
            let more = match (page.total, self.style) {
                (Some(total), Style::Offset) => place < total,
                (Some(total), Style::Number) => self.delivered < total,
                // Without a total, only a full page can have a successor.
                (None, _) => count >= window.size,
            };
            self.next = more.then_some(Ok(Window { place, ..window }));
            return Ok(());
        };
        Err(Error::new(Failure::Unexpected, Some(self.operation), problem))
    }
}

// The items are never pinned.
impl<T> Unpin for Items<'_, T> {}

impl<T: Serialize> Stream for Items<'_, T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll(context)
    }
}

impl<T> fmt::Debug for Items<'_, T> {
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
fn fingerprint<T: Serialize>(items: &[T]) -> u64 {
    let mut hasher = DefaultHasher::new();
    serde_json::to_vec(items).unwrap_or_default().hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each page differs from those before, and the total is always out of reach.
    #[tokio::test]
    async fn a_server_that_never_ends_is_an_error_at_last() {
        let first = Ok(Window { place: 0, size: 1 });
        let mut requests = 0;
        let fetch = |window: Window| -> Fetching<'_, u64> {
            requests += 1;
            Box::pin(std::future::ready(Ok(Page { items: vec![window.place], total: Some(u64::MAX) })))
        };
        let mut items = Items::new(crate::operations::ALL[0], Style::Offset, first, fetch);
        let mut count = 0;
        let error = loop {
            match items.next().await {
                Some(Ok(item)) => assert_eq!(item, count),
                Some(Err(error)) => break error,
                None => unreachable!("the total is never reached"),
            }
            count += 1;
        };
        assert_eq!((count, error.failure()), (MOST_PAGES as u64, Failure::Unexpected));
        assert!(error.to_string().contains("the server doesn't end"), "{error}");
        assert!(items.next().await.is_none(), "after the error comes the end");
        drop(items);
        assert_eq!(requests, MOST_PAGES + 1);
    }
}
