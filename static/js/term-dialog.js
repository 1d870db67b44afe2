// A new term of the glossary without leaving the story: a dialog, opened by the button beside the Technical
// Briefing, or by any part of the form with new CustomEvent("term:new", { detail: { name } }). What is added
// goes into the briefing. While a name is typed, terms with the same or a near name are offered instead.

const NEAR_DELAY = 300; // milliseconds after the last key
const MAX_NAME = 80;

const template = document.getElementById("term-dialog");
const story = template?.closest("form") ?? document.querySelector("form#article_form");
const dialog = template?.content.firstElementChild.cloneNode(true);
const form = dialog?.querySelector("form");

// Opening and closing

// What was typed stays, should the dialog be closed by mistake, until another name is asked for.
const open = (name) => {
  const { elements } = form;
  if (name && name !== elements.name.value) {
    form.reset();
    offer(null, []);
    elements.name.value = name;
  }
  showErrors({});
  dialog.showModal();
  elements[name ? "definition" : "name"].focus();
  if (name) lookUp();
};

const addToBriefing = ({ id, text }) => {
  form.reset();
  offer(null, []);
  dialog.close(); // gives the focus back to where it was
  story.dispatchEvent(new CustomEvent("briefing:add", { detail: { id, text } }));
};

// The name

const link = (term) => {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = `Add “${term.text}”`;
  button.addEventListener("click", () => addToBriefing(term));
  return button;
};

const line = (sentence, term) => {
  const paragraph = document.createElement("p");
  paragraph.append(`${sentence} ${term.definition} `, link(term));
  return paragraph;
};

const called = (term) => `“${term.text}”${term.note ? ` (${term.note})` : ""}`;

const offer = (taken, near) => {
  const box = form.querySelector(".term-near");
  const lines = taken ? [line(`The glossary has ${called(taken)}:`, taken)] : [];
  box.replaceChildren(...lines, ...near.map((term) => line(`Close to ${called(term)}:`, term)));
};

let asked = 0;
const lookUp = async () => {
  const mine = ++asked;
  const name = form.elements.name.value.trim();
  if (name.length < 2) return offer(null, []);
  try {
    const response = await fetch(`${form.dataset.near}?${new URLSearchParams({ name })}`);
    if (mine === asked && response.ok && !response.redirected) {
      const { taken, near } = await response.json();
      offer(taken, near);
    }
  } catch {
    // Only a warning is missing: adding checks the name again.
  }
  return undefined;
};

// Adding

const showErrors = (errors) => {
  for (const box of form.querySelectorAll("[data-errors]")) {
    const sentences = errors[box.dataset.errors] ?? [];
    box.textContent = sentences.length ? `Error: ${sentences.join(" ")}` : "";
    const field = form.elements[box.dataset.errors];
    if (sentences.length) field?.setAttribute("aria-invalid", "true");
    else field?.removeAttribute("aria-invalid");
  }
  const wrong = ["name", "definition", "aliases"].find((name) => errors[name]);
  if (wrong) form.elements[wrong].focus();
};

const TROUBLE = "The term was not added: no connection. What you typed is still here. Try again.";
const UNEXPECTED = "The term was not added. Sign in again in another window, then try once more.";

let isBusy = false;
const submit = async () => {
  if (isBusy) return;
  isBusy = true;
  try {
    const response = await fetch(form.action, { method: "POST", body: new FormData(form) });
    const isJson = response.headers.get("Content-Type")?.includes("json");
    const answer = isJson ? await response.json() : { errors: { __all__: [UNEXPECTED] } };
    if (response.status === 201) addToBriefing(answer);
    else showErrors(answer.errors);
  } catch {
    showErrors({ __all__: [TROUBLE] });
  }
  isBusy = false;
};

// The button beside the briefing; what is selected in the story is the name to begin with.

const selected = () => {
  const text = story.querySelector("textarea.story-text");
  const words = text?.value.slice(text.selectionStart, text.selectionEnd).trim() ?? "";
  return words.length <= MAX_NAME && !words.includes("\n") ? words : "";
};

const placeButton = () => {
  const group = document.getElementById("briefing-group");
  if (!group) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button new-term";
  button.textContent = "New term";
  button.addEventListener("click", () => open(selected()));
  group.append(button);
};

if (story && form) {
  document.body.append(dialog);
  placeButton();
  story.addEventListener("term:new", (event) => open(event.detail?.name ?? ""));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  let timer;
  form.elements.name.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(lookUp, NEAR_DELAY);
  });
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
}
