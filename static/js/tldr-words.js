// Counts the words of the TL;DR while it is typed. Outside the house style is a hint, never an error.

for (const field of document.querySelectorAll("textarea[data-words]")) {
  const [low, high] = field.dataset.words.split(" ").map(Number);
  const output = document.createElement("p");
  output.className = "word-count";
  output.setAttribute("role", "status");
  field.after(output);

  const count = () => {
    const words = field.value.trim().split(/\s+/).filter(Boolean).length;
    const fits = words >= low && words <= high;
    let advice = "in house style";
    if (words < low) advice = `${low - words} short of house style (${low} to ${high})`;
    if (words > high) advice = `${words - high} over house style (${low} to ${high})`;
    output.textContent = `${words} ${words === 1 ? "word" : "words"}, ${advice}`;
    output.classList.toggle("outside", !fits);
  };
  field.addEventListener("input", count);
  count();
}
