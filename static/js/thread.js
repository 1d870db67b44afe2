// More of a discussion without a page load, and a button for what is said meanwhile. Without this script the
// same links lead to pages, and a reload shows what is new. static/js/article.js fetches it when the
// discussion comes near.

const discussion = document.getElementById("discussion");
const LEVELS = 3;
const SLOWER = 1.5; // how much longer each wait is than the one before
const LONGEST = 300_000; // milliseconds

const said = document.createElement("p");
said.className = "vh";
said.setAttribute("role", "status");
discussion.append(said);

const numberOf = (comment) => Number(comment.id.slice("comment-".length));
const inWords = (number, word) => `${number.toLocaleString("en-GB")} ${word}${number === 1 ? "" : "s"}`;
const own = (element, selector) => element.querySelector(`:scope > ${selector}`);

function listUnder(comment) {
  const list = own(comment, "ol");
  if (list) return list;
  const made = document.createElement("ol");
  const more = own(comment, ".more");
  if (more) more.before(made);
  else comment.append(made);
  return made;
}

function mainList() {
  const list = discussion.querySelector(".thread");
  if (list) return list;
  const made = document.createElement("ol");
  made.className = "thread";
  discussion.querySelector(".empty").replaceWith(made);
  return made;
}

function goTo(comment) {
  comment.tabIndex = -1;
  comment.focus({ preventScroll: true });
}

// More of it: the page that the link leads to, taken into this one.

function merge(list, from, added) {
  for (const comment of [...from.children]) {
    const here = document.getElementById(comment.id);
    if (!here) {
      list.append(comment);
      added.push(comment, ...comment.querySelectorAll("li[id^=comment-]"));
    } else if (own(comment, "ol")) merge(listUnder(here), own(comment, "ol"), added);
  }
}

function replaceMore(old, fresh) {
  if (fresh) old.replaceWith(fresh);
  else old.remove();
}

async function showMore(link) {
  if (link.getAttribute("aria-disabled") === "true") return;
  link.setAttribute("aria-disabled", "true");
  const page = await load(link.href).catch(() => null);
  const thread = link.closest(".thread li");
  const there = page?.getElementById(thread ? thread.id : "discussion");
  if (!there) {
    location.assign(link.href);
    return;
  }
  const added = [];
  if (thread) merge(listUnder(thread), own(there, "ol") ?? document.createElement("ol"), added);
  else merge(mainList(), there.querySelector(".thread"), added);
  const more = link.closest(".more");
  const next = thread ? own(there, ".more") : there.querySelector(":scope > .more [rel=next]")?.closest(".more");
  replaceMore(more, next);
  said.textContent = `${inWords(added.length, "more comment")} shown`;
  if (added.length) goTo(added[0]);
}

async function load(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(String(response.status));
  return new DOMParser().parseFromString(await response.text(), "text/html");
}

discussion.addEventListener("click", (event) => {
  const isPlain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  const link = isPlain && event.target.closest("a[data-more]");
  if (!link) return;
  event.preventDefault();
  showMore(link);
});

// What is said meanwhile: asked for while the page is in view, ever less often while nothing comes.

const address = discussion.dataset.new;
let last = Number(discussion.dataset.after);
let wait = Number(discussion.dataset.seconds) * 1_000;
let timer = 0;
let isOver = !address;

const button = document.createElement("button");
button.type = "button";
button.className = "btn";
const holder = document.createElement("p");
holder.className = "fresh";
holder.hidden = true;
holder.append(button);
discussion.append(holder);

function ask() {
  clearTimeout(timer);
  if (!isOver && document.visibilityState === "visible") timer = setTimeout(look, wait);
}

async function look() {
  const response = await fetch(`${address}?after=${last}`, { credentials: "omit" }).catch(() => null);
  wait = Math.min(wait * SLOWER, LONGEST);
  if (response?.ok) show(await response.json());
  else if (response && response.status < 500) isOver = true;
  ask();
}

function show({ count, total, open }) {
  isOver = !open;
  // Some of them may be here: the reader's own, and those on a page that was loaded since.
  const here = discussion.querySelectorAll("li[id^=comment-]:not(:has(> .wait))");
  const number = count - [...here].filter((comment) => numberOf(comment) > last).length;
  const words = inWords(Math.max(0, number), "new comment");
  holder.hidden = number <= 0;
  button.dataset.total = total;
  if (number > 0 && button.textContent !== words) {
    button.textContent = words;
    said.textContent = words;
    wait = Number(discussion.dataset.seconds) * 1_000;
  }
}

async function bring() {
  const page = await load(`${address}list/?after=${last}`).catch(() => null);
  if (!page) return;
  const added = [];
  for (const comment of page.querySelectorAll("li")) {
    last = Math.max(last, numberOf(comment));
    if (document.getElementById(comment.id)) continue;
    putInPlace(comment);
    comment.classList.add("is-new");
    added.push(comment);
  }
  holder.hidden = true;
  showTotal(Number(button.dataset.total));
  said.textContent = `${inWords(added.length, "new comment")} shown`;
  if (added.length) {
    goTo(added[0]);
    added[0].scrollIntoView({ block: "nearest" });
  }
  ask();
}

// Under what it answers, or beside that at the last level. What answers something on another page, and a new
// thread where this page does not end with the newest, stands on top.
function putInPlace(comment) {
  const parent = document.getElementById(`comment-${comment.dataset.parent}`);
  const root = document.getElementById(`comment-${comment.dataset.root}`);
  if (parent) {
    const isDeep = levelOf(parent) >= LEVELS;
    if (!isDeep) comment.querySelector(".to")?.remove();
    (isDeep ? parent.parentElement : listUnder(parent)).append(comment);
  } else if (root) listUnder(root).append(comment);
  else if (!comment.dataset.root && endsWithNewest()) mainList().append(comment);
  else mainList().prepend(comment);
}

function levelOf(comment) {
  let level = 1;
  for (let up = comment.parentElement.closest("li"); up; up = up.parentElement.closest("li")) level += 1;
  return level;
}

function endsWithNewest() {
  return !discussion.querySelector(":scope > .more [rel=next]") && !location.search.includes("sort=");
}

function showTotal(total) {
  const [number, word] = document.querySelectorAll("#talk-h .num, #talk-h .vh");
  number.textContent = total.toLocaleString("en-GB");
  word.textContent = total === 1 ? " comment" : " comments";
}

button.addEventListener("click", bring);
document.addEventListener("visibilitychange", ask);
ask();
