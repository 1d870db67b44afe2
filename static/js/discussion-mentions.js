// Offers names while somebody types @ and the beginning of one: of those whose comments are on this page. The list
// is a listbox that the text field controls: arrows choose, Enter or Tab takes, Escape closes.

const AT = /(?:^|[^\p{L}\p{N}@.])@([\p{L}\p{N}][^@\n]{0,39})?$/u;
const MOST = 6;

const list = document.createElement("ul");
list.className = "names";
list.id = "names";
list.setAttribute("role", "listbox");
list.setAttribute("aria-label", "Readers in this discussion");
const said = document.createElement("p");
said.className = "vh";
said.setAttribute("role", "status");
document.querySelector("main").append(said);

let field = null; // the text field that the list is open for
let typed = ""; // after the @

const folded = (name) => name.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

function names() {
  const found = new Set();
  for (const name of document.querySelectorAll("#discussion .note header b")) {
    if (!name.querySelector("span")) found.add(name.textContent.trim()); // not oneself
  }
  return [...found];
}

function offer(target) {
  const before = target.value.slice(0, target.selectionStart);
  const match = before.match(AT);
  const begun = match && folded(match[1] ?? "");
  const found = match ? names().filter((name) => folded(name).startsWith(begun)).slice(0, MOST) : [];
  if (!found.length || folded(found[0]) === begun) {
    close();
    return;
  }
  field = target;
  typed = match[1] ?? "";
  list.replaceChildren(...found.map(option));
  field.after(list);
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);
  choose(0);
  said.textContent = `${found.length} name${found.length === 1 ? "" : "s"}. Arrows choose, Enter takes one.`;
}

function option(name, place) {
  const made = document.createElement("li");
  made.id = `name-${place}`;
  made.setAttribute("role", "option");
  made.dir = "auto";
  made.textContent = name;
  return made;
}

const chosen = () => list.querySelector("[aria-selected=true]");

function choose(place) {
  const options = [...list.children];
  const there = options.at(place % options.length);
  for (const one of options) one.setAttribute("aria-selected", String(one === there));
  field.setAttribute("aria-activedescendant", there.id);
  there.scrollIntoView({ block: "nearest" });
}

function take(name) {
  const end = field.selectionStart;
  field.setRangeText(`${name} `, end - typed.length, end, "end");
  const target = field;
  close();
  target.dispatchEvent(new Event("input", { bubbles: true }));
  target.focus();
}

function close() {
  if (!field) return;
  list.remove();
  for (const name of ["aria-autocomplete", "aria-controls", "aria-activedescendant"]) field.removeAttribute(name);
  said.textContent = "";
  field = null;
}

document.addEventListener("input", ({ target, isComposing }) => {
  if (target.name === "body" && target.closest("form[data-draft]") && !isComposing) offer(target);
});
// Before anybody else hears of it: Escape closes the list, and not the form around it.
document.addEventListener(
  "keydown",
  (event) => {
    if (event.target !== field || event.isComposing) return;
    const here = [...list.children].indexOf(chosen());
    const act = {
      ArrowDown: () => choose(here + 1),
      ArrowUp: () => choose(here - 1),
      Enter: () => take(chosen().textContent),
      Tab: () => take(chosen().textContent),
      Escape: close,
    }[event.key];
    if (!act || event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  },
  true,
);
list.addEventListener("pointerdown", (event) => {
  event.preventDefault(); // keeps the focus in the field
  const there = event.target.closest("[role=option]");
  if (there) take(there.textContent);
});
document.addEventListener("focusout", ({ target }) => target === field && close());
