//! How the pipeline's commands grow with the document: processor time and memory of each, and the exponent of the curve.

use std::error::Error;
use std::fmt;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use super::child::{self, Used};
use super::{Args, document};

/// Any number does, as long as it stays.
const SEED: u64 = 620;
const COMMANDS: [&str; 4] = ["generate", "lint", "contract", "diff"];
/// Exit codes of a command that has done its work: a comparison may find breaking changes.
const DONE: [i32; 2] = [0, 100];
/// Somebody else's document may be refused.
const OR_REFUSED: [i32; 3] = [0, 1, 100];

/// What was measured.
pub(super) struct Scale {
    rows: Vec<Row>,
}

struct Row {
    document: String,
    /// Only of the documents made here.
    operations: Option<usize>,
    bytes: u64,
    used: [Used; 4],
}

/// Makes the documents in the folder and runs each command on each of them.
pub(super) fn measure(folder: &Path, args: &Args) -> Result<Scale, Box<dyn Error>> {
    std::fs::create_dir_all(folder)?;
    let mut rows = Vec::new();
    for &operations in &args.operations {
        let path = |name: &str| folder.join(format!("{operations}-{name}.yaml"));
        let (base, head) = (path("base"), path("head"));
        for (path, edited) in [(&base, false), (&head, true)] {
            let mut out = BufWriter::new(File::create(path)?);
            document::write(&mut out, operations, SEED, edited)?;
            out.flush()?;
        }
        rows.push(row(
            &format!("{operations} operations"),
            Some(operations),
            &base,
            &head,
            folder,
            (args.runs, &DONE),
        )?);
    }
    for path in &args.document {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        rows.push(row(&name, None, path, path, folder, (args.runs, &OR_REFUSED))?);
    }
    let house = crate::root().join(crate::DOCUMENT);
    rows.push(row(crate::DOCUMENT, None, &house, &house, folder, (args.runs, &DONE))?);
    Ok(Scale { rows })
}

fn row(
    name: &str,
    operations: Option<usize>,
    base: &Path,
    head: &Path,
    folder: &Path,
    (runs, ends): (usize, &[i32]),
) -> Result<Row, Box<dyn Error>> {
    let program: PathBuf = std::env::current_exe()?;
    let out = folder.join("generated");
    let measured = |arguments: [&Path; 5]| -> Result<Used, Box<dyn Error>> {
        let mut used = Vec::new();
        for _ in 0..runs.max(1) {
            let mut command = Command::new(&program);
            command.args(arguments.iter().filter(|argument| !argument.as_os_str().is_empty()));
            used.push(child::run(command.current_dir(crate::root()), ends)?);
        }
        child::median(used).ok_or_else(|| "nothing was measured".into())
    };
    let text = |text: &'static str| Path::new(text);
    let none = text("");
    Ok(Row {
        document: name.to_owned(),
        operations,
        bytes: std::fs::metadata(base)?.len(),
        used: [
            measured([text("generate"), text("--spec"), base, text("--out"), &out])?,
            measured([text("lint"), base, none, none, none])?,
            measured([text("contract"), text("--spec"), base, none, none])?,
            measured([text("diff"), base, head, none, none])?,
        ],
    })
}

impl Scale {
    /// The curve's points: operations, then the seconds of each command.
    pub(super) fn points(&self) -> String {
        let mut text = format!("operations\t{}\n", COMMANDS.join("\t"));
        for row in &self.rows {
            let Some(operations) = row.operations else { continue };
            let seconds: Vec<String> = row.used.iter().map(|used| format!("{:.4}", used.cpu.as_secs_f64())).collect();
            text.push_str(&format!("{operations}\t{}\n", seconds.join("\t")));
        }
        text
    }

    /// The slope of the line through the logarithms: 1 is linear.
    fn exponent(&self, command: usize) -> Option<f64> {
        let points: Vec<(f64, f64)> = self
            .rows
            .iter()
            .filter_map(|row| Some(((row.operations? as f64).ln(), row.used[command].cpu.as_secs_f64().ln())))
            .collect();
        let count = points.len() as f64;
        let (x, y) = points.iter().fold((0.0, 0.0), |(x, y), point| (x + point.0 / count, y + point.1 / count));
        let (above, below) = points.iter().fold((0.0, 0.0), |(above, below), point| {
            (above + (point.0 - x) * (point.1 - y), below + (point.0 - x).powi(2))
        });
        (points.len() > 1).then(|| above / below)
    }
}

impl fmt::Display for Scale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| document | MB | {} |", COMMANDS.map(|name| format!("{name}: CPU s | MB")).join(" | "))?;
        writeln!(f, "|---|---|{}", "---|---|".repeat(COMMANDS.len()))?;
        for row in &self.rows {
            write!(f, "| {} | {:.2} |", row.document, row.bytes as f64 / 1e6)?;
            for used in &row.used {
                write!(f, " {:.3} | {:.0} |", used.cpu.as_secs_f64(), used.memory as f64 / 1e6)?;
            }
            writeln!(f)?;
        }
        write!(f, "| exponent | |")?;
        for command in 0..COMMANDS.len() {
            match self.exponent(command) {
                Some(exponent) => write!(f, " {exponent:.2} | |")?,
                None => write!(f, " | |")?,
            }
        }
        writeln!(f)
    }
}
