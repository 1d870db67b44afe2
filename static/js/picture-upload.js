// Pictures dropped on the library: each is sent by itself, with its progress, and then asks for its words.

const AT_ONCE = 2; // one is on its way while the sizes of another are made
const SENDING = 90; // percent of the bar; the rest is making the sizes

const equip = (panel) => {
  const input = panel.querySelector("input[type=file]");
  const list = panel.querySelector(".drop-list");
  const announce = panel.querySelector("[data-announce]");
  const token = panel.querySelector("input[name=csrfmiddlewaretoken]").value;
  const words = panel.querySelector("template[data-words-form]"); // there for those who may change pictures
  const waiting = [];
  let busy = 0;
  panel.hidden = false;

  const line = (file) => {
    const item = panel.querySelector("template[data-item]").content.cloneNode(true).firstElementChild;
    item.querySelector(".drop-name").textContent = file.name;
    list.hidden = false;
    list.append(item);
    const bar = item.querySelector("progress");
    bar.setAttribute("aria-label", file.name);
    return {
      item,
      bar,
      say: (sentence) => {
        item.querySelector("[data-state]").textContent = sentence;
      },
    };
  };

  const refuse = ({ item, bar, say }, sentence, again) => {
    item.classList.add("is-refused");
    bar.remove();
    say(sentence);
    announce.textContent = `${item.querySelector(".drop-name").textContent}: ${sentence}`;
    if (!again) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.textContent = "Send again";
    button.addEventListener("click", () => {
      item.remove();
      take([again]);
    });
    item.querySelector("[data-words]").append(button);
  };

  const ask = (item, answer) => {
    const form = words.content.cloneNode(true).firstElementChild;
    form.setAttribute("action", answer.describe);
    for (const field of form.querySelectorAll("[id]")) {
      form.querySelector(`label[for="${field.id}"]`).htmlFor = `${field.id}_${answer.id}`;
      field.id += `_${answer.id}`;
    }
    item.querySelector("[data-words]").append(form);
  };

  const show = ({ item, bar, say }, answer) => {
    const name = item.querySelector(".drop-name");
    const link = document.createElement("a");
    link.href = answer.change;
    link.dataset.title = "";
    link.textContent = answer.title || name.textContent;
    name.replaceChildren(link);
    const picture = new Image(answer.width, answer.height);
    picture.src = answer.thumbnail;
    picture.alt = "";
    item.querySelector(".drop-thumb").append(picture);
    bar.remove();
    say(answer.is_new ? `Added, ${answer.width} × ${answer.height}` : "Already in the library");
    item.classList.add(answer.is_new ? "is-added" : "is-known");
    announce.textContent = `${link.textContent}: ${answer.is_new ? "added" : "already in the library"}`;
    if (words && answer.lacks_alt && !list.querySelector(`#id_new_alt_${answer.id}`)) ask(item, answer);
  };

  const send = (file, shown) =>
    new Promise((resolve) => {
      const request = new XMLHttpRequest();
      const data = new FormData();
      data.append("image", file);
      data.append("csrfmiddlewaretoken", token);
      request.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable) shown.bar.value = (SENDING * event.loaded) / event.total;
        shown.say("Sending");
      });
      request.upload.addEventListener("load", () => {
        shown.bar.value = SENDING;
        shown.say("Making sizes");
      });
      request.addEventListener("loadend", () => {
        let answer = null;
        try {
          answer = JSON.parse(request.responseText);
        } catch {
          // Not ours: a page of the server in front, or nothing at all.
        }
        if (request.status === 429) {
          const seconds = Number(request.getResponseHeader("Retry-After")) || 60;
          shown.bar.value = 0;
          shown.say(`Many at once: goes on in ${seconds} s`);
          setTimeout(() => send(file, shown).then(resolve), seconds * 1000);
          return;
        }
        if (request.status === 200 && answer) show(shown, answer);
        else if (answer?.error) refuse(shown, answer.error, request.status >= 500 && file);
        else if (request.status === 413) refuse(shown, "This file is larger than the server takes. Save it smaller.");
        else refuse(shown, "The picture did not reach the server.", file);
        resolve();
      });
      request.open("POST", panel.dataset.uploadUrl);
      request.send(data);
    });

  const go = async () => {
    if (busy >= AT_ONCE || !waiting.length) return;
    busy += 1;
    await send(...waiting.shift());
    busy -= 1;
    go();
  };

  const take = (files) => {
    for (const file of files) {
      const shown = line(file);
      shown.say("Waiting");
      waiting.push([file, shown]);
      go();
    }
  };

  input.addEventListener("change", () => {
    take([...input.files]);
    input.value = ""; // so that the same file can be chosen again
  });

  const holdsFiles = (event) => event.dataTransfer?.types.includes("Files");
  document.addEventListener("dragover", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    panel.classList.add("is-over");
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) panel.classList.remove("is-over");
  });
  document.addEventListener("drop", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    panel.classList.remove("is-over");
    take([...event.dataTransfer.files]);
  });

  // Leaving now would lose what is on its way.
  addEventListener("beforeunload", (event) => {
    if (busy) event.preventDefault();
  });
};

document.querySelectorAll(".drop[data-upload-url]").forEach(equip);
