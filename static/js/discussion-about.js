// What a comment is about: takes a passage that was marked in the story into the form, and out of it again.
// static/js/selection.js sends `pulse:quote`. Without script the links “Comment on this” do the same.

const form = document.getElementById("comment");
const about = form.querySelector(".about");
const NAMES = { tldr: "the TL;DR", impact: "Real-World Impact", sentence: "a passage of the story" };

function take({ text, part, key, quote }) {
  const field = form.elements.body;
  if (text) {
    const quoted = text.split("\n").map((line) => `> ${line}`).join("\n");
    field.value = `${field.value.trim() ? `${field.value.trimEnd()}\n\n` : ""}${quoted}\n\n`;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  if (part) show(part, key, quote);
  field.focus();
  field.setSelectionRange(field.value.length, field.value.length);
  form.scrollIntoView({ block: "center" });
}

function nameOf(part, key) {
  const term = part === "term" && document.querySelector(`[data-part=term][data-key="${CSS.escape(key)}"] dt`);
  return (term && term.textContent) || NAMES[part] || "";
}

function show(part, key, quote, name = nameOf(part, key)) {
  form.elements.part.value = part;
  form.elements.part_key.value = key;
  form.elements.quote.value = quote;
  about.querySelector("bdi").textContent = name;
  const words = about.querySelector("blockquote");
  words.textContent = quote;
  words.hidden = !quote;
  about.hidden = !part;
}

document.addEventListener("pulse:quote", ({ detail }) => take(detail));

// What the page is narrowed to, the next comment is about again.
const { part, part_key: key, quote } = form.elements;
const atFirst = [part.value, key.value, quote.value, about.querySelector("bdi").textContent];
document.addEventListener("pulse:posted", (event) => {
  if (event.detail.form === form) show(...atFirst);
});
about.querySelector("button").addEventListener("click", (event) => {
  event.preventDefault();
  show("", "", "");
  form.elements.body.focus();
});
