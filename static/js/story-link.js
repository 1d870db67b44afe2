// Links in the story: a dialog that asks for the address, and an address pasted over words.

const LINK = /\[((?:[^\][\\]|\\.)*)\]\(([^()\s]*)\)/g;
const ADDRESS = /^(?:https?:\/\/[^\s/]|mailto:\S)\S*$/i;
const OURS = /^(?:\/(?!\/)|#)\S*$/;

const text = document.querySelector("textarea.story-text");
const replace = (detail) => text.dispatchEvent(new CustomEvent("story:replace", { detail }));

const template = document.querySelector('template[data-dialog="link"]');
const dialog = document.body.appendChild(template.content.firstElementChild.cloneNode(true));
const address = dialog.querySelector("#story-link-address");
const words = dialog.querySelector("#story-link-words");
const error = dialog.querySelector(".story-dialog-error");

const label = (plain) => plain.replace(/[[\]]/g, "\\$&");
const target = (plain) => plain.replace(/[()]/g, (sign) => (sign === "(" ? "%28" : "%29"));
const link = (plain, to) => `[${label(plain)}](${target(to)})`;

// The link that the caret or the selection is in: { from, to, words, address }.
const present = () => {
  const { value, selectionStart, selectionEnd } = text;
  const start = value.lastIndexOf("\n", selectionStart - 1) + 1;
  const line = value.slice(start).split("\n", 1)[0];
  for (const found of line.matchAll(LINK)) {
    const [from, to] = [start + found.index, start + found.index + found[0].length];
    if (line[found.index - 1] !== "!" && from <= selectionStart && selectionEnd <= to) {
      return { from, to, words: found[1].replace(/\\([[\]])/g, "$1"), address: found[2] };
    }
  }
  return undefined;
};

let place;

const open = () => {
  const { selectionStart: from, selectionEnd: to } = text;
  const selection = text.value.slice(from, to).replace(/\s+/g, " ").trim();
  const old = present();
  place = old ?? { from, to };
  address.value = old?.address ?? (ADDRESS.test(selection) ? selection : "");
  words.value = old?.words ?? (ADDRESS.test(selection) ? "" : selection);
  error.textContent = "";
  dialog.querySelector("[data-remove]").hidden = !old;
  dialog.showModal();
  address.select();
};

const completed = (typed) => {
  if (ADDRESS.test(typed) || OURS.test(typed)) return typed;
  if (/^[^\s/:@]+\.[^\s:@]+$/.test(typed)) return `https://${typed}`;
  if (/^[^\s@/:]+@[^\s@]+\.[^\s@]+$/.test(typed)) return `mailto:${typed}`;
  return "";
};

const finish = (insert) => {
  dialog.close();
  replace({ from: place.from, to: place.to, insert });
};

dialog.querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const to = completed(address.value.trim());
  if (to) finish(link(words.value.trim() || to, to));
  else {
    error.textContent = "Type an address such as https://example.com or /articles/…";
    address.focus();
  }
});
dialog.querySelector("[data-remove]").addEventListener("click", () => finish(words.value));
dialog.querySelector("[data-cancel]").addEventListener("click", () => dialog.close());
dialog.addEventListener("close", () => text.focus({ preventScroll: true }));

text.addEventListener("story:command", ({ detail: name }) => {
  if (name === "link") open();
});

text.addEventListener("paste", (event) => {
  const { selectionStart: from, selectionEnd: to } = text;
  const pasted = event.clipboardData?.getData("text/plain").trim() ?? "";
  const selection = text.value.slice(from, to);
  if (!ADDRESS.test(pasted) || !selection.trim() || /\n|\]\(/.test(selection) || ADDRESS.test(selection.trim())) return;
  event.preventDefault();
  const [before, after] = [/^\s*/.exec(selection)[0], /\s*$/.exec(selection)[0]];
  replace({ from, to, insert: before + link(selection.trim(), pasted) + after });
});
