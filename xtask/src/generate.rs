//! From the document to the generated files, as one pure function: progenitor, fixups, printing.
//!
//! [`render`] is what `cargo xtask generate` writes, what `--check` and the freshness test compare with, and what the
//! review runs on both sides of a change.

mod files;
mod fixups;
mod model;
mod operations;

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use proc_macro2::TokenStream;
use progenitor::{GenerationSettings, Generator, InterfaceStyle, TagStyle};

use crate::diagnostic::{Diagnostic, Level};
use crate::spec::Spec;
use fixups::{Context, Fixup};
use model::Model;

pub use files::{Difference, WriteError, Written, differences, write};

/// The generated files by name, for example `client.rs`.
pub type Files = BTreeMap<&'static str, String>;

/// The root manifest, whose version table pins the generator.
const MANIFEST: &str = include_str!("../../Cargo.toml");

/// Renders all generated files.
///
/// # Errors
/// A document that progenitor refuses, or output that the fixups don't know: both name the document and the next step.
pub fn render(spec: &Spec) -> Result<Files, Vec<Diagnostic>> {
    let model = Model::of(spec);
    let mut settings = GenerationSettings::new();
    settings.with_interface(InterfaceStyle::Builder).with_tag(TagStyle::Merged).with_derive("PartialEq");
    let mut generator = Generator::new(&settings);

    let client = progenitor(spec, || generator.generate_tokens(&spec.openapi))?;
    let types = generator.get_type_space();
    // A schema that is referred to more than once is listed more than once.
    let structs: BTreeSet<String> = types
        .iter_types()
        .filter(|ty| matches!(ty.details(), typify::TypeDetails::Struct(_)))
        .map(|ty| ty.name())
        .collect();
    let context = Context { model: &model, structs: structs.len() };
    let mocks = progenitor(spec, || generator.httpmock(&spec.openapi, "ims_api"))?;

    let mut client = parse(spec, client)?;
    apply(spec, fixups::CLIENT, &mut client, &context)?;
    client.items.push(parse_item(spec, operations::operations(&model))?);
    let mut mocks = parse(spec, mocks)?;
    apply(spec, fixups::MOCKS, &mut mocks, &context)?;
    let error_table = parse(spec, operations::error_table(&model))?;

    let title = &model.title;
    Ok(Files::from([
        ("client.rs", print(spec, &format!("Operations, builders and types of {title}."), "", &client)?),
        ("error_table.rs", print(spec, &format!("The error tables of {title}."), "", &error_table)?),
        (
            "httpmock.rs",
            print(
                spec,
                &format!("Typed mocks of {title}, for tests of code that uses the client."),
                "// A mock that can't be built is a mistake in the test that wants it: it panics there.\n#![allow(clippy::unwrap_used)]\n",
                &mocks,
            )?,
        ),
    ]))
}

/// The generator's name and version, from the version table.
#[must_use]
pub fn generator() -> String {
    let version = MANIFEST
        .lines()
        .find_map(|line| line.strip_prefix("progenitor = ")?.split('"').nth(1))
        .map_or("", |version| version.trim_start_matches('='));
    format!("progenitor {version}")
}

/// Runs progenitor; a panic of it is a finding like any other, since the lint can't know every limit.
fn progenitor(
    spec: &Spec,
    run: impl FnOnce() -> Result<TokenStream, progenitor::Error>,
) -> Result<TokenStream, Vec<Diagnostic>> {
    let outcome = quietly(|| catch_unwind(AssertUnwindSafe(run)));
    let reason = match outcome {
        Ok(Ok(tokens)) => return Ok(tokens),
        Ok(Err(error)) => error.to_string(),
        Err(panic) => panic
            .downcast_ref::<String>()
            .cloned()
            .or_else(|| panic.downcast_ref::<&str>().map(|&text| text.to_owned()))
            .unwrap_or_else(|| "it panicked".to_owned()),
    };
    Err(refusal(
        spec,
        "generator-refused",
        format!("{} can't take this document: {reason}", generator()),
        "find the operation or schema by leaving others out, and report the missing lint".to_owned(),
    ))
}

/// Runs `f` without the default panic message: what panics is reported as a diagnostic.
fn quietly<T>(f: impl FnOnce() -> T) -> T {
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let outcome = f();
    std::panic::set_hook(hook);
    outcome
}

fn parse(spec: &Spec, tokens: TokenStream) -> Result<syn::File, Vec<Diagnostic>> {
    syn::parse2(tokens).map_err(|error| unparsable(spec, &error))
}

fn parse_item(spec: &Spec, tokens: TokenStream) -> Result<syn::Item, Vec<Diagnostic>> {
    syn::parse2(tokens).map_err(|error| unparsable(spec, &error))
}

fn unparsable(spec: &Spec, error: &dyn std::fmt::Display) -> Vec<Diagnostic> {
    refusal(
        spec,
        "generator-output",
        format!("{} wrote something that is no Rust: {error}", generator()),
        "look for a name or a pattern in the document that can't stand in Rust, and report the missing lint".to_owned(),
    )
}

fn apply(spec: &Spec, fixups: &[Fixup], file: &mut syn::File, context: &Context<'_>) -> Result<(), Vec<Diagnostic>> {
    let miscounts = fixups::apply(fixups, file, context);
    if miscounts.is_empty() {
        return Ok(());
    }
    Err(miscounts
        .into_iter()
        .flat_map(|miscount| {
            refusal(
                spec,
                "fixup-count",
                format!(
                    "fixup `{}` applied {} times, but the document demands {}",
                    miscount.id, miscount.found, miscount.expected
                ),
                format!(
                    "{} writes something new here ({}): compare its output and mend the fixup",
                    generator(),
                    miscount.why
                ),
            )
        })
        .collect())
}

fn refusal(spec: &Spec, rule: &'static str, message: String, help: String) -> Vec<Diagnostic> {
    vec![Diagnostic { place: spec.place(""), level: Level::Error, rule, message, help }]
}

/// Prints a file below a head that says what it is and where it comes from.
fn print(spec: &Spec, what: &str, attributes: &str, file: &syn::File) -> Result<String, Vec<Diagnostic>> {
    let code = space_out(&prettyplease::unparse(file));
    Ok(format!(
        "//! {what}\n//!\n//! Both languages of the descriptions are the document's.\n\n// @generated by `cargo xtask generate` with {}; edit the document instead.\n// Document: {} (SHA-256 {}).\n{attributes}\n{code}",
        generator(),
        spec.name,
        spec.sha256
    ))
}

/// A blank line after each item: prettyplease prints none.
fn space_out(code: &str) -> String {
    let mut spaced = String::with_capacity(code.len() + code.len() / 20);
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
