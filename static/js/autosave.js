// Keeps what is typed into the article's form: in this browser at once, on the server a moment after typing
// stops. One save runs at a time; each carries a number, so that one that is late cannot undo a later one.

const desk = document.getElementById("desk");
const form = desk?.closest("form");

if (form) {
  const state = form.querySelector(".save-state");
  const said = form.querySelector(".save-said");
  const field = (name) => form.elements.namedItem(name);
  const TEXTS = ["headline", "kicker", "dek", "tldr", "body"];
  const RETRY = 15_000; // milliseconds until a save that failed is tried again
  const MAX_WAIT = 10_000; // milliseconds of steady typing until a save all the same
  const LOCAL_DELAY = 300;

  let sequence = Number(field("sequence").value) || 0;
  let running = false; // a save is on its way
  let changed = false; // typed since the last save began
  let firstChange = 0;
  let timer;
  let localTimer;
  let isLeaving = false;
  let lastSaid = "";

  // Every save is shown; read out are only trouble and its end.
  const say = (sentence, kind = "") => {
    if (kind === "failed" || (kind === "saved" && said.textContent)) said.textContent = kind === "saved" ? "Saved" : sentence;
    state.textContent = sentence;
    state.dataset.kind = kind;
  };

  // In this browser

  const key = () => `pulse:draft:${desk.dataset.article || "new"}:${field("sitting").value}`;

  const entries = () =>
    [...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken");

  // What the form says, to tell typing from a script that only looked at a field.
  const wording = () => JSON.stringify(entries().filter(([name]) => !["base_version", "sitting", "sequence"].includes(name)));
  let kept = wording();

  const keepHere = () => {
    try {
      localStorage.setItem(key(), JSON.stringify({ at: Date.now(), fields: entries() }));
    } catch {
      // No room, or no storage at all: the server's copy has to do.
    }
  };
  const forgetHere = () => localStorage.removeItem(key());

  // On the server

  const settle = (answer) => {
    if (answer.article && !desk.dataset.article) adopt(answer);
    field("base_version").value = answer.version;
    if (answer.sitting) field("sitting").value = answer.sitting;
    const ids = [...form.querySelectorAll('input[name^="impacts-"][name$="-id"]')].filter((input) => isFilled(input));
    if (ids.length === answer.impacts.length) inOrder(ids).forEach((input, index) => (input.value = answer.impacts[index]));
  };

  const row = (input) => input.closest(".inline-related");
  const isFilled = (input) => {
    const inline = row(input);
    if (!inline || inline.classList.contains("empty-form")) return false;
    if (inline.querySelector('input[name$="-DELETE"]')?.checked) return false;
    return [...inline.querySelectorAll("textarea, input[type=text], input[type=date], select")].some((one) => one.value.trim()) ||
      inline.querySelector("input[type=checkbox][name$=lenses]:checked") !== null;
  };
  const inOrder = (ids) =>
    [...ids].sort((one, other) => position(one) - position(other));
  const position = (input) => Number(row(input).querySelector('input[name$="-position"]')?.value ?? 0);

  // A new article got its place: from now on this page is that article's form.
  const adopt = (answer) => {
    forgetHere();
    desk.dataset.article = answer.article;
    desk.dataset.autosave = `${answer.address.replace(/change\/$/, "")}autosave/`;
    desk.dataset.presence = `${answer.address.replace(/change\/$/, "")}presence/`;
    form.action = answer.address;
    history.replaceState(history.state, "", answer.address);
  };

  // What somebody else wrote meanwhile is shown where this window has not touched it.
  const showTheirs = (texts, sent) => {
    for (const name of TEXTS) {
      const box = field(name);
      if (!(name in texts) || !box || box === document.activeElement) continue;
      if (box.value !== sent.get(name)) continue;
      box.value = texts[name];
      box.dispatchEvent(new Event("input", { bubbles: true }));
    }
  };

  const save = async () => {
    if (running || isLeaving) return;
    clearTimeout(timer);
    changed = false;
    firstChange = 0;
    const sent = wording();
    if (sent === kept && state.dataset.kind !== "failed") return say(lastSaid, "saved");
    running = true;
    field("sequence").value = ++sequence;
    const data = new FormData(form);
    say("Saving");
    try {
      const response = await fetch(desk.dataset.autosave, { method: "POST", body: data });
      await take(response, data, sent);
    } catch {
      fail("the connection failed. Your text is kept in this browser.");
    }
    running = false;
    if (changed) soon();
  };

  const take = async (response, data, sent) => {
    const isJson = response.headers.get("Content-Type")?.includes("json");
    const answer = isJson ? await response.json() : {};
    if (response.ok) {
      const wasNew = !desk.dataset.article;
      settle(answer);
      if (!changed) forgetHere();
      if (wasNew) form.dispatchEvent(new CustomEvent("article:created"));
      kept = sent;
      showTheirs(answer.texts, data);
      lastSaid = `Saved ${answer.saved_at}${answer.unseen ? `. ${answer.unseen}` : ""}`;
      say(lastSaid, "saved");
    } else if (response.status === 401) {
      fail("you are signed out. Your text is kept in this browser.");
      document.dispatchEvent(new CustomEvent("pulse:signed-out"));
    } else if (response.status === 403 && !isJson) {
      await refreshToken();
      fail("trying again.", 500);
    } else if (response.status === 409) {
      fail(`${answer.error} Press Save draft to see both and choose.`, 0);
    } else {
      fail(answer.error ?? "the server had a fault. Your text is kept in this browser.", response.status === 422 ? 0 : RETRY);
    }
  };

  const fail = (why, retry = RETRY) => {
    keepHere();
    say(`Not saved: ${why}`, "failed");
    clearTimeout(timer);
    if (retry) timer = setTimeout(save, retry);
  };

  const refreshToken = async () => {
    const response = await fetch(desk.dataset.token);
    if (response.ok) useToken((await response.json()).token);
    else if (response.status === 401) document.dispatchEvent(new CustomEvent("pulse:signed-out"));
  };
  const useToken = (token) => {
    for (const input of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) input.value = token;
  };

  // When

  const soon = () => {
    clearTimeout(timer);
    firstChange ||= Date.now();
    const waited = Date.now() - firstChange;
    timer = setTimeout(save, Math.max(0, Math.min(Number(desk.dataset.delay), MAX_WAIT - waited)));
  };

  const onChange = (event) => {
    if (event.target.closest?.(".story-actions, .conflict, dialog")) return;
    if (event.type === "change" && event.target.matches?.("textarea, input[type=text]")) return; // said by input
    if (!running && wording() === kept) return;
    changed = true;
    field("sequence").value = sequence + 1;
    if (!running) say("Unsaved changes", "unsaved");
    clearTimeout(localTimer);
    localTimer = setTimeout(keepHere, LOCAL_DELAY);
    if (!running && !form.querySelector(".conflict")) soon();
  };
  form.addEventListener("input", onChange);
  form.addEventListener("change", onChange);
  document.addEventListener("formset:removed", () => onChange({ target: form }));
  window.django?.jQuery?.(form).on("change", "select", (event) => onChange(event)); // select2 speaks jQuery only

  document.addEventListener("pulse:signed-in", (event) => {
    useToken(event.detail.token);
    save();
  });

  form.addEventListener("submit", () => {
    clearTimeout(timer);
    clearTimeout(localTimer);
    isLeaving = true;
    field("sequence").value = ++sequence;
    keepHere(); // should the answer never come; the page that follows finds that it is stored
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) isLeaving = false;
  });

  window.addEventListener("beforeunload", (event) => {
    if (isLeaving || wording() === kept) return;
    keepHere();
    event.preventDefault();
  });
  // Held while this window lives, so that recovery.js in another one leaves its text alone.
  navigator.locks?.request(`pulse:${field("sitting").value}`, () => new Promise(() => {}));
  if (form.querySelector(".errornote")) {
    keepHere();
    say("Not saved yet: see the messages above", "failed");
  }
  window.addEventListener("online", () => state.dataset.kind === "failed" && save());
}
