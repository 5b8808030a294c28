//! The line and column of every node, from an event parser that keeps them, and what YAML allows but a document of
//! ours may not use because it has no place of its own or no meaning in JSON.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hasher};

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, StrInput};

use super::pointer::tokens;
use crate::diagnostic::{Diagnostic, Place};

/// Deeper than any document that a person or a tool writes; what comes after (serde, the walks) recurses.
const MAX_DEPTH: usize = 64;

/// The positions of a file's nodes, by a hash of the way that leads to them: the names themselves stand in the document,
/// and would take several times the memory here.
#[derive(Debug, Clone)]
pub(crate) struct Positions {
    file: String,
    nodes: HashMap<u64, Node>,
}

/// Where a node is.
#[derive(Debug, Clone, Copy, Default)]
struct Node {
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
    /// Where the key of the node at a pointer begins, or of its nearest ancestor; an item of an array begins with its
    /// value.
    pub(crate) fn key(&self, pointer: &str) -> Place {
        self.at(pointer).key.place(&self.file)
    }

    /// Where the node's value begins.
    pub(super) fn value(&self, pointer: &str) -> Place {
        self.at(pointer).value.place(&self.file)
    }

    fn at(&self, pointer: &str) -> Node {
        let (mut way, mut found) = (ROOT, self.nodes.get(&ROOT));
        for token in tokens(pointer) {
            way = step(way, &token);
            let Some(child) = self.nodes.get(&way) else { break };
            found = Some(child);
        }
        found.copied().unwrap_or_default()
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
    let text = if is_json_text(text) { yaml_of_json(text) } else { text.into() };
    let parser = Parser::new_from_str(&text);
    let mut scan = Scan { file, text: &text, parser, nodes: HashMap::new(), findings: Vec::new() };
    // The findings say why reading on would make no sense.
    let _ = scan.document();
    let Scan { mut findings, nodes, .. } = scan;
    findings.sort();
    let readable = findings.iter().all(|finding| READABLE.contains(&finding.rule));
    if readable { Ok((Positions { file: file.to_owned(), nodes }, findings)) } else { Err(findings) }
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
    text: &'a str,
    parser: Parser<'a, StrInput<'a>>,
    nodes: HashMap<u64, Node>,
    findings: Vec<Diagnostic>,
}

/// Reading on would make no sense.
struct Unreadable;

impl<'a> Scan<'a> {
    fn next(&mut self) -> Result<(Event<'a>, Position), Unreadable> {
        match self.parser.next_event().ok_or(Unreadable)? {
            Ok((event, span)) => Ok((event, Position::new(span.start))),
            Err(error) => {
                self.syntax(Position::new(*error.marker()), error.info());
                Err(Unreadable)
            }
        }
    }

    fn document(&mut self) -> Result<(), Unreadable> {
        let mut documents = 0;
        loop {
            match self.next()? {
                (Event::StreamEnd, _) => return Ok(()),
                (Event::DocumentStart(_), at) if documents > 0 => {
                    self.refuse(
                        at,
                        "yaml-documents",
                        "a second YAML document begins here",
                        "keep one document per file",
                    );
                    return Err(Unreadable);
                }
                (Event::DocumentStart(_), _) => documents += 1,
                (Event::StreamStart | Event::DocumentEnd | Event::Nothing, _) => {}
                (event, at) => self.node(ROOT, at, event, at, 0)?,
            }
        }
    }

    fn node(
        &mut self,
        way: u64,
        key: Position,
        event: Event<'_>,
        at: Position,
        depth: usize,
    ) -> Result<(), Unreadable> {
        self.nodes.insert(way, Node { key, value: at });
        match event {
            Event::Scalar(_, _, anchor, tag) => self.property(at, anchor, tag.is_some()),
            Event::Alias(_) => self.refuse(at, "yaml-alias", "a YAML alias stands for a node elsewhere", SHARE),
            Event::SequenceStart(anchor, tag) => {
                self.property(at, anchor, tag.is_some());
                self.deeper(at, depth)?;
                for index in 0_usize.. {
                    let (event, at) = self.next()?;
                    if event == Event::SequenceEnd {
                        break;
                    }
                    self.node(step(way, &index.to_string()), at, event, at, depth + 1)?;
                }
            }
            Event::MappingStart(anchor, tag) => {
                self.property(at, anchor, tag.is_some());
                self.deeper(at, depth)?;
                let begins = at;
                while let Some((key, at)) = self.key()? {
                    let member = step(way, &key);
                    // The last one is read. What was there before this object stands in an earlier one of its name.
                    if let Some(first) = self.nodes.get(&member).filter(|first| first.key >= begins) {
                        let message = format!("the key `{key}` was already given on line {}", first.key.line);
                        self.refuse(at, "yaml-duplicate-key", &message, "keep one of the two");
                    }
                    let (event, value) = self.next()?;
                    self.node(member, at, event, value, depth + 1)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// The next key of an object, if there is one more.
    fn key(&mut self) -> Result<Option<(Box<str>, Position)>, Unreadable> {
        let (event, at) = self.next()?;
        match event {
            Event::MappingEnd => return Ok(None),
            Event::Scalar(text, style, anchor, tag) => {
                self.property(at, anchor, tag.is_some());
                if style == ScalarStyle::Plain && text == "<<" {
                    self.refuse(at, "yaml-merge-key", "the merge key `<<` is YAML 1.1 only", SHARE);
                }
                return Ok(Some((text.into(), at)));
            }
            Event::Alias(_) => self.refuse(at, "yaml-alias", "a YAML alias stands for a node elsewhere", SHARE),
            _ => self.refuse(at, "yaml-key", "a key is itself a collection", "write a plain key"),
        }
        Err(Unreadable)
    }

    fn deeper(&mut self, at: Position, depth: usize) -> Result<(), Unreadable> {
        if depth < MAX_DEPTH {
            return Ok(());
        }
        let message = format!("nodes are nested more than {MAX_DEPTH} deep");
        let help = "move inner schemas to components/schemas and refer to them by `$ref`";
        self.refuse(at, "yaml-depth", &message, help);
        Err(Unreadable)
    }

    fn property(&mut self, at: Position, anchor: usize, tagged: bool) {
        if anchor != 0 {
            self.refuse(at, "yaml-anchor", "a YAML anchor names this node", SHARE);
        }
        if tagged {
            self.refuse(at, "yaml-tag", "a YAML tag changes the type of this node", "remove the tag");
        }
    }

    fn syntax(&mut self, mut at: Position, what: &str) {
        let lines: Vec<&str> = self.text.lines().collect();
        // The parser puts the end of a file without a line break on a line of its own.
        if at.line as usize > lines.len() && !self.text.ends_with('\n') {
            let column = lines.last().map_or(0, |line| line.chars().count());
            at = Position { line: lines.len() as u32, column: column as u32 + 1 };
        }
        let line = lines.get((at.line as usize).saturating_sub(1)).copied().unwrap_or_default();
        let help = if line[..line.len() - line.trim_start().len()].contains('\t') {
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
