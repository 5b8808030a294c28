// The explorer's page: its frame, the menu, and which operation is shown.
import { prepare, prepareSoon, see, showTry } from "./call.js";
import { $, h } from "./dom.js";
import { showOperation } from "./operation.js";
import { named, state, store, stored, t, title, w } from "./state.js";

const wide = matchMedia("(min-width: 52rem)");

function showTop() {
  const theme = h(
    "select",
    { id: "theme", onchange: (event) => setTheme(event.target.value) },
    ["system", "light", "dark"].map((name) => h("option", { value: name, selected: stored("theme", "system") === name }, w(name))),
  );
  const other = state.language === "zh" ? "en" : "zh-CN";
  $("skip").textContent = w("skip");
  $("top").replaceChildren(
    h("div", { class: "brand" }, h("h1", {}, state.api.title), h("p", {}, `${w("explorer")} · ${state.api.version}`)),
    h("label", { class: "inline", for: "theme" }, h("span", {}, w("theme")), theme),
    h("button", { id: "language", type: "button", lang: other, onclick: switchLanguage }, w("language")),
  );
}

function setTheme(name) {
  store("theme", name);
  if (name === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = name;
}

function switchLanguage() {
  state.language = state.language === "zh" ? "en" : "zh";
  store("language", state.language);
  showAll();
  $("language").focus();
}

function showMenu() {
  const { groups, operations } = state.api;
  const known = groups.map((one) => one.name);
  const list = h("div", { id: "list" });
  // A long id breaks between its words.
  const words = (id) => id.split(/(?=[A-Z])/).flatMap((word) => [h("wbr"), word]);
  const entry = (one) =>
    h(
      "li",
      {},
      h(
        "a",
        { href: `#${one.id}` },
        h("span", { class: `method ${one.method}` }, one.method),
        h("span", {}, h("b", { class: one.deprecated ? "old" : null }, title(one)), h("small", {}, words(one.id), one.deprecated && ` · ${w("deprecated")}`)),
      ),
    );
  // All groups are open to a filter, else the one of the operation that is shown.
  const fill = (wanted) => {
    const fits = (one) => `${one.id} ${one.path} ${t(one.summary)}`.toLowerCase().includes(wanted.toLowerCase());
    const group = ({ name, text }) => {
      const inside = operations.filter((one) => (known.includes(one.group) ? one.group : "") === name && fits(one));
      const label = state.language === "zh" ? t(text).replace(/。$/, "") : name;
      return inside.length > 0 && h("details", { open: Boolean(wanted) }, h("summary", {}, label, h("small", {}, ` ${inside.length}`)), h("ul", {}, inside.map(entry)));
    };
    list.replaceChildren(...[...groups, { name: "", text: { en: "", zh: "" } }].map(group).filter(Boolean));
    if (!list.children.length) list.append(h("p", {}, w("none_found")));
    showCurrent();
  };
  const filter = h("input", { type: "search", id: "filter", "aria-label": w("filter"), placeholder: w("filter"), oninput: (event) => fill(event.target.value) });
  $("menu").setAttribute("aria-label", w("operations"));
  $("menu").replaceChildren(h("details", { open: wide.matches }, h("summary", {}, `${w("operations")} (${operations.length})`), filter, list));
  fill("");
}

function showCurrent() {
  $("list").querySelector("[aria-current]")?.removeAttribute("aria-current");
  const current = [...$("list").querySelectorAll("a")].find((one) => one.hash === `#${state.current.id}`);
  if (!current) return;
  current.setAttribute("aria-current", "page");
  current.closest("details").open = true;
  if (wide.matches) current.scrollIntoView({ block: "nearest" });
}

function showFindings(news) {
  const { findings } = state.api;
  const item = (one) =>
    h(
      "li",
      { class: one.level },
      h("code", {}, one.place),
      ` ${one.level}[${one.rule}]: ${one.message}`,
      one.help && h("div", { class: "help" }, `help: ${one.help}`),
    );
  const errors = findings.some((one) => one.level === "error");
  $("findings").replaceChildren(
    ...[
      findings.length && h("h2", {}, w("findings")),
      findings.length && h("ul", {}, findings.map(item)),
      news && h("p", {}, w(errors ? "old_shown" : "reloaded")),
    ].filter(Boolean),
  );
}

function toTry() {
  $("title-try").scrollIntoView();
}

function showCall() {
  showOperation(prepareSoon, see, toTry);
  showTry();
}

function showAll() {
  showTop();
  showMenu();
  showFindings();
  showCall();
  prepare();
}

function route() {
  const found = named(decodeURIComponent(location.hash.slice(1)));
  if (!found || found === state.current) return;
  state.current = found;
  state.prepared = null;
  showCurrent();
  showCall();
  prepare();
  if (!wide.matches) $("menu").querySelector("details").open = false;
  $("main").focus({ preventScroll: true });
  scrollTo(0, 0);
}

async function load(news) {
  const before = state.current?.id;
  state.api = await (await fetch("/explore/document.json")).json();
  state.current = named(before) ?? named(decodeURIComponent(location.hash.slice(1))) ?? state.api.operations[0];
  state.prepared = null;
  showAll();
  if (news) showFindings(true);
}

setTheme(stored("theme", "system"));
addEventListener("hashchange", route);
// The hash is the operation's: an anchor within the page would lose it.
$("skip").addEventListener("click", (event) => {
  event.preventDefault();
  $("main").focus();
});
// A wide window shows no switch to open the menu by.
wide.addEventListener("change", () => ($("menu").querySelector("details").open = wide.matches));
await load(false);
new EventSource("/explore/events").addEventListener("changed", () => load(true));
