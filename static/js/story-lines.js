// Headings, quotations and lists in the story: what begins its lines. Enter goes on with a list, and on an empty
// item ends it; Ctrl+] and Ctrl+[ move list items in and out.

const HEADING = /^#{1,6}\s+/;
const QUOTE = /^\s*>\s?/;
const ITEM = /^(\s*)([-*+]|\d+[.)])(\s+)(\[[ xX]\]\s+)?/;
const KINDS = {
  heading: { is: (line) => /^##\s/.test(line), mark: () => "## " },
  subheading: { is: (line) => /^###\s/.test(line), mark: () => "### " },
  quote: { is: (line) => QUOTE.test(line), mark: () => "> " },
  bullets: { is: (line) => /^\s*[-*+]\s/.test(line), mark: () => "- " },
  numbers: { is: (line) => /^\s*\d+[.)]\s/.test(line), mark: (number) => `${number}. ` },
};

const text = document.querySelector("textarea.story-text");
const replace = (detail) => text.dispatchEvent(new CustomEvent("story:replace", { detail }));

const lineStart = (place) => text.value.lastIndexOf("\n", place - 1) + 1;
const lineEnd = (place) => {
  const end = text.value.indexOf("\n", place);
  return end < 0 ? text.value.length : end;
};

// The selected lines, whole. A selection that ends where a line begins does not mean that line.
const selected = () => {
  const { selectionStart: from, selectionEnd: to } = text;
  const last = to > from && text.value[to - 1] === "\n" ? to - 1 : to;
  const [start, end] = [lineStart(from), lineEnd(last)];
  return { from, to, start, end, lines: text.value.slice(start, end).split("\n") };
};

// Writes lines in place of the selected ones, if anything changed; a caret keeps its place in its words.
const rewrite = ({ from, to, start, end, lines }, changed) => {
  const insert = changed.join("\n");
  if (insert === lines.join("\n")) return;
  const caret = Math.max(0, from - start + changed[0].length - lines[0].length);
  replace({ from: start, to: end, insert, select: from === to ? [caret, caret] : [0, insert.length] });
};

const plain = (line, name) => {
  if (name === "quote") return line.replace(QUOTE, "");
  const indent = ITEM.exec(line)?.[1] ?? "";
  return (name.endsWith("heading") ? "" : indent) + line.replace(HEADING, "").replace(ITEM, "");
};

const marked = (line, name, number) => {
  const words = name === "quote" ? line : plain(line, name);
  const indent = name === "quote" || name.endsWith("heading") ? "" : /^\s*/.exec(words)[0];
  return indent + KINDS[name].mark(number) + words.slice(indent.length);
};

const toggle = (name) => {
  const found = selected();
  const filled = found.lines.filter((line) => line.trim());
  const isAll = filled.length > 0 && filled.every(KINDS[name].is);
  let number = 0;
  const changed = found.lines.map((line) => {
    if (!line.trim() && found.lines.length > 1 && name !== "quote") return line;
    if (isAll) return plain(line, name);
    number += 1;
    return marked(line, name, number);
  });
  rewrite(found, changed);
};

const indent = (direction) => {
  const found = selected();
  const changed = found.lines.map((line) => {
    const item = ITEM.exec(line);
    if (!item) return line;
    const width = item[2].length + 1; // what stands inside an item begins below its words
    return direction > 0 ? " ".repeat(width) + line : line.slice(Math.min(width, item[1].length));
  });
  rewrite(found, changed);
};

const isInFence = (place) => (text.value.slice(0, place).match(/^\s*(?:```|~~~)/gm) ?? []).length % 2 === 1;

// What the next line begins with, after one that begins like this; undefined where nothing goes on.
const beginning = (line) => {
  const quote = /^(?:\s*>\s?)+/.exec(line)?.[0] ?? "";
  const item = ITEM.exec(line.slice(quote.length));
  if (!item) return quote ? { whole: quote, next: quote } : undefined;
  const next = /\d/.test(item[2]) ? `${Number.parseInt(item[2], 10) + 1}${item[2].at(-1)}` : item[2];
  return { whole: quote + item[0], next: `${quote}${item[1]}${next}${item[3]}${item[4] ? "[ ] " : ""}` };
};

text.addEventListener("beforeinput", (event) => {
  const { selectionStart: at, selectionEnd } = text;
  if (!["insertLineBreak", "insertParagraph"].includes(event.inputType) || at !== selectionEnd) return;
  const start = lineStart(at);
  const line = text.value.slice(start, lineEnd(at));
  const begun = beginning(line);
  if (!begun || at - start < begun.whole.length || isInFence(start)) return;
  event.preventDefault();
  const isEmpty = !line.slice(begun.whole.length).trim();
  if (isEmpty) replace({ from: start, to: start + line.length, insert: "" });
  else replace({ from: at, to: at, insert: `\n${begun.next}` });
});

text.addEventListener("keydown", (event) => {
  const isBracket = event.key === "]" || event.key === "[";
  if (!isBracket || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
  event.preventDefault();
  indent(event.key === "]" ? 1 : -1);
});

text.addEventListener("story:command", ({ detail: name }) => {
  if (KINDS[name]) toggle(name);
});

text.addEventListener("story:caret", () => {
  const line = text.value.slice(lineStart(text.selectionStart), lineEnd(text.selectionStart));
  for (const [name, kind] of Object.entries(KINDS)) {
    document.querySelector(`[data-command="${name}"]`).setAttribute("aria-pressed", String(kind.is(line)));
  }
});
