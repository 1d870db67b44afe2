// Light or dark, and how large the text is, as this reader chose, kept in the browser.
// A classic script in the head, so that it runs before anything is drawn and no page flashes.
// Without it the colours follow the system and the text the browser, and no control is shown.

(() => {
  // What may be chosen, the usual first, under the name it is kept by: the newsroom's own pages keep the
  // theme under the same name.
  const CHOICES = { theme: ["auto", "light", "dark"], "text-size": ["2", "1", "3", "4"] };
  const PAPER = { light: "#ffffff", dark: "#0f1318" }; // as in the stylesheet, for the browser's own bars
  const root = document.documentElement;
  const chosen = {};

  const load = () => {
    for (const [name, values] of Object.entries(CHOICES)) {
      let kept = chosen[name]; // what this page was told holds if the browser keeps nothing
      try {
        kept = localStorage.getItem(name);
      } catch {}
      chosen[name] = values.includes(kept) ? kept : values[0];
    }
    show();
  };

  const show = () => {
    root.dataset.theme = chosen.theme;
    root.dataset.size = chosen["text-size"];
    for (const meta of document.querySelectorAll("meta[name=theme-color]")) {
      meta.content = PAPER[chosen.theme] ?? PAPER[meta.media.includes("dark") ? "dark" : "light"];
    }
    for (const [name, value] of Object.entries(chosen)) {
      const button = document.querySelector(`#appearance [name="${name}"][value="${value}"]`);
      if (button) button.checked = true;
    }
  };

  const choose = (event) => {
    const { name, value } = event.target;
    if (!event.target.closest("#appearance")) return;
    chosen[name] = value;
    try {
      localStorage.setItem(name, value);
    } catch {} // it holds for this page, then
    show();
  };

  load();
  document.addEventListener("DOMContentLoaded", show);
  document.addEventListener("change", choose);
  addEventListener("storage", load); // chosen in another tab
  addEventListener("pageshow", load); // or while this page was left and kept
})();
