// Controls for values: one for each parameter, and a form for the body that writes into its text.
import { $, h, inline, json, parsed } from "./dom.js";
import { draft, state, t, w } from "./state.js";

// As many optional fields are shown without being asked for.
const FEW = 4;

// What lies in a value of a schema: its fields, its items, or its forms.
export const inside = (schema) => (schema.of ? state.api.schemas[schema.of] : schema);

// Whether a value of it is more than one control.
const isDeep = (schema) => {
  const { fields, forms, items } = inside(schema);
  return Boolean(fields || forms || (items && isDeep(items)));
};

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
    " ",
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
function folded(fields, isShown, element, place) {
  const rest = fields.filter((one) => !isShown(one));
  const hidden = rest.length > FEW ? rest : [];
  const shown = fields.filter((one) => !hidden.includes(one));
  return [
    h("div", { class: "fields" }, shown.map(element)),
    hidden.length > 0 &&
      h("details", { class: "more", "data-at": place }, h("summary", {}, `${hidden.length} ${w("optional")}`), h("div", { class: "fields" }, hidden.map(element))),
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
  return folded(state.current.parameters, (one) => one.required || values[one.name], field, "");
}

// ---- the body

export function body(changed) {
  const { schema, samples, required, text, media_type } = state.current.body;
  const area = h("textarea", {
    id: "value-body",
    rows: Math.min(16, draft().body.split("\n").length + 1),
    spellcheck: "false",
    "aria-label": w("body"),
    "aria-describedby": "value-body-problem",
    oninput: () => write(area.value),
  });
  area.value = draft().body;
  const form = h("div", { class: "form", id: "form" });
  const set = (value) => {
    draft().body = area.value = value === undefined ? "" : json(value);
    changed();
  };
  // Draws the form anew; what is open or has the focus stays so.
  const fill = () => {
    const value = draft().body.trim() ? parsed(draft().body) : null;
    const open = [...form.querySelectorAll("details[open]")].map((one) => one.dataset.at);
    const focus = document.activeElement?.id;
    form.replaceChildren(...(value === undefined ? [h("p", { class: "text" }, w("no_json"))] : node(schema, value, "", set, fill)).flat(Infinity).filter(Boolean));
    for (const one of form.querySelectorAll("details")) one.open = open.includes(one.dataset.at);
    if (focus?.startsWith("form")) $(focus)?.focus();
  };
  const write = (written) => {
    draft().body = written;
    draft().forms = {};
    fill();
    changed();
  };
  const use = (sample) => () => write((area.value = json(sample.value)));
  fill();
  return h(
    "div",
    { class: "field", "data-field": "body" },
    h("p", { class: "text" }, inline(t(text)), " ", tags({ type: media_type, required })),
    samples.length > 1 && h("p", { class: "samples" }, `${w("samples")}: `, samples.map((one) => h("button", { type: "button", class: "small", onclick: use(one) }, one.name))),
    h("div", { class: "beside" }, form, h("div", {}, area, h("p", { class: "problem", id: "value-body-problem" }))),
  );
}

// The controls of a value at a place of the body.
function node(schema, value, place, set, fill) {
  const { fields = [], forms, items } = inside(schema);
  if (items) return list(items, value, place, set, fill);
  const given = value && typeof value === "object" && !Array.isArray(value) ? value : {};
  const put = (key, member) => {
    if (member === undefined) delete given[key];
    else given[key] = member;
    set(Object.keys(given).length || !place ? given : undefined);
  };
  const chosen = forms && (draft().forms[place] ??= fitting(forms, given));
  const all = forms ? [...fields, ...(inside(forms[chosen]).fields ?? [])] : fields;
  // What the other form doesn't have would be refused.
  const choose = (event) => {
    draft().forms[place] = Number(event.target.value);
    const known = [...fields, ...(inside(forms[event.target.value]).fields ?? [])].map((one) => one.name);
    Object.keys(given).filter((key) => !known.includes(key)).forEach((key) => delete given[key]);
    set(given);
    fill();
  };
  const field = (one) => {
    const at = `${place}.${one.name}`;
    const label = [h("code", { class: "name" }, one.name), tags(one)];
    if (isDeep(one)) {
      return h("fieldset", {}, h("legend", {}, label), node(one, given[one.name], at, (member) => put(one.name, member), fill));
    }
    const typed = (text) => {
      if (text === "") return put(one.name, one.required && one.type === "string" ? "" : undefined);
      if (one.type.startsWith("array")) return put(one.name, text.split(",").map((item) => item.trim()));
      put(one.name, one.type.startsWith("string") ? text : parsed(text) ?? text);
    };
    const member = given[one.name];
    const shown = member == null ? "" : Array.isArray(member) ? member.join(", ") : typeof member === "object" ? JSON.stringify(member) : String(member);
    const id = `form${at}`;
    return h("div", {}, h("label", { for: id, title: t(one.text).replaceAll("`", "") }, label), control(one, shown, { id }, typed));
  };
  const option = (form, at) => h("option", { value: at, selected: at === chosen }, t(form.text).replace(/[.。]$/, ""));
  return [
    forms && h("label", { for: `form-choice${place}` }, h("span", { class: "tag" }, w("form"))),
    forms && h("select", { id: `form-choice${place}`, class: "forms", onchange: choose }, forms.map(option)),
    folded(all, (one) => one.required || given[one.name] !== undefined, field, place),
  ];
}

// The form that a value has: one that knows all its fields, best with all that it must have.
function fitting(forms, given) {
  const keys = Object.keys(given);
  const score = (form) => {
    const { fields = [] } = inside(form);
    const known = keys.filter((key) => fields.some((one) => one.name === key)).length;
    const missing = fields.filter((one) => one.required && !(one.name in given)).length;
    return known - missing / 100;
  };
  const scores = forms.map(score);
  return scores.indexOf(Math.max(...scores));
}

function list(items, value, place, set, fill) {
  const all = Array.isArray(value) ? value : [];
  const change = (next) => {
    set(next.length || !place ? next : undefined);
    fill();
  };
  const put = (at) => (next) => {
    all[at] = next ?? {};
    set(all);
  };
  const button = (name, onclick) => h("button", { type: "button", class: "small", onclick }, w(name));
  const item = (member, at) =>
    h("div", { class: "item" }, node(items, member, `${place}[${at}]`, put(at), fill), button("remove", () => change(all.filter((_, one) => one !== at))));
  return [...all.map(item), button("add", () => change([...all, {}]))];
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
