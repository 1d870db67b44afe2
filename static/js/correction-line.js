// Shows a correction as readers will see it while it is typed.

const line = document.querySelector(".correction-line");
const form = line?.closest("form");

const show = () => {
  const kind = form.querySelector("input[name=kind]:checked");
  line.querySelector("[data-kind]").textContent = kind?.closest("label").textContent.trim() ?? "";
  line.querySelector("[data-text]").textContent = form.elements.text.value.trim();
};

if (form) {
  form.addEventListener("input", show);
  show();
}
