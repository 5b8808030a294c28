// One operation: what it does, its parameters and body, its answer, its errors.
import { $, code, h, inline, json, prose } from "./dom.js";
import { body, inside, meaning, parameters, tags } from "./fields.js";
import { state, t, title, w } from "./state.js";

export function showOperation(changed, see, toTry) {
  const { current } = state;
  document.title = `${current.id} · ${state.api.title}`;
  document.documentElement.lang = state.language === "zh" ? "zh-CN" : "en";
  $("main").replaceChildren(
    h(
      "article",
      {},
      h("h2", {}, title(current)),
      h("p", { class: "address" }, h("span", { class: `method ${current.method}` }, current.method), " ", h("code", {}, current.path)),
      current.deprecated && h("p", { class: "gone" }, w("deprecated_long")),
      h("div", { class: "prose" }, prose(t(current.text))),
      h("p", { class: "jump" }, h("button", { type: "button", onclick: toTry }, w("try_it"))),
      current.parameters.length > 0 && section("parameters", parameters(changed)),
      current.body && section("body", body(changed), table("body_fields", current.body.schema)),
      section(
        "answer",
        h("p", {}, h("strong", {}, current.success.status), " ", inline(t(current.success.text))),
        current.success.sample == null ? h("p", {}, w("no_body")) : code(w("sample_answer"), json(current.success.sample)),
        table("answer_fields", current.success.schema),
      ),
      current.rows.length > 0 && section("errors", errors(see)),
      section("facts", facts()),
    ),
  );
}

function section(name, ...content) {
  return h("section", { "aria-labelledby": `title-${name}` }, h("h3", { id: `title-${name}` }, w(name)), content);
}

// The deepest field that is shown: a schema that holds itself would never end.
const DEEPEST = 8;

// The rows of a table: each field with its whole name, however deep, and each form.
function rowsOf(schema, name = "", depth = 0) {
  const { fields = [], items, forms = [] } = depth > DEEPEST ? {} : inside(schema);
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
      ? h("li", { class: "branch" }, `${w("form")} ${one.form}: `, inline(t(one.text)))
      : h("li", { "data-depth": Math.min(one.depth, 4) }, h("code", { class: "name" }, one.name), tags(one), h("span", { class: "text" }, meaning(one)));
  const list = h("ul", { class: "rows" });
  const fill = () => list.children.length || list.append(...rows.map(row));
  const open = rows.length <= 8;
  if (open) fill();
  return h("details", { open, ontoggle: fill }, h("summary", {}, `${w(name)} (${rows.filter((one) => one.name).length})`), list);
}

function errors(see) {
  const button = ({ status }) =>
    h("button", { type: "button", class: "see", "data-status": status, "aria-label": `${w("see_label")} ${status}`, onclick: () => see(status) }, w("see"));
  const row = (one) =>
    h(
      "tr",
      {},
      h("th", { scope: "row" }, one.status),
      h("td", {}, h("b", { lang: "en" }, one.reason), h("br"), inline(t(one.text))),
      h("td", {}, button(one)),
    );
  return h(
    "table",
    {},
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, w("status")), h("th", { scope: "col" }, w("meaning")), h("td", {}))),
    h("tbody", {}, state.current.rows.map(row)),
  );
}

function facts() {
  const { idempotent, job, open, permissions, page, link, place } = state.current;
  const leads = (url, text) => h("li", {}, h("a", { href: url, rel: "noreferrer" }, text));
  return h(
    "ul",
    {},
    h("li", {}, w(idempotent ? "idempotent" : "not_idempotent")),
    job && h("li", {}, w("starts_job")),
    open && h("li", {}, w("open")),
    permissions.length > 0 && h("li", {}, `${w("permissions")}: `, permissions.map((one, at) => [at ? ", " : "", h("code", {}, one)])),
    page && leads(page, w("page")),
    link && link.url !== page && leads(link.url, t(link.text).replace(/[.。]$/, "")),
    h("li", {}, `${w("source")}: `, h("code", {}, place), " · ", h("a", { href: "/openapi.yaml" }, "openapi.yaml")),
  );
}
