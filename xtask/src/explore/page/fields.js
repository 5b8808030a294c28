// Controls for values: one for each parameter, and a form for the body that writes into its text.
import { prepareSoon } from "./call.js";
import { $, fill, h, inline, json, parsed } from "./dom.js";
import { draft, state, t, title, w } from "./state.js";

// As many optional fields are shown without being asked for.
const FEW = 4;

// What lies in a value of a schema: its fields, its items, or its forms.
export const inside = (schema) => (schema.of ? state.api.schemas[schema.of] : schema);

// Whether a value of it is more than one control.
function isDeep(schema) {
  const { fields, forms, items } = inside(schema);
  return fields.length > 0 || forms.length > 0 || Boolean(items && isDeep(items));
}

// A control for one value: a choice where the document has one, else a line of text.
function control(one, value, attributes, onchange) {
  const changed = (event) => onchange(event.target.value);
  const values = one.type === "boolean" ? ["true", "false"] : one.values.map(String);
  const options = (names) => names.map((name) => h("option", { value: name, selected: name === value }, name || "–"));
  if (values.length && !one.open) {
    const other = value && !values.includes(value) ? [value] : [];
    return h("select", { ...attributes, onchange: changed }, options(["", ...other, ...values]));
  }
  const list = values.length ? `${attributes.id}-values` : null;
  const inputmode = /^(integer|number)/.test(one.type) ? "numeric" : null;
  const input = h("input", { ...attributes, value, list, inputmode, autocomplete: "off", spellcheck: "false", oninput: changed });
  return [input, list && h("datalist", { id: list }, options(values))];
}

// What is said about a value: its place, type and whether it must be there.
export const tags = (one) => [
  one.in && h("span.tag", w(`in_${one.in}`)),
  h("span.tag", one.type),
  " ",
  one.required ? h("span.tag.must", w("required")) : h("span.tag", w("optional")),
  one.deprecated && h("span.tag.gone", w("deprecated")),
];

// What it means and what restricts it.
export function meaning(one) {
  const limit = ({ name, least, most }) => {
    if (["pattern", "unique_by"].includes(name)) return [`${w(`limit_${name}`)} `, h("code", least)];
    const range = least === most ? least : least == null ? `≤ ${most}` : most == null ? `≥ ${least}` : `${least}–${most}`;
    return `${range ?? ""} ${w(`limit_${name}`)}`.trim();
  };
  const values = one.values.map((value, at) => [at > 0 && ", ", h("code", value === "" ? '""' : String(value))]);
  return [
    inline(t(one.text)),
    one.project && ` ${w("project")}`,
    one.limits.map((found) => [" · ", limit(found)]),
    values.length > 0 && [` · ${w("values")}: `, values, one.open && ` (${w("open_values")})`],
  ];
}

// Fields, of which the optional ones without a value are folded where there are many.
function folded(fields, isGiven, element, place) {
  const rest = fields.filter((one) => !one.required && !isGiven(one));
  const hidden = rest.length > FEW ? rest : [];
  const shown = fields.filter((one) => !hidden.includes(one));
  const more = () => [h("summary", `${hidden.length} ${w("optional")}`), h("div.fields", hidden.map(element))];
  return [h("div.fields", shown.map(element)), hidden.length > 0 && h("details.more", { "data-at": place }, more())];
}

export function parameters() {
  const { values } = draft();
  const field = (one) => {
    const id = `value-${one.name}`;
    const set = (text) => {
      values[one.name] = text;
      prepareSoon();
    };
    return h("div.field", { "data-field": one.name },
      h("label", { for: id }, h("code.name", one.name), tags(one)),
      control(one, values[one.name], { id, "aria-describedby": `${id}-text ${id}-problem` }, set),
      h("p.problem", { id: `${id}-problem` }),
      h("p.text", { id: `${id}-text` }, meaning(one)),
    );
  };
  return folded(state.current.parameters, (one) => values[one.name], field, "");
}

// ---- the body

const [area, form] = [$("value-body"), $("form")];
area.addEventListener("input", () => write(area.value));

export function showBody() {
  const { samples, required, text, media_type } = state.current.body;
  const sample = (one) => h("button.small", { type: "button", onclick: () => write(json(one.value)) }, one.name);
  fill($("body-text"), inline(t(text)), " ", tags({ type: media_type, required }));
  fill($("samples"), samples.length > 1 && [`${w("samples")}: `, samples.map(sample)]);
  area.value = draft().body;
  area.rows = Math.min(16, area.value.split("\n").length + 1);
  draw();
}

// Takes the value of the form.
function set(value) {
  draft().body = area.value = value === undefined ? "" : json(value);
  prepareSoon();
}

// Takes a text that the form hasn't written.
function write(text) {
  draft().forms = {};
  set(text);
  draw();
}

// Draws the form anew; what is open or has the focus stays so.
function draw() {
  const value = area.value.trim() ? parsed(area.value) : null;
  const open = [...form.querySelectorAll("details[open]")].map((one) => one.dataset.at);
  const focus = document.activeElement?.id;
  fill(form, value === undefined ? h("p.text", w("no_json")) : node(state.current.body.schema, value, "", set));
  for (const one of form.querySelectorAll("details")) one.open = open.includes(one.dataset.at);
  if (focus?.startsWith("form")) $(focus)?.focus();
}

// The controls of a value at a place of the body, which `set` writes.
function node(schema, value, place, set) {
  const { fields, forms, items } = inside(schema);
  if (items) return list(items, value, place, set);
  const given = value && typeof value === "object" && !Array.isArray(value) ? value : {};
  const put = (key, member) => {
    if (member === undefined) delete given[key];
    else given[key] = member;
    set(Object.keys(given).length || !place ? given : undefined);
  };
  const chosen = forms.length ? (draft().forms[place] ??= fitting(forms, given)) : null;
  const of = (form) => [...fields, ...(forms[form] ? inside(forms[form]).fields : [])];
  // What the other form doesn't have would be refused.
  const choose = ({ target }) => {
    const known = of(target.value).map((one) => one.name);
    draft().forms[place] = Number(target.value);
    for (const key of Object.keys(given)) if (!known.includes(key)) delete given[key];
    set(given);
    draw();
  };
  const field = (one) => {
    const [at, member] = [`${place}.${one.name}`, given[one.name]];
    const label = [h("code.name", one.name), tags(one)];
    if (isDeep(one)) {
      return h("fieldset", h("legend", label), node(one, member, at, (value) => put(one.name, value)));
    }
    const id = `form${at}`;
    const edit = control(one, textOf(member), { id }, (text) => put(one.name, valueOf(one, text)));
    return h("div", h("label", { for: id, title: t(one.text).replaceAll("`", "") }, label), edit);
  };
  const id = `form-choice${place}`;
  const option = (form, at) => h("option", { value: at, selected: at === chosen }, title(form.text));
  return [
    forms.length > 0 && [h("label", { for: id }, h("span.tag", w("form"))), h("select.forms", { id, onchange: choose }, forms.map(option))],
    folded(of(chosen), (one) => given[one.name] !== undefined, field, place),
  ];
}

// A plain value, or a list of them, as the text of a control, and back.
function textOf(member) {
  if (Array.isArray(member)) return member.join(", ");
  return member == null ? "" : typeof member === "object" ? JSON.stringify(member) : String(member);
}

function valueOf({ type, required }, text) {
  if (text === "") return required && type === "string" ? "" : undefined;
  if (type.startsWith("array")) return text.split(",").map((item) => item.trim());
  return type.startsWith("string") ? text : parsed(text) ?? text;
}

// The form that a value has: one that knows all its fields, best with all that it must have.
function fitting(forms, given) {
  const keys = Object.keys(given);
  const scores = forms.map((form) => {
    const { fields } = inside(form);
    const known = keys.filter((key) => fields.some((one) => one.name === key));
    const missing = fields.filter((one) => one.required && !(one.name in given));
    return known.length - missing.length / 100;
  });
  return scores.indexOf(Math.max(...scores));
}

function list(items, value, place, set) {
  const all = Array.isArray(value) ? value : [];
  const change = (next) => {
    set(next.length || !place ? next : undefined);
    draw();
  };
  const put = (at) => (next) => {
    all[at] = next ?? {};
    set(all);
  };
  const button = (name, onclick) => h("button.small", { type: "button", onclick }, w(name));
  const item = (member, at) =>
    h("div.item", node(items, member, `${place}[${at}]`, put(at)), button("remove", () => change(all.toSpliced(at, 1))));
  return [...all.map(item), button("add", () => change([...all, {}]))];
}
