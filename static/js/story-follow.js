// The preview scrolls along: the block of the text in the middle of the screen is in the middle of the preview.

const text = document.querySelector("textarea.story-text");
const frame = document.querySelector("iframe.story-preview");

const SIGN = 9; // pixels, about, that a letter takes in the text box

// Of each block of the text, how many lines it takes: near enough, and nothing has to be laid out for it.
const linesOfBlocks = (markdown) => {
  const signs = Math.max(20, text.clientWidth / SIGN);
  return markdown
    .replace(/^(```|~~~)[^]*?^\1/gm, (fence) => fence.replace(/\n\n+/g, "\n"))
    .replace(/\n\n+(?=\s*(?:[-*+]|\d+[.)])\s)/g, "\n")
    .split(/\n\s*\n/)
    .filter((block) => block.trim() && !/^\[\^[^\]]+\]:/.test(block))
    .map((block) => 1 + block.split("\n").reduce((sum, line) => sum + Math.ceil((line.length + 1) / signs), 0));
};

let known; // the text that was measured last, and its blocks
let blocks = [];
const measured = () => {
  if (known !== text.value) {
    known = text.value;
    blocks = linesOfBlocks(known);
  }
  return blocks;
};

// Where a share of the text is in the preview, in pixels from its top.
const placeOf = (share, prose) => {
  const shown = [...prose.children].filter((block) => !block.matches(".footnotes"));
  const lines = measured();
  const scrolled = frame.contentWindow.scrollY;
  const whole = prose.getBoundingClientRect();
  if (!shown.length || shown.length !== lines.length) return scrolled + whole.top + share * whole.height;
  let left = share * lines.reduce((sum, block) => sum + block, 0);
  let index = 0;
  while (index < lines.length - 1 && left > lines[index]) {
    left -= lines[index];
    index += 1;
  }
  const box = shown[index].getBoundingClientRect();
  return scrolled + box.top + Math.min(1, left / lines[index]) * box.height;
};

const share = () => {
  const isAtEnd = document.activeElement === text && text.selectionStart === text.value.length;
  const box = text.getBoundingClientRect();
  const middle = (innerHeight / 2 - box.top) / box.height;
  return isAtEnd && middle > 0 ? Math.min(1, Math.max(middle, 1)) : middle;
};

const follow = () => {
  const prose = frame.checkVisibility?.() !== false && frame.contentDocument?.querySelector("#story .prose");
  if (!prose) return;
  const at = share();
  const view = frame.contentWindow;
  if (at < 0) view.scrollTo(0, 0);
  else if (at > 1) view.scrollTo(0, frame.contentDocument.documentElement.scrollHeight);
  else view.scrollTo(0, placeOf(at, prose) - view.innerHeight / 2);
};

let isWaiting = false;
const soon = () => {
  if (isWaiting) return;
  isWaiting = true;
  requestAnimationFrame(() => {
    isWaiting = false;
    follow();
  });
};
addEventListener("scroll", soon, { passive: true });
frame.addEventListener("story:drawn", soon);
