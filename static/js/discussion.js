// Posts comments and answers without leaving the page. Without this script the same forms and links work
// with a page load each: a reply link opens its form on a new page, a form leads to the posted comment.

const discussion = document.getElementById("discussion");
const said = document.getElementById("discussion-said"); // the one live region
const DRAFT = `draft ${location.pathname}`;
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

// Posting

function setBusy(form, busy) {
  const button = form.querySelector("button");
  button.setAttribute("aria-disabled", String(busy)); // not `disabled`, which would lose the focus
  button.textContent = busy ? "Posting" : "Post comment";
  form.setAttribute("aria-busy", String(busy));
}

const isBusy = (form) => form.getAttribute("aria-busy") === "true";

async function post(form) {
  if (isBusy(form)) return; // a second press or Enter changes nothing
  setBusy(form, true);
  said.textContent = "";
  const [status, answer] = await send(form).catch(() => [0, { error: TROUBLE }]);
  setBusy(form, false);
  if (status === 201) posted(form, answer);
  else showError(form, answer.error ?? UNEXPECTED, status === 401 ? signInLink() : null);
}

async function send(form) {
  const request = { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } };
  const response = await fetch(form.action, request);
  const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
  return [response.status, isJson ? await response.json() : {}];
}

function posted(form, answer) {
  const parent = form.elements.parent ? document.getElementById(`comment-${form.elements.parent.value}`) : null;
  const comment = insert(answer.html, parent);
  clearError(form);
  form.reset();
  if (form === reply) closeReply();
  else sessionStorage.removeItem(DRAFT);
  showCount(answer.count);
  said.textContent = "Comment posted";
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
  comment.querySelector(":scope > .note").after(reply);
  reply.elements.body.focus();
}

function closeReply() {
  if (isBusy(reply)) return;
  const link = reply.closest("li").querySelector("[data-reply]");
  reply.remove();
  link.focus();
}

// Wiring. The browser has checked `required` before it says submit; the server says when a text is too long.

discussion.addEventListener("submit", (event) => {
  event.preventDefault();
  post(event.target);
});

discussion.addEventListener("click", (event) => {
  const isPlain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  const link = isPlain && event.target.closest("a[data-reply], #reply .cancel");
  if (!link) return;
  event.preventDefault();
  if (link.dataset.reply) openReply(link);
  else closeReply();
});

discussion.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.isComposing && reply.contains(event.target)) closeReply();
});

// A draft outlives a reload and a walk through sign-in, in this tab only.

const main = document.getElementById("comment");
main.elements.body.value ||= sessionStorage.getItem(DRAFT) ?? "";
main.addEventListener("input", () => sessionStorage.setItem(DRAFT, main.elements.body.value));
