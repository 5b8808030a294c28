//! `x-ims-paging`: how a list is read piece by piece.

use super::node::Node;

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
    pub(super) fn read(node: &Node<'_>) -> Option<Self> {
        let way = |key: &str| node.str(key).map(|way| way.split('.').map(str::to_owned).collect());
        Some(Self {
            style: match node.str("style")? {
                "offset" => Style::Offset(node.string("offset")?),
                "page" => Style::Page(node.string("page")?),
                "marker" => {
                    Style::Marker { marker: node.string("marker")?, next: way("next"), last: node.string("last") }
                }
                "link" => Style::Link { marker: node.string("marker")?, next: way("next")? },
                _ => return None,
            },
            limit: node.string("limit")?,
            size: node.count("size")?,
            items: node.string("items")?,
            total: node.string("total"),
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
