// Footnotes of the story: a mark with the next free number, its note at the end with the caret in it, and from a
// note back to its mark.

const text = document.querySelector("textarea.story-text");
const replace = (detail) => text.dispatchEvent(new CustomEvent("story:replace", { detail }));

const nextNumber = () => 1 + Math.max(0, ...[...text.value.matchAll(/\[\^(\d{1,4})\]/g)].map((mark) => Number(mark[1])));

// The name of the footnote whose text the caret is in, if it is in one.
const noteAtCaret = () => {
  const before = text.value.slice(0, text.selectionStart);
  const paragraph = before.slice(before.lastIndexOf("\n\n") + 1).trimStart();
  return [...paragraph.matchAll(/^\[\^([^\]\s]+)\]:/gm)].at(-1)?.[1];
};

const backToMark = (name) => {
  const mark = `[^${name}]`;
  let place = text.value.indexOf(mark);
  while (place >= 0 && text.value[place + mark.length] === ":") place = text.value.indexOf(mark, place + 1);
  if (place < 0) return;
  text.setSelectionRange(place + mark.length, place + mark.length);
  text.blur(); // the browser brings the caret into view when the box gets the focus
  text.focus();
};

const add = () => {
  const mark = `[^${nextNumber()}]`;
  const at = text.selectionEnd;
  replace({ from: at, to: at, insert: mark });
  const end = text.value.trimEnd().length;
  replace({ from: end, to: text.value.length, insert: `\n\n${mark}: ` });
};

text.addEventListener("story:command", ({ detail: name }) => {
  if (name !== "footnote") return;
  const note = noteAtCaret();
  if (note) backToMark(note);
  else add();
});
