//! The explorer's page in a real browser: loaded, read in both languages, tried, broken, copied from. What is done and
//! seen stands in `browser/steps.txt`.
//!
//! Needs Chromium and its driver (`apt-get install chromium chromium-driver`); visibly skipped without.

mod driver;

use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::time::Duration;

use futures_util::FutureExt;
use ims_tests::{document, root};
use serde_json::{Value, json};
use xtask::diagnostic::Report;
use xtask::document::Document;
use xtask::service::{Options, Running};
use xtask::{explore, lint};

use driver::{Browser, Driver};

type Error = Box<dyn std::error::Error>;
type Outcome = Result<(), Error>;

const STEPS: &str = include_str!("browser/steps.txt");
const HELPERS: &str = include_str!("browser/helpers.js");

#[tokio::test]
async fn the_page_in_a_browser() -> Outcome {
    let Some(driver) = Driver::start().await? else { return Ok(()) };
    let browser = driver.open().await?;
    // The browser must be closed whatever happens, a panic included: its process outlives the driver otherwise.
    let outcome = AssertUnwindSafe(visit(&browser)).catch_unwind().await;
    let closed = browser.close().await;
    drop(driver);
    outcome.unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
    closed
}

async fn visit(browser: &Browser) -> Outcome {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("ims.yaml");
    std::fs::copy(root().join(xtask::DOCUMENT), &file)?;
    let started = explore::start(document()?, Some(file.clone()), Options::default(), 0).await;
    let explorer = started?;
    let page = Page { browser, explorer: &explorer };
    browser.post("url", &json!({"url": explorer.endpoint()})).await?;
    page.plays(STEPS).await?;
    page.follows_the_document(&file).await?;
    page.has_no_complaint().await
}

struct Page<'a> {
    browser: &'a Browser,
    explorer: &'a Running,
}

impl Page<'_> {
    async fn plays(&self, steps: &str) -> Outcome {
        for line in steps.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            self.step(line).await.map_err(|error| format!("{line}: {error}"))?;
        }
        Ok(())
    }

    /// Does, or sees, what a line says.
    async fn step(&self, line: &str) -> Outcome {
        let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
        let (first, more) = rest.split_once(' ').unwrap_or((rest, ""));
        match verb {
            "do" => self.script(rest).await.map(drop),
            "is" => {
                let (expression, wanted) = rest.rsplit_once(" => ").ok_or("it says nothing to compare with")?;
                self.wait(expression, &serde_json::from_str(wanted)?).await
            }
            "open" => {
                self.script(&format!("location.hash = '{rest}'")).await?;
                self.wait("document.title.split(' ')[0]", &rest.into()).await
            }
            "anew" => {
                let url = format!("{}/{rest}", self.explorer.endpoint());
                self.browser.post("url", &json!({"url": url})).await?;
                self.browser.post("refresh", &json!({})).await?;
                self.wait("count('main h2')", &1.into()).await
            }
            "click" => self.click(rest).await,
            "choose" => self.script(&format!("change('#{first}', '{more}')")).await.map(drop),
            "fill" => self.fill(&format!("[id='{first}']"), more).await,
            "key" => {
                let key = u32::from_str_radix(more.trim_start_matches("\\u"), 16).ok().and_then(char::from_u32);
                self.browser.on(first, "value", json!({"text": key})).await
            }
            "send" => self.answered("#send", first.parse()?).await,
            "lost" => self.click_anew("#send").await,
            "sample" => self.wait("answer()", &self.script("return listing.success.sample").await?).await,
            "rows" => self.shows_each_row().await,
            "copied" => self.hands_out_rust().await,
            "size" => {
                let (width, height): (u32, u32) = (first.parse()?, more.parse()?);
                let metrics = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
                self.browser.cdp("Emulation.setDeviceMetricsOverride", metrics).await.map(drop)
            }
            "looks" => self.looks_like_the_page(rest).await,
            "unlike" if self.looks_like_the_page(rest).await.is_ok() => Err("nothing is seen of it".into()),
            "unlike" => Ok(()),
            _ => Err("there is no such step".into()),
        }
    }

    async fn shows_each_row(&self) -> Outcome {
        let rows = self.script("return listing.rows").await?;
        for row in rows.as_array().ok_or("no rows")? {
            let status = row["status"].as_u64().unwrap_or_default();
            self.answered(&format!(".see[data-status='{status}']"), status).await?;
            for said in [
                format!("text('#response').includes({})", row["text"]["en"]),
                format!("text('#outcome pre').startsWith('ListImageTags: {status} ')"),
                "text('#outcome dl').includes('ErrorKind::')".to_owned(),
            ] {
                self.wait(&said, &true.into()).await?;
            }
        }
        Ok(())
    }

    async fn hands_out_rust(&self) -> Outcome {
        let grant = json!({"permissions": ["clipboardReadWrite"], "origin": self.explorer.endpoint()});
        self.browser.cdp("Browser.grantPermissions", grant).await?;
        let copied = self.script("return await navigator.clipboard.readText()").await?;
        let copied = copied.as_str().ok_or("nothing was copied")?;
        let wanted = crate::snippets::compiled(copied, self.explorer);
        let files = std::fs::read_dir(root().join("tests/tests/explorer/snippets/pasted"))?.flatten();
        let is_compiled =
            files.into_iter().any(|file| std::fs::read_to_string(file.path()).is_ok_and(|text| text == wanted));
        assert!(copied.contains("#[tokio::main]") && is_compiled, "{copied}");
        Ok(())
    }

    /// What a screenshot holds, in shares of its pixels, so that fonts may differ: the browser itself reads it.
    async fn looks_like_the_page(&self, theme: &str) -> Outcome {
        self.script("byId('send').scrollIntoView({block: 'center'})").await?;
        let shot = self.browser.cdp("Page.captureScreenshot", json!({})).await?;
        let seen = self.script(&format!("return look({})", shot["data"])).await?;
        let share = |name: &str| seen[name].as_f64().unwrap_or(f64::NAN);
        let brightness = share("brightness");
        let wanted = [
            ("one background", (0.5..0.97).contains(&share("background"))),
            ("of the theme's brightness", if theme == "dark" { brightness < 60.0 } else { brightness > 220.0 }),
            ("writing on it", (0.01..0.3).contains(&share("ink"))),
            ("in the accent colour one button", (0.002..0.1).contains(&share("accent"))),
            ("every column of it drawn", share("emptiest") > 0.002),
        ];
        match wanted.iter().find(|(_, holds)| !holds) {
            None => Ok(()),
            Some((what, _)) => Err(format!("the page isn't {what}: {seen}").into()),
        }
    }

    /// An edit shows what is wrong with it, at its line, and the next one that nothing is.
    async fn follows_the_document(&self, file: &Path) -> Outcome {
        let text = std::fs::read_to_string(file)?;
        let edited = text.replacen("x-ims-idempotent: true", "x-ims-idempotent: perhaps", 1);
        let spec = Document::parse(&file.display().to_string(), &edited).map_err(ims_tests::findings)?;
        let wanted = Report::new(lint::check(&spec)).diagnostics().first().map(|one| one.place.to_string());
        std::fs::write(file, edited)?;
        self.wait("text('#findings li.error code')", &wanted.into()).await?;
        std::fs::write(file, text)?;
        self.wait("count('#findings li')", &0.into()).await
    }

    /// Refusals that were asked for are the network's word; anything else in the console is a mistake of the page.
    async fn has_no_complaint(&self) -> Outcome {
        let log = self.browser.post("se/log", &json!({"type": "browser"})).await?;
        let mut entries = log.as_array().into_iter().flatten();
        let is_mistake =
            |entry: &&Value| entry["source"] != "network" || entry["message"].to_string().contains("/explore/");
        entries.find(is_mistake).map_or(Ok(()), |mistake| Err(mistake.to_string().into()))
    }

    async fn click(&self, selector: &str) -> Outcome {
        self.there(selector).await?;
        self.script(&format!("all(`{selector}`)[0].scrollIntoView({{block: 'center'}})")).await?;
        self.browser.on(selector, "click", json!({})).await
    }

    async fn fill(&self, field: &str, value: &str) -> Outcome {
        self.browser.on(field, "clear", json!({})).await?;
        self.script(&format!("all(`{field}`)[0].dispatchEvent(new Event('input'))")).await?;
        if value.is_empty() { Ok(()) } else { self.browser.on(field, "value", json!({"text": value})).await }
    }

    /// Clicks what sends, and waits for the status that comes back.
    async fn answered(&self, selector: &str, status: u64) -> Outcome {
        self.click_anew(selector).await?;
        self.wait("text('#response strong')", &status.to_string().into()).await
    }

    /// Clicks what sends, and waits for what comes of it: an earlier answer must not be taken for this one.
    async fn click_anew(&self, selector: &str) -> Outcome {
        self.script("byId('response').replaceChildren()").await?;
        self.click(selector).await?;
        self.there("#response .took").await
    }

    async fn there(&self, selector: &str) -> Outcome {
        self.wait(&format!("count(`{selector}`) > 0"), &true.into()).await
    }

    /// Until an expression has a value, looked at often and given up after ten seconds.
    async fn wait(&self, expression: &str, wanted: &Value) -> Outcome {
        let mut found = Value::Null;
        for _ in 0..400 {
            found = self.script(&format!("return {expression}")).await?;
            if found == *wanted {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        Err(format!("{expression} is {found}, not {wanted}").into())
    }

    async fn script(&self, script: &str) -> Result<Value, Error> {
        let script = format!("return (async () => {{ {HELPERS}\n{script}\n }})()");
        self.browser.post("execute/sync", &json!({"script": script, "args": []})).await
    }
}
