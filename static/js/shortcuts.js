// Shortcuts of the whole form: Ctrl+S and Ctrl+Enter save the draft, ? lists what there is. The list is made from
// the toolbar's own buttons, so it is never out of date.

const IS_MAC = /Mac|iP(hone|ad|od)/.test(navigator.platform);
const NAMES = IS_MAC ? { Control: "⌘", Meta: "⌘", Ctrl: "⌘", Shift: "⇧", Alt: "⌥" } : { Control: "Ctrl" };
const FIELDS = "input, textarea, select, [contenteditable], .select2-selection";
const STORED = "pulse:no-question-mark";

const text = document.querySelector("textarea.story-text");
const template = document.querySelector('template[data-dialog="shortcuts"]');
const dialog = document.body.appendChild(template.content.firstElementChild.cloneNode(true));
const usesMark = dialog.querySelector("#story-shortcuts-mark");

const element = (name, ...content) => {
  const made = document.createElement(name);
  made.append(...content);
  return made;
};

const row = (button) => {
  const keys = button.getAttribute("aria-keyshortcuts").split("+");
  const shown = keys.flatMap((key) => [element("kbd", NAMES[key] ?? key), " "]);
  const name = button.getAttribute("aria-label") ?? button.textContent.trim();
  return element("div", element("dt", name), element("dd", ...shown));
};

const open = () => {
  const buttons = [...document.querySelectorAll(".story-toolbar [aria-keyshortcuts]")];
  dialog.querySelector("[data-commands]").replaceChildren(...buttons.map(row));
  dialog.showModal();
};

for (const key of dialog.querySelectorAll("kbd")) key.textContent = NAMES[key.textContent] ?? key.textContent;
usesMark.checked = !localStorage.getItem(STORED);
usesMark.addEventListener("change", () => {
  if (usesMark.checked) localStorage.removeItem(STORED);
  else localStorage.setItem(STORED, "yes");
});

text.addEventListener("story:command", ({ detail: name }) => {
  if (name === "shortcuts") open();
});

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
  const isCommand = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
  const save = text.form.querySelector('[name="_save"]');
  if (isCommand && save && (event.key.toLowerCase() === "s" || event.key === "Enter")) {
    event.preventDefault();
    if (!event.repeat) save.click();
  } else if (event.key === "?" && !isCommand && usesMark.checked && !event.target.closest?.(FIELDS)) {
    event.preventDefault();
    open();
  }
});
