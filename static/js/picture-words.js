// Saves a picture's words where it is shown, without leaving the page: forms of the class picture-words.

const save = async (form) => {
  const state = form.querySelector(".words-state");
  const button = form.querySelector("button");
  const alt = form.elements.namedItem("alt");
  button.disabled = true;
  state.classList.remove("is-error");
  state.textContent = "Saving";
  const fail = (sentence) => {
    state.classList.add("is-error");
    state.textContent = sentence;
    alt.setAttribute("aria-invalid", "true");
  };
  try {
    const response = await fetch(form.action, {
      method: "POST",
      headers: { Accept: "application/json" },
      body: new FormData(form),
    });
    const isJson = response.headers.get("Content-Type")?.includes("json");
    const answer = isJson ? await response.json() : {};
    if (response.ok && isJson) {
      alt.removeAttribute("aria-invalid");
      state.textContent = "Saved";
      const title = form.closest("li")?.querySelector("[data-title]");
      if (title) title.textContent = answer.title;
      const summary = form.closest("details")?.querySelector("summary");
      if (summary) summary.textContent = "Described";
    } else {
      fail(answer.error ?? "Not saved. Sign in again in another tab, then save once more.");
    }
  } catch {
    fail("Not saved: no connection. Your words are still here.");
  }
  button.disabled = false;
};

document.addEventListener("submit", (event) => {
  if (!event.target.matches("form.picture-words")) return;
  event.preventDefault();
  save(event.target);
});
