//! Tokens to items, one after the other: syn copies what it reads into a buffer first, and of a whole large file that
//! buffer would take more memory than anything else.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use syn::parse::{ParseStream, Parser as _};
use syn::{Attribute, File, Item};

/// Reads a file or what is in a module; the tokens of each item are gone before the next is read.
///
/// # Errors
/// Why an item is no Rust.
pub(super) fn parse(tokens: TokenStream) -> syn::Result<File> {
    let mut file = File { shebang: None, frontmatter: None, attrs: Vec::new(), items: Vec::new() };
    let mut tokens = tokens.into_iter().peekable();
    let mut item = Vec::new();
    while let Some(token) = tokens.next() {
        let is_semicolon = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ';');
        let is_body = matches!(&token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
        // `use a::{b};` and `const A: B = B {};` go on after their braces.
        let ends = is_semicolon(&token) || (is_body && !tokens.peek().is_some_and(is_semicolon));
        item.push(token);
        if ends || tokens.peek().is_none() {
            one(std::mem::take(&mut item), &mut file)?;
        }
    }
    Ok(file)
}

fn one(mut tokens: Vec<TokenTree>, file: &mut File) -> syn::Result<()> {
    let is_module = matches!(&tokens[..], [.., TokenTree::Ident(keyword), TokenTree::Ident(_), TokenTree::Group(_)]
        if keyword == "mod");
    let mut inner = TokenStream::new();
    if is_module && let Some(TokenTree::Group(body)) = tokens.pop() {
        tokens.push(Group::new(Delimiter::Brace, TokenStream::new()).into());
        inner = body.stream();
    }
    let with_head = |input: ParseStream<'_>| Ok((input.call(Attribute::parse_inner)?, input.parse()?));
    let (head, mut item) = with_head.parse2(tokens.into_iter().collect())?;
    if let Item::Mod(module) = &mut item
        && let Some((_, items)) = &mut module.content
    {
        let body = parse(inner)?;
        module.attrs.extend(body.attrs);
        *items = body.items;
    }
    file.attrs.extend(head);
    file.items.push(item);
    Ok(())
}
