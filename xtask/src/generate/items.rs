//! Tokens to items to text, one after the other: syn copies what it reads into a buffer first, and of a whole large file
//! that buffer, like the tree, would take more memory than anything else.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use syn::{Ident, Item, ItemMod, Visibility};

/// Takes an item with the name of its file and the modules that it is in; each of these came before, empty.
pub(super) type Take<'a> = dyn FnMut(&'static str, &[String], Item) + 'a;

/// A file whose items are handed over.
pub(super) struct Output<'a, 'b> {
    pub(super) file: &'static str,
    pub(super) take: &'a mut Take<'b>,
}

impl Output<'_, '_> {
    /// Reads what is in these modules; each item is handed over and its tokens are gone before the next is read.
    ///
    /// # Errors
    /// Why an item is no Rust.
    pub(super) fn add(&mut self, modules: &[&str], tokens: TokenStream) -> syn::Result<()> {
        let mut modules = modules.iter().map(|module| (*module).to_owned()).collect();
        self.each(&mut modules, tokens)
    }

    fn each(&mut self, modules: &mut Vec<String>, tokens: TokenStream) -> syn::Result<()> {
        for mut item in split(tokens) {
            let mut inner = None;
            if let [.., TokenTree::Ident(keyword), TokenTree::Ident(name), TokenTree::Group(group)] = &item[..]
                && keyword == "mod"
            {
                inner = Some((name.to_string(), group.stream()));
                item.pop();
                item.push(Group::new(Delimiter::Brace, TokenStream::new()).into());
            }
            (self.take)(self.file, modules, syn::parse2(item.into_iter().collect())?);
            if let Some((name, tokens)) = inner {
                modules.push(name);
                self.each(modules, tokens)?;
                modules.pop();
            }
        }
        Ok(())
    }
}

/// The tokens of each item of a file, of a module or of an implementation.
pub(super) fn split(tokens: TokenStream) -> impl Iterator<Item = Vec<TokenTree>> {
    let mut tokens = tokens.into_iter().peekable();
    let is_semicolon = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ';');
    std::iter::from_fn(move || {
        let mut item = Vec::new();
        while let Some(token) = tokens.next() {
            let is_body = matches!(&token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
            // `use a::{b};` and `const A: B = B {};` go on after their braces.
            let ends = is_semicolon(&token) || (is_body && !tokens.peek().is_some_and(is_semicolon));
            item.push(token);
            if ends {
                break;
            }
        }
        (!item.is_empty()).then_some(item)
    })
}

/// The text of a file that grows item by item.
#[derive(Default)]
pub(super) struct Printer {
    text: String,
    /// The modules whose braces are open.
    open: Vec<String>,
}

impl Printer {
    pub(super) fn item(&mut self, modules: &[String], item: Item) {
        self.close(modules);
        let opens = match &item {
            Item::Mod(ItemMod { ident, content: Some((_, items)), .. }) if items.is_empty() => Some(ident.to_string()),
            _ => None,
        };
        let within = |item, module: &String| {
            Item::Mod(ItemMod {
                attrs: Vec::new(),
                vis: Visibility::Inherited,
                unsafety: None,
                mod_token: Default::default(),
                ident: Ident::new(module, Span::call_site()),
                content: Some((Default::default(), vec![item])),
                semi: None,
            })
        };
        let item = modules.iter().rev().fold(item, within);
        let text =
            prettyplease::unparse(&syn::File { shebang: None, frontmatter: None, attrs: vec![], items: vec![item] });
        let head: usize = text.split_inclusive('\n').take(modules.len()).map(str::len).sum();
        let tail: usize = (0..modules.len()).map(|depth| closing(depth).len()).sum();
        self.text.push_str(&text[head..text.len() - tail]);
        if let Some(module) = opens {
            self.text.truncate(self.text.trim_end_matches("}\n").len());
            self.text.push('\n');
            self.open.push(module);
        }
    }

    /// The whole text, below its head.
    pub(super) fn finish(mut self, head: String) -> String {
        self.close(&[]);
        space_out(head, &self.text)
    }

    fn close(&mut self, modules: &[String]) {
        while !modules.starts_with(&self.open) {
            self.open.pop();
            self.text.push_str(&closing(self.open.len()));
        }
    }
}

fn closing(depth: usize) -> String {
    format!("{}}}\n", "    ".repeat(depth))
}

/// A blank line after each item: prettyplease prints none.
fn space_out(mut spaced: String, code: &str) -> String {
    spaced.reserve(code.len() + code.len() / 20);
    let mut lines = code.lines().peekable();
    while let Some(line) = lines.next() {
        spaced.push_str(line);
        spaced.push('\n');
        let indent = line.len() - line.trim_start().len();
        let next = lines.peek().map_or("", |next| next.trim_start());
        let ends_item =
            matches!(line.trim(), "}" | "};" | "];") || (line.starts_with("use ") && !next.starts_with("use "));
        if ends_item && indent <= 8 && !next.is_empty() && !next.starts_with(['}', ']']) {
            spaced.push('\n');
        }
    }
    spaced
}
