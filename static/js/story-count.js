// How long the story is, while it is typed: words and minutes, and the words that are selected.

const DELAY = 100; // milliseconds between two counts
const WORDS_A_MINUTE = 230; // as in pulse/rhythm.py

const text = document.querySelector("textarea.story-text");
const output = document.querySelector(".story-count");

// Near what the server counts: no code, no footnotes, no captions, no addresses.
const read = (markdown) =>
  markdown
    .replace(/^(```|~~~)[^]*?(?:^\1|$(?![^]))/gm, "")
    .replace(/^\[\^[^\]\s]+\]:.*$/gm, "")
    .replace(/\[\^[^\]\s]+\]/g, "")
    .replace(/!\[[^\]]*\]\([^)]*\)/g, "")
    .replace(/\]\([^)\s]*\)/g, "");

const words = (markdown) => read(markdown).match(/\S*[\p{L}\p{N}]\S*/gu)?.length ?? 0;
const named = (number, name) => `${number.toLocaleString("en-GB")} ${name}${number === 1 ? "" : "s"}`;

let total = 0;

const show = () => {
  const { selectionStart: from, selectionEnd: to } = text;
  const selected = from < to ? `, ${named(words(text.value.slice(from, to)), "word")} selected` : "";
  const minutes = Math.max(1, Math.round(total / WORDS_A_MINUTE));
  const line = `${named(total, "word")}, ${minutes} min read${selected}`;
  if (output.textContent !== line) output.textContent = line;
};

const count = () => {
  total = words(text.value);
  show();
};

let timer;
text.addEventListener("input", () => {
  timer ??= setTimeout(() => {
    timer = undefined;
    count();
  }, DELAY);
});
text.addEventListener("story:caret", show);
count();

// The line with the count stays in sight above the form's bar of buttons, where that bar stays in sight too.

const bar = text.form.querySelector(".submit-row");
if (bar) {
  new ResizeObserver(() => {
    const isSticky = getComputedStyle(bar).position === "sticky";
    document.documentElement.style.setProperty("--story-actions", isSticky ? `${bar.offsetHeight}px` : "0px");
  }).observe(bar);
}
