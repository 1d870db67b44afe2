// What the article page does for its reader beyond being read: it says what changed since they read it, keeps
// stories for later, marks the part being read in the list of parts, copies or shares the link, and offers to
// quote what is selected.
// What is kept, is kept in this browser and sent nowhere (ADR 0016). Without this script nothing is missing
// but that.
//
// One file, since each more would be one more request before the first view. A classic script right below
// the note of what changed, so that the note is shown before the rest is drawn, and nothing moves; deferred
// where there is no note.

{
  const READ_AFTER = 10_000; // milliseconds with the page in view
  const REMEMBERED = 300; // stories read, the last ones
  const SAVED = 100; // stories for later, the newest
  const PATH = location.pathname;
  const { story, version, terms } = document.currentScript.closest("article").dataset;

  function kept(name) {
    try {
      const list = JSON.parse(localStorage.getItem(name));
      return Array.isArray(list) ? list : [];
    } catch {
      return []; // a private window, or nothing of ours
    }
  }

  function keep(name, list) {
    try {
      localStorage.setItem(name, JSON.stringify(list));
      return true;
    } catch {
      return false; // a private window, or no room
    }
  }

  // What changed since: [story, the version that was read, when], one for each story read.

  function showChanges() {
    const note = document.getElementById("since-you-read");
    const read = kept("read").find(([other]) => other === story);
    if (!note || !read) return;
    for (const part of note.querySelectorAll("[data-changed],[data-corrected]")) {
      const { changed, corrected } = part.dataset;
      part.hidden = changed ? Date.parse(changed) <= read[1] : Date.parse(corrected) <= read[2];
      if (!part.hidden) note.hidden = false;
    }
  }

  function rememberReading() {
    let left = READ_AFTER;
    let timer;
    let since;
    const remember = () => {
      const others = kept("read").filter(([other]) => other !== story);
      keep("read", [...others, [story, Date.parse(version), Date.now()]].slice(-REMEMBERED));
    };
    const watch = () => {
      clearTimeout(timer);
      if (since) left -= Date.now() - since;
      since = document.visibilityState === "visible" ? Date.now() : 0;
      if (since) timer = setTimeout(remember, Math.max(left, 0));
    };
    watch();
    document.addEventListener("visibilitychange", watch);
  }

  // Save for later; static/js/reading-list.js shows what was saved.

  function offerSaving() {
    const button = document.getElementById("save");
    const said = document.getElementById("saved");
    const isSaved = () => kept("reading-list").some(({ path }) => path === PATH);
    const mark = () => button.setAttribute("aria-pressed", String(isSaved()));
    button.addEventListener("click", () => {
      const { headline, section, list } = button.dataset;
      const others = kept("reading-list").filter(({ path }) => path !== PATH);
      const wanted = isSaved() ? others : [{ path: PATH, headline, section, at: Date.now() }, ...others];
      const isKept = keep("reading-list", wanted.slice(0, SAVED));
      mark();
      const link = Object.assign(document.createElement("a"), { href: list, textContent: "reading list" });
      if (!isKept) said.textContent = "This browser keeps nothing, so it cannot save stories.";
      else if (isSaved()) said.replaceChildren("Saved to your ", link);
      else said.replaceChildren("Removed from your ", link);
    });
    mark();
    addEventListener("storage", mark); // saved or removed in another tab
    addEventListener("pageshow", mark);
  }

  // The part being read is the last whose beginning is above a line a third of the way down the window.

  function markPart() {
    const parts = new Map(); // the beginning of a part → the links to it
    for (const link of document.querySelectorAll(".rail a")) {
      const part = document.getElementById(decodeURIComponent(link.hash.slice(1)));
      if (part) parts.set(part, [...(parts.get(part) ?? []), link]);
    }
    const begun = new Set();
    const mark = (entries) => {
      for (const entry of entries) begun[entry.isIntersecting ? "add" : "delete"](entry.target);
      const here = [...parts.keys()].filter((part) => begun.has(part)).at(-1);
      for (const [part, links] of parts) {
        for (const link of links) {
          if (part === here) link.setAttribute("aria-current", "location");
          else link.removeAttribute("aria-current");
        }
      }
    };
    // What is above the window counts as begun, however far.
    const line = new IntersectionObserver(mark, { rootMargin: "1000000px 0px -66% 0px" });
    for (const part of parts.keys()) line.observe(part);
  }

  // Sharing, with nobody in between: the clipboard, and the device's own panel where it has one.

  function offerSharing() {
    const panel = document.getElementById("share");
    const address = panel.querySelector("input");
    const said = panel.querySelector("[role=status]");
    const device = panel.querySelector("[data-share=device]");
    const url = address.value;
    const copy = async (text) => {
      try {
        await navigator.clipboard.writeText(text);
        return true;
      } catch {
        address.value = text; // over plain HTTP there is no clipboard to write to
        address.select();
        return document.execCommand("copy");
      }
    };
    const copyAndSay = async (text, done) => {
      said.textContent = (await copy(text)) ? done : "Press Ctrl+C to copy it";
    };
    panel.addEventListener("click", (event) => {
      const what = event.target.closest("button")?.dataset.share;
      const summary = document.querySelector(".tldr p")?.textContent;
      if (what === "link") copyAndSay(url, "Link copied");
      if (what === "summary") copyAndSay(`${summary}\n\n${url}`, "TL;DR and link copied");
      if (what === "device") navigator.share({ title: document.title, url }).catch(() => {}); // or thought better of
    });
    panel.addEventListener("toggle", () => {
      said.textContent = "";
      address.value = url;
    });
    device.hidden = !navigator.share;
  }

  // What is selected can be quoted and asked about; the menu is fetched when somebody first selects something,
  // or is back from signing in to quote it.

  function offerQuoting() {
    const address = document.querySelector("article[data-selection]").dataset.selection;
    if (!("popover" in HTMLElement.prototype)) return;
    const begin = () => {
      if (getSelection().isCollapsed || !getSelection().anchorNode?.parentElement?.closest("[data-part]")) return;
      document.removeEventListener("selectionchange", begin);
      import(address);
    };
    document.addEventListener("selectionchange", begin);
    try {
      if (sessionStorage.getItem(`quote ${PATH}`)) import(address);
    } catch {
      // a private window, where nothing was kept
    }
  }

  // The discussion's script, once the discussion is near

  function fetchDiscussion() {
    const discussion = document.getElementById("discussion");
    if (!discussion) return;
    const near = new IntersectionObserver(
      ([entry]) => {
        if (!entry.isIntersecting) return;
        near.disconnect();
        import(discussion.dataset.script);
      },
      { rootMargin: "100% 0px" },
    );
    near.observe(discussion);
  }

  function offerAll() {
    rememberReading();
    offerSaving();
    markPart();
    offerSharing();
    offerQuoting();
    fetchDiscussion();
    if (terms) import(terms); // until it is there, a term is a link to its card
  }

  showChanges();
  // Nobody needs the rest before there is something to read: after the first frame, which a hidden tab waits for.
  document.addEventListener("DOMContentLoaded", () => requestAnimationFrame(() => setTimeout(offerAll)));
}
