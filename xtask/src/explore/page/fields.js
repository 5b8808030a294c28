// Controls for values: one for each parameter, and a form for the body that writes into its text.
import { $, h, inline, json, parsed } from "./dom.js";
import { draft, state, t, w } from "./state.js";

// As many optional fields are shown without being asked for.
const FEW = 4;

// A control for one value: a choice where the document has one, else a line of text.
function control(one, value, attributes, onchange) {
  const changed = (event) => onchange(event.target.value);
  const choices = one.type === "boolean" ? ["true", "false"] : one.open ? [] : one.values.map(String);
  if (choices.length) {
    const all = choices.includes(value) || !value ? ["", ...choices] : ["", value, ...choices];
    return h("select", { ...attributes, onchange: changed }, all.map((name) => h("option", { value: name, selected: name === value }, name || "–")));
  }
  const list = one.values.length ? `${attributes.id}-values` : null;
  const number = /^(integer|number)/.test(one.type) ? "numeric" : null;
  const input = h("input", { ...attributes, value, list, inputmode: number, autocomplete: "off", spellcheck: "false", oninput: changed });
  return list ? [input, h("datalist", { id: list }, one.values.map((name) => h("option", { value: String(name) })))] : input;
}

// What is said about a value: its place, type and whether it must be there.
export function tags(one) {
  return [
    one.in && h("span", { class: "tag" }, w(`in_${one.in}`)),
    h("span", { class: "tag" }, one.type),
    h("span", { class: one.required ? "tag must" : "tag" }, w(one.required ? "required" : "optional")),
    one.deprecated && h("span", { class: "tag gone" }, w("deprecated")),
  ];
}

// What it means and what restricts it.
export function meaning(one) {
  const limit = ({ name, least, most }) => {
    if (name === "pattern") return [w("limit_pattern"), " ", h("code", {}, least)];
    if (name === "unique") return w("limit_unique");
    if (name === "unique_by") return [w("limit_unique_by"), " ", h("code", {}, least)];
    const range = least === most ? least : least == null ? `≤ ${most}` : most == null ? `≥ ${least}` : `${least}–${most}`;
    return `${range} ${w(`limit_${name}`)}`.trim();
  };
  const values = one.values.map((value, at) => [at ? ", " : "", h("code", {}, value === "" ? '""' : String(value))]);
  return [
    inline(t(one.text)),
    one.project && ` ${w("project")}`,
    one.limits.map((found) => [" · ", limit(found)]),
    values.length ? [` · ${w("values")}: `, values, one.open && ` (${w("open_values")})`] : null,
  ];
}

// Fields, of which the optional ones without a value are folded where there are many.
function folded(fields, isShown, element, open) {
  const rest = fields.filter((one) => !isShown(one));
  const hidden = rest.length > FEW ? rest : [];
  const shown = fields.filter((one) => !hidden.includes(one));
  return [
    h("div", { class: "fields" }, shown.map(element)),
    hidden.length > 0 &&
      h("details", { class: "more", open }, h("summary", {}, `${hidden.length} ${w("optional")}`), h("div", { class: "fields" }, hidden.map(element))),
  ];
}

export function parameters(changed) {
  const { values } = draft();
  const field = (one) => {
    const id = `value-${one.name}`;
    const attributes = { id, "aria-describedby": `${id}-text ${id}-problem` };
    return h(
      "div",
      { class: "field", "data-field": one.name },
      h("label", { for: id }, h("code", { class: "name" }, one.name), tags(one)),
      control(one, values[one.name], attributes, (text) => {
        values[one.name] = text;
        changed();
      }),
      h("p", { class: "problem", id: `${id}-problem` }),
      h("p", { class: "text", id: `${id}-text` }, meaning(one)),
    );
  };
  return folded(state.current.parameters, (one) => one.required || values[one.name], field, false);
}

// ---- the body

export function body(changed) {
  const { rows, samples, required, text, media_type } = state.current.body;
  const area = h("textarea", {
    id: "value-body",
    rows: Math.min(16, draft().body.split("\n").length + 1),
    spellcheck: "false",
    "aria-label": w("body"),
    "aria-describedby": "value-body-problem",
    oninput: () => {
      draft().body = area.value;
      fill();
      changed();
    },
  });
  area.value = draft().body;
  const form = h("div", { class: "form", id: "form" });
  const set = (value) => {
    draft().body = area.value = value === undefined ? "" : json(value);
    changed();
  };
  const fill = () => {
    const value = draft().body.trim() ? parsed(draft().body) : null;
    const open = [...form.querySelectorAll("details[open]")].map((one) => one.dataset.at);
    form.replaceChildren(...(value === undefined ? [h("p", { class: "text" }, w("no_json"))] : node(tree(rows ?? []), value, "", set, fill)).flat(Infinity).filter(Boolean));
    for (const one of form.querySelectorAll("details")) one.open ||= open.includes(one.dataset.at);
  };
  const use = (sample) => () => {
    set(sample.value);
    fill();
  };
  fill();
  return h(
    "div",
    { class: "field", "data-field": "body" },
    h("p", { class: "text" }, inline(t(text)), " ", h("span", { class: "tag" }, media_type), " ", h("span", { class: required ? "tag must" : "tag" }, w(required ? "required" : "optional"))),
    samples.length > 1 && h("p", { class: "samples" }, `${w("samples")}: `, samples.map((one) => h("button", { type: "button", onclick: use(one) }, one.name))),
    h("div", { class: "beside" }, form, h("div", {}, area, h("p", { class: "problem", id: "value-body-problem" }))),
  );
}

// The rows of a schema as a tree: what lies in a list has `[]` at the end of its parent's name.
function tree(rows) {
  const below = new Map();
  for (const row of rows.filter((one) => one.name)) {
    const at = row.name.lastIndexOf(".");
    const parent = at < 0 ? "" : row.name.slice(0, at);
    const children = below.get(parent) ?? [];
    // A field of several branches is there once.
    const same = children.find((one) => one.name === row.name);
    if (same) same.required &&= row.required;
    else children.push({ ...row });
    below.set(parent, children);
  }
  return below;
}

// The controls of a value at a place of the tree.
function node(below, value, place, set, fill) {
  if (below.has(`${place}[]`)) return list(below, value, place, set, fill);
  const fields = below.get(place) ?? [];
  const given = value && typeof value === "object" && !Array.isArray(value) ? value : {};
  const put = (key, member) => {
    if (member === undefined) delete given[key];
    else given[key] = member;
    set(Object.keys(given).length || !place ? given : undefined);
  };
  const field = (one) => {
    const key = one.name.slice(one.name.lastIndexOf(".") + 1);
    const inside = below.has(one.name) || below.has(`${one.name}[]`);
    const label = [h("code", { class: "name" }, key), tags(one)];
    if (inside) {
      return h("fieldset", {}, h("legend", {}, label), node(below, given[key], one.name, (member) => put(key, member), fill));
    }
    const id = `form-${one.name}-${serial++}`;
    const typed = (text) => {
      if (text === "") return put(key, one.required && one.type === "string" ? "" : undefined);
      if (one.type.startsWith("array")) return put(key, text.split(",").map((item) => item.trim()));
      const isText = one.type.startsWith("string");
      put(key, isText ? text : parsed(text) ?? text);
    };
    const member = given[key];
    const shown = member == null ? "" : Array.isArray(member) ? member.join(", ") : typeof member === "object" ? JSON.stringify(member) : String(member);
    return h("div", {}, h("label", { for: id, title: t(one.text).replaceAll("`", "") }, label), control(one, shown, { id }, typed));
  };
  const isShown = (one) => one.required || given[one.name.slice(one.name.lastIndexOf(".") + 1)] !== undefined;
  const parts = folded(fields, isShown, field, false);
  if (parts[1]) parts[1].dataset.at = place;
  return parts;
}

let serial = 0;

function list(below, value, place, set, fill) {
  const items = Array.isArray(value) ? value : [];
  const change = (next) => {
    set(next.length || !place ? next : undefined);
    fill();
  };
  const item = (member, at) =>
    h(
      "div",
      { class: "item" },
      node(below, member, `${place}[]`, (next) => {
        items[at] = next ?? {};
        set(items);
      }, fill),
      h("button", { type: "button", class: "small", onclick: () => change(items.filter((_, one) => one !== at)) }, w("remove")),
    );
  return [...items.map(item), h("button", { type: "button", class: "small", onclick: () => change([...items, {}]) }, w("add"))];
}

// Marks the fields that the document doesn't allow.
export function mark(problems) {
  for (const field of document.querySelectorAll("main [data-field]")) {
    const name = field.dataset.field;
    const wrong = problems.filter((one) => one.field === name);
    $(`value-${name}`)?.setAttribute("aria-invalid", String(wrong.length > 0));
    $(`value-${name}-problem`).replaceChildren(...wrong.flatMap((one, at) => [at ? h("br") : "", ...inline(t(one.text))]).filter(Boolean));
  }
}
