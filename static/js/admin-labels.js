// Gives names to the controls that Django's admin leaves without one, for readers who do not see the page.

const nameOf = (field) => {
  const label = document.querySelector(`label[for="${CSS.escape(field.id)}"]`);
  if (label) return label.textContent.trim().replace(/:$/, "");
  const cell = field.closest("td");
  const header = cell?.closest("table")?.querySelectorAll("thead th")[cell.cellIndex];
  return header?.textContent.trim() ?? "";
};

const label = (element, text) => {
  if (text && !element.getAttribute("aria-label")) element.setAttribute("aria-label", text);
};

const rowName = (field) => field.closest("tr")?.querySelector("th, .original p")?.textContent.trim() ?? "";

const labelAll = () => {
  for (const select of document.querySelectorAll("select.select2-hidden-accessible")) {
    const box = select.nextElementSibling;
    if (!box) continue;
    for (const part of box.querySelectorAll("[role=combobox], [role=textbox], .select2-search__field")) label(part, nameOf(select));
    // The list of chosen entries holds a button too, which a list may not: name it a group instead.
    box.querySelector("ul.select2-selection__rendered")?.setAttribute("role", "group");
    for (const entry of box.querySelectorAll("ul.select2-selection__rendered > li")) entry.setAttribute("role", "none");
  }
  for (const field of document.querySelectorAll(".select2-dropdown .select2-search__field")) label(field, "Search");
  for (const box of document.querySelectorAll('input[type=checkbox][name$="-DELETE"]')) {
    label(box, `Remove ${rowName(box)}`.trim());
  }
  for (const field of document.querySelectorAll("#result_list tbody input:not([type=hidden], .action-select)")) {
    label(field, `${nameOf(field)} of ${rowName(field)}`);
  }
  for (const header of document.querySelectorAll(".inline-group th:empty")) {
    const text = document.createElement("span");
    text.className = "visually-hidden";
    text.textContent = "Row";
    header.append(text);
  }
  const search = document.getElementById("searchbar");
  if (search) label(search, "Search");
};

let waiting = false;
new MutationObserver(() => {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    labelAll();
  });
}).observe(document.body, { childList: true, subtree: true });
labelAll();
