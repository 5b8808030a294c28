// The call: who makes it, what is to go wrong, the request and its code, the answer and what a program gets of it.
import { $, code, h, inline, json, parsed } from "./dom.js";
import { mark } from "./fields.js";
import { draft, named, state, t, w } from "./state.js";

const answers = new Map(); // the last answer, by operation
let breaks = false; // whether the controls for breaking it are open
let tab = "request"; // what of the call is shown

const prefer = () =>
  Object.entries(draft().prefer).filter(([, value]) => value.trim()).map(([name, value]) => `${name}=${value.trim()}`).join(", ");

export function showTry() {
  const { api, current } = state;
  const set = (name) => (event) => {
    draft().prefer[name] = event.target.value;
    prepareSoon();
  };
  const chosen = api.credentials.find((one) => one.id === state.credential) ?? api.credentials[0];
  const choose = (event) => {
    state.credential = event.target.value;
    showTry();
    prepare();
    $("credential").focus();
  };
  const labelled = (id, name, element) => h("label", { for: id }, h("span", {}, w(name)), element);
  const select = (id, name, options, onchange, value) =>
    labelled(id, name, h("select", { id, onchange }, options.map(([key, text]) => h("option", { value: key, selected: key === value }, text))));
  const wish = (id, name, options) => select(id, name, options, set(id), draft().prefer[id]);
  const line = (id, name, attributes) =>
    labelled(id, name, h("input", { id, value: draft().prefer[id], autocomplete: "off", oninput: set(id), ...attributes }));
  const others = [429, 502].filter((status) => !current.rows.some((row) => row.status === status));
  const codes = [
    ["", w("as_document")],
    ...current.rows.map((row) => [String(row.status), `${row.status} ${row.reason}`]),
    ...others.map((status) => [String(status), `${status} (${w("undocumented")})`]),
  ];
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
      select("credential", "credential", api.credentials.map((one) => [one.id, t(one.name)]), choose, chosen.id),
      chosen.fields.length > 0 && h("dl", { class: "practice" }, chosen.fields.map(([name, value]) => [h("dt", {}, name), h("dd", {}, h("code", {}, value))])),
      h("p", { class: "text" }, w("practice")),
      h(
        "details",
        { id: "break", open: breaks || Boolean(prefer()), ontoggle: (event) => (breaks = event.target.open) },
        h("summary", {}, w("break_it")),
        h(
          "div",
          { class: "grid" },
          wish("code", "wanted", codes),
          wish("cut", "cut", ["", "before", "body"].map((value) => [value, w(`cut_${value || "no"}`)])),
          current.job && wish("job", "job", ["", "fail"].map((value) => [value, w(value ? "job_fails" : "job_succeeds")])),
          line("delay", "delay", { inputmode: "numeric" }),
          line("retry-after", "retry_after", { inputmode: "numeric" }),
          line("throttle", "throttle", { placeholder: "2/10" }),
        ),
      ),
      h("div", { id: "refusal", role: "status" }),
      h("div", { class: "buttons" }, h("button", { id: "send", type: "submit", class: "primary" }, w("send")), h("button", { id: "reset", type: "button", onclick: reset }, w("reset"))),
    ),
    h("div", { id: "call" }, tabs(), h("div", { class: "shown" }, h("button", { type: "button", id: "copy", onclick: copy }, w("copy")), h("div", { id: "panel" }))),
    h("h3", { id: "title-response" }, w("response")),
    h("div", { id: "response", role: "status", "aria-labelledby": "title-response" }),
  );
  showPrepared();
  showAnswer();
}

async function reset() {
  await fetch("/explore/reset", { method: "POST" });
  $("response").replaceChildren(h("p", { class: "text" }, w("is_reset")));
}

let waiting;
export function prepareSoon() {
  clearTimeout(waiting);
  waiting = setTimeout(prepare, 120);
}

const post = (path, value) => fetch(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(value) });

export async function prepare() {
  clearTimeout(waiting);
  const of = state.current;
  const { values, body } = draft();
  try {
    const response = await post("/explore/prepare", { operation: of.id, values, body, credential: state.credential, prefer: prefer() });
    const call = response.ok ? await response.json() : null;
    if (of === state.current) {
      state.prepared = call;
      showPrepared();
    }
  } catch {
    $("findings").replaceChildren(h("p", { class: "problem" }, `${w("gone")} `, h("code", {}, "cargo xtask explore")));
  }
}

function showPrepared() {
  const { prepared } = state;
  if (!prepared) return;
  const { problems, signature } = prepared;
  mark(problems);
  const told = (one) => h("p", { class: "problem" }, h("code", {}, one.field), " ", inline(t(one.text)));
  $("refusal").replaceChildren(...(problems.length ? [h("p", {}, w("not_allowed")), ...problems.map(told)] : []));
  $("send").textContent = w(problems.length ? "send_anyway" : "send");
  const text = textOf(tab);
  const { scrollTop = 0, scrollLeft = 0 } = $("panel").querySelector("pre") ?? {};
  $("copy").hidden = text === undefined;
  $("panel").dataset.tab = tab;
  $("panel").replaceChildren(text === undefined ? steps(signature) : code(tab, text));
  $("panel").querySelector("pre")?.scrollTo(scrollLeft, scrollTop);
}

const textOf = (tab) => ({ request: state.prepared.request.text, ...state.prepared.snippets })[tab];

// A choice of one: the arrow keys move in it by themselves.
function tabs() {
  const choose = (id) => () => {
    tab = id;
    showPrepared();
  };
  const names = { request: w("request"), signature: w("signature"), rust: "Rust", ims: "ims", curl: "curl", export: "export" };
  const one = ([id, name]) => h("label", {}, h("input", { type: "radio", name: "tab", id: `tab-${id}`, checked: id === tab, onchange: choose(id) }), name);
  return h("div", { class: "tabs", role: "radiogroup", "aria-label": w("try_it") }, Object.entries(names).map(one));
}

async function copy() {
  // Prepared anew: a signature is good for 15 minutes only.
  await prepare();
  if (!state.prepared) return;
  await navigator.clipboard.writeText(textOf(tab));
  $("copy").textContent = w("copied");
  setTimeout(() => ($("copy").textContent = w("copy")), 2000);
}

function steps(signature) {
  if (!signature) return h("p", { class: "text" }, w("unsigned"));
  const step = (text, at) => h("li", {}, h("h4", {}, w(`step_${at + 1}`)), h("p", { class: "text" }, w(`step_${at + 1}_text`)), code(w(`step_${at + 1}`), text));
  return h("ol", { class: "steps" }, [signature.canonical_request, signature.string_to_sign, signature.signature].map(step));
}

// Has the service answer with a row of the error table, once.
export async function see(status) {
  draft().prefer.code = String(status);
  answers.delete(state.current.id);
  showTry();
  await send();
  draft().prefer.code = "";
  showTry();
  await prepare();
}

async function send() {
  await prepare();
  if (!state.prepared) return;
  const of = state.current;
  const { method, target, headers, body } = state.prepared.request;
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
  answer.outcome = await outcome(of.id, answer);
  answers.set(of.id, answer);
  if (of !== state.current) return;
  showAnswer();
  $("title-response").scrollIntoView({ block: matchMedia("(min-width: 75rem)").matches ? "nearest" : "start" });
}

// What a program gets of it; nothing of a success.
async function outcome(operation, { status, headers, text, lost }) {
  if (lost || !status) return null;
  const header = (name) => headers.find(([known]) => known === name)?.[1] ?? "";
  const answer = { operation, status, request_id: header("x-request-id"), retry_after: header("retry-after"), body: parsed(text) ?? null };
  const response = await post("/explore/outcome", answer);
  return response.ok ? response.json() : null;
}

// What is to be done about a job: ask for the one that was started, or ask again.
function jobOf({ status, text }) {
  const { job } = state.current;
  const answer = status < 300 ? parsed(text) : undefined;
  const started = job && answer?.[job];
  const next = started && state.api.operations.find((one) => one.method === "GET" && !one.deprecated && one.parameters.some(({ name }) => name === job));
  if (next) {
    const open = () => (draft(next).values[job] = started);
    return h("p", { id: "job-next" }, `${w("job_ask")} `, h("a", { href: `#${next.id}`, onclick: open }, next.id));
  }
  return ["INIT", "RUNNING"].includes(answer?.status) && h("p", { id: "job-next" }, w("job_runs"));
}

function showAnswer() {
  const answer = answers.get(state.current.id);
  if (!answer) {
    $("response").replaceChildren(h("p", { class: "text" }, w("not_sent")));
    return;
  }
  const { status, headers, text, lost, took, outcome } = answer;
  const row = state.current.rows.find((one) => one.status === status);
  const fact = (name, value) => [h("dt", {}, w(name)), h("dd", {}, value)];
  $("response").replaceChildren(
    ...[
      h("p", { class: "status" }, status && h("strong", { class: status < 400 ? "good" : "bad" }, status), " ", answer.reason, h("span", { class: "took" }, ` ${took} ${w("took")}`)),
      row && h("p", {}, `${w("row_says")}: `, inline(t(row.text))),
      jobOf(answer),
      lost && h("p", { class: "problem" }, `${w("lost")} (${lost})`),
      headers && code(`${w("response")}: header`, headers.map(([name, value]) => `${name}: ${value}`).join("\n")),
      text && code(w("response"), json(parsed(text) ?? text)),
      outcome &&
        h(
          "div",
          { id: "outcome" },
          h("h4", {}, w("program_gets")),
          code(w("program_gets"), outcome.sentence),
          h("dl", { class: "practice" }, outcome.kind && fact("error_kind", h("code", {}, outcome.kind)), fact("may_retry", w(outcome.may_retry ? "yes" : "no"))),
        ),
    ].filter(Boolean),
  );
}
