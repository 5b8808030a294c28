//! The explorer's page in a real browser: loaded, read in both languages, tried, broken, copied from.
//!
//! Needs Chromium and its driver (`apt-get install chromium chromium-driver`); visibly skipped without.

use std::panic::AssertUnwindSafe;
use std::process::Stdio;
use std::time::Duration;

use futures_util::FutureExt;
use ims_tests::{document, root};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};
use xtask::diagnostic::Report;
use xtask::document::Document;
use xtask::explore;
use xtask::lint;
use xtask::service::{Options, Running};

type Error = Box<dyn std::error::Error>;
type Outcome = Result<(), Error>;

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
    let started = explore::start(&document()?, Some(file.clone()), Options::default(), 0).await;
    let explorer = started?;
    let page = Page { browser, explorer: &explorer };
    page.loads().await?;
    page.switches_language().await?;
    page.runs_the_sample().await?;
    page.shows_each_row().await?;
    page.hands_out_rust().await?;
    page.tells_wrong_input().await?;
    page.offers_forms().await?;
    page.asks_for_one_form().await?;
    page.follows_a_job().await?;
    page.resets().await?;
    page.signs().await?;
    page.breaks_on_purpose().await?;
    page.works_by_keyboard().await?;
    page.fits_and_changes_colour().await?;
    page.follows_the_document(&file).await?;
    page.has_no_complaint().await
}

struct Page<'a> {
    browser: &'a Browser,
    explorer: &'a Running,
}

impl Page<'_> {
    async fn loads(&self) -> Outcome {
        self.browser.goto(&self.explorer.endpoint()).await?;
        let shown = self.shown().await?;
        let operations = shown["operations"].as_array().ok_or("no operations")?;
        self.wait("document.querySelectorAll('#menu a').length", &json!(operations.len())).await?;
        let title = self.text("main h2").await?;
        assert_eq!(json!(format!("{title}.")), operations[0]["summary"]["en"]);
        self.wait("document.querySelectorAll('#menu .old').length", &json!(deprecated(operations).count())).await?;
        // Each operation can be shown.
        for operation in operations {
            self.open(operation["id"].as_str().unwrap_or_default()).await?;
            let inputs = operation["parameters"].as_array().map_or(0, Vec::len);
            let body = usize::from(!operation["body"].is_null());
            self.wait("document.querySelectorAll('main [data-field]').length", &json!(inputs + body)).await?;
        }
        // What a screen reader needs: a name for each control, one first heading, a language.
        let nameless = "return [...document.querySelectorAll('input, select, textarea, button, pre, nav, section')].filter(\
            one => !(one.labels?.length || one.ariaLabel || one.getAttribute('aria-labelledby') || one.textContent.trim())).length";
        assert_eq!(self.script(nameless).await?, json!(0), "every control has a name");
        assert_eq!(self.script("return document.querySelectorAll('h1').length").await?, json!(1));
        Ok(())
    }

    async fn switches_language(&self) -> Outcome {
        let shown = self.shown().await?;
        let first = listing(&shown)?;
        self.open(first["id"].as_str().unwrap_or_default()).await?;
        for (language, other) in [("zh", "zh-CN"), ("en", "en")] {
            self.click("#language").await?;
            self.wait("document.documentElement.lang", &json!(other)).await?;
            let body = self.script("return document.body.textContent").await?;
            for text in [
                &first["summary"][language],
                &first["rows"][0]["text"][language],
                &first["parameters"][1]["text"][language],
            ] {
                let text = text.as_str().unwrap_or_default().trim_end_matches(['.', '。']);
                assert!(body.as_str().unwrap_or_default().contains(text), "{language}: {text}");
            }
        }
        Ok(())
    }

    async fn runs_the_sample(&self) -> Outcome {
        let shown = self.shown().await?;
        self.answered("#send", 200).await?;
        let answer: Value = serde_json::from_str(&self.text("#response pre:last-of-type").await?)?;
        assert!(self.count("#response .json-key").await? > 0, "JSON is coloured");
        assert_eq!(answer, listing(&shown)?["success"]["sample"], "the page's sample answer");
        Ok(())
    }

    async fn shows_each_row(&self) -> Outcome {
        let shown = self.shown().await?;
        for row in listing(&shown)?["rows"].as_array().into_iter().flatten() {
            let status = row["status"].as_u64().unwrap_or_default();
            self.answered(&format!(".see[data-status='{status}']"), status).await?;
            let text = self.text("#response").await?;
            assert!(text.contains(row["text"]["en"].as_str().unwrap_or_default()), "{status}: {text}");
            let sentence = self.text("#outcome pre").await?;
            assert!(sentence.starts_with(&format!("ListImageTags: {status} ")), "{sentence}");
            assert!(self.text("#outcome dl").await?.contains("ErrorKind::"), "{status}");
        }
        Ok(())
    }

    /// What lies in the clipboard is what `snippets.rs` compiles and runs.
    async fn hands_out_rust(&self) -> Outcome {
        self.click("#tab-rust").await?;
        self.click("#copy").await?;
        self.wait("document.querySelector('#copy').textContent", &json!("Copied")).await?;
        let grant = json!({"permissions": ["clipboardReadWrite"], "origin": self.explorer.endpoint()});
        let command = json!({"cmd": "Browser.grantPermissions", "params": grant});
        self.browser.post("goog/cdp/execute", &command).await?;
        let read = "return await navigator.clipboard.readText()";
        let copied = self.script(read).await?;
        let copied = copied.as_str().ok_or("nothing was copied")?;
        let compiled = std::fs::read_to_string(root().join("tests/tests/explorer/snippets/pasted.rs"))?;
        let wanted = copied
            .replace(&format!("\"{}\"", self.explorer.endpoint()), "crate::snippets::endpoint().as_str()")
            .replace("#[tokio::main]\nasync fn main", "pub(crate) async fn main");
        assert!(copied.contains("#[tokio::main]") && compiled.contains(&wanted), "{copied}");
        Ok(())
    }

    async fn tells_wrong_input(&self) -> Outcome {
        let field = self.script("return [...document.querySelectorAll('main .field input')].at(-1).id").await?;
        let field = field.as_str().ok_or("no field")?.to_owned();
        let name = field.trim_start_matches("value-").to_owned();
        let before = self.script(&format!("return document.getElementById('{field}').value")).await?;
        self.fill(&field, "a/b").await?;
        let values = [(name.clone(), "a/b".to_owned())].into();
        let problems = explore::problems(&document()?, &self.current().await?, &values, None);
        let problem = problems.first().ok_or("the document allows it")?;
        let told = format!("document.getElementById('{field}-problem').textContent");
        self.wait(&told, &json!(problem.text.english)).await?;
        let invalid = format!("return document.getElementById('{field}').getAttribute('aria-invalid')");
        assert_eq!(self.script(&invalid).await?, json!("true"));
        // The Chinese page says it in Chinese.
        self.click("#language").await?;
        self.wait(&told, &json!(problem.text.chinese)).await?;
        self.click("#language").await?;
        self.wait(&told, &json!(problem.text.english)).await?;
        self.fill(&field, before.as_str().unwrap_or_default()).await?;
        self.wait(&told, &json!("")).await
    }

    /// Many optional fields are folded; what has values is a choice; the body is written by form or by hand.
    async fn offers_forms(&self) -> Outcome {
        self.open("ListTags").await?;
        let rest = "const rest = document.querySelector('.more'); rest.open";
        assert_eq!(self.script(&format!("{rest} = false; return rest.checkVisibility()")).await?, json!(true));
        let folded = self.text(".more > summary").await?;
        assert_eq!(folded, format!("{} optional", self.count(".more .field").await?));
        assert!(self.count(".more .field").await? > 30, "{folded}");
        self.script(&format!("{rest} = true")).await?;
        self.open("BatchAddOrDeleteTags").await?;
        let body = "return JSON.parse(document.getElementById('value-body').value)";
        self.script(
            "const one = document.querySelector('#form select'); one.value = 'delete'; one.dispatchEvent(new Event('change'))",
        )
        .await?;
        self.click("#form .item .small").await?;
        self.script(
            "const one = document.querySelector('#form .item input'); one.value = 'by-form'; one.dispatchEvent(new Event('input'))",
        )
        .await?;
        let written = self.script(body).await?;
        assert_eq!(
            (&written["action"], &written["tags"][0]["key"]),
            (&json!("delete"), &json!("by-form")),
            "{written}"
        );
        self.answered("#send", 204).await?;
        // A field that the document doesn't have is told with the nearest.
        self.fill("value-body", r#"{"action": "delete", "tag": []}"#).await?;
        self.wait(
            "document.getElementById('value-body-problem').textContent.includes('did you mean tags?')",
            &json!(true),
        )
        .await?;
        self.fill("value-body", "{").await?;
        self.wait("document.querySelectorAll('#form input').length", &json!(0)).await
    }

    /// A body with alternatives shows one of them, whose fields alone are asked for; the other's go.
    async fn asks_for_one_form(&self) -> Outcome {
        self.open("CreateImage").await?;
        let shown = "[...document.querySelectorAll('#form label .name')].map((one) => one.textContent)";
        self.wait(&format!("{shown}.includes('instance_id')"), &json!(true)).await?;
        self.choose("form-choice", "2").await?;
        self.wait(&format!("{shown}.includes('volume_id')"), &json!(true)).await?;
        let body = self.script("return document.getElementById('value-body').value").await?;
        assert!(!body.to_string().contains("instance_id"), "{body}");
        let told = "document.getElementById('value-body-problem').textContent.includes('ImageFromVolume: volume_id is missing')";
        self.wait(told, &json!(true)).await?;
        self.fill("form.volume_id", "v").await?;
        self.fill("form.os_version", "CentOS 7.3 64bit").await?;
        self.wait("document.getElementById('refusal').textContent", &json!("")).await?;
        self.answered("#send", 200).await
    }

    /// What started a job leads to where it is asked for, and that says whether to ask again.
    async fn follows_a_job(&self) -> Outcome {
        assert!(self.text("#job-next").await?.starts_with("The job has begun"));
        let started: Value = serde_json::from_str(&self.text("#response pre:last-of-type").await?)?;
        self.click("#job-next a").await?;
        self.wait("document.getElementById('value-job_id')?.value", &started["job_id"]).await?;
        for (status, more) in [("INIT", true), ("RUNNING", true), ("RUNNING", true), ("SUCCESS", false)] {
            self.answered("#send", 200).await?;
            assert!(self.text("#response pre:last-of-type").await?.contains(&format!("\"status\": \"{status}\"")));
            assert_eq!(self.count("#job-next").await? == 1, more, "{status}");
        }
        // An operation that goes says so, in the menu and on its own page.
        assert!(self.text("#menu a[href='#ShowJob']").await?.ends_with("deprecated"));
        self.open("ShowJob").await?;
        assert!(self.text("main p.gone").await?.starts_with("Deprecated"));
        // What needs no credential is let in without.
        self.open("ListVersions").await?;
        assert!(self.text("main").await?.contains("Needs no credential."));
        self.choose("credential", "none").await?;
        self.answered("#send", 200).await?;
        self.choose("credential", "token").await
    }

    /// What was done to the service is undone on demand.
    async fn resets(&self) -> Outcome {
        self.open("DeleteImageTag").await?;
        self.fill("value-key", "key0").await?;
        self.answered("#send", 204).await?;
        self.answered("#send", 404).await?;
        self.click("#reset").await?;
        self.wait("document.querySelector('#response .took')", &Value::Null).await?;
        self.answered("#send", 204).await?;
        self.open("ListImageTags").await
    }

    async fn signs(&self) -> Outcome {
        for (credential, status) in
            [("key", 200), ("temporary-key", 200), ("wrong-key", 401), ("none", 401), ("token", 200)]
        {
            self.choose("credential", credential).await?;
            self.click("#tab-signature").await?;
            let steps = if credential.ends_with("key") { 3 } else { 0 };
            self.wait("document.querySelectorAll('.steps li').length", &json!(steps)).await?;
            self.answered("#send", status).await?;
        }
        self.click("#tab-request").await
    }

    async fn breaks_on_purpose(&self) -> Outcome {
        self.script("document.getElementById('break').open = true").await?;
        for (field, value, wanted) in
            [("code", "429", "429"), ("retry-after", "7", "retry-after: 7"), ("delay", "300", "429")]
        {
            if field == "code" {
                self.choose(field, value).await?;
            } else {
                self.fill(field, value).await?;
            }
            self.answered("#send", 429).await?;
            let text = self.text("#response").await?;
            assert!(text.contains(wanted), "{field}: {text}");
        }
        let took = self.script("return parseInt(document.querySelector('#response .took').textContent)").await?;
        assert!(took.as_u64() >= Some(300), "answered after {took} ms, told to wait for 300");
        for (field, value) in [("code", ""), ("cut", "before")] {
            self.choose(field, value).await?;
        }
        self.click_anew("#send").await?;
        let text = self.text("#response").await?;
        assert!(text.contains("ended before"), "cut: {text}");
        self.choose("cut", "").await?;
        for field in ["retry-after", "delay"] {
            self.fill(field, "").await?;
        }
        self.fill("throttle", "1/60").await?;
        for status in [200, 429] {
            self.answered("#send", status).await?;
        }
        self.fill("throttle", "").await
    }

    /// The first tab leads past the menu, enter in a field sends, arrows change the code.
    async fn works_by_keyboard(&self) -> Outcome {
        let active = "return document.activeElement.id";
        self.browser.goto(&format!("{}/#ListImageTags", self.explorer.endpoint())).await?;
        self.browser.post("refresh", &json!({})).await?;
        self.there("#tab-request").await?;
        self.browser.send_keys("body", "\u{e004}").await?;
        assert_eq!(self.script(active).await?, json!("skip"));
        self.script("document.getElementById('tab-request').focus()").await?;
        self.browser.send_keys("#tab-request", "\u{e014}").await?;
        assert_eq!(self.script(active).await?, json!("tab-signature"));
        self.script("document.getElementById('delay').closest('details').open = true").await?;
        self.browser.send_keys("#delay", "\u{e007}").await?;
        self.wait("document.querySelector('#response strong')?.textContent", &json!("200")).await
    }

    /// Nothing sticks out sideways, and what is drawn looks like the page.
    async fn fits_and_changes_colour(&self) -> Outcome {
        let shown = self.shown().await?;
        for (width, height) in [(1280, 900), (390, 844)] {
            self.size(width, height).await?;
            for operation in shown["operations"].as_array().into_iter().flatten() {
                self.open(operation["id"].as_str().unwrap_or_default()).await?;
                let overflow = self.script("return document.documentElement.scrollWidth - innerWidth").await?;
                assert!(
                    overflow.as_i64().is_some_and(|pixels| pixels <= 0),
                    "{width}: {} by {overflow}",
                    operation["id"]
                );
            }
            for theme in ["light", "dark"] {
                self.choose("theme", theme).await?;
                self.script("document.getElementById('send').scrollIntoView({block: 'center'})").await?;
                self.looks_like_the_page(theme).await.map_err(|reason| format!("{width}, {theme}: {reason}"))?;
            }
            self.choose("theme", "system").await?;
        }
        // The comparison sees what is broken.
        self.size(1280, 900).await?;
        for (broken, mended) in [
            ("document.body.style.visibility = 'hidden'", "document.body.style.visibility = ''"),
            ("document.styleSheets[0].disabled = true", "document.styleSheets[0].disabled = false"),
            (
                "document.getElementById('try').style.display = 'none'",
                "document.getElementById('try').style.display = ''",
            ),
        ] {
            self.script(broken).await?;
            assert!(self.looks_like_the_page("light").await.is_err(), "nothing seen of {broken}");
            self.script(mended).await?;
        }
        // A menu that was folded for a narrow window is back in a wide one. What leads to the form keeps the address.
        self.size(390, 844).await?;
        self.open("ListImageTags").await?;
        self.click(".jump button").await?;
        assert_eq!(self.script("return location.hash").await?, json!("#ListImageTags"));
        self.size(1280, 900).await?;
        self.wait("document.querySelector('#menu a[aria-current]').checkVisibility()", &json!(true)).await
    }

    /// What a screenshot holds, in shares of its pixels, so that fonts may differ: the browser itself reads it.
    async fn looks_like_the_page(&self, theme: &str) -> Outcome {
        let shot =
            self.browser.post("goog/cdp/execute", &json!({"cmd": "Page.captureScreenshot", "params": {}})).await?;
        let shot = shot["data"].as_str().ok_or("no screenshot")?;
        let seen = self.script(&format!("const shot = '{shot}'; {LOOK}")).await?;
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
    async fn follows_the_document(&self, file: &std::path::Path) -> Outcome {
        let text = std::fs::read_to_string(file)?;
        let edited = text.replacen("x-ims-idempotent: true", "x-ims-idempotent: perhaps", 1);
        let spec = Document::parse(&file.display().to_string(), &edited).map_err(ims_tests::findings)?;
        let wanted = Report::new(lint::check(&spec)).diagnostics().first().map(|one| one.place.to_string());
        std::fs::write(file, edited)?;
        assert_eq!(Some(self.text("#findings li.error code").await?), wanted);
        std::fs::write(file, text)?;
        self.wait("document.querySelectorAll('#findings li').length", &json!(0)).await
    }

    /// Refusals that were asked for are the network's word; anything else in the console is a mistake of the page.
    async fn has_no_complaint(&self) -> Outcome {
        let log = self.browser.post("se/log", &json!({"type": "browser"})).await?;
        let complaints: Vec<&Value> =
            log.as_array().into_iter().flatten().filter(|entry| entry["source"] != "network").collect();
        assert!(complaints.is_empty(), "{complaints:#?}");
        let network = log.as_array().into_iter().flatten().filter(|entry| entry["source"] == "network");
        for entry in network {
            let message = entry["message"].as_str().unwrap_or_default();
            assert!(!message.contains("/explore/"), "only the service refuses: {message}");
        }
        Ok(())
    }

    async fn count(&self, selector: &str) -> Result<u64, Error> {
        let count = self.script(&format!("return document.querySelectorAll(`{selector}`).length")).await?;
        Ok(count.as_u64().unwrap_or_default())
    }

    async fn shown(&self) -> Result<Value, Error> {
        Ok(crate::http()
            .get(format!("{}/explore/document.json", self.explorer.endpoint()))
            .send()
            .await?
            .json()
            .await?)
    }

    async fn current(&self) -> Result<String, Error> {
        let id = self.script("return document.title.split(' ')[0]").await?;
        Ok(id.as_str().unwrap_or_default().to_owned())
    }

    async fn open(&self, id: &str) -> Outcome {
        self.script(&format!("location.hash = '{id}'")).await?;
        self.wait("document.title.split(' ')[0]", &json!(id)).await
    }

    async fn click(&self, selector: &str) -> Outcome {
        self.there(selector).await?;
        self.script(&format!("document.querySelector(`{selector}`).scrollIntoView({{block: 'center'}})")).await?;
        self.browser.on(selector, "click", json!({})).await
    }

    async fn choose(&self, id: &str, value: &str) -> Outcome {
        let script = format!(
            "const one = document.getElementById('{id}'); one.value = '{value}'; one.dispatchEvent(new Event('change', {{bubbles: true}}))"
        );
        self.script(&script).await.map(drop)
    }

    async fn fill(&self, id: &str, value: &str) -> Outcome {
        let field = format!("[id='{id}']");
        self.browser.on(&field, "clear", json!({})).await?;
        self.script(&format!("document.getElementById('{id}').dispatchEvent(new Event('input'))")).await?;
        if !value.is_empty() {
            self.browser.send_keys(&field, value).await?;
        }
        Ok(())
    }

    /// Clicks what sends, and waits for the status that comes back.
    async fn answered(&self, selector: &str, status: u64) -> Outcome {
        self.click_anew(selector).await?;
        assert_eq!(self.text("#response strong").await?, status.to_string(), "{selector}");
        Ok(())
    }

    /// Clicks what sends, and waits for what comes of it: an earlier answer must not be taken for this one.
    async fn click_anew(&self, selector: &str) -> Outcome {
        self.script("document.querySelector('#response').replaceChildren()").await?;
        self.click(selector).await?;
        self.there("#response .took").await
    }

    async fn there(&self, selector: &str) -> Outcome {
        self.wait(&format!("!!document.querySelector(`{selector}`)"), &json!(true)).await
    }

    async fn text(&self, selector: &str) -> Result<String, Error> {
        self.there(selector).await?;
        let text = self.script(&format!("return document.querySelector(`{selector}`).textContent")).await?;
        Ok(text.as_str().unwrap_or_default().to_owned())
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
        let script = format!("return (async () => {{ {script} }})()");
        self.browser.post("execute/sync", &json!({"script": script, "args": []})).await
    }

    /// A window narrower than browsers allow.
    async fn size(&self, width: u32, height: u32) -> Outcome {
        let metrics = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        let command = json!({"cmd": "Emulation.setDeviceMetricsOverride", "params": metrics});
        self.browser.post("goog/cdp/execute", &command).await?;
        Ok(())
    }
}

/// The operation that the page is tried with.
fn listing(shown: &Value) -> Result<&Value, Error> {
    let mut all = shown["operations"].as_array().into_iter().flatten();
    Ok(all.find(|operation| operation["id"] == "ListImageTags").ok_or("there is no such operation")?)
}

fn deprecated(operations: &[Value]) -> impl Iterator<Item = &Value> {
    operations.iter().filter(|operation| operation["deprecated"] == true)
}

/// Reads the screenshot `shot`: the share of the commonest colour and its brightness, of what contrasts with it, of the
/// button's colour, and of what contrasts in the emptiest of the page's columns.
const LOOK: &str = r"
const bytes = Uint8Array.from(atob(shot), (one) => one.charCodeAt(0));
const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
const canvas = new OffscreenCanvas(image.width, image.height).getContext('2d');
canvas.drawImage(image, 0, 0);
const { data, width, height } = canvas.getImageData(0, 0, image.width, image.height);
const colour = (at) => (data[at] << 16) | (data[at + 1] << 8) | data[at + 2];
const bright = (one) => ((one >> 16) * 299 + ((one >> 8) & 255) * 587 + (one & 255) * 114) / 1000;
const counts = new Map();
for (let at = 0; at < data.length; at += 4) counts.set(colour(at), (counts.get(colour(at)) ?? 0) + 1);
const [background, most] = [...counts].reduce((one, other) => (other[1] > one[1] ? other : one));
const [red, green, blue] = getComputedStyle(document.getElementById('send')).backgroundColor.match(/\d+/g).map(Number);
const button = (red << 16) | (green << 8) | blue;
const columns = innerWidth < 1200 ? 1 : 3;
const inked = new Array(columns).fill(0);
for (let at = 0; at < data.length; at += 4) {
  if (Math.abs(bright(colour(at)) - bright(background)) > 80) inked[Math.floor((((at / 4) % width) * columns) / width)] += 1;
}
const all = width * height;
return {
  background: most / all,
  brightness: bright(background),
  ink: inked.reduce((one, other) => one + other) / all,
  // A grey button is one without our colours.
  accent: Math.max(red, green, blue) - Math.min(red, green, blue) < 60 ? 0 : (counts.get(button) ?? 0) / all,
  emptiest: Math.min(...inked) / (all / columns),
};
";

/// A session of the driver's, by the W3C's WebDriver protocol.
struct Browser {
    http: reqwest::Client,
    session: String,
}

impl Browser {
    async fn open(driver: &str, capabilities: Value) -> Result<Self, Error> {
        let http = reqwest::Client::builder().no_proxy().build()?;
        let mut browser = Self { http, session: format!("{driver}/session") };
        let opened = browser.post("", &json!({"capabilities": {"alwaysMatch": capabilities}})).await?;
        browser.session = format!("{driver}/session/{}", opened["sessionId"].as_str().ok_or("no session")?);
        Ok(browser)
    }

    async fn close(&self) -> Outcome {
        self.http.delete(&self.session).send().await?.error_for_status()?;
        Ok(())
    }

    async fn goto(&self, url: &str) -> Outcome {
        self.post("url", &json!({"url": url})).await.map(drop)
    }

    async fn post(&self, command: &str, body: &Value) -> Result<Value, Error> {
        let url = format!("{}/{command}", self.session);
        let mut answer: Value = self.http.post(url.trim_end_matches('/')).json(body).send().await?.json().await?;
        match &answer["value"]["error"] {
            Value::Null => Ok(answer["value"].take()),
            error => Err(format!("{command}: {error}: {}", answer["value"]["message"]).into()),
        }
    }

    /// Does something to the element that a selector finds.
    async fn on(&self, selector: &str, command: &str, body: Value) -> Outcome {
        let found = self.post("element", &json!({"using": "css selector", "value": selector})).await?;
        let element = found.as_object().and_then(|found| found.values().next()?.as_str()).ok_or("no element")?;
        self.post(&format!("element/{element}/{command}"), &body).await.map(drop)
    }

    async fn send_keys(&self, selector: &str, keys: &str) -> Outcome {
        self.on(selector, "value", json!({"text": keys})).await
    }
}

/// The running driver; killed when it is dropped.
struct Driver {
    _process: tokio::process::Child,
    address: String,
}

impl Driver {
    async fn start() -> Result<Option<Self>, Error> {
        let started = tokio::process::Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn();
        let Ok(mut process) = started else {
            eprintln!("SKIPPED: chromedriver is not installed (apt-get install chromium chromium-driver)");
            return Ok(None);
        };
        let output = process.stdout.take().ok_or("the driver has no output")?;
        let mut lines = BufReader::new(output).lines();
        while let Some(line) = lines.next_line().await? {
            if let Some(port) = line.split("on port ").nth(1).filter(|_| line.contains("success")) {
                let address = format!("http://127.0.0.1:{}", port.trim_end_matches('.'));
                // Somebody must read what it goes on to say.
                tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
                return Ok(Some(Self { _process: process, address }));
            }
        }
        Err("chromedriver ended before it listened".into())
    }

    async fn open(&self) -> Result<Browser, Error> {
        let capabilities = json!({
            "goog:loggingPrefs": {"browser": "ALL"},
            // A container's root can't use the sandbox; the only page is ours. A colour on its way would be neither the
            // old one nor the new one on a screenshot.
            "goog:chromeOptions": {"args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1280,900", "--lang=en", "--force-prefers-reduced-motion"]},
        });
        Browser::open(&self.address, capabilities).await
    }
}
