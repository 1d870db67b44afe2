// Copies the address of a link: a button with data-copy="<id of its field>".
// Without this script the buttons stay hidden, and the address is there to select.

const SAID_FOR = 2000; // milliseconds

const copy = async (field) => {
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    field.select(); // over plain HTTP there is no clipboard to write to
    return document.execCommand("copy");
  }
};

for (const button of document.querySelectorAll("button[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  const name = button.textContent;
  let timer;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const said = (await copy(field)) ? "Copied" : "Press Ctrl+C";
    const status = document.getElementById("copied");
    button.textContent = said;
    if (status) status.textContent = said;
    clearTimeout(timer);
    timer = setTimeout(() => {
      button.textContent = name;
      if (status) status.textContent = "";
    }, SAID_FOR);
  });
  field.addEventListener("focus", () => field.select());
}
