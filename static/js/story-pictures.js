// Pictures of the story: chosen from this device or from the library, pasted or dropped. Each is described before
// it stands in the text.

const SEARCH_DELAY = 250; // milliseconds after the last key

const text = document.querySelector("textarea.story-text");
const status = document.querySelector(".story-status");
const problem = document.querySelector(".story-error");

const take = (name) => {
  const template = document.querySelector(`template[data-dialog="${name}"]`);
  const dialog = document.body.appendChild(template.content.firstElementChild.cloneNode(true));
  dialog.querySelector("[data-cancel]").addEventListener("click", () => dialog.close());
  return dialog;
};
const choice = take("choose-picture");
const description = take("describe-picture");

const say = (sentence) => {
  status.textContent = sentence;
};
const complain = (sentence) => {
  problem.textContent = sentence;
  problem.hidden = !sentence;
};

// Describing: resolves to { alt, caption }, or to null if the writer thought better of it.

const alt = description.querySelector("#story-picture-alt");
const caption = description.querySelector("#story-picture-caption");
const decoration = description.querySelector("#story-picture-decoration");
const error = description.querySelector(".story-dialog-error");
let describe = () => {};

const ask = (known = {}) =>
  new Promise((resolve) => {
    alt.value = known.alt ?? "";
    caption.value = known.caption ?? "";
    error.textContent = "";
    decoration.checked = false;
    describe = resolve;
    description.showModal();
    alt.focus();
  });

description.addEventListener("close", () => describe(null)); // after an answer this says nothing any more
description.querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  if (!alt.value.trim() && !decoration.checked) {
    error.textContent = "Describe the picture, or say that it is decoration.";
    alt.focus();
    return;
  }
  describe({ alt: decoration.checked ? "" : alt.value.trim(), caption: caption.value.trim() });
  description.close();
});

// Inserting

const plain = (words) => words.replace(/\s+/g, " ").replace(/[\\[\]"]/g, "\\$&");

const insert = (address, words) => {
  const title = words.caption ? ` "${plain(words.caption)}"` : "";
  const at = text.selectionEnd;
  const detail = { from: at, to: at, insert: `![${plain(words.alt)}](${address}${title})`, block: "below" };
  text.dispatchEvent(new CustomEvent("story:replace", { detail }));
  say("Picture inserted");
};

const send = async (file, words) => {
  const data = new FormData();
  data.append("image", file);
  data.append("alt", words.alt);
  if (!words.alt) data.append("is_decoration", "on");
  data.append("csrfmiddlewaretoken", text.form.elements.csrfmiddlewaretoken.value);
  const response = await fetch(text.dataset.uploadUrl, { method: "POST", body: data });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error);
  return answer.address;
};

const upload = async (file) => {
  const words = await ask();
  if (!words) return;
  say(`Uploading ${file.name}`);
  complain("");
  try {
    insert(await send(file, words), words);
  } catch (failure) {
    const isOurs = failure.constructor === Error; // the server's sentence, not the browser's
    complain(isOurs ? failure.message : "The picture did not reach the server. Try again.");
    say("");
  }
};

const uploadAll = async (files) => {
  for (const file of files) await upload(file);
};

// Choosing

const file = choice.querySelector("#story-choose-file");
const search = choice.querySelector("#story-choose-search");
const found = choice.querySelector(".story-pictures");
const answer = choice.querySelector("[role=status]");

const entry = (picture) => {
  const button = document.createElement("button");
  button.type = "button";
  const image = button.appendChild(document.createElement("img"));
  image.src = picture.thumbnail;
  image.alt = "";
  image.loading = "lazy";
  button.appendChild(document.createElement("span")).textContent = picture.title;
  button.addEventListener("click", async () => {
    choice.close();
    const words = await ask(picture);
    if (words) insert(picture.address, words);
  });
  const item = document.createElement("li");
  item.append(button);
  return item;
};

let latest = 0;
const list = async () => {
  const mine = ++latest;
  try {
    const response = await fetch(`${choice.dataset.picturesUrl}?q=${encodeURIComponent(search.value)}`);
    const { pictures, more } = await response.json();
    if (mine !== latest) return;
    found.replaceChildren(...pictures.map(entry));
    answer.textContent = pictures.length ? "" : "No picture of the library matches.";
    if (more) answer.textContent = "There are more. Search for the one you want.";
  } catch {
    answer.textContent = "The library does not answer. Try again.";
  }
};

let timer;
search.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(list, SEARCH_DELAY);
});
file.addEventListener("change", () => {
  const files = [...file.files];
  file.value = "";
  choice.close();
  uploadAll(files);
});
choice.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
choice.querySelector("[data-library]").hidden = !choice.dataset.picturesUrl;

text.addEventListener("story:command", ({ detail: name }) => {
  if (name !== "picture") return;
  choice.showModal();
  if (choice.dataset.picturesUrl) list();
});

// Pasting and dropping. A word processor sends a picture of what it also sends as text: then the text is meant.

const picturesIn = (transfer) => [...(transfer?.files ?? [])].filter((one) => one.type.startsWith("image/"));

const accept = (event, transfer) => {
  const files = picturesIn(transfer);
  if (!files.length || transfer.getData("text/plain").trim()) return;
  event.preventDefault();
  uploadAll(files);
};
text.addEventListener("paste", (event) => accept(event, event.clipboardData));
text.addEventListener("drop", (event) => accept(event, event.dataTransfer));
