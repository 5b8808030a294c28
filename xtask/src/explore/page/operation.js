// One operation: what it does, its parameters and body, its answer, its errors.
import { see } from "./call.js";
import { $, code, fill, h, inline, json, prose } from "./dom.js";
import { inside, meaning, parameters, showBody, tags } from "./fields.js";
import { state, t, title, w } from "./state.js";

export function showOperation() {
  const { id, method, path, summary, text, deprecated, parameters: fields, body: sent, success, rows } = state.current;
  document.title = `${id} · ${state.api.title}`;
  fill($("summary"), title(summary));
  fill($("method"), method);
  $("method").className = `method ${method}`;
  fill($("path"), path);
  $("deprecated").hidden = !deprecated;
  fill($("text"), prose(t(text)));
  show("parameters", fields.length > 0 && parameters());
  if (sent) showBody();
  show("body", sent && table("body_fields", sent.schema));
  $("title-body").parentElement.hidden = !sent;
  const sample = success.sample == null ? h("p", w("no_body")) : code(w("sample_answer"), json(success.sample));
  show("answer", h("p", h("strong", success.status), " ", inline(t(success.text))), sample, table("answer_fields", success.schema));
  show("errors", rows.map(error));
  show("facts", facts());
}

// A section of the page, which is only there with something in it.
function show(name, ...content) {
  fill($(name), content);
  $(name).closest("section").hidden = !$(name).hasChildNodes();
}

// The deepest field that is shown: a schema that holds itself would never end.
const DEEPEST = 8;

// The rows of a table: each field with its whole name, however deep, and each form.
function rowsOf(schema, name = "", depth = 0) {
  if (depth > DEEPEST) return [];
  const { fields, items, forms } = inside(schema);
  const field = (one) => {
    const whole = name ? `${name}.${one.name}` : one.name;
    return [{ ...one, name: whole, depth }, ...rowsOf(one, whole, depth + 1)];
  };
  return [
    ...fields.flatMap(field),
    ...(items ? rowsOf(items, `${name}[]`, depth) : []),
    ...forms.flatMap((form, at) => [{ form: at + 1, text: form.text }, ...rowsOf(form, name, depth)]),
  ];
}

function table(name, schema) {
  const rows = schema ? rowsOf(schema) : [];
  if (!rows.length) return null;
  const row = (one) =>
    one.form
      ? h("li.branch", `${w("form")} ${one.form}: `, inline(t(one.text)))
      : h("li", { "data-depth": Math.min(one.depth, 4) }, h("code.name", one.name), tags(one), h("span.text", meaning(one)));
  const list = h("ul.rows");
  const show = () => list.children.length || fill(list, rows.map(row));
  const open = rows.length <= 8;
  if (open) show();
  return h("details", { open, ontoggle: show }, h("summary", `${w(name)} (${rows.filter((one) => one.name).length})`), list);
}

function error({ status, reason, text }) {
  const attributes = { type: "button", "data-status": status, "aria-label": `${w("see_label")} ${status}` };
  const button = h("button.see", { ...attributes, onclick: () => see(status) }, w("see"));
  return h("tr", h("th", { scope: "row" }, status), h("td", h("b", { lang: "en" }, reason), h("br"), inline(t(text))), h("td", button));
}

function facts() {
  const { idempotent, job, open, permissions, page, link, place } = state.current;
  const leads = (url, text) => h("a", { href: url, rel: "noreferrer" }, text);
  const all = [
    w(idempotent ? "idempotent" : "not_idempotent"),
    job && w("starts_job"),
    open && w("open"),
    permissions.length > 0 && [`${w("permissions")}: `, permissions.map((one, at) => [at ? ", " : "", h("code", one)])],
    page && leads(page, w("page")),
    link && link.url !== page && leads(link.url, title(link.text)),
    [`${w("source")}: `, h("code", place), " · ", h("a", { href: "/openapi.yaml" }, "openapi.yaml")],
  ];
  return all.filter(Boolean).map((fact) => h("li", fact));
}

$("jump").addEventListener("click", () => $("title-try").scrollIntoView());
