// The explorer's page: shows the document, prepares calls with the explorer's server, and sends them from here.
import { code, h, json, prose } from "./dom.js";
import { words } from "./words.js";

const $ = (id) => document.getElementById(id);
const stored = (name, fallback) => localStorage.getItem(`explore-${name}`) ?? fallback;
const store = (name, value) => localStorage.setItem(`explore-${name}`, value);
const wide = matchMedia("(min-width: 52rem)");

let api; // the document
let current; // the operation that is shown
let prepared; // its call, as the server prepared it
let tab = "request";
let language = stored("language", navigator.language.startsWith("zh") ? "zh" : "en");
const drafts = new Map(); // what was typed, by operation
const answers = new Map(); // the last answer, by operation
const shared = { credential: "token", breaks: false }; // what stays from one operation to the next

const w = (name) => words[name][language === "zh" ? 1 : 0];
const t = (text) => text?.[language] ?? "";
const title = (operation) => t(operation.summary).replace(/[.。]$/, "");

function draft() {
  if (!drafts.has(current.id)) {
    const values = Object.fromEntries(current.parameters.map((one) => [one.name, one.sample ?? ""]));
    const body = current.body?.samples[0] ? json(current.body.samples[0].value) : "";
    drafts.set(current.id, { values, body, code: "", delay: "", retryAfter: "", throttle: "", cut: "" });
  }
  return drafts.get(current.id);
}

// ---- the frame

function showTop() {
  const theme = h(
    "select",
    { id: "theme", onchange: (event) => setTheme(event.target.value) },
    ["system", "light", "dark"].map((name) => h("option", { value: name, selected: stored("theme", "system") === name }, w(name))),
  );
  $("skip").textContent = w("skip");
  $("top").replaceChildren(
    h("div", { class: "brand" }, h("h1", {}, api.title), h("p", {}, `${w("explorer")} · ${api.version}`)),
    h("label", { class: "inline", for: "theme" }, h("span", {}, w("theme")), theme),
    h(
      "button",
      { id: "language", type: "button", lang: language === "zh" ? "en" : "zh-CN", onclick: switchLanguage },
      w("language"),
    ),
  );
}

function setTheme(name) {
  store("theme", name);
  if (name === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = name;
}

function switchLanguage() {
  language = language === "zh" ? "en" : "zh";
  store("language", language);
  showAll();
  $("language").focus();
}

function showMenu() {
  const list = h("div", { id: "list" });
  const fill = (wanted) => {
    const fits = (one) => `${one.id} ${one.path} ${t(one.summary)}`.toLowerCase().includes(wanted.toLowerCase());
    const groups = [...api.groups, { name: "", text: { en: "", zh: "" } }].map((group) => {
      const known = api.groups.map((one) => one.name);
      const inside = api.operations.filter((one) => (known.includes(one.group) ? one.group : "") === group.name && fits(one));
      return inside.length && [h("h3", {}, language === "zh" ? t(group.text).replace(/。$/, "") : group.name), h("ul", {}, inside.map(entry))];
    });
    list.replaceChildren(...groups.flat().filter(Boolean));
    if (!list.children.length) list.append(h("p", {}, w("none_found")));
  };
  const entry = (one) =>
    h(
      "li",
      {},
      h(
        "a",
        { href: `#${one.id}`, "aria-current": one === current ? "page" : null },
        h("span", { class: `method ${one.method}` }, one.method),
        h("span", {}, h("b", {}, title(one)), h("small", {}, one.id)),
      ),
    );
  fill("");
  $("menu").setAttribute("aria-label", w("operations"));
  $("menu").replaceChildren(
    h(
      "details",
      { open: wide.matches },
      h("summary", {}, w("operations")),
      h("input", { type: "search", id: "filter", "aria-label": w("filter"), placeholder: w("filter"), oninput: (event) => fill(event.target.value) }),
      list,
    ),
  );
}

function showFindings(news) {
  const findings = api.findings.map((one) =>
    h(
      "li",
      { class: one.level },
      h("code", {}, one.place),
      ` ${one.level}[${one.rule}]: ${one.message}`,
      one.help && h("div", { class: "help" }, `help: ${one.help}`),
    ),
  );
  const errors = api.findings.some((one) => one.level === "error");
  $("findings").replaceChildren(
    ...[
      findings.length && h("h2", {}, w("findings")),
      findings.length && h("ul", {}, findings),
      news && h("p", {}, w(errors ? "old_shown" : "reloaded")),
    ].filter(Boolean),
  );
}

// ---- the operation

function showOperation() {
  document.title = `${current.id} · ${api.title}`;
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  $("main").replaceChildren(
    h(
      "article",
      {},
      h("h2", {}, title(current)),
      h("p", { class: "address" }, h("span", { class: `method ${current.method}` }, current.method), " ", h("code", {}, current.path)),
      h("div", { class: "prose" }, prose(t(current.text))),
      h("p", { class: "jump" }, h("a", { href: "#try" }, w("try_it"))),
      current.parameters.length && section("parameters", h("div", { class: "fields" }, current.parameters.map(parameter))),
      current.body && section("body", bodyForm(), table("body_fields", current.body.rows)),
      section(
        "answer",
        h("p", {}, h("strong", {}, current.success.status), " ", t(current.success.text)),
        current.success.sample == null ? h("p", {}, w("no_body")) : code(w("sample_answer"), json(current.success.sample)),
        table("answer_fields", current.success.rows),
      ),
      section("errors", errorTable()),
      section("facts", facts()),
    ),
  );
}

function section(name, ...content) {
  return h("section", { "aria-labelledby": `title-${name}` }, h("h3", { id: `title-${name}` }, w(name)), content);
}

function parameter(one) {
  const id = `value-${one.name}`;
  const limits = one.limits.flatMap((limit) => [h("code", {}, limit), " "]);
  return h(
    "div",
    { class: "field" },
    h(
      "label",
      { for: id },
      h("code", { class: "name" }, one.name),
      h("span", { class: "tag" }, w(`in_${one.in}`)),
      h("span", { class: "tag" }, one.type),
      h("span", { class: one.required ? "tag must" : "tag" }, w(one.required ? "required" : "optional")),
    ),
    h("input", {
      id,
      value: draft().values[one.name],
      list: one.values.length ? `${id}-values` : null,
      autocomplete: "off",
      spellcheck: "false",
      "aria-describedby": `${id}-text ${id}-problem`,
      oninput: (event) => {
        draft().values[one.name] = event.target.value;
        prepareSoon();
      },
    }),
    one.values.length && h("datalist", { id: `${id}-values` }, one.values.map((value) => h("option", { value }))),
    h("p", { class: "problem", id: `${id}-problem` }),
    h(
      "p",
      { class: "text", id: `${id}-text` },
      t(one.text),
      one.project && ` ${w("project")}`,
      limits.length ? [" ", limits] : null,
      valueList(one),
    ),
  );
}

function valueList(one) {
  if (!one.values.length) return null;
  const values = one.values.map((value, at) => [at ? ", " : "", h("code", {}, value)]);
  return [` ${w("values")}: `, values, one.open && ` (${w("open_values")})`];
}

function bodyForm() {
  const field = h("textarea", {
    id: "value-body",
    rows: Math.min(20, draft().body.split("\n").length + 1),
    spellcheck: "false",
    "aria-label": w("body"),
    "aria-describedby": "value-body-problem",
    oninput: (event) => {
      draft().body = event.target.value;
      prepareSoon();
    },
  });
  field.value = draft().body;
  const use = (sample) => () => {
    draft().body = field.value = json(sample.value);
    prepareSoon();
  };
  const samples = current.body.samples;
  return h(
    "div",
    { class: "field" },
    h("p", { class: "text" }, t(current.body.text), " ", h("span", { class: "tag" }, "application/json"), " ",
      h("span", { class: current.body.required ? "tag must" : "tag" }, w(current.body.required ? "required" : "optional"))),
    field,
    h("p", { class: "problem", id: "value-body-problem" }),
    samples.length > 1 &&
      h("p", { class: "samples" }, `${w("samples")}: `, samples.map((one) => h("button", { type: "button", onclick: use(one) }, one.name))),
  );
}

function table(title, rows) {
  if (!rows?.length) return null;
  return h(
    "details",
    { open: rows.length <= 8 },
    h("summary", {}, w(title)),
    h(
      "ul",
      { class: "rows" },
      rows.map((row) =>
        row.branch
          ? h("li", { class: "branch" }, `${w("branch")} ${row.branch}: `, t(row.text))
          : h(
              "li",
              { "data-depth": Math.min(row.depth, 4) },
              h("code", { class: "name" }, row.name),
              h("span", { class: "tag" }, row.type),
              h("span", { class: row.required ? "tag must" : "tag" }, w(row.required ? "required" : "optional")),
              h("span", { class: "text" }, t(row.text), row.limits.length ? [" ", row.limits.flatMap((limit) => [h("code", {}, limit), " "])] : null, valueList(row)),
            ),
      ),
    ),
  );
}

function errorTable() {
  const row = (one) =>
    h(
      "tr",
      {},
      h("th", { scope: "row" }, one.status),
      h("td", {}, h("b", { lang: "en" }, one.reason), h("br"), t(one.text)),
      h(
        "td",
        {},
        h(
          "button",
          { type: "button", class: "see", "data-status": one.status, "aria-label": `${w("see_label")} ${one.status}`, onclick: () => seeRow(one.status) },
          w("see"),
        ),
      ),
    );
  return h(
    "table",
    {},
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, w("status")), h("th", { scope: "col" }, w("meaning")), h("td", {}))),
    h("tbody", {}, current.rows.map(row)),
  );
}

function facts() {
  return h(
    "ul",
    {},
    h("li", {}, w(current.idempotent ? "idempotent" : "not_idempotent")),
    current.permissions.length && h("li", {}, `${w("permissions")}: `, current.permissions.map((one, at) => [at ? ", " : "", h("code", {}, one)])),
    current.page && h("li", {}, h("a", { href: current.page, rel: "noreferrer" }, w("page"))),
    current.links.map((link) => h("li", {}, h("a", { href: link.url, rel: "noreferrer" }, t(link.text).replace(/[.。]$/, "")))),
    h("li", {}, `${w("source")}: `, h("code", {}, current.place)),
  );
}

async function seeRow(status) {
  draft().code = String(status);
  showTry();
  await prepare();
  await send();
  draft().code = "";
  showTry();
  await prepare();
}

// ---- the call

function showTry() {
  const set = (name) => (event) => {
    draft()[name] = event.target.value;
    prepareSoon();
  };
  const option = (value, text, chosen) => h("option", { value, selected: value === chosen }, text);
  const chosen = api.credentials.find((one) => one.id === shared.credential) ?? api.credentials[0];
  const others = [429, 502].filter((status) => !current.rows.some((row) => row.status === status));
  const small = (id, name, label, attributes) =>
    h("label", { for: id }, h("span", {}, w(label)), h("input", { id, value: draft()[name], autocomplete: "off", oninput: set(name), ...attributes }));
  $("try").setAttribute("aria-labelledby", "title-try");
  $("try").replaceChildren(
    h("h3", { id: "title-try" }, w("try_it")),
    h(
      "form",
      {
        onsubmit: (event) => {
          event.preventDefault();
          send();
        },
      },
      h(
        "label",
        { for: "credential" },
        h("span", {}, w("credential")),
        h(
          "select",
          {
            id: "credential",
            onchange: (event) => {
              shared.credential = event.target.value;
              showTry();
              prepare();
              $("credential").focus();
            },
          },
          api.credentials.map((one) => option(one.id, t(one.name), chosen.id)),
        ),
      ),
      chosen.fields.length
        ? h("dl", { class: "practice" }, chosen.fields.map(([name, value]) => [h("dt", {}, name), h("dd", {}, h("code", {}, value))]))
        : null,
      h("p", { class: "text" }, w("practice")),
      h(
        "details",
        { id: "break", open: shared.breaks || Boolean(prefer()), ontoggle: (event) => (shared.breaks = event.target.open) },
        h("summary", {}, w("break_it")),
        h(
          "div",
          { class: "grid" },
          h(
            "label",
            { for: "code" },
            h("span", {}, w("wanted")),
            h(
              "select",
              { id: "code", onchange: set("code") },
              option("", w("as_document"), draft().code),
              current.rows.map((row) => option(String(row.status), `${row.status} ${row.reason}`, draft().code)),
              others.map((status) => option(String(status), `${status} (${w("undocumented")})`, draft().code)),
            ),
          ),
          h(
            "label",
            { for: "cut" },
            h("span", {}, w("cut")),
            h("select", { id: "cut", onchange: set("cut") }, ["", "before", "body"].map((value) => option(value, w(`cut_${value || "no"}`), draft().cut))),
          ),
          small("delay", "delay", "delay", { inputmode: "numeric" }),
          small("retry-after", "retryAfter", "retry_after", { inputmode: "numeric" }),
          small("throttle", "throttle", "throttle", { placeholder: "2/10" }),
        ),
      ),
      h("div", { id: "refusal", role: "status" }),
      h("button", { id: "send", type: "submit", class: "primary" }, w("send")),
    ),
    h("div", { id: "call" }),
    h("h3", { id: "title-response" }, w("response")),
    h("div", { id: "response", role: "status", "aria-labelledby": "title-response" }),
  );
  showPrepared();
  showAnswer();
}

function prefer() {
  const { code, delay, retryAfter, throttle, cut } = draft();
  const parts = { code, delay, "retry-after": retryAfter, throttle, cut };
  return Object.entries(parts).filter(([, value]) => value.trim()).map(([name, value]) => `${name}=${value.trim()}`).join(", ");
}

let waiting;
function prepareSoon() {
  clearTimeout(waiting);
  waiting = setTimeout(prepare, 120);
}

async function prepare() {
  clearTimeout(waiting);
  const of = current;
  const { values, body } = draft();
  const form = { operation: of.id, values, body, credential: shared.credential, prefer: prefer() };
  try {
    const response = await fetch("/explore/prepare", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(form),
    });
    const call = response.ok ? await response.json() : null;
    if (of === current) {
      prepared = call;
      showPrepared();
    }
  } catch {
    showGone();
  }
}

function showPrepared() {
  if (!prepared || !$("call")) return;
  const problem = prepared.problem;
  for (const field of document.querySelectorAll("[id^=value-]:is(input, textarea)")) {
    const wrong = problem && field.id === `value-${problem.at}`;
    field.setAttribute("aria-invalid", Boolean(wrong));
    $(`${field.id}-problem`).textContent = wrong ? problem.message : "";
  }
  $("refusal").replaceChildren(...(problem ? [h("p", {}, w("refused_by_client")), h("p", { class: "problem" }, h("code", {}, problem.message))] : []));
  $("send").textContent = w(problem ? "send_anyway" : "send");
  const tabs = [
    { id: "request", name: w("request"), text: prepared.request.text },
    { id: "signature", name: w("signature") },
    ...prepared.snippets,
  ];
  // What is there already is changed in place: a click or a focus must not be lost to a new element.
  if (!$("panel")) $("call").replaceChildren(tabList(tabs), h("div", { role: "tabpanel", id: "panel" }));
  const shown = tabs.find((one) => one.id === tab) ?? tabs[0];
  for (const one of tabs) {
    $(`tab-${one.id}`).setAttribute("aria-selected", String(one === shown));
    $(`tab-${one.id}`).tabIndex = one === shown ? 0 : -1;
  }
  const texts = shown.id === "signature" ? steps() : [shown.text];
  const key = `${shown.id} ${texts.length}`;
  if ($("panel").dataset.key !== key) {
    $("panel").dataset.key = key;
    $("panel").setAttribute("aria-labelledby", `tab-${shown.id}`);
    $("panel").replaceChildren(...[shown.id === "signature" ? stepList(texts.length) : block(shown)].flat());
  }
  $("panel").querySelectorAll("pre code").forEach((one, at) => {
    if (one.textContent !== texts[at]) one.textContent = texts[at];
  });
}

function tabList(tabs) {
  const choose = (id) => {
    tab = id;
    showPrepared();
    $(`tab-${id}`).focus();
  };
  const move = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const at = tabs.findIndex((one) => one.id === tab);
    if (step) choose(tabs[(at + step + tabs.length) % tabs.length].id);
  };
  return h(
    "div",
    { role: "tablist", "aria-label": w("try_it"), onkeydown: move },
    tabs.map((one) =>
      h("button", { type: "button", role: "tab", id: `tab-${one.id}`, "aria-controls": "panel", onclick: () => choose(one.id) }, one.name),
    ),
  );
}

function block(one) {
  const copy = h("button", { type: "button", class: "copy", id: `copy-${one.id}` }, w("copy"));
  copy.addEventListener("click", async () => {
    // Prepared anew: a signature is good for 15 minutes only.
    await prepare();
    if (!prepared) return;
    const fresh = prepared.snippets.find((snippet) => snippet.id === one.id)?.text ?? prepared.request.text;
    await navigator.clipboard.writeText(fresh);
    copy.textContent = w("copied");
    setTimeout(() => (copy.textContent = w("copy")), 2000);
  });
  return [copy, code(one.name, one.text)];
}

function steps() {
  const signature = prepared.signature;
  return signature ? [signature.canonical_request, signature.string_to_sign, signature.signature] : [];
}

function stepList(count) {
  if (!count) return h("p", { class: "text" }, w("unsigned"));
  const step = (name) => h("li", {}, h("h4", {}, w(name)), h("p", { class: "text" }, w(`${name}_text`)), code(w(name), ""));
  return h("ol", { class: "steps" }, ["step_1", "step_2", "step_3"].map(step));
}

async function send() {
  await prepare();
  if (!prepared) return;
  const of = current;
  const { method, target, headers, body } = prepared.request;
  // The browser writes `host` itself.
  const sent = new Headers(headers.filter(([name]) => name !== "host"));
  $("response").replaceChildren(h("p", { class: "text" }, w("sending")));
  const start = performance.now();
  let answer;
  try {
    const response = await fetch(target, { method, headers: sent, body: body || undefined, redirect: "error", cache: "no-store" });
    answer = { status: response.status, reason: response.statusText, headers: [...response.headers] };
    answer.text = await response.text();
  } catch (error) {
    answer = { ...answer, lost: String(error.message || error) };
  }
  answer.took = Math.round(performance.now() - start);
  answers.set(of.id, answer);
  showAnswer();
  $("title-response").scrollIntoView({ block: matchMedia("(min-width: 75rem)").matches ? "nearest" : "start" });
}

function showAnswer() {
  const answer = answers.get(current.id);
  if (!answer) {
    $("response").replaceChildren(h("p", { class: "text" }, w("not_sent")));
    return;
  }
  const { status, headers, text, lost, took } = answer;
  const reason = current.rows.find((row) => row.status === status);
  let shown = text;
  try {
    shown = json(JSON.parse(text));
  } catch {
    // It is shown as it came.
  }
  $("response").replaceChildren(
    ...[
      h("p", { class: "status" }, status && h("strong", { class: status < 300 ? "good" : "bad" }, status), " ", answer.reason, h("span", { class: "took" }, ` ${took} ${w("took")}`)),
      reason && h("p", {}, `${w("row_says")}: `, t(reason.text)),
      lost && h("p", { class: "problem" }, `${w("lost")} (${lost})`),
      headers && code(`${w("response")}: header`, headers.map(([name, value]) => `${name}: ${value}`).join("\n")),
      shown && code(w("response"), shown),
    ].filter(Boolean),
  );
}

// ---- coming and going

function showAll() {
  showTop();
  showMenu();
  showFindings();
  showOperation();
  showTry();
}

function route() {
  const wanted = decodeURIComponent(location.hash.slice(1));
  const found = api.operations.find((one) => one.id === wanted);
  if (current && !found) return; // an anchor within the page
  const before = current?.id;
  current = found ?? api.operations.find((one) => one.id === before) ?? api.operations[0];
  prepared = null;
  showAll();
  prepare();
  if (before && before !== current.id) {
    $("main").focus({ preventScroll: true });
    scrollTo(0, 0);
  }
}

function showGone() {
  $("findings").replaceChildren(h("p", { class: "problem" }, `${w("gone")} `, h("code", {}, "cargo xtask explore")));
}

async function load(news) {
  api = await (await fetch("/explore/document.json")).json();
  current = api.operations.find((one) => one.id === current?.id);
  route();
  if (news) showFindings(true);
}

setTheme(stored("theme", "system"));
addEventListener("hashchange", route);
// A wide window shows no switch to open the menu by.
wide.addEventListener("change", () => ($("menu").querySelector("details").open = wide.matches));
await load(false);
new EventSource("/explore/events").addEventListener("changed", () => load(true));
