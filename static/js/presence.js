// Tells the newsroom that this form is open, and shows who else has it open.

const desk = document.getElementById("desk");
const form = desk?.closest("form");

if (form) {
  const EVERY = 25_000; // milliseconds
  const line = form.querySelector(".presence");

  const data = (extra = {}) => {
    const body = new FormData();
    for (const name of ["sitting", "csrfmiddlewaretoken"]) body.append(name, form.elements.namedItem(name).value);
    for (const [name, value] of Object.entries(extra)) body.append(name, value);
    return body;
  };

  const call = async () => {
    if (!desk.dataset.presence) return;
    try {
      const response = await fetch(desk.dataset.presence, { method: "POST", body: data() });
      if (!response.ok) return;
      const { others } = await response.json();
      if (line.textContent.trim() !== others) line.textContent = others;
    } catch {
      // No connection: autosave says so.
    }
  };

  setInterval(call, EVERY);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && call());
  form.addEventListener("article:created", call);
  window.addEventListener("pagehide", () => {
    if (desk.dataset.presence) navigator.sendBeacon(desk.dataset.presence, data({ close: "1" }));
  });
}
