//! The command `ims` run in this process: with variables, files, input and terminal of the test's own.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use ims_api::{Environment, Io, Stream, run};
use indicatif::{ProgressDrawTarget, TermLike};

/// What the command has around it.
#[derive(Debug, Clone, Default)]
pub struct Shell {
    variables: Vec<(String, String)>,
    files: Vec<(String, String)>,
    metadata: Option<String>,
    input: String,
    terminal: bool,
    watched: bool,
}

/// What came of it.
#[derive(Debug)]
pub struct Ran {
    /// The exit code.
    pub code: u8,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
    /// What was drawn on standard error besides, a line for each time it was drawn anew or cleared.
    pub drawn: Vec<String>,
}

impl Shell {
    /// Sets a variable.
    #[must_use]
    pub fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Adds a file that credentials and regions are read from.
    #[must_use]
    pub fn file(mut self, path: &str, text: &str) -> Self {
        self.files.push((path.to_owned(), text.to_owned()));
        self
    }

    /// Sets the address of the machine's metadata service; nobody answers there without it.
    #[must_use]
    pub fn metadata(mut self, address: &str) -> Self {
        self.metadata = Some(address.to_owned());
        self
    }

    /// Sets what standard input holds.
    #[must_use]
    pub fn input(mut self, text: &str) -> Self {
        text.clone_into(&mut self.input);
        self
    }

    /// Lets output and errors be a terminal with colours.
    #[must_use]
    pub fn terminal(mut self) -> Self {
        self.terminal = true;
        self.watched()
    }

    /// Lets only errors be a terminal, as when the result goes to a file.
    #[must_use]
    pub fn watched(mut self) -> Self {
        self.watched = true;
        self
    }

    /// Runs the command, on a thread of its own since it has its own runtime.
    pub async fn ims(&self, args: &[&str]) -> Ran {
        let shell = self.clone();
        let args: Vec<String> = std::iter::once("ims").chain(args.iter().copied()).map(str::to_owned).collect();
        let ran = tokio::task::spawn_blocking(move || {
            let (mut out, mut err, screen) = (Vec::new(), Vec::new(), Screen::default());
            let code = shell.drawing(args, &mut out, &mut err, &screen);
            let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
            let drawn = screen.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
            Ran { code, out: text(out), err: text(err), drawn }
        });
        ran.await.unwrap_or_else(|panic| Ran {
            code: u8::MAX,
            out: String::new(),
            err: panic.to_string(),
            drawn: Vec::new(),
        })
    }

    /// Runs the command here, with other sinks.
    pub fn run(&self, args: Vec<String>, out: &mut dyn io::Write, err: &mut dyn io::Write) -> u8 {
        self.drawing(args, out, err, &Screen::default())
    }

    fn drawing(&self, args: Vec<String>, out: &mut dyn io::Write, err: &mut dyn io::Write, screen: &Screen) -> u8 {
        fn pairs(list: &[(String, String)]) -> impl Iterator<Item = (&str, &str)> {
            list.iter().map(|(name, value)| (name.as_str(), value.as_str()))
        }
        let metadata = self.metadata.as_deref().unwrap_or("http://127.0.0.1:1");
        let io = Io {
            environment: Environment::fixed(pairs(&self.variables), pairs(&self.files)).metadata(metadata),
            input: &mut self.input.as_bytes(),
            output: Stream { to: out, terminal: self.terminal, color: self.terminal },
            errors: Stream { to: err, terminal: self.watched, color: self.watched },
            progress: match self.watched {
                true => ProgressDrawTarget::term_like(Box::new(screen.clone())),
                false => ProgressDrawTarget::hidden(),
            },
            width: Some(100),
        };
        run(args.into_iter().map(Into::into), io)
    }
}

/// A terminal that remembers what was drawn.
#[derive(Debug, Clone, Default)]
struct Screen(Arc<Mutex<Vec<String>>>);

impl TermLike for Screen {
    fn width(&self) -> u16 {
        100
    }
    fn move_cursor_up(&self, _: usize) -> io::Result<()> {
        Ok(())
    }
    fn move_cursor_down(&self, _: usize) -> io::Result<()> {
        Ok(())
    }
    fn move_cursor_right(&self, _: usize) -> io::Result<()> {
        Ok(())
    }
    fn move_cursor_left(&self, _: usize) -> io::Result<()> {
        Ok(())
    }
    fn write_line(&self, text: &str) -> io::Result<()> {
        self.write_str(text)
    }
    fn write_str(&self, text: &str) -> io::Result<()> {
        let mut drawn = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match drawn.last_mut() {
            Some(line) => line.push_str(text),
            None => drawn.push(text.to_owned()),
        }
        Ok(())
    }
    fn clear_line(&self) -> io::Result<()> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(String::new());
        Ok(())
    }
    fn flush(&self) -> io::Result<()> {
        Ok(())
    }
}
