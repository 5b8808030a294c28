// What the page knows, and its words in the language that was chosen.
import { json } from "./dom.js";
import { words } from "./words.js";

export const stored = (name, fallback) => localStorage.getItem(`explore-${name}`) ?? fallback;
export const store = (name, value) => localStorage.setItem(`explore-${name}`, value);

export const state = {
  api: null, // the document
  current: null, // the operation that is shown
  prepared: null, // its call, as the server prepared it
  language: stored("language", navigator.language.startsWith("zh") ? "zh" : "en"),
};

const drafts = new Map(); // what was typed, by operation

export const w = (name) => words[name][state.language === "zh" ? 1 : 0];
export const t = (text) => text?.[state.language] ?? "";
export const named = (id) => state.api.operations.find((one) => one.id === id);
// A text without the full stop of a sentence.
export const title = (text) => t(text).replace(/[.。]$/, "");

export function draft(of = state.current) {
  const { id, parameters, body } = of;
  if (!drafts.has(id)) {
    const values = Object.fromEntries(parameters.map((one) => [one.name, one.sample ?? ""]));
    drafts.set(id, { values, body: body?.samples[0] ? json(body.samples[0].value) : "", forms: {}, prefer: {} });
  }
  return drafts.get(id);
}
