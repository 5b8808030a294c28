//! The Rust names of types. Where two components differ under one name, the generator writes both; of schemas in place
//! it silently keeps the first, so the others get a number.

use super::run::Run;

pub(super) fn check(run: &mut Run<'_>) {
    for clash in run.spec.clashes() {
        let line = run.spec.place(&clash.first.pointer).line;
        let name = &clash.name;
        let mut message = format!("the schema is `{name}` in Rust, as is another one on line {line}");
        let rule = match &clash.instead {
            None => "schema-name-collision",
            Some(_) => {
                message.push_str(", so it gets a number");
                "schema-name-taken"
            }
        };
        run.report(rule, &clash.schema.pointer, message);
    }
}
