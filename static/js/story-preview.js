// The page as its readers will see it, beside the form while it is written, at a phone's or a desktop's width.
// Whenever it has been drawn the frame gets `story:drawn`.

const DELAY = 500; // milliseconds after the last change, and at least twice what the last drawing took
const WIDTHS = { phone: 390, desktop: 1280 };
const STORED = "pulse:preview";
const BESIDE = matchMedia("(min-width: 80rem)");

const text = document.querySelector("textarea.story-text");
const rail = document.querySelector(".story-rail");
const screen = rail.querySelector(".story-screen");
const frame = rail.querySelector("iframe");
const problem = document.querySelector(".story-error");
const { form } = text;

const page = () => frame.contentDocument?.getElementById("story");

// The switch

let chosen = localStorage.getItem(STORED) ?? (BESIDE.matches ? "phone" : "hidden");
const isShown = () => chosen in WIDTHS;

const fit = () => {
  if (!isShown() || !screen.clientWidth) return;
  const scale = Math.min(1, screen.clientWidth / WIDTHS[chosen]);
  frame.style.inlineSize = `${WIDTHS[chosen]}px`;
  frame.style.blockSize = `${screen.clientHeight / scale}px`;
  frame.style.transform = `scale(${scale})`;
};

const choose = (name) => {
  chosen = name;
  rail.dataset.shown = name;
  document.documentElement.dataset.preview = name;
  for (const button of rail.querySelectorAll("[data-preview]")) {
    button.setAttribute("aria-pressed", String(button.dataset.preview === name));
  }
  if (isShown() && !frame.src) frame.src = frame.dataset.src;
  fit();
  soon(0);
};

rail.addEventListener("click", (event) => {
  const button = event.target.closest("[data-preview]");
  if (!button) return;
  localStorage.setItem(STORED, button.dataset.preview);
  choose(button.dataset.preview);
});
new ResizeObserver(fit).observe(screen);

// Drawing

let drawn; // what was sent last
let isDrawing = false;
let took = 0;
let timer;

const NO_CONNECTION = "No connection: the preview waits. Your text is safe here.";
const SIGNED_OUT = "You are signed out: the preview waits. Your text is safe here.";
const NOT_DRAWN = "The preview cannot be drawn. Your text is safe here; save the draft.";

let said = "";
const complain = (sentence) => {
  if (!sentence && problem.textContent !== said) return; // what another script says stays
  problem.textContent = said = sentence;
  problem.hidden = !sentence;
};
const isJson = (response) => response.headers.get("Content-Type")?.includes("json");

const typed = () => {
  const data = new URLSearchParams(new FormData(form));
  const article = /\/(\d+)\/change\//.exec(location.pathname);
  if (article) data.set("article", article[1]);
  return data;
};

const draw = async () => {
  const data = typed();
  if (!page() || !isShown() || String(data) === drawn) return;
  isDrawing = true;
  const begun = performance.now();
  await answer(data, await fetch(text.dataset.previewUrl, { method: "POST", body: data, redirect: "manual" }).catch(() => null));
  took = performance.now() - begun;
  isDrawing = false;
};

const answer = async (data, response) => {
  if (!response) complain(NO_CONNECTION);
  else if (response.type === "opaqueredirect") complain(SIGNED_OUT);
  else if (!response.ok) complain(isJson(response) ? (await response.json()).error : NOT_DRAWN);
  else {
    show(await response.text());
    drawn = String(data);
    complain("");
  }
};

function soon(delay = DELAY) {
  clearTimeout(timer);
  timer = setTimeout(() => (isDrawing ? soon() : draw()), Math.max(delay, delay && 2 * took));
}

form.addEventListener("input", () => soon());
form.addEventListener("click", (event) => {
  if (event.target.closest("button, .inline-deletelink, [type=checkbox]")) soon();
});
window.django.jQuery(form).on("change", () => soon()); // the admin's search boxes tell nobody else

// Showing: what has not changed stays as it is, so nothing flickers and the page keeps its place.

const isSame = (one, other) => one.nodeType === other.nodeType && one.nodeName === other.nodeName;

const update = (old, fresh) => {
  if (old.isEqualNode(fresh)) return;
  if (!isSame(old, fresh) || old.nodeType !== Node.ELEMENT_NODE || old.nodeName === "svg") {
    old.replaceWith(fresh);
    return;
  }
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  updateChildren(old, [...fresh.childNodes]);
};

function updateChildren(parent, fresh) {
  const old = [...parent.childNodes];
  const shorter = Math.min(old.length, fresh.length);
  let start = 0;
  while (start < shorter && old[start].isEqualNode(fresh[start])) start += 1;
  let end = 0;
  while (end < shorter - start && old.at(-1 - end).isEqualNode(fresh.at(-1 - end))) end += 1;
  const [gone, come] = [old.slice(start, old.length - end), fresh.slice(start, fresh.length - end)];
  if (gone.length === come.length) {
    gone.forEach((node, index) => update(node, come[index]));
    return;
  }
  for (const node of gone) node.remove();
  const next = old[old.length - end] ?? null;
  for (const node of come) parent.insertBefore(node, next);
}

const show = (html) => {
  const fresh = frame.contentDocument.createElement("template");
  fresh.innerHTML = html;
  updateChildren(page(), [...fresh.content.childNodes]);
  frame.dispatchEvent(new CustomEvent("story:drawn"));
};

// In the frame: links within the page work, others open elsewhere, and the theme is the newsroom's.

const dress = () => {
  if (!page()) return;
  const { theme } = document.documentElement.dataset;
  const { dataset } = frame.contentDocument.documentElement;
  if (theme === "light" || theme === "dark") dataset.theme = theme;
  else delete dataset.theme;
};

frame.addEventListener("load", () => {
  if (!page()) return;
  dress();
  frame.contentDocument.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    if (!link) return;
    event.preventDefault();
    frame.contentDocument.getElementById(decodeURIComponent(link.hash.slice(1)))?.scrollIntoView();
  });
  soon(0);
});
new MutationObserver(dress).observe(document.documentElement, { attributeFilter: ["data-theme"] });

rail.hidden = false;
choose(chosen);
