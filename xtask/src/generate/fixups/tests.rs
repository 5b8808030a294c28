//! Every fixup is made to fail on purpose: on output that isn't progenitor's, each must say what it found and expected.

use std::collections::BTreeSet;

use std::fmt::Write as _;

use super::{CLIENT, Context, MOCKS, Miscount, apply};
use crate::document::Document;
use crate::generate::model::Model;

#[test]
fn a_fixup_that_no_longer_applies_is_reported() -> Result<(), Box<dyn std::error::Error>> {
    let spec = Document::read(crate::root().join(crate::DOCUMENT)).map_err(|findings| format!("{findings:?}"))?;
    let model = Model::of(&spec);
    let context = Context { model: &model, structs: &BTreeSet::from(["X".to_owned()]) };
    for fixups in [CLIENT, MOCKS] {
        let mut nothing = syn::parse_file("")?;
        let miscounts = apply(fixups, &mut nothing, &context);
        for fixup in fixups {
            let expected = (fixup.expected)(&context);
            let found = miscounts.iter().find(|miscount| miscount.id == fixup.id);
            let want = Miscount { id: fixup.id, why: fixup.why, expected, found: 0 };
            // A fixup that the document doesn't need is right to find nothing.
            assert_eq!(found, (expected != 0).then_some(&want), "{}", fixup.id);
        }
    }
    Ok(())
}

#[test]
fn a_fixup_that_applies_twice_is_reported() -> Result<(), Box<dyn std::error::Error>> {
    let spec = Document::read(crate::root().join(crate::DOCUMENT)).map_err(|findings| format!("{findings:?}"))?;
    let model = Model::of(&spec);
    let mut said = String::new();
    for miscount in apply(
        CLIENT,
        &mut syn::parse_file(TWO_BUILDERS)?,
        &Context { model: &model, structs: &BTreeSet::from(["X".to_owned()]) },
    ) {
        if miscount.found > 0 {
            writeln!(said, "{}: found {}, expected {}", miscount.id, miscount.found, miscount.expected)?;
        }
    }
    assert!(said.contains("build: found 2, expected 1"), "{said}");
    assert!(said.contains("non-exhaustive: found 2, expected 1"), "{said}");
    Ok(())
}

/// The shape of progenitor's types, with one struct more than the document has.
const TWO_BUILDERS: &str = "
    pub mod types {
        pub struct A { pub a: String }
        pub struct B { pub b: String }
        pub mod builder {
            pub struct A { a: Result<String, String> }
            pub struct B { b: Result<String, String> }
            impl A { pub fn a(self) -> Self { self } }
            impl B { pub fn b(self) -> Self { self } }
        }
    }
";
