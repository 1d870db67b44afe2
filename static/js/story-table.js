// A table for the story: asks how many columns and rows, and selects the first heading to be typed over.

const text = document.querySelector("textarea.story-text");
const template = document.querySelector('template[data-dialog="table"]');
const dialog = document.body.appendChild(template.content.firstElementChild.cloneNode(true));
const columns = dialog.querySelector("#story-table-columns");
const rows = dialog.querySelector("#story-table-rows");

const row = (cells) => `| ${cells.join(" | ")} |`;

const table = (width, height) => {
  const headings = Array.from({ length: width }, (_, index) => `Column ${index + 1}`);
  const empty = row(headings.map((heading) => " ".repeat(heading.length)));
  const rule = row(headings.map((heading) => "-".repeat(heading.length)));
  return [row(headings), rule, ...Array.from({ length: height }, () => empty)].join("\n");
};

dialog.querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  dialog.close();
  const detail = {
    from: text.selectionEnd,
    to: text.selectionEnd,
    insert: table(columns.valueAsNumber, rows.valueAsNumber),
    select: [2, 2 + "Column 1".length],
    block: "below",
  };
  text.dispatchEvent(new CustomEvent("story:replace", { detail }));
});
dialog.querySelector("[data-cancel]").addEventListener("click", () => dialog.close());
dialog.addEventListener("close", () => text.focus({ preventScroll: true }));

text.addEventListener("story:command", ({ detail: name }) => {
  if (name !== "table") return;
  dialog.showModal();
  columns.select();
});
