// Gives the rows of an ordered inline Move up and Move down buttons in place of their position numbers.

const ROW = ".inline-related[id], tr.form-row[id]";

const visible = (group) => [...group.querySelectorAll(ROW)].filter((row) => !row.classList.contains("empty-form"));

const number = (group) => {
  visible(group).forEach((row, index) => {
    row.querySelector('input[name$="-position"]').value = index;
  });
};

const move = (group, row, step) => {
  const rows = visible(group);
  const other = rows[rows.indexOf(row) + step];
  if (!other) return;
  if (step < 0) other.before(row);
  else other.after(row);
  number(group);
  row.dispatchEvent(new Event("change", { bubbles: true }));
};

const button = (label, group, row, step) => {
  const element = document.createElement("button");
  element.type = "button";
  element.className = "button row-move";
  element.textContent = label;
  element.addEventListener("click", () => {
    move(group, row, step);
    element.focus();
  });
  return element;
};

const equip = (group, row) => {
  const position = row.querySelector('input[name$="-position"]');
  if (!position || row.classList.contains("empty-form") || position.dataset.equipped) return;
  position.dataset.equipped = "yes";
  position.type = "hidden";
  for (const label of row.querySelectorAll(`label[for="${position.id}"]`)) label.hidden = true;
  position.after(button("Move up", group, row, -1), button("Move down", group, row, 1));
};

for (const group of document.querySelectorAll(".inline-group")) {
  if (!group.querySelector('input[name$="-position"]')) continue;
  for (const row of group.querySelectorAll(ROW)) equip(group, row);
  number(group);
  group.addEventListener("formset:added", (event) => {
    equip(group, event.target);
    number(group);
    // After Django has made its search boxes: where the row is to be filled in.
    const first = ".select2-selection, input:not([type=hidden]), textarea";
    setTimeout(() => event.target.querySelector(first)?.focus());
  });
}
