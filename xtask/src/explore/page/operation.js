// One operation: what it does, its parameters and body, its answer, its errors.
import { $, code, h, inline, json, prose } from "./dom.js";
import { body, meaning, parameters, tags } from "./fields.js";
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
      current.body && section("body", body(changed), table("body_fields", current.body.rows)),
      section(
        "answer",
        h("p", {}, h("strong", {}, current.success.status), " ", inline(t(current.success.text))),
        current.success.sample == null ? h("p", {}, w("no_body")) : code(w("sample_answer"), json(current.success.sample)),
        table("answer_fields", current.success.rows),
      ),
      current.rows.length > 0 && section("errors", errors(see)),
      section("facts", facts()),
    ),
  );
}

function section(name, ...content) {
  return h("section", { "aria-labelledby": `title-${name}` }, h("h3", { id: `title-${name}` }, w(name)), content);
}

function table(name, rows) {
  if (!rows?.length) return null;
  const row = (one) =>
    one.branch
      ? h("li", { class: "branch" }, `${w("branch")} ${one.branch}: `, inline(t(one.text)))
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
  const { idempotent, job, permissions, page, link, place } = state.current;
  const leads = (url, text) => h("li", {}, h("a", { href: url, rel: "noreferrer" }, text));
  return h(
    "ul",
    {},
    h("li", {}, w(idempotent ? "idempotent" : "not_idempotent")),
    job && h("li", {}, w("starts_job")),
    permissions.length > 0 && h("li", {}, `${w("permissions")}: `, permissions.map((one, at) => [at ? ", " : "", h("code", {}, one)])),
    page && leads(page, w("page")),
    link && link.url !== page && leads(link.url, t(link.text).replace(/[.。]$/, "")),
    h("li", {}, `${w("source")}: `, h("code", {}, place), " · ", h("a", { href: "/openapi.yaml" }, "openapi.yaml")),
  );
}
