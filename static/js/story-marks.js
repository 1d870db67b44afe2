// Bold, italic and code in the story: marks around the selected words, or taken away where they stand.

const MARKS = { bold: ["**", "__"], italic: ["*", "_"], code: ["`"] }; // the first is what we write
const LINE_START = /^\s*(?:(?:[-*+]|\d+[.)]|#{1,6}|>)\s+)*/; // what begins a list item, heading or quotation
const FENCE = "```";

const text = document.querySelector("textarea.story-text");
const replace = (detail) => text.dispatchEvent(new CustomEvent("story:replace", { detail }));

const lineStart = (place) => text.value.lastIndexOf("\n", place - 1) + 1;
const lineEnd = (place) => {
  const end = text.value.indexOf("\n", place);
  return end < 0 ? text.value.length : end;
};

// Of `***both***` one asterisk is the italic mark and two are the bold one.
const holds = (mark, length) => (mark.length === 2 ? length >= 2 : mark === "`" || length === 1 || length >= 3);

// The runs of a mark's sign in the line of a place that can open or close; [from, to] of each.
const runs = (mark, place) => {
  const start = lineStart(place);
  const line = text.value.slice(start, lineEnd(place));
  return [...line.matchAll(new RegExp(`(?<!\\\\)[${mark[0]}]+`, "g"))]
    .filter((run) => holds(mark, run[0].length))
    .filter((run) => /\S/.test((line[run.index - 1] ?? " ") + (line[run.index + run[0].length] ?? " ")))
    .map((run) => [start + run.index, start + run.index + run[0].length]);
};

// The marks that a stretch of one line stands between: { mark, open, close }, or undefined.
const enclosing = (name, [from, to]) => {
  for (const mark of MARKS[name]) {
    const found = runs(mark, from);
    const before = found.filter((run) => run[1] <= from);
    const close = found.find((run) => run[0] >= to);
    const isCrossed = found.some((run) => run[0] >= from && run[1] <= to && from !== to);
    if (before.length % 2 && close && !isCrossed) return { mark, open: before.at(-1)[1] - mark.length, close: close[0] };
  }
  return undefined;
};

// Leaves out marks that were selected together with their words.
const withoutMarks = (name, [from, to]) => {
  const words = text.value.slice(from, to);
  const mark = MARKS[name].find((one) => words.length > 2 * one.length && words.startsWith(one) && words.endsWith(one));
  return mark ? [from + mark.length, to - mark.length] : [from, to];
};

// Of each selected line the words, without what begins it: what marks can be put around.
const stretches = (from, to) => {
  const found = [];
  let start = from;
  for (const line of text.value.slice(from, to).split("\n")) {
    const isWhole = start === lineStart(start);
    const skip = isWhole ? LINE_START.exec(line)[0].length : line.length - line.trimStart().length;
    const words = line.slice(skip).trimEnd();
    if (words) found.push([start + skip, start + skip + words.length]);
    start += line.length + 1;
  }
  return found;
};

// Writes a list of [from, to, words] as one edit, so that one undo takes it back.
const write = (changes, select) => {
  const [start, end] = [changes[0][0], changes.at(-1)[1]];
  let insert = "";
  let done = start;
  for (const [from, to, words] of changes) {
    insert += text.value.slice(done, from) + words;
    done = to;
  }
  replace({ from: start, to: end, insert, select: select && select.map((place) => place - start) });
};

const taken = ({ mark, open, close }) => [
  [open, open + mark.length, ""],
  [close, close + mark.length, ""],
];

const given = (name, [from, to]) => [
  [from, from, MARKS[name][0]],
  [to, to, MARKS[name][0]],
];

const toggleSelection = (name, from, to) => {
  const found = stretches(from, to).map((stretch) => withoutMarks(name, stretch));
  if (!found.length) return;
  const marks = found.map((stretch) => enclosing(name, stretch));
  const isAll = marks.every(Boolean);
  const changes = isAll ? marks.flatMap(taken) : found.filter((_, index) => !marks[index]).flatMap((stretch) => given(name, stretch));
  const added = changes.reduce((sum, change) => sum + change[2].length - (change[1] - change[0]), 0);
  const first = (isAll ? -1 : 1) * (isAll ? marks[0].mark : MARKS[name][0]).length;
  const isOne = found.length === 1;
  write(changes, isOne ? [found[0][0] + first, found[0][1] + first] : [Math.min(from, changes[0][0]), to + added]);
};

const wordAt = (place) => {
  const before = /[\p{L}\p{N}’'-]*$/u.exec(text.value.slice(lineStart(place), place))[0].length;
  const after = /^[\p{L}\p{N}’'-]*/u.exec(text.value.slice(place, lineEnd(place)))[0].length;
  return [place - before, place + after];
};

const toggleAtCaret = (name, at) => {
  const [mark] = MARKS[name];
  const pair = [at - mark.length, at + mark.length];
  const sign = new RegExp(`[${mark[0]}]*$`).exec(text.value.slice(lineStart(at), at))[0].length;
  if (sign && holds(mark, sign) && text.value.slice(...pair) === mark + mark) {
    replace({ from: pair[0], to: pair[1], insert: "" });
    return;
  }
  const around = enclosing(name, [at, at]);
  if (around?.close === at) text.setSelectionRange(at + around.mark.length, at + around.mark.length);
  else if (around) write(taken(around), [at - around.mark.length, at - around.mark.length]);
  else {
    const word = wordAt(at);
    if (word[0] < word[1]) write(given(name, word), [at + mark.length, at + mark.length]);
    else replace({ from: at, to: at, insert: mark + mark, select: [mark.length, mark.length] });
  }
};

// Code of several lines stands between two fences.
const toggleFence = (from, to) => {
  const [start, end] = [lineStart(from), lineEnd(to)];
  const lines = text.value.slice(start, end).split("\n");
  const isFenced = lines.length > 2 && lines[0].startsWith(FENCE) && lines.at(-1).trim() === FENCE;
  const insert = (isFenced ? lines.slice(1, -1) : [FENCE, ...lines, FENCE]).join("\n");
  replace({ from: start, to: end, insert, select: [0, insert.length] });
};

text.addEventListener("story:command", ({ detail: name }) => {
  if (!MARKS[name]) return;
  const { selectionStart: from, selectionEnd: to } = text;
  if (from === to) toggleAtCaret(name, from);
  else if (name === "code" && text.value.slice(from, to).includes("\n")) toggleFence(from, to);
  else toggleSelection(name, from, to);
});

text.addEventListener("story:caret", () => {
  for (const name of Object.keys(MARKS)) {
    const stretch = withoutMarks(name, [text.selectionStart, text.selectionEnd]);
    const isOneLine = lineEnd(stretch[0]) >= stretch[1];
    const button = document.querySelector(`[data-command="${name}"]`);
    button.setAttribute("aria-pressed", String(isOneLine && Boolean(enclosing(name, stretch))));
  }
});
