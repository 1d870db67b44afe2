// Changes and deletes one's own comment where it stands. Without this script the same links lead to a page each.

const discussion = document.getElementById("discussion");
const say = (text) => document.dispatchEvent(new CustomEvent("pulse:say", { detail: { text } }));
const own = (element, selector) => element.querySelector(`:scope > ${selector}`);

let form = null; // the one that is open

// Changing: the form of the page that the link leads to, under other ids than the form for a new comment has.

async function edit(link) {
  const response = await fetch(link.href).catch(() => null);
  const page = response?.ok && new DOMParser().parseFromString(await response.text(), "text/html");
  const found = page && page.querySelector("form[data-draft]");
  if (!found) {
    location.assign(link.href); // the page says why
    return;
  }
  close();
  const comment = link.closest("li");
  form = document.adoptNode(found);
  form.dataset.own = comment.id;
  form.id = "edit";
  for (const element of form.querySelectorAll("[id], [for], [aria-describedby]")) {
    for (const name of ["id", "for", "aria-describedby"]) {
      if (element.hasAttribute(name)) element.setAttribute(name, element.getAttribute(name).replace(/comment-/g, "edit-"));
    }
  }
  own(comment, ".note").hidden = true;
  own(comment, ".note").after(form);
  document.dispatchEvent(new CustomEvent("pulse:opened", { detail: { form } }));
  form.elements.body.focus();
}

function close() {
  if (!form) return;
  const note = own(document.getElementById(form.dataset.own), ".note");
  note.hidden = false;
  form.remove();
  form = null;
  note.querySelector("[data-edit]")?.focus();
}

function changed(answer) {
  const holder = document.createElement("template");
  holder.innerHTML = answer.html; // rendered and sanitised by the server
  const comment = document.getElementById(form.dataset.own);
  document.dispatchEvent(new CustomEvent("pulse:posted", { detail: { form } }));
  form.remove();
  form = null;
  own(comment, ".note").replaceWith(holder.content.querySelector(".note"));
  document.dispatchEvent(new CustomEvent("pulse:count", { detail: { count: answer.count } }));
  say(answer.told || "Comment changed");
  comment.tabIndex = -1;
  comment.focus({ preventScroll: true });
}

function showPreview(html) {
  const preview = form.querySelector(".preview") ?? document.createElement("section");
  preview.className = "preview";
  preview.setAttribute("aria-label", "Preview");
  preview.innerHTML = `<div class="note"><div class="body">${html}</div></div>`; // sanitised by the server
  form.querySelector(".row-b").before(preview);
  say("The preview stands above the buttons");
}

// Deleting: asked in a dialog, since it is for good.

function ask(link) {
  const dialog = document.createElement("dialog");
  dialog.className = "sure";
  dialog.setAttribute("aria-labelledby", "sure-h");
  dialog.innerHTML = `<form method="dialog"><h3 id="sure-h">Delete your comment?</h3>
<p>It will be gone for good. If somebody has answered it, a line in its place says that you deleted it.</p>
<p class="err" role="alert"></p>
<div class="row-b"><button class="btn" value="delete">Delete comment</button><button class="btn alt" value="">Keep it</button></div></form>`;
  discussion.append(dialog);
  dialog.addEventListener("submit", (event) => {
    if (event.submitter?.value !== "delete") return;
    event.preventDefault();
    remove(link, dialog);
  });
  dialog.addEventListener("close", () => dialog.remove());
  dialog.showModal();
}

async function remove(link, dialog) {
  const body = new FormData(document.getElementById("respect")); // its token
  const request = { method: "POST", body, headers: { Accept: "application/json" } };
  const response = await fetch(link.href, request).catch(() => null);
  const answer = response?.headers.get("Content-Type")?.startsWith("application/json") ? await response.json() : null;
  if (!response?.ok || !answer) {
    dialog.querySelector(".err").textContent = answer?.error ?? "Your comment was not deleted. Try again.";
    return;
  }
  dialog.close();
  const comment = link.closest("li");
  const near = comment.parentElement.closest("li") ?? document.getElementById("talk-h");
  if (own(comment, "ol")) {
    const gone = document.createElement("div");
    gone.className = "note gone";
    gone.innerHTML = `<div class="body"><p>Deleted by its author.</p></div>`;
    own(comment, ".note").replaceWith(gone);
  } else comment.remove();
  document.dispatchEvent(new CustomEvent("pulse:count", { detail: { count: answer.count } }));
  say(answer.told);
  near.tabIndex = -1;
  near.focus({ preventScroll: true });
}

discussion.addEventListener("click", (event) => {
  const isPlain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  const link = isPlain && event.target.closest("a[data-edit], a[data-delete], #edit .cancel");
  if (!link) return;
  event.preventDefault();
  if (link.matches("[data-edit]")) edit(link);
  else if (link.matches("[data-delete]")) ask(link);
  else close();
});

discussion.addEventListener("submit", (event) => {
  if (event.target !== form) return;
  event.preventDefault();
  const button = event.submitter ?? form.querySelector("button.btn");
  const done = (answer) => (button.name === "preview" ? showPreview(answer.html) : changed(answer));
  document.dispatchEvent(new CustomEvent("pulse:send", { detail: { form, button, done } }));
});

discussion.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.isComposing && form?.contains(event.target)) close();
});
