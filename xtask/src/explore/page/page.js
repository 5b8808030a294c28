// The explorer's page: its frame, the menu, and which operation is shown.
import { prepare, showTry } from "./call.js";
import { $, fill, h } from "./dom.js";
import { showOperation } from "./operation.js";
import { named, state, store, stored, t, title, w } from "./state.js";

const wide = matchMedia("(min-width: 52rem)");
const menu = $("menu").querySelector("details");

function showFrame() {
  const { api, language } = state;
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  for (const one of document.querySelectorAll("[data-word]")) one.textContent = w(one.dataset.word);
  for (const one of document.querySelectorAll("[data-label]")) one.ariaLabel = one.placeholder = w(one.dataset.label);
  $("language").lang = language === "zh" ? "en" : "zh-CN";
  $("title").textContent = api.title;
  $("version").textContent = api.version;
  $("count").textContent = api.operations.length;
}

// All groups are open to a filter, else the one of the operation that is shown.
function showMenu() {
  const { groups, operations } = state.api;
  const wanted = $("filter").value.toLowerCase();
  const known = groups.map((one) => one.name);
  const fits = (one) => `${one.id} ${one.path} ${t(one.summary)}`.toLowerCase().includes(wanted);
  // A long id breaks between its words.
  const words = (id) => id.split(/(?=[A-Z])/).flatMap((word) => [h("wbr"), word]);
  const entry = (one) => {
    const name = h("b", { class: one.deprecated ? "old" : null }, title(one.summary));
    const id = h("small", words(one.id), one.deprecated && ` · ${w("deprecated")}`);
    return h("li", h("a", { href: `#${one.id}` }, h(`span.method.${one.method}`, one.method), h("span", name, id)));
  };
  const group = ({ name, text }) => {
    const inside = operations.filter((one) => (known.includes(one.group) ? one.group : "") === name && fits(one));
    const label = h("summary", state.language === "zh" ? title(text) : name, h("small", ` ${inside.length}`));
    return inside.length > 0 && h("details", { open: Boolean(wanted) }, label, h("ul", inside.map(entry)));
  };
  fill($("list"), [...groups, { name: "" }].map(group));
  if (!$("list").children.length) fill($("list"), h("p", w("none_found")));
  showCurrent();
}

function showCurrent() {
  $("list").querySelector("[aria-current]")?.removeAttribute("aria-current");
  const current = $("list").querySelector(`[href="#${CSS.escape(state.current.id)}"]`);
  if (!current) return;
  current.setAttribute("aria-current", "page");
  current.closest("details").open = true;
  if (wide.matches) current.scrollIntoView({ block: "nearest" });
}

function showFindings(news) {
  const { findings } = state.api;
  const item = (one) => {
    const help = one.help && h("div.help", `help: ${one.help}`);
    return h(`li.${one.level}`, h("code", one.place), ` ${one.level}[${one.rule}]: ${one.message}`, help);
  };
  const told = findings.length > 0 && [h("h2", w("findings")), h("ul", findings.map(item))];
  const errors = findings.some((one) => one.level === "error");
  fill($("findings"), told, news && h("p", w(errors ? "old_shown" : "reloaded")));
}

function showCall() {
  showOperation();
  showTry();
  prepare();
}

function showAll(news) {
  showFrame();
  showMenu();
  showFindings(news);
  showCall();
}

const wanted = () => named(decodeURIComponent(location.hash.slice(1)));

function route() {
  const found = wanted();
  if (!found || found === state.current) return;
  Object.assign(state, { current: found, prepared: null });
  showCurrent();
  showCall();
  if (!wide.matches) menu.open = false;
  $("main").focus({ preventScroll: true });
  scrollTo(0, 0);
}

async function load(news) {
  state.api = await (await fetch("/explore/document.json")).json();
  state.current = named(state.current?.id) ?? wanted() ?? state.api.operations[0];
  state.prepared = null;
  showAll(news);
}

const setTheme = () => (document.documentElement.dataset.theme = stored("theme", "system"));
setTheme();
$("theme").value = stored("theme", "system");
$("theme").addEventListener("change", ({ target }) => {
  store("theme", target.value);
  setTheme();
});
$("language").addEventListener("click", () => {
  state.language = state.language === "zh" ? "en" : "zh";
  store("language", state.language);
  showAll(false);
});
$("filter").addEventListener("input", showMenu);
addEventListener("hashchange", route);
// The hash is the operation's: an anchor within the page would lose it.
$("skip").addEventListener("click", (event) => {
  event.preventDefault();
  $("main").focus();
});
// A wide window shows no switch to open the menu by.
const fold = () => (menu.open = wide.matches);
wide.addEventListener("change", fold);
fold();
await load(false);
new EventSource("/explore/events").addEventListener("changed", () => load(true));
