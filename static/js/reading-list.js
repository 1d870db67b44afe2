// Shows the stories that this browser keeps for later, the newest first, and removes them
// (static/js/article.js saves them). What is kept is text, and is only ever written as text.

const KEY = "reading-list";
const list = document.getElementById("reading-list");
const row = document.getElementById("saved-story").content;
const empty = document.getElementById("nothing-saved");
const said = document.getElementById("removed");
const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });

// Only a story of this site stands on the list, whatever wrote into the browser's storage.
const isStory = ({ path, headline, at }) =>
  /^\/articles\/[\w-]+\/$/.test(path) && typeof headline === "string" && Number.isFinite(at);

function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEY)).filter((entry) => entry && isStory(entry));
  } catch {
    return []; // nothing yet, or nothing can be kept
  }
}

function draw({ path, headline, section, at }) {
  const item = row.cloneNode(true).firstElementChild;
  const [link, saved, name] = ["h2 a", "time", "button .vh"].map((part) => item.querySelector(part));
  link.href = path;
  link.textContent = headline;
  item.querySelector(".crumb").textContent = section ?? "";
  saved.dateTime = new Date(at).toISOString();
  saved.textContent = day.format(at);
  name.textContent = ` “${headline}”`;
  item.querySelector("button").addEventListener("click", () => remove(item, path, headline));
  return item;
}

function show() {
  const stories = kept();
  list.replaceChildren(...stories.map(draw));
  list.hidden = !stories.length;
  empty.hidden = Boolean(stories.length);
}

function remove(item, path, headline) {
  localStorage.setItem(KEY, JSON.stringify(kept().filter((story) => story.path !== path)));
  const place = [...list.children].indexOf(item);
  show();
  said.textContent = `Removed: ${headline}`;
  const next = list.children[Math.min(place, list.children.length - 1)];
  (next?.querySelector("button") ?? document.getElementById("main")).focus();
}

show();
addEventListener("storage", show); // saved or removed in another tab
addEventListener("pageshow", show);
