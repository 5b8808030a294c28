//! Documents of any size for the scaling figures: the same number of operations and the same seed make the same text.

use std::io::{self, Write};

use fastrand::Rng;

/// What every document begins with.
const HEAD: &str = "\
openapi: 3.0.3
info: {title: Scale, version: '1', description: A document made to measure the pipeline.}
servers:
- {url: 'https://scale.example.com'}
paths:
";

const KINDS: [&str; 6] = [
    "type: string",
    "type: boolean",
    "type: integer, format: int64",
    "type: string, enum: [active, paused, deleted]",
    "type: array, items: {type: string}",
    "type: number, format: double",
];

/// Writes a document with this many operations: four on each resource, which has two schemas of its own and shares the
/// error. `edited` is the same document after a release: every tenth resource has another property.
///
/// # Errors
/// Those of the writer.
pub fn write(out: &mut impl Write, operations: usize, seed: u64, edited: bool) -> io::Result<()> {
    out.write_all(HEAD.as_bytes())?;
    let resources = operations.div_ceil(4);
    for resource in 0..resources {
        paths(out, resource, operations - 4 * resource, &mut Rng::with_seed(seed ^ resource as u64))?;
    }
    out.write_all(b"components:\n  schemas:\n")?;
    for resource in 0..resources {
        schemas(out, resource, edited && resource % 10 == 0, &mut Rng::with_seed(seed ^ resource as u64))?;
    }
    writeln!(out, "    Error:\n      type: object\n      description: What went wrong. 出错原因。\n      properties:")?;
    writeln!(out, "        code: {{type: string, description: The code. 错误码。}}")?;
    writeln!(out, "        message: {{type: string, description: The text. 错误描述。}}")
}

fn paths(out: &mut impl Write, resource: usize, left: usize, rng: &mut Rng) -> io::Result<()> {
    let (all, one) = (format!("/v1/{{project_id}}/things-{resource}"), "{thing_id}");
    let mut left = left;
    let mut wanted = || {
        let wanted = left > 0;
        left = left.saturating_sub(1);
        wanted
    };
    writeln!(out, "  {all}:")?;
    if wanted() {
        operation(out, "get", &format!("ListThings{resource}"), resource, false)?;
        for parameter in 0..rng.usize(1..5) {
            let kind = KINDS[rng.usize(..4)];
            writeln!(
                out,
                "      - {{name: filter_{parameter}, in: query, description: Filters the list. 过滤条件。, schema: {{{kind}}}}}"
            )?;
        }
        responses(out, "200", Some(&format!("ThingList{resource}")))?;
    }
    if wanted() {
        operation(out, "post", &format!("CreateThing{resource}"), resource, false)?;
        body(out, &format!("Thing{resource}"))?;
        responses(out, "200", Some(&format!("Thing{resource}")))?;
    }
    let mut beside = |out: &mut dyn Write, method: &str, verb: &str, answer: bool, takes: bool| -> io::Result<()> {
        if !wanted() {
            return Ok(());
        }
        if method == "get" {
            writeln!(out, "  {all}/{one}:")?;
        }
        operation(out, method, &format!("{verb}Thing{resource}"), resource, true)?;
        if takes {
            body(out, &format!("Thing{resource}"))?;
        }
        let schema = format!("Thing{resource}");
        responses(out, if answer { "200" } else { "204" }, answer.then_some(schema.as_str()))
    };
    beside(out, "get", "Show", true, false)?;
    beside(out, "put", "Replace", false, true)
}

fn operation(out: &mut (impl Write + ?Sized), method: &str, id: &str, resource: usize, is_one: bool) -> io::Result<()> {
    writeln!(out, "    {method}:\n      operationId: {id}\n      tags: [group{}]", resource % 20)?;
    writeln!(out, "      description: Works on the things of resource {resource}. 处理资源{resource}的对象。")?;
    writeln!(out, "      parameters:")?;
    let mut parameter = |name: &str| {
        writeln!(
            out,
            "      - {{name: {name}, in: path, required: true, description: Names it. 标识。, schema: {{type: string, pattern: '^[A-Za-z0-9_-]{{1,64}}$'}}}}"
        )
    };
    parameter("project_id")?;
    if is_one { parameter("thing_id") } else { Ok(()) }
}

fn body(out: &mut (impl Write + ?Sized), schema: &str) -> io::Result<()> {
    writeln!(
        out,
        "      requestBody: {{required: true, content: {{application/json: {{schema: {{$ref: '#/components/schemas/{schema}'}}}}}}}}"
    )
}

fn responses(out: &mut (impl Write + ?Sized), status: &str, schema: Option<&str>) -> io::Result<()> {
    writeln!(out, "      responses:")?;
    let content =
        |schema: &str| format!("content: {{application/json: {{schema: {{$ref: '#/components/schemas/{schema}'}}}}}}");
    let answer = schema.map(|schema| format!(", {}", content(schema))).unwrap_or_default();
    writeln!(out, "        '{status}': {{description: Done. 成功。{answer}}}")?;
    for (status, reason) in [(400, "Bad Request"), (404, "Not Found"), (500, "Internal Server Error")] {
        writeln!(out, "        '{status}': {{description: {reason}, {}}}", content("Error"))?;
    }
    Ok(())
}

fn schemas(out: &mut impl Write, resource: usize, edited: bool, rng: &mut Rng) -> io::Result<()> {
    writeln!(
        out,
        "    Thing{resource}:\n      type: object\n      description: A thing. 对象。\n      required: [field_0]"
    )?;
    writeln!(out, "      properties:")?;
    for field in 0..rng.usize(4..12) + usize::from(edited) {
        let kind = if field == 0 { KINDS[0] } else { KINDS[rng.usize(..KINDS.len())] };
        writeln!(
            out,
            "        field_{field}: {{{kind}, description: Field {field} says what thing {resource} is like. 字段{field}。}}"
        )?;
    }
    if resource > 0 && rng.bool() {
        writeln!(out, "        parent: {{$ref: '#/components/schemas/Thing{}'}}", rng.usize(..resource))?;
    }
    writeln!(out, "    ThingList{resource}:\n      type: object\n      description: Things. 对象列表。")?;
    writeln!(out, "      required: [things]\n      properties:")?;
    writeln!(out, "        things: {{type: array, items: {{$ref: '#/components/schemas/Thing{resource}'}}}}")
}

#[cfg(test)]
mod tests {
    use super::write;
    use crate::spec::Spec;

    #[test]
    fn every_size_is_a_document_with_that_many_operations() {
        for operations in [1, 2, 3, 4, 7, 50] {
            let mut text = Vec::new();
            write(&mut text, operations, 7, false).unwrap();
            let text = String::from_utf8(text).unwrap();
            assert_eq!(text.matches("operationId: ").count(), operations);
            let spec = Spec::parse("scale.yaml", &text).unwrap_or_else(|findings| panic!("{findings:?}\n{text}"));
            crate::generate::render(&spec).unwrap_or_else(|findings| panic!("{findings:?}"));
        }
    }

    #[test]
    fn the_same_seed_makes_the_same_text() {
        let made = |seed, edited| {
            let mut text = Vec::new();
            write(&mut text, 20, seed, edited).unwrap();
            text
        };
        assert_eq!(made(7, false), made(7, false));
        assert_ne!(made(7, false), made(8, false));
        assert_ne!(made(7, false), made(7, true));
    }
}
