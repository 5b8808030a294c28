// The call: who makes it, what is to go wrong, the request and its code, the answer and what a program gets of it.
import { $, code, fill, h, inline, json, parsed } from "./dom.js";
import { draft, state, t, w } from "./state.js";

const answers = new Map(); // the last answer, by operation
const wishes = [...$("break").querySelectorAll("select, input")]; // what is to go wrong

const prefer = () => wishes.filter((one) => one.value.trim()).map((one) => `${one.id}=${one.value.trim()}`).join(", ");
const tab = () => $("call").querySelector(":checked").id.slice("tab-".length);

export function showTry() {
  const { api, current } = state;
  const option = ([value, text]) => h("option", { value }, text);
  const others = [429, 502].filter((status) => !current.rows.some((row) => row.status === status));
  const rows = current.rows.map((row) => [row.status, `${row.status} ${row.reason}`]);
  const undocumented = others.map((status) => [status, `${status} (${w("undocumented")})`]);
  fill($("code"), [["", w("as_document")], ...rows, ...undocumented].map(option));
  $("job-label").hidden = !current.job;
  for (const one of wishes) one.value = draft().prefer[one.id] ?? "";
  if (prefer()) $("break").open = true;
  const chosen = $("credential").value || "token";
  fill($("credential"), api.credentials.map((one) => option([one.id, t(one.name)])));
  $("credential").value = chosen;
  const { fields } = api.credentials.find((one) => one.id === chosen);
  fill($("credential-parts"), fields.map(([name, value]) => [h("dt", name), h("dd", h("code", value))]));
  showPrepared();
  showAnswer();
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
  const form = { operation: of.id, values, body, credential: $("credential").value, prefer: prefer() };
  try {
    const response = await post("/explore/prepare", form);
    const call = response.ok ? await response.json() : null;
    if (of !== state.current) return;
    state.prepared = call;
    showPrepared();
  } catch {
    fill($("findings"), h("p.problem", `${w("gone")} `, h("code", "cargo xtask explore")));
  }
}

function showPrepared() {
  if (!state.prepared) return;
  const { problems, signature, snippets } = state.prepared;
  for (const field of $("main").querySelectorAll("[data-field]")) {
    const name = field.dataset.field;
    const wrong = problems.filter((one) => one.field === name);
    $(`value-${name}`).setAttribute("aria-invalid", String(wrong.length > 0));
    fill($(`value-${name}-problem`), wrong.map((one, at) => [at > 0 && h("br"), inline(t(one.text))]));
  }
  const told = problems.map((one) => h("p.problem", h("code", one.field), " ", inline(t(one.text))));
  fill($("refusal"), told.length > 0 && h("p", w("not_allowed")), told);
  $("send").textContent = w(told.length ? "send_anyway" : "send");
  const [panel, text] = [$("panel"), snippets[tab()]];
  const { scrollTop = 0, scrollLeft = 0 } = panel.querySelector("pre") ?? {};
  $("copy").hidden = text === undefined;
  panel.dataset.tab = tab();
  fill(panel, text === undefined ? steps(signature) : code(tab(), text));
  panel.querySelector("pre")?.scrollTo(scrollLeft, scrollTop);
}

function steps(signature) {
  if (!signature) return h("p.text", w("unsigned"));
  const step = (text, at) => {
    const name = w(`step_${at + 1}`);
    return h("li", h("h4", name), h("p.text", w(`step_${at + 1}_text`)), code(name, text));
  };
  return h("ol.steps", [signature.canonical_request, signature.string_to_sign, signature.signature].map(step));
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
  fill($("response"), h("p.text", w("sending")));
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
  const asks = (one) => one.method === "GET" && !one.deprecated && one.parameters.some(({ name }) => name === job);
  const next = started && state.api.operations.find(asks);
  if (next) {
    const open = () => (draft(next).values[job] = started);
    return h("p", { id: "job-next" }, `${w("job_ask")} `, h("a", { href: `#${next.id}`, onclick: open }, next.id));
  }
  return ["INIT", "RUNNING"].includes(answer?.status) && h("p", { id: "job-next" }, w("job_runs"));
}

function showAnswer() {
  const answer = answers.get(state.current.id);
  if (!answer) return fill($("response"), h("p.text", w("not_sent")));
  const { status, reason, headers, text, lost, took, outcome } = answer;
  const row = state.current.rows.find((one) => one.status === status);
  const fact = (name, value) => [h("dt", w(name)), h("dd", value)];
  fill(
    $("response"),
    h("p.status", status && h(status < 400 ? "strong.good" : "strong.bad", status), " ", reason, h("span.took", ` ${took} ${w("took")}`)),
    row && h("p", `${w("row_says")}: `, inline(t(row.text))),
    jobOf(answer),
    lost && h("p.problem", `${w("lost")} (${lost})`),
    headers && code(`${w("response")}: header`, headers.map(([name, value]) => `${name}: ${value}`).join("\n")),
    text && code(w("response"), json(parsed(text) ?? text)),
    outcome && h("div", { id: "outcome" },
      h("h4", w("program_gets")),
      code(w("program_gets"), outcome.sentence),
      h("dl.practice", outcome.kind && fact("error_kind", h("code", outcome.kind)), fact("may_retry", w(outcome.may_retry ? "yes" : "no"))),
    ),
  );
}

// ---- what the controls do

for (const event of ["input", "change"]) {
  $("break").addEventListener(event, ({ target }) => {
    draft().prefer[target.id] = target.value;
    prepareSoon();
  }, true);
}
$("credential").addEventListener("change", () => {
  showTry();
  prepare();
});
$("send-form").addEventListener("submit", (event) => {
  event.preventDefault();
  send();
});
$("reset").addEventListener("click", async () => {
  await fetch("/explore/reset", { method: "POST" });
  fill($("response"), h("p.text", w("is_reset")));
});
$("call").addEventListener("change", showPrepared);
$("copy").addEventListener("click", async () => {
  // Prepared anew: a signature is good for 15 minutes only.
  await prepare();
  if (!state.prepared) return;
  await navigator.clipboard.writeText(state.prepared.snippets[tab()]);
  $("copy").textContent = w("copied");
  setTimeout(() => ($("copy").textContent = w("copy")), 2000);
});
