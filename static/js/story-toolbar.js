// The story's toolbar: one stop for Tab, arrow keys inside it, and the shortcuts its buttons name. Each button
// sends a `story:command` to the text box; when the caret moves, the box gets `story:caret`.

const CARET_DELAY = 120; // milliseconds
const IS_MAC = /Mac|iP(hone|ad|od)/.test(navigator.platform);
const NAMES = IS_MAC ? { Control: "⌘", Shift: "⇧", Alt: "⌥", Enter: "↩" } : { Control: "Ctrl" };

const text = document.querySelector("textarea.story-text");
const toolbar = document.querySelector(".story-toolbar");
const buttons = [...toolbar.querySelectorAll("button")];

// Where nobody has been in the text yet, a command acts at its end.
let isFresh = true;
text.addEventListener("focus", () => {
  isFresh = false;
});

const run = (button) => {
  if (isFresh) text.setSelectionRange(text.value.length, text.value.length);
  text.dispatchEvent(new CustomEvent("story:command", { detail: button.dataset.command }));
};

// Pointer and arrow keys

const enter = (button) => {
  for (const other of buttons) other.tabIndex = other === button ? 0 : -1;
};

const STEPS = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity };
toolbar.addEventListener("keydown", (event) => {
  const step = STEPS[event.key];
  if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  const place = buttons.indexOf(document.activeElement) + step;
  const wrapped = Number.isFinite(place) ? (place + buttons.length) % buttons.length : step > 0 ? buttons.length - 1 : 0;
  enter(buttons[wrapped]);
  buttons[wrapped].focus();
});
toolbar.addEventListener("mousedown", (event) => {
  if (event.target.closest("button")) event.preventDefault(); // the caret, and a phone's keyboard, stay
});
toolbar.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  enter(button);
  run(button);
});

// Shortcuts: aria-keyshortcuts says which, for us as for screen readers. ⌘ is what Ctrl is elsewhere.

const SHIFTED = { ".": ".>:" }; // what Shift makes of it, on the keyboards we know
const parts = (button) => button.getAttribute("aria-keyshortcuts")?.split("+") ?? [];

const isMeant = (button, event) => {
  const keys = parts(button);
  const key = keys.at(-1);
  if (!key || keys.includes("Shift") !== event.shiftKey || keys.includes("Alt") !== event.altKey) return false;
  if (/^\d$/.test(key)) return event.code === `Digit${key}`;
  if (SHIFTED[key]) return SHIFTED[key].includes(event.key);
  return event.key.toLowerCase() === key.toLowerCase() || (event.altKey && event.code === `Key${key}`);
};

text.addEventListener("keydown", (event) => {
  const isCommand = (event.ctrlKey || event.metaKey) && !event.getModifierState("AltGraph");
  const button = isCommand && !event.isComposing && buttons.find((one) => isMeant(one, event));
  if (!button) return;
  event.preventDefault();
  run(button);
});

for (const button of buttons) {
  const name = button.getAttribute("aria-label") ?? button.textContent.trim();
  const keys = parts(button);
  button.title = keys.length ? `${name} (${keys.map((key) => NAMES[key] ?? key).join(IS_MAC ? "" : "+")})` : name;
  if (IS_MAC && keys.length) button.setAttribute("aria-keyshortcuts", keys.join("+").replace("Control", "Meta"));
}

// Where the caret is

let timer;
document.addEventListener("selectionchange", () => {
  if (document.activeElement !== text) return;
  clearTimeout(timer);
  timer = setTimeout(() => text.dispatchEvent(new CustomEvent("story:caret")), CARET_DELAY);
});

enter(buttons[0]);
toolbar.hidden = false;
