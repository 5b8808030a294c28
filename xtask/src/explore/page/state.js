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
  credential: "token",
};

const drafts = new Map(); // what was typed, by operation

export const w = (name) => words[name][state.language === "zh" ? 1 : 0];
export const t = (text) => text?.[state.language] ?? "";
export const title = (operation) => t(operation.summary).replace(/[.。]$/, "");

export function draft() {
  const { id, parameters, body } = state.current;
  if (!drafts.has(id)) {
    const values = Object.fromEntries(parameters.map((one) => [one.name, one.sample ?? ""]));
    const prefer = { code: "", delay: "", "retry-after": "", throttle: "", cut: "", job: "" };
    drafts.set(id, { values, body: body?.samples[0] ? json(body.samples[0].value) : "", prefer });
  }
  return drafts.get(id);
}
