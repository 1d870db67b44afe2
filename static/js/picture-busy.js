// Says that the server is at work while a form is on its way, and keeps it from being sent twice: any form that
// holds a line with data-busy.

for (const state of document.querySelectorAll("[data-busy]")) {
  const form = state.closest("form");
  let isSent = false;
  form.addEventListener("submit", (event) => {
    if (isSent) event.preventDefault();
    isSent = true;
    form.classList.add("is-busy");
    state.textContent = state.dataset.busy;
  });
  addEventListener("pageshow", () => {
    isSent = false;
    form.classList.remove("is-busy");
    state.textContent = "";
  });
}
