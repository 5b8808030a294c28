// Elements made of data; text is only ever text.
export function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.flat(Infinity).filter(Boolean));
  return element;
}

// A description: paragraphs, and code between backticks.
export function prose(text) {
  const inline = (part) => part.split("`").map((piece, at) => (at % 2 ? h("code", {}, piece) : piece));
  return text.split(/\n\n+/).filter(Boolean).map((paragraph) => h("p", {}, inline(paragraph)));
}

export function json(value) {
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}

// A block of code that the keyboard can scroll.
export function code(label, text) {
  return h("pre", { tabindex: "0", "aria-label": label, lang: "en" }, h("code", {}, text));
}
