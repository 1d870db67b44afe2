// Shows the results of a search while it is typed. Without it, the form does the same page by page.

const DELAY = 250; // milliseconds after the last key
const SETTLED = 1500; // after which a search without results is one that was meant

const form = document.getElementById("search");
const input = form.elements.q;
const results = document.getElementById("results");
const announced = document.getElementById("announced");
let shown = asked();
let waiting;
let request;

// What the form asks for, without what is empty.
function asked() {
  const given = [...new FormData(form)].map(([name, value]) => [name, value.trim()]);
  return new URLSearchParams(given.filter(([, value]) => value)).toString();
}

function later(delay, isTyping) {
  clearTimeout(waiting);
  waiting = setTimeout(() => search(isTyping), delay);
}

async function search(isTyping) {
  const wanted = asked();
  if (isTyping && wanted === shown) return;
  request?.abort();
  request = new AbortController();
  results.setAttribute("aria-busy", "true");
  try {
    const ends = input.value.endsWith(" ") ? "+" : ""; // a word that is finished is not the beginning of one
    const typed = isTyping ? `${wanted}${wanted && "&"}typing=1` : wanted;
    const address = `${form.dataset.results}?${ends ? typed.replace(/(^|&)q=[^&]*/, "$&+") : typed}`;
    const response = await fetch(address, { signal: request.signal });
    if (!response.ok && response.status !== 429) throw new Error(response.statusText);
    show(await response.text());
    if (response.ok) arrived(wanted, isTyping);
  } catch (error) {
    if (error.name === "AbortError") return;
    announced.textContent = "The search did not get through. Press Search to try again.";
  }
  results.removeAttribute("aria-busy");
}

function arrived(wanted, isTyping) {
  shown = wanted;
  history.replaceState(null, "", wanted ? `${form.action}?${wanted}` : form.action);
  document.title = document.title.replace(/^.*(?= \| )/, input.value.trim() ? `Search: ${input.value.trim()}` : "Search");
  if (isTyping && input.value.trim() && !links().length) later(SETTLED, false);
}

function show(html) {
  results.innerHTML = html;
  const heading = results.querySelector("#found") ?? results.querySelector(".empty h2");
  announced.textContent = heading?.textContent ?? "";
}

function links() {
  return [...results.querySelectorAll("h3 a")];
}

input.addEventListener("input", () => later(DELAY, true));
form.addEventListener("submit", () => clearTimeout(waiting));

// Down from the field to the first result, up and down between them, Escape back to the field.
input.addEventListener("keydown", (event) => {
  if (event.key !== "ArrowDown" || !links().length) return;
  event.preventDefault();
  links()[0].focus();
});
results.addEventListener("keydown", (event) => {
  const place = links().indexOf(document.activeElement);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === "Escape" || (step === -1 && place === 0)) {
    event.preventDefault();
    input.focus();
  } else if (step && place >= 0 && links()[place + step]) {
    event.preventDefault();
    links()[place + step].focus();
  }
});
