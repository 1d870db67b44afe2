// Keeps the panel “Before publishing” up to date with the form, leads from each entry to its place in the
// form, and does what an entry's button says. Without this script the panel shows what is stored.

const CHECK_DELAY = 1500; // milliseconds after the last change

const panel = document.getElementById("checks");
const form = panel?.closest("form");
const summary = panel?.querySelector(".checks-summary");
const found = panel?.querySelector(".checks-found");

const say = (sentence) => {
  if (summary.textContent === sentence) return; // read out only when it changed
  summary.textContent = sentence;
  for (const elsewhere of document.querySelectorAll("[data-checks-summary]")) elsewhere.textContent = sentence;
};

// Checking

const typed = () => {
  const data = new FormData(form);
  for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
  return data;
};

let asking = null;
let timer;

const check = async () => {
  clearTimeout(timer);
  asking?.abort();
  asking = new AbortController();
  const { signal } = asking;
  try {
    const asked = { method: "POST", body: typed(), redirect: "manual", signal };
    const response = await fetch(panel.dataset.url, asked);
    const html = await response.text();
    if (signal.aborted) return;
    if (response.ok) show(html);
    else say("Not checked: perhaps you are signed out. Your text is safe here.");
  } catch {
    if (!signal.aborted) say("Not checked: no connection. Your text is safe here.");
  }
};

const soon = () => {
  clearTimeout(timer);
  timer = setTimeout(check, CHECK_DELAY);
};

const show = (html) => {
  const place = placeOf(document.activeElement);
  found.innerHTML = html; // rendered and escaped by the server
  say(found.firstElementChild.dataset.summary);
  if (place !== null) goBackTo(place);
};

// Whoever works through the list by keyboard stays where they are when it is drawn again.

const controls = () => [...found.querySelectorAll("a, button")];

const placeOf = (element) => {
  if (!found.contains(element)) return null;
  const entry = element.closest("li");
  return { index: [...found.querySelectorAll("li")].indexOf(entry), isButton: element.localName === "button" };
};

const goBackTo = ({ index, isButton }) => {
  const entries = [...found.querySelectorAll("li")];
  const entry = entries[Math.min(index, entries.length - 1)];
  const control = (isButton && entry?.querySelector("button")) || entry?.querySelector("a");
  (control ?? panel.querySelector("h2")).focus({ preventScroll: controls().length > 0 });
};

// Leading to the place

const lead = (link) => {
  const target = document.getElementById(link.hash.slice(1));
  if (!target) return;
  const words = link.dataset.find;
  const holds = (box) => words && box.value.includes(words);
  const boxes = [target, ...target.querySelectorAll("textarea")].filter((box) => box.localName === "textarea");
  const box = boxes.find(holds);
  const field = box ?? (target.matches("input, textarea, select") ? target : firstField(target));
  target.scrollIntoView({ block: "center" });
  field?.focus();
  if (box) select(box, box.value.indexOf(words), words.length);
};

const firstField = (group) =>
  [...group.querySelectorAll("input:not([type=hidden]), textarea, select, .select2-selection, a.addlink")].find(
    (element) => element.offsetParent && !element.closest(".empty-form, .select2-hidden-accessible"),
  );

const select = (box, start, length) => {
  box.setSelectionRange(start, start + length);
  box.blur(); // a browser scrolls a text to what is selected when the box gets the focus
  box.focus();
};

// Doing what a button says

const tell = (name, detail) => form.dispatchEvent(new CustomEvent(name, { detail }));

const replace = (button) => {
  const box = document.getElementById(button.dataset.field);
  const start = box.value.indexOf(button.dataset.find);
  if (start < 0) return;
  box.focus({ preventScroll: true });
  box.setSelectionRange(start, start + button.dataset.find.length);
  if (!document.execCommand("insertText", false, button.dataset.value)) {
    box.setRangeText(button.dataset.value);
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }
  button.focus({ preventScroll: true });
};

const approve = () => {
  const headers = { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value, Accept: "application/json" };
  const { approveUrl } = found.firstElementChild.dataset;
  return fetch(approveUrl, { method: "POST", headers, redirect: "manual" });
};

const FIXES = {
  add_term: ({ dataset }) => tell("briefing:add", { id: dataset.value, text: dataset.text }),
  remove_term: ({ dataset }) => tell("briefing:remove", { id: dataset.value }),
  new_term: ({ dataset }) => tell("term:new", { name: dataset.value }),
  replace,
  approve_tldr: approve,
};

const fix = async (button) => {
  try {
    await FIXES[button.dataset.fix](button);
    if (button.dataset.fix !== "new_term") await check();
  } catch {
    say("Nothing was changed: no connection. Try again.");
  }
};

// Wiring

if (form) {
  panel.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-fix]");
    const link = event.target.closest(".checks-found a");
    if (button) fix(button);
    if (link && !(event.ctrlKey || event.metaKey || event.shiftKey)) {
      event.preventDefault();
      lead(link);
    }
  });
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  window.django?.jQuery?.(form).on("change", "select", soon); // Django's search boxes speak through jQuery only
  document.addEventListener("formset:added", soon);
  document.addEventListener("formset:removed", soon);
  check(); // the form may hold more than what is stored: refused, or restored by the browser
}
