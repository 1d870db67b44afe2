// Terms of the glossary for the story: found by name, written at the caret, and announced to the form as
// `briefing:add` with { id, text } if the Technical Briefing has not got them yet.

const SEARCH_DELAY = 150; // milliseconds after the last key
const CHOSEN = 'select[name^="briefing-"][name$="-term"]';

const text = document.querySelector("textarea.story-text");
const template = document.querySelector('template[data-dialog="term"]');
const dialog = document.body.appendChild(template.content.firstElementChild.cloneNode(true));
const search = dialog.querySelector("#story-term-search");
const list = dialog.querySelector("#story-term-list");
const status = dialog.querySelector(".story-term-status");

const isInBriefing = (id) =>
  [...text.form.querySelectorAll(CHOSEN)].some((select) => {
    const removed = text.form.elements.namedItem(select.name.replace(/-term$/, "-DELETE"));
    return select.value === String(id) && !removed?.checked;
  });

const options = () => [...list.children];
const current = () => options().find((option) => option.getAttribute("aria-selected") === "true");

const mark = (option) => {
  for (const other of options()) other.setAttribute("aria-selected", String(other === option));
  if (option) search.setAttribute("aria-activedescendant", option.id);
  else search.removeAttribute("aria-activedescendant");
  option?.scrollIntoView({ block: "nearest" });
};

const choose = (term) => {
  dialog.close();
  const { selectionStart: from, selectionEnd: to } = text;
  const selection = text.value.slice(from, to);
  const isNamed = selection.toLowerCase().includes(term.text.toLowerCase());
  const detail = { from, to, insert: isNamed ? selection : term.text };
  text.dispatchEvent(new CustomEvent("story:replace", { detail }));
  if (isInBriefing(term.id)) return;
  text.form.dispatchEvent(new CustomEvent("briefing:add", { detail: { id: term.id, text: term.text } }));
};

const entry = (term, index) => {
  const option = document.createElement("li");
  option.id = `story-term-${index}`;
  option.setAttribute("role", "option");
  option.textContent = term.text;
  if (isInBriefing(term.id)) option.append(Object.assign(document.createElement("small"), { textContent: "in the briefing" }));
  option.addEventListener("click", () => choose(term));
  return option;
};

let latest = 0;
const find = async () => {
  const mine = ++latest;
  const query = new URLSearchParams({
    app_label: "articles", model_name: "briefingentry", field_name: "term", term: search.value.trim(),
  });
  try {
    const response = await fetch(`${dialog.dataset.termsUrl}?${query}`);
    const { results } = await response.json();
    if (mine !== latest) return;
    list.replaceChildren(...results.map(entry));
    list.hidden = !results.length;
    search.setAttribute("aria-expanded", String(results.length > 0));
    status.textContent = results.length ? "" : "The glossary has no term like this.";
    mark(list.firstElementChild);
  } catch {
    if (mine === latest) status.textContent = "The glossary does not answer. Try again.";
  }
};

let timer;
search.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(find, SEARCH_DELAY);
});
search.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || !list.children.length) return;
  event.preventDefault();
  const all = options();
  mark(all[(all.indexOf(current()) + step + all.length) % all.length]);
});
dialog.querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  current()?.click();
});
dialog.querySelector("[data-cancel]").addEventListener("click", () => dialog.close());
dialog.addEventListener("close", () => text.focus({ preventScroll: true }));

text.addEventListener("story:command", ({ detail: name }) => {
  if (name !== "term") return;
  search.value = text.value.slice(text.selectionStart, text.selectionEnd).replace(/\s+/g, " ").trim();
  dialog.showModal();
  search.select();
  find();
});
