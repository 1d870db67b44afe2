// The one way in which the other story-*.js change the story: a `story:replace` event on its text box.
//
// detail: { from, to, insert, select, block }. What stands from `from` to `to` is replaced by `insert`, typed
// through the browser so that undo works. `select` is what is selected afterwards, counted from where the
// insertion begins; without it the caret stands behind it. A `block` gets an empty line before and after; if it is
// "below", it does not break the line that the caret is in, but follows it.

const text = document.querySelector("textarea.story-text");

const missingBefore = (before) => (!before.trim() || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n");
const missingAfter = (after) => (after.startsWith("\n\n") ? "" : after.startsWith("\n") ? "\n" : "\n\n");

const type = (from, to, words) => {
  text.focus({ preventScroll: true });
  text.setSelectionRange(from, to);
  if (!words && from === to) return;
  const isTyped = words ? document.execCommand("insertText", false, words) : document.execCommand("delete");
  if (isTyped) return;
  text.setRangeText(words, from, to, "end");
  text.dispatchEvent(new Event("input", { bubbles: true }));
};

text.addEventListener("story:replace", ({ detail }) => {
  const { insert, select, block = false } = detail;
  const isInLine = block === "below" && text.value.slice(0, detail.from).split("\n").at(-1).trim();
  const rest = isInLine ? text.value.slice(detail.to).split("\n", 1)[0].length : 0;
  const [from, to] = rest ? [detail.to + rest, detail.to + rest] : [detail.from, detail.to];
  const lead = block ? missingBefore(text.value.slice(0, from)) : "";
  const tail = block ? missingAfter(text.value.slice(to)) : "";
  type(from, to, lead + insert + tail);
  if (!select) return;
  const start = from + lead.length;
  text.setSelectionRange(start + select[0], start + select[1]);
});

// A dialog takes the caret out of the text; where the browser brings it back to the beginning, it goes on to where
// it was.

let left = [0, 0];
text.addEventListener("blur", () => {
  left = [text.selectionStart, text.selectionEnd];
});
text.addEventListener("focus", () => {
  if (text.selectionEnd === 0) text.setSelectionRange(...left);
});

// The box is as tall as its text. Where the stylesheet cannot do that, it grows here and never shrinks, so that
// nothing jumps.

if (!CSS.supports("field-sizing", "content")) {
  const grow = () => {
    const missing = text.scrollHeight - text.clientHeight;
    if (missing > 0) text.style.blockSize = `${text.offsetHeight + missing}px`;
  };
  text.addEventListener("input", () => requestAnimationFrame(grow));
  grow();
}
