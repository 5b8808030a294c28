//! Tokens to items, one after the other: syn copies what it reads into a buffer first, and of a whole large file that
//! buffer would take more memory than anything else.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use syn::parse::{ParseStream, Parser as _};
use syn::{Attribute, File, Item};

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

/// Reads a file or what is in a module; the tokens of each item are gone before the next is read.
///
/// # Errors
/// Why an item is no Rust.
pub(super) fn parse(tokens: TokenStream) -> syn::Result<File> {
    let mut file = File { shebang: None, frontmatter: None, attrs: Vec::new(), items: Vec::new() };
    for mut item in split(tokens) {
        let mut body = None;
        if let [.., TokenTree::Ident(keyword), TokenTree::Ident(_), TokenTree::Group(group)] = &item[..]
            && keyword == "mod"
        {
            body = Some(group.stream());
            item.pop();
            item.push(Group::new(Delimiter::Brace, TokenStream::new()).into());
        }
        let with_head = |input: ParseStream<'_>| Ok((input.call(Attribute::parse_inner)?, input.parse()?));
        let (head, mut item) = with_head.parse2(item.into_iter().collect())?;
        if let (Item::Mod(module), Some(body)) = (&mut item, body) {
            let body = parse(body)?;
            module.attrs.extend(body.attrs);
            module.content = Some((Default::default(), body.items));
        }
        file.attrs.extend(head);
        file.items.push(item);
    }
    Ok(file)
}
