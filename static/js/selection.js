// The small menu beside what a reader has selected in a story: quote it, comment on it, ask what it means.
// static/js/article.js fetches this when somebody first selects something.
//
// What the reader chose goes out as an event on the document, for the discussion's script to hear:
// `pulse:quote` with {text, part, key, quote}. `text` are words to quote in the comment, empty if it is only to
// be about something; `part` is what it is about (tldr, impact, term, sentence, or empty for the story), `key`
// which impact or term, `quote` the words of the sentence. Whoever is signed out goes to sign-in first, and the
// event comes when they are back.

const { ask } = document.querySelector("article[data-selection]").dataset;
const signIn = document.querySelector("#discussion .join a"); // for whoever may write once they are signed in
const KEPT = `quote ${location.pathname}`;
const BLOCKS = "p,li,blockquote,dd,dt,td,th,figcaption,h2,h3,h4,pre";
const MENU = [
  ["quote", "Quote in a comment"],
  ["comment", "Comment on this sentence"],
  ["ask", "Ask for a definition"],
];
const ABOUT = { tldr: "Comment on the TL;DR", impact: "Comment on this impact", term: "Comment on this term" };
const MAX_ASKED = [60, 5]; // characters, words: what the glossary takes
const MAX_TEXT = 600; // characters quoted in a comment
const MAX_QUOTE = 400; // characters of the sentence that a comment is about
const REST = 250; // milliseconds without a change after which a selection stands
const GAP = 10; // pixels between the selection and the menu

let chosen = null; // {range, part, key} while the menu is open
let isPressed = false;
let cameFrom = null;
let timer;

const said = document.createElement("p");
said.className = "vh";
said.setAttribute("role", "status");

const menu = document.createElement("div");
menu.className = "pop picked";
menu.popover = "manual";
menu.setAttribute("role", "group");
menu.setAttribute("aria-label", "Selected text");
for (const [what, label] of MENU) {
  const item = document.createElement(what === "ask" ? "a" : "button");
  if (what !== "ask") item.type = "button";
  item.className = "act";
  item.dataset.do = what;
  item.textContent = label;
  menu.append(item);
}
document.querySelector("main").append(said, menu);

const inOneLine = (text) => text.replace(/\s+/g, " ").trim();
const cut = (text, most) => (text.length <= most ? text : `${text.slice(0, most).replace(/\s+\S*$/, "")} …`);
const canWrite = () => Boolean(signIn || document.getElementById("comment"));
const elementOf = (node) => (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement);

// What is selected

function selected() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed || !inOneLine(selection.toString())) return null;
  const range = selection.getRangeAt(0);
  const part = elementOf(range.commonAncestorContainer)?.closest("[data-part]");
  return part && { range, part: part.dataset.key === "" ? "" : part.dataset.part, key: part.dataset.key ?? "" };
}

function sentenceAt(range) {
  const block = elementOf(range.startContainer).closest(BLOCKS);
  const before = document.createRange();
  before.selectNodeContents(block);
  before.setEnd(range.startContainer, range.startOffset);
  const start = before.toString().length;
  const end = start + range.toString().length;
  const sentences = sentencesOf(block.textContent).filter(([from, to]) => from < end && to > start);
  const [from, to] = [sentences.at(0)?.[0] ?? 0, sentences.at(-1)?.[1] ?? 0];
  return inOneLine(block.textContent.slice(from, to));
}

function sentencesOf(text) {
  if (!("Segmenter" in Intl)) return [...text.matchAll(/[^.!?]+[.!?]*\s*/g)].map(placeOf);
  const segments = new Intl.Segmenter(document.documentElement.lang, { granularity: "sentence" }).segment(text);
  return [...segments].map(({ index, segment }) => [index, index + segment.length]);
}

function placeOf({ index, 0: sentence }) {
  return [index, index + sentence.length];
}

// The menu

function offer() {
  if (isPressed || menu.contains(document.activeElement)) return;
  const found = selected();
  const words = found ? inOneLine(found.range.toString()) : "";
  const isShort = words.length <= MAX_ASKED[0] && words.split(" ").length <= MAX_ASKED[1];
  if (!found || !(isShort || canWrite())) {
    close();
    return;
  }
  const [quote, comment, asking] = menu.children;
  quote.hidden = comment.hidden = !canWrite();
  comment.textContent = ABOUT[found.part] ?? MENU[1][1];
  asking.hidden = !isShort;
  asking.href = `${ask}?${new URLSearchParams({ word: words, page: location.pathname })}`;
  chosen = found;
  menu.showPopover();
  place(found.range);
  said.textContent = "Press Tab for what you can do with the selected text";
}

// Below the end of the selection, or above its beginning where there is no room. The stylesheet makes it a sheet
// at the foot of a small window.
function place(range) {
  const lines = [...range.getClientRects()].filter(({ width }) => width);
  const first = lines.at(0) ?? range.getBoundingClientRect();
  const last = lines.at(-1) ?? first;
  const { offsetWidth: width, offsetHeight: height } = menu;
  const isAbove = last.bottom + GAP + height > innerHeight && first.top - GAP - height > 0;
  const top = isAbove ? first.top - GAP - height : last.bottom + GAP;
  const wanted = (isAbove ? first.left : last.right) - width / 2;
  const left = Math.max(GAP, Math.min(wanted, document.documentElement.clientWidth - width - GAP));
  menu.style.setProperty("--top", `${top + scrollY}px`);
  menu.style.setProperty("--left", `${left + scrollX}px`);
}

function close() {
  if (!chosen) return;
  const hadFocus = menu.contains(document.activeElement);
  chosen = null;
  said.textContent = "";
  menu.hidePopover();
  if (hadFocus) cameFrom?.focus({ preventScroll: true });
  cameFrom = null;
}

function choose(what) {
  const { range, part, key } = chosen;
  const text = what === "quote" ? cut(range.toString().trim(), MAX_TEXT) : "";
  const sentence = what === "comment" && !part ? cut(sentenceAt(range), MAX_QUOTE).replace(/ …$/, "") : "";
  close();
  getSelection().removeAllRanges();
  const detail = { text, part: sentence ? "sentence" : part, key, quote: sentence };
  if (signIn) signInFirst(detail);
  else document.dispatchEvent(new CustomEvent("pulse:quote", { detail }));
}

function signInFirst(detail) {
  try {
    sessionStorage.setItem(KEPT, JSON.stringify(detail));
  } catch {
    // a private window: they quote again
  }
  location.assign(signIn.href); // and back to the discussion
}

function goOnAfterSigningIn() {
  const kept = sessionStorage.getItem(KEPT);
  if (!kept || signIn) return;
  sessionStorage.removeItem(KEPT);
  if (canWrite()) document.dispatchEvent(new CustomEvent("pulse:quote", { detail: JSON.parse(kept) }));
}

// With the keyboard: Tab leads into the menu and out of it, back to where it came from; so does Escape.

function onKey(event) {
  if (!chosen || event.isComposing) return;
  const items = [...menu.children].filter((item) => !item.hidden);
  const here = items.indexOf(document.activeElement);
  if (event.key === "Escape") {
    event.preventDefault();
    close();
  } else if (event.key === "Tab" && here < 0 && !event.shiftKey) {
    event.preventDefault();
    cameFrom = document.activeElement;
    items[0].focus();
  } else if (event.key === "Tab" && here >= 0 && !items[here + (event.shiftKey ? -1 : 1)]) {
    event.preventDefault();
    close();
  }
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(offer, REST);
}

menu.addEventListener("pointerdown", (event) => event.preventDefault()); // keeps what is selected
menu.addEventListener("click", (event) => {
  const what = event.target.closest("button")?.dataset.do;
  if (what) choose(what);
});
document.addEventListener("selectionchange", later);
document.addEventListener("keydown", onKey);
document.addEventListener("pointerdown", ({ target }) => {
  isPressed = !menu.contains(target);
});
for (const name of ["pointerup", "pointercancel"]) {
  document.addEventListener(name, () => {
    isPressed = false;
    later();
  });
}
addEventListener("resize", () => chosen && place(chosen.range));

goOnAfterSigningIn();
later();
