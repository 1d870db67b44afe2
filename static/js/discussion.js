// Posts, previews, answers and respects without leaving the page; discussion-own.js changes and deletes one's
// own. Without script the same forms and links work with a page load each: a reply link opens its form on a new
// page, a form leads to the posted comment.
//
// Events on the document for the other scripts of the discussion: `pulse:posted` {form} once the words of a form
// are stored, `pulse:opened` {form} when a form has come onto the page. They may ask for what is done here:
// `pulse:send` {form, done} posts a form of theirs, `pulse:say` {text} reads a sentence out, `pulse:count`.

const discussion = document.getElementById("discussion");
const said = document.getElementById("discussion-said"); // the one live region
const TROUBLE = "Your comment was not posted: the connection failed. Your text is still here. Try again.";
const UNEXPECTED = "Your comment was not posted. Copy your text, load this page again and try once more.";
const LEVELS = 3;

// Errors stand beside the field, where the server puts them too.

function clearError(form) {
  form.querySelector(".err")?.remove();
  form.querySelector(".field").classList.remove("bad");
  const field = form.elements.body;
  field.removeAttribute("aria-invalid");
  field.setAttribute("aria-describedby", `${form.id}-hint`);
}

function showError(form, sentence, link) {
  clearError(form);
  const error = document.createElement("span");
  error.className = "err";
  error.id = `${form.id}-error`;
  error.setAttribute("role", "alert");
  const field = form.elements.body;
  field.before(error);
  error.textContent = `Error: ${sentence} `; // after it is in the page, so that it is read out
  if (link) error.append(link);
  form.querySelector(".field").classList.add("bad");
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-describedby", `${form.id}-hint ${error.id}`);
  field.focus();
}

function signInLink() {
  const link = document.createElement("a");
  const back = `${location.pathname}${location.search}#discussion`;
  link.href = `${discussion.dataset.signIn}?next=${encodeURIComponent(back)}`;
  link.textContent = "Sign in";
  return link;
}

// Sending

const isBusy = (form) => form.getAttribute("aria-busy") === "true";

function setBusy(form, button, busy) {
  button.dataset.label ??= button.textContent;
  button.setAttribute("aria-disabled", String(busy)); // not `disabled`, which would lose the focus
  button.textContent = busy ? (button.name === "preview" ? "Rendering" : "Posting") : button.dataset.label;
  form.setAttribute("aria-busy", String(busy));
}

async function ask(address, body) {
  const request = { method: "POST", body, headers: { Accept: "application/json" } };
  const response = await fetch(address, request);
  const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
  return [response.status, isJson ? await response.json() : null];
}

// Who signed in again in another window has a new token there: take it, and try once more.
async function send(address, body) {
  const answer = await ask(address, body);
  if (answer[0] !== 403 || answer[1]) return answer;
  const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
  const token = page.querySelector("#discussion [name=csrfmiddlewaretoken]")?.value;
  if (!token) return [401, { error: "You are signed out. Sign in, then send this again." }];
  for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
  body.set("csrfmiddlewaretoken", token);
  return ask(address, body);
}

// Sends a form, and gives `done` the answer. Whatever goes wrong, the words stay and the reason is beside them.
async function submit(form, button, done) {
  if (isBusy(form)) return; // a second press or Enter changes nothing
  const body = new FormData(form);
  if (button.name) body.append(button.name, button.value);
  setBusy(form, button, true);
  said.textContent = "";
  const [status, answer] = await send(form.action, body).catch(() => [0, { error: TROUBLE }]);
  setBusy(form, button, false);
  if (status === 200 || status === 201) done(answer, button);
  else showError(form, answer?.error ?? UNEXPECTED, status === 401 ? signInLink() : null);
}

function answered(form, answer, button) {
  if (button.name === "preview") showPreview(form, answer.html);
  else if (answer.status === "rejected") showError(form, answer.told);
  else posted(form, answer);
}

// Posting

function showPreview(form, html) {
  clearError(form);
  const preview = form.querySelector(".preview") ?? document.createElement("section");
  preview.className = "preview";
  preview.setAttribute("aria-label", "Preview");
  preview.innerHTML = `<div class="note"><div class="body">${html}</div></div>`; // sanitised by the server
  form.querySelector(".row-b").before(preview);
  said.textContent = "The preview stands above the buttons";
}

function posted(form, answer) {
  const parent = form.elements.parent ? document.getElementById(`comment-${form.elements.parent.value}`) : null;
  const comment = insert(answer.html, parent);
  clearError(form);
  form.reset();
  form.querySelector(".preview")?.remove();
  document.dispatchEvent(new CustomEvent("pulse:posted", { detail: { form } }));
  if (form === reply) closeReply();
  showCount(answer.count);
  said.textContent = answer.told || "Comment posted";
  comment.tabIndex = -1;
  location.replace(`#${comment.id}`); // marks it as the one that was meant
  comment.focus({ preventScroll: true });
}

function insert(html, parent) {
  const holder = document.createElement("template");
  holder.innerHTML = html; // rendered and sanitised by the server
  const comment = holder.content.querySelector("li");
  const there = document.getElementById(comment.id);
  if (there) return there; // the same form sent twice is one comment
  listFor(parent).append(comment);
  return comment;
}

// The list a new comment goes to the end of: the discussion's, or the one under what it answers. An answer
// at the last level stands beside what it answers.
function listFor(parent) {
  if (!parent) return discussion.querySelector(".thread") ?? firstThread();
  let level = 1;
  for (let list = parent.parentElement.closest("li"); list; list = list.parentElement.closest("li")) level += 1;
  if (level >= LEVELS) return parent.parentElement;
  const list = [...parent.children].find((child) => child.localName === "ol");
  if (list) return list;
  const made = document.createElement("ol");
  parent.querySelector(":scope > .note").after(made);
  return made;
}

function firstThread() {
  const thread = document.createElement("ol");
  thread.className = "thread";
  discussion.querySelector(".empty").replaceWith(thread);
  return thread;
}

function showCount(count) {
  const [number, word] = document.querySelectorAll("#talk-h .num, #talk-h .vh");
  number.textContent = count.toLocaleString("en-GB");
  word.textContent = count === 1 ? " comment" : " comments";
  for (const link of document.querySelectorAll('.meta a[href="#discussion"]')) {
    link.textContent = number.textContent + word.textContent;
  }
}

// Answering: one form, which moves with its words to the comment that is answered.

const reply =
  document.getElementById("reply") ??
  document.getElementById("reply-form").content.firstElementChild.cloneNode(true);

function openReply(link) {
  if (isBusy(reply)) return;
  const comment = link.closest("li");
  clearError(reply);
  reply.elements.parent.value = link.dataset.reply;
  reply.querySelector("label").textContent = link.textContent;
  reply.querySelector(".cancel").href = `#${comment.id}`;
  reply.dataset.draft = reply.dataset.draft.replace(/\d+$/, link.dataset.reply);
  comment.querySelector(":scope > .note").after(reply);
  document.dispatchEvent(new CustomEvent("pulse:opened", { detail: { form: reply } }));
  reply.elements.body.focus();
}

function closeReply() {
  if (isBusy(reply)) return;
  const link = reply.closest("li").querySelector("[data-reply]");
  reply.remove();
  link.focus();
}

// Respect

async function press(button) {
  if (button.getAttribute("aria-disabled") === "true") return;
  const body = new FormData(document.getElementById("respect"));
  body.append("given", button.value);
  button.setAttribute("aria-disabled", "true");
  const [status, answer] = await send(button.formAction, body).catch(() => [0, null]);
  button.removeAttribute("aria-disabled");
  if (status === 401) location.assign(signInLink().href);
  if (status !== 200) {
    said.textContent = answer?.error ?? "That did not work. Try again.";
    return;
  }
  button.setAttribute("aria-pressed", String(answer.given));
  button.value = answer.given ? "0" : "1";
  button.querySelector(".num").textContent = answer.count;
}

// Wiring. The browser has checked `required` before it says submit; the server says when a text is too long.

discussion.addEventListener("submit", (event) => {
  const { target: form, submitter: button } = event;
  if (!form.dataset.draft || form.dataset.own) return;
  event.preventDefault();
  submit(form, button ?? form.querySelector("button.btn"), (answer, by) => answered(form, answer, by));
});

discussion.addEventListener("click", (event) => {
  const isPlain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  const there = isPlain && event.target.closest("a[data-reply], #reply .cancel, button.respect");
  if (!there) return;
  event.preventDefault();
  if (there.matches("button")) press(there);
  else if (there.dataset.reply) openReply(there);
  else closeReply();
});

discussion.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.isComposing && reply.contains(event.target)) closeReply();
});

document.addEventListener("pulse:say", ({ detail }) => {
  said.textContent = detail.text;
});
document.addEventListener("pulse:count", ({ detail }) => showCount(detail.count));
document.addEventListener("pulse:send", ({ detail }) => submit(detail.form, detail.button, detail.done));
