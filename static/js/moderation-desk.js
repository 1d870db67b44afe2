// The moderators’ desk by keyboard: the same forms, sent in the background, and the next comment there at once.
//
// A decision leaves the list before the server has answered. If the server refuses it, the comment comes back to
// the top of the list with the reason, so that nothing is taken for decided that is not.

const desk = document.querySelector(".moderation");
const file = desk.querySelector("#file");
const list = desk.querySelector("#rows");
const said = desk.querySelector("#said");
const keys = desk.querySelector("#keys");
const undo = desk.querySelector('[data-act="undo"]');
const more = desk.querySelector(".moderation-more");
const queue = desk.dataset.queue;
const FIELDS = 'input:not([type="checkbox"]), textarea, select, [contenteditable]';
const FEW = 8; // rows left when others are fetched
const AHEAD = 3; // comments fetched before they are asked for

const files = new Map(); // a comment’s number → the promise of its HTML
let sending = Promise.resolve(); // one after the other, in the order of the decisions
let hasMore = desk.dataset.more === "yes";
let loading = null;

const rows = () => [...list.children];
const current = () => list.querySelector("[aria-current]");
const inHand = () => file.querySelector("[data-comment]")?.dataset.comment ?? "";
const rowOf = (number) => list.querySelector(`[data-comment="${number}"]`);

const say = (text, isTrouble = false) => {
  const line = document.createElement("span");
  line.textContent = text;
  if (isTrouble) line.className = "desk-flag";
  said.replaceChildren(line);
};

// Fetching

const fetchFile = (number) => {
  if (!files.has(number)) {
    const answer = fetch(`${desk.dataset.file}${number}/?queue=${queue}`).then((response) => {
      if (!response.ok || response.redirected) throw new Error("not loaded");
      return response.text();
    });
    answer.catch(() => files.delete(number));
    files.set(number, answer);
  }
  return files.get(number);
};

const fetchRows = async () => {
  const last = rows().at(-1)?.dataset.comment ?? lastGone;
  const response = await fetch(`${desk.dataset.rows}?queue=${queue}&after=${last}`);
  if (!response.ok || response.redirected) throw new Error("not loaded");
  const holder = document.createElement("template");
  holder.innerHTML = await response.text();
  for (const row of [...holder.content.querySelectorAll("li")]) {
    if (!rowOf(row.dataset.comment) && !leaving.has(row.dataset.comment)) list.append(row);
  }
  hasMore = response.headers.get("X-More") === "yes";
  more.hidden = !hasMore;
};

const refill = () => {
  if (!hasMore || loading || rows().length > FEW) return loading;
  loading = fetchRows()
    .catch(() => say("More could not be loaded. Load the page again.", true))
    .finally(() => (loading = null));
  return loading;
};

const lookAhead = () => {
  const all = rows();
  const place = Math.max(0, all.indexOf(current()));
  for (const row of all.slice(place, place + AHEAD)) fetchFile(row.dataset.comment).catch(() => {});
};

// Showing

const leaving = new Set(); // decided here, and not yet known to be undone
let lastGone = 0; // the last comment of the list that left it
let shownAt = 0; // counts what was asked for: a slower answer is not shown over a later one

const show = async (number, { focus = true } = {}) => {
  const turn = ++shownAt;
  for (const row of rows()) row.removeAttribute("aria-current");
  const row = rowOf(number);
  row?.setAttribute("aria-current", "true");
  row?.scrollIntoView({ block: "nearest" });
  file.setAttribute("aria-busy", "true");
  try {
    const html = await fetchFile(number);
    if (turn !== shownAt) return;
    file.innerHTML = html;
    if (focus) (file.querySelector("[data-focus]") ?? file).focus({ preventScroll: true });
    if (focus && file.getBoundingClientRect().top < 0) file.scrollIntoView({ block: "start" });
  } catch {
    if (turn === shownAt) say("This comment could not be loaded. Check the connection and try again.", true);
  } finally {
    if (turn === shownAt) file.removeAttribute("aria-busy");
  }
  refill();
  lookAhead();
};

const showNothing = () => {
  shownAt++;
  file.replaceChildren(desk.querySelector("#nothing-left").content.cloneNode(true));
  file.removeAttribute("aria-busy");
  file.focus({ preventScroll: true });
  desk.querySelector(".moderation-bulk").hidden = true;
};

const showNext = async (after) => {
  if (after) return show(after.dataset.comment);
  await refill();
  const [first] = rows();
  return first ? show(first.dataset.comment) : showNothing();
};

const take = (number) => {
  const row = rowOf(number);
  leaving.add(number);
  files.delete(number);
  if (!row) return { row: null, after: rows()[0] ?? null };
  const after = row.nextElementSibling ?? row.previousElementSibling;
  lastGone = number;
  row.remove();
  return { row, after };
};

const giveBack = (number, row) => {
  leaving.delete(number);
  files.delete(number);
  if (!row) return;
  row.removeAttribute("aria-current");
  row.classList.add("again");
  // What was seen is no longer so: its box is ticked anew after reading.
  row.querySelector("input").checked = false;
  list.prepend(row);
};

// Sending

class Refused extends Error {}

const send = async (address, body) => {
  let response;
  try {
    response = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" } });
  } catch {
    throw new Refused("There is no connection. Nothing was decided.");
  }
  const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
  if (!isJson) throw new Refused(response.redirected ? "You are signed out. Load the page again." : "The site did not answer. Nothing was decided.");
  const answer = await response.json();
  if (answer.error) throw new Refused(answer.error);
  for (const [name, number] of Object.entries(answer.queues)) {
    desk.querySelector(`[data-number="${name}"]`).textContent = number;
  }
  return answer;
};

const inTurn = (step) => {
  sending = sending.then(step, step);
  return sending;
};

const bodyOf = (form, button) => {
  const body = new FormData(form);
  if (button?.name && !body.has(button.name)) body.append(button.name, button.value);
  return body;
};

const trouble = (error) => say(error instanceof Refused ? error.message : "Something went wrong. Load the page again.", true);

/** Approve or reject the comment in hand: it leaves at once and comes back if the server says no. */
const decide = (form, button) => {
  const body = bodyOf(form, button);
  const number = body.get("comment");
  const leaves = !(queue === "newest" && body.get("verb") === "approve");
  const { row, after } = leaves ? take(number) : { row: null, after: rowOf(number)?.nextElementSibling };
  say(body.get("verb") === "approve" ? "Approving…" : "Rejecting…");
  showNext(after);
  inTurn(async () => {
    try {
      const answer = await send(form.action, body);
      const [reason] = Object.values(answer.refused);
      if (reason) throw new Refused(reason);
      say(answer.said);
      undo.hidden = false;
    } catch (error) {
      if (leaves) giveBack(number, row);
      trouble(error);
      if (row && !inHand()) show(number);
    }
  });
};

const bulk = (form, button) => {
  const body = bodyOf(form, button);
  const ticked = body.getAll("seen").map((seen) => seen.split(".")[0]);
  if (!ticked.length) return say("Tick a comment first.", true);
  if (body.get("verb") === "reject" && !body.get("reason")) {
    say("Choose the rule that they break.", true);
    return form.elements.namedItem("reason").focus();
  }
  inTurn(async () => {
    try {
      const answer = await send(form.action, body);
      const reasons = Object.values(answer.refused);
      for (const number of ticked) {
        if (number in answer.refused) giveBack(number, rowOf(number));
        else take(number);
      }
      say([answer.said, ...new Set(reasons)].join(" "), reasons.length > 0);
      undo.hidden = false;
      if (ticked.includes(inHand())) await showNext(rows()[0]);
      else refill();
    } catch (error) {
      trouble(error);
    }
  });
};

/** What changes the comment in hand and leaves it there: a pick, a pin, a suspension. */
const act = (form, button) => {
  const body = bodyOf(form, button);
  inTurn(async () => {
    try {
      const answer = await send(form.action, body);
      undo.hidden = false;
      files.clear();
      await show(body.get("comment"));
      say(answer.said);
    } catch (error) {
      trouble(error);
    }
  });
};

/** Step by step until nothing is left; what stops it in the middle leaves the rest to the next time. */
const removeEverything = (form, button) => {
  const body = bodyOf(form, button);
  button.disabled = true;
  inTurn(async () => {
    let removed = 0;
    try {
      for (let left = 1; left; ) {
        const answer = await send(form.action, body);
        body.set("batch", answer.batch);
        removed += 1;
        left = answer.left;
        say(answer.said);
      }
      location.assign(`?queue=${queue}`);
    } catch (error) {
      button.disabled = false;
      trouble(error);
      if (removed) files.clear();
    }
  });
};

const takeBack = (form) =>
  inTurn(async () => {
    try {
      const answer = await send(form.action, bodyOf(form));
      for (const number of answer.comments ?? []) leaving.delete(String(number));
      files.clear();
      const page = await fetch(`${desk.dataset.rows}?queue=${queue}&after=0`);
      if (page.ok && !page.redirected) {
        list.innerHTML = await page.text();
        hasMore = page.headers.get("X-More") === "yes";
        more.hidden = !hasMore;
        desk.querySelector(".moderation-bulk").hidden = !rows().length;
      }
      const [first] = answer.comments ?? [];
      await (first ? show(String(first)) : showNext(rows()[0]));
      say(answer.said);
    } catch (error) {
      trouble(error);
    }
  });

const ACTS = { approve: decide, reject: decide, bulk, undo: takeBack, remove: removeEverything };

desk.addEventListener("submit", (event) => {
  const name = event.target.dataset.act;
  if (!name) return;
  event.preventDefault();
  (ACTS[name] ?? act)(event.target, event.submitter);
});

desk.addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || !link) return;
  if (link.dataset.loadMore !== undefined) {
    event.preventDefault();
    loading ??= fetchRows().finally(() => (loading = null));
  } else if (link.closest("#rows li")) {
    event.preventDefault();
    show(link.closest("li").dataset.comment);
  }
});

// Keys

const step = (by) => {
  const all = rows();
  const place = all.indexOf(current());
  const next = all[place < 0 ? 0 : place + by];
  if (next) show(next.dataset.comment);
};

const press = (selector) => {
  const button = file.querySelector(selector);
  if (button) button.click();
  return Boolean(button);
};

const openChoice = (name) => {
  const choice = file.querySelector(`details[data-opens="${name}"]`);
  if (!choice) return;
  for (const other of file.querySelectorAll("details[data-opens][open]")) if (other !== choice) other.open = false;
  choice.open = true;
  choice.querySelector('[data-digit], [name="sure"]').focus();
};

const close = () => {
  const open = file.querySelector("details[data-opens][open]");
  if (!open) return;
  open.open = false;
  open.querySelector("summary").focus();
};

const KEYS = {
  j: () => step(1),
  ArrowDown: () => step(1),
  k: () => step(-1),
  ArrowUp: () => step(-1),
  a: () => press('[data-act="approve"] button'),
  r: () => openChoice("r"),
  s: () => openChoice("s"),
  x: () => openChoice("x"),
  p: () => press('[data-act="pick"] button'),
  u: () => undo.hidden || undo.querySelector("button").click(),
  v: () => current()?.querySelector("input").click(),
  Escape: close,
  "?": () => keys.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (document.querySelector("dialog[open]")) return;
  const isTyping = event.target.closest?.(FIELDS);
  if (isTyping && event.key !== "Escape") return;
  const digit = /^[1-9]$/.test(event.key) && file.querySelector(`details[data-opens][open] [data-digit="${event.key}"]`);
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const does = digit ? () => digit.click() : KEYS[key];
  if (!does || (event.repeat && !["j", "k", "ArrowDown", "ArrowUp"].includes(key))) return;
  if (event.key.startsWith("Arrow") && event.target.closest?.("details[open], nav, summary")) return;
  event.preventDefault();
  does();
});

const help = desk.querySelector("[data-help]");
help.hidden = false;
help.addEventListener("click", () => keys.showModal());
lookAhead();
