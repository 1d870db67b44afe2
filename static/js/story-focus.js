// Focus mode: headline, TL;DR and story alone on the screen, and whether they are saved. Kept in this browser.

const KEPT = ".part-headline .field-headline, .part-tldr, .story-writing, .save-state, [role=alert]";
const READ_OUT = "#content > h1, label[for=id_body]"; // what names the page and the box, out of sight
const UNTOUCHED = "dialog, script, style, link, template";
const WRONG = ".errorlist, .errornote, .conflict";
const STORED = "pulse:focus";

const text = document.querySelector("textarea.story-text");
const button = document.querySelector('[data-command="focus"]');
const label = button.querySelector("span");
const root = document.documentElement;

const hide = () => {
  const kept = [...document.querySelectorAll(`${KEPT}, ${READ_OUT}`)];
  const isKept = (element) => element.matches(UNTOUCHED) || kept.some((one) => element.contains(one));
  const looked = new Set();
  for (const one of kept) {
    for (let parent = one.parentElement; parent && !looked.has(parent); parent = parent.parentElement) {
      looked.add(parent);
      if (parent === root) break;
      if (kept.some((other) => other !== one && other.contains(parent))) continue;
      for (const child of parent.children) child.classList.toggle("out-of-focus", !isKept(child));
    }
  }
};

const show = () => {
  for (const element of document.querySelectorAll(".out-of-focus")) element.classList.remove("out-of-focus");
};

// What was in the middle of the screen stays there, as nearly as another width of lines allows.
const keepingPlace = (change) => {
  const before = text.getBoundingClientRect();
  const share = (innerHeight / 2 - before.top) / before.height;
  change();
  if (share <= 0 || share >= 1) return;
  const after = text.getBoundingClientRect();
  scrollBy(0, after.top + share * after.height - innerHeight / 2);
};

const set = (isOn) => {
  keepingPlace(() => {
    root.classList.toggle("story-focus", isOn);
    if (isOn) hide();
    else show();
  });
  button.setAttribute("aria-pressed", String(isOn));
  label.textContent = isOn ? "Leave focus" : "Focus";
};

const choose = (isOn) => {
  set(isOn);
  if (isOn) localStorage.setItem(STORED, "on");
  else localStorage.removeItem(STORED);
  text.focus({ preventScroll: true });
};

text.addEventListener("story:command", ({ detail: name }) => {
  if (name === "focus") choose(!root.classList.contains("story-focus"));
});

document.addEventListener("keydown", (event) => {
  const isOpen = document.querySelector("dialog[open], .select2-container--open, [popover]:popover-open");
  if (event.key !== "Escape" || event.isComposing || event.defaultPrevented || isOpen) return;
  if (root.classList.contains("story-focus")) choose(false);
});

// A form that came back with something to put right is shown whole.
if (localStorage.getItem(STORED) && !document.querySelector(WRONG)) set(true);
