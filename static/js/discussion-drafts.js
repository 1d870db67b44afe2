// Keeps what somebody writes in this browser until it is posted, for each story and each comment that is answered,
// and counts characters near the limit. A draft outlives a reload, a walk through sign-in and a failed post, and
// is shown to nobody but the reader who wrote it.

const DAYS = 30; // a draft that was not touched for so long is forgotten
const NEAR = 200; // characters left from which on they are counted
const SAID = [200, 100, 50, 20, 10, 0]; // of these, those that are read out
const nameOf = (form) => `draft ${form.dataset.draft}`;

function read(form) {
  try {
    return JSON.parse(localStorage.getItem(nameOf(form)));
  } catch {
    return null; // a private window, or nothing of ours
  }
}

function keep(form) {
  try {
    const text = form.elements.body.value;
    form.keptAs = nameOf(form);
    if (text.trim()) localStorage.setItem(nameOf(form), JSON.stringify({ text, at: Date.now() }));
    else localStorage.removeItem(nameOf(form));
    return Boolean(text.trim());
  } catch {
    return false; // no room
  }
}

function forget(form) {
  try {
    localStorage.removeItem(nameOf(form));
  } catch {
    // there was nothing to forget
  }
  note(form, "");
}

function forgetOld() {
  try {
    for (const name of Object.keys(localStorage).filter((name) => name.startsWith("draft "))) {
      const { at } = JSON.parse(localStorage.getItem(name)) ?? {};
      if (!(at > Date.now() - DAYS * 86_400_000)) localStorage.removeItem(name);
    }
  } catch {
    // nothing of ours
  }
}

function line(form, name) {
  const found = form.querySelector(`.${name}`);
  if (found) return found;
  const made = document.createElement("span");
  made.className = `hint ${name}`;
  form.elements.body.after(made);
  return made;
}

function note(form, text) {
  if (text || form.querySelector(".kept")) line(form, "kept").textContent = text;
}

function open(form) {
  const draft = read(form);
  const field = form.elements.body;
  const isFree = !field.value.trim() || form.dataset.own; // a change that was begun goes before what stands there
  if (draft?.text && isFree && draft.text !== field.value) {
    field.value = draft.text;
    note(form, "Your draft from before. It is kept in this browser until you post it.");
  } else if (form.keptAs && form.keptAs !== nameOf(form)) move(form);
  count(form);
}

// The form for answers has moved to another comment with its words.
function move(form) {
  try {
    localStorage.removeItem(form.keptAs);
  } catch {
    // there was none
  }
  keep(form);
}

// Characters as the server counts them.

function count(form) {
  const left = Number(form.dataset.max) - [...form.elements.body.value.trim()].length;
  const shown = form.querySelector(".left");
  if (left > NEAR) {
    shown?.replaceChildren();
    return;
  }
  const text = left < 0 ? `${-left} too many` : `${left} character${left === 1 ? "" : "s"} left`;
  const said = line(form, "left");
  if (!said.firstChild) said.innerHTML = `<span aria-hidden="true"></span><span class="vh" role="status"></span>`;
  said.firstChild.textContent = text;
  said.classList.toggle("err", left < 0);
  const step = left < 0 ? -1 : SAID.findLast((number) => left <= number);
  if (said.dataset.step === String(step)) return;
  said.dataset.step = String(step);
  said.lastChild.textContent = left < 0 ? `${-left} characters too many` : `${left} characters left`;
}

document.addEventListener("input", ({ target }) => {
  const form = target.name === "body" && target.closest("form[data-draft]");
  if (!form) return;
  count(form);
  note(form, keep(form) ? "Your draft is kept in this browser." : "");
});
document.addEventListener("submit", ({ target, defaultPrevented, submitter }) => {
  const isSent = target.dataset.draft && !defaultPrevented && !submitter?.name;
  if (isSent) forget(target); // the server has it, or gives it back
});
document.addEventListener("pulse:posted", ({ detail }) => {
  forget(detail.form);
  count(detail.form);
});
document.addEventListener("pulse:opened", ({ detail }) => open(detail.form));

forgetOld();
for (const form of document.querySelectorAll("form[data-draft]")) open(form);
