// Adds a term to the Technical Briefing, or takes one out, when another part of the form asks for it:
//   form.dispatchEvent(new CustomEvent("briefing:add", { detail: { id, text } }))
//   form.dispatchEvent(new CustomEvent("briefing:remove", { detail: { id } }))

const group = document.getElementById("briefing-group");
const form = group?.closest("form");

const rows = () => [...group.querySelectorAll(".dynamic-briefing, .has_original")];
const choice = (row) => row.querySelector('select[name$="-term"]');
const removal = (row) => row.querySelector('input[name$="-DELETE"]');
const rowOf = (id) => rows().find((row) => choice(row)?.value === String(id));

const changed = (field) => field.dispatchEvent(new Event("change", { bubbles: true }));

const tick = (box, isTicked) => {
  if (!box || box.checked === isTicked) return;
  box.checked = isTicked;
  changed(box);
};

const emptyRow = () => {
  const empty = rows().find((row) => choice(row) && !choice(row).value && !removal(row)?.checked);
  if (empty) return empty;
  group.querySelector("a.addlink").click(); // Django adds the row, at the end
  return rows().at(-1);
};

// A new row takes the focus, for whoever wants to fill it in. Here it is filled already: give the focus back.
const quietly = (act) => {
  const before = document.activeElement;
  const [x, y] = [scrollX, scrollY];
  act();
  setTimeout(() => {
    before?.focus?.({ preventScroll: true });
    scrollTo({ left: x, top: y, behavior: "instant" });
  });
};

const add = ({ id, text }) => {
  const there = rowOf(id);
  if (there) return tick(removal(there), false);
  return quietly(() => {
    const select = choice(emptyRow());
    select.append(new Option(text, id, true, true));
    changed(select);
  });
};

const remove = ({ id }) => {
  const row = rowOf(id);
  const link = row?.querySelector("a.inline-deletelink"); // on rows that are not stored yet
  if (link) link.click();
  else if (row) tick(removal(row), true);
};

if (form) {
  form.addEventListener("briefing:add", (event) => add(event.detail));
  form.addEventListener("briefing:remove", (event) => remove(event.detail));
}
