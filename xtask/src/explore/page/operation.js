// One operation: what it does, its parameters and body, its answer, its errors.
import { see } from "./call.js";
import { $, code, fill, h, inline, json, prose } from "./dom.js";
import { body, inside, meaning, parameters, tags } from "./fields.js";
import { state, t, title, w } from "./state.js";

export function showOperation() {
  const { id, method, path, summary, text, deprecated, parameters: fields, body: sent, success, rows } = state.current;
  document.title = `${id} · ${state.api.title}`;
  const article = h(
    "article",
    h("h2", title(summary)),
    h("p.address", h(`span.method.${method}`, method), " ", h("code", path)),
    deprecated && h("p.gone", w("deprecated_long")),
    h("div.prose", prose(t(text))),
    h("p.jump", h("button", { type: "button", onclick: () => $("title-try").scrollIntoView() }, w("try_it"))),
    fields.length > 0 && section("parameters", parameters()),
    sent && section("body", body(), table("body_fields", sent.schema)),
    section(
      "answer",
      h("p", h("strong", success.status), " ", inline(t(success.text))),
      success.sample == null ? h("p", w("no_body")) : code(w("sample_answer"), json(success.sample)),
      table("answer_fields", success.schema),
    ),
    rows.length > 0 && section("errors", errors(rows)),
    section("facts", facts()),
  );
  fill($("main"), article);
}

const section = (name, ...content) =>
  h("section", { "aria-labelledby": `title-${name}` }, h("h3", { id: `title-${name}` }, w(name)), content);

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

function errors(rows) {
  const button = ({ status }) => {
    const attributes = { type: "button", "data-status": status, "aria-label": `${w("see_label")} ${status}` };
    return h("button.see", { ...attributes, onclick: () => see(status) }, w("see"));
  };
  const row = (one) => {
    const text = [h("b", { lang: "en" }, one.reason), h("br"), inline(t(one.text))];
    return h("tr", h("th", { scope: "row" }, one.status), h("td", text), h("td", button(one)));
  };
  const head = h("tr", h("th", { scope: "col" }, w("status")), h("th", { scope: "col" }, w("meaning")), h("td"));
  return h("table", h("thead", head), h("tbody", rows.map(row)));
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
  return h("ul", all.filter(Boolean).map((fact) => h("li", fact)));
}
