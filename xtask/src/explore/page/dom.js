// Elements made of data; text is only ever text.

// h("p.problem", {id: "one"}, …): the attributes may be left out, and so may children that are nothing.
export function h(name, ...children) {
  const [tag, ...classes] = name.split(".");
  const element = document.createElement(tag);
  if (classes.length) element.className = classes.join(" ");
  const attributes = children[0]?.constructor === Object ? children.shift() : {};
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...there(children));
  return element;
}

const there = (children) => children.flat(Infinity).filter((child) => child || child === 0);

export const $ = (id) => document.getElementById(id);

// What an element of the page holds from now on.
export const fill = (element, ...children) => element.replaceChildren(...there(children));

// A text's pieces: code between backticks.
export const inline = (text) => text.split("`").map((piece, at) => (at % 2 ? h("code", piece) : piece));

// A description: paragraphs.
export const prose = (text) => text.split(/\n\n+/).filter(Boolean).map((paragraph) => h("p", inline(paragraph)));

export const json = (value) => (typeof value === "string" ? value : JSON.stringify(value, null, 2));

export function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

// JSON in colours, as pieces of an element.
function coloured(text) {
  const pieces = [];
  let end = 0;
  for (const { 0: whole, 1: string, 2: colon, index } of text.matchAll(TOKEN)) {
    const kind = colon ? "key" : string ? "string" : "literal";
    pieces.push(text.slice(end, index), h(`span.json-${kind}`, string ?? whole), colon);
    end = index + whole.length;
  }
  return [...pieces, text.slice(end)];
}

// A block of code that the keyboard can scroll; JSON, also behind the headers of a request, is coloured.
export function code(label, text) {
  const start = text.search(/^[[{]/m);
  const isJson = start >= 0 && parsed(text.slice(start)) !== undefined;
  const content = isJson ? [text.slice(0, start), coloured(text.slice(start))] : text;
  return h("pre", { tabindex: "0", "aria-label": label, lang: "en" }, h("code", content));
}
