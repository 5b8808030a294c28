//! The line and column of every node, from an event parser that keeps them, and what YAML allows but a document of
//! ours may not use because it has no place of its own or no meaning in JSON.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hasher};

use saphyr_parser::{Event, Marker, Parser, ScalarStyle};

use super::pointer::tokens;
use crate::diagnostic::{Diagnostic, Place};

/// Deeper than any document that a person or a tool writes; what comes after (serde, openapiv3) recurses.
const MAX_DEPTH: usize = 64;

/// The positions of a document's nodes, by a hash of the way that leads to them: the names themselves stand in the
/// document, and would take several times its memory here.
#[derive(Debug, Clone, Default)]
pub(crate) struct Positions {
    nodes: HashMap<u64, Node>,
}

/// Where a node is.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Node {
    key: Position,
    value: Position,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Position {
    line: u32,
    column: u32,
}

/// The way to the document itself.
const ROOT: u64 = 0;

/// The way that leads on from a node, by one token of a pointer.
fn step(way: u64, token: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write_u64(way);
    hasher.write(token.as_bytes());
    hasher.finish()
}

impl Positions {
    /// The node at a pointer, or its nearest ancestor.
    pub(crate) fn at(&self, pointer: &str) -> Node {
        let (mut way, mut node) = (ROOT, self.nodes.get(&ROOT));
        for token in tokens(pointer) {
            way = step(way, &token);
            match self.nodes.get(&way) {
                None => break,
                child => node = child,
            }
        }
        node.copied().unwrap_or_default()
    }
}

impl Node {
    /// Where its key begins; an item of an array begins with its value.
    pub(crate) fn key(&self, file: &str) -> Place {
        self.key.place(file)
    }

    /// Where its value begins.
    pub(crate) fn value(&self, file: &str) -> Place {
        self.value.place(file)
    }
}

impl Position {
    fn new(marker: Marker) -> Self {
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self { line: number(marker.line()), column: number(marker.col() + 1) }
    }

    fn place(self, file: &str) -> Place {
        Place { file: file.to_owned(), line: self.line.max(1) as usize, column: self.column.max(1) as usize }
    }
}

/// What to do about YAML's own ways to say something once.
const SHARE: &str = "share a schema, parameter or response by `$ref` instead";

/// What can be read all the same.
const READABLE: &[&str] = &["yaml-duplicate-key", "yaml-anchor", "yaml-alias"];

/// Reads the whole text once; what is found and can be read all the same comes with the positions.
pub(super) fn scan(file: &str, text: &str) -> Result<(Positions, Vec<Diagnostic>), Vec<Diagnostic>> {
    let adapted;
    let text = if is_json_text(text) {
        adapted = yaml_of_json(text);
        adapted.as_ref()
    } else {
        text
    };
    let mut scan = Scan { file, positions: Positions::default(), open: Vec::new(), findings: Vec::new() };
    let mut parser = Parser::new_from_str(text);
    let mut documents = 0;
    while let Some(event) = parser.next_event() {
        let (event, span) = match event {
            Ok(event) => event,
            Err(error) => {
                let at = Position::new(*error.marker());
                scan.syntax(at, error.info(), text);
                break;
            }
        };
        let at = Position::new(span.start);
        if matches!(event, Event::DocumentStart(_)) {
            documents += 1;
            if documents > 1 {
                scan.refuse(at, "yaml-documents", "a second YAML document begins here", "keep one document per file");
                break;
            }
        }
        if scan.event(event, at).is_err() {
            break;
        }
    }
    scan.findings.sort();
    let readable = scan.findings.iter().all(|finding| READABLE.contains(&finding.rule));
    if readable { Ok((scan.positions, scan.findings)) } else { Err(scan.findings) }
}

/// JSON as the YAML parser can read it, every character at its place. JSON alone allows tabs as layout (raw ones in a
/// string are illegal, so every tab is layout) and writes a character beyond U+FFFF as two escapes.
fn yaml_of_json(text: &str) -> Cow<'_, str> {
    if !text.contains(['\t', '\\']) {
        return Cow::Borrowed(text);
    }
    let mut adapted = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['\t', '\\']) {
        adapted.push_str(&rest[..at]);
        rest = &rest[at..];
        let (length, replacement) = match rest.as_bytes() {
            [b'\t', ..] => (1, Some(" ")),
            [b'\\', b'u', b'd' | b'D', b'8'..=b'9' | b'a'..=b'f' | b'A'..=b'F', a, b, ..]
                if a.is_ascii_hexdigit() && b.is_ascii_hexdigit() =>
            {
                (6, Some("\\ufffd"))
            }
            // The character after a backslash is no backslash of its own.
            _ => (1 + rest.chars().nth(1).map_or(0, char::len_utf8), None),
        };
        adapted.push_str(replacement.unwrap_or(&rest[..length]));
        rest = &rest[length..];
    }
    adapted.push_str(rest);
    Cow::Owned(adapted)
}

/// Whether the text can only be JSON, which may be indented with tabs as YAML may not.
pub(super) fn is_json_text(text: &str) -> bool {
    text.trim_start().starts_with('{')
}

struct Scan<'a> {
    file: &'a str,
    positions: Positions,
    open: Vec<Open>,
    findings: Vec<Diagnostic>,
}

struct Open {
    way: u64,
    begins: Position,
    kind: Collection,
}

enum Collection {
    Array(usize),
    Object(Option<(Box<str>, Position)>),
}

/// Reading on would make no sense.
struct Unreadable;

impl Scan<'_> {
    fn event(&mut self, event: Event<'_>, at: Position) -> Result<(), Unreadable> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.property(at, anchor, tag.is_some());
                if let Some(Open { kind: Collection::Object(key @ None), .. }) = self.open.last_mut() {
                    *key = Some((text.as_ref().into(), at));
                    if style == ScalarStyle::Plain && text == "<<" {
                        self.refuse(at, "yaml-merge-key", "the merge key `<<` is YAML 1.1 only", SHARE);
                    }
                } else {
                    self.node(at)?;
                }
                Ok(())
            }
            Event::SequenceStart(anchor, tag) => {
                self.property(at, anchor, tag.is_some());
                self.open(at, Collection::Array(0))
            }
            Event::MappingStart(anchor, tag) => {
                self.property(at, anchor, tag.is_some());
                self.open(at, Collection::Object(None))
            }
            Event::SequenceEnd | Event::MappingEnd => {
                self.open.pop();
                Ok(())
            }
            Event::Alias(_) => {
                self.refuse(at, "yaml-alias", "a YAML alias stands for a node elsewhere", SHARE);
                if let Some(Open { kind: Collection::Object(None), .. }) = self.open.last() {
                    return Err(Unreadable);
                }
                self.node(at).map(|_| ())
            }
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) | Event::DocumentEnd => {
                Ok(())
            }
        }
    }

    fn open(&mut self, at: Position, kind: Collection) -> Result<(), Unreadable> {
        if let Some(Open { kind: Collection::Object(None), .. }) = self.open.last() {
            self.refuse(at, "yaml-key", "a key is itself a collection", "write a plain key");
            return Err(Unreadable);
        }
        let way = self.node(at)?;
        if self.open.len() >= MAX_DEPTH {
            self.refuse(
                at,
                "yaml-depth",
                &format!("nodes are nested more than {MAX_DEPTH} deep"),
                "move inner schemas to components/schemas and refer to them by `$ref`",
            );
            return Err(Unreadable);
        }
        self.open.push(Open { way, begins: at, kind });
        Ok(())
    }

    /// Adds a node under the innermost open collection, and says which way leads to it.
    fn node(&mut self, at: Position) -> Result<u64, Unreadable> {
        let (mut way, mut place) = (ROOT, at);
        if let Some(open) = self.open.last_mut() {
            let key = match &mut open.kind {
                Collection::Array(next) => {
                    *next += 1;
                    (*next - 1).to_string().into_boxed_str()
                }
                Collection::Object(key) => {
                    let (key, position) = key.take().ok_or(Unreadable)?;
                    place = position;
                    key
                }
            };
            way = step(open.way, &key);
            // The last one is read. What was there before this collection began stands below an earlier one of its name.
            if let Some(first) = self.positions.nodes.get(&way).filter(|first| first.key >= open.begins) {
                let message = format!("the key `{key}` was already given on line {}", first.key.line);
                self.refuse(place, "yaml-duplicate-key", &message, "keep one of the two");
            }
        }
        self.positions.nodes.insert(way, Node { key: place, value: at });
        Ok(way)
    }

    fn property(&mut self, at: Position, anchor: usize, tagged: bool) {
        if anchor != 0 {
            self.refuse(at, "yaml-anchor", "a YAML anchor names this node", SHARE);
        }
        if tagged {
            self.refuse(at, "yaml-tag", "a YAML tag changes the type of this node", "remove the tag");
        }
    }

    fn syntax(&mut self, at: Position, what: &str, text: &str) {
        let at = inside(at, text);
        let line = text.lines().nth((at.line as usize).saturating_sub(1)).unwrap_or("");
        let indentation = &line[..line.len() - line.trim_start().len()];
        let help = if indentation.contains('\t') {
            "indent with spaces: YAML forbids tabs"
        } else {
            "write valid YAML; quote text that holds `: `, ` #`, or begins with one of `*&!|>%@[{`"
        };
        self.refuse(at, "yaml-syntax", &format!("not YAML: {what}"), help);
    }

    fn refuse(&mut self, at: Position, rule: &'static str, message: &str, help: &str) {
        let place = at.place(self.file);
        self.findings.push(Diagnostic::error(place, rule, message.to_owned(), help));
    }
}

/// A place of the text: the parser puts the end of a file without a line break on a line of its own.
fn inside(at: Position, text: &str) -> Position {
    let lines = u32::try_from(text.lines().count()).unwrap_or(u32::MAX);
    let last = text.lines().last().unwrap_or("");
    if at.line <= lines || text.ends_with('\n') {
        return at;
    }
    Position { line: lines, column: u32::try_from(last.chars().count()).unwrap_or(u32::MAX) + 1 }
}
