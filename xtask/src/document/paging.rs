//! `x-ims-paging`: how a list is read piece by piece.

use serde_json::Value;

/// How a list is read piece by piece.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paging {
    /// How the next piece is asked for.
    pub style: Style,
    /// The name of the parameter, or of the body's property, that says how many items a piece has.
    pub limit: String,
    /// How many are asked for where the caller doesn't say.
    pub size: u64,
    /// The property of the answer that holds the items.
    pub items: String,
    /// The property of the answer that counts all items.
    pub total: Option<String>,
}

/// How the next piece is asked for; names of parameters, or of the body's properties.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Style {
    /// By how many items come before it.
    Offset(String),
    /// By its number, from 1.
    Page(String),
    /// By a marker.
    Marker {
        /// The parameter.
        marker: String,
        /// The way to the next marker in the answer.
        next: Option<Vec<String>>,
        /// The property of an item that is the marker where the answer has none of its own.
        last: Option<String>,
    },
    /// By a marker that stands in the query of a link in the answer.
    Link {
        /// The parameter.
        marker: String,
        /// The way to the link in the answer.
        next: Vec<String>,
    },
}

impl Paging {
    pub(super) fn read(node: &Value) -> Option<Self> {
        let text = |key: &str| node.get(key).and_then(Value::as_str).map(str::to_owned);
        let way = |key: &str| text(key).map(|way| way.split('.').map(str::to_owned).collect());
        Some(Self {
            style: match text("style")?.as_str() {
                "offset" => Style::Offset(text("offset")?),
                "page" => Style::Page(text("page")?),
                "marker" => Style::Marker { marker: text("marker")?, next: way("next"), last: text("last") },
                "link" => Style::Link { marker: text("marker")?, next: way("next")? },
                _ => return None,
            },
            limit: text("limit")?,
            size: node.get("size")?.as_u64()?,
            items: text("items")?,
            total: text("total"),
        })
    }

    /// The parameter, or the body's property, that says where a piece begins.
    #[must_use]
    pub fn place(&self) -> &str {
        match &self.style {
            Style::Offset(name) | Style::Page(name) => name,
            Style::Marker { marker, .. } | Style::Link { marker, .. } => marker,
        }
    }
}
