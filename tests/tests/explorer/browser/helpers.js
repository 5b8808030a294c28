// What the steps and `browser.rs` say of the page in short.
const byId = (id) => document.getElementById(id);
const all = (selector) => [...document.querySelectorAll(selector)];
const count = (selector) => all(selector).length;
const text = (selector) => all(selector)[0]?.textContent ?? "";
const answer = () => JSON.parse(text("#response pre:last-of-type") || null);
const pause = () => new Promise((resolve) => setTimeout(resolve, 10));

const { operations } = (window.shown ??= await (await fetch("/explore/document.json")).json());
const listing = operations.find((one) => one.id === "ListImageTags");

// The operations of which something doesn't hold while they are shown.
async function each(holds) {
  const wrong = [];
  for (const one of operations) {
    location.hash = one.id;
    while (!document.title.startsWith(`${one.id} `)) await pause();
    if (!holds(one)) wrong.push(one.id);
  }
  return wrong;
}

function change(selector, value) {
  const [one] = all(selector);
  one.value = value;
  for (const event of ["input", "change"]) one.dispatchEvent(new Event(event, { bubbles: true }));
}

const isNamed = (one) => one.labels?.length || one.ariaLabel || one.getAttribute("aria-labelledby") || one.textContent.trim();

// What the document says of an operation and the page doesn't.
const unsaid = (language) =>
  [listing.summary, listing.rows[0].text, listing.parameters[1].text]
    .map((one) => one[language].replace(/[.。]$/, ""))
    .filter((one) => !document.body.textContent.includes(one));

// What a screenshot holds: the share of the commonest colour and its brightness, of what contrasts with it, of the button's
// colour, and of what contrasts in the emptiest of the page's columns.
async function look(shot) {
  const bytes = Uint8Array.from(atob(shot), (one) => one.charCodeAt(0));
  const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
  const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
  canvas.drawImage(image, 0, 0);
  const { data, width, height } = canvas.getImageData(0, 0, image.width, image.height);
  const colour = (at) => (data[at] << 16) | (data[at + 1] << 8) | data[at + 2];
  const bright = (one) => ((one >> 16) * 299 + ((one >> 8) & 255) * 587 + (one & 255) * 114) / 1000;
  const counts = new Map();
  for (let at = 0; at < data.length; at += 4) counts.set(colour(at), (counts.get(colour(at)) ?? 0) + 1);
  const [background, most] = [...counts].reduce((one, other) => (other[1] > one[1] ? other : one));
  const [red, green, blue] = getComputedStyle(byId("send")).backgroundColor.match(/\d+/g).map(Number);
  const button = (red << 16) | (green << 8) | blue;
  const columns = innerWidth < 1200 ? 1 : 3;
  const inked = new Array(columns).fill(0);
  for (let at = 0; at < data.length; at += 4) {
    if (Math.abs(bright(colour(at)) - bright(background)) > 80) inked[Math.floor((((at / 4) % width) * columns) / width)] += 1;
  }
  const all = width * height;
  return {
    background: most / all,
    brightness: bright(background),
    ink: inked.reduce((one, other) => one + other) / all,
    // A grey button is one without our colours.
    accent: Math.max(red, green, blue) - Math.min(red, green, blue) < 60 ? 0 : (counts.get(button) ?? 0) / all,
    emptiest: Math.min(...inked) / (all / columns),
  };
}
