// Gives back text that a crash, a lost connection or an ended session kept from being saved. It was kept in
// this browser by autosave.js; the server puts it together with what was stored since.

const desk = document.getElementById("desk");
const form = desk?.closest("form");

if (form) {
  const panel = form.querySelector(".recovered");
  const PREFIX = `pulse:draft:${desk.dataset.article || "new"}:`;
  const ORPHANED = 20_000; // milliseconds: a window that is still open renews its copy sooner
  const TOO_OLD = 30 * 24 * 3_600_000;
  const TEXTS = { headline: "Headline", kicker: "Kicker", dek: "Standfirst", tldr: "The Pulse TL;DR", body: "Story" };

  const read = (key) => {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  };

  const value = (copy, name) => copy.fields.find(([field]) => field === name)?.[1] ?? "";
  const same = (one, other) => one.replace(/\r\n/g, "\n").trim() === other.replace(/\r\n/g, "\n").trim();

  const copies = () => {
    const found = [];
    for (const key of Object.keys(localStorage)) {
      if (!key.startsWith("pulse:draft:")) continue;
      const copy = read(key);
      if (!copy?.fields || Date.now() - copy.at > TOO_OLD) localStorage.removeItem(key);
      else if (key.startsWith(PREFIX) && !key.endsWith(form.elements.namedItem("sitting").value)) found.push({ key, ...copy });
    }
    return found.sort((one, other) => other.at - one.at);
  };

  // The server knows the number of the last save it took from a window: what it has is not offered.
  const hasArrived = async (copy) => {
    const response = await fetch(desk.dataset.sitting + value(copy, "sitting") + "/");
    return response.ok && (await response.json()).sequence >= Number(value(copy, "sequence"));
  };

  const isOpen = async (copy) => {
    if (!navigator.locks) return Date.now() - copy.at < ORPHANED;
    const { held } = await navigator.locks.query();
    return held.some((lock) => lock.name === `pulse:${value(copy, "sitting")}`);
  };

  const offer = async () => {
    panel.hidden = true;
    for (const copy of copies()) {
      if (await isOpen(copy)) continue;
      if (await hasArrived(copy).catch(() => false)) {
        localStorage.removeItem(copy.key);
        continue;
      }
      show(copy);
      return;
    }
  };

  const show = (copy) => {
    const when = new Date(copy.at).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
    panel.querySelector(".recovered-when").textContent =
      `Something you typed here until ${when} did not reach the server: the window was closed or the connection was lost.`;
    const list = panel.querySelector(".recovered-text");
    list.replaceChildren();
    for (const [name, label] of Object.entries(TEXTS)) {
      const text = value(copy, name);
      if (!text || same(text, form.elements.namedItem(name)?.value ?? "")) continue;
      const heading = document.createElement("h3");
      heading.textContent = label;
      const box = document.createElement("pre");
      box.tabIndex = 0;
      box.textContent = text;
      list.append(heading, box);
    }
    panel.querySelector("[data-take]").onclick = () => take(copy);
    panel.querySelector("[data-drop]").onclick = () => {
      localStorage.removeItem(copy.key);
      offer();
    };
    panel.hidden = false;
  };

  const take = async (copy) => {
    const data = new FormData();
    for (const [name, text] of copy.fields) data.append(name, text);
    data.set("sequence", "");
    data.set("csrfmiddlewaretoken", form.elements.namedItem("csrfmiddlewaretoken").value);
    try {
      const response = await fetch(desk.dataset.autosave, { method: "POST", body: data });
      if (response.ok) {
        localStorage.removeItem(copy.key);
        location.assign((await response.json()).address);
      } else if (response.status === 409) {
        decide(data);
      } else if (response.status === 401) {
        document.dispatchEvent(new CustomEvent("pulse:signed-out"));
      } else {
        complain((await response.json().catch(() => ({}))).error ?? "The server had a fault.");
      }
    } catch {
      complain("The connection failed.");
    }
  };

  const complain = (why) => {
    panel.querySelector(".recovered-when").textContent = `Not put into the draft: ${why} The text is still here; look at it below.`;
    panel.querySelector("details").open = true;
  };

  // Somebody changed the same text since: the ordinary page of two versions decides.
  const decide = (data) => {
    const whole = document.createElement("form");
    whole.method = "post";
    whole.action = form.action || location.href;
    for (const [name, text] of [...data, ["_save", "1"]]) {
      const input = document.createElement("textarea");
      input.name = name;
      input.value = text;
      input.hidden = true;
      whole.append(input);
    }
    document.body.append(whole);
    whole.submit();
  };

  offer();
}
