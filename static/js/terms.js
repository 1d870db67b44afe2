// Opens a term's definition beside the word, read from its card in the Technical Briefing.
// Without this script, or without popovers, the term stays what it is: a link to that card.

const SUPPORTED = "showPopover" in HTMLElement.prototype;
let definition;
let openTerm = null;
let pressedTerm = null;

function cardOf(term) {
  return document.getElementById(decodeURIComponent(term.hash.slice(1)));
}

function build() {
  const panel = document.createElement("div");
  panel.className = "pop def";
  panel.popover = "auto";
  panel.tabIndex = -1;
  panel.setAttribute("role", "dialog");
  panel.setAttribute("aria-labelledby", "definition-name");
  panel.setAttribute("aria-describedby", "definition-text");
  panel.innerHTML =
    '<b id="definition-name"></b><span id="definition-text"></span>' +
    '<div class="row-b"><a>Read the full entry</a><button class="act" type="button">Close</button></div>';
  panel.querySelector("button").addEventListener("click", () => panel.hidePopover());
  panel.addEventListener("beforetoggle", (event) => {
    if (event.newState === "closed") markClosed();
  });
  panel.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !panel.contains(event.relatedTarget)) panel.hidePopover();
  });
  document.body.append(panel);
  return panel;
}

function markClosed() {
  openTerm?.setAttribute("aria-expanded", "false");
  openTerm = null;
}

function show(term, card) {
  definition ??= build();
  if (definition.matches(":popover-open")) definition.hidePopover();
  const entry = card.querySelector("dt a");
  const link = definition.querySelector("a");
  definition.querySelector("b").textContent = card.querySelector("dt").textContent.trim();
  definition.querySelector("span").textContent = card.querySelector("dd").textContent.trim();
  link.hidden = !entry;
  if (entry) link.href = entry.href;
  openTerm = term;
  term.setAttribute("aria-expanded", "true"); // the stylesheet anchors the definition to it
  term.focus({ preventScroll: true }); // where focus returns
  definition.showPopover({ source: term });
  definition.focus({ preventScroll: true });
}

function onPress(event) {
  pressedTerm = openTerm && event.target.closest?.("a.term") === openTerm ? openTerm : null;
}

function onClick(event) {
  const term = event.target.closest?.("a.term[aria-haspopup]");
  const isPlain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  if (!term || !isPlain || event.defaultPrevented) return;
  const card = cardOf(term);
  if (!card) return;
  event.preventDefault();
  if (pressedTerm === term) {
    pressedTerm = null; // the press has closed it already: a second press does not open it again
    if (openTerm) definition.hidePopover();
    return;
  }
  show(term, card);
}

if (SUPPORTED) {
  for (const term of document.querySelectorAll("a.term")) {
    if (!cardOf(term)?.querySelector("dd")) continue;
    term.setAttribute("aria-haspopup", "dialog");
    term.setAttribute("aria-expanded", "false");
  }
  document.addEventListener("pointerdown", onPress, true);
  document.addEventListener("click", onClick);
}
