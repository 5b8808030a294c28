//! A browser and its driver, by the W3C's WebDriver protocol.

use std::process::Stdio;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};

use super::{Error, Outcome};

/// A session of the driver's, by the W3C's WebDriver protocol.
pub(super) struct Browser {
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

    pub(super) async fn close(&self) -> Outcome {
        self.http.delete(&self.session).send().await?.error_for_status()?;
        Ok(())
    }

    pub(super) async fn post(&self, command: &str, body: &Value) -> Result<Value, Error> {
        let url = format!("{}/{command}", self.session);
        let mut answer: Value = self.http.post(url.trim_end_matches('/')).json(body).send().await?.json().await?;
        match &answer["value"]["error"] {
            Value::Null => Ok(answer["value"].take()),
            error => Err(format!("{command}: {error}: {}", answer["value"]["message"]).into()),
        }
    }

    /// Does something to the element that a selector finds.
    pub(super) async fn on(&self, selector: &str, command: &str, body: Value) -> Outcome {
        let found = self.post("element", &json!({"using": "css selector", "value": selector})).await?;
        let element = found.as_object().and_then(|found| found.values().next()?.as_str()).ok_or("no element")?;
        self.post(&format!("element/{element}/{command}"), &body).await.map(drop)
    }

    /// Asks the browser itself, by Chromium's own protocol.
    pub(super) async fn cdp(&self, command: &str, params: Value) -> Result<Value, Error> {
        self.post("goog/cdp/execute", &json!({"cmd": command, "params": params})).await
    }
}

/// The running driver; killed when it is dropped.
pub(super) struct Driver {
    _process: tokio::process::Child,
    address: String,
}

impl Driver {
    pub(super) async fn start() -> Result<Option<Self>, Error> {
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

    pub(super) async fn open(&self) -> Result<Browser, Error> {
        let capabilities = json!({
            "goog:loggingPrefs": {"browser": "ALL"},
            // A container's root can't use the sandbox; the only page is ours. A colour on its way would be neither the
            // old one nor the new one on a screenshot.
            "goog:chromeOptions": {"args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1280,900", "--lang=en", "--force-prefers-reduced-motion"]},
        });
        Browser::open(&self.address, capabilities).await
    }
}
